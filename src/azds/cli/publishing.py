"""Commands about published releases: publish, pull, yank."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from azds.cli.opening import emit, say
from azds.errors import InvalidInputError
from azds.render.page import clean

if TYPE_CHECKING:  # for signatures; loaded by the commands that need them
    from azds.release.signing import Signers

__all__ = ["publish", "pull", "signers_of", "yank"]


def signers_of(
    allowed: str | None, identity: str, revoked: str | None, at: str
) -> "Signers | None":
    """Whose signature was asked for; None where none was."""
    if allowed is None:
        if identity or revoked or at:
            raise click.UsageError("--identity, --revoked and --at need --signers FILE")
        return None
    from azds.release.signing import Signers

    return Signers(Path(allowed), identity, Path(revoked) if revoked else None, at)


@click.command()
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
    done = publish_release(Path(path), place, signers_of(signers, "", None, ""))
    told = "published" if done.is_new else "was published already"
    emit(f"{clean(done.entry.release)} {told}: entry {done.entry.number} of {clean(place.url)}\n")


@click.command()
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
        signers=signers_of(signers, identity, revoked, ""),
        most=max_bytes or MOST_RELEASE,
    )
    if pulled.warning:
        say(f"warning: {pulled.warning}")
    signed = f"signed by {pulled.signed_by}" if pulled.signed_by else "no signature was asked for"
    was_there = "" if pulled.is_new else "was here already; "
    emit(f"{clean(str(pulled.path))}\n{was_there}verified; {clean(signed)}\n")


@click.command()
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
