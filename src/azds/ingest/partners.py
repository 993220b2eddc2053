"""Whose row it is: the counterpart of a table row, also where the row's head was lost.

In text made from HTML a row's first line may be missing; its notes then hang
on the row above, or on none. They tell whose they are: they name another state
as the one that acts or is acted upon, and neither the row's own nor a city of it. Where a
table came as a table but the cell of the country is empty, the notes of that row
tell it only if they name the subject and exactly one state of today as the other side.
"""

import re

from azds.entities import bodies, cities, states
from azds.ingest.blocks import Block, Document, Named, Part

__all__ = ["Partners", "row_counterpart", "row_counterparts"]

_TO_WHOM = re.compile(r"\b(?:represented\s+in|accredited\s+to|relations\s+with)\s+(?:the\s+)?$")
_QUALIFIED = re.compile(r"\s*(?P<name>[^()\n]{1,120}?)\s*(?P<rest>\([^()]{1,120}\)\s*)?")
_BEHIND = re.compile(
    r"\s*(?P<name>[^()\n]{1,120}?)\s*(?:\n|\s[\u2013\u2014-]\s|[*\u2020\u2021])(?P<rest>.{0,200})",
    re.DOTALL,
)
_LOOSE = re.compile(
    r"[\s*\u2020\u2021,;.()-]*(?:[\s(\[]*\b(?:suspended|severed|relations?|diplomatic|since|until|frozen|broken|off|terminated|ended|resumed|observer|in|of|the|from|to|\d{1,4}|[A-Z][a-z]{2,8})\b[\s)\],.;-]*){0,12}"
)
_DIVIDES = re.compile(r"\s*[/\n;,&+\u2022\u00b7]\s*|\s+and\s+")
_POINTER = re.compile(r"\bSee\s+(?:also\s+)?(?P<title>[^().\n]{3,120}?\brelations)\b")
_TODAY = frozenset({"un_member", "un_observer", "limited_recognition", "dependency"})
_LONGEST = 300
_LEAD = 5
_NEAR = 40


def row_counterpart(document: Document, row: Block) -> Named:
    """The counterpart that a row's own cell names; `entity` is None if it does not resolve.

    What stands in brackets behind the name is its qualifier: "Fiji (suspended)".
    """
    part: Part = row.cell("country") or row
    words = document.text(part)
    entity = states().resolve(words)
    if entity or not document.whole_rows:
        return Named(part.start, part.end, entity)
    for pattern in (_QUALIFIED, _BEHIND):
        match = pattern.fullmatch(words)
        known = (
            states().resolve(match["name"]) or bodies().resolve(match["name"]) if match else None
        )
        if match and known:
            start = part.start + match.start("name")
            return Named(
                start, start + len(match["name"]), known, (match["rest"] or "").strip("() ")
            )
    first = states().first(document.source.clean, part.start, part.end)
    if first and _LOOSE.fullmatch(document.source.clean, first[0], part.end):
        rest = document.source.clean[first[0] : part.end]
        return Named(part.start, first[0], first[1], rest.strip("() \n"))
    return Named(part.start, part.end, None)


def row_counterparts(document: Document, row: Block) -> list[Named]:
    """The counterparts that a row's cell names: mostly one; several where each part is a name."""
    one = row_counterpart(document, row)
    part = row.cell("country")
    second = _on_the_next_line(document, part, one) if one.entity and part else None
    if second:
        return [Named(one.start, one.end, one.entity), second]
    if one.entity or part is None or not document.whole_rows or part.end - part.start > _LONGEST:
        return [one]
    found: list[Named] = []
    at = part.start
    clean = document.source.clean
    for cut in [*_DIVIDES.finditer(clean, part.start, part.end), None]:
        end = cut.start() if cut else part.end
        words = clean[at:end]
        start = at + len(words) - len(words.lstrip())
        entity = states().resolve(words.strip()) or bodies().resolve(words.strip())
        if entity is None:
            return [one]
        found.append(Named(start, start + len(words.strip()), entity))
        at = cut.end() if cut else end
    return found


def _on_the_next_line(document: Document, part: Part, one: Named) -> Named | None:
    """Another state of today that stands alone on the line below the first."""
    end = part.end
    if not one.qualifier or one.end >= end or not document.whole_rows:
        return None
    words = document.source.clean[one.end : end]
    line = words.strip()
    state = states().get(states().resolve(line) or "")
    if "\n" not in words[: len(words) - len(words.lstrip())] or state is None:
        return None
    if state.kind not in _TODAY or state.id == one.entity:
        return None
    start = one.end + len(words) - len(words.lstrip())
    return Named(start, start + len(line), state.id)


class Partners:
    """The counterparts of what stands in a document's tables."""

    def __init__(self, document: Document, subject: str) -> None:
        self._document = document
        self._subject = subject
        self._told: dict[int, Named | None] = {}
        self._runs: dict[int, list[Block]] = {}
        self._of_row: dict[int, list[Block]] = {}
        run: list[Block] = []
        for position, block in enumerate(document.blocks):
            if block.kind == "row" or block.row is not None:
                row = position if block.row is None else block.row
                self._of_row.setdefault(row, []).append(block)
            if block.kind != "note" or (run and block.row != run[0].row):
                run = []
            if block.kind == "note":
                run.append(block)
                self._runs[block.start] = run
            elif block.kind == "row" or block.row is not None:
                self._runs[block.start] = [block]

    def of(self, block: Block) -> Named | None:
        """The counterpart whose row, note or paragraph of a cell this is; None elsewhere.

        Where notes show that their row's head was lost, the part is where they name it.
        """
        run = self._runs.get(block.start)
        if run is None:
            return None
        if run[0].start not in self._told:
            self._told[run[0].start] = self._told_by(run)
        told = self._told[run[0].start]
        return told if told and told.entity else None

    def _told_by(self, run: list[Block]) -> Named | None:
        first = run[0]
        position = self._document.position(first) if first.kind == "row" else first.row
        own = None
        if position is not None:
            own = row_counterpart(self._document, self._document.blocks[position])
            if self._document.whole_rows and own.start == own.end:
                return self._told_by_notes(self._of_row[position])
        if first.kind == "row":
            return own
        if self._document.whole_rows or first.kind != "note" or (own and self._speak_of(run, own)):
            return own
        others = [named for note in run for named in self._parties(note)]
        return others[0] if len({named.entity for named in others}) == 1 else own

    def _told_by_notes(self, blocks: list[Block]) -> Named | None:
        """Of a row whose country is lost: the other side, if its notes leave no doubt."""
        notes = [block for block in blocks if block.kind != "row"]
        if not any(named.entity == self._subject for note in notes for named in self._names(note)):
            return None
        pointed = [named for note in notes for named in self._pointed(note)]
        others = pointed or [named for note in notes for named in self._parties(note)]
        known = {named.entity for named in others}
        state = states().get(str(next(iter(known)))) if len(known) == 1 else None
        return others[0] if state and state.kind in _TODAY else None

    def _pointed(self, note: Block) -> list[Named]:
        """The other side in pointers to articles on relations of the subject with one state."""
        found: list[Named] = []
        for match in _POINTER.finditer(self._document.source.clean, note.start, note.end):
            title = Part(match.start("title"), match.end("title"))
            names = self._names(title)
            others = [named for named in names if named.entity != self._subject]
            if len(others) == 1 and len(names) > 1:
                found += others
        return found

    def _names(self, part: Part) -> list[Named]:
        return self._document.names(part)

    def _speak_of(self, run: list[Block], own: Named) -> bool:
        """Whether any of these notes names the row's own state, or a city in it."""
        clean = self._document.source.clean
        return any(
            any(named.entity == own.entity for named in self._document.names(note))
            or any(
                (city := cities().get(name)) and city.kind == own.entity
                for _, _, name in cities().find(clean, note.start, note.end)
            )
            for note in run
        )

    def _parties(self, note: Block) -> list[Named]:
        """The states, the subject apart, that a note begins with or that something is sent to."""
        clean = self._document.source.clean
        return [
            named
            for named in self._document.names(note)
            if named.entity != self._subject
            and (
                named.start - note.start < _LEAD
                or _TO_WHOM.search(clean, max(note.start, named.start - _NEAR), named.start)
            )
        ]
