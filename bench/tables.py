# ruff: noqa: INP001, PLR2004 - beside the scripts that use it
"""The tables that are compared: 12 columns, a list and a struct among them; made, not found."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from azds.arrow.digest import content_digest, key_hashes
from azds.arrow.types import schema_from_arrow

__all__ = ["KEYS", "LAYOUTS", "PIECE", "Case", "edited", "rows", "write"]

KEYS = {"int": ["id"], "string": ["id"], "compound": ["tenant", "at"]}
LAYOUTS = ("grouped", "digested", "plain", "shuffled")
PIECE = 1_000_000
EDITED = ("name", "category", "count", "price", "tags", "place")
LIMIT = (1 << 64) // (1 << 14)


@dataclass(frozen=True, slots=True)
class Case:
    """Two tables.

    Attributes:
        rows: Of the old one.
        key: One of `KEYS`.
        share: Of the rows, how many are edited.
        where: `scattered` over all keys, or `clustered` in one range of them.
        layouts: Those of `LAYOUTS` that are written.
    """

    rows: int
    key: str
    share: float
    where: str
    layouts: tuple[str, ...] = ("grouped", "digested")


def rows(start: int, count: int, key: str) -> pa.Table:
    """Rows of the old table."""
    drawn = np.random.default_rng(start)
    at = np.arange(start, start + count)
    keys = {"id": pa.array(at * 3)}
    if key == "string":
        keys = {
            "id": pc.binary_join_element_wise(
                "k", pc.utf8_lpad(pa.array(at).cast("string"), 10, "0"), ""
            )
        }
    elif key == "compound":
        stamps = pa.array(at % 5000 * 60_000_000, pa.timestamp("us"))
        keys = {"tenant": pa.array(at // 5000, pa.int32()), "at": stamps}
    names, words = (
        [f"{what} {n}" for n in range(many)]
        for what, many in (("name of thing", 100_000), ("kind", 50))
    )
    ends = np.concatenate([[0], np.cumsum(drawn.integers(0, 4, count))]).astype(np.int32)
    ratio = np.where(drawn.random(count) < 0.02, np.nan, drawn.random(count))
    return pa.table(
        keys
        | {
            "name": pa.array(names).take(pa.array(drawn.integers(0, len(names), count))),
            "category": pa.array(words).take(pa.array(drawn.integers(0, len(words), count))),
            "count": drawn.integers(0, 1000, count),
            "size": drawn.integers(0, 1 << 40, count),
            "price": pa.array(
                drawn.normal(100, 15, count).round(4), mask=drawn.random(count) < 0.05
            ),
            "ratio": ratio,
            "day": pa.array(drawn.integers(15_000, 20_000, count).astype("int32"), pa.date32()),
            "active": drawn.random(count) < 0.5,
            "seen": pa.array(
                drawn.integers(1_600_000_000, 1_700_000_000, count), pa.timestamp("s")
            ),
            "tags": pa.ListArray.from_arrays(
                ends, pa.array(words).take(pa.array(drawn.integers(0, 50, ends[-1])))
            ),
            "place": pa.StructArray.from_arrays(
                [drawn.random(count), drawn.integers(0, 9, count).astype("int32")], ["lat", "zone"]
            ),
        }
    )


def edited(table: pa.Table, hit: np.ndarray, seed: int, key: list[str]) -> pa.Table:
    """The new rows: of those hit a tenth goes, a tenth gets a new one beside it, others differ."""
    drawn, count = np.random.default_rng([seed, 1]), table.num_rows
    fate = drawn.random(count)
    for name in EDITED:
        order = np.arange(count)
        mine = np.flatnonzero(hit & (drawn.random(count) < 0.3))
        order[mine] = (mine + 17) % count
        table = table.set_column(
            table.column_names.index(name), name, table[name].take(pa.array(order))
        )
    more = table.filter(pa.array(hit & (fate >= 0.9)))
    last = more[key[-1]]
    after = (
        pc.binary_join_element_wise(last, "x", "")
        if last.type == "string"
        else pc.add(last.cast("int64"), 1).cast(last.type)
    )
    more = more.set_column(table.column_names.index(key[-1]), key[-1], after)
    kept = table.filter(pa.array(~(hit & (fate < 0.1))))
    return (
        pa.concat_tables([kept, more])
        .sort_by([(name, "ascending") for name in key])
        .combine_chunks()
    )


def pieces(side: str, given: Case) -> Iterator[pa.Table]:
    """One side, in key order, in pieces."""
    clustered = (given.rows * 0.9, given.rows * (0.9 + given.share))
    for start in range(0, given.rows, PIECE):
        count = min(PIECE, given.rows - start)
        table = rows(start, count, given.key)
        if side == "new":
            at = np.arange(start, start + count)
            hit = np.random.default_rng([start, 2]).random(count) < given.share
            if given.where == "clustered":
                hit = (at >= clustered[0]) & (at < clustered[1])
            table = edited(table, hit, start, KEYS[given.key])
        yield table


def write(side: str, given: Case, folder: Path) -> None:
    """The files of one side in all layouts that are asked for."""
    key = KEYS[given.key]
    plain = grouped = None
    left: pa.Table | None = None
    for table in pieces(side, given):
        if "plain" in given.layouts:
            plain = plain or pq.ParquetWriter(folder / f"{side}-plain.parquet", table.schema)
            plain.write_table(table)
        grouped = grouped or pq.ParquetWriter(folder / f"{side}-grouped.parquet", table.schema)
        whole = table if left is None else pa.concat_tables([left, table]).combine_chunks()
        starts = [0, *np.flatnonzero(key_hashes(whole, tuple(key))[1:] < LIMIT) + 1]
        for a, b in pairwise(starts):
            grouped.write_table(whole.slice(a, b - a), row_group_size=int(b - a))
        left = whole.slice(starts[-1])
    if grouped and left is not None:
        grouped.write_table(left, row_group_size=max(1, left.num_rows))
        grouped.close()
    if plain:
        plain.close()
    if "shuffled" in given.layouts:
        whole = pq.ParquetFile(folder / f"{side}-grouped.parquet").read()
        order = np.random.default_rng(5).permutation(whole.num_rows)
        with pq.ParquetWriter(folder / f"{side}-shuffled.parquet", whole.schema) as shuffled:
            for at in range(0, len(order), PIECE):
                shuffled.write_table(whole.take(pa.array(order[at : at + PIECE])))
    if "digested" in given.layouts:
        file = pq.ParquetFile(folder / f"{side}-grouped.parquet")
        schema = schema_from_arrow(file.schema_arrow, name="table", key=tuple(key))
        groups = (file.read_row_group(n) for n in range(file.num_row_groups))
        digests = ["".join(g.digest for g in content_digest(one, schema).groups) for one in groups]
        (folder / f"{side}-digests.json").write_text(json.dumps(digests))
