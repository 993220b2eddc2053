"""How two values relate where the column's meaning tells more than that they differ."""

from typing import TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from azds.arrow.layout import (
    Bits,
    Numbers,
    bits,
    distinct,
    from_bits,
    numbers,
    offsets,
)
from azds.changes.result import Kind
from azds.dates import EdtfDate, Relation, parse_date, relate
from azds.errors import InvalidInputError

__all__ = ["Kinds", "date_kinds", "set_kinds"]

Kinds: TypeAlias = dict[Kind, Bits]
"""For each kind, the pairs of values that it is true of; no pair has two."""

_PLAIN_DATE = (  # YYYY, YYYY-MM, YYYY-MM-DD; 29 February is left to the slow way
    r"^(000[1-9]|00[1-9]\d|0[1-9]\d\d|[1-9]\d\d\d)"
    r"(-(0[1-9]|1[0-2])(-(0[1-9]|1\d|2[0-8]))?|-(0[13-9]|1[0-2])-(29|30)|-(0[13578]|1[02])-31)?$"
)
_CODES = tuple(Relation)
_SHORTER = (4, 7)  # the lengths of YYYY and YYYY-MM, with which a longer one may start


def date_kinds(old: pa.StringArray, new: pa.StringArray) -> Kinds:
    """Which pairs of dates were refined and which coarsened, as `azds.dates.relate` has it.

    Shape: EDTF strings that differ, no nulls; a text that is no date relates to nothing.
    """
    is_plain = [pc.match_substring_regex(side, _PLAIN_DATE) for side in (old, new)]
    simple = bits(pc.and_(*is_plain))
    refined = simple & _starts(old, new)
    coarsened = simple & _starts(new, old)
    if not simple.all():
        rest = np.flatnonzero(~simple)
        relations = _relations(*(side.filter(from_bits(~simple)) for side in (old, new)))
        refined[rest[relations == _CODES.index(Relation.REFINES)]] = True
        coarsened[rest[relations == _CODES.index(Relation.COARSENS)]] = True
    return {Kind.REFINED: refined, Kind.COARSENED: coarsened}


def set_kinds(old: pa.ListArray, new: pa.ListArray) -> Kinds:
    """Which pairs of sets were extended and which reduced: one holds the other, and more.

    Shape: lists of flat values, no null lists.
    """
    items = pa.concat_arrays([old.flatten(), new.flatten()])
    encoded = items.dictionary_encode(null_encoding="encode")
    codes, count = numbers(encoded.indices).astype(np.int64), max(len(encoded.dictionary), 1)
    cut = len(old.flatten())
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
    year, month = (pc.equal(short, pc.utf8_slice_codeunits(long, 0, n)) for n in _SHORTER)
    return bits(pc.or_(year, month))


def _relations(old: pa.StringArray, new: pa.StringArray) -> Numbers:
    """The relation of each pair as its place in `_CODES`; each distinct pair is worked out once."""
    encoded = pa.concat_arrays([old, new]).dictionary_encode()
    codes, count = numbers(encoded.indices).astype(np.int64), len(encoded.dictionary)
    dates = [_date(text) for text in encoded.dictionary.to_pylist()]
    pairs, places = np.unique(codes[: len(old)] * count + codes[len(old) :], return_inverse=True)
    befores, afters = (part.tolist() for part in np.divmod(pairs, count))
    found = [_relation(dates[a], dates[b]) for a, b in zip(befores, afters, strict=True)]
    return np.array([_CODES.index(relation) for relation in found], np.int64)[places]


def _date(text: str) -> EdtfDate | None:
    try:
        return parse_date(text)
    except InvalidInputError:
        return None


def _relation(old: EdtfDate | None, new: EdtfDate | None) -> Relation:
    return Relation.CONTRADICTS if old is None or new is None else relate(old, new)


def _distinct(lists: pa.ListArray, codes: Numbers, count: int) -> Numbers:
    """Each row's items once, as one number for row and item."""
    rows = np.repeat(np.arange(len(lists)), np.diff(offsets(lists)))
    return distinct(rows * count + codes)
