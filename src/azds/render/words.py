"""Values in words: numbers with their nouns, cells, dates of revisions."""

from collections.abc import Iterable, Mapping, Sequence

from azds.qualifiers import qualified
from azds.store.manifest import Manifest

__all__ = [
    "BOUND_SIGNS",
    "bound_sign",
    "cell",
    "count_notes",
    "count_words",
    "dated",
    "plural",
    "scope_words",
]

NOTHING = "–"
LONGEST = 2000
"""Characters of a cell that are shown whole; of longer ones only the first."""
_SHOWN = 200

BOUND_SIGNS = "→ or more, ← or less, ≈ about: no exact number"
"""What `bound_sign` says, for a legend."""

_SCOPES = {"un_members": "UN members"}


def plural(count: int, noun: str, nouns: str | None = None) -> str:
    """A count with its noun.

    >>> plural(1, "row"), plural(2, "row"), plural(0, "entry", "entries")
    ('1 row', '2 rows', '0 entries')
    """
    return f"{count:,} {noun if count == 1 else nouns or noun + 's'}"


def cell(value: object) -> str:
    """A cell for a reader: lists joined, nothing as a dash, very long text cut and measured."""
    if value is None or value in ("", [], ()):
        return NOTHING
    if isinstance(value, Mapping):
        return ", ".join(f"{name} {cell(inner)}" for name, inner in value.items())
    if isinstance(value, Sequence) and not isinstance(value, (str, bytes)):
        return ", ".join(cell(item) for item in value)
    text = str(value)
    return text if len(text) <= LONGEST else f"{text[:_SHOWN]}… ({len(text):,} characters)"


def scope_words(scope: object) -> str:
    """What a count counts, in words."""
    return _SCOPES.get(str(scope), str(scope).replace("_", " "))


def count_words(count: object) -> str:
    """A designated count: its number, as bounded or estimated, and what it counts.

    >>> count_words({"value": 130, "scope": "un_members", "qualifier": "more_than"})
    'more than 130 UN members'
    """
    if not isinstance(count, Mapping) or count.get("value") is None:
        return "none designated"
    told = qualified(count["value"], count.get("qualifier"))
    return f"{told} {scope_words(count['scope'])}"


def bound_sign(qualifier: object) -> str:
    """Beside the mark of a number in a picture: where the true one lies; empty where it is exact.

    >>> bound_sign("at_least"), bound_sign("less_than"), bound_sign("about"), bound_sign(None)
    ('→', '←', '≈', '')
    """
    if not qualifier:
        return ""
    signs = {"more_than": "→", "at_least": "→", "less_than": "←", "at_most": "←"}
    return signs.get(str(qualifier), "≈")


def count_notes(counts: Iterable[Mapping[str, object]]) -> list[str]:
    """With what care to read the designated counts of several revisions."""
    stated = [one for one in counts if one.get("value") is not None]
    notes = []
    if len({one["scope"] for one in stated}) > 1:
        notes.append("These numbers count different things; their differences are no trend.")
    if any(one.get("qualifier") for one in stated):
        notes.append("A bound or an estimate is no exact number; no difference follows from it.")
    return notes


def dated(manifest: Manifest) -> str:
    """A revision's date, or that it has none and its position is declared."""
    return manifest.date or "undated, position declared"
