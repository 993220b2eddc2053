"""Two sides compared, as a page shows them: words, headlines, tables."""

from collections import Counter
from collections.abc import Mapping, Sequence

import pyarrow.compute as pc

from azds.columns import Role
from azds.dataset.diff import Diff, TableDiff
from azds.dataset.snapshot import Snapshot
from azds.render.words import count_words, plural
from azds.report.evidence import Evidence
from azds.report.tables import Context, Limits, table_view
from azds.report.views import Comparison, TableView
from azds.report.words import COUNTS, Cells, lead_words

__all__ = ["comparison", "table_comparison"]

_MOST_TABLES = 60


def comparison(
    diff: Diff, anchor: str, evidence: Mapping[str, Evidence], limits: Limits
) -> Comparison:
    """What changed between two revisions."""
    sides = (diff.old, diff.new)
    context = Context(
        anchor=anchor,
        old=diff.old.label,
        new=diff.new.label,
        sourced=(_has_source(diff.old), _has_source(diff.new)),
        evidence=(evidence.get(sides[0].label), evidence.get(sides[1].label)),
        limits=limits,
    )
    names = diff.labels()
    views = [
        table_view(one, context, names.get(one.name, {}), number)
        for number, one in enumerate(diff, start=1)
    ]
    views.sort(key=_is_quiet)  # first where there is something to read
    return Comparison(
        anchor=anchor,
        old=diff.old.label,
        new=diff.new.label,
        words=[
            *_headline_words(diff),
            *_lead([*diff], context.old, context.new),
        ],
        tables=[view for view in views if _is_told(view)][:_MOST_TABLES],
        same=[view.name for view in views if not _is_told(view)],
        notes=(),
    )


def table_comparison(found: TableDiff, old: str, new: str, limits: Limits) -> Comparison:
    """What changed between two tables of one's own."""
    view = table_view(found, Context("c1", old, new, limits=limits), {}, 1)
    aside = [
        f"{side}: {plural(count, 'row')} without a key set aside"
        for side, count in zip((old, new), found.without_key, strict=True)
        if count
    ]
    return Comparison(
        anchor="c1",
        old=old,
        new=new,
        words=_lead([found], old, new),
        tables=[view],
        same=(),
        notes=[*found.notes, *aside],
    )


def _headline_words(diff: Diff) -> list[str]:
    """Each headline in a sentence: both counts, and whether they count the same."""
    return [
        f"{str(one['measure']).replace('_', ' ').capitalize()}: {count_words(one['old'])} in "
        f"{diff.old.label}, {count_words(one['new'])} in {diff.new.label}. "
        f"{str(one['reason'])[:1].upper()}{str(one['reason'])[1:]}."
        for one in diff.headlines
    ]


def _lead(every: Sequence[TableDiff], old: str, new: str) -> list[str]:
    """What changed in these tables, in sentences."""
    sums: Counter[str] = Counter()
    kinds: Counter[str] = Counter()
    texts: dict[str, int] = {}
    tables: dict[str, None] = {}
    for one in every:
        sums.update({kind: one.counts()[kind] for kind, _ in COUNTS})
        for cell in one.changes.cells.values():
            if cell.column.role is not Role.FACT:
                continue
            if cell.column.meaning == "digest":
                texts[one.name] = len(cell)
                continue
            found = {
                item["values"]: item["counts"] for item in pc.value_counts(cell.kinds).to_pylist()
            }
            kinds.update(found)
            if set(found) - {"unstated", "newly_stated"}:
                tables[one.name] = None
    return lead_words(sums, Cells(kinds, [*tables] if len(every) > 1 else [], texts), old, new)


def _has_source(side: Snapshot) -> bool:
    return side.manifest.source is not None


def _is_quiet(view: TableView) -> bool:
    """Whether only coverage, wording or places are to be told."""
    return all(group.kind in {"reworded", "moved"} for group in view.groups)


def _is_told(view: TableView) -> bool:
    """Whether anything is to be said: a change, or a side that could not show all."""
    silent = all(side.level == "complete" for side in view.sides)  # also where there are none
    return bool(view.groups or view.schema or view.counts["not_comparable"]) or not silent
