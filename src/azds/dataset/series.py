"""The designated counts of a measure, revision by revision, with what each counts."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from azds.dataset.snapshot import Snapshot
from azds.errors import NotFoundError
from azds.ids import near_names
from azds.qualifiers import qualified

if TYPE_CHECKING:  # an extra
    from matplotlib.axes import Axes

__all__ = ["Point", "Series", "Stated", "build_series", "stated"]


@dataclass(frozen=True, slots=True)
class Stated:
    """One stated count: its number, its unit, what it includes, what stands beside it.

    A `qualifier` says that the number is a bound or an estimate (`azds.qualifiers`).
    """

    value: int | float
    scope: str
    includes: tuple[str, ...] = ()
    alongside: tuple[str, ...] = ()
    qualifier: str | None = None

    def to_document(self) -> dict[str, object]:
        """As plain values."""
        return {
            "value": self.value,
            "qualifier": self.qualifier,
            "scope": self.scope,
            "includes": list(self.includes),
            "alongside": list(self.alongside),
        }


@dataclass(frozen=True, slots=True)
class Point:
    """The designated count of one revision.

    Attributes:
        revision: Its label.
        date: Its date in EDTF, None where it carries none.
        headline: The designated count; None where none is declared.
        also_stated: Other counts of the measure in the same revision.
        implied_un_members: The UN members among it, where that follows.
        note: What the implication rests on; None where it rests on nothing.
    """

    revision: str
    date: str | None
    headline: Stated | None
    also_stated: tuple[Stated, ...]
    implied_un_members: int | float | None
    note: str | None

    def to_document(self) -> dict[str, object]:
        """As `azds series --format json` prints it."""
        head = self.headline
        return {
            "revision": self.revision,
            "value": head.value if head else None,
            "qualifier": head.qualifier if head else None,
            "scope": head.scope if head else None,
            "includes": list(head.includes) if head else [],
            "alongside": list(head.alongside) if head else [],
            "also_stated": [one.to_document() for one in self.also_stated],
            "implied_un_members": self.implied_un_members,
            "note": self.note,
        }


@dataclass(frozen=True, slots=True)
class Series:
    """The designated counts of one measure, in the declared order of the revisions."""

    measure: str
    points: tuple[Point, ...]

    def __iter__(self) -> Iterator[Point]:
        """The points, in order."""
        return iter(self.points)

    def __len__(self) -> int:
        """How many revisions it has."""
        return len(self.points)

    def __repr__(self) -> str:
        """The measure with its values in one line."""
        heads = ((p.revision, p.headline) for p in self.points)
        values = (f"{one} {qualified(h.value, h.qualifier) if h else '–'}" for one, h in heads)
        return f"<Series {self.measure}: {', '.join(values)}>"

    def _repr_html_(self) -> str:
        """The counts as a table, for notebooks."""
        from azds.dataset.html import series_html  # noqa: PLC0415 - for notebooks alone

        return series_html(self)

    def plot(self, ax: "Axes | None" = None) -> "Axes":
        """A picture of the stated counts; see `azds.dataset.pictures.plot_series`.

        Raises:
            RefusedError: `missing-extra`, without matplotlib.
        """
        from azds.dataset.pictures import plot_series  # noqa: PLC0415 - loads an extra

        return plot_series(self, ax)

    def to_document(self) -> list[dict[str, object]]:
        """As `azds series --format json` prints it."""
        return [point.to_document() for point in self.points]


def build_series(measure: str, snapshots: list[Snapshot]) -> Series:
    """The series of a measure over these revisions.

    Raises:
        NotFoundError: `unknown-measure`.
    """
    measures = sorted({h.measure for one in snapshots for h in one.manifest.headline})
    if measure not in measures:
        raise NotFoundError(
            "unknown-measure",
            "no revision has a headline of this measure",
            got=repr(measure),
            advice=near_names(measure, measures),
        )
    return Series(measure, tuple(_point(measure, snapshot) for snapshot in snapshots))


def _point(measure: str, snapshot: Snapshot) -> Point:
    counts = stated(measure, snapshot)
    designated = [h for h in snapshot.manifest.headline if h.measure == measure]
    head = None
    if designated:
        told = designated[0]
        head = Stated(told.value, told.scope, qualifier=told.qualifier)
        same = [one for one in counts if replace(one, includes=(), alongside=()) == head]
        head = [*same, head][0]
    others = tuple(one for one in counts if one != head)
    implied, note = _implied(head)
    return Point(snapshot.label, snapshot.manifest.date, head, others, implied, note)


def stated(measure: str, snapshot: Snapshot) -> list[Stated]:
    """The counts of a measure that a revision states, in key order."""
    if "counts" not in snapshot.manifest.tables:
        return []
    return [
        Stated(
            row["value"],
            row["scope"],
            tuple(row["includes"]),
            tuple(row["alongside"]),
            row.get("qualifier"),  # stores made before there was this column lack it
        )
        for row in snapshot["counts"].to_arrow().to_pylist()
        if row["measure"] == measure
    ]


def _implied(head: Stated | None) -> tuple[int | float | None, str | None]:
    """UN members among an exact count: itself, or less the others that it says it includes."""
    if head is None or head.qualifier:
        return None, None
    if head.scope == "un_members":
        return head.value, None
    others = [one for one in head.includes if _is_no_member(one)]
    if not others:
        return None, None
    from azds.entities import states  # noqa: PLC0415 - a gazetteer, for such counts only

    names = " and ".join(states().name(one) for one in others)
    note = f"{head.value} less {names}, if “including” names all that are no UN members"
    return head.value - len(others), note


def _is_no_member(entity_id: str) -> bool:
    from azds.entities import states  # noqa: PLC0415 - as above

    entity = states().get(entity_id)
    return entity is not None and entity.kind != "un_member"
