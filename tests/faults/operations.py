"""What is done to a store while things go wrong: each command that writes, on a small dataset."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.dataset.building import NAME, make_store
from tests.faults.committer import new_cities
from tests.faults.forging import patches_of_small_tables
from tests.faults.reading import Rows, held
from tests.store.making import WRITER, revision

from azds.dataset.build import build
from azds.errors import AzdsError, ExistsError
from azds.store import StoreFolder, init_store
from azds.store.gc import collect, find_leftovers

__all__ = [
    "LARGE_COMMIT",
    "OPERATIONS",
    "Operation",
    "both_commits",
    "littered",
    "new_cities",
    "old_cities",
    "state_of",
]

CSV = "id,people\nBAK,1\nSUM,2\n"
OTHER_CSV = "id,people\nBAK,9\nGAN,2\n"


@dataclass(frozen=True, slots=True)
class Operation:
    """One command.

    Attributes:
        begins: Makes what is there before, at a path.
        does: The command.
        dataset: Which it works on.
        most: How many of its calls CI tries in each mode; the rest in `make faults`.
    """

    begins: Callable[[Path], object]
    does: Callable[[Path], object]
    dataset: str = "cities"
    most: int = 60


def state_of(path: Path, dataset: str) -> Rows | None:
    """All that the dataset holds; None where there is no store or no dataset yet."""
    try:
        return held(path, dataset)
    except AzdsError as error:
        if error.kind in {"not-a-store", "unknown-dataset"}:
            return None
        raise


def old_cities(path: Path) -> None:
    dataset = init_store(path).create("cities")
    dataset.commit([revision("a", {"BAK": 1}), revision("b", {"BAK": 1, "SUM": 2})], writer=WRITER)


def declared(path: Path) -> None:
    init_store(path)
    (path / "cities").mkdir()
    (path / "cities" / "dataset.toml").write_text("# by people\n")


def old_patched(path: Path) -> None:
    with patches_of_small_tables():
        old_cities(path)


def new_patched(path: Path) -> None:
    with patches_of_small_tables():
        new_cities(path)


def make(path: Path) -> None:
    """`azds init PATH --dataset cities`, which finds what an interrupted one made."""
    try:
        store = init_store(path)
    except ExistsError:
        store = StoreFolder(path)
    try:
        store.create("cities")
    except ExistsError:
        store.dataset("cities")


def begun_build(path: Path) -> None:
    make_store(path.parent / f"{path.name}-parts")
    shutil.copytree(path.parent / f"{path.name}-parts" / "store", path)


def build_invented(path: Path) -> None:
    model = path.parent / "model-parts"
    build(StoreFolder(path), NAME, model / "sources")


def begun_own(path: Path) -> None:
    """A dataset of one's own with one revision, and the file of the next."""
    init_store(path)
    (path.parent / "first.csv").write_text(CSV)
    (path.parent / "next.csv").write_text(OTHER_CSV)
    commit_own(path, "1", "first.csv")


def commit_own(path: Path, label: str = "2", file: str = "next.csv") -> None:
    """`azds commit`, as typed; its error is raised, since here a caller looks."""
    from azds.dataset.committing import Options, commit_tables

    store = StoreFolder(path)
    if "cities" not in store.datasets():
        store.create("cities")
    options = Options(key=("id",), confirm_removals=True)
    given = {"City": str(path.parent / file)}
    commit_tables(store.dataset("cities"), label, given, options, {})


def littered(path: Path) -> None:
    """A dataset in which interrupted commands left what they may leave."""
    old_cities(path)
    new_cities(path)
    here = path / "cities"
    shutil.copytree(here / "a", here / "d")
    (here / "d" / "manifest.json").write_bytes(b"half")
    shutil.copytree(here / "a", here / "e@2")
    (here / "f").mkdir()
    (here / "tmp" / "0f").mkdir(parents=True)
    (here / "tmp" / "0f" / "City.parquet").write_bytes(b"half")
    (here / f".dataset.toml.{'0f' * 16}").write_bytes(b"half")


def tidy(path: Path) -> None:
    collect(StoreFolder(path), "cities", whole=True)
    assert find_leftovers(StoreFolder(path), "cities") == []


OPERATIONS = {
    "init": Operation(lambda path: path.parent.mkdir(exist_ok=True), make),
    "first commit": Operation(declared, new_cities, most=36),
    "later commit": Operation(old_cities, new_cities, most=72),
    "patched commit": Operation(old_patched, new_patched, most=24),
    "build": Operation(begun_build, build_invented, NAME, most=9),
    "commit of one's own": Operation(begun_own, commit_own, most=24),
    "gc": Operation(littered, tidy, most=36),
}


def both_commits() -> list[Operation]:
    """Two commits one after the other: what the first left undone must not harm the second."""

    def again(path: Path) -> None:
        staged = [revision("a", {"BAK": 4}), revision("d", {"BAK": 9})]
        StoreFolder(path).dataset("cities").commit(staged, writer=WRITER)

    return [OPERATIONS["later commit"], Operation(old_cities, again)]


def seven_cities(path: Path) -> None:
    """A commit of many folders, so that much is not synced at one time."""
    staged = [revision(label, {"BAK": place}) for place, label in enumerate("abcdefg")]
    StoreFolder(path).dataset("cities").commit(staged, writer=WRITER)


LARGE_COMMIT = Operation(old_cities, seven_cities)
