"""Commands in the database.

given a command
├── when it is submitted again with the same body: it should be the stored one, whatever became of it
├── when its key comes with another body: it should be refused, and nothing changed
├── when many submit it at once: one should store it
├── when its transaction fails: neither it nor its effects should be there
└── when it moves on: only along its tree
given a command that waits for approvals
├── when somebody else signs: the signature should stand after the maker's, once
├── when the maker signs again under another name: it should be refused
└── when it has ended: nobody signs any more
given the outbox
├── it should give each number once, and refuse whoever was overtaken
├── it should refuse a second transaction of a command that may still run
└── when the database restarts between two steps: what was committed should stand
given two processes
└── they should not have the lead of one signer, and when one dies the other gets it
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import IntegrityError
from tests.storage.builders import CHAIN, P1, START, account, deploy, word

from genbo.governance import (
    Attempt,
    Command,
    CommandState,
    Duty,
    Entry,
    EntryState,
    Outcome,
    Seen,
    Signed,
)
from genbo.governance.ports import Lead, LeadLost, Settled
from genbo.kernel import Digest, Reason, Refusal
from genbo.storage.bell import Bell
from genbo.storage.commands import Commands
from genbo.storage.engine import Database
from genbo.storage.leads import Leads
from genbo.storage.outbox import StoredOutbox

MAKER, APPROVER, SAFE, TOKEN = account(11), account(12), account(13), account(14)
COMMAND = Command(
    key="k-1",
    chain_id=CHAIN,
    what="issue 10",
    maker="issue-1",
    maker_account=MAKER,
    account=SAFE,
    duty=Duty.ISSUER,
    to=TOKEN,
    data=b"\x01\x02",
    product=P1,
)
DIGEST = Digest(word(77))


def signed(name: str = "issue-1", number: int = 11) -> Signed:
    return Signed(name=name, account=account(number), signature=bytes(65), at=START)


@pytest.fixture
def commands(connection: Connection) -> Commands:
    deploy(connection)
    return Commands(connection, CHAIN)


def submit(commands: Commands, command: Command = COMMAND, **how: object) -> bool:
    given: dict[str, object] = {"state": CommandState.CHECKED, "approvals": [signed()]}
    _, new = commands.submit(command, digest=DIGEST, at=START, **{**given, **how})  # type: ignore[arg-type]
    return new


# Commands -------------------------------------------------------------------------------------------


def test_submit__read_back__is_what_was_ordered(commands: Commands) -> None:
    assert submit(commands)
    stored = commands.get(COMMAND.id)
    assert stored.command == COMMAND
    assert (stored.state, stored.digest, stored.approvals) == (
        CommandState.CHECKED,
        DIGEST,
        (signed(),),
    )
    assert commands.find("k-1") == stored
    assert commands.all(product=P1, states=[CommandState.CHECKED]) == [stored]


def test_submit__same_body_again__is_the_stored_answer(commands: Commands) -> None:
    submit(commands, state=CommandState.QUEUED)
    refused = Outcome(reason=Reason.CAP_EXCEEDED, facts={"cap": 5})
    commands.move(COMMAND.id, CommandState.REFUSED, at=START, outcome=refused)
    again, new = commands.submit(COMMAND, digest=DIGEST, state=CommandState.QUEUED, at=START)
    assert not new
    assert (again.state, again.outcome) == (CommandState.REFUSED, refused)
    assert len(commands.all()) == 1


def test_submit__other_body_under_the_key__is_refused(commands: Commands) -> None:
    submit(commands)
    with pytest.raises(Refusal) as refused:
        submit(commands, replace(COMMAND, data=b"\x01\x03"))
    assert refused.value.reason is Reason.COMMAND_KEY_REUSED
    assert commands.get(COMMAND.id).command == COMMAND


def test_submit__many_at_once__stores_one(database: Database) -> None:
    with database.begin() as connection:
        deploy(connection)
    new: list[bool] = []

    def client() -> None:
        with database.begin() as connection:
            new.append(submit(Commands(connection, CHAIN)))

    clients = [threading.Thread(target=client) for _ in range(12)]
    for each in clients:
        each.start()
    for each in clients:
        each.join()
    assert sorted(new) == [False] * 11 + [True]


def test_submit__transaction_fails__leaves_neither_command_nor_effect(database: Database) -> None:
    with database.begin() as connection:
        deploy(connection)

    def order() -> None:
        with database.begin() as connection:
            submit(Commands(connection, CHAIN))
            connection.execute(text("UPDATE product SET updated_by = 'effect'"))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        order()
    with database.read() as connection:
        assert Commands(connection, CHAIN).find("k-1") is None
        assert connection.scalar(text("SELECT updated_by FROM product")) != "effect"


def test_get__unknown__is_refused(commands: Commands) -> None:
    with pytest.raises(Refusal) as refused:
        commands.get(COMMAND.id)
    assert refused.value.reason is Reason.COMMAND_UNKNOWN


def test_move__off_the_tree__is_a_defect(commands: Commands) -> None:
    submit(commands)
    with pytest.raises(ValueError, match="does not go from checked to final"):
        commands.move(COMMAND.id, CommandState.FINAL, at=START)


# Approvals ------------------------------------------------------------------------------------------


def test_approve__somebody_else__stands_after_the_maker_once(commands: Commands) -> None:
    submit(commands)
    approver = signed("issue-2", 12)
    commands.approve(COMMAND.id, approver)
    stored = commands.approve(COMMAND.id, approver)
    assert stored.approvals == (signed(), approver)
    assert stored.approvers == ("issue-2",)


@pytest.mark.parametrize(
    "again", [signed("somebody-else", 11), signed("issue-1", 15)], ids=["same key", "same name"]
)
def test_approve__maker_again__is_refused(commands: Commands, again: Signed) -> None:
    submit(commands)
    with pytest.raises(Refusal) as refused:
        commands.approve(COMMAND.id, again)
    assert refused.value.reason is Reason.SAME_PERSON


def test_approve__ended__is_refused(commands: Commands) -> None:
    submit(commands)
    commands.move(COMMAND.id, CommandState.SUPERSEDED, at=START)
    with pytest.raises(Refusal) as refused:
        commands.approve(COMMAND.id, signed("issue-2", 12))
    assert refused.value.reason is Reason.COMMAND_NOT_OPEN


# The outbox -----------------------------------------------------------------------------------------


@pytest.fixture
def outbox(connection: Connection, commands: Commands) -> StoredOutbox:
    for number in range(3):
        submit(commands, replace(COMMAND, key=f"k-{number}"), state=CommandState.QUEUED)
    return StoredOutbox(connection, CHAIN)


@pytest.fixture
def lead(outbox: StoredOutbox) -> Lead:
    return outbox.take_lead(MAKER, by="a", at=START)


def entry(number: int, key: str | None = None) -> Entry:
    attempt = Attempt(tx=Digest(word(number + 500)), raw=b"\x02", price=3, tip=1, signed_at=START)
    return Entry(
        signer=MAKER,
        nonce=number,
        command=None if key is None else replace(COMMAND, key=key).id,
        account=MAKER if key is None else SAFE,
        gas=50_000,
        state=EntryState.SIGNED,
        since=START,
        attempts=(attempt,),
    )


def test_outbox__kept__reads_back_and_moves_the_commands(
    outbox: StoredOutbox, lead: Lead, commands: Commands
) -> None:
    assert [each.command.key for each in outbox.waiting([SAFE], most=2)] == ["k-0", "k-1"]
    outbox.add(lead, [entry(5, "k-0"), entry(6)])
    assert outbox.open(MAKER) == [entry(5, "k-0"), entry(6)]
    assert outbox.numbers(MAKER, first=6) == (7, frozenset({6}))
    assert commands.find("k-0").state is CommandState.SENT  # type: ignore[union-attr]
    assert [each.command.key for each in outbox.waiting([SAFE], most=9)] == ["k-1", "k-2"]


def test_outbox__overtaken__keeps_nothing(outbox: StoredOutbox, lead: Lead) -> None:
    outbox.take_lead(MAKER, by="b", at=START)
    with pytest.raises(LeadLost):
        outbox.add(lead, [entry(0, "k-0")])
    with pytest.raises(LeadLost):
        outbox.bump(lead, entry(0, "k-0"), entry(1).last, at=START)
    settled = Settled(entry=entry(0, "k-0"), state=EntryState.SENT)
    with pytest.raises(LeadLost):
        outbox.settle(lead, [settled], at=START)
    assert outbox.open(MAKER) == []


def test_outbox__number_twice__is_refused_by_the_database(outbox: StoredOutbox, lead: Lead) -> None:
    outbox.add(lead, [entry(0, "k-0")])
    with pytest.raises(IntegrityError, match="outbox_pk"):
        outbox.add(lead, [entry(0, "k-1")])


def test_outbox__second_transaction_of_a_command__is_refused_by_the_database(
    outbox: StoredOutbox, lead: Lead, connection: Connection
) -> None:
    outbox.add(lead, [entry(0, "k-0")])
    connection.execute(text("UPDATE command SET state = 'queued'"))
    with pytest.raises(IntegrityError, match="outbox_live_uq"):
        outbox.add(lead, [entry(1, "k-0")])


def test_outbox__lost__lets_the_command_go_again(
    outbox: StoredOutbox, lead: Lead, commands: Commands
) -> None:
    outbox.add(lead, [entry(0, "k-0")])
    outbox.settle(lead, [Settled(entry=entry(0, "k-0"), state=EntryState.LOST)], at=START)
    assert commands.find("k-0").state is CommandState.QUEUED  # type: ignore[union-attr]
    outbox.add(lead, [entry(1, "k-0")])
    assert [each.nonce for each in outbox.open(MAKER)] == [1]


def test_outbox__settled__tells_the_command_where_it_stands(
    outbox: StoredOutbox, lead: Lead, commands: Commands
) -> None:
    outbox.add(lead, [entry(0, "k-0")])
    seen = Seen(tx=entry(0).last.tx, block=9, succeeded=True, gas_used=40_000)
    for state in (EntryState.MINED, EntryState.DONE):
        (now,) = outbox.open(MAKER)
        outbox.settle(lead, [Settled(entry=now, state=state, seen=seen)], at=START)
    stored = commands.find("k-0")
    assert stored is not None
    assert stored.state is CommandState.FINAL
    assert (stored.outcome.block, stored.outcome.gas_used) == (9, 40_000)
    assert outbox.raw(seen.tx) == b"\x02"
    assert outbox.open(MAKER) == []


# Two processes --------------------------------------------------------------------------------------


@pytest.fixture
def pair(database: Database) -> Iterator[tuple[Leads, Leads]]:
    with database.begin() as connection:
        deploy(connection)
    first, second = (Leads(database, CHAIN, by=name, clock=lambda: START) for name in "ab")
    yield first, second
    first.close()
    second.close()


def test_lead__of_one_signer__has_one_process(pair: tuple[Leads, Leads]) -> None:
    first, second = pair
    lead = first.take(MAKER)
    assert lead is not None
    assert first.take(MAKER) == lead
    assert second.take(MAKER) is None
    assert second.take(APPROVER) is not None
    assert first.take(APPROVER) is None


def test_lead__process_ends__goes_to_the_other(pair: tuple[Leads, Leads]) -> None:
    first, second = pair
    lead = first.take(MAKER)
    first.close()
    taken = second.take(MAKER)
    assert lead is not None
    assert taken is not None
    assert taken.epoch == lead.epoch + 1


def test_lead__connection_is_lost__is_gone_and_refused(
    pair: tuple[Leads, Leads], database: Database
) -> None:
    first, second = pair
    lead = first.take(MAKER)
    assert lead is not None
    with database.begin() as connection:
        connection.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory'"
                " AND pid <> pg_backend_pid()"
            )
        )
    assert second.take(MAKER) is not None
    assert first.take(MAKER) is None
    with pytest.raises(LeadLost), database.begin() as connection:
        StoredOutbox(connection, CHAIN).add(lead, [entry(0)])


def test_bell__command_is_stored__wakes(database: Database) -> None:
    with database.begin() as connection:
        deploy(connection)
    bell = Bell(database)
    bell.wait(0.01)  # listens from now on
    with database.begin() as connection:
        submit(Commands(connection, CHAIN), state=CommandState.QUEUED)
    waited = threading.Thread(target=bell.wait, args=(timedelta(minutes=1).total_seconds(),))
    waited.start()
    waited.join(timeout=10)
    assert not waited.is_alive()
    bell.close()
