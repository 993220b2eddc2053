"""Keys as people type them: the canonical string, or ``column=value`` pairs."""

from collections.abc import Sequence

from azds.columns import TableSchema
from azds.errors import InvalidInputError
from azds.ids import format_key, split_key

__all__ = ["parse_key_words"]


def parse_key_words(schema: TableSchema, words: Sequence[str]) -> str:
    """The canonical key string that these words mean.

    One word is the canonical string itself; pairs name every key column.

    Raises:
        InvalidInputError: `bad-key`: too many or too few parts, or a column that is no key.
    """
    pairs = dict(word.partition("=")[::2] for word in words)
    is_each_once = set(pairs) == set(schema.key) and len(words) == len(schema.key)
    if is_each_once and all("=" in word for word in words):
        return format_key([pairs[name] for name in schema.key])
    key = " ".join(words)
    if len(split_key(key)) == len(schema.key):
        return key
    pattern = "/".join(name.upper() for name in schema.key)
    pairs_pattern = " ".join(f"{name}=..." for name in schema.key)
    raise InvalidInputError(
        "bad-key",
        "this is no key of the table",
        where=schema.name,
        expected=f"{pattern}, or {pairs_pattern} (a / in a value is ~1)",
        got=repr(key),
    )
