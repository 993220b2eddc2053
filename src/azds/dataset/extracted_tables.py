"""What was extracted from a text, as it is stored; a history shares what did not change."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa

from azds.arrow.rows import rows_to_table
from azds.arrow.tables import conform
from azds.arrow.types import to_arrow_schema
from azds.coverage import Coverage
from azds.ingest.extract import Extraction
from azds.ingest.extracted import Pointers, key_values
from azds.records import Evidence, Record, Rejection, registered, table_schema
from azds.store.manifest import Repair, SourceEntry

__all__ = ["SERVING", "TableMaker", "repairs_of", "source_of"]

SERVING = Coverage("partial", reason="follows the coverage of the tables that it serves")
"""The coverage of evidence and rejections."""


def source_of(found: Extraction) -> SourceEntry:
    """What a manifest says of the text."""
    return SourceEntry(
        found.digest, found.style, found.characters, found.latest_year, found.wording
    )


def repairs_of(found: Extraction) -> tuple[Repair, ...]:
    """What was read otherwise than stored, as a manifest says it."""
    return tuple(Repair(one.rule, one.start, one.end) for one in found.repairs)


@dataclass(frozen=True, slots=True)
class _Made:
    """A table that was made, and its rows in key order."""

    rows: list[Record]
    table: pa.Table


class TableMaker:
    """Makes the tables of one text after another; rows that are the same are made once."""

    def __init__(self, family: str) -> None:
        """Begin with the record types of a family."""
        self.types: Mapping[str, type[Record]] = {
            **registered(family),
            "evidence": Evidence,
            "rejections": Rejection,
        }
        self._last: dict[str, _Made] = {}

    def tables(self, found: Extraction) -> dict[str, pa.Table]:
        """Each table in key order, with evidence and rejections."""
        made = {name: self._rows(name, rows) for name, rows in found.tables.items()}
        made["evidence"] = _pointers(found.evidence)
        made["rejections"] = self._rows("rejections", found.rejections)
        return made

    def _rows(self, name: str, rows: Sequence[Record]) -> pa.Table:
        """The table of these rows: those of the table before are taken from there."""
        record = self.types[name]
        last = self._last.get(name)
        known = {id(row) for row in last.rows} if last else set()
        new = [row for row in rows if id(row) not in known]
        if last is None or 2 * len(new) > len(rows):
            table = rows_to_table(record, rows)
        elif not new and len(rows) == len(last.rows):
            return last.table
        else:
            wanted = {id(row) for row in rows}
            kept = last.table.filter(pa.array([id(row) in wanted for row in last.rows], pa.bool_()))
            both = pa.concat_tables([kept, rows_to_table(record, new)])
            table = conform(both, table_schema(record))
        self._last[name] = _Made(sorted(rows, key=key_values), table)
        return table


def _pointers(evidence: Sequence[Evidence]) -> pa.Table:
    if not isinstance(evidence, Pointers):
        return rows_to_table(Evidence, evidence)
    schema = table_schema(Evidence)
    target = to_arrow_schema(schema)
    arrays = [pa.array(evidence.columns[field.name], field.type) for field in target]
    return conform(pa.Table.from_arrays(arrays, schema=target), schema)
