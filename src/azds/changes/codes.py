"""Text that is kept once: columns of codes, which compare as numbers.

A reader may give text, or lists of text, as codes into a dictionary. `compact` keeps such
columns, `comparable` makes the codes of both sides mean the same, and `plain`
(`azds.arrow.layout`) gives the text.
"""

import numpy as np
import pyarrow as pa

from azds.arrow.kernels import kernel
from azds.arrow.layout import Values, numbers, plain, valid

__all__ = ["compact", "comparable"]

_CODED = pa.dictionary(pa.int32(), pa.string())


def compact(values: pa.ChunkedArray) -> pa.Array:
    """The values as one array: as codes where they come so in one piece, else plain."""
    if values.num_chunks == 1 and _is_coded(values.type):
        return values.chunk(0)
    return plain(values)


def comparable(a: pa.Array, b: pa.Array) -> tuple[pa.Array, pa.Array]:
    """Arrays that are equal in the same rows as `a` and `b`, in one plain type.

    >>> a, b = (pa.array(words).dictionary_encode() for words in (["x", "y"], ["z", "y"]))
    >>> [codes.to_pylist() for codes in comparable(a, b)]
    [[0, 1], [2, 1]]
    """
    if not (_is_coded(a.type) and _is_coded(b.type)):
        return plain(a), plain(b)
    left, right = _coded_values(a), _coded_values(b)
    if left.dictionary.null_count or right.dictionary.null_count:
        return plain(a), plain(b)
    words = pa.concat_arrays([left.dictionary, right.dictionary])
    codes = numbers(kernel("dictionary_encode", words).indices)  # the same word, the same code
    size = len(left.dictionary)
    return _with_codes(a, left, codes[:size]), _with_codes(b, right, codes[size:])


def _is_coded(kind: pa.DataType) -> bool:
    return bool(kind == _CODED or (pa.types.is_list(kind) and kind.value_type == _CODED))


def _coded_values(array: pa.Array) -> pa.DictionaryArray:
    return array.values if pa.types.is_list(array.type) else array


def _with_codes(array: pa.Array, values: pa.DictionaryArray, codes: Values) -> pa.Array:
    """The array with codes, translated, for its text."""
    if np.array_equal(codes, np.arange(len(codes))):
        items = values.indices
    else:
        old = numbers(values.indices)
        if values.null_count:
            old = np.where(valid(values.indices), old, 0)
        new = codes[old] if len(codes) else np.zeros(len(old))
        buffer = pa.py_buffer(np.ascontiguousarray(new, np.int32))
        mask = _validity(values)
        items = pa.Array.from_buffers(pa.int32(), len(old), [mask, buffer])
    if not pa.types.is_list(array.type):
        return items
    kind = pa.list_(pa.int32())
    return pa.Array.from_buffers(
        kind, len(array), array.buffers()[:2], offset=array.offset, children=[items]
    )


def _validity(values: pa.DictionaryArray) -> pa.Buffer | None:
    if not values.null_count:
        return None
    return pa.py_buffer(np.packbits(valid(values.indices), bitorder="little"))
