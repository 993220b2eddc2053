"""Relations with dates that cannot both be right."""

from collections.abc import Iterator

from azds.checks.finding import Facts, Finding
from azds.dates import Relation, parse_date, relate

__all__ = ["contradicting_dates"]


def contradicting_dates(facts: Facts) -> Iterator[Finding]:
    """A relation for whose beginning one revision gives two dates that exclude each other."""
    for manifest in facts.manifests:
        for row in facts.rows(manifest.label, "relations"):
            began, also = row["began"], row["began_also"]
            others = also if isinstance(also, list) else []
            wrong = [
                other
                for other in others
                if began
                and relate(parse_date(str(began)), parse_date(other)) is Relation.CONTRADICTS
            ]
            if not wrong:
                continue
            key = str(row["counterpart"])
            pointers = [
                p
                for column in ("began", "began_also")
                for p in facts.pointers(manifest.label, "relations", key, column)
            ]
            yield Finding(
                "dates-contradict",
                manifest.label,
                f"relations with {row['name']} began {began}, and also {', '.join(wrong)}",
                "relations",
                key,
                tuple(pointers),
            )
