"""Commands that read: log, show, series, history, quote."""

import json
from collections.abc import Callable
from typing import TYPE_CHECKING

import click

from azds.cli.opening import dataset_of, emit, emit_page, format_option

if TYPE_CHECKING:  # for signatures
    from azds.store.log import LogRecord

__all__ = ["history", "log", "quote", "series", "show"]

_LIMIT = 20


@click.command()
@format_option("text", "json", "markdown")
@click.pass_context
def log(context: click.Context, form: str) -> None:
    """The revisions of a dataset, in their declared order.

    \b
    azds log
    """  # noqa: D301 - click reads \b as "keep these lines"
    from azds.dataset.revision import BOOKKEEPING
    from azds.render.pages import log_page
    from azds.store.names import parse_folder

    dataset = dataset_of(context)
    folders = dataset.folder.state().folders
    editions = {
        label: (parse_folder(one.folder) or (label, 1))[1] for label, one in folders.items()
    }
    manifests = [revision.manifest for revision in dataset.revisions]
    commits = {label: one for one in dataset.folder.records() for label in one.revisions}
    if form != "json":
        said = {label: _said(record) for label, record in commits.items() if _said(record)}
        emit_page(log_page(dataset.name, manifests, editions, BOOKKEEPING, said), form)
        return
    document = [
        {
            "revision": one.label,
            "position": one.position,
            "date": one.date,
            "position_declared": one.position_declared or None,
            "headline": [h.to_document() for h in one.headline],
            "source": one.source.digest if one.source else None,
            "edition": editions[one.label],
            "message": commits[one.label].message or None,
            "author": commits[one.label].author or None,
            "tables": {
                name: {"rows": entry.rows, "coverage": entry.coverage.level, "digest": entry.digest}
                for name, entry in one.tables.items()
            },
        }
        for one in manifests
    ]
    emit(_json(document))


@click.command()
@click.argument("revision")
@click.argument("table", required=False)
@format_option("text", "json", "csv", "markdown")
@click.option(
    "--limit",
    metavar="N",
    type=click.IntRange(min=0),
    default=_LIMIT,
    show_default=True,
    help="Rows of text or markdown; 0 for all.",
)
@click.pass_context
def show(context: click.Context, revision: str, table: str | None, form: str, limit: int) -> None:
    """The tables of a revision, or the rows of one.

    JSON has all columns; CSV leaves the place columns out, joins lists with ";"
    and adds the first and last day of each date.

    \b
    azds show 2016
    azds show 2016 relations
    azds show current organizations --format csv
    """  # noqa: D301 - click reads \b as "keep these lines"
    from azds.render.pages import snapshot_page, table_page

    snapshot = dataset_of(context)[revision]
    if table is None:
        if form == "csv":
            raise click.UsageError("CSV needs a TABLE", context)
        if form == "json":
            emit(_json(snapshot.manifest.to_document()))
        else:
            emit_page(snapshot_page(snapshot.manifest), form)
        return
    held = snapshot[table]
    if form == "json":
        emit(_json(held.to_arrow().to_pylist()))
        return
    if form == "csv":
        from azds.render.csv_text import to_csv

        flat = held.to_flat()
        emit(to_csv(flat.column_names, (row.values() for row in flat.to_pylist())))
        return
    rows = held.to_arrow().slice(0, limit) if limit else held.to_arrow()
    coverage = snapshot.manifest.tables[table].coverage
    note = f"{coverage.level}: {coverage.reason}" if coverage.reason else coverage.level
    heading = f"{table} of {revision}"
    emit_page(table_page(heading, held.schema, rows.to_pylist(), len(held), note), form)


@click.command()
@click.argument("measure")
@format_option("text", "json", "markdown", "csv", "png", "svg")
@click.option("-o", "--output", metavar="FILE", help="Where a picture is written.")
@click.pass_context
def series(context: click.Context, measure: str, form: str, output: str | None) -> None:
    """The designated count of each revision, with what it counts.

    \b
    azds series diplomatic_relations
    azds series diplomatic_relations --format json
    azds series diplomatic_relations --format svg -o DIR/series.svg
    """  # noqa: D301 - click reads \b as "keep these lines"
    from azds.render.pages import series_page
    from azds.render.words import dated

    dataset = dataset_of(context)
    if form in {"png", "svg"}:
        from azds.cli.reporting import write_picture

        write_picture(dataset.series(measure), form, output)
        return
    points = dataset.series(measure).to_document()
    if form == "json":
        emit(_json(points))
        return
    if form == "csv":
        from azds.render.csv_text import to_csv
        from azds.render.words import count_words

        rows = ([_flat(value, count_words) for value in point.values()] for point in points)
        emit(to_csv(list(points[0]), rows))
        return
    dates = {revision.label: dated(revision.manifest) for revision in dataset.revisions}
    emit_page(series_page(measure, points, dates), form)


@click.command()
@click.argument("table")
@click.argument("key", nargs=-1, required=True)
@format_option("text", "json", "markdown")
@click.pass_context
def history(context: click.Context, table: str, key: tuple[str, ...], form: str) -> None:
    """One row through all revisions.

    KEY is AZE/NLD/embassy/The Hague, or column=value pairs; "/" in a value is "~1".

    \b
    azds history relations ISR
    azds history organizations WTrO
    azds history missions sender=AZE receiver=IRN kind=embassy city=Tehran
    """  # noqa: D301 - click reads \b as "keep these lines"
    from azds.dataset.keys import parse_key_words
    from azds.render.pages import history_page

    dataset = dataset_of(context)
    schema = dataset.schema(table)
    words = parse_key_words(schema, key)
    found = dataset.history_of(table, words)
    if form == "json":
        emit(_json(found.to_document()))
        return
    emit_page(history_page(f"{table} {words}", found.to_document(), schema), form)


@click.command()
@click.argument("revision")
@click.argument("table")
@click.argument("key", nargs=-1, required=True)
@click.option("--column", metavar="NAME", help="Only what states this column.")
@click.option(
    "--sources",
    envvar="AZDS_SOURCES",
    metavar="DIR|FILE",
    help="The source, or a folder that holds it; it is found by its digest.",
)
@format_option("text", "json", "markdown")
@click.pass_context
def quote(  # noqa: PLR0913, PLR0917 - the options of a command
    context: click.Context,
    revision: str,
    table: str,
    key: tuple[str, ...],
    column: str | None,
    sources: str | None,
    form: str,
) -> None:
    """Where the source states a row, its words, and what to cite.

    \b
    azds quote 2016 relations ISR
    azds quote 2016 relations ISR --column began --sources DIR
    """  # noqa: D301 - click reads \b as "keep these lines"
    from azds.dataset.keys import parse_key_words
    from azds.render.pages import quote_page

    dataset = dataset_of(context)
    snapshot = dataset[revision]
    words = parse_key_words(snapshot[table].schema, key)
    found = snapshot.quote_of(table, words, column=column, sources=sources or None)
    if form == "json":
        emit(_json(found.to_document()))
        return
    emit_page(quote_page(f"{table} {words} in {revision}", found.to_document()), form)


def _said(record: "LogRecord") -> str:
    """What the author of a commit said of it."""
    return " — ".join(words for words in (record.message, record.author) if words)


def _json(document: object) -> str:
    return json.dumps(document, ensure_ascii=False, indent=1, default=str) + "\n"


def _flat(value: object, words: Callable[[object], str]) -> object:
    """A cell of CSV: lists joined by ";", counts in them in words."""
    if isinstance(value, list):
        return ";".join(words(one) if isinstance(one, dict) else str(one) for one in value) or None
    return value
