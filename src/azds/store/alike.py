"""A document told by how it differs from another one: what both say is not written again.

The short form has what the other has not, name by name, and ``like``: the ``folder`` of the
other, and under ``but`` the places (``at``) that are gone from it, or at which a sorted list
of texts has ``less`` and ``more``. Pure.
"""

from collections.abc import Mapping, Sequence
from typing import TypeGuard

from azds.store.canonical import Json
from azds.store.fields import Fields

__all__ = ["LIKE", "complete", "shorten"]

LIKE = "like"
_ALWAYS = ("format", "dataset", "label", "position")
_KIND = "manifest-invalid"


def shorten(
    document: Mapping[str, Json], other: Mapping[str, Json], folder: str
) -> dict[str, Json]:
    """What `document` says otherwise than `other`, that of `folder`: the twin of `complete`.

    >>> shorten({"a": 1, "b": {"c": 2}}, {"a": 1, "b": {"c": 3, "d": 4}}, "2016")
    {'b': {'c': 2}, 'like': {'folder': '2016', 'but': [{'at': ['b', 'd']}]}}
    """
    but: list[Json] = []
    short = _beyond(document, other, (), but)
    always = {name: document[name] for name in _ALWAYS if name in document}
    return short | always | {LIKE: {"folder": folder, "but": but}}


def complete(
    short: Mapping[str, Json], other: Mapping[str, Json], *, where: str
) -> dict[str, Json]:
    """The document that a short form tells, given the other: the twin of `shorten`.

    Shape: what both say is the very same object in both.

    Raises:
        IntegrityError: `manifest-invalid`, if it does not fit the other.
    """
    document, told = dict(other), set[tuple[str, ...]]()
    own = {id(document): document}
    for one in Fields(short, kind=_KIND, where=where).child(LIKE).maybe_children("but"):
        at = one.texts("at")
        if at in told:
            raise one.fault("at", "a place that is told of once", list(at))
        told.add(at)
        _change(document, at, one, own)
    return _merged(document, {name: value for name, value in short.items() if name != LIKE})


def _beyond(
    document: Mapping[str, Json], other: Mapping[str, Json], at: tuple[str, ...], but: list[Json]
) -> dict[str, Json]:
    """What `document` has that `other` has not, name by name; else it is added to `but`."""
    but += [{"at": [*at, name]} for name in other if name not in document]
    short: dict[str, Json] = {}
    for name, value in document.items():
        held, here = other.get(name), (*at, name)
        if name not in other:
            short[name] = value
        elif isinstance(value, dict) and isinstance(held, dict):
            inner = _beyond(value, held, here, but)
            if inner:
                short[name] = inner
        elif _is_same(value, held):
            continue
        elif _is_set(value) and _is_set(held):
            less, more = sorted({*held} - {*value}), sorted({*value} - {*held})
            but.append({"at": list(here), "less": less, "more": more})
        else:
            short[name] = value
    return short


def _is_same(value: Json, held: Json) -> bool:
    """Whether both are written alike: 1 is not 1.0, and not True; 0.0 is not -0.0."""
    if isinstance(value, list | tuple) and isinstance(held, list | tuple):
        return len(value) == len(held) and all(map(_is_same, value, held))
    if isinstance(value, Mapping) and isinstance(held, Mapping):
        return value.keys() == held.keys() and all(_is_same(value[n], held[n]) for n in value)
    if type(value) is not type(held):
        return False
    return repr(value) == repr(held) if isinstance(value, float) else value == held


def _merged(other: Mapping[str, Json], short: Mapping[str, Json]) -> dict[str, Json]:
    merged = dict(other)
    for name, value in short.items():
        held = merged.get(name)
        if isinstance(value, dict) and isinstance(held, dict):
            merged[name] = _merged(held, value)
        else:
            merged[name] = value
    return merged


def _change(
    document: dict[str, Json], at: Sequence[str], one: Fields, own: dict[int, dict[str, Json]]
) -> None:
    """Take away what is at a place, or put another list there; only `own` objects are changed.

    An object on the way that is shared with the other document is copied once, into `own`.
    """
    *way, name = at or ("",)
    for step in way:
        inner = document.get(step)
        if not isinstance(inner, dict):
            raise one.fault("at", "a place in the other manifest", list(at))
        if id(inner) not in own:
            inner = dict(inner)
            own[id(inner)] = document[step] = inner
        document = inner
    if not at or name not in document:
        raise one.fault("at", "a place in the other manifest", list(at))
    held = document[name]
    if not {"less", "more"} & set(one.document):
        del document[name]
    elif _is_set(held):
        document[name] = sorted({*held} - {*one.texts("less")} | {*one.texts("more")})
    else:
        raise one.fault("at", "the place of a sorted list of texts", list(at))


def _is_set(value: Json) -> TypeGuard[Sequence[str]]:
    """Whether this is a list of different texts in their order."""
    if not isinstance(value, list | tuple) or {*map(type, value)} - {str}:
        return False
    texts = list(map(str, value))
    return texts == sorted({*texts})
