"""`make acceptance`: others judge a release, each in an environment of its own, without network.

    python acceptance/accept.py FOLDER [--dataset NAME]

In FOLDER the tools are installed (once), a signed release of the shipped data is built with the
azds of this Python, and every tool is run on it, on a copy with one cell of a Parquet file
changed, and on one with one cell of a CSV changed. The table of results goes to
FOLDER/results.md and to stdout. Ends with 1 if a tool refuses the release, or if one that has
to notice a changed cell does not.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
CHECKS = HERE / "checks"
NAME = "release@example.org"
OFFLINE = ["unshare", "-rn", "sh", "-c", 'ip link set lo up 2>/dev/null; exec "$@"', "sh"]
KINDS = ("parquet", "csv")
SIGNED = (
    "The signature is over the sums, and the sums are over every other file: ssh-keygen and "
    "sha256sum together notice any change."
)


@dataclass(frozen=True)
class Check:
    """One tool: how it is told in the table, what is run, and whether it has to notice."""

    tool: str
    version: str
    command: list[str]
    must_notice: tuple[str, ...] = ()


def run(words: list[str], cwd: Path, **more: str) -> subprocess.CompletedProcess[str]:
    """A program in a folder; what it writes is kept."""
    return subprocess.run(
        words, cwd=cwd, env={**os.environ, **more}, capture_output=True, text=True, check=False
    )


def need(words: list[str], cwd: Path, **more: str) -> str:
    """The same, where it has to succeed."""
    done = run(words, cwd, **more)
    if done.returncode:
        sys.exit(f"{' '.join(words)}\n{done.stdout}{done.stderr}")
    return done.stdout


def install(folder: Path) -> None:
    """One environment for each tool; those that are there already are left alone."""
    wanted = json.loads((HERE / "environments.json").read_bytes())
    for name, packages in wanted["python"].items():
        home = folder / "tools" / name
        mark = home / "installed.json"
        if mark.is_file() and json.loads(mark.read_bytes()) == packages:
            continue
        print(f"== install {', '.join(packages)}", flush=True)
        shutil.rmtree(home, ignore_errors=True)
        need([sys.executable, "-m", "venv", str(home)], folder)
        pip = [str(home / "bin" / "python"), "-m", "pip", "install", "-qq"]
        need([*pip, "--disable-pip-version-check", *packages], folder)
        mark.write_text(json.dumps(packages), encoding="utf-8")
    node = folder / "tools" / "node"
    if shutil.which("npm") and not (node / "node_modules").is_dir():
        print(f"== install {', '.join(wanted['node'])}", flush=True)
        node.mkdir(parents=True, exist_ok=True)
        (node / "package.json").write_text("{}", encoding="utf-8")
        need(["npm", "install", "--silent", "--no-fund", "--no-audit", *wanted["node"]], node)


def build(folder: Path, dataset: str) -> tuple[Path, Path]:
    """A signed release, and the file of allowed signers."""
    work = folder / "work"
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    key = work / "key"
    need(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "", "-f", str(key)], work)
    allowed = work / "allowed_signers"
    public = (work / "key.pub").read_text(encoding="utf-8")
    allowed.write_text(f'{NAME} namespaces="azds-release" {public}', encoding="utf-8")
    azds = [sys.executable, "-c", "from azds.cli import main; main()", "--dataset", dataset]
    words = ["release", "build", "--revisions", "all", "--date", "2026-11-22", "-o", "good"]
    started = time.monotonic()
    need([*azds, *words, "--sign", str(key)], work, XDG_CACHE_HOME=str(work / "cache"))
    print(f"== built in {time.monotonic() - started:.1f} s, with the start of Python", flush=True)
    [release] = (work / "good").iterdir()
    for kind in KINDS:
        shutil.copytree(release, work / kind / release.name)
        python = str(folder / "tools" / "readers" / "bin" / "python")
        copy = str(work / kind / release.name)
        path = need([python, str(CHECKS / "change_cell.py"), copy, kind], work).strip()
        print(f"== one cell changed in a copy: {path}", flush=True)
    return release, allowed


def checks(folder: Path, allowed: Path) -> list[Check]:
    """Every tool, with its version."""
    wanted = json.loads((HERE / "environments.json").read_bytes())
    tools = folder / "tools"
    pins = {
        one.partition("==")[0].partition("[")[0]: one.partition("==")[2]
        for packages in wanted["python"].values()
        for one in packages
    }

    def program(home: str, name: str) -> str:
        return str(tools / home / "bin" / name)

    def script(home: str, name: str, *words: str) -> list[str]:
        return [program(home, "python"), str(CHECKS / name), *words]

    [package] = (tools / "schemas").glob("lib/*/site-packages/dplib/profiles/2.0/datapackage.json")
    schema = [program("schemas", "check-jsonschema")]
    verify = ["ssh-keygen", "-Y", "verify", "-f", str(allowed), "-I", NAME, "-n", "azds-release"]
    signature = " ".join([*verify, "-s", "SHA256SUMS.sig", "< SHA256SUMS"])
    azds = [sys.executable, "-c", "from azds.cli import main; main()", "release", "verify", "."]
    found = [
        Check(
            "sha256sum -c", "coreutils", _words("sha256sum -c --quiet --strict SHA256SUMS"), KINDS
        ),
        Check("ssh-keygen -Y verify", "OpenSSH", ["sh", "-c", signature]),
        Check("azds release verify", "this", [*azds, "--signers", str(allowed)], KINDS),
        Check(
            "frictionless validate",
            pins["frictionless"],
            [program("frictionless", "frictionless"), "validate", "datapackage.json"],
            ("csv",),
        ),
        Check(
            "Data Package 2.0 schema (dplib-py)",
            pins["dplib-py"],
            [*schema, "--schemafile", str(package), "datapackage.json"],
        ),
        Check(
            "mlcroissant validate",
            pins["mlcroissant"],
            [program("croissant", "mlcroissant"), "validate", "--jsonld", "croissant.json"],
        ),
        Check(
            "mlcroissant, every record set",
            pins["mlcroissant"],
            script("croissant", "load_croissant.py"),
            ("parquet",),
        ),
        Check(
            "cffconvert --validate",
            pins["cffconvert"],
            [program("citation", "cffconvert"), "--validate"],
        ),
        Check(
            "CITATION.cff schema",
            pins["check-jsonschema"],
            [*schema, "--builtin-schema", "vendor.citation-file-format", "CITATION.cff"],
        ),
        Check("reuse lint", pins["reuse"], [program("reuse", "reuse"), "--root", ".", "lint"]),
        Check("keepachangelog", pins["keepachangelog"], script("reuse", "read_changelog.py")),
        Check(
            "release.json by its schema",
            pins["check-jsonschema"],
            [*schema, "--schemafile", "schemas/release.schema.json", "release.json"],
        ),
        Check("index.html (extruct)", pins["extruct"], script("page", "read_page.py")),
        Check(
            "Hugging Face datasets",
            pins["datasets"],
            script("hugging-face", "load_hugging_face.py"),
        ),
    ]
    found += [
        Check(library, pins[library], script("readers", "read_tables.py", library))
        for library in ("pandas", "polars", "duckdb")
    ]
    if shutil.which("node"):
        [held] = [one for one in wanted["node"] if one.startswith("hyparquet")]
        words = ["node", str(CHECKS / "read_tables.mjs")]
        found.append(Check("hyparquet (JavaScript)", held.partition("@")[2], words))
    return found


def _words(text: str) -> list[str]:
    return text.split()


def judge(folder: Path, release: Path, found: list[Check], offline: list[str]) -> int:
    """Run every check on the release and its changed copies; the table, and how many failed."""
    work = folder / "work"
    environment = {
        "HF_HUB_OFFLINE": "1",
        "NODE_HOME": str(folder / "tools" / "node"),
        "XDG_CACHE_HOME": str(work / "cache"),
    }
    lines = [
        "| tool | version | the release | s | a changed Parquet cell | a changed CSV cell |",
        "|---|---|---|---:|---|---|",
    ]
    failed = 0
    for one in found:
        started = time.monotonic()
        done = run([*offline, *one.command], release, **environment)
        seconds = time.monotonic() - started
        told = []
        for kind in KINDS:
            copy = work / kind / release.name
            noticed = run([*offline, *one.command], copy, **environment).returncode != 0
            is_wrong = kind in one.must_notice and not noticed
            failed += is_wrong
            told.append(("noticed" if noticed else "not noticed") + (" WRONG" if is_wrong else ""))
        result = "accepted" if done.returncode == 0 else f"REFUSED ({done.returncode})"
        if done.returncode:
            failed += 1
            print(f"{one.tool}: {done.stdout[-2000:]}{done.stderr[-2000:]}", file=sys.stderr)
        lines.append(
            f"| {one.tool} | {one.version} | {result} | {seconds:.1f} | {' | '.join(told)} |"
        )
        print(lines[-1], flush=True)
    where = "without network" if offline else "with the network on"
    lines += ["", f"Of `{release.name}`, {where}. {SIGNED}"]
    (folder / "results.md").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return failed


def main() -> int:
    """Install, build, judge."""
    parser = argparse.ArgumentParser(description="Others judge a release of the shipped data.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--dataset", default="foreign-relations")
    asked = parser.parse_args()
    folder = asked.folder.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    install(folder)
    release, allowed = build(folder, asked.dataset)
    offline = OFFLINE if run([*OFFLINE, "true"], folder).returncode == 0 else []
    if not offline:
        print("== no `unshare` here: the network stays on", file=sys.stderr)
    failed = judge(folder, release, checks(folder, allowed), offline)
    print(f"== {folder / 'results.md'}: {failed or 'nothing'} wrong")
    return int(failed > 0)


if __name__ == "__main__":
    sys.exit(main())
