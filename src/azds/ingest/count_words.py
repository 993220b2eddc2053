"""How texts state a number of diplomatic relations: the words, and those that make it no count.

Of the words alone: whose relations they are is for the extractor of counts to tell.
"""

import re

from azds.ingest.number_words import BEHIND, NUMBER, QUALIFIED, read_number

__all__ = ["fault_of", "is_passive", "names_follow", "scope_of", "stated_numbers", "whom_of"]

_UN = r"(?:United\s+Nations|UN|U\.N\.)"
_UNIT = (
    rf"(?P<un>(?:(?:other|fellow)\s+)?(?:{_UN}(?:[\s-]member)?[\s-]+(?:member[\s-]+)?"
    r"(?:states|countries|nations|members)|"
    rf"(?:member[\s-](?:states|countries|nations)|members)\s+of\s+the\s+{_UN}))"
    r"|(?P<states>(?:(?:sovereign|independent|other|foreign)\s+){0,3}states)"
    r"|(?P<countries>(?:(?:sovereign|independent|other|foreign)\s+){0,3}(?:countries|nations))"
)
_APART = r"(?<![\w~≈<>≤≥±–-])"
_COUNT = rf"{QUALIFIED}(?P<number>{NUMBER}){BEHIND}"
_AS_OF_ASIDE = r"(?:\(as\s+of\s[^()]{4,20}\)|(?<=,\s)as\s+of\s[^,.;]{4,20},)\s+"
_GAP = r"(?:\s+|(?<=\d)(?=[^\W\d]))"
"""Between a number and its unit; some copies of pages lose the space before a link."""

_HAS = (
    r"\b(?P<verb>has|have|had|maintain(?:s|ed|ing)?|enjoys?|entertains?|holds?|established|keeps|"
    r"retains?|conducts|possesses),?\s+"
    rf"(?:{_AS_OF_ASIDE})?"
    r"(?P<between>(?:\w+\s+){0,3}?)(?:diplomatic\s+(?:(?:and|or)\s+\w+\s+)?(?:relations(?:hips)?|ties)|"
    r"(?:formal|official|full)\s+(?:relations|ties)|(?<=established\s)(?:relations|ties))\s+"
    rf"(?:at\s+(?:the\s+)?(?:\w+\s+)?level\s+)?with,?\s+(?:{_AS_OF_ASIDE})?"
)
_STATEMENT = re.compile(
    rf"{_HAS}"
    r"(?:most\b[^.,;:\d–—]{0,40}\s[–—]\s)?"
    rf"(?:a\s+total\s+of\s+)?{QUALIFIED}"
    r"(?:(?:a\s+total\s+of|exactly|all|all\s+of\s+the|all\s+the|the\s+following)\s+)?"
    rf"(?P<number>{NUMBER}){BEHIND}"
    rf"(?:\s+\(?(?:out\s+)?of(?:\s+(?:the|all|other|world['’]s))*(?:\s+{NUMBER}(?!\d))?\)?|"
    r"\s+\(as\s+of\s[^()]{4,20}\))?"
    rf"{_GAP}(?:{_UNIT})\b",
    re.IGNORECASE,
)
_OF_THOSE = re.compile(
    rf"(?<![\w-])(?:out\s+)?of\s+(?:(?:the|all)\s+)*{NUMBER}\s+(?:{_UNIT}),\s+"
    rf"(?:[^\s.,;:]+\s+){{1,6}}?{_HAS}{_COUNT}"
    r"(?=\s*[.,;)]|\s+(?:of\s+(?:them|these|those)|and)\b|$)",
    re.IGNORECASE,
)
"""\"Of the 193 UN member states, it maintains diplomatic relations with 152\"."""

_OF_THEM = re.compile(
    rf"\b(?:{_UNIT})\b[^.;:]{{0,120}}?{_HAS}{_COUNT}"
    r"\s+of\s+(?:them|these|those)\b",
    re.IGNORECASE,
)
"""\"It is recognized by 101 UN members, and has diplomatic relations with 80 of them\"."""

_WITH_WHICH = re.compile(
    rf"{_APART}{_COUNT}\s+(?:{_UNIT})\s+"
    r"with\s+(?:which|whom)\s+(?:[^\s.,;:]+\s+){1,6}?"
    r"(?P<verb>has|have|maintains?|enjoys?|holds?|established)\s+(?P<between>(?:\w+\s+){0,3}?)"
    r"diplomatic\s+(?:relations(?:hips)?|ties)\b",
    re.IGNORECASE,
)
_NUMBER_OF = re.compile(
    rf"\bnumber\s+of\s+(?:{_UNIT})\s+with\s+(?:which|whom)\s+(?:[^\s.,;:]+\s+){{1,6}}?"
    r"(?P<verb>has|have|maintains?|enjoys?|holds?|established)\s+(?P<between>(?:\w+\s+){0,3}?)"
    r"diplomatic\s+(?:relations(?:hips)?|ties)\s+(?:(?:is|stands\s+at|now\s+stands\s+at|stood\s+at|"
    r"(?:has\s+)?(?:reached|increased\s+to|grown\s+to|risen\s+to))\s+|(?:has\s+)?(?=exceed))"
    rf"{_COUNT}(?=\s*[.,;)(]|\s+as\s+of\b|$)",
    re.IGNORECASE,
)
_NUMBER_HAVING = re.compile(
    rf"\bnumber\s+of\s+(?:{_UNIT})\s+(?:that|which|having|with)\s+"
    r"(?P<verb>(?:(?:have|maintain|established?)\s+)?)(?P<between>(?:\w+\s+){0,3}?)"
    r"diplomatic\s+(?:relations(?:hips)?|ties)\s+with\s+(?:the\s+)?(?P<whom>[^\s.,;:]+(?:\s+[^\s.,;:]+){0,5}?)\s+"
    r"(?:(?:is|stands\s+at|now\s+stands\s+at|(?:has\s+)?(?:reached|increased\s+to|grown\s+to|risen\s+to))"
    r"\s+|(?:has\s+)?(?=exceed))"
    rf"{_COUNT}(?=\s*[.,;)(]|\s+as\s+of\b|$)",
    re.IGNORECASE,
)
_PASSIVE = re.compile(
    r"(?<![\w-])diplomatic\s+(?:relations(?:hips)?|ties)\s+"
    r"(?P<verb>have|exist|are)\s*(?P<between>(?:(?:so\s+far|now|already|also)\s+)?)"
    r"(?<=\s)(?:(?:been\s+)?(?:established|maintained)\s+)?with\s+"
    rf"{QUALIFIED}(?:(?:a\s+total\s+of|all)\s+)?(?P<number>{NUMBER}){BEHIND}\s+(?:{_UNIT})\b",
    re.IGNORECASE,
)
_INVERSE = re.compile(
    rf"{_APART}{_COUNT}\s+(?:{_UNIT})\s+"
    r"(?P<verb>have|maintain|enjoy|hold)\s+(?P<between>(?:\w+\s+){0,3}?)"
    r"diplomatic\s+(?:relations(?:hips)?|ties)\s+with\s+(?:the\s+)?(?=[A-ZÀ-Þ])",
    re.IGNORECASE,
)
_WITH_FIRST = re.compile(
    r"(?<![\w-])(?P<verb>with)\s+(?P<between>(?:\w+\s+)?)diplomatic\s+(?:relations(?:hips)?|ties)\s+"
    rf"(?:established\s+)?with\s+{_COUNT}\s+(?:{_UNIT}),\s+(?:the\s+)?(?=[A-ZÀ-Þ])",
    re.IGNORECASE,
)
"""\"With diplomatic relations with 121 countries, Moldova is ...\"."""

_PATTERNS = (
    *(_OF_THOSE, _OF_THEM, _STATEMENT, _INVERSE, _WITH_FIRST, _WITH_WHICH, _NUMBER_OF),
    *(_NUMBER_HAVING, _PASSIVE),
)
_OF_SOME = re.compile(
    r"\s+(?:(?:in|of|from|across|within|on)\s+(?:the\s+)?[A-Z]|that\b|which\s+(?:are|were|have)\b)"
)
_NEGATED = re.compile(
    r"\b(?:not|no|never|neither|lacks?|without|yet\s+to|would|will|(?-i:may)|might|could|plans?|"
    r"hopes?|aims?|intends?|wants?|seeks?)\b[^.;:]{0,80}$",
    re.IGNORECASE,
)
_OTHER_DEED = re.compile(
    r"\b(?:resum|restor|renew|agreed|sign|agreement|sever|broken|suspend|upgrad|cut|normali[sz])",
    re.IGNORECASE,
)
_OTHERS_OF = re.compile(
    r"\b(?:embass\w+|ambassadors?|missions?|consul\w+|citizens|nationals|representatives)\s+"
    r"(?:of|from|to|in)\s+(?:the\s+)?$",
    re.IGNORECASE,
)
_RANGE = re.compile(rf"\b(?!\d{{4}}\b)(?:{NUMBER})\s+(?:and|to|or)\s+$", re.IGNORECASE)
_IN_A_TIME = re.compile(
    r"\b(?:in\s+(?!total\b|addition\b|all\b)|during\s|between\s|from\s|under\s|later\s|within\s|throughout\s|"
    r"after\s|following\s|over\s|by\s\d|that\s+(?:year|month|decade))",
    re.IGNORECASE,
)
_IN_A_TIME_BEHIND = re.compile(
    r"\s+(?:more\s+)?(?:in|during|between|from|under|within|throughout|over|on|that\s+year|alone)\b",
    re.IGNORECASE,
)
_SINCE = re.compile(r"\s*since\b", re.IGNORECASE)
_LATELY = (
    r"(?:over|in|during|within)\s+(?:the\s+)?(?:last|past|recent|\w+\s+decades?|"
    rf"{NUMBER}\s+(?:years|months)(?!\s+of))\b|recently\b"
)
_RECENTLY = re.compile(rf"\b(?:{_LATELY})", re.IGNORECASE)
_RECENTLY_BEHIND = re.compile(rf",?\s+(?:{_LATELY})", re.IGNORECASE)
_BY = (
    r"by\s+(?:the\s+)?(?:(?:end|middle|beginning|start|early|late|mid)(?:\s+of|-|\s)\s*)?"
    r"(?:\d{1,2}\s+)?(?:[a-z]{3,9}\.?\s+(?:\d{1,2},?\s+)?)?\d{4}"
)
_AS_OF = re.compile(rf"\b(?:as\s+of\s+[^.;:]{{0,40}}\d{{4}}|{_BY})\b[^.;:]{{0,80}}$", re.IGNORECASE)
_UNTIL = re.compile(r"\b(?:until|up\s+to)\s+[^.;:]{0,40}\d{4}\b[^.;:]{0,80}$", re.IGNORECASE)
_AS_OF_BEHIND = re.compile(rf",?\s+(?:as\s+of\s+[^.;:]{{0,20}}\d{{4}}|{_BY})\b", re.IGNORECASE)
_REACH = 400
_NEAR = 40
_MOST = 250
"""More states than there are."""

Fault = tuple[str, str]


def stated_numbers(text: str, start: int, end: int) -> list[re.Match[str]]:
    """What `text[start:end]`, a sentence, states, in order of the numbers."""
    if "with" not in text[start:end]:
        return []
    found = [match for pattern in _PATTERNS for match in pattern.finditer(text, start, end)]
    once = {match.start("number"): match for match in reversed(found)}
    return sorted(once.values(), key=lambda match: match.start())


def scope_of(match: re.Match[str]) -> str:
    """What the number counts."""
    return "un_members" if match["un"] else "states" if match["states"] else "countries"


def names_follow(match: re.Match[str]) -> bool:
    """Whether names behind the number are counted in it or stand beside it."""
    return match.re in {_STATEMENT, _PASSIVE}


def is_passive(match: re.Match[str]) -> bool:
    """Whether the words name nobody: "diplomatic relations have been established with"."""
    return match.re is _PASSIVE


def whom_of(match: re.Match[str]) -> str:
    """Where those stand whose relations they are: `behind`, a group, or "" for before the verb."""
    if match.re in {_INVERSE, _WITH_FIRST}:
        return "behind"
    return "whom" if match.re is _NUMBER_HAVING else ""


def fault_of(  # noqa: PLR0911 - one return for each rule
    match: re.Match[str], text: str, start: int, end: int
) -> Fault | None:
    """Why a number in the sentence `text[start:end]` is no count of all there are: rule, reason."""
    verb = match.start("verb")
    before = text[max(start, verb - _REACH) : verb]
    behind = text[match.end() : min(end, match.end() + _REACH)]
    number = match.start("number")
    said, is_ahead = before, number < verb
    if is_ahead:  # "no fewer than" denies nothing
        said = text[max(start, verb - _REACH) : match.start()] + text[number:verb]
    if _NEGATED.search(said + match["verb"] + " " + match["between"]):
        return "count-negated", "it tells with how many there are none, or only may be"
    if read_number(match["number"]) > _MOST:
        return "count-unlikely", "there are not so many states"
    if _of_a_time(match, before, behind):
        return "count-of-a-time", "how many were added in some time, not how many there are"
    ahead = text[max(start, match.start() - _NEAR) : match.start()]
    if is_ahead and _RANGE.search(ahead):
        return "count-range", "from one number to another is no count"
    if _OTHER_DEED.search(match["between"]) or _OTHERS_OF.search(ahead):
        return "count-of-some", "the number of those of which something else is told"
    if not match["un"] and _OF_SOME.match(text, match.end(), end):
        return "count-of-some", "the number of some of the states, not of all"
    is_past = match["verb"].casefold() in {"had", "maintained"}
    summed_up = _UNTIL.search(before) and "established" in match[0].casefold()
    if is_past and not summed_up and not _has_its_day(before, behind):
        return "count-past", "a number of the past, without a date that it holds for"
    return None


def _of_a_time(match: re.Match[str], before: str, behind: str) -> bool:
    """Whether it tells how many were added in some time."""
    lately = _RECENTLY.search(before) or _RECENTLY_BEHIND.match(behind)
    if lately and "established" in match[0].casefold():
        return True
    told_once = match.re is _STATEMENT and match["verb"].casefold() == "established"
    if not told_once or _has_its_day(before, behind):
        return False
    since = _SINCE.match(before)
    return bool(_IN_A_TIME_BEHIND.match(behind) or (_IN_A_TIME.search(before) and not since))


def _has_its_day(before: str, behind: str) -> bool:
    return bool(_AS_OF.search(before) or _AS_OF_BEHIND.match(behind))
