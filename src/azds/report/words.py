"""What changed, in sentences: plain words, and never more than the sources can bear."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from azds.changes import SchemaChange
from azds.coverage import Coverage
from azds.render.words import cell, plural

__all__ = [
    "COUNTS",
    "GROUPS",
    "Cells",
    "coverage_words",
    "kind_counts",
    "lead_words",
    "schema_words",
    "table_words",
]

COUNTS = (
    ("equal", "equal"),
    ("changed", "changed"),
    ("added", "added"),
    ("removed", "removed"),
    ("newly_stated", "newly stated"),
    ("unstated", "unstated"),
    ("not_comparable", "not comparable"),
)
GROUPS = {
    "changed": "on both sides, with a cell that differs or that one side does not state",
    "added": "only in {new}, and {old} would have shown it",
    "removed": "only in {old}, and {new} would have shown it",
    "newly_stated": "only in {new}; {old} does not show all there was, so not called added",
    "unstated": "only in {old}; {new} does not show all there is, so not called removed",
    "reworded": "written in another way; no fact of its own",
    "moved": "numbered or placed differently; no fact of its own",
}


@dataclass(frozen=True, slots=True)
class Cells:
    """How many fact cells changed: by kind, in which tables, and in how many rows only the text.

    Attributes:
        kinds: By kind, digests of the text apart.
        tables: The tables in which a value that both sides state differs.
        texts: By table, rows in which the digest of the text differs.
    """

    kinds: Mapping[str, int]
    tables: Sequence[str]
    texts: Mapping[str, int]


def coverage_words(label: str, coverage: Coverage, *, has_source: bool) -> str:
    """How much of a table one side could show, in a sentence or two."""
    whose = f"The source of {label}" if has_source else label
    reason = f": {coverage.reason}" if coverage.reason else ""
    if coverage.level == "absent":
        verb = "does not carry" if has_source else "does not have"
        return f"{whose} {verb} this table, so nothing can be said of it{reason}."
    if coverage.level == "complete":
        told = f"{whose} shows all there is of this table{reason}."
    else:
        told = f"{whose} shows a part of this table{reason}."
    part = "; ".join(f"{name} {', '.join(v)}" for name, v in coverage.covers.items())
    if part:
        told += f" Of {part} it holds all."
    if coverage.columns_absent:
        told += f" It does not carry {cell(coverage.columns_absent)}."
    return told


def table_words(counts: Mapping[str, int], old: str, new: str) -> str:
    """What became of the rows of one table, in one sentence."""
    told = {
        "equal": "{n} the same on both sides",
        "changed": "{n} with another fact",
        "added": "{n} added",
        "removed": "{n} removed",
        "newly_stated": f"{{n}} stated only in {new}",
        "unstated": f"{{n}} stated only in {old}",
        "not_comparable": "{n} that cannot be compared",
    }
    parts = [words.format(n=f"{counts[kind]:,}") for kind, words in told.items() if counts[kind]]
    return _listed(parts) if parts else "no rows on either side"


def lead_words(sums: Mapping[str, int], cells: Cells, old: str, new: str) -> list[str]:
    """What changed between two sides, all tables together, in a few sentences."""
    told = [_judged_words(cells, old, new)]
    for kind, here, there in (("unstated", old, new), ("newly_stated", new, old)):
        count = cells.kinds.get(kind, 0)
        if count:
            told.append(
                f"{plural(count, 'value')} of {here} {_verb(count, 'is', 'are')} not stated in "
                f"{there}, which says nothing against {_verb(count, 'it', 'them')}."
            )
    for table, count in cells.texts.items():
        told.append(f"The text of {plural(count, 'row')} of {table} differs.")
    return [*told, *_row_words(sums, old, new)]


_SILENT = {"unstated", "newly_stated"}
_MOST_NAMES = 6


def _judged_words(cells: Cells, old: str, new: str) -> str:
    judged = {kind: n for kind, n in cells.kinds.items() if kind not in _SILENT}
    if not judged:
        return f"No value that both {old} and {new} state differs."
    count = sum(judged.values())
    names = [*cells.tables[:_MOST_NAMES]]
    if len(cells.tables) > len(names):
        names.append(plural(len(cells.tables) - len(names), "more table"))
    kinds = _listed([f"{n:,} {kind}" for kind, n in judged.items()])
    what = plural(count, "value")
    where = f", in {_listed(names)}" if names else ""
    return f"{what} {_verb(count, 'differs', 'differ')}{where}: {kinds}."


def _row_words(sums: Mapping[str, int], old: str, new: str) -> list[str]:
    """What became of the rows that only one side has, and how many are equal."""
    told = []
    sure = [
        f"{plural(sums[kind], 'row')} {_verb(sums[kind], 'was', 'were')} {kind}"
        for kind in ("added", "removed")
        if sums[kind]
    ]
    if sure:
        told.append(f"{_listed(sure)}.")
    unsure = [
        f"{plural(sums[kind], 'row')} only in {side}"
        for kind, side in (("newly_stated", new), ("unstated", old))
        if sums[kind]
    ]
    if unsure:
        one = sums["newly_stated"] + sums["unstated"] == 1
        told.append(
            f"There {'is' if one else 'are'} {_listed(unsure)}. The other side does not show all "
            f"there is, so {'it is' if one else 'they are'} called neither added nor removed."
        )
    if not sure and not unsure:
        told.append("No row was added or removed.")
    last = [f"{plural(sums['equal'], 'row')} {_verb(sums['equal'], 'is', 'are')} equal"]
    if sums["not_comparable"]:
        last.append(
            f"{sums['not_comparable']:,} cannot be compared, because the other side’s source lacks "
            "the places that state them"
        )
    return [*told, f"{'; '.join(last)}."]


def schema_words(change: SchemaChange) -> str:
    """How the columns changed; empty where they did not."""
    parts = [f"{column.name} is new" for column in change.added]
    parts += [f"{column.name} is gone" for column in change.removed]
    parts += [f"{new.name} was {old.type}, is {new.type}" for old, new in change.retyped]
    parts += [f"{old.name} is now named {new.name}" for old, new in change.renamed]
    parts += [
        f"{new.name} {'may now be null' if new.nullable else 'may no longer be null'}"
        for _, new in change.nullable
    ]
    return ", ".join(parts)


def kind_counts(columns: Mapping[str, Mapping[str, Any]]) -> Sequence[tuple[str, str]]:
    """For each column its changes by kind, in words."""
    return [
        (name, ", ".join(f"{n:,} {kind.replace('_', ' ')}" for kind, n in kinds.items()))
        for name, kinds in columns.items()
    ]


def _verb(count: int, one: str, many: str) -> str:
    return one if count == 1 else many


def _listed(parts: Sequence[str]) -> str:
    if len(parts) <= 1:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} and {parts[-1]}"
