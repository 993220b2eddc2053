"""Opening: releases as stores, stores as ever, and nothing heavy for those who open a store."""

import subprocess
import sys
from pathlib import Path

import pytest
from tests.release.making import Maker, cities

from azds.errors import AzdsError, FormatError, InvalidInputError
from azds.release.opening import diff_releases, open_any


def test_a_store_opens_as_ever(maker: Maker, tmp_path: Path) -> None:
    maker.commit("1")
    assert open_any(maker.store.path).path == maker.store.path
    assert open_any().is_shipped
    with pytest.raises(FormatError, match="no azds store"):
        open_any(tmp_path)


def test_a_store_opens_without_what_releases_need() -> None:
    code = (
        "import sys; from azds.release.opening import open_any; open_any()['foreign-relations'];"
        "sys.exit(' '.join({'pyarrow', 'pydantic', 'jinja2'} & {*sys.modules}) or None)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False)  # noqa: S603 - our own program
    assert (done.returncode, done.stderr) == (0, b"")


def test_a_release_is_converted_once(maker: Maker, own_cache: Path) -> None:
    built = maker.commit("1").build()
    first = open_any(built.path)
    [home] = (own_cache / "stores").iterdir()
    assert first.path == home
    assert open_any(str(built.path)).path == home
    assert first["cities"]["1"]["city"]["baku"] == {"id": "baku", "population": 2_300}


def test_releases_of_two_datasets_are_not_compared(maker: Maker, tmp_path: Path) -> None:
    first = maker.commit("1").build()
    second = maker.commit("2", cities({"baku": 1})).build(previous=first)
    assert diff_releases(first.path, second.path)["city"].counts()["removed"] == 2
    other = tmp_path / "other"
    (other / "x").mkdir(parents=True)
    with pytest.raises(AzdsError, match="no release"):
        diff_releases(first.path, other)


def test_diffs_of_other_datasets_are_refused(maker: Maker, tmp_path: Path) -> None:
    import azds
    from azds.release.build import build_release
    from azds.release.contents import Request

    first = maker.commit("1").build()
    declared = {"history_unknown": "the copy does not give the title"}
    request = Request("2026-11-22", ("all",), declared=declared)
    war = build_release(azds.open()["war-reactions"], tmp_path / "war", request)
    with pytest.raises(InvalidInputError, match="different datasets"):
        diff_releases(first.path, war.path)
