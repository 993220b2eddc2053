"""The command for git: its diffs of Parquet files as azds shows them.

`install` names azds as git's driver for these files. `git diff` then runs `external`, which
shows changes with their kinds; `git log -p` and `git show`, which run no external driver, compare
the lines of `textconv`. Whatever is wrong with a file is told in place of it: a driver that
fails stops git.
"""

import hashlib
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from difflib import unified_diff
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import click

from azds.cli.commands import Group
from azds.cli.opening import emit_page, say
from azds.errors import AzdsError, InvalidInputError, RefusedError

if TYPE_CHECKING:  # for signatures
    from azds.render.page import Page

__all__ = ["git"]

_LINE = "*.parquet -text -merge diff=azds"
_NOTE = "# `git diff` shows rows, by `azds git install`"
_SECTION = "diff.azds"
_MOST_ROWS = 200_000
"""Rows of one file that `textconv` writes; of more it gives the digest of the file."""
_NOTHING = ("/dev/null", "nul")
_LEFT = 7
"""Arguments of git to an external driver, at least; one alone for a file that is not merged."""


@click.group(cls=Group)
def git() -> None:
    """Rows instead of "Binary files differ" in git.

    \b
    azds git install      in a repository, once for each clone
    git diff              changes of Parquet files, with their kinds
    git log -p            the same rows, as lines
    """  # noqa: D301 - click reads \b as "keep these lines"


@git.command()
def install() -> None:
    """Show Parquet files of this repository as rows.

    It adds a line to .gitattributes, which is for all and to be committed, and
    sets the driver in the configuration of this clone alone.

    \b
    azds git install
    """  # noqa: D301 - click reads \b as "keep these lines"
    top = Path(_git("rev-parse", "--show-toplevel"))
    path = top / ".gitattributes"
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    if _LINE not in lines:
        _write(path, [*lines, _NOTE, _LINE])
        say(f"{path}: added `{_LINE}`; commit it")
    program = _program()
    _git("config", "--local", f"{_SECTION}.command", f"{program} git external")
    _git("config", "--local", f"{_SECTION}.textconv", f"{program} git textconv")
    _git("config", "--local", f"{_SECTION}.cachetextconv", "true")
    _git("config", "--local", f"{_SECTION}.xfuncname", "^([^ ].*)$")
    say("git diff and git log -p show the rows of Parquet files here")


@git.command()
def uninstall() -> None:
    """Undo `azds git install`; all else stays.

    \b
    azds git uninstall
    """  # noqa: D301 - click reads \b as "keep these lines"
    path = Path(_git("rev-parse", "--show-toplevel")) / ".gitattributes"
    if path.exists():
        lines = path.read_text(encoding="utf-8").splitlines()
        kept = [line for line in lines if line not in {_LINE, _NOTE}]
        if not kept:
            path.unlink()
        elif kept != lines:
            _write(path, kept)
    if _git("config", "--local", "--get-regexp", rf"^{_SECTION}\.", may_fail=True):
        _git("config", "--local", "--remove-section", _SECTION)
    _git("update-ref", "-d", "refs/notes/textconv/azds", may_fail=True)  # its cache
    say("git shows Parquet files as it did before")


@git.command(hidden=True)
@click.argument("file")
def textconv(file: str) -> None:
    """The rows of FILE as lines; git runs this."""
    for line in _lines_or_fault(file):
        click.echo(line)


@git.command(hidden=True)
@click.argument("arguments", nargs=-1)
def external(arguments: tuple[str, ...]) -> None:
    """What changed in a file; git runs this with seven arguments or more."""
    path = arguments[0] if arguments else "?"
    if len(arguments) < _LEFT:
        click.echo(f"{path}: not merged yet")
        return
    old, new = arguments[1], arguments[4]
    new_path = arguments[-2] if len(arguments) > _LEFT else path
    try:
        emit_page(_changes(path, new_path, old, new), "text")
    except AzdsError:  # without a key, or no table at all
        before, after = _lines_or_fault(old), _lines_or_fault(new)
        for line in unified_diff(before, after, f"a/{path}", f"b/{new_path}", lineterm=""):
            click.echo(line)
    click.echo()


def _lines_or_fault(file: str) -> list[str]:
    """The rows of a file as lines; else why there are none, and what tells it from another."""
    if file in _NOTHING:
        return []
    try:
        return list(_lines(file))
    except AzdsError as error:
        return [f"not read as Parquet: {error.what}", f"sha256 {_digest(Path(file))}"]


def _lines(file: str) -> Iterator[str]:
    from azds.dataset.inputs import open_input
    from azds.render.row_lines import row_lines

    if _is_patch(file):
        from azds.dataset.patches import read_patch

        yield from read_patch(file).to_json().splitlines()
        return
    given = open_input(Path(file))
    rows = (row for batch in given.batches() for row in batch.to_pylist())
    key = _key(_table(file), given.schema)
    yield from row_lines(islice(rows, _MOST_ROWS), key)
    left = sum(1 for _ in rows)
    if left:
        yield f"… {left:,} more; the file: sha256 {_digest(Path(file))}"


def _changes(path: str, new_path: str, old: str, new: str) -> "Page":
    from azds.render.page import Title

    if _is_patch(path):
        sides = [("old", old), ("new", new)]
        for name, side in sides:
            if side not in _NOTHING:
                yield Title(f"{path}, {name}")
                yield from _patch_page(side)
        return
    if old in _NOTHING or new in _NOTHING:
        yield from _one_side(path, old, new)
        return
    from azds.dataset.inputs import open_input
    from azds.dataset.loose import diff
    from azds.dataset.tops import tops_of
    from azds.render.diff import LIMIT, Reading
    from azds.render.file_diff import file_diff_page

    key = _key(_table(path), open_input(Path(new)).schema)
    found = diff(Path(old), Path(new), key=key, name=_table(path))
    tops = {top.column: top.to_document() for top in tops_of(found.changes)}
    document = found.as_document(path, new_path, limit=LIMIT)
    reading = Reading(found.changes.schema, found.changes.changed, {})
    yield from file_diff_page(f"a/{path}", f"b/{new_path}", document, reading, tops, found.notes)


def _one_side(path: str, old: str, new: str) -> "Page":
    """The first rows of a file that is new or no more."""
    from azds.dataset.inputs import open_input
    from azds.render.diff import LIMIT
    from azds.render.page import Title
    from azds.render.rows import rows_page

    given = open_input(Path(new if old in _NOTHING else old))
    rows: list[list[object]] = []
    total = 0
    for batch in given.batches():
        rows += [list(row.values()) for row in batch.slice(0, LIMIT - len(rows)).to_pylist()]
        total += batch.num_rows
    yield Title(f"{path}: {'new' if old in _NOTHING else 'no more'}")
    yield from rows_page(given.schema.names, rows, total)


def _patch_page(file: str) -> "Page":
    from azds.dataset.patches import read_patch
    from azds.render.diff import LIMIT, Reading
    from azds.render.file_diff import file_diff_page

    found = read_patch(file)
    diff = found.diff()
    sides = [f"{end.schema.name}, {end.rows:,} rows" for end in (found.old, found.new)]
    document = diff.as_document(sides[0], sides[1], limit=LIMIT)
    reading = Reading(diff.changes.schema, diff.changes.changed, {})
    return file_diff_page(sides[0], sides[1], document, reading, {}, [])


def _key(table: str, schema: object) -> tuple[str, ...]:
    """The key of a table, from a store of this repository; else the first columns without nulls."""
    from azds.store.folder import find_store, open_store

    names: list[str] = schema.names  # type: ignore[attr-defined]  # no pyarrow here
    tracked = _git("ls-files", "--", "*/manifest.json", may_fail=True).splitlines()
    stores = {store for one in tracked if (store := find_store(Path(one).resolve().parent))}
    for store in sorted(stores):
        opened = open_store(store)
        for name in opened.datasets():
            key = _key_in(opened.dataset(name), table)
            if key and set(key) <= set(names):
                return key
    keys = []
    for field in schema:  # type: ignore[attr-defined]
        if field.nullable:
            break
        keys.append(field.name)
    return tuple(keys or names[:1])


def _key_in(folder: object, table: str) -> tuple[str, ...]:
    try:
        manifests = folder.revisions()  # type: ignore[attr-defined]
    except AzdsError:
        return ()
    held = [one.tables[table].schema.key for one in manifests if table in one.tables]
    return tuple(held[-1]) if held else ()


def _table(path: str) -> str:
    """The table of a file: its name to the first dot."""
    return Path(path).name.partition(".")[0]


def _is_patch(path: str) -> bool:
    return path.endswith(".patch.parquet")


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _program() -> str:
    """How git runs this azds, wherever it stands: as it was called, else by this Python."""
    called = shutil.which(sys.argv[0]) if Path(sys.argv[0]).stem == "azds" else None
    if called:
        return shlex.quote(Path(called).absolute().as_posix())
    return shlex.join([sys.executable, "-c", "from azds.cli import main; main()"])


def _write(path: Path, lines: list[str]) -> None:
    from azds.store.port import replace_file

    replace_file(path, "".join(f"{line}\n" for line in lines).encode())


def _git(*words: str, may_fail: bool = False) -> str:
    program = shutil.which("git")
    if program is None:
        raise RefusedError("missing-extra", "git is not installed", advice="install git")
    done = subprocess.run(  # noqa: S603 - fixed words, no shell
        [program, *words], capture_output=True, text=True, encoding="utf-8", check=False
    )
    if done.returncode and not may_fail:
        told = done.stderr.strip().splitlines()
        raise InvalidInputError(
            "bad-argument",
            told[0].removeprefix("fatal: ") if told else f"git {words[0]} failed",
            where="git",
        )
    return done.stdout.strip()
