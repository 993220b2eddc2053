"""The store and dataset that a command means, chosen as `azds.open()` does, and output."""

import os
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

from azds.cli.progress import aside
from azds.errors import InvalidInputError, RefusedError, StorageError
from azds.render.page import Note, Page, clean, to_markdown, to_text

if TYPE_CHECKING:  # for signatures; loaded by the commands that need them
    from azds.dataset.dataset import Dataset
    from azds.dataset.stores import Store

F = TypeVar("F", bound=Callable[..., object])

__all__ = [
    "dataset_of",
    "emit",
    "emit_lines",
    "emit_page",
    "emit_parquet",
    "format_option",
    "needing",
    "say",
    "store_of",
]


@contextmanager
def needing(extra: str, what: str) -> Iterator[None]:
    """Tell in one line where a library of an extra, imported within, is not installed.

    Raises:
        RefusedError: `missing-extra`; `what` needs it.
    """
    try:
        yield
    except ImportError as error:
        raise RefusedError(
            "missing-extra",
            f"{error.name} is not installed, and {what} needs it",
            advice=f'install it: pip install "azds[{extra}]"',
        ) from error


def store_of(context: click.Context) -> "Store":
    """The store; the shipped one is named on stderr where it was not asked for."""
    path, _ = context.obj
    if path is None:
        from azds.dataset.stores import open_nearest

        store = open_nearest()
    else:
        from azds.release.opening import open_any

        store = open_any(path)
    if path is None and store.is_shipped:
        click.echo("azds: reading the shipped store", err=True)
    return store


def dataset_of(context: click.Context) -> "Dataset":
    """The dataset: the one named, the only one, or the shipped article's.

    Raises:
        InvalidInputError: `bad-argument`, if several could be meant.
    """
    from azds.dataset.stores import SHIPPED_DATASET

    store = store_of(context)
    _, name = context.obj
    names = list(store)
    if name is None and len(names) != 1:
        if not store.is_shipped:
            raise InvalidInputError(
                "bad-argument",
                "which dataset?" if names else "this store has no dataset yet",
                where=str(store.path),
                advice=f"name it with --dataset: {', '.join(names)}" if names else None,
            )
        name = SHIPPED_DATASET
    return store[name or names[0]]


def format_option(*formats: str) -> Callable[[F], F]:
    """The option ``--format``; the first is the default."""
    return click.option(
        "--format", "form", type=click.Choice(formats), default=formats[0], show_default=True
    )


def emit_page(page: Page, form: str, output: str | None = None) -> None:
    """Write a page as text or markdown; text fits the terminal where there is one."""
    if form != "markdown" and output is None and sys.stdout.isatty():
        from azds.render.terminal import to_terminal

        width = shutil.get_terminal_size().columns
        text = to_terminal(page, width, colour=_has_colour())
        with aside():
            click.echo(text, nl=False)
        return
    emit(to_markdown(page) if form == "markdown" else to_text(page), output)


def emit_lines(text: str) -> None:
    """Write lines of prose; on a terminal, long ones go on below, as far in as they begin."""
    lines = [(line, line.lstrip(" ")) for line in text.splitlines()]
    emit_page([Note(told, (len(line) - len(told)) // 2) for line, told in lines], "text")


def _has_colour() -> bool:
    """Whether the terminal shows colours, and its user wants them (https://no-color.org)."""
    return not os.environ.get("NO_COLOR") and os.environ.get("TERM", "dumb") != "dumb"


def emit(text: str, output: str | None = None) -> None:
    """Write text to stdout, or whole or not at all to a file."""
    if output is None:
        if sys.stdout.isatty():  # JSON and CSV hold data as they are, and a terminal must not
            text = "\n".join(map(clean, text.split("\n")))
        with aside():
            click.echo(text, nl=False, color=True)  # else it takes colours out of data
        return
    _write(text.encode(), output)


def emit_parquet(table: object, output: str | None) -> None:
    """Write an Arrow table to a Parquet file, whole or not at all.

    Raises:
        InvalidInputError: `bad-argument`, without a file: Parquet is not for terminals.
    """
    if output is None:
        raise InvalidInputError("bad-argument", "Parquet needs a file", expected="-o FILE")
    from azds.store.parquet import encode

    _write(encode(table, [table.num_rows]), output)  # type: ignore[attr-defined]  # no pyarrow here


def say(text: str) -> None:
    """Tell something beside the result, on stderr."""
    with aside():
        click.echo(f"azds: {clean(text)}", err=True)


def _write(data: bytes, output: str) -> None:
    from azds.store.port import replace_file

    try:
        replace_file(Path(output), data)
    except StorageError as error:  # it tells of the file that was to become this one
        raise StorageError(error.kind, error.what, where=output) from error
    click.echo(f"azds: wrote {output}", err=True)
