"""Uploads (アップロード): a firm's files for masters come over the interface, in parts that may be sent again.

given a file that a firm announced
├── when its parts come, in any order, some of them twice: each is kept once, sealed
├── when it is completed with another size or hash: refused, and it may come anew
├── when it is complete: this service checks it, every row and none applied
├── when who announced it approves it: refused; another credential of the firm, or the registrar, approves
└── when it is approved: it is applied whole or not at all, and its bytes are gone
A broker's file takes its own customers only, and judges nobody: status, class and verdicts are not a broker's to set.
"""

import hashlib
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, text

from genbo.bootstrap.files.desk import FileDesk
from genbo.bootstrap.office import Office
from genbo.governance.institutions import BROKERS, Institution, InstitutionId, InstitutionRole
from genbo.kernel import Digest, Reason, Refusal
from genbo.masters.file_table import FILE_TABLES
from genbo.masters.import_file import (
    ImportFile,
    ImportFileId,
    ImportStatus,
    ImportTarget,
    ProcessingKind,
    announcement,
    require_arrived,
    require_next,
)
from genbo.storage.import_files import ImportFiles
from genbo.storage.parties import Parties
from genbo.storage.uploads import Uploads

PART_SIZE = 524_288
"""Bytes of a part: half a mebibyte, so that a request stays small and what is lost is soon sent again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UploadedFile:
    """A file, and which parts of it are there."""

    file: ImportFile
    part_size: int
    parts: dict[int, Digest]

    @property
    def part_count(self) -> int:
        """How many parts it has."""
        return -(-self.file.announced.size // self.part_size)


def announce(
    office: Office,
    connection: Connection,
    firm: Institution,
    *,
    target: ImportTarget,
    kind: ProcessingKind,
    size: int,
    timestamp: datetime,
    sha256: str,
    by: str,
) -> UploadedFile:
    """Takes note of a file that will come in parts, in a transaction of the caller's.

    Raises:
        Refusal: `import_kind_not_possible`, `field_invalid`, also for a target that is not the firm's;
            `import_file_twice`.
    """
    if firm.role in BROKERS and target is not ImportTarget.INVESTOR:
        raise Refusal(
            Reason.FIELD_INVALID, field="target", value=target.value, allowed=ImportTarget.INVESTOR
        )
    FILE_TABLES[target].require_kind(kind)
    at = office.house.now()
    said = announcement(
        target=target, kind=kind, size=size, timestamp=timestamp, sha256=sha256, at=at
    )
    ImportFiles(connection).announce(said, at=at, by=by)
    Uploads(connection, office.house.vault).begin(
        said.file_id, firm.id, part_size=PART_SIZE, at=at, by=by
    )
    return _file(office, connection, said.file_id)


def read_file(office: Office, firm: Institution, file: ImportFileId) -> UploadedFile:
    """A file of the firm, for a registrar those of the brokers of its products too.

    Raises:
        Refusal: `import_file_unknown`, also for another firm's.
    """
    with office.house.database.read() as connection:
        _require_own(office, connection, firm, file)
        return _file(office, connection, file)


def put_part(
    office: Office, firm: Institution, file: ImportFileId, part: int, content: bytes, *, by: str
) -> UploadedFile:
    """Keeps a part; the same once more changes nothing.

    Raises:
        Refusal: `import_file_unknown`, `import_file_not_ready`; `import_file_size_differs` for a part of another size
            than that number has.
    """
    with office.house.database.begin() as connection:
        uploads = Uploads(connection, office.house.vault)
        _require_own(office, connection, firm, file)
        upload = uploads.get(file, to_change=True)
        known = _file(office, connection, file)
        require_next(known.file, ImportStatus.RECEIVED)
        whole = known.file.announced.size
        expected = min(upload.part_size, whole - (part - 1) * upload.part_size)
        if len(content) != expected or part > known.part_count:
            raise Refusal(
                Reason.IMPORT_FILE_SIZE_DIFFERS,
                file_id=file,
                announced=max(expected, 0),
                received=len(content),
            )
        if known.parts.get(part) != Digest("0x" + hashlib.sha256(content).hexdigest()):
            uploads.put(file, part, content, at=office.house.now(), by=by)
        return _file(office, connection, file)


class Incomplete(Exception):
    """The parts are not the file that was announced: they are deleted, and the right ones may come."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__()
        self.refusal = refusal


def complete(
    office: Office, connection: Connection, firm: Institution, file: ImportFileId, *, by: str
) -> UploadedFile:
    """Takes note that every part came; the service checks the file then. In a transaction of the caller's.

    Raises:
        Refusal: `import_file_unknown`, `import_file_not_ready`; `import_file_size_differs` where parts are missing.
        Incomplete: they are all there, and are another file.
    """
    _require_own(office, connection, firm, file)
    uploads = Uploads(connection, office.house.vault)
    uploads.get(file, to_change=True)
    known = _file(office, connection, file)
    require_next(known.file, ImportStatus.RECEIVED)
    size, digest = 0, hashlib.sha256()
    for content in uploads.content(file):
        size += len(content)
        digest.update(content)
    found = Digest("0x" + digest.hexdigest())
    try:
        require_arrived(known.file.announced, size=size, sha256=found)
    except Refusal as refusal:
        if refusal.reason is Reason.IMPORT_FILE_SIZE_DIFFERS:
            raise
        raise Incomplete(refusal) from None
    at = office.house.now()
    ImportFiles(connection).receive(file, size=size, sha256=found, at=at, by=by)
    return _file(office, connection, file)


def discard(office: Office, file: ImportFileId) -> None:
    """Deletes the parts of a file that is not the announced one."""
    with office.house.database.begin() as connection:
        Uploads(connection, office.house.vault).empty(file)


def approve(
    office: Office, connection: Connection, firm: Institution, file: ImportFileId, *, by: str
) -> UploadedFile:
    """Approves a checked file, in a transaction of the caller's; the service applies it then.

    Args:
        by: another credential of the firm than the one that announced it, or one of its registrar: a credential's word
            is one person's, whoever holds it.

    Raises:
        Refusal: `import_file_unknown`, `import_file_not_ready`, `same_person`.
    """
    _require_own(office, connection, firm, file)
    ImportFiles(connection).approve(file, at=office.house.now(), by=by)
    return _file(office, connection, file)


class CheckAndApply:
    """Checks the files that are complete, applies those that are approved, clears away those that have ended. A
    `Routine`."""

    def __init__(self, office: Office) -> None:
        self._office = office

    def step(self) -> bool:
        """Whether there was a file to work on."""
        house = self._office.house
        with house.database.read() as connection:
            due = Uploads(connection, house.vault).due()
        worked = False
        for file in due:
            worked = self._work_on(file) or worked
        return worked

    def _work_on(self, file: ImportFileId) -> bool:
        house = self._office.house
        with house.database.begin() as connection:
            ours = connection.scalar(
                text("SELECT pg_try_advisory_xact_lock(hashtextextended(:name, 0))"),
                {"name": f"genbo upload {file}"},
            )
            if not ours:
                return False  # another process works on it
            status = ImportFiles(connection).get(file).status
            only = _only(connection, Uploads(connection, house.vault).get(file).institution)
            desk = FileDesk(house.database, house.vault, house.now)
            known = ImportFiles(connection).get(file)
            if status in (ImportStatus.DONE, ImportStatus.FAILED):
                Uploads(connection, house.vault).end(file, at=house.now(), by="genbo")
                return True
            with self._bytes(connection, file) as path:
                if status in (ImportStatus.RECEIVED, ImportStatus.CHECKING):
                    desk.check(file, path, by=known.registered_by, only=only)
                else:
                    desk.apply(file, path, by=known.approved_by or "genbo", only=only)
        return True

    @contextmanager
    def _bytes(self, connection: Connection, file: ImportFileId) -> Iterator[Path]:
        """The file itself, for as long as it is worked on, where only this service reads it."""
        house = self._office.house
        with tempfile.TemporaryDirectory(prefix="upload-", dir=house.folder) as folder:
            path = Path(folder) / "file"
            path.touch(mode=0o600)
            with path.open("wb") as out:
                for content in Uploads(connection, house.vault).content(file):
                    out.write(content)
            yield path


def _only(connection: Connection, institution: InstitutionId) -> str | None:
    """The broker whose customers alone its file may hold; None for a registrar's."""
    firm = Parties(connection).institution(institution)
    return firm.id if firm.role in BROKERS else None


def _require_own(
    office: Office, connection: Connection, firm: Institution, file: ImportFileId
) -> None:
    upload = Uploads(connection, office.house.vault).get(file)
    keeps = firm.role is InstitutionRole.REGISTRAR and Parties(connection).keeps_register_for(
        firm.id, upload.institution
    )
    if upload.institution != firm.id and not keeps:
        raise Refusal(Reason.IMPORT_FILE_UNKNOWN, file_id=file[:64])


def _file(office: Office, connection: Connection, file: ImportFileId) -> UploadedFile:
    uploads = Uploads(connection, office.house.vault)
    return UploadedFile(
        file=ImportFiles(connection).get(file),
        part_size=uploads.get(file).part_size,
        parts=uploads.parts(file),
    )
