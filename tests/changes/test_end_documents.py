"""Ends of patches as plain values: read again and again, and from outside."""

import pytest

from azds.changes.end_documents import Json, end_from_document, end_to_document
from azds.changes.patch import End
from azds.columns import Column, Role, TableSchema
from azds.coverage import Coverage
from azds.errors import InvalidInputError

SCHEMA = TableSchema(
    "lines", 1, (Column("id", "string", Role.KEY), Column("seats", "int64", Role.FACT))
)
END = End(SCHEMA, "azds-hash-1:" + "0" * 64, 3, Coverage("complete"))


def with_schema(schema: Json) -> Json:
    return {**end_to_document(END), "schema": schema}


def nested(depth: int) -> Json:
    value: Json = []
    for _ in range(depth):
        value = [value]
    return value


def test_an_end_that_is_read_twice_is_the_same_both_times() -> None:
    document = end_to_document(END)
    assert [end_from_document(document, "patch: old") for _ in range(2)] == [END, END]


@pytest.mark.parametrize("version", [True, 1.0, "1"])
def test_what_only_looks_like_a_schema_that_was_read_is_refused(version: Json) -> None:
    document = end_to_document(END)
    end_from_document(document, "patch: old")
    schema = document["schema"]
    assert isinstance(schema, dict)
    with pytest.raises(InvalidInputError, match="version"):
        end_from_document(with_schema({**schema, "version": version}), "patch: old")


def test_a_fault_is_told_at_the_end_where_it_is() -> None:
    for where in ("patch: old", "patch: new"):
        with pytest.raises(InvalidInputError) as caught:
            end_from_document(with_schema({"name": "lines"}), where)
        assert caught.value.where is not None
        assert caught.value.where.startswith(where)


@pytest.mark.parametrize("schema", [None, [], nested(100_000), {"columns": nested(100_000)}])
def test_no_schema_at_all_is_refused(schema: Json) -> None:
    with pytest.raises(InvalidInputError, match=r"patch: new\.schema"):
        end_from_document(with_schema(schema), "patch: new")
