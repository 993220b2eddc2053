"""What this user has seen of places: the last entry of each log, and which releases are withdrawn.

A log that goes back behind its last entry is refused. A release does not know that it was
withdrawn after it was pulled; who opens it is told what the last pull saw.
"""

import hashlib
import json
import os
from collections.abc import Sequence
from pathlib import Path

from azds.errors import StorageError
from azds.release.folder import make_folders
from azds.release.log import Entry, Published, published
from azds.release.refused import ReleaseRefusedError
from azds.render.words import plural
from azds.store import port

__all__ = ["refuse_rollback", "remember", "withdrawal", "withdrawn"]

_MOST = 1 << 18
"""Bytes: an entry of a log takes thrice as many where its letters are escaped."""


def refuse_rollback(url: str, entries: Sequence[Entry]) -> None:
    """The log of a place has to hold the last entry that was seen of it.

    Raises:
        ReleaseRefusedError: `release-rollback`.
    """
    file = _last(url)
    try:
        seen = json.loads(port.read_file(file, _MOST) or b"{}")
        number, digest = int(seen.get("number", 0)), str(seen.get("hash", ""))
    except (ValueError, TypeError, AttributeError):
        raise ReleaseRefusedError(
            "release-rollback",
            "what was seen of this place cannot be read",
            where=str(file),
            advice="remove the file to forget it",
        ) from None
    if number and (len(entries) < number or entries[number - 1].hash != digest):
        raise ReleaseRefusedError(
            "release-rollback",
            "this log is older, or another one, than was seen before; nothing was pulled",
            where=url,
            expected=f"entry {number} as it was",
            got=plural(len(entries), "entry", "entries")
            if len(entries) < number
            else "another entry",
            advice=f"if the publisher began anew, remove {file}",
        )


def remember(url: str, entries: Sequence[Entry]) -> None:
    """Keep the last entry of a log, and what it withdraws."""
    _keep(_last(url), {"url": url, "number": len(entries), "hash": entries[-1].hash})
    for one in published(entries).values():
        if one.yanked is not None:
            _keep(_yank(one.entry.sums), {"told": withdrawal(one)})


def withdrawal(one: Published) -> str:
    """That a release is withdrawn, in a line; empty where it is not."""
    if one.yanked is None:
        return ""
    use = f"; use {one.yanked.use}" if one.yanked.use else ""
    return f"{one.entry.release} is withdrawn: {one.yanked.reason}{use}"


def withdrawn(sums: str) -> str:
    """The same of the release with these sums, as far as a pull has seen it."""
    try:
        data = port.read_file(_yank(sums), _MOST)
        return str(json.loads(data)["told"]) if data else ""
    except (StorageError, ValueError, KeyError, TypeError):
        return ""


def _keep(file: Path, document: dict[str, object]) -> None:
    make_folders(Path(file.anchor), file.parent)
    port.replace_file(file, f"{json.dumps(document)}\n".encode())


def _last(url: str) -> Path:
    return _folder() / "seen" / f"{hashlib.sha256(url.encode()).hexdigest()[:32]}.json"


def _yank(sums: str) -> Path:
    return _folder() / "withdrawn" / f"{sums.partition(':')[2]}.json"


def _folder() -> Path:
    """``$XDG_STATE_HOME/azds``."""
    home = os.environ.get("XDG_STATE_HOME", "")
    return (Path(home) if Path(home).is_absolute() else Path.home() / ".local" / "state") / "azds"
