"""What was released is told from what was not: each file, the listing, the record, the rows."""

import hashlib
import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pytest
from tests.release.making import Maker, cities, tampered

from azds.errors import NotFoundError
from azds.release.build import Built
from azds.release.encoding import parquet_bytes
from azds.release.rebuild import rebuild
from azds.release.refused import ReleaseDamagedError
from azds.release.sums import parse_sums
from azds.release.verify import verify_release


@pytest.fixture
def built(maker: Maker) -> Built:
    """A release of two revisions."""
    return maker.commit("1").commit("2", cities({"baku": 1})).build()


def _resum(folder: Path) -> None:
    """Write the sums anew, as a forger would."""
    lines = [
        f"{hashlib.sha256((folder / path).read_bytes()).hexdigest()}  {path}\n"
        for path in sorted(parse_sums((folder / "SHA256SUMS").read_bytes(), ""))
    ]
    (folder / "SHA256SUMS").write_text("".join(lines), encoding="utf-8", newline="")


def test_a_release_verifies_with_coreutils_and_with_azds(built: Built) -> None:
    found = verify_release(built.path)
    assert found.faults == ()
    [command] = found.commands
    assert subprocess.run(command, shell=True, cwd=built.path, check=False).returncode == 0  # noqa: S602 - as printed


def test_every_file_counts(built: Built, tmp_path: Path) -> None:
    for number, path in enumerate(sorted(built.contents.files)):
        if path in {"SHA256SUMS", "release.json"}:
            continue
        copy = tampered(built.path, tmp_path / str(number), path)
        faults = verify_release(copy).faults
        assert len(faults) == 1, path
        assert path in faults[0]


def test_a_changed_record_is_refused_at_once(built: Built, tmp_path: Path) -> None:
    with pytest.raises(ReleaseDamagedError, match="not what was released"):
        verify_release(tampered(built.path, tmp_path, "release.json"))


def test_a_changed_sum_is_a_changed_file(built: Built) -> None:
    path = built.path / "SHA256SUMS"
    data = path.read_bytes()
    path.write_bytes((b"1" if data[:1] == b"0" else b"0") + data[1:])
    [first, *_] = verify_release(built.path).faults
    assert "ATTRIBUTION.md" in first


def test_files_that_nobody_listed_are_named(built: Built) -> None:
    (built.path / "data" / "more.parquet").write_bytes(b"")
    assert "is not in SHA256SUMS" in verify_release(built.path).faults[0]


def test_a_link_in_a_release_is_refused(built: Built, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    shutil.move(built.path / "README.md", outside)
    (built.path / "README.md").symlink_to(outside)
    with pytest.raises(ReleaseDamagedError, match="a link"):
        verify_release(built.path)


def test_a_changed_cell_with_new_sums_breaks_the_record(built: Built) -> None:
    path = built.path / "data/city/city_1.parquet"
    path.write_bytes(parquet_bytes(cities({"baku": 9, "ganja": 335, "sumgait": 350})))
    _resum(built.path)
    faults = verify_release(built.path).faults
    assert any("different digests" in fault for fault in faults)


def test_a_changed_cell_with_a_new_record_breaks_the_content_digest(built: Built) -> None:
    path = built.path / "data/city/city_1.parquet"
    path.write_bytes(parquet_bytes(cities({"baku": 9, "ganja": 335, "sumgait": 350})))
    record = json.loads((built.path / "release.json").read_bytes())
    for one in record["files"]:
        data = (built.path / one["path"]).read_bytes()
        one |= {"bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}
    (built.path / "release.json").write_bytes(json.dumps(record).encode())
    _resum(built.path)
    [fault] = verify_release(built.path).faults
    assert "these rows are not what the record says" in fault


_PATHS: dict[str, Callable[[str], str]] = {
    "upwards": lambda line: line[:66] + "../x",
    "absolute": lambda line: line[:66] + "/etc/passwd",
    "backslash": lambda line: line[:66] + "a\\b",
    "current folder": lambda line: line[:66] + "./a",
    "hidden": lambda line: line[:66] + ".git/config",
    "twice": lambda line: f"{line}\n{line}",
    "binary": lambda line: line.replace("  ", " *"),
    "short": lambda line: line[1:],
    "itself": lambda line: line[:66] + "SHA256SUMS",
}


@pytest.mark.parametrize("case", _PATHS)
def test_sums_that_point_elsewhere_are_refused(case: str) -> None:
    line = f"{'0' * 64}  a"
    assert dict(parse_sums(f"{line}\n".encode(), "")) == {"a": "0" * 64}
    with pytest.raises(ReleaseDamagedError):
        parse_sums(f"{_PATHS[case](line)}\n".encode(), "")


def test_what_is_no_release_is_told(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match="no release"):
        verify_release(tmp_path)


def test_a_new_build_is_the_same_or_its_first_byte_is_named(built: Built, maker: Maker) -> None:
    assert rebuild(built.path, maker.dataset, None) is None
    maker.commit("2", cities({"baku": 2}))
    difference = rebuild(built.path, maker.dataset, None)
    assert difference is not None
    assert difference.startswith("data/city/city_2.parquet: byte ")


def test_a_second_release_is_built_again_from_the_first(built: Built, maker: Maker) -> None:
    maker.commit("3", cities({"baku": 3}))
    second = maker.build(previous=built)
    assert rebuild(second.path, maker.dataset, built.path) is None
    with pytest.raises(NotFoundError, match="--previous"):
        rebuild(second.path, maker.dataset, None)


def test_rows_that_are_no_parquet_are_told_in_one_line(built: Built) -> None:
    path = built.path / "data/city/city_1.parquet"
    path.write_bytes(b"PAR1" + b"\xff" * 64 + b"PAR1")
    _resum(built.path)
    assert verify_release(built.path).faults
    assert isinstance(cities(), pa.Table)
