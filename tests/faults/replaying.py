"""Commands recorded call by call, and what a power cut after any call may leave of them.

A state that a cut left is a beginning too: there the same command runs again, and the power is
cut a second time.
"""

import itertools
import random
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from tests.faults.disk import MODELS, Disk, Op, Tree, crashes, fingerprint, write_tree
from tests.faults.faulty import Faulty
from tests.faults.operations import Operation, state_of
from tests.faults.reading import Rows

from azds.errors import AzdsError
from azds.store import StoreFolder, verify

__all__ = ["Recorded", "Replay", "record"]

HARMLESS = ("leftover-", "log-empty")
"""What a first commit leaves that was cut before its record: whole folders, no record."""
EVERY = 10
ENOUGH = 5


@dataclass
class Recorded:
    """Steps that were acknowledged one after the other.

    Attributes:
        operations: They, in order.
        disk: What they did; the store is the folder `store` in its root.
        states: What the dataset held before the first, and after each.
    """

    operations: list[Operation]
    disk: Disk
    states: list[Rows | None]

    def undone(self, cut: int) -> list[Operation]:
        """What was not acknowledged when this many calls were made."""
        return self.operations[sum(at <= cut for at in self.disk.acknowledged) :]

    def allowed(self, cut: int) -> list[Rows | None]:
        """What the dataset may hold then: what was acknowledged last, or the next."""
        done = len(self.operations) - len(self.undone(cut))
        return self.states[done : done + 2]


@dataclass(frozen=True)
class Left:
    """What a cut left, and the operations that were not acknowledged then."""

    tree: Tree
    undone: list[Operation]

    def record(self, folder: Path, faulty: Faulty) -> Recorded:
        """The same operations again, from there."""
        next_, *rest = self.undone
        begun = replace(next_, begins=lambda store: write_tree(self.tree, store.parent))
        return record(folder, [begun, *rest], faulty)


@dataclass
class Replay:
    """States that were tried, each once.

    Attributes:
        folder: Where they are laid out, one after the other.
        faulty: Records the calls.
        more: How many parts are drawn of what is not synced, where there are too many.
        bad: What was wrong, in words.
    """

    folder: Path
    faulty: Faulty
    more: int
    bad: list[str] = field(default_factory=list)
    _seen: set[tuple[int, str]] = field(default_factory=set)
    _draw: random.Random = field(default_factory=lambda: random.Random(6))  # noqa: S311 - no secret

    @property
    def different(self) -> int:
        """How many states were tried."""
        return len(self._seen)

    def once(self, recorded: Recorded, most: int) -> list[Left]:
        """Up to `most` more states, after one cut; what had something left to do.

        The command is repeated on every tenth.
        """
        left = []
        for cut, model, tree in itertools.islice(self._fresh(recorded), most):
            undone = recorded.undone(cut)
            root = self.folder / "crash"
            shutil.rmtree(root, ignore_errors=True)
            write_tree(tree, root)
            fault = _judge(recorded, root / "store", cut)
            if fault is None and undone and self.different % EVERY == 0:
                fault = _repeat(recorded, root / "store", undone)
            self.faulty.end()
            if fault is None:
                left += [Left(tree, undone)] if undone else []
            else:
                self.bad.append(f"{model}, cut after operation {cut}: {fault}")
            if len(self.bad) >= ENOUGH:
                break
        return left

    def twice(self, left: list[Left], most: int, each: int) -> None:
        """Up to `most` more states after a second cut, up to `each` of them after one first."""
        end = self.different + most
        for one in self._draw.sample(left, len(left)):
            if self.different >= end or self.bad:
                break
            again = self.folder / "again"
            self.once(one.record(again, self.faulty), min(each, end - self.different))
            shutil.rmtree(again)

    def _fresh(self, recorded: Recorded) -> Iterator[tuple[int, str, Tree]]:
        """The states that were not met yet, in any order, with their cut and model."""
        cases = list(_cases(recorded, self._draw, self.more))
        self._draw.shuffle(cases)
        allowed = {
            len(recorded.undone(cut)): repr(recorded.allowed(cut))
            for cut in (0, *recorded.disk.acknowledged)
        }
        for cut, model, kept in cases:
            tree = recorded.disk.tree(kept)
            name = fingerprint(tree), allowed[len(recorded.undone(cut))]
            if name not in self._seen:
                self._seen.add(name)
                yield cut, model, tree


def record(folder: Path, operations: list[Operation], faulty: Faulty) -> Recorded:
    """Run commands one after the other on a disk of their own, and record their calls."""
    root = folder / "recorded"
    root.mkdir(parents=True)
    operations[0].begins(root / "store")
    disk = Disk(root)
    disk.load()
    dataset = operations[0].dataset
    states = [state_of(root / "store", dataset)]
    for operation in operations:
        faulty.end()
        operation.does(root / "store")
        disk.follow(faulty.trace)
        disk.acknowledge()
        faulty.end()
        states.append(state_of(root / "store", dataset))
    return Recorded(operations, disk, states)


def _cases(
    recorded: Recorded, draw: random.Random, more: int
) -> Iterator[tuple[int, str, list[Op]]]:
    """What each cut may leave.

    Where no sync follows, the next cut may leave the same and more; so such a cut is tried
    in the strictest model alone.
    """
    ops = recorded.disk.ops
    ends = {len(ops), *recorded.disk.acknowledged}
    for cut in range(len(ops) + 1):
        is_end = cut in ends or ops[cut].kind == "sync"
        for model in MODELS if is_end else MODELS[:1]:
            for kept in crashes(ops, cut, model, draw, more):
                yield cut, model, kept


def _judge(recorded: Recorded, store: Path, cut: int) -> str | None:
    dataset = recorded.operations[0].dataset
    try:
        state = state_of(store, dataset)
    except AzdsError as error:
        return str(error)
    if state not in recorded.allowed(cut):
        return f"it holds {state}"
    if state is None:
        return None
    faults = verify(StoreFolder(store), dataset)
    bad = [fault for fault in faults if not fault.code.startswith(HARMLESS)]
    return f"verify says {bad}" if bad else None


def _repeat(recorded: Recorded, store: Path, undone: list[Operation]) -> str | None:
    """What was not acknowledged is done again."""
    try:
        for operation in undone:
            operation.does(store)
    except AzdsError as error:
        return f"the same command fails: {error}"
    state = state_of(store, recorded.operations[0].dataset)
    return None if state == recorded.states[-1] else f"the same command gives {state}"
