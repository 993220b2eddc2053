"""`azds report` and `azds diff --format html`: one file, and beside it what it leaves out."""

import sys
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq
import pytest
from tests.cli.making import NAMED, Ran

import azds
from azds.cli.reporting import write_picture

Cli = Callable[..., Ran]


def test_the_report_of_a_dataset_is_one_file(cli: Cli, tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    ran = cli(["report", "-o", str(path)])
    assert (ran.code, ran.out, ran.err) == (0, "", f"{NAMED}azds: wrote {path}\n")
    assert "2016 → interim" in _plain(path)
    assert list(tmp_path.glob("*.parquet")) == []


def test_a_report_can_be_piped(cli: Cli) -> None:
    ran = cli("--dataset war-reactions report")
    assert (ran.code, ran.err) == (0, NAMED)
    assert ran.out.startswith("<!doctype html>")
    assert ran.out.endswith("</html>\n")


@pytest.mark.parametrize("words", ["report", "diff 2016 current --format html"])
def test_a_page_is_not_for_terminals(cli: Cli, words: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    ran = cli(words)
    assert ran.code == 2
    assert "a page is not for terminals; expected -o FILE" in ran.err


def test_a_diff_of_revisions_is_a_page(cli: Cli, tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    words = ["diff", "2016", "interim", "relations", "--format", "html", "--wording"]
    ran = cli([*words, "--exit-code", "-o", str(path)])
    assert ran.code == 1
    text = path.read_text(encoding="utf-8")
    assert 'id="show-wording" checked' in text
    assert 'data-table="relations"' in text
    assert 'data-table="events"' not in text


def test_passages_are_quoted_where_the_sources_are(cli: Cli, sources: Path, tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    for words in ("report", "diff 2016 interim --format html"):
        assert cli([*words.split(), "--sources", str(sources), "-o", str(path)]).code == 0
        assert "<q>" in path.read_text(encoding="utf-8")
    ran = cli(["report", "--sources", str(tmp_path), "-o", str(path)])
    assert "azds: the source of 2016 is not in the place given: no quotations\n" in ran.err
    assert "<q>" not in path.read_text(encoding="utf-8")


def test_sources_that_are_nowhere_are_wrong_use(cli: Cli, tmp_path: Path) -> None:
    ran = cli(["report", "--sources", str(tmp_path / "none"), "-o", str(tmp_path / "page.html")])
    assert ran.code == 2
    assert "does not exist" in ran.err
    assert not (tmp_path / "page.html").exists()


def test_a_diff_of_files_is_a_page_that_names_them_without_folders(
    cli: Cli, tmp_path: Path
) -> None:
    old, new = _files(tmp_path, 3)
    page = tmp_path / "page.html"
    ran = cli(["diff", str(old), str(new), "--key", "id", "--format", "html", "-o", str(page)])
    assert ran.code == 0
    assert "old.csv</bdi> → " in page.read_text() or "old.csv → new.csv" in _plain(page)
    assert str(tmp_path) not in page.read_text(encoding="utf-8")


def test_a_page_that_shows_a_part_says_so_and_all_changes_stand_beside_it(
    cli: Cli, tmp_path: Path
) -> None:
    old, new = _files(tmp_path, 2_000)
    page = tmp_path / "page.html"
    words = ["diff", str(old), str(new), "--key", "id", "--format", "html"]
    ran = cli([*words, "--fail-on", "changed>5", "-o", str(page)])
    assert ran.code == 1
    assert "azds: fails on changed>5" in ran.err
    shown = "azds: the page shows 400 of 2,000 changed rows; all of them are in "
    assert shown + str(tmp_path / "page.parquet") in ran.err
    assert "400 of 2,000 changed rows are shown." in page.read_text(encoding="utf-8")
    assert "page.parquet" in page.read_text(encoding="utf-8")
    assert pq.read_table(tmp_path / "page.parquet").num_rows == 2_000
    piped = cli(words)
    assert "with -o FILE, all of them are written beside it" in piped.err
    assert "page.parquet" not in piped.out


def test_the_page_and_its_data_never_take_each_others_place(cli: Cli, tmp_path: Path) -> None:
    old, new = _files(tmp_path, 2_000)
    page = tmp_path / "page.parquet"  # a strange name for a page
    words = ["diff", str(old), str(new), "--key", "id", "--format", "html", "-o", str(page)]
    assert cli(words).code == 0
    assert page.read_text(encoding="utf-8").startswith("<!doctype html>")
    assert pq.read_table(tmp_path / "page.changes.parquet").num_rows == 2_000


def test_only_counts_are_no_page(cli: Cli) -> None:
    ran = cli("diff 2016 current --format html --stat")
    assert ran.code == 2
    assert "--stat goes with text and markdown" in ran.err


@pytest.mark.parametrize(("form", "start"), [("png", b"\x89PNG"), ("svg", b"<?xml")])
def test_a_picture_is_written_to_a_file_and_to_nothing_else(
    form: str, start: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    series = azds.open()["foreign-relations"].series("diplomatic_relations")
    path = tmp_path / f"series.{form}"
    write_picture(series, form, str(path))
    assert path.read_bytes().startswith(start)
    assert capsys.readouterr().err == f"azds: wrote {path}\n"
    with pytest.raises(azds.AzdsError, match="a picture needs a file"):
        write_picture(series, form, None)


def _files(folder: Path, count: int) -> tuple[Path, Path]:
    paths = folder / "old.csv", folder / "new.csv"
    for number, path in enumerate(paths):
        table = pa.table({"id": range(count), "x": pa.repeat(number, count)})
        pyarrow.csv.write_csv(table, path)
    return paths


def _plain(path: Path) -> str:
    return path.read_text(encoding="utf-8").replace("<bdi>", "").replace("</bdi>", "")
