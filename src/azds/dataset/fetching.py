"""The revisions of a page from a MediaWiki, politely; the only module that uses the network.

One request at a time, with who asks in the User-Agent; compressed; `maxlag`,
`Retry-After` and continuation are followed. Each answer is kept under its digest
before anything reads it, and what is kept is not asked for again.
"""

import hashlib
import json
import random
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from azds._version import __version__
from azds.errors import InvalidInputError, NotFoundError
from azds.progress import task
from azds.store import port

__all__ = ["Wanted", "fetch"]

_MOST = 64 * 1024 * 1024
_MOST_LOGGED = 64 * 1024 * 1024
_AT_ONCE = 50
_TRIES = 8
_FIRST_TRIES = 3
"""How often a wiki is asked that was never there."""
_LONGEST_PAUSE = 120.0
_TIMEOUT = 60.0
_LOG = "requests.jsonl"
_SAMPLES = {"yearly": 4, "monthly": 7, "daily": 10}
"""How much of a timestamp two revisions of one period share."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to fetch: the page, its wiki, the days, and who asks.

    `site` is the wiki's script path, such as ``https://en.wikipedia.org/w``; `sample`
    is ``all``, ``yearly``, ``monthly`` or ``daily``: the last revision of each.
    """

    title: str
    site: str
    contact: str
    since: str | None = None
    until: str | None = None
    sample: str = "all"

    def __post_init__(self) -> None:
        """Refuse what no wiki could answer."""
        faults = (
            (not self.title, "no article is named", "TITLE, or azds new --article"),
            (
                not self.site.startswith(("http://", "https://")),
                "no wiki is named",
                "--site https://en.wikipedia.org/w",
            ),
            (
                "@" not in self.contact and "://" not in self.contact,
                "this is no contact",
                "a mail address or the address of a page",
            ),
            (self.sample not in {"all", *_SAMPLES}, "unknown sample", ", ".join(_SAMPLES)),
        )
        for fails, what, expected in faults:
            if fails:
                raise InvalidInputError("bad-argument", what, expected=expected)


def fetch(
    wanted: Wanted,
    raw: Path,
    say: Callable[[str], object],
    *,
    pause: Callable[[float], object] = time.sleep,
) -> list[Path]:
    """Fetch the revisions wanted; the files of the answers that hold their texts, oldest first.

    Args:
        wanted: The page, the days, and who asks.
        raw: The folder that keeps each answer under its digest.
        say: Told how it goes, a line at a time.
        pause: Waits so many seconds.

    Raises:
        InvalidInputError: `bad-argument`; `source-unreadable`, if the wiki goes on answering
            with an error, or with what is no answer of a wiki.
        NotFoundError: `wiki-unreachable`, if nothing answers there; `source-missing`, if the
            wiki has no such page.
        StorageError: from `raw`.
    """
    if port.kind_of(raw) is None:
        port.make_folder(raw)
    with httpx.Client(
        headers={"User-Agent": f"azds/{__version__} ({wanted.contact})"},
        timeout=_TIMEOUT,
        follow_redirects=True,
    ) as client:
        wiki = _Wiki(client, wanted.site.rstrip("/") + "/api.php", raw, say, pause)
        listed = list(_listed(wiki, wanted))
        chosen = _sampled(listed, wanted.sample)
        say(f"{len(listed)} revisions of {wanted.title!r}, {len(chosen)} wanted")
        files: list[Path] = []
        with task("fetching", "revisions", len(chosen)) as advance:
            for at in range(0, len(chosen), _AT_ONCE):
                ids = [str(one["revid"]) for one in chosen[at : at + _AT_ONCE]]
                files += wiki.texts(ids)
                advance(len(ids))
    return list(dict.fromkeys(files))


def _listed(wiki: "_Wiki", wanted: Wanted) -> Iterator[Mapping[str, Any]]:
    """The revisions of a page without their texts, oldest first."""
    asked = {
        "action": "query",
        "prop": "revisions",
        "titles": wanted.title,
        "redirects": "1",
        "rvprop": "ids|timestamp|sha1",
        "rvlimit": "max",
        "rvdir": "newer",
    }
    if wanted.since:
        asked["rvstart"] = _moment(wanted.since, "00:00:00")
    if wanted.until:
        asked["rvend"] = _moment(wanted.until, "23:59:59")
    seen = False
    for answer in wiki.all(asked):
        for page in answer.get("query", {}).get("pages", []):
            if page.get("missing") or page.get("invalid"):
                raise NotFoundError(
                    "source-missing",
                    "the wiki has no such page",
                    where=wanted.site,
                    got=repr(wanted.title),
                )
            seen = True
            yield from page.get("revisions", [])
    if not seen:
        raise NotFoundError(
            "source-missing", "the wiki tells of no such page", where=wanted.site, got=wanted.title
        )


def _sampled(listed: list[Mapping[str, Any]], sample: str) -> list[Mapping[str, Any]]:
    """The last revision of each period; all where none is given."""
    if sample == "all":
        return listed
    last = {str(one.get("timestamp", ""))[: _SAMPLES[sample]]: one for one in listed}
    return list(last.values())


def _moment(day: str, hour: str) -> str:
    """A day as the wiki reads it; a month or year is its first day."""
    whole = day + "-01-01"[len(day) - len("2020") :] if len(day) < len("2020-01-01") else day
    return whole if "T" in whole else f"{whole}T{hour}Z"


@dataclass(slots=True)
class _Wiki:
    """One wiki, asked one thing at a time."""

    client: httpx.Client
    address: str
    raw: Path
    say: Callable[[str], object]
    pause: Callable[[float], object]
    kept: dict[str, list[str]] = field(default_factory=dict)
    retry_after: float = 0.0
    is_there: bool = False

    def __post_init__(self) -> None:
        """Read which answers are kept."""
        data = port.read_file(self.raw / _LOG, _MOST_LOGGED) or b""
        for line in data.decode("utf-8", "replace").splitlines():
            try:
                one = json.loads(line)
                self.kept[str(one["request"])] = [str(name) for name in one["answers"]]
            except (ValueError, KeyError, TypeError):  # a line that was cut off
                continue

    def texts(self, ids: list[str]) -> list[Path]:
        """The files of the answers that hold the texts of these revisions."""
        asked = {
            "action": "query",
            "prop": "revisions",
            "revids": "|".join(ids),
            "rvprop": "ids|timestamp|sha1|content",
            "rvslots": "main",
        }
        name = hashlib.sha256(f"{self.address} {json.dumps(asked)}".encode()).hexdigest()
        held = [self.raw / one for one in self.kept.get(name, [])]
        if held and all(port.kind_of(path) == "file" for path in held):
            return held
        paths = [path for _, path in self._answers(asked)]
        self.kept[name] = [path.name for path in paths]
        lines = [json.dumps({"request": key, "answers": value}) for key, value in self.kept.items()]
        port.replace_file(self.raw / _LOG, ("\n".join(lines) + "\n").encode())
        return paths

    def all(self, asked: Mapping[str, str]) -> Iterator[Mapping[str, Any]]:
        """The answers to a request, followed to its end."""
        return (answer for answer, _ in self._answers(asked))

    def _answers(self, asked: Mapping[str, str]) -> Iterator[tuple[Mapping[str, Any], Path]]:
        """Each answer with the file that keeps it; what it says of going on is followed."""
        going_on: Mapping[str, str] = {}
        while True:
            data, answer = self._answer({**asked, **going_on})
            path = self.raw / f"{hashlib.sha256(data).hexdigest()}.json"
            if port.kind_of(path) is None:
                port.replace_file(path, data)
            yield answer, path
            following = answer.get("continue")
            if not isinstance(following, dict) or following == going_on:
                return
            going_on = {str(key): str(value) for key, value in following.items()}

    def _answer(self, asked: Mapping[str, str]) -> tuple[bytes, Mapping[str, Any]]:
        """One answer; asked again, after a pause, while the wiki says that it cannot."""
        told = ""
        for attempt in range(_TRIES):
            if attempt:
                seconds = self._pause_after(attempt)
                self.say(f"the wiki gave nothing ({told}); again in {seconds:.0f} s")
                self.pause(seconds)
            try:
                told, data = self._ask(asked)
            except httpx.TransportError as gone:
                told, data = f"no answer: {type(gone).__name__}", b""
                if not self.is_there and attempt + 1 >= _FIRST_TRIES:
                    raise self._unreachable(gone) from gone
            if not told:
                answer = json.loads(data)
                error = answer.get("error")
                if not isinstance(error, dict):
                    return data, answer
                if error.get("code") not in {"maxlag", "ratelimited", "readonly"}:
                    raise self._fault(f"{error.get('code')}: {error.get('info')}"[:200])
                told = str(error.get("code"))
        raise self._fault(f"{told}, {_TRIES} times")

    def _ask(self, asked: Mapping[str, str]) -> tuple[str, bytes]:
        """What is wrong with the answer, empty if nothing; and its bytes."""
        parameters = {"format": "json", "formatversion": "2", "maxlag": "5", **asked}
        self.retry_after = 0.0
        with self.client.stream("GET", self.address, params=parameters) as response:
            self.is_there = True
            self.retry_after = _seconds(response.headers.get("Retry-After", ""))
            if response.status_code in {429, 500, 502, 503, 504}:
                return f"status {response.status_code}", b""
            if response.status_code != httpx.codes.OK:
                raise self._fault(f"status {response.status_code}")
            held: list[bytes] = []
            size = 0
            for piece in response.iter_bytes():
                size += len(piece)
                if size > _MOST:
                    raise self._fault(f"an answer of more than {_MOST} bytes")
                held.append(piece)
        data = b"".join(held)
        try:
            answer = json.loads(data)
        except (ValueError, RecursionError):
            return "an answer that is no JSON", b""
        return ("", data) if isinstance(answer, dict) else ("an answer of another kind", b"")

    def _pause_after(self, attempt: int) -> float:
        """As long as the wiki asks; else longer each time, and never twice alike."""
        asked = self.retry_after
        if asked:
            return min(asked, _LONGEST_PAUSE)
        return min(2.0**attempt, _LONGEST_PAUSE) * random.uniform(0.5, 1.0)  # noqa: S311 - no secret

    def _unreachable(self, error: httpx.TransportError) -> NotFoundError:
        return NotFoundError(
            "wiki-unreachable",
            "no wiki answers there",
            where=self.address,
            got=str(error) or type(error).__name__,
            advice="look at --site and at the network, then give the same command again",
        )

    def _fault(self, got: str) -> InvalidInputError:
        return InvalidInputError(
            "source-unreadable",
            "the wiki does not give its revisions",
            where=self.address,
            got=got,
            advice="what was fetched is kept; the same command goes on from there",
        )


def _seconds(words: str) -> float:
    """What `Retry-After` says in seconds; 0 where it says a date or nothing."""
    return float(words) if words.strip().isdecimal() and len(words) < 8 else 0.0  # noqa: PLR2004
