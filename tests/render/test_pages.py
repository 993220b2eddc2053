"""The other pages: what they say, and what they leave out where there is nothing to say."""

import re
from pathlib import Path

import pytest
from tests.checks.making import manifest
from tests.dataset.making import CITY, cities, dataset

from azds.render.page import to_text
from azds.render.pages import (
    build_page,
    findings_page,
    history_page,
    log_page,
    quote_page,
    schema_page,
    series_page,
    snapshot_page,
    table_page,
)
from azds.store import StagedRevision
from azds.store.manifest import Correction, Headline

POINT: dict[str, object] = {
    "revision": "a",
    "value": 5,
    "scope": "countries",
    "includes": [],
    "alongside": [],
    "also_stated": [],
    "implied_un_members": None,
    "note": None,
}
PASSAGE: dict[str, object] = {
    "column": "",
    "start": 3,
    "end": 9,
    "place": "prose",
    "section": "",
    "markers": [],
    "words": None,
    "context": None,
}


def test_a_log_without_revisions_says_what_to_do() -> None:
    assert to_text(log_page("things", [], {}, ())) == (
        "things: no title, 0 revisions\n"
        "nothing was committed yet: see `azds build --help` and `azds commit --help`\n"
    )


def test_a_log_shows_what_is_known_and_a_dash_for_the_rest() -> None:
    bare = manifest("a", date=None, has_source=False)
    lines = to_text(log_page("things", [bare], {"a": 2}, ())).splitlines()
    assert lines[0] == "things: no title, 1 revision"
    assert lines[2].split() == ["a", "undated,", "position", "declared", "–", "0", "0", "2", "–"]


def test_a_revision_is_shown_with_its_headline_and_corrections(tmp_path: Path) -> None:
    corrections = (
        Correction("City", "x", "people", 5, None, "a slip"),
        Correction("City", "y", "", None, None, "no city"),
    )
    staged = StagedRevision(
        "a",
        cities({"x": {}}),
        date="1992",
        headline=(Headline("cities", 1, "all_of_them"),),
        corrections=corrections,
    )
    told = to_text(snapshot_page(dataset(tmp_path / "store", staged)["a"].manifest))
    assert told == (
        "things a (1992)\n"
        "cities: 1 all of them\n"
        "  table  rows  coverage  places  columns absent  reason\n"
        "  City      1  complete  –       –               –\n"
        "corrected: City x: people 5 → – (a slip)\n"
        "corrected: City y: left out (no city)\n"
    )


def test_a_table_is_shown_without_its_place_columns_and_with_numbers_to_the_right() -> None:
    row = {"id": "x", "people": 5, "tags": [], "founded": None, "name": "X", "page": 1}
    assert to_text(table_page("City of a", CITY, [row], 3, "")) == (
        "City of a: 3 rows\n"
        "  id  people  tags  founded  name\n"
        "  x        5  –     –        X\n"
        "  … 2 more\n"
    )


def test_a_series_of_one_unit_has_no_warning() -> None:
    other = POINT | {"revision": "b", "value": None, "scope": None}
    told = to_text(series_page("some_measure", [POINT, other], {"a": "1992", "b": "1993"}))
    assert told.splitlines()[0] == "some measure"
    assert "none designated" in told
    assert "different things" not in told
    assert "declared" not in told


def test_a_series_names_the_entities_behind_their_ids() -> None:
    point = POINT | {"includes": ["VAT"], "alongside": ["Q458"]}
    told = to_text(series_page("m", [point], {"a": "1992"}))
    assert "Q458 is European Union, VAT is Vatican City\n" in told


@pytest.mark.parametrize("context", ["the line", None])
def test_a_quote_shows_words_and_their_line_where_the_source_is_at_hand(
    context: str | None,
) -> None:
    passage = PASSAGE | {"context": context, "words": context and "line", "markers": [3, 4]}
    quote = {"passages": [passage], "citation": "a book", "caveat": "a doubt"}
    told = to_text(quote_page("City x in a", quote))
    assert ("“the line”\n" in told) == bool(context)
    assert ("give it with --sources" in told) == (not context)
    assert "  the row  3:9   prose  –        [3] [4]" in told
    assert "cite as: a book\ncaveat: a doubt\n" in told


def test_a_quote_without_doubts_has_no_caveat() -> None:
    quote = {"passages": [PASSAGE], "citation": "a book", "caveat": ""}
    assert "caveat" not in to_text(quote_page("City x in a", quote))


def test_a_history_never_speaks_of_time_between_undated_revisions() -> None:
    entry: dict[str, object] = {
        "revision": "b",
        "date": None,
        "coverage": "partial",
        "row": None,
        "change": "",
        "cells": {},
    }
    told = to_text(history_page("City x", [entry], CITY))
    assert not {"since", "until", "rose"} & set(told.split())
    assert "undated  partial   not stated" in told


def test_no_findings_are_told_in_one_line() -> None:
    assert to_text(findings_page("things", [])) == "things: 0 findings\n"


def test_a_finding_of_no_table_stands_nowhere() -> None:
    one = {"code": "c", "revision": "", "table": "", "key": "", "message": "m"}
    assert to_text(findings_page("things", [one])).splitlines()[2].split() == ["c", "–", "–", "m"]


def test_a_build_tells_rows_by_table() -> None:
    built = {
        "commit": 3,
        "folders": {"a": "a@2"},
        "rows": {"a": {"City": 1234}, "b": {"City": 0}},
        "corrections": {"a": 1, "b": 0},
    }
    assert to_text(build_page("things", built)) == (
        "things: commit 3\n"
        "  revision  folder      City  corrections\n"
        "  a         a@2        1,234            1\n"
        "  b         unchanged      0            0\n"
    )


def test_a_schema_is_shown_column_by_column() -> None:
    column = {"name": "id", "type": "string", "role": "key", "nullable": False, "description": "D."}
    told = to_text(schema_page({"table": "City", "version": 2, "columns": [column]}))
    assert told.startswith("City, version 2\n")
    assert told.splitlines()[2].split() == ["id", "string", "key", "no", "D."]


def test_revisions_between_which_nothing_changed_share_a_line_in_a_history() -> None:
    def entry(number: int, change: str) -> dict[str, object]:
        return {
            "revision": f"r{number:02}",
            "date": f"2020-01-{number:02}",
            "coverage": "complete",
            "change": change,
            "cells": {},
            "row": {"city": "x", "people": number // 8},
        }

    entries = [
        entry(n, {1: "first", 8: "changed"}.get(n, "equal" if n != 11 else ""))
        for n in range(1, 12)
    ]
    told = to_text(history_page("City x", entries, CITY)).splitlines()[2:]
    lines = [re.sub(r"  +", "|", line.strip()) for line in told]
    assert [line.split("|")[0] for line in lines] == [
        "r01",
        "r02 … r07",
        "r08",
        "r09",
        "r10",
        "r11",
    ]
    assert "2020-01-02 … 2020-01-07|complete|equal, 6 revisions" in lines[1]
