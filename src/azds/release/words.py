"""Text for the documents of a release, safe for any value: JSON, YAML, Markdown, links."""

import json
import re

from azds.render.page import clean

__all__ = ["code", "is_url", "json_bytes", "link", "markdown", "yaml"]

_MARKDOWN = re.compile(r"([\\`*_\[\]<>|#&~!])")
_URL = re.compile(r"https?://[^\s<>\"'`\\^{|}\x00-\x1f]+", re.ASCII)


def json_bytes(document: object) -> bytes:
    """A document as JSON: two spaces a level, names in the order given, a line end at the end."""
    return f"{json.dumps(document, ensure_ascii=False, indent=2, allow_nan=False)}\n".encode()


def yaml(text: str) -> str:
    r"""Text as a YAML scalar: JSON strings are YAML.

    >>> yaml('a: "b"')
    '"a: \\"b\\""'
    """
    return json.dumps(clean(text), ensure_ascii=False)


def markdown(text: str) -> str:
    r"""Text that Markdown shows as it is, on one line.

    >>> markdown("[x](javascript:1)")
    '\\[x\\](javascript:1)'
    """
    return _MARKDOWN.sub(r"\\\1", clean(text))


def code(text: str) -> str:
    """Text for inside of backticks, on one line: what could end them is left out.

    >>> code("a`b")
    'ab'
    """
    return clean(text).replace("`", "")


def link(url: str) -> str:
    """A link as Markdown shows it; what is no web address is shown as text.

    >>> link("https://example.org/a"), link("javascript:1")
    ('<https://example.org/a>', 'javascript:1')
    """
    return f"<{url}>" if is_url(url) else markdown(url)


def is_url(text: str) -> bool:
    """Whether this is a web address that can be linked."""
    return bool(_URL.fullmatch(text))
