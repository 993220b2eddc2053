"""`plot` of series and diffs: axes of matplotlib that show every value, in shapes and numbers."""

import io
import sys
from collections.abc import Iterator

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib import pyplot as plt

import azds
from azds.dataset.pictures import picture_bytes
from azds.dataset.series import Point, Series, Stated

mpl.use("agg")


@pytest.fixture(autouse=True)
def _closed() -> Iterator[None]:
    yield
    plt.close("all")


def test_a_series_shows_every_stated_count(article: azds.Dataset) -> None:
    axes = article.series("diplomatic_relations").plot()
    values = [float(np.asarray(line.get_xdata())[0]) for line in axes.lines]
    assert sorted(values) == [160, 160, 174, 174, 184]
    labels = sorted(text.get_text() for text in axes.texts)
    assert labels == ["160 countries"] * 2 + ["174 states"] * 2 + ["184 UN members"]
    shapes = {v: line.get_marker() for v, line in zip(values, axes.lines, strict=True)}
    assert len(set(shapes.values())) == 3
    assert "no trend" in axes.get_xlabel()
    assert all(line.get_linestyle() == "None" for line in axes.lines)


def test_a_bound_has_its_words_and_an_arrow_to_where_the_true_number_lies() -> None:
    others = (Stated(90, "b", qualifier="at_most"), Stated(95, "b", qualifier="about"))
    head = Stated(1130, "a", qualifier="more_than")
    axes = Series("m", (Point("r", None, head, others, None, None),)).plot()
    told = [text.get_text() for text in axes.texts]
    assert told == ["more than 1,130 a", "→", "at most 90 b", "←", "about 95 b", "≈"]
    assert "≈ about: no exact number" in axes.get_xlabel()


def test_a_diff_shows_the_rows_of_every_table(article: azds.Dataset) -> None:
    diff = article.diff("2016", "current")
    axes = diff.plot()
    names = [text.get_text() for text in axes.get_yticklabels()]
    assert names == list(diff.tables)
    numbers = {text.get_text() for text in axes.texts}
    assert {"84", "75", "36"} <= numbers
    legend = axes.get_legend()
    assert legend is not None
    told = {text.get_text() for text in legend.get_texts()}
    assert told == {"equal", "changed", "newly stated", "unstated", "not comparable"}


def test_one_can_draw_on_axes_of_ones_own(article: azds.Dataset) -> None:
    _, (left, right) = plt.subplots(1, 2)
    assert article.series("diplomatic_relations").plot(left) is left
    assert article.diff("2016", "interim").plot(right) is right


@pytest.mark.parametrize("form", ["png", "svg"])
def test_a_picture_of_hostile_names_can_be_written(form: str) -> None:
    name = "$\\frac{1}$ <b>&\x00\u202e" + "x" * 500
    point = Point(name, None, Stated(1, name), (Stated(2, "a"),), None, None)
    Series(name, (point,)).plot()
    out = io.BytesIO()
    plt.savefig(out, format=form)
    assert len(out.getvalue()) > 1_000
    assert b"<b>" not in out.getvalue()


@pytest.mark.parametrize("form", ["png", "svg"])
def test_a_picture_as_a_file_is_the_same_each_time(article: azds.Dataset, form: str) -> None:
    series, diff = article.series("diplomatic_relations"), article.diff("2016", "interim")
    data = picture_bytes(series, form)
    assert data == picture_bytes(series, form)
    for found in (data, picture_bytes(diff, form)):
        assert found.startswith(b"\x89PNG" if form == "png" else b"<?xml")
        assert b"script" not in found
    assert plt.get_fignums() == []


def test_without_matplotlib_the_error_says_what_to_install(
    article: azds.Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(azds.AzdsError, match=r'pip install "azds\[report\]"'):
        article.series("diplomatic_relations").plot()
