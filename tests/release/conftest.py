"""A dataset of one's own, its releases, and a cache of its own for each test."""

from pathlib import Path

import pytest
from tests.release.making import Maker


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """No test touches, or profits from, the user's cache."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    return tmp_path / "cache" / "azds"


@pytest.fixture
def maker(tmp_path: Path) -> Maker:
    """Commits cities, and builds releases of them."""
    return Maker(tmp_path)
