"""No clock decides anything: not the order of revisions, nor who waits, nor what gc takes."""

import itertools
import os
import time
from pathlib import Path

import pytest
from tests.faults.operations import littered, new_cities, old_cities
from tests.faults.reading import held, stored_files

from azds.store import StoreFolder, verify
from azds.store.gc import collect

YEARS = 20 * 365 * 86_400
SKEWS = {"20 years back": [-YEARS], "20 years on": [YEARS], "to and fro": [YEARS, -YEARS, 0]}


def history(path: Path) -> tuple[dict[str, bytes], int]:
    """The files after two commits and a gc, and how many leftovers that took."""
    littered(path)
    new_cities(path)
    return stored_files(path), len(collect(StoreFolder(path), "cities", whole=True))


@pytest.mark.parametrize("skew", SKEWS)
def test_the_same_files_come_of_any_clock(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, skew: str
) -> None:
    expected = history(tmp_path / "now")
    steps, real, real_ns = itertools.cycle(SKEWS[skew]), time.time, time.time_ns
    with monkeypatch.context() as patch:
        patch.setattr(time, "time", lambda: real() + next(steps))
        patch.setattr(time, "time_ns", lambda: real_ns() + next(steps) * 10**9)
        assert history(tmp_path / "then") == expected


@pytest.mark.parametrize("skew", [-YEARS, YEARS])
def test_the_times_of_files_mean_nothing(tmp_path: Path, skew: int) -> None:
    """As of a copy, an archive, or a machine whose clock was wrong."""
    for path in (tmp_path / "as is", tmp_path / "aged"):
        old_cities(path)
    aged = [path for path in sorted((tmp_path / "aged").rglob("*")) if path.is_file()]
    for place, path in enumerate(aged):  # the last first, and all far from now
        when = time.time() + skew - place
        os.utime(path, (when, when))
    for path in (tmp_path / "as is", tmp_path / "aged"):
        littered_files = path / "cities" / "tmp" / "0f"
        littered_files.mkdir(parents=True)
        (littered_files / "City.parquet").write_bytes(b"half")
        os.utime(littered_files / "City.parquet", (time.time() + skew,) * 2)
        new_cities(path)
        collect(StoreFolder(path), "cities")
        assert verify(StoreFolder(path), "cities") == []
    assert held(tmp_path / "aged", "cities") == held(tmp_path / "as is", "cities")
    assert stored_files(tmp_path / "aged") == stored_files(tmp_path / "as is")
