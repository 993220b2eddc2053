# ruff: noqa: E501 - tables read best in one line
"""A table is of relations by its heads, or by what stands over it; else its dates are of other things."""

from collections.abc import Callable

import pytest

from azds.ingest.extract import extract
from azds.ingest.readers import read_document
from azds.ingest.source import read_source
from azds.ingest.splitting import split
from azds.records import Relation

Rows = list[list[str]]


def _wikitext(over: str, heads: list[str], rows: Rows) -> str:
    lines = "\n".join("|-\n| " + " || ".join(row) for row in rows)
    return f"Fiji is a state.\n\n{over}\n{{|\n! {' !! '.join(heads)}\n{lines}\n|}}\n"


def _html(over: str, heads: list[str], rows: Rows) -> str:
    lines = "".join(f"<tr><td>{'</td><td>'.join(row)}</td></tr>" for row in rows)
    level = f"<h2>{over.strip('= ')}</h2>" if over else ""
    return (
        f'<div class="mw-parser-output"><p>Fiji is a state.</p>{level}'
        f"<table><tr><th>{'</th><th>'.join(heads)}</th></tr>{lines}</table></div>"
    )


def _markdown(over: str, heads: list[str], rows: Rows) -> str:
    lines = "\n".join("| " + " | ".join(row) + " |" for row in [heads, ["---"] * len(heads), *rows])
    level = f"## {over.strip('= ')}\n\n" if over else ""
    return f"Fiji is a state.\n\n{level}{lines}\n"


FORMS: dict[str, Callable[[str, list[str], Rows], str]] = {
    "wikitext": _wikitext,
    "html": _html,
    "markdown": _markdown,
}


def relations(text: str, form: str) -> dict[str, tuple[str, str | None]]:
    rows = extract(text.encode(), subject="FJI", style=form).tables["relations"]
    return {
        row.counterpart: (row.status, str(row.began) if row.began else None)
        for row in rows
        if isinstance(row, Relation)
    }


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(
    ("over", "heads", "row"),
    [
        ("== Membership ==", ["Organization", "Application date", "Admission date"], ["NATO", "4 May 2009", "5 June 2017"]),
        ("== Bodies ==", ["Organization", "Date"], ["NATO", "4 May 2009"]),
        ("== State visits ==", ["Date", "Country", "Location"], ["3 May 2010", "Togo", "Lomé"]),
        ("== State visits ==", ["#", "Country", "Date"], ["1", "Togo", "3 May 2010"]),
        ("== Journeys ==", ["Country", "Date", "Companions"], ["Togo", "3 May 2010", "x"]),
        ("== Trade agreements ==", ["Country", "Date", "Status"], ["Togo", "3 May 2010", "x"]),
        ("== Visa-free travel ==", ["Country", "Since", "Remarks"], ["Togo", "3 May 2010", "x"]),
        ("== Envoys ==", ["Country", "Since", "Ambassador"], ["Togo", "3 May 2010", "x"]),
        ("== Opinion ==", ["Country", "Much trust", "Little trust"], ["Togo", "40", "60"]),
        ("== Goods ==", ["Country", "Exports", "Imports"], ["Togo", "40", "60"]),
        ("== Papers ==", ["Country", "Signed", "Entered into force"], ["Togo", "3 May 2010", "2011"]),
        ("== Independence ==", ["#", "Country", "Date of recognition"], ["1", "Togo", "3 May 2010"]),
        ("== Recognition of Fiji ==", ["#", "Country", "Date"], ["1", "Togo", "3 May 2010"]),
        ("== Missions ==", ["Country", "Embassy", "Notes"], ["Togo", "Lomé", "x"]),
        ("== Taxes ==", ["Country", "Date of signing", "Notes"], ["Togo", "3 May 2010", "x"]),
        ("== Envoys ==", ["Country", "Date of credentials", "Notes"], ["Togo", "3 May 2010", "x"]),
        ("== Envoys ==", ["Country", "Term began", "Term ended"], ["Togo", "3 May 2010", "2014"]),
        ("== Diplomatic relations ==", ["Country", "Ambassador", "Since"], ["Togo", "Mr Moon", "3 May 2010"]),
        ("== War ==", ["Country", "Date of declaration of war", "Notes"], ["Togo", "3 May 2010", "x"]),
        ("== Fijians abroad ==", ["Country", "Number", "Notes"], ["Togo", "300", "x"]),
        ("== Bilateral relations ==", ["Country", "Date", "Event"], ["Togo", "3 May 2010", "x"]),
        ("== Students ==", ["Rank", "Country"], ["1", "Togo"]),
        ("== Bodies ==", ["Organization", "Established", "Headquarters"], ["NATO", "4 May 2009", "x"]),
    ],
    ids=lambda value: value.strip("= ") if isinstance(value, str) else ",".join(value),
)  # fmt: skip
def test_a_table_about_something_else_tells_no_relations(
    form: str, over: str, heads: list[str], row: list[str]
) -> None:
    assert relations(FORMS[form](over, heads, [row, ["", *row[1:]]]), form) == {}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(
    ("over", "heads", "row", "told"),
    [
        ("== State visits ==", ["Country", "Formal Relations Began", "Notes"], ["Togo", "1970", "x"], "1970"),
        ("== Africa ==", ["State", "Formal relations began on", "Notes"], ["Togo", "1970", "x"], "1970"),
        ("== Africa ==", ["Region", "(re)established", "Notes"], ["Togo", "1970", "x"], "1970"),
        ("== Africa ==", ["Country", "Begun or resumed", "Notes"], ["Togo", "1970", "x"], "1970"),
        ("== Africa ==", ["Country", "Since", "Notes"], ["Togo", "1970", "x"], "1970"),
        ("== Africa ==", ["Country", "Date", "Region", "Ref."], ["Togo", "1970", "x", ""], "1970"),
        ("== Bodies ==", ["Organization", "Relations began", "Notes"], ["Togo", "1970", "x"], "1970"),
        ("== Africa ==", ["Country", "Relations established", "Embassy"], ["Togo", "1970", "x"], "1970"),
        ("== Diplomatic relations ==", ["", "Country", "Date"], ["1", "Togo", "1970"], "1970"),
        ("", ["#", "Country", "Date"], ["1", "Togo", "1970"], "1970"),
        ("", ["S/N", "Country or organization", "Date"], ["1", "Togo", "1970"], "1970"),
        ("== Africa ==", ["Country", "Formal an", "Notes"], ["Togo", "3 May 1970", "x"], "1970-05-03"),
        ("== Africa ==", ["Sl. No.", "Country", "Date"], ["1", "Togo", "1970"], "1970"),
        ("== Africa ==", ["Country", "Date", "Capital", "Reference(s)"], ["Togo", "1970", "x", ""], "1970"),
        ("== UN member states ==", ["#", "Country", "Date"], ["1", "Togo", "1970"], "1970"),
        ("== Non-members of the United Nations ==", ["#", "Country", "Date"], ["1", "Togo", "1970"], "1970"),
        ("== Since independence ==", ["#", "Country", "Date"], ["1", "Togo", "1970"], "1970"),
        ("== Diplomatic relations ==", ["#", "Country", "Date", "Embassy"], ["1", "Togo", "1970", "x"], "1970"),
        ("== Diplomatic relations ==", ["Country", "Date established", "Ambassador"], ["Togo", "1970", "x"], "1970"),
        ("== Bilateral relations ==", ["Country", "Recognition", "Date"], ["Togo", "1960", "1970"], "1970"),
        ("== Africa ==", ["Country", "Date of recognition", "Notes"], ["Togo", "1970", "x"], None),
        ("== Africa ==", ["Country", "Notes"], ["Togo", "x"], None),
    ],
)  # fmt: skip
def test_a_table_of_relations_is_known_by_its_heads(
    form: str, over: str, heads: list[str], row: list[str], told: str | None
) -> None:
    status = "established" if told else "not_given"
    assert relations(FORMS[form](over, heads, [row]), form) == {"TGO": (status, told)}


def test_a_state_that_only_recognized_has_no_relations_yet() -> None:
    heads = ["#", "Country", "Recognition of Fiji", "Establishment of diplomatic relations"]
    rows = [["1", "Togo", "1970", "1971"], ["2", "Chad", "1972", ""]]
    assert relations(_wikitext("", heads, rows), "wikitext") == {"TGO": ("established", "1971")}


def test_the_line_over_a_list_speaks_before_the_heading() -> None:
    over = "== Recognition ==\nFiji has diplomatic relations with:"
    assert relations(_wikitext(over, ["#", "Country", "Date"], [["1", "Togo", "1970"]]), "wikitext")


@pytest.mark.parametrize(
    "pointer",
    ["{{Main|List of diplomatic missions of Fiji}}", "''Further information: [[Visas of Fiji]]''"],
)
def test_a_pointer_over_a_list_tells_nothing_of_it(pointer: str) -> None:
    over = f"== Africa ==\n{pointer}"
    text = _wikitext(over, ["#", "Country", "Date"], [["1", "Togo", "1970"]])
    assert relations(text, "wikitext") == {"TGO": ("established", "1970")}


def test_a_caption_tells_what_a_table_is_about() -> None:
    text = _wikitext("== Africa ==", ["#", "Country", "Date"], [["1", "Togo", "1970"]])
    assert relations(text.replace("{|", "{|\n|+ State visits"), "wikitext") == {}
    assert relations(text.replace("{|", "{|\n! colspan=3 | Visits\n|-"), "wikitext") == {}


def test_notes_in_such_a_table_are_read_all_the_same() -> None:
    notes = "Fiji and Togo established diplomatic relations in 1970."
    text = _wikitext("", ["Country", "Embassy", "Notes"], [["Togo", "Lomé", notes]])
    assert relations(text, "wikitext") == {"TGO": ("established", "1970")}


def test_rows_about_something_else_do_not_make_the_list_complete() -> None:
    rows = [
        [str(n), name, "1970"] for n, name in enumerate(["Togo", "Chad", "Mali", "Peru", "Cuba"])
    ]
    text = _wikitext("== State visits ==", ["#", "Country", "Date"], rows).encode()
    assert extract(text, subject="FJI", style="wikitext").coverage["relations"].level == "partial"


def test_a_table_that_the_line_over_it_explains_is_not_split() -> None:
    rows = [[str(n), "Togo", "x" * 400] for n in range(20)]
    table = _wikitext("", ["#", "Country", "Date"], rows).partition("\n\n")[2]
    assert len(split(f"== Recognition ==\n{table}")) > 1
    assert len(split(f"== Recognition ==\nFiji has diplomatic relations with:\n{table}")) == 1


@pytest.mark.parametrize(
    ("form", "text"),
    [
        ("cell-lines", "Country\n\nDate\n\nPurpose\n\nTogo\n\n3 May 2010\n\nTalks\n"),
        ("cell-lines", "State visits[edit]\n#CountryDate\n1Togo3 May 2010\n2Chad4 May 2011\n"),
        ("html-text", "Country Since Ambassador\n\xa0Togo 3 May 2010 Mr Moon\n"),
        ("html-text", "State visits\n\nCountry Date Notes\n\xa0Togo 3 May 2010 Talks\n"),
    ],
    ids=["heads", "heading", "one-line", "heading-over"],
)
def test_forms_that_lost_the_table_are_judged_alike(form: str, text: str) -> None:
    assert relations(f"Foreign relations\n\nFiji is a state.\n\n{text}", form) == {}


def test_a_header_knows_its_cells_and_what_stands_over_them() -> None:
    text = _wikitext("", ["Country", "Date"], [["Togo", "1970"]]).replace("{|", "{|\n! Map\n|-")
    document = read_document(read_source(text.encode()), "wikitext")
    [head] = document.of_kind("head")
    assert [(cell.column, document.words(cell)) for cell in head.cells] == [
        ("caption", "Map"), ("head", "Country"), ("head", "Date"),
    ]  # fmt: skip
