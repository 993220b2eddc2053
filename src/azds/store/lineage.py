"""The patches that lead from one revision's table to another's, where the store has them."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from azds.store.manifest import FileEntry, TableEntry

__all__ = ["FindEntry", "Step", "steps_between"]

FindEntry = Callable[[str], TableEntry | None]
"""The entry of the same table in a revision's folder; None where there is none."""

_SHARE = 0.5
_CHEAP = 1 << 20
"""So many bytes of patches are read without asking what the tables would cost."""


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
    more than half the bytes of a checkpoint on the way, or tell rows by their numbers.
    """
    walks = (_Walk(old), _Walk(new))
    meeting = old.digest if old.digest == new.digest else None
    while meeting is None:
        moved = [walk.step_back(find) for walk in walks]
        if not any(moved):
            return None
        meeting = next(
            (w.entry.digest for w in walks if all(w.entry.digest in o.ways for o in walks)), None
        )
    up, down = walks[0].ways[meeting], walks[1].ways[meeting]
    steps = [replace(step, is_back=True) for step in up] + down[::-1]
    if any(step.file.numbered for step in steps):
        return None
    cost = sum(step.file.bytes for step in steps)
    is_cheap = cost <= _CHEAP or cost <= _SHARE * max(_size(old, find), _size(new, find))
    return steps if is_cheap else None


class _Walk:
    """From a table back through those before it.

    Attributes:
        entry: Where it has come to.
        ways: The tables that it came by, by the digests of their content, each with the way.
    """

    def __init__(self, entry: TableEntry) -> None:
        self.entry = entry
        self.ways: dict[str, list[Step]] = {entry.digest: []}

    def step_back(self, find: FindEntry) -> bool:
        """Go to the table before; whether there is one."""
        file = self.entry.patch
        before = find(file.on) if file is not None else None
        if file is None or before is None or before.digest in self.ways:
            return False
        step = Step(file, before, self.entry, is_back=False)
        self.ways[before.digest] = [*self.ways[self.entry.digest], step]
        self.entry = before
        return True


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
