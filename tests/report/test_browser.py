"""The pages in a real Chromium: filters, keyboard, axe, dark, narrow, paper, without script."""

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import (  # type: ignore[import-untyped]
    Axe,  # it ships no types
)
from playwright.sync_api import Page, expect

import azds
from azds.report import Report, diff_report

Opened = Callable[..., Page]
LINES = "tr[data-kind]"
FEW = """() => document.querySelectorAll('tbody').forEach((body) =>
    [...body.rows].slice(2).forEach((row) => row.remove()))"""
"""Leaves two rows of each table: axe takes its time for each element."""


@pytest.fixture
def two(opened: Opened, of_two: Report) -> Page:
    return opened(of_two.html)


def shown(page: Page) -> int:
    """How many lines a reader sees."""
    return page.locator(f"{LINES} >> visible=true").count()


def test_the_table_filter_leaves_lines_of_one_table(two: Page) -> None:
    two.get_by_label("Table", exact=True).select_option("relations")
    assert (
        shown(two) == two.locator(f"section[data-table=relations] .group:visible {LINES}").count()
    )
    assert two.locator("section.table >> visible=true").count() == 1


def test_the_kind_filter_leaves_lines_of_one_kind(two: Page) -> None:
    two.get_by_label("Kind", exact=True).select_option("coarsened")
    assert shown(two) == 1
    expect(two.locator("#matches")).to_have_text("1 of 72 lines")
    two.get_by_role("button", name="Clear").click()
    expect(two.locator("#matches")).to_have_text("72 lines")


def test_the_text_filter_finds_names_and_not_what_is_hidden(two: Page) -> None:
    two.get_by_label("Text").fill("uNiTeD sTaTeS")
    assert shown(two) == 1
    two.get_by_label("Text").fill("no such words")
    assert shown(two) == 0
    expect(two.locator("#matches")).to_have_text("Nothing matches.")


def test_wording_and_places_are_hidden_until_asked_for(two: Page) -> None:
    before = shown(two)
    assert two.locator(".g-wording >> visible=true").count() == 0
    two.get_by_label("Show wording").check()
    assert two.locator(".g-wording >> visible=true").count() > 0
    two.get_by_label("Show numbers and places").check()
    assert shown(two) == two.locator(LINES).count() > before
    offered = two.locator("#by-kind option").all_inner_texts()
    assert sum(int(text.split("(")[1].strip(")")) for text in offered[1:]) == shown(two)


def test_all_can_be_reached_by_keyboard(two: Page) -> None:
    two.keyboard.press("Tab")
    expect(two.get_by_text("Skip to the changes")).to_be_focused()
    seen = set()
    for _ in range(60):
        two.keyboard.press("Tab")
        seen.add(two.evaluate("document.activeElement.id || document.activeElement.tagName"))
    assert {"by-table", "by-kind", "by-text", "show-wording", "SUMMARY", "A"} <= seen
    summary = two.locator("details.evidence > summary").first
    summary.focus()
    two.keyboard.press("Enter")
    assert two.locator("details.evidence[open]").count() == 1


def test_axe_finds_no_barrier(opened: Opened, of_all: Report) -> None:
    """All rules of axe-core, on the page of the whole dataset."""
    page = opened(of_all.html)
    page.evaluate(FEW)
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


def test_axe_finds_enough_contrast_in_the_dark_with_all_shown(
    opened: Opened, article: azds.Dataset
) -> None:
    page = opened(diff_report(article.diff("2016", "current"), article).html, scheme="dark")
    page.get_by_label("Show wording").check()
    page.evaluate(FEW)
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    found = Axe().run(page, options={"runOnly": ["color-contrast"]})
    assert found.violations_count == 0, found.generate_report()


def test_a_narrow_page_does_not_scroll_sideways(two: Page) -> None:
    for width in (320, 390, 700, 1000):
        two.set_viewport_size({"width": width, "height": 800})
        assert two.evaluate("document.documentElement.scrollWidth") <= width


def test_on_paper_there_are_pictures_and_no_filters(two: Page) -> None:
    two.emulate_media(media="print")
    expect(two.locator(".tools")).to_be_hidden()
    expect(two.locator("svg.picture").first).to_be_visible()
    inks = "(all) => all.map((one) => getComputedStyle(one).stroke)"
    assert set(two.locator("svg.picture .mark").evaluate_all(inks)) == {"rgb(0, 0, 0)"}
    assert len(two.pdf(format="A4")) > 20_000


def test_without_script_all_changes_are_there(opened: Opened, of_two: Report) -> None:
    page = opened(of_two.html, javascript=False)
    assert page.locator(f"{LINES} >> visible=true").count() == 72
    expect(page.locator("#filter")).to_be_hidden()
    page.get_by_label("Show wording").check()
    assert page.locator(".g-wording >> visible=true").count() > 0


def test_every_picture_has_a_name_and_a_table(two: Page) -> None:
    pictures = two.locator("figure")
    assert pictures.count() == 2
    for at in range(pictures.count()):
        one = pictures.nth(at)
        assert "2016" in str(one.locator("svg[role=img]").get_attribute("aria-label"))
        one.get_by_text("The same as a table").click()
        assert one.locator("table tbody tr >> visible=true").count() > 2
