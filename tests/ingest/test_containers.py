# ruff: noqa: E501 - markup reads best in one line
"""What texts come in: told apart, read in bounded memory, and refused with a reason."""

import bz2
import gzip
import json
import lzma
from collections.abc import Iterator

import pytest

from azds.errors import InvalidInputError
from azds.ingest.containers import PageRevision, read_pages, sniff_container
from azds.ingest.containers.packed import unpack


def pages(data: bytes, container: str | None = None) -> list[PageRevision]:
    return list(read_pages([data], container))


def export(*revisions: str, version: str = "0.11", ns: str = "0") -> bytes:
    return (
        f'<mediawiki xmlns="http://www.mediawiki.org/xml/export-{version}/" version="{version}">'
        f"<siteinfo><sitename>W</sitename></siteinfo><page><title>Foreign relations of Fiji</title><ns>{ns}</ns>"
        f"<id>5</id>{''.join(revisions)}</page></mediawiki>"
    ).encode()


def revision(number: int, text: str, day: str = "2020-01-01") -> str:
    return (
        f"<revision><id>{number}</id><timestamp>{day}T00:00:00Z</timestamp><contributor><username>Someone"
        f"</username><id>99</id></contributor><model>wikitext</model><text xml:space='preserve'>{text}</text></revision>"
    )


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (b'{"batchcomplete": "", "query": {}}', "api-json"),
        (b'[{"query": {}}]', "api-json"),
        (b'<mediawiki xmlns="x">', "export-xml"),
        (b'<?xml version="1.0"?><mediawiki>', "export-xml"),
        (b'<doc id="1" url="" title="A">', "doc"),
        (b'"{{flag|Fiji}}\\n== A ==\\n"', "json-text"),
        (b"{{Short description|none}}", "text"),
        (b'{| class="wikitable"', "text"),
        (b"<!DOCTYPE html><html>", "text"),
    ],
)
def test_a_container_is_told_by_its_first_bytes(head: bytes, kind: str) -> None:
    found, confidence = sniff_container(head)
    assert found == kind
    assert 0 < confidence <= 1


@pytest.mark.parametrize("version", ["0.10", "0.11"])
def test_an_export_gives_each_revision_and_no_name_of_an_author(version: str) -> None:
    found = pages(
        export(revision(1, "a &lt;b&gt;"), revision(2, "c", "2021-02-03"), version=version)
    )
    assert [(one.revision, one.text) for one in found] == [(1, "a <b>"), (2, "c")]
    assert found[1].timestamp == "2021-02-03T00:00:00Z"
    assert found[0].title == "Foreign relations of Fiji"
    assert "Someone" not in repr(found)


def test_an_export_tells_which_texts_were_hidden() -> None:
    hidden = "<revision><id>3</id><text deleted='deleted' /></revision>"
    assert [one.refused for one in pages(export(hidden))] == ["text-hidden"]


def test_pages_of_other_namespaces_are_left_out() -> None:
    assert pages(export(revision(1, "a"), ns="1")) == []


def test_a_truncated_export_gives_what_stands_before_the_break() -> None:
    data = export(revision(1, "a"), revision(2, "b" * 1000))[:-300]
    found = pages(data)
    assert [(one.revision, one.refused) for one in found] == [(1, ""), (None, "truncated")]


@pytest.mark.parametrize(
    "pack", [bz2.compress, gzip.compress, lzma.compress], ids=["bz2", "gzip", "xz"]
)
def test_a_compressed_export_is_read_like_a_plain_one(pack: object) -> None:
    data = export(revision(1, "a"))
    assert pages(pack(data)) == pages(data)  # type: ignore[operator]
    assert pages(pack(data[:40]) + pack(data[40:])) == pages(data)  # type: ignore[operator]


def test_a_file_that_unpacks_without_measure_is_refused_early() -> None:
    packed = bz2.compress(bytes(1 << 20)) * 400
    with pytest.raises(InvalidInputError, match="unpacks to too much"):
        for _ in unpack(iter([packed])):
            pass


@pytest.mark.parametrize(
    "data",
    [
        b"BZhrubbish",
        bz2.compress(b"abc" * 999)[:-9] + b"xxxxxxxxx",
        b"PK\x03\x04",
        b"7z\xbc\xaf\x27\x1c",
    ],
)
def test_a_broken_or_foreign_archive_is_refused(data: bytes) -> None:
    with pytest.raises(InvalidInputError) as caught:
        pages(data)
    assert caught.value.kind == "source-unreadable"


def test_entities_of_ones_own_in_xml_are_refused() -> None:
    bomb = b'<?xml version="1.0"?><!DOCTYPE mediawiki [<!ENTITY a "aaaa">]><mediawiki><page/></mediawiki>'
    with pytest.raises(InvalidInputError, match="document type"):
        pages(bomb)


def test_other_xml_is_no_export() -> None:
    with pytest.raises(InvalidInputError, match="no export"):
        pages(b'<?xml version="1.0"?><rss><page/></rss>')


def test_a_text_too_large_for_a_page_is_refused_and_not_kept() -> None:
    def pieces() -> Iterator[bytes]:
        whole = export(revision(1, "@"), revision(2, "b")).decode()
        before, after = whole.split("@")
        yield before.encode()
        for _ in range(70):
            yield b"x" * 100_000
        yield after.encode()

    found = list(read_pages(pieces()))
    assert [(one.refused, one.text) for one in found] == [("too-large", None), ("", "b")]


def test_answers_of_both_formats_give_the_same() -> None:
    new = {
        "title": "A",
        "revisions": [
            {
                "revid": 4,
                "timestamp": "t",
                "slots": {"main": {"content": "x", "contentmodel": "wikitext"}},
            }
        ],
    }
    old = {
        "title": "A",
        "revisions": [{"revid": 4, "timestamp": "t", "contentmodel": "wikitext", "*": "x"}],
    }
    first = pages(json.dumps({"query": {"pages": [new]}}).encode())
    assert first == pages(json.dumps({"query": {"pages": {"9": old}}}).encode())
    assert first[0].text == "x"


def test_what_has_no_text_says_why() -> None:
    answer = {
        "query": {
            "badrevids": {"9": {"revid": 9, "missing": True}},
            "pages": [
                {"title": "B", "missing": True},
                {"title": "<", "invalid": True, "invalidreason": "bad"},
                {
                    "title": "C",
                    "revisions": [{"revid": 1, "slots": {"main": {"texthidden": True}}}],
                },
                {"title": "D", "revisions": [{"revid": 2}]},
                {
                    "title": "E",
                    "revisions": [
                        {"revid": 3, "slots": {"main": {"content": "{}", "contentmodel": "json"}}}
                    ],
                },
            ],
        }
    }
    rules = [one.refused for one in pages(json.dumps(answer).encode())]
    assert rules == [
        "bad-revision",
        "page-missing",
        "title-invalid",
        "text-hidden",
        "text-missing",
        "not-wikitext",
    ]


def test_revisions_of_an_answer_come_oldest_first() -> None:
    made = [
        {"revid": n, "timestamp": f"2020-01-0{n}T00:00:00Z", "slots": {"main": {"content": str(n)}}}
        for n in (3, 2, 1)
    ]
    answer = {"query": {"pages": [{"title": "A", "revisions": made}]}}
    assert [one.revision for one in pages(json.dumps(answer).encode())] == [1, 2, 3]


@pytest.mark.parametrize(
    "answer",
    [
        {"parse": {"title": "A", "text": "<p>x</p>"}},
        {"parse": {"title": "A", "text": {"*": "<p>x</p>"}}},
        {"title": "A", "html": "<p>x</p>"},
    ],
)
def test_rendered_pages_in_answers_are_html(answer: object) -> None:
    [one] = pages(json.dumps(answer).encode())
    assert (one.form, one.text, one.title) == ("html", "<p>x</p>", "A")


@pytest.mark.parametrize(
    "data",
    [
        b"{",
        b"[" * 100_000,
        b"{]",
        b'{"error": {"code": "maxlag", "info": "x"}}',
        b'{"a": 1}',
        b"[1]",
        b'{"query": "x\xff"}',
    ],
)
def test_json_that_is_no_answer_is_refused(data: bytes) -> None:
    with pytest.raises(InvalidInputError) as caught:
        pages(data, "api-json")
    assert caught.value.kind == "source-unreadable"


@pytest.mark.parametrize("strange", [None, 3, [], {}, "x", True])
def test_answers_with_strange_values_break_nothing(strange: object) -> None:
    for answer in (
        {"query": strange},
        {"query": {"pages": strange, "badrevids": strange}},
        {"query": {"pages": [strange]}},
        {"query": {"pages": [{"title": strange, "revisions": strange}]}},
        {
            "query": {
                "pages": [
                    {
                        "revisions": [
                            {"revid": strange, "timestamp": strange, "slots": {"main": strange}}
                        ]
                    }
                ]
            }
        },
        {"parse": strange},
    ):
        pages(json.dumps(answer).encode())


def test_a_doc_file_gives_each_document() -> None:
    data = b'<doc id="1" title="A &amp; B">\nA\n\nx\n</doc>\n<doc id="2" title="C">\nC\n</doc>\n'
    assert [one.title for one in pages(data)] == ["A & B", "C"]


def test_a_string_of_json_is_its_text() -> None:
    assert [one.text for one in pages(json.dumps("== A ==\n{{flag|Fiji}}\n").encode())] == [
        "== A ==\n{{flag|Fiji}}\n"
    ]


def test_an_unknown_container_is_refused() -> None:
    with pytest.raises(InvalidInputError) as caught:
        pages(b"x", "crate")
    assert caught.value.kind == "source-style"
