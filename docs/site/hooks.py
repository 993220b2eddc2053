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


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """The files of the site, and the schemas."""
    for path in sorted((ROOT / "schemas").rglob("*.json")):
        name = path.relative_to(ROOT).as_posix()
        files.append(File.generated(config, name, content=path.read_text(encoding="utf-8")))
    return files


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """A page whose links stay within the site."""
    del page, config, files
    return _OUTSIDE.sub(r"](\1)", markdown).replace(_EXAMPLES, "](examples/old.csv)")
