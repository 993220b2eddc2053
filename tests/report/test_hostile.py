"""No value can leave its place: judged by a parser, and by a real Chromium with the policy on."""

from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pytest
from playwright.sync_api import Browser, Page
from tests.report.making import HOSTILE, filled, shape

import azds
from azds.report import dataset_report, diff_report, table_report
from azds.report.rendering import render

Opened = Callable[..., Page]
DOM = """() => [...document.querySelectorAll('*')].map((one) =>
    [one.tagName, ...one.getAttributeNames()].join(' '))"""
OPTIONS = "document.querySelectorAll('option').forEach((one) => one.remove())"


@pytest.fixture(scope="module")
def harmless() -> str:
    return render(filled("x"))


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_value_in_every_place_leaves_the_shape_as_it_was(
    name: str, harmless: str
) -> None:
    found = shape(render(filled(HOSTILE[name] or "–")))
    assert found.elements == shape(harmless).elements
    assert all(link.startswith("#") for link in found.links)


@pytest.mark.parametrize("name", HOSTILE)
def test_what_a_page_holds_can_be_written_and_shows_no_hidden_character(name: str) -> None:
    text = render(filled(HOSTILE[name])).encode("utf-8").decode("utf-8")
    hidden = [c for c in text if (ord(c) < 32 and c != "\n") or "\u202a" <= c <= "\u202e"]
    assert hidden == []
    assert "1337" not in text  # what a template would have made of 7 * 191


@pytest.fixture(scope="module")
def plain(chromium: Browser, harmless: str) -> list[str]:
    """The elements of the harmless page, as the browser has them."""
    page = chromium.new_page()
    page.set_content(harmless)
    page.evaluate(OPTIONS)
    found: list[str] = page.evaluate(DOM)
    page.close()
    return found


@pytest.mark.parametrize("name", HOSTILE)
def test_no_hostile_value_runs_in_a_browser(name: str, opened: Opened, plain: list[str]) -> None:
    page = opened(render(filled(HOSTILE[name] or "–")))
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.mouse.move(300, 300)
    page.mouse.move(310, 420)
    page.mouse.click(310, 420)
    assert page.evaluate("window.pwned") is None
    page.evaluate(OPTIONS)  # the script makes them from the kinds and tables of the page
    assert page.evaluate(DOM) == plain


def test_hostile_files_make_a_page_in_which_nothing_runs(opened: Opened) -> None:
    """Column names, keys, cells and file names, by the way that files take."""
    texts = [text for text in HOSTILE.values() if text.isprintable() or "\u202e" in text]
    columns = {f"c{at} {text[:300]}": texts for at, text in enumerate(texts)}
    old = pa.table({"k\"'<b>": [f"{at} {text}" for at, text in enumerate(texts)], **columns})
    changed = [f"{text}!" for text in texts]
    new = pa.table({"k\"'<b>": old.column(0), **dict.fromkeys(columns, changed)})
    found = azds.diff(old, pa.concat_tables([new.slice(3), _renamed(new)]), key="k\"'<b>")
    made = table_report(found, HOSTILE["image"], HOSTILE["end-of-script"], full=HOSTILE["svg"])
    page = opened(made.html)
    assert page.evaluate("window.pwned") is None
    assert page.evaluate("document.scripts.length") == 1
    assert page.evaluate("document.querySelectorAll('img, iframe, base, link, object').length") == 0
    assert page.locator("tr[data-kind]").count() > len(texts)


def _renamed(table: pa.Table) -> pa.Table:
    keys = pa.array([f"new {key}" for key in table.column(0).to_pylist()])
    return table.set_column(0, table.schema.field(0), keys)


def test_a_hostile_store_makes_a_page_in_which_nothing_runs(opened: Opened, tmp_path: Path) -> None:
    """Cells, keys and reasons, by the way that a store takes; labels and names cannot be such."""
    texts = [text for text in HOSTILE.values() if text and text.isprintable()]
    dataset = azds.init(tmp_path / "store").create("things")
    for label, end in (("one", ""), ("two", "!")):
        rows = pa.table({"key": texts, "cell": [f"{text}{end}" for text in texts]})
        dataset.commit(
            label,
            {"Thing": rows},
            key="key",
            coverage=azds.Coverage("partial", reason=HOSTILE["image"]),
            message=HOSTILE["script"],
            author=HOSTILE["double-quote"],
        )
    for made in (dataset_report(dataset), diff_report(dataset.diff("one", "two"), dataset)):
        page = opened(made.html)
        assert page.evaluate("window.pwned") is None
        assert page.evaluate("document.scripts.length") == 1
        assert page.locator("tr[data-kind]").count() == len(texts)
        assert HOSTILE["image"] in page.locator("body").inner_text()


def test_a_script_that_came_with_data_would_not_run_even_unescaped(
    chromium_page: Callable[[str], Page],
) -> None:
    """The policy holds by itself: here a script is put into the page on purpose."""
    html = render(filled("x")).replace("</main>", "<script>window.pwned=1</script></main>")
    assert "window.pwned" in html
    assert chromium_page(html).evaluate("window.pwned") is None
