"""The commands by name; each module is loaded when its command is run or helped."""

import importlib

import click

__all__ = ["GROUPS", "HOMES", "Commands", "Group"]

GROUPS = {
    "Look at a dataset": {
        "log": "azds.cli.reading",
        "show": "azds.cli.reading",
        "series": "azds.cli.reading",
        "history": "azds.cli.reading",
        "quote": "azds.cli.reading",
        "check": "azds.cli.checking",
        "sql": "azds.cli.querying",
        "report": "azds.cli.reporting",
        "schema": "azds.cli.building",
    },
    "Compare and merge": {
        "diff": "azds.cli.comparing",
        "patch": "azds.cli.patching",
        "merge": "azds.cli.merging",
    },
    "Keep your own": {
        "init": "azds.cli.committing",
        "commit": "azds.cli.committing",
        "new": "azds.cli.ingesting",
        "fetch": "azds.cli.ingesting",
        "ingest": "azds.cli.ingesting",
        "build": "azds.cli.building",
    },
    "Look after a store": {
        "verify": "azds.cli.checking",
        "gc": "azds.cli.checking",
        "git": "azds.cli.git",
    },
    "Publish": {
        "release": "azds.cli.releasing",
    },
}
"""Which module has which command, by use, in the order of help."""

HOMES = {name: home for homes in GROUPS.values() for name, home in homes.items()}
"""The same without the groups."""


class Group(click.Group):
    """A group of commands that names the near ones where there is none of a name."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that was asked for; near names where there is none."""
        names = self.list_commands(ctx)
        if args and args[0] not in names and not args[0].startswith("-"):
            from azds.ids import near_names

            raise click.UsageError(f"no such command: {args[0]}; {near_names(args[0], names)}", ctx)
        return super().resolve_command(ctx, args)


class Commands(Group):
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

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The commands by use, each with its first sentence."""
        widest = max(map(len, HOMES))
        for title, homes in GROUPS.items():
            with formatter.section(title):
                found = [(name, self.get_command(ctx, name)) for name in homes]
                formatter.write_dl(
                    [(f"{n:<{widest}}", c.get_short_help_str(limit=80)) for n, c in found if c]
                )
