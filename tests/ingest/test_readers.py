"""Readers: each style gives the same blocks; what is only form is no fact."""

import pytest

from azds.errors import InvalidInputError
from azds.ingest.blocks import Document
from azds.ingest.readers import read_document, sniff
from azds.ingest.source import read_source

HEAD = "Country Formal Relations Began Notes\n"


def document(text: str, style: str) -> Document:
    return read_document(read_source(text.encode()), style)


def blocks(text: str, style: str) -> list[tuple[str, str]]:
    found = document(text, style)
    return [(block.kind, found.text(block)) for block in found.blocks]


def headings(text: str, style: str = "html-text") -> list[str]:
    return [words for kind, words in blocks(text, style) if kind == "heading"]


def test_an_unknown_style_is_refused() -> None:
    with pytest.raises(InvalidInputError, match="unknown style") as caught:
        document("a", "papyrus")
    assert caught.value.kind == "source-style"


@pytest.mark.parametrize(
    ("text", "style"),
    [
        ('<doc id="1">\nFiji\n\nIt is far.\n</doc>', "wikiextractor"),
        ("Fiji.\nIt is far and has said so.\nCountries.\nThere are some here.\n", "wikiextractor"),
        ("Fiji\nIt is far.\n## Countries.\nThere are some.\n## Seas.\nMany.\n", "wikiextractor"),
        ("17,\nFiji,\n\nIt is far and has said so.\n", "plain-lines"),
        ("Fiji\nIt is far and has said so.\nIt is small.\n", "plain-lines"),
        (f"Fiji\n\nIt is far.\n\nTies\n\n{HEAD}\xa0Peru 1992\n  • Peru is far.\n", "html-text"),
        ("", "plain-lines"),
    ],
)
def test_a_style_is_known_by_the_form_of_the_text(text: str, style: str) -> None:
    assert sniff(read_source(text.encode())) == style


@pytest.mark.parametrize("style", ["html-text", "plain-lines", "wikiextractor"])
def test_an_empty_text_has_no_blocks_and_one_section(style: str) -> None:
    assert blocks("", style) == []
    assert blocks("\n\n \n", style) == []


@pytest.mark.parametrize(
    "line",
    [
        "Bilateral relations",
        "Relations with Romania (1991–2004)",
        "Countries with which Moldova trades",
        "Caviar diplomacy[edit | edit source]",
        "Ties[edit]",
    ],
)
def test_a_bare_line_between_blank_lines_is_a_heading(line: str) -> None:
    expected = [] if line.startswith("Countries") else [line.partition("[")[0]]
    assert (
        headings(f"A title\n\nSome words stand here.\n\n{line}\n\nMore words follow.\n") == expected
    )


@pytest.mark.parametrize(
    "line",
    [
        "Diplomatic missions of Moldova.",
        "Embassy of Moldova in Berlin",
        "President Smith with the envoys",
        "Both countries established diplomatic relations on 5 May 1992",
        "In June 2020, Moldova opposed the law",
        "See Fiji–Moldova relations",
        "See Fiji",
        "17 August 1960",
        "February 1962",
        "File:Flag of Fiji.svg Fiji",
        "Coat of arms of Fiji.svg",
        "Template:Africa topic",
        "Country",
        "Contents",
        "A title",
        "Fiji · Nauru · Niue",
        "It is so:",
        "a small letter",
    ],
)
def test_captions_dates_cells_pointers_and_sentences_are_no_headings(line: str) -> None:
    assert headings(f"A title\n\nSome words stand here.\n\n{line}\n\nMore words follow.\n") == []


def test_lines_without_a_sentence_are_navigation_or_a_legend() -> None:
    text = "A title\n\nThis box is on\nthe politics of\nSee also\n\n\xa0\xa0Relations established\n"
    assert [kind for kind, _ in blocks(text, "html-text")] == [
        "title",
        "other",
        "other",
        "other",
        "other",
    ]


def test_a_wide_gap_in_a_table_means_that_a_row_lost_its_head() -> None:
    text = f"A title\n\n{HEAD}\xa0Fiji 1992\n\nWords of Fiji.\n\n\nWords of another.\n"
    found = document(text, "html-text")
    rows = [block.row for block in found.of_kind("paragraph")]
    assert rows == [2, None]


def test_numbered_lines_are_references_only_at_the_end_or_under_their_heading() -> None:
    text = "A title\n\nPrinciples are[1]\n\n  1. Peace\n  2. Trade\n\nSome words stand here.\n\n"
    references = '  1. "Talks". Retrieved 5 May 2010.\n  3. Fiji\n'
    found = document(text + references, "html-text")
    assert [block.number for block in found.of_kind("reference")] == [1, 3]
    assert [words for kind, words in blocks(text, "html-text") if kind == "reference"] == []


def test_a_list_of_references_may_have_lost_its_first_entry() -> None:
    text = (
        'A title\n\nWords.[2]\n\nReferences\n\n  2. "Talks".\n  3. Fiji\n\nLinks\n\n  1. A site\n'
    )
    found = document(text, "html-text")
    assert [block.number for block in found.of_kind("reference")] == [2, 3]


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("Countries.", "heading"),
        ("Nagorno-Karabakh/Armenia.", "heading"),
        ("## Ties with the U.S.", "heading"),
        ("U.S. relations.", "heading"),
        ("Écologie.", "heading"),
        ("Ties are good.", "paragraph"),
        ("Moldova joined the pact.", "paragraph"),
        ("Moldova", "paragraph"),
        ("- Fiji", "item"),
        ("1. Fiji", "item"),
        ("</doc>", "notice"),
        ("Category:Politics", "notice"),
    ],
)
def test_a_line_of_a_wiki_extract_is_known_by_its_form(line: str, kind: str) -> None:
    found = blocks(
        f"A title.\nSome words are here.\n{line}\nMore words are here.\n", "wikiextractor"
    )
    assert found[2][0] == kind


def test_short_lines_in_a_row_are_a_list_and_a_marked_line_is_a_heading() -> None:
    text = "5,\n6,\nA title,\n\nWords are here.\nFiji\nNauru\nNiue, Peru\n"
    text += "== Ties ==\nWords.\n* Chad\nTonga\n"
    assert [kind for kind, _ in blocks(text, "plain-lines")] == [
        *("other", "other", "title", "paragraph", "item", "item", "item"),
        *("heading", "paragraph", "item", "paragraph"),
    ]


def test_a_table_that_was_folded_into_one_line_is_divided() -> None:
    text = (
        "A title\nWords. == Ties == Words: {| ! Country |- | Fiji || 1992 * Peru is far. |} End.\n"
    )
    found = blocks(text, "plain-lines")
    assert ("heading", "Ties") in found
    assert ("paragraph", "Peru is far.") in found


def test_abbreviations_do_not_end_a_sentence() -> None:
    text = (
        "A title\nMr. Smith of St. Kitts left the U.S. on Sept. 5, 1992. He is back.[3] So am I.\n"
    )
    found = document(text, "plain-lines")
    sentences = [found.words(part) for part in found.sentences(found.blocks[1])]
    assert sentences == [
        "Mr. Smith of St. Kitts left the U.S. on Sept. 5, 1992.",
        "He is back.",
        "So am I.",
    ]


@pytest.mark.parametrize("style", ["plain-lines", "wikiextractor"])
def test_a_first_line_that_tells_is_no_title(style: str) -> None:
    lead = "Fiji has diplomatic relations with 52 states and the European Union.[1]"
    assert [kind for kind, _ in blocks(f"{lead}\nMore was said.\n", style)] == ["paragraph"] * 2


@pytest.mark.parametrize("style", ["plain-lines", "wikiextractor", "html-text", "markdown"])
@pytest.mark.parametrize(
    "left",
    [
        "Template:Short description Template:Politics of Fiji Template:Update ",
        'Template:Use British English Script error: No such module "Sidebar". ',
        "Template:Sidebar with collapsible lists",
        "Template:Politics of the Central African Republic ",
        "Template:Politics of Fiji",
        "{{Short description|none}} <!-- a note --> {{Politics of Fiji}}",
    ],
)
def test_templates_left_before_a_sentence_hide_it_not(style: str, left: str) -> None:
    lead = "Fiji has diplomatic relations with 37 states."
    assert ("paragraph", lead) in blocks(f"Ties of Fiji\n\n{left}{lead}\n", style)


def test_names_of_templates_alone_are_markup() -> None:
    words = "Template:Short description Template:Politics of Fiji"
    assert blocks(f"Ties of Fiji\n{words}\nWords are here.\n", "plain-lines")[1][0] == "notice"


def test_numbered_lines_and_long_names_with_dates_are_items_of_a_list() -> None:
    names = ["Peru – 3 May 1971", "Saint Vincent and the Grenadines – 5 May 1990", "Chad (1984)"]
    for mark in ("", "{}. ", "{}) ", "- "):
        lines = "\n".join(mark.format(at) + name for at, name in enumerate(names, 1))
        found = blocks(f"Ties of Fiji\nFiji has ties with:\n{lines}\nSo it is.\n", "plain-lines")
        assert found[2:] == [*(("item", name) for name in names), ("paragraph", "So it is.")]


def test_numbered_references_are_no_items() -> None:
    lines = '1. "Talks". Retrieved 5 May 2010.\n2. A. Author. Book.\n3. "News", 4 May 1991.\n'
    kinds = [kind for kind, _ in blocks(f"A title\nWords are here.\n{lines}", "plain-lines")]
    assert "item" not in kinds
