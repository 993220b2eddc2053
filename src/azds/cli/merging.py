"""The command that merges: what two sides made of one, brought together."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from azds.cli.opening import dataset_of, emit_page, say, store_of
from azds.errors import InvalidInputError

if TYPE_CHECKING:  # for signatures; loaded where it is needed
    from azds.dataset.merging import Merge

__all__ = ["merge"]


@click.command()
@click.argument("base")
@click.argument("ours")
@click.argument("theirs")
@click.argument("tables", nargs=-1)
@click.option("--key", "keys", multiple=True, metavar="COLS", help="Merge files, by this key.")
@click.option(
    "--prefer",
    multiple=True,
    metavar="[TABLE=]SIDE",
    help="Resolve what is open to ours, theirs or base.",
)
@click.option(
    "--conflicts", "listed", metavar="FILE", help="Write the conflicts, as CSV or JSON, to edit."
)
@click.option("--resolve", metavar="FILE", help="Such a file, its column take filled in.")
@click.option("--preview", is_flag=True, help="Only tell; write no table.")
@click.option("--label", metavar="LABEL", help="Revisions: the new one.")
@click.option("-m", "--message", default="", help="Revisions: what this is, for the log.")
@click.option("--author", default="", help="Revisions: who merged, for the log.")
@click.option("--confirm-removals", is_flag=True, help="Revisions: much of a table may go.")
@click.option(
    "--encoding", metavar="NAME", default="utf-8", show_default=True, help="Files: of CSV."
)
@click.option("-o", "--output", metavar="FILE", help="Files: the merged table.")
@click.pass_context
def merge(  # noqa: PLR0913, PLR0917 - the options of a command
    context: click.Context,
    base: str,
    ours: str,
    theirs: str,
    tables: tuple[str, ...],
    keys: tuple[str, ...],
    prefer: tuple[str, ...],
    listed: str | None,
    resolve: str | None,
    label: str | None,
    message: str,
    author: str,
    encoding: str,
    output: str | None,
    *,
    preview: bool,
    confirm_removals: bool,
) -> None:
    """Bring together what OURS and THEIRS made of BASE.

    All three are revisions, or files with --key. A cell that one side changed is
    as that side has it. Where both changed it otherwise, or one changed a row that
    the other removed, there is a conflict; nothing is written while one is open.

    \b
    azds merge 2024 2024-corrected 2025 --preview
    azds merge 2024 2024-corrected 2025 --prefer ours --label 2025-corrected
    azds merge a.csv corrected.csv newer.csv --key id --conflicts conflicts.csv
    azds merge a.csv corrected.csv newer.csv --key id --resolve conflicts.csv -o merged.csv
    """  # noqa: D301 - click reads \b as "keep these lines"
    from azds.dataset.merging import merge as merge_tables
    from azds.dataset.merging import merge_revisions, read_takes, refuse_open, write_conflicts
    from azds.render.merge import merge_page

    if keys and (tables or label):
        raise click.UsageError("files have no tables and no label", context)
    if not preview and (output if keys else label) is None and listed is None:
        wanted = "-o FILE" if keys else "--label LABEL"
        raise click.UsageError(f"where to? give {wanted}, or --preview", context)
    if not keys and output:
        raise click.UsageError("revisions merge to a revision: give --label", context)
    if keys:
        from azds.cli.files import columns_of

        name = Path(base).name.partition(".")[0]
        key = columns_of(keys)
        found = merge_tables(base, ours, theirs, key=key, name=name, encoding=encoding)
        merges = {name: found}
    else:
        _refuse_files((base, ours, theirs), context)
        dataset = dataset_of(context)
        merges = merge_revisions(dataset[base], dataset[ours], dataset[theirs], tables)
    merges = _resolved(merges, prefer, () if resolve is None else read_takes(resolve))
    emit_page(
        merge_page(
            (base, ours, theirs),
            {name: one.summary() for name, one in merges.items()},
            [row for one in merges.values() for row in one.conflicts.to_pylist()],
        ),
        "text",
    )
    if listed is not None:
        count = write_conflicts(list(merges.values()), listed)
        say(f"wrote {listed}: {count:,} conflict{'' if count == 1 else 's'}")
    if preview or (output if keys else label) is None:
        return
    refuse_open(list(merges.values()))
    if output is not None:
        from azds.dataset.table_files import write_table

        write_table(next(iter(merges.values())).table, output)
        say(f"wrote {output}")
        return
    _commit(
        context,
        merges,
        {
            "label": str(label),
            "message": message or f"merge of {ours} and {theirs}, both of {base}",
            "author": author,
        },
        confirm=confirm_removals,
    )


def _resolved(
    merges: "dict[str, Merge]", prefer: tuple[str, ...], takes: Sequence[object]
) -> "dict[str, Merge]":
    """The merges, resolved by the file first and then by the rules."""
    known = set(merges)
    for one in takes:
        table = getattr(one, "table", "")
        if table not in known:
            raise InvalidInputError(
                "bad-argument",
                "a conflict of a table that is not merged",
                expected=", ".join(sorted(known)),
                got=repr(table)[:80],
            )
    rules: dict[str, str] = {}
    for word in prefer:
        table, equals, side = word.rpartition("=")
        if equals and table not in known:
            raise InvalidInputError(
                "bad-argument",
                "a rule for a table that is not merged",
                where="--prefer",
                expected=", ".join(sorted(known)),
                got=repr(table)[:80],
            )
        rules[table] = side
    result = {}
    for name, one in merges.items():
        resolved = one.resolve(takes) if takes else one  # type: ignore[arg-type]  # conflicts
        side = rules.get(name, rules.get("", ""))
        result[name] = resolved.prefer(side) if side else resolved
    return result


def _commit(
    context: click.Context, merges: "dict[str, Merge]", told: dict[str, str], *, confirm: bool
) -> None:
    """Store the merged tables as a revision."""
    from azds.dataset.stores import refuse_installed
    from azds.render.pages import commit_page

    refuse_installed(store_of(context))
    dataset = dataset_of(context)
    done = dataset.commit(
        told["label"],
        {name: one.table for name, one in merges.items()},
        key={name: one.schema.key for name, one in merges.items()},
        coverage={name: one.coverage for name, one in merges.items()},
        message=told["message"],
        author=told["author"],
        confirm_removals=confirm,
    )
    emit_page(commit_page(dataset.name, done.to_document()), "text")


def _refuse_files(sides: tuple[str, ...], context: click.Context) -> None:
    for side in sides:
        if Path(side).suffix and Path(side).is_file():
            raise click.UsageError(f"{side} is a file: give its key with --key", context)
