"""Which element of a nested value changed."""

from collections.abc import Mapping

__all__ = ["nested_change"]

_MOST = 3


def nested_change(old: object, new: object) -> tuple[str, str] | None:
    """The differing elements of two nested values, old and new; None where they are not nested.

    >>> nested_change({"a": 1, "b": 2}, {"a": 1, "b": 3})
    ("['b'] 2", "['b'] 3")
    """
    if not (_is_nested(old) and _is_nested(new)):
        return None
    from deepdiff import DeepDiff  # noqa: PLC0415 - heavy, and only for nested values

    found = DeepDiff(old, new, verbose_level=2)
    sides: tuple[list[str], list[str]] = ([], [])
    for path, change in found.get("values_changed", {}).items():
        _tell(sides, path, change["old_value"], change["new_value"])
    for path, change in found.get("type_changes", {}).items():
        _tell(sides, path, change["old_value"], change["new_value"])
    for kind, place in (("dictionary_item_removed", 0), ("iterable_item_removed", 0)):
        for path, value in found.get(kind, {}).items():
            sides[place].append(_at(path, value))
    for kind, place in (("dictionary_item_added", 1), ("iterable_item_added", 1)):
        for path, value in found.get(kind, {}).items():
            sides[place].append(_at(path, value))
    return _joined(sides[0]), _joined(sides[1])


def _is_nested(value: object) -> bool:
    return isinstance(value, Mapping) or (
        isinstance(value, list) and any(isinstance(item, (Mapping, list)) for item in value)
    )


def _tell(sides: tuple[list[str], list[str]], path: str, old: object, new: object) -> None:
    sides[0].append(_at(path, old))
    sides[1].append(_at(path, new))


def _at(path: str, value: object) -> str:
    return f"{path.removeprefix('root')} {value}".strip()


def _joined(parts: list[str]) -> str:
    shown = "; ".join(parts[:_MOST])
    return (shown + f"; {len(parts) - _MOST} more" if len(parts) > _MOST else shown) or "–"
