# ruff: noqa: INP001, T201, PLC0415 - a script; each contestant imports its own
"""Cells that are equal or not, and who sees it: ``python bench/correctness.py``.

Each case is one column of a table of two rows with an old and a new value in one of them.
Every peer compares the two tables in its own way, in a process of its own, and says whether
they differ. Who cannot tell, or fails, is named. Writes ``results/correctness.md`` and
``.json``. Those who read CSV get the values as CSV has them: what CSV cannot say is no
fault of theirs, but is lost all the same.
"""

import argparse
import json
import math
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

__all__ = ["CASES", "OWN", "PEERS", "table", "verdicts"]

HERE = Path(__file__).parent
DATACOMPY = Path(sys.prefix) / "datacompy" / "bin" / "python"
NAN = math.nan
Case = tuple[str, object, object, bool]
CASES: dict[str, Case] = {
    "null and null": ("float64", None, None, False),
    "NaN and NaN": ("float64", NAN, NAN, False),
    "null and NaN": ("float64", None, NAN, True),
    "-0.0 and 0.0": ("float64", -0.0, 0.0, False),
    "null and ''": ("string", None, "", True),
    "null and []": ("list", None, [], True),
    "[] and []": ("list", [], [], False),
    "[null] and []": ("list", [None], [], True),
    "['a'] and ['a']": ("list", ["a"], ["a"], False),
    "['a', 'b'] and ['b', 'a']": ("list", ["a", "b"], ["b", "a"], True),
    "[NaN] and [NaN]": ("floats", [NAN], [NAN], False),
    "equal structs": ("struct", {"x": 1.0, "y": 2}, {"x": 1.0, "y": 2}, False),
    "structs that differ": ("struct", {"x": 1.0, "y": 2}, {"x": 1.0, "y": 3}, True),
    "a struct with NaN and its like": ("struct", {"x": NAN, "y": 2}, {"x": NAN, "y": 2}, False),
    "null and a struct of nulls": ("struct", None, {"x": None, "y": None}, True),
}
"""By name: the type, an old and a new value, and whether they differ."""
OWN = "azds"
CSV = ("csv-diff", "daff")


def table(kind: str, value: object):  # noqa: ANN201 - a table of pyarrow, which the peers import themselves
    """The row that may differ, and one of the same type that does not."""
    import pyarrow as pa

    other: dict[str, tuple[object, object]] = {
        "float64": (pa.float64(), 1.5),
        "string": (pa.string(), "s"),
        "list": (pa.list_(pa.string()), ["z"]),
        "floats": (pa.list_(pa.float64()), [1.5]),
        "struct": (pa.struct([("x", pa.float64()), ("y", pa.int64())]), {"x": 1.5, "y": 1}),
    }
    arrow, same = other[kind]
    return pa.table({"id": [1, 2], "v": pa.array([value, same], arrow)})


def by_azds(old, new) -> bool:  # noqa: ANN001 - tables of pyarrow
    """`azds.diff`."""
    from azds.dataset.loose import diff

    return bool(diff(old, new, key="id"))


def by_polars(old, new) -> bool:  # noqa: ANN001
    """`ne_missing` after a full join."""
    import polars as pl

    joined = pl.from_arrow(old).join(pl.from_arrow(new), on="id", how="full", suffix="_new")
    return bool(joined.select(pl.col("v").ne_missing(pl.col("v_new"))).to_series().any())


def by_duckdb(old, new) -> bool:  # noqa: ANN001
    """IS DISTINCT FROM after a full join."""
    import duckdb

    connection = duckdb.connect()
    connection.register("a", old)
    connection.register("b", new)
    query = "SELECT count(*) FROM a FULL OUTER JOIN b USING (id) WHERE a.v IS DISTINCT FROM b.v"
    return bool(connection.sql(query).fetchall()[0][0])


def by_diffly(old, new) -> bool:  # noqa: ANN001
    """`compare_frames`."""
    import diffly
    import polars as pl

    found = diffly.compare_frames(pl.from_arrow(old), pl.from_arrow(new), primary_key="id")
    return found.num_rows_joined_unequal() > 0


def by_datacompy_polars(old, new) -> bool:  # noqa: ANN001
    """`PolarsCompare`."""
    import datacompy
    import polars as pl

    found = datacompy.PolarsCompare(pl.from_arrow(old), pl.from_arrow(new), join_columns="id")
    return not found.matches()


def by_datacompy_pandas(old, new) -> bool:  # noqa: ANN001
    """`PandasCompare`."""
    import datacompy

    return not datacompy.PandasCompare(old.to_pandas(), new.to_pandas(), "id").matches()


def by_pandas(old, new) -> bool:  # noqa: ANN001
    """`DataFrame.compare`."""
    return not old.to_pandas().compare(new.to_pandas()).empty


def by_deepdiff(old, new) -> bool:  # noqa: ANN001
    """Of dictionaries by key, with NaN equal to NaN."""
    import deepdiff

    sides = ({row["id"]: row for row in side.to_pylist()} for side in (old, new))
    return bool(deepdiff.DeepDiff(*sides, ignore_nan_inequality=True))


def as_csv(given) -> list[list[str]]:  # noqa: ANN001
    """As `csv.writer` has them, nested values as JSON."""
    held = [
        [row["id"], json.dumps(v) if isinstance(v := row["v"], list | dict) else v]
        for row in given.to_pylist()
    ]
    return [["id", "v"], *([str(i), "" if v is None else str(v)] for i, v in held)]


def by_csv_diff(old, new) -> bool:  # noqa: ANN001
    """Of CSV."""
    import io

    import csv_diff

    sides = [io.StringIO("\n".join(_line(r) for r in as_csv(side))) for side in (old, new)]
    found = csv_diff.compare(*(csv_diff.load_csv(side, key="id") for side in sides))
    return bool(found["changed"])


def _line(row: list[str]) -> str:
    import csv
    import io

    text = io.StringIO()
    csv.writer(text, lineterminator="").writerow(row)
    return text.getvalue()


def by_daff(old, new) -> bool:  # noqa: ANN001
    """Of CSV."""
    import daff

    flags = daff.CompareFlags()
    flags.addPrimaryKey("id")
    tables = [daff.PythonTableView(as_csv(side)) for side in (old, new)]
    told = daff.PythonTableView([])
    daff.TableDiff(daff.Coopy.compareTables(*tables, flags).align(), flags).hilite(told)
    return any("->" in str(told.getCell(0, row)) for row in range(told.get_height()))


PEERS: dict[str, Callable[..., bool]] = {
    OWN: by_azds,
    "DuckDB": by_duckdb,
    "polars": by_polars,
    "diffly": by_diffly,
    "datacompy, polars": by_datacompy_polars,
    "datacompy, pandas": by_datacompy_pandas,
    "pandas compare": by_pandas,
    "deepdiff": by_deepdiff,
    "csv-diff": by_csv_diff,
    "daff": by_daff,
}


def verdict(who: str, case: str) -> str:
    """What one says of one case: `right`, `wrong`, or what it failed with."""
    kind, old, new, differs = CASES[case]
    try:
        found = PEERS[who](table(kind, old), table(kind, new))
    except (ImportError, AttributeError, NameError):  # faults of this script
        raise
    except BaseException as error:  # noqa: BLE001 - panics of native code too: how they fail is the result
        return f"fails: {type(error).__name__}"
    return "right" if found == differs else "says equal" if differs else "says different"


def verdicts(who: str) -> dict[str, str]:
    """What one says of all cases."""
    return {case: verdict(who, case) for case in CASES}


def in_processes() -> dict[str, dict[str, str]]:
    """What all say, each in a process of its own."""
    found = {}
    for who in PEERS:
        apart = who.startswith(("datacompy", "pandas"))
        python = str(DATACOMPY) if apart else sys.executable
        run = subprocess.run(  # noqa: S603 - this script
            [python, __file__, "--who", who], capture_output=True, text=True, check=True
        )
        found[who] = json.loads(run.stdout.splitlines()[-1])
    return found


def in_words(found: dict[str, dict[str, str]]) -> str:
    """A table in Markdown: a row for each case."""
    heads = ["case", "they", *found]
    lines = [heads, ["---"] * len(heads)]
    for case, (_, _, _, differs) in CASES.items():
        cells = [found[who][case] for who in found]
        told = ["✓" if cell == "right" else f"**{cell}**" for cell in cells]
        lines.append([f"`{case}`", "differ" if differs else "are equal", *told])
    right = [f"{sum(c == 'right' for c in own.values())} of {len(CASES)}" for own in found.values()]
    lines.append(["right", "", *right])
    return "\n".join("| " + " | ".join(line) + " |" for line in lines) + "\n"


def main() -> None:
    """All, or one."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--who", choices=PEERS)
    parser.add_argument("--results", type=Path, default=HERE / "results")
    given = parser.parse_args()
    if given.who:
        print(json.dumps(verdicts(given.who)))
        return
    found = in_processes()
    given.results.mkdir(parents=True, exist_ok=True)
    (given.results / "correctness.json").write_text(json.dumps(found, indent=1) + "\n")
    (given.results / "correctness.md").write_text(in_words(found))
    print(in_words(found))


if __name__ == "__main__":
    main()
