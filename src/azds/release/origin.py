"""Whose a dataset is and where it came from: what a release needs to say, or is not built.

Declared in `[origin]` of ``dataset.toml``, carried by every manifest, or given with
`--declare`. A dataset with an article behind it attributes the article; any other one names
its creator, licence and origin.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qs, quote, urlsplit

from azds.release.refused import ReleaseRefusedError
from azds.store.manifest import Manifest

__all__ = ["KNOWN", "Origin", "RevisionOrigin", "read_origin"]

KNOWN = (
    "article",
    "attribution",
    "creator",
    "description",
    "history",
    "history_unknown",
    "licence",
    "licence_url",
    "name",
    "origin",
    "project",
    "title",
    "url",
)
"""What may be declared of an origin."""

_DEEDS = {
    "CC-BY-SA-4.0": "https://creativecommons.org/licenses/by-sa/4.0/",
    "CC-BY-4.0": "https://creativecommons.org/licenses/by/4.0/",
    "CC0-1.0": "https://creativecommons.org/publicdomain/zero/1.0/",
    "ODbL-1.0": "https://opendatacommons.org/licenses/odbl/1-0/",
    "ODC-By-1.0": "https://opendatacommons.org/licenses/by/1-0/",
    "PDDL-1.0": "https://opendatacommons.org/licenses/pddl/1-0/",
}


@dataclass(frozen=True, slots=True)
class RevisionOrigin:
    """Where one revision came from.

    Attributes:
        label: The revision.
        date: In EDTF, or the word `undated`.
        source: The digest of the copy that was read; empty where there was none.
        permalink: The article as it was; empty where the revision id is not known.
        retrieved: When the copy was taken; empty where that is not known.
    """

    label: str
    date: str
    source: str
    permalink: str
    retrieved: str = ""


@dataclass(frozen=True, slots=True)
class Origin:
    """Whose the data are. `article` is empty for a dataset that was read from none."""

    title: str
    description: str
    licence: str
    licence_url: str
    creator: str
    url: str
    origin: str
    article: str
    project: str
    attribution: str
    history: str
    history_unknown: str
    revisions: tuple[RevisionOrigin, ...]


def read_origin(
    manifests: tuple[Manifest, ...], declared: Mapping[str, str] | None = None
) -> Origin:
    """What the newest manifest and `declared` say; `declared` wins.

    Raises:
        ReleaseRefusedError: `release-attribution`, naming all that is missing.
    """
    newest = manifests[-1]
    said = {**_words(newest.about.get("origin")), **(declared or {})}
    title = said.get("title") or _word(newest.about.get("title")) or newest.dataset
    has_article = bool(said.get("article")) or any(one.source for one in manifests)
    licence = said.get("licence", "")
    found = Origin(
        title=title,
        description=said.get("description", ""),
        licence=licence,
        licence_url=said.get("licence_url") or _DEEDS.get(licence, ""),
        creator=said.get("creator") or ("azds maintainers" if has_article else ""),
        url=said.get("url", ""),
        origin=said.get("origin", ""),
        article=said.get("article", ""),
        project=said.get("project", ""),
        attribution=said.get("attribution", ""),
        history=said.get("history", ""),
        history_unknown=said.get("history_unknown", ""),
        revisions=tuple(_revision(one, said.get("history", "")) for one in manifests),
    )
    missing = _missing_article(found) if has_article else _missing_own(found)
    if missing:
        raise ReleaseRefusedError(
            "release-attribution",
            "a release says whose its data are, and this one cannot",
            where=newest.dataset,
            expected="; ".join(missing),
            advice="declare it in [origin] of dataset.toml and commit or build again, "
            "or give it here: --declare NAME=VALUE",
        )
    return found


def _missing_article(found: Origin) -> list[str]:
    missing = [
        f"{name} ({meaning})"
        for name, meaning, value in (
            ("article", "the title of the article", found.article),
            ("licence", "of the article and so of these data, by its SPDX name", found.licence),
            ("licence_url", "where the licence can be read", found.licence_url),
            ("attribution", "whom to name as authors", found.attribution),
            (
                "history",
                "the link to the article's history; or history_unknown, with the reason",
                found.history or found.history_unknown,
            ),
        )
        if not value
    ]
    lost = [one.label for one in found.revisions if not one.permalink and not one.source]
    if lost:
        missing.append(f"a permalink or the source's digest for {', '.join(lost)}")
    return missing


def _missing_own(found: Origin) -> list[str]:
    return [
        f"{name} ({meaning})"
        for name, meaning, value in (
            ("creator", "who made these data", found.creator),
            ("licence", "by its SPDX name, such as CC-BY-4.0", found.licence),
            ("origin", "where they came from, in words or as a link", found.origin),
        )
        if not value
    ]


def _revision(manifest: Manifest, history: str) -> RevisionOrigin:
    said = _words(manifest.about.get("source")) or _words(manifest.about.get("origin"))
    link = said.get("permalink", "")
    oldid = said.get("revision_id") or said.get("oldid") or said.get("revision") or ""
    title = parse_qs(urlsplit(history).query).get("title", [""])[0]
    if not link and oldid.isascii() and oldid.isdigit() and title:
        parts = urlsplit(history)
        asked = f"title={quote(title, safe='')}&oldid={oldid}"
        link = f"{parts.scheme}://{parts.netloc}{parts.path}?{asked}"
    return RevisionOrigin(
        manifest.label,
        manifest.date or "undated",
        manifest.source.digest if manifest.source else "",
        link,
        said.get("retrieved", ""),
    )


def _words(found: object) -> dict[str, str]:
    if not isinstance(found, Mapping):
        return {}
    return {str(name): value for name, value in found.items() if isinstance(value, str)}


def _word(found: object) -> str:
    return found if isinstance(found, str) else ""
