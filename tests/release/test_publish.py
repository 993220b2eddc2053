"""Publishing to a folder: whole or not at all, in order, once; and pulling from it."""

import hashlib
import json
import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pyarrow as pa
import pytest
from tests.release.making import DECLARED, Maker, cities, tampered

import azds
from azds.errors import InvalidInputError, StorageError
from azds.release.build import Built, build_release
from azds.release.contents import Request
from azds.release.log import published, walk
from azds.release.opening import diff_releases, open_any, open_release
from azds.release.places import FolderPlace
from azds.release.publish import publish, yank
from azds.release.pull import pull
from azds.release.refused import ReleaseDamagedError, ReleaseRefusedError, WithdrawnWarning
from azds.release.seen import withdrawn
from azds.release.version import Version
from azds.store import port


@pytest.fixture
def place(tmp_path: Path) -> FolderPlace:
    """A folder where nothing is published."""
    return FolderPlace(tmp_path / "place")


@pytest.fixture
def three(maker: Maker) -> list[Built]:
    """Three releases, each built on the one before."""
    first = maker.commit("1").build()
    second = maker.commit("2", cities({"baku": 2})).build(previous=first)
    return [first, second, maker.commit("3", cities({"baku": 3})).build(previous=second)]


def _names(place: FolderPlace) -> list[str]:
    return list(published(walk(place.read, place.url)))


def test_what_was_published_is_pulled_and_opened(
    three: list[Built], place: FolderPlace, tmp_path: Path
) -> None:
    for built in three[:2]:
        assert publish(built.path, place).is_new
    assert not publish(three[0].path, place).is_new
    pulled = pull(place, tmp_path / "here")
    assert pulled.path.name == "cities-1.1.0"
    assert list(open_any(pulled.path)["cities"]) == ["1", "2"]
    old = pull(place, tmp_path / "here", version=Version(1, 0, 0))
    assert len(diff_releases(old.path, pulled.path)["city"].removed) == 2
    index = json.loads((place.path / "index.json").read_bytes())
    assert [one["version"] for one in index["releases"]] == ["1.0.0", "1.1.0"]


def test_a_pulled_release_equals_its_store(three: list[Built], maker: Maker) -> None:
    opened = open_any(three[2].path)["cities"]
    for label in maker.dataset:
        assert opened[label].revision.date == maker.dataset[label].revision.date
        assert opened[label]["city"].to_arrow().equals(maker.dataset[label]["city"].to_arrow())
        assert opened[label].manifest.tables == maker.dataset[label].manifest.tables
    assert opened[label].manifest.about == maker.dataset[label].manifest.about


def test_a_release_whose_bytes_changed_is_not_opened(three: list[Built], tmp_path: Path) -> None:
    assert len(open_any(three[0].path)["cities"]["1"]["city"]) == 3
    copy = tampered(three[0].path, tmp_path, "data/city/city_1.parquet")
    with pytest.raises(ReleaseDamagedError, match="not what was released"):
        open_any(copy)


def test_a_version_that_goes_backwards_is_refused(
    three: list[Built], place: FolderPlace, maker: Maker
) -> None:
    publish(three[0].path, place)
    with pytest.raises(ReleaseRefusedError, match="not built on the one published last"):
        publish(three[2].path, place)
    publish(three[1].path, place)
    other = Maker(maker.folder / "other").commit("1", cities({"x": 1})).build(version="1.0.5")
    with pytest.raises(ReleaseRefusedError, match="goes backwards"):
        publish(other.path, place)
    again = Maker(maker.folder / "again").commit("1", cities({"x": 1})).build()
    with pytest.raises(ReleaseRefusedError, match="none is ever written over"):
        publish(again.path, place)
    assert _names(place) == ["cities-1.0.0", "cities-1.1.0"]


def test_a_place_in_a_store_is_refused(three: list[Built], maker: Maker) -> None:
    place = FolderPlace(maker.store.path / "releases")
    with pytest.raises(InvalidInputError, match="stands in a store"):
        publish(three[0].path, place)
    assert not place.path.exists()


def test_a_damaged_release_is_not_published(
    three: list[Built], place: FolderPlace, tmp_path: Path
) -> None:
    with pytest.raises(ReleaseDamagedError, match="does not verify"):
        publish(tampered(three[0].path, tmp_path, "README.md"), place)
    assert not place.path.exists()


def test_a_release_that_names_a_folder_elsewhere_is_not_published(
    three: list[Built], place: FolderPlace, tmp_path: Path
) -> None:
    forged = tmp_path / "forged"
    shutil.copytree(three[0].path, forged)
    record = json.loads((forged / "release.json").read_bytes()) | {"dataset": "../cities"}
    (forged / "release.json").write_text(json.dumps(record))
    sums = (forged / "SHA256SUMS").read_text().splitlines()
    digest = hashlib.sha256((forged / "release.json").read_bytes()).hexdigest()
    told = [f"{digest}  release.json" if one.endswith("  release.json") else one for one in sums]
    (forged / "SHA256SUMS").write_text("\n".join(told) + "\n")
    with pytest.raises(ReleaseDamagedError, match="no name of a release"):
        publish(forged, place)
    assert not list(tmp_path.glob("*cities-*"))


def test_a_reason_that_no_entry_can_hold_is_refused(
    three: list[Built], place: FolderPlace, tmp_path: Path
) -> None:
    publish(three[0].path, place)
    with pytest.raises(InvalidInputError, match="2,000 letters"):
        yank(place, "cities", Version(1, 0, 0), "why " * 20_000)
    yank(place, "cities", Version(1, 0, 0), "\u4e00" * 2_000)
    held = pull(place, tmp_path, version=Version(1, 0, 0))
    assert withdrawn(open_release(held.path).sums) == held.warning


def test_eight_racing_publishers_all_land(place: FolderPlace, tmp_path: Path) -> None:
    store = azds.init(tmp_path / "many")
    releases = []
    for name in "abcdefgh":
        store.create(name, origin=DECLARED).commit("1", {"t": pa.table({"id": [1]})}, key="id")
        built = build_release(store[name], tmp_path / "out", Request("2026-11-22"))
        releases.append(built.path)
    with ThreadPoolExecutor(8) as pool:
        done = list(pool.map(lambda path: publish(path, place), releases))
    assert sorted(one.entry.number for one in done) == list(range(1, 9))
    assert all(one.is_new for one in done)
    assert sorted(_names(place)) == [f"{name}-1.0.0" for name in "abcdefgh"]


def test_one_release_published_eight_times_at_once_is_published_once(
    three: list[Built], place: FolderPlace
) -> None:
    with ThreadPoolExecutor(8) as pool:
        done = list(pool.map(lambda _: publish(three[0].path, place), range(8)))
    assert [one.is_new for one in done].count(True) == 1
    assert _names(place) == ["cities-1.0.0"]
    assert sorted(one.name for one in place.path.iterdir()) == ["cities-1.0.0", "index.json", "log"]


_WRITES = ("write_new", "make_folder", "rename_new", "link_new", "sync_folder", "replace_file")


@pytest.fixture
def cut_at(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[int | None], list[str]]]:
    """The n-th writing call fails, as a full disk does; the calls that were made."""
    calls: list[str] = []
    limit: list[int | None] = [None]

    def wrap(name: str) -> None:
        real = getattr(port, name)

        def call(*words: object) -> object:
            calls.append(name)
            if limit[0] is not None and len(calls) > limit[0]:
                raise StorageError("storage-failed", "cut")
            return real(*words)

        monkeypatch.setattr(port, name, call)

    for name in _WRITES:
        wrap(name)

    def set_limit(value: int | None) -> list[str]:
        calls.clear()
        limit[0] = value
        return calls

    yield set_limit
    limit[0] = None


def test_interrupted_anywhere_it_is_seen_whole_or_not_at_all(
    three: list[Built], tmp_path: Path, cut_at: Callable[[int | None], list[str]]
) -> None:
    calls = cut_at(None)
    publish(three[0].path, FolderPlace(tmp_path / "whole"))
    total = len(calls)
    # Writing the files one after another is one situation: a few of these, and all that follows.
    for number in [0, 1, 15, *range(total - 14, total)]:
        place = FolderPlace(tmp_path / f"cut-{number}")
        cut_at(number)
        try:
            publish(three[0].path, place)
        except StorageError:
            pass
        else:
            assert number >= total - 4, "only the index may fail quietly"
        cut_at(None)
        if _names(place):
            assert pull(place, tmp_path / f"seen-{number}").path.is_dir()
        publish(three[0].path, place)
        assert _names(place) == ["cities-1.0.0"]


def test_a_withdrawn_release_is_skipped_and_loads_with_a_warning(
    three: list[Built], place: FolderPlace, tmp_path: Path
) -> None:
    for built in three[:2]:
        publish(built.path, place)
    with pytest.raises(ReleaseRefusedError, match="no such release"):
        yank(place, "cities", Version(9, 0, 0), "why")
    yank(place, "cities", Version(1, 1, 0), "a column was shifted", "1.0.0")
    assert pull(place, tmp_path / "a").path.name == "cities-1.0.0"
    exact = pull(place, tmp_path / "b", version=Version(1, 1, 0))
    assert exact.warning == "cities-1.1.0 is withdrawn: a column was shifted; use 1.0.0"
    with pytest.raises(ReleaseRefusedError, match="withdrawn already"):
        yank(place, "cities", Version(1, 1, 0), "again")
    publish(three[2].path, place)
    assert pull(place, tmp_path / "c").path.name == "cities-1.2.0"
    assert (place.path / "cities-1.1.0").is_dir()


def test_where_all_are_withdrawn_one_has_to_be_named(
    three: list[Built], place: FolderPlace, tmp_path: Path
) -> None:
    publish(three[0].path, place)
    yank(place, "cities", Version(1, 0, 0), "a test")
    with pytest.raises(ReleaseRefusedError, match=r"a test; .*--version") as refused:
        pull(place, tmp_path / "a")
    assert refused.value.kind == "release-yanked"
    assert pull(place, tmp_path / "a", version=Version(1, 0, 0)).warning


def test_who_opens_a_release_is_told_that_it_was_withdrawn_since(
    three: list[Built], place: FolderPlace, tmp_path: Path
) -> None:
    for built in three[:2]:
        publish(built.path, place)
    old = pull(place, tmp_path, version=Version(1, 0, 0)).path
    held = pull(place, tmp_path).path
    open_any(held)  # no warning, which would be an error here
    yank(place, "cities", Version(1, 1, 0), "shifted")
    again = pull(place, tmp_path)
    assert (again.path, again.is_new, again.warning) == (old, False, "")
    with pytest.warns(WithdrawnWarning, match="cities-1.1.0 is withdrawn: shifted") as told:
        open_any(held)
    assert told[0].filename == __file__
    with pytest.warns(WithdrawnWarning, match="shifted"):
        diff_releases(old, held)
    open_any(old)


def test_what_is_here_already_is_verified_again(
    three: list[Built], place: FolderPlace, tmp_path: Path
) -> None:
    publish(three[0].path, place)
    held = pull(place, tmp_path)
    assert (held.is_new, pull(place, tmp_path).is_new) == (True, False)
    (held.path / "README.md").write_bytes(b"?")
    with pytest.raises(ReleaseDamagedError, match=r"not what was released.*another folder"):
        pull(place, tmp_path)


def test_a_log_older_than_seen_is_refused(
    three: list[Built], place: FolderPlace, tmp_path: Path
) -> None:
    publish(three[0].path, place)
    publish(three[1].path, place)
    pull(place, tmp_path / "a")
    (place.path / "log" / "000002.json").unlink()
    with pytest.raises(ReleaseRefusedError, match="is older, or another one") as refused:
        pull(place, tmp_path / "b")
    assert refused.value.kind == "release-rollback"
    assert not (tmp_path / "b").exists()
    shutil.rmtree(place.path)
    publish(three[0].path, place)
    yank(place, "cities", Version(1, 0, 0), "another history")
    with pytest.raises(ReleaseRefusedError, match="another entry"):
        pull(place, tmp_path / "b")


def test_a_log_that_was_changed_is_told(three: list[Built], place: FolderPlace) -> None:
    publish(three[0].path, place)
    publish(three[1].path, place)
    first = place.path / "log" / "000001.json"
    good = first.read_bytes()
    for bad in (
        good.replace(b"1.0.0", b"1.0.9"),
        good.replace(b'"number": 1', b'"number": 7'),
        b"{",
        b"x" * 70_000,
        good.replace(b"cities-1.0.0", b"../x-1.0.0"),
        good.replace(b'"sha256:', b'"sha256:../'),
    ):
        first.write_bytes(bad)
        with pytest.raises(ReleaseDamagedError):
            walk(place.read, place.url)


def test_what_is_pulled_is_what_was_published(
    three: list[Built], place: FolderPlace, tmp_path: Path, own_cache: Path
) -> None:
    publish(three[0].path, place)
    target = place.path / "cities-1.0.0" / "data" / "city" / "city_1.parquet"
    good = target.read_bytes()
    for bad in (good[:-1] + b"?", good + b"more", b""):
        target.write_bytes(bad)
        with pytest.raises(ReleaseDamagedError):
            pull(place, tmp_path / "here")
        assert not (tmp_path / "here").exists() or list((tmp_path / "here").iterdir()) == []
    target.write_bytes(good)
    (place.path / "cities-1.0.0" / "extra").write_bytes(b"not listed, not pulled")
    pulled = pull(place, tmp_path / "here").path
    assert not (pulled / "extra").exists()
    # What is in the cache is checked too.
    for blob in (own_cache / "sha256").rglob("*"):
        if blob.is_file():
            blob.write_bytes(b"?" * blob.stat().st_size)
    assert pull(place, tmp_path / "again").path.is_dir()


def test_more_than_is_allowed_is_refused(
    three: list[Built], place: FolderPlace, tmp_path: Path
) -> None:
    publish(three[0].path, place)
    with pytest.raises(ReleaseRefusedError, match="larger than allowed"):
        pull(place, tmp_path / "here", most=1_000)
