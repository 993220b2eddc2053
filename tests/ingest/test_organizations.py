"""Organizations: what the subject is in; sentences, lists, qualifiers."""

import time

import pytest
from tests.ingest.reading import facts, read, rejected

from azds.ingest.extractors.organizations import extract_organizations
from azds.ingest.readers import read_document
from azds.ingest.source import read_source


def standing(text: str) -> dict[str, str]:
    rows = facts(read(f"A title\n{text}"), "organizations")
    return {key: row["status"] for key, row in rows.items()}


@pytest.mark.parametrize(
    ("text", "bodies"),
    [
        (
            (
                "Moldova is a member of the United Nations, NATO's Partnership for Peace; "
                "the WHO and the World Bank."
            ),
            dict.fromkeys(["UN", "PFP", "WHO", "World Bank"], "member"),
        ),
        (
            "Moldova is a full member of the Council of Europe and of the OSCE.",
            {"CE": "member", "OSCE": "member"},
        ),
        (
            "Moldova is a founding member of GUAM, a member of the UN and a friend of the sea.",
            {"GUAM": "member", "UN": "member"},
        ),
        (
            "Moldova is a member of the UN and some of its agencies, including the World Bank.",
            {"UN": "member", "World Bank": "member"},
        ),
        (
            "Moldova is a party to 181 organizations, including the UN, CE and WHO.",
            {"UN": "member", "CE": "member", "WHO": "member"},
        ),
        (
            "Moldova has observer status in the Organization of American States.",
            {"OAS": "observer"},
        ),
        ("Moldova is a dialogue partner of ASEAN.", {"ASEAN": "partner"}),
        ("Moldova joined the Council of Europe on 13 July 1995.", {"CE": "member"}),
        ("Moldova joined the Council of Europe as a full member.", {"CE": "member"}),
        ("Moldova is a member of the United Nations (since 2 March 1992).", {"UN": "member"}),
        ("Moldova is a member of the United Nations since 1992.", {"UN": "member"}),
        ("Moldova is small. It belongs to the Council of Europe.", {"CE": "member"}),
        ("Moldova became the 143d member of the United Nations in 1992.", {"UN": "member"}),
        ("Moldova became the tenth GUAM member.", {"GUAM": "member"}),
        ("Moldova was one of the founding members of GUAM in 1997.", {"GUAM": "member"}),
        ("Moldova is a member-state of the Council of Europe.", {"CE": "member"}),
        ("Moldova is a hilly country in the east and member of GUAM.", {"GUAM": "member"}),
        (
            "Moldova holds current membership with GUAM and NATO.",
            dict.fromkeys(["GUAM", "NATO"], "member"),
        ),
        ("Moldova is an observer member of the NAM.", {"NAM": "observer"}),
        (
            "Moldova is a member of GUAM and an observer state of the OIC.",
            {"GUAM": "member", "OIC": "observer"},
        ),
        (
            "Moldova is an associate member of the EU and a full member of GUAM.",
            {"GUAM": "member"},
        ),
        (
            "Moldova belongs to the EITI (Moldova is an observer member of NAM); GUAM; the CIS.",
            {"EITI": "member", "NAM": "observer", "GUAM": "member", "CIS": "member"},
        ),
        ("Moldova is a member of the ICCt with an accord on its troops.", {"ICCt": "member"}),
        ("Moldova is a member of GUAM which was founded in 1997.", {"GUAM": "member"}),
        (
            "Moldova has been a member of GUAM since May 19, 1997, and takes part in its games.",
            {"GUAM": "member"},
        ),
        (
            "Moldova is a member of the CIS along with most of its bodies as well as the OSCE.",
            dict.fromkeys(["CIS", "OSCE"], "member"),
        ),
        (
            "Moldova is a member of these bodies: GUAM, the UN and its agencies (FAO, ILO, WHO).",
            dict.fromkeys(["GUAM", "UN", "FAO", "ILO", "WHO"], "member"),
        ),
        (
            "Moldova is a member of several bodies, such as GUAM and theWorld Bank.",
            dict.fromkeys(["GUAM", "World Bank"], "member"),
        ),
        (
            "In 1992, Moldova joined the IMF and the World Bank, followed by the WHO in 1994.",
            dict.fromkeys(["IMF", "World Bank", "WHO"], "member"),
        ),
        ("Moldova joined GUAM on 9 May 1997.", {"GUAM": "member"}),
        (
            "Moldova has joined GUAM and the CIS and has ties with Peru.",
            dict.fromkeys(["GUAM", "CIS"], "member"),
        ),
        ("Moldova became a GUAM member on 9 May 1997 upon a vote.", {"GUAM": "member"}),
        ("Moldova became a member of GUAM on 9 May 1997 upon a vote.", {"GUAM": "member"}),
        ("Moldova was admitted into the UN on March 2, 1992.", {"UN": "member"}),
        (
            "Moldova is a member of the International Atomic Power Agency (IAEA) club.",
            {"IAEA": "member"},
        ),
    ],
)
def test_a_sentence_of_membership_is_read(text: str, bodies: dict[str, str]) -> None:
    assert standing(text) == bodies


@pytest.mark.parametrize(
    "text",
    [
        "Moldova is not a member of NATO.",
        "Moldova is no longer a member of the CIS.",
        "Moldova was a member of the CIS.",
        "Moldova became a member of the CIS in 1991 but left it in 2022.",
        "Moldova would be a member of NATO.",
        "Romania, a neighbour of Moldova, is a member of NATO.",
        "Romania is a member of NATO. It is a member of the EU.",
        "Moldova joined the European Union in condemning the attack.",
        "Moldova joined the European Union, Japan and Norway in a boycott.",
        "Romania is in many organizations, including the UN, NATO, EU, WTO, OECD and CE.",
        "Both countries are members of NATO.",
        "Moldova was a member of GUAM.",
        "Moldova is a country beside Romania, a member of NATO.",
        "Moldova is a member of the Pan-Asian Peace and Security Council (PAPSC).",
        "Moldova is a member of the Pan-Asian Peace and Security Council.",
        "Moldova is a member of the Economic and Monetary Union (CEMAC).",
        "Moldova is an associate member of the EU.",
    ],
)
def test_what_is_denied_past_or_of_others_is_no_membership(text: str) -> None:
    assert standing(text) == {}


@pytest.mark.parametrize("mark", [", ", "\n"])
def test_a_list_of_bodies_is_read_with_its_qualifiers(mark: str) -> None:
    items = ["CE", "IOM(observer)", "ISO (correspondent)", "UN", "EITI (suspended)", "WHO", "XYZ"]
    text = f"A title\n{mark.join(items)}\n"
    extraction = read(text)
    rows = facts(extraction, "organizations")
    assert {key: row["status"] for key, row in rows.items()} == {
        "CE": "member",
        "IOM": "observer",
        "ISO": "correspondent",
        "UN": "member",
        "WHO": "member",
    }
    assert rejected(text, extraction, "organizations") == [
        ("standing-unclear", "EITI"),
        ("name-unresolved", "XYZ"),
    ]


@pytest.mark.parametrize("past", ["1992-2009", "from 1992 to 2009", "non-member", "until 2009"])
def test_a_qualifier_that_tells_of_no_member_of_today_is_none(past: str) -> None:
    items = ["CE", "IOM (since 1992)", "ISO (1992–present)", "UN", "WHO", f"EITI ({past})"]
    rows = facts(read("A title\n{}\n".format("\n".join(items))), "organizations")
    assert set(rows) == {"CE", "IOM", "ISO", "UN", "WHO"}


@pytest.mark.parametrize(
    "end",
    ["withdrew from the CIS in 2009", "left the CIS", "ceased to be a member of the CIS"],
)
def test_what_the_subject_left_is_none_unless_it_came_again(end: str) -> None:
    text = f"Moldova joined the CIS in 1991.\nMoldova is a member of the UN.\nMoldova {end}."
    assert standing(text) == {"UN": "member"}
    again = f"{text}\nMoldova became an observer of the CIS in 2012."
    assert standing(again) == {"UN": "member", "CIS": "observer"}


def test_what_an_earlier_section_tells_ends_where_a_later_one_says_so() -> None:
    text = "Moldova is far.\n\n== Then ==\nMoldova joined the CIS and the UN in 1991.\n"
    text += "\n== Later ==\nMoldova withdrew from the CIS in 2009.\n"
    extraction = read(text, style="wikitext")
    assert set(facts(extraction, "organizations")) == {"UN"}
    assert {one.key for one in extraction.evidence if one.table == "organizations"} == {"UN"}


def test_one_part_of_a_body_may_be_left_or_another_may_leave() -> None:
    text = "Moldova joined the CIS in 1991.\nMoldova withdrew from the CIS arms accord.\n"
    assert standing(f"{text}Romania left the CIS.") == {"CIS": "member"}


@pytest.mark.parametrize(
    ("over", "found"),
    [
        ("Moldova is a member of the following bodies:", {"UN": "member", "GUAM": "member"}),
        (
            "Moldova has observer status at the following bodies:",
            {"UN": "observer", "GUAM": "observer"},
        ),
        ("Moldova has delegations to the following bodies:", {}),
    ],
)
def test_the_sentence_over_a_list_tells_the_standing(over: str, found: dict[str, str]) -> None:
    text = f"# A title\n\n{over}\n\n- UN\n- GUAM\n- The Fair Club\n- Xanadu Fund\n"
    rows = facts(read(text, style="markdown"), "organizations")
    assert {key: row["status"] for key, row in rows.items()} == found


def test_two_bodies_may_stand_on_one_line() -> None:
    assert {"IOC", "IOM"} <= set(standing("CE\nIOC, IOM\nUN\nWHO\nFAO"))


def test_a_code_in_brackets_is_another_name_of_the_body() -> None:
    text = "A title\nMoldova is a member of the Food and Agriculture Organization (FAO)."
    row = facts(read(text), "organizations")["FAO"]
    assert row["names_as_written"] == ["Food and Agriculture Organization", "FAO"]


def test_a_list_of_countries_or_a_short_one_is_no_list_of_bodies() -> None:
    assert standing("Fiji\nPeru\nNauru\nEU\nNiue\nTonga") == {}
    assert standing("UN, CE, WHO") == {}


def test_both_countries_in_a_row_are_members() -> None:
    text = "A title\n\nCountry Formal Relations Began Notes\n\xa0Fiji 1992\n"
    text += "  • Both are members of the UN.\n"
    assert set(facts(read(text, style="html-text"), "organizations")) == {"UN"}


@pytest.mark.parametrize(
    "words",
    ["is a member of ", "and a member of ", "(is a member of ", "joined the UN, ", "UN (FAO, "],
)
def test_a_sentence_without_end_takes_time_by_its_length(words: str) -> None:
    def taken(length: int) -> float:
        text = "Fiji\nFiji is a member of " + words * (length // len(words))
        document = read_document(read_source(text.encode()), "plain-lines")
        start = time.process_time()
        extract_organizations(document, "FJI")
        return time.process_time() - start

    once = max(min(taken(5_000) for _ in range(2)), 0.01)
    assert min(taken(20_000) for _ in range(2)) / once < 2.5 * 2.5 * 1.6
