"""Rules of one's own: functions that look at a dataset and tell what they find."""

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

from azds.checks.finding import Finding

__all__ = ["check", "own_findings"]

Rule = Callable[..., Iterable[Finding | str]]
F = TypeVar("F", bound=Rule)

_RULES: dict[str, Rule] = {}


def check(rule: F) -> F:
    """Enter a rule of one's own; `Dataset.check` runs it after the shipped ones.

    The rule takes the dataset and yields findings, or messages. The code of a
    message is the function's name with dashes; a rule of the same name replaces the
    one before. Only the program that declares it runs it: no command imports a user's code.

    >>> @check
    ... def no_empty_revision(dataset):
    ...     for label in dataset:
    ...         if not any(len(dataset[label][name]) for name in dataset.tables):
    ...             yield f"{label} has no rows"
    >>> _ = _RULES.pop("no-empty-revision")
    """
    _RULES[rule.__name__.replace("_", "-")] = rule
    return rule


def own_findings(dataset: object) -> Iterator[Finding]:
    """What the rules of one's own find in a dataset, in the order of their declaration."""
    for code, rule in list(_RULES.items()):
        for found in rule(dataset):
            yield Finding(code, "", found) if isinstance(found, str) else found
