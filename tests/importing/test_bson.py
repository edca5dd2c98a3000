"""Reading BSON."""

import io
from datetime import UTC, datetime
from pathlib import Path

import pytest

from importing.bson_writing import bson
from parlance.importer.leancloud.bson import BsonError, document, documents
from parlance.importer.leancloud.sources import Row, rows_in

MOMENT = datetime(2020, 5, 26, 6, 42, 31, 123_000, tzinfo=UTC)
ROW = {
    "_id": bytes.fromhex("5eccba570000000000000001"),
    "name": "名字",
    "m": ["a", "b"],
    "attr": {"deep": {"deeper": [1, 2.5, True, None]}},
    "createdAt": MOMENT,
    "blob": b"\x00\x01",
}


def test_a_document_says_what_json_would() -> None:
    """Object ids are digits, dates are LeanCloud's, bytes too."""
    found = document(bson(ROW))
    assert "5eccba570000000000000001" == found["objectId"]
    assert ("名字", ["a", "b"], ROW["attr"]) == (found["name"], found["m"], found["attr"])
    assert {"__type": "Date", "iso": "2020-05-26T06:42:31.123Z"} == found["createdAt"]
    assert {"__type": "Bytes", "base64": "AAE="} == found["blob"]


def test_documents_follow_each_other() -> None:
    """As in a file of mongodump's."""
    assert [{"n": 1}, {"n": 2}] == list(documents(io.BytesIO(bson({"n": 1}) + bson({"n": 2}))))


@pytest.mark.parametrize("name", ["rows.bson", "ROWS.BSON"])
def test_a_file_is_known_by_its_ending(tmp_path: Path, name: str) -> None:
    """However that is written: some systems write all names in capitals."""
    path = tmp_path / name
    path.write_bytes(bson({"n": 1}))
    assert [Row(1, b'{"n":1}')] == list(rows_in(path))


def test_what_cannot_be_read_stands_in_nobodys_way() -> None:
    """The next document begins where it ends."""
    unknown = b"\x08\x00\x00\x00\x13a\x00\x00"
    one, other, last = documents(io.BytesIO(bson({"n": 1}) + unknown + bson({"n": 2})))
    assert ({"n": 1}, {"n": 2}) == (one, last)
    assert "a value of an unknown type, 0x13" == str(other)


def test_a_file_that_ends_early_gives_what_is_whole() -> None:
    """Then it says so."""
    reading = documents(io.BytesIO(bson({"n": 1}) + bson({"n": 2})[:-3]))
    assert {"n": 1} == next(reading)
    with pytest.raises(BsonError, match="it ends within a document"):
        next(reading)


@pytest.mark.parametrize(
    "content",
    [
        b"\x05\x00\x00\x00\x01",
        b"\x00\x00\x00\x00",
        b"\xff\xff\xff\x7f" + bytes(20),
        bson({"a": 1}).replace(b"\x12a", b"\x33a"),
        bson({"a": "text"}).replace(b"\x05\x00\x00\x00text", b"\xff\x00\x00\x00text"),
        bson({"a": "text"}).replace(b"\x05\x00\x00\x00text", b"\x00\x00\x00\x00text"),
        # Back to where it stands itself: who believed it would read it for ever.
        bson({"a": "text"}).replace(b"\x05\x00\x00\x00text", b"\xf9\xff\xff\xfftext"),
        bson({"a": b"12345"}).replace(b"\x05\x00\x00\x00\x00", b"\x00\xff\x00\x00\x00"),
    ],
    ids=[
        *("no end", "too short", "too long", "unknown type", "text beyond the end", "text without an end"),
        *("text before its beginning", "bytes beyond the end"),
    ],
)
def test_what_is_none_is_refused(content: bytes) -> None:
    """In words, and nothing else is raised."""
    try:
        [found] = list(documents(io.BytesIO(content)))
    except BsonError:
        return
    assert isinstance(found, BsonError)


def test_documents_within_each_other_have_an_end() -> None:
    """A file cannot make it fall over."""
    deep: dict[str, object] = {}
    for _ in range(150):
        deep = {"a": deep}
    with pytest.raises(BsonError, match="within each other"):
        document(bson(deep))
