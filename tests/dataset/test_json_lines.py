"""JSON lines in blocks: what they are read as does not depend on where blocks end."""

import json
from pathlib import Path

import pyarrow as pa
import pytest

from azds.dataset import json_lines
from azds.dataset.inputs import open_input
from azds.errors import InvalidInputError

LINES: list[dict[str, object]] = [
    {"id": 1, "x": 1, "at": "2024-01-01", "mixed": "2024-01-01", "tags": [], "in": {"a": 1}},
    {"id": 2, "x": None, "at": "2024-01-02", "mixed": "soon", "tags": ["a"], "in": {"b": "c"}},
    {"id": 3, "x": 2.5, "at": None, "late": True},
]


def written(path: Path, lines: list[dict[str, object]]) -> Path:
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    return path


@pytest.mark.parametrize("block", [1, 10, 100, 1 << 20])
def test_blocks_do_not_matter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, block: int) -> None:
    path = written(tmp_path / "a.jsonl", LINES)
    monkeypatch.setattr(json_lines, "_BLOCK", block)
    found = open_input(path)
    assert found.text == {"at"}
    assert {field.name: str(field.type) for field in found.schema} == {
        "id": "int64",
        "x": "double",
        "at": "string",
        "mixed": "string",
        "tags": "list<item: string>",
        "in": "struct<a: int64, b: string>",
        "late": "bool",
    }
    read = found.read().to_pylist()
    assert [row["x"] for row in read] == [1.0, None, 2.5]
    assert [row["mixed"] for row in read] == ["2024-01-01", "soon", None]
    assert [row["in"] for row in read] == [{"a": 1, "b": None}, {"a": None, "b": "c"}, None]
    assert [row["late"] for row in read] == [None, None, True]


@pytest.mark.parametrize("block", [1, 1 << 20])
def test_values_of_several_kinds_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, block: int
) -> None:
    monkeypatch.setattr(json_lines, "_BLOCK", block)
    path = written(tmp_path / "a.jsonl", [{"id": 1}, {"id": "one"}])
    with pytest.raises(InvalidInputError, match="changed from") as error:
        open_input(path)
    assert error.value.kind == "source-unreadable"


def test_a_last_line_without_an_end_and_empty_lines_are_read(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(b'{"id": 1}\n\n{"id": 2}')
    assert open_input(path).read().to_pylist() == [{"id": 1}, {"id": 2}]


def test_memory_is_that_of_blocks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_lines, "_BLOCK", 1 << 16)
    path = written(tmp_path / "a.jsonl", [{"id": n, "words": "word " * 20} for n in range(40_000)])
    found = open_input(path)
    start = pa.total_allocated_bytes()
    most = 0
    for _ in found.batches():
        most = max(most, pa.total_allocated_bytes() - start)
    assert 0 < most < path.stat().st_size // 4
