"""``dataset.toml``: what people declare about a dataset, checked. Input to `build` alone."""

import tomllib
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from azds.coverage import Coverage, Level
from azds.dates import parse_date
from azds.errors import AzdsError, InvalidInputError
from azds.ids import parse_label

__all__ = ["Declaration", "RevisionDeclaration", "parse_declaration"]

Sha256 = Annotated[str, Field(pattern=r"^sha256:[0-9a-f]{64}$")]
Word = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
Cell = str | int | bool | list[str] | None


class _Declared(BaseModel):
    model_config = ConfigDict(frozen=True, strict=True, extra="forbid")


class CoverageDeclaration(_Declared):
    """How much of one table the source could show."""

    level: Level
    places: list[str] = []
    columns_absent: list[str] = []
    covers: dict[str, list[str]] = {}
    reason: Annotated[str, Field(min_length=1)]

    def coverage(self) -> Coverage:
        """The value that a manifest holds."""
        return Coverage(
            level=self.level,
            places=tuple(self.places),
            columns_absent=tuple(self.columns_absent),
            covers={column: tuple(values) for column, values in self.covers.items()},
            reason=self.reason,
        )


class HeadlineDeclaration(_Declared):
    """The count that this revision is known by."""

    measure: str
    scope: str
    value: int


class CorrectionDeclaration(_Declared):
    """A cell that a person settles; without `column`, a row that does not belong.

    With `row`, one that is missing.
    """

    table: str
    key: str = ""
    column: str = ""
    expects: Cell = None
    value: Cell = None
    row: dict[str, Cell] | None = None
    words: str = ""
    nth: Annotated[int, Field(ge=0)] = 0
    reason: Annotated[str, Field(min_length=1)]

    @model_validator(mode="after")
    def _one_of_three(self) -> Self:
        """A row is added, or a row or cell is named by its key."""
        if (self.row is None) != bool(self.key) or (self.row is not None and not self.words):
            msg = "a correction names a key, or adds a row and the words that state it"
            raise ValueError(msg)
        return self


class VocabularyDeclaration(_Declared):
    """The parties of a conflict: entity id to the word by which a stance names it."""

    sides: dict[str, Word] = {}
    others: dict[str, Word] = {}
    claimants: dict[str, Word] = {}
    allies: dict[str, str] = {}


class RevisionDeclaration(_Declared):
    """One revision, in its place in the order."""

    label: str
    date: str | None = None
    position_declared: str = ""
    source: Sha256
    style: str | None = None
    headline: list[HeadlineDeclaration] = []
    coverage: dict[str, CoverageDeclaration]
    corrections: list[CorrectionDeclaration] = []


class Declaration(_Declared):
    """The whole file."""

    format: Literal[0]
    title: str
    subject: str
    family: str
    origin: dict[str, str] = {}
    vocabulary: VocabularyDeclaration = VocabularyDeclaration()
    revisions: Annotated[list[RevisionDeclaration], Field(min_length=1)]


def parse_declaration(data: bytes, where: str) -> Declaration:
    """The declaration in the bytes of a ``dataset.toml``.

    Raises:
        InvalidInputError: `dataset-file-invalid`, with the path of the first field at fault.
    """
    try:
        declaration = Declaration.model_validate(tomllib.loads(data.decode("utf-8")))
        labels = [parse_label(revision.label) for revision in declaration.revisions]
        for revision in declaration.revisions:
            if revision.date:
                parse_date(revision.date)
    except ValidationError as error:
        first = error.errors()[0]
        path = ".".join(str(part) for part in first["loc"])
        raise InvalidInputError(
            "dataset-file-invalid",
            first["msg"],
            where=f"{where}: {path}",
            got=repr(first["input"])[:80],
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, AzdsError) as error:
        raise InvalidInputError("dataset-file-invalid", str(error), where=where) from error
    twice = sorted({label for label in labels if labels.count(label) > 1})
    if twice:
        raise InvalidInputError(
            "dataset-file-invalid", "a label stands twice", where=where, got=", ".join(twice)
        )
    return declaration
