"""`dataset.toml`, checked: input by people, so every fault is one line with its path."""

import pytest

from azds.dataset.declaration import parse_declaration
from azds.errors import InvalidInputError

GOOD = """
format = 0
title = "A title"
subject = "AZE"
family = "foreign-relations"

[[revisions]]
label = "2016"
date = "2016-11-19"
source = "sha256:{digest}"
headline = [{{ measure = "m", scope = "s", value = 5 }}]

[revisions.coverage.relations]
level = "partial"
places = ["list"]
covers = {{ region = ["EU"] }}
reason = "one list"

[[revisions.corrections]]
table = "relations"
key = "BLR"
column = "began"
expects = "1992"
value = "1993"
reason = "a slip"
""".format(digest="0" * 64)


def test_a_declaration_holds_what_a_build_needs() -> None:
    declared = parse_declaration(GOOD.encode(), "dataset.toml")
    [revision] = declared.revisions
    assert (declared.title, declared.subject, revision.label) == ("A title", "AZE", "2016")
    coverage = revision.coverage["relations"].coverage()
    assert (coverage.level, coverage.places, dict(coverage.covers)) == (
        "partial",
        ("list",),
        {"region": ("EU",)},
    )
    assert revision.corrections[0].value == "1993"
    assert revision.headline[0].value == 5


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("format = 0", "format = 1", "format"),
        ('title = "A title"', "", "title"),
        ('title = "A title"', 'title = "A title"\nauthor = "me"', "author"),
        ('title = "A title"', "title = 5", "title"),
        ('label = "2016"', 'label = "A B"', "not a label"),
        ('date = "2016-11-19"', 'date = "in autumn"', "not a date"),
        ("sha256:", "md5:", "revisions.0.source"),
        ('level = "partial"', 'level = "most"', "revisions.0.coverage.relations.level"),
        ('reason = "one list"', 'reason = ""', "revisions.0.coverage.relations.reason"),
        ('reason = "a slip"', "", "revisions.0.corrections.0.reason"),
        ("value = 5", 'value = "5"', "revisions.0.headline.0.value"),
        ("[[revisions]]", "[[revision]]", "revision"),
        ("format = 0", "format = ", "Invalid value"),
    ],
    ids=str,
)
def test_what_breaks_a_rule_is_refused_with_its_path(old: str, new: str, told: str) -> None:
    with pytest.raises(InvalidInputError) as caught:
        parse_declaration(GOOD.replace(old, new, 1).encode(), "a/dataset.toml")
    assert caught.value.kind == "dataset-file-invalid"
    assert str(caught.value).startswith("a/dataset.toml")
    assert told in str(caught.value)
    assert "\n" not in str(caught.value)


def test_bytes_that_are_no_text_are_refused() -> None:
    with pytest.raises(InvalidInputError, match="utf-8"):
        parse_declaration(b"\xff\xfe", "dataset.toml")


def test_a_label_that_stands_twice_is_refused() -> None:
    revision = GOOD[GOOD.index("[[revisions]]") : GOOD.index("[[revisions.corrections]]")]
    with pytest.raises(InvalidInputError, match="a label stands twice; got 2016"):
        parse_declaration((GOOD + revision).encode(), "dataset.toml")
