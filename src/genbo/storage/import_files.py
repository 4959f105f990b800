"""Import files (取込ファイル, R-PROGMAT-T15): what was announced, and how far each is. The file itself is not kept."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select, update
from sqlalchemy.dialects.postgresql import insert

from genbo.governance import AuditAction, AuditEntry
from genbo.kernel import Digest, Reason, Refusal
from genbo.masters.import_file import (
    Announcement,
    ImportFile,
    ImportFileId,
    ImportResult,
    ImportStatus,
    ImportTarget,
    ProcessingKind,
    require_arrived,
    require_next,
    require_other_person,
)
from genbo.storage.audit import AuditLog
from genbo.storage.tables import import_file as table
from genbo.storage.witness import vouch

_ACTIONS = {status: AuditAction[f"IMPORT_FILE_{status.name}"] for status in ImportStatus}
"""Which entry says that a file came to a status."""


class ImportFiles:
    """The files for masters, in one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def announce(self, announced: Announcement, *, at: datetime, by: str) -> ImportFile:
        """Takes note of a file that will come.

        Raises:
            Refusal: `import_file_twice` with the status of the first, however it ended (R-PROGMAT-T15.3).
        """
        added = self._connection.execute(
            insert(table)
            .values(
                file_id=announced.file_id,
                import_target=announced.target.value,
                file_size=announced.size,
                file_timestamp=announced.timestamp,
                processing_kind=announced.kind.value,
                processing_status=ImportStatus.ANNOUNCED.value,
                file_hash=announced.sha256,
                registered_at=at,
                registered_by=by,
                changed_at=at,
                changed_by=by,
            )
            .on_conflict_do_nothing()
            .returning(table.c.file_id)
        ).one_or_none()
        if added is None:
            first = self.get(announced.file_id)
            raise Refusal(
                Reason.IMPORT_FILE_TWICE, file_id=first.file_id, status=first.status.value
            )
        self._audit(announced.file_id, ImportStatus.ANNOUNCED, None, at=at, by=by)
        return self.get(announced.file_id)

    def receive(
        self, file_id: ImportFileId, *, size: int, sha256: Digest, at: datetime, by: str
    ) -> ImportFile:
        """Takes note that the file came.

        Raises:
            Refusal: `import_file_unknown`, `import_file_not_ready`; `import_file_size_differs`,
                `import_file_hash_differs`: the file stays announced, and the right one may still come.
        """
        file = self.get(file_id, to_change=True)
        require_next(file, ImportStatus.RECEIVED)
        require_arrived(file.announced, size=size, sha256=sha256)
        return self._move(file, ImportStatus.RECEIVED, at=at, by=by)

    def approve(self, file_id: ImportFileId, *, at: datetime, by: str) -> ImportFile:
        """Takes note that somebody else approves what was checked.

        Raises:
            Refusal: `import_file_unknown`, `import_file_not_ready`; `same_person` for who announced it.
        """
        file = self.get(file_id, to_change=True)
        require_next(file, ImportStatus.APPROVED)
        require_other_person(file, by)
        return self._move(file, ImportStatus.APPROVED, at=at, by=by, approved_at=at, approved_by=by)

    def move(
        self,
        file_id: ImportFileId,
        status: ImportStatus,
        *,
        at: datetime,
        by: str,
        result: ImportResult | None = None,
    ) -> ImportFile:
        """Takes note that work on a file begins or ends; until the transaction does, nobody else changes the file.

        Raises:
            Refusal: `import_file_unknown`, `import_file_not_ready`.
            ValueError: for a status that has a function of its own.
        """
        if status in (ImportStatus.RECEIVED, ImportStatus.APPROVED):
            raise ValueError(status)
        file = self.get(file_id, to_change=True)
        require_next(file, status)
        given = {} if result is None else {"processing_result": result.document()}
        return self._move(file, status, at=at, by=by, **given)

    def get(self, file_id: ImportFileId, *, to_change: bool = False) -> ImportFile:
        """The file as it stands; with `to_change` nobody else changes it until the transaction ends.

        Raises:
            Refusal: `import_file_unknown`.
        """
        query = select(table).where(table.c.file_id == file_id)
        row = self._connection.execute(
            query.with_for_update() if to_change else query
        ).one_or_none()
        if row is None:
            raise Refusal(Reason.IMPORT_FILE_UNKNOWN, file_id=file_id[:64])
        return import_file(row)

    def all(
        self,
        *,
        target: ImportTarget | None = None,
        statuses: Sequence[ImportStatus] = (),
        most: int = 100,
    ) -> list[ImportFile]:
        """The files, at most the latest `most`, the newest last."""
        query = select(table).order_by(table.c.registered_at.desc(), table.c.file_id).limit(most)
        if target is not None:
            query = query.where(table.c.import_target == target.value)
        if statuses:
            query = query.where(table.c.processing_status.in_([each.value for each in statuses]))
        return [import_file(row) for row in reversed(self._connection.execute(query).all())]

    def _move(
        self, file: ImportFile, status: ImportStatus, *, at: datetime, by: str, **values: object
    ) -> ImportFile:
        self._connection.execute(
            update(table)
            .where(table.c.file_id == file.file_id)
            .values(processing_status=status.value, changed_at=at, changed_by=by, **values)
        )
        self._audit(file.file_id, status, file.status, at=at, by=by)
        return self.get(file.file_id)

    def _audit(
        self,
        file_id: ImportFileId,
        status: ImportStatus,
        before: ImportStatus | None,
        *,
        at: datetime,
        by: str,
    ) -> None:
        file = self.get(file_id)
        said = file.announced
        facts: dict[str, Any] = {
            "target": said.target.value,
            "kind": said.kind.value,
            "size": said.size,
            "sha256": said.sha256,
            "from": before.value if before else None,
        }
        if file.result is not None:
            facts |= {
                name: getattr(file.result, name)
                for name in ("read", "applied", "unchanged", "rejected")
            }
        vouched = vouch(self._connection, table, table.c.file_id == file_id)
        AuditLog(self._connection).append(
            [
                AuditEntry(
                    at=at,
                    action=_ACTIONS[status],
                    actor=by,
                    subject=file_id,
                    facts=facts,
                    rows=vouched[(file_id,)],
                )
            ]
        )


def import_file(row: Row[Any]) -> ImportFile:
    return ImportFile(
        announced=Announcement(
            target=ImportTarget(row.import_target),
            kind=ProcessingKind(row.processing_kind),
            size=row.file_size,
            timestamp=row.file_timestamp,
            sha256=Digest(row.file_hash),
        ),
        status=ImportStatus(row.processing_status),
        result=None
        if row.processing_result is None
        else ImportResult.from_document(row.processing_result),
        registered_at=row.registered_at,
        registered_by=row.registered_by,
        approved_at=row.approved_at,
        approved_by=row.approved_by,
        changed_at=row.changed_at,
        changed_by=row.changed_by,
    )
