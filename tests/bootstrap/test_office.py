"""Orders, approvals and bulk acts of a whole office, on an embedded chain and a real database.

given an act ordered under a key
├── when it is ordered again: it should be done once, with the same answer
├── when the key comes with another body: it should be refused
├── when its effects fail: nothing of it should be there
└── when it was refused: ordered again, it should be refused with the same reason
given an act of two persons
├── when one orders it alone: it should be refused, and nothing be sent
├── when it is proposed and somebody else approves: it should be done, by one Safe transaction
├── when the maker, or somebody who does not own the account, approves: it should be refused
├── when it is withdrawn: it should never happen
└── its evidence should prove who approved which bytes, and not when a byte of it is changed
given a bulk act
├── when a row cannot succeed: that row alone should be refused, with its reason
├── when it is ordered again: nothing should happen twice
├── when it is interrupted and another office takes it up: it should go on where it stood
├── when it is cancelled: no further batch should go out
└── its progress should only grow
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection, text
from tests.support.chain import GENESIS
from tests.support.office import PRODUCT, Firm, found_firm

from genbo.bootstrap.health import jobs, sender
from genbo.bootstrap.office import Office
from genbo.bootstrap.sending_check import sending_findings
from genbo.chain.command_evidence import evidence_of, verify_evidence
from genbo.chain.embedded import EmbeddedNode
from genbo.governance import CommandState, Duty, Job, JobKind, JobRow
from genbo.governance.job import JobState
from genbo.kernel import Digest, Fault, Reason, Reference, Refusal, Units
from genbo.reconciliation.invariants import Finding
from genbo.storage.commands import Commands
from genbo.storage.engine import Database
from genbo.storage.jobs import Jobs
from genbo.storage.outbox import StoredOutbox
from genbo.token import Act


@pytest.fixture
def firm(database: Database, tmp_path: Path) -> Iterator[Firm]:
    made = found_firm(EmbeddedNode(genesis_at=GENESIS), database, tmp_path)
    yield made
    made.office.close()


def restarted(firm: Firm) -> Firm:
    """The same chain and database, in the hands of another process."""
    firm.office.close()
    return Firm(Office(firm.office.house, firm.office.deployment))


def papers(ref: str) -> Act:
    return Act(ref=Reference(ref), evidence=Digest("0x" + 64 * "a"))


def outbox_rows(firm: Firm) -> int:
    with firm.office.house.database.read() as connection:
        return int(connection.scalar(text("SELECT count(*) FROM outbox")) or 0)


# Keys -----------------------------------------------------------------------------------------------


def test_act__ordered_again__is_done_once_with_the_same_answer(firm: Firm) -> None:
    close, count = firm.office.platform.close_market(), outbox_rows(firm)
    first = firm.office.act(close, Duty.MARKET_OPERATOR, key="close-1")
    second = firm.office.act(close, Duty.MARKET_OPERATOR, key="close-1")
    third = restarted(firm).office.act(close, Duty.MARKET_OPERATOR, key="close-1")
    assert first == second == third
    assert outbox_rows(firm) == count + 1


def test_act__key_with_another_body__is_refused(firm: Firm) -> None:
    firm.office.act(firm.office.platform.close_market(), Duty.MARKET_OPERATOR, key="k")
    with pytest.raises(Refusal) as refused:
        firm.office.act(firm.office.platform.open_market(), Duty.MARKET_OPERATOR, key="k")
    assert refused.value.reason is Reason.COMMAND_KEY_REUSED


def test_act__effects_fail__leaves_nothing(firm: Firm) -> None:
    def fail(_: Connection) -> None:
        raise RuntimeError

    count = outbox_rows(firm)
    with pytest.raises(RuntimeError):
        firm.office.act(
            firm.office.platform.close_market(), Duty.MARKET_OPERATOR, key="k", effects=fail
        )
    with firm.office.house.database.read() as connection:
        assert Commands(connection, firm.office.deployment.chain_id).find("k") is None
    assert outbox_rows(firm) == count


def test_act__refused__is_refused_again_with_the_same_reason(firm: Firm) -> None:
    resume = firm.office.platform.resume()
    for _ in range(2):
        with pytest.raises(Refusal) as refused:
            firm.office.act(resume, Duty.RESUMER, key="resume")
        assert refused.value.reason is Reason.NOT_STOPPED


# Two persons ----------------------------------------------------------------------------------------


def test_two_persons__one_alone__is_refused_and_nothing_is_sent(firm: Firm) -> None:
    count = outbox_rows(firm)
    call = firm.office.token(PRODUCT).issue([firm.address(0)], [10], papers("I-9"))
    with pytest.raises(Refusal) as refused:
        firm.office.act(call, Duty.ISSUER, product=PRODUCT, by=("issue-1",), key="alone")
    assert refused.value.reason is Reason.APPROVALS_TOO_FEW
    assert refused.value.facts == {"given": 1, "needed": 2}
    assert outbox_rows(firm) == count
    assert int(firm.office.token(PRODUCT).total_supply().value) == 0


@pytest.fixture
def proposed(firm: Firm) -> str:
    firm.verify([0])
    call = firm.office.token(PRODUCT).issue([firm.address(0)], [10], papers("I-2"))
    stored = firm.office.approvals.propose(
        call, Duty.ISSUER, maker="issue-1", key="p", product=PRODUCT, ref=Reference("I-2")
    )
    assert stored.state is CommandState.CHECKED
    return stored.id


def test_two_persons__second_approves__is_done(firm: Firm, proposed: str) -> None:
    command = firm.office.approvals.approve(proposed, name="issue-3")  # type: ignore[arg-type]
    assert command.state is CommandState.QUEUED
    stored = firm.office.courier.deliver(command.id)
    assert (stored.state, stored.approvers) == (CommandState.FINAL, ("issue-3",))
    assert int(firm.office.token(PRODUCT).total_supply().value) == 10


@pytest.mark.parametrize(
    ("name", "reason"),
    [("issue-1", Reason.SAME_PERSON), ("repair-1", Reason.DUTY_MISSING)],
)
def test_two_persons__wrong_approver__is_refused(
    firm: Firm, proposed: str, name: str, reason: Reason
) -> None:
    with pytest.raises(Refusal) as refused:
        firm.office.approvals.approve(proposed, name=name)  # type: ignore[arg-type]
    assert refused.value.reason is reason
    assert all(turn.idle for turn in firm.office.courier.turn_all())
    assert int(firm.office.token(PRODUCT).total_supply().value) == 0


def test_two_persons__unknown_name__is_a_missing_key(firm: Firm, proposed: str) -> None:
    with pytest.raises(Fault) as missing:
        firm.office.approvals.approve(proposed, name="nobody")  # type: ignore[arg-type]
    assert missing.value.reason is Reason.KEY_MISSING


def test_two_persons__withdrawn__never_happens(firm: Firm, proposed: str) -> None:
    with pytest.raises(Refusal):
        firm.office.approvals.withdraw(proposed, name="issue-2")  # type: ignore[arg-type]
    gone = firm.office.approvals.withdraw(proposed, name="issue-1")  # type: ignore[arg-type]
    assert gone.state is CommandState.SUPERSEDED
    with pytest.raises(Refusal) as refused:
        firm.office.approvals.approve(proposed, name="issue-2")  # type: ignore[arg-type]
    assert refused.value.reason is Reason.COMMAND_NOT_OPEN


def test_two_persons__contract_would_refuse__is_refused_at_once(firm: Firm) -> None:
    firm.verify([0])
    call = firm.office.token(PRODUCT).issue([firm.address(0)], [10**9], papers("I-1"))
    for _ in range(2):
        with pytest.raises(Refusal) as refused:
            firm.office.approvals.propose(call, Duty.ISSUER, maker="issue-1", key="p")
        assert refused.value.reason is Reason.CAP_EXCEEDED


def test_evidence__of_a_done_act__proves_it(firm: Firm, proposed: str) -> None:
    command = firm.office.approvals.approve(proposed, name="issue-2")  # type: ignore[arg-type]
    stored = firm.office.courier.deliver(command.id)
    house, deployment = firm.office.house, firm.office.deployment
    with house.database.read() as connection:
        raw = StoredOutbox(connection, deployment.chain_id).raw(stored.outcome.tx)
    document = json.loads(json.dumps(evidence_of(stored, deployment.platform, raw=raw)))
    found = verify_evidence(document, node=house.node)
    assert [each.what for each in found if not each.holds] == []
    assert len(found) == 8

    def broken(change: Callable[[dict[str, object]], None]) -> list[str]:
        changed = json.loads(json.dumps(document))
        change(changed)
        return [each.what for each in verify_evidence(changed, node=house.node) if not each.holds]

    assert broken(lambda each: each["typed_data"]["message"].update(data="0x00"))  # type: ignore[index]
    assert broken(lambda each: each["signatures"].pop())  # type: ignore[attr-defined]
    assert broken(lambda each: each["signatures"].pop(0))  # type: ignore[attr-defined]
    assert broken(lambda each: each["signatures"][1].update(account=firm.address(3)))  # type: ignore[index]
    assert broken(lambda each: each.update(tx="0x" + 64 * "1"))
    assert broken(lambda each: each.update(raw="0x1234"))
    assert broken(lambda each: each.update(digest="0x" + 64 * "0"))


# Bulk -----------------------------------------------------------------------------------------------


ROWS = 60


@pytest.fixture
def funded(firm: Firm) -> Firm:
    firm.verify(range(ROWS + 1))
    firm.issue(1_000)
    return firm


def distribution(firm: Firm, key: str = "d", ref: str = "D-1") -> Job:
    return Job(
        key=key,
        chain_id=firm.office.deployment.chain_id,
        kind=JobKind.DISTRIBUTE,
        product=PRODUCT,
        ref=Reference(ref),
        arguments={},
        maker="distribution-1",
    )


def rows(firm: Firm, numbers: range, units: int = 2) -> list[JobRow]:
    return [JobRow(address=firm.address(number), units=Units(units)) for number in numbers]


def test_bulk__row_cannot_succeed__is_refused_alone(funded: Firm) -> None:
    stranger = ROWS + 7  # never verified
    order = [*rows(funded, range(1, 30)), *rows(funded, range(stranger, stranger + 1))]
    order += rows(funded, range(30, 41))
    told: list[tuple[int, int]] = []
    job = funded.office.bulk.order(distribution(funded), order)
    ended = funded.office.bulk.run(job, progress=lambda now: told.append((now.done, now.refused)))
    assert (ended.state, ended.done, ended.refused, ended.of) == (JobState.DONE, 40, 1, 41)
    assert told == sorted(told)
    (refused,) = funded.office.bulk.refused(job)
    assert (refused.ordinal, refused.reason) == (29, Reason.RECIPIENT_UNVERIFIED)
    assert refused.refusal().facts["row"] == 30
    assert funded.balances(range(1, 41)) == [2] * 40
    assert funded.balances([stranger]) == [0]
    assert ended.expected_end == ended.at


def test_bulk__ordered_again__does_nothing_twice(funded: Firm) -> None:
    order = rows(funded, range(1, 21))
    for firm in (funded, restarted(funded)):
        job = firm.office.bulk.order(distribution(firm), order)
        assert firm.office.bulk.run(job).done == 20
    assert funded.balances(range(1, 21)) == [2] * 20
    with pytest.raises(Refusal) as refused:
        funded.office.bulk.order(distribution(funded), order[:-1])
    assert refused.value.reason is Reason.COMMAND_KEY_REUSED


def test_bulk__interrupted__goes_on_in_other_hands(
    funded: Firm, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("genbo.bootstrap.bulk._MOST_BYTES", 64 * 7)  # seven rows a batch
    monkeypatch.setattr("genbo.bootstrap.bulk.WINDOW", 2)
    order = rows(funded, range(1, ROWS + 1))
    job = funded.office.bulk.order(distribution(funded), order)
    first = funded.office.bulk.step(job)
    assert first.state is JobState.RUNNING
    other = restarted(funded)
    assert other.office.bulk.running() == [job]
    assert other.office.bulk.run(job).done == ROWS
    assert funded.balances(range(1, ROWS + 1)) == [2] * ROWS
    with funded.office.house.database.read() as connection:
        batches = Jobs(connection, funded.office.deployment.chain_id).batches(job)
    assert [each.rows for each in batches] == [7] * 8 + [4]


def test_bulk__cancelled__sends_no_further_batch(
    funded: Firm, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("genbo.bootstrap.bulk._MOST_BYTES", 64 * 10)
    monkeypatch.setattr("genbo.bootstrap.bulk.WINDOW", 1)
    job = funded.office.bulk.order(distribution(funded), rows(funded, range(1, ROWS + 1)))
    funded.office.bulk.step(job)
    funded.office.bulk.step(job)
    funded.office.bulk.cancel(job)
    funded.office.courier.turn_all()
    assert funded.office.bulk.run(job).state is JobState.CANCELLED
    given = sum(funded.balances(range(1, ROWS + 1)))
    assert 0 < given < 2 * ROWS
    funded.office.courier.turn_all()
    assert sum(funded.balances(range(1, ROWS + 1))) == given


def test_bulk__reference_without_room__is_refused(funded: Firm) -> None:
    long = replace(distribution(funded), ref=Reference("R" * 30))
    with pytest.raises(Refusal) as refused:
        funded.office.bulk.order(long, rows(funded, range(1, 21)))
    assert refused.value.reason is Reason.KEY_MALFORMED


def test_bulk__unknown_job_or_product__is_refused(firm: Firm) -> None:
    with pytest.raises(Refusal) as refused:
        firm.office.bulk.run("f" * 32)  # type: ignore[arg-type]
    assert refused.value.reason is Reason.JOB_UNKNOWN
    with pytest.raises(Refusal) as unknown:
        firm.office.bulk.order(replace(distribution(firm), product="P2"), rows(firm, range(1, 2)))  # type: ignore[arg-type]
    assert unknown.value.reason is Reason.PRODUCT_UNKNOWN


# Looked at ------------------------------------------------------------------------------------------


def findings(firm: Firm) -> list[Finding]:
    house = firm.office.house
    return sending_findings(
        house.node, house.database, firm.office.deployment, at=house.node.stamp()
    )


def test_check__after_acts__holds_and_finds_what_is_altered(funded: Firm) -> None:
    assert [(each.invariant, each.holds) for each in findings(funded)] == [(3, True), (5, True)]
    with funded.office.house.database.begin() as connection:
        connection.execute(text("UPDATE command SET data = '\\x00' WHERE duty = 'ISSUER'"))
    assert [each.holds for each in findings(funded)] == [True, False]
    with funded.office.house.database.begin() as connection:
        connection.execute(text("UPDATE command SET block = block + 1 WHERE duty = 'DISTRIBUTOR'"))
        connection.execute(text("UPDATE command SET block = block + 1 WHERE duty = 'ISSUER'"))
    assert [each.holds for each in findings(funded)] == [False, False]


def test_health__of_sending__says_what_waits(funded: Firm, proposed: str) -> None:
    house = funded.office.house
    (check,) = sender(house)
    assert (check.ok, check.facts["waiting_for_approval"]) == (True, 1)
    order = funded.office.orders.under_duty(
        funded.office.platform.close_market(), Duty.MARKET_OPERATOR, key="later"
    )
    with house.database.begin() as connection:
        order.store(connection)
    late = replace(house, clock=lambda: house.now() + timedelta(hours=1))
    (check,) = sender(late)
    assert check.trouble is not None
    assert (check.ok, check.trouble.reason) == (False, Reason.COMMANDS_WAIT)
    funded.office.courier.turn_all()
    (check,) = sender(late)
    assert check.ok
    job = funded.office.bulk.order(distribution(funded), rows(funded, range(1, 6)))
    (check,) = jobs(house)
    assert check.facts == {"running": 1, "rows_left": 5}
    funded.office.bulk.run(job)
    (check,) = jobs(house)
    assert check.facts == {"running": 0, "rows_left": 0}
