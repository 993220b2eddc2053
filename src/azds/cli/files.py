"""The diff of two files, folders or globs: what `azds diff --key` runs."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from azds.cli.opening import emit, emit_page, emit_parquet, say

if TYPE_CHECKING:  # for signatures; loaded where it is needed
    from azds.dataset.diff import TableDiff

__all__ = ["FileOptions", "columns_of", "compare_files", "diff_files"]


@dataclass(frozen=True, slots=True)
class FileOptions:
    """How two files are compared and told; see the options of `azds diff`."""

    key: tuple[str, ...]
    ignore: tuple[str, ...]
    rtol: float
    null_keys: bool
    coverage: tuple[str, ...]
    covers: tuple[str, ...]
    encoding: str
    form: str
    output: str | None
    stat: bool
    exit_code: bool
    fail_on: str | None


def diff_files(old: str, new: str, options: FileOptions) -> int:
    """Compare two files, tell what changed, and give the exit code."""
    return compare_files(old, new, options, lambda found: _tell(old, new, found, options))


def compare_files(
    old: str, new: str, options: FileOptions, tell: "Callable[[TableDiff], None]"
) -> int:
    """Compare two files, tell what changed in one way or another, and give the exit code."""
    from azds.dataset.gates import parse_gates
    from azds.dataset.loose import diff
    from azds.dataset.own_coverage import parse_sides

    gates = parse_gates(options.fail_on) if options.fail_on else ()
    sides = parse_sides(options.coverage, options.covers)
    found = diff(
        old,
        new,
        key=options.key,
        ignore=options.ignore,
        rtol=options.rtol,
        null_keys=options.null_keys,
        old_coverage=sides[0],
        new_coverage=sides[1],
        encoding=options.encoding,
    )
    tell(found)
    met = [gate for gate in gates if gate.is_met_by(found.counts())]
    if met:
        say(f"fails on {', '.join(str(gate) for gate in met)}")
    return int(bool(met) or (options.exit_code and found.is_changed))


def _tell(old: str, new: str, found: "TableDiff", options: FileOptions) -> None:
    if options.form not in {"text", "markdown"}:
        for note in _notes(old, new, found):
            say(note)
    if options.form == "json":
        emit(found.to_json(old, new) + "\n", options.output)
    elif options.form == "csv":
        from azds.render.csv_text import to_csv

        cells = found.to_arrow()
        emit(
            to_csv(cells.column_names, (row.values() for row in cells.to_pylist())), options.output
        )
    elif options.form == "parquet":
        emit_parquet(found.to_arrow(), options.output)
    else:
        from azds.dataset.tops import tops_of
        from azds.render.diff import LIMIT, Reading
        from azds.render.file_diff import file_diff_page

        document = found.as_document(old, new, limit=LIMIT)
        tops = {top.column: top.to_document() for top in tops_of(found.changes)}
        reading = Reading(found.changes.schema, found.changes.changed, {})
        notes = _notes(old, new, found)
        page = file_diff_page(old, new, document, reading, tops, notes, stat=options.stat)
        emit_page(page, options.form, options.output)


def _notes(old: str, new: str, found: "TableDiff") -> list[str]:
    """What to know of the inputs before reading the counts."""
    aside = [
        f"{side}: {count:,} row{'s' if count > 1 else ''} without a key set aside"
        for side, count in zip((old, new), found.without_key, strict=True)
        if count
    ]
    return [*found.notes, *aside]


def columns_of(words: Sequence[str]) -> tuple[str, ...]:
    """Column names from words that hold one or several, divided by commas."""
    return tuple(name for word in words for name in word.split(",") if name)
