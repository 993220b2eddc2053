"""The one tree of errors: stable kinds, one line, and no kind that does not exist."""

import ast
import inspect
from collections.abc import Iterator
from pathlib import Path

import pytest

import azds
from azds import errors
from azds.errors import AzdsError, InvalidInputError, NotFoundError

SOURCE = Path(inspect.getfile(azds)).parent
TREE = {name: getattr(errors, name) for name in errors.__all__}


def raised() -> Iterator[tuple[str, str, str]]:
    """Where each error is made: the place, the class, the kind where it is written out."""
    for path in sorted(SOURCE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                name = node.func.id
                if name in TREE and node.args and isinstance(node.args[0], ast.Constant):
                    place = f"{path.relative_to(SOURCE)}:{node.lineno}"
                    yield place, name, str(node.args[0].value)


def test_every_error_that_the_source_raises_has_a_kind_of_its_class() -> None:
    found = list(raised())
    wrong = [one for one in found if one[2] not in TREE[one[1]].kinds]
    assert not wrong
    assert len(found) > 50


def test_a_kind_belongs_to_one_class() -> None:
    kinds = [kind for error in TREE.values() for kind in error.kinds]
    assert len(kinds) == len(set(kinds))


def test_kinds_are_lower_case_words() -> None:
    assert all(
        kind.replace("-", "").isalpha() and kind == kind.lower()
        for error in TREE.values()
        for kind in error.kinds
    )


def test_kinds_that_were_ever_published_are_still_there() -> None:
    """Kinds are only ever added: a program may rest on each of these."""
    assert {
        "unknown-dataset",
        "unknown-key",
        "unknown-measure",
        "unknown-revision",
        "unknown-table",
        "source-missing",
    } <= NotFoundError.kinds
    assert {"source-changed", "source-unreadable", "bad-key", "key-repeated", "key-null"} <= (
        InvalidInputError.kinds
    )
    assert {"manifest-changed", "file-changed", "file-missing"} <= errors.IntegrityError.kinds
    assert {"not-a-store", "format-unknown"} == errors.FormatError.kinds


def test_the_tree_is_drawn_in_the_docstring_of_its_module() -> None:
    drawn = errors.__doc__ or ""
    assert [name for name in TREE if name not in drawn] == []


@pytest.mark.parametrize(("name", "builtin"), [("NotFoundError", LookupError)])
def test_what_is_not_found_is_a_lookup_error(name: str, builtin: type[Exception]) -> None:
    assert issubclass(TREE[name], builtin)


def test_invalid_input_is_a_value_error() -> None:
    assert issubclass(InvalidInputError, ValueError)


def test_an_error_is_told_in_one_line_with_all_its_parts() -> None:
    error = InvalidInputError(
        "bad-key", "no\nkey", where="a\tb", expected="x", got="y", advice="do\r\nz"
    )
    assert str(error) == "a b: no key; expected x, got y; do z"


@pytest.mark.parametrize(
    ("parts", "line"),
    [
        ({}, "what"),
        ({"got": "y"}, "what; got y"),
        ({"expected": "x"}, "what; expected x"),
        ({"where": "w", "advice": "a"}, "w: what; a"),
    ],
    ids=["bare", "got", "expected", "advice"],
)
def test_parts_that_are_not_there_leave_no_trace(parts: dict[str, str], line: str) -> None:
    assert str(InvalidInputError("bad-key", "what", **parts)) == line


def test_a_kind_that_does_not_exist_cannot_be_raised() -> None:
    with pytest.raises(AssertionError, match="NotFoundError has no kind 'bad-key'"):
        NotFoundError("bad-key", "what")


def test_every_error_is_an_azds_error() -> None:
    assert all(issubclass(error, AzdsError) for error in TREE.values())
