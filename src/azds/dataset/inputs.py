"""Tables that people have: files, folders, globs, and anything that speaks Arrow.

An input is a schema and batches, read again each time they are asked for, so
that nothing needs to be held. CSV comes as text: its types are found by
`azds.dataset.typing_text`, over both sides of a diff, not guessed from the first rows.
"""

import codecs
import glob
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path
from typing import Protocol

import pyarrow as pa

from azds.errors import InvalidInputError, NotFoundError
from azds.progress import task
from azds.store import port

__all__ = ["Input", "open_input"]

_TEXT = {".csv": ",", ".tsv": "\t"}
_PARQUET = (".parquet", ".pq")
_JSON = (".jsonl", ".ndjson")
_KNOWN = (*_TEXT, *_PARQUET, *_JSON)
_CSV_BLOCK = 4 * 1024 * 1024
_MOST_BLOCK = (1 << 31) - 1
_BATCH_ROWS = 64 * 1024
_MOST_COLUMNS = 20_000
_SHOWN = 20
_INDEX = "__index_level_0__"


class Batches(Protocol):
    """Reads an input from the start."""

    def __call__(self, names: Sequence[str] | None = None) -> Iterator[pa.RecordBatch]:
        """Its batches, with these columns in this order; None: all."""


@dataclass(frozen=True, slots=True)
class Input:
    """A table to read: what it is called, its columns, its batches.

    Attributes:
        name: What to call it in messages.
        schema: The Arrow schema.
        text: The columns that came as text, so that their types are still to be found.
        size: About how many bytes it takes in memory; None where that is not known.
        batches: Reads it from the start, batch by batch.
        is_once: Whether it is a stream, which can be read a single time.
        notes: What a reader should know of it, such as files that were left out.
        parquet: The files it is made of, where all are Parquet of one schema.
        rows: How many rows it has, where that is known without reading it.
    """

    name: str
    schema: pa.Schema
    text: frozenset[str]
    size: int | None
    batches: Batches
    is_once: bool = False
    notes: tuple[str, ...] = ()
    parquet: tuple[Path, ...] = ()
    rows: int | None = None

    @property
    def is_text(self) -> bool:
        """Whether types of its columns are still to be found."""
        return bool(self.text)

    def read(self) -> pa.Table:
        """All of it."""
        return pa.Table.from_batches(self.batches(), self.schema)


def open_input(given: object, name: str = "input", *, encoding: str = "utf-8") -> Input:
    """An input from a path (file, folder, glob), any Arrow-compatible object, or rows.

    A stream (a record batch reader, an iterator of batches) is read once, batch by batch.

    Raises:
        NotFoundError: `source-missing`: no such file, or nothing matches.
        InvalidInputError: `bad-argument` (of a kind that is not read), `source-unreadable`
            (broken, empty or of another encoding), `bad-column` (a column name twice).
    """
    if isinstance(given, (str, Path)):
        found = _from_paths(given, encoding)
    elif isinstance(given, pa.Table):
        found = _from_table(given, name)
    elif isinstance(given, pa.RecordBatch):
        found = _from_table(pa.Table.from_batches([given]), name)
    elif hasattr(given, "__arrow_c_stream__"):
        found = _from_reader(pa.RecordBatchReader.from_stream(given), name)
    elif isinstance(given, Iterable) and not isinstance(given, (bytes, Mapping)):
        found = _from_items(given, name)
    else:
        raise InvalidInputError(
            "bad-argument",
            "this is no table",
            where=name,
            expected="a path, an Arrow-compatible object, or rows",
            got=type(given).__name__,
        )
    return _checked(found)


def _checked(found: Input) -> Input:
    names = found.schema.names
    twice = sorted(n for n, count in Counter(names).items() if count > 1)
    if twice:
        raise InvalidInputError(
            "bad-column", "column names repeat", where=found.name, got=", ".join(twice[:10])
        )
    if not names or len(names) > _MOST_COLUMNS:
        raise InvalidInputError(
            "bad-column",
            "no columns" if not names else "too many columns",
            where=found.name,
            expected=f"1 to {_MOST_COLUMNS}",
            got=str(len(names)),
        )
    return found


def _paths(given: str | Path) -> tuple[list[Path], tuple[str, ...]]:
    """The files that a path means, sorted by name, and what was left out."""
    path = Path(given)
    kind = port.kind_of(path)
    if kind == "file":
        return [path], ()
    notes: tuple[str, ...] = ()
    if kind == "folder":
        names = sorted(port.list_folder(path) or [])
        kept = [n for n in names if Path(n).suffix.casefold() in _KNOWN]
        left = [n for n in names if n not in kept and not n.startswith((".", "_"))]
        paths = [path / name for name in kept]
        what = "no file here that is read"
        if left and kept:
            notes = (f"{given}: not read: {_listed(left, 5)}",)
    else:
        paths = [Path(one) for one in sorted(glob.glob(str(given)))]  # noqa: PTH207 - the pattern may be absolute
        what = "nothing matches" if glob.has_magic(str(given)) else "no such file"
    if not paths:
        raise NotFoundError(
            "source-missing",
            what,
            where=str(given),
            expected=f"files ending in {', '.join(_KNOWN)}",
        )
    return paths, notes


def _listed(names: Sequence[str], most: int = _SHOWN) -> str:
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more


def _from_paths(given: str | Path, encoding: str) -> Input:
    paths, notes = _paths(given)
    name = str(given)
    endings = sorted({_family(path) for path in paths})
    if len(endings) > 1:
        folder = Path(name).parent if glob.has_magic(name) else Path(name)
        raise InvalidInputError(
            "bad-argument",
            "files of several kinds make no one table",
            where=name,
            got=_listed([path.name for path in paths], 5),
            advice=f"name those of one kind: '{folder / f'*{paths[0].suffix}'}'",
        )
    parts = [_from_file(path, encoding) for path in paths]
    first = parts[0]
    if len(parts) == 1:
        return replace(first, name=name, notes=notes)
    for part in parts:
        if set(part.schema.names) != set(first.schema.names):
            missing = [n for n in first.schema.names if n not in part.schema.names]
            extra = [n for n in part.schema.names if n not in first.schema.names]
            raise InvalidInputError(
                "bad-column",
                f"its columns are not those of {first.name}",
                where=part.name,
                expected=f"also {_listed(missing)}" if missing else None,
                got=f"{_listed(extra)} besides" if extra else None,
            )
    schema = _one_schema(parts)
    sizes = [part.size for part in parts]
    size = None if None in sizes else sum(s for s in sizes if s is not None)
    text = frozenset(name for part in parts for name in part.text)

    def batches(names: Sequence[str] | None = None) -> Iterator[pa.RecordBatch]:
        wanted = schema if names is None else pa.schema([schema.field(n) for n in names])
        for part in parts:
            for batch in part.batches(wanted.names):
                yield batch if batch.schema == wanted else _cast_batch(batch, wanted, part.name)

    files = tuple(path for part in parts for path in part.parquet if part.schema == schema)
    parquet = files if len(files) == len(parts) else ()
    counts = [part.rows for part in parts]
    rows = None if None in counts else sum(c or 0 for c in counts)
    return Input(name, schema, text, size, batches, notes=notes, parquet=parquet, rows=rows)


def _one_schema(parts: Sequence[Input]) -> pa.Schema:
    """The schema of the first file; a column that it holds no value of is as the others have it."""
    fields = []
    for field in parts[0].schema:
        kinds = (part.schema.field(field.name).type for part in parts)
        fields.append(
            pa.field(field.name, next((k for k in kinds if not pa.types.is_null(k)), pa.null()))
        )
    return pa.schema(fields)


def _cast_batch(batch: pa.RecordBatch, schema: pa.Schema, where: str) -> pa.RecordBatch:
    columns = []
    for field, values in zip(schema, batch.columns, strict=True):
        try:
            columns.append(values if values.type == field.type else values.cast(field.type))
        except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
            raise InvalidInputError(
                "bad-column",
                "values do not fit the type of the first file",
                where=f"{where}: {field.name}",
                expected=str(field.type),
                got=str(values.type),
            ) from error
    return pa.RecordBatch.from_arrays(columns, schema=schema)


def _family(path: Path) -> str:
    ending = path.suffix.casefold()
    for family in (_PARQUET, _JSON):
        if ending in family:
            return family[0]
    return ending


def _from_file(path: Path, encoding: str) -> Input:
    ending = path.suffix.casefold()
    if ending not in _KNOWN:
        raise InvalidInputError(
            "bad-argument",
            "a file of this kind is not read",
            where=str(path),
            expected=", ".join(_KNOWN),
            got=ending or "no ending",
        )
    try:
        if ending in _PARQUET:
            return _from_parquet(path)
        if ending in _JSON:
            return _from_json(path)
        return _from_csv(path, _TEXT[ending], encoding)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError, OSError, UnicodeError) as error:
        raise _unreadable(path, error) from error


def _from_parquet(path: Path) -> Input:
    import pyarrow.parquet as pq  # noqa: PLC0415 - only for files of this kind

    from azds.store.swelling import refuse_swelling  # noqa: PLC0415 - as above

    with pa.OSFile(str(path), "rb") as handle:
        file = pq.ParquetFile(handle)
        metadata = file.metadata
        refuse_swelling(path, handle, metadata)
        groups = range(metadata.num_row_groups)
        size = sum(metadata.row_group(group).total_byte_size for group in groups)
        schema = file.schema_arrow.remove_metadata()

    def batches(names: Sequence[str] | None = None) -> Iterator[pa.RecordBatch]:
        wanted = list(schema.names if names is None else names)
        try:
            with (
                pa.OSFile(str(path), "rb") as handle,
                task("reading", "rows", metadata.num_rows) as advance,
            ):
                reader = pq.ParquetFile(handle, pre_buffer=False)
                for batch in reader.iter_batches(_BATCH_ROWS, columns=wanted, use_threads=False):
                    batch.validate(full=True)
                    yield batch if batch.schema.names == wanted else batch.select(wanted)
                    advance(batch.num_rows)
        except (pa.ArrowInvalid, OSError) as error:
            raise _unreadable(path, error) from error

    rows = metadata.num_rows
    return Input(str(path), schema, frozenset(), size, batches, parquet=(path,), rows=rows)


def _from_json(path: Path) -> Input:
    """JSON lines; what looks like a time is text, as in CSV."""
    from azds.dataset.json_lines import find_schema, read_lines  # noqa: PLC0415 - as above

    found = find_schema(path)

    def batches(names: Sequence[str] | None = None) -> Iterator[pa.RecordBatch]:
        try:
            for batch in read_lines(path, found.schema):
                yield batch if names is None else batch.select(list(names))
        except (pa.ArrowInvalid, OSError) as error:
            raise _unreadable(path, error) from error

    return Input(str(path), found.schema, found.times, port.size_of(path), batches)


def _from_csv(path: Path, delimiter: str, encoding: str) -> Input:
    """Every column as text; an empty cell is null."""
    header, has_rows = _header(path, delimiter, encoding)
    schema = pa.schema([(name, pa.string()) for name in header])

    def batches(names: Sequence[str] | None = None) -> Iterator[pa.RecordBatch]:
        if not has_rows:
            return
        try:
            with task("reading", "bytes", port.size_of(path)) as advance:
                for batch in _csv_batches(path, delimiter, encoding, schema, names):
                    yield batch
                    advance(_CSV_BLOCK)
        except (pa.ArrowInvalid, OSError, UnicodeError) as error:
            raise _unreadable(path, error) from error

    return Input(str(path), schema, frozenset(header), port.size_of(path), batches)


def _csv_batches(
    path: Path, delimiter: str, encoding: str, schema: pa.Schema, names: Sequence[str] | None
) -> Iterator[pa.RecordBatch]:
    """The rows; where a cell is larger than a block, again with larger blocks from there on."""
    import pyarrow.csv as pc  # noqa: PLC0415 - only for files of this kind

    block, done = _CSV_BLOCK, 0
    while True:
        try:
            # No Python file: Arrow reads ahead on a thread of its own, which would need the
            # interpreter when the process ends, and may then wait for ever (apache/arrow#50482).
            with pa.OSFile(str(path), "rb") as handle:
                reader = pc.open_csv(
                    handle,
                    pc.ReadOptions(
                        encoding=encoding,
                        block_size=block,
                        column_names=schema.names,
                        skip_rows_after_names=1 + done,
                        use_threads=False,
                    ),
                    pc.ParseOptions(delimiter=delimiter, newlines_in_values=True),
                    pc.ConvertOptions(
                        column_types=schema,
                        null_values=[""],
                        strings_can_be_null=True,
                        include_columns=list(names) if names is not None else None,
                    ),
                )
                for batch in reader:
                    done += batch.num_rows
                    yield batch
        except pa.ArrowInvalid as error:
            if "straddling" in str(error) and block < _MOST_BLOCK:
                block = min(block * 8, _MOST_BLOCK)
                continue
            raise
        return


def _header(path: Path, delimiter: str, encoding: str) -> tuple[list[str], bool]:
    """The names in the first line, and whether anything comes after it."""
    import csv  # noqa: PLC0415 - only for files of this kind

    try:
        codecs.lookup(encoding)
    except LookupError as error:
        raise InvalidInputError("bad-argument", "unknown encoding", got=repr(encoding)) from error
    wanted = "utf-8-sig" if encoding.casefold().replace("_", "-") in {"utf-8", "utf8"} else encoding
    with path.open(encoding=wanted, newline="") as handle:
        csv.field_size_limit(_MOST_BLOCK)
        try:
            names = next(csv.reader(handle, delimiter=delimiter), None)
            has_rows = bool(handle.read(1))
        except csv.Error as error:
            raise _unreadable(path, error) from error
    if not names:
        raise InvalidInputError(
            "source-unreadable",
            "the file is empty" if names is None else "the first line is empty",
            where=str(path),
            expected="a header line",
        )
    unnamed = [str(at) for at, one in enumerate(names, start=1) if not one.strip()]
    if unnamed:
        raise InvalidInputError(
            "bad-column",
            "a column has no name",
            where=str(path),
            expected="a name in each cell of the header line",
            got=f"none in column {_listed(unnamed, 5)}",
        )
    return names, has_rows


def _from_table(table: pa.Table, name: str, text: frozenset[str] = frozenset()) -> Input:
    def batches(names: Sequence[str] | None = None) -> Iterator[pa.RecordBatch]:
        wanted = table if names is None else table.select(list(names))
        return iter(wanted.to_batches(max_chunksize=_BATCH_ROWS))

    return Input(name, table.schema.remove_metadata(), text, table.nbytes, batches)


def _from_reader(reader: pa.RecordBatchReader, name: str) -> Input:
    """A stream; an index of pandas that nobody named says where a row stood, not what it is."""
    names = [one for one in reader.schema.names if one != _INDEX]
    if len(names) == len(reader.schema):
        return _from_stream(reader.schema, reader, name)
    schema = pa.schema([reader.schema.field(one) for one in names])
    return _from_stream(schema, (batch.select(names) for batch in reader), name)


def _from_stream(schema: pa.Schema, stream: Iterable[pa.RecordBatch], name: str) -> Input:
    """Batches that come once; nothing of them is held here."""
    left = [stream]

    def batches(names: Sequence[str] | None = None) -> Iterator[pa.RecordBatch]:
        if not left:
            raise InvalidInputError(
                "bad-argument", "a stream can be read once", where=name, advice="give a table"
            )
        for batch in left.pop():
            yield batch if names is None else batch.select(list(names))

    return Input(name, schema.remove_metadata(), frozenset(), None, batches, is_once=True)


def _from_items(items: Iterable[object], name: str) -> Input:
    """Record batches or tables, one after the other; or rows."""
    iterator = iter(items)
    first = next(iterator, None)
    if isinstance(first, pa.RecordBatch):
        rest = (_batch_of(one, first.schema, name) for one in chain([first], iterator))
        return _from_stream(first.schema, rest, name)
    return _from_rows([] if first is None else chain([first], iterator), name)


def _batch_of(one: object, schema: pa.Schema, name: str) -> pa.RecordBatch:
    if not isinstance(one, pa.RecordBatch) or one.schema.names != schema.names:
        raise InvalidInputError(
            "bad-argument",
            "batches of one table have the same columns",
            where=name,
            expected=_listed(schema.names),
            got=_listed(one.schema.names)
            if isinstance(one, pa.RecordBatch)
            else type(one).__name__,
        )
    return one if one.schema == schema else _cast_batch(one, schema, name)


def _from_rows(rows: Iterable[object], name: str) -> Input:
    """Mappings or records, one a row; a name that a row lacks is null there."""
    plain = [_plain(row, name) for row in rows]
    names = dict.fromkeys(one for row in plain for one in row)
    columns = []
    for one in names:
        try:
            columns.append(pa.array([row.get(one) for row in plain]))
        except (pa.ArrowException, OverflowError) as error:
            raise InvalidInputError(
                "bad-record", _one_line(error), where=f"{name}: {one}"
            ) from error
    if not names:
        raise InvalidInputError(
            "bad-argument",
            "no rows, so no columns are known",
            where=name,
            advice="give an Arrow table",
        )
    return _from_table(pa.Table.from_arrays(columns, names=list(names)), name)


def _plain(row: object, name: str) -> dict[str, object]:
    if isinstance(row, Mapping):
        return dict(row)
    dump: Callable[..., dict[str, object]] | None = getattr(row, "model_dump", None)
    if dump is None:
        raise InvalidInputError(
            "bad-argument", "a row is a mapping or a record", where=name, got=type(row).__name__
        )
    return dump(mode="python")


def _unreadable(path: Path, error: Exception) -> InvalidInputError:
    advice = (
        "give its encoding with --encoding"
        if isinstance(error, UnicodeError) or "UTF8" in str(error)
        else None
    )
    return InvalidInputError("source-unreadable", _one_line(error), where=str(path), advice=advice)


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())[:200]
