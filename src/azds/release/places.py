"""Places where releases are published: a folder, S3-compatible storage; a web server to pull from.

All speak one small language: read within a limit, create what is not there, replace the index.
"""

import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Protocol

from azds.errors import InvalidInputError, StorageError
from azds.release.folder import list_files, make_folders, put_in_place, staging
from azds.release.names import parse_path
from azds.release.refused import ReleaseRefusedError
from azds.store import port

__all__ = ["FolderPlace", "Place", "WebPlace", "place_of"]

_TIMEOUT = 60
_PIECE = 1 << 20


class Place(Protocol):
    """Where releases are. Paths are relative, divided by ``/``."""

    url: str
    """Its name, without credentials."""
    can_write: bool
    pause: float
    """Seconds to wait before an entry is read back, where creating is not proven atomic."""

    def read(self, path: str, most: int) -> bytes | None:
        """At most `most + 1` bytes of a file; None if there is none."""

    def create(self, path: str, data: bytes) -> bool:
        """Write a file that must not be there; False if it is."""

    def replace(self, path: str, data: bytes) -> None:
        """Write a file over what stood there."""

    def put_release(self, name: str, files: Mapping[str, Path]) -> None:
        """Put all files of a release in place; fine if the same are there already."""


def place_of(
    target: str, endpoint: str = "", *, to_write: bool = False, is_alone: bool = False
) -> Place:
    """The place that a text names: a folder, ``s3://bucket/prefix``, ``https://...`` to pull.

    Raises:
        InvalidInputError: `bad-argument`.
        RefusedError: `missing-extra`.
    """
    scheme = target.partition("://")[0] if "://" in target else ""
    if scheme == "s3":
        from azds.release.objects import ObjectPlace  # noqa: PLC0415 - of an extra

        return ObjectPlace(target, endpoint, is_alone=is_alone)
    if scheme in {"http", "https"} and not to_write:
        return WebPlace(target)
    if scheme:
        raise InvalidInputError(
            "bad-argument",
            "azds cannot publish there" if to_write else "azds cannot pull from there",
            expected=f"a folder{', s3://...' if to_write else ', s3://..., https://...'}",
            got=f"{scheme}://...",
        )
    return FolderPlace(Path(target))


class FolderPlace:
    """A folder: releases are staged beside, and renamed; entries are made by link."""

    can_write = True
    pause = 0.0

    def __init__(self, path: Path) -> None:
        self.path = path.absolute()
        self.url = str(self.path)

    def read(self, path: str, most: int) -> bytes | None:
        """A file; links out of the place are not followed."""
        at = self.path / parse_path(path, self.url)
        if not at.resolve().is_relative_to(self.path.resolve()):
            return None
        return port.read_file(at, most)

    def create(self, path: str, data: bytes) -> bool:
        """Link a complete file to its name."""
        at = self.path / parse_path(path, self.url)
        make_folders(Path(at.anchor), at.parent)
        scratch = at.with_name(f".{at.name}.{port.fresh_name()}")
        try:
            port.write_new(scratch, data)
            is_new = port.link_new(scratch, at)
        finally:
            with suppress(StorageError):
                port.remove_tree(scratch)
        port.sync_folder(at.parent)
        port.sync_folder(at.parent.parent)
        return is_new

    def replace(self, path: str, data: bytes) -> None:
        """Rename a complete file over the old one."""
        port.replace_file(self.path / parse_path(path, self.url), data)

    def put_release(self, name: str, files: Mapping[str, Path]) -> None:
        """Copy the release beside its place, sync it, and rename it."""
        target = self.path / name
        if port.kind_of(target) is None:
            with staging(self.path, is_durable=True) as staged:
                for path, source in files.items():
                    staged.add(path, _file(source))
                try:
                    put_in_place(staged, target)
                except ReleaseRefusedError as error:
                    if error.kind != "release-exists":  # else another publisher was first
                        raise
        if not _is_same(target, files):
            raise ReleaseRefusedError(
                "release-exists",
                "another release of this name is there, and none is ever written over",
                where=str(target),
                advice="raise the version",
            )


def _is_same(target: Path, files: Mapping[str, Path]) -> bool:
    if port.kind_of(target) != "folder" or set(list_files(target)) != set(files):
        return False
    return all(_file(target / path) == _file(source) for path, source in files.items())


def _file(path: Path) -> bytes:
    size = port.size_of(path)
    data = None if size is None else port.read_file(path, size)
    if data is None:
        raise StorageError("storage-failed", "cannot read this file", where=str(path))
    return data


class WebPlace:
    """A web server that serves a place's files as they are; to pull from."""

    can_write = False
    pause = 0.0

    def __init__(self, url: str) -> None:
        parts = urllib.parse.urlsplit(url)
        if parts.username or parts.password or parts.query or parts.fragment or not parts.hostname:
            raise InvalidInputError(
                "bad-argument", "an address without user, query and fragment is wanted"
            )
        self.url = url.rstrip("/")

    def read(self, path: str, most: int) -> bytes | None:
        """A file, as far as the limit; no redirect leads to another scheme."""
        address = f"{self.url}/{urllib.parse.quote(parse_path(path, self.url))}"
        try:
            opener = urllib.request.build_opener(_SameHost)
            with opener.open(address, timeout=_TIMEOUT) as answer:
                return _limited(answer, most + 1)
        except urllib.error.HTTPError as error:
            if error.code in {404, 410}:
                return None
            raise _unreachable(address, f"HTTP {error.code}") from error
        except (OSError, ValueError) as error:
            raise _unreachable(address, str(error)) from error

    def create(self, path: str, data: bytes) -> bool:
        """Never: a web server is read."""
        raise _read_only(self.url, path, len(data))

    def replace(self, path: str, data: bytes) -> None:
        """Never: a web server is read."""
        raise _read_only(self.url, path, len(data))

    def put_release(self, name: str, files: Mapping[str, Path]) -> None:
        """Never: a web server is read."""
        raise _read_only(self.url, name, len(files))


class _SameHost(urllib.request.HTTPRedirectHandler):
    """A redirect to another host or scheme is not followed: what is pulled is what was named."""

    def redirect_request(self, req, fp, code, msg, headers, newurl):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202, PLR0913, PLR0917 - the signature of urllib
        old, new = urllib.parse.urlsplit(req.full_url), urllib.parse.urlsplit(newurl)
        if (old.scheme, old.netloc) != (new.scheme, new.netloc):
            raise urllib.error.HTTPError(newurl, code, "a redirect to elsewhere", headers, fp)
        return super().redirect_request(req, fp, code, msg, headers, newurl)


class _Readable(Protocol):
    def read(self, size: int) -> bytes:
        """At most `size` bytes."""


def _limited(answer: _Readable, wanted: int) -> bytes:
    pieces = []
    while wanted > 0 and (piece := answer.read(min(wanted, _PIECE))):
        pieces.append(piece)
        wanted -= len(piece)
    return b"".join(pieces)


def _unreachable(address: str, reason: str) -> StorageError:
    return StorageError("storage-failed", f"cannot read: {reason}", where=address)


def _read_only(url: str, path: str, size: int) -> InvalidInputError:
    return InvalidInputError(
        "bad-argument", f"a web server is not written to ({path}, {size})", where=url
    )
