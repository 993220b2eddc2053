"""Arrow types in words, as schemas and manifests write them."""

import functools
import re
from collections.abc import Callable

import pyarrow as pa

from azds.columns import Column, Role, TableSchema
from azds.errors import InvalidInputError

__all__ = [
    "plain_schema",
    "plain_type",
    "schema_from_arrow",
    "to_arrow_schema",
    "type_from_words",
    "type_in_words",
]

_PLAIN: dict[str, pa.DataType] = {
    "bool": pa.bool_(),
    "int8": pa.int8(),
    "int16": pa.int16(),
    "int32": pa.int32(),
    "int64": pa.int64(),
    "uint8": pa.uint8(),
    "uint16": pa.uint16(),
    "uint32": pa.uint32(),
    "uint64": pa.uint64(),
    "float32": pa.float32(),
    "float64": pa.float64(),
    "string": pa.string(),
    "binary": pa.binary(),
    "date32": pa.date32(),
}
_WORDS = {kind: words for words, kind in _PLAIN.items()}
_SAME = {  # other layouts of the same values
    pa.large_string(): "string",
    pa.string_view(): "string",
    pa.large_binary(): "binary",
    pa.binary_view(): "binary",
    pa.date64(): "date32",
    pa.float16(): "float32",
}
_FROM_PARTS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], pa.DataType]], ...] = (
    (
        re.compile(r"timestamp\[(s|ms|us|ns)(?:, ([\w/+:\-]+))?\]"),
        lambda m: pa.timestamp(m[1], m[2]),
    ),
    (re.compile(r"time\[(s|ms)\]"), lambda m: pa.time32(m[1])),
    (re.compile(r"time\[(us|ns)\]"), lambda m: pa.time64(m[1])),
    (re.compile(r"duration\[(s|ms|us|ns)\]"), lambda m: pa.duration(m[1])),
    (
        re.compile(r"decimal128\(([1-9]|[12]\d|3[0-8]), (-?\d{1,2})\)"),
        lambda m: pa.decimal128(int(m[1]), int(m[2])),
    ),
)
_LISTS: tuple[Callable[[pa.DataType], bool], ...] = (
    pa.types.is_list,
    pa.types.is_large_list,
    pa.types.is_fixed_size_list,
)


def _decimal_words(kind: pa.DataType) -> str:
    return f"decimal128({kind.precision}, {kind.scale})"


_WITH_PARTS: tuple[tuple[Callable[[pa.DataType], bool], Callable[[pa.DataType], str]], ...] = (
    (pa.types.is_fixed_size_binary, lambda _: "binary"),
    (pa.types.is_timestamp, lambda k: f"timestamp[{k.unit}{', ' + k.tz if k.tz else ''}]"),
    (pa.types.is_time, lambda k: f"time[{k.unit}]"),
    (pa.types.is_duration, lambda k: f"duration[{k.unit}]"),
    (pa.types.is_decimal32, _decimal_words),
    (pa.types.is_decimal64, _decimal_words),
    (pa.types.is_decimal128, _decimal_words),
)
_DEEPEST = 20


def type_in_words(kind: pa.DataType) -> str:
    """An Arrow type in words; layouts of the same values share their words.

    >>> type_in_words(pa.list_(pa.large_string()))
    'list<string>'
    >>> type_in_words(pa.timestamp("us", "UTC"))
    'timestamp[us, UTC]'

    Raises:
        InvalidInputError: `type-unsupported` (maps, unions, null and run-end columns; list
            views, since pyarrow 26 loses values when it casts them; nesting beyond 20 levels).
    """
    return _in_words(kind, 0)


@functools.lru_cache(maxsize=1024)
def plain_type(kind: pa.DataType) -> pa.DataType:
    """The plain type of the same values: what `type_from_words` makes of its words.

    >>> plain_type(pa.dictionary(pa.int32(), pa.large_string()))
    DataType(string)

    Raises:
        InvalidInputError: `type-unsupported`.
    """
    return type_from_words(type_in_words(kind))


def plain_schema(schema: pa.Schema) -> pa.Schema:
    """The schema with every column in its plain layout, the same object where all are so."""
    plain = [plain_type(kind) for kind in schema.types]
    if plain == schema.types:
        return schema
    return pa.schema([f.with_type(kind) for f, kind in zip(schema, plain, strict=True)])


def _in_words(kind: pa.DataType, depth: int) -> str:
    if depth <= _DEEPEST and any(is_list(kind) for is_list in _LISTS):
        return f"list<{_in_words(kind.value_type, depth + 1)}>"
    if depth <= _DEEPEST and pa.types.is_struct(kind):
        fields = (f"{_quote(field.name)}: {_in_words(field.type, depth + 1)}" for field in kind)
        return f"struct<{', '.join(fields)}>"
    if pa.types.is_dictionary(kind):
        return _in_words(kind.value_type, depth)
    words = _WORDS.get(kind) or _SAME.get(kind)
    if words is None:
        words = next((say(kind) for is_such, say in _WITH_PARTS if is_such(kind)), None)
    if words is None or depth > _DEEPEST:
        raise InvalidInputError(
            "type-unsupported", "a column of this type cannot be kept", got=str(kind)
        )
    return words


@functools.lru_cache(maxsize=1024)
def type_from_words(words: str) -> pa.DataType:
    """The Arrow type of these words: the twin of `type_in_words`.

    >>> type_from_words("struct<name: string, sizes: list<int32>>")
    StructType(struct<name: string, sizes: list<item: int32>>)

    Raises:
        InvalidInputError: `type-unsupported`.
    """
    kind, rest = _parse(words, words, 0)
    if rest or type_in_words(kind) != words:
        raise _unknown(words)
    return kind


@functools.lru_cache(maxsize=64)
def to_arrow_schema(schema: TableSchema) -> pa.Schema:
    """The Arrow schema of a table; keys first as declared, nullability as declared."""
    return pa.schema(
        [pa.field(c.name, type_from_words(c.type), nullable=c.nullable) for c in schema.columns]
    )


def schema_from_arrow(schema: pa.Schema, *, name: str, key: tuple[str, ...]) -> TableSchema:
    """The table schema of Arrow columns that nobody declared: each non-key column is a fact.

    Raises:
        InvalidInputError: `bad-column` (a key column is not there), `type-unsupported`,
            `key-type` (a key of floats or nested values), `bad-key` (no key).
    """
    missing = [column for column in key if column not in schema.names]
    if missing:
        raise InvalidInputError(
            "bad-column",
            "no such key column",
            where=name,
            expected="one of " + ", ".join(schema.names[:20]),
            got=", ".join(missing),
        )
    columns = []
    for column in [*key, *(column for column in schema.names if column not in key)]:
        field = schema.field(column)
        words = type_in_words(field.type)
        if column in key and words.startswith(("float", "list", "struct", "duration", "time[")):
            raise InvalidInputError(
                "key-type", "a key is never a float or nested", where=f"{name}.{column}", got=words
            )
        role = Role.KEY if column in key else Role.FACT
        columns.append(Column(column, words, role, column not in key))
    return TableSchema(name, 1, tuple(columns))


def _parse(words: str, whole: str, depth: int) -> tuple[pa.DataType, str]:
    if depth > _DEEPEST:
        raise _unknown(whole)
    if words.startswith("list<"):
        item, rest = _parse(words[5:], whole, depth + 1)
        if not rest.startswith(">"):
            raise _unknown(whole)
        return pa.list_(item), rest[1:]
    if words.startswith("struct<"):
        fields, rest = [], words[7:]
        while not rest.startswith(">"):
            name, rest = _parse_name(rest, whole)
            kind, rest = _parse(rest, whole, depth + 1)
            fields.append(pa.field(name, kind))
            rest = rest.removeprefix(", ")
        return pa.struct(fields), rest[1:]
    for pattern, make in _FROM_PARTS:
        match = pattern.match(words)
        if match:
            return make(match), words[match.end() :]
    plain = re.match(r"\w+", words)
    if plain and plain[0] in _PLAIN:
        return _PLAIN[plain[0]], words[plain.end() :]
    raise _unknown(whole)


def _parse_name(words: str, whole: str) -> tuple[str, str]:
    match = re.match(r'(?:"((?:[^"\\]|\\.)*)"|(\w+)): ', words)
    if match is None:
        raise _unknown(whole)
    name = match[2] if match[1] is None else re.sub(r"\\(.)", r"\1", match[1])
    return name, words[match.end() :]


def _quote(name: str) -> str:
    if re.fullmatch(r"\w+", name):
        return name
    return '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _unknown(words: str) -> InvalidInputError:
    return InvalidInputError("type-unsupported", "unknown type in words", got=repr(words[:80]))
