"""A disk in memory that replays recorded calls as a power cut may leave them.

What the port did is turned into operations on inodes: a name is added to a folder or removed
from it, bytes are written to a file, a file or folder is synced. After any number of them the
power goes, and what was not synced may be there, in part, or not at all:

- `prefix`: all operations up to that one; the last write may be torn.
- `ordered`: names as they were after any operation since the last sync; bytes that were not
  synced may be missing or torn.
- `weakest`: what POSIX promises: bytes are kept once their file is synced, a name once its
  folder is, and of the rest any part. A rename is two operations.
"""

import functools
import itertools
import os
import random
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

__all__ = ["MODELS", "Disk", "Op", "Tree", "crashes", "fingerprint", "read_tree", "write_tree"]

Kind = Literal["add", "remove", "write", "sync"]
MODELS = ("prefix", "ordered", "weakest")
FEW = 256
"""Of operations that are not synced, every subset is tried if there are no more than these."""

Tree = dict[str, bytes | None]
"""Files by path, with their bytes; None for a folder."""
_DRAWN = re.compile("[0-9a-f]{32}")


@dataclass(frozen=True, slots=True)
class Op:
    """One operation.

    Attributes:
        kind: What is done.
        inode: The folder whose names change, or the file or folder that is written or synced.
        name: Of a name that is added or removed.
        target: The inode that an added name is for.
        at: Where bytes are written.
        data: Which.
    """

    kind: Kind
    inode: int
    name: str = ""
    target: int = 0
    at: int = 0
    data: bytes = b""


@dataclass
class Disk:
    """Inodes, and what was done to them since they were all synced."""

    root: Path
    folders: dict[int, dict[str, int]] = field(default_factory=lambda: {0: {}})
    files: dict[int, bytes] = field(default_factory=dict)
    ops: list[Op] = field(default_factory=list)
    acknowledged: list[int] = field(default_factory=list)
    _now: dict[int, dict[str, int]] = field(default_factory=dict)
    _handles: dict[object, tuple[int, int]] = field(default_factory=dict)
    _fresh: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def load(self) -> None:
        """All that is under the root now, as synced."""
        self._load(self.root, 0)
        self._now = {inode: dict(names) for inode, names in self.folders.items()}

    def follow(self, trace: Iterable[tuple[str, tuple[object, ...], object]]) -> None:
        """Turn calls that went well into operations."""
        for name, args, result in trace:
            paths = [Path(arg) for arg in args if isinstance(arg, Path)]
            if paths and not all(path.is_relative_to(self.root) for path in paths):
                continue
            if name == "open":
                self._open(paths[0], args[1], result)
            elif name in {"write", "fsync", "close"}:
                self._by_handle(name, args, result)
            elif name == "mkdir":
                inode = next(self._fresh)
                self.folders[inode] = {}
                self._now[inode] = {}
                self._add(paths[0], inode)
            elif name == "link":
                self._add(paths[1], self._find(paths[0]))
            elif name in {"rename", "replace"}:
                inode = self._find(paths[0])
                self._add(paths[1], inode)
                self._remove(paths[0])
            elif name in {"unlink", "rmdir"}:
                self._remove(paths[0])

    def acknowledge(self) -> None:
        """The command has told its user that it is done."""
        self.acknowledged.append(len(self.ops))

    def tree(self, ops: Iterable[Op]) -> Tree:
        """What is there after these operations, and no others."""
        folders = {inode: dict(names) for inode, names in self.folders.items()}
        files = dict(self.files)
        for op in ops:
            if op.kind == "add":
                folders[op.inode][op.name] = op.target
            elif op.kind == "remove":
                folders[op.inode].pop(op.name, None)
            elif op.kind == "write":
                data = files.get(op.inode, b"")
                files[op.inode] = data[: op.at].ljust(op.at, b"\0") + op.data
        return dict(_walk(0, "", folders, files))

    def _load(self, path: Path, inode: int) -> None:
        for one in sorted(path.iterdir()):
            inner = next(self._fresh)
            self.folders[inode][one.name] = inner
            if one.is_dir():
                self.folders[inner] = {}
                self._load(one, inner)
            else:
                self.files[inner] = one.read_bytes()

    def _find(self, path: Path) -> int:
        inode = 0
        for part in path.relative_to(self.root).parts:
            inode = self._now[inode][part]
        return inode

    def _add(self, path: Path, target: int) -> None:
        folder = self._find(path.parent)
        self._now[folder][path.name] = target
        self.ops.append(Op("add", folder, path.name, target))

    def _remove(self, path: Path) -> None:
        folder = self._find(path.parent)
        del self._now[folder][path.name]
        self.ops.append(Op("remove", folder, path.name))

    def _open(self, path: Path, flags: object, handle: object) -> None:
        assert isinstance(flags, int)
        if flags & os.O_CREAT and path.name not in self._now[self._find(path.parent)]:
            inode = next(self._fresh)
            self.files[inode] = b""
            self._add(path, inode)
        self._handles[handle] = (self._find(path), 0)

    def _by_handle(self, name: str, args: Sequence[object], result: object) -> None:
        if args[0] not in self._handles:
            return
        inode, at = self._handles[args[0]]
        if name == "write":
            assert isinstance(result, int)
            assert isinstance(args[1], memoryview)
            self.ops.append(Op("write", inode, at=at, data=bytes(args[1][:result])))
            self._handles[args[0]] = (inode, at + result)
        elif name == "fsync":
            self.ops.append(Op("sync", inode))
        else:
            del self._handles[args[0]]


def crashes(
    ops: Sequence[Op], cut: int, model: str, draw: random.Random, more: int
) -> Iterator[list[Op]]:
    """The operations that a power cut after the first `cut` may leave, in one model.

    Where there are too many, the extremes, and `more` that are drawn.
    """
    done = list(ops[:cut])
    if model == "prefix":
        yield done
        if done and done[-1].kind == "write":
            yield from ([*done[:-1], torn] for torn in _torn(done[-1]))
        return
    if model == "ordered":
        kept = [at for at, op in enumerate(done) if op.kind == "sync"]
        names = [at for at, op in enumerate(done) if op.kind in {"add", "remove"}]
        free = [at for at in names if not kept or at > kept[-1]]
        ends = [None, *free]
    else:
        ends = [None]
    for end in ends:
        fixed, open_ = _sorted_out(done, model, end)
        for chosen in _choices(open_, draw, more):
            yield [op for _, op in sorted([*fixed, *chosen], key=lambda one: one[0])]


Placed = tuple[int, Op]


def _sorted_out(
    done: Sequence[Op], model: str, end: int | None
) -> tuple[list[Placed], list[Placed]]:
    """What is surely kept, and what may be; `end`: names from this one on are lost."""
    last_sync: dict[int, int] = {op.inode: at for at, op in enumerate(done) if op.kind == "sync"}
    fixed: list[Placed] = []
    open_: list[Placed] = []
    for at, op in enumerate(done):
        if op.kind == "sync":
            continue
        is_name = op.kind != "write"
        if is_name and model == "ordered":
            if end is None or at < end:
                fixed.append((at, op))
        elif last_sync.get(op.inode, -1) > at:
            fixed.append((at, op))
        else:
            open_.append((at, op))
    return fixed, open_


def _choices(open_: Sequence[Placed], draw: random.Random, more: int) -> Iterator[list[Placed]]:
    """Parts of what may be kept: every one of few, else the extremes and some that are drawn."""
    if 2 ** len(open_) <= max(FEW, 4 * more):
        masks: Iterable[tuple[bool, ...]] = itertools.product((True, False), repeat=len(open_))
    else:
        alone = range(len(open_))
        masks = [
            (True,) * len(open_),
            (False,) * len(open_),
            *(tuple(at != one for at in alone) for one in alone),
            *(tuple(at == one for at in alone) for one in alone),
            *(tuple(draw.random() < 0.5 for _ in alone) for _ in range(more)),
        ]
    for mask in masks:
        chosen = [one for one, is_kept in zip(open_, mask, strict=True) if is_kept]
        yield chosen
        for at, op in chosen:
            for torn in _torn(op) if op.kind == "write" else ():
                yield [(at, torn) if one == (at, op) else one for one in chosen]


def _torn(op: Op) -> list[Op]:
    """A write of which nothing, a byte or a half was done, and one of zeros in its length."""
    size = len(op.data)
    pieces = [op.data[:0], op.data[:1], op.data[: size // 2], bytes(size)]
    return [Op("write", op.inode, at=op.at, data=piece) for piece in pieces]


def _walk(
    inode: int, path: str, folders: dict[int, dict[str, int]], files: dict[int, bytes]
) -> Iterator[tuple[str, bytes | None]]:
    for name, inner in folders[inode].items():
        at = f"{path}/{name}" if path else name
        if inner in folders:
            yield at, None
            yield from _walk(inner, at, folders, files)
        else:
            yield at, files[inner]


def write_tree(tree: Tree, root: Path) -> None:
    """Put a tree on a real disk."""
    root.mkdir(exist_ok=True)
    for name, data in tree.items():
        if data is None:
            (root / name).mkdir()
        else:
            (root / name).write_bytes(data)


def read_tree(root: Path) -> Tree:
    """All that is on a real disk."""
    return {
        path.relative_to(root).as_posix(): path.read_bytes() if path.is_file() else None
        for path in root.rglob("*")
    }


def fingerprint(tree: Tree) -> int:
    """The same for two trees that differ in drawn names alone, in this process."""
    return hash(frozenset((_known(path), data) for path, data in tree.items()))


@functools.cache
def _known(path: str) -> str:
    return _DRAWN.sub("drawn", path)
