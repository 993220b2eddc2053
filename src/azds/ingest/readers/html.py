"""Form `html`: a page as MediaWiki renders it, by Parsoid, the old parser, or with its skin.

Only the article is read: what is hidden (sort keys, short descriptions),
navigation, boxes at the side, editing links and pictures are left out. A page
that is no MediaWiki's is read from its body.
"""

import html as entities
import re
from dataclasses import dataclass, field

from azds.ingest.blocks import Block, Document, Kind, Part
from azds.ingest.grids import GridCell, GridRow, read_grid
from azds.ingest.htmltext import VOID, Tag, Text, tokens
from azds.ingest.rendering import Rendering
from azds.ingest.source import Source

__all__ = ["STYLE", "looks_like", "read"]

STYLE = "html"

_SIGN = re.compile(
    r"<(?:!doctype\s+html|html|body|div|table|p|h[1-6]|section|span|ul)\b", re.IGNORECASE
)
_HIDDEN = re.compile(r"display\s*:\s*none", re.IGNORECASE)
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][\da-fA-F]{1,6}|[a-zA-Z]{2,31});")
_FILE = re.compile(r"(?:File|Image):", re.IGNORECASE)
_DIGITS = re.compile(r"\d{1,4}")
_LEFT_OUT = frozenset(
    """
    mw-editsection mw-cite-backlink navbox navbox-inner sidebar infobox vertical-navbox metadata
    ambox tmbox ombox toc shortdescription catlinks printfooter mw-jump-link sortkey thumb
    thumbinner gallery mw-empty-elt mw-indicators mw-hidden-catlinks navigation-not-searchable
    portalbox portal sistersitebox mw-references-error mw-ref-cnt flagicon mbox-small
    mw-kartographer-container authority-control stub reflist-talk mw-headline-number
    mwe-math-element Z3988 cs1-hidden-error cs1-maint citation-comment mw-file-description magnify
    thumbcaption nomobile
    """.split()  # noqa: SIM905 - forty words read better so
)
_LEFT_OUT_TAGS = frozenset(
    {"script", "style", "noscript", "template", "head", "nav", "footer", "figure", "audio", "video",
     "form", "button", "select", "svg", "math", "title", "aside", "figcaption"}
)  # fmt: skip
_BLOCKS = frozenset(
    {"p", "div", "section", "article", "main", "body", "html", "blockquote", "ul", "ol", "dl", "li",
     "dd", "dt", "table", "tbody", "thead", "tfoot", "tr", "td", "th", "caption", "hr", "center",
     "h1", "h2", "h3", "h4", "h5", "h6", "pre", "address", "header", "details", "summary"}
)  # fmt: skip
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_CLOSED_BY = {
    "li": {"li"}, "tr": {"tr", "td", "th"}, "td": {"td", "th"}, "th": {"td", "th"},
    "dd": {"dd", "dt"}, "dt": {"dd", "dt"}, "p": {"p"},
    "tbody": {"tr", "td", "th", "thead", "tbody"},
}  # fmt: skip
"""The open elements that an element closes where it opens, up to the table or list."""
_DEEPEST = 400
_MOST_SPAN = 20


def looks_like(text: str) -> float:
    """How much a text looks like this form: 0 to 1."""
    head = text[:4_000]
    if re.match(
        r"\s*(?:<!--.{0,2000}?-->\s*)?<(?:!doctype\s+html|html)\b", head, re.IGNORECASE | re.DOTALL
    ):
        return 1.0
    if "mw-parser-output" in head:
        return 1.0
    tags = len(_SIGN.findall(text[:40_000]))
    return min(1.0, tags / 12) * (0.95 if text.lstrip().startswith("<") else 0.3)


def read(source: Source) -> Document:
    """The blocks of a text in this form."""
    return _Reader(source).read()


@dataclass(slots=True)
class _Table:
    """A table that is open: its rows, and the row and cell that are open."""

    rows: list[GridRow] = field(default_factory=list)
    cells: list[GridCell] = field(default_factory=list)
    lines: list[Block] | None = None
    is_head: bool = False
    span: tuple[int, int] = (1, 1)
    at: int = 0


class _Reader:
    """Goes through the tags once."""

    def __init__(self, source: Source) -> None:
        self.rendering = Rendering(source)
        self.text = self.rendering.markup
        self.blocks: list[Block] = []
        self.references: list[Block] = []
        self.open: list[str] = []
        self.left_out: int | None = None  # how many elements were open where the one left out began
        self.tables: list[_Table] = []
        self.layouts: list[bool] = []  # of each open table, whether it only arranges others
        self.line = 0  # where the line began that is being rendered
        self.kind: Kind = "paragraph"
        self.place = "lead"
        self.in_references: int | None = None
        self.begins = 0  # the depth at which the article stands; 0 before it is found
        self.roots = self._roots()

    def _roots(self) -> bool:
        """Whether the article is marked as such: what stands before and behind it is not read."""
        return "mw-parser-output" in self.text

    def read(self) -> Document:
        """The document."""
        for token in tokens(self.text):
            if isinstance(token, Text):
                self._text(token)
            elif token.closes:
                self._close(token)
            else:
                self._open(token)
        while self.tables:
            self._end_table()
        self._end_line()
        self.blocks += self.references
        return Document(self.rendering.finish(), STYLE, tuple(self.blocks), whole_rows=True)

    def _is_read(self) -> bool:
        return self.left_out is None and (not self.roots or self.begins > 0)

    def _open(self, tag: Tag) -> None:
        name = tag.name
        if name in VOID:
            if name == "br" and self._is_read():
                self._end_line()
            return
        if name in _CLOSED_BY:
            self._close_before(name)
        if self.left_out is None and self._leaves_out(tag):
            self.left_out = len(self.open)
        if len(self.open) < _DEEPEST:
            self.open.append(name)
        if not self.begins and self.roots and "mw-parser-output" in tag.classes:
            self.begins = len(self.open)
        if not self._is_read():
            return
        if name in _BLOCKS:
            self._end_line()
        self._begin(tag)

    def _begin(self, tag: Tag) -> None:
        """What an element changes where it opens."""
        name = tag.name
        if name in _HEADINGS:
            self.kind = "heading"
        elif name == "li":
            self.kind = "item"
        elif name in {"p", "dd", "dt"}:
            self.kind = "paragraph"
        elif name in {"ol", "div"} and tag.classes & {
            "references",
            "mw-references-wrap",
            "reflist",
        }:
            if self.in_references is None:
                self.in_references = len(self.open)
        elif name == "table":
            is_layout = tag.attributes.get("role") == "presentation"
            self.layouts.append(is_layout)
            if not is_layout:
                self.tables.append(_Table())
        elif name in {"td", "th"} and self.tables and not self.layouts[-1]:
            table = self.tables[-1]
            table.lines, table.is_head = [], name == "th"
            table.span = (_number(tag, "colspan"), _number(tag, "rowspan"))
            table.at = self.rendering.at
            self.kind = "paragraph"
        elif name == "sup" and (
            "reference" in tag.classes or tag.attributes.get("typeof") == "mw:Extension/ref"
        ):
            self._mark(tag)

    def _mark(self, tag: Tag) -> None:
        """A citation mark; its words are left out."""
        stop = self.text.find("</sup", tag.end)
        words = self.text[tag.end : min(stop if stop >= 0 else tag.end, tag.end + 2_000)]
        shown = entities.unescape(re.sub(r"<[^<>]*>", "", words)).strip("[] \n")
        number = int(shown) if _DIGITS.fullmatch(shown) else None
        self.rendering.mark(number or None, tag.start, tag.end)
        self.left_out = len(self.open) - 1

    def _leaves_out(self, tag: Tag) -> bool:
        """Whether an element is no part of what the article says."""
        kinds = tag.attributes.get("typeof", "").split()
        return (
            tag.name in _LEFT_OUT_TAGS
            or tag.attributes.get("role") == "navigation"
            or bool(tag.classes & _LEFT_OUT)
            or _HIDDEN.search(tag.attributes.get("style", "")) is not None
            or (tag.name == "sup" and "Inline-Template" in tag.classes)
            or any(kind.startswith(("mw:File", "mw:Image")) for kind in kinds)
            or tag.attributes.get("rel") == "mw:referencedBy"
            or (tag.name == "a" and self._is_picture(tag))
        )

    def _is_picture(self, tag: Tag) -> bool:
        """Whether a link shows a picture, or the name of one that the wiki lacks."""
        title = entities.unescape(tag.attributes.get("title", ""))
        inside = self.text[tag.end : tag.end + 8]
        is_file = _FILE.match(title) is not None or "image" in tag.classes
        return is_file and (_FILE.match(inside) is not None or inside.startswith("<img"))

    def _close(self, tag: Tag) -> None:
        name = tag.name
        if name in VOID or name not in self.open[-40:]:
            if name == "p" and self._is_read():
                self._end_line()
            return
        while self.open:
            last = self.open.pop()
            self._ended(last)
            if last == name:
                break

    def _close_before(self, name: str) -> None:
        """Close the elements that this one ends, where their end tags were left out."""
        closed = _CLOSED_BY[name]
        bound = (
            {"table"}
            if name in {"tr", "td", "th", "tbody"}
            else {"ul", "ol", "dl", "table", "td", "th", "div"}
        )
        for at in range(len(self.open) - 1, max(-1, len(self.open) - 40), -1):
            if self.open[at] in closed:
                while len(self.open) > at:
                    self._ended(self.open.pop())
                if name not in {"tr", "tbody"}:
                    return
            elif self.open[at] in bound:
                return

    def _ended(self, name: str) -> None:
        """What the end of an element changes; it is off the stack."""
        depth = len(self.open)
        was_read = self._is_read()
        if was_read and name in _BLOCKS:
            self._end_line()
        if was_read and self.layouts and name in {"td", "th", "tr", "table"}:
            is_layout = self.layouts.pop() if name == "table" else self.layouts[-1]
            if self.tables and not is_layout:
                ends = {"tr": self._end_row, "table": self._end_table}
                ends.get(name, self._end_cell)()
        if name == "li" or name in _HEADINGS:
            self.kind = "paragraph"
        if self.left_out is not None and depth <= self.left_out:
            self.left_out = None
        if self.in_references is not None and depth < self.in_references:
            self.in_references = None
        if self.begins and depth < self.begins:
            self.begins = 0

    def _text(self, token: Text) -> None:
        if not self._is_read():
            return
        at = token.start
        for match in _ENTITY.finditer(self.text, token.start, token.end):
            self._copy(at, match.start())
            words = entities.unescape(match[0])
            self.rendering.put(" " if words == "\xa0" else words, match.start(), match.end())
            at = match.end()
        self._copy(at, token.end)

    def _copy(self, start: int, end: int) -> None:
        self.rendering.copy(start, end)

    def _end_line(self) -> None:
        """Make the blocks of what was rendered since the last line ended."""
        words = self.rendering.text(self.line)
        parts = list(_shown(words, self.line))
        if parts or words:
            stop = self.rendering.source_end
            self.rendering.put("\n", stop, stop)
        self.line = self.rendering.at
        for part in parts:
            self._block(part)

    def _block(self, part: Part) -> None:
        if self.tables and self.tables[-1].lines is not None:
            kind: Kind = "item" if self.kind == "item" else "paragraph"
            self.tables[-1].lines.append(Block(part.start, part.end, kind, "table"))
        elif self.tables:
            self.blocks.append(Block(part.start, part.end, "other", "other"))
        elif self.in_references is not None:
            number = len(self.references) + 1
            self.references.append(
                Block(part.start, part.end, "reference", "references", number=number)
            )
        elif self.kind == "heading":
            self.blocks.append(Block(part.start, part.end, "heading", "heading"))
            self.place = "prose"
        elif self.kind == "item":
            self.blocks.append(Block(part.start, part.end, "item", "list"))
        else:
            self.blocks.append(Block(part.start, part.end, "paragraph", self.place))

    def _end_cell(self) -> None:
        table = self.tables[-1]
        if table.lines is None:
            return
        lines = tuple(table.lines)
        start = lines[0].start if lines else table.at
        end = lines[-1].end if lines else table.at
        table.cells.append(GridCell(start, end, lines, table.is_head, *table.span))
        table.lines = None

    def _end_row(self) -> None:
        self._end_cell()
        table = self.tables[-1]
        if table.cells:
            table.rows.append(GridRow(tuple(table.cells)))
            table.cells = []

    def _end_table(self) -> None:
        self._end_row()
        table = self.tables.pop()
        if self.tables:  # a table in a table: its words are those of the cell
            outer = self.tables[-1]
            if outer.lines is not None:
                outer.lines += [
                    line for row in table.rows for cell in row.cells for line in cell.lines
                ]
            return
        self.blocks += read_grid(self.rendering.between, table.rows, len(self.blocks))
        self.kind = "paragraph"


def _number(tag: Tag, name: str) -> int:
    words = tag.attributes.get(name, "1").strip()
    most = _MOST_SPAN if name == "colspan" else 1_000
    return min(max(int(words), 1), most) if words.isdecimal() and len(words) < 5 else 1  # noqa: PLR2004


def _shown(words: str, at: int) -> list[Part]:
    """The lines of rendered words that are not blank, trimmed."""
    found = []
    for line in words.split("\n"):
        bare = line.strip()
        if bare:
            lead = len(line) - len(line.lstrip())
            found.append(Part(at + lead, at + lead + len(bare)))
        at += len(line) + 1
    return found
