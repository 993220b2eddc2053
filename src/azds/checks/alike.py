"""Keys that a reader takes for one another: other code points, one look.

They are two keys wherever azds compares (`docs/reliability.md`), and are never made one; but a
row that seems to be there twice, or to be removed and added again, is often a slip of typing.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from typing import cast

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from azds.arrow.layout import Numbers, from_numbers, from_strings, numbers
from azds.checks.finding import Facts, Finding, Row
from azds.ids import KeyValue, format_key

__all__ = ["alike_keys", "look"]

_UNSEEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\u00ad\u034f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff]"
)
# Letters of other scripts that look like Latin ones, after case folding.
_LATIN = str.maketrans(
    "\u0430\u0432\u0435\u043a\u043c\u043d\u043e\u0440\u0441\u0442\u0443\u0445\u0456\u0458\u0455\u0131"
    "\u03b1\u03b9\u03ba\u03bd\u03bf\u03c1\u03c5\u03c7",
    "abekmhopctyxijsiaikvopux",
)
_SHOWN = 40


def look(text: str) -> str:
    """What a reader sees of a text; two texts that look alike have one.

    >>> look("Caf\u00e9 ") == look("cafe\u0301"), look("a") == look("b")
    (True, False)
    """
    folded = unicodedata.normalize("NFKC", _UNSEEN.sub("", text)).casefold()
    folded = unicodedata.normalize("NFKC", folded).replace("i\u0307", "i")
    return " ".join(folded.translate(_LATIN).split())


def alike_keys(facts: Facts) -> Iterator[Finding]:
    """Per table the keys, of all revisions, that are told apart by their code points alone."""
    for name, tables in facts.keys.items():
        last = list(tables.values())[-1].schema
        by_label = {label: keys for label, keys in tables.items() if keys.schema.equals(last)}
        keys = pa.concat_tables(by_label.values())
        if not any(pa.types.is_string(field.type) for field in keys.schema):
            continue
        rows = np.sort(np.unique(_group(keys.columns), return_index=True)[1])
        seen = [
            _looks(column) if pa.types.is_string(column.type) else column
            for column in keys.take(from_numbers(rows)).columns
        ]
        groups = _group(seen)
        found, firsts, counts = np.unique(groups, return_index=True, return_counts=True)
        if len(several := np.flatnonzero(counts > 1)):
            first = several[np.argmin(firsts[several])]
            pair = rows[np.flatnonzero(groups == found[first])[:2]]
            ends = np.cumsum([len(one) for one in by_label.values()])
            labels = [list(by_label)[at] for at in np.searchsorted(ends, pair, side="right")]
            both = keys.take(from_numbers(pair)).to_pylist()
            yield _finding(name, both, labels, len(several) - 1)


def _group(columns: Sequence[pa.ChunkedArray | pa.Array]) -> Numbers:
    """A number for each row, the same for rows that have the same values."""
    group = np.zeros(len(columns[0]), np.int64)
    for column in columns:
        whole = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
        coded = whole.dictionary_encode()
        codes = group * max(len(coded.dictionary), 1) + numbers(coded.indices)
        group = np.unique(codes, return_inverse=True)[1].astype(np.int64)
    return group


def _looks(texts: pa.ChunkedArray) -> pa.Array:
    """What is seen of each; those in plain ASCII without Python."""
    coded = texts.combine_chunks().dictionary_encode()
    words = coded.dictionary
    plain = pc.utf8_lower(pc.utf8_trim_whitespace(words))
    is_other = pc.match_substring_regex(words, r"[^!-~ ]|  ")
    others = [look(word) for word in words.filter(is_other).to_pylist()]
    return pc.replace_with_mask(plain, is_other, from_strings(others)).take(coded.indices)


def _finding(name: str, pair: list[Row], labels: list[str], others: int) -> Finding:
    first, other = pair
    column = next(column for column in first if first[column] != other[column])
    more = f"; {others} more are like that" if others else ""
    return Finding(
        "keys-alike",
        labels[1],
        f"two keys look alike: {column} is {_points(str(first[column]))} in {labels[0]}, "
        f"{_points(str(other[column]))} in {labels[1]}{more}",
        table=name,
        key=format_key(cast("list[KeyValue]", list(other.values()))),
    )


def _points(text: str) -> str:
    shown = "".join(c if " " < c < "\x7f" else f"<U+{ord(c):04X}>" for c in text[:_SHOWN])
    return f'"{shown}"' + ("..." if len(text) > _SHOWN else "")
