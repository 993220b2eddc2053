"""The commands verify and gc as they are typed."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.cli.making import Ran
from tests.faults.forging import Forged, sound_store
from tests.store.making import files

Cli = Callable[..., Ran]
SCRATCH = f".dataset.toml.{'0f' * 16}"


@pytest.fixture
def sound(tmp_path: Path) -> Forged:
    return sound_store(tmp_path / "mine")


def litter(sound: Forged) -> None:
    sound.add("d/City.parquet", b"half")
    sound.add(SCRATCH, b"half")
    (sound.path / "log" / "000003.json").unlink()


def test_verify_tells_code_file_revision_and_fault_in_one_line(cli: Cli, sound: Forged) -> None:
    sound.flip("a/City.parquet")
    sound.add("notes.txt")
    ran = cli(["--store", str(sound.store), "verify"])
    assert (ran.code, ran.err) == (1, "")
    assert ran.out.splitlines() == [
        "file-changed  cities/a/City.parquet  a, b  a table's file is not what was written",
        "stray-file  cities/notes.txt  -  nothing names this file",
    ]


def test_verify_says_that_a_sound_store_is_sound(cli: Cli, sound: Forged) -> None:
    named = ["--store", str(sound.store), "verify"]
    assert cli(named).out == "cities: every file is what was written\n"
    assert cli([*named, "--quick"]).out == "cities: every file is there\n"


@pytest.mark.parametrize(
    ("marker", "code"),
    [(b"", "marker-empty"), (b"{}\n", "marker-changed"), (None, "marker-missing")],
)
def test_verify_tells_of_a_marker_that_no_other_command_gets_past(
    cli: Cli, sound: Forged, marker: bytes | None, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = sound.store / "azds-store.json"
    path.unlink()
    if marker is not None:
        path.write_bytes(marker)
    named = ["--store", str(sound.store)]
    ran = cli([*named, "verify"])
    assert (ran.code, ran.err) == (1, "")
    assert ran.out.startswith(f"{code}  azds-store.json  -  ")
    assert cli([*named, "--dataset", "cities", "verify"]).out == ran.out
    assert cli([*named, "log"]).code == 2
    assert cli([*named, "gc", "--delete"]).code == 2
    if marker is not None:
        monkeypatch.chdir(sound.path)
        assert cli("verify").out == ran.out


def test_verify_of_a_folder_that_is_no_store_is_wrong_use(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "else").mkdir()
    ran = cli(["--store", str(tmp_path / "else"), "verify"])
    assert ran.code == 2
    assert "this is no azds store" in ran.fault


def test_gc_lists_first_and_removes_when_told(cli: Cli, sound: Forged) -> None:
    litter(sound)
    named = ["--store", str(sound.store), "gc"]
    size = sum(path.stat().st_size for path in (sound.path / "c").iterdir())
    before = files(sound.store)
    ran = cli(named)
    assert ran.code == 0
    assert ran.out.splitlines() == [
        f"left  cities/{SCRATCH}  4 bytes",
        f"whole, kept  cities/c  {size:,} bytes",
        "left  cities/d  4 bytes",
    ]
    whole = (
        "azds: a whole revision may have lost its record; `azds gc --delete --whole` removes it\n"
    )
    assert ran.err == f"azds: nothing was removed: `azds gc --delete` removes what is left\n{whole}"
    assert files(sound.store) == before
    ran = cli([*named, "--delete"])
    assert (ran.code, ran.err) == (0, whole)
    assert ran.out.splitlines() == [
        f"removed  cities/{SCRATCH}  4 bytes",
        "removed  cities/d  4 bytes",
        f"whole, kept  cities/c  {size:,} bytes",
    ]
    assert cli([*named, "--delete", "--whole"]).out == f"removed  cities/c  {size:,} bytes\n"
    assert cli(named).out == "cities: nothing is left over\n"
    assert cli(["--store", str(sound.store), "verify"]).code == 0


def test_gc_removes_nothing_from_a_damaged_dataset(cli: Cli, sound: Forged) -> None:
    litter(sound)
    sound.flip("b/manifest.json")
    before = files(sound.store)
    ran = cli(["--store", str(sound.store), "gc", "--delete", "--whole"])
    assert ran.code == 2
    assert "b/manifest.json: this manifest is not what was written" in ran.fault
    assert {name for name in files(sound.store) if not name.endswith("lock")} == set(before)


def test_gc_of_whole_revisions_needs_delete(cli: Cli, sound: Forged) -> None:
    ran = cli(["--store", str(sound.store), "gc", "--whole"])
    assert ran.code == 2
    assert "--whole goes with --delete" in ran.fault


def test_gc_leaves_other_datasets_alone(cli: Cli, sound: Forged) -> None:
    shutil.copytree(sound.path, sound.store / "towns")
    ran = cli(["--store", str(sound.store), "--dataset", "cities", "gc"])
    assert ran.out == "cities: nothing is left over\n"


@pytest.fixture
def neighbours(cli: Cli, tmp_path: Path) -> list[str]:
    """A store with two articles that list each other, two days apart."""
    named = ["--store", str(tmp_path / "s")]
    cli(["init", str(tmp_path / "s")])
    for subject, other, day in (("Fiji", "Nauru", 10), ("Nauru", "Fiji", 12)):
        name = subject.lower()
        text = tmp_path / f"{name}.txt"
        text.write_text(
            f"'''{subject}''' is a state.\n\n== List ==\n"
            '{| class="wikitext"\n! # !! Country !! Date\n'
            f"|-\n| 1 || [[{other}]] || {day} May 1970\n|}}\n",
            encoding="utf-8",
        )
        cli(
            [*named, "new", name, "--article", f"Foreign relations of {subject}", "--subject", name]
        )
        cli([*named, "--dataset", name, "ingest", str(text)])
    return named


def test_check_across_tells_pairs_whose_dates_disagree_and_ends_with_1(
    cli: Cli, neighbours: list[str]
) -> None:
    ran = cli([*neighbours, "check", "--across"])
    assert (ran.code, ran.err) == (1, "")
    assert "1 pair listed from both sides in 2 articles: 1 disagreement" in ran.out
    assert "Fiji and Nauru  1970-05-10    1970-05-12     2 days" in ran.out
    ran = cli([*neighbours, "check", "--across", "fiji", "nauru@nauru", "--format", "csv"])
    assert ran.out.splitlines()[1:] == [
        "FJI,NRU,1970-05-10,1970-05-12,differ,2,up to 7 days,day,True,"
    ]


def test_check_across_leaves_out_what_is_no_article_and_says_so(
    cli: Cli, neighbours: list[str], tmp_path: Path
) -> None:
    (tmp_path / "t.csv").write_text("id,n\na,1\n", encoding="utf-8")
    table = f"t={tmp_path / 't.csv'}"
    assert cli([*neighbours, "--dataset", "own", "commit", "a", table, "--key", "id"]).code == 0
    ran = cli([*neighbours, "check", "--across"])
    assert (ran.code, "in 2 articles" in ran.out) == (1, True)
    assert ran.err == "azds: left out, no article with a subject and a revision: own\n"
    assert cli([*neighbours, "check", "--across", "fiji", "own"]).code == 2


def test_check_across_writes_a_page(cli: Cli, neighbours: list[str], tmp_path: Path) -> None:
    page = tmp_path / "across.html"
    ran = cli([*neighbours, "check", "--across", "--format", "html", "-o", str(page)])
    assert (ran.code, ran.out, ran.err) == (1, "", f"azds: wrote {page}\n")
    assert "1 gives dates that cannot both be right" in page.read_text("utf-8")
    ran = cli([*neighbours, "--dataset", "fiji", "check", "--format", "html"])
    assert (ran.code, "goes with --across" in ran.fault) == (2, True)


def test_check_across_refuses_what_it_cannot_compare(cli: Cli, neighbours: list[str]) -> None:
    assert cli([*neighbours, "check", "--across", "fiji"]).code == 2
    assert "fiji" in cli([*neighbours, "check", "--across", "fij", "nauru"]).err
    assert cli([*neighbours, "--dataset", "fiji", "check", "nauru"]).code == 2
    assert cli([*neighbours, "--dataset", "fiji", "check", "--format", "csv"]).code == 1
