"""Commands for datasets of one's own: init and commit."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click
from typing_extensions import override

from azds.cli.opening import emit, emit_page, store_of
from azds.coverage import Coverage
from azds.errors import InvalidInputError
from azds.ids import parse_name
from azds.store.folder import DatasetFolder
from azds.store.staged import Commit, StagedRevision

if TYPE_CHECKING:  # for signatures; loaded where they are needed
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
@click.argument("tables", metavar="[TABLE=FILE]...", nargs=-1)
@click.option(
    "--upsert",
    "upserts",
    multiple=True,
    metavar="TABLE=FILE",
    help="Put these rows in place of those with their key; all else stays.",
)
@click.option(
    "--delete",
    "deletes",
    multiple=True,
    metavar="TABLE=FILE",
    help="Take out the rows with these keys; all else stays.",
)
@click.option(
    "--patch",
    "patches",
    multiple=True,
    metavar="FILE",
    help="Apply this patch; all else stays.",
)
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
    help="How much of the tables these files hold; of whole tables, all unless said.",
)
@click.option(
    "--covers",
    multiple=True,
    metavar="COLUMN=VALUES",
    help="The part that a partial file holds whole: region=EU,US.",
)
@click.option("--reason", default="", help="Why it is partial, in words.")
@click.option(
    "--date", metavar="DATE", help="The revision's date (EDTF); else the label, where it is one."
)
@click.option("-m", "--message", default="", help="What this commit is, for the log.")
@click.option("--author", default="", help="Who made it, for the log.")
@click.option("--allow-rejections", default=0, metavar="N", help="Keep up to N broken rows aside.")
@click.option(
    "--most-removed",
    metavar="SHARE",
    default=0.2,
    show_default=True,
    type=click.FloatRange(0, 1),
    help="The share of a table's rows that may go unconfirmed.",
)
@click.option("--confirm-removals", is_flag=True, help="Any share may go.")
@click.option(
    "--encoding", metavar="NAME", default="utf-8", show_default=True, help="Of CSV files."
)
@click.pass_context
def commit(  # noqa: PLR0913, PLR0917 - the options of a command
    context: click.Context,
    label: str,
    tables: tuple[str, ...],
    upserts: tuple[str, ...],
    deletes: tuple[str, ...],
    patches: tuple[str, ...],
    keys: tuple[str, ...],
    coverage: str | None,
    covers: tuple[str, ...],
    reason: str,
    date: str | None,
    message: str,
    author: str,
    allow_rejections: int,
    encoding: str,
    most_removed: float,
    *,
    confirm_removals: bool,
) -> None:
    """Store a revision of your own tables, whole or what changed.

    They are Parquet, CSV, TSV or JSON lines. The first commit of a table needs its key;
    what was found of its columns is written to the dataset's dataset.toml, and later
    commits are checked against it.

    \b
    azds commit 2024-06-03 prices=prices.csv --key ticker,day
    azds commit 2024-06-04 prices=eu.csv --coverage partial --covers region=EU
    azds commit 2024-06-05 --upsert prices=corrected.csv --delete prices=gone.csv
    """  # noqa: D301 - click reads \b as "keep these lines"
    from azds.dataset.committing import COMPLETE, Options, commit_tables
    from azds.dataset.stores import refuse_installed
    from azds.render.pages import commit_page

    store = store_of(context)
    refuse_installed(store)
    folder = _folder(context, store)
    is_change = bool(upserts or deletes or patches)
    if is_change == bool(tables):
        raise InvalidInputError(
            "bad-argument",
            "a commit has whole tables or changes, not both" if tables else "nothing to commit",
            where=label,
            expected="TABLE=FILE, or --upsert, --delete or --patch",
        )
    options = Options(
        key=_keys(keys),
        coverage=_coverage(coverage, covers, reason, {} if is_change else COMPLETE),
        date=date,
        message=message,
        author=author,
        allow_rejections=allow_rejections,
        confirm_removals=confirm_removals,
        encoding=encoding,
        most_removed=most_removed,
    )
    if is_change:
        from azds.dataset.changing import Changes, commit_changes
        from azds.dataset.patches import read_patch

        read = [read_patch(path) for path in patches]
        changes = Changes(_files(upserts), _files(deletes), {one.table: one for one in read})
        done = commit_changes(folder, label, changes, options)
    else:
        done = commit_tables(folder, label, _files(tables), options, {})
    emit_page(commit_page(folder.name, done.to_document()), "text")


class _Unmade(DatasetFolder):
    """A dataset that is made by its first commit, so that a refused one leaves nothing behind."""

    @override
    def commit(
        self,
        staged: Sequence[StagedRevision],
        *,
        writer: Mapping[str, str],
        message: str = "",
        author: str = "",
    ) -> Commit:
        self.store.create(self.name)
        return super().commit(staged, writer=writer, message=message, author=author)


def _folder(context: click.Context, store: "Store") -> DatasetFolder:
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
    if wanted in names:
        return store[wanted].folder
    return _Unmade(store.folder, parse_name(wanted, "dataset"))


def _own_name(path: Path) -> str:
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


def _coverage(
    level: str | None, covers: tuple[str, ...], reason: str, unsaid: Coverage | dict[str, Coverage]
) -> Coverage | dict[str, Coverage]:
    from azds.dataset.own_coverage import parse_coverage

    if level is None and not covers and not reason:
        return unsaid
    return parse_coverage(level or "complete", covers, reason)
