"""A small sound store, and what damages it: by hand, or by a forger who makes all digests agree.

Documents are edited as plain JSON, so that what a program would refuse to write can be written.
"""

import hashlib
import json
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.store.making import WRITER, revision

from azds.arrow.digest import content_digest
from azds.store import DatasetFolder, init_store, open_store, staging

__all__ = [
    "Forged",
    "city",
    "digest_of",
    "dump",
    "patched_store",
    "patches_of_small_tables",
    "sound_store",
]

Document = dict[str, Any]


@contextmanager
def patches_of_small_tables() -> Iterator[None]:
    """Tables that are really stored whole are stored as patches, so that they can be small."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(staging, "_SMALL", 0)
        patch.setattr(staging, "_SHARE", 1_000.0)
        yield


def patched_store(path: Path) -> "Forged":
    """The same as `sound_store`, but `a@2` and `c` are patches on `a` and `b`."""
    with patches_of_small_tables():
        return sound_store(path)


def sound_store(path: Path) -> "Forged":
    """Four revisions' folders from three records; `a` and `b` share a table, `a@2` replaces `a`."""
    dataset = init_store(path).create("cities")
    dataset.commit([revision("a", {"BAK": 1}), revision("b", {"BAK": 1})], writer=WRITER)
    dataset.commit([revision("a", {"BAK": 2, "SUM": 3})], writer=WRITER)
    dataset.commit([revision("c", {"BAK": 2, "GAN": 5})], writer=WRITER)
    (dataset.path / "lock").unlink()
    return Forged(path)


def dump(document: Document) -> bytes:
    """As azds writes it, by other code."""
    text = json.dumps(document, ensure_ascii=False, indent=2, sort_keys=True)
    return f"{text}\n".encode()


def digest_of(data: bytes) -> str:
    return f"sha256:{hashlib.sha256(data).hexdigest()}"


def city(ids: Sequence[str | None], people: Sequence[int | None]) -> pa.Table:
    """A table of cities that may break every rule but its types."""
    return pa.table({"id": pa.array(ids, pa.string()), "people": pa.array(people, pa.int64())})


class Forged:
    """A store at `path` whose dataset `cities` is edited; `log` follows what is edited."""

    def __init__(self, path: Path) -> None:
        self.store = path
        self.path = path / "cities"

    def dataset(self) -> DatasetFolder:
        return open_store(self.store).dataset("cities")

    def records(self) -> list[Path]:
        return sorted((self.path / "log").glob("*.json"))

    def flip(self, name: str) -> None:
        """Change one bit in the middle of a file."""
        data = bytearray((self.path / name).read_bytes())
        data[len(data) // 2] ^= 1
        (self.path / name).write_bytes(data)

    def swap(self, one: str, other: str) -> None:
        first, second = (self.path / one).read_bytes(), (self.path / other).read_bytes()
        (self.path / one).write_bytes(second)
        (self.path / other).write_bytes(first)

    def record(
        self,
        name: str,
        change: Callable[[Document], object],
        *,
        write: Callable[[Document], bytes] = dump,
    ) -> None:
        """Change a record and give it its right hash; later ones still follow what it was."""
        path = self.path / "log" / name
        document = json.loads(path.read_bytes())
        del document["hash"]
        change(document)
        path.write_bytes(write(document | {"hash": digest_of(dump(document))}))

    def relink(self) -> None:
        """Make each record name the manifests as they are, and the record before."""
        before = None
        for path in self.records():
            document = json.loads(path.read_bytes())
            del document["hash"]
            document["parent"] = before
            for logged in document["revisions"].values():
                data = (self.path / logged["folder"] / "manifest.json").read_bytes()
                logged["manifest"] = digest_of(data)
            before = digest_of(dump(document))
            path.write_bytes(dump(document | {"hash": before}))

    def manifest(
        self,
        folder: str,
        change: Callable[[Document], object],
        *,
        write: Callable[[Document], bytes] = dump,
    ) -> None:
        """Change a manifest, and make the log agree."""
        path = self.path / folder / "manifest.json"
        document = json.loads(path.read_bytes())
        change(document)
        path.write_bytes(write(document))
        self.relink()

    def table(self, folder: str, data: bytes, **told: object) -> None:
        """Put other bytes in place of a table's file, and make manifest and log agree with it."""
        (self.path / folder / "City.parquet").write_bytes(data)

        def change(document: Document) -> None:
            document["tables"]["City"] |= told
            [file] = document["tables"]["City"]["files"]
            file |= {"bytes": len(data), "sha256": digest_of(data)}

        self.manifest(folder, change)

    def rows(self, folder: str, rows: pa.Table, *, is_told: bool) -> None:
        """Put other rows in place of a table; where `is_told` the manifest describes them."""
        sink = pa.BufferOutputStream()
        pq.write_table(rows, sink, compression="none", store_schema=False)
        told: Document = {}
        if is_told:
            schema = self.dataset().table_entry("c", "City").schema
            content = content_digest(rows, schema)
            told = {
                "rows": rows.num_rows,
                "digest": content.digest,
                "groups": [{"rows": g.rows, "digest": g.digest} for g in content.groups],
            }
        self.table(folder, bytes(sink.getvalue()), **told)

    def remove(self, name: str) -> None:
        path = self.path / name
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()

    def add(self, name: str, data: bytes = b"") -> None:
        path = self.path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)

    def folder_for(self, name: str) -> None:
        """A folder in place of a file; with a file in it, since git keeps no empty folder."""
        self.remove(name)
        self.add(f"{name}/x")

    def file_for(self, name: str) -> None:
        """A file in place of a folder."""
        self.remove(name)
        self.add(name)
