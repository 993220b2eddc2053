"""The reports: what is gathered, and how it is made to fit.

A page has at most `MOST_BYTES`. Where everything does not fit, fewer rows of each group
are shown, the page says how many of how many, and names the file that holds all.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import pyarrow as pa

from azds.dataset.dataset import Dataset
from azds.dataset.diff import Diff, TableDiff
from azds.dataset.snapshot import Snapshot
from azds.render.words import plural
from azds.report.comparisons import comparison, table_comparison
from azds.report.evidence import Evidence, Sources
from azds.report.overview import (
    SHOWN,
    began_figure,
    citation,
    coverage_rows,
    findings_of,
    measures,
    revision_rows,
    title_of,
)
from azds.report.rendering import render
from azds.report.tables import Limits
from azds.report.views import Comparison, PageView

__all__ = ["MOST_BYTES", "Report", "dataset_report", "diff_report", "table_report"]

MOST_BYTES = 4_500_000
LATEST = 12
"""How many comparisons of neighbours a report of a dataset shows."""
_STEPS = (400, 200, 100, 50, 20, 10, 5, 2, 1, 0)
"""Rows of each group that a page shows: the first of these that fits."""
_SAMPLE, _FEW = 4, 300


@dataclass(frozen=True, slots=True)
class Report:
    """A page, and what it leaves out.

    Attributes:
        html: The whole page, in one file.
        shown: How many changed rows it shows.
        total: How many there are.
        full: Gives all changes as an Arrow table, one row for each changed cell.
        notes: What a writer of the file should tell beside it.
    """

    html: str
    shown: int
    total: int
    full: Callable[[], pa.Table]
    notes: tuple[str, ...] = ()

    @property
    def is_whole(self) -> bool:
        """Whether it shows every changed row."""
        return self.shown == self.total


def diff_report(  # noqa: PLR0913 - a diff, and what is shown beside it
    diff: Diff,
    dataset: Dataset | None = None,
    *,
    sources: Sources = None,
    full: str = "",
    wording: bool = False,
    place: bool = False,
) -> Report:
    """What changed between two revisions, as a page.

    With their dataset it shows the headline counts of all revisions and the findings
    of `check` about these two. With `sources` it quotes up to ten words of each passage.
    `full` names the file in which all changes stand, where the page leaves some out;
    `wording` and `place` show the columns of those roles from the start.

    Raises:
        RefusedError: `missing-extra`, without the extra ``report``.
        IntegrityError: stored bytes, or the words of a source, are not what they were.
    """
    sides = [diff.old, diff.new]
    every = [dataset[label] for label in dataset] if dataset is not None else sides
    labels = {one.label for one in sides}
    evidence = {one.label: Evidence(one, sources) for one in sides}
    notes = tuple(one.missing for one in evidence.values() if one.missing)
    base = PageView(
        title=f"{diff.old.label} → {diff.new.label}",
        subtitle=title_of(diff.new.manifest),
        measures=measures(every, {diff.old.label: "old", diff.new.label: "new"}),
        figures=began_figure(sides),
        findings=None if dataset is None else findings_of(dataset, labels, evidence),
        revisions=revision_rows(sides),
        citation=citation(sides),
        notes=notes,
        full=full,
        wording=wording,
        place=place,
    )

    def page(limits: Limits) -> PageView:
        one = comparison(diff, "c1", evidence, limits)
        return _filled(base, [one], lead=one.words)

    return _fitted(page, lambda: diff.to_arrow(wording=True, place=True), notes)


def table_report(found: TableDiff, old: str = "old", new: str = "new", *, full: str = "") -> Report:
    """What changed between two tables of one's own, as a page; see `diff_report`.

    Raises:
        RefusedError: `missing-extra`, without the extra ``report``.
    """
    base = PageView(title=f"{old} → {new}", subtitle="", full=full)

    def page(limits: Limits) -> PageView:
        one = table_comparison(found, old, new, limits)
        return _filled(base, [one], lead=one.words)

    return _fitted(page, found.to_arrow, ())


def dataset_report(
    dataset: Dataset, *, sources: Sources = None, full: str = "", latest: int = LATEST
) -> Report:
    """A whole dataset as a page: its revisions, their coverage, what changed, and the findings.

    The last `latest` revisions are compared, each with the one before it.

    Raises:
        RefusedError: `missing-extra`, without the extra ``report``.
        IntegrityError: stored bytes, or the words of a source, are not what they were.
    """
    snapshots = [dataset[label] for label in dataset]
    pairs = list(pairwise(snapshots))
    diffs = [Diff(old, new) for old, new in pairs[-latest:]]
    evidence = {one.label: Evidence(one, sources) for one in snapshots[-latest - 1 :]}
    notes = tuple(one.missing for one in evidence.values() if one.missing)
    base = PageView(
        title=title_of(snapshots[-1].manifest) if snapshots else dataset.name,
        subtitle=f"{dataset.name}: {plural(len(snapshots), 'revision')}",
        lead=_dataset_lead(snapshots),
        measures=measures(snapshots, {}),
        figures=began_figure(snapshots),
        findings=findings_of(dataset, set(dataset), evidence),
        revisions=revision_rows(snapshots),
        coverage=coverage_rows(snapshots),
        coverage_labels=[one.label for one in snapshots[-SHOWN:]],
        citation=citation(snapshots[-latest:]),
        notes=notes,
        full=full,
        left_out=_left_out(len(pairs), len(diffs)),
    )

    def page(limits: Limits) -> PageView:
        share = replace(limits, rows=limits.rows // max(1, len(diffs) // 3))
        every = [
            comparison(diff, f"c{number}", evidence, share)
            for number, diff in enumerate(diffs, start=1)
        ]
        return _filled(base, every, lead=base.lead)

    def full_table() -> pa.Table:
        parts = [_labelled(diff) for diff in diffs]
        return pa.concat_tables(parts) if parts else pa.table({})

    return _fitted(page, full_table, notes)


def _dataset_lead(snapshots: Sequence[Snapshot]) -> list[str]:
    if not snapshots:
        return ["Nothing was committed yet."]
    undated = [one.label for one in snapshots if not one.manifest.date]
    if len(snapshots) == 1:
        return [f"One revision: {snapshots[0].label}{', which carries no date' * len(undated)}."]
    told = f"{plural(len(snapshots), 'revision')}, in the order that the dataset declares."
    if not undated:
        return [told]
    verb = "carries" if len(undated) == 1 else "carry"
    return [told, f"{' and '.join(undated)} {verb} no date: the order is declared, not known."]


def _left_out(pairs: int, shown: int) -> str:
    if shown == pairs:
        return ""
    return f"The last {shown} of {plural(pairs, 'comparison')} of neighbours are shown."


def _labelled(diff: Diff) -> pa.Table:
    cells = diff.to_arrow(wording=True, place=True)
    for name, label in (("new_revision", diff.new.label), ("old_revision", diff.old.label)):
        cells = cells.add_column(0, name, pa.repeat(pa.scalar(label), cells.num_rows))
    return cells


def _filled(base: PageView, comparisons: Sequence[Comparison], lead: Sequence[str]) -> PageView:
    groups = [g for one in comparisons for table in one.tables for g in table.groups]
    return replace(
        base,
        lead=lead,
        comparisons=comparisons,
        shown=sum(group.rows for group in groups),
        total=sum(group.total for group in groups),
    )


def _fitted(
    page: Callable[[Limits], PageView], full: Callable[[], pa.Table], notes: tuple[str, ...]
) -> Report:
    """The page with as many rows as fit, by what a few rows take; at last with none."""
    view = page(Limits(rows=0))
    bare = len(render(view).encode())
    if view.total <= _FEW:
        view = page(Limits())
        html = render(view)
        if len(html.encode()) <= MOST_BYTES:
            return Report(html, view.shown, view.total, full, notes)
    sample = page(Limits(rows=_SAMPLE))
    each = (len(render(sample).encode()) - bare) / max(1, sample.shown)
    totals = [g.total for one in sample.comparisons for t in one.tables for g in t.groups]
    steps = [n for n in _STEPS if bare + each * sum(min(n, t) for t in totals) <= MOST_BYTES]
    html = ""
    for rows in steps or _STEPS[-1:]:
        view = page(Limits(rows=rows))
        html = render(view)
        if len(html.encode()) <= MOST_BYTES:
            break
    return Report(html, view.shown, view.total, full, notes)
