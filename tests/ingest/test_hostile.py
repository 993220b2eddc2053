"""Hostile and unfit pages: a rule with its reason, no crash, and time that grows with length."""

import time

import pytest
from tests.ingest.forms import derive

from azds.ingest.extract import extract
from azds.ingest.extractors.events import extract_events
from azds.ingest.readers import STYLES, read_document
from azds.ingest.source import read_source
from azds.ingest.wikitext.pairs import find_pairs

SHAPES = {
    "templates that never close": "{{flag|",
    "templates in templates": "{{nowrap|",
    "closing braces": "}}]]",
    "links that never close": "[[a|",
    "references that never close": "<ref>{{",
    "tables that never close": "\n{|\n|-\n| a || ",
    "comments": "<!-- a -->",
    "comments that never close": "<!-- ",
    "tags that never close": "<a href='",
    "quotation marks": '<td a="',
    "table cells": "<td>",
    "tables in tables": "<table><tr><td>",
    "rows": "<tr><td>Fiji</td><td>1990</td></tr>",
    "list items": "<li>",
    "pipes": "a | b\n---|---\n",
    "pipe rows": "| Fiji | 1990 |\n\n",
    "borders": "+---+---+\n| a | b |\n",
    "headers of cells": "Country\nDate\n",
    "numbers of rows": "1\nFiji\n1990\n",
    "equals": "=",
    "bars": "||",
    "hidden": "<span style='display:none'>",
    "entities": "&amp;&#x",
    "urls": "[http://a ",
    "folded tables": "{| |- ! a=b=c | d * E |} == F == ",
    "folded rows": "{| a=b |- | ",
    "cells with a bar behind": "Country |\nDate |\n|\n",
    "template names": "Template:A of Template:",
}
READERS = ("wikitext", "html", "markdown", "cell-lines")


def seconds(style: str, text: str) -> float:
    source = read_source(text.encode())
    start = time.process_time()
    read_document(source, style)
    return time.process_time() - start


@pytest.mark.parametrize("style", READERS)
@pytest.mark.parametrize("shape", SHAPES)
def test_time_grows_with_length_and_not_with_its_square(style: str, shape: str) -> None:
    piece = SHAPES[shape]
    short, long = ("Fiji\n" + piece * (length // len(piece)) for length in (10_000, 40_000))
    once = max(min(seconds(style, short) for _ in range(2)), 0.01)
    assert min(seconds(style, long) for _ in range(2)) / once < 2.5 * 2.5 * 1.6


@pytest.mark.parametrize("style", sorted(STYLES))
@pytest.mark.parametrize("shape", SHAPES)
def test_no_shape_breaks_the_extraction_in_any_form(style: str, shape: str) -> None:
    text = "Fiji\n" + SHAPES[shape] * 60 + "\nFiji has relations.\n"
    found = extract(text.encode(), subject="FJI", style=style)
    assert all(0 <= one.start <= one.end <= len(text) for one in found.evidence)


def test_four_megabytes_of_unclosed_templates_take_seconds() -> None:
    text = "{{flag|" * (4_000_000 // 7)
    start = time.process_time()
    assert list(find_pairs(text).outermost()) == []
    assert time.process_time() - start < 10


@pytest.mark.parametrize("word", ["Fiji ", "French ", "President "])
def test_a_sentence_of_names_takes_time_by_its_length(word: str) -> None:
    def taken(count: int) -> float:
        document = read_document(read_source((word * count).encode()), "plain-lines")
        start = time.process_time()
        extract_events(document)
        return time.process_time() - start

    once = max(min(taken(2_000) for _ in range(2)), 0.01)
    assert min(taken(8_000) for _ in range(2)) / once < 2.5 * 2.5 * 1.6


@pytest.mark.parametrize("word", ["other ", "formal ", "bilateral "])
def test_a_line_of_one_word_takes_time_by_its_length(word: str) -> None:
    def taken(count: int) -> float:
        text = f"Fiji has diplomatic relations with 12 countries: {word * count}"
        start = time.process_time()
        extract(text.encode(), subject="FJI", style="wikitext")
        return time.process_time() - start

    once = max(min(taken(1_000) for _ in range(2)), 0.03)
    assert min(taken(4_000) for _ in range(2)) / once < 2.5 * 2.5 * 1.6


def test_words_behind_many_wordless_lines_are_read() -> None:
    text = "* 1\n" * 301 + "\n== Ties ==\nFiji has relations with Chile.\n"
    for form in (text, text.replace("== Ties ==", "")):
        assert extract(form.encode(), subject="FJI", style="wikitext").unsuitable is None


def test_words_before_a_stray_bar_in_a_cell_take_no_time() -> None:
    table = (
        "{|\n! # !! Country !! Date\n|-\n| 1 || "
        + "wordwithoutend" * 5
        + " and, more | Fiji || 1990\n|}"
    )
    assert seconds("wikitext", table) < 1


def test_hyphens_behind_a_date_take_no_time() -> None:
    text = "Fiji is far. " + "".join(
        f"In the {1900 + at} {'-a-' * 25} it fell. " for at in range(40)
    )
    start = time.process_time()
    extract(text.encode(), subject="FJI", style="plain-lines")
    assert time.process_time() - start < 5


@pytest.mark.parametrize(
    ("text", "style", "rule"),
    [
        ("#REDIRECT [[Foreign relations of Tonga]]", "wikitext", "redirect"),
        ("#redirect: [[A]] {{R from move}}", "wikitext", "redirect"),
        (
            "'''Fiji relations''' may refer to:\n* [[A]]\n* [[B]]\n{{disambiguation}}",
            "wikitext",
            "disambiguation",
        ),
        (
            "<p>Fiji relations may refer to:</p><ul><li>A of Fiji</li></ul>",
            "html",
            "disambiguation",
        ),
        ("", "wikitext", "empty"),
        ("{{Infobox}}\n[[Category:Fiji]]", "wikitext", "empty"),
        (
            '<doc id="1" title="Foreign relations of Fiji">\nForeign relations of Fiji\n\n</doc>',
            "wikiextractor",
            "empty",
        ),
        (
            "Peru is a country. It has relations with Chile and Brazil.",
            "plain-lines",
            "wrong-article",
        ),
        (
            "{| class=x\n|-\n|" + "\n|-\n|".join(["Template:Flag"] * 9) + "\n|}\nFiji is far.",
            "wikitext",
            "templates-lost",
        ),
    ],
)
def test_a_page_that_is_not_the_article_says_why(text: str, style: str, rule: str) -> None:
    found = extract(text.encode(), subject="FJI", style=style)
    assert found.unsuitable is not None
    assert found.unsuitable[0] == rule
    assert found.unsuitable[1]


@pytest.mark.parametrize("text", ["", "{{Infobox}}", "#REDIRECT [[Foreign relations of Tonga]]"])
def test_an_empty_document_states_no_fact(text: str) -> None:
    found = extract(text.encode(), subject="FJI", style="wikitext")
    assert not any(rows for name, rows in found.tables.items() if name != "sections")


def test_an_article_is_suitable() -> None:
    assert extract(derive("wikitext"), subject="FJI").unsuitable is None
