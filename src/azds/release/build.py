"""`azds release build`: an immutable folder from a dataset, the same bytes wherever it is built."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pyarrow as pa

from azds.dataset.dataset import Dataset
from azds.dataset.diff import Diff
from azds.dataset.snapshot import Snapshot
from azds.errors import InvalidInputError
from azds.progress import task
from azds.release import describing, telling
from azds.release.bump import Bump, Side, compute_bump
from azds.release.changesets import Change, Compare, change_files
from azds.release.contents import Contents, Part, Request, chosen, parts_of, splits_of
from azds.release.encoding import csv_bytes, flat_for_csv, parquet_bytes
from azds.release.folder import Staging, put_in_place, staging
from azds.release.names import RECORD_FILE, SUMS_FILE, release_name
from azds.release.notes import notes_of_release
from azds.release.opening import OpenRelease, open_release
from azds.release.origin import KNOWN, Origin, read_origin
from azds.release.page import page
from azds.release.record import record_bytes
from azds.release.refused import ReleaseRefusedError
from azds.release.sums import render_sums
from azds.release.version import Version

__all__ = ["Built", "build_release"]

_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_DATA = Path(__file__).with_name("data")
_FIRST = Version(1, 0, 0)


@dataclass(frozen=True, slots=True)
class Built:
    """A release that was built: its folder, and what it holds."""

    path: Path
    contents: Contents


def build_release(
    dataset: Dataset,
    parent: Path,
    request: Request,
    *,
    previous: Path | None = None,
    sign: Callable[[Path], None] | None = None,
) -> Built:
    """Build a release of a dataset as a new folder in `parent`, whole or not at all.

    `previous` is the folder of the release before; `sign` is given the staged ``SHA256SUMS``.

    Raises:
        ReleaseRefusedError: `release-attribution`, `release-version`, `release-exists`.
        NotFoundError: `unknown-revision`.
        InvalidInputError: `bad-argument`.
        IntegrityError: what is stored, or the release before, is damaged.
    """
    _check(request)
    snapshots = chosen(dataset, request.revisions)
    origin = read_origin(tuple(one.manifest for one in snapshots), request.declared)
    before = open_release(previous) if previous else None
    if before and before.record.dataset != dataset.name:
        raise InvalidInputError(
            "bad-argument",
            "the release before is one of another dataset",
            where=str(previous),
            expected=dataset.name,
            got=before.record.dataset,
        )
    with staging(parent.absolute()) as staged:
        contents = _write(staged, dataset, snapshots, origin, request, before)
        staged.add(RECORD_FILE, record_bytes(contents, dataset, pa.__version__))
        sums = render_sums((one.path, one.sha256) for one in staged.files.values())
        staged.add(SUMS_FILE, sums)
        if sign:
            sign(staged.folder / SUMS_FILE)
        target = parent.absolute() / release_name(dataset.name, contents.version)
        put_in_place(staged, target)
    return Built(target, contents)


def _check(request: Request) -> None:
    if not _DATE.fullmatch(request.date):
        raise InvalidInputError(
            "bad-argument", "the date of a release", expected="2026-11-22", got=request.date
        )
    if request.version:
        Version.parse(request.version)
    unknown = sorted(set(request.declared) - set(KNOWN))
    if unknown:
        raise InvalidInputError(
            "bad-argument",
            "this cannot be declared of an origin",
            expected=", ".join(KNOWN),
            got=", ".join(unknown),
        )


def _write(  # noqa: PLR0913, PLR0917 - what, from where, and after what
    staged: Staging,
    dataset: Dataset,
    snapshots: tuple[Snapshot, ...],
    origin: Origin,
    request: Request,
    before: OpenRelease | None,
) -> Contents:
    """Everything but the record and the sums, in this order: each document hashes earlier files."""
    parts = parts_of(snapshots)
    columns = _write_tables(staged, snapshots, parts)
    held = frozenset(dataset)
    compare = cache(Diff)  # a pair is asked for twice
    bump = _bump(staged, snapshots, parts, origin, before, held)
    contents = Contents(
        dataset=dataset.name,
        version=_version(bump, request, before),
        request=request,
        origin=origin,
        snapshots=snapshots,
        parts=parts,
        splits=splits_of(snapshots),
        files=staged.files,
        changes=_write_changes(staged, snapshots, before, compare),
        notes=notes_of_release(before.snapshots if before else (), snapshots, held, compare),
        bump=bump,
        previous={"version": str(before.record.version), "sums": before.sums} if before else None,
    )
    _write_documents(staged, contents, columns, before)
    return contents


def _write_tables(
    staged: Staging, snapshots: tuple[Snapshot, ...], parts: tuple[Part, ...]
) -> dict[str, pa.Schema]:
    """Write the tables twice; the columns of each CSV, by path."""
    by_label = {one.label: one for one in snapshots}
    columns: dict[str, pa.Schema] = {}
    with task("writing", "rows", sum(part.rows for part in parts)) as advance:
        for part in parts:
            table = by_label[part.label][part.table]
            staged.add(part.path, parquet_bytes(table.to_arrow()), part.rows)
            flat = flat_for_csv(table)
            staged.add(part.csv, csv_bytes(flat), part.rows)
            columns[part.csv] = flat.schema
            advance(part.rows)
    return columns


def _bump(  # noqa: PLR0913, PLR0917 - both sides in all their parts
    staged: Staging,
    snapshots: tuple[Snapshot, ...],
    parts: tuple[Part, ...],
    origin: Origin,
    before: OpenRelease | None,
    held: frozenset[str],
) -> Bump:
    new = Side(
        snapshots,
        held,
        {(part.table, part.label): part.path for part in parts},
        {(part.table, part.label): staged.files[part.path].sha256 for part in parts},
        words_of(origin),
    )
    return compute_bump(before.side() if before else None, new)


def words_of(origin: Origin) -> dict[str, str]:
    """What people read of an origin; what is empty is left out."""
    names = (name for name in Origin.__slots__ if name != "revisions")
    return {name: value for name in names if (value := getattr(origin, name))}


def _version(bump: Bump, request: Request, before: OpenRelease | None) -> Version:
    """The computed version, or the one asked for where that is not lower."""
    given = Version.parse(request.version) if request.version else None
    if before is None:
        return given or _FIRST
    least = before.record.version.raised(bump.chosen)
    if given is None and bump.chosen == "none":
        raise ReleaseRefusedError(
            "release-version",
            f"nothing changed since {before.record.version}, so there is nothing to release",
            advice="name a higher version with --version to release it all the same",
        )
    if given is not None and (given < least or given <= before.record.version):
        why = "; ".join(str(one) for one in bump.reasons[:3])
        raise ReleaseRefusedError(
            "release-version",
            "a version may be raised above what the changes ask for, never lowered",
            expected=f"{least} or higher ({why or 'a version after the last'})",
            got=str(given),
        )
    return given or least


def _write_changes(
    staged: Staging,
    snapshots: tuple[Snapshot, ...],
    before: OpenRelease | None,
    compare: Compare,
) -> tuple[Change, ...]:
    found = []
    for told, data in change_files(snapshots, before, compare):
        staged.add(str(told["path"]), data, int(told["rows"]))
        found.append(told)
    return tuple(found)


def _write_documents(
    staged: Staging,
    contents: Contents,
    columns: Mapping[str, pa.Schema],
    before: OpenRelease | None,
) -> None:
    for table in contents.tables:
        staged.add(f"schemas/{table}.json", describing.table_schema(contents.of_table(table)[-1]))
    schema = _DATA / "release.schema.json"
    staged.add("schemas/release.schema.json", schema.read_bytes())
    staged.add("datapackage.json", describing.datapackage(contents, columns))
    staged.add("croissant.json", describing.croissant(contents))
    staged.add("CITATION.cff", describing.citation(contents))
    staged.add("README.md", telling.card(contents))
    staged.add("ATTRIBUTION.md", telling.attribution(contents))
    staged.add("REUSE.toml", telling.reuse(contents))
    for licence, text in _licences(contents).items():
        staged.add(f"LICENSES/{licence}.txt", text)
    staged.add("CHANGELOG.md", telling.changelog(contents, before.changelog() if before else ""))
    staged.add("index.html", page(contents))


def _licences(contents: Contents) -> dict[str, bytes]:
    """The texts of the licences of a release: the data's, and CC0 for what describes them."""
    licence = contents.origin.licence
    if not re.fullmatch(r"[A-Za-z0-9.+-]{1,64}", licence):
        raise InvalidInputError(
            "bad-argument",
            "a licence is named as SPDX does",
            expected="CC-BY-4.0",
            got=licence[:80],
        )
    texts = {name: _carried(name) for name in (licence, "CC0-1.0")}
    if contents.request.licence_text is not None:
        texts[licence] = contents.request.licence_text
    found = {name: text for name, text in texts.items() if text is not None}
    if licence not in found:
        carried = sorted(one.stem for one in (_DATA / "licences").glob("*.txt"))
        raise ReleaseRefusedError(
            "release-attribution",
            "azds does not carry the text of this licence",
            expected=f"one of {', '.join(carried)}",
            got=licence,
            advice="give its text with --licence-file FILE",
        )
    return found


def _carried(licence: str) -> bytes | None:
    path = _DATA / "licences" / f"{licence}.txt"
    return path.read_bytes() if path.is_file() else None
