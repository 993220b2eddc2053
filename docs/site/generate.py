# ruff: noqa: INP001 - loaded by its path
"""Pages made from the code: the command reference and the data dictionary.

A test compares them with what is committed; `make golden` writes them.
"""

from collections.abc import Iterator

import click

from azds.cli import azds
from azds.cli.commands import GROUPS
from azds.records.base import Record, record_types, table_schema

__all__ = ["PAGES"]


def commands_page() -> str:
    """Every command with its help, by use."""
    lines = [
        "# Commands",
        "",
        "Made from the commands themselves: what `azds COMMAND --help` prints.",
    ]
    lines += ["", *_help(azds, "azds", None)]
    root = click.Context(azds, info_name="azds")
    for title, homes in GROUPS.items():
        lines += ["", f"## {title}"]
        for name in homes:
            command = azds.get_command(root, name)
            if command is not None:
                lines += ["", *_with_children(command, name, root, 3)]
    return "\n".join(lines) + "\n"


def _with_children(
    command: click.Command, name: str, parent: click.Context, level: int
) -> Iterator[str]:
    context = click.Context(command, info_name=name, parent=parent)
    path = context.command_path
    yield f"{'#' * level} {path}"
    yield ""
    yield from _help(command, name, parent)
    if isinstance(command, click.Group):
        for child in command.list_commands(context):
            found = command.get_command(context, child)
            if found is not None and not found.hidden:
                yield ""
                yield from _with_children(found, child, context, level + 1)


def _help(command: click.Command, name: str, parent: click.Context | None) -> list[str]:
    context = click.Context(
        command,
        info_name=name,
        parent=parent,
        terminal_width=80,
        max_content_width=80,
        help_option_names=["-h", "--help"],
    )
    return ["```text", command.get_help(context).rstrip(), "```"]


def data_page() -> str:
    """Every table of the shipped datasets with its columns."""
    lines = [
        "# Data dictionary",
        "",
        "Made from the record types. `key` identifies a row; `fact` decides whether it changed;",
        "`wording` and `place` alone make no difference.",
        "The same as JSON Schema: `azds schema TABLE`.",
    ]
    families: dict[str, list[type[Record]]] = {}
    for record in record_types():
        families.setdefault(record.family, []).append(record)
    for family, records in families.items():
        lines += ["", f"## {family}"]
        for record in records:
            lines += ["", *_table(record)]
    return "\n".join(lines) + "\n"


def _table(record: type[Record]) -> Iterator[str]:
    schema = table_schema(record)
    yield f"### {schema.name}"
    yield ""
    yield _words(record.__doc__ or "")
    yield ""
    yield "| column | role | type | may be null | meaning |"
    yield "|---|---|---|---|---|"
    for column in schema.columns:
        null = "yes" if column.nullable else ""
        told = [f"`{column.name}`", column.role.value, f"`{_cell(column.type)}`", null]
        yield f"| {' | '.join([*told, _cell(column.description)])} |"


def _words(text: str) -> str:
    return " ".join(text.split())


def _cell(text: str) -> str:
    return _words(text).replace("|", "\\|")


PAGES = {"commands.md": commands_page, "data.md": data_page}
"""The pages, by their name in docs/."""
