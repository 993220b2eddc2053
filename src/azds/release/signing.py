"""SSH signatures over `SHA256SUMS`, made and checked by `ssh-keygen` alone.

Keys in an agent or on a token sign too: give the public key's file, and `ssh-keygen` asks the
agent. azds never reads a key.
"""

import os
import re
import shlex
import shutil
import subprocess
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path

from azds.errors import InvalidInputError
from azds.release.names import SIGNATURE_FILE, SUMS_FILE
from azds.release.refused import ReleaseRefusedError

__all__ = ["NAMESPACE", "Signers", "check_signature", "sign"]

NAMESPACE = "azds-release"
"""What a signature is for: one made for mail or for git does not pass as one of a release."""

_TIMEOUT = 300
_IDENTITY = re.compile(r"[^\s\x00-\x1f\x7f,*?!\"'-][^\s\x00-\x1f\x7f,*?!\"']{0,199}")


@dataclass(frozen=True, slots=True)
class Signers:
    """Whose signature counts.

    Attributes:
        allowed: A file of `allowed_signers` (ssh-keygen(1)), from another place than the release.
        identity: Of the signer; empty for any that the file allows.
        revoked: A key revocation list, or a file of revoked keys.
        at: The time that keys have to be valid at, as ``20261122Z``; now where empty.
    """

    allowed: Path
    identity: str = ""
    revoked: Path | None = None
    at: str = ""


def sign(data: Path, key: Path) -> None:
    """Sign a file: ``<file>.sig`` is written beside it.

    Raises:
        ReleaseRefusedError: `release-signature`.
    """
    done = _run(["-Y", "sign", "-f", str(key), "-n", NAMESPACE, str(data)], None)
    if done.returncode or not data.with_name(f"{data.name}.sig").is_file():
        raise ReleaseRefusedError(
            "release-signature",
            "ssh-keygen did not sign",
            where=str(key),
            got=_said(done),
            advice="give a private key, or the public key of one that the agent holds",
        )


def check_signature(data: bytes, signature: bytes, signers: Signers, where: str) -> str:
    """Who signed these bytes; the identity is one that `signers` allows.

    Raises:
        ReleaseRefusedError: `release-signature`: wrong, expired, revoked or unknown key.
    """
    if signers.identity and not _IDENTITY.fullmatch(signers.identity):
        raise InvalidInputError(
            "bad-argument", "this is no identity of a signer", got=repr(signers.identity[:80])
        )
    for file in (signers.allowed, signers.revoked):
        if file is not None and not file.is_file():
            raise InvalidInputError("bad-argument", "there is no such file", where=str(file))
    with tempfile.TemporaryDirectory(prefix="azds-sig-") as folder:
        held = Path(folder) / SIGNATURE_FILE
        held.write_bytes(signature)
        identity = signers.identity or _principal(held, signers, data, where)
        done = _run([*_verify(held, signers), "-I", identity], data)
        if not done.returncode:
            return identity
        unasked = replace(signers, revoked=None)
        is_revoked = (
            signers.revoked and not _run([*_verify(held, unasked), "-I", identity], data).returncode
        )
    raise _refused(where, "one by a revoked key" if is_revoked else _said(done), identity)


def commands(signers: Signers | None, signed_by: str = "") -> list[str]:
    """The plain commands that a check stands for, to be run in the release's folder."""
    lines = [f"sha256sum -c --quiet --strict {SUMS_FILE}"]
    if signers is not None:
        revoked = f" -r {_quoted(signers.revoked)}" if signers.revoked else ""
        at = f" -O verify-time={shlex.quote(signers.at)}" if signers.at else ""
        name = shlex.quote(signed_by or signers.identity or "IDENTITY")
        lines.append(
            f"ssh-keygen -Y verify -f {_quoted(signers.allowed)} -I {name} "
            f"-n {NAMESPACE}{at}{revoked} -s {SIGNATURE_FILE} < {SUMS_FILE}"
        )
    return lines


def _quoted(path: Path | None) -> str:
    return shlex.quote(str(path.absolute())) if path else ""


def _verify(held: Path, signers: Signers) -> list[str]:
    options = ["-Y", "verify", "-n", NAMESPACE, "-s", str(held), "-f", str(signers.allowed)]
    if signers.at:
        options += ["-O", f"verify-time={signers.at}"]
    return [*options, *(["-r", str(signers.revoked)] if signers.revoked else [])]


def _principal(held: Path, signers: Signers, data: bytes, where: str) -> str:
    """The identity that the file gives the signing key; the first, where there are several."""
    options = ["-Y", "find-principals", "-s", str(held), "-f", str(signers.allowed)]
    if signers.at:
        options += ["-O", f"verify-time={signers.at}"]
    done = _run(options, data)
    found = done.stdout.decode("utf-8", "replace").split("\n")[0].strip()
    if done.returncode or not _IDENTITY.fullmatch(found):
        raise _refused(where, _said(done), f"a key that {signers.allowed} allows now")
    return found


def _refused(where: str, said: str, identity: str) -> ReleaseRefusedError:
    return ReleaseRefusedError(
        "release-signature",
        "the signature does not hold; nothing of it was used",
        where=where,
        expected=f"a signature by {identity}",
        got=said,
        advice="get the release, or the signers' keys, from its publisher again",
    )


def _run(options: list[str], data: bytes | None) -> subprocess.CompletedProcess[bytes]:
    program = shutil.which("ssh-keygen")
    if program is None:
        raise ReleaseRefusedError(
            "release-signature",
            "ssh-keygen is not installed",
            advice="install OpenSSH 8.2 or newer",
        )
    try:
        return subprocess.run(  # noqa: S603 - fixed program, options as a list
            [program, *options],
            input=data,
            stdin=subprocess.DEVNULL if data is None else None,
            capture_output=True,
            timeout=_TIMEOUT,
            check=False,
            env={**os.environ, "LC_ALL": "C"},
        )
    except subprocess.TimeoutExpired as error:
        raise ReleaseRefusedError("release-signature", "ssh-keygen did not answer") from error


def _said(done: subprocess.CompletedProcess[bytes]) -> str:
    lines = (done.stderr or done.stdout).decode("utf-8", "replace").split("\n")
    told = "; ".join(line.strip().rstrip(".") for line in lines if line.strip())
    return told[:300] or f"exit code {done.returncode}"
