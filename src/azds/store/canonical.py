"""Canonical JSON: one document has one sequence of bytes, and one digest.

UTF-8, names sorted, two spaces a level, a line end at the end. What is read
must be what would be written, so that nothing hides between the two: no name
twice, no NaN, no other spelling of a number.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import NoReturn, TypeAlias, Union

from azds.errors import IntegrityError, InvalidInputError

__all__ = ["Json", "dump", "freeze", "hash_of", "load", "parse", "size_of", "thaw"]

Json: TypeAlias = Union[bool, int, float, str, "Sequence[Json]", "Mapping[str, Json]", None]
"""What a document may hold."""

_INDENT = 2
_DEEPEST = 50
_TOO_DEEP = b"\n" + b" " * (_INDENT * (_DEEPEST + 1))


def dump(document: Json) -> bytes:
    """The bytes of a document: the twin of `parse`.

    >>> print(dump({"b": [], "a": 1}).decode(), end="")
    {
      "a": 1,
      "b": []
    }

    Raises:
        InvalidInputError: `bad-argument`, if it is no JSON (NaN, half a character, deeper than 50).
    """
    try:
        text = json.dumps(
            document,
            allow_nan=False,
            default=_plain,
            ensure_ascii=False,
            indent=_INDENT,
            sort_keys=True,
        )
        data = f"{text}\n".encode()
    except (TypeError, ValueError, RecursionError) as error:
        raise InvalidInputError(
            "bad-argument", "this cannot be kept as JSON", got=str(error)
        ) from error
    if _TOO_DEEP in data:
        raise InvalidInputError(
            "bad-argument", "this is nested too deep", expected=f"at most {_DEEPEST} levels"
        )
    return data


def size_of(document: Json) -> int:
    """How long a document is, white space left out: quicker than to write it.

    >>> size_of({"a": [1, 2]})
    11
    """
    return len(json.dumps(document, default=_plain, ensure_ascii=False, separators=(",", ":")))


def load(data: bytes, *, kind: str, where: str) -> dict[str, Json]:
    """The object that these bytes say, whatever their white space.

    For bytes whose own digest is known and right: they need no second proof.

    Raises:
        IntegrityError: Of the given kind, if they are no JSON object, or an ambiguous one.
    """
    try:
        document = json.loads(
            data.decode(), object_pairs_hook=_without_repeats, parse_constant=_refuse
        )
    except (ValueError, RecursionError) as error:
        raise IntegrityError(kind, "this is not JSON", where=where, got=str(error)[:200]) from error
    if not isinstance(document, dict):
        raise IntegrityError(kind, "this is not a JSON object", where=where)
    return document


def parse(data: bytes, *, kind: str, where: str) -> dict[str, Json]:
    """The object that these bytes are the canonical form of: the twin of `dump`.

    Raises:
        IntegrityError: Of the given kind, if `dump` would not write them.
    """
    document = load(data, kind=kind, where=where)
    try:
        is_same = dump(document) == data
    except InvalidInputError as error:
        raise IntegrityError(kind, error.what, where=where, got=error.got) from error
    if not is_same:
        raise IntegrityError(kind, "this JSON is not in its canonical form", where=where)
    return document


def hash_of(data: bytes) -> str:
    """The digest of stored bytes.

    >>> hash_of(b"")[:23]
    'sha256:e3b0c44298fc1c14'
    """
    return f"sha256:{hashlib.sha256(data).hexdigest()}"


def freeze(document: Json) -> Json:
    """The same document, unchangeable: tuples for lists, read-only mappings for objects."""
    if isinstance(document, dict | MappingProxyType):
        return MappingProxyType({name: freeze(value) for name, value in document.items()})
    if isinstance(document, list | tuple):
        return tuple(freeze(value) for value in document)
    return document


def thaw(document: Json) -> Json:
    """The same document in lists and dicts: the twin of `freeze`."""
    if isinstance(document, dict | MappingProxyType):
        return {name: thaw(value) for name, value in document.items()}
    if isinstance(document, list | tuple):
        return [thaw(value) for value in document]
    return document


def _plain(value: object) -> dict[str, object]:
    if isinstance(value, Mapping):
        return dict(value)
    msg = f"a value of type {type(value).__name__}"
    raise TypeError(msg)


def _without_repeats(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    document = dict(pairs)
    if len(document) < len(pairs):
        msg = "a name stands twice in one object"
        raise ValueError(msg)
    return document


def _refuse(constant: str) -> NoReturn:
    msg = f"{constant} is no number"
    raise ValueError(msg)
