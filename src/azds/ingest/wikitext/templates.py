"""What templates show: which argument is the words, which is a date, which show nothing.

By kind of template, not by article. A template that is not named here shows
nothing: its words would be a guess.
"""

import re

from azds.ingest.lexicons import country_codes, template_kinds

__all__ = ["Shown", "code_name", "shown"]

Shown = str
"""How a template reads: see `shown`."""

_FIXED = {
    **dict.fromkeys(("pb", "paragraph break", "paragraph", "br", "break", "-", "crlf", "*"), "\n"),
    **dict.fromkeys(("snd", "spaced ndash", "spnd", "spaced en dash", "dash"), " \u2013 "),
    **dict.fromkeys(("ndash", "endash", "en dash", "\u2013"), "\u2013"),
    **dict.fromkeys(("mdash", "em dash", "emdash", "\u2014"), "\u2014"),
    **dict.fromkeys(("nbsp", "space", "thinsp", "spaces", "zwsp"), " "),
    **dict.fromkeys(("bullet", "dot", "\u00b7", "middot", "\u2022"), " \u2022 "),
    "'": "'", "!": "|", "=": "=", "'s": "'s", '"': '"', "circa": "c. ", "c.": "c. ", "ca": "c. ",
    "!!": "||", "(": "{", ")": "}",
}  # fmt: skip
_IN_WORDS = {
    "n/a": "N/A", "dunno": "?", "unknown": "Unknown", "tba": "Unknown", "no": "No", "yes": "Yes",
    "none": "None", "no2": "No", "yes2": "Yes",
}  # fmt: skip
_LEADS = {
    "as of": "asof",
    "asof": "asof",
    "#invoke:": "invoke",
    "#tag:ref": "mark",
    "formatnum:": "fixed",
    "#dateformat:": "fixed",
    "#formatdate:": "fixed",
    "lang-": "first",
    "langx": "first",
}
"""How templates read that are known by how their names begin."""
_CODE = re.compile(r"[A-Z]{3}")


def shown(name: str) -> tuple[str, str]:
    """How a template of a name reads, and the words it shows without arguments.

    `flag`, `date`, `first`, `second`, `all` arguments; `mark`, `hatnote`, `fixed`, `asof`,
    `invoke`, `cite`, or `nothing`.

    >>> shown("Date table sorting"), shown("GER"), shown("Infobox")
    (('date', ''), ('fixed', 'Germany'), ('nothing', ''))
    """
    bare = " ".join(name.replace("_", " ").split())
    if _CODE.fullmatch(bare) and (words := code_name(bare)):
        return "fixed", words
    folded = bare.casefold().removeprefix("template:")
    if folded in _FIXED:
        return "fixed", _FIXED[folded]
    for lead, kind in _LEADS.items():
        if folded.startswith(lead):
            return kind, bare[len(lead) :].strip() if kind in {"fixed", "invoke"} else ""
    return template_kinds().get(folded, "nothing"), _IN_WORDS.get(folded, "")


def code_name(code: str) -> str:
    """The name that a three-letter code stands for, as a template's name; empty if none."""
    return country_codes().get(code, "")
