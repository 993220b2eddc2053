"""The commands new, ingest and fetch, run as a user would."""

import json
from pathlib import Path

import pytest
from tests.cli.making import run_process

TEXT = "'''Fiji''' is a [[state]]. Fiji has diplomatic relations with 182 countries."


@pytest.fixture
def store(tmp_path: Path) -> Path:
    made = tmp_path / "store"
    assert run_process(["init", str(made)], tmp_path).returncode == 0
    words = [
        "--store",
        str(made),
        "new",
        "fiji",
        "--article",
        "Foreign relations of Fiji",
        "--subject",
        "FJI",
    ]
    done = run_process(words, tmp_path)
    assert done.returncode == 0
    assert b"a new dataset for 'Foreign relations of Fiji'" in done.stdout
    return made


def test_ingest_tells_what_it_read_and_what_it_refused(store: Path, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(TEXT, encoding="utf-8")
    (tmp_path / "b.txt").write_text("#REDIRECT [[Fiji]]", encoding="utf-8")
    done = run_process(["--store", str(store), "ingest", "a.txt", "b.txt"], tmp_path)
    out = done.stdout.decode()
    assert done.returncode == 0
    assert "fiji: 1 revision ingested, 1 refused" in out
    assert "b.txt: redirect: the page points to another" in out
    series = run_process(["--store", str(store), "series", "diplomatic_relations"], tmp_path)
    assert b"182" in series.stdout


def test_ingest_as_json_is_its_document(store: Path, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(TEXT, encoding="utf-8")
    done = run_process(["--store", str(store), "ingest", "a.txt", "--format", "json"], tmp_path)
    document = json.loads(done.stdout)
    assert document["revisions"]["a"]["counts"] == 1
    assert document["forms"] == {"wikitext": 1}


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["ingest", "nothing.txt"], "no such file or folder"),
        (["fetch", "--site", "https://w.example"], "no contact is given"),
        (["fetch", "--contact", "a@example.org"], "no wiki is named"),
        (["new", "x", "--article", "A", "--subject", "Freedonia"], "no entity has this id or name"),
    ],
)
def test_wrong_use_is_told_in_one_line(
    store: Path, tmp_path: Path, words: list[str], told: str
) -> None:
    done = run_process(["--store", str(store), *words], tmp_path)
    assert done.returncode == 2
    [line] = done.stderr.decode().splitlines()
    assert told in line


def test_the_shipped_store_is_not_written_to_by_default(tmp_path: Path) -> None:
    done = run_process(["new", "x", "--article", "A", "--subject", "FJI"], tmp_path)
    assert done.returncode == 2
    assert b"azds init" in done.stderr
