# ruff: noqa: INP001, E501, PLR2004 - beside the scripts that use it; lines of tables
"""The results as JSON, as tables in Markdown, and as a picture."""

import json
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["write_results"]

Row = dict[str, Any]
ABOUT = """\
Medians of runs that took turns, each a process of its own, start and imports included, files in the
page cache. Memory is the peak of the process. `x floor` is the time over that of only reading both
files with pyarrow in the same turns."""
PARTS = ("tables", "histories", "small")
ORDER = ("floor", "azds", "digested", "duckdb", "polars", "diffly", "datacompy")
TITLES = {
    "floor": "pyarrow only reads both (floor)",
    "azds": "**azds**, two files",
    "digested": "**azds**, two stored tables",
    "duckdb": "DuckDB, full outer join",
    "polars": "polars, streaming full join",
    "diffly": "diffly",
    "datacompy": "datacompy",
    "delta-rs": "delta-rs, MERGE",
    "lance": "Lance, merge_insert",
    "copies": "a Parquet file each",
}
LAYOUTS = {
    "grouped": "row groups cut by key",
    "plain": "as pyarrow writes them, in key order",
    "shuffled": "in no order",
}


def write_results(results: Row, folder: Path) -> None:
    """Write `results.json`, `results.md` and `results.svg`."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "results.json").write_text(json.dumps(results, indent=1) + "\n")
    (folder / "results.md").write_text(in_words(results))
    if results.get("tables") and results.get("histories"):
        draw(results, folder / "results.svg")


def in_words(results: Row) -> str:
    """All tables, in Markdown."""
    about = results["about"]
    versions = ", ".join(f"{name} {version}" for name, version in about["versions"].items())
    loads = [row["load"] for part in PARTS for row in results.get(part, ())] or [0]
    where = f"{about['cores']} cores ({about['machine']}), Python {about['python']}"
    parts = [
        f"# Results of {about['date']}",
        f"`{about['command']}`, {where}, load {min(loads)} to {max(loads)} meanwhile. {versions}.",
        ABOUT,
    ]
    tables = results.get("tables", [])
    if tables:
        parts += ["## Two tables that nobody compared before", overview(tables)]
        parts += [detailed(list(rows)) for _, rows in groupby(tables, case_of)]
    histories = results.get("histories", [])
    for _, rows in groupby(histories, lambda row: (row["rows"], row["share"])):
        parts.append(of_history(list(rows)))
    if results.get("small"):
        parts.append(of_small(results["small"]))
    return "\n\n".join(parts) + "\n"


def case_of(row: Row) -> tuple[object, ...]:
    """What two rows of one pair of tables have in common."""
    return row["rows"], row["key"], row["where"], row["share"]


def overview(tables: Sequence[Row]) -> str:
    """Times the floor, by case, of those who write row groups as azds does."""
    lines = []
    for _, rows in groupby((row for row in tables if row["layout"] == "grouped"), case_of):
        by = {row["who"]: row for row in rows}
        one = by["floor"]
        name = f"{thousands(one['rows'])} {one['key']} {one['share']:.2%} {one['where']}"
        cells = [ratios(by[who]) if who in by else "" for who in ORDER[1:]]
        memory = [
            f"{by[who]['memory']:,.0f}" if who in by else "" for who in ("azds", "duckdb", "polars")
        ]
        lines.append([name, f"{one['wall']:.2f}", *cells, " / ".join(memory)])
    heads = ["case", "floor s", "azds", "azds, stored", "DuckDB", "polars", "diffly", "datacompy"]
    return "Times the floor; in brackets, of CPU seconds:\n\n" + grid(
        [*heads, "peak MB: azds / DuckDB / polars"], lines
    )


def ratios(row: Row) -> str:
    """Times the floor."""
    return f"{row['of_floor']:.2f} ({row['cpu_of_floor']:.2f})"


def detailed(rows: Sequence[Row]) -> str:
    """All of one pair of tables."""
    one = rows[0]
    found = next(row["answer"] for row in rows if row["who"] == "azds")
    title = (
        f"### {thousands(one['rows'])} rows, {one['key']} key, {one['share']:.2%} {one['where']}\n\n"
        f"{found[0]:,} rows differ, {found[1]:,} came, {found[2]:,} went."
    )
    lines = []
    for row in rows:
        duck = next(
            (o for o in rows if o["who"] == "duckdb" and o["layout"] == row["layout"]), None
        )
        base = duck or next((o for o in rows if o["who"] == "duckdb"), None)
        lines.append(
            [TITLES[row["who"]], LAYOUTS[row["layout"]], f"{row['wall']:.2f}", f"{row['cpu']:.2f}",
             f"{row['memory']:,.0f}", f"{row['of_floor']:.2f}", f"{row['cpu_of_floor']:.2f}",
             f"{row['wall'] / base['wall']:.2f}" if base else "",
             "" if row["who"] == "floor" else "yes" if row["agrees"] else f"**no**: {row['answer'][0]:,} differ"]
        )  # fmt: skip
    heads = [
        "who",
        "files",
        "wall s",
        "CPU s",
        "peak MB",
        "x floor",
        "CPU x floor",
        "x DuckDB",
        "agrees",
    ]
    return title + "\n\n" + grid(heads, lines)


def of_history(rows: Sequence[Row]) -> str:
    """One history, by those who keep it."""
    one = rows[0]
    changed = round(one["rows"] * one["share"])
    title = (
        f"## A history: {thousands(one['rows'])} rows, {one['commits']} upserts of {changed:,} "
        f"scattered rows ({one['share']:.3%})\n\nReading both ends with pyarrow, a fresh process: {one['floor']:.2f} s."
    )
    heads = ["who", "base MB", "grown MB", "commit ms", "its CPU ms", "diff of neighbours ms",
             "diff of first and last ms", "read the last s", "read the first s", "peak MB"]  # fmt: skip
    lines = [
        [TITLES[row["who"]].removesuffix(", two files"), f"{row['base_mb']:,.1f}", f"{row['grown_mb']:,.2f}",
         f"{row['commit'] * 1e3:,.0f}", f"{row['commit_cpu'] * 1e3:,.0f}",
         *(f"{row[w] * 1e3:,.1f}" if w in row else "–" for w in ("neighbours", "far")),
         *(f"{row[w]:.2f}" for w in ("read", "read_first")), f"{row['memory']:,.0f}"]
        for row in rows
    ]  # fmt: skip
    return title + "\n\n" + grid(heads, lines)


def of_small(rows: Sequence[Row]) -> str:
    """Those who compare small tables."""
    base = next(row for row in rows if row["who"] == "azds")
    lines = [
        [f"**{row['who']}**" if row is base else row["who"], f"{row['wall']:.2f}", f"{row['cpu']:.2f}",
         f"{row['memory']:,.0f}", f"{row['wall'] / base['wall']:.1f}"]
        for row in rows
    ]  # fmt: skip
    title = f"## CSV, {thousands(base['rows'])} rows, 1 % scattered, without the nested columns; all agree"
    return title + "\n\n" + grid(["who", "wall s", "CPU s", "peak MB", "x azds"], lines)


def thousands(count: int) -> str:
    """A number of rows in few letters."""
    return f"{count // 1_000_000}M" if count >= 1_000_000 else f"{count // 1000}k"


def grid(heads: Sequence[str], lines: Sequence[Sequence[str]]) -> str:
    """A table in Markdown; all but the first column to the right."""
    rule = ["---", *("---:" for _ in heads[1:])]
    return "\n".join("| " + " | ".join(line) + " |" for line in (heads, rule, *lines))


def draw(results: Row, path: Path) -> None:
    """Time and memory of the first case, and the growth of the histories."""
    import matplotlib as mpl  # noqa: PLC0415 - for the picture alone

    mpl.use("svg")
    mpl.rcParams.update({"svg.hashsalt": "azds", "font.size": 9, "svg.fonttype": "none"})
    from matplotlib import pyplot as plt  # noqa: PLC0415

    tables = [row for row in results["tables"] if row["layout"] == "grouped"]
    most = max(row["rows"] for row in tables)
    shown = [
        r
        for r in tables
        if r["rows"] == most
        and r["share"] == 0.01
        and r["key"] == "int"
        and r["where"] == "scattered"
    ]
    figure, axes = plt.subplots(1, 3, figsize=(11, 3.2), layout="constrained")
    plain = {"azds": "azds, files", "digested": "azds, stored", "floor": "read only"}
    for ax, what, unit in ((axes[0], "wall", "seconds"), (axes[1], "memory", "peak MB")):
        bars(ax, [(plain.get(r["who"], r["who"]), r[what]) for r in shown], unit)
        ax.set_title(f"{unit}: {thousands(most)} rows, 1 % changed")
    histories = [
        row for row in results["histories"] if len({r["who"] for r in results["histories"]}) > 1
    ]
    first = [
        row
        for row in histories
        if row["rows"] == histories[0]["rows"] and row["share"] == histories[0]["share"]
    ]
    bars(axes[2], [(row["who"], row["grown_mb"]) for row in first], "MB")
    axes[2].set_xscale("log")
    axes[2].set_title(f"growth, MB (log): {first[0]['commits']} commits of {first[0]['share']:.2%}")
    figure.savefig(path, metadata={"Date": None})
    plt.close(figure)


def bars(ax: "Axes", values: Sequence[tuple[str, float]], unit: str) -> None:
    """Bars side by side, ours in another colour, with their values."""
    names = [name for name, _ in values][::-1]
    sizes = [size for _, size in values][::-1]
    colours = ["#1b6ca8" if name.startswith("azds") else "#b8bec6" for name in names]
    drawn = ax.barh(names, sizes, color=colours)
    ax.bar_label(drawn, fmt="{:,.2f}" if unit != "peak MB" else "{:,.0f}", padding=3)
    ax.margins(x=0.2)
    ax.spines[["top", "right"]].set_visible(False)
