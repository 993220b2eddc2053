"""Commands about releases: build, verify, notes; and those of `publishing`."""

import os
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from azds.cli.commands import Group
from azds.cli.opening import dataset_of, emit, emit_lines, format_option, needing, say, store_of
from azds.cli.publishing import publish, pull, signers_of, yank
from azds.errors import InvalidInputError
from azds.render.page import clean

if TYPE_CHECKING:  # for signatures; loaded by the commands that need them
    from azds.release.build import Built
    from azds.release.notes import Notes

__all__ = ["release"]

_MOST_LICENCE = 1 << 20


@click.group(cls=Group)
def release() -> None:
    """Releases: build, verify, tell the changes, publish, pull, withdraw.

    \b
    azds release build --revisions all -o dist
    azds release verify dist/foreign-relations-1.0.0
    azds release notes 2016 current
    """  # noqa: D301 - click reads \b as "keep these lines"


for _command in (publish, pull, yank):
    release.add_command(_command)


@release.command()
@click.option("-o", "--output", required=True, metavar="DIR", help="Where its folder is made.")
@click.option("--version", metavar="V", help="A version higher than the computed one.")
@click.option(
    "--revisions",
    default="latest",
    show_default=True,
    metavar="WHICH",
    help="latest, all, or labels divided by commas.",
)
@click.option("--previous", metavar="DIR", help="The folder of the release before this one.")
@click.option(
    "--date", metavar="DAY", help="Of the release; else SOURCE_DATE_EPOCH, else today (UTC)."
)
@click.option(
    "--declare",
    multiple=True,
    metavar="NAME=VALUE",
    help="Of the origin: creator, licence, origin, history, url, ...",
)
@click.option("--doi", default="", metavar="DOI", help="Of this release, if one is reserved.")
@click.option(
    "--licence-file", metavar="FILE", help="The text of a licence that azds does not carry."
)
@click.option("--sign", metavar="KEY", help="An SSH key, or the public key of one in the agent.")
@click.pass_context
def build(  # noqa: PLR0913, PLR0917 - one argument for each option
    context: click.Context,
    output: str,
    version: str | None,
    revisions: str,
    previous: str | None,
    date: str | None,
    declare: tuple[str, ...],
    doi: str,
    licence_file: str | None,
    sign: str | None,
) -> None:
    """Build a release: a new folder DATASET-VERSION in DIR.

    A release is one dataset. The version follows from what changed since the release
    before. The same data and the same versions of the programs give the same bytes,
    given the same date.

    \b
    azds release build --revisions all -o dist
    azds release build --previous dist/cities-1.0.0 --sign ~/.ssh/id_ed25519.pub -o dist
    """  # noqa: D301 - click reads \b as "keep these lines"
    dataset = dataset_of(context)
    with needing("release", "building a release"):
        import jinja2  # noqa: F401 - whether it is there
    from azds.release.build import build_release
    from azds.release.contents import Request
    from azds.release.signing import sign as sign_file

    request = Request(
        date=_day(date),
        revisions=tuple(revisions.split(",")),
        version=version,
        declared=_declared(declare),
        doi=doi,
        licence_text=_licence(licence_file),
    )
    key = Path(sign).expanduser() if sign else None
    built = build_release(
        dataset,
        Path(output),
        request,
        previous=Path(previous) if previous else None,
        sign=(lambda sums: sign_file(sums, key)) if key else None,
    )
    _tell_built(built, is_signed=bool(sign))


def _tell_built(built: "Built", *, is_signed: bool) -> None:
    contents = built.contents
    size = sum(one.size for one in contents.files.values())
    bump = contents.bump
    lines = [f"{built.path}"]
    lines.append(
        f"{len(contents.files) - 1} files and their sums, {size:,} bytes; "
        f"{'signed' if is_signed else 'not signed'}"
    )
    if contents.previous is None:
        lines.append(f"version {contents.version}: the first release")
    else:
        lines.append(
            f"version {contents.version} after {contents.previous['version']}: "
            f"Frictionless {bump.frictionless}, Croissant {bump.croissant}, azds {bump.chosen}"
        )
        lines += [
            f"  {one}: {one.levels[0]}, {one.levels[1]}, {one.levels[2]}" for one in bump.reasons
        ]
    emit("".join(f"{clean(line)}\n" for line in lines))


@release.command()
@click.argument("path", metavar="DIR")
@click.option("--signers", metavar="FILE", help="allowed_signers: asks for a signature.")
@click.option("--identity", default="", metavar="NAME", help="Of the signer, in that file.")
@click.option("--revoked", metavar="FILE", help="Revoked keys: a list, or a KRL.")
@click.option("--at", default="", metavar="TIME", help="When keys have to be valid: 20261122Z.")
@click.option("--rebuild", is_flag=True, help="Build it again, and compare byte for byte.")
@click.option("--sources", metavar="DIR", help="For --rebuild: from the source texts.")
@click.option("--previous", metavar="DIR", help="For --rebuild: the release before.")
@click.pass_context
def verify(  # noqa: PLR0913, PLR0917 - one argument for each option
    context: click.Context,
    path: str,
    signers: str | None,
    identity: str,
    revoked: str | None,
    at: str,
    sources: str | None,
    previous: str | None,
    *,
    rebuild: bool,
) -> None:
    """Check a release, and print the commands that do so.

    Ends with 1 if anything is not what was released. --rebuild builds it again,
    from the store or from the sources, and names the first byte that differs.

    \b
    azds release verify cities-1.0.0
    azds release verify cities-1.0.0 --signers allowed_signers
    """  # noqa: D301 - click reads \b as "keep these lines"
    from azds.release.opening import open_release
    from azds.release.seen import withdrawn
    from azds.release.verify import verify_release

    asked = signers_of(signers, identity, revoked, at)
    found = verify_release(Path(path), asked)
    if told := withdrawn(open_release(Path(path)).sums):
        say(f"warning: {told}")
    faults = list(found.faults)
    lines = [*(f"wrong: {fault}" for fault in faults)]
    if not faults:
        signed = f"signed by {found.signed_by}" if found.signed_by else "not signed"
        if found.is_signed and not found.signed_by:
            signed = "signed; whose signature it is was not checked: --signers FILE"
        lines.append(f"{found.release}: {found.files} files are what was released; {signed}")
    if rebuild and not faults:
        with needing("release", "building a release"):
            import jinja2  # noqa: F401 - whether it is there
        from azds.release.rebuild import rebuild as rebuild_release

        if sources is None:
            dataset = store_of(context)[found.dataset]
            difference = rebuild_release(Path(path), dataset, Path(previous) if previous else None)
        else:
            from azds.release.rebuild import rebuild_from_sources

            difference = rebuild_from_sources(
                Path(path), store_of(context), Path(sources), Path(previous) if previous else None
            )
        faults += [difference] if difference else []
        lines.append(f"wrong: {difference}" if difference else "built again: the same bytes")
    lines += ["", "The same without azds, in its folder:", *(f"  {one}" for one in found.commands)]
    emit("".join(f"{clean(line)}\n" for line in lines))
    context.exit(1 if faults else 0)


@release.command()
@click.argument("old")
@click.argument("new")
@format_option("text", "markdown", "json")
@click.pass_context
def notes(context: click.Context, old: str, new: str, form: str) -> None:
    """Tell what changed between two releases or revisions, and why.

    Releases are named by their folders, revisions by their labels. Kept apart: the
    sources differ; azds reads the same source better; a person corrected a reading;
    the schema changed.

    \b
    azds release notes 2016 current
    azds release notes dist/cities-1.0.0 dist/cities-1.1.0
    """  # noqa: D301 - click reads \b as "keep these lines"
    from azds.release.folder import is_release
    from azds.release.notes import notes_between, notes_of_release

    folders = [is_release(Path(side)) for side in (old, new)]
    found: Notes
    if all(folders):
        from azds.release.opening import open_release

        sides = open_release(Path(old)), open_release(Path(new))
        found = notes_of_release(sides[0].snapshots, sides[1].snapshots, sides[1].record.held)
        titles = [f"{one.record.dataset} {one.record.version}" for one in sides]
    elif any(folders):
        raise InvalidInputError(
            "bad-argument", "notes are of two releases or of two revisions", got=f"{old}, {new}"
        )
    else:
        dataset = dataset_of(context)
        found = notes_between(dataset[old], dataset[new])
        titles = [f"{dataset.name} {old}", new]
    if form == "json":
        from azds.release.words import json_bytes

        emit(json_bytes({"old": old, "new": new, "notes": found.to_document()}).decode())
        return
    from azds.release.telling import notes_lines, notes_text

    title = f"{titles[0]} to {titles[1]}"
    if form == "text":
        emit_lines(f"{clean(title)}\n\n{notes_text(found)}")
    else:
        emit("\n".join([f"# {title}", "", *notes_lines(found)]) + "\n")


def _day(given: str | None) -> str:
    """The day of a release: given, of the environment, else today; told where it was guessed."""
    if given:
        return given
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    if epoch:
        if not re.fullmatch(r"[0-9]{1,11}", epoch):  # before the year 5000
            raise InvalidInputError(
                "bad-argument", "no time", where="SOURCE_DATE_EPOCH", expected="seconds", got=epoch
            )
        return datetime.fromtimestamp(int(epoch), UTC).date().isoformat()
    today = datetime.now(UTC).date().isoformat()
    say(f"dated {today}, today in UTC; the same bytes on another day need --date {today}")
    return today


def _declared(words: tuple[str, ...]) -> dict[str, str]:
    found = {}
    for word in words:
        name, sign, value = word.partition("=")
        if not sign or not value.strip():
            raise InvalidInputError(
                "bad-argument", "--declare", expected="NAME=VALUE", got=repr(word)
            )
        found[name.strip()] = value.strip()
    return found


def _licence(path: str | None) -> bytes | None:
    if path is None:
        return None
    from azds.store.port import read_file

    data = read_file(Path(path), _MOST_LICENCE)
    if data is None or len(data) > _MOST_LICENCE:
        raise InvalidInputError(
            "bad-argument",
            "no file with the text of a licence",
            where=path,
            expected="at most 1 MB",
        )
    return data
