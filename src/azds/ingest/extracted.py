"""What an extractor gives: records, their evidence, and the candidates that broke a rule."""

import functools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from operator import add
from typing import Any, Generic, TypeVar, overload

from typing_extensions import override

from azds.ids import KeyValue
from azds.ingest.placing import Place
from azds.records import Evidence, Record, Rejection, table_schema

__all__ = ["Extracted", "Pointers", "key_values", "unique_evidence"]

R = TypeVar("R", bound=Record)


@dataclass(slots=True)
class Extracted(Generic[R]):
    """The rows of one table with their evidence, and what was rejected on the way."""

    rows: list[R] = field(default_factory=list)
    evidence: list[Evidence] = field(default_factory=list)
    rejections: list[Rejection] = field(default_factory=list)


class Pointers(Sequence[Evidence]):
    """Evidence by column: records where they are asked for, since a text has a thousand.

    Attributes:
        may_repeat: Whether some came from a lead that several parts repeat.
    """

    def __init__(self, evidence: Iterable[Evidence] = ()) -> None:
        """Take records apart; they are valid, and so is what is read back."""
        held = list(evidence)
        self.table = [one.table for one in held]
        self.key = [one.key for one in held]
        self.column = [one.column for one in held]
        self.start = [one.start for one in held]
        self.end = [one.end for one in held]
        self.place = [one.place for one in held]
        self.markers = [one.markers for one in held]
        self.digest = [one.digest for one in held]
        self.may_repeat = False

    @property
    def columns(self) -> dict[str, list[Any]]:
        """The values of each column of `Evidence`, alike in length."""
        return {name: getattr(self, name) for name in Evidence.model_fields}

    @override
    def __eq__(self, other: object) -> bool:
        """Whether these are the same, in the same order."""
        return isinstance(other, Pointers) and self.columns == other.columns

    __hash__ = None  # type: ignore[assignment]  # they grow

    def drop_repeats(self) -> None:
        """Drop what a repeated lead told twice: one for each table, key, column and start stays."""
        if not self.may_repeat:
            return
        keys = zip(self.table, self.key, self.column, self.start, strict=True)
        self._keep(set({key: at for at, key in enumerate(keys)}.values()))

    def drop(self, table: str, key: str) -> None:
        """Drop those of one row."""
        keys = zip(self.table, self.key, strict=True)
        self._keep({at for at, one in enumerate(keys) if one != (table, key)})

    def _keep(self, kept: set[int]) -> None:
        if len(kept) < len(self):
            for values in self.columns.values():
                values[:] = [value for at, value in enumerate(values) if at in kept]

    def __len__(self) -> int:
        """How many there are."""
        return len(self.start)

    @overload
    def __getitem__(self, at: int) -> Evidence: ...
    @overload
    def __getitem__(self, at: slice) -> list[Evidence]: ...
    @override
    def __getitem__(self, at: int | slice) -> Evidence | list[Evidence]:
        if isinstance(at, slice):
            return [self[one] for one in range(*at.indices(len(self)))]
        return Evidence.model_construct(
            table=self.table[at],
            key=self.key[at],
            column=self.column[at],
            start=self.start[at],
            end=self.end[at],
            place=self.place[at],
            markers=self.markers[at],
            digest=self.digest[at],
        )

    def add(
        self, others: "Pointers", place: Place, numbers: Sequence[int], key: str | None = None
    ) -> None:
        """Add those of a part of a text that stands there, whose references have these numbers.

        `key` is that of all of them, where it is another than in the part.
        """
        self.table += others.table
        self.key += others.key if key is None else [key] * len(others)
        self.column += others.column
        shift = place.steps[-1][1]
        if place.lead and min(others.start, default=place.lead) < place.lead:
            self.may_repeat = True
            lead = place.lead
            shifts = [shift if at >= lead else place.shift(at) for at in others.start]
            self.start += map(add, others.start, shifts)
            self.end += map(add, others.end, shifts)
        else:
            self.start += [at + shift for at in others.start]
            self.end += [at + shift for at in others.end]
        self.place += others.place
        self.digest += others.digest
        self.markers += [
            tuple([numbers[mark - 1] for mark in marks]) if marks else marks
            for marks in others.markers
        ]


def key_values(row: Record) -> list[KeyValue]:
    """The values of a row's key."""
    return [getattr(row, name) for name in _key_names(type(row))]


@functools.cache
def _key_names(record: type[Record]) -> tuple[str, ...]:
    return table_schema(record).key


def unique_evidence(evidence: Iterable[Evidence]) -> list[Evidence]:
    """Evidence without repeats: one for each table, key, column and start."""
    kept = {(one.table, one.key, one.column, one.start): one for one in evidence}
    return list(kept.values())
