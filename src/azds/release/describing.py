"""The documents that machines read: Data Package 2.0, Croissant 1.1, JSON Schemas, CITATION.cff."""

import json
from collections.abc import Mapping
from pathlib import Path

import pyarrow as pa

from azds.arrow.types import to_arrow_schema
from azds.columns import TableSchema
from azds.release.contents import Contents, Part
from azds.release.fields import croissant_type, json_type, package_type
from azds.release.origin import Origin
from azds.release.words import is_url, json_bytes, yaml

__all__ = [
    "citation",
    "cite_as",
    "croissant",
    "datapackage",
    "describe",
    "source_words",
    "table_schema",
]

_CONTEXT = Path(__file__).with_name("data") / "croissant-context.json"
_PARQUET = ["application/vnd.apache.parquet", "application/x-parquet"]


def datapackage(contents: Contents, columns: Mapping[str, pa.Schema]) -> bytes:
    """``datapackage.json`` (v2) over the CSV copies; `columns` are those of each, by path."""
    origin = contents.origin
    licence: dict[str, object] = {"name": origin.licence}
    if is_url(origin.licence_url):
        licence["path"] = origin.licence_url
    document: dict[str, object] = {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": contents.dataset.lower(),
        "title": contents.title,
        "description": describe(contents),
        "version": str(contents.version),
        "created": f"{contents.request.date}T00:00:00Z",
        "licenses": [licence],
        "contributors": [{"title": name, "roles": [role]} for name, role in _contributors(origin)],
        "sources": _sources(origin),
        "resources": [_resource(contents, part, columns[part.csv]) for part in contents.parts],
    }
    if is_url(origin.url):
        document["homepage"] = origin.url
    if contents.request.doi:
        document["id"] = f"https://doi.org/{contents.request.doi}"
    return json_bytes(document)


def _resource(contents: Contents, part: Part, columns: pa.Schema) -> dict[str, object]:
    made = contents.files[part.csv]
    return {
        "name": part.name.lower(),
        "type": "table",
        "path": part.csv,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": made.size,
        "hash": f"sha256:{made.sha256}",
        "description": _part_words(part),
        "schema": {
            "fields": [_field(part.schema, field) for field in columns],
            "primaryKey": list(part.schema.key),
        },
    }


def _field(schema: TableSchema, field: pa.Field) -> dict[str, object]:
    """A column of the CSV. Empty text of a column that is never null is text, not missing."""
    kind = package_type(field.type)
    known = schema.column(field.name) if field.name in schema.names else None
    told: dict[str, object] = {"name": field.name, "type": kind}
    if known and known.description:
        told["description"] = known.description
    if known and not known.nullable:
        told["constraints"] = {"required": True}
        if kind == "string":
            told["missingValues"] = []
    return told


def croissant(contents: Contents) -> bytes:
    """``croissant.json`` (1.1) over the Parquet files, with where they came from."""
    origin = contents.origin
    links = [one.permalink for one in origin.revisions if is_url(one.permalink)]
    derived = links or [one for one in (origin.history, origin.origin) if is_url(one)]
    document: dict[str, object] = {
        "@context": json.loads(_CONTEXT.read_text(encoding="utf-8")),
        "@type": "sc:Dataset",
        "conformsTo": "http://mlcommons.org/croissant/1.1",
        "name": contents.dataset,
        "description": describe(contents),
        "version": str(contents.version),
        "license": origin.licence_url if is_url(origin.licence_url) else origin.licence,
        "url": _home(contents),
        "datePublished": contents.request.date,
        "citeAs": cite_as(contents),
        "creator": {"@type": "sc:Organization", "name": origin.creator, "url": _home(contents)},
        "isLiveDataset": False,
        "prov:wasDerivedFrom": [{"@id": one} for one in derived],
        "distribution": [_file_object(contents, part.path) for part in contents.parts],
        "recordSet": [_record_set(part) for part in contents.parts],
    }
    if not derived:
        document.pop("prov:wasDerivedFrom")
    return json_bytes(document)


def _file_object(contents: Contents, path: str) -> dict[str, object]:
    made = contents.files[path]
    return {
        "@type": "cr:FileObject",
        "@id": path,
        "name": path,
        "contentUrl": path,
        "contentSize": f"{made.size} B",
        "sha256": made.sha256,
        "encodingFormat": _PARQUET,
    }


def _record_set(part: Part) -> dict[str, object]:
    return {
        "@type": "cr:RecordSet",
        "@id": part.name,
        "name": part.name,
        "description": _part_words(part),
        "key": [{"@id": f"{part.name}/{name}"} for name in part.schema.key],
        "field": [_record_field(part, field) for field in to_arrow_schema(part.schema)],
    }


def _record_field(part: Part, field: pa.Field) -> dict[str, object]:
    told: dict[str, object] = {
        "@type": "cr:Field",
        "@id": f"{part.name}/{field.name}",
        "name": field.name,
        "dataType": croissant_type(field.type),
        "source": {"fileObject": {"@id": part.path}, "extract": {"column": field.name}},
    }
    if words := part.schema.column(field.name).description:
        told["description"] = words
    if pa.types.is_list(field.type):
        told |= {"isArray": True, "arrayShape": "-1"}
    return told


def table_schema(part: Part) -> bytes:
    """The JSON Schema of a row, with the role of each column as ``x-role``."""
    columns = to_arrow_schema(part.schema)
    properties: dict[str, object] = {}
    for column in part.schema.columns:
        told = json_type(columns.field(column.name).type)
        if column.nullable:
            told = {"anyOf": [told, {"type": "null"}]}
        if column.description:
            told["description"] = column.description
        properties[column.name] = told | {"x-role": column.role.value}
    return json_bytes(
        {
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "$id": f"azds:release/{part.schema.name}.v{part.schema.version}",
            "title": part.schema.name,
            "type": "object",
            "properties": properties,
            "required": [column.name for column in part.schema.columns],
            "additionalProperties": False,
        }
    )


def citation(contents: Contents) -> bytes:
    """``CITATION.cff`` 1.2.0: the dataset, and a reference for each revision of its source."""
    origin = contents.origin
    lines = [
        "cff-version: 1.2.0",
        "type: dataset",
        'message: "If you use this dataset, please cite it, and the article or feed behind it."',
        f"title: {yaml(contents.title)}",
        f"version: {yaml(str(contents.version))}",
        f"date-released: {contents.request.date}",
        f"license: {yaml(origin.licence)}",
        "authors:",
        f"  - name: {yaml(origin.creator)}",
    ]
    if contents.request.doi:
        lines.append(f"doi: {yaml(contents.request.doi)}")
    if is_url(origin.url):
        lines.append(f"url: {yaml(origin.url)}")
    if origin.article:
        lines.append("references:")
        for one in origin.revisions:
            where = one.permalink or origin.history
            note = f"revision {one.label}, {one.date}; {source_words(one.source)}"
            lines += [
                "  - type: article",
                f"    title: {yaml(origin.article)}",
                "    authors:",
                f"      - name: {yaml(origin.attribution)}",
                f"    notes: {yaml(note)}",
            ]
            if is_url(where):
                lines.append(f"    url: {yaml(where)}")
    return ("\n".join(lines) + "\n").encode()


def cite_as(contents: Contents) -> str:
    """How to cite the release, in one line."""
    origin = contents.origin
    year = contents.request.date[:4]
    from_ = f" Facts from {origin.attribution}, {origin.project}." if origin.attribution else ""
    doi = f" https://doi.org/{contents.request.doi}" if contents.request.doi else ""
    return (
        f"{origin.creator} ({year}): {contents.title}, version {contents.version}."
        f"{from_} {origin.licence}.{doi}"
    )


def source_words(digest: str) -> str:
    """The source of a revision, in words."""
    return (
        f"read from a copy with SHA-256 {digest.partition(':')[2]}" if digest else "no source text"
    )


def describe(contents: Contents) -> str:
    """The dataset in one sentence: what its publisher declares, else what it is."""
    if contents.origin.description:
        return contents.origin.description
    labels = ", ".join(one.label for one in contents.snapshots)
    several = "revisions" if len(contents.snapshots) > 1 else "revision"
    article = contents.origin.article
    what = f"Facts from the article {article}" if article else contents.title
    return f"{what}, {several} {labels}, as typed tables with their changes."


def _part_words(part: Part) -> str:
    reason = f": {part.coverage.reason}" if part.coverage.reason else ""
    return f"{part.table} in revision {part.label}; coverage {part.coverage.level}{reason}"


def _home(contents: Contents) -> str:
    """Where the dataset lives: what its publisher declares, else a name for it."""
    if is_url(contents.origin.url):
        return contents.origin.url
    return f"urn:azds:{contents.dataset}:{contents.version}"


def _contributors(origin: Origin) -> list[tuple[str, str]]:
    found = [(origin.creator, "creator")]
    if origin.attribution:
        found.append((origin.attribution, "author of the source"))
    return found


def _sources(origin: Origin) -> list[dict[str, object]]:
    if not origin.article:
        told: dict[str, object] = {"title": origin.origin}
        return [told | ({"path": origin.origin} if is_url(origin.origin) else {})]
    found: list[dict[str, object]] = []
    for one in origin.revisions:
        told = {
            "title": f"{origin.project}: {origin.article}, revision {one.label} ({one.date}), "
            f"{source_words(one.source)}".lstrip(": "),
        }
        where = one.permalink or origin.history
        found.append(told | ({"path": where} if is_url(where) else {}))
    return found
