"""Commands that make: build; and schema, which tells what is made."""

import json

import click

from azds.cli.opening import dataset_of, emit, emit_page, format_option, needing, store_of
from azds.render.page import clean

__all__ = ["build", "schema"]


@click.command()
@click.argument("dataset")
@click.option(
    "--sources",
    envvar="AZDS_SOURCES",
    required=True,
    metavar="DIR",
    help="The folder with the source texts; they are found by their digests.",
)
@click.option(
    "--check", "only_check", is_flag=True, help="Compare with what is stored; write nothing."
)
@click.pass_context
def build(context: click.Context, dataset: str, sources: str, *, only_check: bool) -> None:
    """Build a dataset from its source texts.

    All revisions are committed at once, or none. What is declared of them stands
    in the dataset's dataset.toml. With --check the first difference is named, and
    the command ends with 1.

    \b
    azds build foreign-relations --sources DIR
    azds build foreign-relations --sources DIR --check
    """  # noqa: D301 - click reads \b as "keep these lines"
    from azds.dataset.stores import refuse_installed

    if not sources:
        raise click.UsageError("--sources names no folder", context)
    store = store_of(context)
    if not only_check:
        refuse_installed(store)
    with needing("ingest", "reading sources"):
        from azds.dataset.build import build as build_dataset
        from azds.dataset.build import check_build
    if only_check:
        difference = check_build(store.folder, dataset, sources)
        emit(clean(difference or f"{dataset}: what is stored is what a build gives") + "\n")
        context.exit(1 if difference else 0)
    built = build_dataset(store.folder, dataset, sources)
    from azds.render.pages import build_page

    emit_page(build_page(dataset, built.to_document()), "text")


@click.command()
@click.argument("table", required=False)
@format_option("json", "text")
@click.option("--arrow", is_flag=True, help="The columns with Arrow types and roles instead.")
@click.pass_context
def schema(context: click.Context, table: str | None, form: str, *, arrow: bool) -> None:
    """The JSON Schema of a table or document; without one, their names.

    The documents are what --format json of a command prints.

    \b
    azds schema
    azds schema relations
    azds schema diff
    """  # noqa: D301 - click reads \b as "keep these lines"
    from azds.errors import NotFoundError
    from azds.ids import near_names
    from azds.records import record_type
    from azds.records.documents import DOCUMENTS
    from azds.records.export import arrow_document, document_schema, json_schema

    documents = {name.partition(".")[0]: name for name in DOCUMENTS}
    dataset = dataset_of(context)
    names = [*dataset.tables, *documents]
    if table is None:
        emit("".join(f"{name}\n" for name in names))
        return
    if table in documents:
        document = document_schema(documents[table])
    elif table in dataset.tables:
        held = dataset.schema(table)
        try:
            document = json_schema(record_type(held.record))
        except NotFoundError:
            arrow = True
        document = arrow_document(held) if arrow or form == "text" else document
    else:
        raise NotFoundError(
            "unknown-table",
            "no such table or document",
            got=repr(table),
            advice=near_names(table, names),
        )
    if form == "text" and "columns" in document:
        from azds.render.pages import schema_page

        emit_page(schema_page(document), "text")
    else:
        emit(json.dumps(document, ensure_ascii=False, indent=2) + "\n")
