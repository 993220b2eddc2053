# ruff: noqa: INP001 - loaded by its path
"""What MkDocs does not do by itself: the schemas, which pages link to, are part of the site."""

import re
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

ROOT = Path(__file__).parents[2]
_OUTSIDE = re.compile(r"\]\(\.\./(schemas/[^)]+)\)")
_EXAMPLES = "](examples/)"
DECISIONS = "decisions/README.md"


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """The files of the site, and the schemas."""
    for path in sorted((ROOT / "schemas").rglob("*.json")):
        name = path.relative_to(ROOT).as_posix()
        files.append(File.generated(config, name, content=path.read_text(encoding="utf-8")))
    return files


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """A page whose links stay within the site; on that of the decisions, all of them."""
    del config
    if page.file.src_uri == DECISIONS:
        return f"{markdown}\n\n{_decisions(files)}"
    return _OUTSIDE.sub(r"](\1)", markdown).replace(_EXAMPLES, "](examples/old.csv)")


def _decisions(files: Files) -> str:
    """The decisions by number, each a link."""
    lines = []
    for file in sorted(files.documentation_pages(), key=lambda one: one.src_uri):
        if file.src_uri.startswith("decisions/") and file.src_uri != DECISIONS:
            number = file.name.partition("-")[0].lstrip("0")
            title = file.content_string.partition("\n")[0].lstrip("# 0123456789.")
            lines.append(f"- {number} [{title}]({file.src_uri.partition('/')[2]})")
    return "\n".join(lines)
