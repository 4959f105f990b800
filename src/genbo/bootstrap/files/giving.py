"""Giving a master out (出力): every row of it, for a purpose that is on record before the first row is."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime

from sqlalchemy import Connection

from genbo.bootstrap.files.desk import MASTERS
from genbo.governance import AuditAction, AuditEntry
from genbo.masters.file_table import FILE_TABLES
from genbo.masters.import_file import ImportTarget
from genbo.storage.audit import AuditLog
from genbo.storage.engine import Database
from genbo.storage.vault import Purpose, Reading, Vault

Rows = Iterable[Sequence[str]]


def export_master(
    database: Database,
    vault: Vault,
    write: Callable[[Rows], None],
    *,
    target: ImportTarget,
    purpose: Purpose,
    at: datetime,
    by: str,
    japanese: bool = False,
) -> int:
    """Hands the rows of a master to `write`, the heading first; how many there were below it. What is sealed is opened
    for the purpose, and who, why and whose stands in the audit chain when this returns, or `write` must not keep it.

    Args:
        japanese: with the Japanese names of the columns as the heading.
    """
    reading = Reading(purpose=purpose, actor=by, at=at)
    with database.begin() as connection:
        given = _Counted(_rows(connection, vault, target, reading, japanese=japanese))
        write(given)
        AuditLog(connection).append(
            [
                AuditEntry(
                    at=at,
                    action=AuditAction.MASTER_EXPORTED,
                    actor=by,
                    facts={
                        "target": target.value,
                        "purpose": purpose.value,
                        "rows": given.count - 1,
                    },
                )
            ]
        )
    return given.count - 1


class _Counted:
    """Rows that are counted on their way."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows
        self.count = 0

    def __iter__(self) -> Iterator[Sequence[str]]:
        for row in self._rows:
            self.count += 1
            yield row


def _rows(
    connection: Connection,
    vault: Vault,
    target: ImportTarget,
    reading: Reading,
    *,
    japanese: bool,
) -> Iterator[Sequence[str]]:
    yield [each.name_ja if japanese else each.column for each in FILE_TABLES[target].fields]
    yield from MASTERS[target]().give(connection, vault, reading=reading)
