"""The command that compares: diff."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from azds.cli.opening import (
    dataset_of,
    emit,
    emit_page,
    emit_parquet,
    format_option,
    say,
)

if TYPE_CHECKING:  # for signatures; loaded where they are needed
    from azds.dataset.dataset import Dataset
    from azds.dataset.diff import Diff

__all__ = ["diff"]


@click.command()
@click.argument("old")
@click.argument("new")
@click.argument("tables", nargs=-1)
@click.option("--key", "keys", multiple=True, metavar="COLS", help="Compare files, by this key.")
@click.option("--ignore", multiple=True, metavar="COLS", help="Files: leave these columns out.")
@click.option("--rtol", default=0.0, metavar="X", help="Files: floats this near are equal.")
@click.option("--null-keys", is_flag=True, help="Files: set rows without a key aside.")
@click.option(
    "--coverage",
    multiple=True,
    metavar="[SIDE=]LEVEL",
    help="Files: how much one holds: new=partial.",
)
@click.option(
    "--covers",
    multiple=True,
    metavar="[SIDE:]COL=VALUES",
    help="Files: the part that one holds whole: new:region=EU.",
)
@click.option(
    "--encoding", metavar="NAME", default="utf-8", show_default=True, help="Files: of CSV."
)
@click.option("--fail-on", metavar="CONDITIONS", help="End with 1: 'removed>0,changed>0.1%'.")
@click.option("--stat", is_flag=True, help="Only the counts.")
@click.option("--wording", is_flag=True, help="Also how things are written.")
@click.option("--place", is_flag=True, help="Also numbers and order.")
@click.option(
    "--exit-code", is_flag=True, help="End with 1 if a row, a fact or the schema differs."
)
@format_option("text", "json", "markdown", "csv", "parquet", "html")
@click.option("-o", "--output", metavar="FILE", help="Write to a file, whole or not at all.")
@click.option(
    "--engine",
    type=click.Choice(["local", "spark"]),
    default="local",
    show_default=True,
    help="Spark: on a cluster, the changes as Parquet in the folder -o.",
)
@click.option("--master", metavar="URL", help="Spark: local[2], spark://HOST:PORT, yarn.")
@click.option(
    "--sources",
    envvar="AZDS_SOURCES",
    metavar="DIR|FILE",
    help="HTML: quote a few words of each passage.",
)
@click.pass_context
def diff(  # noqa: C901, PLR0912, PLR0913, PLR0917 - the formats and options of a command
    context: click.Context,
    old: str,
    new: str,
    tables: tuple[str, ...],
    keys: tuple[str, ...],
    ignore: tuple[str, ...],
    rtol: float,
    coverage: tuple[str, ...],
    covers: tuple[str, ...],
    encoding: str,
    fail_on: str | None,
    form: str,
    output: str | None,
    engine: str,
    master: str | None,
    sources: str | None,
    *,
    stat: bool,
    wording: bool,
    place: bool,
    exit_code: bool,
    null_keys: bool,
) -> None:
    """What changed between two revisions, or two files.

    Coverage is read first: what a source does not carry was not removed. Text
    and markdown show 20 rows of each kind; JSON and CSV have all.

    \b
    azds diff 2016 current
    azds diff 2016 interim --stat
    azds diff interim current organizations --format json
    azds diff 2016 current --format html -o report.html
    azds diff old.csv new.csv --key id
    azds diff 'old/*.parquet' 'new/*.parquet' --key tenant,ts --fail-on 'removed>0'
    azds diff DIR/data-1.0.0 DIR/data-1.1.0
    azds diff OLD NEW --key id --engine spark --master 'local[2]' -o DIR
    """  # noqa: D301 - click reads \b as "keep these lines"
    from azds.dataset.diff import roles_shown
    from azds.dataset.gates import parse_gates
    from azds.render.diff import LIMIT, Reading, diff_page

    if stat and form not in {"text", "markdown"}:
        raise click.UsageError("--stat goes with text and markdown", context)
    if engine == "spark":
        from azds.cli.on_spark import diff_on_spark

        context.exit(diff_on_spark(context, old, new))
    if master:
        raise click.UsageError("--master goes with --engine spark", context)
    if keys:
        from azds.cli.files import FileOptions, columns_of, diff_files

        if tables or wording or place:
            raise click.UsageError("files have no tables, wording or place", context)
        options = FileOptions(
            columns_of(keys),
            columns_of(ignore),
            rtol,
            null_keys,
            coverage,
            covers,
            encoding,
            form,
            output,
            stat,
            exit_code,
            fail_on,
        )
        if form == "html":
            from azds.cli.reporting import diff_files_page

            context.exit(diff_files_page(old, new, options))
        context.exit(diff_files(old, new, options))
    of_files = {"ignore": ignore, "rtol": rtol, "null-keys": null_keys, "coverage": coverage}
    _refuse_options_of_files({**of_files, "covers": covers}, context)
    gates = parse_gates(fail_on) if fail_on else ()
    dataset, found = _compared(context, old, new, tables or None)
    if form == "html":
        from azds.cli.reporting import diff_page as html_page

        html_page(dataset, found, output, sources=sources, wording=wording, place=place)
    elif form == "json":
        emit(found.to_json(wording=wording, place=place) + "\n", output)
    elif form == "parquet":
        emit_parquet(found.to_arrow(wording=wording, place=place), output)
    elif form == "csv":
        from azds.render.csv_text import to_csv

        cells = found.to_arrow(wording=wording, place=place)
        emit(to_csv(cells.column_names, (row.values() for row in cells.to_pylist())), output)
    else:
        document = found.to_document(wording=wording, place=place, limit=LIMIT)
        sides = (found.old.manifest, found.new.manifest)
        roles, names = roles_shown(wording=wording, place=place), found.labels()
        readings = {
            one.name: Reading(one.changes.schema, one.count_changed(roles), names.get(one.name, {}))
            for one in found
        }
        page = diff_page(document, *sides, readings, stat=stat)
        emit_page(page, form, output)
    met = [f"{one.name}: {gate}" for one in found for gate in gates if gate.is_met_by(one.counts())]
    if met:
        say(f"fails on {', '.join(met)}")
    if met or (exit_code and any(one.is_changed for one in found)):
        context.exit(1)


def _compared(
    context: click.Context, old: str, new: str, tables: tuple[str, ...] | None
) -> "tuple[Dataset, Diff]":
    """Two releases where both are folders that hold one, else two revisions of the dataset."""
    if Path(old).is_dir() and Path(new).is_dir():
        from azds.release.opening import diff_releases, is_release, open_release

        if is_release(Path(old)) and is_release(Path(new)):
            return open_release(Path(new)).dataset, diff_releases(old, new, tables)
    _refuse_files(old, new, context)
    dataset = dataset_of(context)
    return dataset, dataset.diff(old, new, tables)


def _refuse_options_of_files(given: dict[str, object], context: click.Context) -> None:
    """What two revisions would not heed is not taken in silence."""
    for option, value in given.items():
        if value:
            raise click.UsageError(f"--{option} is for files, which need --key COLS", context)


def _refuse_files(old: str, new: str, context: click.Context) -> None:
    """Two files without a key are most likely a forgotten option."""
    if all(Path(side).suffix and Path(side).exists() for side in (old, new)):
        raise click.UsageError("files are compared by a key: name it with --key COLS", context)
