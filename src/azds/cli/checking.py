"""Commands that report: check and verify, which end with 1 if they found anything; and gc."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from azds.cli.opening import dataset_of, emit, emit_page, format_option, say, store_of
from azds.render.page import clean

if TYPE_CHECKING:  # for signatures; loaded where it is needed
    from azds.dataset.stores import Store
    from azds.store.folder import StoreFolder

__all__ = ["check", "gc", "verify"]


@click.command()
@format_option("text", "json", "markdown")
@click.pass_context
def check(context: click.Context, form: str) -> None:
    """What a careful reader should know: contradictions, gaps, doubts.

    The command ends with 1 if there is any finding.

    \b
    azds check
    azds check --format json
    """  # noqa: D301 - click reads \b as "keep these lines"
    from azds.render.pages import findings_page

    dataset = dataset_of(context)
    findings = [finding.to_document() for finding in dataset.check()]
    if form == "json":
        emit(json.dumps(findings, ensure_ascii=False, indent=1) + "\n")
    else:
        emit_page(findings_page(dataset.name, findings), form)
    if findings:
        context.exit(1)


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
