"""Several states of one table, for laws about patches and merges."""

from hypothesis import strategies as st
from tests import strategies as all_tables
from tests.strategies import Side, coverages, key_types

from azds.columns import Column, Role, TableSchema

__all__ = ["states"]


@st.composite
def states(draw: st.DrawFn, count: int, *, same_columns: bool = False) -> list[Side]:
    """Sides of one table, with many keys and values in common; schemas may differ, even keys."""
    key = [Column(f"k{n}", draw(key_types), Role.KEY) for n in range(draw(st.integers(1, 3)))]
    others = [draw(all_tables._columns(f"c{n}")) for n in range(draw(st.integers(0, 4)))]  # noqa: SLF001 - its twin
    pools = {c.name: draw(all_tables._pools(c)) for c in [*key, *others]}  # noqa: SLF001
    sides = []
    for _ in range(count):
        kept = [c for c in others if same_columns or draw(st.integers(0, 9))]
        retyped = {
            c.name: all_tables._retyped(c)  # noqa: SLF001
            for c in kept
            if not same_columns and not draw(st.integers(0, 14))
        }
        keys = key
        if not same_columns and len(key) > 1 and not draw(st.integers(0, 19)):
            keys = draw(st.permutations(key))
        columns = [retyped.get(c.name, c) for c in kept]
        if not same_columns:
            columns = draw(st.permutations(columns))
        schema = TableSchema("things", 1, (*keys, *columns))
        rows = draw(all_tables._rows(schema, pools | {name: [None] for name in retyped}))  # noqa: SLF001
        table = all_tables._table(schema, rows)  # noqa: SLF001
        sides.append(Side(schema, table, draw(coverages(schema, pools)), None))
    return sides
