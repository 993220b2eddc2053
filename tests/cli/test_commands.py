"""Every command on the shipped store, in every format; results on stdout, all else on stderr."""

import csv
import io
import json
import re
import sys
from collections.abc import Callable
from pathlib import Path

import click
import jsonschema
import pytest
from tests.cli.making import NAMED, READING, Ran, run_process

import azds
from azds.cli import azds as group
from azds.cli import main
from azds.cli.commands import HOMES
from azds.records.export import document_schema, schema_files

Cli = Callable[..., Ran]
WRITING = {
    "build",
    "commit",
    "fetch",
    "gc",
    "git",
    "ingest",
    "init",
    "merge",
    "new",
    "patch",
    "release",
    "report",
}
ENDS_WITH_1 = {"check"}  # it has findings


def command(name: str) -> click.Command:
    """A command of that name."""
    found = group.get_command(click.Context(group), name)
    assert found is not None
    return found


def formats(name: str) -> list[str]:
    """The formats that a command offers."""
    kinds = [option.type for option in command(name).params if option.name == "form"]
    return [form for kind in kinds if isinstance(kind, click.Choice) for form in kind.choices]


PICTURES = {"parquet", "png", "svg"}  # not for a pipe that people read
OF_ANOTHER_KIND = {("check", "html")}  # a page of several datasets: goes with --across
CASES = [
    (name, form)
    for name in READING
    for form in formats(name)
    if form not in PICTURES and (name, form) not in OF_ANOTHER_KIND
]


def test_every_command_that_reads_is_tried_here() -> None:
    assert set(HOMES) - WRITING == set(READING)
    assert all(formats(name) for name in READING)


@pytest.mark.parametrize(("name", "form"), CASES)
def test_a_command_gives_its_result_on_stdout_alone(cli: Cli, name: str, form: str) -> None:
    ran = cli(f"{READING[name]} --format {form}")
    assert ran.code == (1 if name in ENDS_WITH_1 else 0)
    assert ran.err == NAMED
    assert ran.out.endswith("\n")
    assert ran.out.strip()


@pytest.mark.parametrize(("name", "form"), CASES)
def test_what_is_printed_has_no_colour_and_no_control_character(
    cli: Cli, name: str, form: str
) -> None:
    assert not re.search(
        r"[\x00-\x09\x0b-\x1f\x7f-\x9f]", cli(f"{READING[name]} --format {form}").out
    )


@pytest.mark.parametrize("name", [name for name, form in CASES if form == "json"])
def test_json_is_json(cli: Cli, name: str) -> None:
    document = json.loads(cli(f"{READING[name]} --format json").out)
    schemas = {"diff": "diff.v1", "series": "series.v1", "check": "check.v1"}
    if name in schemas:
        jsonschema.validate(document, document_schema(schemas[name]))


@pytest.mark.parametrize("name", [name for name, form in CASES if form == "csv"])
def test_csv_has_one_header_and_rows_of_its_width(cli: Cli, name: str) -> None:
    text = cli(f"{READING[name]} --format csv").out
    rows = list(csv.reader(io.StringIO(text, newline="")))
    assert len(rows) > 1
    assert {len(row) for row in rows} == {len(rows[0])}
    assert all(not cell.startswith(("=", "+", "-", "@")) for row in rows for cell in row)


@pytest.mark.parametrize("name", [name for name, form in CASES if form == "markdown"])
def test_markdown_has_one_title_and_tables_of_even_width(cli: Cli, name: str) -> None:
    lines = cli(f"{READING[name]} --format markdown").out.splitlines()
    assert sum(line.startswith("# ") for line in lines) == 1
    assert lines[0].startswith("# ")
    assert any(re.fullmatch(r"\| (-+:? \| )*-+:? \|", line) for line in lines)


def test_the_log_as_json_says_what_a_program_needs(cli: Cli) -> None:
    first, *_ = json.loads(cli("log --format json").out)
    assert (first["revision"], first["date"]) == ("2016", "2016-11-19")
    assert first["edition"] >= 1
    assert first["headline"] == [
        {"measure": "diplomatic_relations", "value": 160, "scope": "countries"}
    ]
    assert first["tables"]["relations"]["coverage"] == "partial"


@pytest.mark.parametrize("label", ["2016", "interim", "current"])
def test_a_revision_is_shown_by_its_tables(cli: Cli, label: str) -> None:
    ran = cli(f"show {label}")
    assert ran.code == 0
    for name in azds.open()["foreign-relations"][label].tables:
        assert f"  {name} " in ran.out
    assert json.loads(cli(f"show {label} --format json").out)["label"] == label


@pytest.mark.parametrize("label", ["2016", "interim", "current"])
def test_every_table_can_be_shown_in_every_format(cli: Cli, label: str) -> None:
    for name in azds.open()["foreign-relations"][label].tables:
        for form in ("text", "csv", "json", "markdown"):
            assert cli(f"show {label} {name} --format {form}").code == 0, (name, form)


def test_text_shows_twenty_rows_and_says_how_many_more_there_are(cli: Cli) -> None:
    lines = cli("show 2016 relations").out.splitlines()
    assert len(lines) == 2 + 1 + 20 + 1
    assert lines[-1] == "  … 60 more"
    assert len(cli("show 2016 relations --limit 0").out.splitlines()) == 2 + 1 + 80
    assert cli("show 2016 relations --limit 79").out.endswith("… 1 more\n")


def test_json_has_all_columns_and_csv_no_place_columns(cli: Cli) -> None:
    rows = json.loads(cli("show 2016 counts --format json").out)
    assert "section" in rows[0]
    header = cli("show 2016 counts --format csv").out.splitlines()[0]
    assert header == "measure,scope,occurrence,value,qualifier,includes,alongside"


def test_series_as_csv_has_one_cell_for_each_column(cli: Cli) -> None:
    lines = cli("series diplomatic_relations --format csv").out.splitlines()
    assert lines[0].split(",")[:7] == [
        "revision",
        "value",
        "qualifier",
        "scope",
        "includes",
        "alongside",
        "also_stated",
    ]
    assert lines[2].startswith("interim,174,,states,PSE;VAT,Q458,160 countries,172,")


def test_wording_and_place_are_shown_where_they_are_asked_for(cli: Cli) -> None:
    assert "reworded" not in cli("diff 2016 current relations").out
    assert "reworded" in cli("diff 2016 current relations --wording").out
    assert "moved" in cli("diff 2016 interim sections --place").out


def test_a_diff_says_how_many_changed_rows_it_leaves_out(cli: Cli) -> None:
    assert "  … 5 more\n" in cli("diff 2016 interim relations").out
    whole = json.loads(cli("diff 2016 interim relations --wording --format json").out)
    count = len(whole["tables"]["relations"]["changed"])
    assert f"  … {count - 20} more\n" in cli("diff 2016 interim relations --wording").out


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("diff 2016 current --exit-code", 1),
        ("diff 2016 2016 --exit-code", 0),
        ("diff interim current organizations --exit-code", 0),
        ("diff interim current organizations --exit-code --wording", 0),
        ("diff 2016 current", 0),
        ("check", 1),
        ("verify", 0),
        ("verify --quick", 0),
    ],
)
def test_a_command_ends_with_1_only_where_that_was_asked_for(
    cli: Cli, words: str, code: int
) -> None:
    assert cli(words).code == code


def test_a_diff_is_written_to_a_file_whole(cli: Cli, tmp_path: Path) -> None:
    path = tmp_path / "diff.json"
    path.write_text("old", encoding="utf-8")
    ran = cli(["diff", "2016", "current", "--format", "json", "-o", str(path)])
    assert (ran.code, ran.out) == (0, "")
    assert ran.err == f"{NAMED}azds: wrote {path}\n"
    assert json.loads(path.read_bytes())["old"] == "2016"
    assert list(tmp_path.glob(".diff*")) == []


def test_a_store_that_is_named_is_not_named_again(cli: Cli, store: Path) -> None:
    assert cli(["--store", str(store), "log"]).err == ""


def test_the_environment_names_a_store(
    cli: Cli, store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AZDS_STORE", str(store))
    assert cli("log").err == ""
    monkeypatch.setenv("AZDS_STORE", "")
    assert cli("log").err == NAMED


def test_the_nearest_store_above_is_read_without_a_word(
    cli: Cli, store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(store / "foreign-relations" / "2016")
    ran = cli("log")
    assert (ran.code, ran.err) == (0, "")


def test_the_dataset_may_be_named(cli: Cli) -> None:
    assert cli("--dataset foreign-relations log").out == cli("log").out
    assert cli("--dataset foreign-relations verify").code == 0


def test_a_key_is_typed_as_one_string_or_by_column(cli: Cli) -> None:
    words = "history missions AZE/NLD/embassy/The Hague"
    pairs = ["sender=AZE", "receiver=NLD", "kind=embassy", "city=The Hague"]
    assert cli(words).out == cli(["history", "missions", *pairs]).out
    assert "AZE/NLD/embassy/The Hague" in cli(words).out


def test_a_quote_without_the_source_says_where_its_words_are(cli: Cli) -> None:
    assert cli("quote 2016 relations BLR").out.endswith(
        "the words are in the source, which is not shipped: give it with --sources\n"
    )


def test_a_quote_with_the_source_has_its_words(
    cli: Cli, sources: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran = cli(["quote", "2016", "relations", "BLR", "--column", "began", "--sources", str(sources)])
    assert "“Belarus 1992" in ran.out
    monkeypatch.setenv("AZDS_SOURCES", str(sources))
    assert cli("quote 2016 relations BLR --column began").out == ran.out


def test_the_schemas_that_are_printed_are_those_that_are_committed(cli: Cli) -> None:
    files = schema_files()
    assert cli("schema relations").out == files["foreign-relations/relations.v1.json"]
    assert cli("schema relations --arrow").out == files["foreign-relations/relations.v1.arrow.json"]
    assert cli("schema diff").out == files["documents/diff.v1.json"]
    assert cli("schema evidence").out == files["common/evidence.v1.json"]


def test_the_names_of_schemas_are_those_of_tables_and_documents(cli: Cli) -> None:
    names = cli("schema").out.splitlines()
    assert {"relations", "evidence", "diff", "series", "check"} <= set(names)
    for name in names:
        assert cli(f"schema {name}").code == 0
        assert cli(f"schema {name} --format text").code == 0


def test_the_console_script_runs(tmp_path: Path) -> None:
    done = run_process("log", tmp_path)
    assert (done.returncode, done.stderr.decode()) == (0, NAMED)
    assert b"interim" in done.stdout


def test_output_is_utf_8_whatever_the_locale(tmp_path: Path) -> None:
    done = run_process("diff 2016 current", tmp_path, {"PYTHONIOENCODING": "latin-1"})
    assert done.returncode == 0
    assert "→" in done.stdout.decode("utf-8")


@pytest.mark.parametrize(("words", "code"), [("log", 0), ("check", 1), ("lgo", 2)])
def test_the_process_ends_with_the_exit_code(
    monkeypatch: pytest.MonkeyPatch, words: str, code: int
) -> None:
    monkeypatch.setattr(sys, "argv", ["azds", words])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == code


def test_a_command_that_does_not_exist_has_no_module() -> None:
    assert group.get_command(click.Context(group), "frobnicate") is None
