"""The page of articles against each other: what it tells, that it fits, and that it is safe."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import (  # type: ignore[import-untyped]
    Axe,  # it ships no types
)
from playwright.sync_api import Browser, Page, expect
from tests.report.making import HOSTILE, filled_as, shape

from azds.checks.across import Across, Listed, Side, compare_sides
from azds.dataset.across import check_across
from azds.dataset.dataset import Dataset
from azds.dataset.ingesting import ingest, new_article
from azds.entities import states
from azds.report import Report, across_report
from azds.report.across_views import AcrossView
from azds.report.rendering import render
from azds.report.reports import MOST_BYTES
from azds.store.folder import StoreFolder, init_store

Opened = Callable[..., Page]
TEMPLATE = "across.html.j2"
ROWS = {
    "Fiji": (
        ("Nauru", "10 May 1970"),
        ("Tonga", "4 May 1971"),
        ("Samoa", "1972"),
        ("Palau", "1995"),
    ),
    "Nauru": (("Fiji", "12 May 1970"), ("Tonga", "5 June 1980")),
    "Palau": (("Nauru", "1 May 1996"),),
    "Samoa": (("Fiji", "3 June 1972"),),
    "Tonga": (("Fiji", "5 April 1971"), ("Nauru", "5 June 1982")),
}
"""The lists of five invented articles; those of Nauru and Palau lack what the other has."""
ELSEWHERE = tuple((name, "1 May 1990") for name in ("Chad", "Cuba", "Japan", "Mali"))
"""What each lists besides, so that it is a list of all."""


def article(store: StoreFolder, folder: Path, subject: str) -> Dataset:
    name = subject.lower()
    new_article(store, name, article=f"Foreign relations of {subject}", subject=subject)
    rows = "".join(
        f"|-\n| {number} || {{{{flag|{other}}}}} || {{{{dts|{date}}}}}\n"
        for number, (other, date) in enumerate((*ROWS[subject], *ELSEWHERE), start=1)
    )
    path = folder / f"{name}.txt"
    path.write_text(
        f"'''{subject}''' is a state.\n\n== List ==\n"
        f"List of countries which {subject} maintains diplomatic relations with:\n"
        f'{{| class="wikitext"\n! # !! Country !! Date\n{rows}|}}\n',
        encoding="utf-8",
    )
    ingest(store.dataset(name), [path], texts=folder / "texts")
    return Dataset(store.dataset(name))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("across")


@pytest.fixture(scope="module")
def five(folder: Path) -> list[Dataset]:
    store = init_store(folder / "s")
    return [article(store, folder, subject) for subject in ROWS]


@pytest.fixture(scope="module")
def made(five: list[Dataset], folder: Path) -> Report:
    found = check_across([(dataset, None) for dataset in five])
    return across_report(found, five, sources=folder / "texts")


def test_the_page_tells_every_disagreement_the_largest_first(made: Report) -> None:
    assert re.findall(r'rowheader" data-label="pair">([^<]+)<', made.html) == [
        "Nauru and Tonga",
        "Fiji and Tonga",
        "Fiji and Nauru",
    ]
    assert "4 pairs of states list each other; 3 give dates that cannot both be right." in made.html
    assert "Of 3 that both sides date to the day, 0 have the same day: 0.0%." in made.html
    for words in ("day and month changed places", "only the year is another", "2 days"):
        assert words in made.html
    assert (made.shown, made.total, made.is_whole) == (5, 5, True)


def test_the_words_of_both_articles_wait_until_they_are_asked_for(
    made: Report, opened: Opened
) -> None:
    page = opened(made.html)
    expect(page.get_by_text("“12 May 1970”")).to_be_hidden()
    page.get_by_text("2 passages").last.click()
    expect(page.locator("q >> visible=true")).to_have_text(["10 May 1970", "12 May 1970"])


def test_without_their_texts_articles_are_not_quoted(five: list[Dataset], tmp_path: Path) -> None:
    found = check_across([(dataset, None) for dataset in five])
    bare = across_report(found, five)
    assert "<q>" not in bare.html
    assert "2 passages" in bare.html
    assert bare.notes == ()
    missing = across_report(found, five, sources=tmp_path)
    assert [note.partition(":")[0] for note in missing.notes] == ["Fiji", "Nauru", "Tonga"]


def test_the_full_table_has_every_pair_and_what_one_side_states(made: Report) -> None:
    rows = made.full().to_pylist()
    assert sorted((row["first"], row["second"], row["kind"]) for row in rows) == [
        ("FJI", "NRU", "differ"),
        ("FJI", "PLW", "one_sided"),
        ("FJI", "TON", "differ"),
        ("FJI", "WSM", "compatible"),
        ("NRU", "TON", "differ"),
        ("PLW", "NRU", "one_sided"),
    ]


def crowd(count: int) -> Across:
    """So many articles that all list each other, each with a day of its own."""
    ids = [entity.id for entity in states() if entity.kind == "un_member"][:count]
    return compare_sides(
        [
            Side(one, "r1", one, {o: Listed("established", f"19{at % 90 + 10}-01-02") for o in ids})
            for at, one in enumerate(ids)
        ]
    )


def test_two_hundred_articles_that_agree_on_nothing_fit_on_a_page(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    found = crowd(190)
    monkeypatch.setattr("azds.report.across._quotes", lambda *_: ({}, ()))
    monkeypatch.setattr("azds.report.across.citation", lambda _: [])
    named = [
        type("Held", (), {"name": s.subject, "__getitem__": lambda *_: None})() for s in found.sides
    ]
    made = across_report(found, named, full="all.parquet")
    assert len(made.html.encode()) <= MOST_BYTES
    assert 0 < made.shown < made.total == len(found.disagreements) > 17_000
    assert "All of them are in <code>all.parquet</code>" in made.html
    assert made.full().num_rows == len(found.pairs)


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_value_in_every_place_leaves_the_shape_as_it_was(name: str) -> None:
    found = shape(render(filled_as(AcrossView, HOSTILE[name] or "–"), TEMPLATE))
    harmless = shape(render(filled_as(AcrossView, "x"), TEMPLATE))
    assert found.elements == harmless.elements
    assert all(link.startswith("#") for link in found.links)


def test_no_hostile_value_runs_in_a_browser(chromium: Browser, tmp_path: Path) -> None:
    page = chromium.new_page()
    path = tmp_path / "page.html"
    for payload in HOSTILE.values():
        path.write_text(render(filled_as(AcrossView, payload or "–"), TEMPLATE), encoding="utf-8")
        page.goto(path.as_uri())
        page.keyboard.press("Tab")
        page.mouse.click(310, 420)
        assert page.evaluate("window.pwned") is None
        assert page.evaluate("document.scripts.length") == 1
    page.close()


def test_the_filters_leave_what_they_say(made: Report, opened: Opened) -> None:
    page = opened(made.html)
    page.get_by_label("Differ in").select_option("day_and_month_exchanged")
    assert (
        page.locator("tr[data-kind] >> visible=true").all_inner_texts()[0].startswith("Fiji and T")
    )
    expect(page.locator("#matches")).to_have_text("1 of 3 lines")
    page.get_by_role("button", name="Clear").click()
    page.get_by_label("Apart", exact=True).select_option("up to 7 days")
    expect(page.locator("#matches")).to_have_text("1 of 3 lines")
    page.get_by_role("button", name="Clear").click()
    page.get_by_label("Text", exact=True).fill("nauru")
    expect(page.locator("#matches")).to_have_text("2 of 3 lines")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_barrier(made: Report, opened: Opened, scheme: str) -> None:
    page = opened(made.html, scheme=scheme)
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


def test_it_fits_a_telephone_and_paper_and_reads_without_script(
    made: Report, opened: Opened
) -> None:
    page = opened(made.html, javascript=False)
    assert page.locator("tr[data-kind] >> visible=true").count() == 3
    page.set_viewport_size({"width": 320, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.emulate_media(media="print")
    expect(page.locator(".tools")).to_be_hidden()
