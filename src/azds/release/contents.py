"""What a release holds, before it is written: plain values, made from a dataset."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from azds.columns import TableSchema
from azds.coverage import Coverage
from azds.dataset.dataset import Dataset
from azds.dataset.snapshot import Snapshot
from azds.errors import InvalidInputError, NotFoundError
from azds.ids import near_names
from azds.release.bump import Bump
from azds.release.folder import Made
from azds.release.names import csv_path, data_path, split_name
from azds.release.notes import Notes
from azds.release.origin import Origin
from azds.release.version import Version

__all__ = ["Contents", "Part", "Request", "chosen", "parts_of", "splits_of"]


@dataclass(frozen=True, slots=True)
class Request:
    """What a person asks of a release.

    Attributes:
        date: Of the release, as ``2026-11-22``; from the caller, never from the clock.
        revisions: ``latest``, ``all``, or labels.
        version: The version, or None for the computed one.
        declared: Of the origin, what the dataset does not say itself.
        doi: Of the release, where one is reserved.
        licence_text: The text of a licence that azds does not carry.
    """

    date: str
    revisions: Sequence[str] = ("latest",)
    version: str | None = None
    declared: Mapping[str, str] = field(default_factory=dict)
    doi: str = ""
    licence_text: bytes | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """One table of one revision, as the release holds it; the rows are read when written."""

    table: str
    label: str
    schema: TableSchema
    coverage: Coverage
    rows: int
    digest: str

    @property
    def name(self) -> str:
        """Unique in a release."""
        return f"{self.table}_{self.label}"

    @property
    def path(self) -> str:
        """Of the Parquet file."""
        return data_path(self.table, self.label)

    @property
    def csv(self) -> str:
        """Of the copy as CSV."""
        return csv_path(self.table, self.label)


@dataclass(frozen=True, slots=True)
class Contents:
    """Everything that the documents of a release tell.

    Attributes:
        dataset: The dataset's name.
        version: Of the release.
        snapshots: The revisions whose tables are in it, in order; the last is the newest.
        parts: Their tables.
        splits: By label, the name of the revision as a split.
        files: What is written so far, by path.
        changes: The files of changes: old, new, table, path, rows.
        previous: The release before, by version and digest of its sums, or None.
    """

    dataset: str
    version: Version
    request: Request
    origin: Origin
    snapshots: tuple[Snapshot, ...]
    parts: tuple[Part, ...]
    splits: Mapping[str, str]
    files: Mapping[str, Made]
    changes: tuple[Mapping[str, str | int], ...]
    notes: Notes
    bump: Bump
    previous: Mapping[str, str] | None

    @property
    def title(self) -> str:
        """Of the dataset."""
        return self.origin.title

    @property
    def tables(self) -> tuple[str, ...]:
        """The names of the tables, in order; each once."""
        return tuple(dict.fromkeys(part.table for part in self.parts))

    def of_table(self, table: str) -> tuple[Part, ...]:
        """The parts of one table, in the order of revisions."""
        return tuple(part for part in self.parts if part.table == table)


def chosen(dataset: Dataset, revisions: Sequence[str]) -> tuple[Snapshot, ...]:
    """The snapshots that a release holds, in the declared order.

    Raises:
        NotFoundError: `unknown-revision`.
        InvalidInputError: `bad-argument`, for a dataset without revisions.
    """
    labels = list(dataset)
    if not labels:
        raise InvalidInputError(
            "bad-argument", "a dataset without revisions has nothing to release", where=dataset.name
        )
    if list(revisions) == ["all"]:
        return tuple(dataset[label] for label in labels)
    if list(revisions) == ["latest"] or not revisions:
        return (dataset[labels[-1]],)
    for label in revisions:
        if label not in labels:
            raise NotFoundError(
                "unknown-revision",
                "no such revision",
                where=dataset.name,
                got=repr(label),
                advice=near_names(label, labels),
            )
    return tuple(dataset[label] for label in labels if label in set(revisions))


def parts_of(snapshots: Sequence[Snapshot]) -> tuple[Part, ...]:
    """The tables of these snapshots: by table, then in the order of revisions."""
    names = list(dict.fromkeys(name for one in snapshots for name in one.tables))
    return tuple(
        Part(name, one.label, entry.schema, entry.coverage, entry.rows, entry.digest)
        for name in names
        for one in snapshots
        if (entry := one.manifest.tables.get(name)) is not None
    )


def splits_of(snapshots: Sequence[Snapshot]) -> dict[str, str]:
    """By label, the name of the revision as a split."""
    taken: set[str] = set()
    found: dict[str, str] = {}
    for one in snapshots:
        found[one.label] = split_name(one.label, taken)
        taken.add(found[one.label])
    return found
