"""The base of all record types, the roles as annotations, and the schema they give."""

import datetime as dt
import functools
import types
from collections.abc import Iterable
from decimal import Decimal
from typing import Annotated, Any, ClassVar, Literal, TypeVar, Union, get_args, get_origin

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    InstanceOf,
    PlainSerializer,
    ValidationError,
    WithJsonSchema,
)
from pydantic.fields import FieldInfo

from azds.columns import Column, Meaning, Role, TableSchema
from azds.dates import EdtfDate, parse_date
from azds.entities import bodies, states
from azds.errors import InvalidInputError, NotFoundError
from azds.ids import format_key

__all__ = [
    "Date",
    "DateSet",
    "Digest",
    "EntityId",
    "EntitySet",
    "Fact",
    "Key",
    "Names",
    "Place",
    "Record",
    "StringSet",
    "Wording",
    "check_rows",
    "key_of",
    "record_type",
    "record_types",
    "registered",
    "table_schema",
]

T = TypeVar("T")
R = TypeVar("R", bound="Record")

Key = Annotated[T, Role.KEY]
"""The field identifies the row: ``id: Key[str]``."""
Fact = Annotated[T, Role.FACT]
"""The field decides whether the row changed."""
Wording = Annotated[T, Role.WORDING]
"""The field is how something is written; alone it makes no difference."""
Place = Annotated[T, Role.PLACE]
"""The field is a number or an order; alone it makes no difference."""


class _Means(str):
    """Carries a `Meaning` through an annotation."""

    __slots__ = ()


def _known_entity(text: str) -> str:
    if text not in states() and text not in bodies():
        msg = f"no entity has the id {text!r}"
        raise ValueError(msg)
    return text


def _sorted_unique(values: tuple[Any, ...]) -> tuple[Any, ...]:
    texts = [str(value) for value in values]
    if texts != sorted(set(texts)):
        msg = "a set is written sorted and without repeats"
        raise ValueError(msg)
    return values


def _not_empty(text: str) -> str:
    if not text:
        msg = "empty text is null"
        raise ValueError(msg)
    return text


def _to_date(value: object) -> object:
    return parse_date(value) if isinstance(value, str) else value


EntityId = Annotated[str, AfterValidator(_known_entity)]
"""ISO 3166-1 alpha-3 where one exists, else the Wikidata id, or a body's short form."""
Date = Annotated[
    InstanceOf[EdtfDate],
    BeforeValidator(_to_date),
    PlainSerializer(str, return_type=str),
    WithJsonSchema({"type": "string", "format": "edtf"}),
    _Means("date"),
]
"""A date in EDTF level 1."""
DateSet = Annotated[tuple[Date, ...], AfterValidator(_sorted_unique), _Means("dates")]
"""Dates, sorted and unique."""
EntitySet = Annotated[tuple[EntityId, ...], AfterValidator(_sorted_unique), _Means("set")]
"""Entity ids, sorted and unique."""
StringSet = Annotated[tuple[str, ...], AfterValidator(_sorted_unique), _Means("set")]
"""Strings, sorted and unique."""
Text = Annotated[str, AfterValidator(_not_empty)]
"""Text that is not empty; where nothing is stated the value is null."""
Names = tuple[Text, ...]
"""Names as they are written, in the order of the text."""
Digest = Annotated[str, _Means("digest")]
"""The digest of words that are not shipped (`azds.spans.words_digest`)."""

_SCALARS: dict[Any, str] = {
    str: "string",
    int: "int64",
    float: "float64",
    bool: "bool",
    bytes: "binary",
    dt.date: "date32",
    dt.datetime: "timestamp[us, UTC]",
    Decimal: "decimal128(38, 9)",
    EdtfDate: "string",
}
_KEY_TYPES = {
    "string",
    "int64",
    "bool",
    "binary",
    "date32",
    "timestamp[us, UTC]",
    "decimal128(38, 9)",
}
_TYPES: dict[str, type["Record"]] = {}


class Record(BaseModel):
    """One typed row: frozen, strict, refusing fields it does not know.

    Each field carries a role: ``id: Key[str]``, ``population: Fact[int]``. A
    field without one is a fact. The table is named by `table_name`, else by the class.

    >>> class City(Record):
    ...     id: Key[str]
    ...     population: Fact[int | None] = None
    >>> table_schema(City).key
    ('id',)
    """

    model_config = ConfigDict(
        frozen=True, strict=True, extra="forbid", use_attribute_docstrings=True
    )

    table_name: ClassVar[str] = ""
    """The table's name; the class name where it is not given."""
    schema_version: ClassVar[int] = 1
    """The version of the table's schema."""
    family: ClassVar[str] = ""
    """The group of tables it belongs to; shipped types are registered by family and table."""

    @classmethod
    def __pydantic_init_subclass__(cls, **kwargs: object) -> None:
        """Enter a shipped type into the register."""
        super().__pydantic_init_subclass__(**kwargs)
        if cls.family:
            _TYPES[f"{cls.family}/{cls.table_name}"] = cls


def registered(family: str) -> dict[str, type[Record]]:
    """The shipped record types of a family, by table name, in order of definition."""
    return {
        name.partition("/")[2]: cls
        for name, cls in _TYPES.items()
        if name.startswith((f"{family}/", "common/"))
    }


def record_types() -> list[type[Record]]:
    """Every shipped record type, in order of definition."""
    return list(_TYPES.values())


def record_type(name: str) -> type[Record]:
    """The shipped record type of that name, such as ``foreign-relations/relations``.

    Raises:
        NotFoundError: `unknown-table`, where its type is not installed.
    """
    if name not in _TYPES:
        raise NotFoundError("unknown-table", "no record type of this name is installed", got=name)
    return _TYPES[name]


@functools.cache
def table_schema(record: type[Record]) -> TableSchema:
    """The columns, types and roles that a record type declares; keys first, as declared.

    Raises:
        InvalidInputError: `type-unsupported`, `key-type`, `bad-key`.
    """
    columns = tuple(_column(record, name, info) for name, info in record.model_fields.items())
    name = record.table_name or record.__name__
    full = f"{record.family}/{record.table_name}" if record.family else ""
    return TableSchema(name, record.schema_version, columns, full)


def key_of(record: Record) -> str:
    """The canonical key string of a record."""
    return format_key(getattr(record, name) for name in table_schema(type(record)).key)


def check_rows(record: type[R], rows: Iterable[dict[str, object]]) -> list[R]:
    """Records from plain rows, all checked.

    Raises:
        InvalidInputError: `bad-record`, for the first row that breaks a rule, with its path.
    """
    checked = []
    for number, row in enumerate(rows):
        try:
            checked.append(record.model_validate(row))
        except ValidationError as error:
            first = error.errors()[0]
            path = ".".join(str(part) for part in first["loc"])
            raise InvalidInputError(
                "bad-record",
                first["msg"],
                where=f"{record.table_name or record.__name__}[{number}].{path}",
                got=repr(first["input"])[:80],
            ) from error
    return checked


def _column(record: type[Record], name: str, info: FieldInfo) -> Column:
    where = f"{record.__name__}.{name}"
    marks: list[object] = list(info.metadata)
    arrow, nullable = _arrow_type(info.annotation, marks, where)
    roles = [mark for mark in marks if isinstance(mark, Role)]
    role = roles[0] if roles else Role.FACT
    means: list[Meaning] = [str(mark) for mark in marks if isinstance(mark, _Means)]  # type: ignore[misc]  # _Means holds only meanings
    if role is Role.KEY and (nullable or arrow not in _KEY_TYPES):
        raise InvalidInputError(
            "key-type",
            "a key is never null, a float or nested",
            where=where,
            got=arrow + (" or null" if nullable else ""),
        )
    meaning: Meaning = "" if not means else "dates" if "dates" in means else means[0]
    return Column(name, arrow, role, nullable, meaning, " ".join((info.description or "").split()))


def _arrow_type(
    annotation: Any,  # noqa: ANN401 - whatever stands in an annotation
    marks: list[object],
    where: str,
) -> tuple[str, bool]:
    """The Arrow type in words and whether null is allowed; collects marks on the way."""
    while get_origin(annotation) is Annotated:
        annotation, *more = get_args(annotation)
        marks.extend(more)
    origin = get_origin(annotation)
    if origin in {Union, types.UnionType}:
        sides = [side for side in get_args(annotation) if side is not type(None)]
        if len(sides) == 1 and len(sides) < len(get_args(annotation)):
            return _arrow_type(sides[0], marks, where)[0], True
    elif origin is Literal:
        kinds = {type(value) for value in get_args(annotation)}
        if len(kinds) == 1 and kinds <= {str, int, bool}:
            return _SCALARS[kinds.pop()], False
    elif origin is tuple and get_args(annotation)[1:] == (...,):
        item, _ = _arrow_type(get_args(annotation)[0], [], where)
        if not item.startswith("list<"):
            return f"list<{item}>", False
    elif isinstance(annotation, type) and annotation in _SCALARS:
        return _SCALARS[annotation], False
    raise InvalidInputError(
        "type-unsupported",
        "a field of this type cannot be stored",
        where=where,
        expected="str, int, float, bool, bytes, date, datetime, Decimal or Literal; "
        "any of them or None; or tuple[one of them, ...]",
        got=str(annotation),
    )
