"""What rules cannot read and a person settled: declared, with a reason, checked when applied."""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from pydantic import ValidationError

from azds.errors import InvalidInputError
from azds.ids import near_names, split_key
from azds.ingest.blocks import Document, Part
from azds.records import Evidence, Record
from azds.records.base import key_of

__all__ = ["Correction", "apply_corrections"]

CellValue = str | int | bool | list[str] | None

MOST_WORDS = 11
"""The most words of a source that a correction may quote: the data ship pointers, no prose."""


@dataclass(frozen=True, slots=True)
class Correction:
    """One cell that a person settles, or one row (`column` empty) that does not belong.

    Or one (`row`) that is missing.

    A cell of the key may be changed too, where no other row has the new key.

    Attributes:
        table: The table.
        key: The canonical key string of the row; empty for a row that is added.
        column: The column; empty to take the row out or to add one.
        expects: What the rules give today; another value means that the correction is stale.
        value: What stands instead.
        reason: Why, in words for a reader.
        row: The cells of a row that is added; a column left out is null.
        words: A few words of the source that state it, evidence of what is added or changed.
        nth: Which of the places with these words is meant, from 1; 0 where there is but one.
    """

    table: str
    key: str
    column: str
    expects: CellValue
    value: CellValue
    reason: str
    row: Mapping[str, CellValue] | None = None
    words: str = ""
    nth: int = 0

    @property
    def key_added(self) -> str:
        """The key as far as it is declared: of the row itself, else of the cells that are added."""
        return self.key or "/".join(str(value) for value in (self.row or {}).values())


def apply_corrections(
    tables: Mapping[str, Sequence[Record]],
    evidence: Iterable[Evidence],
    corrections: Iterable[Correction],
    document: Document,
    types: Mapping[str, type[Record]],
) -> tuple[dict[str, list[Record]], list[Evidence]]:
    """The tables and evidence with every correction applied.

    The evidence of a cell that a correction changes is dropped: those words
    stated what was corrected. The row keeps its own. What is added has the words
    that the correction names as its evidence.

    Raises:
        InvalidInputError: `correction-fails`: no such table, row or column, another value
            than expected, a value that the record type refuses, a row that is there
            already, or words that do not stand once in the source.
    """
    corrected = {name: list(rows) for name, rows in tables.items()}
    kept = list(evidence)
    for one in corrections:
        where = f"correction of {one.table} {one.key_added} {one.column}".rstrip()
        if one.table not in corrected:
            raise InvalidInputError(
                "correction-fails",
                "no such table",
                where=where,
                advice=near_names(one.table, corrected),
            )
        rows = corrected[one.table]
        keys = [key_of(row) for row in rows]
        if one.row is not None:
            added = _added(one, types[one.table], where)
            _refuse_second(key_of(added), keys, where)
            rows.append(added)
            kept.append(_cited(one, key_of(added), document, where))
            continue
        if one.key not in keys:
            raise InvalidInputError(
                "correction-fails", "no such row", where=where, advice=near_names(one.key, keys)
            )
        position = keys.index(one.key)
        row = rows[position]
        if not one.column:
            del rows[position]
            kept = [e for e in kept if (e.table, e.key) != (one.table, one.key)]
            continue
        rows[position] = _corrected(row, one, where)
        kept = [e for e in kept if (e.table, e.key, e.column) != (one.table, one.key, one.column)]
        key = key_of(rows[position])
        if key != one.key:
            _refuse_second(key, keys, where)
            kept = [
                e.model_copy(update={"key": key}) if (e.table, e.key) == (one.table, one.key) else e
                for e in kept
            ]
        if one.words:
            kept.append(_cited(one, key, document, where))
    return corrected, kept


def _refuse_second(key: str, keys: Sequence[str], where: str) -> None:
    if key in keys:
        raise InvalidInputError(
            "correction-fails", "a row of this key is there", where=where, got=key
        )


def _added(one: Correction, record: type[Record], where: str) -> Record:
    cells = dict.fromkeys(record.model_fields) | dict(one.row or {})
    try:
        return record.model_validate_json(json.dumps(cells))
    except ValidationError as error:
        first = error.errors()[0]
        raise InvalidInputError(
            "correction-fails",
            first["msg"],
            where=f"{where}: {'.'.join(str(part) for part in first['loc'])}",
            got=repr(first["input"])[:80],
        ) from error


def _cited(one: Correction, key: str, document: Document, where: str) -> Evidence:
    """The words that a correction names, as evidence."""
    words = one.words.split()
    if not 0 < len(words) <= MOST_WORDS:
        raise InvalidInputError(
            "correction-fails",
            "what is added needs a few words of the source that state it",
            where=where,
            expected=f"1 to {MOST_WORDS} words",
            got=f"{len(words)} words",
        )
    pattern = re.compile(r"\s+".join(map(re.escape, words)))
    places = [match.span() for match in pattern.finditer(document.source.clean)]
    if not places or (len(places) > 1 and not one.nth) or one.nth > len(places):
        raise InvalidInputError(
            "correction-fails",
            "these words do not stand there once",
            where=where,
            expected=f"place {one.nth}" if one.nth else "one place",
            got=f"{len(places)} places",
            advice="say which place with nth" if places else None,
        )
    start, end = places[max(one.nth - 1, 0)]
    block = document.blocks[document.position(Part(start, end))]
    values = tuple(split_key(key))
    return document.cite(one.table, values, one.column, start, end, block.place)


def _corrected(row: Record, one: Correction, where: str) -> Record:
    cells = row.model_dump(mode="json")
    if one.column not in cells:
        raise InvalidInputError(
            "correction-fails",
            "no such column",
            where=where,
            advice=near_names(one.column, cells),
        )
    if cells[one.column] != one.expects:
        raise InvalidInputError(
            "correction-fails",
            "the rules now give another value; the correction is stale",
            where=where,
            expected=repr(one.expects),
            got=repr(cells[one.column]),
        )
    try:
        return type(row).model_validate_json(json.dumps(cells | {one.column: one.value}))
    except ValidationError as error:
        raise InvalidInputError(
            "correction-fails", error.errors()[0]["msg"], where=where, got=repr(one.value)
        ) from error
