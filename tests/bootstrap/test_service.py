"""A service that runs: the sender and the jobs in threads, as `genbo up` has them.

given a running service
├── when somebody stores a command: it should be sent without being asked
├── when somebody orders a bulk act: it should go to its end
├── when the database is stopped and started: it should say so once, go on by itself, and lose nothing
├── when the node is away for a while: the same
├── when it is told to end: it should end, and give its signers up at once
└── when a role has a defect: the service should end with it, not go on without the role
given a process with a key store that has some keys
└── it should act with those, and say which are missing
given a signer without the duty
└── the act should be refused by the contract, and recorded
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tests.bootstrap.test_office import distribution, rows
from tests.support.chain import GENESIS
from tests.support.folders import short_folder
from tests.support.office import PRODUCT, Firm, found_firm

from genbo.bootstrap.interrupts import interruptible
from genbo.bootstrap.office import Office
from genbo.bootstrap.role import Role
from genbo.bootstrap.service import Service
from genbo.chain.development import person
from genbo.chain.embedded import EmbeddedNode
from genbo.governance import CommandState, Duty, Stored
from genbo.governance.job import JobState
from genbo.kernel import Fault, InvestorId, Reason, Refusal
from genbo.storage.commands import Commands
from genbo.storage.engine import Database
from genbo.storage.folder import lock_folder
from genbo.storage.migrations import migrate
from genbo.storage.server import embedded_server

Told = list[tuple[Role, str | None]]


@pytest.fixture
def firm(database: Database, tmp_path: Path) -> Firm:
    return found_firm(EmbeddedNode(genesis_at=GENESIS), database, tmp_path)


@pytest.fixture
def told() -> Told:
    return []


@pytest.fixture
def service(firm: Firm, told: Told) -> Iterator[Service]:
    made = a_service(firm, told)
    with made.running():
        yield made


def a_service(firm: Firm, told: Told) -> Service:
    def tell(role: Role, refusal: Refusal | None) -> None:
        entry = (role, None if refusal is None else refusal.reason.value)
        before = [reason for each, reason in told if each is role]
        if entry[1] is not None or (before and before[-1] is not None):
            told.append(entry)

    return Service(firm.office, list(Role), tell=tell)


def await_(condition: Callable[[], bool], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.02)


def order(firm: Firm, key: str, *, opens: bool = False) -> Stored:
    """Stores a command as another process would: nobody here waits for it."""
    platform = firm.office.platform
    call = platform.open_market() if opens else platform.close_market()
    made = firm.office.orders.under_duty(call, Duty.MARKET_OPERATOR, key=key)
    with firm.office.house.database.begin() as connection:
        stored, _ = made.store(connection)
    return stored


def state(firm: Firm, stored: Stored) -> CommandState:
    with firm.office.house.database.read() as connection:
        return Commands(connection, firm.office.deployment.chain_id).get(stored.id).state


def test_command__stored_by_somebody__is_sent(firm: Firm, service: Service) -> None:
    stored = order(firm, "close")
    await_(lambda: state(firm, stored) is CommandState.FINAL)


def test_job__ordered_by_somebody__goes_to_its_end(firm: Firm, service: Service) -> None:
    firm.verify(range(11))
    firm.issue(100)
    job = firm.office.bulk.order(distribution(firm), rows(firm, range(1, 11)))
    await_(lambda: firm.office.bulk.progress(job).state is JobState.DONE)
    assert firm.balances(range(1, 11)) == [2] * 10


def test_node__away_for_a_while__is_told_once_and_gone_on_with(
    firm: Firm, told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    node, away = firm.office.house.node, True
    header = type(node).header

    def unreachable(self: EmbeddedNode, *arguments: Any) -> Any:
        if away:
            raise Fault(Reason.NODE_UNREACHABLE)
        return header(self, *arguments)

    monkeypatch.setattr(type(node), "header", unreachable)
    with monkeypatch.context() as present:
        present.setattr(type(node), "header", header)
        stored = order(firm, "close")
    with a_service(firm, told).running():
        await_(lambda: (Role.SENDER, "node_unreachable") in told)
        time.sleep(1.5)
        away = False
        await_(lambda: state(firm, stored) is CommandState.FINAL)
        await_(lambda: (Role.SENDER, None) in told)
    assert told.count((Role.SENDER, "node_unreachable")) == 1


def test_database__stopped_and_started__is_gone_on_with(tmp_path: Path, told: Told) -> None:
    with ExitStack() as stack:
        locked = stack.enter_context(lock_folder(stack.enter_context(short_folder()) / "data"))
        running = ExitStack()
        stack.callback(running.close)
        server = running.enter_context(embedded_server(locked, durable=False))
        database = Database(server.url())
        stack.callback(database.close)
        migrate(database)
        firm = found_firm(EmbeddedNode(genesis_at=GENESIS), database, tmp_path)
        with a_service(firm, told).running():
            first = order(firm, "close")
            await_(lambda: state(firm, first) is CommandState.FINAL)
            running.close()
            await_(lambda: (Role.SENDER, "database_unreachable") in told)
            with pytest.raises(Fault, match="database_unreachable"):
                order(firm, "open", opens=True)
            running.enter_context(embedded_server(locked, durable=False))
            second = order(firm, "open", opens=True)
            await_(lambda: state(firm, second) is CommandState.FINAL)
            await_(lambda: (Role.SENDER, None) in told)
        assert told.count((Role.SENDER, "database_unreachable")) == 1


def test_end__asked_for__gives_the_signers_up_at_once(firm: Firm, told: Told) -> None:
    with a_service(firm, told).running():
        stored = order(firm, "close")
        await_(lambda: state(firm, stored) is CommandState.FINAL)
    other = Office(firm.office.house, firm.office.deployment)
    other.act(firm.office.platform.open_market(), Duty.MARKET_OPERATOR)
    other.close()
    assert told == []


def test_role__with_a_defect__ends_the_service(
    firm: Firm, told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(firm.office.courier, "turn_all", lambda: 1 / 0)

    def run() -> None:
        with interruptible(), a_service(firm, told).running():
            try:
                time.sleep(30)
            except KeyboardInterrupt:
                return
            pytest.fail("nobody was interrupted")

    with pytest.raises(ZeroDivisionError):
        run()


def test_signer__without_the_duty__is_refused_and_recorded(firm: Firm) -> None:
    with pytest.raises(Refusal) as refused:
        firm.office.act_as_holder(
            firm.office.platform.close_market(),
            investor=InvestorId("IV-1"),
            signer=firm.key(1),
            product=PRODUCT,
            key="not-mine",
        )
    assert refused.value.reason is Reason.DUTY_MISSING
    with firm.office.house.database.read() as connection:
        stored = Commands(connection, firm.office.deployment.chain_id).find("not-mine")
    assert stored is not None
    assert (stored.state, stored.outcome.tx) == (CommandState.REFUSED, None)


def test_key_store__with_some_keys__acts_with_those(firm: Firm) -> None:
    firm.office.close()  # its lead would make the other one wait
    market = person("market-1")
    keys = {market.address: ("market-1", market)}
    office = Office(replace(firm.office.house, keys=keys), firm.office.deployment)
    office.act(office.platform.close_market(), Duty.MARKET_OPERATOR)
    with pytest.raises(Fault) as missing:
        office.act(office.platform.stop(), Duty.STOPPER)
    assert missing.value.reason is Reason.KEY_MISSING
    office.close()
