# ruff: noqa: E501 - markup reads best in one line
"""A wikitext is read section by section: the result is that of the whole, whatever was read."""

import gc
import random
from collections.abc import Iterator
from dataclasses import fields
from weakref import ref
from zlib import crc32

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from tests.ingest.forms import derive

from azds.ingest import extract as extracting
from azds.ingest import section_facts
from azds.ingest.dividing import divide
from azds.ingest.extract import Extraction, extract
from azds.ingest.readers.wikitext import ReadSection, read_section
from azds.ingest.section_facts import Memory, ReadParts
from azds.ingest.source import Source
from azds.ingest.splitting import split

STATES = (
    "Japan", "Chad", "Mali", "Peru", "Chile", "Kenya", "Nauru", "Tonga", "Samoa", "Malta", "Cuba",
    "Spain", "Italy", "Ghana", "Benin", "Togo", "Nepal", "Oman", "Qatar", "Egypt", "Iraq", "Kuwait",
)  # fmt: skip
NOTES = (
    "* Fiji has an embassy in Lima.\n* President Ana Coral of Peru came in May 1999.",
    "* Both countries established diplomatic relations on 4 June 1981.<ref name=tie/>",
    "* Coral spoke in Suva in 2001.\n* Three days later she left.",
    "* Fiji recognized {name} on 3 March 1992.<ref>{{{{cite web|title=Told|date=2 May 1999}}}}</ref>",
    "* {name} has a consulate in Suva since 1990.<ref name=tie/>",
    "See [[Fiji–{name} relations]]",
)


def article() -> str:
    """An invented article with long tables, persons, named references and bodies."""
    rows = "\n".join(
        f'|- valign="top"\n|{at}\n|{{{{flag|{name}}}}}\n|{{{{dts|{1 + at % 28} May {1960 + at}}}}}'
        f"<ref>{{{{cite web|title=Ties with {name}|publisher=Herald|date={1960 + at}}}}}</ref>"
        for at, name in enumerate(STATES)
    )
    notes = "\n".join(
        f"|-\n|{{{{flag|{name}}}}}||{1970 + at}||"
        + NOTES[at % len(NOTES)].format(name=name)
        + "\n* A remark that says little of " + name + ", written long so that rows have weight, and "
        "then a little longer still, since short tables are not split at all."
        for at, name in enumerate(STATES)
    )  # fmt: skip
    return (
        derive("wikitext").decode()
        + f"\n== States ==\nFiji has diplomatic relations with these countries:<ref name=tie>Ties</ref>\n"
        f'{{| class="wikitable"\n! #\n! Country\n! Date\n{rows}\n|}}\n'
        f'\n== Ties ==\nMinister Bo Reef of Fiji spoke in 1998.\n{{| class="wikitable"\n'
        f"! Country\n! Formal Relations Began\n! Notes\n{notes}\n|}}\nReef left on 5 May 2003.\n"
        "\n=== Bodies ===\nFiji is a member of the United Nations and the Commonwealth of Nations.\n"
        "* [[ACP]]\n* [[FAO]]\n* [[IMF]]\n* [[WHO]]\n* [[ILO]] (observer)\n"
        "\n== Ties ==\nFiji has relations with 12 countries in 1972. No relations with Cuba.\n"
    )


ARTICLE = article()
SNIPPETS = (
    "{{", "}}", "[[", "]]", "<ref>", "</ref>", "<ref name=tie/>", "<ref name=new>New</ref>", "<!--",
    "-->", "<nowiki>", "</nowiki>", "{|", "|}", "|-", "| Peru", "== New ==", "= x =", "==  ==", "== a {{x|\n",
    "== b ==<!-- c -->", '| rowspan="2" | Chad', "* Reef met Coral in 2004.", "Fiji has an embassy in Tokyo.",
    "* The next day Fiji joined the World Bank.", "! Country", "Â§",
    " {| |- ! Country ! Date |- | x=y | {{flag|Oman}} | 5 May 1971 |} == Ties == With Oman. ", " {| |- ", "{{unknown}}", "<br>",
)  # fmt: skip


def of_whole(text: str) -> Extraction:
    """What the text gives where it is not divided."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(extracting, "_DIVIDED", frozenset())
        return extract(text.encode(), subject="FJI", style="wikitext")


def plain(found: Extraction) -> dict[str, object]:
    """All that was extracted, in an order of its own: tables are sorted where they are stored."""
    told = {field.name: getattr(found, field.name) for field in fields(found)}
    tables = {name: sorted(map(repr, rows)) for name, rows in found.tables.items()}
    held = {name: sorted(map(repr, told[name])) for name in ("evidence", "rejections")}
    return {**told, "tables": tables, **held}


def edited(seed: int) -> Iterator[str]:
    """Revisions of the article: edited line by line, and edited on."""
    rng = random.Random(seed)  # noqa: S311 - edits, no secrets
    lines = ARTICLE.split("\n")
    for _ in range(3):
        for _ in range(rng.choice((1, 1, 2, 5))):
            edit(rng, lines)
        yield "\n".join(lines)


def edit(rng: random.Random, lines: list[str]) -> None:
    """Edit a line or two."""
    at = rng.randrange(len(lines))
    match rng.randrange(8):
        case 0:
            del lines[at]
        case 1:
            lines.insert(at, rng.choice(lines))
        case 2:
            lines.insert(at, rng.choice(SNIPPETS))
        case 3:
            lines[at] += rng.choice(SNIPPETS)
        case 4:
            lines[at] = lines[at].replace("19", rng.choice(("18", "20")))
        case 5:
            low = rng.randrange(len(lines))
            lines[at:at] = lines[low : low + rng.choice((3, 60))]
        case 6:
            place = rng.randrange(len(lines[at]) + 1)
            between = rng.choice(("", "== New ==", rng.choice(SNIPPETS)))
            lines[at : at + 1] = [lines[at][:place], between, lines[at][place:]]
        case _:
            low, high = sorted((at, rng.randrange(len(lines))))
            lines[low : low + 4], lines[high:] = lines[high : high + 4], lines[high:]


def differences(found: Extraction, expected: Extraction) -> dict[str, tuple[object, object]]:
    """What two extractions tell otherwise, by field."""
    one, other = plain(found), plain(expected)
    return {name: (value, other[name]) for name, value in one.items() if value != other[name]}


@settings(max_examples=20)  # each is three revisions, read twice
@given(st.integers(0, 1 << 30))
@example(46_569)  # a reference before the first word of a row
def test_what_was_read_before_changes_nothing(seed: int) -> None:
    """With a memory of the revisions before, a text gives what it gives alone, and as a whole."""
    memory = Memory()
    for text in edited(seed):
        remembered = extract(text.encode(), subject="FJI", style="wikitext", memory=memory)
        assert differences(remembered, of_whole(text)) == {}


@pytest.mark.parametrize(
    ("words", "broken"),
    [
        ("! #\n! Country", "! #<ref>One</ref><ref name=tie/>\n! Country"),
        ("countries:<ref name=tie>Ties</ref>", "countries:<!--"),
        ('{| class="wikitable"\n! #\n', '<!--\n{| class="wikitable"\n! #<ref>One</ref> -->\n'),
    ],
)
def test_references_over_a_long_table_are_those_of_the_text(words: str, broken: str) -> None:
    text = ARTICLE.replace(words, broken)
    assert text != ARTICLE
    found = extract(text.encode(), subject="FJI", style="wikitext")
    assert differences(found, of_whole(text)) == {}


def test_a_section_that_comes_twice_is_cited_twice() -> None:
    text = ARTICLE + "\n" + ARTICLE
    found = extract(text.encode(), subject="FJI", style="wikitext")
    assert differences(found, of_whole(text)) == {}


def sections(text: str, memory: Memory) -> list[ReadParts]:
    """The sections of a text, by what the memory holds."""
    return divide(text, lambda piece: memory.section(piece, "FJI"))


def test_sections_and_their_parts_are_the_text() -> None:
    found = sections(ARTICLE, Memory())
    assert "".join(one.text for one in found) == ARTICLE
    assert "".join(part.facts.text for one in found for part in one.parts) == ARTICLE
    assert max(len(one.parts) for one in found) > 3


def test_an_edit_of_a_row_reads_few_rows_again(monkeypatch: pytest.MonkeyPatch) -> None:
    memory = Memory()
    extract(ARTICLE.encode(), subject="FJI", style="wikitext", memory=memory)
    read: list[str] = []

    def reading(source: Source) -> ReadSection:
        read.append(source.text)
        return read_section(source)

    monkeypatch.setattr(section_facts, "read_section", reading)
    edited_row = ARTICLE.replace("says little of Kenya", "says a little of Kenya")
    extract(edited_row.encode(), subject="FJI", style="wikitext", memory=memory)
    assert 0 < sum(map(len, read)) < len(ARTICLE) / 4
    read.clear()
    extract(ARTICLE.encode(), subject="FJI", style="wikitext", memory=memory)
    assert read == []


def test_a_memory_keeps_the_latest_only() -> None:
    memory = Memory(characters=5_000)
    first = memory.section("== A ==\nFiji " + "is far. " * 300, "FJI")
    for at in range(4):
        memory.section(f"== {at} ==\n" + "Fiji is far. " * 150, "FJI")
    assert memory.section(first.text, "FJI") is not first


def test_what_was_forgotten_is_not_kept_by_what_was_weighed() -> None:
    memory = Memory(characters=1)
    text = "Fiji has diplomatic relations with 2 countries including Chile.\n"
    found = extract(text.encode(), subject="FJI", style="wikitext", memory=memory)
    assert found.tables["relations"]
    document = ref(memory.section(text, "FJI").parts[0].facts.document)
    memory.section("== Other ==\n", "FJI")
    gc.collect()
    assert document() is None


@pytest.mark.parametrize(("row", "size"), [("|-\n| {}\n", 40), ("|-\n| {} is far away\n", 1_900)])
def test_a_table_is_not_split_where_parts_would_repeat_far_more_than_they_tell(
    row: str, size: int
) -> None:
    rows = (row.format(at) for at in range(20_000))
    picked = [one for one in rows if crc32(one.encode()) % 4 == 0]
    table = "{| class=x\n! Country" + " " * size + "\n" + "".join(picked) + "|}\n"
    assert len(split(table)) == 1


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("a\n== b ==\nc\n== d ==\n", 3),
        ("a\n== b <!--\n== d ==\n", 1),
        ("a {{b\n== c ==\nd\n", 2),
        ("a {{b\n== c ==\nd }}\n== e ==\nf", 2),
        ("a <nowiki>\n== c ==\nd </nowiki>\n== e ==\nf", 1),
        ("{|\n|\n{|\n== c ==\n|}\n|}\n== e ==\n", 1),
        ("{|\n| a\n== c ==\n| b\n|}\n== e ==\n", 3),
        ("a\n==  ==\nb\n== c ==\n", 2),
        ("a <ref name=b\n== c ==\n/> d\n", 1),
        ("a <pre\n== c ==\n> d\n", 1),
        ("== a ==\n" * 200, 200),
        ("== a ==\n" * 2_000, 1),
        ("", 1),
    ],
)
def test_a_section_ends_where_nothing_is_open(text: str, count: int) -> None:
    found = sections(text, Memory())
    assert len(found) == count
    assert "".join(one.text for one in found) == text


def test_references_are_numbered_through_the_text() -> None:
    text = (
        "Fiji has relations.<ref>One</ref><ref name=b/>\n== A ==\nFiji.<ref name=b>Two</ref>\n"
        "== B ==\nIn 1990 Fiji joined the United Nations.<ref>Three</ref><ref name=b>No</ref>\n"
    )
    found = extract(text.encode(), subject="FJI", style="wikitext")
    rows = sorted((row.number, row.title) for row in found.tables["bibliography"])  # type: ignore[attr-defined]
    assert rows == [(1, "One"), (2, "Two"), (3, "Three")]
    (event,) = (one for one in found.evidence if (one.table, one.column) == ("events", ""))
    assert event.markers == (3, 2)
