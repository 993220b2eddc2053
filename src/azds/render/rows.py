"""The rows of a query as a page."""

from collections.abc import Sequence
from decimal import Decimal

from azds.render.page import Grid, Note, Page, Title
from azds.render.words import cell, plural

__all__ = ["rows_page"]


def rows_page(columns: Sequence[str], rows: Sequence[Sequence[object]], total: int) -> Page:
    """A title that counts all rows, and the rows that are given; numbers stand right.

    >>> [type(part).__name__ for part in rows_page(["n"], [(1,)], 1)]
    ['Title', 'Grid']
    """
    yield Title(plural(total, "row"))
    if not total:
        yield Note(f"columns: {', '.join(columns)}", 1)
        return
    right = frozenset(
        name
        for at, name in enumerate(columns)
        if all(isinstance(row[at], (int, float, Decimal, type(None))) for row in rows)
    )
    told = [[cell(value) for value in row] for row in rows]
    yield Grid(columns, told, more=total - len(rows), right=right)
