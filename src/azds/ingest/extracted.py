"""What an extractor gives: records, their evidence, and the candidates that broke a rule."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from azds.records import Evidence, Record, Rejection

__all__ = ["Extracted", "unique_evidence"]

R = TypeVar("R", bound=Record)


@dataclass(slots=True)
class Extracted(Generic[R]):
    """The rows of one table with their evidence, and what was rejected on the way."""

    rows: list[R] = field(default_factory=list)
    evidence: list[Evidence] = field(default_factory=list)
    rejections: list[Rejection] = field(default_factory=list)


def unique_evidence(evidence: Iterable[Evidence]) -> list[Evidence]:
    """Evidence without repeats: one for each table, key, column and start."""
    kept = {(one.table, one.key, one.column, one.start): one for one in evidence}
    return list(kept.values())
