"""``index.html``: a page that a person can read, with schema.org data for search engines.

Loads jinja2; every value is escaped. The page works as a file and loads nothing.
"""

import json

from markupsafe import Markup

from azds.release.contents import Contents
from azds.release.describing import cite_as, describe
from azds.release.names import release_name
from azds.release.notes import MEANINGS
from azds.release.telling import main_part
from azds.release.templates import render_html
from azds.release.words import is_url

__all__ = ["page"]


def page(contents: Contents) -> bytes:
    """The page of a release."""
    origin = contents.origin
    values: dict[str, object] = {
        "title": contents.title,
        "name": release_name(contents.dataset, contents.version),
        "dataset": contents.dataset,
        "version": str(contents.version),
        "date": contents.request.date,
        "licence": origin.licence,
        "licence_url": origin.licence_url if is_url(origin.licence_url) else "",
        "doi": contents.request.doi,
        "description": describe(contents),
        "origin": origin,
        "history": origin.history if is_url(origin.history) else "",
        "links": {one.label: one.permalink for one in origin.revisions if is_url(one.permalink)},
        "parts": contents.parts,
        "tables": {table: len(contents.of_table(table)) for table in contents.tables},
        "main": main_part(contents),
        "notes": list(contents.notes.sections()),
        "meanings": MEANINGS,
        "reasons": contents.bump.reasons,
        "cite_as": cite_as(contents),
        "ld": _script(_linked_data(contents)),
    }
    return render_html("index.html", values)


def _linked_data(contents: Contents) -> dict[str, object]:
    """The release as schema.org has it; without `sameAs`, which would merge records."""
    origin = contents.origin
    told: dict[str, object] = {
        "@context": "https://schema.org/",
        "@type": "Dataset",
        "name": contents.title,
        "alternateName": contents.dataset,
        "description": describe(contents),
        "version": str(contents.version),
        "datePublished": contents.request.date,
        "license": origin.licence_url if is_url(origin.licence_url) else origin.licence,
        "creator": {"@type": "Organization", "name": origin.creator},
        "creditText": cite_as(contents),
        "isAccessibleForFree": True,
        "distribution": [
            {
                "@type": "DataDownload",
                "name": part.name,
                "contentUrl": part.path,
                "encodingFormat": "application/vnd.apache.parquet",
                "contentSize": f"{contents.files[part.path].size} B",
                "sha256": contents.files[part.path].sha256,
            }
            for part in contents.parts
        ],
        "hasPart": [{"@type": "Dataset", "name": table} for table in contents.tables],
    }
    if is_url(origin.url):
        told["url"] = origin.url
    if contents.request.doi:
        told["identifier"] = f"https://doi.org/{contents.request.doi}"
    based = [one.permalink for one in origin.revisions if is_url(one.permalink)]
    based = based or [one for one in (origin.history, origin.origin) if is_url(one)]
    if based:
        told["isBasedOn"] = based
    return told


def _script(document: object) -> Markup:
    """JSON that cannot end the script it stands in."""
    text = json.dumps(document, ensure_ascii=False, indent=1)
    for sign, escaped in (("<", "\\u003c"), (">", "\\u003e"), ("&", "\\u0026")):
        text = text.replace(sign, escaped)
    return Markup(text)  # noqa: S704 - escaped above, as JSON has to be
