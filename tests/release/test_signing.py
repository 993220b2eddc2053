"""Signatures: made and checked by ssh-keygen, with keys in files and in an agent."""

import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.release.making import Maker

from azds.release.build import Built
from azds.release.refused import ReleaseRefusedError
from azds.release.signing import Signers, sign
from azds.release.verify import verify_release

pytestmark = pytest.mark.skipif(shutil.which("ssh-keygen") is None, reason="needs OpenSSH")
NAME = "release@example.org"


def _run(*words: str, **options: object) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(words, check=True, capture_output=True, **options)  # type: ignore[call-overload,no-any-return]  # noqa: S603 - the tests' own programs


def _key(folder: Path, name: str) -> Path:
    path = folder / name
    _run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "", "-f", str(path))
    return path


def _allowed(folder: Path, key: Path, options: str = "") -> Path:
    public = key.with_name(f"{key.name}.pub").read_text(encoding="utf-8")
    file = folder / f"allowed-{len(list(folder.iterdir()))}"
    file.write_text(f'{NAME} namespaces="azds-release"{options} {public}', encoding="utf-8")
    return file


@pytest.fixture
def key(tmp_path: Path) -> Path:
    """The publisher's key."""
    return _key(tmp_path, "key")


@pytest.fixture
def signed(maker: Maker, key: Path) -> Built:
    """A signed release."""
    built = maker.commit("1").build()
    sign(built.path / "SHA256SUMS", key)
    return built


def test_a_signature_holds_and_says_whose_it_is(signed: Built, tmp_path: Path, key: Path) -> None:
    allowed = _allowed(tmp_path, key)
    assert verify_release(signed.path, Signers(allowed)).signed_by == NAME
    found = verify_release(signed.path, Signers(allowed, NAME))
    assert (found.faults, found.signed_by) == ((), NAME)
    sums, ssh = found.commands
    assert subprocess.run(sums, shell=True, cwd=signed.path, check=False).returncode == 0  # noqa: S602 - as printed
    done = subprocess.run(ssh, shell=True, cwd=signed.path, check=False, capture_output=True)  # noqa: S602 - as printed
    assert done.returncode == 0, done.stderr


def test_a_key_in_an_agent_signs(maker: Maker, key: Path, agent: dict[str, str]) -> None:
    assert "SSH_AUTH_SOCK" in agent
    built = maker.commit("1").build()
    _run("ssh-add", "-q", str(key))
    key.unlink()
    sign(built.path / "SHA256SUMS", key.with_name("key.pub"))
    assert verify_release(built.path, Signers(_allowed(key.parent, key))).signed_by == NAME


@pytest.fixture
def agent(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[dict[str, str]]:
    """An agent of the test's own."""
    socket = tmp_path / "agent"
    if len(str(socket)) > 100:
        pytest.skip("the path of the agent's socket is too long here")
    process = subprocess.Popen(  # noqa: S603 - an agent of our own
        ["ssh-agent", "-D", "-a", str(socket)],  # noqa: S607 - the one on PATH
        stdout=subprocess.DEVNULL,
    )
    monkeypatch.setenv("SSH_AUTH_SOCK", str(socket))
    for _ in range(500):
        if socket.exists():
            break
        time.sleep(0.01)
    yield dict(os.environ)
    process.terminate()
    process.wait()


def _faults(release: Built, signers: Signers) -> str:
    found = verify_release(release.path, signers)
    assert found.signed_by == ""
    return "\n".join(found.faults)


def test_every_wrong_key_is_refused(signed: Built, tmp_path: Path, key: Path) -> None:
    other = _key(tmp_path, "other")
    good = _allowed(tmp_path, key)
    revoked = tmp_path / "revoked"
    shutil.copy(key.with_name("key.pub"), revoked)
    cases = {
        "another key": Signers(_allowed(tmp_path, other), NAME),
        "another identity": Signers(good, "else@example.org"),
        "expired": Signers(_allowed(tmp_path, key, ',valid-before="20200101Z"')),
        "expired then": Signers(
            _allowed(tmp_path, key, ',valid-before="20270101Z"'), at="20280101Z"
        ),
        "revoked": Signers(good, NAME, revoked=revoked),
    }
    for case, signers in cases.items():
        assert "the signature does not hold" in _faults(signed, signers), case
    krl = tmp_path / "krl"
    _run("ssh-keygen", "-q", "-k", "-f", str(krl), str(key.with_name("key.pub")))
    assert "the signature does not hold" in _faults(signed, Signers(good, revoked=krl))
    assert verify_release(signed.path, Signers(good)).faults == ()


def test_a_signature_for_something_else_does_not_count(
    maker: Maker, tmp_path: Path, key: Path
) -> None:
    built = maker.commit("1").build()
    _run(
        "ssh-keygen",
        "-q",
        "-Y",
        "sign",
        "-f",
        str(key),
        "-n",
        "git",
        str(built.path / "SHA256SUMS"),
    )
    assert "does not hold" in _faults(built, Signers(_allowed(tmp_path, key)))


def test_an_unsigned_release_is_refused_where_a_signature_is_asked_for(
    maker: Maker, tmp_path: Path, key: Path
) -> None:
    built = maker.commit("1").build()
    assert "is not signed" in _faults(built, Signers(_allowed(tmp_path, key)))


def test_a_key_that_is_not_there_signs_nothing(maker: Maker, tmp_path: Path) -> None:
    built = maker.commit("1").build()
    with pytest.raises(ReleaseRefusedError, match="did not sign"):
        sign(built.path / "SHA256SUMS", tmp_path / "none")
    assert not (built.path / "SHA256SUMS.sig").exists()
