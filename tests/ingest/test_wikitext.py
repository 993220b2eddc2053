# ruff: noqa: E501 - markup reads best in one line
"""Wikitext: what cells, templates and lists say, in the ways in which people write them."""

import pytest

from azds.ingest.extract import Extraction, extract
from azds.ingest.readers import read_document, sniff
from azds.ingest.source import read_source
from azds.ingest.wikitext.pairs import find_pairs
from azds.ingest.wikitext.templates import shown
from azds.records import Relation


def read(text: str) -> Extraction:
    return extract(("Fiji is a state.\n\n" + text).encode(), subject="FJI", style="wikitext")


def relations(text: str) -> dict[str, Relation]:
    return {
        row.counterpart: row for row in read(text).tables["relations"] if isinstance(row, Relation)
    }


def began(found: dict[str, Relation]) -> dict[str, str | None]:
    return {key: str(row.began) if row.began else None for key, row in found.items()}


def listed(*cells: str) -> Relation:
    """The one relation of a numbered list with one row."""
    row = "\n|".join(cells)
    text = f'{{|\n! colspan="3" |[[File:A.svg]]\n|-\n!#\n!Country\n!Date\n|-\n|1\n|{row}\n|}}\n'
    [one] = relations(text).values()
    return one


@pytest.mark.parametrize(
    ("cell", "counterpart"),
    [
        ("{{flag|Japan}}", "JPN"),
        ("{{Flag |Japan }}<ref>x</ref>", "JPN"),
        ("{{flag|Afghanistan|2013}}", "AFG"),
        ("{{flagcountry|Republic of China|name=Taiwan}}", "TWN"),
        ("{{#invoke:flag||Chad|state}}", "TCD"),
        ("{{flagicon|USA}} [[United States]]", "USA"),
        ("{{flagicon image|Order.svg}} [[Sovereign Military Order of Malta]]", "Q190353"),
        ("[[File:Flag of Cuba.svg|23px]] [[Cuba]]", "CUB"),
        ("[[Cuba|Republic of Cuba]]", "CUB"),
        ("{{KOS}}", "Q1246"),
        ("{{flag|GER}}", "DEU"),
        ("'''{{flag|Spain}}'''", "ESP"),
        ("{{nowrap|{{flag|Mali}}}}", "MLI"),
        ("{{flag|Georgia}}<!-- the country -->", "GEO"),
        ("{{flag|Gabon}}{{efn|a note}}", "GAB"),
        ("{{flag|Italy}}<br />{{small|(re-established)}}", "ITA"),
        ("{{flag|Burma}}", "MMR"),
    ],
)  # fmt: skip
def test_a_cell_names_its_country(cell: str, counterpart: str) -> None:
    assert listed(cell, "1990").counterpart == counterpart


@pytest.mark.parametrize(
    ("cell", "first", "also"),
    [
        ("{{dts|5 June 1992}}", "1992-06-05", ()),
        ("{{Date table sorting|5 June 1992|format=dmy}}<ref name=a />", "1992-06-05", ()),
        ("{{DTS|format=dmy|1992|6|5}}", "1992-06-05", ()),
        ("{{dts|1992|June|5}}", "1992-06-05", ()),
        ("{{ dts | 1992-06 }}", "1992-06", ()),
        ("{{start date|1992|6|5|df=y}}", "1992-06-05", ()),
        ("{{nowrap|{{dts|June 5, 1992}}}}", "1992-06-05", ()),
        ("{{sort|1992-06-05|5 June 1992}}", "1992-06-05", ()),
        ("5 May 1995{{dts|}}", "1995-05-05", ()),
        ("{{dts|format=dmy|}}", None, ()),
        ("Before {{dts|1982}}", "../1982", ()),
        ("{{#dateformat:5 June 1992|mdy}}", "1992-06-05", ()),
        ("{{ #formatdate: 1992-06-05 }}", "1992-06-05", ()),
        ("Unknown (before June 2006)", "../2006-06", ()),
        ("3 March 1993 or before", "../1993-03-03", ()),
        ("{{dts|1970}}s", "197X", ()),
        ("1991; 1992", "1991", ("1992",)),
        ("1921-01-26, 1991-08-26", "1921-01-26", ("1991-08-26",)),
        ("1951–1953", "1951/1953", ()),
        ("{{dts|3 March 1980}} (suspended 1990–1995)", "1980-03-03", ()),
        ("3 March 1980, severed 1990, restored 1995", "1980-03-03", ()),
        ("Sept. 1999", "1999-09", ()),
        ("07/09/1992", None, ()),
        ("Unknown", None, ()),
        ("{{N/A}}", None, ()),
        ('<span style="display:none">1992</span>5 June 1992', "1992-06-05", ()),
        ("2 April 1992{{citation needed|date=May 2020}}", "1992-04-02", ()),
    ],
)  # fmt: skip
def test_a_cell_of_dates_is_read(cell: str, first: str | None, also: tuple[str, ...]) -> None:
    one = listed("{{flag|Japan}}", cell)
    assert (str(one.began) if one.began else None) == first
    assert tuple(str(date) for date in one.began_also) == also
    assert one.status == "established"


@pytest.mark.parametrize(
    "cell", ["{{flag|North Korea}} (suspended)", "{{flag|DPRK}} <small>(relations severed)</small>"]
)
def test_a_row_marked_as_suspended_is_a_relation_that_ended(cell: str) -> None:
    one = listed(cell, "{{dts|27 December 1974}}")
    assert (one.counterpart, one.status, str(one.began)) == ("PRK", "none", "1974-12-27")


def test_cells_stand_in_one_line_or_one_a_line_and_may_have_attributes() -> None:
    found = relations(
        '{| class="wikitable"\n!\n! style="width:15%;" | Country\n! Date<ref>x</ref>\n'
        "|- valign=top\n| align=center | 1 || {{flag|Japan}} || 1970 || one too many\n"
        '|--valign="top"\n| 2\n| style="x" | {{flag|Chad}}\n|{{dts|1971}}\n|}'
    )
    assert {key: str(row.began) for key, row in found.items()} == {"JPN": "1970", "TCD": "1971"}


def test_a_table_of_a_region_has_notes_that_belong_to_the_row() -> None:
    found = relations(
        "=== Africa ===\n{|\n! Country !! Formal relations<br>began !! Notes\n"
        "|- valign=top\n|{{flag|Kenya}}||<!-- Start date -->1990||See [[Fiji–Kenya relations]]\n"
        "Both countries established diplomatic relations on 4 May 1990.\n* Kenya has an embassy in [[Suva]].\n"
        "|-\n| rowspan=2 | {{flag|Chile}} || 1960 || a\n|-\n| 1961 || b\n"
        "|-\n| {{flag|Egypt}} / {{flag|Syria}} || 1962 || c\n|}"
    )
    kenya = found["KEN"]
    assert (str(kenya.began), [str(date) for date in kenya.began_also]) == ("1990", ["1990-05-04"])
    assert kenya.see_also == ("Fiji–Kenya relations",)
    assert {key: str(row.began) for key, row in found.items() if key != "KEN"} == {
        "CHL": "1960", "EGY": "1962", "SYR": "1962",
    }  # fmt: skip


def test_a_multilateral_table_lists_bodies() -> None:
    found = relations(
        "{|\n! Organization !! Formal Relations Began\n|-\n|[[NATO]]||2001\n|-\n|{{flag|European Union}}||\n|}"
    )
    assert {key: row.status for key, row in found.items()} == {
        "NATO": "established",
        "Q458": "not_given",
    }


def test_the_numbered_list_speaks_before_a_table_of_a_region() -> None:
    region = "{|\n! Country !! Relations began\n|-\n|{{flag|Japan}}||1 May 1971\n|}\n"
    whole = "{|\n!#\n!Country\n!Date\n|-\n|1\n|{{flag|Japan}}\n|2 May 1970\n|}\n"
    one = relations(region + whole)["JPN"]
    assert (str(one.began), [str(date) for date in one.began_also]) == (
        "1970-05-02",
        ["1971-05-01"],
    )


@pytest.mark.parametrize(
    ("heading", "items", "status"),
    [
        ("== Countries without diplomatic relations ==", "* {{flag|Peru}}\n* {{flag|Cuba}}", "none"),
        ("Fiji does not have diplomatic relations with the following countries:", "* {{flag|Peru}}, {{flag|Cuba}}", "none"),
        ("Fiji has diplomatic relations with the following countries:", "* {{flag|Peru}} / {{flag|Cuba}}", "established"),
        ("== No relations ==", "{|\n! Country !! Notes\n|-\n|{{flag|Peru}}||x\n|-\n|{{flag|Cuba}}||x\n|}", "none"),
    ],
    ids=["heading", "denied", "listed", "table"],
)  # fmt: skip
def test_a_list_says_what_the_words_over_it_say(heading: str, items: str, status: str) -> None:
    found = relations(f"{heading}\n{items}\n")
    assert {key: row.status for key, row in found.items()} == {"PER": status, "CUB": status}


def test_a_date_behind_a_name_in_a_list_is_when_relations_began() -> None:
    lines = "* {{flag|Peru}} (12 May 1992)\n* {{flagicon|AUS}} [[Australia]] – 3 June 1970\n* [[Japan]]: 1970<ref>x</ref>"
    found = relations(f"Fiji has diplomatic relations with the following countries:\n{lines}\n")
    assert began(found) == {
        "PER": "1992-05-12", "AUS": "1970-06-03", "JPN": "1970",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("sentence", "value", "scope"),
    [
        ("Fiji has diplomatic relations with 182<ref>x</ref> UN member states.", 182, "un_members"),
        (
            "Fiji has [[diplomacy|diplomatic relations]] with one hundred and two states.",
            102,
            "states",
        ),
        ("Fiji has official relations with 60 countries.", 60, "countries"),
        ("In total, 153 countries have diplomatic relations with Fiji.", 153, "countries"),
        (
            "Fiji has diplomatic relations with 190 of the 193 member states of the United Nations.",
            190,
            "un_members",
        ),
        ("Fiji had formal diplomatic relations with 102 countries as of 2012.", 102, "countries"),
        ("{|\n|+ Fiji has diplomatic relations with 9 states\n! A\n|}", 9, "states"),
        (
            "Fiji maintains diplomatic ties with 9 of the other 192 UN member-states.",
            9,
            "un_members",
        ),
    ],
)
def test_a_count_is_read_with_its_scope(sentence: str, value: int, scope: str) -> None:
    [count] = [row.model_dump() for row in read(sentence).tables["counts"]]
    assert (count["value"], count["scope"]) == (value, scope)


@pytest.mark.parametrize(
    "sentence",
    [
        "Fiji has diplomatic relations with more than half of the 193 member states.",
        "Fiji has diplomatic relations with 44 countries in Africa.",
        "In total, 153 countries have diplomatic relations with Tonga.",
        "Neither of the nations have established diplomatic relations with 12 countries.",
        "Citizens of Fiji can visit 90 countries without a visa.",
        "Fiji has agreed to establish diplomatic relations with 5 states.",
        "Fiji has resumed diplomatic relations with 5 states.",
        "Fiji hosts embassies of 20 countries with which it has diplomatic relations.",
    ],
)
def test_numbers_of_anything_else_are_no_counts(sentence: str) -> None:
    assert read(sentence).tables["counts"] == []


def test_references_are_numbered_as_the_page_prints_them() -> None:
    cite = "{{cite web|url=http://a|title=Ties|website=Herald|date=3 May 2012|access-date=4 June 2013}}"
    found = read(
        f"Fiji has a state.<ref name=x>{cite}</ref> It is.<ref name=x/> So.<ref>Plain words. 1999.</ref>"
    )
    rows = [row.model_dump() for row in found.tables["bibliography"]]
    assert [(row["number"], row["title"]) for row in rows] == [(1, "Ties"), (2, "Plain words")]
    assert (rows[0]["publisher"], str(rows[0]["published"]), str(rows[0]["retrieved"])) == (
        "Herald", "2012-05-03", "2013-06-04",
    )  # fmt: skip


def test_spans_point_into_the_markup() -> None:
    text = "Fiji.\n{|\n!#\n!Country\n!Date\n|-\n|1\n|{{flag|Japan}}\n|{{dts|5 June 1992}}\n|}"
    found = extract(text.encode(), subject="FJI", style="wikitext")
    spans = {one.column: text[one.start : one.end] for one in found.evidence if one.key == "JPN"}
    assert (spans[""], spans["began"]) == ("Japan", "5 June 1992")


@pytest.mark.parametrize(
    ("text", "style"),
    [
        ("{{Short description|x}}\n'''Fiji''' has [[relation]]s.\n", "wikitext"),
        ("Fiji.\n{|\n|-\n| a\n|}\n", "wikitext"),
        ("#REDIRECT [[A]]", "wikitext"),
        ("<!DOCTYPE html><html><body><p>x</p></body></html>", "html"),
        ('<div class="mw-parser-output"><p>x</p></div>', "html"),
        (
            "A\n\n#  | Country  | Date\n---|---|---\n1  | Japan | 1990\n2 | Chad | 1991\n",
            "markdown",
        ),
        ("A\n\n+---+---+\n| a | b |\n+===+===+\n| c | d |\n+---+---+\n", "markdown"),
        ("#\n\nCountry\n\nDate\n\n1\n\nJapan\n\n1990\n", "cell-lines"),
    ],
)
def test_a_form_is_told_by_its_look(text: str, style: str) -> None:
    assert sniff(read_source(text.encode())) == style


def test_what_has_no_partner_is_plain_text() -> None:
    document = read_document(read_source(b"a {{b [[c]] }} d}} <ref>e [[f"), "wikitext")
    assert [document.text(block) for block in document.blocks] == ["a  d}} e [[f"]


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("Flag", "flag"),
        ("#invoke:flag", "invoke"),
        ("Infobox", "nothing"),
        ("as of", "asof"),
        ("lang-fr", "first"),
    ],
)
def test_a_template_shows_what_its_kind_shows(name: str, kind: str) -> None:
    assert shown(name)[0] == kind


def test_pairs_nest() -> None:
    assert [(p.kind, p.start, p.end) for p in find_pairs("[[a|{{b}}]]<!--{{-->").outermost()] == [
        ("link", 0, 11),
        ("comment", 11, 20),
    ]


@pytest.mark.parametrize(
    "head", ["Relations since", "Diplomatic relations", "Formal relations", "Official date"]
)
def test_a_column_of_nothing_but_dates_tells_when_relations_began(head: str) -> None:
    rows = "|-\n|[[Japan]]||1 May 1970||See 1980\n|-\n|[[Chad]]||—||x\n|-\n|[[Mali]]||1971||y\n"
    found = relations(f"{{|\n! Country !! {head} !! Notes\n{rows}|}}\n")
    assert began(found) == {
        "JPN": "1970-05-01", "TCD": None, "MLI": "1971",
    }  # fmt: skip


def test_a_column_of_words_under_such_a_head_tells_no_date() -> None:
    rows = "|-\n|[[Japan]]||Good since the visit of the prince in May 1970\n"
    assert relations(f"{{|\n! Country !! Diplomatic relations\n{rows}|}}\n")["JPN"].began is None


def test_the_date_may_stand_before_the_country_and_over_several_rows() -> None:
    rows = "|-\n|rowspan=2|1 May 1970||[[Japan]]\n|-\n|[[Chad]]\n|-\n|1971||[[Mali]]\n"
    found = relations(f"{{|\n! Date !! Country\n{rows}|}}\n")
    assert began(found) == {
        "JPN": "1970-05-01", "TCD": "1970-05-01", "MLI": "1971",
    }  # fmt: skip


def test_two_states_on_two_lines_of_one_cell_are_two_rows() -> None:
    found = relations("{|\n! # !! Country !! Date\n|-\n|1||[[Japan]]<br>[[Chad]]||1970\n|}\n")
    assert began(found) == {"JPN": "1970", "TCD": "1970"}
