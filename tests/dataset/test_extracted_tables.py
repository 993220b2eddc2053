"""Tables of one text after another are those that each text has alone."""

import pytest
from tests.ingest.forms import derive

from azds.arrow.rows import rows_to_table
from azds.dataset.extracted_tables import TableMaker
from azds.ingest.extract import extract
from azds.ingest.section_facts import Memory
from azds.records import Evidence

ARTICLE = derive("wikitext").decode()
EDITS = {
    "nothing": ARTICLE,
    "a date": ARTICLE.replace("{{dts|1971}}", "{{dts|1972}}"),
    "a row less": ARTICLE.replace("|-\n|4\n|{{flag|Mali}}\n|Unknown\n", ""),
    "a line more": ARTICLE.replace("{{Short", "In 1990 Fiji joined the United Nations.\n{{Short"),
    "all others": "Fiji has diplomatic relations with Peru.",
}


@pytest.mark.parametrize("edit", EDITS)
def test_the_tables_of_an_edited_text_are_those_of_the_text_alone(edit: str) -> None:
    memory, maker = Memory(), TableMaker("foreign-relations")
    for text in (ARTICLE, EDITS[edit], ARTICLE):
        found = extract(text.encode(), subject="FJI", style="wikitext", memory=memory)
        made = maker.tables(found)
        for name, rows in found.tables.items():
            assert made[name].equals(rows_to_table(maker.types[name], rows)), name
        assert made["evidence"].equals(rows_to_table(Evidence, found.evidence))
        assert made["rejections"].num_rows == len(found.rejections)
