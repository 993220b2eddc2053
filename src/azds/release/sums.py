"""``SHA256SUMS``: what `sha256sum -c` reads. Every file but itself and its signature."""

import re
from collections.abc import Iterable, Mapping

from azds.release.names import OWN_FILES, parse_path
from azds.release.refused import ReleaseDamagedError

__all__ = ["parse_sums", "render_sums"]

_LINE = re.compile(r"([0-9a-f]{64})  (.+)")


def render_sums(files: Iterable[tuple[str, str]]) -> bytes:
    """The sums of these paths and digests, sorted by path: the twin of `parse_sums`.

    >>> print(render_sums([("b", "0" * 64), ("a", "1" * 64)]).decode()[64:68])
      a
    <BLANKLINE>
    """
    lines = sorted((path.encode(), digest) for path, digest in files)
    return b"".join(f"{digest}  ".encode() + path + b"\n" for path, digest in lines)


def parse_sums(data: bytes, where: str) -> Mapping[str, str]:
    """By path, the digest that a file has to have. The paths stay inside the release.

    Raises:
        ReleaseDamagedError: `release-invalid`, `release-path`.
    """
    try:
        lines = data.decode().split("\n")
    except UnicodeDecodeError as error:
        raise _invalid(where, "bytes that are no text") from error
    if not data.endswith(b"\n") or lines.pop():
        raise _invalid(where, "no line end at its end")
    found: dict[str, str] = {}
    for line in lines:
        match = _LINE.fullmatch(line)
        if match is None:
            raise _invalid(where, repr(line[:80]))
        path = parse_path(match[2], where)
        if path in found or path in OWN_FILES:
            raise _invalid(where, f"{path}, which may not stand there, or stands there twice")
        found[path] = match[1]
    if render_sums(found.items()) != data:
        raise _invalid(where, "lines that are not sorted by path")
    folded = {path.casefold() for path in found}
    if len(folded) < len(found):
        raise _invalid(where, "paths that differ only in the case of letters")
    return found


def _invalid(where: str, got: str) -> ReleaseDamagedError:
    return ReleaseDamagedError(
        "release-invalid",
        "these are no sums of a release",
        where=where,
        expected="sorted lines of a SHA-256 and a path",
        got=got,
    )
