# ruff: noqa: E501 - markup reads best in one line
"""Datasets against each other."""

from pathlib import Path

import pytest

from azds.dataset.across import articles_of, check_across
from azds.dataset.dataset import Dataset
from azds.dataset.ingesting import ingest, new_article
from azds.errors import InvalidInputError, NotFoundError
from azds.store.folder import StoreFolder, init_store


def article(store: StoreFolder, subject: str, *dates: tuple[str, str]) -> Dataset:
    """A dataset of one article: one revision for each pair of a counterpart and a date."""
    name = subject.lower()
    new_article(store, name, article=f"Foreign relations of {subject}", subject=subject)
    for number, (counterpart, date) in enumerate(dates):
        path = store.path.parent / f"{name}-{number}.txt"
        path.write_text(
            f"'''{subject}''' is a state.\n\n== List ==\n"
            f'{{| class="wikitext"\n! # !! Country !! Date\n|-\n| 1 || [[{counterpart}]] || {date}\n|}}\n',
            encoding="utf-8",
        )
        ingest(store.dataset(name), [path])
    return Dataset(store.dataset(name))


def test_two_articles_that_list_each_other_are_compared_in_the_revisions_asked_for(
    tmp_path: Path,
) -> None:
    store = init_store(tmp_path / "s")
    fiji = article(store, "Fiji", ("Nauru", "10 May 1970"), ("Nauru", "12 May 1970"))
    nauru = article(store, "Nauru", ("Fiji", "12 May 1970"))
    assert [pair.kind for pair in check_across([(fiji, None), (nauru, None)]).pairs] == ["equal"]
    [pair] = check_across([(fiji, "fiji-0"), (nauru, None)]).pairs
    assert (pair.kind, pair.days) == ("differ", 2)


def test_datasets_without_a_subject_or_a_revision_are_told_apart(tmp_path: Path) -> None:
    store = init_store(tmp_path / "s")
    fiji = article(store, "Fiji", ("Nauru", "10 May 1970"))
    own, empty = Dataset(store.create("own")), article(store, "Tonga")
    assert articles_of([own, fiji, empty]) == ([fiji], [own, empty])
    with pytest.raises(
        InvalidInputError, match=r"says whose .* got own, tonga; make one: azds new"
    ):
        articles_of([own, empty])


def test_what_cannot_be_compared_is_refused(tmp_path: Path) -> None:
    store = init_store(tmp_path / "s")
    fiji = article(store, "Fiji", ("Nauru", "10 May 1970"))
    with pytest.raises(InvalidInputError, match="alone"):
        check_across([(fiji, None)])
    with pytest.raises(InvalidInputError, match="same subject"):
        check_across([(fiji, None), (fiji, None)])
    with pytest.raises(NotFoundError, match="no revisions"):
        check_across([(fiji, None), (article(store, "Tonga"), None)])
