"""Hostile data: keys that look alike, terminals that are spoken to, spreadsheets that compute.

One table says which keys are one key; it holds in memory, in Arrow, in the digest and on disk.
"""

import csv
import io
import itertools
import json
import re
import sys
import tempfile
import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pytest
from tests.store.making import WRITER

import azds
from azds.arrow.digest import content_digest
from azds.arrow.equality import equal
from azds.cli import run
from azds.columns import Column, Role, TableSchema
from azds.coverage import Coverage
from azds.dataset.patches import Patch
from azds.errors import AzdsError, IntegrityError, InvalidInputError
from azds.ids import format_key
from azds.store import DatasetFolder, StagedRevision, StagedTable, canonical, init_store

NAN = float("nan")

VALUES: dict[str, tuple[str, object]] = {
    "true": ("bool", True),
    "1": ("int64", 1),
    "1.0": ("float64", 1.0),
    "text 1": ("string", "1"),
    "text true": ("string", "true"),
    "text 1.0": ("string", "1.0"),
    "0.0": ("float64", 0.0),
    "-0.0": ("float64", -0.0),
    "NaN": ("float64", NAN),
    "another NaN": ("float64", -NAN),
    "2^53": ("int64", 2**53),
    "2^53 + 1": ("int64", 2**53 + 1),
    "2.0^53": ("float64", 2.0**53),
    "null": ("string", None),
    "empty": ("string", ""),
    "composed": ("string", "\u00e9"),
    "decomposed": ("string", "e\u0301"),
    "upper": ("string", "E\u0301"),
    "wide": ("string", "\uff11"),
    "blank": ("string", "1 "),
    "invisible": ("string", "1\u200b"),
}
"""By what they look like: a type in words, and a value of it."""

SAME = {frozenset({"0.0", "-0.0"}), frozenset({"NaN", "another NaN"})}
"""All that is one value; whatever else differs in type or code points is another."""

KEYS = [name for name, (kind, value) in VALUES.items() if kind == "string" and value is not None]


def is_same(one: str, other: str) -> bool:
    return one == other or frozenset({one, other}) in SAME


def column(name: str) -> pa.Array:
    kind, value = VALUES[name]
    return pa.array([value], {"bool": pa.bool_(), "float64": pa.float64()}.get(kind, kind))


def schema_of(kind: str) -> TableSchema:
    return TableSchema(
        "T",
        1,
        (Column("id", "string", Role.KEY), Column("v", kind, Role.FACT, nullable=True)),
    )


def staged(label: str, rows: pa.Table, schema: TableSchema) -> StagedRevision:
    return StagedRevision(label, {"T": StagedTable(schema, Coverage("complete"), rows)})


@pytest.mark.parametrize(("one", "other"), list(itertools.combinations_with_replacement(VALUES, 2)))
def test_equality_is_one_table_in_arrow_and_in_the_digest(one: str, other: str) -> None:
    """Values of two types are never one value; of one type they are if the table says so."""
    (kind, _), (other_kind, _) = VALUES[one], VALUES[other]
    if kind != other_kind:
        assert not is_same(one, other)
        with pytest.raises(InvalidInputError):
            equal(column(one), column(other))
        return
    assert equal(column(one), column(other)).to_pylist() == [is_same(one, other)]
    schema = schema_of(kind)
    digests = {
        content_digest(pa.table({"id": ["k"], "v": column(name)}), schema).digest
        for name in (one, other)
    }
    assert (len(digests) == 1) == is_same(one, other)


@pytest.mark.parametrize("one", VALUES)
def test_a_value_comes_back_from_disk_as_itself(tmp_path: Path, one: str) -> None:
    dataset = init_store(tmp_path / "store").create("d")
    schema = schema_of(VALUES[one][0])
    rows = pa.table({"id": ["k"], "v": column(one)})
    dataset.commit([staged("a", rows, schema)], writer=WRITER)
    read = dataset.read_table("a", "T")
    assert equal(read["v"], rows["v"]).to_pylist() == [True]
    for other in VALUES:
        if VALUES[other][0] == VALUES[one][0]:
            again = pa.table({"id": ["k"], "v": column(other)})
            done = dataset.commit([staged("a", again, schema)], writer=WRITER)
            assert done.is_empty == is_same(one, other), other
            dataset.commit([staged("a", rows, schema)], writer=WRITER)


@pytest.mark.parametrize("one", VALUES)
def test_equality_is_the_same_table_in_patches(one: str) -> None:
    """A patch between two values is empty exactly if they are one; it gives the second."""
    before = pa.table({"id": ["k"], "v": column(one)})
    for other in VALUES:
        if VALUES[other][0] != VALUES[one][0]:
            continue
        after = pa.table({"id": ["k"], "v": column(other)})
        patch = azds.patch(before, after, key="id", name="T")
        assert bool(patch) == (not is_same(one, other)), other
        for form in (patch, read_again(patch)):
            assert equal(form.apply(before)["v"], after["v"]).to_pylist() == [True], other
            assert equal(form.invert().apply(after)["v"], before["v"]).to_pylist() == [True], other


def read_again(patch: Patch) -> Patch:
    """What a file of it holds."""
    with tempfile.TemporaryDirectory() as folder:
        patch.write(Path(folder) / "a.patch.parquet")
        return azds.read_patch(Path(folder) / "a.patch.parquet")


_CYRILLIC = (
    "\u0430\u0441\u0435\u043e\u0440\u0445\u0443\u0410\u0412"
    "\u0421\u0415\u041d\u041a\u041c\u041e\u0420\u0422\u0425"
)
ALIKE = {
    "composed": [("\u00e9", "e\u0301"), ("\u01d7", "U\u0308\u0301"), ("\uac00", "\u1100\u1161")],
    "order of marks": [("q\u0307\u0323", "q\u0323\u0307")],
    "one sign, two code points": [("\u212b", "\u00c5"), ("\u2126", "\u03a9"), ("K", "\u212a")],
    "compatibility": [("\ufb01", "fi"), ("\uff21", "A"), ("\u00b2", "2"), ("\u2460", "1")],
    "case": [("STRASSE", "stra\u00dfe"), ("I", "\u0131"), ("i", "\u0130"), ("\u03c3", "\u03c2")],
    "scripts": [(a, b) for a, b in zip("aceopxyABCEHKMOPTX", _CYRILLIC, strict=True)],
    "blanks": [("a b", f"a{blank}b") for blank in "\u00a0\u2002\u2009\u202f\u3000\u1680"],
    "invisible": [("ab", f"a{mark}b") for mark in "\u200b\u200c\u200d\u2060\ufeff\u00ad\u034f"],
    "direction": [("ab", f"a{mark}b") for mark in "\u200e\u200f\u202a\u202e\u2066\u061c"],
    "ends": [("ab", "ab "), ("ab", " ab"), ("ab", "ab\n"), ("ab", "ab\0"), ("ab", "\tab")],
}
"""Texts that a reader takes for one another."""


@pytest.mark.parametrize("kind", ALIKE)
def test_keys_that_look_alike_are_two_rows_in_memory_on_disk_and_in_patches(
    tmp_path: Path, kind: str
) -> None:
    dataset = azds.init(tmp_path / "store").create("d")
    for place, pair in enumerate(ALIKE[kind]):
        rows = [{"id": text, "v": text} for text in pair]
        dataset.commit(f"r{place}", {"t": rows}, key="id", confirm_removals=True)
        held = dataset[f"r{place}"]["t"]
        assert held.to_arrow()["id"].to_pylist() == sorted(pair)
        assert [held[text]["v"] for text in pair] == list(pair)
        patch = read_again(azds.patch(rows[:1], rows[1:], key="id", name="t"))
        assert patch.summary() | {"added": 1, "removed": 1, "changed": 0} == patch.summary()
        assert patch.apply(rows[:1]).to_pylist() == rows[1:]


@pytest.mark.parametrize("kind", ALIKE)
def test_check_tells_of_keys_that_look_alike(tmp_path: Path, kind: str) -> None:
    """In one revision, and where one takes the place of the other."""
    store = azds.init(tmp_path / "store")
    for place, (one, other) in enumerate(ALIKE[kind]):
        together, apart = store.create(f"t{place}"), store.create(f"a{place}")
        together.commit("1", {"t": [{"id": one}, {"id": "z"}, {"id": other}]}, key="id")
        for label, text in (("1", one), ("2", other)):
            rows = [{"id": text, "n": 1}, {"id": "z", "n": 1}, {"id": text, "n": 2}]
            apart.commit(label, {"t": rows}, key=["id", "n"], confirm_removals=True)
        for dataset, revision in ((together, "1"), (apart, "2")):
            [found] = dataset.check()
            assert (found.code, found.table, found.revision) == ("keys-alike", "t", revision), one
            assert found.message.endswith("; 1 more are like that") == (dataset is apart)
            assert not UNSAFE.search(found.message)


def test_check_says_nothing_of_keys_that_do_not_look_alike(tmp_path: Path) -> None:
    dataset = azds.init(tmp_path / "store").create("d")
    rows = [{"id": text, "revision": n} for n in (1, 2) for text in ("a", "ab", "b", "\u00e9", "e")]
    dataset.commit("1", {"t": rows}, key=["id", "revision"])
    dataset.commit("2", {"t": rows[1:]}, key=["id", "revision"], confirm_removals=True)
    assert dataset.check() == []


def test_enough_pairs_are_planted() -> None:
    assert sum(map(len, ALIKE.values())) >= 50


def test_keys_are_told_apart_by_their_code_points_in_memory_and_on_disk(tmp_path: Path) -> None:
    dataset = init_store(tmp_path / "store").create("d")
    texts = [str(VALUES[name][1]) for name in KEYS]
    rows = pa.table({"id": texts, "v": list(range(len(texts)))})
    dataset.commit([staged("a", rows, schema_of("int64"))], writer=WRITER)
    read = dataset.read_table("a", "T")
    assert read["id"].to_pylist() == sorted(texts)
    assert len({format_key([text]) for text in texts}) == len(texts) == len(set(texts))


@pytest.mark.parametrize("kind", ["float64", "float32"])
def test_a_key_is_never_a_float(tmp_path: Path, kind: str) -> None:
    dataset = init_store(tmp_path / "store").create("d")
    rows = pa.table({"id": pa.array([NAN], kind)})

    def commit() -> None:
        schema = TableSchema("T", 1, (Column("id", kind, Role.KEY),))
        dataset.commit([staged("a", rows, schema)], writer=WRITER)

    with pytest.raises(InvalidInputError) as caught:
        commit()
    assert caught.value.kind == "key-type"


def test_a_key_is_never_null(tmp_path: Path) -> None:
    dataset = init_store(tmp_path / "store").create("d")
    rows = pa.table({"id": pa.array([None], pa.string()), "v": [1]})
    with pytest.raises(InvalidInputError):
        dataset.commit([staged("a", rows, schema_of("int64"))], writer=WRITER)


@pytest.mark.parametrize("text", ["\ud800", "a\udfffb"])
def test_half_a_character_is_refused(text: str) -> None:
    with pytest.raises(InvalidInputError):
        canonical.dump({"a": text})
    with pytest.raises((UnicodeEncodeError, InvalidInputError)):
        pa.array([text], pa.string())


# JSON

BOMBS: dict[str, Callable[[], bytes]] = {
    "deep lists": lambda: b'{"a": ' + b"[" * 1_000_000 + b"]" * 1_000_000 + b"}",
    "deep objects": lambda: b'{"a":' * 200_000 + b"1" + b"}" * 200_000,
    "many digits": lambda: b'{"a": ' + b"9" * 1_000_000 + b"}",
    "an exponent": lambda: b'{"a": 1e999999999}',
    "a name twice": lambda: b'{"a": 1, "a": 2}',
    "half a character": lambda: b'{"a": "\\ud800"}',
    "no end": lambda: b'{"a": "' + b"x" * 5_000_000,
    "nothing": lambda: b"",
    "NaN": lambda: b'{"a": NaN}',
    "a mark": lambda: b"\xef\xbb\xbf{}",
}


@pytest.mark.parametrize("name", BOMBS)
def test_hostile_json_is_refused_with_a_typed_error(name: str) -> None:
    data = BOMBS[name]()
    tracemalloc.start()
    began = time.process_time()
    with pytest.raises(IntegrityError):
        canonical.parse(data, kind="record-changed", where="x")
    seconds, (_, peak) = time.process_time() - began, tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert seconds < 2
    assert peak < 64 << 20
    print(f"{name}: {len(data)} bytes refused in {seconds:.3f} s and {peak >> 10} KiB")  # noqa: T201 - the figure


# what is printed

UNSAFE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
EVIL = "a\x1b[31m\x1b]0;t\x07\x9b1m\x00\x08\u202eb\u2066\u200f\r\x7fz"
FORMULAS = ["=1+1", "+1+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1", "=cmd|' /C calc'!A0", "\n=1"]


@pytest.fixture
def evil(tmp_path: Path) -> Path:
    """A store whose every text is hostile: keys, values, column names, messages."""
    dataset: DatasetFolder = init_store(tmp_path / "store").create("d")
    schema = TableSchema(
        "T",
        1,
        (
            Column("id", "string", Role.KEY),
            Column("v", "string", Role.FACT, nullable=True, description=EVIL),
        ),
    )
    for label, value in (("a", EVIL), ("b", EVIL + "2")):
        rows = pa.table({"id": [EVIL, *FORMULAS], "v": [value, *FORMULAS]})
        one = StagedRevision(
            label,
            {"T": StagedTable(schema, Coverage("partial", reason=EVIL), rows)},
            about={"title": EVIL},
            position_declared=EVIL,
        )
        dataset.commit([one], writer=WRITER, message=EVIL, author=EVIL)
    return tmp_path / "store"


COMMANDS = [
    *(
        [*words, "--format", form]
        for form in ("text", "markdown")
        for words in (
            ["log"],
            ["show", "a"],
            ["show", "a", "T"],
            ["diff", "a", "b"],
            ["history", "T", f"id={EVIL}"],
            ["quote", "a", "T", f"id={EVIL}"],
            ["check"],
            ["release", "notes", "a", "b"],
        )
    ),
    ["diff", "a", "b", "--stat"],
    ["verify"],
    ["gc"],
    ["schema", "T", "--format", "text"],
    ["show", "a", EVIL],
    ["show", EVIL],
    ["history", "T", EVIL + "x"],
    ["series", EVIL],
    ["quote", "a", "T", EVIL],
    [EVIL],
    ["--dataset", EVIL, "log"],
    ["release", "verify", EVIL],
    ["patch", EVIL],
    ["merge", EVIL, EVIL, EVIL, "--preview"],
    ["diff", EVIL + ".csv", "b.csv", "--key", "id"],
    ["commit", EVIL, "T=x.csv"],
    ["commit", "c", f"T={EVIL}.csv"],
    ["build", EVIL, "--sources", EVIL],
    ["init", "/dev/null/" + EVIL.replace("\0", "")],
]


@pytest.mark.parametrize("number", range(len(COMMANDS)))
def test_no_command_lets_data_speak_to_a_terminal(
    evil: Path, number: int, capsys: pytest.CaptureFixture[str]
) -> None:
    run(["--store", str(evil), *COMMANDS[number]])
    printed = capsys.readouterr()
    assert printed.out + printed.err
    assert not UNSAFE.search(printed.out + printed.err)


def test_names_of_stray_files_do_not_speak_to_a_terminal(
    evil: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (evil / "d" / EVIL.replace("\0", "")).touch()
    (evil / "d" / "c").mkdir()
    for command in ("verify", "gc"):
        run(["--store", str(evil), command])
        printed = capsys.readouterr()
        assert not UNSAFE.search(printed.out + printed.err)


DATA = [
    ["log", "--format", "json"],
    ["show", "a", "T", "--format", "json"],
    ["show", "a", "T", "--format", "csv"],
    ["diff", "a", "b", "--format", "json"],
    ["diff", "a", "b", "--format", "csv"],
    ["history", "T", f"id={EVIL}", "--format", "json"],
    ["schema", "T"],
]


@pytest.mark.parametrize("number", range(len(DATA)))
def test_json_and_csv_on_a_terminal_do_not_speak_to_it(
    evil: Path, number: int, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    run(["--store", str(evil), *DATA[number]])
    printed = capsys.readouterr().out
    assert "\\u202e" in printed
    assert not UNSAFE.search(printed)


@pytest.mark.parametrize("words", [["show", "a", "T"], ["diff", "a", "b"]], ids=["show", "diff"])
def test_a_csv_export_never_begins_a_formula(
    evil: Path, words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    run(["--store", str(evil), *words, "--format", "csv"])
    cells = [
        cell for row in csv.reader(io.StringIO(capsys.readouterr().out, newline="")) for cell in row
    ]
    assert len(cells) > 4
    starts = ("=", "+", "-", "@", "\t", "\r", "\n", "\0")
    assert [cell for cell in cells if cell.startswith(starts)] == []
    assert EVIL in cells, "in a pipe data are whole"


def test_json_holds_hostile_data_as_it_is(evil: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(["--store", str(evil), "show", "a", "T", "--format", "json"])
    rows = json.loads(capsys.readouterr().out)
    assert EVIL in {row["id"] for row in rows}


def test_errors_show_hostile_text_safely(evil: Path) -> None:
    """What a library caller prints is theirs; every line that azds prints passes one function."""
    from azds.store import open_store

    with pytest.raises(AzdsError) as caught:
        open_store(evil).dataset("d").manifest(EVIL)
    assert not UNSAFE.search(str(caught.value))
