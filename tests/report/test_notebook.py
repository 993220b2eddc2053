"""What notebooks show: escaped, of bounded size; and the tour in `docs`, run as it stands."""

import json
import os
import re
import sys
from pathlib import Path

import nbformat
import pyarrow as pa
import pytest
from nbclient import NotebookClient
from tests.report.making import HOSTILE, shape

import azds
from azds.dataset.html import escaped

TOUR = Path(__file__).parents[2] / "docs" / "tour.ipynb"


def html_of(value: object) -> str:
    """What a notebook would show."""
    made: str = value._repr_html_()  # type: ignore[attr-defined]
    return made


@pytest.fixture(scope="module")
def shown(article: azds.Dataset) -> dict[str, str]:
    """What the shipped data look like in a notebook."""
    diff = article.diff("2016", "interim")
    return {
        "dataset": html_of(article),
        "snapshot": html_of(article["2016"]),
        "table": html_of(article["2016"]["relations"]),
        "diff": html_of(diff),
        "table diff": html_of(diff["relations"]),
        "series": html_of(article.series("diplomatic_relations")),
    }


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("dataset", ["3 revisions", "160 countries", "2016-11-19"]),
        ("snapshot", ["relations", "partial", "no list of all counterparts"]),
        ("table", ["80 rows, partial", "Belarus", "… 70 more"]),
        ("diff", ["2016 → interim", "not comparable", "not the same thing"]),
        ("table diff", ["began", "1992-09-01", "unstated", "… 16 more"]),
        ("series", ["174 states", "PSE, VAT", "no trend"]),
    ],
)
def test_a_notebook_shows_what_matters(shown: dict[str, str], name: str, told: list[str]) -> None:
    for words in told:
        assert words in shown[name]


def test_what_a_notebook_shows_is_whole_small_and_without_links(shown: dict[str, str]) -> None:
    for name, html in shown.items():
        found = shape(html)
        opened = sum(1 for one in found.elements if one[0] != "/")
        assert opened == len(found.elements) - opened, name
        assert found.links == []
        assert len(html) < 10_000, name


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_value_stays_text_in_a_notebook(name: str) -> None:
    text = HOSTILE[name]
    assert not re.search(r"[<>\"'\x00-\x1f\u202a-\u202e]", escaped(text))
    text = text.encode("utf-8", "replace").decode()  # Arrow takes no lone surrogates
    old = pa.table({"key": [f"k{text}"], f"c{text}": ["x"]})
    new = pa.table({"key": [f"k{text}"], f"c{text}": [text]})
    found = azds.diff(old, new, key="key")
    plain = azds.diff(_plain("x"), _plain("y"), key="key")
    found.name = text
    for value, harmless in ((found, plain), (found.added, plain.added)):
        assert shape(html_of(value)).elements == shape(html_of(harmless)).elements


def _plain(value: str) -> pa.Table:
    return pa.table({"key": ["k"], "c": [value]})


def test_a_large_table_is_shown_in_part() -> None:
    wide = pa.table({"key": range(500), **{f"c{at}": ["long " * 50] * 500 for at in range(60)}})
    found = azds.diff(wide.slice(0, 1), wide, key="key")
    assert len(html_of(found.added)) < 60_000
    assert "… 489 more" in html_of(found.added)
    assert "41 more columns" in html_of(found.added)


@pytest.mark.usefixtures("golden")
def test_the_tour_shows_what_its_cells_give(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every cell is run by a real kernel; `make golden` writes what it gives."""
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path))
    monkeypatch.setenv("JUPYTER_PLATFORM_DIRS", "1")
    monkeypatch.setenv("PYTHONWARNINGS", "ignore")
    monkeypatch.delenv("AZDS_STORE", raising=False)
    kernel = tmp_path / "kernels" / "python3"
    kernel.mkdir(parents=True)
    argv = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    spec = {"argv": argv, "display_name": "Python 3", "language": "python"}
    (kernel / "kernel.json").write_text(json.dumps(spec), encoding="utf-8")
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path))
    tour = nbformat.read(TOUR, as_version=4)  # type: ignore[no-untyped-call]
    told = _outputs(tour)
    client = NotebookClient(tour, timeout=60, kernel_name="python3")
    client.execute(cwd=str(tmp_path))
    if os.environ.get("AZDS_GOLDEN") == "write":
        _write(tour)
        return
    assert _outputs(tour) == told, "the tour shows other outputs than its cells give: make golden"


def _outputs(tour: nbformat.NotebookNode) -> list[list[dict[str, str]]]:
    """The texts that cells show; pictures are only told by their kind."""
    return [
        [
            {
                kind: re.sub(r"0x[0-9a-f]+", "0x", str(data)) if kind.startswith("text/") else ""
                for kind, data in output.get("data", {"text/plain": output.get("text", "")}).items()
            }
            for output in cell.outputs
        ]
        for cell in tour.cells
        if cell.cell_type == "code"
    ]


def _write(tour: nbformat.NotebookNode) -> None:
    for at, cell in enumerate(tour.cells):
        cell.id = f"cell-{at}"
        cell.metadata = {}
    tour.metadata = {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
    nbformat.write(tour, TOUR)  # type: ignore[no-untyped-call]
