"""Servers on loopback for the tests of S3-compatible storage: faulty ones, and a bad line."""

import http.client
import re
import socket
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Literal, TypeVar

__all__ = ["Cut", "Line", "Objects", "Way", "serving"]

Way = Literal["sound", "ignores conditions", "checks, then writes", "endless"]
Cut = Literal["half", "reply"]
S = TypeVar("S", bound=ThreadingHTTPServer)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, handler: type[BaseHTTPRequestHandler]) -> None:
        super().__init__(("127.0.0.1", 0), handler)
        self.url = f"http://127.0.0.1:{self.server_address[1]}"
        self.lock = threading.Lock()

    def handle_error(self, request: object, client_address: object) -> None:
        """That a client went away is what is tested."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]  # as it came


class Objects(_Server):
    """As much of S3 as azds speaks, kept in memory, sound or with one fault.

    The sound one is for quick tests; `make s3-test` runs the same on Ceph.
    """

    def __init__(self, way: Way = "sound") -> None:
        super().__init__(_Object)
        self.way = way
        self.kept: dict[str, bytes] = {}

    def create(self, key: str, data: bytes) -> bool:
        """Whether it was written, on the condition that there was none."""
        if self.way == "ignores conditions":
            self.kept[key] = data
            return True
        if self.way == "checks, then writes":
            if key in self.kept:
                return False
            time.sleep(0.01)
            self.kept[key] = data
            return True
        with self.lock:
            return self.kept.setdefault(key, data) is data


class _Quiet(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name there
        pass

    def body(self) -> bytes:
        """What came with the request; half of one is none."""
        size = int(self.headers.get("Content-Length") or 0)
        data = self.rfile.read(size)
        if len(data) < size:
            raise ConnectionResetError
        return data

    def answer(self, status: int, data: bytes = b"") -> None:
        """Answer whole."""
        self.send_response(status)
        self.send_header("Content-Length", str(len(data)))
        self.send_header("ETag", '"1"')
        self.send_header("Last-Modified", "Sun, 22 Nov 2026 00:00:00 GMT")
        self.end_headers()
        self.wfile.write(data)


class _Object(_Quiet):
    server: Objects

    def do_GET(self) -> None:
        data = self.server.kept.get(self.path)
        if data is None:
            self.answer(404)
        elif self.server.way == "endless" and not self.path.endswith(".json"):
            self.send_response(200)
            self.send_header("ETag", '"1"')
            self.send_header("Content-Length", str(1 << 50))
            self.send_header("Last-Modified", "Sun, 22 Nov 2026 00:00:00 GMT")
            self.end_headers()
            try:
                self.wfile.write(data)
                while True:
                    self.wfile.write(bytes(1 << 16))
            except OSError:
                self.close_connection = True
        else:
            self.answer(200, data)

    def do_PUT(self) -> None:
        data = self.body()
        if self.headers.get("If-None-Match") != "*":
            self.server.kept[self.path] = data
            self.answer(200)
        else:
            self.answer(200 if self.server.create(self.path, data) else 412)

    def do_POST(self) -> None:
        """Delete the objects of a list."""
        bucket = self.path.partition("?")[0]
        keys = re.findall("<Key>.*?</Key>", self.body().decode())
        for key in keys:
            self.server.kept.pop(f"{bucket}/{key[5:-6]}", None)
        told = "".join(f"<Deleted>{key}</Deleted>" for key in keys)
        self.answer(200, f"<DeleteResult>{told}</DeleteResult>".encode())


class Line(_Server):
    """A line to another server, that can be cut at one request, for good or once.

    Cut by `half`, half the request arrives; cut by `reply`, all of it, and the answer is lost.
    """

    def __init__(self, url: str) -> None:
        super().__init__(_Relay)
        self.to = url.removeprefix("http://")
        self.passed = 0
        self.at: int | None = None
        self.cut: Cut = "half"
        self.is_once = False

    def set(self, at: int | None, cut: Cut = "half", *, is_once: bool = False) -> None:
        """Count from nothing; the request of this number (from 0) is cut."""
        with self.lock:
            self.passed, self.at, self.cut, self.is_once = 0, at, cut, is_once

    def next(self) -> Literal["whole", "half", "reply", "none"]:
        """How much of the next request is passed on."""
        with self.lock:
            number, self.passed = self.passed, self.passed + 1
            if self.at is None or number < self.at or (self.is_once and number > self.at):
                return "whole"
            return self.cut if number == self.at else "none"


class _Relay(_Quiet):
    server: Line

    def _pass(self) -> None:
        body, how = self.body(), self.server.next()
        if how == "none":
            self.close_connection = True
            return
        if how == "half":
            lines = [f"{self.command} {self.path} HTTP/1.1", *map(": ".join, self.headers.items())]
            whole = "\r\n".join([*lines, "", ""]).encode() + body
            host, _, port = self.server.to.partition(":")
            with socket.create_connection((host, int(port)), timeout=20) as plain:
                plain.sendall(whole[: max(len(whole) // 2, len(whole) - len(body) // 2 - 1)])
            self.close_connection = True
            return
        there = http.client.HTTPConnection(self.server.to, timeout=20)
        try:
            there.request(self.command, self.path, body, dict(self.headers))
            answer = there.getresponse()
            data = answer.read()
        finally:
            there.close()
        if how == "reply":
            self.close_connection = True
            return
        self.send_response(answer.status)
        for name, value in answer.getheaders():
            if name.lower() not in {"transfer-encoding", "connection", "content-length"}:
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    do_GET = do_PUT = do_DELETE = do_POST = _pass  # noqa: N815 - names of http.server


@contextmanager
def serving(server: S) -> Iterator[S]:
    """A server that answers while the block runs."""
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
