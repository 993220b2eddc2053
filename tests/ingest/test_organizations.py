"""Organizations: what the subject is in; sentences, lists, qualifiers."""

import pytest
from tests.ingest.reading import facts, read, rejected


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
