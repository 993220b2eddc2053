"""The one tree of errors.

::

    AzdsError
    ├── NotFoundError      what was named is not there (also a LookupError)
    ├── ExistsError        what was to be made is there already
    ├── InvalidInputError  the input breaks a rule (also a ValueError)
    ├── IntegrityError     stored bytes are not what was stored
    ├── FormatError        the format is unknown or newer than this program
    ├── RefusedError       allowed in principle, refused here, with the way out
    └── StorageError       the disk, the file system or a permission failed

Every error has a stable ``kind``; kinds are only ever added. The text is one
line: what, where, expected, got, what to do. Any module may import this one.
"""

from typing import ClassVar

__all__ = [
    "AzdsError",
    "ExistsError",
    "FormatError",
    "IntegrityError",
    "InvalidInputError",
    "NotFoundError",
    "RefusedError",
    "StorageError",
]


class AzdsError(Exception):
    """Root of all errors that azds raises.

    Attributes:
        kind: The stable name of the fault, such as ``unknown-revision``.
        where: The file, table, key or path inside a document, if there is one.
        expected: What would have been right.
        got: What was there.
        advice: What to do about it.
    """

    kinds: ClassVar[frozenset[str]] = frozenset()

    def __init__(  # noqa: PLR0913 - one name for each part of the line a person reads
        self,
        kind: str,
        what: str,
        *,
        where: str | None = None,
        expected: str | None = None,
        got: str | None = None,
        advice: str | None = None,
    ) -> None:
        if kind not in self.kinds:
            msg = f"{type(self).__name__} has no kind {kind!r}"
            raise AssertionError(msg)
        super().__init__(what)
        self.kind = kind
        self.what = what
        self.where = where
        self.expected = expected
        self.got = got
        self.advice = advice

    def __reduce__(self) -> tuple[object, ...]:
        """So that it comes whole from another process."""
        return _again, (type(self), self.kind, self.what), self.__dict__

    def __str__(self) -> str:
        """The whole fault in one line."""
        line = f"{self.where}: {self.what}" if self.where else self.what
        if self.expected is not None:
            line += f"; expected {self.expected}"
        if self.got is not None:
            line += f"{',' if self.expected is not None else ';'} got {self.got}"
        if self.advice is not None:
            line += f"; {self.advice}"
        return " ".join(line.split())


def _again(tree: type[AzdsError], kind: str, what: str) -> AzdsError:
    return tree(kind, what)


class NotFoundError(AzdsError, LookupError):
    """What was named is not there."""

    kinds = frozenset(
        {
            "unknown-dataset",
            "unknown-key",
            "unknown-measure",
            "unknown-revision",
            "unknown-table",
            "no-store",
            "no-evidence",
            "source-missing",
            "dataset-file-missing",
            "wiki-unreachable",
        }
    )


class ExistsError(AzdsError):
    """What was to be made is there already."""

    kinds = frozenset({"store-exists", "dataset-exists", "revision-exists"})


class InvalidInputError(AzdsError, ValueError):
    """The input breaks a rule."""

    kinds = frozenset(
        {
            "bad-argument",
            "bad-column",
            "bad-coverage",
            "bad-date",
            "bad-id",
            "bad-key",
            "bad-label",
            "bad-name",
            "bad-record",
            "bad-span",
            "correction-fails",
            "dataset-file-invalid",
            "key-null",
            "key-repeated",
            "key-type",
            "patch-invalid",
            "patch-misfit",
            "source-changed",
            "source-style",
            "source-unreadable",
            "type-unsupported",
        }
    )


class IntegrityError(AzdsError):
    """Stored bytes are not what was stored."""

    kinds = frozenset(
        {
            "content-changed",
            "file-changed",
            "file-missing",
            "key-order",
            "log-broken",
            "manifest-changed",
            "manifest-invalid",
            "parquet-unreadable",
            "patch-chain",
            "patch-content",
            "patch-ends",
            "record-changed",
        }
    )


class FormatError(AzdsError):
    """The format is unknown, or newer than this program."""

    kinds = frozenset({"not-a-store", "format-unknown"})


class RefusedError(AzdsError):
    """Allowed in principle, refused here, with the way out in the advice."""

    kinds = frozenset(
        {
            "in-the-way",
            "merge-conflicts",
            "missing-extra",
            "rows-rejected",
            "rows-removed",
            "shipped-store",
            "store-differs",
        }
    )


class StorageError(AzdsError):
    """The disk, the file system or a permission failed; the store is as it was."""

    kinds = frozenset({"storage-failed", "commit-unknown"})
