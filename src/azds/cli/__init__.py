"""The command line: arguments, clock, terminal, exit codes. Nothing imports it.

Results go to stdout, all else to stderr. Exit codes: 0; 1 where a command was
asked to tell by it (`--exit-code`, findings of `check` and `verify`); 2 wrong use
or bad input, in one line; 130 interrupted.
"""

import io
import os
import sys

import click

from azds._version import __version__
from azds.cli.commands import Commands
from azds.cli.progress import shown as shown_progress
from azds.cli.warned import told_warnings
from azds.errors import AzdsError
from azds.render.page import clean

__all__ = ["main"]


def main() -> None:
    """Run azds, and end the process with its exit code."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # JSON and CSV are UTF-8 whatever the locale
            encoding = stream.encoding if stream.isatty() else "utf-8"
            stream.reconfigure(encoding=encoding, errors="backslashreplace")
    code = run(sys.argv[1:])
    try:
        sys.stdout.flush()
    except OSError:  # it was told; what the buffer still holds must not be told again at exit
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    sys.exit(code)


def run(arguments: list[str]) -> int:
    """Run one command and give its exit code; faults are told in one line on stderr."""
    try:
        with shown_progress(), told_warnings():
            code = azds(arguments or ["--help"], prog_name="azds", standalone_mode=False)
    except click.exceptions.Abort:
        click.echo("azds: interrupted", err=True)
        return 130
    except click.exceptions.Exit as ended:
        return ended.exit_code
    except click.exceptions.NoArgsIsHelpError as asked:  # `azds release`: what is there?
        click.echo(asked.message)
        return 0
    except SystemExit:  # how click ends where nobody reads the pipe any more: no fault
        return 0
    except click.ClickException as error:
        told = _usage(error)
    except AzdsError as error:
        told = str(error)
    except OSError as error:
        told = f"{error.filename or 'output'}: {error.strerror}"
    else:
        return code if isinstance(code, int) else 0
    click.echo(f"azds: {clean(told)}", err=True)
    return 2


def _usage(error: click.ClickException) -> str:
    """Wrong use in one line, with where to read more."""
    message = error.format_message().rstrip(".").replace(". Did you mean", "; did you mean")
    if message[1:2].islower():  # a sentence, not an abbreviation
        message = message[:1].lower() + message[1:]
    context = error.ctx if isinstance(error, click.UsageError) else None
    if context is None:
        return message
    see = " See" if message.endswith("?") else "; see"
    return f"{message}{see} `{context.command_path} --help`"


@click.command(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, message="azds %(version)s")
@click.option(
    "--store",
    "store_path",
    envvar="AZDS_STORE",
    metavar="PATH",
    help="The store; else the nearest at or above this folder, else the shipped one.",
)
@click.option(
    "--dataset", metavar="NAME", help="The dataset; may be left out where a store has one."
)
@click.pass_context
def azds(context: click.Context, store_path: str | None, dataset: str | None) -> None:
    """Versioned datasets whose every fact shows where it came from.

    \b
    azds log                          the revisions
    azds diff 2016 current            what changed, and why that is known
    azds series diplomatic_relations  the stated counts, with what each counts
    """  # noqa: D301 - click reads \b as "keep these lines"
    context.obj = (store_path, dataset)
