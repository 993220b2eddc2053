"""Articles against each other: whether two that list each other give one date."""

from collections.abc import Sequence

from azds.checks.across import Across, Listed, Side, compare_sides
from azds.dataset.dataset import Dataset
from azds.entities import states
from azds.errors import InvalidInputError, NotFoundError

__all__ = ["check_across", "side_of"]

TABLE = "relations"
_COLUMNS = ("counterpart", "status", "began", "began_also")


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
    subject = snapshot.manifest.about.get("subject")
    if not isinstance(subject, str) or subject not in states():
        raise InvalidInputError(
            "bad-argument",
            "the dataset does not say whose relations it holds",
            where=dataset.name,
            expected="a dataset made by azds new, or one that declares a subject",
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
