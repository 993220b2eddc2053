"""What dataset.toml declares of one's own tables."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from azds.columns import Column, Role, TableSchema
from azds.dataset.own_tables import OwnDeclaration, parse_own, render_own, to_declaration
from azds.errors import InvalidInputError

TABLE = """
[tables.t]
key = ["id"]
[tables.t.columns]
id = { type = "int64" }
x = { type = "float64", null = true, was = "y", role = "place", description = "a \\"number\\"" }
"""

_NAMES = st.text(min_size=1, max_size=8)


@given(
    name=_NAMES,
    was=_NAMES,
    role=st.sampled_from(list(Role)[1:]),
    title=st.text(max_size=8),
    nullable=st.booleans(),
)
def test_a_declaration_reads_back(
    name: str, was: str, role: Role, title: str, *, nullable: bool
) -> None:
    """What is rendered is parsed to the same declaration, whatever columns are called."""
    name = "id2" if name == "id" else name
    was = "" if was in {name, "id"} else was
    column = Column(name, "list<string>", role, nullable, "set", title, was)
    schema = TableSchema("t", 1, (Column("id", "int64", Role.KEY), column))
    declared = OwnDeclaration(title=title, tables={"t": to_declaration(schema, follows_data=True)})
    read = parse_own(render_own(declared).encode(), "here")
    assert read == declared
    assert read.tables["t"].to_schema("t") == schema


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("format = 1", "format"),
        ("colour = 1", "colour: Extra inputs"),
        ("[tables.t]", "tables.t.key: Field required"),
        ("[tables.t]\nkey = []", "tables.t.key"),
        ('[tables.t]\nkey = ["a", "a"]', "stands twice"),
        ('[tables."t t"]\nkey = ["a"]', "not a name for a table"),
        (TABLE.replace("int64", "int"), "columns.id.type: unknown type; expected such as string"),
        (TABLE.replace("int64", "float64"), "never a float"),
        (TABLE.replace('"int64"', '"int64", null = true'), "a key is never null"),
        (TABLE.replace("id = {", "ib = {"), "a key column is not declared"),
        (TABLE.replace('was = "y"', 'was = "id"'), "that of another column"),
        (TABLE.replace("place", "prose"), "columns.x.role"),
        (
            TABLE + '[measures.m]\ntable = "u"\naggregate = "count"',
            "measures.m.table: no such table",
        ),
        (TABLE + '[measures.m]\ntable = "t"\naggregate = "sum"', "sum needs a column"),
        (
            TABLE + '[measures.m]\ntable = "t"\ncolumn = "z"\naggregate = "sum"',
            "measures.m.column: no such column",
        ),
        ("key = [", "here"),
    ],
    ids=str,
)
def test_a_wrong_declaration_is_refused_with_its_path(text: str, words: str) -> None:
    with pytest.raises(InvalidInputError) as caught:
        parse_own(text.encode(), "here")
    assert caught.value.kind == "dataset-file-invalid"
    assert str(caught.value).startswith("here")
    assert words in str(caught.value)
