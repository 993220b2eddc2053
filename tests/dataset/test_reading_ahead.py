"""Texts read by processes beside this one."""

import multiprocessing
import os
import pickle
import signal
from collections.abc import Iterator

import pytest

from azds.coverage import Coverage
from azds.dataset.reading_ahead import read_ahead
from azds.dataset.readings import Reader, Reading, Refusal, Text, Told
from azds.errors import InvalidInputError, NotFoundError

FAMILY = "foreign-relations"


def text(number: int) -> Text:
    words = f"'''Fiji''' is a [[state]]. Fiji has diplomatic relations with {number} countries.\n"
    return Text(words.encode(), "wikitext")


def batches(count: int) -> Iterator[tuple[int, list[Text]]]:
    for at in range(count):
        yield at, [text(10 * at + number) for number in range(1, 4)]


def plain(told: Told) -> object:
    if not isinstance(told, Reading):
        return told
    return told.headline, told.source, {n: t.rows.to_pylist() for n, t in told.tables.items()}


def test_what_is_read_beside_is_what_is_read_here_in_the_same_order() -> None:
    here = read_ahead(batches(5), Reader("FJI", FAMILY), 0)
    known = [(at, list(map(plain, told))) for at, told in here]
    beside = read_ahead(batches(5), Reader("FJI", FAMILY), 2)
    assert [(at, list(map(plain, told))) for at, told in beside] == known
    assert multiprocessing.active_children() == []


def test_a_process_that_dies_is_not_missed() -> None:
    values = []
    for at, told in read_ahead(batches(4), Reader("FJI", FAMILY), 1):
        for child in multiprocessing.active_children():
            child.kill()
            child.join()
        values += [(at, one.headline[0].value) for one in told if isinstance(one, Reading)]
    assert values == [(at, 10 * at + number) for at in range(4) for number in range(1, 4)]


def test_ctrl_c_reaches_no_process_beside() -> None:
    values = []
    for at, told in read_ahead(batches(4), Reader("FJI", FAMILY), 2):
        children = multiprocessing.active_children()
        for child in children:
            os.kill(child.pid or 0, signal.SIGINT)
        values += [(at, one.headline[0].value) for one in told if isinstance(one, Reading)]
        assert all(child.is_alive() for child in children)
    assert len(values) == 12


def test_a_process_that_cannot_start_is_not_missed(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: object) -> None:
        raise BlockingIOError

    monkeypatch.setattr("multiprocessing.context.SpawnProcess.start", refuse)
    read = read_ahead(batches(3), Reader("FJI", FAMILY), 1)
    assert [len(list(told)) for _, told in read] == [3, 3, 3]


def test_no_process_is_started_for_one_batch() -> None:
    for _, told in read_ahead(batches(1), Reader("FJI", FAMILY), 2):
        assert multiprocessing.active_children() == []
        assert len(list(told)) == 3


def test_processes_end_with_the_reading_however_it_ends() -> None:
    reading = read_ahead(batches(9), Reader("FJI", FAMILY), 1)
    next(reading)
    assert len(multiprocessing.active_children()) == 1
    reading.close()
    assert multiprocessing.active_children() == []


def test_what_cannot_be_read_is_told_from_beside_too() -> None:
    def asked() -> Iterator[tuple[int, list[Text]]]:
        yield 0, [text(1)]
        yield 1, [Text(b"#REDIRECT [[Fiji]]", "wikitext"), Text(b"Fiji", "papyrus")]

    told = [one for _, some in read_ahead(asked(), Reader("FJI", FAMILY), 1) for one in some]
    assert isinstance(told[1], Refusal)
    assert isinstance(told[2], InvalidInputError)
    assert told[2].kind == "source-style"
    assert "papyrus" in str(told[2])


def test_errors_and_coverage_come_whole_from_another_process() -> None:
    fault = NotFoundError("unknown-table", "no table", where="a", got="b", advice="c")
    back = pickle.loads(pickle.dumps(fault))  # noqa: S301 - our own bytes
    assert (type(back), back.kind, str(back)) == (NotFoundError, fault.kind, str(fault))
    held = Coverage("partial", covers={"region": ("EU",)}, reason="a part")
    assert pickle.loads(pickle.dumps(held)) == held  # noqa: S301 - our own bytes


@pytest.mark.parametrize("workers", [0, 2])
def test_nothing_to_read_is_nothing_read(workers: int) -> None:
    assert list(read_ahead(iter(()), Reader("FJI", FAMILY), workers)) == []
