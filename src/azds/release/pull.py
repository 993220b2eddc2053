"""Pulling: nothing is used before it is verified, and nothing older than what was seen."""

import hashlib
import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from azds.errors import InvalidInputError, StorageError
from azds.ids import near_names
from azds.release.folder import Staging, make_folders, put_in_place, staging
from azds.release.log import Entry, Published, published, walk
from azds.release.names import RECORD_FILE, SIGNATURE_FILE, SUMS_FILE, release_name
from azds.release.opening import cache_folder, checked, open_release
from azds.release.places import Place
from azds.release.record import read_record
from azds.release.refused import ReleaseDamagedError, ReleaseRefusedError
from azds.release.signing import Signers
from azds.release.sums import parse_sums
from azds.release.verify import signer_of, verify_release
from azds.release.version import Version
from azds.store import port

__all__ = ["MOST_RELEASE", "Pulled", "pull", "state_folder"]

MOST_RELEASE = 10 << 30
"""Bytes of a release that is pulled, unless more are allowed."""
_MOST_SUMS = 1 << 24
_MOST_RECORD = 1 << 28
_MOST_SIGNATURE = 1 << 16
_MOST_SEEN = 1 << 12
_MOST_CACHED = 1 << 28


@dataclass(frozen=True, slots=True)
class Pulled:
    """A release that was pulled: its folder, who signed it, and a warning or an empty text."""

    path: Path
    signed_by: str
    warning: str


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
    _refuse_rollback(place, entries)
    chosen = _choose(place, published(entries), dataset, version)
    with staging(parent.absolute()) as quarantine:
        _fetch(place, chosen, quarantine, most)
        found = verify_release(quarantine.folder)
        if found.faults:
            where = f"{place.url}/{chosen.entry.release}"
            raise ReleaseDamagedError("release-changed", found.faults[0], where=where)
        signed_by = signer_of(open_release(quarantine.folder), signers) if signers else ""
        if found.release != chosen.entry.release:
            raise ReleaseDamagedError(
                "release-changed",
                "this is another release than the log says",
                where=place.url,
                expected=chosen.entry.release,
                got=found.release,
            )
        target = parent.absolute() / chosen.entry.release
        put_in_place(quarantine, target)
    _remember(place, entries)
    return Pulled(target, signed_by, _warning(chosen))


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
    if version is not None:
        same = [one for one in same if one.version == version]
    else:
        same = [one for one in same if one.yanked is None]
    if not same:
        asked = release_name(dataset or (names[0] if names else "?"), version) if version else None
        raise ReleaseRefusedError(
            "release-unknown",
            "no such release is published, or it is withdrawn",
            where=place.url,
            got=asked or dataset,
            advice=near_names(asked or dataset or "", known) if known else None,
        )
    return max(same, key=lambda one: one.version)


def _warning(chosen: Published) -> str:
    if chosen.yanked is None:
        return ""
    use = f"; use {chosen.yanked.use}" if chosen.yanked.use else ""
    return f"{chosen.entry.release} is withdrawn: {chosen.yanked.reason}{use}"


def _fetch(place: Place, chosen: Published, quarantine: Staging, most: int) -> None:
    """Bring every file into quarantine; each is checked against the sums as it comes."""
    name = chosen.entry.release
    sums = _part(place, name, SUMS_FILE, _MOST_SUMS)
    checked(sums, chosen.entry.sums.partition(":")[2], f"{place.url}/{name}/{SUMS_FILE}")
    digests = parse_sums(sums, f"{place.url}/{name}/{SUMS_FILE}")
    where = f"{place.url}/{name}/{RECORD_FILE}"
    if RECORD_FILE not in digests:
        raise ReleaseDamagedError("release-invalid", "the sums do not cover it", where=where)
    record_data = checked(
        _part(place, name, RECORD_FILE, _MOST_RECORD), digests[RECORD_FILE], where
    )
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
    signature = place.read(f"{name}/{SIGNATURE_FILE}", _MOST_SIGNATURE)
    if signature is not None and len(signature) <= _MOST_SIGNATURE:
        quarantine.add(SIGNATURE_FILE, signature)
    for path, digest in digests.items():
        if path == RECORD_FILE:
            continue
        if path not in sizes:
            raise ReleaseDamagedError(
                "release-invalid", "the record does not know this file", where=f"{name}/{path}"
            )
        quarantine.add(
            path, _cached(digest, sizes[path]) or _fresh(place, name, path, digest, sizes)
        )


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


def state_folder() -> Path:
    """Where azds remembers what it has seen: ``$XDG_STATE_HOME/azds``."""
    home = os.environ.get("XDG_STATE_HOME", "")
    root = Path(home) if Path(home).is_absolute() else Path.home() / ".local" / "state"
    return root / "azds"


def _seen_file(place: Place) -> Path:
    return state_folder() / "seen" / f"{hashlib.sha256(place.url.encode()).hexdigest()[:32]}.json"


def _refuse_rollback(place: Place, entries: Sequence[Entry]) -> None:
    """The log has to hold the last entry that was seen of it."""
    data = port.read_file(_seen_file(place), _MOST_SEEN)
    try:
        seen = json.loads(data) if data else {}
        number, digest = int(seen.get("number", 0)), str(seen.get("hash", ""))
    except (ValueError, TypeError, AttributeError):
        raise ReleaseRefusedError(
            "release-rollback",
            "what was seen of this place cannot be read",
            where=str(_seen_file(place)),
            advice="remove the file to forget it",
        ) from None
    if not number:
        return
    if len(entries) < number or entries[number - 1].hash != digest:
        raise ReleaseRefusedError(
            "release-rollback",
            "this log is older, or another one, than was seen before; nothing was pulled",
            where=place.url,
            expected=f"entry {number} as it was",
            got=f"{len(entries)} entries" if len(entries) < number else "another entry",
            advice=f"if the publisher began anew, remove {_seen_file(place)}",
        )


def _remember(place: Place, entries: Sequence[Entry]) -> None:
    path = _seen_file(place)
    make_folders(Path(path.anchor), path.parent)
    document = {"url": place.url, "number": len(entries), "hash": entries[-1].hash}
    port.replace_file(path, f"{json.dumps(document)}\n".encode())
