"""Writes the schemas: ``python -m azds.records.export FOLDER``.

For each record type its JSON Schema (``<family>/<table>.v<n>.json``) and its
columns with Arrow types and roles (``<family>/<table>.v<n>.arrow.json``), and
the JSON Schema of each document that azds prints (``documents/...``).
"""

import json
import sys
from pathlib import Path

from azds.columns import TableSchema
from azds.records.base import Record, record_types, table_schema
from azds.records.documents import DOCUMENTS, Document
from azds.records.patch_documents import PatchDocument

__all__ = ["arrow_document", "document_schema", "json_schema", "main", "schema_files"]

_DOCUMENTS = DOCUMENTS | {"patch.v1": Document(PatchDocument)}
DIALECT = "https://json-schema.org/draft/2020-12/schema"


def json_schema(record: type[Record]) -> dict[str, object]:
    """The JSON Schema of a record type; each property carries its role as ``x-role``."""
    schema = record.model_json_schema()
    roles = {column.name: column.role.value for column in table_schema(record).columns}
    for name, part in schema["properties"].items():
        part["x-role"] = roles[name]
    return {"$schema": DIALECT, "$id": f"azds:{_name(record)}", **schema}


def document_schema(name: str) -> dict[str, object]:
    """The JSON Schema of a document that azds prints, such as ``diff.v1``."""
    schema = _DOCUMENTS[name].json_schema()
    return {"$schema": DIALECT, "$id": f"azds:documents/{name}", **schema}


def arrow_document(schema: TableSchema) -> dict[str, object]:
    """The columns of a table in order: name, Arrow type in words, role, nullability, meaning."""
    columns = [
        {
            "name": column.name,
            "type": column.type,
            "role": column.role.value,
            "nullable": column.nullable,
            **({"meaning": column.meaning} if column.meaning else {}),
            "description": column.description,
        }
        for column in schema.columns
    ]
    return {"table": schema.name, "version": schema.version, "columns": columns}


def schema_files() -> dict[str, str]:
    """Every schema file by its path under ``schemas/``, as text."""
    files: dict[str, str] = {}
    for record in record_types():
        files[f"{_name(record)}.json"] = _text(json_schema(record))
        files[f"{_name(record)}.arrow.json"] = _text(arrow_document(table_schema(record)))
    for name in _DOCUMENTS:
        files[f"documents/{name}.json"] = _text(document_schema(name))
    return files


def main(folder: Path) -> None:
    """Write every schema file under `folder`, and remove those that no type gives any more."""
    files = schema_files()
    for old in folder.rglob("*.json"):
        if old.relative_to(folder).as_posix() not in files:
            old.unlink()
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def _name(record: type[Record]) -> str:
    return f"{record.family}/{record.table_name}.v{record.schema_version}"


def _text(document: dict[str, object]) -> str:
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    main(Path(sys.argv[1]))
