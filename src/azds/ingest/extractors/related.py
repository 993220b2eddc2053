"""The summaries of related articles at the end of a text: what each is about."""

import re

from azds.ingest.blocks import Document, Part
from azds.ingest.extracted import Extracted
from azds.ingest.zones import find_zones
from azds.records.war_reactions import RelatedTopic
from azds.spans import words_digest

__all__ = ["extract_related"]

TABLE = "related"

_LIST = re.compile(r"This is (?:a|the) list of\s+")
_ADVERBIAL = re.compile(
    r"(?:In|On|During|Between|Since|From|After|Before|Following|At|By)\s[^,]{1,120},\s+"
)
_ENDS = re.compile(
    r",\s|\s\(|\s(?:or|also known as)\s|\s(?:is|was|were|are|has|had|have|did|does|comprises?|"
    r"began|begins|"
    r"remained|remains|took|launched|refers?|consists?)\s|[.!?]$"
)
_ARTICLE = re.compile(r"(?:The|the|A|An|a|an)\s+")
_LONGEST = 160


def extract_related(document: Document) -> Extracted[RelatedTopic]:
    """The topics of the summaries, in order; may be empty."""
    found: Extracted[RelatedTopic] = Extracted()
    seen: dict[str, int] = {}
    for ordinal, block in enumerate(find_zones(document).related, 1):
        sentences = document.sentences(block)
        part = _topic(document, sentences[0]) if sentences else None
        if part is None:
            found.rejections.append(
                document.reject(
                    TABLE, "no-topic", "the summary does not say what it is about", block
                )
            )
            continue
        words = document.words(part)
        topic = words[0].upper() + words[1:]
        seen[topic] = seen.get(topic, 0) + 1
        found.rows.append(
            RelatedTopic(
                topic=topic,
                occurrence=seen[topic],
                digest=words_digest(document.text(block)),
                ordinal=ordinal,
            )
        )
        key = (topic, seen[topic])
        found.evidence.append(document.cite(TABLE, key, "", part.start, part.end, block.place))
    return found


def _topic(document: Document, sentence: Part) -> Part | None:
    """The subject of a sentence, without its article."""
    clean = document.source.clean
    start = sentence.start
    for lead in (_LIST, _ADVERBIAL, _ARTICLE):
        match = lead.match(clean, start, sentence.end)
        if match:
            start = match.end()
    ends = _ENDS.search(clean, start, min(sentence.end, start + _LONGEST))
    end = ends.start() if ends else 0
    return Part(start, end) if end > start else None
