"""Fetching from a MediaWiki, through its faults: a small wiki on loopback that has them all."""

import json
import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from azds.dataset.fetching import Wanted, fetch
from azds.dataset.ingesting import ingest, new_article, read_article
from azds.errors import InvalidInputError, NotFoundError
from azds.store.folder import init_store

DAYS = ("2020-01-05", "2020-01-20", "2020-02-03", "2021-05-06")


class Wiki:
    """A wiki of one page, and the faults that its next answers have."""

    def __init__(self) -> None:
        self.faults: list[str] = []
        self.asked: list[dict[str, str]] = []
        self.agents: set[str] = set()
        self.batch = 2

    def answer(self, asked: dict[str, str]) -> dict[str, Any]:
        self.asked.append(asked)
        if "revids" in asked:
            made = [self._revision(int(one), whole=True) for one in asked["revids"].split("|")]
            return self._page(made)
        if asked["titles"] != "Foreign relations of Fiji":
            return {"query": {"pages": [{"title": asked["titles"], "missing": True}]}}
        start = int(asked.get("rvcontinue", "1"))
        stop = min(start + self.batch, len(DAYS) + 1)
        answer = self._page([self._revision(n, whole=False) for n in range(start, stop)])
        if stop <= len(DAYS):
            answer["continue"] = {"rvcontinue": str(stop), "continue": "||"}
        return answer

    def _page(self, revisions: list[dict[str, Any]]) -> dict[str, Any]:
        page = {"title": "Foreign relations of Fiji", "revisions": revisions}
        return {"batchcomplete": True, "query": {"pages": [page]}}

    def _revision(self, number: int, *, whole: bool) -> dict[str, Any]:
        text = f"'''Fiji''' has [[diplomacy|diplomatic]] relations with {180 + number} countries."
        found = {"revid": number, "timestamp": f"{DAYS[number - 1]}T00:00:00Z"}
        main = {"contentmodel": "wikitext", "content": text}
        return found | ({"slots": {"main": main}} if whole else {})


@pytest.fixture
def wiki() -> Wiki:
    return Wiki()


@pytest.fixture
def site(wiki: Wiki) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            wiki.agents.add(self.headers["User-Agent"])
            asked = {k: v[0] for k, v in parse_qs(urlsplit(self.path).query).items()}
            fault = wiki.faults.pop(0) if wiki.faults else ""
            if fault == "drop":
                self.connection.close()
                return
            status = int(fault) if fault.isdecimal() else 200
            if fault == "html":
                body = b"<!DOCTYPE html><p>Our servers are busy"
            elif fault == "maxlag":
                body = json.dumps({"error": {"code": "maxlag", "info": "waiting"}}).encode()
            elif fault == "refuse":
                body = json.dumps({"error": {"code": "readapidenied", "info": "no"}}).encode()
            else:
                body = json.dumps(wiki.answer(asked)).encode() if status == 200 else b""
            self.send_response(status)
            if status in {429, 503} or fault == "maxlag":
                self.send_header("Retry-After", "7")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name there
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}/w"
    server.shutdown()
    server.server_close()
    thread.join()


def wanted(site: str, title: str = "Foreign relations of Fiji", **others: str) -> Wanted:
    return Wanted(**({"title": title, "site": site, "contact": "a@example.org"} | others))


def quiet(_: object) -> None:
    pass


def test_all_revisions_come_in_order_over_continued_answers(
    wiki: Wiki, site: str, tmp_path: Path
) -> None:
    files = fetch(wanted(site), tmp_path / "raw", quiet, pause=quiet)
    article = new_article(
        init_store(tmp_path / "s"),
        "fiji",
        article="Foreign relations of Fiji",
        subject="FJI",
        site=site,
    )
    done = ingest(article, files)
    assert list(done.labels) == list(DAYS)
    assert [one.headline[0].value for one in article.revisions()] == [181, 182, 183, 184]
    assert article.revisions()[0].about["origin"]["permalink"] == f"{site}/index.php?oldid=1"  # type: ignore[index,call-overload]
    assert all("@example.org" in agent and agent.startswith("azds/") for agent in wiki.agents)
    assert read_article(article).origin.site == site


@pytest.mark.parametrize("fault", ["429", "503", "maxlag", "drop", "html", "500"])
def test_a_fault_is_waited_out(wiki: Wiki, site: str, tmp_path: Path, fault: str) -> None:
    wiki.faults = [fault, fault, "", fault]
    waits: list[float] = []
    assert len(fetch(wanted(site), tmp_path, quiet, pause=waits.append)) == 1
    assert len(waits) == 3
    assert all(wait == 7 for wait in waits) is (fault in {"429", "503", "maxlag"})


def test_a_wiki_that_never_answers_is_given_up(wiki: Wiki, site: str, tmp_path: Path) -> None:
    wiki.faults = ["503"] * 50
    with pytest.raises(InvalidInputError, match="does not give") as caught:
        fetch(wanted(site), tmp_path, quiet, pause=quiet)
    assert caught.value.kind == "source-unreadable"
    assert len(wiki.faults) == 50 - 8


def test_where_nothing_answers_there_is_no_wiki(tmp_path: Path) -> None:
    with socket.socket() as free:  # bound, and nobody listens
        free.bind(("127.0.0.1", 0))
        waits: list[float] = []
        with pytest.raises(NotFoundError, match=r"no wiki answers there.*--site") as caught:
            fetch(
                wanted(f"http://127.0.0.1:{free.getsockname()[1]}/w"),
                tmp_path,
                quiet,
                pause=waits.append,
            )
    assert (caught.value.kind, len(waits)) == ("wiki-unreachable", 2)


def test_an_error_of_the_wiki_is_told(wiki: Wiki, site: str, tmp_path: Path) -> None:
    wiki.faults = ["refuse"]
    with pytest.raises(InvalidInputError, match="readapidenied"):
        fetch(wanted(site), tmp_path, quiet, pause=quiet)


def test_what_is_kept_is_not_asked_for_again(wiki: Wiki, site: str, tmp_path: Path) -> None:
    first = fetch(wanted(site), tmp_path, quiet, pause=quiet)
    wiki.asked.clear()
    assert fetch(wanted(site), tmp_path, quiet, pause=quiet) == first
    assert not any("revids" in asked for asked in wiki.asked)


def test_a_sample_is_the_last_revision_of_each_period(
    wiki: Wiki, site: str, tmp_path: Path
) -> None:
    fetch(wanted(site, sample="monthly"), tmp_path, quiet, pause=quiet)
    assert wiki.asked[-1]["revids"] == "2|3|4"


def test_days_become_the_bounds_that_the_wiki_reads(wiki: Wiki, site: str, tmp_path: Path) -> None:
    fetch(wanted(site, since="2020", until="2021-03"), tmp_path, quiet, pause=quiet)
    assert wiki.asked[0]["rvstart"] == "2020-01-01T00:00:00Z"
    assert wiki.asked[0]["rvend"] == "2021-03-01T23:59:59Z"
    assert wiki.asked[0]["maxlag"] == "5"


def test_a_page_that_is_not_there_is_told(site: str, tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match="no such page"):
        fetch(wanted(site, title="Nothing"), tmp_path, quiet, pause=quiet)


@pytest.mark.parametrize(
    "field", [{"title": ""}, {"site": "wiki"}, {"contact": "me"}, {"sample": "hourly"}]
)
def test_what_no_wiki_can_answer_is_refused(field: dict[str, str]) -> None:
    with pytest.raises(InvalidInputError) as caught:
        wanted(**({"site": "http://127.0.0.1/w"} | field))
    assert caught.value.kind == "bad-argument"
