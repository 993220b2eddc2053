"""Places where releases are published: a folder, S3-compatible storage; a web server to pull from.

A place is read within a limit; a target also creates what is not there, and replaces its index.
"""

import http.client
import time
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
from azds.store.names import MARKER_FILE

__all__ = ["FolderPlace", "Place", "Target", "WebPlace", "place_of", "target_of"]

_TIMEOUT = 60
_PIECE = 1 << 20
_SLOWEST = 1 << 12
"""Bytes a second, after the first minute."""


class Place(Protocol):
    """Where releases are, to pull from. Paths are relative, divided by ``/``."""

    url: str
    """Its name, without credentials."""

    def read(self, path: str, most: int) -> bytes | None:
        """At most `most + 1` bytes of a file; None if there is none."""


class Target(Place, Protocol):
    """A place to publish to."""

    pause: float
    """Seconds to wait before an entry is read back, where creating is not proven atomic."""

    def create(self, path: str, data: bytes) -> bool:
        """Write a file that must not be there; False if it is."""

    def replace(self, path: str, data: bytes) -> None:
        """Write a file over what stood there."""

    def put_release(self, name: str, files: Mapping[str, Path]) -> None:
        """Put all files of a release in place; fine if the same are there already."""


def place_of(text: str, endpoint: str = "") -> Place:
    """The place that a text names: a folder, ``s3://bucket/prefix``, or ``https://...``.

    Raises:
        InvalidInputError: `bad-argument`.
        RefusedError: `missing-extra`.
    """
    return WebPlace(text) if _scheme(text) in {"http", "https"} else target_of(text, endpoint)


def target_of(text: str, endpoint: str = "", *, is_alone: bool = False) -> Target:
    """The place to publish to that a text names: a folder, or ``s3://bucket/prefix``.

    Raises:
        InvalidInputError: `bad-argument`.
        RefusedError: `missing-extra`.
    """
    scheme = _scheme(text)
    if scheme == "s3":
        from azds.release.objects import ObjectPlace  # noqa: PLC0415 - of an extra

        return ObjectPlace(text, endpoint, is_alone=is_alone)
    if scheme:
        raise InvalidInputError(
            "bad-argument",
            "azds does not publish or pull like that",
            expected="a folder, s3://..., or https://... to pull from",
            got=f"{scheme}://...",
        )
    return FolderPlace(Path(text))


def _scheme(text: str) -> str:
    return text.partition("://")[0] if "://" in text else ""


class FolderPlace:
    """A folder: releases are staged beside, and renamed; entries are made by link."""

    pause = 0.0

    def __init__(self, path: Path) -> None:
        self.path = path.resolve()
        self.url = str(self.path)

    def read(self, path: str, most: int) -> bytes | None:
        """A file; links out of the place are not followed."""
        at = self.path / parse_path(path, self.url)
        if not at.resolve().is_relative_to(self.path):
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
        if port.kind_of(self.path.parent / MARKER_FILE) is not None:
            raise InvalidInputError(
                "bad-argument",
                "this folder stands in a store, which would take it for a dataset",
                where=self.url,
                advice="publish to a folder outside of the store",
            )
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

    def __init__(self, url: str) -> None:
        try:
            parts = urllib.parse.urlsplit(url)
            is_plain = bool(parts.hostname) and parts.port != 0
            is_plain &= not (parts.username or parts.password or parts.query or parts.fragment)
        except ValueError:  # brackets that do not close, a port that is no number
            is_plain = False
        if not is_plain:
            raise InvalidInputError(
                "bad-argument",
                "this is no address of a place",
                expected="https://HOST/PATH without user, query and fragment",
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
            raise _unreachable(address, f"HTTP {error.code} {error.reason}") from error
        except (OSError, ValueError, http.client.HTTPException) as error:
            raise _unreachable(address, getattr(error, "reason", error)) from error


class _SameHost(urllib.request.HTTPRedirectHandler):
    """A redirect to another host or scheme is not followed: what is pulled is what was named."""

    def redirect_request(self, req, fp, code, msg, headers, newurl):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202, PLR0913, PLR0917 - the signature of urllib
        old, new = urllib.parse.urlsplit(req.full_url), urllib.parse.urlsplit(newurl)
        if (old.scheme, old.netloc) != (new.scheme, new.netloc):
            raise urllib.error.HTTPError(newurl, code, "a redirect to elsewhere", headers, fp)
        return super().redirect_request(req, fp, code, msg, headers, newurl)


class _Readable(Protocol):
    length: int | None
    """Bytes that are still to come, where the server said how many there are."""

    def read1(self, size: int) -> bytes:
        """What has come, at most `size` bytes."""


def _limited(answer: _Readable, wanted: int) -> bytes:
    """At most `wanted` bytes; a server that sends too slowly is given up."""
    pieces: list[bytes] = []
    started, got = time.monotonic(), 0
    while got < wanted and (piece := answer.read1(min(wanted - got, _PIECE))):
        pieces.append(piece)
        got += len(piece)
        if got < (time.monotonic() - started - _TIMEOUT) * _SLOWEST:
            raise TimeoutError("the server sends too slowly")
    if got < wanted and answer.length:
        raise ConnectionError("the answer ended early")
    return b"".join(pieces)


def _unreachable(address: str, reason: object) -> StorageError:
    told = str(getattr(reason, "strerror", None) or reason).strip().split("\n")[0]
    return StorageError("storage-failed", f"cannot read: {told[:300]}", where=address)
