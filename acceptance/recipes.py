"""The recipes of docs/releases.md for Hugging Face and Zenodo, run as they stand there.

    python acceptance/recipes.py FOLDER

FOLDER is the one of accept.py, which installed `hf` there. The servers are on loopback, and speak
what the recipes need of the hub's and of Zenodo's interface, as documented. They check what comes,
and at the end both have to hold the release, byte for byte. They are no proof of the real ones.
"""

import base64
import hashlib
import io
import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import threading
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

PAGE = Path(__file__).resolve().parents[1] / "docs" / "releases.md"
AZDS = f'{sys.executable} -c "from azds.cli import main; main()"'
REPO = "/api/datasets/ORG/cities"
DEPOSIT = "/api/deposit/depositions"
REQUIRED = {"upload_type", "title", "description", "creators"}
ALLOWED = REQUIRED | {"version", "publication_date", "license"}


class Places(ThreadingHTTPServer):
    """A hub with one repository, which holds an old file, and a Zenodo with one draft."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server_address[1]}"
        self.large: dict[str, bytes] = {}
        self.hub = {".gitattributes": b"", "data/old.parquet": b"old"}
        self.tags: list[str] = []
        self.files: dict[str, bytes] = {}
        self.metadata: dict[str, object] = {}


class Handler(BaseHTTPRequestHandler):
    """Both of them."""

    server: Places
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name there
        """Say nothing."""

    def answer(self) -> None:
        """Answer one request; what is wrong with it is told on stderr."""
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        path = self.path.partition("?")[0]
        try:
            is_zenodo = path.startswith((DEPOSIT, "/api/files/"))
            token = self.headers.get("Authorization")
            if is_zenodo or path.startswith(REPO):
                assert token == ("Bearer secret" if is_zenodo else "Bearer hf_secret"), "no token"
            status, told = (self.zenodo if is_zenodo else self.hub)(self.command, path, body)
        except (AssertionError, KeyError, ValueError) as error:
            print(f"{self.command} {path}: {error!r}", file=sys.stderr)
            status, told = 400, {"error": str(error)}
        data = json.dumps(told).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    do_GET = do_POST = do_PUT = answer  # noqa: N815 - names of http.server

    def hub(self, method: str, path: str, body: bytes) -> tuple[int, object]:  # noqa: PLR0911 - one for each
        """The hub: repository, what is there, how to upload, large files, one commit, a tag."""
        held = self.server.hub
        match method, path:
            case "POST", "/api/repos/create":
                assert json.loads(body)["type"] == "dataset"
                return 200, {"url": f"{self.server.url}/datasets/ORG/cities"}
            case "GET", p if p.startswith(f"{REPO}/tree/"):
                return 200, [{"type": "file", "path": one, "size": 1, "oid": "1"} for one in held]
            case "POST", "/api/validate-yaml":
                return 200, {"errors": [], "warnings": []}
            case "POST", p if p == f"{REPO}/preupload/main":
                paths = [one["path"] for one in json.loads(body)["files"]]
                modes = ["lfs" if one.endswith(".parquet") else "regular" for one in paths]
                both = zip(paths, modes, strict=True)
                return 200, {
                    "files": [{"path": a, "uploadMode": b, "shouldIgnore": False} for a, b in both]
                }
            case "POST", "/datasets/ORG/cities.git/info/lfs/objects/batch":
                objects = [
                    one | {"actions": {"upload": {"href": f"{self.server.url}/large/{one['oid']}"}}}
                    for one in json.loads(body)["objects"]
                ]
                return 200, {"transfer": "basic", "objects": objects}
            case "PUT", p if p.startswith("/large/"):
                assert hashlib.sha256(body).hexdigest() == p.removeprefix("/large/")
                self.server.large[p.removeprefix("/large/")] = body
                return 200, {}
            case "POST", p if p == f"{REPO}/commit/main":
                self.commit([json.loads(line) for line in body.splitlines()])
                return 200, {
                    "commitUrl": f"{self.server.url}/datasets/ORG/cities/commit/1",
                    "commitOid": "1" * 40,
                }
            case "POST", p if p == f"{REPO}/tag/main":
                self.server.tags.append(json.loads(body)["tag"])
                return 201, {}
        return 404, {}

    def commit(self, lines: list[Any]) -> None:
        """What one commit of the hub does."""
        for line in lines:
            key, value = line["key"], line["value"]
            if key == "deletedFile":
                del self.server.hub[value["path"]]
            elif key == "file":
                self.server.hub[value["path"]] = base64.b64decode(value["content"])
            elif key == "lfsFile":
                self.server.hub[value["path"]] = self.server.large[value["oid"]]
            else:
                assert key == "header", key
                assert value["summary"] == "cities 1.0.0"

    def zenodo(self, method: str, path: str, body: bytes) -> tuple[int, object]:
        """Zenodo: a new draft, its file, its metadata (developers.zenodo.org)."""
        if method == "PUT" and path.startswith("/api/files/b-1/"):
            self.server.files[path.removeprefix("/api/files/b-1/")] = body
            return 201, {"checksum": f"md5:{hashlib.md5(body).hexdigest()}", "size": len(body)}  # noqa: S324 - Zenodo's
        assert self.headers["Content-Type"] == "application/json"
        if (method, path) == ("POST", DEPOSIT):
            assert json.loads(body) == {}
            links = {
                "bucket": f"{self.server.url}/api/files/b-1",
                "html": f"{self.server.url}/deposit/77",
            }
            reserved = {"prereserve_doi": {"doi": "10.5281/zenodo.77", "recid": 77}}
            return 201, {"id": 77, "links": links, "metadata": reserved}
        assert (method, path) == ("PUT", f"{DEPOSIT}/77")
        told = json.loads(body)["metadata"]
        assert set(told) >= REQUIRED, REQUIRED - set(told)
        assert set(told) <= ALLOWED, set(told) - ALLOWED
        assert told["upload_type"] == "dataset"
        assert all(isinstance(told[name], str) and told[name] for name in ALLOWED - {"creators"})
        assert [list(one) for one in told["creators"]] == [["name"]]
        date.fromisoformat(told["publication_date"])
        self.server.metadata = told
        return 200, {"id": 77, "metadata": told}


def blocks() -> list[str]:
    """The recipes, as the page has them."""
    section = (
        PAGE.read_text(encoding="utf-8").partition("\n## Elsewhere\n")[2].partition("\n## ")[0]
    )
    return re.findall(r"```sh\n(.*?)```", section, re.DOTALL)


def run(script: str, work: Path, **more: str) -> None:
    """A shell script in a folder, in which `azds` is the one of this Python."""
    words = ["sh", "-c", f'set -eu\nazds() {{ {AZDS} "$@"; }}\n{script}']
    environment = {**os.environ, "XDG_CACHE_HOME": str(work / "cache"), **more}
    done = subprocess.run(
        words, cwd=work, env=environment, capture_output=True, text=True, check=False, timeout=300
    )
    if done.returncode:
        sys.exit(f"{script}\n{done.stdout}{done.stderr}")


def held(folder: Path) -> dict[str, bytes]:
    """The files of a folder, by path."""
    return {
        str(one.relative_to(folder)): one.read_bytes() for one in folder.rglob("*") if one.is_file()
    }


def main() -> int:
    """Make a dataset, and follow both recipes."""
    tools = Path(sys.argv[1]).resolve() / "tools" / "hugging-face" / "bin"
    work = Path(sys.argv[1]).resolve() / "recipes"
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    for program in ("jq", "curl", "tar"):
        if shutil.which(program) is None:
            print(f"== SKIPPED: the recipes need {program}", file=sys.stderr)
            return 0
    hugging_face, zenodo = blocks()
    server = Places()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    run(
        "printf 'id,n\\nbaku,2300\\n' >cities.csv\nazds init . >/dev/null\n"
        "azds --dataset cities commit 2024 city=cities.csv --key id >/dev/null\n",
        work,
    )
    dated = {"SOURCE_DATE_EPOCH": "1795305600"}
    hub = {"HF_ENDPOINT": server.url, "HF_TOKEN": "hf_secret", "HF_HUB_DISABLE_XET": "1"}
    hub |= {"HF_HOME": str(work / "hf"), "PATH": f"{tools}:{os.environ['PATH']}"}
    declared = "--declare creator=Clerk --declare licence=CC-BY-4.0 --declare origin=counted"
    run(f"azds release build {declared} -o .", work, **dated)
    run(hugging_face, work, **hub)
    wanted = held(work / "cities-1.0.0")
    assert server.hub == wanted | {".gitattributes": b""}, "the hub holds something else"
    assert server.tags == ["1.0.0"]
    print("== hf upload: the hub holds the release, without what was there before, and its tag")

    script = zenodo.replace("https://zenodo.org", server.url)
    script = script.replace("azds release build", f"azds release build {declared}")
    run(script, work, TOKEN="secret", **dated)  # noqa: S106 - of the server above
    [(name, data)] = server.files.items()
    with tarfile.open(fileobj=io.BytesIO(data)) as archive:
        archive.extractall(work / "pulled", filter="data")
    assert held(work / "pulled" / "cities-1.0.0") == held(work / "dist" / "cities-1.0.0")
    record = json.loads((work / "pulled" / "cities-1.0.0" / "release.json").read_bytes())
    assert record["doi"] == "10.5281/zenodo.77"
    run("sha256sum -c --quiet --strict SHA256SUMS", work / "pulled" / "cities-1.0.0")
    print(f"== Zenodo: {name} in the draft, {json.dumps(server.metadata)}")
    server.shutdown()
    return 0


if __name__ == "__main__":
    sys.exit(main())
