"""Dates of revisions, and whether the declared order can be right."""

from collections.abc import Iterator

from azds.checks.finding import Facts, Finding, Pointer
from azds.store.manifest import Manifest, SourceEntry

__all__ = ["doubtful_order", "undated"]


def undated(facts: Facts) -> Iterator[Finding]:
    """Revisions whose source carries no date."""
    for manifest in facts.manifests:
        if manifest.date is None and manifest.source is not None:
            yield Finding(
                "undated",
                manifest.label,
                "its position in the order is declared: "
                + (manifest.position_declared or "its source carries no date"),
            )


def doubtful_order(facts: Facts) -> Iterator[Finding]:
    """Undated revisions that their own text puts elsewhere than the declared order does.

    Signs: a revision declared earlier names a later year; sources on both
    sides share more sentences with each other than with the one between them; rows that an
    earlier one lists and this one's list leaves out.
    """
    for at, manifest in enumerate(facts.manifests):
        if manifest.date is not None or manifest.source is None:
            continue
        earlier = [m for m in facts.manifests[:at] if m.source]
        later = [m for m in facts.manifests[at + 1 :] if m.source]
        signs = [*_years(manifest, earlier), *_wording(manifest, earlier, later)]
        if not signs:
            continue
        left_out, pointers = _left_out(facts, manifest, earlier)
        signs += left_out
        yield Finding(
            "order-doubtful",
            manifest.label,
            "its text may be older than its position, or a fork: " + "; ".join(signs),
            evidence=tuple(pointers),
        )


def _years(manifest: Manifest, earlier: list[Manifest]) -> Iterator[str]:
    own = _source(manifest).latest_year
    for other in earlier:
        year = _source(other).latest_year
        if own is not None and year is not None and own < year:
            yield f"the latest year it names is {own}, that of {other.label} is {year}"


def _wording(manifest: Manifest, earlier: list[Manifest], later: list[Manifest]) -> Iterator[str]:
    own = set(_source(manifest).wording)
    for before in earlier:
        for after in later:
            first, last = set(_source(before).wording), set(_source(after).wording)
            around = len(first & last)
            shared = len(own & first), len(own & last)
            if around > max(shared):
                yield (
                    f"{before.label} and {after.label} share {around} sentences, "
                    f"it shares {shared[0]} with {before.label} and {shared[1]} with {after.label}"
                )


def _left_out(
    facts: Facts, manifest: Manifest, earlier: list[Manifest]
) -> tuple[list[str], list[Pointer]]:
    """Rows that an earlier list holds and this revision's does not."""
    told: list[str] = []
    pointers: list[Pointer] = []
    for other in earlier:
        mine = _listed(facts, manifest.label)
        theirs = _listed(facts, other.label)
        gone = sorted(theirs - mine)
        if mine and gone and not mine - theirs:
            told.append(f"its list of relations is that of {other.label} without {', '.join(gone)}")
            pointers += [
                p for key in gone for p in facts.pointers(other.label, "relations", key, "")
            ]
    return told, pointers


def _listed(facts: Facts, label: str) -> set[str]:
    return {
        str(row["key"])
        for row in facts.rows(label, "evidence")
        if (row["table"], row["column"], row["place"]) == ("relations", "", "list")
    }


def _source(manifest: Manifest) -> SourceEntry:
    if manifest.source is None:
        msg = "asked of a revision without a source"
        raise AssertionError(msg)
    return manifest.source
