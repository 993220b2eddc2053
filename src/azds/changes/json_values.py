"""Arrow values as JSON values, and back, without loss: for documents that people read.

Numbers, text and Booleans are themselves; NaN and the infinities are ``"NaN"``, ``"Infinity"``,
``"-Infinity"``; binary is base64; decimals are text; dates, times and time stamps are ISO 8601, as
UTC with ``Z`` where the column has a zone; durations, and moments that no calendar of four
digits has, are counts of the column's unit. Lists are lists, structs objects.
"""

import base64
import binascii
import datetime as dt
import math
import re
from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Final

import pyarrow as pa

from azds.arrow.layout import plain
from azds.changes.end_documents import Json
from azds.changes.misfits import broken

__all__ = ["from_json", "to_json"]

_PER_SECOND: Final = {"s": 1, "ms": 10**3, "us": 10**6, "ns": 10**9}
_FLOATS: Final = {"NaN": math.nan, "Infinity": math.inf, "-Infinity": -math.inf}
_EPOCH = dt.date(1970, 1, 1)
_FIRST, _LAST = ((day - _EPOCH).days for day in (dt.date.min, dt.date.max))
_DAY = 86_400
_MOMENT = re.compile(r"(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(Z?)")
_TIME = re.compile(r"(\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?")


def to_json(values: pa.Array | pa.ChunkedArray) -> list[Json]:
    """Each value as JSON; null is None.

    >>> to_json(pa.array([float("nan"), 1.5]))
    ['NaN', 1.5]
    >>> to_json(pa.array([1], pa.timestamp("ms", "UTC")))
    ['1970-01-01T00:00:00.001Z']
    """
    array = plain(values)
    kind = array.type
    if pa.types.is_list(kind):
        items = to_json(array.flatten())
        result: list[Json] = []
        at = 0
        for size in array.value_lengths().to_pylist():
            result.append(None if size is None else items[at : at + size])
            at += size or 0
        return result
    if pa.types.is_struct(kind):
        fields = {
            field.name: to_json(part) for field, part in zip(kind, array.flatten(), strict=True)
        }
        valid = array.is_valid().to_pylist()
        return [
            {name: part[row] for name, part in fields.items()} if is_there else None
            for row, is_there in enumerate(valid)
        ]
    if pa.types.is_temporal(kind):
        counts = array.cast(pa.int32() if kind.bit_width == 32 else pa.int64())  # noqa: PLR2004 - bits
        return [None if count is None else _written(count, kind) for count in counts.to_pylist()]
    return [_plain(value) for value in array.to_pylist()]


def from_json(values: Sequence[object], kind: pa.DataType, where: str) -> pa.Array:
    """The array that the values say: the twin of `to_json`.

    Raises:
        InvalidInputError: at `where`, for a value that does not fit its type.
    """
    parsed = [_parsed(value, kind, where) for value in values]
    try:
        return pa.array(parsed, kind)
    except (pa.ArrowException, OverflowError, ValueError, TypeError) as error:
        raise broken("a value does not fit its type", where, str(kind), str(error)[:80]) from error


def _plain(value: object) -> Json:
    if isinstance(value, float) and not math.isfinite(value):
        return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    if isinstance(value, Decimal):
        return f"{value:f}"
    assert value is None or isinstance(value, bool | int | float | str)  # noqa: S101 - all that is left
    return value


def _written(count: int, kind: pa.DataType) -> Json:
    if pa.types.is_date(kind):
        return (_EPOCH + dt.timedelta(count)).isoformat() if _FIRST <= count <= _LAST else count
    if pa.types.is_duration(kind):
        return count
    unit = _PER_SECOND[kind.unit]
    seconds, fraction = divmod(count, unit)
    days, second = divmod(seconds, _DAY)
    digits = f".{fraction:0{len(str(unit)) - 1}d}" if fraction else ""
    clock = f"{second // 3600:02}:{second // 60 % 60:02}:{second % 60:02}{digits}"
    if pa.types.is_time(kind):
        return clock if days == 0 else count
    if not _FIRST <= days <= _LAST:
        return count
    return f"{_EPOCH + dt.timedelta(days)}T{clock}{'Z' if kind.tz else ''}"


def _parsed(value: object, kind: pa.DataType, where: str) -> object:
    if value is None:
        return None
    if pa.types.is_list(kind) and isinstance(value, list | tuple):
        return [_parsed(item, kind.value_type, where) for item in value]
    if pa.types.is_struct(kind) and isinstance(value, Mapping):
        names = [field.name for field in kind]
        if set(value) != set(names):
            raise broken(
                "not the fields of a struct", where, ", ".join(names), ", ".join(value)[:80]
            )
        return {field.name: _parsed(value[field.name], field.type, where) for field in kind}
    try:
        found = _flat(value, kind)
    except (ValueError, InvalidOperation, binascii.Error) as error:
        raise broken("a value does not fit its type", where, str(kind), repr(value)[:80]) from error
    if found is None:
        raise broken("a value does not fit its type", where, str(kind), repr(value)[:80])
    return found


def _flat(value: object, kind: pa.DataType) -> object:
    """The value as `pa.array` takes it; None where it is none of this type."""
    if pa.types.is_temporal(kind):
        return _counted(value, kind)
    if pa.types.is_boolean(kind):
        return value if isinstance(value, bool) else None
    if pa.types.is_integer(kind) or pa.types.is_floating(kind):
        return _number(value, kind)
    return _from_text(value, kind) if isinstance(value, str) else None


def _number(value: object, kind: pa.DataType) -> int | float | None:
    if pa.types.is_floating(kind) and isinstance(value, float | str):
        return _FLOATS.get(value) if isinstance(value, str) else value
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _from_text(text: str, kind: pa.DataType) -> object:
    if pa.types.is_binary(kind):
        return base64.b64decode(text, validate=True)
    if pa.types.is_decimal(kind):
        number = Decimal(text)
        return number if number.is_finite() else None
    return text if pa.types.is_string(kind) else None


def _counted(value: object, kind: pa.DataType) -> int | None:
    """A moment or a span of time as a count of its unit."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if not isinstance(value, str) or pa.types.is_duration(kind):
        return None
    if pa.types.is_date(kind):
        return (dt.date.fromisoformat(value) - _EPOCH).days
    match = (_TIME if pa.types.is_time(kind) else _MOMENT).fullmatch(value)
    if match is None:
        return None
    unit = _PER_SECOND[kind.unit]
    day, clock, digits, zone = (
        ("", *match.groups(), "") if pa.types.is_time(kind) else match.groups()
    )
    time = dt.time.fromisoformat(clock)
    seconds = time.hour * 3600 + time.minute * 60 + time.second
    nanos = int((digits or "").ljust(9, "0"))
    if nanos * unit % 10**9 or (not pa.types.is_time(kind) and bool(zone) != bool(kind.tz)):
        return None
    if day:
        seconds += (dt.date.fromisoformat(day) - _EPOCH).days * _DAY
    return seconds * unit + nanos * unit // 10**9
