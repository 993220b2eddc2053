"""The diff on a Spark cluster: what `azds diff --engine spark` runs."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click

from azds.cli.files import columns_of
from azds.cli.opening import dataset_of, emit, emit_page, say
from azds.errors import InvalidInputError
from azds.render.page import Note, Page, Title

if TYPE_CHECKING:  # for signatures; loaded where they are needed
    from azds.spark import SparkDiff

__all__ = ["SparkOptions", "diff_on_spark"]


@dataclass(frozen=True, slots=True)
class SparkOptions:
    """What the command was given; see the options of `azds diff`.

    Attributes:
        key: The key columns, of tables in files; none for revisions.
        how: How tables in files are compared: `ignore`, `rtol`, `null_keys`.
        shown: What is shown of revisions: `tables`, `wording`, `place`.
    """

    master: str | None
    output: str | None
    form: str
    key: tuple[str, ...]
    how: Mapping[str, Any]
    shown: Mapping[str, Any]
    coverage: tuple[str, ...]
    covers: tuple[str, ...]
    exit_code: bool
    fail_on: str | None

    @classmethod
    def of(cls, context: click.Context) -> "SparkOptions":
        """The options of the command that runs."""
        given = context.params
        key, ignore = (columns_of(given[name]) for name in ("keys", "ignore"))
        shown = {"tables": given["tables"] or None} | {n: given[n] for n in ("wording", "place")}
        if key and any(shown.values()):
            raise click.UsageError("files have no tables, wording or place", context)
        how = {"ignore": ignore, "rtol": given["rtol"], "null_keys": given["null_keys"]}
        own = {name: given[name] for name in ("master", "output", "form")}
        kept = {n: given[n] for n in ("coverage", "covers", "exit_code", "fail_on")}
        return cls(**own, key=key, how=how, shown=shown, **kept)


def diff_on_spark(context: click.Context, old: str, new: str) -> int:
    """Compare two sides on a cluster, write what changed, and give the exit code."""
    from azds.dataset.gates import parse_gates

    options = SparkOptions.of(context)
    if options.master is None or options.output is None:
        message = "--engine spark needs --master URL, such as local[2], and -o DIR for the changes"
        raise click.UsageError(message, context)
    if options.form not in {"text", "markdown", "json"}:
        message = f"on Spark the changes are Parquet in DIR; --format {options.form} is not for it"
        raise click.UsageError(message, context)
    gates = parse_gates(options.fail_on) if options.fail_on else ()
    from azds.spark.session import require_spark, started

    require_spark()
    from azds.spark.result import refuse_taken

    with started(options.master) as spark:
        refuse_taken(spark, options.output)
        given = _sides(context, old, new, options)
        from azds.spark import diff

        found = diff(spark, given[0], given[1], **given[2])
        found.write(options.output)
    say(f"wrote {options.output}")
    if options.form == "json":
        from json import dumps

        emit(dumps(found.document, ensure_ascii=False, indent=1, default=str) + "\n")
    else:
        emit_page(_page(found), options.form)
    met = [
        f"{table}: {gate}"
        for table in found.summary()
        for gate in gates
        if gate.is_met_by(found.counts(table))
    ]
    if met:
        say(f"fails on {', '.join(met)}")
    return int(bool(met) or (options.exit_code and found.is_changed))


def _sides(
    context: click.Context, old: str, new: str, options: SparkOptions
) -> tuple[object, object, dict[str, Any]]:
    """What is compared, and how."""
    if options.key:
        from azds.dataset.own_coverage import parse_sides

        levels = parse_sides(options.coverage, options.covers)
        how = {"key": options.key, "old_coverage": levels[0], "new_coverage": levels[1]}
        return old, new, {**options.how, **how}
    from azds.spark import is_release, open_release, open_store

    if is_release(old) and is_release(new):
        return open_release(old), open_release(new), dict(options.shown)
    address, name = context.obj
    if address and "://" in address:
        store = open_store(address)
        known = list(store)
        if name is None and len(known) != 1:
            raise InvalidInputError(
                "bad-argument",
                "which dataset?" if known else "this store has no dataset yet",
                where=address,
                advice=f"name it with --dataset: {', '.join(known)}" if known else None,
            )
        dataset = store[name or known[0]]
    else:
        dataset = dataset_of(context)
    return dataset[old], dataset[new], dict(options.shown)


def _page(found: "SparkDiff") -> Page:
    from azds.render.diff import cell_counts, rows_counted

    document = found.document
    yield Title(f"{document['old']} → {document['new']}")
    for side, count in zip(("old", "new"), found.without_key, strict=True):
        if count:
            yield Note(
                f"{document[side]}: {count:,} row{'s' * (count > 1)} without a key set aside"
            )
    yield rows_counted(document["summary"])
    yield from cell_counts(document["summary"])
