"""The outbox (送信簿): numbers of our signers, and signed transactions that are committed before anybody hears of them.

The database itself refuses a second transaction for a command that may still run (`outbox_live_uq`), a number given out
twice (the primary key), and whoever was overtaken as sender of a signer (the epoch).
"""

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, insert, select, update
from sqlalchemy.dialects.postgresql import insert as insert_or

from genbo.governance import (
    Attempt,
    AuditAction,
    AuditEntry,
    CommandId,
    CommandState,
    Entry,
    EntryState,
    Outcome,
    Signed,
    Stored,
)
from genbo.governance.command import ENDED
from genbo.governance.dispatch import OPEN, require_transition
from genbo.governance.ports import Lead, LeadLost, Settled
from genbo.kernel import Address, Digest, Refusal
from genbo.storage import bulk
from genbo.storage.audit import AuditLog
from genbo.storage.commands import Commands
from genbo.storage.commands_in_bulk import CommandsInBulk
from genbo.storage.engine import Database
from genbo.storage.tables import approval as approval_table
from genbo.storage.tables import attempt as attempt_table
from genbo.storage.tables import command as command_table
from genbo.storage.tables import outbox as table
from genbo.storage.tables import signer as signer_table
from genbo.storage.witness import vouch

_OPEN = [state.value for state in OPEN]


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenNumber:
    """A number of a signer that was given out."""

    signer: Address
    nonce: int
    command: CommandId | None
    done: bool
    """Whether its transaction stands in a final block, with success."""
    tx: Digest | None
    block: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class UnderWay:
    """How sending stands."""

    queued: int
    """Commands that wait to be sent."""
    oldest_queued: datetime | None
    checked: int
    """Commands that wait for approvals."""
    under_way: int
    """Transactions that are not final."""
    unknown: int
    """Of them, those whose outcome has not been known for longer than patience lasts."""
    oldest_unknown: datetime | None
    taken: int
    """Numbers of our signers that somebody else's transactions used."""
    last_taken: datetime | None


class StoredOutbox:
    """The outbox of one chain, in one transaction. A `governance.ports.Outbox`."""

    def __init__(self, connection: Connection, chain_id: int) -> None:
        self._connection = connection
        self._chain_id = chain_id
        self._commands = Commands(connection, chain_id)
        self._in_bulk = CommandsInBulk(connection, chain_id)

    def take_lead(self, signer: Address, *, by: str, at: datetime) -> Lead:
        """Makes this process the one that sends for the signer; whoever did before is refused from now on.

        Args:
            by: which process it is.
        """
        epoch = self._connection.scalar(
            insert_or(signer_table)
            .values(
                chain_id=self._chain_id, address=signer, next_nonce=0, epoch=1, led_by=by, led_at=at
            )
            .on_conflict_do_update(
                index_elements=["chain_id", "address"],
                set_={"epoch": signer_table.c.epoch + 1, "led_by": by, "led_at": at},
            )
            .returning(signer_table.c.epoch)
        )
        assert epoch is not None
        return Lead(signer=signer, epoch=epoch)

    def accounts_with_work(self) -> set[Address]:
        """Accounts with queued commands, and signers with entries that are still looked after."""
        waiting = self._connection.scalars(
            select(command_table.c.account)
            .where(
                command_table.c.chain_id == self._chain_id,
                command_table.c.state == CommandState.QUEUED.value,
            )
            .distinct()
        ).all()
        looked_after = self._connection.scalars(
            select(table.c.signer)
            .where(table.c.chain_id == self._chain_id, table.c.state.in_(_OPEN))
            .distinct()
        ).all()
        return {Address(each) for each in (*waiting, *looked_after)}

    def given_numbers(self) -> list[GivenNumber]:
        """Every number that was ever given out, by signer."""
        rows = self._connection.execute(
            select(table)
            .where(table.c.chain_id == self._chain_id)
            .order_by(table.c.signer, table.c.nonce)
        )
        return [
            GivenNumber(
                signer=row.signer,
                nonce=row.nonce,
                command=row.command_id,
                done=row.state == EntryState.DONE.value,
                tx=row.tx,
                block=row.block,
            )
            for row in rows
        ]

    def under_way(self) -> UnderWay:
        """How sending stands."""
        state, since = command_table.c.state, command_table.c.changed_at
        commands = self._connection.execute(
            select(state, func.count().label("count"), func.min(since).label("oldest"))
            .where(command_table.c.chain_id == self._chain_id)
            .where(state.not_in([each.value for each in ENDED]))
            .group_by(state)
        ).all()
        waiting = {row.state: (int(row._mapping["count"]), row.oldest) for row in commands}
        entries = self._connection.execute(
            select(
                table.c.state,
                func.count().label("count"),
                func.min(table.c.since).label("oldest"),
                func.max(table.c.since).label("newest"),
            )
            .where(table.c.chain_id == self._chain_id)
            .where(table.c.state.in_([*_OPEN, EntryState.LOST.value]))
            .group_by(table.c.state)
        ).all()
        sent = {row.state: row for row in entries}
        unknown, lost = sent.get(EntryState.UNKNOWN.value), sent.get(EntryState.LOST.value)
        queued = waiting.get(CommandState.QUEUED.value, (0, None))
        return UnderWay(
            queued=queued[0],
            oldest_queued=queued[1],
            checked=waiting.get(CommandState.CHECKED.value, (0, None))[0],
            under_way=sum(int(sent[each]._mapping["count"]) for each in _OPEN if each in sent),
            unknown=0 if unknown is None else int(unknown._mapping["count"]),
            oldest_unknown=None if unknown is None else unknown.oldest,
            taken=0 if lost is None else int(lost._mapping["count"]),
            last_taken=None if lost is None else lost.newest,
        )

    def raw(self, tx: Digest | None) -> bytes | None:
        """The signed bytes of a transaction of ours."""
        if tx is None:
            return None
        return self._connection.scalar(
            select(attempt_table.c.raw).where(
                attempt_table.c.chain_id == self._chain_id, attempt_table.c.tx == tx
            )
        )

    # The port ------------------------------------------------------------------------------------

    def waiting(self, accounts: Collection[Address], *, most: int) -> list[Stored]:
        rows = self._connection.execute(
            select(command_table.c.command_id)
            .where(
                command_table.c.chain_id == self._chain_id,
                bulk.among(command_table.c.account, accounts),
                command_table.c.state == CommandState.QUEUED.value,
            )
            .order_by(command_table.c.number)
            .limit(most)
        )
        return self._commands.some([CommandId(row.command_id) for row in rows])

    def command(self, command: CommandId) -> Stored:
        return self._commands.get(command)

    def open(self, signer: Address) -> list[Entry]:
        rows = self._connection.execute(
            select(table, command_table.c.account)
            .outerjoin(command_table, command_table.c.command_id == table.c.command_id)
            .where(
                table.c.chain_id == self._chain_id,
                table.c.signer == signer,
                table.c.state.in_(_OPEN),
            )
            .order_by(table.c.nonce)
        ).all()
        attempts: dict[int, list[Attempt]] = {}
        if rows:
            for row in self._connection.execute(
                select(attempt_table)
                .where(
                    attempt_table.c.chain_id == self._chain_id,
                    attempt_table.c.signer == signer,
                    bulk.among(attempt_table.c.nonce, [row.nonce for row in rows]),
                )
                .order_by(attempt_table.c.nonce, attempt_table.c.ordinal)
            ):
                attempts.setdefault(row.nonce, []).append(
                    Attempt(
                        tx=row.tx,
                        raw=row.raw,
                        price=row.price,
                        tip=row.tip,
                        signed_at=row.signed_at,
                    )
                )
        return [
            Entry(
                signer=signer,
                nonce=row.nonce,
                command=row.command_id,
                account=row.account or signer,
                gas=row.gas,
                state=EntryState(row.state),
                since=row.since,
                attempts=tuple(attempts[row.nonce]),
                block=row.block,
                tx=row.tx,
                gas_used=row.gas_used,
            )
            for row in rows
        ]

    def numbers(self, signer: Address, *, first: int) -> tuple[int, frozenset[int]]:
        next_number = self._connection.scalar(
            select(signer_table.c.next_nonce).where(*self._of(signer))
        )
        given = self._connection.scalars(
            select(table.c.nonce).where(
                table.c.chain_id == self._chain_id, table.c.signer == signer, table.c.nonce >= first
            )
        )
        return int(next_number or 0), frozenset(given)

    def add(self, lead: Lead, entries: Sequence[Entry]) -> None:
        if not entries:
            return
        after = max(entry.nonce for entry in entries) + 1
        self._require(lead, next_nonce=func.greatest(signer_table.c.next_nonce, after))
        self._connection.execute(
            insert(table),
            [
                {
                    "chain_id": self._chain_id,
                    "signer": entry.signer,
                    "nonce": entry.nonce,
                    "command_id": entry.command,
                    "gas": entry.gas,
                    "state": entry.state.value,
                    "since": entry.since,
                }
                for entry in entries
            ],
        )
        self._connection.execute(
            insert(attempt_table),
            [
                self._attempt(entry, number, attempt)
                for entry in entries
                for number, attempt in enumerate(entry.attempts)
            ],
        )
        self._audit(
            AuditAction.TRANSACTION_SIGNED,
            [(entry, attempt) for entry in entries for attempt in entry.attempts],
        )
        self._in_bulk.move(
            [
                (entry.command, CommandState.SENT, Outcome())
                for entry in entries
                if entry.command is not None
            ],
            at=entries[0].since,
        )

    def bump(self, lead: Lead, entry: Entry, attempt: Attempt, *, at: datetime) -> None:
        self._require(lead)
        require_transition(entry.state, EntryState.SIGNED)
        self._connection.execute(
            insert(attempt_table).values(self._attempt(entry, len(entry.attempts), attempt))
        )
        self._audit(AuditAction.TRANSACTION_REPLACED, [(entry, attempt)])
        self._connection.execute(
            update(table).where(*self._at(entry)).values(state=EntryState.SIGNED.value, since=at)
        )

    def settle(self, lead: Lead, settled: Sequence[Settled], *, at: datetime) -> None:
        if not settled:
            return
        self._require(lead)
        rows: list[dict[str, Any]] = []
        for each in settled:
            require_transition(each.entry.state, each.state)
            seen = each.seen
            rows.append(
                {
                    "chain_id": self._chain_id,
                    "signer": each.entry.signer,
                    "nonce": each.entry.nonce,
                    "state": each.state.value,
                    "since": at if each.state is not each.entry.state else each.entry.since,
                    "tx": None if seen is None else seen.tx,
                    "block": None if seen is None else seen.block,
                    "gas_used": None if seen is None else seen.gas_used,
                }
            )
        with bulk.given(self._connection, table, list(rows[0]), rows) as these:
            new = these.new.c
            self._connection.execute(
                update(table)
                .where(
                    table.c.chain_id == new.chain_id,
                    table.c.signer == new.signer,
                    table.c.nonce == new.nonce,
                )
                .values(
                    {name: new[name] for name in ("state", "since", "tx", "block", "gas_used")}
                ),
                these.parameters,
            )
        self._in_bulk.move(
            [
                (each.entry.command, *_outcome(each))
                for each in settled
                if each.entry.command is not None
            ],
            at=at,
        )

    def refuse(self, lead: Lead, command: CommandId, refusal: Refusal, *, at: datetime) -> None:
        self._require(lead)
        self._commands.move(
            command,
            CommandState.REFUSED,
            at=at,
            outcome=Outcome(reason=refusal.reason, facts=refusal.facts),
        )

    def safe_signatures(self, command: CommandId, *, nonce: int) -> list[Signed]:
        rows = self._connection.execute(
            select(approval_table).where(
                approval_table.c.command_id == command, approval_table.c.safe_nonce == nonce
            )
        )
        return [
            Signed(name=row.name, account=row.account, signature=row.safe_signature, at=row.at)
            for row in rows
        ]

    def sign_for_safe(self, lead: Lead, command: CommandId, signed: Signed, *, nonce: int) -> None:
        self._require(lead)
        self._commands.sign_for_safe(command, signed, nonce=nonce)

    # Inside --------------------------------------------------------------------------------------

    def _audit(self, action: AuditAction, signed: Sequence[tuple[Entry, Attempt]]) -> None:
        """An entry for each signed transaction, which vouches for its exact bytes."""
        ours = attempt_table.c.tx
        rows = vouch(
            self._connection,
            attempt_table,
            attempt_table.c.chain_id == self._chain_id,
            bulk.among(ours, [attempt.tx for _, attempt in signed]),
        )
        AuditLog(self._connection).append(
            AuditEntry(
                at=attempt.signed_at,
                action=action,
                actor="sender",
                subject=attempt.tx,
                command=entry.command,
                facts={"signer": entry.signer, "nonce": entry.nonce},
                rows=rows[self._chain_id, attempt.tx],
            )
            for entry, attempt in signed
        )

    def _require(self, lead: Lead, **values: Any) -> None:
        """Holds the signer's row, if this process still sends for it."""
        held = self._connection.execute(
            update(signer_table)
            .where(*self._of(lead.signer), signer_table.c.epoch == lead.epoch)
            .values(**(values or {"epoch": lead.epoch}))
            .returning(signer_table.c.epoch)
        ).one_or_none()
        if held is None:
            raise LeadLost(lead.signer)

    def _of(self, signer: Address) -> tuple[Any, ...]:
        return (signer_table.c.chain_id == self._chain_id, signer_table.c.address == signer)

    def _at(self, entry: Entry) -> tuple[Any, ...]:
        return (
            table.c.chain_id == self._chain_id,
            table.c.signer == entry.signer,
            table.c.nonce == entry.nonce,
        )

    def _attempt(self, entry: Entry, ordinal: int, attempt: Attempt) -> dict[str, Any]:
        return {
            "chain_id": self._chain_id,
            "tx": attempt.tx,
            "signer": entry.signer,
            "nonce": entry.nonce,
            "ordinal": ordinal,
            "raw": attempt.raw,
            "price": attempt.price,
            "tip": attempt.tip,
            "signed_at": attempt.signed_at,
        }


class OutboxOf:
    """The outbox of one chain in one database. A `governance.ports.OpenOutbox`."""

    def __init__(self, database: Database, chain_id: int) -> None:
        self._database = database
        self._chain_id = chain_id

    @contextmanager
    def __call__(self) -> Iterator[StoredOutbox]:
        with self._database.begin() as connection:
            yield StoredOutbox(connection, self._chain_id)


def _outcome(settled: Settled) -> tuple[CommandState, Outcome]:
    """What its command came to, by what became of an entry."""
    seen = settled.seen
    outcome = Outcome()
    if seen is not None:
        outcome = Outcome(tx=seen.tx, block=seen.block, gas_used=seen.gas_used)
    match settled.state:
        case EntryState.DONE:
            return CommandState.FINAL, outcome
        case EntryState.FAILED:
            assert settled.refusal is not None
            refusal = settled.refusal
            return CommandState.REFUSED, replace(
                outcome, reason=refusal.reason, facts=refusal.facts
            )
        case EntryState.LOST:
            return CommandState.QUEUED, outcome
        case _:
            return CommandState.SENT, outcome
