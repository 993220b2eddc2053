"""One layout for all values, and numpy views of its buffers.

Arrow has several layouts for equal values: chunks, slices, large, view and
dictionary arrays. `plain` brings each to one array of the plain type. The views
read buffers directly and the makers write them: `pa.array`, `to_numpy` and
comparisons with Python scalars import pandas where it is installed, which
costs more than a small diff. Any module above may import this one.
"""

import functools
from collections.abc import Sequence
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from azds.arrow.kernels import cast, kernel
from azds.arrow.types import plain_type

__all__ = [
    "Bits",
    "Numbers",
    "Values",
    "bits",
    "distinct",
    "from_bits",
    "from_numbers",
    "from_strings",
    "kept",
    "list_sizes",
    "numbers",
    "offsets",
    "plain",
    "scalar",
    "taken",
    "valid",
]

Bits: TypeAlias = npt.NDArray[np.bool_]
Numbers: TypeAlias = npt.NDArray[np.int64]
Values: TypeAlias = npt.NDArray[Any]
"""Numbers whose dtype follows the Arrow type."""

_BYTE = 8


def plain(values: pa.Array | pa.ChunkedArray) -> pa.Array:
    """The values as one array of the plain type; no copy where they are so already.

    Raises:
        InvalidInputError: `type-unsupported`.
    """
    array = values
    if isinstance(values, pa.ChunkedArray):
        if values.num_chunks == 0:  # to combine none imports pandas where it is installed
            array = pa.nulls(0, values.type)
        else:
            array = values.chunk(0) if values.num_chunks == 1 else values.combine_chunks()
    return cast(array, plain_type(array.type))


def bits(array: pa.BooleanArray) -> Bits:
    """The Booleans as a numpy copy; false where null."""
    if len(array) == 0:
        return np.empty(0, np.bool_)
    values = _unpacked(array.buffers()[1], array.offset, len(array))
    if array.null_count:
        values &= valid(array)
    return values


def valid(array: pa.Array) -> Bits:
    """Whether each value is not null."""
    if not array.null_count:
        return np.ones(len(array), np.bool_)
    return _unpacked(array.buffers()[0], array.offset, len(array))


def distinct(values: Numbers) -> Numbers:
    """The numbers that occur, ascending, each once.

    As `numpy.unique`, which hashes since numpy 2.3: a hundred times slower on sorted runs.

    >>> distinct(np.array([3, 1, 3])).tolist()
    [1, 3]
    """
    ordered = np.sort(values, kind="stable")
    is_first = np.ones(len(ordered), np.bool_)
    is_first[1:] = ordered[1:] != ordered[:-1]
    return ordered[is_first]


def numbers(array: pa.Array) -> Values:
    """A view of fixed-width values that are no Booleans; anything at all where null.

    Shape: one value per row, 16-byte decimals as two little-endian words.
    """
    kind = array.type
    width = kind.bit_width // _BYTE
    if pa.types.is_floating(kind):
        dtype = f"<f{width}"
    elif pa.types.is_decimal(kind):
        dtype = "<u8"
    else:
        dtype = f"<{'u' if pa.types.is_unsigned_integer(kind) else 'i'}{width}"
    words = 2 if pa.types.is_decimal(kind) else 1
    view = _view(array.buffers()[1], dtype, array.offset * words, len(array) * words)
    return view.reshape(-1, 2) if words > 1 else view


def offsets(array: pa.Array) -> Values:
    """The offsets of a plain string, binary or list array: one more than it has rows."""
    if len(array) == 0:
        return np.zeros(1, np.int32)
    return _view(array.buffers()[1], "<i4", array.offset, len(array) + 1)


def list_sizes(array: pa.ListArray) -> Numbers:
    """The length of each list; -1 where null."""
    sizes = np.diff(offsets(array)).astype(np.int64)
    if array.null_count:
        sizes[~valid(array)] = -1
    return sizes


def taken(values: Any, rows: npt.NDArray[np.integer]) -> Any:  # noqa: ANN401 - an array, batch or table, as it came
    """A copy of these rows of an array, a batch or a table, in this order."""
    return kernel("take", values, from_numbers(rows))


def kept(values: Any, mask: Bits) -> Any:  # noqa: ANN401 - an array, batch or table, as it came
    """The rows of an array, a batch or a table for which `mask` holds; all without a copy."""
    if mask.all():
        return values
    return kernel("filter", values, from_bits(mask)) if mask.any() else values.slice(0, 0)


def from_bits(mask: Bits) -> pa.BooleanArray:
    """Booleans without nulls, from numpy."""
    packed = np.packbits(mask, bitorder="little")
    return pa.Array.from_buffers(pa.bool_(), len(mask), [None, pa.py_buffer(packed)])


def from_numbers(values: npt.NDArray[np.integer]) -> pa.Int64Array:
    """Integers without nulls, from numpy."""
    buffer = pa.py_buffer(np.ascontiguousarray(values, np.int64))
    return pa.Array.from_buffers(pa.int64(), len(values), [None, buffer])


def from_strings(texts: Sequence[str]) -> pa.StringArray:
    """Strings without nulls; meant for few.

    >>> from_strings(["a", ""]).to_pylist()
    ['a', '']
    """
    encoded = [text.encode() for text in texts]
    ends = np.cumsum([0, *map(len, encoded)], dtype=np.int32)
    buffers = [None, pa.py_buffer(ends), pa.py_buffer(b"".join(encoded))]
    return pa.Array.from_buffers(pa.string(), len(texts), buffers)


@functools.lru_cache(maxsize=64)
def scalar(text: str) -> pa.StringScalar:
    """One string for a compute function."""
    return from_strings([text])[0]


def _view(buffer: pa.Buffer | None, dtype: str, start: int, count: int) -> Values:
    kind = np.dtype(dtype)
    if buffer is None or count == 0:
        return np.zeros(count, kind)
    return np.frombuffer(buffer, kind, count=count, offset=start * kind.itemsize)


def _unpacked(buffer: pa.Buffer, start: int, count: int) -> Bits:
    first, skip = divmod(start, _BYTE)
    packed = np.frombuffer(buffer, np.uint8, count=-(-(skip + count) // _BYTE), offset=first)
    return np.unpackbits(packed, count=skip + count, bitorder="little")[skip:].view(np.bool_)
