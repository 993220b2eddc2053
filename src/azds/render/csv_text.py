"""Rows as CSV that opens safely in a spreadsheet (RFC 4180, UTF-8, line feeds)."""

import re
from collections.abc import Iterable, Sequence

__all__ = ["to_csv"]

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
_QUOTED = re.compile(r'[",\r\n]')
_NUMBER = re.compile(r"-\d+(\.\d+)?([eE][+-]?\d+)?", re.ASCII)


def to_csv(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A header and the rows; null is an empty cell.

    Text that a spreadsheet would run as a formula gets an apostrophe before it
    (OWASP ASVS 1.2.10); numbers stay as they are.
    """
    lines = [_line(columns), *(_line(row) for row in rows)]
    return "\n".join(lines) + "\n"


def _line(row: Sequence[object]) -> str:
    line = ",".join(map(_field, row))
    return line or '""'  # a blank line would be no row


def _field(value: object) -> str:
    """One cell; not by the module `csv`, which leaves a lone carriage return unquoted."""
    text = "" if value is None else str(value)
    if isinstance(value, str) and text.startswith(_FORMULA) and not _NUMBER.fullmatch(text):
        text = f"'{text}"
    return '"' + text.replace('"', '""') + '"' if _QUOTED.search(text) else text
