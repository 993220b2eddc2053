"""What holds for every text that is read: laws of ingest, over invented and over any text."""

from hypothesis import given
from hypothesis import strategies as st

from azds.dates import parse_date
from azds.entities import bodies, cities, states
from azds.errors import AzdsError
from azds.ingest.calendar_words import find_dates
from azds.ingest.extract import Extraction, extract
from azds.ingest.number_words import read_number
from azds.ingest.readers import STYLES, read_document
from azds.ingest.source import read_source
from azds.spans import words_digest

TABLES = ("counts", "relations", "recognitions", "missions", "organizations", "bibliography")
NAMES = [entity.name for entity in [*states()][:80]]
CITIES = [city.name for city in [*cities()][:80]]
BODIES = [body.id for body in bodies()]
DATES = [
    "5 May 1992",
    "May 1992",
    "1992",
    "before 1982",
    "1918–1921",
    "07/09/1992",
    "1970s",
    "Unknown",
]
PHRASES = [
    *(
        "established diplomatic relations with",
        "severed diplomatic relations with",
        "restored them",
    ),
    *("has diplomatic relations with 12 states", "does not have diplomatic relations with", ":"),
    *("recognized", "was recognised by", "threatened to recognize", "the independence of"),
    *(
        "has an embassy in",
        "and a consulate in",
        "is accredited to",
        "from its embassy in",
        "since",
    ),
    *(
        "is a member of",
        "is not a member of",
        "joined",
        "including",
        "See",
        "relations",
        "(observer)",
    ),
    *(
        "and",
        ",",
        ";",
        "it",
        "The two countries",
        "both",
        "like",
        "which",
        "(",
        ")",
        "[3]",
        ".",
        "on",
    ),
    *(
        "\n",
        "\n\n",
        "\n\n\n",
        "\xa0",
        "  • ",
        "  1. ",
        "  2. ",
        "Country Formal Relations Began Notes",
    ),
    *("â€“", "Ïîñîë", "Retrieved 5 May 2010.", '"Talks".', "== Ties ==", "Countries.", "{|", "|-"),
]
UNITS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
    "fifteen sixteen seventeen eighteen nineteen"
)
TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
WORDS = st.sampled_from([*NAMES, *CITIES, *BODIES, *DATES, *PHRASES])
ARTICLES = st.lists(st.one_of(WORDS, st.text(max_size=6)), max_size=60).map(" ".join)
TEXTS = st.one_of(st.text(max_size=400), ARTICLES)
CHOICES = st.sampled_from([None, *STYLES])


def read(text: str, style: str | None) -> Extraction | None:
    """What the rules find; None where the text is refused as it should be."""
    try:
        return extract(text.encode(), subject="MDA", style=style)
    except AzdsError:
        return None


@given(st.one_of(st.binary(max_size=200), TEXTS.map(str.encode)), CHOICES)
def test_bytes_are_read_or_refused_and_nothing_else_happens(data: bytes, style: str | None) -> None:
    """For any bytes, `extract` gives an extraction or raises an AzdsError."""
    try:
        extract(data, subject="MDA", style=style)
    except AzdsError as error:
        refused = error.kind
    else:
        refused = "source-unreadable"
    assert refused == "source-unreadable"


@given(TEXTS, CHOICES)
def test_spans_lie_in_the_source_and_digests_are_of_their_words(
    text: str, style: str | None
) -> None:
    """All evidence and rejections point into the text, and their digests are right."""
    found = read(text, style)
    if found is None:
        return
    for one in found.evidence:
        assert 0 <= one.start <= one.end <= len(text)
        assert one.digest == words_digest(text[one.start : one.end])
    for refused in found.rejections:
        assert 0 <= refused.start <= refused.end <= len(text)
        assert refused.digest == words_digest(text[refused.start : refused.end])


@given(ARTICLES, CHOICES)
def test_sections_partition_the_source(text: str, style: str | None) -> None:
    """Sections start at 0, each where the last ended, and end with the text."""
    found = read(text, style)
    if found is None:
        return
    rows = [row.model_dump() for row in found.tables["sections"]]
    assert [row["start"] for row in rows] == [0, *(row["end"] for row in rows[:-1])]
    assert rows[-1]["end"] == len(text)


@given(ARTICLES, CHOICES)
def test_every_row_has_a_key_of_its_own_and_evidence(text: str, style: str | None) -> None:
    """Keys are unique within a table, and each row is cited."""
    found = read(text, style)
    if found is None:
        return
    cited = {(one.table, one.key) for one in found.evidence if not one.column}
    for table in TABLES:
        keys = [one for name, one in cited if name == table]
        assert len(keys) == len(found.tables[table])


@given(TEXTS, CHOICES)
def test_the_same_text_gives_the_same_facts(text: str, style: str | None) -> None:
    """Extraction is deterministic."""
    assert read(text, style) == read(text, style)


@given(TEXTS, st.sampled_from([*STYLES]))
def test_blocks_stand_in_order_and_do_not_overlap(text: str, style: str) -> None:
    """Whatever the style, blocks are disjoint and in order of the text."""
    try:
        source = read_source(text.encode())
    except AzdsError:
        return
    document = read_document(source, style)
    ends = [0, *(block.end for block in document.blocks)]
    for end, block in zip(ends, document.blocks, strict=False):
        assert end <= block.start <= block.end <= len(source.clean)
        for cell in block.cells:
            assert block.start <= cell.start <= cell.end <= block.end
        for sentence in document.sentences(block):
            assert block.start <= sentence.start < sentence.end <= block.end


@given(TEXTS, st.integers(0, 400), st.integers(0, 400))
def test_a_span_of_mended_text_covers_the_original(text: str, one: int, other: int) -> None:
    """The whole gives the whole; what was not mended, itself; what was cut, all of it."""
    try:
        source = read_source(text.encode())
    except AzdsError:
        return
    size = len(source.clean)
    assert source.span(0, size).of(source.text) == source.text
    start, end = sorted((min(one, size), min(other, size)))
    span = source.span(start, end)
    assert 0 <= span.start <= span.end <= len(source.text)
    middle = (start + end) // 2
    left, right = source.span(start, middle), source.span(middle, end)
    assert span.start <= left.start <= left.end
    assert right.end <= span.end
    if not source.repairs:
        assert (span.start, span.end) == (start, end)
    for step in source.steps:
        apart = span.end <= step.start or step.end <= span.start
        assert step.exact or apart or (span.start <= step.start and step.end <= span.end)


@given(st.lists(st.sampled_from(["â€“", "Ã©", "Ïîñîë", "a", " ", "–", "é", "1", '"']), max_size=30))
def test_mending_is_idempotent_on_what_it_mends(pieces: list[str]) -> None:
    """Text that was mended holds nothing more to mend."""
    source = read_source(" ".join(pieces).encode())
    again = read_source(source.clean.encode())
    assert {one.rule for one in again.repairs} <= {one.rule for one in source.repairs}


@given(
    st.one_of(
        TEXTS,
        st.lists(st.sampled_from([*DATES, " ", "–", ",", "3", "until", "or before"])).map(" ".join),
    )
)
def test_dates_found_are_edtf_disjoint_and_in_order(text: str) -> None:
    """Each date found is EDTF; their words do not overlap."""
    end = 0
    for date in find_dates(text):
        assert parse_date(date.edtf).text == date.edtf
        assert end <= date.start < date.end <= len(text)
        end = date.end


@given(
    st.one_of(
        TEXTS, st.lists(st.sampled_from([*NAMES, "and", ",", "the", "'s", ".", "-"])).map(" ".join)
    )
)
def test_names_found_are_disjoint_in_order_and_resolve(text: str) -> None:
    """Each name found begins with a capital and resolves, alone, to the id that was found."""
    end = 0
    for start, stop, entity in states().find(text):
        assert end <= start < stop <= len(text)
        assert states().resolve(text[start:stop]) == entity
        assert states().first(text, start, len(text)) == (stop, entity)
        end = stop


@given(st.integers(0, 999))
def test_a_number_in_words_is_the_number(number: int) -> None:
    """English number words and digits mean the same."""
    units, tens = UNITS.split(), TENS.split()
    rest = number % 100
    small = units[rest] if rest < len(units) else tens[rest // 10 - 2]
    if rest >= len(units) and rest % 10:
        small += f"-{units[rest % 10]}"
    hundreds = f"{units[number // 100]} hundred"
    words = small if number < 100 else hundreds + (f" and {small}" if rest else "")
    assert read_number(words) == read_number(str(number)) == number
