"""Each code of `azds verify` has a damaged store that shows it, and nothing else is said of it."""

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.faults.damages import DAMAGES
from tests.faults.forging import Forged, patched_store, sound_store
from tests.faults.make_fixtures import EXPECTED, FIXTURES, make

from azds.errors import AzdsError
from azds.store import CODES, StoreFolder, open_store, verify

RIGHT = {"a": {"BAK": 2, "SUM": 3}, "b": {"BAK": 1}, "c": {"BAK": 2, "GAN": 5}}
FORGED = ("content-", "key-", "manifest-", "patch-", "record-")


def test_every_code_has_a_fixture_and_every_fixture_a_code() -> None:
    assert {path.name for path in FIXTURES.iterdir()} == set(CODES) == set(DAMAGES)
    assert list(CODES) == sorted(CODES)
    for code, damage in DAMAGES.items():
        assert code in {said for said, _, _ in damage.says}


def opened(code: str, tmp_path: Path) -> tuple[StoreFolder, dict[str, Any]]:
    """A copy of a fixture, with what git cannot keep."""
    expected: dict[str, Any] = json.loads((FIXTURES / code / EXPECTED).read_bytes())
    shutil.copytree(FIXTURES / code / "store", tmp_path / "store")
    for folder in expected["empty folders"]:
        (tmp_path / "store" / folder).mkdir()
    return StoreFolder(tmp_path / "store"), expected


def refuse(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.open

    def opening(path: Path, flags: int, mode: int = 0o777) -> int:
        if Path(path).as_posix().endswith(name):
            raise PermissionError(13, "Permission denied")
        return real(path, flags, mode)

    monkeypatch.setattr("azds.store.port.os.open", opening)


@pytest.mark.parametrize("code", DAMAGES)
def test_a_fault_is_reported_under_its_code_and_nothing_else_is(
    tmp_path: Path, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, expected = opened(code, tmp_path)
    if expected["refused by the system"]:
        refuse(expected["refused by the system"], monkeypatch)
    for key, quick in (("faults", False), ("quick", True)):
        if expected["refused by the system"] and quick:
            continue  # its size can be told without opening it
        found = verify(store, "cities", quick=quick)
        assert [[f.code, f.file, f.revision] for f in found] == expected[key]
        assert all(f.message and "\n" not in f.message for f in found)


@pytest.mark.parametrize("code", DAMAGES)
def test_a_damaged_store_is_read_right_or_refused_with_a_typed_error(
    tmp_path: Path, code: str
) -> None:
    """What a forger made agree in all digests may be read as the forger wrote it."""
    opened(code, tmp_path)
    try:
        reader = open_store(tmp_path / "store").dataset("cities")
        labels = [manifest.label for manifest in reader.revisions()]
    except AzdsError:
        return
    for label in labels:
        try:
            table = reader.read_table(label, "City")
        except AzdsError:
            continue
        if not code.startswith(FORGED):
            rows = table.to_pylist()
            assert {row["id"]: row["people"] for row in rows} == RIGHT[label]


@pytest.mark.parametrize("code", DAMAGES)
def test_a_fixture_is_what_its_script_makes(tmp_path: Path, code: str) -> None:
    """Files and what is said of them; the bytes of tables follow the version of pyarrow."""
    make(code, tmp_path / code)

    def listed(folder: Path) -> list[str]:
        return sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file())

    assert listed(tmp_path / code) == listed(FIXTURES / code)
    assert (tmp_path / code / EXPECTED).read_bytes() == (FIXTURES / code / EXPECTED).read_bytes()


@pytest.mark.parametrize("begins", [sound_store, patched_store], ids=["whole", "patched"])
def test_the_store_that_is_damaged_is_sound(
    tmp_path: Path, begins: Callable[[Path], Forged]
) -> None:
    sound = begins(tmp_path / "store")
    assert verify(StoreFolder(sound.store), "cities") == []
    sound.relink()
    assert verify(StoreFolder(sound.store), "cities") == []
