"""A damaged store for each code of `azds verify`: what is done to it, and all that is to be said.

`python -m tests.faults.make_fixtures` writes them to `tests/faults/fixtures/`.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from tests.faults.forging import Forged, city, digest_of, dump, patched_store, sound_store
from tests.store.making import broken_text

__all__ = ["DAMAGES", "Damage", "Said"]

Said = tuple[str, str, str]
Document = dict[str, Any]

FIRST, SECOND, THIRD = "000001.json", "000002.json", "000003.json"
B, C = "cities/b/manifest.json", "cities/c/manifest.json"
TABLE = "cities/c/City.parquet"
PATCH = "cities/c/City.patch.parquet"


@dataclass(frozen=True, slots=True)
class Damage:
    """What is done to a sound store, and what `azds verify` is to say: code, file, revision.

    Attributes:
        does: Damages the store.
        says: All faults, in order.
        folders: Empty folders of it, which git does not keep.
        refuses: A file that the system refuses to read.
        quick: What `--quick` is to say, where that is less.
        begins: Makes the sound store.
    """

    does: Callable[[Forged], object]
    says: list[Said]
    folders: tuple[str, ...] = ()
    refuses: str = ""
    quick: list[Said] | None = None
    begins: Callable[[Path], Forged] = sound_store

    @property
    def says_quickly(self) -> list[Said]:
        return self.says if self.quick is None else self.quick


def nothing(it: Forged) -> None:
    """What is wrong cannot be kept in git: see `folders` and `refuses`."""
    assert it.path.is_dir()


def marker(data: bytes) -> Callable[[Forged], object]:
    return lambda it: (it.store / "azds-store.json").write_bytes(data)


def write(name: str, data: bytes) -> Callable[[Forged], object]:
    return lambda it: (it.path / name).write_bytes(data)


def edit(name: str, change: Callable[[bytes], bytes]) -> Callable[[Forged], object]:
    return lambda it: (it.path / name).write_bytes(change((it.path / name).read_bytes()))


def fields(**told: object) -> Callable[[Forged], object]:
    """A manifest of `c` with other fields, forged."""
    return lambda it: it.manifest("c", lambda document: document.update(told))


def in_table(**told: object) -> Callable[[Forged], object]:
    """A manifest of `c` that says something else of its table, forged."""
    return lambda it: it.manifest("c", lambda document: document["tables"]["City"].update(told))


def in_file(folder: str, **told: object) -> Callable[[Forged], object]:
    """A manifest that says something else of its table's file, forged."""

    def change(document: Document) -> None:
        document["tables"]["City"]["files"][0].update(told)

    return lambda it: it.manifest(folder, change)


def rows(table: pa.Table, *, is_told: bool = True) -> Callable[[Forged], object]:
    """Other rows in the table of `c`, forged."""
    return lambda it: it.rows("c", table, is_told=is_told)


def in_record(change: Callable[[Document], object]) -> Callable[[Forged], object]:
    """A last record that says something else, with a right hash."""
    return lambda it: it.record(THIRD, change)


def names_again(it: Forged) -> None:
    """A last record that names the folder of the first."""
    data = (it.path / "b" / "manifest.json").read_bytes()
    made = {"b": {"folder": "b", "manifest": digest_of(data)}}
    it.record(THIRD, lambda document: document.update(revisions=made))


def not_canonical(document: Document) -> bytes:
    return json.dumps(document, sort_keys=True, indent=1).encode()


def two_cases(document: Document) -> None:
    entry = json.loads(json.dumps(document["tables"]["City"]))
    entry["schema"]["name"] = "city"
    document["tables"]["city"] = entry


def elsewhere(it: Forged) -> None:
    """The table of `c` is in a folder that no record made."""
    it.add("d/City.parquet", (it.path / "c" / "City.parquet").read_bytes())
    it.remove("c/City.parquet")
    in_file("c", path="d/City.parquet")(it)


def later(it: Forged) -> None:
    """An early revision says that its table is the one of a later commit."""
    it.remove("a@2/City.parquet")
    tables = json.loads((it.path / "c" / "manifest.json").read_bytes())["tables"]
    it.manifest("a@2", lambda document: document.update(tables=tables))


def null_in_needed(it: Forged) -> None:
    """A column that must have a value has none in a row."""

    def needed(document: Document) -> None:
        document["tables"]["City"]["schema"]["columns"][1].pop("nullable")

    it.manifest("c", needed)
    it.rows("c", city(["BAK", "GAN"], [2, None]), is_told=True)


def other_type(it: Forged) -> None:
    it.rows("c", pa.table({"id": ["BAK", "GAN"], "people": ["many", "few"]}), is_told=False)


def other_groups(document: Document) -> None:
    for group in document["tables"]["City"]["groups"]:
        group["digest"] = "0" * len(group["digest"])


def too_large(it: Forged) -> None:
    """A footer that declares a row group of 2^40 bytes; the digests agree."""
    sink = pa.BufferOutputStream()
    pq.write_table(city(["BAK", "GAN"], [2, 5]), sink, compression="none", store_schema=False)
    data = bytes(sink.getvalue())
    group = pq.ParquetFile(pa.BufferReader(data)).metadata.row_group(0)
    it.table("c", declaring(data, group.total_byte_size, group.num_rows, 1 << 40))


def declaring(data: bytes, size: int, rows: int, other: int) -> bytes:
    """A Parquet file whose footer gives its row group another size (thrift, compact)."""
    length = int.from_bytes(data[-8:-4], "little")
    body, footer = data[: -8 - length], data[-8 - length : -8]
    told = footer.replace(varint(size) + varint(rows), varint(other) + varint(rows))
    assert told != footer
    return body + told + len(told).to_bytes(4, "little") + data[-4:]


def varint(number: int) -> bytes:
    """A thrift compact field after the one before: zigzag, seven bits a byte."""
    number <<= 1
    out = bytearray(b"\x16")
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes([*out, number])


def log_emptied(it: Forged) -> None:
    for record in it.records():
        record.unlink()
    it.add("log/README", b"git keeps no empty folder")


def lose_last_record(it: Forged) -> None:
    it.remove(f"log/{THIRD}")


def left_part(it: Forged) -> None:
    it.add("d/City.parquet", b"PAR1 half")


SCRATCH = f".dataset.toml.{'0f' * 16}"

DAMAGES: Mapping[str, Damage] = {
    # the marker
    "marker-missing": Damage(
        lambda it: (it.store / "azds-store.json").unlink(),
        [("marker-missing", "azds-store.json", "")],
    ),
    "marker-empty": Damage(marker(b""), [("marker-empty", "azds-store.json", "")]),
    "marker-format": Damage(
        marker(dump({"format": 9, "kind": "azds-store"})),
        [("marker-format", "azds-store.json", "")],
    ),
    "marker-changed": Damage(
        marker(dump({"format": 0, "kind": "else"})), [("marker-changed", "azds-store.json", "")]
    ),
    # the log
    "log-missing": Damage(lambda it: it.remove("log"), [("log-missing", "cities/log", "")]),
    "log-empty": Damage(
        log_emptied, [("stray-in-log", "cities/log/README", ""), ("log-empty", "cities/log", "")]
    ),
    "log-not-folder": Damage(lambda it: it.file_for("log"), [("log-not-folder", "cities/log", "")]),
    "record-missing": Damage(
        lambda it: it.remove(f"log/{SECOND}"), [("record-missing", f"cities/log/{SECOND}", "")]
    ),
    "record-not-file": Damage(
        lambda it: it.folder_for(f"log/{SECOND}"), [("record-not-file", f"cities/log/{SECOND}", "")]
    ),
    "record-empty": Damage(
        write(f"log/{THIRD}", b""), [("record-empty", f"cities/log/{THIRD}", "")]
    ),
    "record-not-json": Damage(
        edit(f"log/{THIRD}", lambda data: data[:-9]),
        [("record-not-json", f"cities/log/{THIRD}", "")],
    ),
    "record-not-canonical": Damage(
        edit(f"log/{THIRD}", lambda data: data + b"\n"),
        [("record-not-canonical", f"cities/log/{THIRD}", "")],
    ),
    "record-hash": Damage(
        edit(
            f"log/{THIRD}", lambda data: data.replace(b'"parent": "sha256:', b'"parent": "sha255:')
        ),
        [("record-hash", f"cities/log/{THIRD}", "")],
    ),
    "record-number": Damage(
        lambda it: it.swap(f"log/{SECOND}", f"log/{THIRD}"),
        [
            ("record-number", f"cities/log/{SECOND}", ""),
            ("record-number", f"cities/log/{THIRD}", ""),
        ],
    ),
    "record-format": Damage(
        in_record(lambda document: document.update(format=9)),
        [("record-format", f"cities/log/{THIRD}", "")],
    ),
    "record-invalid": Damage(
        in_record(lambda document: document.update(revisions=["c"])),
        [("record-invalid", f"cities/log/{THIRD}", "")],
    ),
    "record-path": Damage(
        in_record(lambda document: document["revisions"]["c"].update(folder="../c")),
        [("record-path", f"cities/log/{THIRD}", "")],
    ),
    "record-parent": Damage(
        in_record(lambda document: document.update(parent=digest_of(b"another"))),
        [("record-parent", f"cities/log/{THIRD}", "")],
    ),
    "record-folder": Damage(names_again, [("record-folder", f"cities/log/{THIRD}", "")]),
    # manifests
    "revision-missing": Damage(lambda it: it.remove("c"), [("revision-missing", "cities/c", "c")]),
    "revision-not-folder": Damage(
        lambda it: it.file_for("c"), [("revision-not-folder", "cities/c", "c")]
    ),
    "manifest-missing": Damage(
        lambda it: it.remove("c/manifest.json"), [("manifest-missing", C, "c")]
    ),
    "manifest-not-file": Damage(
        lambda it: it.folder_for("c/manifest.json"), [("manifest-not-file", C, "c")]
    ),
    "manifest-empty": Damage(write("c/manifest.json", b""), [("manifest-empty", C, "c")]),
    "manifest-swapped": Damage(
        lambda it: it.swap("b/manifest.json", "c/manifest.json"),
        [("manifest-swapped", B, "b"), ("manifest-swapped", C, "c")],
    ),
    "manifest-changed": Damage(
        lambda it: it.flip("c/manifest.json"), [("manifest-changed", C, "c")]
    ),
    "manifest-not-json": Damage(
        lambda it: it.manifest("c", dict, write=lambda document: dump(document)[:-9]),
        [("manifest-not-json", C, "c")],
    ),
    "manifest-not-canonical": Damage(
        lambda it: it.manifest("c", dict, write=not_canonical), [("manifest-not-canonical", C, "c")]
    ),
    "manifest-format": Damage(fields(format=9), [("manifest-format", C, "c")]),
    "manifest-dataset": Damage(fields(dataset="towns"), [("manifest-dataset", C, "c")]),
    "manifest-label": Damage(fields(label="d"), [("manifest-label", C, "c")]),
    "manifest-path": Damage(
        in_file("c", path="../../etc/City.parquet"), [("manifest-path", C, "c")]
    ),
    "manifest-groups": Damage(in_table(rows=3), [("manifest-groups", C, "c")]),
    "manifest-invalid": Damage(fields(position="last"), [("manifest-invalid", C, "c")]),
    "manifest-position": Damage(fields(position=2), [("manifest-position", C, "c")]),
    "manifest-case": Damage(lambda it: it.manifest("c", two_cases), [("manifest-case", C, "c")]),
    "manifest-unlogged": Damage(
        elsewhere, [("manifest-unlogged", C, "c"), ("leftover-part", "cities/d", "")]
    ),
    "manifest-later": Damage(later, [("manifest-later", "cities/a@2/manifest.json", "a")]),
    "manifest-disagrees": Damage(
        in_file("b", sha256=digest_of(b"else")),
        [("manifest-disagrees", B, "b"), ("file-changed", "cities/a/City.parquet", "b")],
        quick=[("manifest-disagrees", B, "b")],
    ),
    # files
    "file-missing": Damage(
        lambda it: it.remove("a/City.parquet"), [("file-missing", "cities/a/City.parquet", "a, b")]
    ),
    "file-not-file": Damage(
        lambda it: it.folder_for("c/City.parquet"), [("file-not-file", TABLE, "c")]
    ),
    "file-empty": Damage(write("c/City.parquet", b""), [("file-empty", TABLE, "c")]),
    "file-short": Damage(
        edit("c/City.parquet", lambda data: data[:-1]), [("file-short", TABLE, "c")]
    ),
    "file-long": Damage(
        edit("c/City.parquet", lambda data: b"x" + data), [("file-long", TABLE, "c")]
    ),
    "file-doubled": Damage(
        edit("c/City.parquet", lambda data: data + data),
        [("file-doubled", TABLE, "c")],
        quick=[("file-long", TABLE, "c")],
    ),
    "file-extended": Damage(
        edit("c/City.parquet", lambda data: data + b"\0"),
        [("file-extended", TABLE, "c")],
        quick=[("file-long", TABLE, "c")],
    ),
    "file-swapped": Damage(
        lambda it: it.swap("a@2/City.parquet", "c/City.parquet"),
        [("file-swapped", "cities/a@2/City.parquet", "a"), ("file-swapped", TABLE, "c")],
        quick=[],
    ),
    "file-changed": Damage(
        lambda it: it.flip("c/City.parquet"), [("file-changed", TABLE, "c")], quick=[]
    ),
    "file-unreadable": Damage(nothing, [("file-unreadable", TABLE, "c")], refuses="c/City.parquet"),
    # contents: files have the digests of the manifest
    "content-unreadable": Damage(
        lambda it: it.table("c", b"PAR1 no parquet PAR1"),
        [("content-unreadable", TABLE, "c")],
        quick=[],
    ),
    "content-too-large": Damage(too_large, [("content-too-large", TABLE, "c")], quick=[]),
    "content-rows": Damage(
        rows(city(["BAK"], [2]), is_told=False), [("content-rows", TABLE, "c")], quick=[]
    ),
    "content-columns": Damage(
        rows(city(["BAK", "GAN"], [2, 5]).rename_columns(["id", "men"]), is_told=False),
        [("content-columns", TABLE, "c")],
        quick=[],
    ),
    "content-types": Damage(other_type, [("content-types", TABLE, "c")], quick=[]),
    "content-null": Damage(
        null_in_needed,
        [("content-null", TABLE, "c")],
        quick=[],
    ),
    "content-invalid": Damage(
        lambda it: it.table("c", parquet(broken_text()), rows=1, groups=one_group()),
        [("content-invalid", TABLE, "c")],
        quick=[],
    ),
    "key-null": Damage(
        lambda it: it.table("c", parquet(city(["BAK", None], [2, 5]))),
        [("key-null", TABLE, "c")],
        quick=[],
    ),
    "key-order": Damage(rows(city(["GAN", "BAK"], [5, 2])), [("key-order", TABLE, "c")], quick=[]),
    "key-repeated": Damage(
        rows(city(["BAK", "BAK"], [5, 2])), [("key-repeated", TABLE, "c")], quick=[]
    ),
    "content-groups": Damage(
        lambda it: it.manifest("c", other_groups), [("content-groups", TABLE, "c")], quick=[]
    ),
    "content-changed": Damage(
        rows(city(["BAK", "GAN"], [2, 6]), is_told=False),
        [("content-changed", TABLE, "c")],
        quick=[],
    ),
    # patches
    "patch-chain": Damage(
        in_file("c", on="d"), [("patch-chain", PATCH, "c")], quick=[], begins=patched_store
    ),
    "patch-ends": Damage(
        in_file("c", on="a@2"), [("patch-ends", PATCH, "c")], quick=[], begins=patched_store
    ),
    "patch-content": Damage(
        lambda it: it.manifest("c", other_groups),
        [("patch-content", PATCH, "c")],
        quick=[],
        begins=patched_store,
    ),
    # strays
    "stray-file": Damage(lambda it: it.add("notes.txt"), [("stray-file", "cities/notes.txt", "")]),
    "stray-folder": Damage(
        lambda it: it.add("My notes/x"), [("stray-folder", "cities/My notes", "")]
    ),
    "stray-in-log": Damage(
        lambda it: it.add("log/1.json"), [("stray-in-log", "cities/log/1.json", "")]
    ),
    "file-extra": Damage(
        lambda it: it.add("c/notes.txt"), [("file-extra", "cities/c/notes.txt", "c")]
    ),
    "stray-case": Damage(
        lambda it: it.add("c/city.parquet"), [("stray-case", "cities/c/city.parquet", "c")]
    ),
    "leftover-empty": Damage(nothing, [("leftover-empty", "cities/d", "")], folders=("cities/d",)),
    "leftover-part": Damage(left_part, [("leftover-part", "cities/d", "")]),
    "leftover-whole": Damage(lose_last_record, [("leftover-whole", "cities/c", "")]),
    "leftover-scratch": Damage(
        lambda it: it.add(SCRATCH, b"half"), [("leftover-scratch", f"cities/{SCRATCH}", "")]
    ),
}
"""By the code that each shows."""


def one_group() -> list[Document]:
    return [{"rows": 1, "digest": "0" * 32}]


def parquet(table: pa.Table) -> bytes:
    sink = pa.BufferOutputStream()
    pq.write_table(table, sink, compression="none", store_schema=False)
    return bytes(sink.getvalue())
