"""Types of text columns: the narrowest that every value of every side fits.

A column is a number only where each of its values is written as one, on both sides of
a diff; so two files never differ in type because one of them happened to start with
whole numbers. What would not come back as it was written stays text: ``007``, ``+49``,
whole numbers that no 64 bits hold, decimals that no double holds.
"""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from azds.arrow.layout import bits, from_bits
from azds.arrow.types import type_in_words
from azds.dataset.inputs import Input

__all__ = ["Found", "cast_text", "find_types", "fits", "misfits"]

_INTEGER = r"^(0|-?[1-9]\d{0,19})$"
_NUMBER = r"^-?((0|[1-9]\d*)(\.\d*)?|\.\d+)([eE][+-]?\d+)?$|^-?(inf|Inf|INF|Infinity|nan|NaN|NAN)$"
_TOO_EXACT = r"^-?\d{16,}(\.|$)|^-?[\d.]{24,}"
"""Numbers with more digits than a double keeps."""
_EXACT = 15
_BOOL = r"^(true|false|True|False|TRUE|FALSE)$"
_DATE = r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])"
_TIME = r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d{1,9})?)?"
_HEX = r"^([0-9a-fA-F]{2})*$"
_WORDS = 60
_FIRST = 16

_KINDS = (
    pa.int64(),
    pa.float64(),
    pa.bool_(),
    pa.date32(),
    pa.timestamp("us"),
    pa.timestamp("us", "UTC"),
)
"""What is tried for a text column, in this order; else it is text."""
_ALSO = {pa.int64(): pa.float64(), pa.date32(): pa.timestamp("us")}
"""Values of the one are values of the other, too."""


@dataclass(frozen=True, slots=True)
class Found:
    """The types of text columns, and what a reader should know of them.

    Attributes:
        types: By column; a column without values has none.
        notes: Columns that hold mixed values, in words.
    """

    types: Mapping[str, pa.DataType]
    notes: tuple[str, ...]


def find_types(
    inputs: Sequence[Input],
    wanted: Mapping[str, pa.DataType] | None = None,
    *,
    ignore: Collection[str] = (),
) -> Found:
    """The type of each text column of these inputs; reads every value once.

    `wanted` are types that the data have elsewhere: taken where every value fits.
    """
    columns: dict[str, _Column] = {}
    for given in inputs:
        names = [n for n in given.schema.names if n in given.text and n not in ignore]
        if not names:
            continue
        for name in names:
            columns.setdefault(name, _Column((wanted or {}).get(name)))
        for batch in given.batches(names):
            for name, values in zip(names, batch.columns, strict=True):
                columns[name].see(values, given.name)
    return Found(
        {name: column.kind for name, column in columns.items() if column.kind is not None},
        tuple(f"{c.lost[0]}: {n} {c.lost[1]}" for n, c in columns.items() if c.lost is not None),
    )


class _Column:
    """One column while its values are seen."""

    def __init__(self, wanted: pa.DataType | None) -> None:
        first = [] if wanted is None else [wanted]
        self._open = [*first, *(kind for kind in _KINDS if kind != wanted)]
        self._seen = False
        self.lost: tuple[str, str] | None = None

    @property
    def kind(self) -> pa.DataType | None:
        """The narrowest type that fits; None where there was no value."""
        if not self._seen:
            return None
        return self._open[0] if self._open else pa.string()

    def see(self, values: pa.Array, where: str) -> None:
        """Take some values into account."""
        if not self._open or values.null_count == len(values):
            return
        if not self._seen:
            self._open = _likely(values, self._open)
        before, seen, self._seen = self._open, self._seen, True
        still: list[pa.DataType] = []
        for kind in before:
            if any(_ALSO.get(other) == kind for other in still):
                if kind != pa.float64() or not _is_too_exact(values):
                    still.append(kind)
            elif _is_open_to(values, kind):
                still.append(kind)
        self._open = still
        if not still:
            self.lost = _what_was_lost(values, before, where, seen=seen)


def _likely(values: pa.Array, kinds: Sequence[pa.DataType]) -> list[pa.DataType]:
    """The types that any of the first values looks like: most columns are settled by these."""
    some = [v[:_WORDS] for v in values.drop_null().slice(0, _FIRST).to_pylist()]
    patterns = [(kind, _pattern(kind)) for kind in kinds]
    return [
        kind
        for kind, pattern in patterns
        if pattern is None or any(re.search(pattern, text) for text in some)
    ]


def _is_open_to(values: pa.Array, kind: pa.DataType) -> bool:
    if kind == pa.float64() and _is_too_exact(values):
        return False
    return fits(values, kind)


def _what_was_lost(
    values: pa.Array, before: Sequence[pa.DataType], where: str, *, seen: bool
) -> tuple[str, str] | None:
    """In which words a column is mixed: most of its values are of a kind, one is not."""
    held = values.drop_null()
    for kind in before:
        wrong = misfits(held, kind)
        count = pc.sum(wrong).as_py() or 0
        if count and (seen or 2 * count < len(held)):
            first = str(held.filter(wrong)[0].as_py())
            return where, f"is compared as text: {_short(first)!r} is no {type_in_words(kind)}"
    return None


def fits(values: pa.Array, kind: pa.DataType) -> bool:
    """Whether all of the text is values of a type; null fits every type."""
    if pa.types.is_string(kind):
        return True
    quick = _quick(values, kind)
    return quick if quick is not None else not pc.any(misfits(values, kind)).as_py()


def misfits(values: pa.Array, kind: pa.DataType) -> pa.BooleanArray:
    """Which values are no text of this type; never null, and false where a value is."""
    if pa.types.is_string(kind):
        return from_bits(np.zeros(len(values), np.bool_))
    if _quick(values, kind):
        return from_bits(np.zeros(len(values), np.bool_))
    looks = pc.fill_null(_looks(values, kind), fill_value=True)
    likely = pc.if_else(looks, values, pa.nulls(len(values), pa.string()))
    return pc.or_(pc.invert(looks), from_bits(~bits(_cast_by_halves(likely, kind))))


def cast_text(values: pa.Array, kind: pa.DataType) -> pa.Array:
    """Text as values of a type that all of it fits."""
    if values.type == kind or not pa.types.is_string(values.type):
        return values if values.type == kind else values.cast(kind)
    if values.null_count == len(values):
        return pa.nulls(len(values), kind)
    if pa.types.is_boolean(kind):
        return pc.utf8_lower(values).cast(kind)
    if pa.types.is_binary(kind):
        return _from_hex(values)
    return values.cast(kind)


def _quick(values: pa.Array, kind: pa.DataType) -> bool | None:
    """Whether all fit, where that is told by writing them back; None where it is not."""
    if kind not in {pa.int64(), pa.date32()}:
        return None
    try:
        back = values.cast(kind).cast(pa.string())
    except pa.ArrowInvalid:
        return False
    return bool(back.equals(values))


def _looks(values: pa.Array, kind: pa.DataType) -> pa.BooleanArray:
    pattern = _pattern(kind)
    if pattern is None:
        return from_bits(np.ones(len(values), np.bool_))
    return pc.match_substring_regex(values, pattern)


def _pattern(kind: pa.DataType) -> str | None:
    """What text of a type looks like; the cast decides what the pattern leaves open."""
    if pa.types.is_timestamp(kind):
        return f"^{_TIME}(Z|[+-]\\d\\d:?\\d\\d)$" if kind.tz else f"^({_TIME}|{_DATE})$"
    families: tuple[tuple[Callable[[pa.DataType], bool], str], ...] = (
        (pa.types.is_boolean, _BOOL),
        (pa.types.is_integer, _INTEGER),
        (pa.types.is_floating, _NUMBER),
        (pa.types.is_decimal, _NUMBER),
        (pa.types.is_date32, f"^{_DATE}$"),
        (pa.types.is_binary, _HEX),
    )
    return next((pattern for is_such, pattern in families if is_such(kind)), None)


def _cast_by_halves(values: pa.Array, kind: pa.DataType) -> pa.BooleanArray:
    """Which of the values can be cast; null can."""
    try:
        cast_text(values, kind)
    except pa.ArrowNotImplementedError:
        return pc.is_null(values)
    except pa.ArrowInvalid:
        if len(values) == 1:
            return from_bits(bits(values.is_null()))
        half = len(values) // 2
        parts = (values.slice(0, half), values.slice(half))
        return pa.concat_arrays([_cast_by_halves(part, kind) for part in parts])
    return from_bits(np.ones(len(values), np.bool_))


def _is_too_exact(values: pa.Array) -> bool:
    """Whether a number among them has more digits than a double keeps."""
    if (pc.max(pc.binary_length(values)).as_py() or 0) <= _EXACT:
        return False
    return bool(pc.any(pc.match_substring_regex(values, _TOO_EXACT)).as_py())


def _from_hex(values: pa.Array) -> pa.Array:
    if not re.fullmatch(_HEX, "".join(v or "" for v in values.to_pylist())):
        raise pa.ArrowInvalid("no hexadecimal text")
    return pa.array(
        [None if v is None else bytes.fromhex(v) for v in values.to_pylist()], pa.binary()
    )


def _short(text: str) -> str:
    return text if len(text) <= _WORDS else text[: _WORDS - 1] + "…"
