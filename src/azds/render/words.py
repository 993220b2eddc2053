"""Values in words: numbers with their nouns, cells, dates of revisions."""

from collections.abc import Mapping, Sequence

from azds.store.manifest import Manifest

__all__ = ["cell", "count_words", "dated", "plural", "scope_words"]

NOTHING = "–"
LONGEST = 2000
"""Characters of a cell that are shown whole; of longer ones only the first."""
_SHOWN = 200

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
    """A designated count: its number and what it counts."""
    if not isinstance(count, Mapping) or count.get("value") is None:
        return "none designated"
    return f"{count['value']} {scope_words(count['scope'])}"


def dated(manifest: Manifest) -> str:
    """A revision's date, or that it has none and its position is declared."""
    return manifest.date or "undated, position declared"
