"""Commands for articles of one's own: new, ingest and fetch."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from azds.cli.opening import dataset_of, emit, emit_page, format_option, needing, say, store_of
from azds.errors import InvalidInputError, RefusedError
from azds.render.page import Grid, Note, Page, Title
from azds.render.words import plural

if TYPE_CHECKING:  # for signatures; loaded by the commands that need them
    from azds.dataset.ingesting import Ingested
    from azds.dataset.stores import Store

__all__ = ["fetch", "ingest", "new"]

_TABLES = ("counts", "relations", "missions", "organizations", "bibliography", "rejections")
_MOST_SHOWN = 20


@click.command()
@click.argument("name", metavar="DATASET")
@click.option("--article", required=True, metavar="TITLE", help="The article's title.")
@click.option("--subject", required=True, metavar="ID", help="Whose relations: KIR, or Kiribati.")
@click.option(
    "--site", default="", metavar="URL", help="The wiki, such as https://en.wikipedia.org/w."
)
@click.pass_context
def new(context: click.Context, name: str, article: str, subject: str, site: str) -> None:
    """Make a dataset for an article of your own.

    Then ingest or fetch fills it, one revision for each of the page.

    \b
    azds new kiribati --article "Foreign relations of Kiribati" --subject KIR
    """  # noqa: D301 - click reads \b as "keep these lines"
    from azds.dataset.ingesting import new_article

    store = _own_store(context)
    folder = new_article(store.folder, name, article=article, subject=subject, site=site)
    emit(f"{folder.path}: a new dataset for {article!r}\n")


@click.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE...", type=click.Path())
@click.option(
    "--style", metavar="FORM", help="The form of the texts, such as wikitext; else it is sniffed."
)
@click.option(
    "--container", metavar="KIND", help="What they come in, such as export-xml; else it is sniffed."
)
@click.option("--any-title", is_flag=True, help="Take pages of another title too.")
@click.option("--texts", metavar="DIR", help="Keep each text here, so that quote can show it.")
@format_option("text", "json")
@click.pass_context
def ingest(  # noqa: PLR0913, PLR0917 - the options of a command
    context: click.Context,
    files: tuple[str, ...],
    style: str | None,
    container: str | None,
    texts: str | None,
    form: str,
    *,
    any_title: bool,
) -> None:
    """Read an article's revisions from files and dumps.

    Wikitext, HTML, API answers, export XML (also .bz2, .gz, .xz), <doc> files,
    markdown and plain text are told apart by their content. What is no revision of
    the article, or nothing new, is refused with its reason, and the run goes on.

    \b
    azds ingest kiribati.xml.bz2
    azds ingest page.html --texts texts
    """  # noqa: D301 - click reads \b as "keep these lines"
    store = _own_store(context)
    dataset = dataset_of(context)
    with needing("ingest", "reading sources"):
        import ftfy  # noqa: F401 - whether it is there
    from azds.dataset.ingesting import ingest as ingest_files
    from azds.dataset.reading_ahead import spare_processors

    done = ingest_files(
        store.folder.dataset(dataset.name),
        [Path(one) for one in files],
        form=style,
        container=container,
        any_title=any_title,
        texts=Path(texts) if texts else None,
        workers=spare_processors(),
    )
    _emit(dataset.name, done, form)


def _emit(name: str, done: "Ingested", form: str) -> None:
    if form == "json":
        emit(json.dumps(done.to_document(), ensure_ascii=False, indent=2) + "\n")
    else:
        emit_page(_page(name, done), "text")


def _page(name: str, done: "Ingested") -> Page:
    """What an ingest did, in words."""
    made, refused = len(done.labels), sum(done.refused.values())
    yield Title(f"{name}: {plural(made, 'revision')} ingested, {refused:,} refused")
    if made:
        shown = list(done.labels.items())[:_MOST_SHOWN]
        yield Grid(
            ["revision", *_TABLES],
            [[label, *(f"{rows.get(table, 0):,}" for table in _TABLES)] for label, rows in shown],
            more=made - len(shown),
            right=frozenset(_TABLES),
        )
        forms = ", ".join(f"{count} {style}" for style, count in sorted(done.forms.items()))
        yield Note(f"read as: {forms}")
    if done.refused:
        yield Title("refused", 2)
        yield Grid(
            ["rule", "count"],
            [[rule, f"{count:,}"] for rule, count in done.refused.most_common()],
            right=frozenset({"count"}),
        )
        for one in done.told[:_MOST_SHOWN]:
            yield Note(f"{one.source}: {one.rule}: {one.reason}", 1)
    if done.unresolved:
        yield Title("names of no known entity, and in how many revisions", 2)
        yield Grid(
            ["name", "count"],
            [[words, f"{count:,}"] for words, count in done.unresolved.most_common(_MOST_SHOWN)],
            right=frozenset({"count"}),
        )


def _own_store(context: click.Context) -> "Store":
    """The store that was asked for, or is near; never the shipped one by default."""
    store = store_of(context)
    path, _ = context.obj
    if store.is_shipped and path is None:
        raise RefusedError(
            "shipped-store",
            "the shipped store is not written to",
            where=str(store.path),
            advice="make your own: azds init my-store; then: azds --store my-store ...",
        )
    return store


@click.command()
@click.argument("title", required=False)
@click.option("--since", metavar="DATE", help="The first day: 2020-01-31.")
@click.option("--until", metavar="DATE", help="The last day.")
@click.option(
    "--sample",
    type=click.Choice(["all", "yearly", "monthly", "daily"]),
    default="all",
    show_default=True,
    help="The last revision of each year, month or day only.",
)
@click.option("--site", metavar="URL", help="The wiki's script path: https://en.wikipedia.org/w.")
@click.option(
    "--contact",
    envvar="AZDS_CONTACT",
    metavar="WHO",
    help="A mail address or page by which the wiki's people reach you; required.",
)
@click.option(
    "--raw", metavar="DIR", default="raw", show_default=True, help="Where answers are kept."
)
@click.option("--texts", metavar="DIR", help="Keep each text here, so that quote can show it.")
@format_option("text", "json")
@click.pass_context
def fetch(  # noqa: PLR0913, PLR0917 - the options of a command
    context: click.Context,
    title: str | None,
    since: str | None,
    until: str | None,
    sample: str,
    site: str | None,
    contact: str | None,
    raw: str,
    texts: str | None,
    form: str,
) -> None:
    """Fetch an article's revisions from a MediaWiki.

    Then they are read as ingest does. One request at a time, with pauses where the
    wiki asks for them. Each answer is kept under its digest before it is read; the
    same command goes on where the last one stopped.

    \b
    azds fetch --since 2015-01-01 --sample monthly --contact you@example.org
    """  # noqa: D301 - click reads \b as "keep these lines"
    store = _own_store(context)
    dataset = dataset_of(context)
    if not contact:
        raise InvalidInputError(
            "bad-argument",
            "no contact is given",
            advice="say who you are with --contact or AZDS_CONTACT, so that the wiki can reach you",
        )
    with needing("ingest", "reading sources"):
        import ftfy  # noqa: F401 - whether it is there
    with needing("ingest", "fetching"):
        from azds.dataset.fetching import Wanted
        from azds.dataset.fetching import fetch as fetch_answers
    from azds.dataset.ingesting import ingest as ingest_files
    from azds.dataset.ingesting import read_article

    folder = store.folder.dataset(dataset.name)
    article = read_article(folder)
    wanted = Wanted(
        title=title or article.origin.article,
        site=site or article.origin.site,
        contact=contact,
        since=since,
        until=until,
        sample=sample,
    )
    files = fetch_answers(wanted, Path(raw), say)
    done = ingest_files(folder, files, texts=Path(texts) if texts else None, any_title=bool(title))
    _emit(dataset.name, done, form)
