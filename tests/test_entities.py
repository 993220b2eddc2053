"""Names resolve exactly after folding, in lists and in running text, and never by guess."""

import pytest

from azds.entities import Entity, Gazetteer, bodies, cities, fold_name, states
from azds.errors import InvalidInputError

GAZETTEERS = {"states": states, "bodies": bodies, "cities": cities}


def found(gazetteer: Gazetteer, text: str) -> list[tuple[str, str]]:
    return [(text[start:end], entity) for start, end, entity in gazetteer.find(text)]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Côte d'Ivoire", "COTE D’IVOIRE"),
        ("The Gambia", "gambia"),
        ("Guinea-Bissau", "Guinea–Bissau"),
        ("Georgia (country)", "Georgia country"),
        ("St. Lucia", "St Lucia"),
        ("St.Lucia", "St Lucia"),
        ("São  Tomé", "Sao Tome"),
    ],
)
def test_case_accents_dashes_brackets_and_the_article_do_not_count(one: str, other: str) -> None:
    assert fold_name(one) == fold_name(other)


def test_the_article_alone_is_kept() -> None:
    assert fold_name("The") == "the"


@pytest.mark.parametrize(
    ("name", "entity"),
    [
        ("the Holy See", "VAT"),
        ("Vatican City", "VAT"),
        ("Republic of Korea", "KOR"),
        ("Korea, South", "KOR"),
        ("Swaziland", "SWZ"),
        ("Burma", "MMR"),
        ("Republic of Congo", "COG"),
        ("SMOM", "Q190353"),
        ("TRNC", "Q23681"),
        ("U.S.", "USA"),
        ("UAE", "ARE"),
        ("Republic of China (Taiwan)", "TWN"),
        ("Serbia and Montenegro", "Q37024"),
    ],
)
def test_other_names_of_a_state_mean_it(name: str, entity: str) -> None:
    assert states().resolve(name) == entity


@pytest.mark.parametrize(
    "name", ["Buglaria", "Nigera", "us", "Us", "guam island group", "", "  ", "Moscow", "x" * 500]
)
def test_what_is_nearly_a_name_means_nothing(name: str) -> None:
    assert states().resolve(name) is None


def test_capitals_are_a_code_and_not_the_name_of_that_spelling() -> None:
    assert states().resolve("GUAM") is None
    assert states().resolve("Guam") == "GUM"
    assert bodies().resolve("GUAM") == "GUAM"
    assert bodies().resolve("who") is None
    assert bodies().resolve("WHO") == "WHO"


@pytest.mark.parametrize(
    ("name", "halves"),
    [
        ("Hungary Hungary", ("Hungary", "Hungary")),
        ("Republic of Ireland Ireland", ("Republic of Ireland", "Ireland")),
        ("Macedonia North Macedonia", ("Macedonia", "North Macedonia")),
        ("UK United Kingdom", ("UK", "United Kingdom")),
    ],
)
def test_a_doubled_name_is_read_once(name: str, halves: tuple[str, str]) -> None:
    assert states().halves(name) == halves
    assert states().resolve(name) == states().resolve(halves[0])


@pytest.mark.parametrize("name", ["Guinea Guinea-Bissau", "Niger Nigeria", "Ireland", "of of"])
def test_two_names_of_two_states_are_not_doubled(name: str) -> None:
    assert states().halves(name) is None


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Guinea-Bissau's and Niger's", [("Guinea-Bissau", "GNB"), ("Niger", "NER")]),
        ("in the U.S. and the US.", [("U.S.", "USA"), ("US", "USA")]),
        ("It told us of US$5 and of us", []),
        ("Serbia. Montenegro", [("Serbia", "SRB"), ("Montenegro", "MNE")]),
        ("Korea, South Africa", [("South Africa", "ZAF")]),
        ("Taiwan, China", [("Taiwan", "TWN"), ("China", "CHN")]),
        ("New Mexico, Northern Ireland and the Gulf of Guinea", []),
        ("Trinidad and Tobago Tonga", [("Trinidad and Tobago", "TTO"), ("Tonga", "TON")]),
        ("georgia, turkey, chad", []),
        ("Moscow and Ankara", []),
        ("The Netherlands' coast", [("The Netherlands", "NLD")]),
        ("Armenia–Azerbaijan relations", [("Armenia", "ARM"), ("Azerbaijan", "AZE")]),
    ],
)
def test_names_are_found_in_running_text(text: str, names: list[tuple[str, str]]) -> None:
    assert found(states(), text) == names


@pytest.mark.parametrize(
    "name",
    ["Port-au-Prince", "Porto-Novo", "St. John's", "Washington, D.C.", "Saint John's", "N'Djamena"],
)
def test_a_city_with_stops_hyphens_or_a_comma_is_found_whole(name: str) -> None:
    city = cities().resolve(name)
    assert city is not None
    assert found(cities(), f"an embassy in {name}, since May") == [(name, city)]
    assert cities().first(f"in {name}, since", 3, 40) == (3 + len(name), city)


def test_a_city_is_no_longer_than_its_name() -> None:
    assert found(cities(), "in Washington, and in Paris") == [
        ("Washington", "Washington, D.C."),
        ("Paris", "Paris"),
    ]


def test_the_first_name_must_stand_right_there() -> None:
    assert states().first("and Fiji", 0, 8) is None
    assert states().first("Fiji and", 0, 8) == (4, "FJI")
    assert states().first("Fijian", 0, 6) is None


def test_only_some_names_go_on_behind_a_comma() -> None:
    assert states().continues("Korea")
    assert not states().continues("Fiji")


def test_an_unknown_id_is_its_own_name() -> None:
    assert states().name("ZZZ") == "ZZZ"
    assert states().get("ZZZ") is None
    assert "ZZZ" not in states()


@pytest.mark.parametrize("which", GAZETTEERS)
def test_no_name_means_two_entities(which: str) -> None:
    gazetteer = GAZETTEERS[which]()
    for entity in gazetteer:
        for name in (entity.name, *entity.aliases):
            assert gazetteer.resolve(name) == entity.id, name


@pytest.mark.parametrize("which", GAZETTEERS)
def test_entities_are_listed_once_and_in_order(which: str) -> None:
    ids = [entity.id for entity in GAZETTEERS[which]()]
    assert ids == sorted(set(ids))


def test_every_city_lies_in_a_known_state() -> None:
    assert [city.id for city in cities() if city.kind not in states()] == []


def test_a_clash_of_names_is_refused() -> None:
    with pytest.raises(InvalidInputError, match="a name means two entities") as caught:
        Gazetteer([Entity("A", "", "Atlantis", ()), Entity("B", "", "Lyonesse", ("ATLantis",))])
    assert caught.value.kind == "bad-id"


def test_a_blank_may_lack_behind_the_stop_of_saint() -> None:
    words = "with St.Kitts and Nevis, St.Lucia"
    assert [entity for _, _, entity in states().find(words)] == ["KNA", "LCA"]
