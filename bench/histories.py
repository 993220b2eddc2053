# ruff: noqa: INP001, T201, PLC0415 - a script; each contestant imports its own
"""Those who keep the history of a table: ``python bench/histories.py NAME FOLDER TABLE UPSERTS``.

A process that is told on its input what to do, one line each, and answers each with what
it took: `base`, `commit N`, `diff A B`, `read N`, `size`. Commits are upserts of the rows
in UPSERTS/N.parquet by `id`; commit 0 is the base. So all histories grow in turn.
"""

import json
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from measure import peak_memory

if TYPE_CHECKING:
    from azds.dataset.dataset import Dataset

__all__ = ["HISTORIES"]


class History(Protocol):
    """One who keeps histories."""

    def base(self, table: pa.Table) -> None:
        """Keep the first state."""

    def commit(self, number: int, rows: pa.Table) -> None:
        """Keep the next one."""

    def diff(self, old: int, new: int) -> int | None:
        """How many rows differ; None where it keeps no differences to be read."""

    def read(self, number: int) -> pa.Table:
        """A state, whole."""


class Azds:
    """Upserts in a store; every commit is synced to the disk."""

    def __init__(self, folder: Path) -> None:
        import azds

        self.azds = azds
        self.folder = folder
        self.own = azds.init(folder).create("b")

    def base(self, table: pa.Table) -> None:
        self.own.commit("r0", {"t": table}, key=["id"])

    def commit(self, number: int, rows: pa.Table) -> None:
        self.own.commit(f"r{number}", upserts={"t": rows})

    def opened(self) -> "Dataset":
        from azds.dataset.dataset import Dataset

        return Dataset(self.azds.open(self.folder)["b"].folder)

    def diff(self, old: int, new: int) -> int:
        return self.opened().diff(f"r{old}", f"r{new}")["t"].changes.keys.num_rows

    def read(self, number: int) -> pa.Table:
        return self.opened()[f"r{number}"]["t"].to_arrow()


class Delta:
    """MERGE, with the change feed on."""

    def __init__(self, folder: Path) -> None:
        self.folder = str(folder)

    def fitted(self, table: pa.Table) -> pa.Table:
        """It has microseconds alone."""
        at = table.schema.get_field_index("seen")
        return table.set_column(at, "seen", table["seen"].cast(pa.timestamp("us")))

    def base(self, table: pa.Table) -> None:
        from deltalake import write_deltalake

        on = {"delta.enableChangeDataFeed": "true"}
        write_deltalake(self.folder, self.fitted(table), configuration=on)

    def commit(self, number: int, rows: pa.Table) -> None:
        from deltalake import DeltaTable

        del number
        merge = DeltaTable(self.folder).merge(
            self.fitted(rows), "t.id = s.id", source_alias="s", target_alias="t"
        )
        merge.when_matched_update_all().when_not_matched_insert_all().execute()

    def diff(self, old: int, new: int) -> int:
        from deltalake import DeltaTable

        feed = DeltaTable(self.folder).load_cdf(starting_version=old + 1, ending_version=new)
        found = pa.table(pa.RecordBatchReader.from_stream(feed).read_all())
        is_after = pc.equal(found["_change_type"].cast("string"), "update_postimage")
        return len(pc.unique(found["id"].filter(is_after)))

    def read(self, number: int) -> pa.Table:
        from deltalake import DeltaTable

        return pa.table(DeltaTable(self.folder, version=number).to_pyarrow_table())


class Lance:
    """merge_insert."""

    def __init__(self, folder: Path) -> None:
        self.folder = str(folder / "t.lance")

    def base(self, table: pa.Table) -> None:
        import lance

        lance.write_dataset(table, self.folder)

    def commit(self, number: int, rows: pa.Table) -> None:
        import lance

        del number
        merge = lance.dataset(self.folder).merge_insert("id")
        merge.when_matched_update_all().when_not_matched_insert_all().execute(rows)

    def diff(self, old: int, new: int) -> None:
        del old, new

    def read(self, number: int) -> pa.Table:
        import lance

        return lance.dataset(self.folder, version=number + 1).to_table()


class Copies:
    """A Parquet file of each state."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, number: int) -> Path:
        return self.folder / f"{number}.parquet"

    def base(self, table: pa.Table) -> None:
        pq.write_table(table, self.path(0), compression="zstd")

    def commit(self, number: int, rows: pa.Table) -> None:
        table = self.read(number - 1)
        order = np.arange(table.num_rows)
        order[pc.index_in(rows["id"], table["id"]).to_numpy()] = table.num_rows + np.arange(
            len(rows)
        )
        table = pa.concat_tables([table, rows]).take(pa.array(order))
        pq.write_table(table, self.path(number), compression="zstd")

    def diff(self, old: int, new: int) -> None:
        del old, new

    def read(self, number: int) -> pa.Table:
        return pq.ParquetFile(self.path(number)).read()


HISTORIES = {"azds": Azds, "delta-rs": Delta, "lance": Lance, "copies": Copies}


def told(table: pa.Table) -> list[int]:
    """What two equal tables have in common, and others hardly, whatever the order of rows."""
    mixed = pc.bit_wise_and(
        pc.multiply(pc.add(table["id"], 1), pc.add(table["count"], 7)), 0xFFFFFF
    )
    return [table.num_rows, pc.sum(mixed).as_py(), pc.sum(pc.is_valid(table["price"])).as_py()]


def size(folder: Path) -> float:
    """Megabytes of all files."""
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file()) / 1e6


def main(name: str, where: str, table: str, upserts: str) -> None:
    """Do as told until the input ends."""
    folder = Path(where)
    own: History = HISTORIES[name](folder)
    for line in sys.stdin:
        what, *numbers = line.split()
        given = [int(number) for number in numbers]
        source = (
            table if what == "base" else f"{upserts}/{given[0]}.parquet" if what == "commit" else ""
        )
        rows = pq.ParquetFile(source).read() if source else None
        began, cpu = time.perf_counter(), time.process_time()
        answer: object = None
        if what == "base":
            own.base(rows)
        elif what == "commit":
            own.commit(given[0], rows)
        elif what == "diff":
            answer = own.diff(*given)
        elif what == "read":
            answer = own.read(*given)
        wall, spent = time.perf_counter() - began, time.process_time() - cpu
        if what == "read":
            answer = told(answer)
        elif what == "size":
            answer = size(folder)
        print(json.dumps([wall, spent, peak_memory(), answer]), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
