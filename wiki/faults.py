# ruff: noqa: INP001 - stands beside the tests that use it
"""A proxy on loopback that spoils answers on their way, each in a way that real ones have."""

import http.client
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

__all__ = ["FaultProxy", "through_faults"]


class FaultProxy:
    """What the next answers suffer, in order: `429`, `503`, `drop`, `cut`, `html`, or nothing."""

    def __init__(self) -> None:
        self.faults: list[str] = []
        self.at_once = 0
        self.most_at_once = 0
        self.agents: set[str] = set()
        self.asked: list[str] = []
        self.encodings: set[str] = set()


@contextmanager
def through_faults(site: str) -> Iterator[tuple[str, FaultProxy]]:
    """The address of a proxy for `site`, and the faults that it makes."""
    proxy = FaultProxy()
    target = urlsplit(site)
    counting = threading.Lock()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            with counting:
                proxy.at_once += 1
                proxy.most_at_once = max(proxy.most_at_once, proxy.at_once)
                fault = proxy.faults.pop(0) if proxy.faults else ""
            try:
                self._answer(fault)
            finally:
                with counting:
                    proxy.at_once -= 1

        def _answer(self, fault: str) -> None:
            proxy.agents.add(self.headers["User-Agent"])
            proxy.encodings.add(self.headers["Accept-Encoding"])
            proxy.asked.append(self.path)
            if fault == "drop":
                self.close_connection = True
                return
            if fault.isdecimal():
                self._send(int(fault), b"busy", {"Retry-After": "3"})
                return
            if fault == "html":
                self._send(200, b"<!DOCTYPE html><p>Our servers are busy", {})
                return
            asked = http.client.HTTPConnection(target.hostname or "", target.port, timeout=60)
            asked.request("GET", self.path, headers={**self.headers, "Host": target.netloc})
            answer = asked.getresponse()
            body = answer.read()
            kept = {
                name: value
                for name in ("Content-Type", "Content-Encoding", "Retry-After")
                if (value := answer.getheader(name))
            }
            self._send(answer.status, body, kept, cut=fault == "cut")
            asked.close()

        def _send(
            self, status: int, body: bytes, headers: dict[str, str], *, cut: bool = False
        ) -> None:
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body[: len(body) // 2] if cut else body)
            self.close_connection = self.close_connection or cut

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name there
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}", proxy
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
