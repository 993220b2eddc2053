"""Counts: several for one measure, and lists that do not have the number over them."""

from collections.abc import Iterator

from azds.checks.finding import Facts, Finding, Row
from azds.ids import format_key
from azds.qualifiers import qualified, span_of

__all__ = ["counts_differ", "lists_over_a_bound", "lists_that_fall_short"]


def counts_differ(facts: Facts) -> Iterator[Finding]:
    """A revision that states several numbers for one measure, which cannot be the same."""
    for manifest in facts.manifests:
        by_measure: dict[str, list[dict[str, object]]] = {}
        for row in facts.rows(manifest.label, "counts"):
            by_measure.setdefault(str(row["measure"]), []).append(row)
        for measure, rows in by_measure.items():
            spans = [span_of(*_number(row)) for row in rows]
            if max(least for least, _ in spans) <= min(most for _, most in spans):
                continue
            told = ", ".join(map(_words, rows))
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
    """A stated number whose own list has fewer names."""
    for label, row, listed in _listed(facts):
        if listed < span_of(*_number(row))[0]:
            yield _of_a_list("list-falls-short", facts, label, row, listed)


def lists_over_a_bound(facts: Facts) -> Iterator[Finding]:
    """An upper bound whose own list has more names; names beside an exact number are no fault."""
    for label, row, listed in _listed(facts):
        if row.get("qualifier") and listed > span_of(*_number(row))[1]:
            yield _of_a_list("list-over-bound", facts, label, row, listed)


def _listed(facts: Facts) -> Iterator[tuple[str, Row, int]]:
    """Each count that has a list: its revision, its row, how many the list names.

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
            stated = facts.evidence(label, "counts", _key(row), "")
            listed = {e["key"] for e in status if any(_overlap(e, one) for one in stated)}
            if listed:
                yield label, row, len(listed)


def _of_a_list(code: str, facts: Facts, label: str, row: Row, listed: int) -> Finding:
    key = _key(row)
    told = f"{_words(row)} are stated, {listed} are listed"
    return Finding(code, label, told, "counts", key, facts.pointers(label, "counts", key, ""))


def _overlap(one: Row, other: Row) -> bool:
    starts, ends = ([int(str(row[side])) for row in (one, other)] for side in ("start", "end"))
    return max(starts) < min(ends)


def _key(row: dict[str, object]) -> str:
    return format_key([str(row["measure"]), str(row["scope"]), int(str(row["occurrence"]))])


def _number(row: Row) -> tuple[int, object]:
    return int(str(row["value"])), row.get("qualifier")


def _words(row: Row) -> str:
    scope = str(row["scope"]).replace("un_", "UN_").replace("_", " ")
    return f"{qualified(row['value'], row.get('qualifier'))} {scope}"
