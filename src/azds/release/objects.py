"""S3-compatible storage: conditional writes, through obstore. Loads obstore, of the extra."""

import os
import secrets
import urllib.parse
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

from azds.errors import InvalidInputError, RefusedError, StorageError
from azds.release.names import SUMS_FILE, parse_path
from azds.release.refused import ReleaseRefusedError
from azds.store import port

try:
    import obstore
    from obstore.exceptions import AlreadyExistsError, BaseError
    from obstore.store import S3Store
except ImportError as error:
    raise RefusedError(
        "missing-extra",
        "obstore is not installed, and S3-compatible storage needs it",
        advice='install it: pip install "azds[release]"',
    ) from error

__all__ = ["ObjectPlace"]

_RACERS = 16
_ROUNDS = 8
_TIMEOUT = "1h"
_METADATA = "169.254.169.254"


class ObjectPlace:
    """A bucket, or a prefix of one. Credentials are taken from the environment, as AWS names them.

    Some servers accept a conditional write and ignore the condition; some check it, but not
    atomically. A place is asked for both before anything is published there. `is_alone` says that
    nobody else publishes there, and is content with conditions that are not atomic.
    """

    pause = 1.0

    def __init__(self, url: str, endpoint: str = "", *, is_alone: bool = False) -> None:
        parts = urllib.parse.urlsplit(url)
        if parts.username or parts.password or parts.query or parts.fragment or not parts.netloc:
            raise InvalidInputError(
                "bad-argument", "this names no bucket", expected="s3://bucket/prefix"
            )
        endpoint = endpoint or os.environ.get("AWS_ENDPOINT_URL", "")
        self.url = f"{url.rstrip('/')}{f' at {endpoint}' if endpoint else ''}"
        self._is_proven = False
        self._is_alone = is_alone
        client: dict[str, object] = {"timeout": _TIMEOUT}  # of a whole request, with its body
        settings: dict[str, object] = {"client_options": client}
        if endpoint:
            settings["endpoint"] = endpoint
            settings["virtual_hosted_style_request"] = False
            client["allow_http"] = endpoint.startswith("http://")
        self._store = S3Store(
            parts.netloc,
            prefix=parts.path.strip("/") or None,
            retry_config={"max_retries": 2},
            **settings,  # type: ignore[arg-type]  # options of S3, by name
        )

    def read(self, path: str, most: int) -> bytes | None:
        """An object, as far as the limit."""
        try:
            found = obstore.get(self._store, parse_path(path, self.url))
            pieces, wanted = [], most + 1
            for piece in found.stream(min_chunk_size=1 << 20):
                data = bytes(piece)[:wanted]
                pieces.append(data)
                wanted -= len(data)
                if wanted <= 0:
                    break
            return b"".join(pieces)
        except FileNotFoundError as error:
            if "NoSuchBucket" in str(error):
                raise self._failed("read", path, error) from error
            return None
        except (BaseError, OSError) as error:
            raise self._failed("read", path, error) from error

    def create(self, path: str, data: bytes) -> bool:
        """Write an object on the condition that there is none."""
        self._prove()
        return self._create(path, data)

    def replace(self, path: str, data: bytes) -> None:
        """Write an object over the old one."""
        try:
            obstore.put(self._store, parse_path(path, self.url), data)
        except (BaseError, OSError) as error:
            raise self._failed("write", path, error) from error

    def put_release(self, name: str, files: Mapping[str, Path]) -> None:
        """Create each object, and read it back. Until the log says so, none of it is published.

        The sums come first: who wrote them has the name, and another release of it stops there.
        """
        for path in sorted(files, key=lambda one: (one != SUMS_FILE, one)):
            source = files[path]
            data = port.read_file(source, port.size_of(source) or 0) or b""
            key = f"{name}/{path}"
            self.create(key, data)
            if self.read(key, len(data)) != data:
                raise ReleaseRefusedError(
                    "release-exists",
                    "another release of this name is there, or a part of one, and none is ever "
                    "written over",
                    where=f"{self.url}/{key}",
                    advice="raise the version",
                )

    def _create(self, path: str, data: bytes) -> bool:
        try:
            obstore.put(self._store, parse_path(path, self.url), data, mode="create")
        except (AlreadyExistsError, FileExistsError):
            return False
        except (BaseError, OSError) as error:
            raise self._failed("write", path, error) from error
        return True

    def _prove(self) -> None:
        """Ask the server for what the log rests on: of several writes of one key, one counts."""
        if self._is_proven:
            return
        key = f"log/probe-{secrets.token_hex(8)}"
        try:
            self._create(key, b"0")  # refused, it was there after all, and only the reply was lost
            if self._create(key, b"1") or self.read(key, 1) != b"0":
                raise self._unfit(
                    "this server ignores conditional writes",
                    "publish to a server that keeps `If-None-Match`, or to a folder",
                )
            if not self._is_alone and self._has_two_winners(key):
                raise self._unfit(
                    "conditional writes of this server are not atomic",
                    "if nobody else publishes there, say so with --alone",
                )
        finally:
            for name in (key, *(f"{key}-{number}" for number in range(_ROUNDS))):
                with suppress(BaseError, OSError):
                    obstore.delete(self._store, name)
        self._is_proven = True

    def _has_two_winners(self, key: str) -> bool:
        """Whether of many writers of one key at one time more than one is told to be the first."""
        with ThreadPoolExecutor(_RACERS) as pool:
            for number in range(_ROUNDS):
                name = f"{key}-{number}"
                each = [(name, str(racer).encode()) for racer in range(_RACERS)]
                if sum(pool.map(lambda one: self._create(*one), each)) > 1:
                    return True
        return False

    def _unfit(self, what: str, advice: str) -> ReleaseRefusedError:
        return ReleaseRefusedError(
            "release-storage",
            f"{what}, so an entry of the log could be lost; nothing was published",
            where=self.url,
            expected="of several writes of one key, the first alone to count",
            advice=advice,
        )

    def _failed(self, doing: str, path: str, error: Exception) -> StorageError:
        reason = str(error).strip().split("\n")[0][:300]
        advice = None
        if _METADATA in reason:  # where it looks for credentials, if the environment has none
            reason = "no credentials"
            advice = (
                "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY; to pull from a public bucket, "
                "AWS_SKIP_SIGNATURE=true"
            )
        return StorageError(
            "storage-failed",
            f"cannot {doing}: {reason}",
            where=f"{self.url}/{path}",
            advice=advice,
        )
