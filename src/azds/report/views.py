"""What a page is made of, as plain values: the templates read these and nothing else.

Every string here may come from hostile data: it is cut to size, and escaped by the template.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from azds.dataset.quote import Passage
from azds.report.figures import Figure

__all__ = [
    "Card",
    "Comparison",
    "CoverageCell",
    "CoverageRow",
    "FindingView",
    "Group",
    "Head",
    "Line",
    "Measure",
    "PageView",
    "Side",
    "Stretch",
    "TableView",
    "Value",
]


@dataclass(frozen=True, slots=True)
class Value:
    """One cell as it is read: its text, the names of the ids in it, its column's role, its fit."""

    text: str
    names: str = ""
    role: str = "fact"
    is_number: bool = False
    fit: str = ""


@dataclass(frozen=True, slots=True)
class Head:
    """The head of a column: its name, its role, whether numbers stand in it."""

    name: str
    role: str
    is_number: bool = False


@dataclass(frozen=True, slots=True)
class Side:
    """What one side's source could show of a table, in words."""

    label: str
    level: str
    told: str


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a group: a row on one side only, or one changed cell.

    Attributes:
        kind: What became of it, as the diff document names it.
        key: The key's values.
        key_names: Names for it; may be empty.
        cells: Of a row: its other columns. Of a cell: column, old and new.
        evidence: The passages that state it, each with the label of its revision.
        more_evidence: How many passages are not shown.
    """

    kind: str
    key: Sequence[Value]
    key_names: str
    cells: Sequence[Value]
    evidence: Sequence[tuple[str, Passage]]
    more_evidence: int = 0


@dataclass(frozen=True, slots=True)
class Group:
    """Changes of one table that are told alike.

    Attributes:
        kind: The category, or ``changed``, ``reworded``, ``moved``.
        title: What they are, in words.
        columns: The heads of the columns, the key's first.
        is_cells: Whether each line is one changed cell.
        lines: Those shown.
        rows: How many rows are shown.
        total: How many rows there are.
        more_columns: How many columns are not shown.
    """

    kind: str
    title: str
    columns: Sequence[Head]
    is_cells: bool
    lines: Sequence[Line]
    rows: int
    total: int
    more_columns: int = 0

    @property
    def has_evidence(self) -> bool:
        """Whether any line shows where it is stated."""
        return any(line.evidence for line in self.lines)


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of a bar of 100: what it counts, where it begins, how long it is."""

    kind: str
    count: int
    start: float
    length: float


@dataclass(frozen=True, slots=True)
class TableView:
    """One table of a comparison."""

    name: str
    anchor: str
    told: str
    counts: Mapping[str, int]
    bar: Sequence[Stretch]
    sides: Sequence[Side]
    is_absent: bool
    schema: str
    columns: Sequence[tuple[str, str]]
    tops: Sequence[str]
    groups: Sequence[Group]


@dataclass(frozen=True, slots=True)
class Comparison:
    """What changed from `old` to `new`.

    Attributes:
        words: What changed, in sentences.
        tables: Those that differ, or whose sources could show more or less.
        same: Names of the tables in which nothing differs.
        notes: What to know of the inputs.
    """

    anchor: str
    old: str
    new: str
    words: Sequence[str]
    tables: Sequence[TableView]
    same: Sequence[str]
    notes: Sequence[str]


@dataclass(frozen=True, slots=True)
class Card:
    """The headline count of one revision; `bound` is what bounds or estimates it, in words."""

    revision: str
    date: str
    bound: str
    value: str
    counts: str
    details: Sequence[tuple[str, str]]
    mark: str


@dataclass(frozen=True, slots=True)
class Measure:
    """The headline counts of one measure, in the order of the revisions."""

    name: str
    cards: Sequence[Card]
    notes: Sequence[str]
    figure: Figure | None


@dataclass(frozen=True, slots=True)
class FindingView:
    """What `check` reports."""

    code: str
    revision: str
    where: str
    message: str
    evidence: Sequence[tuple[str, Passage]]
    more_evidence: int = 0


@dataclass(frozen=True, slots=True)
class CoverageCell:
    """How much of a table a revision could show."""

    revision: str
    level: str
    rows: int
    reason: str


@dataclass(frozen=True, slots=True)
class CoverageRow:
    """The coverage of one table in each revision; None where that has no such table."""

    name: str
    cells: Sequence[CoverageCell | None]


@dataclass(frozen=True, slots=True)
class PageView:
    """A whole page."""

    title: str
    subtitle: str
    lead: Sequence[str] = ()
    measures: Sequence[Measure] = ()
    figures: Sequence[Figure] = ()
    revisions: Sequence[Mapping[str, str]] = ()
    coverage: Sequence[CoverageRow] = ()
    coverage_labels: Sequence[str] = ()
    comparisons: Sequence[Comparison] = ()
    findings: Sequence[FindingView] | None = None
    notes: Sequence[str] = ()
    citation: Sequence[str] = ()
    shown: int = 0
    total: int = 0
    full: str = ""
    wording: bool = False
    place: bool = False
    left_out: str = ""

    @property
    def roles(self) -> frozenset[str]:
        """Those of the roles hidden by default that some column or group of the page has."""
        groups = [g for one in self.comparisons for table in one.tables for g in table.groups]
        names = {head.role for group in groups for head in group.columns}
        kinds = {group.kind for group in groups}
        return frozenset(
            role
            for role, kind in (("wording", "reworded"), ("place", "moved"))
            if role in names or kind in kinds
        )
