"""A merge, as a page: what comes of each table, and the conflicts, bounded."""

from collections.abc import Mapping, Sequence
from typing import Any

from azds.render.page import Grid, Note, Page, Title
from azds.render.words import cell

__all__ = ["merge_page"]

LIMIT = 20
"""How many conflicts are shown."""


def merge_page(
    sides: tuple[str, str, str],
    summaries: Mapping[str, Mapping[str, Any]],
    conflicts: Sequence[Mapping[str, str | None]],
) -> Page:
    """What merging three states comes to, for a reader."""
    base, ours, theirs = sides
    yield Title(f"{ours} + {theirs}, both of {base}")
    yield Grid(
        ["table", "rows", "from ours", "from theirs", "conflicts", "open"],
        [
            [
                name,
                f"{told['rows']:,}",
                _changes(told["theirs"]),
                _changes(told["ours"]),
                _count(told["conflicts"]),
                _count(told["open"]),
            ]
            for name, told in summaries.items()
        ],
        right=frozenset({"rows", "conflicts", "open"}),
    )
    if not conflicts:
        return
    yield Title("Conflicts", 2)
    many = len({row["table"] for row in conflicts}) > 1
    heads = ["key", "column", "base", "ours", "theirs", "take"]
    rows = [
        [
            *([str(row["table"])] if many else []),
            str(row["key"]),
            row["column"] or "(row)",
            *(cell(row[side]) for side in ("base", "ours", "theirs")),
            row["take"] or "open",
        ]
        for row in conflicts[:LIMIT]
    ]
    more = max(0, len(conflicts) - LIMIT)
    yield Grid(["table", *heads] if many else heads, rows, more=more)
    if any(not row["take"] for row in conflicts):
        yield Note(
            "Resolve all by a rule (--prefer ours), or one by one: "
            "--conflicts FILE, fill in its column take, --resolve FILE"
        )


def _changes(counts: Mapping[str, int]) -> str:
    """What a side brought: what the merge has beyond the other side."""
    told = [f"{count:,} {what}" for what, count in counts.items() if count]
    return ", ".join(told) or "·"


def _count(number: int) -> str:
    return f"{number:,}" if number else "·"
