"""Payments in a yen token, on a small register.

given the payment terms of a product
├── when the token is not on the list, no token, or has no payer: it should be refused
└── when they were recorded: runs declared from then on should carry them under their signatures, and others not
given an approved run that is paid in a yen token
├── when it is paid: every payee should have the whole yen, line by line, and register and ledger agree
├── when it is paid again, or by two calls at once: nobody should be paid twice
├── when it was interrupted after the order, after the sending, or before its end was taken over
│   └── paid again, it should go on, and nobody be paid twice
├── when one person alone orders it: it should wait, and go out when somebody else pays it too
├── when a payee is blocked or its address replaced while it waits: nothing should go out as it was signed
├── when a payee is blocked, has no address, or is refused by the token
│   └── the line should be owed and put aside; let go to the bank, it should stand in the bank's file
├── when the payer has too little: it should be refused, with nothing sent, and be paid when there is enough
├── when the bank's file is asked for: it should have no line of it
├── when the token is on another chain, or the platform has no payment contract: it should be refused
├── when the platform got its payment contract after the process began: it should be taken over and paid through
├── when the ledger says something else than the register: it should be noticed, line by line
└── when a batch is withdrawn: its lines should be payable again
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import text
from tests.storage.conftest import TEMPLATE
from tests.support.office import PRODUCT
from tests.support.payees import FORM, Register, a_register

from genbo.bootstrap import token_payments
from genbo.bootstrap.auditing import verify_seen
from genbo.bootstrap.distributions import (
    Wanted,
    anchor_distribution,
    approve,
    body_of,
    declare,
    verify_distribution,
)
from genbo.bootstrap.payments import import_results, make_file, release
from genbo.bootstrap.record_dates import fix_record_date
from genbo.bootstrap.token_payments import order_batch, pay_in_token, record_terms
from genbo.bootstrap.token_payments_settled import (
    SettleTokenPayments,
    paid_lines,
    reconcile_token,
    settle_batches,
)
from genbo.chain import artifacts
from genbo.chain.call import Call, creation
from genbo.chain.contracts.disbursement import YenToken
from genbo.chain.contracts.settlement import Settlement
from genbo.chain.deployments import save
from genbo.chain.embedded import EmbeddedNode
from genbo.chain.keys import development_key
from genbo.entitlements import BatchState, PaymentWay, Run, per_unit
from genbo.governance import CommandState, Duty
from genbo.kernel import Address, Fault, Reason, Refusal
from genbo.storage.engine import Database
from genbo.storage.payments import Payments
from genbo.storage.server import EmbeddedServer
from genbo.storage.token_payments import StoredBatch, TokenPayments

DAY = date(2022, 1, 31)
PAYER = development_key(990)
UNIT = 10**6
"""A yen in the token's smallest unit."""
BY = "cli:registrar"
NETS = {"IV-1": 1594, "IV-2": 2391, "IV-3": 3985}
"""1,000 yen a unit, less what is withheld."""


@pytest.fixture(scope="module")
def built(
    server: EmbeddedServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Register, str, Address]]:
    """Three holders and an address that nobody is known behind, on a fixed record date; a yen token with 6 decimals is
    on the list, and the payer has allowed a million yen of it."""
    name = "token_payments_built"
    server.create_database(name, template=TEMPLATE)
    database = Database(server.url(name))
    folder = tmp_path_factory.mktemp("office")
    made = a_register(database, folder, {1: 2, 2: 3, 3: 5}, strangers={9: 11})
    cash = a_token(made)
    made.clock.set("2022-02-01 09:00:00")
    fix_record_date(made.office, PRODUCT, DAY, by=BY)
    _record(made, cash)
    made.office.close()
    database.close()
    yield made, name, cash
    server.drop_database(name)


@pytest.fixture
def cash(built: tuple[Register, str, Address]) -> Address:
    return built[2]


@pytest.fixture
def register(built: tuple[Register, str, Address], server: EmbeddedServer) -> Iterator[Register]:
    """As it was built; whatever a test does to chain and database is taken back."""
    made, name, _ = built
    copy = f"{name}_copy"
    server.create_database(copy, template=name)
    database = Database(server.url(copy))
    node, at = made.office.house.node, made.clock()
    assert isinstance(node, EmbeddedNode)
    snapshot = node.snapshot()
    here = made.over(database)
    yield here
    here.office.close()
    database.close()
    server.drop_database(copy)
    node.revert(snapshot)
    made.clock.back_to(at)


def a_token(register: Register) -> Address:
    office = register.office
    sender = office.sender
    made = sender.send(creation(artifacts.load("PickyYen"), 6), by=PAYER).created
    assert made is not None
    contract = office.deployment.disbursement
    for call in (
        yen(made, "mint", PAYER.address, 10**6 * UNIT),
        yen(made, "approve", contract, 10**6 * UNIT),
    ):
        sender.send(call, by=PAYER)
    settlement = Settlement(office.house.node, office.deployment.settlement)
    office.act(settlement.allow_cash(made, allowed=True), Duty.CASH_ADMIN)
    return made


def yen(cash: Address, function: str, *arguments: object) -> Call:
    interface = artifacts.load("PickyYen").interface
    return Call(cash, interface.encode(function, *arguments), function)


def _record(register: Register, cash: Address | None, **changed: object) -> None:
    values: dict[str, object] = {
        "cash": cash,
        "payer": PAYER.address if cash else None,
        "evidence_ref": "RESOLUTION-1",
        "by": BY,
    }
    record_terms(register.office, PRODUCT, **(values | changed))  # type: ignore[arg-type]


def approved(register: Register, id: str = "D-1") -> Run:
    wanted = Wanted(
        id=id,
        product=PRODUCT,
        record_day=DAY,
        amounts=per_unit(income=Decimal(1000)),
        why="a resolution",
    )
    declare(register.office, wanted, maker="issue-1")
    return approve(register.office, id, name="issue-2")


def states(register: Register, run: str = "D-1") -> dict[str, tuple[str, str | None]]:
    with register.office.house.database.read() as connection:
        return {
            each.line.holder: (each.state.value, each.line.hold)
            for each in Payments(connection).payments(run)
            if each.line.holder.startswith("IV")
        }


def batches(register: Register, run: str = "D-1") -> list[StoredBatch]:
    with register.office.house.database.read() as connection:
        return TokenPayments(connection).batches(run)


def balance(register: Register, cash: Address, number: int) -> int:
    """In the token's smallest unit."""
    token = YenToken(register.office.house.node, cash)
    return token.balance_of(register.firm.address(number)).value


def everybody_is_paid_once(register: Register, cash: Address) -> bool:
    has = {f"IV-{number}": balance(register, cash, number) for number in (1, 2, 3)}
    sums = reconcile_token(register.office, "D-1")
    total = sum(NETS.values())
    return (
        has == {holder: yen * UNIT for holder, yen in NETS.items()}
        and states(register) == dict.fromkeys(NETS, ("paid", None))
        and sums.agree
        and (sums.lines, sums.yen, sums.ledger_lines, sums.ledger_yen) == (3, total, 3, total)
    )


def fits(register: Register) -> bool:
    with register.office.house.database.read() as connection:
        return verify_seen(connection, None, origin=None).holds


def refusal(act: Callable[[], object]) -> Refusal:
    with pytest.raises(Refusal) as refused:
        act()
    return refused.value


# Terms --------------------------------------------------------------------------------------------------


def test_terms__token_that_cannot_be_paid_in__is_refused(register: Register, cash: Address) -> None:
    other = register.office.deployment.settlement
    assert refusal(lambda: _record(register, other)).reason is Reason.CASH_NOT_ALLOWED
    nobody = Address("0x" + 39 * "0" + "7")
    settlement = Settlement(register.office.house.node, register.office.deployment.settlement)
    register.office.act(settlement.allow_cash(nobody, allowed=True), Duty.CASH_ADMIN)
    assert refusal(lambda: _record(register, nobody)).reason is Reason.CASH_UNFIT
    assert refusal(lambda: _record(register, cash, payer=None)).reason is Reason.FIELD_MISSING
    assert refusal(lambda: _record(register, cash, evidence_ref=" ")).reason is Reason.FIELD_MISSING


def test_terms__recorded__runs_from_then_on_carry_them_and_others_do_not(
    register: Register, cash: Address
) -> None:
    run = approved(register)
    assert run.token is not None
    assert (run.token.cash, run.token.decimals, run.token.payer) == (cash, 6, PAYER.address)
    assert body_of(run)["yen_token"] == {
        "chain_id": register.office.deployment.chain_id,
        "cash": cash,
        "decimals": 6,
        "payer": PAYER.address,
    }
    assert verify_distribution(register.office, "D-1").token == run.token
    _record(register, None)
    by_bank = approved(register, "D-2")
    assert by_bank.token is None
    assert "yen_token" not in body_of(by_bank)
    assert refusal(lambda: pay_in_token(register.office, "D-2", by=BY)).reason is (
        Reason.PAYMENT_WAY_OTHER
    )
    # What was declared before stays as it was signed.
    pay_in_token(register.office, "D-1", by=BY)
    assert everybody_is_paid_once(register, cash)


# Paying -------------------------------------------------------------------------------------------------


def test_pay__approved_run__every_payee_has_the_whole_yen(
    register: Register, cash: Address
) -> None:
    approved(register)
    paid = pay_in_token(register.office, "D-1", by=BY)
    assert [(each.state, each.records, each.total) for each in paid.batches] == [
        (BatchState.SETTLED, 3, sum(NETS.values()))
    ]
    assert paid.waiting == ()
    assert paid.batches[0].tx is not None
    assert everybody_is_paid_once(register, cash)
    again = refusal(lambda: pay_in_token(register.office, "D-1", by=BY))
    assert again.reason is Reason.PAYMENT_NOTHING_DUE
    assert everybody_is_paid_once(register, cash)
    assert fits(register)


def test_pay__small_batches_by_two_processes__nobody_is_paid_twice(
    register: Register, cash: Address
) -> None:
    """The second has its own office over the same database, and begins while the first is under way."""
    approved(register)
    anchor_distribution(register.office, "D-1")
    other = register.over(register.office.house.database)
    first = order_batch(register.office, "D-1", by=BY, most=1)
    second = order_batch(other.office, "D-1", by=BY, most=1)
    assert first is not None
    assert second is not None
    assert first.id != second.id
    other.office.close()
    pay_in_token(register.office, "D-1", by=BY)
    assert [each.records for each in batches(register)] == [1, 1, 1]
    assert everybody_is_paid_once(register, cash)


class Killed(BaseException):
    """The process ends here."""


@pytest.mark.parametrize("at", ["deliver", "settle_batches"])
def test_pay__interrupted__goes_on_and_nobody_is_paid_twice(
    register: Register, cash: Address, at: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    approved(register)
    anchor_distribution(register.office, "D-1")

    def killed(*_: object, **__: object) -> None:
        raise Killed

    with monkeypatch.context() as patched:
        owner: object = register.office.courier if at == "deliver" else token_payments
        patched.setattr(owner, at, killed)
        with pytest.raises(Killed):
            pay_in_token(register.office, "D-1", by=BY)
    assert [each.state for each in batches(register)] == [BatchState.SENT]
    paid = at == "settle_batches"
    assert balance(register, cash, 1) == (NETS["IV-1"] * UNIT if paid else 0)
    assert set(states(register).values()) == {("sent", None)}
    pay_in_token(register.office, "D-1", by=BY)
    assert len(batches(register)) == 1
    assert everybody_is_paid_once(register, cash)


def test_pay__sent_and_forgotten__the_routine_takes_its_end_over(
    register: Register, cash: Address
) -> None:
    approved(register)
    anchor_distribution(register.office, "D-1")
    stored = order_batch(register.office, "D-1", by=BY)
    assert stored is not None
    routine = SettleTokenPayments(register.office)
    assert not routine.step()
    register.office.courier.deliver(stored.id)
    for _ in range(10):
        register.office.courier.turn_all()
        if routine.step():
            break
    assert everybody_is_paid_once(register, cash)
    assert not routine.step()


def test_pay__one_person_alone__waits_for_somebody_else(register: Register, cash: Address) -> None:
    approved(register)
    alone = pay_in_token(register.office, "D-1", by=BY, people=["issue-1"])
    assert len(alone.waiting) == 1
    assert balance(register, cash, 1) == 0
    once_more = pay_in_token(register.office, "D-1", by=BY, people=["issue-1"])
    assert once_more.waiting == alone.waiting
    both = pay_in_token(register.office, "D-1", by=BY, people=["issue-2"])
    assert (both.waiting, len(both.batches)) == ((), 1)
    assert everybody_is_paid_once(register, cash)


def test_pay__withdrawn_before_it_was_sent__lines_are_payable_again(
    register: Register, cash: Address
) -> None:
    approved(register)
    (waiting,) = pay_in_token(register.office, "D-1", by=BY, people=["issue-1"]).waiting
    register.office.approvals.withdraw(waiting, name="issue-1")
    settle_batches(register.office, by=BY)
    assert set(states(register).values()) == {("payable", None)}
    assert [each.state for each in batches(register)] == [BatchState.VOID]
    pay_in_token(register.office, "D-1", by=BY)
    assert everybody_is_paid_once(register, cash)
    assert fits(register)


# Lines that cannot be paid so ---------------------------------------------------------------------------


def test_pay__payee_refused_by_the_token__is_owed_and_may_go_to_the_bank(
    register: Register, cash: Address
) -> None:
    approved(register)
    sender = register.office.sender
    sender.send(yen(cash, "bar", register.firm.address(2), True, False), by=PAYER)
    pay_in_token(register.office, "D-1", by=BY)
    assert states(register) == {
        "IV-1": ("paid", None),
        "IV-2": ("held", "returned"),
        "IV-3": ("paid", None),
    }
    sums = reconcile_token(register.office, "D-1")
    assert sums.agree
    assert sums.yen == sums.ledger_yen == NETS["IV-1"] + NETS["IV-3"]
    with register.office.house.database.read() as connection:
        owed = Payments(connection).unpaid(PRODUCT)
    (line,) = [each.line.number for _, each in owed if each.line.holder == "IV-2"]
    nothing = refusal(lambda: make_file(register.office, "D-1", FORM, by=BY))
    assert nothing.reason is Reason.PAYMENT_NOTHING_DUE
    release(register.office, "D-1", [line], by=BY, way=PaymentWay.BANK)
    assert refusal(lambda: pay_in_token(register.office, "D-1", by=BY)).reason is (
        Reason.PAYMENT_NOTHING_DUE
    )
    made = make_file(register.office, "D-1", FORM, by=BY)
    assert (made.file.records, made.file.total) == (1, NETS["IV-2"])
    assert balance(register, cash, 2) == 0
    assert fits(register)
    no_file = refusal(
        lambda: import_results(register.office, "D-1", 2, [], by=BY, others_paid_on=DAY)
    )
    assert no_file.reason is Reason.PAYMENT_LINE_UNKNOWN


def test_pay__payee_without_an_address_or_blocked__is_owed_and_put_aside(
    register: Register, cash: Address
) -> None:
    approved(register)
    with register.office.house.database.begin() as connection:
        connection.execute(text("UPDATE wallet SET valid_until = now() WHERE investor_id = 'IV-1'"))
        connection.execute(
            text("UPDATE investor SET aml_class = 'blocked' WHERE investor_id = 'IV-3'")
        )
    pay_in_token(register.office, "D-1", by=BY)
    assert states(register) == {
        "IV-1": ("held", "wallet"),
        "IV-2": ("paid", None),
        "IV-3": ("held", "blocked"),
    }
    assert reconcile_token(register.office, "D-1").agree
    assert (balance(register, cash, 1), balance(register, cash, 3)) == (0, 0)


def test_pay__payer_without_funds__is_refused_and_paid_later(
    register: Register, cash: Address
) -> None:
    approved(register)
    sender, contract = register.office.sender, register.office.deployment.disbursement
    sender.send(yen(cash, "approve", contract, 1), by=PAYER)
    found = refusal(lambda: pay_in_token(register.office, "D-1", by=BY))
    assert found.reason is Reason.PAYMENT_FUNDS_TOO_LOW
    assert found.facts["needed"] == sum(NETS.values()) * UNIT
    assert batches(register) == []
    assert set(states(register).values()) == {("payable", None)}
    sender.send(yen(cash, "approve", contract, 10**6 * UNIT), by=PAYER)
    pay_in_token(register.office, "D-1", by=BY)
    assert everybody_is_paid_once(register, cash)


def test_pay__funds_go_while_it_waits__lines_are_payable_again(
    register: Register, cash: Address
) -> None:
    approved(register)
    (waiting,) = pay_in_token(register.office, "D-1", by=BY, people=["issue-1"]).waiting
    sender, contract = register.office.sender, register.office.deployment.disbursement
    sender.send(yen(cash, "approve", contract, 1), by=PAYER)
    found = refusal(lambda: pay_in_token(register.office, "D-1", by=BY, people=["issue-2"]))
    assert found.reason is Reason.PAYMENT_FUNDS_TOO_LOW
    assert register.office.signed_outside.get(waiting).state is CommandState.REFUSED
    assert [each.state for each in batches(register)] == [BatchState.VOID]
    assert set(states(register).values()) == {("payable", None)}


def test_pay__token_of_another_chain__is_refused_and_nothing_is_sent(register: Register) -> None:
    approved(register)
    with register.office.house.database.begin() as connection:
        connection.execute(text("UPDATE distribution SET cash_chain_id = 1"))
    with pytest.raises(Fault) as broken:
        pay_in_token(register.office, "D-1", by=BY)
    assert broken.value.reason is Reason.CHAIN_MISMATCH
    assert batches(register) == []


def test_pay__payees_change_while_it_waits__nothing_goes_to_who_was_signed(
    register: Register, cash: Address
) -> None:
    approved(register)
    pay_in_token(register.office, "D-1", by=BY, people=["issue-1"])
    with register.office.house.database.begin() as connection:
        connection.execute(text("UPDATE wallet SET valid_until = now() WHERE investor_id = 'IV-1'"))
        connection.execute(
            text("UPDATE investor SET aml_class = 'blocked' WHERE investor_id = 'IV-3'")
        )
    found = refusal(lambda: pay_in_token(register.office, "D-1", by=BY, people=["issue-2"]))
    assert (found.reason, found.facts["state"]) == (Reason.PAYMENT_LINE_STATE, "sent: wallet")
    assert [each.state for each in batches(register)] == [BatchState.VOID]
    pay_in_token(register.office, "D-1", by=BY)
    assert states(register) == {
        "IV-1": ("held", "wallet"),
        "IV-2": ("paid", None),
        "IV-3": ("held", "blocked"),
    }
    assert (balance(register, cash, 1), balance(register, cash, 3)) == (0, 0)


def test_pay__platform_without_the_contract__is_refused(register: Register, cash: Address) -> None:
    approved(register)
    office = register.office
    whole = office.deployment
    office.take_over(replace(whole, disbursement=None))
    try:
        save(office.deployment, office.house.deployments)
        found = refusal(lambda: _record(register, cash))
        assert found.reason is Reason.PAYMENT_WAY_OTHER
        assert "ape run deploy_code" in str(found.facts["problem"])
        found = refusal(lambda: pay_in_token(office, "D-1", by=BY))
        assert found.reason is Reason.PAYMENT_WAY_OTHER
        assert reconcile_token(office, "D-1").agree
    finally:
        save(whole, office.house.deployments)


def test_settle__contract_came_while_the_process_ran__is_done_by_it(
    register: Register, cash: Address
) -> None:
    """Another process paid; this one began before the platform had the contract."""
    approved(register)
    anchor_distribution(register.office, "D-1")
    stored = order_batch(register.office, "D-1", by=BY)
    assert stored is not None
    routine = SettleTokenPayments(register.office)
    register.office.take_over(replace(register.office.deployment, disbursement=None))
    register.office.courier.deliver(stored.id)
    for _ in range(10):
        register.office.courier.turn_all()
        if routine.step():
            break
    assert everybody_is_paid_once(register, cash)
    assert reconcile_token(register.office, "D-1").agree


# Register and ledger ------------------------------------------------------------------------------------


def test_reconcile__register_says_something_else__names_the_line(register: Register) -> None:
    approved(register)
    pay_in_token(register.office, "D-1", by=BY)
    with register.office.house.database.begin() as connection:
        connection.execute(text("UPDATE payee_line SET state = 'payable' WHERE holder = 'IV-2'"))
    sums = reconcile_token(register.office, "D-1")
    assert not sums.agree
    assert (sums.lines, sums.ledger_lines, len(sums.apart)) == (2, 3, 1)
    office = register.office
    (found,) = paid_lines(office.house.node, office.house.database, office.deployment)
    assert (found.run, found.paid, tuple(found.apart)) == ("D-1", 3, sums.apart)
    # And the ledger pays it no more, whatever the register says.
    found = refusal(lambda: pay_in_token(register.office, "D-1", by=BY))
    assert (found.reason, found.facts["number"]) == (Reason.PAYMENT_LINE_PAID, sums.apart[0])


def test_settle__batch_is_not_what_was_ordered__is_a_broken_invariant(register: Register) -> None:
    for run in ("D-1", "D-2"):
        approved(register, run)
        anchor_distribution(register.office, run)
        stored = order_batch(register.office, run, by=BY)
        assert stored is not None
        register.office.courier.deliver(stored.id)
    with register.office.house.database.begin() as connection:
        connection.execute(
            text(
                "UPDATE token_payment SET address = '0x' || repeat('7', 40) "
                "WHERE number = 2 AND distribution_id = 'D-1'"
            )
        )
    with pytest.raises(Fault) as broken:
        settle_batches(register.office, by=BY, wait_seconds=10)
    assert broken.value.reason is Reason.INVARIANT_BROKEN
    ends = [each.state for run in ("D-1", "D-2") for each in batches(register, run)]
    assert ends == [BatchState.SENT, BatchState.SETTLED], "one does not keep the others from it"
