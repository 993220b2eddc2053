"""Patches as users hold them: changes as a value that applies, inverts and composes."""

import json
from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa

from azds.arrow.digest import content_digest
from azds.changes import patch_parquet
from azds.changes.classify import Side, classify
from azds.changes.compare import common_columns
from azds.changes.patch import End
from azds.changes.patch import Patch as Edited
from azds.changes.patch_json import patch_from_document, patch_to_document
from azds.changes.patching import (
    Lenient,
    apply_leniently,
    apply_patch,
    check_columns,
    check_fits,
    compose,
    compose_all,
    conflicts,
    invert,
    make_patch,
    same_patch,
)
from azds.coverage import Coverage
from azds.dataset.diff import TableDiff
from azds.dataset.keyed import Keyed, keyed_as, keyed_tables
from azds.dataset.patch_documents import checked_document
from azds.dataset.table import Table
from azds.errors import FormatError, InvalidInputError, NotFoundError
from azds.store import port

__all__ = ["ENDING", "Lenient", "Patch", "compose_patches", "patch", "read_patch"]

ENDING = ".patch.parquet"
_MOST_BYTES = 1 << 33


class Patch:
    """All that differs between two states of a table; false where nothing does.

    It applies to the table that it was made from and to no other, which its digest tells.
    It holds data only: what the changes mean is worked out when it is read.

    >>> old = [{"id": 1, "x": 5}, {"id": 2, "x": 6}]
    >>> new = [{"id": 2, "x": 7}, {"id": 3, "x": 8}]
    >>> change = patch(old, new, key="id")
    >>> change
    <Patch table: changed 1, added 1, removed 1>
    >>> change.apply(old).to_pylist() == new
    True
    >>> change.invert().apply(new).to_pylist() == old
    True
    """

    __hash__ = None  # type: ignore[assignment]  # it holds tables

    def __init__(self, edited: Edited) -> None:
        self.edited = edited
        """The patch as `azds.changes.patching` takes it."""

    @property
    def table(self) -> str:
        """The name of the table."""
        return self.edited.new.schema.name

    @property
    def old(self) -> End:
        """What the table is before: digest, rows, columns, coverage."""
        return self.edited.old

    @property
    def new(self) -> End:
        """What the table is after."""
        return self.edited.new

    def __len__(self) -> int:
        """How many keys differ."""
        return len(self.edited.edits)

    def __bool__(self) -> bool:
        """Whether anything differs: a value, a row, a column or the coverage."""
        return bool(len(self)) or (self.old.schema, self.old.coverage) != (
            self.new.schema,
            self.new.coverage,
        )

    def __eq__(self, other: object) -> bool:
        """Whether both say the same, by azds's equality: null is null, NaN is NaN."""
        if not isinstance(other, Patch):
            return NotImplemented
        return same_patch(self.edited, other.edited)

    def __repr__(self) -> str:
        """The table with the number of rows that differ, in one line."""
        told = ", ".join(f"{what} {count}" for what, count in self.counts().items() if count)
        return f"<Patch {self.table}: {told or 'no row differs'}>"

    def counts(self) -> dict[str, int]:
        """How many rows are changed, added and removed, whatever that means."""
        edits = self.edited.edits
        return {
            "changed": edits.keys.num_rows,
            "added": edits.added.num_rows,
            "removed": edits.removed.num_rows,
        }

    def diff(self) -> TableDiff:
        """What the changes mean: categories and kinds, by the coverage of both ends.

        A patch does not hold the evidence of rows: what the diff of two revisions calls not
        comparable, because the other source saw none of its places, is unstated here, or
        newly stated.

        Raises:
            InvalidInputError: `bad-key`: the ends have different keys, so that no row has its like.
        """
        old, new = self.old, self.new
        schema, schema_change = common_columns(old.schema, new.schema)
        changes = classify(
            self.edited.edits,
            Side(old.coverage, old.rows),
            Side(new.coverage, new.rows),
            schema=schema,
            schema_change=schema_change,
        )
        return TableDiff(self.table, changes)

    def summary(self) -> dict[str, object]:
        """The counts of `diff`."""
        return dict(self.diff().summary())

    def apply(self, table: object, *, encoding: str = "utf-8") -> pa.Table:
        """The table after the changes; `table` is a path, an Arrow-compatible object, or rows.

        Shape: in key order, with the columns of the new end.

        Raises:
            InvalidInputError: it is not the table that the patch was made from, naming the
                first row and cell that differ.
        """
        return self.apply_keyed(keyed_as(table, self.old.schema, encoding=encoding))

    def apply_keyed(self, given: Keyed) -> pa.Table:
        """The same for a table that was read already."""
        check_columns(self.edited, given.schema)
        digest = content_digest(given.rows, given.schema).digest
        try:
            check_fits(self.edited, given.schema, digest)
        except InvalidInputError as error:
            raise self._explained(given, error) from error
        return apply_patch(given.rows, self.edited)

    def apply_leniently(self, table: object, *, encoding: str = "utf-8") -> Lenient:
        """The table with all changes that fit it, and the conflicts of those that do not.

        Raises:
            InvalidInputError: it has other columns; or the patch changes the columns, and
                does not fit whole.
        """
        given = keyed_as(table, self.old.schema, encoding=encoding)
        check_columns(self.edited, given.schema)
        return apply_leniently(given.rows, self.edited)

    def conflicts(self, table: object, *, encoding: str = "utf-8") -> pa.Table:
        """What stands in the way of applying it: ``key``, ``column``, ``expected``, ``got``.

        Shape: a row per conflict; an empty column means the row as a whole.
        """
        given = keyed_as(table, self.old.schema, encoding=encoding)
        check_columns(self.edited, given.schema)
        return conflicts(given.rows, self.edited)

    def invert(self) -> "Patch":
        """The patch that takes these changes back."""
        return Patch(invert(self.edited))

    def compose(self, other: "Patch") -> "Patch":
        """The patch that does this and then the other: what both undo is not in it.

        Raises:
            InvalidInputError: the other does not start where this one ends.
        """
        return Patch(compose(self.edited, other.edited))

    def to_bytes(self) -> bytes:
        """The patch as a Parquet file in memory."""
        return patch_parquet.to_parquet(self.edited)

    def to_document(self) -> dict[str, object]:
        """The patch as plain JSON values; the schema is `documents/patch.v1.json`."""
        return dict(patch_to_document(self.edited))

    def to_json(self) -> str:
        """The patch as JSON, one row per line."""
        document = self.to_document()
        lines = []
        for name, value in document.items():
            if isinstance(value, list):
                rows = ",\n".join(f"    {_json(row)}" for row in value)
                lines.append(f'  "{name}": [\n{rows}\n  ]' if rows else f'  "{name}": []')
            else:
                lines.append(f'  "{name}": {_json(value)}')
        return "{\n" + ",\n".join(lines) + "\n}\n"

    def write(self, path: Path | str) -> None:
        """Write it to a file, whole or not at all: JSON where the name says so, else Parquet."""
        where = Path(path)
        is_json = where.suffix.casefold() == ".json"
        port.replace_file(where, self.to_json().encode() if is_json else self.to_bytes())

    @classmethod
    def from_bytes(cls, data: bytes) -> "Patch":
        """The patch in a Parquet file: the twin of `to_bytes`.

        Raises:
            FormatError: `format-unknown`.
            InvalidInputError: it is no patch, or contradicts itself.
        """
        return cls(patch_parquet.from_parquet(data))

    @classmethod
    def from_json(cls, text: str | bytes) -> "Patch":
        """The patch in a JSON document: the twin of `to_json`.

        Raises:
            FormatError: `format-unknown`.
            InvalidInputError: it is no patch, or contradicts itself.
        """
        return cls(patch_from_document(checked_document(text)))

    def _explained(self, given: Keyed, error: InvalidInputError) -> InvalidInputError:
        """The refusal with the first cell that differs, which says more than digests do."""
        if error.got == self.new.digest:
            return InvalidInputError(
                error.kind,
                "the patch was applied already: this is the table that it makes",
                where=f"{given.name}: {self.table}",
            )
        found = conflicts(given.rows, self.edited)
        if not found.num_rows:
            return InvalidInputError(
                error.kind,
                f"{error.what}: it differs where the patch changes nothing",
                where=f"{given.name}: {self.table}",
                expected=error.expected,
                got=error.got,
                advice="apply it leniently (--lenient), if it shall apply to other tables",
            )
        first = {
            name: column[0].as_py()
            for name, column in zip(found.column_names, found.columns, strict=True)
        }
        more = found.num_rows - 1
        return InvalidInputError(
            error.kind,
            error.what + (f" ({more:,} more conflict{'s' if more > 1 else ''})" if more else ""),
            where=" ".join(
                part
                for part in (f"{given.name}:", self.table, first["key"], first["column"])
                if part
            ),
            expected=_value(first["expected"]),
            got=_value(first["got"]),
            advice="apply it leniently (--lenient), to apply what fits",
        )


def patch(  # noqa: PLR0913 - two tables, and what is known of them
    old: object,
    new: object,
    *,
    key: str | Sequence[str] = (),
    old_coverage: Coverage | None = None,
    new_coverage: Coverage | None = None,
    name: str = "",
    encoding: str = "utf-8",
) -> Patch:
    """All that differs between two tables with a key, as a value.

    Each side is a path (Parquet, CSV, TSV, JSON lines), an Arrow-compatible object, rows, or a
    table of a revision, ``dataset["2016"]["relations"]``, which knows its key and coverage.
    Both are held in memory.

    >>> old, new = [{"id": 1, "x": 5}], [{"id": 1, "x": 6}]
    >>> change = patch(old, new, key="id")
    >>> change.compose(patch(new, old, key="id"))
    <Patch table: no row differs>

    Raises:
        NotFoundError: `source-missing`.
        InvalidInputError: `bad-key`, `bad-column`, `key-null`, `key-repeated`, `key-type`,
            `source-unreadable`, `bad-argument`.
    """
    keys = (key,) if isinstance(key, str) else tuple(key)
    tables = keyed_tables(
        [("old", old, old_coverage), ("new", new, new_coverage)],
        key=keys,
        name=name or (old.schema.name if isinstance(old, Table) else "table"),
        encoding=encoding,
    )
    return Patch(make_patch(*(one.rows for one in tables), *(one.end() for one in tables)))


def compose_patches(patches: Sequence[Patch]) -> Patch:
    """The patch that does what all do, one after the other; at least one.

    Raises:
        InvalidInputError: one does not start where the one before ends.
    """
    return Patch(compose_all([one.edited for one in patches]))


def read_patch(path: Path | str) -> Patch:
    """The patch in a file: Parquet or JSON, by what it is and not by its name.

    Raises:
        NotFoundError: `source-missing`.
        FormatError: `format-unknown`.
        InvalidInputError: it is no patch, or contradicts itself.
    """
    where = Path(path)
    data = port.read_file(where, _MOST_BYTES) if port.kind_of(where) == "file" else None
    if data is None:
        raise NotFoundError("source-missing", "no such file", where=str(path), expected="a patch")
    try:
        if data.startswith(b"PAR1"):
            return Patch.from_bytes(data)
        return Patch.from_json(data)
    except (InvalidInputError, FormatError) as error:
        raise type(error)(
            error.kind,
            error.what,
            where=f"{path}: {error.where}" if error.where else str(path),
            expected=error.expected,
            got=error.got,
            advice=error.advice,
        ) from error


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False)


def _value(text: str | None) -> str:
    return "no value" if text is None else text[:120]
