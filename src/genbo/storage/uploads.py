"""Uploads (アップロード): parts of files for masters, sealed with a key of each file until the file has ended.

The bytes are personal data that nobody needs once they are applied: when the file ends, its parts are deleted and its
key is destroyed, so that no backup opens them either.
"""

import base64
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select, update

from genbo.governance import AuditAction, AuditEntry
from genbo.governance.institutions import InstitutionId
from genbo.kernel import Digest, InvestorId, Reason, Refusal
from genbo.masters.import_file import ImportFileId, ImportStatus
from genbo.storage import bulk
from genbo.storage.audit import AuditLog
from genbo.storage.owner_keys import OwnerKeys
from genbo.storage.tables import import_file
from genbo.storage.tables import upload as table
from genbo.storage.tables import upload_part as part_table
from genbo.storage.vault import Place, Vault
from genbo.storage.witness import vouch


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """A file that comes in parts."""

    file: ImportFileId
    institution: InstitutionId
    part_size: int
    """Bytes of every part but the last."""
    begun_by: str
    ended_at: datetime | None


class Uploads:
    """The uploads, in one transaction."""

    def __init__(self, connection: Connection, vault: Vault) -> None:
        self._connection = connection
        self._keys = OwnerKeys(connection, vault)

    def begin(
        self,
        file: ImportFileId,
        institution: InstitutionId,
        *,
        part_size: int,
        at: datetime,
        by: str,
    ) -> None:
        """Takes note that an announced file will come in parts, and whose it is."""
        self._connection.execute(
            insert(table).values(
                file_id=file,
                institution_id=institution,
                part_size=part_size,
                begun_at=at,
                begun_by=by,
            )
        )
        self._audit(AuditAction.UPLOAD_BEGUN, file, {}, at=at, by=by)

    def get(self, file: ImportFileId, *, to_change: bool = False) -> Upload:
        """The upload of a file; with `to_change` nobody else changes it until the transaction ends.

        Raises:
            Refusal: `import_file_unknown`.
        """
        query = select(table).where(table.c.file_id == file)
        row = self._connection.execute(
            query.with_for_update() if to_change else query
        ).one_or_none()
        if row is None:
            raise Refusal(Reason.IMPORT_FILE_UNKNOWN, file_id=file[:64])
        return Upload(
            file=ImportFileId(row.file_id),
            institution=InstitutionId(row.institution_id),
            part_size=row.part_size,
            begun_by=row.begun_by,
            ended_at=row.ended_at,
        )

    def put(self, file: ImportFileId, part: int, content: bytes, *, at: datetime, by: str) -> None:
        """Keeps a part, in place of what it was before."""
        sealer = self._keys.sealer(_owner(file), at=at, by=by)
        sealed = sealer.seal(
            InvestorId(_owner(file)), _place(file, part), base64.b64encode(content).decode()
        )
        self._connection.execute(
            delete(part_table).where(part_table.c.file_id == file, part_table.c.part == part)
        )
        bulk.insert_new(
            self._connection,
            part_table,
            [
                {
                    "file_id": file,
                    "part": part,
                    "size": len(content),
                    "part_hash": "0x" + hashlib.sha256(content).hexdigest(),
                    "content": sealed,
                    "received_at": at,
                }
            ],
        )

    def parts(self, file: ImportFileId) -> dict[int, Digest]:
        """The parts that are there, with the SHA-256 of each."""
        rows = self._connection.execute(
            select(part_table.c.part, part_table.c.part_hash)
            .where(part_table.c.file_id == file)
            .order_by(part_table.c.part)
        )
        return {row.part: Digest(row.part_hash) for row in rows}

    def content(self, file: ImportFileId) -> Iterator[bytes]:
        """The bytes, part by part: for the service itself, which judges them; nobody is shown them."""
        opener = self._keys.judge(_owner(file))
        for part in self.parts(file):
            sealed = self._connection.execute(
                select(part_table.c.content).where(
                    part_table.c.file_id == file, part_table.c.part == part
                )
            ).scalar_one()
            opened = opener.open(InvestorId(_owner(file)), _place(file, part), sealed)
            yield base64.b64decode(str(opened))

    def empty(self, file: ImportFileId) -> None:
        """Deletes the parts, so that the right ones may come."""
        self._connection.execute(delete(part_table).where(part_table.c.file_id == file))

    def end(self, file: ImportFileId, *, at: datetime, by: str) -> None:
        """Deletes the parts and destroys their key: the file has been applied, or never will be."""
        if self.get(file, to_change=True).ended_at is not None:
            return
        self.empty(file)
        destroyed = self._keys.destroy(_owner(file), at=at, by=by, ground="upload ended")
        self._connection.execute(update(table).where(table.c.file_id == file).values(ended_at=at))
        self._audit(AuditAction.UPLOAD_ENDED, file, destroyed, at=at, by=by)

    def due(self) -> list[ImportFileId]:
        """Files that wait for this service: to be checked, to be applied, or to be cleared away; first come first."""
        rows = self._connection.execute(
            select(table.c.file_id)
            .join_from(table, import_file, import_file.c.file_id == table.c.file_id)
            .where(
                table.c.ended_at.is_(None),
                import_file.c.processing_status.in_([each.value for each in _OURS]),
            )
            .order_by(table.c.begun_at, table.c.file_id)
        )
        return [ImportFileId(row.file_id) for row in rows]

    def _audit(
        self,
        action: AuditAction,
        file: ImportFileId,
        more: dict[str, str],
        *,
        at: datetime,
        by: str,
    ) -> None:
        own = vouch(self._connection, table, table.c.file_id == file)[(file,)]
        AuditLog(self._connection).append(
            [
                AuditEntry(
                    at=at, action=action, actor=by, subject=file, facts={}, rows={**own, **more}
                )
            ]
        )


_OURS = (
    ImportStatus.RECEIVED,
    ImportStatus.CHECKING,
    ImportStatus.APPROVED,
    ImportStatus.APPLYING,
    ImportStatus.DONE,
    ImportStatus.FAILED,
)
"""Statuses in which the next step is the service's own."""


def _owner(file: ImportFileId) -> str:
    return f"upload:{file}"


def _place(file: ImportFileId, part: int) -> Place:
    return Place(table="upload_part", column="content", row=f"{file}/{part}")
