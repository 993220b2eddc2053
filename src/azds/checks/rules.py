"""All rules, in the order in which their findings are told."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from types import MappingProxyType

import pyarrow as pa

from azds.checks.alike import alike_keys
from azds.checks.counts import counts_differ, lists_over_a_bound, lists_that_fall_short
from azds.checks.finding import Facts, Finding
from azds.checks.order import doubtful_order, undated
from azds.checks.references import (
    misaligned_references,
    missing_numbers,
    references_without_entry,
)
from azds.checks.relations import contradicting_dates
from azds.store.manifest import Manifest

__all__ = ["RULES", "check_dataset"]

RULES: dict[str, Callable[[Facts], Iterator[Finding]]] = {
    "counts-differ": counts_differ,
    "list-falls-short": lists_that_fall_short,
    "list-over-bound": lists_over_a_bound,
    "dates-contradict": contradicting_dates,
    "reference-number-missing": missing_numbers,
    "reference-misaligned": misaligned_references,
    "reference-without-entry": references_without_entry,
    "undated": undated,
    "order-doubtful": doubtful_order,
    "keys-alike": alike_keys,
}
"""The rules by the code of their findings."""


def check_dataset(
    manifests: Sequence[Manifest],
    tables: Mapping[tuple[str, str], pa.Table],
    keys: Mapping[str, Mapping[str, pa.Table]] = MappingProxyType({}),
) -> list[Finding]:
    """Every finding: by rule, then by revision in the declared order. May be empty.

    Shape: `manifests` in the declared order; `tables` by (label, table name); `keys`, the key
    columns of any table, by table name and label.
    """
    facts = Facts(manifests, tables, keys)
    return [finding for rule in RULES.values() for finding in rule(facts)]
