"""Commands (指図): stored with their exact bytes before anything is done about them, and once per idempotency key."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, Table, insert, select, update
from sqlalchemy.dialects.postgresql import insert as insert_or

from genbo.governance import (
    AuditAction,
    AuditEntry,
    Command,
    CommandId,
    CommandState,
    Duty,
    Outcome,
    Signed,
    Stored,
)
from genbo.governance.audit import AuditFact
from genbo.governance.command import ENDED, require_transition
from genbo.kernel import Address, Digest, ProductId, Reason, Reference, Refusal
from genbo.storage import bulk
from genbo.storage.audit import AuditLog
from genbo.storage.tables import approval as approval_table
from genbo.storage.tables import command as table
from genbo.storage.witness import vouch

WAKE = "genbo_command"
"""The channel on which senders hear that a command waits."""

ACTIONS: Mapping[CommandState, AuditAction] = {
    CommandState.DRAFT: AuditAction.COMMAND_SUBMITTED,
    CommandState.CHECKED: AuditAction.COMMAND_CHECKED,
    CommandState.APPROVED: AuditAction.COMMAND_APPROVED,
    CommandState.QUEUED: AuditAction.COMMAND_QUEUED,
    CommandState.SENT: AuditAction.COMMAND_SENT,
    CommandState.FINAL: AuditAction.COMMAND_FINAL,
    CommandState.REFUSED: AuditAction.COMMAND_REFUSED,
    CommandState.SUPERSEDED: AuditAction.COMMAND_SUPERSEDED,
}
"""Which entry says that a command came to a state."""


class Commands:
    """The commands of one chain, in one transaction."""

    def __init__(self, connection: Connection, chain_id: int) -> None:
        self._connection = connection
        self._chain_id = chain_id

    # Writing -------------------------------------------------------------------------------------

    def submit(
        self,
        command: Command,
        *,
        digest: Digest,
        state: CommandState,
        approvals: Sequence[Signed] = (),
        at: datetime,
        outcome: Outcome | None = None,
        by: str | None = None,
        document: str | None = None,
    ) -> tuple[Stored, bool]:
        """Stores a command; whether it is new. The same key with the same body gives what is stored.

        Args:
            by: who handed it in, for the records, where that is not the maker: the credential of a system.
            document: reference of the document that its evidence is the digest of.
            digest: what its maker and approvers sign.
            state: where it begins: `draft`, or as far as the given approvals bring it.
            approvals: the maker's signature, and those of approvers who are at hand.
            outcome: of a command that is ended already, such as one that the contract would refuse.

        Raises:
            Refusal: `command_key_reused` when another body has the key; nothing was changed.
        """
        outcome = outcome or Outcome()
        added = self._connection.execute(
            insert_or(table)
            .values(
                command_id=command.id,
                chain_id=self._chain_id,
                key=command.key,
                body_digest=command.body_digest(),
                digest=digest,
                state=state.value,
                what=command.what,
                maker=command.maker,
                maker_account=command.maker_account,
                account=command.account,
                duty=None if command.duty is None else command.duty.name,
                target=command.to,
                data=command.data,
                product_id=command.product,
                ref=command.ref,
                evidence=command.evidence,
                gas=command.gas,
                made_at=at,
                changed_at=at,
                **_outcome_columns(outcome),
            )
            .on_conflict_do_nothing(index_elements=["chain_id", "key"])
            .returning(table.c.command_id)
        ).one_or_none()
        if added is None:
            return self._same(command), False
        for each in approvals:
            self._sign(command.id, each)
        self._audit(
            AuditAction.COMMAND_SUBMITTED,
            command.id,
            command.product,
            by=by or command.maker,
            at=at,
            facts={"state": state.value, "ref": command.ref}
            | ({"maker": command.maker, "account": command.maker_account} if by else {})
            | ({"document": document} if document else {}),
            rows=(table, approval_table),
        )
        if state is CommandState.QUEUED:
            self.wake()
        return self.get(command.id), True

    def approve(self, command_id: CommandId, signed: Signed, *, by: str | None = None) -> Stored:
        """Adds an approver's signature. The same signature once more changes nothing.

        Args:
            by: as for `submit`.

        Raises:
            Refusal: `command_unknown`; `same_person` for the maker; `command_not_open` when it is no longer collected.
        """
        stored = self.get(command_id, to_change=True)
        if any(each.account == signed.account for each in stored.approvals[1:]):
            return stored
        if signed.account == stored.command.maker_account or signed.name == stored.command.maker:
            raise Refusal(
                Reason.SAME_PERSON, account=signed.account, role="approver", other="maker"
            )
        if stored.state not in (CommandState.DRAFT, CommandState.CHECKED):
            raise Refusal(Reason.COMMAND_NOT_OPEN, command=command_id, state=stored.state)
        self._sign(command_id, signed)
        self._audit_approval(AuditAction.APPROVAL_GIVEN, stored.command, signed, by=by)
        return self.get(command_id)

    def sign_for_safe(
        self, command_id: CommandId, signed: Signed, *, nonce: int, by: str | None = None
    ) -> None:
        """Keeps an owner's signature over the Safe transaction of that number, in place of an earlier one.

        Args:
            by: as for `submit`.
        """
        signed_before = self._connection.execute(
            update(approval_table)
            .where(
                approval_table.c.command_id == command_id,
                approval_table.c.account == signed.account,
            )
            .values(safe_nonce=nonce, safe_signature=signed.signature)
        )
        if signed_before.rowcount:
            command = self.get(command_id).command
            self._audit_approval(AuditAction.SAFE_SIGNED, command, signed, by=by, nonce=nonce)

    def move(
        self,
        command_id: CommandId,
        state: CommandState,
        *,
        at: datetime,
        outcome: Outcome | None = None,
        by: str | None = None,
    ) -> None:
        """Notes what became of a command. Nothing happens to one that is in that state already.

        Args:
            by: who took it back, where that is not its maker: the credential of a system.

        Raises:
            Refusal: `command_unknown`.
            ValueError: it cannot come to that state from where it is.
        """
        row = self._row(command_id, to_change=True)
        before = CommandState(row.state)
        if before is state and before in ENDED:
            return
        if before is not state:
            require_transition(before, state)
        self._connection.execute(
            update(table)
            .where(table.c.command_id == command_id)
            .values(state=state.value, changed_at=at, **_outcome_columns(outcome or Outcome()))
        )
        self._audit(
            ACTIONS[state],
            command_id,
            row.product_id,
            by=(by or row.maker) if state is CommandState.SUPERSEDED else "genbo",
            at=at,
            facts={"from": before.value, "reason": outcome.reason if outcome else None},
            rows=(table,),
        )
        if state is CommandState.QUEUED:
            self.wake()

    def wake(self) -> None:
        """Tells the senders, when this transaction is committed, that a command waits."""
        self._connection.exec_driver_sql(f"NOTIFY {WAKE}")

    # Questions -----------------------------------------------------------------------------------

    def get(self, command_id: CommandId, *, to_change: bool = False) -> Stored:
        """A command as it stands; with `to_change` nobody else changes it until the transaction ends.

        Raises:
            Refusal: `command_unknown`.
        """
        return self._stored([self._row(command_id, to_change=to_change)])[0]

    def some(self, ids: Collection[CommandId]) -> list[Stored]:
        """Those of these commands that there are, in the order they were made."""
        query = self._select().where(bulk.among(table.c.command_id, ids))
        return self._stored(self._connection.execute(query.order_by(table.c.number)).all())

    def find(self, key: str) -> Stored | None:
        """The command under an idempotency key."""
        found = self._stored(
            self._connection.execute(self._select().where(table.c.key == key)).all()
        )
        return found[0] if found else None

    def calling(self, to: Address | None, data: bytes) -> Stored | None:
        """The last command with exactly these bytes for that contract, that the ledger did not refuse."""
        query = self._select().where(
            table.c.target == to,
            table.c.data == data,
            table.c.state.in_([CommandState.SENT.value, CommandState.FINAL.value]),
        )
        found = self._connection.execute(query.order_by(table.c.number.desc()).limit(1)).all()
        return self._stored(found)[0] if found else None

    def under(self, product: ProductId, ref: Reference) -> list[Stored]:
        """The commands about a product under a business reference, in the order they were made."""
        query = self._select().where(table.c.product_id == product, table.c.ref == ref)
        return self._stored(self._connection.execute(query.order_by(table.c.number)).all())

    def all(
        self,
        *,
        product: ProductId | None = None,
        states: Collection[CommandState] = (),
        most: int | None = None,
    ) -> list[Stored]:
        """Commands in the order they were made: of one product, in some states, the last so many."""
        query = self._select()
        if product is not None:
            query = query.where(table.c.product_id == product)
        if states:
            query = query.where(table.c.state.in_([state.value for state in states]))
        query = query.order_by(table.c.number.desc())
        if most is not None:
            query = query.limit(most)
        return self._stored(self._connection.execute(query).all()[::-1])

    def page(
        self,
        *,
        product: ProductId | None = None,
        duties: Collection[Duty] = (),
        states: Collection[CommandState] = (),
        after: int | None = None,
        most: int,
    ) -> list[tuple[int, Stored]]:
        """Commands with their numbers, the newest first: those below the number `after`.

        Args:
            product: those about a product.
            duties: those about no product, under one of these duties.
        """
        query = self._select().order_by(table.c.number.desc()).limit(most)
        if product is not None:
            query = query.where(table.c.product_id == product)
        if duties:
            names = [each.name for each in duties]
            query = query.where(table.c.product_id.is_(None), table.c.duty.in_(names))
        if states:
            query = query.where(table.c.state.in_([each.value for each in states]))
        if after is not None:
            query = query.where(table.c.number < after)
        rows = self._connection.execute(query).all()
        return list(zip([row.number for row in rows], self._stored(rows), strict=True))

    # Inside --------------------------------------------------------------------------------------

    def _same(self, command: Command) -> Stored:
        stored = self.find(command.key)
        assert stored is not None
        if stored.command.body_digest() != command.body_digest():
            raise Refusal(Reason.COMMAND_KEY_REUSED, key=command.key, command=stored.id)
        return stored

    def _sign(self, command_id: CommandId, signed: Signed) -> None:
        self._connection.execute(
            insert(approval_table).values(
                command_id=command_id,
                account=signed.account,
                name=signed.name,
                signature=signed.signature,
                at=signed.at,
            )
        )

    def _audit(
        self,
        action: AuditAction,
        command: CommandId,
        product: ProductId | None,
        *,
        by: str,
        at: datetime,
        facts: Mapping[str, AuditFact],
        rows: Sequence[Table],
    ) -> None:
        """An entry about a command that vouches for its rows in these tables as they are now."""
        vouched = {
            key: digest
            for each in rows
            for row in vouch(self._connection, each, each.c.command_id == command).values()
            for key, digest in row.items()
        }
        entry = AuditEntry(
            at=at,
            action=action,
            actor=by,
            subject=command,
            product=product,
            command=command,
            facts=facts,
            rows=vouched,
        )
        AuditLog(self._connection).append([entry])

    def _audit_approval(
        self,
        action: AuditAction,
        command: Command,
        signed: Signed,
        *,
        by: str | None,
        **facts: AuditFact,
    ) -> None:
        self._audit(
            action,
            command.id,
            command.product,
            by=by or signed.name,
            at=signed.at,
            facts={"account": signed.account, **facts},
            rows=(approval_table,),
        )

    def _select(self) -> Select[Any]:
        return select(table).where(table.c.chain_id == self._chain_id)

    def _row(self, command_id: CommandId, *, to_change: bool) -> Row[Any]:
        query = self._select().where(table.c.command_id == command_id)
        if to_change:
            query = query.with_for_update()
        row = self._connection.execute(query).one_or_none()
        if row is None:
            raise Refusal(Reason.COMMAND_UNKNOWN, command=command_id)
        return row

    def _stored(self, rows: Sequence[Row[Any]]) -> list[Stored]:
        signed = self._approvals([row.command_id for row in rows])
        return [stored_of(row, signed.get(row.command_id, [])) for row in rows]

    def _approvals(self, ids: Collection[str]) -> dict[str, list[Signed]]:
        found: dict[str, list[Signed]] = {}
        if not ids:
            return found
        rows = self._connection.execute(
            select(approval_table, table.c.maker_account)
            .join_from(approval_table, table)
            .where(bulk.among(approval_table.c.command_id, ids))
            .order_by(
                approval_table.c.command_id,
                approval_table.c.account != table.c.maker_account,
                approval_table.c.at,
                approval_table.c.account,
            )
        )
        for row in rows:
            found.setdefault(row.command_id, []).append(
                Signed(name=row.name, account=row.account, signature=row.signature, at=row.at)
            )
        return found


def stored_of(row: Row[Any], approvals: Sequence[Signed]) -> Stored:
    """A row of `command` with its signatures."""
    return Stored(
        command=Command(
            key=row.key,
            chain_id=row.chain_id,
            what=row.what,
            maker=row.maker,
            maker_account=row.maker_account,
            account=row.account,
            duty=None if row.duty is None else Duty[row.duty],
            to=row.target,
            data=row.data,
            product=row.product_id,
            ref=row.ref,
            evidence=row.evidence,
            gas=row.gas,
        ),
        state=CommandState(row.state),
        digest=row.digest,
        outcome=Outcome(
            tx=row.tx,
            block=row.block,
            gas_used=row.gas_used,
            reason=None if row.reason is None else Reason(row.reason),
            facts=row.facts,
        ),
        made_at=row.made_at,
        changed_at=row.changed_at,
        approvals=tuple(approvals),
    )


def _outcome_columns(outcome: Outcome) -> dict[str, Any]:
    return {
        "reason": None if outcome.reason is None else outcome.reason.value,
        "facts": dict(outcome.facts),
        "tx": outcome.tx,
        "block": outcome.block,
        "gas_used": outcome.gas_used,
    }
