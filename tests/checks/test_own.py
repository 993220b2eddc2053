"""Rules of one's own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

import azds
from azds.checks import own
from azds.dataset.dataset import Dataset


class Price(azds.Record):
    """A price."""

    id: azds.Key[str]
    """What."""
    amount: azds.Fact[int]
    """How much."""


@pytest.fixture
def prices(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Dataset:
    monkeypatch.setattr(own, "_RULES", {})
    dataset = azds.init(tmp_path / "shop").create("prices", tables=[Price])
    dataset.commit("one", {"Price": [Price(id="tea", amount=-1)]})
    return dataset


def test_a_rule_of_ones_own_is_run_by_check(prices: Dataset) -> None:
    @azds.check
    def no_negative_price(dataset: Dataset) -> Iterator[str]:
        for label in dataset:
            for row in dataset[label]["Price"]:
                if row.amount < 0:
                    yield f"{row.id} costs {row.amount} in {label}"

    (found,) = prices.check()
    assert (found.code, found.message) == ("no-negative-price", "tea costs -1 in one")


def test_a_rule_may_give_findings_with_their_places(prices: Dataset) -> None:
    told = azds.Finding("odd", "one", "looks odd", "Price", "tea")

    @azds.check
    def odd(dataset: Dataset) -> list[azds.Finding]:
        return [told] if len(dataset) else []

    assert prices.check() == [told]


def test_without_rules_of_ones_own_nothing_is_found_in_own_tables(prices: Dataset) -> None:
    assert prices.check() == []


def test_a_table_that_is_only_called_relations_is_left_alone(tmp_path: Path) -> None:
    dataset = azds.init(tmp_path / "shop").create("data")
    dataset.commit("one", {"relations": [{"id": 1, "began": "never"}]}, key="id")
    assert dataset.check() == []
