"""Publishing and withdrawing: the release first, whole; then its entry in the log, create-only."""

import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from azds.errors import AzdsError, InvalidInputError
from azds.release.folder import list_files
from azds.release.log import MOST_ENTRY, Entry, Published, Type, entry_path, published, walk
from azds.release.names import release_name
from azds.release.opening import open_release
from azds.release.places import Place, Target
from azds.release.refused import ReleaseDamagedError, ReleaseRefusedError
from azds.release.signing import Signers
from azds.release.verify import signer_of, verify_release
from azds.release.version import Version
from azds.store import canonical
from azds.store.canonical import Json

__all__ = ["Done", "publish", "yank"]

_TRIES = 100
_LONGEST = 2_000
"""Letters of a reason: an entry that is too long could never be read again."""


@dataclass(frozen=True, slots=True)
class Done:
    """What was done: the entry in the log, and whether it was there before."""

    entry: Entry
    is_new: bool


def publish(path: Path, place: Target, signers: Signers | None = None) -> Done:
    """Publish the release at `path`, so that it is seen whole or not at all.

    Interrupted at any point, the same call finishes it. `signers` asks for a signature.

    Raises:
        ReleaseRefusedError: `release-not-next`, `release-exists`, `release-signature`,
            `release-storage`; nothing is published.
        IntegrityError: the release, or the log there, is not what it was.
        StorageError: `storage-failed`.
    """
    release = open_release(path)
    if faults := verify_release(path).faults:
        raise ReleaseDamagedError(
            "release-changed",
            "a release that does not verify is not published",
            where=str(path),
            got=faults[0],
        )
    if signers is not None:
        signer_of(release, signers)
    record = release.record
    name = release_name(record.dataset, record.version)
    previous = record.previous["sums"] if record.previous else ""

    def next_entry(entries: Sequence[Entry]) -> Entry | None:
        known = published(entries)
        if name in known:
            _check_same(known[name], release.sums, place)
            return None
        _check_next(known, record.dataset, record.version, previous, place)
        return _after(entries, "release", name, release.sums)

    entries = walk(place.read, place.url)
    if next_entry(entries) is not None:
        place.put_release(name, {one: release.path / one for one in list_files(release.path)})
    done = _append(place, next_entry, name, "release")
    _refresh(place)
    return done


def yank(place: Target, dataset: str, version: Version, reason: str, use: str = "") -> Done:
    """Withdraw a release by an entry in the log; its files stay.

    Raises:
        ReleaseRefusedError: `release-unknown`, `release-yanked`.
        InvalidInputError: `bad-argument`, without a reason.
    """
    if not reason.strip() or len(reason) > _LONGEST:
        raise InvalidInputError(
            "bad-argument",
            "a withdrawal gives its reason",
            expected=f"a line or two, at most {_LONGEST:,} letters",
            got=f"{len(reason.strip()):,}",
        )
    name = release_name(dataset, version)

    def next_entry(entries: Sequence[Entry]) -> Entry | None:
        known = published(entries)
        if name not in known:
            raise _unknown(name, known, place)
        if use and release_name(dataset, Version.parse(use)) not in known:
            raise _unknown(release_name(dataset, Version.parse(use)), known, place)
        if known[name].yanked is not None:
            raise ReleaseRefusedError(
                "release-yanked", "this release is withdrawn already", where=name
            )
        sums = known[name].entry.sums
        return replace(_after(entries, "yank", name, sums), reason=reason.strip(), use=use)

    done = _append(place, next_entry, name, "yank")
    _refresh(place)
    return done


def _unknown(name: str, known: dict[str, Published], place: Place) -> ReleaseRefusedError:
    return ReleaseRefusedError(
        "release-unknown",
        "no such release is published",
        where=place.url,
        expected=", ".join(known) or "none is",
        got=name,
    )


def _check_same(known: Published, sums: str, place: Place) -> None:
    """Fine if the same release was published before; another one of its name is refused."""
    if known.entry.sums != sums:
        raise ReleaseRefusedError(
            "release-exists",
            "another release of this name is published, and none is ever written over",
            where=f"{place.url}: {known.entry.release}",
            advice="raise the version",
        )


def _check_next(
    known: dict[str, Published], dataset: str, version: Version, previous: str, place: Place
) -> None:
    """A release follows the one before it: a higher version, built on the last."""
    same = [one for one in known.values() if one.dataset == dataset]
    if not same:
        return
    last = max(same, key=lambda one: one.version)
    if version <= last.version:
        raise ReleaseRefusedError(
            "release-not-next",
            "a version that goes backwards is not published",
            where=place.url,
            expected=f"a version higher than {last.version}",
            got=str(version),
        )
    if previous != last.entry.sums:
        raise ReleaseRefusedError(
            "release-not-next",
            "this release was not built on the one published last, so its version and notes "
            "say too little",
            where=place.url,
            expected=f"--previous with {last.entry.release}",
            got=previous or "a first release",
            advice=f"pull {last.version}, and build again with --previous",
        )


def _after(entries: Sequence[Entry], kind: Type, name: str, sums: str) -> Entry:
    return Entry(len(entries) + 1, entries[-1].hash if entries else "", kind, name, sums)


def _append(
    place: Target, next_entry: Callable[[Sequence[Entry]], Entry | None], name: str, kind: Type
) -> Done:
    """Create the next entry, read it back, and try the next number where another was first."""
    mine: dict[str, bool] = {}  # what was tried, and whether this call was told that it was first
    for _ in range(_TRIES):
        entries = walk(place.read, place.url)
        held = [one for one in entries if one.release == name and one.type == kind]
        if held and held[0].hash in mine:  # also where only the reply was lost
            return Done(held[0], is_new=mine[held[0].hash])
        entry = next_entry(entries)
        if entry is None:
            return Done(held[0], is_new=False)
        data = entry.to_bytes()
        mine[entry.hash] = place.create(entry_path(entry.number), data)
        if not mine[entry.hash]:
            continue
        time.sleep(place.pause)
        if place.read(entry_path(entry.number), MOST_ENTRY) != data:
            continue  # a server that is not atomic let another publisher write over it
        return Done(entry, is_new=True)
    raise ReleaseRefusedError(
        "release-storage",
        "other publishers were always first; the release is not published",
        where=place.url,
        advice="try again",
    )


def _refresh(place: Target) -> None:
    """Write the index: derived, for people and pages, never trusted. The log alone counts."""
    entries = walk(place.read, place.url)
    releases: list[Json] = [
        {
            "release": one.entry.release,
            "dataset": one.dataset,
            "version": str(one.version),
            "sums": one.entry.sums,
            "entry": one.entry.number,
            "yanked": one.yanked.reason if one.yanked else None,
        }
        for one in published(entries).values()
    ]
    document: dict[str, Json] = {"entries": len(entries), "releases": releases}
    with suppress(AzdsError):  # the log has it, and the next publisher writes the index again
        place.replace("index.json", canonical.dump(document))
