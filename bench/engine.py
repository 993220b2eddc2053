# ruff: noqa: INP001, T201 - a script
"""The diff of two unrelated tables, against its peers: ``python bench/engine.py --rows 1000000``.

Makes two tables of 12 columns and, in one interleaved run, compares them with azds, with DuckDB
and polars where they are installed, and reads both with pyarrow as the floor. Each is a process
of its own. Prints medians of seconds, of CPU seconds and of peak memory, as they are and as
ratios to the floor, and checks that all who compare find the same. Layouts of the files:

- ``grouped``: row groups cut by content, as azds writes them;
- ``digested``: the same, with the digests of the groups known, as in a store;
- ``plain``: in key order, as pyarrow writes them;
- ``shuffled``: in no order.
"""

import argparse
import importlib.util
import json
import sys
import tempfile
from pathlib import Path

from measure import Cost, in_a_process, median
from tables import KEYS, LAYOUTS, Case, write

__all__ = ["measured"]

PEERS = Path(__file__).parent / "peers.py"


def measured(who: str, layout: str, key: str, folder: Path, python: str = sys.executable) -> Cost:
    """One run of one who compares, in a process."""
    paths = [str(folder / f"{side}-{layout}.parquet") for side in ("old", "new")]
    return in_a_process([python, str(PEERS), who, ",".join(KEYS[key]), *paths])


def contest(given: argparse.Namespace, folder: Path) -> None:
    """Make the tables, run all in turn, print the medians."""
    case = Case(given.rows, given.key, given.share, given.where, tuple(given.layouts))
    for side in ("old", "new"):
        write(side, case, folder)
    peers = [name for name in ("duckdb", "polars") if importlib.util.find_spec(name)]
    if given.no_polars and "polars" in peers:
        peers.remove("polars")
    cases = [
        (who, "grouped" if layout == "digested" else layout)
        for layout in given.layouts
        for who in (["digested"] if layout == "digested" else ["floor", "azds", *peers])
    ]
    results: dict[tuple[str, str], list[Cost]] = {case: [] for case in cases}
    for _ in range(given.rounds):
        for who, layout in cases:
            results[who, layout].append(measured(who, layout, given.key, folder))
    said = {
        json.dumps(one.answer) for (who, _), runs in results.items() for one in runs if one.answer
    }
    print(
        f"{given.rows:,} rows, {given.key} key, {given.share:.2%} {given.where}, "
        f"{given.rounds} rounds"
    )
    is_one = "" if len(said) == 1 else "  NOT THE SAME"
    print(f"differ, came, went: {' | '.join(sorted(said))}{is_one}")
    heads = ("wall s", "cpu s", "MB", "x floor", "cpu", "x duckdb", "cpu")
    widths = (8, 8, 7, 8, 6, 9, 6)
    print(" " * 20, *(f"{head:>{width}}" for head, width in zip(heads, widths, strict=True)))
    _told({case: median(runs) for case, runs in results.items()})


def _told(middle: dict[tuple[str, str], Cost]) -> None:
    for (who, layout), cost in middle.items():
        ratios = ""
        for other, width in (("floor", 8), ("duckdb", 9)):
            if (base := middle.get((other, layout))) is not None:
                ratios += f" {cost.wall / base.wall:{width}.2f} {cost.cpu / base.cpu:6.2f}"
        print(f"{who:10}{layout:10} {cost.wall:8.2f} {cost.cpu:8.2f} {cost.memory:7.0f}{ratios}")


def main() -> None:
    """Parse the arguments; run one contestant, or all."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--key", choices=KEYS, default="int")
    parser.add_argument(
        "--share", type=float, default=0.01, help="of the rows, how many are edited"
    )
    parser.add_argument("--where", choices=("scattered", "clustered"), default="scattered")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument(
        "--layouts", nargs="+", choices=LAYOUTS, default=["grouped", "digested", "plain"]
    )
    parser.add_argument("--no-polars", action="store_true", help="it takes much memory")
    parser.add_argument(
        "--folder", type=Path, help="where to make the tables; else a temporary one"
    )
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=given.folder) as folder:
        contest(given, Path(folder))


if __name__ == "__main__":
    main()
