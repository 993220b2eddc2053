"""Commits of changes alone: upserts, deletes and patches on the revision before."""

import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pytest

import azds
from azds.coverage import Coverage
from azds.dataset.dataset import Dataset
from azds.errors import InvalidInputError, NotFoundError, RefusedError

ROWS = [{"id": f"c{n}", "people": n} for n in range(10)]
NOTES = [{"id": "x", "text": "kept"}]


@pytest.fixture
def cities(tmp_path: Path) -> Dataset:
    """One revision with two tables."""
    made = azds.init(tmp_path / "store").create("geo")
    made.commit("2020", {"cities": ROWS, "notes": NOTES}, key="id")
    return made


def people(dataset: Dataset, label: str) -> dict[str, int]:
    return {row["id"]: row["people"] for row in dataset[label]["cities"]}


def test_upserts_and_deletes_change_what_they_name_and_nothing_else(cities: Dataset) -> None:
    done = cities.commit(
        "2021",
        upserts={"cities": [{"id": "c1", "people": 100}, {"id": "new", "people": 1}]},
        deletes={"cities": [{"id": "c0"}]},
    )
    assert done.rows == {"cities": 10}
    expected = {row["id"]: row["people"] for row in ROWS if row["id"] != "c0"}
    assert people(cities, "2021") == expected | {"c1": 100, "new": 1}
    assert people(cities, "2020") == {row["id"]: row["people"] for row in ROWS}
    assert [row["text"] for row in cities["2021"]["notes"]] == ["kept"]
    assert cities.diff("2020", "2021")["cities"].counts()["changed"] == 1


def test_a_patch_leads_from_its_own_table_alone(cities: Dataset) -> None:
    changed = [ROWS[0] | {"people": 7}, *ROWS[1:]]
    patch = azds.patch(ROWS, changed, key="id", name="cities")
    cities.commit("2021", patches={"cities": patch})
    assert people(cities, "2021")["c0"] == 7
    with pytest.raises(InvalidInputError, match="does not start from the table") as caught:
        cities.commit("2022", patches={"cities": patch})
    assert caught.value.kind == "patch-misfit"
    assert list(Dataset(cities.folder)) == ["2020", "2021"]


def test_coverage_stays_unless_it_is_said(cities: Dataset) -> None:
    half = Coverage("partial", reason="a feed that broke off")
    cities.commit("2021", upserts={"cities": ROWS[:1]}, coverage={"cities": half})
    cities.commit("2022", upserts={"cities": [{"id": "c0", "people": 5}]})
    assert [revision.coverage["cities"].level for revision in cities.revisions] == [
        "complete",
        "partial",
        "partial",
    ]


@pytest.mark.parametrize(
    ("changes", "error", "said"),
    [
        ({"deletes": {"cities": [{"id": "nobody"}]}}, NotFoundError, "nobody"),
        ({"upserts": {"town": ROWS}}, NotFoundError, "there are: cities"),
        ({"upserts": {"cities": [{"id": "c1"}]}}, InvalidInputError, "people"),
        ({"upserts": {"cities": [ROWS[0], ROWS[0]]}}, InvalidInputError, "c0"),
        (
            {"upserts": {"cities": ROWS[:1]}, "deletes": {"cities": [{"id": "c0"}]}},
            InvalidInputError,
            "c0",
        ),
        ({"deletes": {"cities": [{"id": f"c{n}"} for n in range(5)]}}, RefusedError, "5 of 10"),
        ({"tables": {"cities": ROWS}, "upserts": {"cities": ROWS}}, InvalidInputError, "not both"),
    ],
)
def test_what_does_not_fit_is_refused_and_changes_nothing(
    cities: Dataset, changes: dict[str, object], error: type[Exception], said: str
) -> None:
    with pytest.raises(error, match=said):
        cities.commit("2021", **changes)  # type: ignore[arg-type]
    assert list(Dataset(cities.folder)) == ["2020"]


def test_the_guard_can_be_set_and_confirmed(cities: Dataset) -> None:
    gone = {"cities": [{"id": f"c{n}"} for n in range(3)]}
    with pytest.raises(RefusedError, match="3 of 10"):
        cities.commit("2021", deletes=gone)
    cities.commit("2021", deletes=gone, most_removed=0.3)
    cities.commit("2022", deletes={"cities": [{"id": "c3"}, {"id": "c4"}]}, confirm_removals=True)
    assert len(cities["2022"]["cities"]) == 5


def test_changes_need_a_revision_before(tmp_path: Path) -> None:
    empty = azds.init(tmp_path / "store").create("geo")
    with pytest.raises(NotFoundError, match="no revision yet"):
        empty.commit("2020", upserts={"cities": ROWS})


def test_a_measure_follows_what_changed(tmp_path: Path) -> None:
    made = azds.init(tmp_path / "store").create("geo")
    made.commit("2020", {"cities": ROWS}, key="id")
    declared = made.folder.path / "dataset.toml"
    text = declared.read_text(encoding="utf-8")
    measure = '\n[measures.people]\ntable = "cities"\naggregate = "sum"\ncolumn = "people"\n'
    declared.write_text(text + measure, encoding="utf-8")
    made.commit("2021", upserts={"cities": [{"id": "c0", "people": 55}]})
    assert made.revisions[-1].headline[0].value == 100


def test_a_table_of_any_arrow_library_is_taken(cities: Dataset) -> None:
    rows = pa.table({"people": pa.array([3], pa.int32()), "id": ["c9"]})
    cities.commit("2021", upserts={"cities": rows})
    assert people(cities, "2021")["c9"] == 3


def test_a_patch_of_a_stored_table_has_its_name_and_commits(cities: Dataset) -> None:
    table = cities["2020"]["cities"]
    patch = azds.patch(table, [ROWS[0] | {"people": 9}, *ROWS[1:]])
    assert patch.table == "cities"
    cities.commit("2021", patches={"cities": patch})
    assert people(cities, "2021")["c0"] == 9


def test_a_commit_needs_no_extra(tmp_path: Path) -> None:
    """What reads articles is an extra; a base install keeps tables without it."""
    program = (
        "import sys\n"
        "class Missing:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        if name in {'ftfy', 'httpx', 'duckdb', 'jinja2', 'pandas', 'polars'}:\n"
        "            raise ModuleNotFoundError(name)\n"
        "sys.meta_path.insert(0, Missing())\n"
        "import azds\n"
        "made = azds.init(sys.argv[1]).create('geo')\n"
        "made.commit('a', {'t': [{'id': 1, 'x': 2}]}, key='id')\n"
        "made.commit('b', upserts={'t': [{'id': 1, 'x': 3}]})\n"
        "print(bool(made.diff('a', 'b')))\n"
    )
    run = subprocess.run(  # noqa: S603 - this very Python
        [sys.executable, "-c", program, str(tmp_path / "s")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (run.returncode, run.stdout, run.stderr) == (0, "True\n", "")
