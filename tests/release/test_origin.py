"""Where a revision came from: its permalink where its id is known, else what is known instead."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

import azds
from azds.release.build import build_release
from azds.release.contents import Request
from azds.release.origin import read_origin
from azds.store.manifest import Manifest


def _manifest(**origin: str) -> Manifest:
    """The newest shipped manifest, with more said of its origin."""
    found = azds.open()["foreign-relations"]["current"].manifest
    about = dict(found.about)
    known = about["origin"]
    assert hasattr(known, "items")
    about["origin"] = {**dict(known), **origin}  # type: ignore[arg-type]
    return replace(found, about=about)


@pytest.mark.parametrize("name", ["revision", "revision_id", "oldid"])
def test_a_permalink_is_made_of_the_history_and_the_id(name: str) -> None:
    [revision] = read_origin((_manifest(**{name: "1100000001"}),)).revisions
    start = "https://en.wikipedia.org/w/index.php?title=Foreign_relations_of_Azerbaijan"
    assert revision.permalink == f"{start}&oldid=1100000001"


def test_a_permalink_that_is_given_is_taken() -> None:
    [revision] = read_origin((_manifest(permalink="https://example.org/?oldid=1"),)).revisions
    assert revision.permalink == "https://example.org/?oldid=1"


@pytest.mark.parametrize("number", ["", "1&action=delete", "٣", "-1"])
def test_what_is_no_id_makes_no_permalink(number: str) -> None:
    [revision] = read_origin((_manifest(revision_id=number),)).revisions
    assert revision.permalink == ""
    assert revision.date == "undated"
    assert revision.source.startswith("sha256:")


def test_permalinks_reach_every_document(tmp_path: Path) -> None:
    dataset = azds.open()["foreign-relations"]
    snapshot = dataset["current"]
    snapshot.manifest = _manifest(revision_id="42")
    built = build_release(dataset, tmp_path, Request("2026-11-22", ("current",)))
    link = read_origin((snapshot.manifest,)).revisions[0].permalink
    assert f"<{link}>" in (built.path / "ATTRIBUTION.md").read_text(encoding="utf-8")
    assert link in (built.path / "CITATION.cff").read_text(encoding="utf-8")
    page = (built.path / "index.html").read_text(encoding="utf-8")
    assert link.replace("&", "&amp;") in page
    croissant = json.loads((built.path / "croissant.json").read_bytes())
    assert croissant["prov:wasDerivedFrom"] == [{"@id": link}]
    package = json.loads((built.path / "datapackage.json").read_bytes())
    assert package["sources"][0]["path"] == link
