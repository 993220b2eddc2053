"""The documents that people read: the card, the attribution, the licences, the changelog."""

from azds.dataset.revision import BOOKKEEPING
from azds.release.contents import Contents, Part
from azds.release.describing import cite_as
from azds.release.names import release_name
from azds.release.notes import MEANINGS, Notes
from azds.release.templates import render_markdown
from azds.release.words import markdown, yaml
from azds.render.page import clean

__all__ = [
    "attribution",
    "card",
    "changelog",
    "entry",
    "main_part",
    "notes_lines",
    "notes_text",
    "reuse",
    "size_category",
]

_SIZES = ((1_000, "n<1K"), (10_000, "1K<n<10K"), (100_000, "10K<n<100K"), (1_000_000, "100K<n<1M"))
_DEED = {"CC-BY-SA-4.0": "cc-by-sa-4.0", "CC-BY-4.0": "cc-by-4.0", "CC0-1.0": "cc0-1.0"}
_DEED |= {"ODbL-1.0": "odbl", "PDDL-1.0": "pddl", "ODC-By-1.0": "odc-by", "MIT": "mit"}


def card(contents: Contents) -> bytes:
    """``README.md``: the dataset card; Hugging Face loads it by table and by revision."""
    body = render_markdown(
        "card.md",
        {
            "title": contents.title,
            "version": str(contents.version),
            "date": contents.request.date,
            "name": release_name(contents.dataset, contents.version),
            "dataset": contents.dataset,
            "origin": contents.origin,
            "parts": contents.parts,
            "changes": contents.changes,
            "newest": contents.snapshots[-1].label,
            "several": len(contents.snapshots) > 1,
            "main": main_part(contents),
            "cite_as": cite_as(contents),
        },
    )
    return "\n".join(_front_matter(contents)).encode() + b"\n" + body


def _front_matter(contents: Contents) -> list[str]:
    licence = contents.origin.licence
    lines = ["---", f"pretty_name: {yaml(contents.title)}"]
    lines.append(f"license: {_DEED.get(licence, 'other')}")
    if licence not in _DEED:
        lines += [f"license_name: {yaml(licence.lower())}", "license_link: LICENSES"]
    rows = sum(part.rows for part in contents.parts)
    lines += ["size_categories:", f"  - {size_category(rows)}", "configs:"]
    newest = contents.snapshots[-1].label
    default = main_part(contents).table
    for table in contents.tables:
        held = [part for part in contents.of_table(table) if part.rows]
        if not held:  # Hugging Face cannot load a split without rows
            continue
        lines += [f"  - config_name: {yaml(table)}", f"    version: {contents.version}"]
        if table == default:
            lines.append("    default: true")
        lines.append("    data_files:")
        for part in held:
            splits = [contents.splits[part.label]]
            if part.label == newest:
                splits = ["train", *(splits if len(contents.snapshots) > 1 else [])]
            for split in splits:
                lines += [f"      - split: {split}", f"        path: {yaml(part.path)}"]
    return [*lines, "---"]


def main_part(contents: Contents) -> Part:
    """The table that examples show: of the newest revision, the one with the most rows."""
    newest = [part for part in contents.parts if part.label == contents.snapshots[-1].label]
    own = [part for part in newest if part.table not in BOOKKEEPING]
    return max(own or newest or contents.parts, key=lambda part: part.rows)


def size_category(rows: int) -> str:
    """As dataset cards name it.

    >>> size_category(999), size_category(5_000_000)
    ('n<1K', '1M<n<10M')
    """
    larger = ("1M<n<10M", 10_000_000), ("10M<n<100M", 100_000_000)
    for limit, name in _SIZES:
        if rows < limit:
            return name
    return next((name for name, limit in larger if rows < limit), "n>100M")


def attribution(contents: Contents) -> bytes:
    """``ATTRIBUTION.md``: whose the data are, revision by revision."""
    lost = [one.label for one in contents.origin.revisions if not one.permalink]
    return render_markdown("attribution.md", {"origin": contents.origin, "lost": lost})


def reuse(contents: Contents) -> bytes:
    """``REUSE.toml`` (REUSE 3.3): the data under their licence, what describes them under CC0."""
    origin = contents.origin
    year = contents.request.date[:4]
    makers = [f"{year} {origin.creator}", *([origin.attribution] if origin.attribution else [])]
    holders = ", ".join(yaml(one) for one in makers)
    lines = [
        "version = 1",
        "",
        "[[annotations]]",
        'path = "**"',
        f"SPDX-FileCopyrightText = {yaml(makers[0])}",
        'SPDX-License-Identifier = "CC0-1.0"',
        "",
        "[[annotations]]",
        'path = ["data/**", "diffs/**", "csv/**"]',
        f"SPDX-FileCopyrightText = [{holders}]",
        f"SPDX-License-Identifier = {yaml(origin.licence)}",
    ]
    return ("\n".join(lines) + "\n").encode()


def changelog(contents: Contents, before: str) -> bytes:
    """``CHANGELOG.md``: this release, then what the one before said (Keep a Changelog 1.1.0)."""
    kept = "; ".join(f"*{name}*, {words}" for name, words in MEANINGS.items())
    head = [
        "# Changelog",
        "",
        f"Of the dataset {markdown(contents.title)}; kept apart are: {kept}.",
        "",
    ]
    mark = before.find("\n## [")
    earlier = before[mark + 1 :].rstrip("\n").split("\n") if mark >= 0 else []
    lines = [*head, *entry(contents), *([""] if earlier else []), *earlier]
    return ("\n".join(lines) + "\n").encode()


def entry(contents: Contents) -> list[str]:
    """The lines of this release in the changelog."""
    lines = [f"## [{contents.version}] - {contents.request.date}", ""]
    if contents.previous is None:
        lines += ["The first release.", ""]
    return [*lines, *notes_lines(contents.notes, level=3)]


def notes_text(notes: Notes) -> str:
    """Notes for a terminal; what lines are about stands above them, unless all are about one."""
    lines: list[str] = []
    for section, texts in notes.sections():
        meaning = f": {MEANINGS[section]}" if section in MEANINGS else ""
        lines.append(f"{section}{meaning}")
        for about, each in texts.items():
            step = "" if notes.is_about_one or not about else "  "
            lines += [f"  {clean(about)}"] if step else []
            lines += [f"  {step}{clean(text)}" for text in each]
        lines.append("")
    return "\n".join(lines[:-1] if lines else ["Nothing changed."]) + "\n"


def notes_lines(notes: Notes, level: int = 2) -> list[str]:
    """Notes as Markdown; a word where nothing changed."""
    lines: list[str] = []
    for section, texts in notes.flat():
        lines += [f"{'#' * level} {section}", "", *(f"- {markdown(text)}" for text in texts), ""]
    return lines[:-1] if lines else ["Nothing changed."]
