"""The command that shows: report; and the pages that `diff --format html` writes."""

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from azds.cli.files import FileOptions, compare_files
from azds.cli.opening import dataset_of, emit, emit_parquet, say
from azds.errors import InvalidInputError

if TYPE_CHECKING:  # for signatures; loaded by the commands that need them
    from azds.checks.across import Across
    from azds.dataset.dataset import Dataset
    from azds.dataset.diff import Diff, TableDiff
    from azds.dataset.series import Series
    from azds.report import Report

__all__ = ["across_page", "diff_files_page", "diff_page", "report", "write_picture"]

_SOURCES = "AZDS_SOURCES"


@click.command()
@click.option("-o", "--output", metavar="FILE", help="The page, written whole or not at all.")
@click.option(
    "--sources",
    envvar=_SOURCES,
    type=click.Path(exists=True),
    metavar="DIR|FILE",
    help="Quote a few words of each passage from the source texts here.",
)
@click.option(
    "--latest",
    type=click.IntRange(min=1),
    default=12,
    show_default=True,
    metavar="N",
    help="Compare the last N revisions, each with the one before it.",
)
@click.pass_context
def report(context: click.Context, output: str | None, sources: str | None, latest: int) -> None:
    """A whole dataset as one page to look at and to send.

    The page is one HTML file that needs no network: the stated counts, what each
    source could show, what changed between neighbours, and what the checks found.
    Where a page would be too large, all changes stand in a Parquet file beside it.

    \b
    azds report -o report.html
    azds report -o report.html --sources DIR
    azds --dataset war-reactions report > report.html
    """  # noqa: D301 - click reads \b as "keep these lines"
    from azds.report import dataset_report

    _refuse_terminal(output)
    dataset = dataset_of(context)
    made = dataset_report(dataset, sources=sources or None, full=_full_name(output), latest=latest)
    _write(made, output)


def diff_page(  # noqa: PLR0913 - a diff, its dataset, and what is shown
    dataset: "Dataset",
    found: "Diff",
    output: str | None,
    *,
    sources: str | None,
    wording: bool,
    place: bool,
) -> None:
    """Write what changed between two revisions as a page."""
    from azds.report import diff_report

    _refuse_terminal(output)
    made = diff_report(
        found,
        dataset,
        sources=sources or None,
        full=_full_name(output),
        wording=wording,
        place=place,
    )
    _write(made, output)


def across_page(
    found: "Across", datasets: "Iterable[Dataset]", output: str | None, *, sources: str | None
) -> None:
    """Write how far articles agree with each other as a page."""
    from azds.report import across_report

    _refuse_terminal(output)
    made = across_report(found, datasets, sources=sources or None, full=_full_name(output))
    _write(made, output)


def diff_files_page(old: str, new: str, options: FileOptions) -> int:
    """Compare two files, write what changed as a page, and give the exit code."""
    from azds.report import table_report

    _refuse_terminal(options.output)
    labels, full = _labels(old, new), _full_name(options.output)

    def tell(found: "TableDiff") -> None:
        _write(table_report(found, *labels, full=full), options.output)

    return compare_files(old, new, options, tell)


def write_picture(what: "Series | Diff", form: str, output: str | None) -> None:
    """Write the picture of a series or a diff to a file, as PNG or SVG.

    Raises:
        InvalidInputError: `bad-argument`, without a file: a picture is not for terminals.
    """
    from azds.dataset.pictures import picture_bytes
    from azds.store.port import replace_file

    if output is None:
        raise InvalidInputError("bad-argument", "a picture needs a file", expected="-o FILE")
    replace_file(Path(output), picture_bytes(what, form))
    say(f"wrote {output}")


def _labels(old: str, new: str) -> tuple[str, str]:
    """Names of two files in a page that goes to others: without folders where that is enough."""
    names = (Path(old).name, Path(new).name)
    return names if all(names) and names[0] != names[1] else (old, new)


def _refuse_terminal(output: str | None) -> None:
    if output is None and sys.stdout.isatty():
        raise InvalidInputError(
            "bad-argument", "a page is not for terminals", expected="-o FILE", got="none"
        )


def _full_name(output: str | None) -> str:
    """The name of the file beside the page that holds all changes; none without a file."""
    return "" if output is None else _full_path(output).name


def _full_path(output: str) -> Path:
    path = Path(output)
    return path.with_suffix(".changes.parquet" if path.suffix == ".parquet" else ".parquet")


def _write(made: "Report", output: str | None) -> None:
    for note in made.notes:
        say(note)
    if not made.is_whole:
        shown = f"the page shows {made.shown:,} of {made.total:,} changed rows"
        if output is None:
            say(f"{shown}; with -o FILE, all of them are written beside it")
        else:
            say(f"{shown}; all of them are in {_full_path(output)}")
            emit_parquet(made.full(), str(_full_path(output)))
    emit(made.html, output)
