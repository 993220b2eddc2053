# ruff: noqa: E501 - markup reads best in one line
"""Articles of one's own: declared, filled, and nothing twice."""

from pathlib import Path

import pytest

from azds.dataset.ingesting import Ingested, ingest, new_article, read_article
from azds.errors import ExistsError, InvalidInputError, NotFoundError
from azds.store.folder import DatasetFolder, init_store

TITLE = "Foreign relations of Fiji"


def text(number: int) -> str:
    return f"'''Fiji''' is a [[state]]. Fiji has diplomatic relations with {number} countries.\n\n== Notes ==\nNo."


def export(path: Path, *revisions: tuple[int, str, str], title: str = TITLE) -> Path:
    made = "".join(
        f"<revision><id>{n}</id><timestamp>{at}</timestamp><text>{words}</text></revision>"
        for n, at, words in revisions
    )
    path.write_text(
        f"<mediawiki><page><title>{title}</title><ns>0</ns>{made}</page></mediawiki>",
        encoding="utf-8",
    )
    return path


@pytest.fixture
def folder(tmp_path: Path) -> DatasetFolder:
    return new_article(
        init_store(tmp_path / "s"),
        "fiji",
        article=TITLE,
        subject="Fiji",
        site="https://w.example/w/",
    )


def labels(folder: DatasetFolder) -> list[str]:
    return [one.label for one in folder.revisions()]


def test_a_new_article_says_what_it_is(folder: DatasetFolder) -> None:
    article = read_article(folder)
    assert (article.subject, article.title, article.family) == ("FJI", TITLE, "foreign-relations")


def test_an_unknown_subject_is_refused_with_the_near_ones(tmp_path: Path) -> None:
    with pytest.raises(InvalidInputError, match="FJI"):
        new_article(init_store(tmp_path / "s"), "a", article="A", subject="FJJ")


def test_a_dataset_is_not_made_twice(folder: DatasetFolder) -> None:
    with pytest.raises(ExistsError):
        new_article(folder.store, "fiji", article="A", subject="FJI")


def test_a_dataset_without_a_declaration_says_how_to_make_one(tmp_path: Path) -> None:
    bare = init_store(tmp_path / "s").create("bare")
    with pytest.raises(NotFoundError, match="azds new"):
        ingest(bare, [])


def test_a_dataset_that_is_no_articles_says_how_to_make_one(tmp_path: Path) -> None:
    own = init_store(tmp_path / "s").create("own")
    (own.path / "dataset.toml").write_text("[tables.t]\nkey = ['id']\n", "utf-8")
    with pytest.raises(InvalidInputError) as caught:
        ingest(own, [])
    assert caught.value.kind == "dataset-file-invalid"
    assert "own is not an article's: it declares no title and no subject; " in str(caught.value)
    assert "azds new NAME --article" in str(caught.value)


def test_each_revision_has_its_day_and_its_permalink(folder: DatasetFolder, tmp_path: Path) -> None:
    dump = export(
        tmp_path / "d.xml",
        (7, "2020-01-02T03:00:00Z", text(1)),
        (8, "2020-01-02T09:00:00Z", text(2)),
        (9, "2021-05-06T00:00:00Z", text(3)),
    )
    ingest(folder, [dump])
    assert labels(folder) == ["2020-01-02", "2020-01-02-8", "2021-05-06"]
    last = folder.revisions()[-1]
    assert last.about["origin"]["permalink"] == "https://w.example/w/index.php?oldid=9"  # type: ignore[index,call-overload]
    assert (last.date, last.headline[0].value) == ("2021-05-06", 3)


def test_a_bound_is_the_headline_only_where_no_number_stands_as_it_is(
    folder: DatasetFolder, tmp_path: Path
) -> None:
    said = "Fiji has diplomatic relations with "
    dump = export(
        tmp_path / "d.xml",
        (1, "2020-01-01T00:00:00Z", f"{said}more than 130 countries."),
        (2, "2021-01-01T00:00:00Z", f"{said}over 130 countries.\n\n{said}142 countries."),
    )
    ingest(folder, [dump])
    heads = [one.headline for one in folder.revisions()]
    assert [(one.value, one.qualifier) for (one,) in heads] == [(130, "more_than"), (142, None)]


def test_revisions_stand_in_their_order_whenever_they_come(
    folder: DatasetFolder, tmp_path: Path
) -> None:
    ingest(folder, [export(tmp_path / "new.xml", (9, "2021-05-06T00:00:00Z", text(3)))])
    ingest(folder, [export(tmp_path / "old.xml", (2, "2019-05-06T00:00:00Z", text(1)))])
    assert labels(folder) == ["2019-05-06", "2021-05-06"]


def test_an_edit_that_was_undone_is_not_ingested(folder: DatasetFolder, tmp_path: Path) -> None:
    dump = export(
        tmp_path / "d.xml",
        (1, "2020-01-01T00:00:00Z", text(1)),
        (2, "2020-01-02T00:00:00Z", "Fiji is bad bad bad."),
        (3, "2020-01-03T00:00:00Z", text(1)),
        (4, "2020-01-04T00:00:00Z", text(2)),
    )
    done = ingest(folder, [dump])
    assert labels(folder) == ["2020-01-01", "2020-01-04"]
    assert dict(done.refused) == {"reverted": 1, "revert": 1}


def test_the_same_file_again_adds_nothing(folder: DatasetFolder, tmp_path: Path) -> None:
    dump = export(tmp_path / "d.xml", (1, "2020-01-01T00:00:00Z", text(1)))
    ingest(folder, [dump])
    again = ingest(folder, [dump])
    assert not again.labels
    assert dict(again.refused) == {"already-there": 1}


def test_what_is_not_the_article_is_refused_and_the_run_goes_on(
    folder: DatasetFolder, tmp_path: Path
) -> None:
    inputs = {
        "a-redirect.txt": "#REDIRECT [[Foreign relations of Tonga]]",
        "b-other.txt": "Peru is far away. Chile is near to it.",
        "c-broken.json": '{"query": ',
        "d-binary.txt": "Fiji\x00",
        "e-good.txt": text(5),
    }
    for name, words in inputs.items():
        (tmp_path / name).write_text(words, encoding="utf-8")
    other = export(tmp_path / "f.xml", (1, "2020-01-01T00:00:00Z", text(1)), title="Fiji Water")
    done = ingest(folder, [*(tmp_path / name for name in inputs), other])
    assert list(done.labels) == ["e-good"]
    assert done.refused == {"redirect": 1, "wrong-article": 2, "source-unreadable": 2}
    assert len(done.told) == 5
    assert ingest(folder, [other], any_title=True).labels


def test_names_that_mean_nothing_are_counted(folder: DatasetFolder, tmp_path: Path) -> None:
    rows = "".join(
        f"|-\n|{n}\n|{{{{flag|{name}}}}}\n|1990\n" for n, name in enumerate(("Buglaria", "Japan"))
    )
    table = f"Fiji is far.\n{{|\n!#\n!Country\n!Date\n{rows}|}}\n"
    for name in ("a", "b"):
        (tmp_path / f"{name}.txt").write_text(f"{table}{name}", encoding="utf-8")
    done: Ingested = ingest(folder, [tmp_path / "a.txt", tmp_path / "b.txt"])
    assert done.unresolved == {"Buglaria": 2}
    assert [one.tables["relations"].coverage.level for one in folder.revisions()] == ["partial"] * 2


def test_texts_are_kept_by_digest_where_that_is_asked_for(
    folder: DatasetFolder, tmp_path: Path
) -> None:
    (tmp_path / "a.txt").write_text(text(1), encoding="utf-8")
    ingest(folder, [tmp_path / "a.txt"], texts=tmp_path / "texts")
    [kept] = (tmp_path / "texts").iterdir()
    source = folder.revisions()[0].source
    assert source is not None
    assert kept.name == f"{source.digest[7:]}.txt"
    assert kept.read_text(encoding="utf-8") == text(1)


def test_a_form_that_is_given_is_used_and_an_unknown_one_refused(
    folder: DatasetFolder, tmp_path: Path
) -> None:
    (tmp_path / "a.txt").write_text(text(1), encoding="utf-8")
    with pytest.raises(InvalidInputError, match="unknown style"):
        ingest(folder, [tmp_path / "a.txt"], form="papyrus")
    assert ingest(folder, [tmp_path / "a.txt"], form="plain-lines").forms == {"plain-lines": 1}


def test_a_file_that_is_not_there_is_told(folder: DatasetFolder, tmp_path: Path) -> None:
    with pytest.raises(NotFoundError):
        ingest(folder, [tmp_path / "nothing"])


def test_a_process_beside_changes_nothing_that_is_stored(tmp_path: Path) -> None:
    revisions = [(n, f"2020-01-01T00:{n % 60:02}:00Z", text(n)) for n in range(1, 59)]
    dump = export(
        tmp_path / "dump.xml", *revisions, (59, "2020-01-02T00:00:00Z", "#REDIRECT [[A]]")
    )
    stored = []
    for workers in (0, 1):
        made = new_article(
            init_store(tmp_path / f"s{workers}"), "fiji", article=TITLE, subject="Fiji"
        )
        done = ingest(made, [dump], workers=workers)
        assert done.refused == {"redirect": 1}
        files = sorted(path for path in made.path.rglob("*") if path.is_file())
        stored.append([(path.relative_to(made.path), path.read_bytes()) for path in files])
    assert len(stored[0]) > 58
    assert stored[0] == stored[1]
