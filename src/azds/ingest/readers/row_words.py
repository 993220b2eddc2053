"""The words of a table row that came out as one line: where its cells begin and end.

Bare text glues cells together, with a blank, a tab, or nothing. A row begins
with its number, the file name of a flag, or what is left of a template; then comes
the name; then the date, where a date or a word for one begins; then the notes.
"""

import re
from dataclasses import dataclass, field

from azds.ingest.began_cells import cell_end
from azds.ingest.blocks import Part
from azds.ingest.grids import is_state_head

__all__ = ["DATE", "LEAD", "LONGEST", "SEE", "RowWords", "began_end", "cut_row", "read_head"]

LONGEST = 160
"""How far into a line its number, name and date may reach."""

_MONTH = (
    r"(?:Jan(?:uary|\.)?|Feb(?:ruary|\.)?|Mar(?:ch|\.)?|Apr(?:il|\.)?|May|June?|July?|Aug(?:ust|\.)?|"
    r"Sep(?:t(?:ember|\.)?|\.)?|Oct(?:ober|\.)?|Nov(?:ember|\.)?|Dec(?:ember|\.)?)"
)
_DAY = r"\d{1,2}(?:st|nd|rd|th)?"
_ENDED = r"(?:[Ss]uspended|[Ss]evered)"
_TIES = (
    r"(?i:(?:the|of|on|in|or|and|with|formal|official|diplomatic|bilateral|mutual|relation(?:s(?:hips?)?)?|"
    r"ties|date|year|when|since|beg[au]n|\(?re\)?-?established|established|establishment|start(?:ed)?|"
    r"beginning|commenced|resumed|restored)[\s/()-]*){1,9}"
)
_HEAD = re.compile(
    r"(?P<number>#|No\.|N[o°º]\.?)?\s*(?P<state>[A-Z][a-z]+(?: [a-z]+)??)\s*"
    r"(?P<recognized>(?i:(?:(?:date|of|the|formal|official|diplomatic)\s+){0,5}recognition)\s*)?"
    rf"(?P<date>{_TIES}(?<!/))?\s*(?:Region|Continent)?\s*(?P<notes>Notes?|Remarks?|Comments?)?"
)
_BEGAN = re.compile(r"beg[au]n|date|since|year|establish|start|commenced|resumed", re.IGNORECASE)
LEAD = re.compile(
    r"(?P<number>\d{1,3}\.?(?![\d/-])|[\u2010-\u2015-])?\s*"
    r"(?P<picture>[^\n|]{1,100}?\.(?:svg|png|jpe?g|gif)\s*)?"
    r"(?:Template:(?:Country[ _]data|Flag[a-z]*)\s+)?(?=\S)"
)
"""What may stand before the name: a number or dash, a picture, the name of a template."""
DATE = re.compile(
    r"(?:\b(?:by|[Ll]ate|[Ee]arly|[Mm]id)[\s-]+|[Bb]efore\s*|[Aa]fter\s*|c\.\s*(?=\d)|\()?"
    rf"(?:(?:(?:{_DAY}\s+)?{_MONTH}(?:\s+{_DAY},?)?\s+)?(?:1[5-9]|20)\d\d(?!\d)|"
    rf"\d\d?[/.]\d\d?[/.]\d{{4}}|{_DAY}\s+{_MONTH}(?!\w))|"
    rf"[Uu]nknown\b|\bNo\s+date\b|\bN/A\b|\({_ENDED}\b|\b{_ENDED}\b(?=\s*(?:$|[\d,;)]))|\?\s*$"
)
"""A date where a cell glued to the name may begin with it, or the words in its place."""
SEE = re.compile(r"(?<!Holy )(?:\b|(?<=[a-z\d)]))See\s")
"""A pointer to another article, by which notes begin; glued to a name or a date too."""
_NAME_ENDS = " \t\u00a0\u2010\u2011\u2012\u2013\u2014\u2015-(:,"
_NEXT_SENTENCE = re.compile(r"(?<=[\s\d)])(?:On|In|Since|From|After)\s")


@dataclass(slots=True)
class RowWords:
    """Where a row's number, name, date and the lines of its notes stand; some may be empty."""

    number: Part
    name: Part
    date: Part
    notes: list[Part] = field(default_factory=list)
    has_picture: bool = False

    @property
    def is_dated(self) -> bool:
        """Whether a date, or words in its place, stand behind the name."""
        return self.date.start < self.date.end


def read_head(words: str) -> re.Match[str] | None:
    """The columns of a header that came out as one line; None for any other line.

    They are `number`, `state`, `recognized`, `date` and `notes`. It tells of relations:
    each word of the date's column does.

    >>> read_head("CountryFormal Relations BeganNotes")["date"], read_head("Country Date Purpose")
    ('Formal Relations Began', None)
    """
    match = _HEAD.fullmatch(words.strip()) if len(words) <= LONGEST else None
    if match is None or not (match["recognized"] or match["date"]):
        return None
    if match["date"] and not _BEGAN.search(match["date"]):
        return None
    is_name = match["number"] is not None and match["state"] == "Name"
    return match if is_name or is_state_head(match["state"]) else None


def began_end(text: str, start: int, end: int) -> int:
    """Where the cell of the date ends that starts here; `start` if none does.

    A sentence behind the first date is a note, though it begins with another.

    >>> line = "1954 On 10 May 2012 they met"
    >>> line[: began_end(line, 0, len(line))]
    '1954'
    """
    told = _NEXT_SENTENCE.search(text, start + 1, end)
    stop = cell_end(text, start, told.start() if told else end)
    date = DATE.match(text, start, end) if stop == start else None
    return date.end() if date and date[0][-1].isdigit() else stop


def cut_row(text: str, line: Part, *, has_notes: bool) -> RowWords | None:
    """A line as if it were a row; None where it is blank. A date may be followed by notes."""
    reach = min(line.end, line.start + LONGEST)
    lead = LEAD.match(text, line.start, reach)
    if lead is None:
        return None
    start = lead.end()
    date = DATE.search(text, start, reach)
    see = SEE.search(text, start + 1, reach) if has_notes else None
    template = text.find("Template:", start, reach)
    cuts = [match.start() for match in (date, see) if match]
    cut = min([*cuts, template if template >= 0 else line.end, line.end])
    stop = cut
    if date and date.start() == cut:
        stop = began_end(text, cut, line.end) if has_notes else line.end
    rest = text[stop : line.end].lstrip()
    return RowWords(
        Part(line.start, line.start + len(lead["number"] or "")),
        Part(start, start + len(text[start:cut].rstrip(_NAME_ENDS))),
        Part(cut, stop),
        [Part(line.end - len(rest), line.end)] if has_notes and rest else [],
        lead["picture"] is not None,
    )
