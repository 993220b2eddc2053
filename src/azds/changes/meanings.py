"""How two values relate where the column's meaning tells more than that they differ."""

from typing import TYPE_CHECKING, TypeAlias

import numpy as np
import pyarrow as pa

from azds.arrow.kernels import compute, kernel
from azds.arrow.layout import Bits, Numbers, bits, distinct, kept, numbers, offsets
from azds.changes.result import Kind
from azds.errors import InvalidInputError

if TYPE_CHECKING:  # for signatures
    from azds.dates import EdtfDate, Relation

__all__ = ["Kinds", "date_kinds", "set_kinds"]

Kinds: TypeAlias = dict[Kind, Bits]
"""For each kind, the pairs of values that it is true of; no pair has two."""

_PLAIN_DATE = (  # YYYY, YYYY-MM, YYYY-MM-DD; 29 February is left to the slow way
    r"^(000[1-9]|00[1-9]\d|0[1-9]\d\d|[1-9]\d\d\d)"
    r"(-(0[1-9]|1[0-2])(-(0[1-9]|1\d|2[0-8]))?|-(0[13-9]|1[0-2])-(29|30)|-(0[13578]|1[02])-31)?$"
)
_SHORTER = (4, 7)  # the lengths of YYYY and YYYY-MM, with which a longer one may start


def date_kinds(old: pa.StringArray, new: pa.StringArray) -> Kinds:
    """Which pairs of dates were refined and which coarsened, as `azds.dates.relate` has it.

    Shape: EDTF strings that differ, no nulls; a text that is no date relates to nothing.
    """
    plain = compute.MatchSubstringOptions(_PLAIN_DATE)
    is_plain = (kernel("match_substring_regex", side, options=plain) for side in (old, new))
    simple = bits(kernel("and", *is_plain))
    refined = simple & _starts(old, new)
    coarsened = simple & _starts(new, old)
    if not simple.all():
        rest = np.flatnonzero(~simple)
        refines, coarsens = _relations(kept(old, ~simple), kept(new, ~simple))
        refined[rest], coarsened[rest] = refines, coarsens
    return {Kind.REFINED: refined, Kind.COARSENED: coarsened}


def set_kinds(old: pa.ListArray, new: pa.ListArray) -> Kinds:
    """Which pairs of sets were extended and which reduced: one holds the other, and more.

    Shape: lists of flat values, no null lists.
    """
    sides = [kernel("list_flatten", side) for side in (old, new)]
    encoded = kernel(
        "dictionary_encode",
        pa.concat_arrays(sides),
        options=compute.DictionaryEncodeOptions("encode"),
    )
    codes, count = numbers(encoded.indices).astype(np.int64), max(len(encoded.dictionary), 1)
    cut = len(sides[0])
    old_items = _distinct(old, codes[:cut], count)
    new_items = _distinct(new, codes[cut:], count)
    shared = np.intersect1d(old_items, new_items, assume_unique=True)
    in_old, in_new, in_both = (
        np.bincount(part // count, minlength=len(old)) for part in (old_items, new_items, shared)
    )
    return {
        Kind.EXTENDED: (in_both == in_old) & (in_new > in_old),
        Kind.REDUCED: (in_both == in_new) & (in_old > in_new),
    }


def _starts(short: pa.StringArray, long: pa.StringArray) -> Bits:
    """Whether `short` is the beginning of `long`, given plain dates that differ."""
    starts = (
        kernel("utf8_slice_codeunits", long, options=compute.SliceOptions(0, n)) for n in _SHORTER
    )
    return bits(kernel("or", *(kernel("equal", short, start) for start in starts)))


def _relations(old: pa.StringArray, new: pa.StringArray) -> tuple[Bits, Bits]:
    """Which pairs were refined and which coarsened; each distinct pair is worked out once."""
    from azds.dates import Relation  # noqa: PLC0415 - for dates that are more than plain days

    encoded = kernel("dictionary_encode", pa.concat_arrays([old, new]))
    codes, count = numbers(encoded.indices).astype(np.int64), len(encoded.dictionary)
    dates = [_date(text) for text in encoded.dictionary.to_pylist()]
    pairs, places = np.unique(codes[: len(old)] * count + codes[len(old) :], return_inverse=True)
    befores, afters = (part.tolist() for part in np.divmod(pairs, count))
    found = [_relation(dates[a], dates[b]) for a, b in zip(befores, afters, strict=True)]
    refines, coarsens = (
        np.array([one is wanted for one in found], np.bool_)[places]
        for wanted in (Relation.REFINES, Relation.COARSENS)
    )
    return refines, coarsens


def _date(text: str) -> "EdtfDate | None":
    from azds.dates import parse_date  # noqa: PLC0415 - as above

    try:
        return parse_date(text)
    except InvalidInputError:
        return None


def _relation(old: "EdtfDate | None", new: "EdtfDate | None") -> "Relation | None":
    from azds.dates import relate  # noqa: PLC0415 - as above

    return None if old is None or new is None else relate(old, new)


def _distinct(lists: pa.ListArray, codes: Numbers, count: int) -> Numbers:
    """Each row's items once, as one number for row and item."""
    rows = np.repeat(np.arange(len(lists)), np.diff(offsets(lists)))
    return distinct(rows * count + codes)
