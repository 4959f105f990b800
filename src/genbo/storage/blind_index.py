"""Blind index (ブラインドインデックス): finds the investors who have exactly a value, without opening anybody.

A row holds HMAC-SHA256 of a search form (`compliance.privacy.search_form`) under a key that the vault wraps. Whoever
reads the table without that key sees which rows are equal, so that two investors share a name or an account, and how
often; not what it is. Whoever may use the key can ask for a value, and each question names a purpose and is on
record. An erased investor has no rows.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection, delete, select

from genbo.compliance.privacy import SEARCHED, forms_of, searched_as
from genbo.governance import AuditAction, AuditEntry
from genbo.kernel import InvestorId, Reason, Refusal
from genbo.storage import bulk
from genbo.storage.audit import AuditLog
from genbo.storage.tables import blind_index as table
from genbo.storage.vault import Reading, Vault
from genbo.storage.vault_secrets import BLIND_INDEX


class BlindIndex:
    """The index, in one transaction."""

    def __init__(self, connection: Connection, vault: Vault) -> None:
        self._connection = connection
        self._vault = vault

    def add(self, values: Mapping[InvestorId, Mapping[str, str]]) -> None:
        """Lets investors be found by their `values`: sealed columns by name, and `name`. Does nothing while the
        database has no index; then `remake` takes them in."""
        if self._vault.secrets.get(self._connection, BLIND_INDEX) is None:
            return
        rows = {
            (field, self._vault.blind_digest(self._connection, field, form), investor)
            for investor, fields in values.items()
            for field, form in forms_of(fields)
            if form
        }
        bulk.insert_new(
            self._connection,
            table,
            [
                {"field": field, "digest": digest, "investor_id": investor}
                for field, digest, investor in sorted(rows, key=repr)
            ],
        )

    def forget(self, investor: InvestorId) -> None:
        """Lets an investor be found no more, as when what was indexed is put right."""
        self._connection.execute(delete(table).where(table.c.investor_id == investor))

    def find(self, field: str, value: str, *, reading: Reading) -> list[InvestorId]:
        """The investors who have `value`, by id; that it was asked for is on record, and not what.

        Raises:
            Refusal: `field_unknown` when `field` is not in `SEARCHED`; `index_missing`.
        """
        if field not in SEARCHED:
            raise Refusal(Reason.FIELD_UNKNOWN, field=field)
        form = searched_as(field, value)
        digest = self._vault.blind_digest(self._connection, field, form)
        if digest is None:
            raise Refusal(Reason.INDEX_MISSING)
        found = [
            InvestorId(each)
            for each in self._connection.scalars(
                select(table.c.investor_id)
                .where(table.c.field == field, table.c.digest == digest)
                .order_by(table.c.investor_id)
            )
        ]
        self._vault.note_reading(self._connection, found, [f"blind_index.{field}"], reading)
        return found

    def remake(
        self,
        values: Mapping[InvestorId, Sequence[Mapping[str, str]]],
        *,
        at: datetime,
        by: str,
    ) -> int:
        """Makes the whole index anew under a new key; returns its rows. Digests in backups taken before compare with
        nothing from then on.

        Args:
            values: of every investor who is not erased, one mapping for each version of the name.
        """
        self._vault.secrets.renew(self._connection, BLIND_INDEX, at=at, by=by)
        self._connection.execute(delete(table))
        for version in range(max((len(each) for each in values.values()), default=0)):
            self.add(
                {
                    investor: each[version]
                    for investor, each in values.items()
                    if version < len(each)
                }
            )
        rows = len(self._connection.execute(select(table.c.investor_id)).all())
        entry = AuditEntry(
            at=at,
            action=AuditAction.INDEX_REMADE,
            actor=by,
            facts={"investors": len(values), "rows": rows},
        )
        AuditLog(self._connection).append([entry])
        return rows
