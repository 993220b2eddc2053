"""Rows against what is declared of them: whole columns at a time, the rows that fail told apart."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from azds.arrow.keys import key_strings
from azds.arrow.layout import Bits, Numbers, bits, from_bits, from_strings, numbers
from azds.arrow.types import to_arrow_schema, type_from_words
from azds.columns import Column, Role, TableSchema
from azds.dataset.inputs import Input
from azds.dataset.typing_text import cast_text, misfits
from azds.errors import InvalidInputError

__all__ = ["Checked", "Refused", "check_rows_of", "number_repeats", "repeated_keys"]

_WORDS = 60
_MOST_HELD = 10_000
"""Rejected rows that are told one by one; the rest is counted."""
_KEYS_SHOWN = 5
_ROWS_SHOWN = 4


@dataclass(frozen=True, slots=True)
class Refused:
    """A row that broke the declaration.

    Attributes:
        row: Its number in the input, from 1, the header not counted.
        rule: ``type``, ``null`` or ``record``.
        reason: Why, in words.
        words: The value that broke it, as text.
    """

    row: int
    rule: str
    reason: str
    words: str


@dataclass(frozen=True, slots=True)
class Checked:
    """The rows that are as declared, and those that are not.

    Attributes:
        rows: As declared, in the order of the input.
        numbers: The number of each of `rows` in the input, from 1.
        refused: The first rows that are not as declared, in their order.
        count: How many are not.
    """

    rows: pa.Table
    numbers: Numbers
    refused: tuple[Refused, ...]
    count: int


def check_rows_of(source: Input, schema: TableSchema, *, most: int = _MOST_HELD) -> Checked:
    """The rows of an input with the declared types, and those that do not fit them.

    Text becomes what is declared where it is written so. At most `most` of the rows
    that do not fit are held; all are counted.

    Raises:
        InvalidInputError: `bad-column`, where a whole column is of another type.
    """
    there = set(source.schema.names)
    names = [c.name if c.name in there else c.was for c in schema.columns]
    types = [type_from_words(column.type) for column in schema.columns]
    refused: list[Refused] = []
    kept: list[pa.RecordBatch] = []
    rows: list[Numbers] = [np.empty(0, np.int64)]
    count, start = 0, 1
    for batch in source.batches(names):
        columns = [
            _Values(column, kind, values, source.name)
            for column, kind, values in zip(schema.columns, types, batch.columns, strict=True)
        ]
        bad = np.zeros(batch.num_rows, np.bool_)
        for one in columns:
            bad |= one.misfits | one.missing
        if bad.any():
            count += int(bad.sum())
            refused += _told(columns, np.flatnonzero(bad)[: max(0, most - len(refused))], start)
        kept.append(
            pa.RecordBatch.from_arrays(
                [one.cast(~bad) for one in columns], names=list(schema.names)
            )
        )
        rows.append(np.flatnonzero(~bad) + start)
        start += batch.num_rows
    loose = pa.schema([(field.name, field.type) for field in to_arrow_schema(schema)])
    return Checked(pa.Table.from_batches(kept, loose), np.concatenate(rows), tuple(refused), count)


class _Values:
    """The values of one column in one batch, against its declaration."""

    def __init__(self, column: Column, kind: pa.DataType, values: pa.Array, where: str) -> None:
        self.column = column
        self.where = where
        self.kind = kind
        self.values = _as_text(values)
        self.is_text = pa.types.is_string(self.values.type) and not pa.types.is_string(kind)
        none = np.zeros(len(values), np.bool_)
        self.missing = none if column.nullable else ~bits(self.values.is_valid())
        self.misfits = bits(misfits(self.values, kind)) if self.is_text else none

    def cast(self, good: Bits) -> pa.Array:
        """The good values in the declared type."""
        held = self.values if good.all() else self.values.filter(from_bits(good))
        if self.is_text:
            return cast_text(held, self.kind)
        try:
            return held if held.type == self.kind else held.cast(self.kind)
        except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
            raise InvalidInputError(
                "bad-column",
                "values do not fit the declared type",
                where=f"{self.where}: {self.column.name}",
                expected=self.column.type,
                got=str(held.type),
            ) from error

    def told(self, at: int) -> tuple[str, str, str] | None:
        """Rule, reason and words, where this value breaks the declaration."""
        if self.missing[at]:
            what = "the key column " if self.column.role is Role.KEY else ""
            return "null", f"{what}{self.column.name} has no value", ""
        if self.misfits[at]:
            words = str(self.values[at].as_py())
            short = words if len(words) <= _WORDS else words[: _WORDS - 1] + "…"
            return "type", f"{self.column.name} {short!r} is no {self.column.type}", short
        return None


def _as_text(values: pa.Array) -> pa.Array:
    """Text in any layout as plain text; other values as they are."""
    kind = values.type.value_type if pa.types.is_dictionary(values.type) else values.type
    is_text = pa.types.is_large_string(kind) or pa.types.is_string_view(kind)
    return values.cast(pa.string()) if is_text or kind != values.type else values


def _told(columns: Sequence[_Values], at: Iterable[int], start: int) -> Iterator[Refused]:
    for row in at:
        rule, reason, words = next(told for one in columns if (told := one.told(int(row))))
        yield Refused(start + int(row), rule, reason, words)


def number_repeats(
    batches: Iterable[pa.RecordBatch],
    key: tuple[str, ...],
    keys: pa.Array,
    places: Numbers | None = None,
) -> str:
    """The first of these key strings, with the numbers of the rows in which they stand.

    Shape: batches of the key columns, in the order of the input; `places` are the
    numbers of their rows, where these are not simply counted from 1.
    """
    wanted = keys.slice(0, _KEYS_SHOWN)
    found: dict[int, list[int]] = {at: [] for at in range(len(wanted))}
    start = 1
    for batch in batches:
        codes = pc.index_in(key_strings(pa.Table.from_batches([batch]), key), value_set=wanted)
        for row in np.flatnonzero(bits(codes.is_valid())).tolist():
            rows = found[codes[row].as_py()]
            if len(rows) <= _ROWS_SHOWN:
                rows.append(start + row if places is None else int(places[start + row - 1]))
        start += batch.num_rows
    shown = [f"{wanted[at].as_py()} (rows {_numbers(rows)})" for at, rows in found.items()]
    return ", ".join(shown) + (", …" if len(keys) > len(wanted) else "")


def repeated_keys(table: pa.Table, key: tuple[str, ...]) -> pa.Array:
    """The key strings that stand in several rows, each once, in the order of the table."""
    if not table.num_rows:
        return from_strings([])
    encoded = key_strings(table, key).dictionary_encode()
    often = np.bincount(numbers(encoded.indices)) > 1
    return encoded.dictionary.filter(from_bits(often))


def _numbers(rows: Sequence[int]) -> str:
    shown = [str(row) for row in rows[:_ROWS_SHOWN]]
    return ", ".join(shown) + (", …" if len(rows) > _ROWS_SHOWN else "")
