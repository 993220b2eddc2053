"""The commands for patches, as a person runs them."""

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from tests.cli.making import NAMED, Ran

Cli = Callable[[str | Sequence[str]], Ran]

OLD = "id,name,n\n1,Baku,5\n2,Ganja,6\n"
NEW = "id,name,n\n2,Ganja,7\n3,Shaki,8\n"


@pytest.fixture
def made(cli: Cli) -> Cli:
    """The command line beside old.csv, new.csv and the patch between them."""
    Path("old.csv").write_text(OLD)
    Path("new.csv").write_text(NEW)
    ran = cli("patch create old.csv new.csv --key id -o city.patch.parquet")
    assert (ran.code, ran.out) == (0, "")
    assert ran.fault == "azds: wrote city.patch.parquet: city: changed 1, added 1, removed 1"
    return cli


def test_a_patch_applies_and_its_inverse_takes_it_back(made: Cli) -> None:
    assert made("patch apply city.patch.parquet old.csv -o there.csv").code == 0
    assert Path("there.csv").read_text() == NEW
    assert made("patch invert city.patch.parquet -o back.patch.parquet").code == 0
    assert made("patch apply back.patch.parquet new.csv -o here.csv").code == 0
    assert Path("here.csv").read_text() == OLD
    assert made("patch apply city.patch.parquet old.csv -o there.parquet").code == 0
    assert made("diff there.parquet new.csv --key id --exit-code").code == 0


def test_patches_compose(made: Cli) -> None:
    made("patch invert city.patch.parquet -o back.json")
    ran = made("patch compose city.patch.parquet back.json city.patch.parquet -o all.json")
    assert ran.code == 0
    assert Path("all.json").read_text() == made("patch show city.patch.parquet --format json").out
    ran = made("patch compose city.patch.parquet city.patch.parquet -o no.json")
    assert ran.code == 2
    assert ran.fault.startswith("azds: city: the patches do not meet")
    assert not Path("no.json").exists()


def test_a_patch_is_shown_with_what_its_changes_mean(made: Cli) -> None:
    out = made("patch show city.patch.parquet").out
    assert out.startswith("city, 2 rows, azds-hash-1:")
    assert "2    n       6    →  7    replaced" in out
    assert "city: 1 changed, 1 added, 1 removed" in out
    assert "replaced" in made("patch show city.patch.parquet --stat").out
    assert made("patch show city.patch.parquet --format markdown").out.startswith("# city")


def test_a_table_that_does_not_fit_is_refused_before_anything_is_written(made: Cli) -> None:
    Path("other.csv").write_text(OLD.replace("6", "60"))
    ran = made("patch apply city.patch.parquet other.csv -o out.csv")
    assert ran.code == 2
    assert ran.fault.startswith(
        "azds: other.csv: city 2 n: the patch is for another table; expected 6, got 60"
    )
    assert not Path("out.csv").exists()
    ran = made("patch apply city.patch.parquet other.csv --lenient -o out.csv")
    assert (ran.code, ran.out) == (0, "key,column,expected,got\n2,n,6,60\n")
    assert Path("out.csv").read_text() == "id,name,n\n2,Ganja,60\n3,Shaki,8\n"


def test_revisions_of_a_store_give_a_patch_a_table(cli: Cli) -> None:
    ran = cli("patch create 2016 current relations -o relations.patch.json")
    assert ran.code == 0
    assert ran.err.startswith(NAMED)
    assert Path("relations.patch.json").exists()
    Path("all").mkdir()
    assert cli("patch create 2016 current -o all").code == 0
    assert "relations.patch.parquet" in {path.name for path in Path("all").iterdir()}


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("patch show nope", "azds: nope: no such file; expected a patch"),
        ("patch show old.csv", "azds: old.csv: patch: neither Parquet nor JSON"),
        ("patch create old.csv new.csv -o x", "azds: old.csv is a file: give its key with --key"),
        ("patch create old.csv new.csv t --key id -o x", "azds: files have no tables"),
        ("patch create 2016 current -o nope", "azds: nope: several tables become several patches"),
        ("patch create old.csv new.csv --key no -o x", "azds: old.csv: no such key column"),
        (
            "patch apply city.patch.parquet new.csv -o x.csv",
            "azds: new.csv: city: the patch was appl",
        ),
        ("patch apply city.patch.parquet old.csv -o x.txt", "azds: x.txt: a table is not written"),
        ("patch aply", "azds: no such command: aply; did you mean apply?"),
    ],
    ids=["missing", "csv", "key", "tables", "folder", "column", "applied", "ending", "command"],
)
def test_bad_input_is_one_line(made: Cli, words: str, told: str) -> None:
    ran = made(words)
    assert (ran.code, ran.out) == (2, "")
    assert ran.fault.casefold().startswith(told.casefold())


def test_the_group_tells_its_commands(cli: Cli) -> None:
    ran = cli("patch")
    assert (ran.code, ran.err) == (0, "")
    for name in ("create", "apply", "invert", "compose", "show"):
        assert f"\n  {name} " in ran.out
        assert cli(f"patch {name} --help").out.startswith(f"Usage: azds patch {name}")
