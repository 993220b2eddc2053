"""The version follows from what changed: one test for each row of the published conventions."""

from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pytest
from tests.release.making import Maker, cities

from azds.release.bump import RULES, Bump, Reason, Side, compute_bump
from azds.release.refused import ReleaseRefusedError
from azds.release.version import Version

Change = Callable[[Maker], object]

CHANGES: dict[str, tuple[Change, str, tuple[str, str, str]]] = {
    "a new revision": (
        lambda maker: maker.commit("2", cities({"baku": 9})),
        "revision-added",
        ("minor", "minor", "minor"),
    ),
    "a new table": (
        lambda maker: maker.dataset.commit(
            "1", {"city": cities(), "river": pa.table({"id": ["kura"]})}, key="id"
        ),
        "table-added",
        ("minor", "minor", "minor"),
    ),
    "rows added": (
        lambda maker: maker.commit(
            "1", cities({"baku": 2_300, "ganja": 335, "sumgait": 350, "x": 1})
        ),
        "rows-added",
        ("minor", "major", "major"),
    ),
    "a value corrected": (
        lambda maker: maker.commit("1", cities({"baku": 1, "ganja": 335, "sumgait": 350})),
        "values-corrected",
        ("patch", "major", "major"),
    ),
    "rows removed": (
        lambda maker: maker.commit("1", cities({"baku": 2_300})),
        "rows-removed",
        ("major", "major", "major"),
    ),
    "a table removed": (
        lambda maker: maker.dataset.commit("1", {"other": cities()}, key="id"),
        "table-removed",
        ("major", "major", "major"),
    ),
    "a column added": (
        lambda maker: maker.commit("1", cities(None, area=[1, 2, 3])),
        "column-added",
        ("major", "minor", "major"),
    ),
}


@pytest.mark.parametrize("name", CHANGES)
def test_each_change_asks_for_the_larger_of_both_conventions(maker: Maker, name: str) -> None:
    change, rule, levels = CHANGES[name]
    first = maker.commit("1").build()
    change(maker)
    second = maker.build(previous=first)
    bump = second.contents.bump
    assert rule in {one.rule for one in bump.reasons}
    [reason] = {one.rule: one for one in bump.reasons if one.rule == rule}.values()
    assert reason.levels == levels
    assert second.contents.version == Version(1, 0, 0).raised(bump.chosen)
    assert bump.to_document()["chosen"] == bump.chosen


def test_the_rules_are_never_below_either_convention() -> None:
    order = ["none", "patch", "minor", "major"]
    for frictionless, croissant, azds in RULES.values():
        assert order.index(azds) >= max(order.index(frictionless), order.index(croissant))


def _sides(maker: Maker, **new: object) -> tuple[Side, Side]:
    snapshots = tuple(maker.dataset[label] for label in maker.dataset)
    at = {("city", "1"): "data/city/city_1.parquet"}
    old = Side(snapshots, frozenset({"1"}), at, {("city", "1"): "a"}, {"title": "Cities"})
    parts = {name: getattr(old, name) for name in Side.__slots__} | new
    return old, Side(**parts)


@pytest.mark.parametrize(
    ("new", "rule"),
    [
        ({"sha256": {("city", "1"): "b"}}, "bytes-rewritten"),
        ({"words": {"title": "Towns"}}, "wording-changed"),
        ({"paths": {("city", "1"): "data/city_1.parquet"}}, "path-moved"),
        ({"snapshots": (), "held": frozenset()}, "revision-removed"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_no_change_of_rows_counts_too(
    maker: Maker, new: dict[str, object], rule: str
) -> None:
    maker.commit("1")
    old, other = _sides(maker, **new)
    if rule == "revision-removed":
        other = Side((old.snapshots[0],), frozenset(), {}, {}, old.words)
        snapshots = tuple(maker.commit("2").dataset[label] for label in ("2",))
        other = Side(snapshots, frozenset({"2"}), {}, {}, old.words)
    assert rule in {one.rule for one in compute_bump(old, other).reasons}


def test_a_person_may_raise_the_version_and_never_lower_it(maker: Maker) -> None:
    first = maker.commit("1").build()
    maker.commit("2", cities({"baku": 9}))
    for version in ("1.0.1", "1.0.0", "0.9.0"):
        with pytest.raises(ReleaseRefusedError, match=r"expected 1\.1\.0 or higher") as refused:
            maker.build(previous=first, version=version)
        assert refused.value.kind == "release-version"
    raised = maker.build(previous=first, version="2.0.0")
    assert raised.contents.version == Version(2, 0, 0)
    assert [path.name for path in sorted(maker.out.iterdir())] == ["cities-1.0.0", "cities-2.0.0"]


def test_where_nothing_changed_there_is_nothing_to_release(maker: Maker, tmp_path: Path) -> None:
    first = maker.commit("1").build()
    with pytest.raises(ReleaseRefusedError, match=r"nothing changed since 1\.0\.0"):
        maker.build(previous=first, out=tmp_path / "more")


def test_a_key_that_changed_is_told_as_one(maker: Maker) -> None:
    maker.commit("1")
    old, _ = _sides(maker)
    store = Maker(maker.folder / "other")
    store.dataset.commit("1", {"city": cities()}, key=["id", "population"])
    new = Side((store.dataset["1"],), frozenset({"1"}), old.paths, old.sha256, old.words)
    assert {"key-changed"} <= {one.rule for one in compute_bump(old, new).reasons}


def test_a_reason_tells_its_rows_and_their_keys() -> None:
    reason = Reason("rows-added", "1 city", 7, ("a", "b"))
    assert str(reason) == "1 city: rows added inside a published revision (7 rows: a, b ...)"
    assert Bump((reason,)).frictionless == "minor"
