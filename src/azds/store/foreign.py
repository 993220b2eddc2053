"""Parquet files that come from outside, decoded first where they can do no harm.

A file of 600 bytes may declare ten megabytes and decode to ten gigabytes, and a
broken one may crash its decoder. So a process of its own, with a limit of memory
and of time, decodes it piece by piece and checks every value; only then should
this process read it. What a file declares is checked before anything is decoded.
"""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from azds.errors import InvalidInputError

__all__ = ["Decoded", "Limits", "check_parquet"]

_BATCH_ROWS = 1 << 16
_MOST_TOLD = 2_000


@dataclass(frozen=True, slots=True)
class Limits:
    """How much a foreign file may ask for.

    Attributes:
        decoded: The most bytes of its tables in memory, declared and real.
        memory: The address space of the process that decodes it, in bytes.
        seconds: How long that may take.
    """

    decoded: int = 1 << 33
    memory: int = 1 << 32
    seconds: float = 120.0


@dataclass(frozen=True, slots=True)
class Decoded:
    """What a file was found to hold: rows, and bytes in memory."""

    rows: int
    bytes: int


STANDARD = Limits()


def check_parquet(path: Path, limits: Limits = STANDARD) -> Decoded:
    """Decode a Parquet file in a process of its own, and tell its size; nothing of it is kept.

    The caller reads the file afterwards, as it was checked: a file that somebody may
    change in between is to be copied first.

    Raises:
        InvalidInputError: `source-unreadable`: it is broken, holds what is no value of its
            type, or asks for more than the limits.
    """
    # -P: the folder where the user works, full of foreign files, is no place to import from.
    command = [sys.executable, "-P", "-m", "azds.store.foreign", str(path.absolute())]
    command += [str(limits.decoded), str(limits.memory), str(int(limits.seconds) + 1)]
    # Arrow's own allocators reserve more than they use, which the limit would count.
    environment = {**os.environ, "ARROW_DEFAULT_MEMORY_POOL": "system", "OMP_NUM_THREADS": "1"}
    known = [str(Path(__file__).parents[2]), *filter(None, [os.environ.get("PYTHONPATH")])]
    environment["PYTHONPATH"] = os.pathsep.join(known)
    try:
        done = subprocess.run(  # noqa: S603 - our own program; the path is one argument
            command,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=limits.seconds,
            env=environment,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        message = f"decoding it takes more than {limits.seconds:g} seconds"
        raise _refused(path, message) from error
    if done.returncode < 0:
        raise _refused(path, f"its decoder died of signal {-done.returncode}")
    try:
        told = json.loads(done.stdout[:_MOST_TOLD])
        why, rows, size = told.get("refused"), told.get("rows"), told.get("bytes")
    except (ValueError, AttributeError) as error:
        raise _refused(path, "its decoder died") from error
    if why is not None or not isinstance(rows, int) or not isinstance(size, int):
        raise _refused(path, str(why))
    return Decoded(rows, size)


def _refused(path: Path, why: str) -> InvalidInputError:
    return InvalidInputError("source-unreadable", why, where=str(path))


def _decode(path: str, most: int) -> dict[str, object]:
    """In the child: decode all of a file, and throw it away."""
    import pyarrow as pa  # noqa: PLC0415 - after the limits are set
    import pyarrow.parquet as pq  # noqa: PLC0415 - likewise

    pa.set_cpu_count(1)
    pa.set_io_thread_count(1)
    try:
        with Path(path).open("rb") as handle:
            file = pq.ParquetFile(handle, pre_buffer=False)
            metadata = file.metadata
            groups = range(metadata.num_row_groups)
            declared = sum(metadata.row_group(group).total_byte_size for group in groups)
            if declared > most or declared < 0:
                return {"refused": f"it declares {declared} bytes; at most {most} are decoded"}
            rows = size = 0
            for batch in file.iter_batches(_BATCH_ROWS, use_threads=False):
                batch.validate(full=True)
                rows, size = rows + batch.num_rows, size + batch.nbytes
                if size > most:
                    return {"refused": f"it decodes to more than {most} bytes"}
    except MemoryError:
        return {"refused": "it decodes to more than fits the memory that it may take"}
    except Exception as error:  # noqa: BLE001 - whatever a decoder raises, this file is not read
        return {"refused": " ".join(str(error).split())[:200] or type(error).__name__}
    return {"rows": rows, "bytes": size}


def _main(words: Sequence[str]) -> None:
    path, most, memory, seconds = words
    if sys.platform != "win32":
        import resource  # noqa: PLC0415 - not on every system

        resource.setrlimit(resource.RLIMIT_AS, (int(memory), int(memory)))
        resource.setrlimit(resource.RLIMIT_CPU, (int(seconds), int(seconds)))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    sys.stdout.write(json.dumps(_decode(path, int(most))))


if __name__ == "__main__":
    _main(sys.argv[1:])
