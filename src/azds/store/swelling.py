"""How much a foreign Parquet file may become in memory, told before its rows are decoded.

A footer is cheap to read but may lie by leaving out: the size of a column of texts counts
each word of its dictionary once, however often it comes. So where a footer does not settle
it, the words of the dictionary are measured, without laying the texts out. What that does not
settle either is decoded in a process of its own (`azds.store.foreign`). Loads pyarrow.
"""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from azds.arrow.kernels import kernel
from azds.arrow.layout import numbers, valid
from azds.errors import InvalidInputError
from azds.store.foreign import Limits, check_parquet

__all__ = ["refuse_swelling"]

_FREE = 1 << 30
"""Bytes that any file may become."""
_MOST_RATIO = 1000
"""Times its own size that a larger one may declare; a key alone takes more than that allows."""
_DECODED_RATIO = 100
_MEMORY = 1 << 31
_BATCH_ROWS = 1 << 16
_SECONDS = 30.0
_BYTES_A_SECOND = 4_000_000
_WIDTHS = {"BOOLEAN": 1, "INT32": 4, "FLOAT": 4, "INT96": 12}
_WIDE = 8
_LENGTH = 4
_LIST = (".list.element", ".list.item")


def refuse_swelling(path: Path, source: pa.NativeFile, metadata: pq.FileMetaData) -> None:
    """Refuse a file that becomes far more than it is; decode it apart where it may.

    Shape: `source` is the file at `path`, open, and `metadata` its footer.

    Raises:
        InvalidInputError: `source-unreadable`.
    """
    size = path.stat().st_size
    groups = [metadata.row_group(at) for at in range(metadata.num_row_groups)]
    declared = sum(max(group.total_byte_size, _flat(metadata, group)) for group in groups)
    most = max(_FREE, _MOST_RATIO * size)
    if declared > most or any(group.num_rows < 0 for group in groups):
        raise InvalidInputError(
            "source-unreadable",
            "it declares more than a file of its size is read for",
            where=str(path),
            expected=f"at most {most} bytes decoded",
            got=f"{declared} from {size}",
        )
    columns = (metadata.schema.column(at) for at in range(metadata.num_columns))
    coded = [column.path for column in columns if column.physical_type == "BYTE_ARRAY"]
    file = pq.ParquetFile(source, metadata=metadata, pre_buffer=False, read_dictionary=coded)
    if any(_refuse_group(path, file, at) for at in range(len(groups))):
        decoded = max(_FREE, _DECODED_RATIO * size)
        check_parquet(path, Limits(decoded, _MEMORY, _SECONDS + size / _BYTES_A_SECOND))


def _flat(metadata: pq.FileMetaData, group: pq.RowGroupMetaData) -> int:
    """What values of a fixed width take, by their number."""
    return sum(
        group.column(at).num_values * _width(metadata, at)
        for at in range(group.num_columns)
        if group.column(at).physical_type != "BYTE_ARRAY"
    )


def _width(metadata: pq.FileMetaData, at: int) -> int:
    column = metadata.schema.column(at)
    if column.physical_type == "FIXED_LEN_BYTE_ARRAY":
        return int(column.length)
    return _WIDTHS.get(column.physical_type, _WIDE)


def _refuse_group(path: Path, file: pq.ParquetFile, number: int) -> bool:
    """Refuse texts that are found to take too much; whether some are left that may."""
    metadata = file.metadata
    group, left = metadata.row_group(number), 0
    for at in range(group.num_columns):
        chunk = group.column(at)
        declared, values = chunk.total_uncompressed_size, chunk.num_values
        if chunk.physical_type != "BYTE_ARRAY":
            is_nested = metadata.schema.column(at).max_repetition_level > 0
            left += values * _width(metadata, at) if is_nested else 0
        elif "DELTA_BYTE_ARRAY" in chunk.encodings:  # a prefix is written once, and comes often
            left += values * declared
        elif values * declared <= _FREE:  # else the footer may hide that there is a dictionary
            left += declared + values * _LENGTH
        else:
            most = max(_FREE, _DECODED_RATIO * chunk.total_compressed_size)
            found = _texts(file, (number, at), most)
            if found is None:
                left += values * declared
            elif found > most:
                raise InvalidInputError(
                    "source-unreadable",
                    "its texts come to more than a file of its size is read for",
                    where=f"{path}: {chunk.path_in_schema}",
                    expected=f"at most {most} bytes decoded",
                    got=f"{found} from {chunk.total_compressed_size}",
                )
    return left > _FREE


def _texts(file: pq.ParquetFile, chunk: tuple[int, int], most: int) -> int | None:
    """The bytes of the texts of a column chunk, told from its dictionary; None if that cannot be.

    Shape: `file` reads texts as dictionaries; `chunk` is the numbers of a row group and of a
    column. An upper bound where the longest word says enough. Counting ends above `most`, or
    where one batch is larger than any file may become.
    """
    number, at = chunk
    stored = file.metadata.row_group(number).column(at)
    path, declared = stored.path_in_schema, int(stored.total_uncompressed_size)
    name = next((path.removesuffix(end) for end in _LIST if path.endswith(end)), path)
    found = 0
    for rows in (1, _BATCH_ROWS):
        batches = file.iter_batches(rows, row_groups=[number], columns=[name], use_threads=False)
        for batch in batches:
            texts = batch.column(0) if batch.num_columns == 1 else None
            texts = texts.values if texts is not None and pa.types.is_list(texts.type) else texts
            if texts is None or not pa.types.is_dictionary(texts.type):
                return None
            sizes = kernel("binary_length", texts.dictionary)
            lengths = np.where(valid(sizes), numbers(sizes), 0).astype(np.int64)
            if rows == 1:
                bound = declared + int(stored.num_values) * (int(lengths.max(initial=0)) + _LENGTH)
                if bound <= _FREE:
                    return bound
                break
            size = int(lengths[numbers(kernel("drop_null", texts.indices))].sum())
            found += size if size <= _FREE else most + size
            if found > most:
                return found
    return found
