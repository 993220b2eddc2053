"""Keys of Arrow tables: canonical strings, order, and the promise that they are unique."""

import numpy as np
import pyarrow as pa

from azds.arrow.kernels import cast, compute, kernel
from azds.arrow.layout import bits, from_strings, offsets, plain, scalar, taken, valid
from azds.errors import InvalidInputError

__all__ = ["check_keys", "is_strictly_sorted", "key_strings", "sort_by_key", "to_text"]

_SHOWN = 5
_PIECE = 1 << 20


def key_strings(table: pa.Table, key: tuple[str, ...]) -> pa.StringArray:
    """The canonical key string of each row: `azds.ids.format_key`, vectorised.

    Shape: one string per row, in row order; the key columns hold no nulls.

    >>> key_strings(pa.table({"name": ["a/b~c"], "n": [1]}), ("name", "n")).to_pylist()
    ['a~1b~0c/1']
    """
    parts = []
    for name in key:
        text = to_text(table.column(name))
        held = bytes(text.buffers()[2] or b"")
        for special, written in ((b"~", b"~0"), (b"/", b"~1")):
            if special in held:
                options = compute.ReplaceSubstringOptions(special, written)
                text = kernel("replace_substring", text, options=options)
        parts.append(text)
    return parts[0] if len(parts) == 1 else kernel("binary_join_element_wise", *parts, scalar("/"))


def to_text(values: pa.Array | pa.ChunkedArray) -> pa.StringArray:
    """Values as text, not escaped: `azds.ids.format_key_value`, vectorised; null stays null.

    >>> to_text(pa.array([True, None])).to_pylist()
    ['true', None]
    """
    array = plain(values)
    kind = array.type
    if pa.types.is_timestamp(kind):
        return _moments(array)
    if pa.types.is_binary(kind):
        return _hexadecimal(array)
    if pa.types.is_decimal(kind):
        return _digits(array)
    return array if pa.types.is_string(kind) else cast(array, pa.string())


def is_strictly_sorted(table: pa.Table, key: tuple[str, ...]) -> bool:
    """Whether each row's key comes after that of the row before, none being null."""
    if any(table.column(name).null_count for name in key):
        return False
    if table.num_rows < 2:  # noqa: PLR2004 - nothing to order
        return True
    after = None
    for name in reversed(key):
        low, high = table.column(name).slice(0, table.num_rows - 1), table.column(name).slice(1)
        less = kernel("less", low, high)
        if after is not None:
            less = kernel("or", less, kernel("and", kernel("equal", low, high), after))
        after = less
    return after is not None and _count(after) == len(after)


def sort_by_key(table: pa.Table, key: tuple[str, ...]) -> pa.Table:
    """The table in key order: code points for strings, values for the rest."""
    if table.num_rows < 2:  # noqa: PLR2004 - nothing to order
        return table
    by = compute.SortOptions([(name, "ascending") for name in key])
    order = kernel("sort_indices", table.select(list(key)), options=by)
    return pa.Table.from_arrays([_take(c, order) for c in table.columns], schema=table.schema)


def check_keys(table: pa.Table, key: tuple[str, ...], where: str) -> None:
    """Refuse a key-sorted table whose key is null or repeats.

    Raises:
        InvalidInputError: `key-null` or `key-repeated`, naming the first few.
    """
    for name in key:
        nulls = table.column(name).null_count
        if nulls:
            raise InvalidInputError(
                "key-null", f"{nulls} row(s) have no value in a key column", where=f"{where}.{name}"
            )
    if table.num_rows < 2:  # noqa: PLR2004 - nothing to repeat
        return
    same = None
    for name in key:
        column = table.column(name)
        equal = kernel("equal", column.slice(1), column.slice(0, table.num_rows - 1))
        same = equal if same is None else kernel("and", same, equal)
    count = 0 if same is None else _count(same)
    if count:
        at = np.flatnonzero(bits(plain(same)))[: _SHOWN * 4]
        some = list(dict.fromkeys(key_strings(taken(table, at), key).to_pylist()))
        is_more = len(some) > _SHOWN or count > len(at)
        raise InvalidInputError(
            "key-repeated",
            f"{count} row(s) repeat the key of another",
            where=where,
            got=", ".join(some[:_SHOWN]) + (", ..." if is_more else ""),
        )


def _count(mask: pa.ChunkedArray) -> int:
    return sum(chunk.true_count for chunk in mask.chunks)


def _take(column: pa.ChunkedArray, order: pa.Array) -> pa.Array | pa.ChunkedArray:
    """`column.take(order)`, also where all text together does not fit one plain array."""
    kind = column.type
    large = {pa.string(): pa.large_string(), pa.binary(): pa.large_binary()}.get(kind)
    if column.num_chunks < 2 or large is None:  # noqa: PLR2004 - one chunk always fits
        return kernel("take", column, order)
    whole = cast(column, large).combine_chunks()
    pieces = (order.slice(at, _PIECE) for at in range(0, len(order), _PIECE))
    return pa.chunked_array([cast(kernel("take", whole, some), kind) for some in pieces], kind)


def _digits(values: pa.Array) -> pa.StringArray:
    """Decimals without an exponent and without zeros that say nothing, whatever their scale."""
    import pyarrow.compute as pc  # noqa: PLC0415 - 20 ms, for keys of this kind only

    text = values.cast(pa.string())
    small = pc.match_substring(text, "E")
    if pc.any(small).as_py():  # only numbers near zero are written with an exponent
        plain_text = [None if v is None else f"{v:f}" for v in values.filter(small).to_pylist()]
        text = pc.replace_with_mask(
            text, pc.fill_null(small, fill_value=False), pa.array(plain_text, pa.string())
        )
    short = pc.replace_substring_regex(text, r"(\.\d*?)0+$", r"\1")
    return pc.replace_substring_regex(short, r"\.$", "")


def _moments(values: pa.TimestampArray) -> pa.StringArray:
    """ISO 8601 as `datetime.isoformat` writes it: no fraction, six digits, or nine."""
    import pyarrow.compute as pc  # noqa: PLC0415 - 20 ms, for keys of this kind only

    kind = values.type
    is_utc = kind.tz in {"UTC", "Etc/UTC", "+00:00"}  # needs no time zone database
    if is_utc:
        values = values.view(pa.timestamp(kind.unit))
    zone = "%Ez" if kind.tz and not is_utc else ""
    text = pc.strftime(values, format=f"%Y-%m-%dT%H:%M:%S{zone}")
    text = pc.replace_substring_regex(text, r"\.0+($|[+-])", r"\1")
    if kind.unit == "ms":
        text = pc.replace_substring_regex(text, r"(\.\d{3})($|[+-])", r"\1000\2")
    elif kind.unit == "ns":
        text = pc.replace_substring_regex(text, r"(\.\d{6})000($|[+-])", r"\1\2")
    return pc.binary_join_element_wise(text, scalar("+00:00"), scalar("")) if is_utc else text


def _hexadecimal(values: pa.BinaryArray) -> pa.StringArray:
    if len(values) == 0:
        return from_strings([])
    ends = offsets(values)
    raw = bytes(values.buffers()[2].slice(int(ends[0]), int(ends[-1] - ends[0])))
    text = pa.Array.from_buffers(
        pa.string(),
        len(values),
        [None, pa.py_buffer((ends - ends[0]) * 2), pa.py_buffer(raw.hex().encode())],
    )
    if not values.null_count:
        return text
    mask = pa.py_buffer(np.packbits(valid(values), bitorder="little"))
    return pa.Array.from_buffers(pa.string(), len(values), [mask, *text.buffers()[1:]])
