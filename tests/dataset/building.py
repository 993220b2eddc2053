"""What the tests of `build` share: an invented dataset of two texts, declared and ready."""

import hashlib
from collections.abc import Mapping
from pathlib import Path

from azds.ingest.extract import FAMILIES
from azds.store import init_store

__all__ = ["FAMILY", "NAME", "TEXTS", "declare", "make_store"]

NAME = "invented"
FAMILY = "foreign-relations"
TEXTS = {
    "old": "Azerbaijan is a member of the United Nations. "
    "It has diplomatic relations with 5 countries.\n",
    "new": "Azerbaijan is a member of the United Nations. "
    "It has diplomatic relations with 6 countries.\n",
}


def make_store(path: Path, texts: Mapping[str, str | bytes] = TEXTS, extra: str = "") -> Path:
    """A store with a declared, unbuilt dataset, and its sources beside it; gives the store."""
    init_store(path / "store")
    (path / "store" / NAME).mkdir()
    sources = path / "sources"
    sources.mkdir()
    for label, text in texts.items():
        (sources / f"{label}.txt").write_bytes(_bytes(text))
    (path / "store" / NAME / "dataset.toml").write_text(declare(texts, extra), encoding="utf-8")
    return path / "store"


def declare(texts: Mapping[str, str | bytes] = TEXTS, extra: str = "") -> str:
    """The `dataset.toml` of these texts; `extra` comes at the end."""
    coverage = "".join(
        f"[revisions.coverage.{table}]\nlevel = 'partial'\nreason = 'invented'\n"
        for table in FAMILIES[FAMILY]
    )
    revisions = "".join(
        f"[[revisions]]\nlabel = '{label}'\nstyle = 'plain-lines'\n"
        f"source = 'sha256:{hashlib.sha256(_bytes(text)).hexdigest()}'\n{coverage}"
        for label, text in texts.items()
    )
    head = f"format = 0\ntitle = 'Invented'\nsubject = 'AZE'\nfamily = '{FAMILY}'\n"
    return head + revisions + extra


def _bytes(text: str | bytes) -> bytes:
    return text if isinstance(text, bytes) else text.encode()
