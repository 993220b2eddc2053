"""The commands by name; each module is loaded when its command is run or helped."""

import importlib

import click

__all__ = ["HOMES", "Commands"]

HOMES = {
    "log": "azds.cli.reading",
    "show": "azds.cli.reading",
    "diff": "azds.cli.comparing",
    "series": "azds.cli.reading",
    "history": "azds.cli.reading",
    "quote": "azds.cli.reading",
    "check": "azds.cli.checking",
    "verify": "azds.cli.checking",
    "init": "azds.cli.committing",
    "commit": "azds.cli.committing",
    "build": "azds.cli.building",
    "schema": "azds.cli.building",
}
"""Which module has which command, in the order of help."""


class Commands(click.Group):
    """A group that imports a command when it is needed: imports are the cost of small work."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """The names, in the order of help."""
        return list(HOMES)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """The command of a name, or None."""
        if cmd_name not in HOMES:
            return None
        command: click.Command = getattr(importlib.import_module(HOMES[cmd_name]), cmd_name)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that was asked for; near names where there is none."""
        if args and args[0] not in HOMES and not args[0].startswith("-"):
            from azds.ids import near_names

            raise click.UsageError(f"no such command: {args[0]}; {near_names(args[0], HOMES)}", ctx)
        return super().resolve_command(ctx, args)
