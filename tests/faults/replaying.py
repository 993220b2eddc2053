"""Commands recorded call by call, and what a power cut after any call may leave of them."""

import hashlib
import random
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tests.faults.disk import MODELS, Disk, Op, Tree, crashes, write_tree
from tests.faults.faulty import Faulty
from tests.faults.operations import Operation, state_of
from tests.faults.reading import Rows

from azds.errors import AzdsError
from azds.store import StoreFolder, verify

__all__ = ["Recorded", "States", "record", "replay"]

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


@dataclass
class States:
    """What was replayed: how many states, how many of them different, and what was bad."""

    tried: int = 0
    different: int = 0
    bad: list[str] = field(default_factory=list)


def record(folder: Path, operations: list[Operation], faulty: Faulty) -> Recorded:
    """Run commands one after the other on a disk of their own, and record their calls."""
    root = folder / "recorded"
    root.mkdir(parents=True)
    operations[0].begins(root / "store")
    faulty.end()
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


def replay(recorded: Recorded, folder: Path, *, most: int, more: int) -> States:
    """Replay up to `most` different states, and repeat the command on every tenth."""
    found = States()
    draw = random.Random(6)  # noqa: S311 - no secret
    seen: set[str] = set()
    cases = list(_cases(recorded, draw, more))
    draw.shuffle(cases)
    for cut, model, kept in cases:
        if len(seen) >= most or len(found.bad) >= ENOUGH:
            break
        found.tried += 1
        tree = recorded.disk.tree(kept)
        acknowledged = sum(at <= cut for at in recorded.disk.acknowledged)
        name = _name(tree, acknowledged)
        if name in seen:
            continue
        seen.add(name)
        root = folder / "crash"
        shutil.rmtree(root, ignore_errors=True)
        write_tree(tree, root)
        allowed = recorded.states[acknowledged : acknowledged + 2]
        fault = _judge(recorded, root / "store", allowed)
        if fault is None and len(seen) % EVERY == 0:
            fault = _repeat(recorded, root / "store", acknowledged)
        if fault is not None:
            found.bad.append(f"{model}, cut after operation {cut}: {fault}")
    found.different = len(seen)
    return found


def _cases(
    recorded: Recorded, draw: random.Random, more: int
) -> Iterator[tuple[int, str, list[Op]]]:
    ops = recorded.disk.ops
    for cut in range(len(ops) + 1):
        for model in MODELS:
            for kept in crashes(ops, cut, model, draw, more):
                yield cut, model, kept


def _name(tree: Tree, acknowledged: int) -> str:
    digest = hashlib.sha256(str(acknowledged).encode())
    for path, data in sorted(tree.items()):
        digest.update(f"\0{path}\0{data is None}".encode())
        if data is not None:
            digest.update(hashlib.sha256(data).digest())
    return digest.hexdigest()


def _judge(recorded: Recorded, store: Path, allowed: list[Rows | None]) -> str | None:
    dataset = recorded.operations[0].dataset
    try:
        state = state_of(store, dataset)
    except AzdsError as error:
        return str(error)
    if state not in allowed:
        return f"it holds {state}"
    if state is None:
        return None
    faults = verify(StoreFolder(store), dataset)
    bad = [fault for fault in faults if not fault.code.startswith(HARMLESS)]
    return f"verify says {bad}" if bad else None


def _repeat(recorded: Recorded, store: Path, acknowledged: int) -> str | None:
    """What was not acknowledged is done again."""
    last = min(acknowledged, len(recorded.operations) - 1)
    try:
        for operation in recorded.operations[last:]:
            operation.does(store)
    except AzdsError as error:
        return f"the same command fails: {error}"
    state = state_of(store, recorded.operations[0].dataset)
    return None if state == recorded.states[-1] else f"the same command gives {state}"
