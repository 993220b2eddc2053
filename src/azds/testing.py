"""What users' own tests need: a claim that two tables are the same, which fails with the diff.

``from azds.testing import assert_same_table`` loads nothing else until it is called. The
functions raise `AssertionError`, so that any test runner understands them.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from azds.errors import InvalidInputError

if TYPE_CHECKING:  # loads pyarrow
    from azds.dataset.diff import TableDiff

__all__ = ["assert_same_table"]


def assert_same_table(  # noqa: PLR0913 - what to compare, and by which rules
    old: object,
    new: object,
    *,
    key: str | Sequence[str] | None = None,
    ignore: str | Sequence[str] = (),
    rtol: float = 0.0,
    null_keys: bool = False,
) -> None:
    """Pass where two tables have the same rows and columns; else fail with the diff in words.

    Each side is a path (Parquet, CSV, TSV, JSON lines; a folder or a glob of them), an
    Arrow-compatible object (pyarrow, pandas, polars, an azds table), or rows as mappings.
    The order of rows and of columns does not count. `old` is what was expected.

    `key` may be left out where a side is an azds table, which knows its own. Columns in `ignore`
    are left out; floats within the relative tolerance `rtol` are equal; rows without a
    key are set aside and counted with `null_keys`.

    >>> expected = [{"id": 1, "name": "Ganja"}, {"id": 2, "name": "Sheki"}]
    >>> assert_same_table(expected, expected[::-1], key="id")
    >>> assert_same_table(expected, [{"id": 1, "name": "Gandja"}], key="id")
    Traceback (most recent call last):
    AssertionError: the tables differ: 1 changed, 1 removed
    ...

    Raises:
        AssertionError: The tables differ; its text is the diff, with 20 rows of each kind.
        InvalidInputError, NotFoundError: As `azds.diff` does, where they cannot be compared.
    """
    __tracebackhide__ = True
    from azds.dataset.loose import diff  # noqa: PLC0415 - loads pyarrow

    if _is_empty(old) and _is_empty(new):
        return
    found = diff(
        _with_columns(old, new),
        _with_columns(new, old),
        key=_key_of(old, new) if key is None else key,
        ignore=ignore,
        rtol=rtol,
        null_keys=null_keys,
    )
    aside = found.without_key[0] != found.without_key[1]
    if found.is_changed or aside:
        raise AssertionError(_told(found))


def _key_of(old: object, new: object) -> tuple[str, ...]:
    """The key of an azds table on either side."""
    from azds.dataset.table import Table  # noqa: PLC0415 - loads pyarrow

    for side in (old, new):
        if isinstance(side, Table):
            return side.schema.key
    raise InvalidInputError(
        "bad-argument", "by which columns are rows the same?", expected="key=COLUMNS"
    )


def _is_empty(side: object) -> bool:
    return isinstance(side, (list, tuple)) and not side


def _with_columns(side: object, other: object) -> object:
    """The side; where it is no row at all, with the columns of the other."""
    if not _is_empty(side):
        return side
    import pyarrow as pa  # noqa: PLC0415 - only where tables are compared

    from azds.dataset.inputs import open_input  # noqa: PLC0415 - loads pyarrow

    names = open_input(other).schema.names
    return pa.table({name: pa.nulls(0) for name in names})


def _told(found: "TableDiff") -> str:
    """What differs in one line, then the whole diff."""
    from azds.dataset.tops import tops_of  # noqa: PLC0415 - only where tables differ
    from azds.render.diff import LIMIT, Reading  # noqa: PLC0415
    from azds.render.file_diff import file_diff_page  # noqa: PLC0415
    from azds.render.page import to_text  # noqa: PLC0415

    counts = found.counts()
    kinds = ("changed", "added", "removed")
    words = [f"{counts[kind]:,} {kind}" for kind in kinds if counts.get(kind)]
    if found.without_key[0] != found.without_key[1]:
        words.append("rows without a key: {:,} and {:,}".format(*found.without_key))
    if found.changes.schema_change:
        words.append("other columns")
    reading = Reading(found.changes.schema, found.changes.changed, {})
    tops = {top.column: top.to_document() for top in tops_of(found.changes)}
    document = found.as_document("old", "new", limit=LIMIT)
    page = file_diff_page("old", "new", document, reading, tops, found.notes)
    return f"the tables differ: {', '.join(words)}\n{to_text(page).rstrip()}"
