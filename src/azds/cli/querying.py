"""The command that asks: sql."""

import json
import sys
from typing import TYPE_CHECKING

import click

from azds.cli.opening import dataset_of, emit, emit_page, emit_parquet, format_option
from azds.errors import InvalidInputError

if TYPE_CHECKING:  # for signatures
    from azds.render.page import Page

__all__ = ["sql"]

_LIMIT = 20


@click.command()
@click.argument("query")
@format_option("text", "json", "csv", "markdown", "parquet")
@click.option("-o", "--output", metavar="FILE", help="Write to a file, whole or not at all.")
@click.option(
    "--limit",
    metavar="N",
    type=click.IntRange(min=0),
    default=_LIMIT,
    show_default=True,
    help="Rows of text or markdown; 0 for all.",
)
@click.pass_context
def sql(context: click.Context, query: str, form: str, output: str | None, limit: int) -> None:
    """Ask a dataset in SQL, by DuckDB; nothing is changed.

    Every table is a view of all revisions with the columns "revision" and
    "coverage"; a revision's own tables are "2016".relations. QUERY is one SELECT
    in DuckDB's SQL, or "-" to read it from stdin. It reads the dataset only: no
    files, no network. It needs the extra: pip install "azds[sql]".

    \b
    azds sql "SHOW TABLES"
    azds sql "DESCRIBE relations"
    azds sql "SELECT revision, status, count(*) FROM relations GROUP BY ALL ORDER BY ALL"
    azds sql 'SELECT * FROM "2016".counts' --format json
    azds sql "FROM missions" --format parquet -o DIR/missions.parquet
    """  # noqa: D301 - click reads \b as "keep these lines"
    from azds.dataset.sql import sql as run_query

    if query == "-":
        query = sys.stdin.read()
    found = run_query(dataset_of(context), query)
    if form == "parquet":
        _refuse_repeated(found.column_names, form)
        emit_parquet(found, output)
        return
    if form in {"text", "markdown"}:
        shown = found.slice(0, limit) if limit else found
        emit_page(_page(shown, found.num_rows), form, output)
        return
    _refuse_repeated(found.column_names, form)
    if form == "json":
        rows = found.to_pylist()
        emit(json.dumps(rows, ensure_ascii=False, indent=1, default=_text) + "\n", output)
        return
    from azds.render.csv_text import to_csv

    columns = [column.to_pylist() for column in found.columns]
    cells = ([_flat(value) for value in row] for row in zip(*columns, strict=True))
    emit(to_csv(found.column_names, cells), output)


def _page(shown: object, total: int) -> "Page":
    from azds.render.rows import rows_page

    names: list[str] = shown.column_names  # type: ignore[attr-defined]  # no pyarrow here
    columns = [column.to_pylist() for column in shown.columns]  # type: ignore[attr-defined]
    return rows_page(names, list(zip(*columns, strict=True)), total)


def _refuse_repeated(names: list[str], form: str) -> None:
    """Refuse a result that JSON objects, CSV readers and Parquet would mix up."""
    repeated = sorted({name for name in names if names.count(name) > 1})
    if repeated:
        raise InvalidInputError(
            "bad-argument",
            f"{form} needs each column once",
            where="SQL",
            got=f"{', '.join(repeated)} more than once",
            advice="name them apart with AS",
        )


def _flat(value: object) -> object:
    """A cell of CSV: lists joined by ";", structures as JSON."""
    if isinstance(value, list) and not any(isinstance(one, (list, dict)) for one in value):
        return ";".join("" if one is None else str(one) for one in value) or None
    if isinstance(value, (list, dict)):
        return json.dumps(value, ensure_ascii=False, default=_text)
    return _text(value) if isinstance(value, bytes) else value


def _text(value: object) -> str:
    return value.hex() if isinstance(value, bytes) else str(value)
