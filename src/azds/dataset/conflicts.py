"""Conflicts of a merge in files that a person edits: CSV or JSON, with a column ``take``."""

import csv
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from azds.errors import InvalidInputError, NotFoundError
from azds.store import port

__all__ = ["COLUMNS", "Conflict", "read_takes", "write_rows"]

COLUMNS = ("table", "key", "column", "base", "ours", "theirs", "take")
_MOST_BYTES = 1 << 28


@dataclass(frozen=True, slots=True)
class Conflict:
    """One cell that both sides changed otherwise, or a row that one changed and one removed.

    Attributes:
        table: The table.
        key: The canonical key string.
        column: The column; empty for the whole row.
        base: The value before, as text; None for none.
        ours: The value on our side.
        theirs: The value on theirs.
        take: What it is resolved to: ``ours``, ``theirs`` or ``base``; empty where it is open.
    """

    table: str
    key: str
    column: str
    base: str | None
    ours: str | None
    theirs: str | None
    take: str = ""


def write_rows(rows: Sequence[Mapping[str, str | None]], path: Path | str) -> None:
    """Write conflicts to a file, whole or not at all.

    Raises:
        InvalidInputError: `bad-argument`: a file of another kind.
        StorageError: `storage-failed`.
    """
    if _is_json(path):
        text = json.dumps(rows, ensure_ascii=False, indent=1) + "\n"
    else:
        sink = io.StringIO()
        writer = csv.DictWriter(sink, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
        text = sink.getvalue()
    port.replace_file(Path(path), text.encode())


def read_takes(path: Path | str) -> list[Conflict]:
    """The conflicts in a file that `write_rows` wrote and a person edited.

    Raises:
        NotFoundError: `source-missing`.
        InvalidInputError: `bad-argument`: it is no such file.
    """
    is_json = _is_json(path)
    where = Path(path)
    data = port.read_file(where, _MOST_BYTES) if port.kind_of(where) == "file" else None
    if data is None:
        raise NotFoundError(
            "source-missing", "no such file", where=str(path), expected="a file of conflicts"
        )
    try:
        rows = _json_rows(data) if is_json else _csv_rows(data)
    except (ValueError, RecursionError, csv.Error) as error:
        got = " ".join(str(error).split())[:120]
        raise InvalidInputError(
            "bad-argument", "this is no file of conflicts", where=str(path), got=got
        ) from error
    return [_conflict(row, f"{path}: row {number}") for number, row in enumerate(rows, start=1)]


def _is_json(path: Path | str) -> bool:
    ending = Path(path).suffix.casefold()
    if ending not in {".csv", ".json"}:
        raise InvalidInputError(
            "bad-argument",
            "conflicts are kept in files of two kinds",
            where=str(path),
            expected=".csv or .json",
            got=ending or "no ending",
        )
    return ending == ".json"


def _json_rows(data: bytes) -> list[Mapping[str, object]]:
    rows = json.loads(data)
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        msg = "not a list of objects"
        raise ValueError(msg)
    return rows


def _csv_rows(data: bytes) -> list[Mapping[str, object]]:
    text = io.StringIO(data.decode("utf-8-sig"), newline="")
    return [dict(row) for row in csv.DictReader(text)]


def _conflict(row: Mapping[str, object], where: str) -> Conflict:
    values: dict[str, str | None] = {}
    for name in COLUMNS:
        value = row.get(name, "" if name == "take" else None)
        is_open = name in {"base", "ours", "theirs"}
        if not (isinstance(value, str) or (value is None and (is_open or name == "take"))):
            raise InvalidInputError(
                "bad-argument",
                "this is no conflict",
                where=f"{where}, {name}",
                expected="text",
                got=repr(value)[:80],
            )
        values[name] = value
    return Conflict(
        values["table"] or "",
        values["key"] or "",
        values["column"] or "",
        values["base"],
        values["ours"],
        values["theirs"],
        (values["take"] or "").strip().casefold(),
    )
