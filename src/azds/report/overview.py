"""What stands over and under the changes: headline counts, revisions, coverage, findings."""

from collections.abc import Mapping, Sequence
from typing import Any

from azds.dataset.dataset import Dataset
from azds.dataset.revision import BOOKKEEPING
from azds.dataset.series import Point, Stated, build_series
from azds.dataset.snapshot import Snapshot
from azds.entities import states
from azds.qualifiers import qualified
from azds.render.words import count_notes, count_words, dated, scope_words
from azds.report.count_figures import Count, counts_figure
from azds.report.evidence import Evidence
from azds.report.figures import Figure
from azds.report.views import Card, CoverageCell, CoverageRow, FindingView, Measure
from azds.report.year_figures import Dated, years_figure
from azds.store.manifest import Manifest

__all__ = [
    "SHOWN",
    "began_figure",
    "citation",
    "coverage_rows",
    "findings_of",
    "measures",
    "revision_rows",
    "title_of",
]

_MOST = 200
_SHORT = 200
_LONG = 600
_BEGAN = ["counterpart", "name", "began"]
SHOWN = 12
"""Of how many revisions, the last ones, coverage and citation are shown."""


def title_of(manifest: Manifest) -> str:
    """The dataset's title, or its name."""
    return _cut(str(manifest.about.get("title") or manifest.dataset))


def measures(snapshots: Sequence[Snapshot], marks: Mapping[str, str]) -> list[Measure]:
    """The headline counts of each measure; `marks` says which revisions are compared."""
    names = list(dict.fromkeys(h.measure for one in snapshots for h in one.manifest.headline))
    return [_measure(name, snapshots, marks) for name in names]


def _measure(name: str, snapshots: Sequence[Snapshot], marks: Mapping[str, str]) -> Measure:
    points = tuple(build_series(name, list(snapshots)))
    dates = {one.label: dated(one.manifest) for one in snapshots}
    notes = [_cut(f"{point.revision}: {point.note}") for point in points if point.note]
    notes += count_notes(point.headline.to_document() for point in points if point.headline)
    if any(one.manifest.date is None for one in snapshots):
        notes.append("The order of undated revisions is declared, not known.")
    lanes = [(_cut(p.revision), dates[p.revision], _counts(p)) for p in points]
    words = _cut(name.replace("_", " "))
    return Measure(
        name=words,
        cards=[_card(point, dates, marks) for point in points[-_MOST:]],
        notes=notes,
        figure=counts_figure(words, lanes, ["The scale does not begin at 0."]),
    )


def _card(point: Point, dates: Mapping[str, str], marks: Mapping[str, str]) -> Card:
    head = point.headline
    details = []
    if head and head.includes:
        details.append(("includes:", _entities(head.includes)))
    if head and head.alongside:
        details.append(("beside them:", _entities(head.alongside)))
    implied = point.implied_un_members
    if head and implied is not None and implied != head.value:
        details.append(("implies:", f"{implied:,} UN members"))
    if point.also_stated:
        told = ", ".join(count_words(one.to_document()) for one in point.also_stated)
        details.append(("also states:", _cut(told)))
    return Card(
        revision=point.revision,
        date=dates[point.revision],
        bound=qualified("", head.qualifier).strip() if head else "",
        value=f"{head.value:,}" if head else "–",
        counts=_cut(scope_words(head.scope)) if head else "none designated",
        details=details,
        mark=marks.get(point.revision, "" if not marks else "other"),
    )


def _counts(point: Point) -> list[Count]:
    every = [(point.headline, True)] if point.headline else []
    every += [(one, False) for one in point.also_stated]
    return [_count(one, is_headline=head) for one, head in every]


def _count(one: Stated, *, is_headline: bool) -> Count:
    words = _cut(count_words(one.to_document()))
    return Count(float(one.value), words, _cut(scope_words(one.scope)), is_headline, one.qualifier)


def _entities(ids: Sequence[str]) -> str:
    return _cut(", ".join(states().name(one) for one in ids))


def began_figure(snapshots: Sequence[Snapshot]) -> list[Figure]:
    """When relations began, for revisions that have such a table with dates."""
    lanes = []
    for one in snapshots:
        entry = one.manifest.tables.get("relations")
        if entry is None or entry.schema.record != "foreign-relations/relations":
            continue
        rows: list[dict[str, Any]] = one["relations"].to_arrow().select(_BEGAN).to_pylist()
        found = [
            Dated(row["began"], row["name"] or row["counterpart"]) for row in rows if row["began"]
        ]
        lanes.append((one.label, found, len(rows) - len(found)))
    notes = [
        "Each dot is one counterpart, in the year that the text gives for the beginning.",
        "A revision without dots states no dates; that says nothing of the relations.",
    ]
    figure = years_figure(
        "figure-began", "When relations began, as each revision dates it", lanes, notes
    )
    return [figure] if figure else []


def revision_rows(snapshots: Sequence[Snapshot]) -> list[dict[str, str]]:
    """What is known of each revision, for a table."""
    return [
        {
            "revision": one.label,
            "date": dated(one.manifest),
            "rows": f"{_rows(one.manifest):,}",
            "source": one.manifest.source.digest if one.manifest.source else "none",
        }
        for one in snapshots[-_MOST:]
    ]


def _rows(manifest: Manifest) -> int:
    return sum(entry.rows for name, entry in manifest.tables.items() if name not in BOOKKEEPING)


def coverage_rows(snapshots: Sequence[Snapshot]) -> list[CoverageRow]:
    """How much of each table each revision could show."""
    snapshots = snapshots[-SHOWN:]
    names = dict.fromkeys(n for one in snapshots for n in one.tables if n not in BOOKKEEPING)
    return [
        CoverageRow(name, [_coverage(one.manifest, name) for one in snapshots]) for name in names
    ]


def _coverage(manifest: Manifest, name: str) -> CoverageCell | None:
    entry = manifest.tables.get(name)
    if entry is None:
        return None
    return CoverageCell(
        manifest.label, entry.coverage.level, entry.rows, _cut(entry.coverage.reason)
    )


def findings_of(
    dataset: Dataset, labels: set[str], evidence: Mapping[str, Evidence]
) -> list[FindingView]:
    """What `check` finds of these revisions, or of none in particular."""
    found = [one for one in dataset.check() if not one.revision or one.revision in labels]
    return [
        FindingView(
            code=_cut(one.code),
            revision=_cut(one.revision),
            where=_cut(f"{one.table} {one.key}".strip()),
            message=one.message if len(one.message) <= _LONG else f"{one.message[:_LONG]}…",
            evidence=[
                (
                    pointer.revision,
                    evidence[pointer.revision].at(pointer.column, pointer.start, pointer.end),
                )
                for pointer in one.evidence[:4]
                if pointer.revision in evidence
            ],
            more_evidence=max(0, len(one.evidence) - 4),
        )
        for one in found[:_MOST]
    ]


def citation(snapshots: Sequence[Snapshot]) -> list[str]:
    """What to cite, and under which licence, where the dataset says so."""
    told = []
    for one in snapshots[-SHOWN:]:
        origin = one.manifest.about.get("origin")
        if not isinstance(origin, Mapping):
            continue
        title = origin.get("article") or one.manifest.about.get("title") or one.manifest.dataset
        parts = [f"“{title}”"]
        parts += [
            str(origin[name]) for name in ("project", "attribution", "licence") if origin.get(name)
        ]
        parts.append(f"revision {one.label} ({dated(one.manifest)})")
        told.append(_cut(", ".join(parts)))
    return told


def _cut(text: str) -> str:
    return text if len(text) <= _SHORT else f"{text[:_SHORT]}… ({len(text):,} characters)"
