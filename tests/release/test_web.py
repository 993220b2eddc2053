"""Pulling from a web server on loopback: a good one, and ones that lie."""

import functools
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from tests.release.making import Maker

from azds.errors import AzdsError, InvalidInputError, StorageError
from azds.release import places
from azds.release.places import FolderPlace, WebPlace, place_of, target_of
from azds.release.publish import publish
from azds.release.pull import pull

Serve = Callable[[Callable[..., BaseHTTPRequestHandler]], str]


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Serves on loopback until the test ends."""
    servers = []

    def start(handler: Callable[..., BaseHTTPRequestHandler]) -> str:
        server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        servers.append(server)
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        return f"http://127.0.0.1:{server.server_port}"

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.fixture
def root(maker: Maker, tmp_path: Path) -> Path:
    """A place with one release."""
    place = FolderPlace(tmp_path / "place")
    publish(maker.commit("1").build().path, place)
    return place.path


def test_a_release_is_pulled_from_a_web_server(root: Path, serve: Serve, tmp_path: Path) -> None:
    url = serve(functools.partial(_Quiet, directory=str(root)))
    assert pull(WebPlace(url), tmp_path / "here").path.name == "cities-1.0.0"


def test_an_endless_file_is_cut_off(root: Path, serve: Serve, tmp_path: Path) -> None:
    class Endless(_Quiet):
        def do_GET(self) -> None:
            if not self.path.endswith("city_1.parquet"):
                super().do_GET()
                return
            self.send_response(200)
            self.end_headers()
            try:
                while True:
                    self.wfile.write(b"x" * 65_536)
            except OSError:
                pass

    url = serve(functools.partial(Endless, directory=str(root)))
    with pytest.raises(AzdsError, match="longer than the release says"):
        pull(WebPlace(url), tmp_path / "here")
    assert list((tmp_path / "here").iterdir()) == []


def test_a_server_that_drips_is_not_waited_for(
    serve: Serve, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Dripping(_Quiet):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            try:
                while True:
                    self.wfile.write(b" ")
                    time.sleep(0.01)
            except OSError:
                pass

    monkeypatch.setattr(places, "_TIMEOUT", 0.5)
    with pytest.raises(AzdsError, match="too slowly"):
        pull(WebPlace(serve(Dripping)), tmp_path / "here")


_OK = b"HTTP/1.1 200 OK\r\n"


@pytest.mark.parametrize(
    ("reply", "told"),
    [
        (b"hello\r\n\r\n", "hello"),
        (_OK + b"Content-Length: 9\r\n\r\n{}", "ended early"),
        (_OK + b"Transfer-Encoding: chunked\r\n\r\nff\r\n{}", "IncompleteRead"),
        (_OK + b"A: " + b"x" * 70_000 + b"\r\n\r\n", "header line"),
        (_OK + b"A: b\r\n" * 200 + b"\r\n", "headers"),
        (b"", "without response"),
    ],
)
def test_an_answer_that_is_no_http_is_a_fault_in_words(
    reply: bytes, told: str, serve: Serve
) -> None:
    class Broken(_Quiet):
        def do_GET(self) -> None:
            self.wfile.write(reply)

    with pytest.raises(StorageError, match=f"cannot read: .*{told}"):
        WebPlace(serve(Broken)).read("log/000001.json", 1_000)


def test_a_redirect_to_elsewhere_is_not_followed(root: Path, serve: Serve, tmp_path: Path) -> None:
    good = serve(functools.partial(_Quiet, directory=str(root)))

    class Elsewhere(_Quiet):
        def do_GET(self) -> None:
            self.send_response(302)
            self.send_header("Location", good + self.path)
            self.end_headers()

    with pytest.raises(AzdsError, match="HTTP 302 a redirect to elsewhere"):
        pull(WebPlace(serve(Elsewhere)), tmp_path / "here")


def test_places_that_azds_does_not_know_are_refused() -> None:
    for target in ("ftp://a/b", "file:///etc", "https://user:secret@a/b", "https://a/b?x=1"):
        with pytest.raises(InvalidInputError) as refused:
            place_of(target)
        assert "secret" not in str(refused.value)
    for target in ("https://[::1", "https://a:port/", "https://"):
        with pytest.raises(InvalidInputError, match="no address of a place"):
            place_of(target)
    with pytest.raises(InvalidInputError):
        target_of("https://a/b")


def test_a_path_cannot_leave_its_place(root: Path, tmp_path: Path) -> None:
    (tmp_path / "secret").write_bytes(b"?")
    place = FolderPlace(root)
    for path in ("../secret", "/etc/passwd", "log/../../secret"):
        with pytest.raises(AzdsError):
            place.read(path, 10)
    (root / "out").symlink_to(tmp_path)
    assert place.read("out/secret", 10) is None
