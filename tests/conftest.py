"""What all tests share: Hypothesis profiles, the folder of the real sources, golden files."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import settings

TESTS = Path(__file__).parent

# "ci" draws the same examples each time, so that one commit gets one verdict; new ones are drawn
# by everybody who runs the tests, and in number by `make laws`.
_default = settings.get_profile("default")
settings.register_profile("dev", _default, max_examples=50, deadline=None)
settings.register_profile(
    "ci",
    _default,
    max_examples=100,
    deadline=None,
    derandomize=True,
    database=None,
    print_blob=True,
)
settings.register_profile(
    "nightly",
    _default,
    max_examples=5_000,
    stateful_step_count=200,
    deadline=None,
    print_blob=True,
)
settings.load_profile(
    os.environ.get("HYPOTHESIS_PROFILE") or ("ci" if os.environ.get("CI") == "true" else "dev")
)


@pytest.fixture(scope="session")
def sources() -> Path:
    """The folder of the real sources; a test that needs them is skipped where there is none."""
    folder = os.environ.get("AZDS_SOURCES")
    if not folder:
        pytest.skip("needs the real sources: set AZDS_SOURCES to their folder")
    path = Path(folder)
    if not path.is_dir():
        pytest.fail(f"AZDS_SOURCES: expected a folder, got {folder!r}")
    return path


@pytest.fixture
def golden() -> Callable[[str, str], None]:
    """A check that a text is what `tests/golden/NAME` holds; `make golden` rewrites the file."""

    def check(name: str, text: str) -> None:
        path = TESTS / "golden" / name
        if _rewriting_golden():
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="")
            return
        expected = path.read_bytes().decode("utf-8") if path.exists() else "(no such file)\n"
        assert text == expected, f"differs from tests/golden/{name}; if it should: make golden"

    return check


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Of all tests, only those with golden files run under `make golden`."""
    if _rewriting_golden():
        items[:] = [item for item in items if "golden" in getattr(item, "fixturenames", ())]


def _rewriting_golden() -> bool:
    return os.environ.get("AZDS_GOLDEN") == "write"
