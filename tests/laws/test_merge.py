"""What holds for every three-way merge, whatever the tables."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st
from tests.changes.states import states
from tests.strategies import Side

from azds.arrow.digest import content_digest
from azds.changes.merging import TAKES, State, finish, plan_merge
from azds.coverage import Coverage

COMPLETE = Coverage("complete")


def state(side: Side) -> State:
    return State(side.table, side.schema, COMPLETE)


def three(sides: list[Side]) -> list[State]:
    """Tables in the same columns, all complete."""
    return [state(replace(side, schema=sides[0].schema)) for side in sides]


def is_same(a: State, b: State) -> bool:
    return (
        content_digest(a.rows, a.schema).digest == content_digest(b.rows, b.schema).digest
        and a.rows.num_rows == b.rows.num_rows
    )


def digest(one: State) -> str:
    return content_digest(one.rows, one.schema).digest


def rows(one: State) -> dict[str, dict[str, object]]:
    """Rows by key, as plain Python."""
    key = one.schema.key
    return {repr([row[name] for name in key]): row for row in one.rows.to_pylist()}


@given(states(2, same_columns=True))
def test_a_side_that_changed_nothing_leaves_the_other(sides: list[Side]) -> None:
    """merge(a, a, b) == b, merge(a, b, a) == b, merge(a, b, b) == b, without a conflict."""
    a, b = three(sides)
    for plan in (plan_merge(a, a, b), plan_merge(a, b, a), plan_merge(a, b, b)):
        assert plan.conflicts.num_rows == 0
        assert digest(finish(plan, [])) == digest(b)


@given(states(3, same_columns=True))
def test_swapping_the_sides_swaps_the_conflicts_and_nothing_else(sides: list[Side]) -> None:
    """merge(a, b, c) taking ours is merge(a, c, b) taking theirs."""
    a, b, c = three(sides)
    there, back = plan_merge(a, b, c), plan_merge(a, c, b)
    swapped = back.conflicts.rename_columns(["key", "column", "base", "theirs", "ours"])
    assert there.conflicts.equals(swapped.select(there.conflicts.column_names))
    for take, other in (("ours", "theirs"), ("theirs", "ours"), ("base", "base")):
        left = finish(there, [take] * there.conflicts.num_rows)
        right = finish(back, [other] * back.conflicts.num_rows)
        assert digest(left) == digest(right)


@given(states(3, same_columns=True), st.data())
def test_a_merge_is_what_a_walk_over_the_cells_gives(
    sides: list[Side], data: st.DataObject
) -> None:
    """Row by row and cell by cell, as plain dicts; conflicts are taken as they were drawn."""
    a, b, c = three(sides)
    plan = plan_merge(a, b, c)
    takes = data.draw(
        st.lists(
            st.sampled_from(TAKES),
            min_size=plan.conflicts.num_rows,
            max_size=plan.conflicts.num_rows,
        )
    )
    merged = finish(plan, takes)
    expected, conflicts = walk(a, b, c, plan.conflicts.to_pylist(), takes)
    assert conflicts == plan.conflicts.num_rows
    assert repr(sorted(rows(merged).items())) == repr(sorted(expected.items()))


def walk(  # noqa: C901 - the model, in one piece
    a: State, b: State, c: State, found: list[dict[str, str]], takes: list[str]
) -> tuple[dict[str, dict[str, object]], int]:
    """The merged rows by key, and how many conflicts there are."""
    from azds.arrow.keys import key_strings

    names = {
        repr(values): text
        for side in (a, b, c)
        for values, text in zip(
            ([row[n] for n in side.schema.key] for row in side.rows.to_pylist()),
            key_strings(side.rows, side.schema.key).to_pylist() if side.rows.num_rows else [],
            strict=True,
        )
    }
    taken = {(one["key"], one["column"]): t for one, t in zip(found, takes, strict=True)}
    base, ours, theirs = rows(a), rows(b), rows(c)
    merged, count = {}, 0
    for key in dict.fromkeys([*base, *ours, *theirs]):
        x, y, z = base.get(key), ours.get(key), theirs.get(key)
        if x is not None and (y is None or z is None):
            other = z if y is None else y
            if other is None:
                continue
            if same(other, x):
                continue
            count += 1
            take = taken[names[key], ""]
            row = {"ours": y, "theirs": z, "base": x}[take]
            if row is not None:
                merged[key] = row
            continue
        if y is None or z is None:
            row = y or z
            assert row is not None
            merged[key] = row
            continue
        row = {}
        is_left_out = False
        for column in y:
            before = None if x is None else x[column]
            if same(y[column], z[column]) or (x is not None and same(z[column], before)):
                row[column] = y[column]
            elif x is not None and same(y[column], before):
                row[column] = z[column]
            else:
                count += 1
                take = taken[names[key], column]
                is_left_out |= take == "base" and x is None
                row[column] = {"ours": y[column], "theirs": z[column], "base": before}[take]
        if not is_left_out:
            merged[key] = row
    return merged, count


def same(a: object, b: object) -> bool:
    """Equal as azds has it."""
    if isinstance(a, dict) and isinstance(b, dict):
        return all(same(a[name], b[name]) for name in a)
    if isinstance(a, list) and isinstance(b, list):
        return len(a) == len(b) and all(same(x, y) for x, y in zip(a, b, strict=True))
    return (a != a and b != b) or (a == b and (a is None) == (b is None))  # noqa: PLR0124 - NaN
