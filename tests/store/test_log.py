"""The log: records are linked, numbered without gaps, and made once."""

from collections.abc import Callable
from pathlib import Path

import pytest

from azds.errors import FormatError, IntegrityError
from azds.store import LoggedRevision, LogRecord, canonical
from azds.store.log import latest, read_log, read_record

DIGEST = "sha256:" + "ab" * 32


def chain(*revisions: dict[str, str]) -> list[LogRecord]:
    """Records that name these folders by label."""
    records: list[LogRecord] = []
    for made in revisions:
        logged = {label: LoggedRevision(folder, DIGEST) for label, folder in made.items()}
        records.append(LogRecord.after(records[-1] if records else None, logged))
    return records


@pytest.fixture
def write(tmp_path: Path) -> Callable[[dict[int, bytes]], Path]:
    """A dataset's folder with these records in its log."""

    def make(records: dict[int, bytes]) -> Path:
        (tmp_path / "log").mkdir()
        for number, data in records.items():
            (tmp_path / "log" / f"{number:06d}.json").write_bytes(data)
        return tmp_path

    return make


Write = Callable[[dict[int, bytes]], Path]


def test_a_record_is_read_as_it_was_written() -> None:
    for record in chain({"2016": "2016", "interim": "interim"}, {"2016": "2016@2"}):
        assert LogRecord.from_bytes(record.to_bytes(), where="") == record


def test_one_record_may_publish_several_labels(write: Write) -> None:
    records = chain({"b": "b", "a": "a"}, {"c": "c"})
    path = write({record.number: record.to_bytes() for record in records})
    read = read_log(path, where="d")
    assert read == tuple(records)
    assert [record.parent for record in records] == [None, records[0].hash]


def test_the_latest_folder_of_a_label_counts() -> None:
    records = chain({"a": "a", "b": "b"}, {"a": "a@2"})
    assert {label: logged.folder for label, logged in latest(records).items()} == {
        "a": "a@2",
        "b": "b",
    }


def test_no_log_is_not_an_empty_log(tmp_path: Path) -> None:
    assert read_log(tmp_path, where="d") is None
    (tmp_path / "log").mkdir()
    assert read_log(tmp_path, where="d") == ()


def test_a_gap_is_refused(write: Write) -> None:
    first, _, third = chain({"a": "a"}, {"b": "b"}, {"c": "c"})
    path = write({1: first.to_bytes(), 3: third.to_bytes()})
    with pytest.raises(IntegrityError) as caught:
        read_log(path, where="d")
    assert (caught.value.kind, caught.value.where) == ("log-broken", "d/log/000002.json")


def test_a_record_that_follows_another_is_refused(write: Write) -> None:
    first, second = chain({"a": "a"}, {"b": "b"})
    (other,) = chain({"x": "x"})
    path = write({1: other.to_bytes(), 2: second.to_bytes()})
    with pytest.raises(IntegrityError, match="does not follow") as caught:
        read_log(path, where="d")
    assert caught.value.expected == other.hash
    assert caught.value.got == first.hash


def test_a_record_under_another_number_is_refused(write: Write) -> None:
    first, second = chain({"a": "a"}, {"b": "b"})
    path = write({1: second.to_bytes(), 2: first.to_bytes()})
    with pytest.raises(IntegrityError, match="another number"):
        read_log(path, where="d")


def test_a_folder_is_named_by_one_record_only(write: Write) -> None:
    records = chain({"a": "a"}, {"a": "a"})
    path = write({record.number: record.to_bytes() for record in records})
    with pytest.raises(IntegrityError, match="folder of an earlier one"):
        read_log(path, where="d")


def forged(**changes: canonical.Json) -> bytes:
    """A record with a right hash over wrong words."""
    document = canonical.parse(chain({"a": "a"})[0].to_bytes(), kind="record-changed", where="")
    del document["hash"]
    document |= changes
    return canonical.dump(document | {"hash": canonical.hash_of(canonical.dump(document))})


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"", id="empty"),
        pytest.param(canonical.dump({}), id="nothing in it"),
        pytest.param(chain({"a": "a"})[0].to_bytes()[:-1], id="cut short"),
        pytest.param(chain({"a": "a"})[0].to_bytes().replace(b"ab", b"ac"), id="other digest"),
        pytest.param(forged(revisions={}), id="no revision"),
        pytest.param(forged(revisions=None), id="null"),
        pytest.param(
            forged(revisions={"a": {"manifest": DIGEST, "folder": "b"}}), id="folder of b"
        ),
        pytest.param(
            forged(revisions={"..": {"manifest": DIGEST, "folder": ".."}}), id="folder above"
        ),
        pytest.param(forged(number=0), id="number 0"),
        pytest.param(forged(number="1"), id="number in words"),
        pytest.param(forged(parent=1), id="parent is a number"),
    ],
)
def test_what_no_program_wrote_is_refused(write: Write, data: bytes) -> None:
    with pytest.raises(IntegrityError) as caught:
        read_record(write({1: data}), 1, where="d/log/000001.json")
    assert caught.value.kind == "record-changed"
    assert str(caught.value).startswith("d/log/000001.json")


def test_another_format_is_not_guessed_at(write: Write) -> None:
    with pytest.raises(FormatError):
        read_record(write({1: forged(format=1)}), 1, where="")
