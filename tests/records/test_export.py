"""The committed schemas are those that the record types give, and every field says what it is."""

import json
from pathlib import Path

import jsonschema
import pytest

from azds.columns import Role
from azds.records import Record, record_types, table_schema
from azds.records.documents import DOCUMENTS
from azds.records.export import arrow_document, document_schema, json_schema, main, schema_files

COMMITTED = Path(__file__).parents[2] / "schemas"
TYPES = [pytest.param(record, id=record.table_name) for record in record_types()]


def test_the_committed_schemas_are_those_that_the_types_give() -> None:
    """Where this fails: `make schemas`, and read the difference."""
    committed = {
        path.relative_to(COMMITTED).as_posix(): path.read_text(encoding="utf-8")
        for path in COMMITTED.rglob("*.json")
    }
    assert committed == schema_files()


@pytest.mark.parametrize("record", TYPES)
def test_every_field_has_a_role_and_a_description(record: type[Record]) -> None:
    for name, info in record.model_fields.items():
        assert any(isinstance(mark, Role) for mark in info.metadata), name
        assert info.description, name


@pytest.mark.parametrize("record", TYPES)
def test_a_json_schema_carries_roles_and_refuses_what_the_record_refuses(
    record: type[Record],
) -> None:
    schema = json_schema(record)
    jsonschema.Draft202012Validator.check_schema(schema)
    properties = schema["properties"]
    assert isinstance(properties, dict)
    for column in table_schema(record).columns:
        assert properties[column.name]["x-role"] == column.role.value
        assert properties[column.name]["description"]
    assert schema["additionalProperties"] is False
    assert schema["required"] == list(table_schema(record).names)


@pytest.mark.parametrize("record", TYPES)
def test_a_schema_in_arrow_words_has_the_columns_in_order(record: type[Record]) -> None:
    document = arrow_document(table_schema(record))
    columns = document["columns"]
    assert isinstance(columns, list)
    assert [column["name"] for column in columns] == list(table_schema(record).names)
    assert all(column["description"] and column["type"] for column in columns)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_the_schema_of_a_document_is_a_schema_and_has_its_name(name: str) -> None:
    schema = document_schema(name)
    jsonschema.Draft202012Validator.check_schema(schema)
    assert schema["$id"] == f"azds:documents/{name}"


def test_writing_the_schemas_removes_those_that_no_type_gives_any_more(tmp_path: Path) -> None:
    old = tmp_path / "foreign-relations" / "visits.v1.json"
    old.parent.mkdir()
    old.write_text("{}", encoding="utf-8")
    main(tmp_path)
    assert not old.exists()
    written = tmp_path / "documents" / "diff.v1.json"
    assert json.loads(written.read_bytes())["$id"] == "azds:documents/diff.v1"
