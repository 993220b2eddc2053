"""What a release says of its changes: why each happened is kept apart, and never guessed.

The source changed; azds reads the same source better; a person corrected a reading; the schema
changed. Sections of Keep a Changelog 1.1.0, with these beside them.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from azds.columns import Role
from azds.dataset.diff import CATEGORIES, Diff, TableDiff
from azds.dataset.snapshot import Snapshot
from azds.dataset.table import Table
from azds.render.words import count_words
from azds.store.manifest import Correction

__all__ = ["SECTIONS", "Note", "Notes", "notes_between", "notes_of_release"]

SECTIONS = (
    "Added",
    "Removed",
    "Schema changed",
    "Source changed",
    "Read better",
    "Corrected",
    "Coverage stated anew",
)
"""The sections, in their order."""

MEANINGS = {
    "Source changed": "the two were read from different sources, or feeds",
    "Read better": "the same source, read by another azds",
    "Corrected": "a person put a reading right",
    "Schema changed": "columns or keys are not what they were",
}
_CHANGED = (Role.FACT, Role.WORDING, Role.PLACE)
_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Note:
    """One line under a section, and what it is about: ``2016 to current``, or nothing."""

    section: str
    about: str
    text: str


@dataclass(frozen=True, slots=True)
class Notes:
    """All lines, in the order of sections."""

    lines: tuple[Note, ...]

    @property
    def is_about_one(self) -> bool:
        """Whether all lines are about the same, which then need not be said with each."""
        return len({one.about for one in self.lines}) == 1

    def sections(self) -> Iterator[tuple[str, Mapping[str, tuple[str, ...]]]]:
        """Each section that says something: its lines by what they are about, each line once."""
        for section in SECTIONS:
            texts: dict[str, dict[str, None]] = {}
            for one in self.lines:
                if one.section == section:
                    texts.setdefault(one.about, {})[one.text] = None
            if texts:
                yield section, {about: tuple(each) for about, each in texts.items()}

    def flat(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        """The same, each line with what it is about, unless all are about the same."""
        for section, texts in self.sections():
            yield (
                section,
                tuple(
                    text if self.is_about_one or not about else f"{about}: {text}"
                    for about, each in texts.items()
                    for text in each
                ),
            )

    def to_document(self) -> dict[str, list[str]]:
        """As plain values, by section."""
        return {section: list(texts) for section, texts in self.flat()}


def notes_between(old: Snapshot, new: Snapshot, diff: Diff | None = None) -> Notes:
    """What changed between two revisions, or between two editions of one."""
    return Notes(tuple(_between(old, new, diff or Diff(old, new))))


def notes_of_release(
    old: Sequence[Snapshot],
    new: Sequence[Snapshot],
    held: Iterable[str],
    compare: Callable[[Snapshot, Snapshot], Diff] = Diff,
) -> Notes:
    """What changed from one release to the next; without an old one, what the first holds.

    `held` are the labels that the store still has, whether this release holds them or not.
    """
    before = {one.label: one for one in old}
    lines: list[Note] = []
    for at, one in enumerate(new):
        if one.label in before:
            lines += _between(before[one.label], one, compare(before[one.label], one))
            continue
        lines.append(Note("Added", "", f"revision {one.label} ({_described(one)})"))
        earlier = new[at - 1] if at else (old[-1] if old else None)
        if earlier is not None:
            lines += _between(earlier, one, compare(earlier, one))
    labels = {one.label for one in new} | set(held)
    lines += [
        Note("Removed", "", f"revision {one.label}, which the store does not have any more")
        for one in old
        if one.label not in labels
    ]
    return Notes(tuple(lines))


def _described(one: Snapshot) -> str:
    rows = sum(
        entry.rows
        for name, entry in one.manifest.tables.items()
        if name not in {"evidence", "rejections"}
    )
    date = one.manifest.date or "undated"
    tables = len(one.manifest.tables)
    held = f"{tables} table{'' if tables == 1 else 's'}, {rows:,} row{'' if rows == 1 else 's'}"
    return f"{date}; {held} of data"


def _between(old: Snapshot, new: Snapshot, diff: Diff) -> Iterator[Note]:
    section = _section(old, new)
    names = old.label, new.label
    about = new.label if old.label == new.label else f"{old.label} to {new.label}"
    yield from _headlines(diff, section, about)
    corrected = _corrections(old, new)
    for found in diff:
        yield from _schema(found, about)
        yield from _tables_of(old, new, found.name, about)
        yield from _correction_lines(corrected.get(found.name, ()), about, found)
        is_edition = old.label == new.label
        aside = frozenset(c.key for c in corrected.get(found.name, ()) if is_edition)
        if line := _rows(found, names, aside):
            yield Note(section, about, line)
        yield from _coverage(old, new, found.name, about)


def _section(old: Snapshot, new: Snapshot) -> str:
    """Why rows differ, as far as it is known: by the digests of the sources."""
    sources = old.manifest.source, new.manifest.source
    if sources[0] and sources[1] and sources[0].digest == sources[1].digest:
        return "Read better"
    if old.label == new.label and not (sources[0] or sources[1]):
        return "Corrected"  # a table of one's own, committed again under the same label
    return "Source changed"


def _headlines(diff: Diff, section: str, about: str) -> Iterator[Note]:
    for one in diff.headlines:
        sides = one["old"], one["new"]
        if sides[0] == sides[1] or not (isinstance(sides[0], dict) and isinstance(sides[1], dict)):
            continue
        told = [count_words(side) for side in sides]
        measure = str(one["measure"]).replace("_", " ")
        yield Note(section, about, f"{measure}: {told[0]} and {told[1]}; {one['reason']}")


def _schema(found: TableDiff, about: str) -> Iterator[Note]:
    change = found.changes.schema_change
    if not change:
        return
    told = [
        *(f"column {column.name} added" for column in change.added),
        *(f"column {column.name} removed" for column in change.removed),
        *(f"column {a.name} is {b.type}, was {a.type}" for a, b in change.retyped),
        *(f"column {a.name} is called {b.name}" for a, b in change.renamed),
        *(
            f"column {b.name} {'may' if b.nullable else 'may not'} be empty"
            for _, b in change.nullable
        ),
    ]
    yield Note("Schema changed", about, f"{found.name}: {'; '.join(told)}")


def _tables_of(old: Snapshot, new: Snapshot, name: str, about: str) -> Iterator[Note]:
    if name not in old.manifest.tables:
        yield Note("Added", about, f"table {name}")
    if name not in new.manifest.tables:
        yield Note("Removed", about, f"table {name}")


def _rows(found: TableDiff, names: tuple[str, str], aside: frozenset[str]) -> str:
    """The rows of one table that differ, by category, but for the keys told apart."""
    counts = found.counts()
    told_apart = Counter(found.change_of(key)[0] for key in aside)
    changed = found.count_changed(_CHANGED) - told_apart["changed"]
    parts = []
    if changed:
        only = "" if counts["changed"] else ", in wording or place only"
        parts.append(f"{changed:,} changed{only}{_cells(found)}")
    for category in CATEGORIES:
        if rows := counts[category] - told_apart[category]:
            keys = _keys(getattr(found, category), aside)
            parts.append(f"{rows:,} {category.replace('_', ' ')}{keys}")
    if counts["not_comparable"]:
        parts.append(f"{counts['not_comparable']:,} not comparable")
    if not parts:
        return ""
    levels = found.changes.old_coverage.level, found.changes.new_coverage.level
    sizes = (
        f"{counts['rows_old']:,} rows in {names[0]}, {levels[0]}; "
        f"{counts['rows_new']:,} in {names[1]}, {levels[1]}"
    )
    if names[0] == names[1]:
        sizes = f"{counts['rows_old']:,} rows before, {counts['rows_new']:,} now"
    return f"{found.name} ({sizes}): {'; '.join(parts)}"


def _cells(found: TableDiff) -> str:
    columns = found.summary().get("columns")
    told = [
        f"{column} {_kinds(kinds)}"
        for column, kinds in (columns.items() if isinstance(columns, Mapping) else ())
        if isinstance(kinds, Mapping) and kinds
    ]
    return f" ({'; '.join(told)})" if told else ""


def _kinds(kinds: Mapping[str, int]) -> str:
    return ", ".join(f"{count} {kind.replace('_', ' ')}" for kind, count in kinds.items())


def _keys(table: Table, aside: frozenset[str]) -> str:
    first = table.keys()[: _SHOWN + len(aside)].to_pylist()
    keys = [str(key) for key in first if key not in aside][:_SHOWN]
    more = ", ..." if len(table) - len(aside) > len(keys) else ""
    return f" ({', '.join(keys)}{more})"


def _corrections(old: Snapshot, new: Snapshot) -> dict[str, list[Correction]]:
    """The corrections that new has and old has not, by table."""
    known = {(c.table, c.key, c.column, str(c.value)) for c in old.manifest.corrections}
    found: dict[str, list[Correction]] = {}
    for one in new.manifest.corrections:
        if (one.table, one.key, one.column, str(one.value)) not in known:
            found.setdefault(one.table, []).append(one)
    return found


def _correction_lines(
    corrections: Iterable[Correction], about: str, found: TableDiff
) -> Iterator[Note]:
    for one in corrections:
        column = f", {one.column}" if one.column else ""
        yield Note("Corrected", about, f"{found.name} {one.key}{column}: {one.reason}")


def _coverage(old: Snapshot, new: Snapshot, name: str, about: str) -> Iterator[Note]:
    sides = [
        one.manifest.tables[name].coverage for one in (old, new) if name in one.manifest.tables
    ]
    if old.label == new.label and len(sides) == len((old, new)) and sides[0] != sides[1]:
        told = f"{sides[0].level}, now {sides[1].level}"
        line = f"{name}: {told}; {sides[1].reason}".rstrip("; ")
        yield Note("Coverage stated anew", about, line)
