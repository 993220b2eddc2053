# ruff: noqa: INP001, T201 - a script
"""azds beside its peers: ``make bench``, or ``python bench/run.py`` with all of them installed.

Makes tables, runs all contestants in turn, checks that they agree, and writes
``results.json``, ``results.md`` and ``results.svg`` into ``bench/results``, anew after each
case. ``--large`` adds tables of 10 million rows (20 GB of memory, 15 GB of disk), ``--quick``
takes small ones and one round.
"""

import argparse
import datetime as dt
import importlib.metadata
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import asdict
from itertools import islice, product
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq
from engine import PEERS, measured
from histories import HISTORIES
from measure import Cost, in_a_process, median
from tables import PIECE, Case, rows, write
from telling import Row, write_results

__all__ = ["main"]

HERE = Path(__file__).parent
DATACOMPY = Path(sys.prefix) / "datacompy" / "bin" / "python"
ALL = ("floor", "azds", "digested", "duckdb", "polars", "diffly", "datacompy")
STREAMED = ("floor", "azds", "digested", "duckdb", "polars")
WHERES, SHARES = ("scattered", "clustered"), (0.0001, 0.01, 0.3)
WRONG = {"datacompy": "takes every struct for another"}
"""Whose answers are known to differ, and why (see `correctness.py`)."""
COMMITS = 50
LARGE = 10_000_000


def cases(*, is_quick: bool) -> Iterator[tuple[Case, tuple[str, ...], int]]:
    """Pairs of tables, who compares them, and how often."""
    if is_quick:
        yield Case(20_000, "int", 0.01, "scattered", ("grouped", "digested", "plain")), ALL, 1
        return
    n = 1_000_000
    yield Case(n, "int", 0.01, "scattered", ("grouped", "digested", "plain", "shuffled")), ALL, 3
    yield Case(n, "string", 0.01, "scattered"), ALL, 3
    yield Case(100_000, "int", 0.01, "scattered"), ALL, 5
    for key, where, share in product(("int", "string"), WHERES, SHARES):
        if (where, share) != ("scattered", 0.01):
            yield Case(n, key, share, where), STREAMED, 3


def large_cases() -> Iterator[tuple[Case, tuple[str, ...], int]]:
    """The same, of 10 million rows."""
    layouts = ("grouped", "digested", "plain", "shuffled")
    yield Case(LARGE, "int", 0.01, "scattered", layouts), STREAMED, 2
    yield Case(LARGE, "int", 0.0001, "clustered"), STREAMED, 2


def compared(case: Case, who: Sequence[str], rounds: int, scratch: Path) -> list[Row]:
    """All contestants on one pair of tables, in turn."""
    with tempfile.TemporaryDirectory(dir=scratch) as folder:
        for side in ("old", "new"):
            write(side, case, Path(folder))
        runs: dict[tuple[str, str], list[Cost]] = {
            (name, layout): []
            for layout in case.layouts
            if layout != "digested"
            for name in who
            if not (layout != "grouped" and name in {"digested", "diffly", "datacompy"})
            and not (layout == "shuffled" and name == "polars" and case.rows > PIECE)
        }
        for number, ((name, layout), found) in product(range(rounds), runs.items()):
            if number and name == "datacompy":
                continue
            python = str(DATACOMPY) if name == "datacompy" else sys.executable
            found.append(measured(name, layout, case.key, Path(folder), python))
    truth = next(found[0].answer for (name, _), found in runs.items() if name == "azds")
    results = []
    for (name, layout), found in runs.items():
        base, ours = median(runs["floor", layout]), median(found)
        is_one = name == "floor" or all(cost.answer == truth for cost in found)
        if not is_one and name not in WRONG:
            sys.exit(f"{name} on {case}: found {found[0].answer}, azds {truth}")
        results.append(
            asdict(case)
            | {"who": name, "layout": layout, "rounds": len(found), "agrees": is_one}
            | {"wall": ours.wall, "cpu": ours.cpu, "memory": ours.memory, "answer": ours.answer}
            | {"of_floor": ours.wall / base.wall, "cpu_of_floor": ours.cpu / base.cpu}
            | {"walls": [round(cost.wall, 3) for cost in found]}
        )
    return results


def small(count: int, scratch: Path) -> list[Row]:
    """Those who compare small tables, on CSV without the nested columns."""
    flat = None
    with tempfile.TemporaryDirectory(dir=scratch) as name:
        folder = Path(name)
        case = Case(count, "int", 0.01, "scattered", ())
        for side in ("old", "new"):
            write(side, case, folder)
            table = pq.ParquetFile(folder / f"{side}-grouped.parquet").read()
            flat = table.drop_columns(["tags", "place"])
            pyarrow.csv.write_csv(flat, folder / f"{side}.csv")
        runs: dict[str, list[Cost]] = {who: [] for who in ("azds", "csv-diff", "daff", "deepdiff")}
        paths = [str(folder / f"{side}.csv") for side in ("old", "new")]
        for _, (who, found) in product(range(3), runs.items()):
            found.append(in_a_process([sys.executable, str(PEERS), who, "id", *paths]))
    answers = {json.dumps(cost.answer) for found in runs.values() for cost in found}
    if len(answers) > 1:
        sys.exit(f"on {count} rows of CSV: { ({w: f[0].answer for w, f in runs.items()}) }")
    return [{"rows": count, "who": who} | asdict(median(found)) for who, found in runs.items()]


class Worker:
    """One who keeps a history, in a process of its own."""

    def __init__(self, who: str, scratch: Path, stack: ExitStack) -> None:
        self.who = who
        self.memory = 0.0
        (scratch / who).mkdir()
        given = (who, scratch / who, scratch / "base.parquet", scratch / "upserts")
        command = [sys.executable, HERE / "histories.py", *given]
        self.process = stack.enter_context(
            subprocess.Popen(  # noqa: S603 - our own script
                list(map(str, command)), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
            )
        )
        stack.callback(self.process.stdin.close)

    def ask(self, *words: object) -> tuple[float, float, object]:
        """Seconds, CPU seconds and what it answers."""
        print(*words, file=self.process.stdin, flush=True)
        line = self.process.stdout.readline()
        if not line:
            sys.exit(f"{self.who} failed at {words}")
        wall, cpu, self.memory, answer = json.loads(line)
        return wall, cpu, answer


def upserts(table: pa.Table, share: float, folder: Path, count: int) -> None:
    """Some rows with other values in two columns, a file each."""
    folder.mkdir()
    for number in range(1, count + 1):
        drawn = np.random.default_rng(number)
        some = max(1, round(table.num_rows * share))
        at = np.sort(drawn.choice(table.num_rows, some, replace=False))
        part = table.take(pa.array(at))
        for name, values in (
            ("count", pa.array(drawn.integers(1000 * number, 1000 * number + 1000, some))),
            ("price", pa.array(drawn.normal(100, 15, some).round(4))),
        ):
            part = part.set_column(part.schema.get_field_index(name), name, values)
        pq.write_table(part, folder / f"{number}.parquet")


def history(count: int, share: float, who: Sequence[str], commits: int, scratch: Path) -> list[Row]:
    """One history kept by each, which grow in turn; then what reading them costs."""
    with tempfile.TemporaryDirectory(dir=scratch) as name, ExitStack() as stack:
        folder = Path(name)
        pieces = [rows(at, min(PIECE, count - at), "int") for at in range(0, count, PIECE)]
        table = pa.concat_tables(pieces)
        pq.write_table(table, folder / "base.parquet", compression="zstd")
        upserts(table, share, folder / "upserts", commits)
        del table, pieces
        workers = [Worker(one, folder, stack) for one in who]
        found: list[Row] = []
        first = {worker.who: worker.ask("base")[0] for worker in workers}
        bases = {worker.who: worker.ask("size")[2] for worker in workers}
        costs: dict[str, list[tuple[float, float, object]]] = {one: [] for one in who}
        for number, worker in product(range(1, commits + 1), workers):
            costs[worker.who].append(worker.ask("commit", number))
        floor = [
            in_a_process(
                [sys.executable, str(PEERS), "floor", "id", *2 * [str(folder / "base.parquet")]]
            )
            for _ in range(3)
        ]
        asked = {
            "neighbours": ("diff", commits - 1, commits),
            "far": ("diff", 0, commits),
            "read": ("read", commits),
            "read_first": ("read", 0),
        }
        answers: dict[str, set[str]] = {what: set() for what in asked}
        read: dict[tuple[str, str], list[float]] = {}
        for _, (what, words), worker in product(range(5), asked.items(), workers):
            wall, _, answer = worker.ask(*words)
            if answer is not None:
                answers[what].add(json.dumps(answer))
                read.setdefault((worker.who, what), []).append(wall)
        wrong = {what: said for what, said in answers.items() if len(said) > 1}
        if wrong:
            sys.exit(f"histories of {count} rows, {share:.2%}, do not agree: {wrong}")
        for worker in workers:
            grown = worker.ask("size")[2] - bases[worker.who]
            spent = costs[worker.who]
            times = {
                what: statistics.median(read[worker.who, what])
                for what in asked
                if (worker.who, what) in read
            }
            found.append(
                {"rows": count, "share": share, "commits": commits, "who": worker.who}
                | {"base_mb": bases[worker.who], "grown_mb": grown, "first": first[worker.who]}
                | {"commit": statistics.median(one[0] for one in spent)}
                | {"commit_cpu": statistics.median(one[1] for one in spent)}
                | {"memory": worker.memory, "floor": median(floor).wall}
                | times
            )
            shutil.rmtree(folder / worker.who, ignore_errors=True)
        return found


def about() -> dict[str, object]:
    """When, where and with what."""
    names = ("azds", "pyarrow", "duckdb", "polars", "diffly", "deltalake", "pylance")
    names = (*names, "daff", "csv-diff", "deepdiff")
    versions = {name: importlib.metadata.version(name) for name in names}
    if DATACOMPY.exists():
        code = "from importlib.metadata import version as v; print(v('datacompy'), v('polars'))"
        command = [str(DATACOMPY), "-c", code]
        told = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603 - ours
        versions["datacompy"] = "{} (with polars {})".format(*told.stdout.split())
    return {
        "date": dt.datetime.now(dt.UTC).date().isoformat(),
        "command": " ".join(["python bench/run.py", *sys.argv[1:]]),
        "cores": os.cpu_count(),
        "machine": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "versions": versions,
    }


def arguments() -> argparse.Namespace:
    """What to run, and where."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--large", action="store_true", help="10 million rows too")
    parser.add_argument("--quick", action="store_true", help="small tables, one round")
    parser.add_argument("--scratch", type=Path, help="where to make tables, else a temporary one")
    parser.add_argument("--results", type=Path, default=HERE / "results")
    parts = ("small", "histories", "tables")
    parser.add_argument(
        "--only", choices=(*parts, "large"), nargs="+", help="these alone; the rest stays"
    )
    parser.add_argument("--first", type=int, help="so many cases of each part")
    given = parser.parse_args()
    given.only = given.only or [*parts, *(["large"] if given.large else [])]
    return given


def found_in(part: str, given: argparse.Namespace) -> Iterator[tuple[str, list[Row]]]:
    """The results of one part, or of its first cases."""
    return islice(_found_in(part, given), given.first)


def _found_in(part: str, given: argparse.Namespace) -> Iterator[tuple[str, list[Row]]]:
    """The results of one part, as they come, each with where it belongs."""
    if part == "small":
        yield "small", small(2_000 if given.quick else 10_000, given.scratch)
    elif part == "histories":
        count, commits = (50_000, 5) if given.quick else (1_000_000, COMMITS)
        for share in (0.01, 0.0001):
            yield part, history(count, share, tuple(HISTORIES), commits, given.scratch)
    elif part == "tables":
        for case, who, rounds in cases(is_quick=given.quick):
            yield part, compared(case, who, rounds, given.scratch)
    else:
        for case, who, rounds in large_cases():
            yield "tables", compared(case, who, rounds, given.scratch)
        for share in (0.00001, 0.0001, 0.01):
            yield "histories", history(LARGE, share, ("azds",), 3, given.scratch)


def main() -> None:
    """All of it."""
    given = arguments()
    if given.scratch:
        given.scratch.mkdir(parents=True, exist_ok=True)
    kept = given.results / "results.json"
    results: Row = json.loads(kept.read_text()) if kept.exists() else {}
    results["about"] = about()
    for place, found in (pair for part in given.only for pair in found_in(part, given)):
        one = found[0]
        same = [name for name in ("rows", "key", "share", "where") if name in one]
        results[place] = [
            row
            for row in results.get(place, ())
            if any(row.get(name) != one[name] for name in same)
        ] + [{**row, "load": round(os.getloadavg()[0], 1)} for row in found]
        write_results(results, given.results)
        print(f"{place}: {one['rows']:,} rows, {one.get('share', '')} done", flush=True)
    print((given.results / "results.md").read_text())


if __name__ == "__main__":
    main()
