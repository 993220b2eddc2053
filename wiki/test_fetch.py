# ruff: noqa: D103, INP001, S101, PLR2004 - tests, which wiki/run runs
"""Fetching from a real MediaWiki, straight and through faults; run by ``make wiki-test``."""

import json
import os
import sqlite3
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from pages import BACK, BLANKED, HIDDEN, REVISIONS, pages

from azds.cli import run
from azds.dataset.fetching import Wanted, fetch
from azds.dataset.ingesting import Ingested, ingest, new_article
from azds.errors import InvalidInputError, NotFoundError
from azds.ingest.containers import read_pages
from azds.store.folder import init_store
from faults import FaultProxy, through_faults

SITE = os.environ["AZDS_WIKI"]
HOME = Path(os.environ["AZDS_WIKI_HOME"])
TITLE = "Foreign relations of Fiji"


def quiet(_: object) -> None:
    pass


@pytest.fixture
def proxied() -> Iterator[tuple[str, FaultProxy]]:
    with through_faults(SITE) as found:
        yield found


def wanted(site: str = SITE, title: str = TITLE, **others: str) -> Wanted:
    return Wanted(title=title, site=site, contact="a@example.org", **others)


def texts(files: list[Path]) -> list[str]:
    found = [page for path in files for page in read_pages([path.read_bytes()])]
    return [page.text or "" for page in sorted(found, key=lambda page: page.timestamp or "")]


def taken(tmp_path: Path, files: list[Path]) -> Ingested:
    store = init_store(tmp_path / "s")
    return ingest(new_article(store, "fiji", article=TITLE, subject="FJI"), files)


def test_every_revision_comes_once_over_continued_answers(tmp_path: Path) -> None:
    files = fetch(wanted(), tmp_path / "raw", quiet)
    assert texts(files) == pages()[TITLE]
    assert any("continue" in json.loads(path.read_bytes()) for path in files)
    assert fetch(wanted(title="Fiji and the world"), tmp_path / "raw", quiet) == files


def test_every_invented_article_comes_as_it_was_saved(tmp_path: Path) -> None:
    for title, expected in pages().items():
        if "(" in title:
            came = texts(fetch(wanted(title=title), tmp_path / "raw", quiet))
            assert [text.rstrip() for text in came] == [text.rstrip() for text in expected]


def test_what_was_undone_is_refused_and_the_rest_ingested(tmp_path: Path) -> None:
    done = taken(tmp_path, fetch(wanted(), tmp_path / "raw", quiet))
    assert len(done.labels) == REVISIONS - 2
    assert sum(done.refused.values()) == 2
    assert BACK - BLANKED == 1


def test_days_and_samples_are_obeyed(tmp_path: Path) -> None:
    some = wanted(since="2016-01-01", until="2016-12-31", sample="monthly")
    assert len(texts(fetch(some, tmp_path / "raw", quiet))) == 12


def test_faults_are_waited_for_and_nothing_is_lost(
    proxied: tuple[str, FaultProxy], tmp_path: Path
) -> None:
    site, proxy = proxied
    proxy.faults = ["429", "", "503", "drop", "", "cut", "html", "", "429", "drop"]
    pauses: list[float] = []
    files = fetch(wanted(site), tmp_path / "raw", quiet, pause=pauses.append)
    assert texts(files) == pages()[TITLE]
    assert len(pauses) == 7
    assert pauses.count(3.0) == 3
    assert proxy.most_at_once == 1
    assert all("a@example.org" in agent for agent in proxy.agents)
    assert all("gzip" in encoding for encoding in proxy.encodings)
    assert all("maxlag=" in path for path in proxy.asked)


def test_a_wiki_that_never_answers_is_given_up_and_then_gone_on_with(
    proxied: tuple[str, FaultProxy], tmp_path: Path
) -> None:
    site, proxy = proxied
    proxy.faults = ["", "", *["503"] * 30]
    with pytest.raises(InvalidInputError, match="503"):
        fetch(wanted(site), tmp_path / "raw", quiet, pause=quiet)
    proxy.faults = []
    before = len(proxy.asked)
    assert texts(fetch(wanted(site), tmp_path / "raw", quiet)) == pages()[TITLE]
    first = len(proxy.asked) - before
    before = len(proxy.asked)
    fetch(wanted(site), tmp_path / "raw", quiet)
    assert len(proxy.asked) - before < first


def test_a_lagging_wiki_is_waited_for(tmp_path: Path) -> None:
    with sqlite3.connect(HOME / "db" / "wiki_jobqueue.sqlite") as jobs:
        held = jobs.execute("select count(*) from job").fetchone()[0]
        for number in range(20 - held):
            jobs.execute(
                "insert into job (job_cmd, job_namespace, job_title, job_params, job_random,"
                " job_sha1) values ('null', 0, 'X', 'a:0:{}', ?, ?)",
                (number, f"{number:032d}"),
            )
    flag = HOME / "lagging"
    flag.touch()
    told: list[str] = []

    def recover(_: float) -> None:
        flag.unlink()

    try:
        files = fetch(wanted(), tmp_path / "raw", told.append, pause=recover)
    finally:
        flag.unlink(missing_ok=True)
    assert texts(files) == pages()[TITLE]
    assert any("maxlag" in line for line in told)


def test_a_page_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match="no such page"):
        fetch(wanted(title="Foreign relations of Atlantis"), tmp_path / "raw", quiet)


def test_a_hidden_text_is_refused_and_the_command_goes_on(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with sqlite3.connect(HOME / "db" / "wiki.sqlite") as database:
        page = database.execute(
            "select page_id from page where page_title = 'Foreign_relations_of_Fiji'"
        ).fetchone()[0]
        ids = [
            row[0]
            for row in database.execute(
                "select rev_id from revision where rev_page = ? order by rev_timestamp", (page,)
            )
        ]
        database.execute("update revision set rev_deleted = 1 where rev_id = ?", (ids[HIDDEN],))
    monkeypatch.chdir(tmp_path)
    store = ["--store", str(tmp_path / "s")]
    assert run(["init", str(tmp_path / "s")]) == 0
    made = ["new", "fiji", "--article", TITLE, "--subject", "FJI", "--site", SITE]
    assert run([*store, *made]) == 0
    asked = [
        "fetch",
        "--contact",
        "a@example.org",
        "--since",
        "2016-08-01",
        "--until",
        "2016-09-15",
    ]
    capsys.readouterr()
    assert run([*store, *asked, "--format", "json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert len(told["revisions"]) == 4
    assert list(told["refused"].values()) == [1]
