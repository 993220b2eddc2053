"""The designated counts, with what each counts."""

import json
from pathlib import Path

import jsonschema
import pytest
from tests.dataset.making import cities, count, dataset, headline, typed

from azds.dataset.dataset import Dataset
from azds.dataset.series import Stated
from azds.errors import NotFoundError
from azds.records import Count
from azds.records.documents import DOCUMENTS
from azds.records.export import document_schema
from azds.store import StagedRevision

STATED_160: dict[str, object] = {
    "value": 160,
    "qualifier": None,
    "scope": "countries",
    "includes": [],
    "alongside": [],
}
STATED_174: dict[str, object] = {
    "value": 174,
    "qualifier": None,
    "scope": "states",
    "includes": ["PSE", "VAT"],
    "alongside": ["Q458"],
}
SHIPPED = [
    {
        "revision": "2016",
        **STATED_160,
        "also_stated": [STATED_174],
        "implied_un_members": None,
        "note": None,
    },
    {
        "revision": "interim",
        **STATED_174,
        "also_stated": [STATED_160],
        "implied_un_members": 172,
        "note": "174 less Palestine and Vatican City, "
        "if “including” names all that are no UN members",
    },
    {
        "revision": "current",
        "value": 184,
        "qualifier": None,
        "scope": "un_members",
        "includes": [],
        "alongside": ["PSE", "VAT"],
        "also_stated": [],
        "implied_un_members": 184,
        "note": None,
    },
]


def test_the_shipped_series_is_exactly_this(article: Dataset) -> None:
    series = article.series("diplomatic_relations")
    assert series.to_document() == SHIPPED
    assert repr(series) == "<Series diplomatic_relations: 2016 160, interim 174, current 184>"
    assert len(series) == 3


def test_the_series_fits_its_schema(article: Dataset) -> None:
    text = json.dumps(article.series("diplomatic_relations").to_document())
    assert DOCUMENTS["series.v1"].validate(text) == SHIPPED
    jsonschema.validate(json.loads(text), document_schema("series.v1"))


def test_the_points_are_values_of_the_library(article: Dataset) -> None:
    first, *_ = article.series("diplomatic_relations")
    assert first.headline == Stated(160, "countries")
    assert first.date == "2016-11-19"


def test_a_measure_that_no_revision_has_is_not_found(article: Dataset) -> None:
    with pytest.raises(NotFoundError, match="did you mean diplomatic_relations") as caught:
        article.series("diplomatic_relation")
    assert caught.value.kind == "unknown-measure"


def test_a_revision_without_a_headline_has_an_empty_point(tmp_path: Path) -> None:
    things = dataset(
        tmp_path / "store",
        StagedRevision("a", typed(Count, [count(5)]), headline=headline(5, "countries")),
        StagedRevision("b", typed(Count, [count(6)])),
        StagedRevision("c", cities({})),
    )
    series = things.series("diplomatic_relations")
    assert [point.headline and point.headline.value for point in series] == [5, None, None]
    assert [len(point.also_stated) for point in series] == [0, 1, 0]
    assert repr(series) == "<Series diplomatic_relations: a 5, b –, c –>"
    assert series.to_document()[1]["value"] is None


def test_a_headline_that_no_row_states_is_still_the_headline(tmp_path: Path) -> None:
    staged = StagedRevision("a", typed(Count, [count(5)]), headline=headline(7, "states"))
    [point] = dataset(tmp_path / "store", staged).series("diplomatic_relations")
    assert point.headline == Stated(7, "states")
    assert [one.value for one in point.also_stated] == [5]


@pytest.mark.parametrize(
    ("counted", "implied"),
    [
        (count(10, "un_members"), 10),
        (count(10, "un_members", qualifier="more_than"), None),
        (count(10, "states", qualifier="about", includes=("PSE", "VAT")), None),
        (count(10, "states", includes=("PSE", "VAT")), 8),
        (count(10, "states", includes=("GEO", "PSE")), 9),
        (count(10, "states", includes=("GEO",)), None),
        (count(10, "states"), None),
    ],
    ids=[
        "members",
        "more than",
        "about",
        "less two",
        "less one",
        "only members",
        "nothing included",
    ],
)
def test_un_members_are_implied_only_where_that_follows(
    tmp_path: Path, counted: Count, implied: int | None
) -> None:
    staged = StagedRevision(
        "a", typed(Count, [counted]), headline=headline(10, counted.scope, counted.qualifier)
    )
    [point] = dataset(tmp_path / "store", staged).series("diplomatic_relations")
    assert point.implied_un_members == implied
    assert (point.note is None) == (implied in {None, 10})


def test_a_bound_is_told_wherever_the_number_is(tmp_path: Path) -> None:
    stated = [count(130, qualifier="more_than"), count(140, "states", qualifier="about")]
    things = dataset(
        tmp_path / "store",
        StagedRevision("a", typed(Count, stated), headline=headline(130, "countries", "more_than")),
    )
    series = things.series("diplomatic_relations")
    [point] = series
    assert point.headline == Stated(130, "countries", qualifier="more_than")
    assert point.also_stated == (Stated(140, "states", qualifier="about"),)
    assert repr(series) == "<Series diplomatic_relations: a more than 130>"
    assert '<td style="text-align:left">more than 130 countries</td>' in series._repr_html_()
    [document] = series.to_document()
    assert DOCUMENTS["series.v1"].validate(json.dumps([document])) == [document]
    assert [document["qualifier"], document["also_stated"]] == [
        "more_than",
        [{"value": 140, "qualifier": "about", "scope": "states", "includes": [], "alongside": []}],
    ]
