"""Commands that report: check and verify. Each ends with 1 if it found anything."""

import json

import click

from azds.cli.opening import dataset_of, emit, emit_page, format_option
from azds.render.page import clean

__all__ = ["check", "verify"]


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
@click.option("--quick", is_flag=True, help="Only whether every file is there in its size.")
@format_option("text", "json")
@click.pass_context
def verify(context: click.Context, form: str, *, quick: bool) -> None:
    """Whether the stored bytes are what was stored.

    One fault a line, with its code and file; the command ends with 1 if there is any.

    \b
    azds verify
    """  # noqa: D301 - click reads \b as "keep these lines"
    from azds.cli.opening import store_of
    from azds.store.verify import verify as find_faults

    store = store_of(context)
    _, name = context.obj
    names = [store[name].name] if name else list(store)
    faults = [fault for one in names for fault in find_faults(store.folder, one, quick=quick)]
    if form == "json":
        document = [
            {"code": f.code, "file": f.file, "revision": f.revision, "message": f.message}
            for f in faults
        ]
        emit(json.dumps(document, ensure_ascii=False, indent=1) + "\n")
    else:
        for fault in faults:
            emit(clean(f"{fault.code}  {fault.file}  {fault.message}") + "\n")
        if not faults:
            how = "is there" if quick else "is what was written"
            emit(f"{', '.join(names) or 'no dataset'}: every file {how}\n")
    if faults:
        context.exit(1)
