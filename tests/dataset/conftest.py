"""The shipped dataset."""

from pathlib import Path

import pytest

import azds
from azds.dataset.dataset import Dataset
from azds.dataset.stores import shipped_store


@pytest.fixture(scope="session")
def shipped() -> Path:
    """Where the shipped store is."""
    path = shipped_store()
    assert path is not None
    return path


@pytest.fixture(scope="session")
def article(shipped: Path) -> Dataset:
    """The shipped article."""
    return azds.open(shipped)["foreign-relations"]
