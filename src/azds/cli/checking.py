"""Commands that report: check and verify, which end with 1 if they found anything; and gc."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from azds.cli.opening import dataset_of, emit, emit_page, format_option, say, store_of
from azds.render.page import clean

if TYPE_CHECKING:  # for signatures; loaded where it is needed
    from azds.checks.across import Across
    from azds.dataset.dataset import Dataset
    from azds.dataset.stores import Store
    from azds.render.page import Page
    from azds.store.folder import StoreFolder

__all__ = ["check", "gc", "verify"]


_MOST_PAIRS = 20


@click.command()
@click.argument("datasets", nargs=-1, metavar="[DATASET...]")
@click.option(
    "--across",
    is_flag=True,
    help="Articles against each other: where two list each other, do the dates agree?",
)
@format_option("text", "json", "markdown", "csv", "html")
@click.option("-o", "--output", metavar="FILE", help="Write to a file, whole or not at all.")
@click.option(
    "--sources",
    envvar="AZDS_SOURCES",
    type=click.Path(exists=True),
    metavar="DIR|FILE",
    help="Of a page: quote a few words of each passage from the source texts here.",
)
@click.pass_context
def check(  # noqa: PLR0913 - the options of a command
    context: click.Context,
    datasets: tuple[str, ...],
    form: str,
    output: str | None,
    sources: str | None,
    *,
    across: bool,
) -> None:
    """What a careful reader should know: contradictions, gaps, doubts.

    With --across two or more articles are held against each other, each in its last
    revision, or in that of fiji@2019-03-01; without names, all articles that the store
    has. What comes out is every pair of states that list each other, the largest
    disagreement first; with --format html as a page to look at and to send.

    The command ends with 1 if there is any finding.

    \b
    azds check
    azds --store DIR check --across
    azds --store DIR check --across fiji nauru --format html -o across.html
    """  # noqa: D301 - click reads \b as "keep these lines"
    from azds.render.pages import findings_page

    if across:
        _check_across(context, datasets, form, output, sources)
        return
    if datasets:
        raise click.UsageError("names of datasets go with --across", context)
    if form == "html":
        raise click.UsageError(
            "--format html goes with --across; `azds report` shows findings, too", context
        )
    dataset = dataset_of(context)
    findings = [finding.to_document() for finding in dataset.check()]
    if form == "json":
        emit(json.dumps(findings, ensure_ascii=False, indent=1) + "\n", output)
    elif form == "csv":
        from azds.render.csv_text import to_csv

        heads = ("code", "revision", "table", "key", "message")
        emit(to_csv(heads, ([one[head] for head in heads] for one in findings)), output)
    else:
        emit_page(findings_page(dataset.name, findings), form, output)
    if findings:
        context.exit(1)


def _check_across(
    context: click.Context,
    names: tuple[str, ...],
    form: str,
    output: str | None,
    sources: str | None,
) -> None:
    from azds.dataset.across import articles_of, check_across

    store = store_of(context)
    articles: list[tuple[Dataset, str | None]] = []
    for one in names:
        name, _, label = one.partition("@")
        articles.append((store[name], label or None))
    if not names:
        known, others = articles_of(store[name] for name in store)
        articles = [(dataset, None) for dataset in known]
        if others:
            left = ", ".join(dataset.name for dataset in others)
            say(f"left out, no article with a subject and a revision: {left}")
    found = check_across(articles)
    if form == "json":
        emit(json.dumps(found.to_document(), ensure_ascii=False, indent=1) + "\n", output)
    elif form == "html":
        from azds.cli.reporting import across_page

        across_page(found, [dataset for dataset, _ in articles], output, sources=sources)
    elif form == "csv":
        from azds.checks.across import Pair
        from azds.render.csv_text import to_csv

        heads = list(Pair("", "", None, None, "undated", 0, both_to_the_day=False).to_document())
        emit(to_csv(heads, (list(pair.to_document().values()) for pair in found.pairs)), output)
    else:
        emit_page(_across_page(found), form, output)
    if found.disagreements:
        context.exit(1)


def _across_page(found: "Across") -> "Page":
    """How far articles agree, in words."""
    from azds.entities import states
    from azds.render.page import Grid, Note, Title
    from azds.render.words import plural

    told = found.summary()
    apart = found.disagreements
    yield Title(
        f"{plural(len(found.pairs), 'pair')} listed from both sides in "
        f"{plural(len(found.sides), 'article')}: {plural(len(apart), 'disagreement')}"
    )
    if told["both_to_the_day"]:
        share = f"{told['agreement']:.1%}"
        yield Note(
            f"dated to the day on both sides: {told['both_to_the_day']}, "
            f"equal: {told['equal_to_the_day']} ({share})"
        )
    yield Note(
        f"equal: {told['equal']}, one coarser than the other: {told['compatible']}, "
        f"different: {told['differ']}, undated on a side: {told['undated']}"
    )
    name = states().name
    if apart:
        yield Grid(
            ["pair", "by the first", "by the second", "apart", "a date of both"],
            [
                [
                    f"{name(pair.first)} and {name(pair.second)}",
                    str(pair.first_began),
                    str(pair.second_began),
                    f"{plural(pair.days, 'day')}",
                    pair.other_date or "-",
                ]
                for pair in apart[:_MOST_PAIRS]
            ],
            more=max(0, len(apart) - _MOST_PAIRS),
        )
    if found.one_sided:
        yield Title("stated by one, and not in the complete list of the other", 2)
        for one in found.one_sided[:_MOST_PAIRS]:
            yield Note(f"{name(one.subject)} lists {name(one.counterpart)}", 1)
        if len(found.one_sided) > _MOST_PAIRS:
            yield Note(f"and {len(found.one_sided) - _MOST_PAIRS} more", 1)


@click.command()
@click.option("--quick", is_flag=True, help="Tables: only whether each file is there in its size.")
@format_option("text", "json")
@click.pass_context
def verify(context: click.Context, form: str, *, quick: bool) -> None:
    """Whether the stored bytes are what was stored.

    One fault a line: its code, the file, the revisions that need it, what is wrong.
    The command ends with 1 if there is any. Nothing is repaired.

    \b
    azds verify
    azds verify --quick
    """  # noqa: D301 - click reads \b as "keep these lines"
    from azds.store.verify import verify as find_faults

    folder, names = _even_unmarked(context)
    faults = [fault for name in names for fault in find_faults(folder, name, quick=quick)]
    if form == "json":
        document = [
            {"code": f.code, "file": f.file, "revision": f.revision, "message": f.message}
            for f in faults
        ]
        emit(json.dumps(document, ensure_ascii=False, indent=1) + "\n")
    else:
        for fault in faults:
            words = (fault.code, fault.file, fault.revision or "-", fault.message)
            emit(clean("  ".join(words)) + "\n")
        if not faults:
            how = "is there" if quick else "is what was written"
            emit(f"{', '.join(names) or 'no dataset'}: every file {how}\n")
    if faults:
        context.exit(1)


@click.command()
@click.option("--delete", is_flag=True, help="Remove them; else they are only listed.")
@click.option("--whole", is_flag=True, help="Also whole revisions that no record names.")
@click.pass_context
def gc(context: click.Context, *, delete: bool, whole: bool) -> None:
    """What interrupted commands left; removed only with --delete.

    Nothing that a record needs is touched, of any edition. A whole revision that no
    record names stays unless --whole is given: its record may have been lost, and
    this may be its only copy. If a record or manifest cannot be read, nothing is removed.

    \b
    azds gc
    azds gc --delete
    """  # noqa: D301 - click reads \b as "keep these lines"
    from azds.dataset.stores import refuse_installed
    from azds.store.gc import collect, find_leftovers

    if whole and not delete:
        raise click.UsageError("--whole goes with --delete", context)
    store, names = _store_and_names(context)
    if delete:
        refuse_installed(store)
    found = [one for name in names for one in find_leftovers(store.folder, name)]
    removed = (
        [one for name in names for one in collect(store.folder, name, whole=whole)]
        if delete
        else []
    )
    gone = {one.file for one in removed}
    for one in [*removed, *(one for one in found if one.file not in gone)]:
        what = "removed" if one.file in gone else "whole, kept" if one.is_whole else "left"
        emit(clean(f"{what}  {one.file}  {one.bytes:,} bytes") + "\n")
    if not found:
        emit(f"{', '.join(names) or 'no dataset'}: nothing is left over\n")
    if not delete and not all(one.is_whole for one in found):
        say("nothing was removed: `azds gc --delete` removes what is left")
    if not whole and any(one.is_whole for one in found):
        say("a whole revision may have lost its record; `azds gc --delete --whole` removes it")


def _store_and_names(context: click.Context) -> tuple["Store", list[str]]:
    """The store, and its datasets or the one that was named."""
    store = store_of(context)
    _, name = context.obj
    return store, [store[name].name] if name else list(store)


def _even_unmarked(context: click.Context) -> tuple["StoreFolder", list[str]]:
    """The same, also where the marker is damaged, or missing from a store that was named."""
    from azds.errors import FormatError
    from azds.store.folder import StoreFolder, find_store

    path, name = context.obj
    try:
        store, names = _store_and_names(context)
    except FormatError:
        at = Path(path) if path else find_store(Path.cwd())
        folder = StoreFolder(at) if at else None
        if folder is None or not folder.datasets():
            raise
        return folder, [folder.dataset(name).name] if name else list(folder.datasets())
    return store.folder, names
