"""Articles of one's own: declared by `new`, filled by `ingest`, one revision for each of the page.

Texts come from files and dumps in any form. What is not the article, or gives
nothing new (a text already there, an edit that was undone), is refused with its
rule and counted; the run goes on.
"""

import datetime as dt
import hashlib
import json
import re
import tomllib
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from azds.dataset.reading_ahead import read_ahead
from azds.dataset.readings import Reader, Reading, Refusal, Text, Told
from azds.dataset.writer import WRITER
from azds.entities import states
from azds.errors import AzdsError, InvalidInputError, NotFoundError, StorageError
from azds.ids import near_names, parse_label
from azds.ingest.containers import PageRevision, read_pages
from azds.ingest.suitability import wrong_title
from azds.progress import task
from azds.store import port
from azds.store.folder import DatasetFolder, StoreFolder
from azds.store.names import DATASET_FILE
from azds.store.staged import StagedRevision

__all__ = ["Article", "Ingested", "Refused", "ingest", "new_article", "read_article"]

FAMILY = "foreign-relations"
_MOST_DECLARED = 1024 * 1024
_PIECE = 1024 * 1024
_BATCH = 50
_BATCH_BYTES = 16 * 1024 * 1024
"""So many revisions, or bytes of text, are committed at once."""

_RADIUS = 15
"""An edit counts as undone if the text before it comes back within so many revisions."""

_MOST_TOLD = 20
_MAKE_ONE = 'make one: azds new NAME --article "Foreign relations of ..." --subject ID'
_NO_LABEL = re.compile(r"[^a-z0-9._-]+")


class Origin(BaseModel):
    """Where the article comes from."""

    model_config = ConfigDict(frozen=True, strict=True, extra="allow")

    article: str = ""
    site: str = ""


class Article(BaseModel):
    """What ``dataset.toml`` says of an article of one's own."""

    model_config = ConfigDict(frozen=True, strict=True, extra="ignore")

    format: Literal[0]
    title: str
    subject: Annotated[str, Field(min_length=1)]
    family: str = FAMILY
    origin: Origin = Origin()


@dataclass(frozen=True, slots=True)
class Refused:
    """A revision of the page that was not ingested: where it came from, the rule, why."""

    source: str
    rule: str
    reason: str


@dataclass(slots=True)
class Ingested:
    """What an ingest did.

    Attributes:
        labels: The revisions made, in order, with the rows of each table.
        refused: Revisions of the page that were not ingested, by rule.
        told: The first of them.
        unresolved: Names of counterparts that no entity has, and in how many revisions.
        forms: How many texts came in each form.
    """

    labels: dict[str, dict[str, int]] = field(default_factory=dict)
    refused: Counter[str] = field(default_factory=Counter)
    told: list[Refused] = field(default_factory=list)
    unresolved: Counter[str] = field(default_factory=Counter)
    forms: Counter[str] = field(default_factory=Counter)

    def refuse(self, source: str, rule: str, reason: str) -> None:
        """Note that a revision was not ingested."""
        self.refused[rule] += 1
        if len(self.told) < _MOST_TOLD:
            self.told.append(Refused(source, rule, reason))

    def to_document(self) -> dict[str, object]:
        """As plain values."""
        return {
            "revisions": {label: dict(rows) for label, rows in self.labels.items()},
            "refused": dict(sorted(self.refused.items())),
            "told": [{"source": r.source, "rule": r.rule, "reason": r.reason} for r in self.told],
            "unresolved": dict(self.unresolved.most_common(_MOST_TOLD)),
            "forms": dict(sorted(self.forms.items())),
        }


def new_article(
    store: StoreFolder, name: str, *, article: str, subject: str, site: str = ""
) -> DatasetFolder:
    """A new dataset for one article; `subject` is an entity's id or name.

    Raises:
        InvalidInputError: `bad-name`; `bad-id`, if no entity is the subject.
        ExistsError: `dataset-exists`.
    """
    known = subject if subject in states() else states().resolve(subject)
    if known is None:
        ids = [one.id for one in states()]
        raise InvalidInputError(
            "bad-id",
            "no entity has this id or name",
            got=repr(subject),
            advice=near_names(subject.upper(), ids),
        )
    folder = store.create(name)
    lines = [
        "# Which article this is; input to `azds ingest` and `azds fetch`. Readers never open it.",
        "format = 0",
        f"title = {json.dumps(article, ensure_ascii=False)}",
        f'subject = "{known}"',
        f'family = "{FAMILY}"',
        "",
        "[origin]",
        f"article = {json.dumps(article, ensure_ascii=False)}",
    ]
    if site:
        lines.append(f"site = {json.dumps(site)}")
    port.replace_file(folder.path / DATASET_FILE, ("\n".join(lines) + "\n").encode())
    return folder


def read_article(folder: DatasetFolder) -> Article:
    """What the dataset declares of its article.

    Raises:
        NotFoundError: `dataset-file-missing`.
        InvalidInputError: `dataset-file-invalid`.
    """
    path = folder.path / DATASET_FILE
    data = port.read_file(path, _MOST_DECLARED)
    if data is None:
        raise NotFoundError(
            "dataset-file-missing",
            f"dataset {folder.name} does not say which article it holds",
            where=str(path),
            advice=_MAKE_ONE,
        )
    try:
        return Article.model_validate(tomllib.loads(data.decode("utf-8")))
    except ValidationError as error:
        first = error.errors()[0]
        missing = [str(one["loc"][0]) for one in error.errors() if one["type"] == "missing"]
        lacks = " and no ".join(name for name in missing if name in {"title", "subject"})
        if lacks:
            raise InvalidInputError(
                "dataset-file-invalid",
                f"dataset {folder.name} is not an article's: it declares no {lacks}",
                where=str(path),
                advice=_MAKE_ONE,
            ) from error
        where = f"{path}: {'.'.join(str(part) for part in first['loc'])}"
        raise InvalidInputError("dataset-file-invalid", first["msg"], where=where) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InvalidInputError("dataset-file-invalid", str(error), where=str(path)) from error


def ingest(  # noqa: PLR0913 - what, where, and how to read it
    folder: DatasetFolder,
    paths: Sequence[Path],
    *,
    form: str | None = None,
    container: str | None = None,
    any_title: bool = False,
    texts: Path | None = None,
    workers: int = 0,
) -> Ingested:
    """Read the revisions in these files, and commit each that says something new.

    What is committed stays committed where a later file fails; the same call
    then goes on where it stopped, since texts already there are not read again.

    Args:
        folder: The dataset, made by `new_article`.
        paths: Files; folders stand for the files in them.
        form: The form of the texts; else each is sniffed.
        container: What the texts come in; else it is sniffed.
        any_title: Take pages of another title too.
        texts: A folder that keeps each text ingested, by its digest, for `quote`.
        workers: How many processes read beside this one, where there is much to read. They
            import the program's main module, as those of `multiprocessing` do.

    Raises:
        NotFoundError: `dataset-file-missing`; `source-missing`, if a file is not there.
        InvalidInputError: `dataset-file-invalid`, `source-style`.
        StorageError, IntegrityError: from the store.
    """
    run = _Run(folder, read_article(folder), form, texts, any_title=any_title)
    reader = Reader(run.article.subject, run.article.family)
    files = list(_files(paths))
    with task("ingesting", "bytes", sum(port.size_of(path) or 0 for path in files)) as advance:
        pages = (page for path in files for page in _pages(path, container, run.done, advance))
        batches = _batches(_without_reverts(run.wanted(pages), run.done))
        with closing(read_ahead(map(run.unread, batches), reader, workers)) as reading:
            for batch, told in reading:
                run.commit(batch, told)
    return run.done


@dataclass(frozen=True, slots=True)
class _Page:
    """One revision of the page with its bytes, their digest, and where it came from."""

    one: PageRevision
    data: bytes
    digest: str
    source: str


@dataclass(frozen=True, slots=True)
class _Batch:
    """Revisions to be committed at once, and the digests of those of their texts that are read."""

    pages: Sequence[_Page]
    read: list[str]


class _Run:
    """One ingest: what is there already, and what was done."""

    def __init__(
        self,
        folder: DatasetFolder,
        article: Article,
        form: str | None,
        texts: Path | None,
        *,
        any_title: bool,
    ) -> None:
        self.folder = folder
        self.article = article
        self.form = form
        self.texts = texts
        self.any_title = any_title
        self.done = Ingested()
        held = folder.revisions()
        self.labels = {one.label for one in held}
        self.digests = {one.source.digest for one in held if one.source}
        self.positions = {one.position for one in held}

    def wanted(self, pages: Iterable[tuple[str, PageRevision]]) -> Iterator[_Page]:
        """The revisions that have a text of the article, in the order in which they come."""
        for source, one in pages:
            if one.refused:
                self.done.refuse(source, one.refused, one.reason)
                continue
            data = one.data if one.data is not None else (one.text or "").encode("utf-8", "replace")
            if (
                one.title
                and self.article.origin.article
                and not self.any_title
                and wrong_title(one.title, self.article.origin.article)
            ):
                self.done.refuse(source, "wrong-article", f"the page is {one.title[:80]!r}")
                continue
            digest = "sha256:" + hashlib.sha256(data).hexdigest()
            yield _Page(one, data, digest, source)

    def unread(self, pages: Sequence[_Page]) -> tuple[_Batch, list[Text]]:
        """Some revisions, and their texts that are not there already, each once."""
        new = {page.digest: page for page in pages if page.digest not in self.digests}
        texts = [Text(page.data, self.form or page.one.form) for page in new.values()]
        return _Batch(pages, list(new)), texts

    def commit(self, batch: _Batch, told: Iterable[Told]) -> None:
        """Commit these revisions at once, by what their texts say."""
        said = dict(zip(batch.read, told, strict=True))
        staged = [found for page in batch.pages if (found := self._staged(page, said)) is not None]
        if not staged:
            return
        self.folder.commit(staged, writer=WRITER, message="ingested")
        for one in staged:
            self.done.labels[one.label] = one.rows

    def _staged(self, page: _Page, said: Mapping[str, Told]) -> StagedRevision | None:
        if page.digest in self.digests:
            self.done.refuse(page.source, "already-there", "this text is there already")
            return None
        found = said[page.digest]
        if isinstance(found, InvalidInputError):
            raise found
        if isinstance(found, Refusal):
            self.done.refuse(page.source, found.rule, found.reason)
            return None
        self.digests.add(page.digest)
        self.done.forms[found.source.style] += 1
        self.done.unresolved.update(found.unresolved)
        if self.texts is not None:
            _keep(self.texts, page)
        return self._revision(page, found)

    def _revision(self, page: _Page, found: Reading) -> StagedRevision:
        origin = {
            key: str(value) for key, value in self.article.origin.model_dump().items() if value
        }
        if page.one.revision is not None:
            origin["revision"] = str(page.one.revision)
            if self.article.origin.site:
                site = self.article.origin.site.rstrip("/")
                origin["permalink"] = f"{site}/index.php?oldid={page.one.revision}"
        day = (page.one.timestamp or "")[:10]
        return StagedRevision(
            label=self._label(page, day),
            tables=found.tables,
            position=self._position(page.one.timestamp),
            about={"title": self.article.title, "subject": self.article.subject, "origin": origin},
            date=day if _is_day(day) else None,
            position_declared="" if _is_day(day) else "by the order in which it was ingested",
            headline=found.headline,
            source=found.source,
            repairs=found.repairs,
            rejections=found.rejections,
        )

    def _label(self, page: _Page, day: str) -> str:
        """The day, with the revision's id where the day is taken; else id, else the file's name."""
        number = page.one.revision
        stem = _NO_LABEL.sub("-", Path(page.source).stem.lower()).strip("-._")[:60] or "text"
        wanted = [f"{day}-{number}" if number else day, day] if _is_day(day) else []
        wanted = [*wanted[::-1], *([f"r{number}"] if number else [stem])]
        wanted.append(f"{stem}-{page.digest[7:19]}")
        for label in wanted:
            if label and label not in self.labels:
                try:
                    parse_label(label)
                except AzdsError:
                    continue
                self.labels.add(label)
                return label
        return wanted[-1]

    def _position(self, timestamp: str | None) -> int | None:
        """The second of its saving, so that revisions stand in their order whenever they come."""
        if not timestamp:
            return None
        try:
            moment = dt.datetime.fromisoformat(timestamp)
        except ValueError:
            return None
        position = int(moment.replace(tzinfo=moment.tzinfo or dt.UTC).timestamp())
        while position in self.positions:
            position += 1
        self.positions.add(position)
        return position if position > 0 else None


def _is_day(text: str) -> bool:
    try:
        dt.date.fromisoformat(text)
    except ValueError:
        return False
    return len(text) == len("2016-11-19")


def _files(paths: Sequence[Path]) -> Iterator[Path]:
    for path in paths:
        kind = port.kind_of(path)
        if kind == "folder":
            names = port.list_folder(path) or []
            yield from (path / name for name in names if port.kind_of(path / name) == "file")
        elif kind == "file":
            yield path
        else:
            raise NotFoundError("source-missing", "no such file or folder", where=str(path))


def _pages(
    path: Path, container: str | None, done: Ingested, advance: Callable[[int], None]
) -> Iterator[tuple[str, PageRevision]]:
    """The revisions in a file; a file that cannot be read is refused, and the run goes on."""
    try:
        for page in read_pages(_pieces(path, advance), container):
            yield f"{path.name} {page.revision}" if page.revision else path.name, page
    except InvalidInputError as error:
        if error.kind == "source-style":
            raise
        done.refuse(path.name, error.kind, f"{error.what}{f': {error.got}' if error.got else ''}")


def _pieces(path: Path, advance: Callable[[int], None]) -> Iterator[bytes]:
    try:
        with path.open("rb") as stream:
            while piece := stream.read(_PIECE):
                yield piece
                advance(len(piece))
    except OSError as error:
        raise StorageError(
            "storage-failed", f"cannot read this file: {error.strerror}", where=str(path)
        ) from error


def _without_reverts(pages: Iterable[_Page], done: Ingested) -> Iterator[_Page]:
    """The revisions without edits that were undone, and without the text that came back."""
    held: deque[_Page] = deque()
    for page in pages:
        if page.one.revision is None:  # a file by itself is no edit of another
            yield page
            continue
        back = next(
            (at for at in range(len(held) - 1, -1, -1) if held[at].digest == page.digest), None
        )
        if back is not None:
            while len(held) > back + 1:
                undone = held.pop()
                done.refuse(undone.source, "reverted", "the edit was undone")
            done.refuse(page.source, "revert", "the text is that of an earlier revision")
            continue
        held.append(page)
        if len(held) > _RADIUS:
            yield held.popleft()
    yield from held


def _batches(pages: Iterable[_Page]) -> Iterator[list[_Page]]:
    batch: list[_Page] = []
    size = 0
    for page in pages:
        batch.append(page)
        size += len(page.data)
        if len(batch) == _BATCH or size >= _BATCH_BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _keep(texts: Path, page: _Page) -> None:
    """Keep a text under its digest."""
    if port.kind_of(texts) is None:
        port.make_folder(texts)
    path = texts / f"{page.digest[7:]}.txt"
    if port.kind_of(path) is None:
        port.replace_file(path, page.data)
