"""The one home of equality.

Null equals null and NaN equals NaN; null is not NaN, a null list is not an
empty one, -0.0 equals 0.0. Lists are equal by element, structs by field;
what lies under a null does not count. The content digest follows the same rules.
"""

import numpy as np
import pyarrow as pa

from azds.arrow.kernels import kernel
from azds.arrow.layout import bits, from_bits, kept, list_sizes, numbers, plain, valid
from azds.errors import InvalidInputError

__all__ = ["equal"]

_PIECE = 1 << 20


def equal(
    a: pa.Array | pa.ChunkedArray, b: pa.Array | pa.ChunkedArray, *, rtol: float = 0.0
) -> pa.BooleanArray:
    """Row by row, whether `a` and `b` hold the same value; never null.

    Shape: Both of one length and of one type in words; chunks and layouts may differ.
    Units: `rtol` is for floats at any depth: they also agree where both are finite and
    ``|a - b| <= rtol * max(|a|, |b|)``.

    >>> nan = float("nan")
    >>> equal(pa.array([None, nan, 0.0, 1.0]), pa.array([None, nan, -0.0, None])).to_pylist()
    [True, True, True, False]

    Raises:
        InvalidInputError: `bad-argument`, if lengths or types differ; `type-unsupported`.
    """
    if len(a) != len(b):
        raise InvalidInputError(
            "bad-argument", "columns differ in length", expected=str(len(a)), got=str(len(b))
        )
    chunked = isinstance(a, pa.ChunkedArray) or isinstance(b, pa.ChunkedArray)
    if chunked and len(a) > _PIECE:  # all chunks together may not fit one plain array
        starts = range(0, len(a), _PIECE)
        return pa.concat_arrays(
            [equal(a.slice(at, _PIECE), b.slice(at, _PIECE), rtol=rtol) for at in starts]
        )
    a, b = plain(a), plain(b)
    if a.type != b.type:
        raise InvalidInputError(
            "bad-argument", "columns differ in type", expected=str(a.type), got=str(b.type)
        )
    return _equal(a, b, rtol)


def _equal(a: pa.Array, b: pa.Array, rtol: float) -> pa.BooleanArray:
    if a.equals(b):  # quick, and never true where a value differs
        return from_bits(np.ones(len(a), np.bool_))
    if pa.types.is_struct(a.type):
        return _equal_structs(a, b, rtol)
    if pa.types.is_list(a.type):
        return _equal_lists(a, b, rtol)
    return _equal_flat(a, b, rtol)


def _equal_flat(a: pa.Array, b: pa.Array, rtol: float) -> pa.BooleanArray:
    same = kernel("equal", a, b)
    if pa.types.is_floating(a.type):
        are_nan = kernel("and", kernel("is_nan", a), kernel("is_nan", b))
        same = kernel("or", same, are_nan)
        if rtol:
            same = kernel("or", same, _close(a, b, rtol))
    if same.null_count:
        same = kernel("coalesce", same, from_bits(~valid(a) & ~valid(b)))
    return same


def _close(a: pa.Array, b: pa.Array, rtol: float) -> pa.BooleanArray:
    left, right = numbers(a).astype(np.float64), numbers(b).astype(np.float64)
    with np.errstate(invalid="ignore", over="ignore"):
        near = np.abs(left - right) <= rtol * np.maximum(np.abs(left), np.abs(right))
    return from_bits(near & np.isfinite(left) & np.isfinite(right))


def _equal_structs(a: pa.StructArray, b: pa.StructArray, rtol: float) -> pa.BooleanArray:
    same = from_bits(valid(a) == valid(b))
    for left, right in zip(a.flatten(), b.flatten(), strict=True):  # null where the parent is
        same = kernel("and", same, _equal(left, right, rtol))
    return same


def _equal_lists(a: pa.ListArray, b: pa.ListArray, rtol: float) -> pa.BooleanArray:
    sizes = list_sizes(a)
    same = sizes == list_sizes(b)
    if not same.all():
        a, b, sizes = kept(a, same), kept(b, same), sizes[same]
    left, right = (kernel("list_flatten", lists) for lists in (a, b))
    items = bits(_equal(left, right, rtol))
    if not items.all():
        ends = np.cumsum(np.maximum(sizes, 0))
        rows = np.searchsorted(ends, np.flatnonzero(~items), side="right")
        same[np.flatnonzero(same)[rows]] = False
    return from_bits(same)
