"""Commands in bulk (指図の一括記録): many commands that come, go and end together, each with its own entry.

What the audit chain says of each is what `Commands` would have said; only the statements are fewer.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection, Table, select, update

from genbo.governance import (
    AuditAction,
    AuditEntry,
    Command,
    CommandId,
    CommandState,
    Outcome,
    Signed,
)
from genbo.governance.audit import AuditFact
from genbo.governance.command import ENDED, require_transition
from genbo.kernel import Digest
from genbo.storage import bulk
from genbo.storage.audit import AuditLog
from genbo.storage.commands import ACTIONS, Commands
from genbo.storage.tables import approval as approval_table
from genbo.storage.tables import command as table
from genbo.storage.witness import vouch


class CommandsInBulk:
    """Many commands of one chain, in one transaction."""

    def __init__(self, connection: Connection, chain_id: int) -> None:
        self._connection = connection
        self._chain_id = chain_id

    def queue(self, commands: Sequence[tuple[Command, Digest, Signed]], *, at: datetime) -> bool:
        """Stores new commands, each with what its maker signs and the maker's signature, ready to be sent; False when
        somebody else has stored one of them meanwhile: then the transaction has to be taken back."""
        if not commands:
            return True
        rows = [
            {
                "command_id": command.id,
                "chain_id": self._chain_id,
                "key": command.key,
                "body_digest": command.body_digest(),
                "digest": digest,
                "state": CommandState.QUEUED.value,
                "what": command.what,
                "maker": command.maker,
                "maker_account": command.maker_account,
                "account": command.account,
                "duty": None if command.duty is None else command.duty.name,
                "target": command.to,
                "data": command.data,
                "product_id": command.product,
                "ref": command.ref,
                "evidence": command.evidence,
                "gas": command.gas,
                "made_at": at,
                "changed_at": at,
            }
            for command, digest, _ in commands
        ]
        if bulk.insert_new(self._connection, table, rows) != len(rows):
            return False
        bulk.insert_new(
            self._connection,
            approval_table,
            [
                {
                    "command_id": command.id,
                    "account": signed.account,
                    "name": signed.name,
                    "signature": signed.signature,
                    "at": signed.at,
                }
                for command, _, signed in commands
            ],
        )
        vouched = self._vouch([command.id for command, _, _ in commands], table, approval_table)
        AuditLog(self._connection).append(
            AuditEntry(
                at=at,
                action=AuditAction.COMMAND_SUBMITTED,
                actor=command.maker,
                subject=command.id,
                product=command.product,
                command=command.id,
                facts={"state": CommandState.QUEUED.value, "ref": command.ref},
                rows=vouched[command.id],
            )
            for command, _, _ in commands
        )
        Commands(self._connection, self._chain_id).wake()
        return True

    def move(
        self,
        moves: Sequence[tuple[CommandId, CommandState, Outcome]],
        *,
        at: datetime,
    ) -> None:
        """Notes what became of commands, as `Commands.move` does for one. Raises as it does."""
        one_by_one = [each for each in moves if each[2].reason is not None]
        together = {each[0]: each for each in moves if each[2].reason is None}
        for command, state, outcome in one_by_one:
            Commands(self._connection, self._chain_id).move(command, state, at=at, outcome=outcome)
        if len(together) < 2:
            for command, state, outcome in together.values():
                Commands(self._connection, self._chain_id).move(
                    command, state, at=at, outcome=outcome
                )
            return
        before = {
            CommandId(row.command_id): row
            for row in self._connection.execute(
                select(table.c.command_id, table.c.state, table.c.product_id, table.c.maker)
                .where(bulk.among(table.c.command_id, together))
                .order_by(table.c.command_id)
                .with_for_update()
            )
        }
        moved: list[tuple[CommandId, CommandState, Outcome]] = []
        for command, state, outcome in together.values():
            was = CommandState(before[command].state)
            if was is state and was in ENDED:
                continue
            if was is not state:
                require_transition(was, state)
            moved.append((command, state, outcome))
        self._write(moved, at)
        vouched = self._vouch([command for command, _, _ in moved], table)
        AuditLog(self._connection).append(
            AuditEntry(
                at=at,
                action=ACTIONS[state],
                actor=before[command].maker if state is CommandState.SUPERSEDED else "genbo",
                subject=command,
                product=before[command].product_id,
                command=command,
                facts=_from(before[command].state),
                rows=vouched[command],
            )
            for command, state, _ in moved
        )
        if any(state is CommandState.QUEUED for _, state, _ in moved):
            Commands(self._connection, self._chain_id).wake()

    # Inside --------------------------------------------------------------------------------------

    def _write(
        self, moved: Sequence[tuple[CommandId, CommandState, Outcome]], at: datetime
    ) -> None:
        rows = [
            {
                "command_id": command,
                "state": state.value,
                "changed_at": at,
                "tx": outcome.tx,
                "block": outcome.block,
                "gas_used": outcome.gas_used,
            }
            for command, state, outcome in moved
        ]
        if not rows:
            return
        names = list(rows[0])
        with bulk.given(self._connection, table, names, rows) as these:
            self._connection.execute(
                update(table)
                .where(table.c.command_id == these.new.c.command_id)
                .values(reason=None, facts={}, **{name: these.new.c[name] for name in names[1:]}),
                these.parameters,
            )

    def _vouch(
        self, commands: Sequence[CommandId], *tables: Table
    ) -> Mapping[CommandId, dict[str, str]]:
        """The rows of each command in these tables, as they are now."""
        found: dict[CommandId, dict[str, str]] = {each: {} for each in commands}
        for each in tables:
            vouched = vouch(self._connection, each, bulk.among(each.c.command_id, commands))
            for key, rows in vouched.items():
                found[key[0]] |= rows
        return found


def _from(state: str) -> dict[str, AuditFact]:
    return {"from": state, "reason": None}
