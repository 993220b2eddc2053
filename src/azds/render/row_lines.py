"""Rows as lines that a line diff reads well: the key of a row, then its other cells below it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from azds.render.page import clean
from azds.render.words import cell

__all__ = ["row_lines"]


def row_lines(rows: Iterable[Mapping[str, object]], key: Sequence[str]) -> Iterator[str]:
    """A line for the key of each row, and an indented one for each other cell with a value.

    >>> list(row_lines([{"id": 7, "name": "Ganja", "area": None}], ["id"]))
    ['7', '  name: Ganja']
    """
    for row in rows:
        yield clean(" / ".join(cell(row[name]) for name in key))
        for name, value in row.items():
            if name not in key and value is not None and value != []:
                yield clean(f"  {name}: {cell(value)}")
