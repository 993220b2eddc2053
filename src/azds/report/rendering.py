"""A page as HTML: one file, nothing from elsewhere, every value escaped.

The templates escape by themselves, and each value passes `clean` first, so that no control
character and no change of direction reaches a reader. The policy in the page allows the style
and the script that stand here, by their digest, and nothing else: neither a script that
came with data nor a request to anywhere.
"""

import base64
import hashlib
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from azds._version import __version__
from azds.errors import RefusedError
from azds.render.page import clean
from azds.report.words import COUNTS

if TYPE_CHECKING:  # an extra; loaded when a page is made
    from jinja2 import Environment

__all__ = ["policy", "render"]

MINUS = "\u2212"
SIGNS = {
    "equal": "=",
    "changed": "≠",
    "added": "+",
    "removed": MINUS,
    "newly_stated": "(+)",
    "unstated": f"({MINUS})",
    "not_comparable": "?",
    "refined": "\u203a",
    "coarsened": "\u2039",
    "replaced": "≠",
    "filled": "+",
    "emptied": MINUS,
    "extended": "+",
    "reduced": MINUS,
    "reworded": "≈",
    "moved": "↕",
}
"""The sign of each kind, so that none is told by colour alone."""


def render(view: object, template: str = "page.html.j2") -> str:
    """The page as HTML text; the view is what this template reads.

    Raises:
        RefusedError: `missing-extra`, without jinja2.
    """
    style, script = _asset("report.css"), _asset("report.js")
    return (
        _environment()
        .get_template(template)
        .render(
            page=view,
            policy=policy(style, script),
            style=_own(style),
            script=_own(script),
            signs=SIGNS,
            counts=COUNTS,
            version=__version__,
        )
    )


def policy(style: str, script: str) -> str:
    """The content security policy that allows this style and this script alone."""
    return "; ".join(
        (
            "default-src 'none'",
            f"style-src 'sha256-{_digest(style)}'",
            f"script-src 'sha256-{_digest(script)}'",
            "base-uri 'none'",
            "form-action 'none'",
            "require-trusted-types-for 'script'",
            "trusted-types 'none'",
        )
    )


def _digest(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


@cache
def _asset(name: str) -> str:
    return files("azds.report").joinpath("assets", name).read_text(encoding="utf-8")


def _own(text: str) -> Any:  # noqa: ANN401 - markupsafe's type, of an extra
    """Our own style or script, not escaped: the only place where something is not."""
    from markupsafe import Markup  # noqa: PLC0415 - comes with jinja2

    if "</" in text or "<!--" in text:
        raise AssertionError("an asset must not end its own element")
    return Markup(text)  # noqa: S704 - a file of this package, no data


@cache
def _environment() -> "Environment":
    try:
        from jinja2 import Environment, PackageLoader, StrictUndefined  # noqa: PLC0415 - an extra
        from markupsafe import Markup  # noqa: PLC0415 - comes with it
    except ImportError as error:
        raise RefusedError(
            "missing-extra",
            "jinja2 is not installed",
            advice='install it: pip install "azds[report]"',
        ) from error

    def finalize(value: object) -> object:
        if value is None:
            raise AssertionError("a template shows nothing where a value was meant")
        return clean(value) if isinstance(value, str) and not isinstance(value, Markup) else value

    environment = Environment(
        loader=PackageLoader("azds.report"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=finalize,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["words"] = lambda kind: str(kind).replace("_", " ")
    environment.filters["number"] = lambda count: f"{count:,}"
    return environment
