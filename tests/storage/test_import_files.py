"""Files for masters: what was announced is what is applied, once, and by two persons (R-PROGMAT-T15).

given an announcement
├── when the same target, time, size and hash are announced again, whatever became of the first
│   └── it should be refused, naming the first
├── when a file of another size or hash comes
│   └── it should be refused, and the right one may still come
├── when its status is not the one that comes before
│   └── it should be refused
└── when who announced it approves it
    └── it should be refused, also by the database
given any sequence of acts
└── it should reach `done` only through somebody else's approval
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import Connection, update
from sqlalchemy.exc import IntegrityError
from tests.storage.builders import START, a_file, checked, received, word

from genbo.kernel import Digest, Reason, Refusal
from genbo.masters import field
from genbo.masters.import_file import (
    MOST_BYTES,
    TRANSITIONS,
    ImportFileId,
    ImportStatus,
    ImportTarget,
    ProcessingKind,
    announcement,
)
from genbo.storage.import_files import ImportFiles
from genbo.storage.tables import import_file

LATER = START + timedelta(hours=1)


def refused(act: Callable[[], object]) -> Refusal:
    with pytest.raises(Refusal) as caught:
        act()
    return caught.value


def test_announce__first_time__is_kept_as_it_was_said(connection: Connection) -> None:
    file = ImportFiles(connection).announce(a_file(), at=START, by="registration-1")
    assert file.announced == a_file()
    assert (file.status, file.result) == (ImportStatus.ANNOUNCED, None)
    assert (file.registered_at, file.registered_by) == (START, "registration-1")
    assert file.approved_by is None


@pytest.mark.parametrize(
    "end", [ImportStatus.ANNOUNCED, ImportStatus.RECEIVED, ImportStatus.FAILED]
)
def test_announce__same_file_again__is_refused_however_the_first_ended(
    connection: Connection, end: ImportStatus
) -> None:
    if end is ImportStatus.FAILED:
        checked(connection, end=end)
    elif end is ImportStatus.RECEIVED:
        received(connection)
    else:
        ImportFiles(connection).announce(a_file(), at=START, by="registration-1")
    again = a_file(kind=ProcessingKind.CORRECTION)
    refusal = refused(lambda: ImportFiles(connection).announce(again, at=LATER, by="somebody"))
    assert refusal.reason is Reason.IMPORT_FILE_TWICE
    assert refusal.facts == {"file_id": a_file().file_id, "status": end.value}


@pytest.mark.parametrize(
    "other",
    [
        {"size": 10_239},
        {"timestamp": LATER},
        {"sha256": Digest(word(8, "e"))},
        {"target": ImportTarget.TRUSTEE},
    ],
)
def test_announce__another_size_time_hash_or_target__is_another_file(
    connection: Connection, other: dict[str, object]
) -> None:
    files = received(connection)
    files.announce(a_file(**other), at=LATER, by="registration-1")  # type: ignore[arg-type]
    assert len(files.all()) == 2


def test_receive__one_byte_is_missing__is_refused_and_the_right_one_may_come(
    connection: Connection,
) -> None:
    files = ImportFiles(connection)
    file_id = files.announce(a_file(), at=START, by="registration-1").file_id
    right = a_file().sha256
    short = refused(
        lambda: files.receive(file_id, size=10_239, sha256=right, at=LATER, by="registration-1")
    )
    assert short.reason is Reason.IMPORT_FILE_SIZE_DIFFERS
    assert (short.facts["announced"], short.facts["received"]) == (10_240, 10_239)
    other = refused(
        lambda: files.receive(
            file_id, size=10_240, sha256=Digest(word(1)), at=LATER, by="registration-1"
        )
    )
    assert other.reason is Reason.IMPORT_FILE_HASH_DIFFERS
    file = files.receive(file_id, size=10_240, sha256=right, at=LATER, by="registration-1")
    assert file.status is ImportStatus.RECEIVED


def test_approve__by_who_announced_it__is_refused_also_by_the_database(
    connection: Connection,
) -> None:
    files = checked(connection)
    file_id = a_file().file_id
    refusal = refused(lambda: files.approve(file_id, at=LATER, by="registration-1"))
    assert refusal.reason is Reason.SAME_PERSON
    files.approve(file_id, at=LATER, by="registration-2")
    with pytest.raises(IntegrityError):
        connection.execute(update(import_file).values(approved_by="registration-1"))


@pytest.mark.parametrize("status", list(ImportStatus))
def test_move__status_that_does_not_come_next__is_refused(
    connection: Connection, status: ImportStatus
) -> None:
    files, file_id = received(connection), a_file().file_id
    if status in TRANSITIONS[ImportStatus.RECEIVED]:
        assert files.move(file_id, status, at=LATER, by="x").status is status
        return
    if status is ImportStatus.RECEIVED:
        act = lambda: files.receive(  # noqa: E731
            file_id, size=10_240, sha256=a_file().sha256, at=LATER, by="x"
        )
    elif status is ImportStatus.APPROVED:
        act = lambda: files.approve(file_id, at=LATER, by="y")  # noqa: E731
    else:
        act = lambda: files.move(file_id, status, at=LATER, by="x")  # noqa: E731
    refusal = refused(act)
    assert refusal.reason is Reason.IMPORT_FILE_NOT_READY
    assert refusal.facts["status"] == "received"


def test_transitions__any_path_to_done__goes_through_the_approval() -> None:
    reached, edge = {ImportStatus.ANNOUNCED}, {ImportStatus.ANNOUNCED}
    while edge:  # everything that can be reached without an approval
        edge = {
            following
            for status in edge
            for following in TRANSITIONS[status]
            if following is not ImportStatus.APPROVED
        } - reached
        reached |= edge
    assert ImportStatus.FAILED in reached
    assert not reached & {ImportStatus.APPLYING, ImportStatus.DONE}


def test_codes__of_the_catalogue__are_these() -> None:
    for number, codes in (("T15.4", ProcessingKind), ("T15.5", ImportStatus)):
        rule = field(number).rule
        assert rule is not None
        assert rule.allowed == ", ".join(codes)


def test_result__of_a_rejected_file__is_kept_with_line_column_and_reason(
    connection: Connection,
) -> None:
    files = checked(connection, end=ImportStatus.FAILED)
    result = files.get(a_file().file_id).result
    assert result is not None
    assert (result.read, result.applied, result.rejected) == (2, 0, 1)
    (rejection,) = result.rejections
    assert (rejection.line, rejection.column) == (3, "corporate_number")
    assert rejection.refusal().facts["allowed"] == "13 digits"


def test_get__never_announced__is_refused(connection: Connection) -> None:
    refusal = refused(lambda: ImportFiles(connection).get(ImportFileId("F0")))
    assert refusal.reason is Reason.IMPORT_FILE_UNKNOWN


@pytest.mark.parametrize(
    ("given", "wrong"),
    [
        ({"size": 0}, "file_size"),
        ({"size": MOST_BYTES + 1}, "file_size"),
        ({"timestamp": START.replace(tzinfo=None)}, "file_timestamp"),
        ({"timestamp": LATER + timedelta(days=1)}, "file_timestamp"),
        ({"sha256": "0x12"}, "file_hash"),
        ({"sha256": "g" * 64}, "file_hash"),
    ],
)
def test_announcement__nothing_that_a_file_has__is_refused(
    given: dict[str, object], wrong: str
) -> None:
    values: dict[str, object] = {
        "target": ImportTarget.INVESTOR,
        "kind": ProcessingKind.NEW,
        "size": 1,
        "timestamp": START,
        "sha256": "A" * 64,
    }
    assert announcement(**values, at=LATER).sha256 == "0x" + "a" * 64  # type: ignore[arg-type]
    refusal = refused(lambda: announcement(**(values | given), at=LATER))  # type: ignore[arg-type]
    assert (refusal.reason, refusal.facts["field"]) == (Reason.FIELD_INVALID, wrong)
