"""Hostile values, pages full of them, and the shape of a page."""

from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass
from html.parser import HTMLParser
from types import UnionType
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

from azds.report.views import Comparison, Head, PageView

V = TypeVar("V")

__all__ = ["HOSTILE", "Shape", "filled", "filled_as", "shape"]

HOSTILE = {
    "script": "<script>window.pwned=1</script>",
    "end-of-script": "</script><script>window.pwned=1</script>",
    "end-of-style": "</style><script>window.pwned=1</script>",
    "end-of-title": "</title></head><body onload=window.pwned=1>",
    "double-quote": '" autofocus onfocus="window.pwned=1" x="',
    "single-quote": "' onmouseover='window.pwned=1' x='",
    "no-quote": "x onclick=window.pwned=1",
    "image": '"><img src=x onerror=window.pwned=1>',
    "svg": "</text></svg><svg onload=window.pwned=1>",
    "frame": "<iframe srcdoc='<script>parent.pwned=1</script>'></iframe>",
    "elsewhere": "<base href=//example.org><link rel=stylesheet href=//example.org/x.css>",
    "refresh": '<meta http-equiv="refresh" content="0;url=javascript:window.pwned=1">',
    "address": "javascript:window.pwned=1//",
    "data-address": "data:text/html,<script>window.pwned=1</script>",
    "comment": "<!--<script>window.pwned=1</script>-->]]><![CDATA[",
    "entities": "&lt;script&gt;&#x3C;script&#62;window.pwned=1",
    "template": "{{ 7 * 191 }}{% include 'page.html.j2' %}{# x #}${7 * 191}#{7 * 191}",
    "template-attribute": "{{ ''.__class__.__mro__ }}",
    "format": "%s%n{0}{page.title}",
    "style": "x;background:url(//example.org/x)}*{display:none}",
    "bidi": "\u202edetrevni\u202c\u2067x\u2069\u200f",
    "control": "\x00\x07\x1b[31mred\x1b[0m\x7f\x9b\ufffe",
    "lines": "one\ntwo\r\nthree\u2028four\u2029five\t",
    "surrogate": "\ud800<b>\udfff",
    "plane": "\U000e0041\U0001f600\u0301\u0301\u0301",
    "long": "x" * 5_000,
    "long-markup": "<b>" * 2_000,
    "empty": "",
}
"""Values that break pages, terminals or templates which do not escape."""

_VOID = {"meta", "link", "base", "img", "input", "br", "hr"}


class Shape(HTMLParser):
    """The elements of a page with the names of their attributes, and where links lead."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, ...]] = []
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, *(name for name, _ in attrs)))
        self.links += [str(v) for n, v in attrs if n in {"href", "src", "action", "xlink:href"}]

    def handle_endtag(self, tag: str) -> None:
        if tag not in _VOID:
            self.elements.append(("/", tag))


def shape(html: str) -> Shape:
    """The shape of a page."""
    found = Shape()
    found.feed(html)
    found.close()
    return found


def filled(payload: str) -> PageView:
    """A page in which every text that could come from data is this one, in every place."""
    return filled_as(PageView, payload)


def filled_as(kind: type[V], payload: str) -> V:
    """The same of any kind of page."""
    page: V = _made(kind, payload)
    return page


_FIXED = {
    "kind": "changed",
    "level": "partial",
    "mark": "old",
    "role": "wording",
    "shape": "square",
    "anchor": "middle",
    "fit": " long",
}
"""Texts of azds's own, by the name of the field: no data reach them."""


def _made(kind: Any, payload: str, name: str = "") -> Any:  # noqa: ANN401, PLR0911 - any type of a view
    origin = get_origin(kind)
    if origin in {Union, UnionType}:
        return _made(next(one for one in get_args(kind) if one is not type(None)), payload, name)
    if origin is Literal:
        return get_args(kind)[0]
    if kind is str:
        return _FIXED.get(name, payload)
    if kind in {int, float, bool}:
        return kind(2)
    if origin is tuple:
        args = get_args(kind)
        return tuple(_made(one, payload) for one in (args[:1] if args[-1] is ... else args))
    if origin is not None and issubclass(origin, Mapping):
        return _mapping(kind, payload, name)
    if origin is not None and issubclass(origin, Sequence):
        inner = get_args(kind)[0]
        return [_made(inner, payload)] * (2 if inner in {Head, Comparison} else 1)
    assert isinstance(kind, type), kind
    assert is_dataclass(kind), kind
    hints = get_type_hints(kind)
    made: Any = kind(**{f.name: _made(hints[f.name], payload, f.name) for f in fields(kind)})
    return made


def _mapping(kind: Any, payload: str, name: str) -> dict[str, Any]:  # noqa: ANN401 - any type of a view
    if name == "revisions" or get_args(kind)[1] is str:
        return dict.fromkeys(("revision", "date", "rows", "source"), payload)
    kinds = ("equal", "changed", "added", "removed", "newly_stated", "unstated", "not_comparable")
    return dict.fromkeys(("old", "new", *kinds), 2)
