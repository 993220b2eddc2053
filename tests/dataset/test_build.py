"""Building a dataset from its sources: all revisions or none."""

import shutil
from pathlib import Path

import pytest
from tests.dataset.building import NAME, TEXTS, declare, make_store
from tests.store.making import files

import azds
from azds.dataset.build import build, check_build
from azds.errors import AzdsError
from azds.store.folder import open_store

CORRECTION = """
[[revisions.corrections]]
table = "counts"
key = "diplomatic_relations/countries/1"
column = "value"
expects = {expects}
value = 7
reason = "a test says so"
"""
HEADLINE = """
[[revisions.headline]]
measure = "diplomatic_relations"
scope = "countries"
value = 6
"""


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """A store with a declared, unbuilt dataset, and its sources beside it."""
    return make_store(tmp_path)


def test_a_build_reads_every_source_and_commits_once(store: Path) -> None:
    built = build(open_store(store), NAME, store.parent / "sources")
    assert (built.commit.number, dict(built.commit.folders)) == (1, {"old": "old", "new": "new"})
    assert built.rows["old"]["counts"] == 1
    assert built.to_document()["corrections"] == {"old": 0, "new": 0}
    things = azds.open(store)[NAME]
    assert list(things) == ["old", "new"]
    values = [things[label]["counts"].records[0].value for label in things]
    assert values == [5, 6]
    assert things["old"].manifest.about["title"] == "Invented"


def test_a_build_of_the_same_changes_nothing(store: Path) -> None:
    build(open_store(store), NAME, store.parent / "sources")
    before = files(store)
    built = build(open_store(store), NAME, store.parent / "sources")
    assert built.commit.is_empty
    assert built.commit.unchanged == ("old", "new")
    assert files(store) == before


def test_a_dataset_that_was_begun_and_never_committed_is_built(store: Path) -> None:
    open_store(store).create(NAME)
    built = build(open_store(store), NAME, store.parent / "sources")
    assert built.commit.number == 1


def test_a_build_gives_the_same_bytes_anywhere(tmp_path: Path) -> None:
    made = []
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        path = make_store(tmp_path / name)
        build(open_store(path), NAME, path.parent / "sources")
        made.append(files(path))
    assert made[0] == made[1]


def test_a_correction_sets_its_value_and_is_told(tmp_path: Path) -> None:
    path = make_store(tmp_path, extra=CORRECTION.format(expects=6))
    built = build(open_store(path), NAME, tmp_path / "sources")
    assert built.corrections == {"old": 0, "new": 1}
    snapshot = azds.open(path)[NAME]["new"]
    assert snapshot["counts"].records[0].value == 7
    assert snapshot.manifest.corrections[0].reason == "a test says so"


@pytest.mark.parametrize(
    ("words", "qualifier"),
    [
        ("6 countries", None),
        ("over 6 countries", "more_than"),
        ("over 6 countries. It has diplomatic relations with 6 countries", None),
        ("over 7 countries", None),
    ],
)
def test_a_declared_headline_takes_the_bound_of_the_row_that_states_it(
    tmp_path: Path, words: str, qualifier: str | None
) -> None:
    texts = {"only": TEXTS["old"].replace("5 countries", words)}
    path = make_store(tmp_path, texts, HEADLINE)
    build(open_store(path), NAME, tmp_path / "sources")
    snapshot = azds.open(path)[NAME]["only"]
    assert len(snapshot["counts"]) == words.count("countries")
    [headline] = snapshot.manifest.headline
    assert (headline.value, headline.qualifier) == (6, qualifier)


def test_a_check_finds_no_difference_after_a_build_and_names_the_first_one(store: Path) -> None:
    sources = store.parent / "sources"
    build(open_store(store), NAME, sources)
    before = files(store)
    assert check_build(open_store(store), NAME, sources) is None
    path = store / NAME / "dataset.toml"
    path.write_text(declare().replace("Invented", "Renamed"), encoding="utf-8")
    assert "old: about differ" in str(check_build(open_store(store), NAME, sources))
    path.write_text(declare(), encoding="utf-8")
    assert files(store) == before


NO_COUNTS = "[revisions.coverage.counts]\nlevel = 'partial'\nreason = 'invented'\n"
EDITS = {
    "declared badly": ("subject", "object"),
    "coverage missing": (NO_COUNTS, ""),
    "coverage of nothing": ("coverage.counts", "coverage.visits"),
    "absent yet stated": ("counts]\nlevel = 'partial'", "counts]\nlevel = 'absent'"),
    "unknown family": ("foreign-relations", "cooking"),
}


def spoil(store: Path, how: str) -> None:
    """Make the build fail."""
    sources, declared = store.parent / "sources", store / NAME / "dataset.toml"
    text = declared.read_text(encoding="utf-8")
    if how in EDITS:
        declared.write_text(text.replace(*EDITS[how]), encoding="utf-8")
    elif how == "stale correction":
        declared.write_text(text + CORRECTION.format(expects=99), encoding="utf-8")
    elif how == "not declared":
        declared.unlink()
    elif how == "a source is another text":
        (sources / "new.txt").write_text("Something else.", encoding="utf-8")
    elif how == "a source is missing":
        (sources / "new.txt").unlink()
    elif how == "no folder":
        shutil.rmtree(sources)


@pytest.mark.parametrize(
    ("how", "kind", "told"),
    [
        ("a source is missing", "source-missing", "no file here is the source of revision new"),
        ("a source is another text", "source-missing", "the source of revision new"),
        ("no folder", "source-missing", "no such file or folder"),
        ("not declared", "dataset-file-missing", "has no dataset.toml to build from"),
        ("declared badly", "dataset-file-invalid", "subject"),
        ("coverage missing", "bad-coverage", "revision old: every table needs its coverage"),
        ("coverage of nothing", "bad-coverage", "expected counts, got visits"),
        ("absent yet stated", "bad-coverage", "declared absent, but the source states 1 row"),
        ("stale correction", "correction-fails", "99"),
        ("unknown family", "unknown-table", "no extractors for this family"),
    ],
)
@pytest.mark.parametrize("before", ["unbuilt", "built"])
def test_a_build_that_cannot_be_done_is_refused_and_leaves_the_store_as_it_was(
    store: Path, before: str, how: str, kind: str, told: str
) -> None:
    if before == "built":
        build(open_store(store), NAME, store.parent / "sources")
    spoil(store, how)
    state = files(store)
    for act in (build, check_build):
        with pytest.raises(AzdsError, match=told) as caught:
            act(open_store(store), NAME, store.parent / "sources")
        assert caught.value.kind == kind
        assert "\n" not in str(caught.value)
    assert files(store) == state


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"Azerbaijan\x00has relations.", "binary"),
        (b"Azerbaijan \xff\xfe", "not UTF-8"),
        (b"a" * (5 * 1024 * 1024), "too large"),
    ],
    ids=["binary", "another encoding", "too large"],
)
def test_a_source_that_is_no_readable_text_is_refused(
    tmp_path: Path, data: bytes, told: str
) -> None:
    path = make_store(tmp_path, {"old": TEXTS["old"], "new": data})
    state = files(path)
    with pytest.raises(AzdsError, match=told) as caught:
        build(open_store(path), NAME, tmp_path / "sources")
    assert caught.value.kind == "source-unreadable"
    assert files(path) == state


def test_a_changed_text_makes_a_new_edition_and_the_old_one_stays(tmp_path: Path) -> None:
    path = make_store(tmp_path)
    build(open_store(path), NAME, tmp_path / "sources")
    changed = dict(TEXTS) | {"new": TEXTS["new"].replace("6", "8")}
    (tmp_path / "sources" / "new2.txt").write_text(changed["new"], encoding="utf-8")
    (path / NAME / "dataset.toml").write_text(declare(changed), encoding="utf-8")
    built = build(open_store(path), NAME, tmp_path / "sources")
    assert dict(built.commit.folders) == {"new": "new@2"}
    assert azds.open(path)[NAME]["new"]["counts"].records[0].value == 8
    assert (path / NAME / "new" / "manifest.json").exists()
