"""Names that are parsed once and then trusted: labels, table names, keys.

A key has one canonical string, used in ``evidence``, on the command line and
in error messages: its values joined by ``/``, each escaped as in a JSON
Pointer (RFC 6901: ``~`` is ``~0``, ``/`` is ``~1``).
"""

import datetime as dt
import difflib
import re
from collections.abc import Iterable
from decimal import Decimal
from typing import NewType

from azds.errors import InvalidInputError

__all__ = [
    "KeyValue",
    "Label",
    "format_key",
    "format_key_value",
    "near_names",
    "parse_label",
    "parse_name",
    "split_key",
]

Label = NewType("Label", str)
"""A revision's label, as checked by `parse_label`."""

KeyValue = str | int | bool | dt.date | dt.datetime | Decimal | bytes
"""What a key column may hold (DESIGN section 3): never null, never a float."""

_LABEL = re.compile(r"[a-z0-9][a-z0-9._-]*")
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_.-]*")
_MAX_LENGTH = 100
_RESERVED = frozenset(
    {"con", "prn", "aux", "nul", "log", "lock", "tmp", "trash", "dataset.toml", "manifest.json"}
    | {f"{device}{number}" for device in ("com", "lpt") for number in range(1, 10)}
)


def parse_label(text: str) -> Label:
    """The label of a revision, checked.

    >>> parse_label("2016")
    '2016'

    Raises:
        InvalidInputError: `bad-label`, if the text is no label or is reserved
            (names that a file system or the store itself uses).
    """
    stem = text.split(".", maxsplit=1)[0]
    if (
        not _LABEL.fullmatch(text)
        or text.endswith(".")
        or len(text) > _MAX_LENGTH
        or {text, stem} & _RESERVED
    ):
        raise InvalidInputError(
            "bad-label",
            "not a label for a revision",
            expected="lower-case letters, digits, '.', '_' and '-', not a reserved name",
            got=repr(text),
        )
    return Label(text)


def parse_name(text: str, what: str) -> str:
    """The name of a dataset, table or column, checked.

    Raises:
        InvalidInputError: `bad-name`.
    """
    if not _NAME.fullmatch(text) or len(text) > _MAX_LENGTH or text.casefold() in _RESERVED:
        raise InvalidInputError(
            "bad-name",
            f"not a name for a {what}",
            expected="a letter, then letters, digits, '.', '_' and '-'",
            got=repr(text),
        )
    return text


def format_key_value(value: KeyValue) -> str:
    """One key value as text, not escaped.

    >>> format_key_value(True), format_key_value(7), format_key_value(b"az")
    ('true', '7', '617a')
    """
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, Decimal):
        text = f"{value:f}"
        return text.rstrip("0").rstrip(".") if "." in text else text
    if isinstance(value, dt.date):
        return value.isoformat()
    return str(value)


def format_key(values: Iterable[KeyValue]) -> str:
    """The canonical string of a key.

    >>> format_key(["AZE", "NLD", "embassy", "The Hague"])
    'AZE/NLD/embassy/The Hague'
    >>> format_key(["a/b~c", 1])
    'a~1b~0c/1'
    """
    return "/".join(
        format_key_value(value).replace("~", "~0").replace("/", "~1") for value in values
    )


def split_key(text: str) -> tuple[str, ...]:
    """The values of a canonical key string, as text: the twin of `format_key`.

    >>> split_key("a~1b~0c/1")
    ('a/b~c', '1')
    """
    return tuple(part.replace("~1", "/").replace("~0", "~") for part in text.split("/"))


def near_names(wanted: str, known: Iterable[str], *, most: int = 3) -> str:
    """Advice that names what comes near, or all there is where little is.

    >>> near_names("relation", ["relations", "missions"])
    'did you mean relations?'
    >>> near_names("zzz", ["relations", "missions"])
    'there are: relations, missions'
    """
    names = list(known)
    folded = {name.casefold(): name for name in names}
    near = difflib.get_close_matches(wanted.casefold(), folded, n=most)
    if near:
        return f"did you mean {' or '.join(folded[name] for name in near)}?"
    if not names:
        return "there is none"
    few = 12
    shown = ", ".join(names[:few])
    return f"there are: {shown}" + (f" and {len(names) - few} more" if len(names) > few else "")
