"""The commands for patches: changes as files that apply, invert and compose."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from azds.cli.commands import Group
from azds.cli.opening import dataset_of, emit, emit_page, format_option, say
from azds.errors import InvalidInputError

if TYPE_CHECKING:  # for signatures; loaded where it is needed
    from azds.dataset.patches import Patch

__all__ = ["patch"]

_output = click.option(
    "-o", "--output", required=True, metavar="FILE", help="Where to write, whole or not at all."
)
_patch_output = click.option(
    "-o",
    "--output",
    required=True,
    metavar="FILE",
    help="The patch: JSON where the name ends so, else Parquet.",
)
_encoding = click.option(
    "--encoding", metavar="NAME", default="utf-8", show_default=True, help="Of CSV files."
)


@click.group(cls=Group)
def patch() -> None:
    """Changes as files: made, applied, taken back, joined, read.

    A patch applies to the table that it was made from, and to no other.

    \b
    azds patch create old.csv new.csv --key id -o week.patch.parquet
    azds patch apply week.patch.parquet old.csv -o new.parquet
    """  # noqa: D301 - click reads \b as "keep these lines"


@patch.command()
@click.argument("old")
@click.argument("new")
@click.argument("tables", nargs=-1)
@click.option("--key", "keys", multiple=True, metavar="COLS", help="Of two files: their key.")
@_encoding
@click.option(
    "-o",
    "--output",
    required=True,
    metavar="FILE|DIR",
    help="One table: the file. Several: a folder that there is.",
)
@click.pass_context
def create(  # noqa: PLR0913, PLR0917 - the options of a command
    context: click.Context,
    old: str,
    new: str,
    tables: tuple[str, ...],
    keys: tuple[str, ...],
    encoding: str,
    output: str,
) -> None:
    """A patch of what makes NEW of OLD.

    Both are revisions, or files with --key.
    Of revisions all tables are compared, or those named; with several, -o is
    a folder, and each table that differs becomes TABLE.patch.parquet there.

    \b
    azds patch create 2016 current relations -o relations.patch.json
    azds patch create old.parquet new.parquet --key tenant,ts -o changes.patch.parquet
    """  # noqa: D301 - click reads \b as "keep these lines"
    from azds.cli.files import columns_of
    from azds.dataset.patches import ENDING
    from azds.dataset.patches import patch as make

    if keys:
        if tables:
            raise click.UsageError("files have no tables", context)
        _write(make(old, new, key=columns_of(keys), name=_stem(output), encoding=encoding), output)
        return
    _refuse_files(old, new, context)
    dataset = dataset_of(context)
    sides = dataset[old], dataset[new]
    wanted = tables or [name for name in sides[0].tables if name in set(sides[1].tables)]
    if len(tables) != 1 and not Path(output).is_dir():
        raise InvalidInputError(
            "bad-argument",
            "several tables become several patches",
            where=output,
            expected="a folder that there is, or the name of one table after the revisions",
        )
    for name in wanted:
        made = make(sides[0][name], sides[1][name])
        if len(tables) == 1:
            _write(made, output)
        elif made:
            _write(made, str(Path(output) / f"{name}{ENDING}"))
        else:
            say(f"{name}: nothing differs")
    if not tables:
        for name in sorted({*sides[0].tables} ^ {*sides[1].tables}):
            say(f"{name}: only one of both revisions has it, so there is no patch")


@patch.command()
@click.argument("file", metavar="PATCH")
@click.argument("table", metavar="TABLE")
@click.option("--lenient", is_flag=True, help="Apply what fits, and list the rest.")
@_encoding
@_output
def apply(file: str, table: str, encoding: str, output: str, *, lenient: bool) -> None:
    """The table after the changes.

    It is written as Parquet, or as CSV where the name of FILE ends so. TABLE must be
    what the patch was made from; its digest tells. With --lenient all is applied that
    fits, and what does not is printed: key, column, the value that the patch expects,
    the value that is there.

    \b
    azds patch apply week.patch.parquet old.csv -o new.parquet
    """  # noqa: D301 - click reads \b as "keep these lines"
    from azds.dataset.patches import read_patch
    from azds.dataset.table_files import write_table

    found = read_patch(file)
    if not lenient:
        write_table(found.apply(table, encoding=encoding), output)
        say(f"wrote {output}")
        return
    done = found.apply_leniently(table, encoding=encoding)
    write_table(done.table, output)
    say(f"wrote {output}")
    if done.conflicts.num_rows:
        from azds.render.csv_text import to_csv

        rows = done.conflicts.num_rows
        say(f"{rows:,} conflict{'s' if rows > 1 else ''}: these changes were not applied")
        told = (row.values() for row in done.conflicts.to_pylist())
        emit(to_csv(done.conflicts.column_names, told))


@patch.command()
@click.argument("file", metavar="PATCH")
@_patch_output
def invert(file: str, output: str) -> None:
    """The patch that takes the changes back."""
    from azds.dataset.patches import read_patch

    _write(read_patch(file).invert(), output)


@patch.command()
@click.argument("files", metavar="PATCH...", nargs=-1, required=True)
@_patch_output
def compose(files: tuple[str, ...], output: str) -> None:
    """One patch that does what all do.

    Each must start where the one before ends. What a later one undoes is left out.

    \b
    azds patch compose monday.patch.parquet tuesday.patch.parquet -o both.patch.parquet
    """  # noqa: D301 - click reads \b as "keep these lines"
    from azds.dataset.patches import compose_patches, read_patch

    _write(compose_patches([read_patch(file) for file in files]), output)


@patch.command()
@click.argument("file", metavar="PATCH")
@click.option("--stat", is_flag=True, help="Only the counts.")
@format_option("text", "json", "markdown")
@click.option("-o", "--output", metavar="FILE", help="Write to a file, whole or not at all.")
def show(file: str, form: str, output: str | None, *, stat: bool) -> None:
    """What a patch changes.

    And what that means, by the coverage of both ends.
    JSON is the patch itself, whole; text and markdown show 20 rows of each kind.

    \b
    azds patch show week.patch.parquet
    """  # noqa: D301 - click reads \b as "keep these lines"
    from azds.dataset.patches import read_patch

    found = read_patch(file)
    if form == "json":
        emit(found.to_json(), output)
        return
    from azds.render.diff import LIMIT, Reading
    from azds.render.file_diff import file_diff_page

    diff = found.diff()
    document = diff.as_document(found.old.digest, found.new.digest, limit=LIMIT)
    reading = Reading(diff.changes.schema, diff.changes.changed, {})
    sides = [
        f"{end.schema.name}, {end.rows:,} rows, {end.digest[:24]}" for end in (found.old, found.new)
    ]
    page = file_diff_page(sides[0], sides[1], document, reading, {}, [], stat=stat)
    emit_page(page, form, output)


def _write(found: "Patch", output: str) -> None:
    found.write(output)
    told = ", ".join(f"{what} {count:,}" for what, count in found.counts().items())
    say(f"wrote {output}: {found.table}: {told}")


def _stem(path: str) -> str:
    """The name of the table in TABLE.patch.parquet."""
    return Path(path).name.partition(".")[0] or "table"


def _refuse_files(old: str, new: str, context: click.Context) -> None:
    for side in (old, new):
        if Path(side).suffix and Path(side).is_file():
            raise click.UsageError(f"{side} is a file: give its key with --key", context)
