"""The templates of a release's documents. Every value is escaped, for HTML or for Markdown.

Loads jinja2, of the extra `release`.
"""

from pathlib import Path

from jinja2 import Environment, StrictUndefined

from azds.release import words

__all__ = ["render_html", "render_markdown"]

_DATA = Path(__file__).with_name("data")


class _Ready(str):
    """Markdown that is written already."""

    __slots__ = ()


def render_html(template: str, values: dict[str, object]) -> bytes:
    """A template with these values, each escaped unless it is `markupsafe.Markup`."""
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True)
    return _render(environment, template, values)


def render_markdown(template: str, values: dict[str, object]) -> bytes:
    """A template with these values, each shown as it is: no markup of a value counts."""
    environment = Environment(  # noqa: S701 - Markdown is escaped by `finalize`, not as HTML is
        finalize=_shown, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters["link"] = lambda url: _Ready(words.link(str(url)))
    environment.filters["verbatim"] = lambda text: _Ready(words.code(str(text)))
    return _render(environment, template, values)


def _render(environment: Environment, template: str, values: dict[str, object]) -> bytes:
    text = (_DATA / template).read_text(encoding="utf-8")
    return (environment.from_string(text).render(values).rstrip("\n") + "\n").encode()


def _shown(value: object) -> str:
    return value if isinstance(value, _Ready) else words.markdown(str(value))
