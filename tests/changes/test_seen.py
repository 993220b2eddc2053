"""Whether a source saw where a row's evidence stands."""

import pyarrow as pa
import pytest

from azds.changes import seen

_EVIDENCE = pa.table(
    {
        "table": ["relations", "relations", "relations", "relations", "missions"],
        "key": ["ARM", "BLR", "BLR", "CYP", "DEU"],
        "column": ["", "", "", "began", ""],
        "place": ["list", "list", "prose", "list", "list"],
        "start": [1, 2, 3, 4, 5],
    }
)
_KEYS = pa.array(["ARM", "BLR", "CYP", "DEU", "EST"])


@pytest.mark.parametrize(
    ("places", "expected"),
    [
        (("prose",), [False, True, True, True, True]),
        (("list", "lead"), [True, True, True, True, True]),
        (("lead",), [False, False, True, True, True]),
        ((), [True, True, True, True, True]),
    ],
    ids=str,
)
def test_a_row_is_seen_where_any_of_its_places_was(
    places: tuple[str, ...], expected: list[bool]
) -> None:
    """CYP has evidence of a cell only, DEU in another table, EST none: nothing says unseen."""
    assert seen(_EVIDENCE, "relations", _KEYS, places).to_pylist() == expected


def test_without_evidence_every_row_is_seen() -> None:
    assert seen(_EVIDENCE.slice(0, 0), "relations", _KEYS, ("list",)).to_pylist() == [True] * 5


def test_no_rows_have_no_answers() -> None:
    assert seen(_EVIDENCE, "relations", _KEYS.slice(0, 0), ("list",)).to_pylist() == []
