"""The list of references: numbers that are missing, misaligned, or cited without an entry."""

from collections.abc import Iterator

from azds.checks.finding import Facts, Finding, Pointer
from azds.ids import format_key

__all__ = ["misaligned_references", "missing_numbers", "references_without_entry"]


def missing_numbers(facts: Facts) -> Iterator[Finding]:
    """Numbers that the printed list leaves out."""
    for manifest in facts.manifests:
        numbers = {int(str(row["number"])) for row in _entries(facts, manifest.label)}
        missing = sorted(set(range(1, max(numbers, default=0))) - numbers)
        if missing:
            yield Finding(
                "reference-number-missing",
                manifest.label,
                f"the list of references has no number {ranges(missing)}",
                "bibliography",
            )


def misaligned_references(facts: Facts) -> Iterator[Finding]:
    """Entries whose printed number is not the one that the text cites them by."""
    for manifest in facts.manifests:
        moved = [row for row in _entries(facts, manifest.label) if row["marker"] is not None]
        if not moved:
            continue
        ends = moved if len(moved) == 1 else [moved[0], moved[-1]]
        pointers = [
            p for row in ends for p in facts.pointers(manifest.label, "bibliography", _key(row), "")
        ]
        told = [f"{row['number']}, which answers [{row['marker']}]" for row in ends]
        yield Finding(
            "reference-misaligned",
            manifest.label,
            f"1 entry is misnumbered: {told[0]}"
            if len(moved) == 1
            else f"{len(moved)} entries are misnumbered: from {told[0]}, to {told[1]}",
            "bibliography",
            evidence=tuple(pointers),
        )


def references_without_entry(facts: Facts) -> Iterator[Finding]:
    """Numbers cited with a fact that no entry answers, where the list was seen at all."""
    for manifest in facts.manifests:
        entries = _entries(facts, manifest.label)
        answered = {int(str(row["marker"] or row["number"])) for row in entries}
        cited: dict[int, Pointer] = {}
        for row in facts.rows(manifest.label, "evidence"):
            markers = row["markers"] if isinstance(row["markers"], list) else []
            for number in markers:
                cited.setdefault(number, _pointer(manifest.label, row))
        for number in sorted(set(cited) - answered) if entries else []:
            yield Finding(
                "reference-without-entry",
                manifest.label,
                f"[{number}] is cited, but no entry of the list answers it",
                cited[number].table,
                cited[number].key,
                (cited[number],),
            )


def ranges(numbers: list[int]) -> str:
    """Sorted numbers in short.

    >>> ranges([3, 68, 69, 70])
    '3, 68–70'
    """
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return ", ".join(f"{run[0]}–{run[-1]}" if len(run) > 1 else str(run[0]) for run in runs)


def _entries(facts: Facts, label: str) -> list[dict[str, object]]:
    return sorted(facts.rows(label, "bibliography"), key=lambda row: int(str(row["number"])))


def _key(row: dict[str, object]) -> str:
    return format_key([str(row["title"]), int(str(row["occurrence"]))])


def _pointer(label: str, row: dict[str, object]) -> Pointer:
    start, end = int(str(row["start"])), int(str(row["end"]))
    return Pointer(label, str(row["table"]), str(row["key"]), str(row["column"]), start, end)
