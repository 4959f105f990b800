"""Files for masters, with invented people, and a desk to take them to."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import text
from tests.storage.builders import TERMS  # noqa: F401 loads the schema

from genbo.bootstrap.files.desk import FileDesk
from genbo.masters.import_file import ImportFile, ImportTarget, ProcessingKind
from genbo.storage.engine import Database
from genbo.storage.vault import Vault

NOW = datetime(2026, 6, 1, 1, 0, tzinfo=UTC)
MAKER, APPROVER = "registration-1", "registration-2"

Table = list[dict[str, str]]


def people(count: int, *, first: int = 1) -> Table:
    """New investors, every column of T7 that a file has."""
    return [
        {
            "investor_id": f"IV-{number:06}",
            "investor_type": "individual",
            "investor_class": "individual",
            "investor_name": f"見本 太郎{number}",
            "registered_address": f"東京都架空区見本町{number}番地",
            "safekeeping_kind": "direct",
            "safekeeping_id": "B1",
            "broker_customer_id": f"C{number:06}",
            "contact_postal_code": "1500041",
            "contact_phone": "+81-3-1234-5678",
            "payee_bank_code": "9990",
            "payee_branch_code": "001",
            "payee_account_kind": "1",
            "payee_account_number": f"{number:07}",
            "payee_account_holder_kana": "ﾐﾎﾝ ﾀﾛｳ",
            "verified_at": "2026-05-01",
            "verified_until": "2027-04-30",
            "kyc_evidence": f"KYC-{number:06}",
        }
        for number in range(first, first + count)
    ]


def as_csv(rows: Sequence[dict[str, str]], codec: str = "utf-8") -> bytes:
    lines = io.StringIO(newline="")
    writer = csv.DictWriter(lines, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return lines.getvalue().encode(codec)


@dataclass
class Room:
    """A desk, a folder for files, and a clock that goes on with every file."""

    database: Database
    vault: Vault
    folder: Path
    at: datetime = NOW
    number: int = field(default=0)

    @property
    def desk(self) -> FileDesk:
        return FileDesk(self.database, self.vault, lambda: self.at)

    def file(self, content: bytes, name: str = "file.csv") -> Path:
        path = self.folder / name
        path.write_bytes(content)
        return path

    def announced(
        self,
        content: bytes,
        *,
        target: ImportTarget = ImportTarget.INVESTOR,
        kind: ProcessingKind = ProcessingKind.NEW,
    ) -> ImportFile:
        self.number += 1
        return self.desk.announce(
            target=target,
            kind=kind,
            size=len(content),
            timestamp=self.at - timedelta(days=1) + timedelta(seconds=self.number),
            sha256=hashlib.sha256(content).hexdigest(),
            by=MAKER,
        )

    def checked(
        self,
        content: bytes,
        *,
        target: ImportTarget = ImportTarget.INVESTOR,
        kind: ProcessingKind = ProcessingKind.NEW,
    ) -> ImportFile:
        """Announced, received and checked."""
        path = self.file(content)
        file_id = self.announced(content, target=target, kind=kind).file_id
        self.desk.receive(file_id, path, by=MAKER)
        return self.desk.check(file_id, path, by=MAKER)

    def applied(
        self,
        content: bytes,
        *,
        target: ImportTarget = ImportTarget.INVESTOR,
        kind: ProcessingKind = ProcessingKind.NEW,
    ) -> ImportFile:
        """Checked, approved by another, and applied."""
        file = self.checked(content, target=target, kind=kind)
        assert file.result is not None
        assert not file.result.rejections, file.result.rejections
        self.desk.approve(file.file_id, by=APPROVER)
        return self.desk.apply(file.file_id, self.folder / "file.csv", by=APPROVER)

    def rows(self) -> dict[str, list[str]]:
        """Every row of every table that a file changes, and no other: neither the control nor the chain of entries."""
        with self.database.read() as connection:
            names = connection.scalars(
                text(
                    "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace"
                    " AND relkind = 'r' AND relname NOT IN ('import_file', 'audit', 'reading', 'alembic_version')"
                )
            ).all()
            return {
                name: sorted(connection.scalars(text(f'SELECT t::text FROM "{name}" AS t')).all())
                for name in sorted(names)
            }
