"""Why bytes that a reader refused are wrong: the code of the fault.

Readers refuse in one way what `verify` tells apart. Each function here is given
what was refused, reads it again, step by step, and says where it first fails.
"""

from collections.abc import Mapping

from azds.errors import AzdsError, FormatError, IntegrityError, InvalidInputError
from azds.store import canonical
from azds.store.canonical import Json
from azds.store.manifest import FileEntry

__all__ = ["file_code", "form_of_manifest", "manifest_code", "marker_code", "record_code"]

_FORM = "not-canonical"


def marker_code(data: bytes | None, error: AzdsError | None) -> str:
    """The fault of a marker that is not what `azds init` writes."""
    if data is None:
        return "marker-missing"
    if not data:
        return "marker-empty"
    is_newer = isinstance(error, FormatError) and error.kind == "format-unknown"
    return "marker-format" if is_newer else "marker-changed"


def record_code(data: bytes, number: int, error: AzdsError) -> str:
    """The fault of a record that the log refuses to read."""
    if not data:
        return "record-empty"
    form = _form_of(data)
    if form is not None:
        return f"record-{form}"
    document = canonical.load(data, kind="record-changed", where="")
    stated = document.pop("hash", None)
    if stated != canonical.hash_of(canonical.dump(document)):
        return "record-hash"
    if isinstance(error, FormatError):
        return "record-format"
    if isinstance(document.get("number"), int) and document["number"] != number:
        return "record-number"
    return "record-path" if _field_of(error) == "folder" else "record-invalid"


def manifest_code(
    data: bytes, logged: str, others: Mapping[str, str], error: AzdsError
) -> tuple[str, str]:
    """The fault of a manifest that is refused, and a word of explanation.

    `others` are the folders by the digests of the manifests that the log knows.
    """
    actual = canonical.hash_of(data)
    if not data:
        return "manifest-empty", ""
    if actual != logged:
        other = others.get(actual)
        return ("manifest-swapped", f"it is that of {other}") if other else ("manifest-changed", "")
    if isinstance(error, FormatError):
        return "manifest-format", ""
    try:
        document = canonical.load(data, kind="manifest-invalid", where="")
    except IntegrityError:
        return "manifest-not-json", ""
    field = _field_of(error)
    if field in {"path", "groups"}:
        return f"manifest-{field}", ""
    return _whose(document, error), ""


def form_of_manifest(data: bytes) -> str | None:
    """The fault of a manifest whose bytes are proven, if they are not as azds writes them."""
    return "manifest-not-canonical" if _form_of(data) == _FORM else None


def file_code(data: bytes, file: FileEntry, others: Mapping[str, str]) -> tuple[str, str]:
    """The fault of a table's file whose bytes are not what was written, and an explanation.

    `others` are the paths of files by the digests that manifests give them.
    """
    size = file.bytes
    if not data:
        return "file-empty", ""
    other = others.get(canonical.hash_of(data))
    if other is not None and other != file.path:
        return "file-swapped", f"it holds {other}"
    if len(data) <= size:
        is_short = len(data) < size
        return ("file-short", f"{len(data)} of {size} bytes") if is_short else ("file-changed", "")
    if canonical.hash_of(data[:size]) != file.sha256:
        return "file-long", f"more than {size} bytes"
    is_twice = data[size:] == data[:size]
    return ("file-doubled", "") if is_twice else ("file-extended", f"more than {size} bytes")


def _form_of(data: bytes) -> str | None:
    """Where the form of a document fails; None if it is as azds writes it."""
    try:
        document = canonical.load(data, kind="record-changed", where="")
    except IntegrityError:
        return "not-json"
    try:
        return None if canonical.dump(document) == data else _FORM
    except InvalidInputError:
        return _FORM


def _field_of(error: AzdsError) -> str:
    """The name of the field that an error names; empty if it names none."""
    place = (error.where or "").rpartition(": ")[2]
    return place.rpartition(".")[2].partition("[")[0]


def _whose(document: Mapping[str, Json], error: AzdsError) -> str:
    """Of a manifest that can be read to the end: whose it is, if it is another's."""
    if ": " in (error.where or ""):
        return "manifest-invalid"
    dataset = str(error.expected).partition(" ")[0]
    return "manifest-dataset" if document.get("dataset") != dataset else "manifest-label"
