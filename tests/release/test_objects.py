"""S3-compatible storage: a release is seen whole or not at all, whoever races and whatever breaks.

The server is the one that ``AZDS_S3_ENDPOINT`` names, with the credentials of AWS and a bucket
``azds-test``: `make s3-test` starts a Ceph Object Gateway on loopback. Else it is a small one in
memory, which proves nothing of others, and of the long tests a few cases are run.
"""

import os
import secrets
import socket
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, nullcontext
from itertools import count
from pathlib import Path

import pyarrow as pa
import pytest
from tests.release.making import DECLARED, Maker, cities
from tests.release.servers import Cut, Line, Objects, Way, serving

import azds
from azds.release.build import Built, build_release
from azds.release.contents import Request
from azds.release.folder import list_files
from azds.release.log import entry_path, published, walk
from azds.release.publish import publish, yank
from azds.release.pull import pull
from azds.release.refused import ReleaseDamagedError, ReleaseRefusedError
from azds.release.version import Version

obstore = pytest.importorskip("obstore")

from azds.release.objects import ObjectPlace  # noqa: E402 - needs obstore

REAL = os.environ.get("AZDS_S3_ENDPOINT", "")
RACERS = [2, 8] if REAL else [4]
RUN = secrets.token_hex(8)
"""No run of these tests sees what another left in the bucket."""


@pytest.fixture(autouse=True)
def credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the small server takes."""
    if not REAL:
        monkeypatch.setenv("AWS_REGION", "us-east-1")
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", "azds")
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "azds")


@pytest.fixture
def endpoint() -> Iterator[str]:
    """A server that keeps conditions."""
    with nullcontext() if REAL else serving(Objects()) as server:
        yield server.url if server else REAL


def _place(endpoint: str, name: str, *, is_proven: bool = False) -> ObjectPlace:
    """A place of its own; one that is known to be atomic is not asked for it."""
    found = ObjectPlace(f"s3://azds-test/{RUN}-{name}", endpoint, is_alone=is_proven or not REAL)
    if is_proven or not REAL:
        found.pause = 0.0
    return found


def _names(place: ObjectPlace) -> list[str]:
    return sorted(published(walk(place.read, place.url)))


def _is_whole(release: Path, built: Sequence[Built]) -> bool:
    """Whether a pulled release is one of those that were built, byte for byte."""
    files = {path: (release / path).read_bytes() for path in list_files(release)}
    return any(
        files == {path: (one.path / path).read_bytes() for path in list_files(one.path)}
        for one in built
    )


@contextmanager
def _reading(endpoint: str, name: str, folder: Path, built: Sequence[Built]) -> Iterator[list[str]]:
    """Somebody who pulls, again and again, while the block runs; what they saw."""
    seen: list[str] = []
    done = threading.Event()

    def read() -> None:
        for number in count():
            is_last = done.is_set()
            try:
                found = pull(_place(endpoint, name), folder / str(number)).path
                seen.append(found.name if _is_whole(found, built) else f"half of {found}")
            except ReleaseRefusedError as error:
                seen.append(error.kind)
            except azds.AzdsError as error:
                seen.append(str(error))
            if is_last:
                return

    with ThreadPoolExecutor(1) as pool:
        reader = pool.submit(read)
        try:
            yield seen
        finally:
            done.set()
        reader.result()


def _try(path: Path, place: ObjectPlace) -> str:
    try:
        return "new" if publish(path, place).is_new else "known"
    except ReleaseRefusedError as error:
        return error.kind


def _fault(path: Path, place: ObjectPlace) -> str:
    try:
        publish(path, place)
    except azds.AzdsError as error:
        return f"{error.kind}: {error}"
    return ""


def test_a_release_is_published_pulled_and_withdrawn(
    endpoint: str, maker: Maker, tmp_path: Path
) -> None:
    place = ObjectPlace(f"s3://azds-test/{RUN}-one", endpoint)
    first = maker.commit("1").build()
    assert publish(first.path, place).is_new
    assert not publish(first.path, place).is_new
    assert pull(place, tmp_path / "here").path.name == "cities-1.0.0"
    second = maker.commit("2", cities({"baku": 1})).build(previous=first)
    publish(second.path, place)
    yank(place, "cities", Version(1, 1, 0), "a test")
    assert pull(place, tmp_path / "again").path.name == "cities-1.0.0"
    exact = pull(place, tmp_path / "exact", version=Version(1, 1, 0))
    assert exact.warning == "cities-1.1.0 is withdrawn: a test"
    place.replace("cities-1.0.0/SHA256SUMS", b"?")
    with pytest.raises(ReleaseDamagedError, match="not what was released"):
        pull(place, tmp_path / "bad")
    obstore.delete(place._store, entry_path(3))  # noqa: SLF001 - as who runs the server can
    with pytest.raises(ReleaseRefusedError, match="is older, or another one"):
        pull(place, tmp_path / "bad")
    assert not list((tmp_path / "bad").iterdir())


@pytest.mark.parametrize("racers", RACERS)
def test_racing_publishers_of_different_datasets_all_land(
    endpoint: str, tmp_path: Path, racers: int
) -> None:
    store = azds.init(tmp_path / "many")
    releases = []
    for name in "abcdefgh"[:racers]:
        store.create(name, origin=DECLARED).commit("1", {"t": pa.table({"id": [1]})}, key="id")
        releases.append(build_release(store[name], tmp_path / "out", Request("2026-11-22")).path)
    name = f"different-{racers}"
    with ThreadPoolExecutor(racers) as pool:
        done = list(pool.map(lambda path: publish(path, _place(endpoint, name)), releases))
    assert sorted(one.entry.number for one in done) == list(range(1, racers + 1))
    assert _names(_place(endpoint, name)) == [f"{name}-1.0.0" for name in "abcdefgh"[:racers]]


@pytest.mark.parametrize("racers", RACERS)
def test_of_racing_releases_one_is_published_and_readers_see_it_whole(
    endpoint: str, tmp_path: Path, racers: int
) -> None:
    first = Maker(tmp_path / "first").commit("1").build()
    rivals = [
        Maker(tmp_path / f"rival-{number}").commit("1", cities({"baku": number})).build()
        for number in range(racers)
    ]
    with (
        _reading(endpoint, f"rivals-{racers}", tmp_path / "seen", rivals) as seen,
        ThreadPoolExecutor(racers) as pool,
    ):
        place = _place(endpoint, f"rivals-{racers}")
        told = list(pool.map(lambda one: _try(one.path, place), rivals))
        assert sorted(told) == ["new", *["release-exists"] * (racers - 1)]
    assert set(seen) <= {"release-unknown", "cities-1.0.0"}
    assert seen[-1] == "cities-1.0.0"

    # The next versions, all built on one: one lands, and the others have to be built on it.
    same = Maker(tmp_path / "next").commit("1").commit("2", cities({"baku": 2}))
    nexts = [
        same.build(previous=first, version=f"1.{number}.0", out=tmp_path / f"next-{number}")
        for number in range(1, racers + 1)
    ]
    built = [first, *nexts]
    name = f"nexts-{racers}"
    publish(first.path, _place(endpoint, name))
    with (
        _reading(endpoint, name, tmp_path / "seen-next", built) as seen,
        ThreadPoolExecutor(racers) as pool,
    ):
        told = list(pool.map(lambda one: _try(one.path, _place(endpoint, name)), nexts))
    assert sorted(told) == ["new", *["release-not-next"] * (racers - 1)]
    assert set(seen) <= {one.path.name for one in built}
    assert len(_names(_place(endpoint, name))) == 2


def test_one_release_published_eight_times_at_once_is_published_once(
    endpoint: str, maker: Maker, tmp_path: Path
) -> None:
    built = maker.commit("1").build()
    with (
        _reading(endpoint, "same", tmp_path / "seen", [built]) as seen,
        ThreadPoolExecutor(8) as pool,
    ):
        told = list(pool.map(lambda _: _try(built.path, _place(endpoint, "same")), range(8)))
    assert sorted(told) == [*["known"] * 7, "new"]
    assert set(seen) <= {"release-unknown", "cities-1.0.0"}


@pytest.mark.parametrize("cut", ["half", "reply"])
def test_cut_at_any_request_it_is_seen_whole_or_not_at_all(
    endpoint: str, maker: Maker, tmp_path: Path, cut: Cut
) -> None:
    built = maker.commit("1").build()
    with serving(Line(endpoint)) as line:

        def place(number: int) -> ObjectPlace:
            return _place(line.url, f"{cut}-{number}", is_proven=True)

        publish(built.path, place(-1))
        total = line.passed
        for number in range(total) if REAL else (0, 2, 16, total - 5, total - 4, total - 2):
            line.set(number, cut)
            if told := _fault(built.path, place(number)):
                assert told.startswith("storage-failed: s3://")
                assert "\n" not in told
            else:
                assert number >= total - 4, "only the index may fail quietly"
            line.set(None)
            if _names(place(number)):
                assert _is_whole(pull(place(number), tmp_path / f"seen-{number}").path, [built])
            publish(built.path, place(number))
            assert _is_whole(pull(place(number), tmp_path / f"then-{number}").path, [built])


def test_a_reply_that_is_lost_once_changes_nothing(endpoint: str, maker: Maker) -> None:
    built = maker.commit("1").build()
    with serving(Line(endpoint)) as line:

        def both(number: int) -> None:
            place = _place(line.url, f"once-{number}", is_proven=True)
            publish(built.path, place)
            yank(place, "cities", Version(1, 0, 0), "a test")
            assert [one.type for one in walk(place.read, place.url)] == ["release", "yank"]

        both(-1)
        total = line.passed
        for number in range(total) if REAL else (2, total - 12, *range(total - 8, total)):
            line.set(number, "reply", is_once=True)
            both(number)


@pytest.mark.parametrize(
    ("way", "told"),
    [
        ("ignores conditions", "ignores conditional writes"),
        ("checks, then writes", r"not atomic.*--alone"),
    ],
)
def test_a_server_that_would_lose_entries_is_found_out(maker: Maker, way: Way, told: str) -> None:
    with serving(Objects(way)) as server:
        place = ObjectPlace("s3://azds-test", server.url)
        with pytest.raises(ReleaseRefusedError, match=told) as refused:
            publish(maker.commit("1").build().path, place)
        assert refused.value.kind == "release-storage"
        assert server.kept == {}


def test_a_download_without_end_is_cut_off(maker: Maker, tmp_path: Path) -> None:
    with serving(Objects()) as server:
        publish(maker.commit("1").build().path, _place(server.url, "long"))
        server.way = "endless"
        started = time.monotonic()
        with pytest.raises(ReleaseDamagedError, match="longer than"):
            pull(_place(server.url, "long"), tmp_path / "here")
        assert time.monotonic() - started < 60
    assert list((tmp_path / "here").iterdir()) == []


def test_a_server_that_is_not_there_is_told_in_one_line(maker: Maker) -> None:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        place = _place(f"http://127.0.0.1:{held.getsockname()[1]}", "none")
        with pytest.raises(azds.AzdsError) as failed:
            publish(maker.commit("1").build().path, place)
    assert failed.value.kind == "storage-failed"
    assert "\n" not in str(failed.value)
