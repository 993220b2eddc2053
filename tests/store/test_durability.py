"""What is durable when: a model of a disk that keeps only what was synced.

The weakest promise of POSIX: a file's bytes are kept once the file is synced, a name
once its folder is synced, and nothing else is. When a record is linked, all that it
speaks of must be kept already; when a commit returns, the record must be.
"""

from dataclasses import dataclass, field
from pathlib import Path

import pytest
from tests.store.making import WRITER, FaultyOs, revision

from azds.store import init_store, open_store


@dataclass
class Disk:
    """What a power cut would take, after these calls."""

    bytes: set[Path] = field(default_factory=set)
    names: set[Path] = field(default_factory=set)
    handles: dict[object, Path] = field(default_factory=dict)
    at_links: list[set[Path]] = field(default_factory=list)
    at_renames: list[set[Path]] = field(default_factory=list)

    def follow(self, name: str, args: tuple[object, ...], result: object) -> None:
        paths = [arg for arg in args if isinstance(arg, Path)]
        if name == "open":
            self.handles[result] = paths[0]
        elif name == "write":
            self.bytes.add(self.handles[args[0]])
            self.names.add(self.handles[args[0]])
        elif name == "fsync":
            synced = self.handles[args[0]]
            self.bytes.discard(synced)
            self.names = {path for path in self.names if path.parent != synced}
        elif name == "mkdir":
            self.names.add(paths[0])
        elif name in {"rmdir", "unlink"}:
            self.names.discard(paths[0])
            self.bytes.discard(paths[0])
        elif name == "rename":
            self.at_renames.append({path for path in self.lost() if path.name == "log"})
            self.bytes = {moved(path, *paths) for path in self.bytes}
            self.names = {moved(path, *paths) for path in self.names} | {paths[1]}
        elif name == "link":
            self.at_links.append(self.lost())
            self.names.add(paths[1])

    def lost(self) -> set[Path]:
        """All but what is to vanish: names under `tmp/`, and the marker's first name."""
        return {
            path
            for path in self.names | self.bytes
            if "/cities/tmp" not in str(path) and not path.name.startswith(".azds-store")
        }


def moved(path: Path, old: Path, new: Path) -> Path:
    return new / path.relative_to(old) if path.is_relative_to(old) else path


def after(faulty: FaultyOs) -> Disk:
    disk = Disk()
    for call in faulty.trace:
        disk.follow(*call)
    faulty.end()
    return disk


@pytest.mark.parametrize("begins_with", ["create", "dataset.toml"])
def test_what_a_record_names_is_durable_before_it_and_it_before_the_answer(
    tmp_path: Path, faulty: FaultyOs, begins_with: str
) -> None:
    init_store(tmp_path / "new" / "store")
    disk = after(faulty)
    assert disk.at_links == [set()]
    assert disk.lost() == set()
    store = open_store(tmp_path / "new" / "store")
    if begins_with == "create":
        store.create("cities")
        assert after(faulty).lost() == set()
    else:
        (store.path / "cities").mkdir()
        (store.path / "cities" / "dataset.toml").touch()
    dataset = store.dataset("cities")
    for label in "aba":
        faulty.end()
        number = len(dataset.records())
        dataset.commit([revision(label, {"BAK": number}), revision("c", {})], writer=WRITER)
        names = [call for call, _, _ in faulty.trace]
        disk = after(faulty)
        assert disk.at_links == [set()], "all but the record is kept when the record is linked"
        assert disk.lost() == set(), "and the record when the commit returns"
        assert not any(disk.at_renames), "revisions without a log would be damage"
        last = names.index("link")
        assert names[last:].count("fsync") == 1
        assert not {"rename", "mkdir", "write"} & set(names[last:])


def test_a_commit_of_nothing_new_makes_what_is_there_durable(
    tmp_path: Path, faulty: FaultyOs
) -> None:
    dataset = init_store(tmp_path).create("cities")
    dataset.commit([revision("a", {"BAK": 1})], writer=WRITER)
    faulty.end()
    dataset.commit([revision("a", {"BAK": 1})], writer=WRITER)
    handles, synced = {}, []
    for name, args, result in faulty.trace:
        if name == "open":
            handles[result] = args[0]
        elif name == "fsync":
            synced.append(handles[args[0]])
    assert synced == [dataset.path, tmp_path, dataset.path / "log"]


def test_what_interrupted_commits_left_makes_room_before_anything_is_written(
    tmp_path: Path, faulty: FaultyOs
) -> None:
    dataset = init_store(tmp_path).create("cities")
    (dataset.path / "tmp").mkdir()
    (dataset.path / "tmp" / "large").touch()
    faulty.end()
    dataset.commit([revision("a", {"BAK": 1})], writer=WRITER)
    calls = [name for name, _, _ in faulty.trace]
    assert calls.index("unlink") < calls.index("write")
