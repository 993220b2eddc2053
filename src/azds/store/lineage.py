"""The patches that lead from one revision's table to another's, where the store has them."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from azds.store.manifest import FileEntry, TableEntry

__all__ = ["FindEntry", "Step", "steps_between"]

FindEntry = Callable[[str], TableEntry | None]
"""The entry of the same table in a revision's folder; None where there is none."""

_SHARE = 0.5


@dataclass(frozen=True, slots=True)
class Step:
    """One stored patch on the way.

    Attributes:
        file: The patch.
        before: The table that it applies to.
        after: The table that it makes.
        is_back: Whether the way goes from `after` to `before`.
    """

    file: FileEntry
    before: TableEntry
    after: TableEntry
    is_back: bool


def steps_between(old: TableEntry, new: TableEntry, find: FindEntry) -> list[Step] | None:
    """The patches from `old` to `new` by their nearest common table; none where both are equal.

    None where there is no such way, or reading both tables costs less: the patches together take
    more than half the bytes of a checkpoint on the way.
    """
    back_from_old, back_from_new = _back(old, find), _back(new, find)
    meeting = next((digest for digest in back_from_new if digest in back_from_old), None)
    if meeting is None:
        return None
    up, down = back_from_old[meeting], back_from_new[meeting]
    steps = [replace(step, is_back=True) for step in up] + down[::-1]
    cost = sum(step.file.bytes for step in steps)
    return steps if cost <= _SHARE * max(_size(old, find), _size(new, find)) else None


def _back(entry: TableEntry, find: FindEntry) -> dict[str, list[Step]]:
    """The tables before this one by the digests of their content, each with the way back to it."""
    ways: dict[str, list[Step]] = {entry.digest: []}
    way: list[Step] = []
    while (file := entry.patch) is not None:
        before = find(file.on)
        if before is None or before.digest in ways:
            break
        way = [*way, Step(file, before, entry, is_back=False)]
        ways[before.digest] = way
        entry = before
    return ways


def _size(entry: TableEntry, find: FindEntry) -> int:
    """The bytes of the checkpoint that a table is read from."""
    seen = set()
    while entry.file.is_patch and entry.file.path not in seen:
        seen.add(entry.file.path)
        before = find(entry.file.on)
        if before is None:
            break
        entry = before
    return entry.file.bytes
