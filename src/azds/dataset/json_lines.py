"""JSON lines, read in blocks: the types first, over all of them, then the rows.

A type follows all values of a column, as if the file were read at once: whole numbers become
fractions where one is, a field that comes late is null before. What looks like a time
everywhere is told apart as text, whose type is still to be found.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.json as pj

__all__ = ["Found", "find_schema", "read_lines"]

_BLOCK = 8 * 1024 * 1024
_MOST_LINE = (1 << 31) - 2
_ROWS = 64 * 1024


@dataclass(frozen=True, slots=True)
class Found:
    """The columns of a file.

    Attributes:
        schema: Their names, in the order of their first appearance, and types.
        times: The columns of text that looks like times.
    """

    schema: pa.Schema
    times: frozenset[str]


def find_schema(path: Path) -> Found:
    """The columns of JSON lines, by all of their values.

    Raises:
        pyarrow.ArrowInvalid: This is no JSON, or values of several kinds share a column.
    """
    kinds: dict[str, pa.DataType] = {}
    for block in _blocks(path):
        for field in _parsed(block, None).schema:
            known = kinds.get(field.name, field.type)
            kinds[field.name] = _common(known, field.type, field.name)
    times = frozenset(name for name, kind in kinds.items() if pa.types.is_timestamp(kind))
    fields = [(name, pa.string() if name in times else kind) for name, kind in kinds.items()]
    return Found(pa.schema(fields), times)


def read_lines(path: Path, schema: pa.Schema) -> Iterator[pa.RecordBatch]:
    """The rows, in the columns that `find_schema` found, of which not all need be given.

    Raises:
        pyarrow.ArrowInvalid: The file is no longer what it was.
    """
    for block in _blocks(path):
        yield from _parsed(block, schema).select(schema.names).to_batches(max_chunksize=_ROWS)


def _parsed(block: bytes, schema: pa.Schema | None) -> pa.Table:
    return pj.read_json(
        pa.BufferReader(block),
        pj.ReadOptions(use_threads=False, block_size=max(1 << 20, len(block) + 1)),
        pj.ParseOptions(explicit_schema=schema),
    )


def _blocks(path: Path) -> Iterator[bytes]:
    """Whole lines, in pieces of some size; a line that is larger makes one of its own."""
    held: list[bytes] = []
    size, has_any = 0, False
    with path.open("rb") as handle:
        while piece := handle.read(_BLOCK):
            cut = piece.rfind(b"\n") + 1
            held.append(piece[:cut] if cut else piece)
            size += len(held[-1])
            if cut and (block := b"".join(held)).strip():
                yield block
                has_any = True
            if cut:
                held, size = [piece[cut:]], len(piece) - cut
            if size > _MOST_LINE:
                msg = f"a line has more than {_MOST_LINE:,} bytes"
                raise pa.ArrowInvalid(msg)
    last = b"".join(held)
    if last.strip() or not has_any:
        yield last


def _common(a: pa.DataType, b: pa.DataType, name: str) -> pa.DataType:
    """The type of values of which some are of one of these types, some of the other."""
    if a == b or pa.types.is_null(a) or pa.types.is_null(b):
        return b if pa.types.is_null(a) else a
    if {a, b} == {pa.int64(), pa.float64()}:
        return pa.float64()
    if all(pa.types.is_timestamp(kind) or pa.types.is_string(kind) for kind in (a, b)):
        has_text = pa.types.is_string(a) or pa.types.is_string(b)
        return pa.string() if has_text else pa.timestamp("ns")
    if pa.types.is_list(a) and pa.types.is_list(b):
        return pa.list_(_common(a.value_type, b.value_type, name))
    if pa.types.is_struct(a) and pa.types.is_struct(b):
        fields = {field.name: field.type for field in a}
        for field in b:
            fields[field.name] = _common(fields.get(field.name, field.type), field.type, name)
        return pa.struct(list(fields.items()))
    msg = f"JSON parse error: Column({name}) changed from {a} to {b}"
    raise pa.ArrowInvalid(msg)
