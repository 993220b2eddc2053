"""What a release holds, that it refuses to say less than it must, and that it repeats itself."""

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import jsonschema
import pyarrow.parquet as pq
import pytest
from tests.release.making import Maker, cities

import azds
from azds.errors import InvalidInputError
from azds.release.build import build_release
from azds.release.contents import Request
from azds.release.refused import ReleaseRefusedError


def _files(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_the_shipped_data_are_released_with_every_document(tmp_path: Path) -> None:
    built = build_release(
        azds.open()["foreign-relations"], tmp_path, Request("2026-11-22", ("all",))
    )
    assert built.path.name == "foreign-relations-1.0.0"
    held = _files(built.path)
    assert {
        "ATTRIBUTION.md",
        "CHANGELOG.md",
        "CITATION.cff",
        "LICENSES/CC-BY-SA-4.0.txt",
        "LICENSES/CC0-1.0.txt",
        "README.md",
        "REUSE.toml",
        "SHA256SUMS",
        "croissant.json",
        "csv/relations/relations_2016.csv",
        "data/relations/relations_2016.parquet",
        "datapackage.json",
        "diffs/relations/relations_2016__interim.parquet",
        "index.html",
        "release.json",
        "schemas/relations.json",
    } <= set(held)
    names = [path.rpartition("/")[2] for path in held]
    assert len(names) == len(set(names)), "base names are unique: some places are flat"
    told = (built.path / "ATTRIBUTION.md").read_text(encoding="utf-8")
    for manifest in (one.manifest for one in built.contents.snapshots):
        assert manifest.source is not None
        assert manifest.source.digest.partition(":")[2] in told
    assert told.count("undated") == 2
    assert "the revision id is not known" in told
    assert "action=history" in told


def test_an_article_whose_history_is_unknown_says_so(tmp_path: Path) -> None:
    built = build_release(azds.open()["war-reactions"], tmp_path, Request("2026-11-22", ("all",)))
    told = (built.path / "ATTRIBUTION.md").read_text(encoding="utf-8")
    assert "the copy does not give the title of its article" in told


@pytest.mark.parametrize("missing", ["creator", "licence", "origin"])
def test_an_own_dataset_says_whose_it_is(tmp_path: Path, missing: str) -> None:
    maker = Maker(tmp_path)
    store = azds.init(tmp_path / "bare")
    declared = {"creator": "A", "licence": "CC0-1.0", "origin": "B"}
    declared.pop(missing)
    store.create("cities").commit("1", {"city": cities()}, key="id")
    request = Request("2026-11-22", declared=declared)
    with pytest.raises(ReleaseRefusedError, match=missing):
        build_release(azds.open(store.path)["cities"], maker.out, request)
    assert not maker.out.exists() or list(maker.out.iterdir()) == []


@pytest.mark.parametrize("lost", ["article", "attribution", "licence", "history"])
def test_a_dataset_with_sources_attributes_them(tmp_path: Path, lost: str) -> None:
    dataset = azds.open()["foreign-relations"]
    for label in dataset:
        about = dict(dataset[label].manifest.about)
        origin = about["origin"]
        assert isinstance(origin, Mapping)
        about["origin"] = {name: value for name, value in origin.items() if name != lost}
        object.__setattr__(dataset[label].manifest, "about", about)
    with pytest.raises(ReleaseRefusedError, match=lost):
        build_release(dataset, tmp_path, Request("2026-11-22", ("all",)))


def test_a_licence_without_its_text_is_refused(maker: Maker) -> None:
    maker.commit("1")
    with pytest.raises(ReleaseRefusedError, match="--licence-file"):
        maker.build(declared={"licence": "EUPL-1.2"})
    with pytest.raises(InvalidInputError, match="SPDX"):
        maker.build(declared={"licence": "../x"})


def test_the_newest_revision_is_the_default(maker: Maker) -> None:
    built = maker.commit("1").commit("2").build(revisions=("latest",))
    assert [part.path for part in built.contents.parts] == ["data/city/city_2.parquet"]
    card = (built.path / "README.md").read_text(encoding="utf-8")
    assert "split: train" in card
    assert "rev_" not in card.partition("## Tables")[0]


def test_the_same_bytes_whatever_the_machine(tmp_path: Path) -> None:
    here = build_release(
        azds.open()["foreign-relations"], tmp_path / "a", Request("2026-11-22", ("all",))
    )
    environment = {
        **os.environ,
        "TZ": "Pacific/Kiritimati",
        "LC_ALL": "C",
        "LANG": "tr_TR.UTF-8",
        "PYTHONHASHSEED": "7",
        "SOURCE_DATE_EPOCH": "1795305600",
        "HOME": str(tmp_path),
    }
    command = "release build --revisions all -o"
    subprocess.run(  # noqa: S603 - our own program
        [
            sys.executable,
            "-c",
            "from azds.cli import main; main()",
            *command.split(),
            str(tmp_path / "b"),
        ],
        env=environment,
        check=True,
        capture_output=True,
        cwd=tmp_path,
    )
    assert _files(here.path) == _files(tmp_path / "b" / here.path.name)


def test_the_record_is_as_its_schema_says(maker: Maker) -> None:
    built = maker.commit("1").commit("2", cities({"baku": 1})).build()
    document = json.loads((built.path / "release.json").read_bytes())
    schema = json.loads((built.path / "schemas/release.schema.json").read_bytes())
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.Draft202012Validator(schema).validate(document)
    rows = json.loads((built.path / "schemas/city.json").read_bytes())
    jsonschema.Draft202012Validator.check_schema(rows)
    jsonschema.Draft202012Validator(rows).validate({"id": "baku", "population": 1})


def test_values_cannot_escape_into_the_documents(maker: Maker) -> None:
    evil = '</script><script>alert(1)</script>"|`]\n# x'
    maker.commit("1", cities({evil.replace("\n", " "): 1, "=cmd()": 2}))
    maker.commit("2", cities({"b": 1}))
    built = maker.build(declared={"title": evil, "creator": evil, "origin": "javascript:alert(1)"})
    page = (built.path / "index.html").read_text(encoding="utf-8")
    assert "<script>alert" not in page
    assert 'href="javascript' not in page
    assert json.loads(page.partition('ld+json">')[2].partition("</script>")[0])["name"] == evil
    for name in ("README.md", "ATTRIBUTION.md", "CHANGELOG.md"):
        text = (built.path / name).read_text(encoding="utf-8").rpartition("\n---\n")[2]
        assert "<script" not in text.replace("\\<", "")
        assert "\n# x" not in text
    assert '"\'=cmd()"' in (built.path / "csv/city/city_1.csv").read_text(encoding="utf-8")
    table = pq.read_table(built.path / "data/city/city_1.parquet")
    assert "=cmd()" in table["id"].to_pylist()


def test_a_release_is_never_written_over(maker: Maker) -> None:
    maker.commit("1").build()
    with pytest.raises(ReleaseRefusedError) as refused:
        maker.build()
    assert refused.value.kind == "release-exists"
    assert [one.name for one in maker.out.iterdir()] == ["cities-1.0.0"]
