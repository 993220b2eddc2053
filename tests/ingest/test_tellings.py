"""Sentences about relations: how they turn, with whom of several, and what tells of none."""

import pytest
from tests.ingest.reading import facts, read

Row = tuple[str, str | None, str | None]
CUT = "Moldova severed diplomatic relations with Fiji in 1991"


def found(text: str) -> dict[str, Row]:
    """Status, beginning and end by counterpart, of plain lines."""
    rows = facts(read(f"A title\n{text}"), "relations")
    return {key: (row["status"], row["began"], row["ended"]) for key, row in rows.items()}


def are(status: str, *ids: str) -> dict[str, Row]:
    """These relations, undated."""
    return dict.fromkeys(ids, (status, None, None))


@pytest.mark.parametrize(
    "text",
    [
        f"{CUT}, renewing relations in 1995.",
        f"{CUT}, restoring them in 1995.",
        f"{CUT} before resuming them in 1995.",
        f"{CUT} and restored relations in 1995.",
        f"{CUT}, with relations being restored in 1995.",
        f"{CUT}, but relations were normalised in 1995.",
        f"{CUT}, but re-established relations with Fiji in 1995.",
        f"{CUT}. They were restored in 1995.",
        f"{CUT} but has since restored them.",
        "Fiji broke off ties with Moldova in 1990; relations were re-established in 1992.",
        f"{CUT}. Under a new president, relations were restored.",
        "Relations with Fiji were severed from 1962 to 1975.",
        f"{CUT}. Relations resumed in 1995.",
        f"{CUT}. In 1995 the two countries resumed ties.",
        (
            "Relations with Fiji were cut in 1991, resumed in 1993, broken off in 1994 and "
            "restored in 1995."
        ),
    ],
)
def test_what_was_cut_and_taken_up_again_is_kept(text: str) -> None:
    assert found(text) == {"FJI": ("established", None, None)}


@pytest.mark.parametrize(
    ("text", "ended"),
    [
        (
            (
                "Relations with Fiji were cut off in 1931. They were resumed in 1940 but broken "
                "again in 1952."
            ),
            "1952",
        ),
        ("Relations with Fiji were severed in 1952.", "1952"),
        ("Moldova broke ties with Fiji in 1952.", "1952"),
        ("Moldova cancelled diplomatic relations with Fiji in 1952.", "1952"),
        (
            "Diplomatic relations with Fiji were established in 1931 and suspended on 5 May 1952.",
            "1952-05-05",
        ),
        (f"{CUT}. In 1995 it resumed relations with Niue.", "1991"),
        (f"{CUT}. Trade relations resumed in 1995.", "1991"),
    ],
)
def test_what_was_cut_at_last_is_ended(text: str, ended: str) -> None:
    status, _, when = found(text)["FJI"]
    assert (status, when) == ("none", ended)


@pytest.mark.parametrize(
    "text",
    [
        "Trade relations with Fiji were suspended in 1952.",
        "Moldova broke its ties with Fiji's parliament in 1952.",
        "Other AU countries that do not have formal relations with Moldova are helped by Fiji.",
        "Other EU countries which have no diplomatic relations with Moldova are told by Fiji.",
        (
            "Countries that have formal relations with Fiji only, having no formal relations "
            "with Moldova"
        ),
        (
            "Fiji and Niue signed in 1990 and the two countries established diplomatic "
            "relations in 1992."
        ),
        "Moldova established trade relations with Fiji in 1952.",
        "Moldova established relations with Fiji's parliament in 1952.",
        "Niue lies near Fiji. Fiji established diplomatic relations in December 1955.",
        "Fiji resumed ties in 1995.",
        "Relations with Fiji have been cut to a minimum in 1990.",
        "Moldova has diplomatic relations with no states. The exceptions are Fiji and Niue.",
        "Neither Fiji nor Niue have diplomatic relations with Moldova.",
        "List of countries with which Fiji established diplomatic relations. Retrieved 5 May 1992.",
    ],
)
def test_what_is_no_break_no_bond_or_of_others_is_no_relation(text: str) -> None:
    assert found(text) == {}


@pytest.mark.parametrize(
    ("text", "relations"),
    [
        (
            "Fiji is one of the few states that do not have diplomatic relations with Moldova.",
            are("none", "FJI"),
        ),
        (
            (
                "Moldova has no diplomatic relations with Fiji, Niue, Federated States of "
                "Micronesia or Peru."
            ),
            are("none", "FJI", "NIU", "FSM", "PER"),
        ),
        (
            "Moldova has no diplomatic relations with Fiji, Niue, or Peru.",
            are("none", "FJI", "NIU", "PER"),
        ),
        ("Moldova has no relations with Fiji and Chad.", are("none", "FJI", "TCD")),
        (
            (
                "Moldova has no diplomatic relations with its northern neighbour, the Republic "
                "of Fiji."
            ),
            are("none", "FJI"),
        ),
        (
            (
                "Moldova has never maintained diplomatic relations with other states such as "
                "Fiji, Niue, or Peru."
            ),
            are("none", "FJI", "NIU", "PER"),
        ),
        (
            (
                "Moldova has diplomatic relations with most UN member states, with the exception "
                "of Fiji and Niue."
            ),
            are("none", "FJI", "NIU"),
        ),
        (
            (
                "Moldova has diplomatic relations with 190 UN member states. The two exceptions "
                "are Fiji and Niue."
            ),
            are("none", "FJI", "NIU"),
        ),
        (
            (
                "Moldova has diplomatic relations with every UN member state except for Fiji, in "
                "addition to the Holy See."
            ),
            are("none", "FJI"),
        ),
    ],
)
def test_with_whom_there_are_none_is_read_to_the_last_name(
    text: str, relations: dict[str, Row]
) -> None:
    assert found(text) == relations


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        (
            "Moldova has diplomatic relations with most countries, including Fiji, Malta and Peru.",
            "FJI MLT PER",
        ),
        (
            (
                "Moldova maintains active diplomatic relations with neighbouring states, "
                "including Fiji, Niue, and Peru, while it trades."
            ),
            "FJI NIU PER",
        ),
        (
            (
                "Moldova maintains strong diplomatic relations with the Andean countries, Fiji, "
                "Malta and Peru."
            ),
            "FJI MLT PER",
        ),
        (
            (
                "Moldova has diplomatic relations with over 80 countries. These include: Fiji, "
                "Malta and Peru."
            ),
            "FJI MLT PER",
        ),
        (
            (
                "Moldova has diplomatic relations with 80 countries. They include Fiji, Malta "
                "and Peru."
            ),
            "FJI MLT PER",
        ),
        (
            "Moldova has diplomatic relations with most members of the UN and with the Holy See.",
            "VAT",
        ),
        (
            "Moldova has diplomatic relations with 11 of the 193 states and with the Holy See.",
            "VAT",
        ),
        ("Moldova has diplomatic relations with Fiji and Peru had none with Malta.", "FJI"),
        ("Fiji established diplomatic relations with Moldova and Niue sent an envoy.", "FJI"),
        ("Moldova retains diplomatic relations with Fiji and Niue.", "FJI NIU"),
        ("Moldova is one of the few states that have diplomatic relations with Fiji.", "FJI"),
        ("Moldova trades with states that have diplomatic relations with Fiji.", ""),
        ("Moldova has diplomatic relations with Fiji and Cuba was visited in 1980.", "FJI"),
    ],
)
def test_the_names_of_an_enumeration_are_its_own(text: str, ids: str) -> None:
    assert found(text) == are("established", *ids.split())


@pytest.mark.parametrize(
    ("text", "began"),
    [
        (
            "Fiji is the latest country to establish diplomatic relations with Moldova, in 1992.",
            "1992",
        ),
        (
            "Fiji was the 90th state to establish diplomatic relations with Moldova, in 1992.",
            "1992",
        ),
        ("Moldova and Fiji established relations on 8 January 1992.", "1992-01-08"),
        ("Moldova established relations with Fiji in 1992.", "1992"),
        ("Moldova established foreign relations with Fiji in 1992.", "1992"),
        (
            (
                "Fiji formally recognized Moldova in 1991, and the two countries established "
                "full diplomatic relations in 1992."
            ),
            "1992",
        ),
        (
            (
                "The establishment of diplomatic relations between Fiji and Moldova started on 5 "
                "May 1992."
            ),
            "1992-05-05",
        ),
        (
            "Establishment of diplomatic relations between Fiji and Moldova is 5 May, 1992.",
            "1992-05-05",
        ),
        ("Fiji–Moldova relations were established in 1992.", "1992"),
        ("Formal diplomatic relations with Fiji started in 1992.", "1992"),
        (
            "Fiji established diplomatic relations in December 1992. It lies far from Moldova.",
            "1992-12",
        ),
        (
            "Moldova established diplomatic relations with Niue in 1991 and with Fiji in 1992.",
            "1992",
        ),
    ],
)
def test_words_for_a_beginning(text: str, began: str) -> None:
    assert found(text)["FJI"] == ("established", began, None)


def test_each_name_of_an_enumeration_has_the_date_in_its_brackets() -> None:
    text = "Moldova has diplomatic relations with Fiji (since 1991), Niue (1993) and Peru."
    assert [(key, began) for key, (_, began, _) in found(text).items()] == [
        ("FJI", "1991"),
        ("NIU", "1993"),
        ("PER", None),
    ]


@pytest.mark.parametrize(
    ("dates", "began"),
    [("1991 and 5 May 1993", ["1991", "1993-05-05"]), ("May and June 1991", [None, None])],
)
def test_dates_told_respectively_are_those_of_the_names_in_order(
    dates: str, began: list[str | None]
) -> None:
    text = f"Moldova established diplomatic relations with Fiji and Niue in {dates}, respectively."
    assert [row[1] for row in found(text).values()] == began


def test_a_date_that_opens_a_clause_is_of_that_clause() -> None:
    text = (
        "On 14 January 2009, Fiji cut ties with Moldova and on 16 January 2009, Niue and Peru "
        "cut ties with Moldova."
    )
    assert {key: ended for key, (_, _, ended) in found(text).items()} == {
        "FJI": "2009-01-14",
        "NIU": "2009-01-16",
        "PER": "2009-01-16",
    }


def test_ties_that_began_and_were_cut_have_both_dates() -> None:
    text = "Moldova established diplomatic relations with Fiji in 1970, which were cut in 1980."
    assert found(text) == {"FJI": ("none", "1970", "1980")}


def test_china_on_taiwan_is_one_name() -> None:
    text = "Moldova and the Republic of China on Taiwan (ROC) established relations in May 1992."
    assert found(text) == {"TWN": ("established", "1992-05", None)}


def test_what_follows_and_with_its_own_verb_is_not_recognized() -> None:
    text = (
        "A title\nNiue was the first state to recognise Fiji and Peru was the first "
        "where it was told."
    )
    assert set(facts(read(text), "recognitions")) == {"NIU/FJI"}


@pytest.mark.parametrize(
    "opening",
    ["Situated in South America, Moldova is", "Bordered by the sea, Moldova is", "Moldova is"],
)
def test_it_goes_on_about_whom_the_sentence_before_opens_with(opening: str) -> None:
    text = (
        f"A title\n{opening} a member of the European Union. It has diplomatic relations "
        "with 83 countries."
    )
    assert facts(read(text), "counts")["countries/1"]["value"] == 83


@pytest.mark.parametrize(
    "text",
    [
        "Diplomatic relations between Togo and Fiji were established in 1973.",
        "Moldova welcomed that relations were severed between Togo and Fiji in 1973.",
    ],
)
def test_relations_between_two_others_are_not_the_subjects(text: str) -> None:
    assert found(text) == {}


def test_with_whom_others_began_relations_besides_the_subject_is_left_out() -> None:
    text = "Fiji established diplomatic relations with Togo, Chad and Moldova in 1973."
    assert found(text) == {"FJI": ("established", "1973", None)}
    both = "Diplomatic relations between Fiji, Togo and Moldova were established in 1973."
    assert set(found(both)) == {"FJI", "TGO"}


@pytest.mark.parametrize(
    "told",
    [
        "having had consular relations since 1970",
        "a republic since 1970",
        "whose president has ruled since 1970",
        "independent since 1970",
    ],
)
def test_a_date_told_of_the_counterpart_is_no_beginning(told: str) -> None:
    text = f"Moldova established diplomatic relations with Fiji, {told}."
    assert found(text) == are("established", "FJI")


def test_a_date_of_a_treaty_is_no_beginning() -> None:
    text = "Moldova established diplomatic relations with Fiji under a treaty signed in 1970."
    assert found(text) == are("established", "FJI")
