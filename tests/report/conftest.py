"""A real Chromium, where one is installed; and the reports that several tests look at."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Error, Page, sync_playwright

import azds
from azds.report import Report, dataset_report, diff_report

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
Opened = Callable[..., Page]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """A headless Chromium: that of AZDS_CHROMIUM, of PATH, or of playwright; else a skip."""
    named = os.environ.get("AZDS_CHROMIUM")
    path = named or next((found for name in NAMES if (found := shutil.which(name))), None)
    with sync_playwright() as playwright:
        try:
            browser = playwright.chromium.launch(
                executable_path=path,
                args=["--no-sandbox"] if getattr(os, "getuid", lambda: 1)() == 0 else [],
            )
        except Error as error:
            if named:
                pytest.fail(f"AZDS_CHROMIUM: {error}")
            pytest.skip("no Chromium: put one on PATH, or name it with AZDS_CHROMIUM")
        yield browser
        browser.close()


@pytest.fixture
def opened(chromium: Browser, tmp_path: Path) -> Iterator[Opened]:
    """Opens a page from disk; fails if it asked for anything else or complained."""
    contexts: list[BrowserContext] = []
    faults: list[str] = []

    def open_page(html: str, *, javascript: bool = True, scheme: str = "light") -> Page:
        path = tmp_path / f"page-{len(contexts)}.html"
        path.write_text(html, encoding="utf-8")
        context = chromium.new_context(
            java_script_enabled=javascript,
            color_scheme="dark" if scheme == "dark" else "light",
            viewport={"width": 1200, "height": 900},
        )
        contexts.append(context)
        page = context.new_page()
        page.on("request", lambda r: faults.append(r.url) if r.url != path.as_uri() else None)
        page.on("console", lambda message: faults.append(message.text))
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("dialog", lambda dialog: faults.append(dialog.message))
        page.goto(path.as_uri())
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert faults == []


@pytest.fixture(scope="session")
def article() -> azds.Dataset:
    return azds.open()["foreign-relations"]


@pytest.fixture(scope="session")
def of_two(article: azds.Dataset) -> Report:
    return diff_report(article.diff("2016", "interim"), article)


@pytest.fixture(scope="session")
def of_all(article: azds.Dataset) -> Report:
    return dataset_report(article)


@pytest.fixture
def chromium_page(chromium: Browser, tmp_path: Path) -> Iterator[Callable[[str], Page]]:
    """Opens a page that may complain."""
    context = chromium.new_context()

    def open_page(html: str) -> Page:
        path = tmp_path / "complaining.html"
        path.write_text(html, encoding="utf-8")
        page = context.new_page()
        page.goto(path.as_uri())
        return page

    yield open_page
    context.close()
