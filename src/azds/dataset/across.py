"""Articles against each other: whether two that list each other give one date."""

from collections.abc import Iterable, Sequence

from azds.checks.across import Across, Listed, Side, compare_sides
from azds.dataset.dataset import Dataset
from azds.dataset.snapshot import Snapshot
from azds.entities import states
from azds.errors import InvalidInputError, NotFoundError

__all__ = ["articles_of", "check_across", "side_of"]

TABLE = "relations"
_ADVICE = 'make one: azds new NAME --article "Foreign relations of ..." --subject ID'
_COLUMNS = ("counterpart", "status", "began", "began_also")


def articles_of(datasets: Iterable[Dataset]) -> tuple[list[Dataset], list[Dataset]]:
    """The datasets whose last revision says whose relations it holds, and the others.

    Raises:
        InvalidInputError: `bad-argument`, if none does.
        StorageError, IntegrityError: from the store.
    """
    articles: list[Dataset] = []
    others: list[Dataset] = []
    for dataset in datasets:
        labels = list(dataset)
        is_article = bool(labels) and _subject(dataset[labels[-1]]) is not None
        (articles if is_article else others).append(dataset)
    if not articles:
        raise InvalidInputError(
            "bad-argument",
            "no dataset of the store says whose relations it holds",
            got=", ".join(dataset.name for dataset in others) or "an empty store",
            advice=_ADVICE,
        )
    return articles, others


def check_across(articles: Sequence[tuple[Dataset, str | None]]) -> Across:
    """How far these articles agree on when relations began.

    Args:
        articles: Datasets, each with the label of a revision; None for its last.

    Raises:
        InvalidInputError: `bad-argument`, for fewer than two, two of one subject, or one
            whose subject is not known.
        NotFoundError: `unknown-revision`, `unknown-table`.
        StorageError, IntegrityError: from the store.
    """
    if len(articles) < 2:  # noqa: PLR2004 - it takes two
        raise InvalidInputError(
            "bad-argument", "one article alone cannot disagree", expected="two datasets or more"
        )
    sides = [side_of(dataset, label) for dataset, label in articles]
    seen: dict[str, Side] = {}
    for side in sides:
        if side.subject in seen:
            raise InvalidInputError(
                "bad-argument",
                "two datasets are about the same subject",
                where=f"{seen[side.subject].dataset} and {side.dataset}",
                got=side.subject,
            )
        seen[side.subject] = side
    return compare_sides(sides)


def side_of(dataset: Dataset, label: str | None = None) -> Side:
    """The relations that one revision of an article states; of the last, if no label is given.

    Raises:
        InvalidInputError: `bad-argument`, if it does not say whose relations they are.
        NotFoundError: `unknown-revision`, `unknown-table`.
    """
    labels = list(dataset)
    if label is None and not labels:
        raise NotFoundError("unknown-revision", "the dataset has no revisions", where=dataset.name)
    snapshot = dataset[label or labels[-1]]
    subject = _subject(snapshot)
    if subject is None:
        raise InvalidInputError(
            "bad-argument",
            "the dataset does not say whose relations it holds",
            where=dataset.name,
            advice=_ADVICE,
        )
    table = snapshot[TABLE].to_arrow()
    columns = [table.column(name).to_pylist() for name in _COLUMNS]
    return Side(
        dataset.name,
        snapshot.label,
        subject,
        {
            counterpart: Listed(status, began, tuple(also or ()))
            for counterpart, status, began, also in zip(*columns, strict=True)
        },
        is_complete=snapshot.manifest.tables[TABLE].coverage.level == "complete",
    )


def _subject(snapshot: Snapshot) -> str | None:
    """Whose relations a revision holds; None where it does not say."""
    subject = snapshot.manifest.about.get("subject")
    return subject if isinstance(subject, str) and subject in states() else None
