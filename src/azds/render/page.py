"""A page: titles, notes and grids, as data; written as plain text or markdown.

Whatever comes from data passes `clean` on its way out, so that no control
character and no change of direction reaches a terminal.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

__all__ = ["Grid", "Note", "Page", "Title", "clean", "to_markdown", "to_text", "width_of"]

_UNSAFE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f"
    "\ufeff\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e007f]"
)
_NO_WIDTH = {"Mn", "Me", "Cf"}
_GAP = 2
_MARKDOWN = re.compile(r"([\\`*_\[\]<>|#&~])")


@dataclass(frozen=True, slots=True)
class Title:
    """A heading of level 1 to 3."""

    text: str
    level: int = 1


@dataclass(frozen=True, slots=True)
class Note:
    """A line of prose, indented by `depth`."""

    text: str
    depth: int = 0


@dataclass(frozen=True, slots=True)
class Grid:
    """Aligned columns; `more` rows are not shown. Columns named in `right` are aligned right."""

    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    more: int = 0
    right: frozenset[str] = frozenset()


Page = Iterable[Title | Note | Grid]


def clean(text: str) -> str:
    r"""Text that is safe on a terminal: control and direction marks as escapes, on one line.

    >>> clean("a\x1b[31mb")
    'a\\x1b[31mb'
    """
    one_line = text.replace("\n", " ").replace("\t", " ")
    return _UNSAFE.sub(lambda m: m[0].encode("unicode_escape", "surrogatepass").decode(), one_line)


def width_of(text: str) -> int:
    """How many columns a text takes on a terminal: wide characters two, combining marks none."""
    if text.isascii():
        return len(text)
    return sum(
        0
        if unicodedata.category(char) in _NO_WIDTH
        else 2
        if unicodedata.east_asian_width(char) in "WF"
        else 1
        for char in text
    )


def to_text(page: Page) -> str:
    """The page as plain text, ending in a line feed; nothing is cut."""
    lines: list[str] = []
    for part in page:
        if isinstance(part, Title):
            lines += ([""] if lines else []) + [clean(part.text)]
        elif isinstance(part, Note):
            lines.append("  " * part.depth + clean(part.text))
        else:
            lines += _grid_lines(part)
    return "\n".join(lines) + "\n"


def to_markdown(page: Page) -> str:
    """The page as GitHub-flavoured markdown, ending in a line feed."""
    lines: list[str] = []
    for part in page:
        if isinstance(part, Title):
            lines += ["", f"{'#' * part.level} {_escape(part.text)}", ""]
        elif isinstance(part, Note):
            lines += [
                f"{'  ' * max(part.depth - 1, 0)}{'- ' if part.depth else ''}{_escape(part.text)}",
                *([""] if not part.depth else []),
            ]
        else:
            lines += ["", *_pipe_lines(part), ""]
    text = re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip("\n")
    return text + "\n"


def _grid_lines(grid: Grid) -> list[str]:
    rows = [[clean(cell) for cell in row] for row in grid.rows]
    header = [clean(name) for name in grid.columns]
    sizes = [max(width_of(row[i]) for row in [header, *rows]) for i in range(len(header))]
    lines = [_line(header, sizes, grid)] if any(header) else []
    lines += [_line(row, sizes, grid) for row in rows]
    return [*lines, *([f"  … {grid.more} more"] if grid.more else [])]


def _line(row: Sequence[str], sizes: list[int], grid: Grid) -> str:
    cells = []
    for name, cell, size in zip(grid.columns, row, sizes, strict=True):
        blank = " " * (size - width_of(cell))
        cells.append(blank + cell if name in grid.right else cell + blank)
    return ("  " + (" " * _GAP).join(cells)).rstrip()


def _pipe_lines(grid: Grid) -> list[str]:
    def line(cells: Sequence[str]) -> str:
        return "| " + " | ".join(_escape(cell) for cell in cells) + " |"

    rule = ["---:" if name in grid.right else "---" for name in grid.columns]
    lines = [line(grid.columns), "| " + " | ".join(rule) + " |", *(line(row) for row in grid.rows)]
    return [*lines, *(["", f"… {grid.more} more"] if grid.more else [])]


def _escape(text: str) -> str:
    return _MARKDOWN.sub(r"\\\1", clean(text))
