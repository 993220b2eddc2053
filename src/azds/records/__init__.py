"""Typed rows: what each table holds, and what a difference in it means.

Frozen, strict pydantic models on one base. Roles stand in the annotations,
descriptions under the fields; `TableSchema`, the JSON Schema and the docs all
come from here. No Arrow, no files.
"""

from azds.records.base import (
    Fact,
    Key,
    Place,
    Record,
    Wording,
    check_rows,
    record_type,
    record_types,
    registered,
    table_schema,
)
from azds.records.events import Event
from azds.records.foreign_relations import (
    BibliographyEntry,
    Count,
    Evidence,
    Mission,
    Organization,
    Recognition,
    Rejection,
    Relation,
    Section,
)
from azds.records.war_reactions import Reaction, RelatedTopic

__all__ = [
    "BibliographyEntry",
    "Count",
    "Event",
    "Evidence",
    "Fact",
    "Key",
    "Mission",
    "Organization",
    "Place",
    "Reaction",
    "Recognition",
    "Record",
    "Rejection",
    "RelatedTopic",
    "Relation",
    "Section",
    "Wording",
    "check_rows",
    "record_type",
    "record_types",
    "registered",
    "table_schema",
]
