"""One printed reference, taken apart: by template and by hand, in several languages."""

import pytest

from azds.ingest.extractors.references import parse_reference


def parts(entry: str) -> dict[str, object]:
    found = parse_reference(entry)
    cells: dict[str, object] = {"title": entry[found.title.start : found.title.end]}
    for name in ("publisher", "language"):
        part = getattr(found, name)
        if part:
            cells[name] = entry[part.start : part.end]
    cells |= {name: date for name, (date, _) in found.dates.items()}
    return cells | ({"uses": found.uses} if found.uses > 1 else {})


@pytest.mark.parametrize(
    ("entry", "cells"),
    [
        (
            (
                '"Talks". The Herald. 3 May 2012. Archived from the original (PDF) on 5 June 2013. '
                "Retrieved 4 June 2013."
            ),
            {
                "title": "Talks",
                "publisher": "The Herald",
                "published": "2012-05-03",
                "archived": "2013-06-05",
                "retrieved": "2013-06-04",
            },
        ),
        (
            '1 2 3 "Talks". Retrieved 2012-05-03.',
            {"title": "Talks", "retrieved": "2012-05-03", "uses": 3},
        ),
        ('^ a b "Talks" (in Thai).', {"title": "Talks", "language": "Thai", "uses": 2}),
        (
            '"Charlas" (in Spanish). El País. 3 de mayo de 2012. Consultado el 4 de junio de 2013.',
            {
                "title": "Charlas",
                "language": "Spanish",
                "publisher": "El País",
                "published": "2012-05-03",
                "retrieved": "2013-06-04",
            },
        ),
        (
            '"Gespräche". Der Spiegel. 3. Mai 2012. Abgerufen am 4. Juni 2013.',
            {
                "title": "Gespräche",
                "publisher": "Der Spiegel",
                "published": "2012-05-03",
                "retrieved": "2013-06-04",
            },
        ),
        (
            "«Посольство». Новое время. 5 мая 2011 \u0433.",
            {"title": "Посольство", "publisher": "Новое время", "published": "2011-05-05"},
        ),
        (
            "“Talks” The Guardian, 5 May 2011",
            {"title": "Talks", "publisher": "The Guardian", "published": "2011-05-05"},
        ),
        (
            '"A "quoted" word". RNZ. Retrieved 5 Sept. 2010.',
            {"title": 'A "quoted" word', "publisher": "RNZ", "retrieved": "2010-09-05"},
        ),
        ('"Talks". \'. Retrieved .', {"title": "Talks"}),
        ('"". Retrieved 5 May 2010.', {"title": "", "retrieved": "2010-05-05"}),
        (
            'Treaty Office. "Status". Retrieved 5 May 2010.',
            {"title": "Status", "retrieved": "2010-05-05"},
        ),
    ],
)
def test_an_entry_with_a_quoted_title(entry: str, cells: dict[str, object]) -> None:
    assert parts(entry) == cells


@pytest.mark.parametrize(
    ("entry", "cells"),
    [
        ("Embassy of Fiji (Suva)", {"title": "Embassy of Fiji (Suva)"}),
        (
            "Embassy of Fiji (in French and German)",
            {"title": "Embassy of Fiji", "language": "French and German"},
        ),
        (
            "Talks go on, Reuters, 4 March 2008",
            {"title": "Talks go on", "publisher": "Reuters", "published": "2008-03-04"},
        ),
        ("Talks go on BBC News", {"title": "Talks go on", "publisher": "BBC News"}),
        (
            "Talks go on Day.Az 27 Мая 2004",
            {"title": "Talks go on", "publisher": "Day.Az", "published": "2004-05-27"},
        ),
        (
            'Talks go on "Novosti" 2 February 2010',
            {"title": "Talks go on", "publisher": "Novosti", "published": "2010-02-02"},
        ),
        (
            "John Smith. Islands, Oxford University Press, 2004, ISBN 0-275-95192-8, p. 150",
            {
                "title": "John Smith. Islands",
                "publisher": "Oxford University Press",
                "published": "2004",
            },
        ),
        (
            "Note, Ministry of Health, Suva, 5 May 2011.",
            {"title": "Note", "publisher": "Ministry of Health", "published": "2011-05-05"},
        ),
        ("The Yearbook 1990–91", {"title": "The Yearbook 1990–91"}),
        (
            "Talks. The Island Paper. Accessed 5 May 2010.",
            {"title": "Talks", "publisher": "The Island Paper", "retrieved": "2010-05-05"},
        ),
    ],
)
def test_an_entry_written_by_hand(entry: str, cells: dict[str, object]) -> None:
    assert parts(entry) == cells
