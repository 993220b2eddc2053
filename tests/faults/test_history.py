"""A history of commits, cuts, gc, verification and tampering, against a model that is a dict.

Hypothesis draws it. After every step the dataset holds what the model says, every file that a
record ever needed is as it was, and `verify` finds nothing but what a cut may leave. A rule for
another command is added beside the others.
"""

import shutil
import tempfile
from contextlib import suppress
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from tests.faults.conftest import EVERYTHING, MEMORY
from tests.faults.faulty import Cut, Faulty
from tests.faults.forging import patches_of_small_tables
from tests.store.making import WRITER, files, revision

import azds
from azds.errors import StorageError
from azds.store import StagedRevision, StoreFolder, init_store, verify
from azds.store.gc import collect

People = dict[str, int | None]
LABELS = st.sampled_from(["a", "b", "c"])
PEOPLE = st.dictionaries(st.sampled_from(["BAK", "GAN", "SUM"]), st.integers(0, 9), max_size=3)
GONE = st.sets(st.sampled_from(["BAK", "GAN", "SUM"]), max_size=2)
STAGED = st.dictionaries(LABELS, PEOPLE, min_size=1, max_size=2)


class History(RuleBasedStateMachine):
    """One dataset, its model, and a port that fails when told to."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(
            tempfile.mkdtemp(prefix="azds-history-", dir=MEMORY if MEMORY.is_dir() else None)
        )
        self.patch = pytest.MonkeyPatch()
        self.patch.setattr("azds.store.port.os.fsync", lambda _: None)
        self.faulty = Faulty(self.patch)
        self.small = patches_of_small_tables()
        self.small.__enter__()
        self.store = init_store(self.folder / "store")
        self.store.create("cities")
        self.model: dict[str, People] = {}
        self.needed: dict[str, bytes] = {}
        self.is_cut = False

    def teardown(self) -> None:
        self.faulty.end()
        self.small.__exit__(None, None, None)
        self.patch.undo()
        shutil.rmtree(self.folder)

    def held(self) -> dict[str, People]:
        reader = StoreFolder(self.store.path).dataset("cities")
        return {
            manifest.label: {
                row["id"]: row["people"]
                for row in reader.read_table(manifest.label, "City").to_pylist()
            }
            for manifest in reader.revisions()
        }

    def commit(self, staged: dict[str, People]) -> None:
        given: list[StagedRevision] = [revision(label, people) for label, people in staged.items()]
        StoreFolder(self.store.path).dataset("cities").commit(given, writer=WRITER)

    @rule(staged=STAGED)
    def commits(self, staged: dict[str, People]) -> None:
        self.commit(staged)
        self.model |= staged

    def change(self, people: dict[str, int], gone: set[str], *, is_patch: bool) -> People | None:
        """The next revision by what differs from the last; None if nothing can be said."""
        last = list(self.model)[-1]
        before = self.model[last]
        label = f"p{len(self.model)}"
        gone = (gone & set(before)) - set(people)
        after: People = {name: n for name, n in before.items() if name not in gone}
        after.update(people)
        dataset = azds.open(self.store.path)["cities"]
        if is_patch:
            rows = pa.table(
                {
                    "id": pa.array(list(after), pa.string()),
                    "people": pa.array(list(after.values()), pa.int64()),
                }
            )
            patch = azds.patch(dataset[last]["City"], rows, name="City")
            dataset.commit(label, patches={"City": patch}, confirm_removals=True)
            return after
        upserts = [{"id": name, "people": n} for name, n in people.items()]
        deletes = [{"id": name} for name in sorted(gone)]
        if not upserts and not deletes:
            return None
        dataset.commit(
            label,
            upserts={"City": upserts} if upserts else None,
            deletes={"City": deletes} if deletes else None,
            confirm_removals=True,
        )
        return after

    @precondition(lambda self: self.model)
    @rule(people=PEOPLE, gone=GONE, is_patch=st.booleans())
    def is_changed_by_rows_or_a_patch(
        self, people: dict[str, int], gone: set[str], *, is_patch: bool
    ) -> None:
        after = self.change(people, gone, is_patch=is_patch)
        if after is not None:
            self.model[f"p{len(self.model)}"] = after

    @precondition(lambda self: self.model)
    @rule(people=PEOPLE, gone=GONE, is_patch=st.booleans(), at=st.integers(1, 120))
    def is_killed_in_a_change(
        self, people: dict[str, int], gone: set[str], *, is_patch: bool, at: int
    ) -> None:
        self.faulty.arm("cut", at)
        try:
            self.change(people, gone, is_patch=is_patch)
        except Cut:
            self.is_cut = True
        self.faulty.end()
        held = self.held()
        before = list(self.model.values())[-1]
        kept = {name: n for name, n in before.items() if name not in gone - set(people)}
        after: People = {**kept, **people}
        assert held in (self.model, self.model | {f"p{len(self.model)}": after})
        self.model = held

    @rule(staged=STAGED, at=st.integers(1, 160))
    def is_killed_in_a_commit(self, staged: dict[str, People], at: int) -> None:
        self.faulty.arm("cut", at)
        try:
            self.commit(staged)
        except Cut:
            self.is_cut = True
        self.faulty.end()
        held = self.held()
        assert held in (self.model, self.model | staged)
        self.model = held

    @rule(staged=STAGED, at=st.integers(1, 160))
    def fails_in_a_commit(self, staged: dict[str, People], at: int) -> None:
        self.faulty.arm("EIO", at)
        try:
            self.commit(staged)
            is_done = True
        except StorageError as error:
            is_done = error.kind == "commit-unknown"
        self.is_cut = True
        self.faulty.end()
        self.model |= staged if is_done else {}

    @rule(whole=st.booleans())
    def collects(self, *, whole: bool) -> None:
        collect(self.store, "cities", whole=whole)
        if whole:
            self.is_cut = False

    @rule(at=st.integers(1, 60))
    def is_killed_in_gc(self, at: int) -> None:
        self.faulty.arm("cut", at)
        with suppress(Cut):
            collect(self.store, "cities", whole=True)
        self.faulty.end()

    @rule(which=st.integers(0), place=st.integers(0), bit=st.integers(0, 7))
    def is_tampered_with_and_mended(self, which: int, place: int, bit: int) -> None:
        names = sorted(self.needed)
        if not names:
            return
        path = self.store.path / names[which % len(names)]
        data = path.read_bytes()
        flipped = bytearray(data)
        flipped[place % len(data)] ^= 1 << bit
        path.write_bytes(flipped)
        told = {fault.file for fault in verify(self.store, "cities")}
        assert names[which % len(names)] in told
        path.write_bytes(data)

    @invariant()
    def holds_what_the_model_says(self) -> None:
        assert self.held() == self.model

    @invariant()
    def keeps_every_file_that_a_record_ever_needed(self) -> None:
        stored = files(self.store.path)
        assert self.needed.items() <= stored.items()
        dataset = StoreFolder(self.store.path).dataset("cities")
        made = {one.folder for record in dataset.records() for one in record.revisions.values()}
        self.needed |= {
            name: data
            for name, data in stored.items()
            if name.split("/")[1:2] in [["log"], *([folder] for folder in made)]
        }

    @invariant()
    def has_no_fault_but_what_a_cut_leaves(self) -> None:
        faults = verify(self.store, "cities")
        harmless = ("leftover-", "log-empty") if self.is_cut else ()
        assert all(fault.code.startswith(tuple(harmless)) for fault in faults), faults


TestHistory = History.TestCase
TestHistory.settings = settings(
    max_examples=400 if EVERYTHING else 8,
    stateful_step_count=25 if EVERYTHING else 12,
    deadline=None,
)
