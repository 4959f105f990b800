"""Import-file control (取込ファイル制御, R-PROGMAT-T15): a file is announced before it comes, and applied whole or not.

    announced ──► received ──► checking ──► checked ──► approved ──► applying ──► done
                                  └──► failed                           └──► failed

What is announced is the size, the time and the SHA-256 of the file, so that whoever checks, approves and applies it
means the same bytes. A file with a wrong row ends as failed, with every wrong row named; the corrected file is another
file. `checking` and `applying` may be entered again, by whoever finds them left behind: nothing was changed before
`done`, and everything with it.
"""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Any, NewType

from genbo.kernel import UTC, Digest, Fact, Reason, Refusal

ImportFileId = NewType("ImportFileId", str)
"""取込ファイルID: F and 16 hexadecimal digits, made from what was announced."""

MOST_BYTES = 2**28
"""The largest file that is taken, 256 MiB."""

_DIGEST = re.compile(r"0x[0-9a-f]{64}")


class ImportTarget(StrEnum):
    """取込対象: which master a file is for (R-PROGMAT-T15.1)."""

    INVESTOR = "investor"
    """投資家情報 (T7)."""
    SAFEKEEPING_FIRM = "safekeeping_firm"
    """保護預り先情報 (T8): brokers."""
    CUSTODIAN = "custodian"
    """カストディアン情報 (T9)."""
    BENEFICIARY_AGENT = "beneficiary_agent"
    """受益者代理人情報 (T10)."""
    SETTLOR = "settlor"
    """委託者情報 (T11)."""
    TRUSTEE = "trustee"
    """受託者情報 (T12)."""
    ASSET_MANAGER = "asset_manager"
    """AM情報 (T13)."""
    TRUST_CONTRACT = "trust_contract"
    """信託契約情報 (T5)."""
    TRANSFER_CONTROL = "transfer_control"
    """移転実行可否制御 (T4)."""
    BANK = "bank"
    """金融機関マスタ: banks and their branches."""
    CALENDAR = "calendar"
    """営業日カレンダー: an operator's overrides of bank days."""


class ProcessingKind(StrEnum):
    """処理区分: what the rows of a file ask for (R-PROGMAT-T15.4)."""

    NEW = "new"
    """新規: rows that are not there yet."""
    CORRECTION = "correction"
    """訂正: rows that are there, as they should be."""
    CANCEL = "cancel"
    """取消: rows that should no longer count."""


class ImportStatus(StrEnum):
    """処理ステータス (R-PROGMAT-T15.5)."""

    ANNOUNCED = "announced"
    """予告済: expected."""
    RECEIVED = "received"
    """受領済: it came, with the size and the hash that were announced."""
    CHECKING = "checking"
    """検証中."""
    CHECKED = "checked"
    """検証済: every row could be applied; somebody else's approval is awaited."""
    APPROVED = "approved"
    """承認済."""
    APPLYING = "applying"
    """反映中: nothing of it is visible yet."""
    DONE = "done"
    """完了: every row was applied."""
    FAILED = "failed"
    """失敗: no row was applied, and none will be."""


TRANSITIONS: Mapping[ImportStatus, frozenset[ImportStatus]] = MappingProxyType(
    {
        ImportStatus.ANNOUNCED: frozenset({ImportStatus.RECEIVED}),
        ImportStatus.RECEIVED: frozenset({ImportStatus.CHECKING}),
        ImportStatus.CHECKING: frozenset(
            {ImportStatus.CHECKING, ImportStatus.CHECKED, ImportStatus.FAILED}
        ),
        ImportStatus.CHECKED: frozenset({ImportStatus.APPROVED}),
        ImportStatus.APPROVED: frozenset({ImportStatus.APPLYING}),
        ImportStatus.APPLYING: frozenset(
            {ImportStatus.APPLYING, ImportStatus.DONE, ImportStatus.FAILED}
        ),
        ImportStatus.DONE: frozenset(),
        ImportStatus.FAILED: frozenset(),
    }
)
"""Status to the statuses that may follow it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Announcement:
    """What is said of a file before it comes."""

    target: ImportTarget
    kind: ProcessingKind
    size: int
    """Bytes."""
    timestamp: datetime
    """When the source made it."""
    sha256: Digest
    """SHA-256 of its bytes."""

    @property
    def file_id(self) -> ImportFileId:
        """The same target, time, size and hash are the same file (R-PROGMAT-T15.3)."""
        at = self.timestamp.astimezone(UTC).isoformat(timespec="microseconds")
        said = f"{self.target.value}|{at}|{self.size}|{self.sha256}"
        return ImportFileId("F" + hashlib.sha256(said.encode()).hexdigest()[:16])


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejection:
    """Why a row cannot be applied, never with the cell: it may be personal data."""

    line: int
    column: str | None
    reason: Reason
    facts: Mapping[str, Fact] = field(default_factory=dict)
    """Further facts of the reason, such as what is allowed."""

    @classmethod
    def of(cls, refusal: Refusal) -> "Rejection":
        """From a refusal that names a line."""
        facts = {name: value for name, value in refusal.facts.items() if value is not None}
        line, column = facts.pop("line", 0), facts.pop("column", None) or facts.get("field")
        return cls(
            line=line if isinstance(line, int) else 0,
            column=None if column is None else str(column),
            reason=refusal.reason,
            facts=facts,
        )

    def refusal(self) -> Refusal:
        """As the refusal that explains it."""
        where = {"column": self.column} if self.column and "field" not in self.facts else {}
        return Refusal(self.reason, line=self.line, **where, **self.facts)


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportResult:
    """処理結果: counts of rows, and why rows were rejected (R-PROGMAT-T15.6)."""

    read: int = 0
    applied: int = 0
    unchanged: int = 0
    """Of those applied, rows that said what was there already."""
    rejected: int = 0
    """Rows, however many things are wrong with each."""
    problems: int = 0
    """Things that are wrong, in all."""
    rejections: tuple[Rejection, ...] = ()
    """The first of them, by line."""

    def document(self) -> dict[str, Any]:
        """As it is stored and shown."""
        return {
            "read": self.read,
            "applied": self.applied,
            "unchanged": self.unchanged,
            "rejected": self.rejected,
            "problems": self.problems,
            "rejections": [
                {
                    "line": each.line,
                    "column": each.column,
                    "reason": each.reason.value,
                    "facts": dict(each.facts),
                }
                for each in self.rejections
            ],
        }

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> "ImportResult":
        """What `document` wrote."""
        rejections = tuple(
            Rejection(
                line=each["line"],
                column=each["column"],
                reason=Reason(each["reason"]),
                facts=each["facts"],
            )
            for each in document["rejections"]
        )
        counts = {
            name: document[name]
            for name in ("read", "applied", "unchanged", "rejected", "problems")
        }
        return cls(**counts, rejections=rejections)


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportFile:
    """One file and how far it is."""

    announced: Announcement
    status: ImportStatus
    result: ImportResult | None
    """None until it was checked."""
    registered_at: datetime
    registered_by: str
    approved_at: datetime | None
    approved_by: str | None
    changed_at: datetime
    changed_by: str

    @property
    def file_id(self) -> ImportFileId:
        return self.announced.file_id


def announcement(
    *,
    target: ImportTarget,
    kind: ProcessingKind,
    size: int,
    timestamp: datetime,
    sha256: str,
    at: datetime,
) -> Announcement:
    """What is announced at the instant `at`.

    Raises:
        Refusal: `field_invalid` for a size, a hash or a time that no file of today has.
    """

    def refuse(field: str, value: object, allowed: str) -> Refusal:
        return Refusal(Reason.FIELD_INVALID, field=field, value=str(value)[:80], allowed=allowed)

    if not 0 < size <= MOST_BYTES:
        raise refuse("file_size", size, f"1 to {MOST_BYTES:,} bytes")
    if timestamp.tzinfo is None or timestamp > at:
        raise refuse("file_timestamp", timestamp, "an instant with its offset, up to now")
    digest = sha256.lower().removeprefix("0x")
    if not _DIGEST.fullmatch(f"0x{digest}"):
        raise refuse("file_hash", sha256, "SHA-256 as 64 hexadecimal digits")
    return Announcement(
        target=target, kind=kind, size=size, timestamp=timestamp, sha256=Digest(f"0x{digest}")
    )


def require_arrived(announced: Announcement, *, size: int, sha256: Digest) -> None:
    """Nothing where what came is what was announced (R-PROGMAT-T15.2).

    Raises:
        Refusal: `import_file_size_differs`, `import_file_hash_differs`.
    """
    if size != announced.size:
        raise Refusal(
            Reason.IMPORT_FILE_SIZE_DIFFERS,
            file_id=announced.file_id,
            announced=announced.size,
            received=size,
        )
    if sha256 != announced.sha256:
        raise Refusal(
            Reason.IMPORT_FILE_HASH_DIFFERS,
            file_id=announced.file_id,
            announced=announced.sha256,
            received=sha256,
        )


def require_next(file: ImportFile, status: ImportStatus) -> None:
    """Nothing where the file may come to that status from where it is.

    Raises:
        Refusal: `import_file_not_ready`.
    """
    if status not in TRANSITIONS[file.status]:
        raise Refusal(
            Reason.IMPORT_FILE_NOT_READY,
            file_id=file.file_id,
            status=file.status.value,
            wanted=status.value,
        )


def require_other_person(file: ImportFile, by: str) -> None:
    """Nothing where `by` did not register the file (R-PROGMAT-T15.8).

    Raises:
        Refusal: `same_person`.
    """
    if by == file.registered_by:
        raise Refusal(Reason.SAME_PERSON, account=by, role="approver", other="maker")
