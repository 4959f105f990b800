"""FileDesk: leads a file for a master through its statuses (R-PROGMAT-T15).

given a file that was announced
├── when it comes with another size or hash
│   └── it is refused, and the right one may still come
├── when it is checked
│   ├── a row cannot be applied, or the file cannot be read
│   │   └── it has failed: nothing of it is applied, and each such row is named
│   └── otherwise it is checked, and waits for somebody else
├── when who announced it approves it
│   └── it is refused
└── when it is applied
    ├── a row cannot be applied any more
    │   └── it has failed, and nothing of it is applied
    ├── the surroundings give way, or the process ends
    │   └── nothing of it is applied, and it can be applied again
    └── otherwise every row is applied and it is done, in one transaction

The file is not kept: whoever checks or applies it gives it again, and its hash says that it is the same. So no second
copy of personal data lies anywhere that would have to be sealed, restored and erased with the first.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from itertools import islice
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar

from sqlalchemy import Connection

from genbo.bootstrap.files.calendar import CalendarOverrides
from genbo.bootstrap.files.controls import TransferGroups
from genbo.bootstrap.files.firms import BankBranches, FirmMaster, TrustContractMaster
from genbo.bootstrap.files.investors import InvestorMaster
from genbo.bootstrap.files.taking import Master, Taking
from genbo.kernel import Digest, Fault, Reason, Refusal
from genbo.masters import FirmKind, MemoryBankMaster
from genbo.masters.file_table import FILE_TABLES
from genbo.masters.import_file import (
    Announcement,
    ImportFile,
    ImportFileId,
    ImportResult,
    ImportStatus,
    ImportTarget,
    ProcessingKind,
    announcement,
    require_arrived,
    require_next,
)
from genbo.masters.sheet import SheetRow
from genbo.masters.sheet_check import SheetCheck
from genbo.providers.files.delimited import FileChanged
from genbo.providers.files.delivered import Delivered, Encoding, delivered
from genbo.storage.banks import Banks
from genbo.storage.engine import Database
from genbo.storage.import_files import ImportFiles
from genbo.storage.vault import Vault

T = TypeVar("T")

_AT_ONCE = 2_000
"""Rows that are in memory at once."""

MASTERS: Mapping[ImportTarget, Callable[[], Master]] = MappingProxyType(
    {
        ImportTarget.INVESTOR: InvestorMaster,
        **{ImportTarget(kind.value): partial(FirmMaster, kind) for kind in FirmKind},
        ImportTarget.TRUST_CONTRACT: TrustContractMaster,
        ImportTarget.TRANSFER_CONTROL: TransferGroups,
        ImportTarget.BANK: BankBranches,
        ImportTarget.CALENDAR: CalendarOverrides,
    }
)
"""What takes the rows of each target."""


class Rejected(Exception):
    """Rows cannot be applied; the transaction in which it was found out is taken back."""

    def __init__(self, check: SheetCheck) -> None:
        super().__init__()
        self.check = check


class _Undone(Exception):
    """Every row could be applied, and none is."""


class FileDesk:
    """The files of one registry."""

    def __init__(self, database: Database, vault: Vault, now: Callable[[], datetime]) -> None:
        self._database = database
        self._vault = vault
        self._now = now

    def announce(
        self,
        *,
        target: ImportTarget,
        kind: ProcessingKind,
        size: int,
        timestamp: datetime,
        sha256: str,
        by: str,
    ) -> ImportFile:
        """Takes note of a file that will come.

        Raises:
            Refusal: `import_kind_not_possible`, `field_invalid`; `import_file_twice` (R-PROGMAT-T15.3).
        """
        FILE_TABLES[target].require_kind(kind)
        at = self._now()
        said = announcement(
            target=target, kind=kind, size=size, timestamp=timestamp, sha256=sha256, at=at
        )
        with self._database.begin() as connection:
            return ImportFiles(connection).announce(said, at=at, by=by)

    def receive(self, file_id: ImportFileId, path: Path, *, by: str) -> ImportFile:
        """Takes note that the file came, as the bytes at `path`.

        Raises:
            Refusal: `import_file_unknown`, `import_file_not_ready`, `import_file_size_differs`,
                `import_file_hash_differs` (R-PROGMAT-T15.2).
            Fault: `file_unreadable`.
        """
        with delivered(path) as file, self._database.begin() as connection:
            return ImportFiles(connection).receive(
                file_id, size=file.size, sha256=file.sha256, at=self._now(), by=by
            )

    def check(
        self,
        file_id: ImportFileId,
        path: Path,
        *,
        by: str,
        encoding: Encoding | None = None,
        progress: Callable[[int], None] = lambda _: None,
        only: str | None = None,
    ) -> ImportFile:
        """Asks of every row whether it could be applied; nothing is.

        Args:
            only: as `Taking.only`.

        Returns:
            The file, checked, or failed with the reason of every rejection.

        Raises:
            Refusal: `import_file_unknown`, `import_file_not_ready`; `import_file_size_differs` and
                `import_file_hash_differs` where the file at `path` is another.
            Fault: `file_unreadable` where there is none.
        """
        with delivered(path) as file:
            said = self._begin(file_id, ImportStatus.CHECKING, file, by=by)
            status, result = ImportStatus.CHECKED, ImportResult()
            try:
                with self._database.begin() as connection:
                    taken = self._take(
                        connection, said, file, encoding, by=by, progress=progress, only=only
                    )
                    result = taken.check.result(unchanged=taken.unchanged)
                    raise _Undone
            except _Undone:
                pass
            except Rejected as rejected:
                status, result = ImportStatus.FAILED, rejected.check.result()
        return self._end(file_id, status, result, by=by)

    def approve(self, file_id: ImportFileId, *, by: str) -> ImportFile:
        """Takes note that somebody else approves the file.

        Raises:
            Refusal: `import_file_unknown`, `import_file_not_ready`; `same_person` (R-PROGMAT-T15.8).
        """
        with self._database.begin() as connection:
            return ImportFiles(connection).approve(file_id, at=self._now(), by=by)

    def apply(
        self,
        file_id: ImportFileId,
        path: Path,
        *,
        by: str,
        encoding: Encoding | None = None,
        progress: Callable[[int], None] = lambda _: None,
        only: str | None = None,
    ) -> ImportFile:
        """Applies every row, or none (R-PROGMAT-T15.5).

        Returns:
            The file, done, or failed with the reason of every rejection.

        Raises: as `check`.
        """
        with delivered(path) as file:
            said = self._begin(file_id, ImportStatus.APPLYING, file, by=by)
            try:
                with self._database.begin() as connection:
                    # Whoever else applies it waits here, and is refused once it is done.
                    require_next(
                        ImportFiles(connection).get(file_id, to_change=True), ImportStatus.DONE
                    )
                    taken = self._take(
                        connection, said, file, encoding, by=by, progress=progress, only=only
                    )
                    return ImportFiles(connection).move(
                        file_id,
                        ImportStatus.DONE,
                        at=self._now(),
                        by=by,
                        result=taken.check.result(
                            applied=taken.check.read, unchanged=taken.unchanged
                        ),
                    )
            except Rejected as rejected:
                result = rejected.check.result()
        return self._end(file_id, ImportStatus.FAILED, result, by=by)

    # Inside --------------------------------------------------------------------------------------

    def _begin(
        self, file_id: ImportFileId, status: ImportStatus, file: Delivered, *, by: str
    ) -> Announcement:
        with self._database.begin() as connection:
            files = ImportFiles(connection)
            said = files.get(file_id, to_change=True)
            require_next(said, status)
            require_arrived(said.announced, size=file.size, sha256=file.sha256)
            files.move(file_id, status, at=self._now(), by=by)
        return said.announced

    def _end(
        self, file_id: ImportFileId, status: ImportStatus, result: ImportResult, *, by: str
    ) -> ImportFile:
        with self._database.begin() as connection:
            return ImportFiles(connection).move(
                file_id, status, at=self._now(), by=by, result=result
            )

    def _take(
        self,
        connection: Connection,
        said: Announcement,
        file: Delivered,
        encoding: Encoding | None,
        *,
        by: str,
        progress: Callable[[int], None],
        only: str | None,
    ) -> "Taken":
        return take_rows(
            connection,
            self._vault,
            target=said.target,
            kind=said.kind,
            rows=file.rows(encoding),
            source=file.sha256,
            at=self._now(),
            by=by,
            progress=progress,
            only=only,
        )


@dataclass(frozen=True, slots=True)
class Taken:
    """Rows that went into a master."""

    check: SheetCheck
    unchanged: int
    """Rows that said what was there already."""


def take_rows(
    connection: Connection,
    vault: Vault,
    *,
    target: ImportTarget,
    kind: ProcessingKind,
    rows: Iterable[SheetRow],
    source: Digest,
    at: datetime,
    by: str,
    progress: Callable[[int], None] = lambda _: None,
    only: str | None = None,
) -> Taken:
    """Takes all rows of a file into a master, in a transaction of the caller's.

    Args:
        only: as `Taking.only`.

    Raises:
        Rejected: one of them or more cannot be applied; the transaction must be taken back.
        Fault: `file_unreadable`: `FileChanged`.
    """
    banks = MemoryBankMaster(Banks(connection).all())
    check = SheetCheck(FILE_TABLES[target], kind, banks)
    taking = Taking(
        connection=connection, vault=vault, check=check, at=at, by=by, source=source, only=only
    )
    master, unchanged, seen = MASTERS[target](), 0, 0
    try:
        for some in _some(check.rows(rows)):
            unchanged += master.take(taking, some)
            progress(check.read - seen)
            seen = check.read
    except FileChanged:
        raise
    except Refusal as refusal:
        if isinstance(refusal, Fault) and refusal.reason is not Reason.FILE_UNREADABLE:
            raise  # the surroundings, and not the file
        check.reject([refusal])
    if check.problems:
        raise Rejected(check)
    return Taken(check, unchanged)


def _some(rows: Iterator[T]) -> Iterator[list[T]]:
    while some := list(islice(rows, _AT_ONCE)):
        yield some
