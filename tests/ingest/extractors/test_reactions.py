"""Reactions and related topics of an invented article: other subject, other parties."""

import time
from pathlib import Path

import pytest

from azds.ingest.extract import extract
from azds.ingest.extracted import Extracted
from azds.ingest.extractors.reactions import extract_reactions
from azds.ingest.extractors.related import extract_related
from azds.ingest.readers import read_document
from azds.ingest.source import read_source
from azds.ingest.vocabulary import Setting, Vocabulary
from azds.records import Reaction
from azds.records.base import key_of
from azds.spans import words_digest

ARTICLE = Path(__file__).parents[2] / "fixtures" / "reactions-ferry.txt"
PARTIES = Vocabulary(
    sides={"PER": "peru", "CHL": "chile"},
    others={"ARG": "argentina"},
    claimants={"Q34754": "somaliland"},
    allies={"Q34754": "CHL"},
)
EXPECTED = {
    ("African Union", "condemns_peru", "2031-03-03"),
    ("African Union", "calls_for_peace", "2031-03-03"),
    ("Norway", "supports_chile", "undated"),
    ("Denmark", "condemns_peru", "undated"),
    ("Denmark", "condemns_argentina", "undated"),
    ("Norway", "mediates", "2031-04-09"),
    ("Peru", "protest", "2031-04-10"),
    ("Kenya", "calls_for_peace", "undated"),
    ("Japan", "calls_for_peace", "undated"),
    ("Vatican City", "calls_for_peace", "undated"),
    ("Greenpeace", "condemns_both", "undated"),
    ("Ann Overton", "sanction", "undated"),
    ("Mexico", "neutral_or_declines", "undated"),
    ("Rita Lind", "supports_chile", "undated"),
    ("Bo Dahl", "supports_chile", "undated"),
    ("Una Moss", "supports_chile", "undated"),
    ("Peruvian Americans", "protest", "undated"),
    ("Chileans in Portugal", "protest", "2031-06-12"),
    ("Chileans in Poland", "protest", "2031-06-12"),
    ("Somalia", "other", "undated"),
    ("Kenya", "neutral_or_declines", "undated"),
    ("French Senate", "recognizes_somaliland", "undated"),
}


def reactions(text: str, parties: Vocabulary = PARTIES) -> Extracted[Reaction]:
    document = read_document(read_source(text.encode()), "plain-lines")
    return extract_reactions(document, Setting("a crisis", parties))


def told(text: str) -> set[tuple[str, str, str]]:
    return {(row.actor, row.stance, row.date) for row in reactions(text).rows}


@pytest.fixture(scope="module")
def article() -> str:
    return ARTICLE.read_text(encoding="utf-8")


def test_an_article_with_other_parties_gives_its_reactions(article: str) -> None:
    assert told(article) >= EXPECTED


def test_little_is_told_that_is_not_there(article: str) -> None:
    extra = told(article) - EXPECTED
    assert {actor for actor, _, _ in extra} <= {"Iceland", "Malta"}  # an aside between them


def test_members_of_a_list_have_their_own_citations(article: str) -> None:
    found = reactions(article)
    rows = {e.key: e.markers for e in found.evidence if not e.column}
    assert rows["Kenya/calls_for_peace/undated/1"] == (6,)
    assert rows["Japan/calls_for_peace/undated/1"] == (7, 8)
    assert rows["Vatican City/calls_for_peace/undated/1"] == (9,)


def test_every_row_has_evidence_whose_digest_is_that_of_the_words(article: str) -> None:
    found = reactions(article)
    assert {key_of(row) for row in found.rows} == {e.key for e in found.evidence if not e.column}
    for one in found.evidence:
        assert words_digest(article[one.start : one.end]) == one.digest


def test_the_holder_of_an_office_speaks_for_his_state(article: str) -> None:
    row = next(row for row in reactions(article).rows if row.stance == "mediates")
    assert (row.actor, row.actor_kind, row.entity) == ("Norway", "state", "NOR")
    assert row.actor_as_written == "Nordmann"


def test_a_target_is_the_party_that_the_words_name(article: str) -> None:
    targets = {(row.actor, row.stance): row.target for row in reactions(article).rows}
    assert targets["Denmark", "condemns_argentina"] == "ARG"
    assert targets["Greenpeace", "condemns_both"] is None


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        pytest.param(
            "The government of Kenya demanded an unconditional withdrawal of Peru. [1]",
            ("Kenya", "supports_chile", "undated"),
            id="against one side is for the other",
        ),
        pytest.param(
            "Kenya accused Mexico of greed. [1]", ("Kenya", "other", "undated"), id="no party"
        ),
        pytest.param(
            "Turkish President Ada Kaya condemned Peru. [1] On 2 May 2031, Kaya called for talks.",
            ("Turkey", "calls_for_peace", "2031-05-02"),
            id="a surname keeps its office",
        ),
        pytest.param(
            "On 2 May 2031, along with the co-chairs, Kenya and Japan, Malta called for peace. [1]",
            ("Malta", "calls_for_peace", "2031-05-02"),
            id="along with others",
        ),
        pytest.param(
            "A major rally was held in Aleppo, Syria by Peruvians. [1]",
            ("Peruvians in Syria", "protest", "undated"),
            id="a passive with its actor behind",
        ),
        pytest.param(
            "Former President Jo Ray condemned Peru. [1]",
            ("Jo Ray", "condemns_peru", "undated"),
            id="who held an office speaks for himself",
        ),
    ],
)
def test_a_sentence_tells(sentence: str, expected: tuple[str, str, str]) -> None:
    assert expected in told(f"A title.\n{sentence}\n")


def test_words_of_stance_without_an_actor_are_rejected_with_a_reason() -> None:
    found = reactions("A title.\nLater, several protests erupted. [1]\n")
    assert not found.rows
    assert [one.rule for one in found.rejections] == ["no-actor"]


def test_two_citations_are_two_statements_and_one_is_one() -> None:
    twice = "A title.\nMalta condemned Peru, [1] and condemned Peru again. [2]\n"
    once = "A title.\nMalta condemned Peru. It condemned Peru again. [1]\n"
    assert [row.occurrence for row in reactions(twice).rows] == [1, 2]
    assert [row.occurrence for row in reactions(once).rows] == [1]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "A title.\n",
        "A title.\nNothing of note happened at the pier.\n",
        "((([[[\n)))\n]]] [1\n",
    ],
    ids=["empty", "a title", "no reaction", "brackets"],
)
def test_a_text_without_reactions_gives_an_empty_table(text: str) -> None:
    assert reactions(text).rows == []


def test_the_same_text_gives_the_same_rows(article: str) -> None:
    assert reactions(article) == reactions(article)


def test_summaries_behind_the_cited_text_are_related_topics(article: str) -> None:
    document = read_document(read_source(article.encode()), "plain-lines")
    assert [row.topic for row in extract_related(document).rows] == ["Ferry Crisis", "Port Accords"]


def test_fragments_state_nothing(article: str) -> None:
    assert ("Peru", "condemns_chile", "2031-07-01") not in told(article)


def test_the_family_gives_all_its_tables(article: str) -> None:
    found = extract(
        article.encode(),
        subject="a crisis",
        family="war-reactions",
        style="plain-lines",
        vocabulary=PARTIES,
    )
    assert sorted(found.tables) == ["events", "reactions", "related", "sections"]
    keyed = {(name, key_of(row)) for name, rows in found.tables.items() for row in rows}
    assert keyed == {(one.table, one.key) for one in found.evidence if not one.column}


HARD = {
    "one long list": "Malta, [1] Kenya, [2] Japan, [3] ",
    "brackets that never close": "( [ ",
    "citation marks": "[7] ",
    "words": "word ",
    "clauses": "condemned Peru and urged both sides, while Malta, ",
}


@pytest.mark.slow
@pytest.mark.parametrize("piece", HARD.values(), ids=HARD.keys())
def test_time_grows_as_the_sentence_does(piece: str) -> None:
    """Twice the text takes about twice the time; well under four times is what passes."""

    def seconds(length: int) -> float:
        text = f"A title.\nMalta {piece * (length // len(piece))} have called for peace. [1]\n"
        best = 60.0
        for _ in range(2):
            start = time.perf_counter()
            reactions(text)
            best = min(best, time.perf_counter() - start)
        return best

    seconds(1_000)
    assert seconds(30_000) < 3.5 * seconds(15_000) + 0.25
