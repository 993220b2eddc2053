# ruff: noqa: E501 - markup reads best in one line
"""One invented article in the eleven forms in which articles arrive."""

import html
import json
from collections.abc import Callable
from dataclasses import dataclass

__all__ = ["FORMS", "LISTED", "WHOLE", "derive"]

LISTED = (
    ("1", "Japan", "1 May 1970", "1970-05-01"),
    ("2", "United Kingdom", "10 October 1970", "1970-10-10"),
    ("3", "Chad", "1971", "1971"),
    ("—", "Holy See", "June 1978", "1978-06"),
    ("4", "Mali", "Unknown", None),
    ("5", "Côte d'Ivoire", "12 March 1983", "1983-03-12"),
    ("6", "Papua New Guinea", "Before 1984", "../1984"),
    ("—", "Kosovo", "3 April 2012", "2012-04-03"),
)
"""The numbered list: number, country, date as written, date in EDTF."""

_NOTES = (
    ("Chile", "1975", "Fiji–Chile relations", ("Fiji has an embassy in Santiago.",)),
    ("Japan", "1 May 1970", "Fiji–Japan relations", ("Japan has an embassy in Suva.",)),
)
_LEAD = (
    "Fiji has diplomatic relations with 182 UN member states. Fiji is a member of the Commonwealth."
)
_BEFORE = "List of countries which Fiji maintains diplomatic relations with:"
WHOLE = ("wikitext", "parsoid", "legacy", "page", "api-json")
"""The forms that carry everything."""


@dataclass(frozen=True, slots=True)
class _Cells:
    """How a form writes a flag, a date, a link and a mark."""

    flag: str
    date: str
    link: str
    mark: str


def _wikitext() -> str:
    rows = "\n".join(
        f"|-\n|{number}\n|{{{{flag|{name}}}}}\n|{_date(date)}" for number, name, date, _ in LISTED
    )
    notes = "\n".join(
        f'|- valign="top"\n|{{{{flag|{name}}}}}||{date}||See [[{see}]]\n'
        + "\n".join(f"* {note}" for note in told)
        for name, date, see, told in _NOTES
    )
    return (
        "{{Short description|none}}\n"
        + _LEAD.replace(
            "182", "182<ref>{{cite web|title=Ties|publisher=Herald|date=3 May 2012}}</ref>"
        )
        + f"\n\n== Diplomatic relations ==\n{_BEFORE}\n"
        '{| class="wikitable sortable"\n! colspan="3" |[[File:Map.svg|frameless]]\n|-\n!#\n!Country\n!Date\n'
        f"{rows}\n|}}\n\n== Bilateral relations ==\n"
        '{| class="wikitable"\n! style="width:15%;"| Country\n! Formal Relations Began\n!Notes\n'
        f"{notes}\n|}}\n\n== References ==\n{{{{reflist}}}}\n[[Category:Fiji]]\n"
    )


def _date(words: str) -> str:
    if words == "Unknown":
        return words
    if words.startswith("Before "):
        return f"Before {{{{dts|{words.removeprefix('Before ')}}}}}"
    return f"{{{{dts|{words}}}}}"


def _table_html(flag: str) -> str:
    cell = "<td>{}</td>"
    rows = "".join(
        "<tr>" + cell.format(number) + cell.format(flag.format(html.escape(name, quote=False)))
        + cell.format(f'<span style="display:none">0{date}</span><span>{date}</span>') + "</tr>\n"
        for number, name, date, _ in LISTED
    )  # fmt: skip
    notes = "".join(
        "<tr>" + cell.format(flag.format(name)) + cell.format(date)
        + f"<td>See <a>{see}</a>\n<ul>" + "".join(f"<li>{note}</li>" for note in told) + "</ul></td></tr>\n"
        for name, date, see, told in _NOTES
    )  # fmt: skip
    return (
        f'<h2><span class="mw-headline">Diplomatic relations</span>'
        '<span class="mw-editsection">[<a>edit</a>]</span></h2>\n'
        f'<p>{_BEFORE}\n</p><table class="wikitable"><tbody><tr><th colspan="3"></th></tr>'
        f"<tr><th>#</th><th>Country</th><th>Date</th></tr>\n{rows}</tbody></table>\n"
        "<h2>Bilateral relations</h2>\n<table><tr><th>Country</th><th>Formal Relations Began</th>"
        f"<th>Notes</th></tr>\n{notes}</table>"
    )


def _article_html(flag: str) -> str:
    lead = _LEAD.replace("182", '182<sup class="reference"><a href="#n">&#91;1&#93;</a></sup>')
    references = (
        '<h2>References</h2><ol class="references"><li id="cite_note-1"><span class="mw-cite-backlink">'
        '↑</span> <span class="reference-text">"Ties". Herald. 3 May 2012.</span></li></ol>'
    )
    return f"<p>{lead}</p>\n{_table_html(flag)}\n{references}"


def _parsoid() -> str:
    flag = '<span typeof="mw:File"><a>File:Flag of X.svg</a></span><a rel="mw:WikiLink">{}</a>'
    return (
        '<!DOCTYPE html><html prefix="mw: http://mediawiki.org/rdf/"><head><meta property="mw:htmlVersion"/>'
        f'<title>Fiji</title></head><body class="mw-parser-output">{_article_html(flag)}</body></html>'
    )


def _legacy() -> str:
    flag = '<span class="flagicon"><img alt=""/> </span>&#160;<a>{}</a>'
    return f'<div class="mw-parser-output">{_article_html(flag)}</div>'


def _page() -> str:
    return (
        "<!DOCTYPE html><html><head><title>Fiji - Wiki</title><script>var a = '<p>';</script></head><body>"
        f'<h1>Fiji</h1><div id="mw-navigation">Japan France</div>{_legacy()}'
        '<div class="printfooter">Retrieved from a wiki</div></body></html>'
    )


def _cell_lines() -> str:
    lines = [_LEAD.replace("182", "182[1]"), "Diplomatic relations[edit | edit source]", _BEFORE]
    lines += ["#", "Country", "Date"]
    for number, name, date, _ in LISTED:
        lines += [number, f"File:Flag of {name}.svg {name}", date]
    lines += [
        "Bilateral relations[edit | edit source]",
        "Country",
        "Formal Relations Began",
        "Notes",
    ]
    for name, date, see, told in _NOTES:
        lines += [f"File:Flag of {name}.svg {name}", date, f"See {see}", *told]
    lines += ["References[edit | edit source]", '↑ "Ties". Herald. 3 May 2012.']
    return "\n\n".join(lines) + "\n"


def _pipes() -> str:
    rows = "\n".join(f"{n}  | File:Flag of {c}.svg {c} | {d}  " for n, c, d, _ in LISTED)
    notes = "\n  \n".join(
        f"{name} | {date} | See {see}\n\n" + "\n".join(f"  * {one}" for one in told) + "\n"
        for name, date, see, told in _NOTES
    )
    return (
        f"{_LEAD.replace('182', '182[1]')}\n\n## Diplomatic relations[edit | edit source]\n\n{_BEFORE}\n\n"
        f"#  | Country  | Date  \n---|---|---  \n{rows}\n\n## Bilateral relations\n\n"
        f"Country  | Formal Relations Began  | Notes  \n---|---|---  \n{notes}\n"
        '## References\n\n  1. ↑ "Ties". Herald. 3 May 2012.\n'
    )


def _grid() -> str:
    """As pandoc drew tables in 2018: what a template held is gone."""
    border = "+-----+--------------------+----------------------+"
    rows = "\n".join(
        f"| {n:<3} |                    | {'':<20} |\n{border}" for n, _, _, _ in LISTED
    )
    return (
        f"{_LEAD}\n\n\nDiplomatic relations\n\n{_BEFORE}\n\n{border}\n| #   | Country            | Date                 |\n"
        f"{border.replace('-', '=')}\n{rows}\n"
    )


def _stripped() -> str:
    """Wikitext from which a script took every template."""
    text = _wikitext()
    while "{{" in text:
        start = text.rindex("{{")
        text = text[:start] + text[text.index("}}", start) + 2 :]
    return text


FORMS = (
    "wikitext", "parsoid", "legacy", "page", "api-json", "cell-lines", "pipes", "grid",
    "textextracts", "wikiextractor", "templates-stripped",
)  # fmt: skip


def derive(form: str) -> bytes:
    """The article in a form."""
    if form == "api-json":
        main = {"contentmodel": "wikitext", "content": _wikitext()}
        page = {
            "title": "Foreign relations of Fiji",
            "revisions": [{"revid": 7, "slots": {"main": main}}],
        }
        return json.dumps({"batchcomplete": True, "query": {"pages": [page]}}).encode()
    makers: dict[str, Callable[[], str]] = {
        "wikitext": _wikitext, "parsoid": _parsoid, "legacy": _legacy, "page": _page,
        "cell-lines": _cell_lines, "pipes": _pipes, "grid": _grid, "templates-stripped": _stripped,
        "textextracts": lambda: f"{_LEAD}\n\n== Diplomatic relations ==\n{_BEFORE}\n\n== Bilateral relations ==\n",
        "wikiextractor": lambda: '<doc id="1" url="u" title="Foreign relations of Fiji">\nForeign relations of '
        f"Fiji\n\n{_LEAD}\nDiplomatic relations.\n{_BEFORE}\nBilateral relations.\n\n</doc>\n",
    }  # fmt: skip
    return makers[form]().encode()
