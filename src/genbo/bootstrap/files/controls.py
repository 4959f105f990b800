"""Controls by file: transfer-enable groups (移転実行可否制御, T4) are compared, not set.

A group comes into being with its first product, and two persons switch it on the ledger; the table follows. A file that
says something else than the ledger is wrong, however many people approve it.
"""

from collections.abc import Iterator, Sequence

from sqlalchemy import Connection

from genbo.bootstrap.files.taking import Taking
from genbo.kernel import Reason
from genbo.masters.sheet_check import FileRow
from genbo.storage.transfer_groups import transfer_groups
from genbo.storage.vault import Reading, Vault


class TransferGroups:
    """The groups, as the ledger has them."""

    def take(self, taking: Taking, rows: Sequence[FileRow]) -> int:
        known, unchanged = transfer_groups(taking.connection), 0
        for row in rows:
            (group,) = row.key
            if group not in known:
                taking.reject_key(row, Reason.IMPORT_ROW_UNKNOWN)
            elif row.record["transfer_enabled"] != _flag(known[group]):
                problem = "the ledger says otherwise; two persons switch a group there"
                taking.reject_cell(row, "transfer_enabled", problem, _flag(known[group]))
            else:
                unchanged += 1
        return unchanged

    def give(
        self, connection: Connection, vault: Vault, *, reading: Reading
    ) -> Iterator[Sequence[str]]:
        for group, enabled in transfer_groups(connection).items():
            yield [group, _flag(enabled)]


def _flag(enabled: bool) -> str:
    return "true" if enabled else "false"
