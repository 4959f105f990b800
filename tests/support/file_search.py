"""Whatever a file holds, it ends as done with every row applied, or as failed with nothing changed."""

from __future__ import annotations

from collections import Counter

from sqlalchemy import text
from tests.support.master_files import APPROVER, Room

from genbo.kernel import Reason
from genbo.masters.import_file import ImportStatus


def take(room: Room, content: bytes, ends: Counter[str]) -> None:
    """Takes the file through all of its statuses."""
    before = room.rows()
    registered = _investors(room)
    file = room.checked(content)
    assert file.result is not None
    assert room.rows() == before, "a check changed something"
    if file.status is ImportStatus.CHECKED:
        room.desk.approve(file.file_id, by=APPROVER)
        file = room.desk.apply(file.file_id, room.folder / "file.csv", by=APPROVER)
        assert file.status is ImportStatus.DONE, "applying refuses what the check allowed"
        assert file.result is not None
        assert _investors(room) == registered + file.result.read
        assert (file.result.applied, file.result.rejected) == (file.result.read, 0)
    else:
        assert file.status is ImportStatus.FAILED
        assert file.result.problems >= len(file.result.rejections) > 0
        for each in file.result.rejections:
            assert each.line >= 1 or each.reason is Reason.FILE_UNREADABLE
            assert each.facts.get("value") is None
    ends[file.status.value] += 1


def _investors(room: Room) -> int:
    with room.database.read() as connection:
        return int(connection.scalar(text("SELECT count(*) FROM investor")) or 0)
