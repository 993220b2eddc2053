"""Pictures for library users, by matplotlib (extra ``report``), which is loaded when one is drawn.

What a mark means shows in its shape or hatch and in a label beside it, never in colour alone.
The functions draw on axes that are given, else on a new figure of pyplot, which notebooks show.
"""

import io
from typing import TYPE_CHECKING

from azds.errors import RefusedError
from azds.qualifiers import qualified
from azds.render.page import clean
from azds.render.words import BOUND_SIGNS, bound_sign, plural, scope_words

if TYPE_CHECKING:  # an extra, and classes that import this module
    from matplotlib.axes import Axes

    from azds.dataset.diff import Diff
    from azds.dataset.series import Series, Stated

__all__ = ["picture_bytes", "plot_diff", "plot_series"]

_MARKERS = "os^DXPv"
_INK = "#1c1f23"
_KINDS = (
    ("equal", "#d9d6cd", ""),
    ("changed", "#14508c", ""),
    ("added", "#9fd3b4", "|||"),
    ("removed", "#f0b5ae", "---"),
    ("newly_stated", "#cbb9e8", "\\\\\\"),
    ("unstated", "#ece4f7", "///"),
    ("not_comparable", "#ffffff", "..."),
)
_LONGEST = 40
_WIDTH, _DPI = 8, 144


def plot_series(series: "Series", ax: "Axes | None" = None) -> "Axes":
    """The stated counts of a measure, one line of the picture for each revision.

    A filled mark is the designated count, a hollow one another that the revision states; its shape
    says what it counts. No line joins them: what counts different things is no trend.

    Raises:
        RefusedError: `missing-extra`, without matplotlib.
    """
    axes = _axes(ax, _height(series))
    every = [
        one
        for point in series.points
        for one in (*([point.headline] if point.headline else []), *point.also_stated)
    ]
    scopes = list(dict.fromkeys(one.scope for one in every))
    for at, point in enumerate(series.points):
        if point.headline:
            _mark(axes, point.headline, at, scopes, is_headline=True)
        for one in point.also_stated:
            _mark(axes, one, at, scopes, is_headline=False)
    labels = [f"{point.revision}\n{point.date or 'undated'}" for point in series.points]
    axes.set_yticks(range(len(series)), [_text(label, lines=True) for label in labels])
    axes.set_ylim(len(series) - 0.4, -0.7)
    axes.margins(x=0.15)
    axes.set_title(f"Stated counts of {_text(series.measure.replace('_', ' '))}", loc="left")
    axes.grid(visible=True, axis="x", color="#d9d6cd")
    axes.set_axisbelow(True)
    axes.spines[["top", "right", "left"]].set_visible(False)
    axes.tick_params(axis="y", length=0)
    told = "filled: the headline, hollow: also stated"
    told += "; different things are counted: no trend" if len(scopes) > 1 else ""
    told += f"\n{BOUND_SIGNS}" if any(one.qualifier for one in every) else ""
    axes.set_xlabel(told)
    return axes


def plot_diff(diff: "Diff", ax: "Axes | None" = None) -> "Axes":
    """What became of the rows of each table, as bars of shares with their numbers.

    Raises:
        RefusedError: `missing-extra`, without matplotlib.
    """
    counts = {one.name: one.counts() for one in diff}
    axes = _axes(ax, _height(diff))
    starts = dict.fromkeys(counts, 0.0)
    sums = {name: sum(c[kind] for kind, _, _ in _KINDS) or 1 for name, c in counts.items()}
    for kind, colour, hatch in _KINDS:
        shares = {name: c[kind] / sums[name] for name, c in counts.items()}
        if not any(shares.values()):
            continue
        bars = axes.barh(
            [_text(name) for name in counts],
            list(shares.values()),
            left=list(starts.values()),
            color=colour,
            hatch=hatch,
            edgecolor=_INK,
            linewidth=0.6,
            label=kind.replace("_", " "),
        )
        texts = [f"{c[kind]:,}" if shares[name] > 0.04 else "" for name, c in counts.items()]  # noqa: PLR2004 - less has no room
        halo = {"facecolor": "white", "edgecolor": "none", "pad": 1.0}
        for text in axes.bar_label(bars, texts, label_type="center", color=_INK, fontsize=9):
            if text.get_text():
                text.set_bbox(halo)
        starts = {name: starts[name] + share for name, share in shares.items()}
    axes.invert_yaxis()
    axes.set_xlim(0, 1)
    axes.xaxis.set_major_formatter(lambda share, _: f"{share:.0%}")
    axes.set_xlabel("share of the rows of either side; the labels are numbers of rows")
    title = f"{_text(diff.old.label)} → {_text(diff.new.label)}"
    axes.set_title(f"{title}: {plural(len(counts), 'table')}", loc="left")
    axes.spines[["top", "right", "left"]].set_visible(False)
    axes.tick_params(axis="y", length=0)
    axes.legend(loc="upper left", bbox_to_anchor=(1.01, 1), frameon=False)
    return axes


def picture_bytes(what: "Series | Diff", form: str) -> bytes:
    """The picture of a series or a diff as a file, `png` or `svg`; the same bytes each time.

    Raises:
        RefusedError: `missing-extra`, without matplotlib.
    """
    try:
        import matplotlib as mpl  # noqa: PLC0415 - an extra, and heavy
        from matplotlib.figure import Figure  # noqa: PLC0415 - the same
    except ImportError as error:
        raise _missing() from error
    out = io.BytesIO()
    with mpl.rc_context({"svg.hashsalt": "azds", "svg.fonttype": "none"}):
        figure = Figure(figsize=(_WIDTH, _height(what)), layout="constrained")
        what.plot(figure.add_subplot())
        metadata = {"Date": None} if form == "svg" else {"Software": None}
        figure.savefig(out, format=form, metadata=metadata, dpi=_DPI)
    return out.getvalue()


def _height(what: "Series | Diff") -> float:
    """How high a picture is, in inches: a series has lanes, a diff has thinner bars."""
    lanes = getattr(what, "points", None)
    tables = getattr(what, "tables", ())
    return 0.6 * len(lanes) + 1.6 if lanes is not None else 0.45 * len(tables) + 1.8


def _mark(axes: "Axes", one: "Stated", at: int, scopes: list[str], *, is_headline: bool) -> None:
    words = scope_words(one.scope)
    axes.plot(
        [float(one.value)],
        [at],
        linestyle="none",
        marker=_MARKERS[scopes.index(one.scope) % len(_MARKERS)],
        markersize=11 if is_headline else 9,
        color=_INK,
        markerfacecolor=_INK if is_headline else "white",
    )
    axes.annotate(
        f"{qualified(f'{one.value:,}', one.qualifier)} {_text(words)}",
        (float(one.value), at),
        xytext=(0, 9),
        textcoords="offset points",
        ha="center",
        parse_math=False,
    )
    if sign := bound_sign(one.qualifier):
        axes.annotate(
            sign,
            (float(one.value), at),
            xytext=(-14 if sign == "←" else 14, 0),
            textcoords="offset points",
            ha="center",
            va="center",
        )


def _axes(ax: "Axes | None", height: float) -> "Axes":
    if ax is not None:
        return ax
    try:
        from matplotlib import pyplot as plt  # noqa: PLC0415 - an extra, and heavy
    except ImportError as error:
        raise _missing() from error
    _, axes = plt.subplots(figsize=(_WIDTH, height), layout="constrained")
    return axes


def _missing() -> RefusedError:
    return RefusedError(
        "missing-extra",
        "matplotlib is not installed",
        advice='install it: pip install "azds[report]"',
    )


def _text(text: str, *, lines: bool = False) -> str:
    """Text that a picture can hold: no control characters, no mathematics, not too long."""
    parts = text.split("\n") if lines else [text]
    short = (clean(part)[:_LONGEST].replace("$", r"\$") for part in parts)
    return "\n".join(short)
