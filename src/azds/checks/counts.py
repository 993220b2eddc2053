"""Counts: several for one measure, and lists that do not reach the number over them."""

from collections.abc import Iterator

from azds.checks.finding import Facts, Finding, Row
from azds.ids import format_key

__all__ = ["counts_differ", "lists_that_fall_short"]


def counts_differ(facts: Facts) -> Iterator[Finding]:
    """A revision that states several numbers for one measure."""
    for manifest in facts.manifests:
        by_measure: dict[str, list[dict[str, object]]] = {}
        for row in facts.rows(manifest.label, "counts"):
            by_measure.setdefault(str(row["measure"]), []).append(row)
        for measure, rows in by_measure.items():
            if len({row["value"] for row in rows}) < 2:  # noqa: PLR2004 - one number contradicts none
                continue
            told = ", ".join(f"{row['value']} {_scope(row)}" for row in rows)
            pointers = [
                p for row in rows for p in facts.pointers(manifest.label, "counts", _key(row), "")
            ]
            yield Finding(
                "counts-differ",
                manifest.label,
                f"states several counts of {measure.replace('_', ' ')}: {told}",
                "counts",
                evidence=tuple(pointers),
            )


def lists_that_fall_short(facts: Facts) -> Iterator[Finding]:
    """A stated number whose own list has fewer names.

    A list belongs to the count whose words overlap those that its rows cite for their status.
    """
    for manifest in facts.manifests:
        label = manifest.label
        status = [
            row
            for row in facts.rows(label, "evidence")
            if (row["table"], row["column"], row["place"]) == ("relations", "status", "list")
        ]
        for row in facts.rows(label, "counts"):
            key = _key(row)
            stated = facts.evidence(label, "counts", key, "")
            listed = {e["key"] for e in status if any(_overlap(e, one) for one in stated)}
            value = int(str(row["value"]))
            if listed and len(listed) < value:
                yield Finding(
                    "list-falls-short",
                    label,
                    f"{value} {_scope(row)} are stated, {len(listed)} are listed",
                    "counts",
                    key,
                    facts.pointers(label, "counts", key, ""),
                )


def _overlap(one: Row, other: Row) -> bool:
    starts, ends = ([int(str(row[side])) for row in (one, other)] for side in ("start", "end"))
    return max(starts) < min(ends)


def _key(row: dict[str, object]) -> str:
    return format_key([str(row["measure"]), str(row["scope"]), int(str(row["occurrence"]))])


def _scope(row: dict[str, object]) -> str:
    return str(row["scope"]).replace("un_", "UN_").replace("_", " ")
