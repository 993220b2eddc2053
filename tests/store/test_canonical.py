"""Canonical JSON: one document, one sequence of bytes; nothing hides between the two."""

from types import MappingProxyType

import pytest

from azds.errors import IntegrityError, InvalidInputError
from azds.store import canonical


def test_names_are_sorted_and_text_is_readable() -> None:
    data = canonical.dump({"b": [1, None, True], "a": {"ş": "Əli"}})
    assert data.decode() == (
        '{\n  "a": {\n    "ş": "Əli"\n  },\n  "b": [\n    1,\n    null,\n    true\n  ]\n}\n'
    )


def test_frozen_documents_are_written_like_plain_ones() -> None:
    plain: canonical.Json = {"b": [{"d": 1, "c": ()}], "a": "x"}
    frozen = canonical.freeze(plain)
    assert isinstance(frozen, MappingProxyType)
    assert frozen["b"] == (MappingProxyType({"d": 1, "c": ()}),)
    assert canonical.dump(frozen) == canonical.dump(plain)


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"{", id="cut short"),
        pytest.param(b'{"a":1}\n', id="other white space"),
        pytest.param(b'{\n  "a": 1\n}', id="no line end"),
        pytest.param(b'{\n  "a": 1\n}\n\n', id="one line end more"),
        pytest.param(b'{\r\n  "a": 1\r\n}\r\n', id="other line ends"),
        pytest.param(b'\xef\xbb\xbf{\n  "a": 1\n}\n', id="byte order mark"),
        pytest.param(b'{\n  "a": 1,\n  "a": 2\n}\n', id="a name twice"),
        pytest.param(b'{\n  "a": {\n    "b": 1,\n    "b": 1\n  }\n}\n', id="a name twice inside"),
        pytest.param(b'{\n  "b": 1,\n  "a": 1\n}\n', id="names not sorted"),
        pytest.param(b'{\n  "a": NaN\n}\n', id="NaN"),
        pytest.param(b'{\n  "a": -Infinity\n}\n', id="infinity"),
        pytest.param(b'{\n  "a": 1e999\n}\n', id="infinity in digits"),
        pytest.param(b'{\n  "a": 1e2\n}\n', id="another spelling of a number"),
        pytest.param(b'{\n  "a": -0\n}\n', id="minus nothing"),
        pytest.param(b'{\n  "a": ' + b"9" * 5000 + b"\n}\n", id="too many digits"),
        pytest.param(b'{\n  "a": "\\u0041"\n}\n', id="another spelling of a letter"),
        pytest.param(b'{\n  "a": "\\ud800"\n}\n', id="half a character"),
        pytest.param(b'{\n  "a": "\xff"\n}\n', id="no UTF-8"),
        pytest.param(b"[]\n", id="a list"),
        pytest.param(b"null\n", id="null"),
        pytest.param(b'{"a":' * 60 + b"1" + b"}" * 60, id="deep"),
        pytest.param(b"[" * 200_000, id="very deep"),
    ],
)
def test_bytes_that_azds_would_not_write_are_refused(data: bytes) -> None:
    with pytest.raises(IntegrityError) as caught:
        canonical.parse(data, kind="manifest-invalid", where="a.json")
    assert caught.value.kind == "manifest-invalid"
    assert str(caught.value).startswith("a.json: ")
    assert len(str(caught.value)) < 400


@pytest.mark.parametrize("data", [b'{"a": 1, "a": 1}', b'{"a": NaN}', b"[]", b'{"a": 1} {}'])
def test_white_space_is_all_that_a_reader_forgives(data: bytes) -> None:
    assert canonical.load(b'{"a":1 }', kind="manifest-invalid", where="") == {"a": 1}
    with pytest.raises(IntegrityError):
        canonical.load(data, kind="manifest-invalid", where="")


def deep(levels: int) -> canonical.Json:
    document: canonical.Json = 1
    for _ in range(levels):
        document = {"a": document}
    return document


@pytest.mark.parametrize(
    "document",
    [
        pytest.param({"a": float("nan")}, id="NaN"),
        pytest.param({"a": "\ud800"}, id="half a character"),
        pytest.param({"a": {1, 2}}, id="a set"),
        pytest.param({"a": b"x"}, id="bytes"),
        pytest.param(deep(51), id="deep"),
        pytest.param(deep(5000), id="very deep"),
    ],
)
def test_what_is_no_json_is_not_written(document: canonical.Json) -> None:
    with pytest.raises(InvalidInputError):
        canonical.dump(document)


def test_fifty_levels_are_not_too_deep() -> None:
    data = canonical.dump(deep(50))
    assert canonical.parse(data, kind="manifest-invalid", where="") == deep(50)
