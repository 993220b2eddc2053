"""Commands for datasets of one's own: init and commit."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from azds.cli.opening import emit, emit_page, store_of
from azds.coverage import Coverage
from azds.errors import InvalidInputError

if TYPE_CHECKING:  # for signatures; loaded where they are needed
    from azds.dataset.dataset import Dataset
    from azds.dataset.stores import Store

__all__ = ["commit", "init"]


@click.command()
@click.argument("path")
@click.option("--dataset", "name", metavar="NAME", help="Make this dataset in it, too.")
def init(path: str, name: str | None) -> None:
    """Make a new store at PATH, for datasets of your own.

    \b
    azds init my-store
    """  # noqa: D301 - click reads \b as "keep these lines"
    from azds.dataset.stores import init as make_store

    store = make_store(path)
    if name:
        store.create(name)
    emit(f"{store.path}: a new store" + (f" with the dataset {name}\n" if name else "\n"))


@click.command()
@click.argument("label")
@click.argument("tables", metavar="TABLE=FILE...", nargs=-1, required=True)
@click.option(
    "--key",
    "keys",
    multiple=True,
    metavar="[TABLE:]COLS",
    help="The key columns of a new table, divided by commas.",
)
@click.option(
    "--coverage",
    type=click.Choice(["complete", "partial"]),
    default="complete",
    show_default=True,
    help="How much of the tables these files hold.",
)
@click.option(
    "--covers",
    multiple=True,
    metavar="COLUMN=VALUES",
    help="The part that a partial file holds whole: region=EU,US.",
)
@click.option("--reason", default="", help="Why it is partial, in words.")
@click.option("--date", help="The revision's date (EDTF); else the label, where it is one.")
@click.option("-m", "--message", default="", help="What this commit is, for the log.")
@click.option("--author", default="", help="Who made it, for the log.")
@click.option("--allow-rejections", default=0, metavar="N", help="Keep up to N broken rows aside.")
@click.option("--confirm-removals", is_flag=True, help="Much of a table may go.")
@click.option("--encoding", default="utf-8", show_default=True, help="Of CSV files.")
@click.pass_context
def commit(  # noqa: PLR0913, PLR0917 - the options of a command
    context: click.Context,
    label: str,
    tables: tuple[str, ...],
    keys: tuple[str, ...],
    coverage: str,
    covers: tuple[str, ...],
    reason: str,
    date: str | None,
    message: str,
    author: str,
    allow_rejections: int,
    encoding: str,
    *,
    confirm_removals: bool,
) -> None:
    """Store a revision of your own tables.

    They are Parquet, CSV, TSV or JSON lines. The first commit of a table needs its key;
    what was found of its columns is written to the dataset's dataset.toml, and later
    commits are checked against it.

    \b
    azds commit 2024-06-03 prices=prices.csv --key ticker,day
    azds commit 2024-06-04 prices=eu.csv --coverage partial --covers region=EU
    """  # noqa: D301 - click reads \b as "keep these lines"
    from azds.dataset.committing import Options, commit_tables
    from azds.dataset.stores import refuse_installed
    from azds.render.pages import commit_page

    store = store_of(context)
    refuse_installed(store)
    dataset = _dataset(context, store)
    options = Options(
        key=_keys(keys),
        coverage=_coverage(coverage, covers, reason),
        date=date,
        message=message,
        author=author,
        allow_rejections=allow_rejections,
        confirm_removals=confirm_removals,
        encoding=encoding,
    )
    done = commit_tables(dataset.folder, label, _files(tables), options, {})
    emit_page(commit_page(dataset.name, done.to_document()), "text")


def _dataset(context: click.Context, store: "Store") -> "Dataset":
    """The dataset named, the only one, or a new one with the store's own name."""
    _, name = context.obj
    names = list(store)
    if name is None and len(names) > 1:
        raise InvalidInputError(
            "bad-argument",
            "which dataset?",
            where=str(store.path),
            advice=f"name it with --dataset: {', '.join(names)}",
        )
    wanted = name or (names[0] if names else _own_name(store.path))
    return store[wanted] if wanted in names else store.create(wanted)


def _own_name(path: Path) -> str:
    from azds.ids import parse_name

    try:
        return parse_name(path.name, "dataset")
    except InvalidInputError:
        return "data"


def _files(tables: tuple[str, ...]) -> dict[str, object]:
    files: dict[str, object] = {}
    for word in tables:
        name, equals, path = word.partition("=")
        if not equals or not path or name in files:
            raise InvalidInputError(
                "bad-argument", "each table needs one file", expected="TABLE=FILE", got=repr(word)
            )
        files[name] = path
    return files


def _keys(words: tuple[str, ...]) -> dict[str, list[str]] | list[str]:
    named = {}
    for word in words:
        table, colon, columns = word.partition(":")
        if colon:
            named[table] = columns.split(",")
    if named and len(named) == len(words):
        return named
    if len(words) > 1 or named:
        raise InvalidInputError(
            "bad-argument",
            "one key for all tables, or one for each",
            expected="--key COLS, or --key TABLE:COLS for each table",
            got=" ".join(words),
        )
    return words[0].split(",") if words else []


def _coverage(level: str, covers: tuple[str, ...], reason: str) -> Coverage:
    from azds.dataset.own_coverage import parse_coverage

    return parse_coverage(level, covers, reason)
