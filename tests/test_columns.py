"""What a table promises."""

import pytest

from azds.columns import Column, Role, TableSchema
from azds.errors import InvalidInputError

KEY = Column("id", "string", Role.KEY)
NAME = Column("name", "string", Role.WORDING)


def test_columns_are_found_by_role_in_their_order() -> None:
    schema = TableSchema("t", 1, (KEY, Column("n", "int64", Role.FACT), NAME))
    assert schema.key == ("id",)
    assert schema.with_role(Role.WORDING, Role.FACT) == ("n", "name")
    assert schema.column("name") is NAME


def test_a_column_that_is_not_there_is_an_error_that_names_those_that_are() -> None:
    with pytest.raises(InvalidInputError, match=r"t: no such column; expected id, got nope"):
        TableSchema("t", 1, (KEY,)).column("nope")


def test_a_table_without_a_key_is_refused() -> None:
    with pytest.raises(InvalidInputError) as caught:
        TableSchema("t", 1, (NAME,))
    assert caught.value.kind == "bad-key"


def test_a_column_name_that_stands_twice_is_refused() -> None:
    with pytest.raises(InvalidInputError, match="id") as caught:
        TableSchema("t", 1, (KEY, KEY))
    assert caught.value.kind == "bad-column"
