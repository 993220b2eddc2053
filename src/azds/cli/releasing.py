"""Commands about releases: build, verify, notes, publish, pull, yank."""

import os
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from azds.cli.commands import Group
from azds.cli.opening import dataset_of, emit, emit_lines, format_option, say, store_of
from azds.errors import InvalidInputError, RefusedError
from azds.render.page import clean

if TYPE_CHECKING:  # for signatures; loaded by the commands that need them
    from azds.release.build import Built
    from azds.release.notes import Notes
    from azds.release.signing import Signers

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
    _needs_extra()
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

    asked = _signers(signers, identity, revoked, at)
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
        _needs_extra()
        from azds.release.rebuild import rebuild as rebuild_release

        if sources is None:
            dataset = store_of(context)[found.dataset]
            difference = rebuild_release(Path(path), dataset, _path(previous))
        else:
            from azds.release.rebuild import rebuild_from_sources

            difference = rebuild_from_sources(
                Path(path), store_of(context), Path(sources), _path(previous)
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


def _path(text: str | None) -> Path | None:
    return Path(text) if text else None


def _signers(allowed: str | None, identity: str, revoked: str | None, at: str) -> "Signers | None":
    if allowed is None:
        if identity or revoked or at:
            raise click.UsageError("--identity, --revoked and --at need --signers FILE")
        return None
    from azds.release.signing import Signers

    return Signers(Path(allowed), identity, _path(revoked), at)


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


def _needs_extra() -> None:
    try:
        import jinja2  # noqa: F401 - whether it is there
    except ImportError as error:
        raise RefusedError(
            "missing-extra",
            f"{error.name} is not installed, and building a release needs it",
            advice='install it: pip install "azds[release]"',
        ) from error


@release.command()
@click.argument("path", metavar="DIR")
@click.argument("target")
@click.option("--endpoint", default="", metavar="URL", help="Of S3-compatible storage.")
@click.option("--signers", metavar="FILE", help="Publish only what one of these has signed.")
@click.option(
    "--alone", is_flag=True, help="Nobody else publishes there: the server need not be atomic."
)
def publish(path: str, target: str, endpoint: str, signers: str | None, *, alone: bool) -> None:
    """Publish a release to a folder or to S3 storage.

    A release is seen whole or not at all, and none is ever written over. Run it
    again where it was interrupted. Credentials come from the environment.

    \b
    azds release publish dist/cities-1.0.0 /srv/releases
    azds release publish dist/cities-1.0.0 s3://bucket/data --endpoint https://s3.example.org
    """  # noqa: D301 - click reads \b as "keep these lines"
    from azds.release.places import target_of
    from azds.release.publish import publish as publish_release

    place = target_of(target, endpoint, is_alone=alone)
    done = publish_release(Path(path), place, _signers(signers, "", None, ""))
    told = "published" if done.is_new else "was published already"
    emit(f"{clean(done.entry.release)} {told}: entry {done.entry.number} of {clean(place.url)}\n")


@release.command()
@click.argument("target")
@click.option(
    "-o",
    "--output",
    default=".",
    show_default=True,
    metavar="DIR",
    help="Where its folder is made.",
)
@click.option("--version", metavar="V", help="This one, even if it is withdrawn; else the newest.")
@click.option("--endpoint", default="", metavar="URL", help="Of S3-compatible storage.")
@click.option("--signers", metavar="FILE", help="allowed_signers: asks for a signature.")
@click.option("--identity", default="", metavar="NAME", help="Of the signer, in that file.")
@click.option("--revoked", metavar="FILE", help="Revoked keys: a list, or a KRL.")
@click.option("--max-bytes", type=click.IntRange(min=1), metavar="N", help="Refuse a larger one.")
@click.pass_context
def pull(  # noqa: PLR0913, PLR0917 - one argument for each option
    context: click.Context,
    target: str,
    output: str,
    version: str | None,
    endpoint: str,
    signers: str | None,
    identity: str,
    revoked: str | None,
    max_bytes: int | None,
) -> None:
    """Pull a published release, and verify it.

    From a folder, S3-compatible storage or a web server. Nothing is used before all of
    it is verified. A log that is older than the one seen last is refused.

    \b
    azds release pull /srv/releases
    azds release pull https://data.example.org/releases --signers allowed_signers
    """  # noqa: D301 - click reads \b as "keep these lines"
    from azds.release.places import place_of
    from azds.release.pull import MOST_RELEASE
    from azds.release.pull import pull as pull_release
    from azds.release.version import Version

    _, dataset = context.obj
    pulled = pull_release(
        place_of(target, endpoint),
        Path(output),
        dataset=dataset,
        version=Version.parse(version) if version else None,
        signers=_signers(signers, identity, revoked, ""),
        most=max_bytes or MOST_RELEASE,
    )
    if pulled.warning:
        say(f"warning: {pulled.warning}")
    signed = f"signed by {pulled.signed_by}" if pulled.signed_by else "no signature was asked for"
    was_there = "" if pulled.is_new else "was here already; "
    emit(f"{clean(str(pulled.path))}\n{was_there}verified; {clean(signed)}\n")


@release.command()
@click.argument("version")
@click.argument("target")
@click.option("--reason", required=True, metavar="TEXT", help="Why, for those who use it.")
@click.option("--use", default="", metavar="V", help="The version to use instead.")
@click.option("--endpoint", default="", metavar="URL", help="Of S3-compatible storage.")
@click.option(
    "--alone", is_flag=True, help="Nobody else publishes there: the server need not be atomic."
)
@click.pass_context
def yank(  # noqa: PLR0913, PLR0917 - one argument for each option
    context: click.Context,
    version: str,
    target: str,
    reason: str,
    use: str,
    endpoint: str,
    *,
    alone: bool,
) -> None:
    """Withdraw a published release; nothing is deleted.

    An entry of the log says so. `pull` then skips it; who asks for this very version gets
    it, with a warning.

    \b
    azds release yank 1.0.1 /srv/releases --reason "one column was shifted" --use 1.0.2
    """  # noqa: D301 - click reads \b as "keep these lines"
    from azds.release.log import published, walk
    from azds.release.places import target_of
    from azds.release.publish import yank as yank_release
    from azds.release.version import Version

    place = target_of(target, endpoint, is_alone=alone)
    _, dataset = context.obj
    names = sorted({one.dataset for one in published(walk(place.read, place.url)).values()})
    if dataset is None and len(names) != 1:
        raise InvalidInputError(
            "bad-argument",
            "which dataset?" if names else "nothing is published there",
            where=place.url,
            advice=f"name it with --dataset: {', '.join(names)}" if names else None,
        )
    done = yank_release(place, dataset or names[0], Version.parse(version), reason, use)
    emit(
        f"{clean(done.entry.release)} withdrawn: entry {done.entry.number} of {clean(place.url)}\n"
    )
