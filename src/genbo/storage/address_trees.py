"""Trees of addresses (鍵ツリー): extended public keys of custodians and brokers, sealed.

Whoever has one can join all addresses below it, so it is opened only to derive, and that leaves an entry. One person
takes it, another approves it, and nothing comes from it before.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, select, update
from sqlalchemy.dialects.postgresql import insert

from genbo.governance import AuditAction, AuditEntry
from genbo.governance.audit import AuditFact
from genbo.kernel import InvestorId, Reason, Refusal
from genbo.storage.audit import AuditLog
from genbo.storage.owner_keys import OwnerKeys
from genbo.storage.tables import address_tree as table
from genbo.storage.tables import institution
from genbo.storage.vault import Place, Purpose, Reading, Vault
from genbo.storage.witness import vouch


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisteredTree:
    """What may be known of a tree without opening it."""

    fingerprint: str
    owner: str
    """保管者ID: the custodian (T9) or broker (T8) that keeps its private keys."""
    gap_limit: int
    """So many indexes in a row may wait for their verdicts."""
    proposed_by: str
    proposed_at: datetime
    approved_by: str | None
    approved_at: datetime | None

    @property
    def is_approved(self) -> bool:
        return self.approved_by is not None


class AddressTrees:
    """The trees, in one transaction."""

    def __init__(self, connection: Connection, vault: Vault) -> None:
        self._connection = connection
        self._vault = vault

    def propose(
        self,
        fingerprint: str,
        extended_key: str,
        *,
        owner: str,
        gap_limit: int,
        at: datetime,
        by: str,
    ) -> None:
        """Takes an extended public key, sealed; it waits for somebody else's approval.

        Raises:
            Refusal: `tree_exists`; `institution_unknown`.
        """
        self._refuse_stranger(owner)
        if self._connection.scalar(_open().where(table.c.fingerprint == fingerprint)):
            raise Refusal(Reason.TREE_EXISTS, tree=fingerprint)
        sealed = OwnerKeys(self._connection, self._vault).seal(
            _owner(fingerprint), _place(fingerprint), extended_key, at=at, by=by
        )
        added = self._connection.execute(
            insert(table)
            .values(
                fingerprint=fingerprint,
                owner_id=owner,
                extended_key=sealed,
                gap_limit=gap_limit,
                proposed_at=at,
                proposed_by=by,
            )
            .on_conflict_do_nothing()
            .returning(table.c.fingerprint)
        ).one_or_none()
        if added is None:
            raise Refusal(Reason.TREE_EXISTS, tree=fingerprint)
        self._audit(AuditAction.TREE_PROPOSED, fingerprint, {"owner": owner}, at=at, by=by)

    def approve(self, fingerprint: str, *, at: datetime, by: str) -> None:
        """Lets addresses come from the tree. A second approval changes nothing.

        Raises:
            Refusal: `tree_unknown`; `same_person` for who took it.
        """
        tree = self.get(fingerprint)
        if tree.is_approved:
            return
        if tree.proposed_by == by:
            raise Refusal(Reason.SAME_PERSON, account=by, role="approver", other="maker")
        approved = self._connection.execute(
            update(table)
            .where(table.c.fingerprint == fingerprint, table.c.approved_at.is_(None))
            .values(approved_at=at, approved_by=by)
        )
        if approved.rowcount:
            self._audit(AuditAction.TREE_APPROVED, fingerprint, {"owner": tree.owner}, at=at, by=by)

    def get(self, fingerprint: str) -> RegisteredTree:
        """The tree with that fingerprint. Raises Refusal(tree_unknown)."""
        row = self._connection.execute(
            _open().where(table.c.fingerprint == fingerprint)
        ).one_or_none()
        if row is None:
            raise Refusal(Reason.TREE_UNKNOWN, tree=fingerprint)
        return _tree(row)

    def all(self) -> list[RegisteredTree]:
        """Every tree, by fingerprint."""
        rows = self._connection.execute(_open().order_by(table.c.fingerprint))
        return [_tree(row) for row in rows]

    def open(self, fingerprint: str, *, at: datetime, by: str) -> str:
        """The extended public key, to derive addresses from; that it was opened is on record.

        Raises:
            Refusal: `tree_unknown`; `tree_not_approved`.
        """
        if not self.get(fingerprint).is_approved:
            raise Refusal(Reason.TREE_NOT_APPROVED, tree=fingerprint)
        sealed = self._connection.scalar(
            select(table.c.extended_key).where(table.c.fingerprint == fingerprint)
        )
        assert sealed is not None
        opener = OwnerKeys(self._connection, self._vault).opener(
            _owner(fingerprint),
            fields=["address_tree.extended_key"],
            reading=Reading(purpose=Purpose.ADDRESSES, actor=by, at=at),
        )
        return str(opener.open(InvestorId(_owner(fingerprint)), _place(fingerprint), sealed))

    def _refuse_stranger(self, owner: str) -> None:
        known = select(institution.c.institution_id).where(institution.c.institution_id == owner)
        if self._connection.scalar(known) is None:
            raise Refusal(Reason.INSTITUTION_UNKNOWN, institution=owner)

    def _audit(
        self,
        action: AuditAction,
        fingerprint: str,
        facts: dict[str, AuditFact],
        *,
        at: datetime,
        by: str,
    ) -> None:
        rows = vouch(self._connection, table, table.c.fingerprint == fingerprint)
        AuditLog(self._connection).append(
            [
                AuditEntry(
                    at=at,
                    action=action,
                    actor=by,
                    subject=fingerprint,
                    facts=facts,
                    rows=rows[(fingerprint,)],
                )
            ]
        )


def _open() -> Select[Any]:
    """Everything but what is sealed."""
    return select(*(column for column in table.c if column.name != "extended_key"))


def _owner(fingerprint: str) -> str:
    """In the vault: a tree is nobody's but its own."""
    return f"address_tree:{fingerprint}"


def _place(fingerprint: str) -> Place:
    return Place(table="address_tree", column="extended_key", row=fingerprint)


def _tree(row: Row[Any]) -> RegisteredTree:
    return RegisteredTree(
        fingerprint=row.fingerprint,
        owner=row.owner_id,
        gap_limit=row.gap_limit,
        proposed_by=row.proposed_by,
        proposed_at=row.proposed_at,
        approved_by=row.approved_by,
        approved_at=row.approved_at,
    )
