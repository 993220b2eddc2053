"""A page on a terminal: what is too wide goes on in the next line, and colours say what is meant.

Colour repeats what the words say and never stands alone. All that comes from data passes
`clean` before a colour is set around it.
"""

from collections.abc import Iterator, Sequence

from azds.render.page import Grid, Note, Page, Title, clean, width_of

__all__ = ["to_terminal"]

_GAP = 2
_MOST_LINES = 8
_LONGEST_WORD = 24
_LEAST = 4
_FEWEST, _STRIP = 3, 30
"""The last of so many columns goes below its row where it is wider than a strip."""
_BOLD, _DIM, _RED, _GREEN, _YELLOW, _MAGENTA, _CYAN = "1", "2", "31", "32", "33", "35", "36"
_MEANING = {
    "added": _GREEN,
    "extended": _GREEN,
    "filled": _GREEN,
    "refined": _GREEN,
    "removed": _RED,
    "emptied": _RED,
    "reduced": _RED,
    "coarsened": _YELLOW,
    "changed": _YELLOW,
    "replaced": _YELLOW,
    "newly stated": _CYAN,
    "newly_stated": _CYAN,
    "unstated": _MAGENTA,
    "absent": _MAGENTA,
    "partial": _MAGENTA,
    "not comparable": _DIM,
}
_SAYS_ITSELF = {"what", "reason"}
_NONE = {"·", "–", ""}


def to_terminal(page: Page, width: int, *, colour: bool) -> str:
    """The page in lines of at most `width` columns, ending in a line feed.

    Shape: A column gives way down to its longest word; a row then takes several lines. A long
    text at the end of a row goes below it. Where the columns have no room even so, each row is
    told as a list of its values.

    >>> print(to_terminal([Grid(["a"], [["one two three four"]])], 12, colour=False), end="")
      a
      one two
      three four
    """
    lines: list[str] = []
    for part in page:
        if isinstance(part, Title):
            lines += [""] if lines else []
            lines += [_set(line, _BOLD, colour) for line in _wrap(clean(part.text), width)]
        elif isinstance(part, Note):
            lines += _note_lines(part, width, colour=colour)
        else:
            lines += _grid_lines(part, width, colour=colour)
    return "\n".join(lines) + "\n"


def _note_lines(note: Note, width: int, *, colour: bool) -> list[str]:
    ahead = "  " * note.depth
    text = clean(note.text)
    meaning = _MEANING.get(text.removesuffix(":"), "")
    lines = _wrap(text, max(width - len(ahead), 2 * _LEAST))
    return [ahead + _set(line, meaning, colour) for line in lines]


def _grid_lines(grid: Grid, width: int, *, colour: bool) -> list[str]:
    rows = [[clean(cell) for cell in row] for row in grid.rows]
    header = [clean(name) for name in grid.columns]
    table = [header, *rows]
    below = _goes_below(table, width)
    shown = [row[:-1] for row in table] if below else table
    gap = _GAP if _fits(shown, width, _GAP) else 1
    if not _fits(shown, width, gap):
        lines = [line for row in rows for line in _record_lines(header, row, width)]
        return [*lines, *([f"  … {grid.more} more"] if grid.more else [])]
    sizes = _sizes(shown, width, gap)
    lines = []
    for at, row in enumerate(shown):
        styles = [_style(grid, name, cell) if at else _DIM for name, cell in zip(header, row)]  # noqa: B905 - the last may stand below
        if at or any(header):
            right = [name in grid.right for name in header]
            lines += _row_lines(row, sizes, right, styles if colour else [""] * len(row), gap)
        if below and at and table[at][-1] not in _NONE:
            name = "" if header[-1] in _SAYS_ITSELF else f"{header[-1]}: "
            lines += [f"      {line}" for line in _wrap(name + table[at][-1], width - 6)]
    return [*lines, *([f"  … {grid.more} more"] if grid.more else [])]


def _goes_below(table: Sequence[Sequence[str]], width: int) -> bool:
    """Whether the last column is text that would stand in a narrow strip: it goes below its row."""
    if len(table[0]) < _FEWEST:
        return False
    natural = [max(map(width_of, column)) for column in zip(*table, strict=True)]
    left = width - sum(natural[:-1]) - _GAP * len(natural)
    return natural[-1] > _STRIP and left < natural[-1] / 2


def _floors(rows: Sequence[Sequence[str]]) -> list[int]:
    """The longest word of each column."""
    return [
        min(
            _LONGEST_WORD,
            max((width_of(one) for cell in column for one in cell.split()), default=1),
        )
        for column in zip(*rows, strict=True)
    ]


def _fits(rows: Sequence[Sequence[str]], width: int, gap: int) -> bool:
    floors = _floors(rows)
    return sum(floors) + gap * (len(floors) - 1) + _GAP <= width


def _record_lines(header: Sequence[str], row: Sequence[str], width: int) -> Iterator[str]:
    """A row whose columns have no room beside each other: below each other, what has a value."""
    widest = max(map(width_of, header))
    yield from (f"  {line}" for line in _wrap(row[0], width - _GAP))
    for name, cell in zip(header[1:], row[1:], strict=True):
        if cell in _NONE or not name:
            continue
        ahead = " " * 4 + name + " " * (widest - width_of(name) + _GAP)
        for line in _wrap(cell, max(width - width_of(ahead), _LEAST)):
            yield ahead + line
            ahead = " " * width_of(ahead)


def _style(grid: Grid, name: str, cell: str) -> str:
    """The colour of a cell: of its column's name where that is a kind of change, else of itself."""
    if cell in _NONE:
        return ""
    if name in _MEANING:
        return _MEANING[name]
    if name in {"old", "new"} and "" in grid.columns:  # of one cell, beside each other
        return _RED if name == "old" else _GREEN
    return _MEANING.get(cell, "") if name in {"kind", "coverage"} else ""


def _sizes(rows: Sequence[Sequence[str]], width: int, gap: int) -> list[int]:
    """How wide each column is: the widest gives way first, down to its longest word."""
    sizes = [max(map(width_of, column)) for column in zip(*rows, strict=True)]
    floors = _floors(rows)
    over = sum(sizes) + gap * (len(sizes) - 1) + _GAP - width
    while over > 0:
        loose = [at for at, size in enumerate(sizes) if size > floors[at]]
        if not loose:
            break
        sizes[max(loose, key=lambda at: sizes[at])] -= 1
        over -= 1
    return sizes


def _row_lines(
    row: Sequence[str],
    sizes: Sequence[int],
    right: Sequence[bool],
    styles: Sequence[str],
    gap: int,
) -> Iterator[str]:
    """The lines of one row."""
    cells = [_bounded(_wrap(cell, size), size) for cell, size in zip(row, sizes, strict=True)]
    for at in range(max(map(len, cells))):
        parts = []
        for is_right, lines, size, style in zip(right, cells, sizes, styles):  # noqa: B905 - as above
            text = lines[at] if at < len(lines) else ""
            blank = " " * (size - width_of(text))
            shown = _set(text, style, bool(style))
            parts.append(blank + shown if is_right else shown + blank)
        yield ("  " + (" " * gap).join(parts)).rstrip()


def _bounded(lines: list[str], size: int) -> list[str]:
    if len(lines) <= _MOST_LINES:
        return lines
    last = lines[_MOST_LINES - 1]
    while width_of(last) > size - 1:
        last = last[:-1]
    return [*lines[: _MOST_LINES - 1], f"{last}…"]


def _wrap(text: str, size: int) -> list[str]:
    """The text in lines of at most `size` columns, divided at spaces where that can be."""
    if width_of(text) <= size:
        return [text]
    lines = [""]
    for word in text.split(" "):
        if lines[-1] and width_of(lines[-1]) + 1 + width_of(word) <= size:
            lines[-1] += f" {word}"
            continue
        pieces = _pieces(word, size)
        lines = [*lines[:-1], *pieces] if not lines[-1] else [*lines, *pieces]
    return lines


def _pieces(word: str, size: int) -> list[str]:
    """A word in pieces of at most `size` columns; a mark stays with its letter."""
    pieces, room = [""], size
    for char in word:
        wide = width_of(char)
        if wide > room and pieces[-1]:
            pieces.append("")
            room = size
        pieces[-1] += char
        room -= wide
    return pieces


def _set(text: str, style: str, is_on: bool) -> str:  # noqa: FBT001 - private
    return f"\x1b[{style}m{text}\x1b[0m" if is_on and style and text else text
