"""Tables written to files of their own: Parquet, or CSV by the name."""

from pathlib import Path

import pyarrow as pa

from azds.errors import InvalidInputError
from azds.store import port

__all__ = ["write_table"]


def write_table(table: pa.Table, path: Path | str) -> None:
    """Write a table to a file, whole or not at all: Parquet, or CSV where the name ends so.

    Raises:
        InvalidInputError: `bad-argument` (a file of another kind), `type-unsupported`.
        StorageError: `storage-failed`.
    """
    where = Path(path)
    ending = where.suffix.casefold()
    if ending not in {".parquet", ".pq", ".csv"}:
        raise InvalidInputError(
            "bad-argument",
            "a table is not written to a file of this kind",
            where=str(path),
            expected=".parquet or .csv",
            got=ending or "no ending",
        )
    sink = pa.BufferOutputStream()
    try:
        if ending == ".csv":
            sink.write(_csv(table))
        else:
            import pyarrow.parquet as pq  # noqa: PLC0415 - only for files of this kind

            pq.write_table(table, sink)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError, pa.ArrowTypeError) as error:
        raise InvalidInputError(
            "type-unsupported",
            "this table cannot be written so",
            where=str(path),
            got=" ".join(str(error).split())[:120],
        ) from error
    port.replace_file(where, bytes(sink.getvalue()))


def _csv(table: pa.Table) -> bytes:
    """CSV, quoted only where it must be."""
    import pyarrow.csv as pc  # noqa: PLC0415 - only for files of this kind

    is_plain = not any(mark in name for name in table.column_names for mark in ',"\r\n')
    header = (",".join(table.column_names) + "\n").encode() if is_plain else b""
    sink = pa.BufferOutputStream()
    try:
        pc.write_csv(
            table, sink, pc.WriteOptions(include_header=not is_plain, quoting_style="none")
        )
    except pa.ArrowInvalid:  # a comma, a quote or a line end in a value
        sink = pa.BufferOutputStream()
        pc.write_csv(
            table, sink, pc.WriteOptions(include_header=not is_plain, quoting_style="needed")
        )
    return header + bytes(sink.getvalue())
