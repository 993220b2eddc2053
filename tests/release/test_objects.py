"""S3-compatible storage on loopback: a server that keeps conditions, and one that ignores them.

The servers are not among azds's dependencies: `make acceptance` installs them and names them in
``AZDS_MOTO_SERVER`` (moto) and ``AZDS_S3RVER`` (s3rver, a Node program). Other servers can be
tried by ``AZDS_S3_ENDPOINT`` with the credentials of AWS and a bucket ``azds-test``; one whose
conditions are not atomic, such as OpenStack Swift, is tried with ``AZDS_S3_NOT_ATOMIC=1``.
"""

import os
import secrets
import shlex
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pyarrow as pa
import pytest
from tests.release.making import DECLARED, Maker, cities

import azds
from azds.release.build import build_release
from azds.release.contents import Request
from azds.release.log import published, walk
from azds.release.publish import publish, yank
from azds.release.pull import pull
from azds.release.refused import ReleaseDamagedError, ReleaseRefusedError
from azds.release.version import Version

obstore = pytest.importorskip("obstore")

from azds.release.objects import ObjectPlace  # noqa: E402 - needs obstore

BUCKET = "azds-test"
RUN = secrets.token_hex(8)
"""No run of these tests sees what another left in the bucket."""
NOT_ATOMIC = "AZDS_S3_NOT_ATOMIC" in os.environ
"""Whether the server is known to let several writers be the first."""


def _free_port() -> int:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        return int(held.getsockname()[1])


def _wait(url: str, process: subprocess.Popen[bytes]) -> None:
    for _ in range(300):
        try:
            urllib.request.urlopen(url, timeout=1).close()  # noqa: S310 - on loopback
        except urllib.error.HTTPError:
            return
        except OSError:
            assert process.poll() is None, "the server ended"
            time.sleep(0.1)
        else:
            return
    pytest.fail("the server did not start")


def _bucket(endpoint: str) -> None:
    request = urllib.request.Request(f"{endpoint}/{BUCKET}", method="PUT")  # noqa: S310 - on loopback
    try:
        urllib.request.urlopen(request, timeout=10).close()  # noqa: S310 - on loopback
    except urllib.error.HTTPError as error:
        assert error.code in {403, 409}  # noqa: PT017 - made by the server itself


@pytest.fixture(autouse=True)
def credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    """What both servers take."""
    monkeypatch.setenv("AWS_REGION", "us-east-1")
    if "AZDS_S3_ENDPOINT" not in os.environ:
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", "S3RVER")
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "S3RVER")


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    """A server that keeps conditions."""
    if known := os.environ.get("AZDS_S3_ENDPOINT"):
        yield known
        return
    command = os.environ.get("AZDS_MOTO_SERVER")
    if not command:
        pytest.skip("needs a server: AZDS_MOTO_SERVER or AZDS_S3_ENDPOINT; see make acceptance")
    number = _free_port()
    process = subprocess.Popen(  # noqa: S603 - the server that the maintainer names
        [*shlex.split(command), "-p", str(number)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    url = f"http://127.0.0.1:{number}"
    try:
        _wait(url, process)
        _bucket(url)
        yield url
    finally:
        process.terminate()
        process.wait()


@pytest.fixture(scope="module")
def lying(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server that accepts conditional writes and ignores the condition."""
    command = os.environ.get("AZDS_S3RVER")
    if not command:
        pytest.skip("needs a server: AZDS_S3RVER; see make acceptance")
    number = _free_port()
    folder = tmp_path_factory.mktemp("s3rver")
    process = subprocess.Popen(  # noqa: S603 - the server that the maintainer names
        [
            *shlex.split(command),
            *("-d", str(folder), "-a", "127.0.0.1", "-p", str(number)),
            *("--configure-bucket", BUCKET),
        ],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    url = f"http://127.0.0.1:{number}"
    try:
        _wait(url, process)
        yield url
    finally:
        process.terminate()
        process.wait()


def _place(endpoint: str, folder: Path) -> ObjectPlace:
    return ObjectPlace(f"s3://{BUCKET}/{RUN}-{folder.name}", endpoint, is_alone=NOT_ATOMIC)


def test_a_release_is_published_pulled_and_withdrawn(
    endpoint: str, maker: Maker, tmp_path: Path
) -> None:
    place = _place(endpoint, tmp_path)
    first = maker.commit("1").build()
    assert publish(first.path, place).is_new
    assert not publish(first.path, place).is_new
    assert pull(place, tmp_path / "here").path.name == "cities-1.0.0"
    second = maker.commit("2", cities({"baku": 1})).build(previous=first)
    publish(second.path, place)
    yank(place, "cities", Version(1, 1, 0), "a test")
    assert pull(place, tmp_path / "again").path.name == "cities-1.0.0"


@pytest.mark.skipif(NOT_ATOMIC, reason="this server lets several writers be the first")
def test_racing_publishers_all_land(endpoint: str, tmp_path: Path) -> None:
    store = azds.init(tmp_path / "many")
    releases = []
    for name in "abcdefgh":
        store.create(name, origin=DECLARED).commit("1", {"t": pa.table({"id": [1]})}, key="id")
        built = build_release(store[name], tmp_path / "out", Request("2026-11-22"))
        releases.append(built.path)
    with ThreadPoolExecutor(8) as pool:
        done = list(pool.map(lambda path: publish(path, _place(endpoint, tmp_path)), releases))
    place = _place(endpoint, tmp_path)
    assert sorted(one.entry.number for one in done) == list(range(1, 9))
    names = sorted(published(walk(place.read, place.url)))
    assert names == [f"{name}-1.0.0" for name in "abcdefgh"]


def test_files_that_were_changed_there_are_not_pulled(
    endpoint: str, maker: Maker, tmp_path: Path
) -> None:
    place = _place(endpoint, tmp_path)
    publish(maker.commit("1").build().path, place)
    place.replace("cities-1.0.0/data/city/city_1.parquet", b"?")
    with pytest.raises(ReleaseDamagedError):
        pull(place, tmp_path / "here")


def test_a_half_uploaded_release_is_not_seen_and_is_finished(
    endpoint: str, maker: Maker, tmp_path: Path
) -> None:
    place = _place(endpoint, tmp_path)
    built = maker.commit("1").build()
    place.create("cities-1.0.0/README.md", (built.path / "README.md").read_bytes())
    with pytest.raises(ReleaseRefusedError, match="no such release"):
        pull(place, tmp_path / "here")
    assert publish(built.path, place).is_new
    assert pull(place, tmp_path / "here").path.is_dir()


def test_a_server_that_ignores_conditions_is_found_out(
    lying: str, maker: Maker, tmp_path: Path
) -> None:
    place = _place(lying, tmp_path)
    with pytest.raises(ReleaseRefusedError, match="ignores conditional writes") as refused:
        publish(maker.commit("1").build().path, place)
    assert refused.value.kind == "release-storage"
    assert walk(place.read, place.url) == ()


@pytest.mark.skipif(not NOT_ATOMIC, reason="this server is atomic, as far as is known")
def test_a_server_that_is_not_atomic_is_found_out(
    endpoint: str, maker: Maker, tmp_path: Path
) -> None:
    place = ObjectPlace(f"s3://{BUCKET}/{RUN}-{tmp_path.name}", endpoint)
    with pytest.raises(ReleaseRefusedError, match=r"not atomic.*--alone"):
        publish(maker.commit("1").build().path, place)
    assert walk(place.read, place.url) == ()


def test_a_server_that_is_not_there_is_told_in_one_line(maker: Maker, tmp_path: Path) -> None:
    place = _place(f"http://127.0.0.1:{_free_port()}", tmp_path)
    with pytest.raises(azds.AzdsError) as failed:
        publish(maker.commit("1").build().path, place)
    assert failed.value.kind == "storage-failed"
    assert "\n" not in str(failed.value)
