"""The page of articles against each other: where two that list each other disagree, by size."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

import pyarrow as pa

from azds.checks.across import SIZES, SLIPS, Across, OneSided, Pair, Side
from azds.dataset.dataset import Dataset
from azds.dataset.quote import Passage
from azds.dataset.snapshot import Snapshot
from azds.entities import states
from azds.ids import format_key
from azds.render.words import plural
from azds.report.across_views import AcrossView, ArticleRow, LoneLine, PairGroup, PairLine, Part
from azds.report.evidence import Evidence, Sources, stated
from azds.report.overview import citation
from azds.report.rendering import render
from azds.report.reports import MOST_BYTES, Report

__all__ = ["across_report"]

TABLE, COLUMN = "relations", "began"
_KINDS = (
    ("equal", "equal", "the same date"),
    ("compatible", "newly_stated", "one is coarser, and may mean the other"),
    ("differ", "changed", "cannot both be right"),
    ("undated", "not_comparable", "undated on a side"),
)
"""Kinds of pairs, in which pattern the bar shows them, and in words."""
_SLIP_WORDS = {
    "day": "only the day is another",
    "month": "only the month is another",
    "year": "only the year is another",
    "exchanged": "day and month changed places",
}
_FILTERS = {"exchanged": "day_and_month_exchanged", "": "more_than_one_of_them"}
_STEPS = (2_000, 1_000, 400, 200, 100, 50, 20, 5, 0)
"""Lines of each group that a page shows: the first of these that fits."""
_MOST_ARTICLES = 300
_MOST_CITED = 12
_LONGEST = 60
Quotes = Mapping[tuple[str, str], Sequence[Passage]]
"""The passages of a relation, by the article's subject and the counterpart."""


def across_report(
    found: Across, datasets: Iterable[Dataset], *, sources: Sources = None, full: str = ""
) -> Report:
    """How far articles agree on when relations began, as a page.

    Args:
        found: What `check_across` gives.
        datasets: Those that were compared.
        sources: Where their texts are, to quote up to ten words of each passage.
        full: The name of the file in which all pairs stand, where the page leaves some out.

    Raises:
        RefusedError: `missing-extra`, without the extra ``report``.
        IntegrityError: stored bytes, or the words of a source, are not what they were.
    """
    named = {dataset.name: dataset for dataset in datasets}
    snapshots = {side.subject: named[side.dataset][side.revision] for side in found.sides}
    quotes, notes = _quotes(found, snapshots, sources)
    view = _view(found, snapshots, quotes, full)
    html = ""
    for most in _STEPS:
        view = replace(_cut(view, most), notes=notes)
        html = render(view, "across.html.j2")
        if len(html.encode()) <= MOST_BYTES:
            break
    return Report(html, view.shown, view.total, lambda: _table(found), notes)


def _table(found: Across) -> pa.Table:
    """Every pair, and every relation that only one article lists, one row each."""
    lone = [{**one.to_document(), "kind": "one_sided"} for one in found.one_sided]
    renamed = [
        {"first": one.pop("subject"), "second": one.pop("counterpart"), **one} for one in lone
    ]
    fields = {
        **dict.fromkeys(("first", "second", "first_began", "second_began"), pa.string()),
        **dict.fromkeys(("kind", "size", "slip", "other_date"), pa.string()),
        "days": pa.int64(),
        "both_to_the_day": pa.bool_(),
    }
    return pa.Table.from_pylist(
        [*(pair.to_document() for pair in found.pairs), *renamed], schema=pa.schema(fields)
    )


def _quotes(
    found: Across, snapshots: Mapping[str, Snapshot], sources: Sources
) -> tuple[Quotes, tuple[str, ...]]:
    """Where each side states what it is told to disagree about; and why words are missing."""
    wanted: dict[str, list[str]] = defaultdict(list)
    for pair in found.disagreements:
        wanted[pair.first].append(pair.second)
        wanted[pair.second].append(pair.first)
    quotes: dict[tuple[str, str], Sequence[Passage]] = {}
    notes = []
    for subject, counterparts in sorted(wanted.items()):
        evidence = Evidence(snapshots[subject], sources)
        if evidence.missing:
            notes.append(f"{states().name(subject)}: {evidence.missing}")
        keys = {format_key([one]): one for one in counterparts}
        for key, passages in evidence.of(TABLE, keys).items():
            quotes[subject, keys[key]] = passages
    return quotes, tuple(notes)


def _view(
    found: Across, snapshots: Mapping[str, Snapshot], quotes: Quotes, full: str
) -> AcrossView:
    """The page with all its lines."""
    counts = Counter[str](pair.kind for pair in found.pairs)
    sizes = Counter(pair.size for pair in found.disagreements)
    slips = Counter(pair.slip for pair in found.disagreements)
    most = max(sizes.values(), default=1)
    return AcrossView(
        title="Articles against each other",
        subtitle=f"When relations began, by {plural(len(found.sides), 'article')}",
        lead=_lead(found),
        bar=_bar(counts),
        sizes=[(words, f"{sizes[words]:,}", 100 * sizes[words] / most) for _, words in SIZES],
        slips=[(_SLIP_WORDS[slip], f"{slips[slip]:,}") for slip in SLIPS if slips[slip]],
        groups=[group for group in _groups(found, quotes) if group.total],
        lone=[_lone(one, found) for one in found.one_sided],
        lone_total=len(found.one_sided),
        articles=_articles(found),
        articles_total=len(found.sides),
        citation=citation([snapshots[side.subject] for side in found.sides][:_MOST_CITED]),
        full=full,
    )


def _cut(view: AcrossView, most: int) -> AcrossView:
    """At most so many lines of each group, and how many lines those are of how many."""
    groups = [replace(group, lines=group.lines[:most]) for group in view.groups]
    lone = view.lone[:most]
    return replace(
        view,
        groups=groups,
        lone=lone,
        articles=view.articles[: max(1, min(most, _MOST_ARTICLES))],
        shown=sum(len(group.lines) for group in groups) + len(lone),
        total=sum(group.total for group in groups) + view.lone_total,
    )


def _lead(found: Across) -> list[str]:
    told = found.summary()
    apart = len(found.disagreements)
    if not found.pairs:
        return ["No two of these articles list each other."]
    verb = "gives" if apart == 1 else "give"
    lead = [
        f"{plural(len(found.pairs), 'pair')} of states list each other; "
        + (f"{apart:,} {verb} dates that cannot both be right." if apart else "none disagrees.")
    ]
    if told["both_to_the_day"]:
        lead.append(
            f"Of {told['both_to_the_day']:,} that both sides date to the day, "
            f"{told['equal_to_the_day']:,} have the same day: {told['agreement']:.1%}."
        )
    if found.one_sided:
        lead.append(
            f"{plural(len(found.one_sided), 'relation')} that one article states "
            "the complete list of the other does not have."
        )
    return lead


def _bar(counts: Mapping[str, int]) -> list[Part]:
    total, start = sum(counts.values()) or 1, 0
    parts = []
    for kind, pattern, words in _KINDS:
        if count := counts.get(kind, 0):
            share, before = round(100 * count / total, 2), round(100 * start / total, 2)
            parts.append(Part(pattern, words, count, before, share))
            start += count
    return parts


def _groups(found: Across, quotes: Quotes) -> list[PairGroup]:
    by_size: dict[str, list[PairLine]] = defaultdict(list)
    for pair in found.disagreements:
        by_size[pair.size].append(_line(pair, quotes))
    return [
        PairGroup(words, f"size-{at}", len(by_size[words]), by_size[words])
        for at, (_, words) in reversed(list(enumerate(SIZES, start=1)))
    ]


def _line(pair: Pair, quotes: Quotes) -> PairLine:
    name = states().name
    passages: list[tuple[str, Passage]] = []
    more = 0
    for here, there in ((pair.first, pair.second), (pair.second, pair.first)):
        some, left = stated(quotes.get((here, there), ()), COLUMN)
        passages += [(f"by the article on {name(here)}", one) for one in some]
        more += left
    note = [_SLIP_WORDS[pair.slip]] if pair.slip else []
    if pair.other_date:
        note.append(f"both name {pair.other_date}")
    return PairLine(
        kind=_FILTERS.get(pair.slip, pair.slip),
        pair=f"{name(pair.first)} and {name(pair.second)}",
        first=name(pair.first),
        second=name(pair.second),
        first_began=_clipped(pair.first_began or "–"),
        second_began=_clipped(pair.second_began or "–"),
        apart=plural(pair.days, "day"),
        note="; ".join(note),
        evidence=passages,
        more_evidence=more,
    )


def _lone(one: OneSided, found: Across) -> LoneLine:
    side = next(side for side in found.sides if side.subject == one.subject)
    name = states().name
    began = side.relations[one.counterpart].began
    return LoneLine(name(one.subject), name(one.counterpart), _clipped(began or "–"))


def _articles(found: Across) -> list[ArticleRow]:
    """One row for each article, those with most disagreements first."""
    pairs: dict[str, list[Pair]] = defaultdict(list)
    for pair in found.pairs:
        pairs[pair.first].append(pair)
        pairs[pair.second].append(pair)
    apart = {
        side.subject: sum(pair.kind == "differ" for pair in pairs[side.subject])
        for side in found.sides
    }
    ordered = sorted(found.sides, key=lambda side: (-apart[side.subject], side.subject))
    return [_article(side, pairs[side.subject], apart[side.subject]) for side in ordered]


def _article(side: Side, pairs: Sequence[Pair], apart: int) -> ArticleRow:
    days = [pair for pair in pairs if pair.both_to_the_day]
    equal = sum(pair.kind == "equal" for pair in days)
    return ArticleRow(
        name=states().name(side.subject),
        dataset=_clipped(side.dataset),
        revision=_clipped(side.revision),
        level="complete" if side.is_complete else "partial",
        relations=f"{len(side.relations):,}",
        pairs=f"{len(pairs):,}",
        differ=f"{apart:,}",
        agreement=f"{equal / len(days):.1%}" if days else "–",
    )


def _clipped(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
