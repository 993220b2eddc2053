"""Whether a store that was built anew is the one that is committed (`azds build --check`).

Where the same versions wrote both, tables must be the same byte for byte; where
not, everything that a reader is told must be. The log is history and is never
compared, nor is the folder that holds a revision: a label may have many editions.
"""

from dataclasses import fields

from azds.errors import IntegrityError
from azds.store.folder import DatasetFolder, StoreFolder
from azds.store.manifest import FileEntry, Manifest, TableEntry
from azds.store.state import read_table_file

__all__ = ["first_difference"]

_WIDEST = 60


def first_difference(
    staged_store: StoreFolder, committed_store: StoreFolder, dataset: str
) -> str | None:
    """One line that names the revision, the table and what differs; None if nothing does.

    Raises:
        NotFoundError: `unknown-dataset`, in either store.
        IntegrityError: The log or a manifest is damaged; a damaged table is a difference.
    """
    staged, committed = staged_store.dataset(dataset), committed_store.dataset(dataset)
    rebuilt = [manifest.label for manifest in staged.revisions()]
    labels = [manifest.label for manifest in committed.revisions()]
    if labels != rebuilt:
        return _line(dataset, "revisions", labels, rebuilt)
    for label in labels:
        difference = _in_revision(staged, committed, label)
        if difference is not None:
            return f"{dataset} {label}{difference}"
    return None


def _in_revision(staged: DatasetFolder, committed: DatasetFolder, label: str) -> str | None:
    new, old = staged.manifest(label), committed.manifest(label)
    is_same_writer = dict(new.writer) == dict(old.writer)
    for field in fields(Manifest):
        if field.name in {"tables", "writer"} or (field.name == "unknown" and not is_same_writer):
            continue
        if getattr(new, field.name) != getattr(old, field.name):
            return _line("", field.name, getattr(old, field.name), getattr(new, field.name))
    if sorted(new.tables) != sorted(old.tables):
        return _line("", "tables", sorted(old.tables), sorted(new.tables))
    for name in sorted(new.tables):
        difference = _in_table(old.tables[name], new.tables[name], is_same_writer=is_same_writer)
        difference = difference or _in_files(staged, new.tables[name])
        difference = difference or _in_files(committed, old.tables[name])
        if difference is not None:
            return f" {name}{difference}"
    return None


def _in_table(old: TableEntry, new: TableEntry, *, is_same_writer: bool) -> str | None:
    for name in ("schema", "coverage", "rows", "digest"):
        if getattr(old, name) != getattr(new, name):
            return _line("", name, getattr(old, name), getattr(new, name))
    is_whole = not (old.file.is_patch or new.file.is_patch)  # a patch is by what came before
    if is_same_writer and is_whole and _bytes_of(old.files) != _bytes_of(new.files):
        return _line("", "files", _bytes_of(old.files), _bytes_of(new.files))
    return None


def _bytes_of(files: tuple[FileEntry, ...]) -> list[str]:
    return [file.sha256 for file in files]


def _in_files(dataset: DatasetFolder, entry: TableEntry) -> str | None:
    """A file that is not what its own manifest says."""
    try:
        for file in entry.files:
            read_table_file(dataset.path, dataset.name, file)
    except IntegrityError as error:
        return f": {error}"
    return None


def _line(where: str, what: str, committed: object, rebuilt: object) -> str:
    return f"{where}: {what} differ: committed {_short(committed)}, rebuilt {_short(rebuilt)}"


def _short(value: object) -> str:
    text = " ".join(str(value).split())
    return text if len(text) <= _WIDEST else text[: _WIDEST - 3] + "..."
