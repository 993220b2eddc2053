"""The JSON document of a patch, checked before anything is made of it."""

import json

from azds.changes.end_documents import Json
from azds.changes.patch_metadata import FORMAT
from azds.errors import FormatError, InvalidInputError

__all__ = ["checked_document"]

_MOST_JSON = 1 << 30


def checked_document(text: str | bytes) -> dict[str, Json]:
    """The document in the text, as its type demands it.

    Raises:
        FormatError: `format-unknown`.
        InvalidInputError: `patch-invalid`, with the path of the first field at fault.
    """
    from pydantic import ValidationError  # noqa: PLC0415 - heavy, and for JSON alone

    from azds.records.patch_documents import PatchDocument  # noqa: PLC0415

    if len(text) > _MOST_JSON:
        raise InvalidInputError(
            "patch-invalid",
            "a document of this size is not read",
            where="patch",
            got=str(len(text)),
        )
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        got = " ".join(str(error).split())[:120]
        raise InvalidInputError(
            "patch-invalid", "neither Parquet nor JSON", where="patch", got=got
        ) from error
    told = document.get("format") if isinstance(document, dict) else None
    if isinstance(told, str) and told != FORMAT:
        raise FormatError(
            "format-unknown",
            "a patch of a format that this program does not know",
            where="patch",
            expected=FORMAT,
            got=repr(told)[:80],
        )
    try:
        PatchDocument.model_validate_json(text)
    except ValidationError as error:
        first = error.errors()[0]
        raise InvalidInputError(
            "patch-invalid",
            first["msg"][:1].lower() + first["msg"][1:],
            where="patch: " + ".".join(str(part) for part in first["loc"]),
            got=repr(first["input"])[:80],
        ) from error
    found: dict[str, Json] = document
    return found
