"""Pulling: nothing is used before it is verified, and nothing older than what was seen."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from azds.errors import InvalidInputError, StorageError
from azds.ids import near_names
from azds.progress import task
from azds.release.folder import Staging, is_release, make_folders, put_in_place, staging
from azds.release.log import Published, published, walk
from azds.release.names import (
    MOST_RECORD,
    MOST_SIGNATURE,
    MOST_SUMS,
    RECORD_FILE,
    SIGNATURE_FILE,
    SUMS_FILE,
    release_name,
)
from azds.release.opening import cache_folder, checked, open_release
from azds.release.places import Place
from azds.release.record import read_record
from azds.release.refused import ReleaseDamagedError, ReleaseRefusedError
from azds.release.seen import refuse_rollback, remember, withdrawal
from azds.release.signing import Signers
from azds.release.sums import parse_sums
from azds.release.verify import signer_of, verify_release
from azds.release.version import Version
from azds.store import port

__all__ = ["MOST_RELEASE", "Pulled", "pull"]

MOST_RELEASE = 10 << 30
"""Bytes of a release that is pulled, unless more are allowed."""
_MOST_CACHED = 1 << 28


@dataclass(frozen=True, slots=True)
class Pulled:
    """A release that was pulled.

    Attributes:
        path: Its folder.
        signed_by: Who signed it; empty where no signature was asked for.
        warning: That it is withdrawn, or an empty text.
        is_new: Whether it was not there before.
    """

    path: Path
    signed_by: str
    warning: str
    is_new: bool


def pull(  # noqa: PLR0913 - what, from where, and how far it is trusted
    place: Place,
    parent: Path,
    *,
    dataset: str | None = None,
    version: Version | None = None,
    signers: Signers | None = None,
    most: int = MOST_RELEASE,
) -> Pulled:
    """Pull a release into a new folder in `parent`: the newest that is not withdrawn, or one.

    Files are kept in quarantine until all of them are verified. A log that is shorter than, or
    other than, the one seen last is refused.

    Raises:
        ReleaseRefusedError: `release-rollback`, `release-unknown`, `release-limit`,
            `release-signature`, `release-exists`.
        IntegrityError: the release, or the log, is not what was published.
        StorageError: `storage-failed`.
    """
    entries = walk(place.read, place.url)
    refuse_rollback(place.url, entries)
    chosen = _choose(place, published(entries), dataset, version)
    target = parent.absolute() / chosen.entry.release
    is_new = not (is_release(target) and open_release(target).sums == chosen.entry.sums)
    if is_new:
        with staging(parent.absolute()) as quarantine:
            _fetch(place, chosen, quarantine, most)
            signed_by = _verified(quarantine.folder, f"{place.url}/{target.name}", chosen, signers)
            put_in_place(quarantine, target)
    else:
        signed_by = _verified(target, str(target), chosen, signers)
    remember(place.url, entries)
    return Pulled(target, signed_by, withdrawal(chosen), is_new)


def _verified(folder: Path, where: str, chosen: Published, signers: Signers | None) -> str:
    """Who signed a release, all of which is what the log says."""
    found = verify_release(folder)
    if found.faults:
        at = None if where == str(folder) else where  # each fault says where it is
        raise ReleaseDamagedError("release-changed", found.faults[0], where=at)
    if found.release != chosen.entry.release:
        raise ReleaseDamagedError(
            "release-changed",
            "this is another release than the log says",
            where=where,
            expected=chosen.entry.release,
            got=found.release,
        )
    return signer_of(open_release(folder), signers, where) if signers else ""


def _choose(
    place: Place,
    known: Mapping[str, Published],
    dataset: str | None,
    version: Version | None,
) -> Published:
    names = sorted({one.dataset for one in known.values()})
    if dataset is None and len(names) > 1:
        raise InvalidInputError(
            "bad-argument",
            "which dataset?",
            where=place.url,
            advice=f"name it with --dataset: {', '.join(names)}",
        )
    same = [one for one in known.values() if dataset in {None, one.dataset}]
    left = [one for one in same if one.yanked is None]
    if same and version is None and not left:
        raise ReleaseRefusedError(
            "release-yanked",
            "every release there is withdrawn",
            where=place.url,
            got=withdrawal(max(same, key=lambda one: one.version)),
            advice="to have one all the same, name it with --version",
        )
    found = left if version is None else [one for one in same if one.version == version]
    if not found:
        asked = release_name(dataset or (names[0] if names else "?"), version) if version else None
        raise ReleaseRefusedError(
            "release-unknown",
            "no such release is published" if known else "nothing is published there",
            where=place.url,
            got=asked or dataset,
            advice=near_names(asked or dataset or "", known) if known else None,
        )
    return max(found, key=lambda one: one.version)


def _fetch(place: Place, chosen: Published, quarantine: Staging, most: int) -> None:
    """Bring every file into quarantine; each is checked against the sums as it comes."""
    name = chosen.entry.release
    sums = _part(place, name, SUMS_FILE, MOST_SUMS)
    checked(sums, chosen.entry.sums.partition(":")[2], f"{place.url}/{name}/{SUMS_FILE}")
    digests = parse_sums(sums, f"{place.url}/{name}/{SUMS_FILE}")
    where = f"{place.url}/{name}/{RECORD_FILE}"
    if RECORD_FILE not in digests:
        raise ReleaseDamagedError("release-invalid", "the sums do not cover it", where=where)
    record_data = checked(_part(place, name, RECORD_FILE, MOST_RECORD), digests[RECORD_FILE], where)
    sizes = read_record(record_data, where).sizes
    total = sum(sizes.values())
    if total > most:
        raise ReleaseRefusedError(
            "release-limit",
            "this release is larger than allowed; nothing was kept",
            where=place.url,
            expected=f"at most {most:,} bytes",
            got=f"{total:,} bytes",
            advice="allow more with --max-bytes",
        )
    quarantine.add(SUMS_FILE, sums)
    quarantine.add(RECORD_FILE, record_data)
    signature = place.read(f"{name}/{SIGNATURE_FILE}", MOST_SIGNATURE)
    if signature is not None and len(signature) <= MOST_SIGNATURE:
        quarantine.add(SIGNATURE_FILE, signature)
    with task("pulling", "bytes", total) as advance:
        for path, digest in digests.items():
            if path == RECORD_FILE:
                continue
            if path not in sizes:
                raise ReleaseDamagedError(
                    "release-invalid", "the record does not know this file", where=f"{name}/{path}"
                )
            data = _cached(digest, sizes[path]) or _fresh(place, name, path, digest, sizes)
            quarantine.add(path, data)
            advance(len(data))


def _fresh(place: Place, name: str, path: str, digest: str, sizes: Mapping[str, int]) -> bytes:
    data = checked(_part(place, name, path, sizes[path]), digest, f"{place.url}/{name}/{path}")
    _cache(digest, data)
    return data


def _part(place: Place, name: str, path: str, most: int) -> bytes:
    """A file of the release there, no longer than it may be."""
    data = place.read(f"{name}/{path}", most)
    where = f"{place.url}/{name}/{path}"
    if data is None:
        raise ReleaseDamagedError("release-changed", "a file is missing", where=where)
    if len(data) > most:
        raise ReleaseDamagedError(
            "release-changed",
            "this file is longer than the release says; the rest was not read",
            where=where,
            expected=f"{most:,} bytes",
        )
    return data


def _blob(digest: str) -> Path:
    return cache_folder() / "sha256" / digest[:2] / digest


def _cached(digest: str, size: int) -> bytes | None:
    """The bytes of a digest that were pulled before, if they are still those."""
    data = port.read_file(_blob(digest), size)
    return data if data is not None and hashlib.sha256(data).hexdigest() == digest else None


def _cache(digest: str, data: bytes) -> None:
    """Keep bytes under their digest; a cache that cannot be written to is no fault."""
    if len(data) > _MOST_CACHED:
        return
    path = _blob(digest)
    try:
        make_folders(Path(path.anchor), path.parent)
        port.replace_file(path, data)
    except StorageError:
        return
