"""Building a release again, from the store or from the sources, to compare it byte for byte."""

import tempfile
from collections.abc import Mapping
from pathlib import Path

from azds.dataset.dataset import Dataset
from azds.dataset.stores import Store
from azds.errors import NotFoundError
from azds.release.build import build_release
from azds.release.contents import Request
from azds.release.folder import list_files, read_part
from azds.release.names import OWN_FILES
from azds.release.opening import OpenRelease, open_release
from azds.release.refused import ReleaseDamagedError
from azds.store import port
from azds.store.canonical import Json
from azds.store.folder import init_store
from azds.store.names import DATASET_FILE

__all__ = ["first_byte", "rebuild", "rebuild_from_sources"]

_MOST_DECLARED = 1 << 22


def rebuild(path: Path, dataset: Dataset, previous: Path | None) -> str | None:
    """The first byte in which a new build from this dataset differs from the release, or None.

    Raises:
        InvalidInputError: `bad-argument`, if the release before is needed and not given.
        As `build_release`.
    """
    release = open_release(path)
    request = _request(release)
    with tempfile.TemporaryDirectory(prefix="azds-rebuild-") as folder:
        built = build_release(dataset, Path(folder), request, previous=_before(release, previous))
        return first_byte(release.path, built.path)


def rebuild_from_sources(
    path: Path, store: Store, sources: Path, previous: Path | None
) -> str | None:
    """The same, from the source texts: `store` has the dataset's ``dataset.toml``.

    Raises:
        NotFoundError: `source-missing`, `dataset-file-missing`.
        As `rebuild`.
    """
    from azds.dataset.build import build as build_dataset  # noqa: PLC0415 - needs an extra

    name = open_release(path).record.dataset
    declared = port.read_file(store.path / name / DATASET_FILE, _MOST_DECLARED)
    if declared is None:
        raise NotFoundError(
            "dataset-file-missing",
            "nothing declares this dataset's sources here",
            where=str(store.path / name / DATASET_FILE),
        )
    with tempfile.TemporaryDirectory(prefix="azds-rebuild-") as folder:
        fresh = init_store(Path(folder) / "store")
        port.make_folder(fresh.path / name)
        port.write_new(fresh.path / name / DATASET_FILE, declared)
        build_dataset(fresh, name, sources)
        return rebuild(path, Store(fresh)[name], previous)


def first_byte(old: Path, new: Path) -> str | None:
    """The first byte in which two releases differ, in the data first; None if none does."""
    sides = [[name for name in list_files(side) if name not in OWN_FILES] for side in (old, new)]
    for name in sorted({*sides[0], *sides[1]}, key=lambda one: (not one.startswith("data/"), one)):
        if name not in sides[0] or name not in sides[1]:
            where = "the release" if name in sides[0] else "the new build"
            return f"{name}: only in {where}"
        data = read_part(old, name), read_part(new, name)
        if data[0] != data[1]:
            shortest = min(map(len, data))
            at = next((n for n in range(shortest) if data[0][n] != data[1][n]), shortest)
            told = [f"{one[at]:#04x}" if at < len(one) else "its end" for one in data]
            return f"{name}: byte {at} is {told[0]} in the release, {told[1]} in the new build"
    return None


def _request(release: OpenRelease) -> Request:
    """What the builder was asked, as the record says."""
    asked = release.record.document.get("asked")
    if not isinstance(asked, Mapping):
        raise ReleaseDamagedError("release-invalid", "the record does not say what was asked")
    revisions, declared = asked.get("revisions"), asked.get("declared")
    version = asked.get("version")
    licence = f"LICENSES/{_licence(release)}.txt"
    return Request(
        date=release.record.date,
        revisions=tuple(str(one) for one in revisions) if isinstance(revisions, list) else ("all",),
        version=version if isinstance(version, str) else None,
        declared={str(k): str(v) for k, v in declared.items()}
        if isinstance(declared, Mapping)
        else {},
        doi=release.record.doi,
        licence_text=release.read(licence) if licence in release.digests else None,
    )


def _licence(release: OpenRelease) -> Json:
    return release.record.words.get("licence")


def _before(release: OpenRelease, previous: Path | None) -> Path | None:
    if release.record.previous is None:
        return None
    if previous is None or open_release(previous).sums != release.record.previous["sums"]:
        raise NotFoundError(
            "source-missing",
            "to build this release again, the one before it is needed",
            expected=f"--previous with version {release.record.previous['version']}",
            got=str(previous or "nothing"),
        )
    return previous
