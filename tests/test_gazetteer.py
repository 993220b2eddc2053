"""The gazetteer that is shipped is what its script makes of the CLDR and the declarations."""

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

from azds.entities import states

ROOT = Path(__file__).parent.parent
TOOL = ROOT / "tools" / "gazetteer"


@pytest.fixture(scope="module")
def build() -> ModuleType:
    spec = importlib.util.spec_from_file_location("gazetteer_build", TOOL / "build.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def declared(build: ModuleType, folder: Path, change: tuple[str, str]) -> str:
    path = folder / "entities.toml"
    text = (TOOL / "entities.toml").read_text("utf-8")
    assert change[0] in text
    path.write_text(text.replace(*change), encoding="utf-8")
    made: str = build.build(path)
    return made


def test_what_is_shipped_is_what_the_script_gives(build: ModuleType) -> None:
    assert build.build() == (ROOT / "src/azds/data/entities.tsv").read_text("utf-8")


def test_every_territory_of_the_cldr_has_its_name_there(build: ModuleType) -> None:
    names = build.cldr_names()
    assert len(names) > 245
    assert [name for name in names.values() if states().resolve(name) is None] == []


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (("FJI = {", "Q712 = {"), "Q712: expected a name"),
        (("FJI = {", "FJX = {"), "FJX: expected a code of the CLDR, got none"),
        (("BRB = {", "# BRB = {"), "declared nowhere: ['BB']"),
        (('"1958/1975"', '"until 1975"'), "BEN: expected years as 1960/1975"),
        (('existed = "1922/1991"', 'existed = ""'), "Q15180: `existed`"),
        (('"Hellenic Republic"', '"French Republic"'), "a name means two entities"),
    ],
)
def test_a_declaration_that_does_not_fit_is_refused(
    build: ModuleType, tmp_path: Path, change: tuple[str, str], told: str
) -> None:
    with pytest.raises((SystemExit, ValueError)) as caught:
        declared(build, tmp_path, change)
    assert told in str(caught.value)


def test_every_name_of_other_times_has_its_years_and_means_the_entity() -> None:
    former = [(entity.id, name, years) for entity in states() for name, years in entity.former]
    assert ("SWZ", "Swaziland", "/2018") in former
    assert [one for one in former if states().resolve(one[1]) != one[0]] == []


def test_what_is_historical_has_its_years_and_nothing_else_has() -> None:
    assert {entity.kind for entity in states() if entity.existed} == {"historical"}
    assert [one.id for one in states() if one.kind == "historical" and not one.existed] == []


def test_a_name_is_declared_once() -> None:
    """What folds to the name in use, or is that of the CLDR, needs no alias."""
    for entity in states():
        assert len({*entity.names}) == len(entity.names), entity.id
