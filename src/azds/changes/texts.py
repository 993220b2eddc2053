"""Values as text, for what a person reads of patches and merges."""

import json
from base64 import b64encode
from collections.abc import Mapping

import pyarrow as pa

from azds.arrow.keys import to_text
from azds.arrow.layout import plain

__all__ = ["value_texts"]


def value_texts(values: pa.Array | pa.ChunkedArray) -> pa.StringArray:
    """Each value as text; null stays null. Nested ones are JSON: meant for few.

    >>> value_texts(pa.array([["a"], None])).to_pylist()
    ['["a"]', None]
    """
    array = plain(values)
    if not pa.types.is_nested(array.type):
        return to_text(array)
    items = [
        None if value is None else json.dumps(_plain(value), ensure_ascii=False)
        for value in array.to_pylist()
    ]
    return pa.array(items, pa.string())


def _plain(value: object) -> object:
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, Mapping):
        return {name: _plain(item) for name, item in value.items()}
    if isinstance(value, bytes):
        return b64encode(value).decode()
    return value if value is None or isinstance(value, bool | int | float | str) else str(value)
