"""Compressed files, unpacked piece by piece: bzip2, gzip and xz.

What grows without measure is no dump: a file that unpacks to more than
`MOST_GROWTH` times its size, once it is large, is refused.
"""

import bz2
import lzma
import zlib
from collections.abc import Callable, Iterator
from itertools import chain
from typing import Protocol

from azds.errors import InvalidInputError

__all__ = ["MOST_GROWTH", "unpack"]

MOST_GROWTH = 400
"""How many times its size a compressed file may unpack to (dumps of histories: some 20 to 100)."""

_LARGE = 64 * 1024 * 1024
_PIECE = 1024 * 1024
_OTHERS = {
    b"7z\xbc\xaf\x27\x1c": "7z",
    b"\x28\xb5\x2f\xfd": "zstd",
    b"PK\x03\x04": "zip",
}


class _Unpacker(Protocol):
    """What bz2 and lzma give."""

    @property
    def eof(self) -> bool: ...
    @property
    def needs_input(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    def decompress(self, data: bytes, max_length: int = -1, /) -> bytes: ...


class _Gzip:
    """Gzip with the manners of bz2."""

    def __init__(self) -> None:
        self._inner = zlib.decompressobj(wbits=31)

    @property
    def eof(self) -> bool:
        return self._inner.eof

    @property
    def needs_input(self) -> bool:
        return not self._inner.unconsumed_tail

    @property
    def unused_data(self) -> bytes:
        return self._inner.unused_data

    def decompress(self, data: bytes, max_length: int = -1) -> bytes:
        return self._inner.decompress(self._inner.unconsumed_tail + data, max(max_length, 0))


_MAKERS: dict[bytes, Callable[[], _Unpacker]] = {
    b"BZh": bz2.BZ2Decompressor,
    b"\x1f\x8b": _Gzip,
    b"\xfd7zXZ\x00": lzma.LZMADecompressor,
}


def unpack(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """The bytes of a file, unpacked if they are compressed.

    Raises:
        InvalidInputError: `source-unreadable`: broken, an archive of another kind, or it
            grows too much.
    """
    first = next((piece for piece in pieces if piece), b"")
    other = next((name for sign, name in _OTHERS.items() if first.startswith(sign)), None)
    if other:
        raise InvalidInputError(
            "source-unreadable",
            f"this is a {other} archive",
            advice="unpack it, and pipe it in: azds ingest -",
        )
    maker = next((make for sign, make in _MAKERS.items() if first.startswith(sign)), None)
    if maker is None:
        yield first
        yield from pieces
        return
    try:
        yield from _unpacked(maker, chain([first], pieces))
    except (OSError, EOFError, zlib.error, lzma.LZMAError) as error:
        raise InvalidInputError(
            "source-unreadable", "this compressed file is broken", got=str(error)[:80]
        ) from error


def _unpacked(maker: Callable[[], _Unpacker], pieces: Iterator[bytes]) -> Iterator[bytes]:
    """What the streams of a compressed file hold; what a truncated one still holds, too."""
    taken = given = 0
    unpacker = maker()
    for piece in pieces:
        data = piece
        taken += len(piece)
        while True:
            if unpacker.eof:
                unpacker = maker()
            words = unpacker.decompress(data, _PIECE)
            given += len(words)
            if given > _LARGE and given > MOST_GROWTH * taken:
                raise InvalidInputError(
                    "source-unreadable",
                    "this file unpacks to too much",
                    expected=f"at most {MOST_GROWTH} times its size",
                    got=f"{given} bytes from {taken}",
                )
            if words:
                yield words
            data = unpacker.unused_data if unpacker.eof else b""
            if not data and (unpacker.eof or unpacker.needs_input):
                break
