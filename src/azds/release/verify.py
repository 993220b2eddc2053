"""`azds release verify`: what `sha256sum` and `ssh-keygen` tell, and what only azds can see."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from azds.errors import AzdsError
from azds.progress import task
from azds.release.folder import list_files, read_part
from azds.release.names import MOST_SIGNATURE, OWN_FILES, SIGNATURE_FILE, SUMS_FILE, release_name
from azds.release.opening import OpenRelease, checked, open_release
from azds.release.refused import ReleaseRefusedError
from azds.release.signing import Signers, check_signature, commands
from azds.store import port

__all__ = ["Verified", "signer_of", "verify_release"]

_MOST_OTHER = 1 << 28


@dataclass(frozen=True, slots=True)
class Verified:
    """What a check found.

    Attributes:
        release: The name of the release.
        dataset: Of the dataset.
        files: How many files the sums cover.
        faults: What is wrong, one line each; empty where nothing is.
        signed_by: Who signed; empty where no signature was checked.
        is_signed: Whether there is a signature at all.
        commands: The plain commands that do the same.
    """

    release: str
    dataset: str
    files: int
    faults: tuple[str, ...]
    signed_by: str
    is_signed: bool
    commands: tuple[str, ...]


def verify_release(path: Path, signers: Signers | None = None) -> Verified:
    """Check a release: its listing, each file, its signature, its record, its rows.

    `signers` asks for a signature, and says whose counts.

    Raises:
        NotFoundError: `no-store`, if there is no release.
        InvalidInputError: `bad-argument`.
    """
    release = open_release(path)
    folder = release.path
    names = list_files(folder)
    faults = [*_listing(release, names), *_files(release), *_record(release, folder)]
    if not faults:
        faults += _rows(release)
    is_signed = SIGNATURE_FILE in names
    signed_by = ""
    if signers is not None:
        try:
            signed_by = signer_of(release, signers)
        except ReleaseRefusedError as error:
            faults.append(str(error))
    return Verified(
        release_name(release.record.dataset, release.record.version),
        release.record.dataset,
        len(release.digests),
        tuple(faults),
        signed_by,
        is_signed,
        tuple(commands(signers, signed_by)),
    )


def signer_of(release: OpenRelease, signers: Signers, where: str = "") -> str:
    """Who signed a release; the identity is one that `signers` allows.

    `where` is what a fault names, if not its folder.

    Raises:
        ReleaseRefusedError: `release-signature`, also where it is not signed.
    """
    if port.kind_of(release.path / SIGNATURE_FILE) is None:
        raise ReleaseRefusedError(
            "release-signature",
            "this release is not signed, and a signature was asked for",
            where=where or str(release.path),
        )
    sums = read_part(release.path, SUMS_FILE)
    signature = read_part(release.path, SIGNATURE_FILE, MOST_SIGNATURE)
    return check_signature(sums, signature, signers, f"{where or release.path}/{SIGNATURE_FILE}")


def _listing(release: OpenRelease, names: list[str]) -> Iterator[str]:
    """What `sha256sum` does not see: files that nobody listed."""
    for name in names:
        if name not in release.digests and name not in OWN_FILES:
            yield f"{release.path / name}: this file is not in {SUMS_FILE}"


def _files(release: OpenRelease) -> Iterator[str]:
    sizes = release.record.sizes
    with task("verifying", "bytes", sum(sizes.values())) as advance:
        for path, digest in release.digests.items():
            try:
                checked(
                    read_part(release.path, path, _most(release, path)),
                    digest,
                    str(release.path / path),
                )
            except AzdsError as error:
                yield str(error)
            advance(sizes.get(path, 0))


def _most(release: OpenRelease, path: str) -> int:
    """The size that the record gives a file; what it does not know has a limit all the same."""
    return release.record.sizes.get(path, _MOST_OTHER)


def _record(release: OpenRelease, folder: Path) -> Iterator[str]:
    """What the record says has to be what is there."""
    sizes = release.record.sizes
    others = set(release.digests) - {"release.json"}
    for path in sorted(set(sizes) ^ others):
        yield f"{folder / path}: the record and the sums do not list the same files"
    for table in release.record.tables.values():
        if table.path not in release.digests:
            yield f"{folder / table.path}: a table of the record is not in {SUMS_FILE}"
    documents = release.record.document.get("files")
    for one in documents if isinstance(documents, list) else []:
        known = dict(one) if isinstance(one, dict) else {}
        name = str(known.get("path"))
        if release.digests.get(name) != known.get("sha256"):
            yield f"{folder / name}: the record and the sums give it different digests"


def _rows(release: OpenRelease) -> Iterator[str]:
    """The rows, decoded, have to have the content digests of the record."""
    try:
        release.check_rows()
    except AzdsError as error:
        yield str(error)
