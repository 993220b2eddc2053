"""Tables of any form to blocks: which column holds what, by the words of the header.

A reader hands over the rows of a table as they stand; this tells the country
from the date and the notes, whatever the form was.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from azds.ingest.began_cells import is_note
from azds.ingest.blocks import Block, Cell, Kind, Part

__all__ = ["GridCell", "GridRow", "head_role", "is_date_head", "is_state_head", "read_grid"]

Words = Callable[[int, int], str]

_COUNTRY = re.compile(
    r"(?:the\s+)?(?:(?:partner|sovereign|member|foreign|independent|un\s+member|diplomatic)\s+)?(?:countr(?:y|ies)|states?|nations?|regions?|(?:international\s+)?organi[sz]ations?|"
    r"entit(?:y|ies)|partners?|institutions?|blocs?|territor(?:y|ies)|country\s*/\s*\w+|member|counterparts?)"
    r"(?:\s*(?:or|and|&|/)\s*(?:\w+\s+)?\w+)?(?:\s+name)?(?:\s*\([^()]{0,40}\))?",
    re.IGNORECASE,
)
_BEGAN = re.compile(
    r"\b(?:beg[au]n|start(?:ed)?|established|(?:re)?-?established|since|resumed|"
    r"establishment|beginning|commence(?:d|ment)|initiated|restored|normali[sz]ed)\b|^(?:dates?|year|day)\b|"
    r"\bdates?\s+of\b|\bdate$",
    re.IGNORECASE,
)
_NOT_BEGAN = re.compile(
    r"\b(?:visit|visa|accession|ended|severed|closed|open(?:ed|ing)|embass|mission|agreement|accredit|"
    r"credential|recogni|retrieved|sign(?:ed|ing|ature)|arriv|depart|effective|elevat|upgrad|"
    r"partnership|war\b|terms?\b|flight|joined|membership|ratified|broken|suspended|appli(?:ed|cation)|"
    r"admi(?:ssion|tted)|entry|independence|appointed)",
    re.IGNORECASE,
)
_MAY_BE_BEGAN = re.compile(
    r"(?:(?:diplomatic|formal|official|bilateral)\s+)*(?:relations|ties)|formal\b.*",
    re.IGNORECASE,
)
"""Heads of columns that tell the date only where nothing but dates stands under them."""
_IS_DATE = re.compile(
    r"\D{0,30}\b(?:1[5-9]|20)\d\d\b\D{0,20}|(?:\D{0,16}\d{1,2}\D{1,12}(?:1[5-9]|20)\d\d\b.{0,20})"
)
_RECOGNITION = re.compile(r"\brecogni", re.IGNORECASE)
_RELATIONS = re.compile(r"\b(?:relations?|ties|establish\w*|beg[au]n|since)\b", re.IGNORECASE)
_NOTES = re.compile(
    r"(?:notes?|remarks?|comments?|details?|description|information)\b", re.IGNORECASE
)
_NUMBER = re.compile(
    r"#|no\.?|n[o°º]\.?|nr\.?|number|s[lr]?\.?[\s/]?no?\.?|s[lr]\.?|serial(?:\sno\.?)?|order|\u2116",
    re.IGNORECASE,
)
_ORDINAL = re.compile(r"\d{1,4}\.?|[\u2010-\u2015-]+")
_HEAD_ROWS = 4
_FEW_ROWS = 40
_MOST_DATED = 0.7
_EMPTY = frozenset({"", "-", "\u2013", "\u2014", "?", "N/A"})
_LONGEST_HEAD = 60
_LONGEST = 400


@dataclass(frozen=True, slots=True)
class GridCell(Part):
    """One cell as rendered, with the blocks of its lines; `span` is how many columns it takes."""

    lines: tuple[Block, ...] = ()
    is_head: bool = False
    span: int = 1
    rows: int = 1


@dataclass(frozen=True, slots=True)
class GridRow:
    """One row of a table: its cells in order."""

    cells: tuple[GridCell, ...]


def read_grid(words: Words, rows: Sequence[GridRow], first: int) -> list[Block]:
    """The blocks of a table; `first` is the position that the first will have.

    `words` gives those between two offsets. A table whose header names no column of
    countries is `other`: its lines stay, as items and paragraphs in a table.
    """
    filled = _filled(rows)
    head, columns = _columns(words, filled)
    blocks: list[Block] = []
    for position, row in enumerate(filled):
        cells = [cell for cell in row if cell is not None]
        if not cells:
            continue
        if columns is None:
            blocks += [_loose(line) for cell in _unique(cells) for line in cell.lines]
        elif position < head:
            continue
        elif position == head:
            blocks.append(_head(cells, [cell for line in filled[:head] for cell in line if cell]))
        else:
            blocks += _row(words, row, columns, first + len(blocks))
    return blocks


def is_state_head(words: str) -> bool:
    """Whether words head a column of states or bodies."""
    return len(words) <= _LONGEST_HEAD and _COUNTRY.fullmatch(words.strip(" :.*")) is not None


def is_date_head(words: str) -> bool:
    """Whether words head a column that tells when relations began."""
    return (
        len(words) <= _LONGEST_HEAD
        and _BEGAN.search(words) is not None
        and _NOT_BEGAN.search(words) is None
    )


def _head(cells: Sequence[GridCell], over: Sequence[GridCell]) -> Block:
    """The block of a header: its cells, and those of the rows over it as captions."""
    columns = [(cell, "caption") for cell in _unique(over)]
    columns += [(cell, "head") for cell in _unique(cells)]
    return Block(
        min(cell.start for cell in cells),
        max(cell.end for cell in cells),
        "head",
        "table",
        cells=tuple(Cell(c.start, c.end, name) for c, name in columns if c.start < c.end),
    )


def _filled(rows: Sequence[GridRow]) -> list[list[GridCell | None]]:
    """The rows with each cell at its columns: what spans columns or rows stands at all of them."""
    filled: list[list[GridCell | None]] = []
    open_cells: dict[int, tuple[GridCell, int]] = {}
    for row in rows:
        line: list[GridCell | None] = []
        held, open_cells = open_cells, {}
        cells = iter(row.cells)
        while True:
            at = len(line)
            if at in held:
                cell, left = held.pop(at)
                line.append(cell)
                if left > 1:
                    open_cells[at] = (cell, left - 1)
                continue
            cell_next = next(cells, None)
            if cell_next is None:
                if not held or max(held) < at:
                    break
                line.append(None)
                continue
            for shift in range(max(1, cell_next.span)):
                line.append(cell_next)
                if cell_next.rows > 1:
                    open_cells[at + shift] = (cell_next, cell_next.rows - 1)
        filled.append(line)
    return filled


def _unique(cells: Sequence[GridCell]) -> list[GridCell]:
    return list(dict.fromkeys(cells))


def _words(text: Words, cell: GridCell) -> str:
    return " ".join(text(cell.start, min(cell.end, cell.start + _LONGEST)).split()).strip(" :.*")


def _columns(
    text: Words, rows: Sequence[Sequence[GridCell | None]]
) -> tuple[int, dict[int, str] | None]:
    """The position of the header among the first rows, and the role of each column."""
    for position, row in enumerate(rows[:_HEAD_ROWS]):
        heads = {at: words for at, cell in enumerate(row) if cell and (words := _words(text, cell))}
        country = next((at for at, words in heads.items() if is_state_head(words)), None)
        if country is None and _is_numbered(heads):
            country = next((at for at, words in heads.items() if words.casefold() == "name"), None)
        if country is not None:
            roles = {at: role for at, words in heads.items() if (role := head_role(words))}
            roles = {at: role for at, role in roles.items() if role != "number" or at < country}
            dates = [at for at, words in heads.items() if at not in roles and is_date_head(words)]
            roles |= {at: "number" for at in range(country) if at not in roles and at not in dates}
            if not dates:
                dates = _by_content(text, rows[position + 1 :], heads)
            relations = [at for at in dates if _RELATIONS.search(heads[at])]
            roles |= dict.fromkeys((relations or dates)[:1], "began")
            return position, roles | {country: "country"}
    return 0, None


def _is_numbered(heads: dict[int, str]) -> bool:
    """Whether heads are of a numbered list of relations, so that "Name" heads the states."""
    return any(_NUMBER.fullmatch(words) for words in heads.values()) and any(
        is_date_head(words) and _RELATIONS.search(words) for words in heads.values()
    )


def _by_content(
    text: Words, rows: Sequence[Sequence[GridCell | None]], heads: dict[int, str]
) -> list[int]:
    """The columns under a head like "Relations" in which nothing but dates stands."""
    found = []
    for at in (at for at, words in heads.items() if _MAY_BE_BEGAN.fullmatch(words)):
        cells = [row[at] for row in rows[:_FEW_ROWS] if at < len(row)]
        told = [words for cell in cells if cell and (words := _words(text, cell)) not in _EMPTY]
        dated = sum(
            len(words) <= _LONGEST_HEAD and _IS_DATE.fullmatch(words) is not None for words in told
        )
        if told and dated >= _MOST_DATED * len(told):
            found.append(at)
    return found


def head_role(words: str) -> str:
    """What a column holds, by its head; empty where that is to be weighed."""
    if _NUMBER.fullmatch(words):
        return "number"
    if _NOTES.match(words):
        return "notes"
    is_recognition = _RECOGNITION.search(words) and not _RELATIONS.search(words)
    return "recognized" if is_recognition else ""


def _loose(line: Block) -> Block:
    """A line of a table that lists no countries."""
    return Block(line.start, line.end, "other", "table", table=True)


def _row(
    text: Words, row: Sequence[GridCell | None], columns: dict[int, str], position: int
) -> list[Block]:
    """The block of a row, then those of its notes."""
    by_role: dict[str, GridCell] = {}
    rest: list[GridCell] = []
    for at, cell in enumerate(row):
        if cell is None or cell in by_role.values():
            continue
        role = columns.get(at, "notes")
        if role == "began" and is_note(text(cell.start, cell.end)):
            role = "notes"
        if role in by_role or role == "notes":
            rest.append(cell)
        else:
            by_role[role] = cell
    country = by_role.get("country")
    if country is None or (
        all(cell.is_head for cell in row if cell) and len(row) > 1 and _again(text, country)
    ):
        return []
    cells = tuple(
        Cell(cell.start, cell.end, role) for role, cell in by_role.items() if cell.start < cell.end
    )
    if not any(cell.column == "country" for cell in cells):
        cells = (Cell(country.start, country.end, "country"), *cells)
    start = min(cell.start for cell in row if cell)
    end = max(cell.end for cell in by_role.values())
    blocks = [Block(start, end, "row", "table", cells=cells, table=True)]
    for cell in dict.fromkeys(rest):
        for line in cell.lines:
            kind: Kind = "note" if line.kind == "item" else "paragraph"
            blocks.append(Block(line.start, line.end, kind, "table", table=True, row=position))
    return blocks


def _again(text: Words, cell: GridCell) -> bool:
    """Whether a header stands again within the table."""
    return _COUNTRY.fullmatch(_words(text, cell)) is not None
