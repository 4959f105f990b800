"""Record dates, runs and payments that do not go the plain way, on a small register.

given a record date
├── it should be fixed on the day that each convention says, and never for another instant (D.2.4)
├── when it is not over, is none, or nobody held: it should be refused
├── when its notice came late: it should be fixed, with the warning (D.2.7)
├── when a trade of before is undone after it: the holders should stay, and the claim be told (I-19)
└── when its rows are changed: it should be noticed
given a declared run
├── when its maker approves it, or its lines were changed: it should be refused
├── when it is turned down: nothing should be paid, and a correction of it be refused
├── a blocked payee, and an address that nobody is known behind, should be owed and put aside (I-18)
└── when it was wrong: a further run should pay or reclaim the difference, once
given payable lines
├── when some cannot be written: every one should be named, and no file be there; or they are put aside
├── when the day is over or banks are closed: it should be refused
└── when the bank's answer fits in part: nothing of it should be taken over
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from tests.storage.conftest import TEMPLATE
from tests.support.office import PRODUCT
from tests.support.payees import FORM, Register, a_register, payee

from genbo.bootstrap.auditing import verify_seen
from genbo.bootstrap.distributions import (
    Wanted,
    anchor_distribution,
    approve,
    declare,
    reject,
)
from genbo.bootstrap.payments import (
    Unwritable,
    import_results,
    make_again,
    make_file,
    put_aside,
    release,
)
from genbo.bootstrap.record_dates import fix_record_date, verify_record_date
from genbo.bootstrap.statements import late_reversals, points_list, yearly_statements
from genbo.chain.embedded import EmbeddedNode
from genbo.entitlements import (
    Hold,
    Outcome,
    PaymentState,
    Result,
    Run,
    RunState,
    TaxCategory,
    per_unit,
)
from genbo.entitlements.zengin import read
from genbo.governance import Duty
from genbo.kernel import Digest, Fault, InvestorId, Reason, Reference, Refusal
from genbo.storage.distributions import Distributions
from genbo.storage.engine import Database
from genbo.storage.investors import Investors
from genbo.storage.payments import Payments
from genbo.storage.record_dates import RecordDates
from genbo.storage.server import EmbeddedServer
from genbo.storage.tax_categories import TaxCategories
from genbo.token import Act

DAY = date(2022, 1, 31)
PAYABLE = date(2022, 2, 28)
EVIDENCE = Digest("0x" + 64 * "e")


@pytest.fixture(scope="module")
def built(
    server: EmbeddedServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Register, str]]:
    """Four holders, of whom the last has no account, and an address that nobody is known behind."""
    name = "payments_built"
    server.create_database(name, template=TEMPLATE)
    database = Database(server.url(name))
    made = a_register(
        database,
        tmp_path_factory.mktemp("office"),
        {1: 2, 2: 3, 3: 5, 4: 7},
        people=[payee(4, payee_bank_code="", payee_account_number="")],
        others=[6],
        strangers={9: 11},
    )
    made.office.close()
    database.close()
    yield made, name
    server.drop_database(name)


@pytest.fixture
def register(built: tuple[Register, str], server: EmbeddedServer) -> Iterator[Register]:
    """As it was built; whatever a test does to chain and database is taken back."""
    made, name = built
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


@pytest.fixture
def fixed(register: Register) -> Register:
    """The record date is fixed."""
    register.clock.set("2022-02-01 09:00:00")
    fix_record_date(register.office, PRODUCT, DAY, by="cli:registrar")
    return register


def wanted(id: str = "D-1", amount: str = "1000", **more: object) -> Wanted:
    values: dict[str, object] = {
        "id": id,
        "product": PRODUCT,
        "record_day": DAY,
        "amounts": per_unit(income=Decimal(amount)),
        "why": "a resolution",
    }
    return Wanted(**(values | more))  # type: ignore[arg-type]


def approved(register: Register, **more: object) -> Run:
    run = declare(register.office, wanted(**more), maker="issue-1")  # type: ignore[arg-type]
    return approve(register.office, run.id, name="issue-2")


def states(register: Register, run: str = "D-1") -> dict[str, tuple[str, str | None]]:
    with register.office.house.database.read() as connection:
        return {
            each.line.holder: (each.state.value, each.line.hold)
            for each in Payments(connection).payments(run)
        }


def refusal(act: Callable[[], object]) -> Refusal:
    with pytest.raises(Refusal) as refused:
        act()
    return refused.value


def fits(register: Register) -> bool:
    with register.office.house.database.read() as connection:
        return verify_seen(connection, None, origin=None).holds


# Record dates ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("how", "day", "units"),
    [
        ("following", date(2022, 8, 1), 3),
        ("preceding", date(2022, 7, 29), 1),
        ("none", date(2022, 7, 31), 2),
        ("modified_following", date(2022, 7, 29), 1),
    ],
)
def test_fix__second_record_date_on_a_sunday__is_where_the_convention_says(
    database: Database, tmp_path: Path, how: str, day: date, units: int
) -> None:
    register = a_register(database, tmp_path, {1: 10}, others=[2], holiday_adjustment=how)
    for second in (
        "2022-07-29 23:59:59",
        "2022-07-31 23:59:59",
        "2022-08-01 23:59:59",
        "2022-08-02 00:00:01",
    ):
        register.clock.set(second)
        register.transfer(1, 2, 1)
    register.clock.set("2022-08-02 09:00:00")
    fixed, _ = fix_record_date(register.office, PRODUCT, day, by="x")
    with register.office.house.database.read() as connection:
        rows = RecordDates(connection).entitlements(PRODUCT, day)
    assert {each.holder: int(each.units) for each in rows} == {"IV-1": 10 - units, "IV-2": units}
    assert fixed.record.nominal == date(2022, 7, 31)
    other = date(2022, 7, 30)
    wrong = refusal(lambda: fix_record_date(register.office, PRODUCT, other, by="x"))
    assert wrong.reason is Reason.RECORD_DATE_UNKNOWN
    register.office.close()


def test_fix__not_over__is_refused_to_the_second(register: Register) -> None:
    register.clock.set("2022-01-31 23:59:59")
    found = refusal(lambda: fix_record_date(register.office, PRODUCT, DAY, by="x"))
    assert found.reason is Reason.RECORD_DATE_NOT_OVER
    register.clock.set("2022-02-01 00:00:00")
    assert fix_record_date(register.office, PRODUCT, DAY, by="x")[1]


def test_fix__notice_given_late__is_fixed_with_the_warning(register: Register) -> None:
    register.clock.set("2022-07-01 09:00:00")
    day = date(2022, 6, 30)
    found, _ = fix_record_date(register.office, PRODUCT, day, by="x", noticed_on=date(2022, 6, 16))
    assert found.record.notice_missed
    assert found.record.deadlines.notice_by == date(2022, 6, 15)
    assert found.record.deadlines.exercise_by == date(2022, 9, 30)


def test_fix__nobody_held__is_refused(database: Database, tmp_path: Path) -> None:
    register = a_register(database, tmp_path, {1: 10}, redemption_date="2022-01-05")
    register.clock.set("2022-01-05 09:00:00")
    act = Act(ref=Reference("R-1"), evidence=EVIDENCE)
    redeem = register.office.token(PRODUCT).redeem([register.firm.address(1)], [10], act)
    register.office.act(redeem, Duty.ISSUER, product=PRODUCT, ref=act.ref)
    register.clock.set("2022-01-06 09:00:00")
    day, noticed = date(2022, 1, 5), date(2021, 12, 1)
    found = refusal(
        lambda: fix_record_date(register.office, PRODUCT, day, by="x", noticed_on=noticed)
    )
    assert found.reason is Reason.RECORD_DATE_EMPTY
    register.office.close()


def test_late_reversal__after_the_record_date__leaves_the_holders_and_tells_the_claim(
    register: Register,
) -> None:
    register.clock.set("2022-01-31 10:00:00")
    register.transfer(3, 6, 4, ref="SALE-1")
    register.clock.set("2022-02-01 09:00:00")
    before, _ = fix_record_date(register.office, PRODUCT, DAY, by="x")
    approved(register)
    office, firm = register.office, register.firm
    act = Act(ref=Reference("UNDO-1"), evidence=EVIDENCE)
    office.act(
        office.token(PRODUCT).reverse_transfer(
            Reference("SALE-1"), firm.address(6), firm.address(3), 4, act
        ),
        Duty.REPAIRER,
        product=PRODUCT,
        ref=act.ref,
    )
    assert fix_record_date(office, PRODUCT, DAY, by="x") == (before, False)
    assert verify_record_date(office, PRODUCT, DAY) == before
    with office.house.database.read() as connection:
        rows = RecordDates(connection).entitlements(PRODUCT, DAY)
    assert {each.holder: int(each.units) for each in rows}["IV-6"] == 4
    (claim,) = late_reversals(office, PRODUCT, DAY)
    assert (claim.trade, claim.by, claim.units) == ("SALE-1", "UNDO-1", 4)
    assert (claim.owing, claim.owed, claim.gross) == ("IV-6", "IV-3", 4_000)


def test_verify__row_of_a_snapshot_was_changed__is_noticed(fixed: Register) -> None:
    with fixed.office.house.database.begin() as connection:
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        connection.execute(text("UPDATE entitlement SET units = 3 WHERE holder = 'IV-1'"))
    with pytest.raises(Fault) as found:
        verify_record_date(fixed.office, PRODUCT, DAY)
    assert found.value.reason is Reason.INVARIANT_BROKEN


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE record_date SET units = 1",
        "DELETE FROM record_date",
        "UPDATE entitlement SET units = 3",
        "DELETE FROM entitlement",
        "UPDATE payee_line SET due = due + 1",
        "DELETE FROM payee_line",
    ],
)
def test_database__what_was_fixed__is_not_changed_by_it(fixed: Register, change: str) -> None:
    declare(fixed.office, wanted(), maker="issue-1")
    with (
        pytest.raises(DBAPIError, match="is fixed for good"),
        fixed.office.house.database.engine.begin() as connection,
    ):
        connection.execute(text(change))


# Runs -----------------------------------------------------------------------------------------------------


def test_declare__record_date_not_fixed__is_refused(register: Register) -> None:
    assert refusal(lambda: declare(register.office, wanted())).reason is Reason.RECORD_DATE_UNKNOWN


def test_declare__again__is_the_same_and_otherwise_another(fixed: Register) -> None:
    first = declare(fixed.office, wanted(), maker="issue-1")
    assert declare(fixed.office, wanted(), maker="issue-1") == first
    other = refusal(lambda: declare(fixed.office, wanted(amount="1001"), maker="issue-1"))
    assert other.reason is Reason.COMMAND_KEY_REUSED


def test_approve__by_its_maker__is_refused_and_nothing_is_payable(fixed: Register) -> None:
    declare(fixed.office, wanted(), maker="issue-1")
    found = refusal(lambda: approve(fixed.office, "D-1", name="issue-1"))
    assert found.reason is Reason.SAME_PERSON
    assert {state for state, _ in states(fixed).values()} == {"waiting"}
    not_yet = refusal(lambda: make_file(fixed.office, "D-1", FORM, by="x"))
    assert not_yet.reason is Reason.DISTRIBUTION_NOT_OPEN
    assert refusal(lambda: anchor_distribution(fixed.office, "D-1")).reason is not_yet.reason


def test_approve__line_was_changed__is_refused(fixed: Register) -> None:
    declare(fixed.office, wanted(), maker="issue-1")
    with fixed.office.house.database.begin() as connection:
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        connection.execute(text("UPDATE payee_line SET due = due + 1 WHERE holder = 'IV-1'"))
    with pytest.raises(Fault) as found:
        approve(fixed.office, "D-1", name="issue-2")
    assert found.value.reason is Reason.INVARIANT_BROKEN


def test_approve__twice__is_refused(fixed: Register) -> None:
    approved(fixed)
    found = refusal(lambda: approve(fixed.office, "D-1", name="issue-3"))
    assert found.reason is Reason.DISTRIBUTION_NOT_OPEN


def test_reject__draft__pays_nothing_and_cannot_be_corrected(fixed: Register) -> None:
    declare(fixed.office, wanted(), maker="issue-1")
    assert reject(fixed.office, "D-1", name="issue-2").state is RunState.REJECTED
    assert {state for state, _ in states(fixed).values()} == {"void"}
    found = refusal(lambda: declare(fixed.office, wanted("D-2", corrects="D-1")))
    assert found.reason is Reason.DISTRIBUTION_NOT_OPEN


def test_run__unknown_holder__is_owed_and_put_aside_for_good(fixed: Register) -> None:
    approved(fixed)
    address = fixed.firm.address(9)
    assert states(fixed)[address] == ("held", "holder_unknown")
    with fixed.office.house.database.read() as connection:
        (line,) = [
            each for each in Distributions(connection).lines("D-1") if each.holder == address
        ]
    assert (line.gross, line.income_tax, line.local_tax) == (11_000, 1_684, 550)
    found = refusal(lambda: release(fixed.office, "D-1", [line.number], by="x"))
    assert found.reason is Reason.PAYMENT_LINE_STATE


def test_run__blocked_payee__waits_until_it_is_not_blocked_any_more(fixed: Register) -> None:
    office = fixed.office

    def judge(aml_class: str) -> None:
        with office.house.database.begin() as connection:
            Investors(connection, office.house.vault).judge(
                InvestorId("IV-2"),
                aml_class=aml_class,
                released=True,
                at=office.house.now(),
                by="x",
            )

    judge("blocked")
    approved(fixed)
    assert states(fixed)["IV-2"] == ("held", "blocked")
    numbers = {each.line.holder: each.line.number for each in lines(fixed)}
    stays = refusal(lambda: release(office, "D-1", [numbers["IV-2"]], by="x"))
    assert (stays.reason, stays.facts["number"]) == (
        Reason.PAYMENT_LINE_STATE,
        numbers["IV-2"],
    )
    judge("clear")
    release(office, "D-1", [numbers["IV-2"]], by="x")
    assert states(fixed)["IV-2"] == ("payable", None)
    judge("blocked")  # after the approval and before the file
    file = make_file(office, "D-1", FORM, by="x", put_aside=True)
    assert (numbers["IV-2"], Hold.BLOCKED) in file.put_aside
    assert file.file.records == 2
    assert fits(fixed)


def lines(register: Register, run: str = "D-1") -> list[object]:
    with register.office.house.database.read() as connection:
        return list(Payments(connection).payments(run))


def test_tax__recorded_as_exempt__is_not_withheld(fixed: Register) -> None:
    office = fixed.office
    with office.house.database.begin() as connection:
        categories = TaxCategories(connection)
        for category, start in ((TaxCategory.EXEMPT, 2021), (TaxCategory.INDIVIDUAL, 2023)):
            categories.record(
                InvestorId("IV-1"),
                category,
                effective=date(start, 1, 1),
                evidence_ref="TAX-1",
                at=office.house.now(),
                by="x",
            )
    approved(fixed)
    due = {each.line.holder: each.line.due for each in lines(fixed)}  # type: ignore[attr-defined]
    assert (due["IV-1"], due["IV-2"]) == (2_000, 2_391)


def test_points__beside_cash__are_listed_without_an_account(fixed: Register) -> None:
    amounts = per_unit(income=Decimal(30), points=Decimal("70.5"))
    approved(fixed, amounts=amounts)
    told = points_list(fixed.office, "D-1").decode().split("\r\n")
    assert told[0] == "distribution_id,investor_id,units,points"
    assert "D-1,IV-1,2,141" in told
    assert "D-1,IV-2,3,211" in told
    assert "0000001" not in "".join(told)


# Corrections -----------------------------------------------------------------------------------------------


def test_correction__of_a_wrong_amount__pays_the_difference_once(fixed: Register) -> None:
    office = fixed.office
    approved(fixed)
    make_file(office, "D-1", FORM, by="x", put_aside=True)
    right = approved(fixed, id="D-2", amount="1100", corrects="D-1")
    assert right.corrects == "D-1"
    due = {each.line.holder: each.line.due for each in lines(fixed, "D-2")}  # type: ignore[attr-defined]
    assert (due["IV-1"], due["IV-2"]) == (1_754 - 1_594, 2_630 - 2_391)
    assert right.totals.to_pay == sum(due.values())
    again = refusal(lambda: declare(office, wanted("D-3", amount="1200", corrects="D-1")))
    assert (again.reason, again.facts["by"]) == (Reason.DISTRIBUTION_CORRECTED, "D-2")
    less = approved(fixed, id="D-3", amount="1000", corrects="D-2")
    assert (less.totals.to_pay, less.totals.to_reclaim) == (0, right.totals.to_pay)
    assert {state for state, _ in states(fixed, "D-3").values()} == {"reclaim"}
    assert (
        refusal(lambda: make_file(office, "D-3", FORM, by="x")).reason is Reason.PAYMENT_NOTHING_DUE
    )
    # The year says what is right, through all three.
    (one,) = [
        each.statement
        for each in yearly_statements(office, 2022, by="x")
        if each.statement.holder == "IV-1"
    ]
    assert [each.amounts.net for each in one.entries] == [1_594, 160, -160]
    assert (one.total.income, one.total.net) == (2_000, 1_594)
    assert fits(fixed)


# The file ---------------------------------------------------------------------------------------------------


def test_file__line_that_cannot_be_written__is_named_and_no_file_is_made(fixed: Register) -> None:
    office = fixed.office
    approved(fixed)
    with pytest.raises(Unwritable) as found:
        make_file(office, "D-1", FORM, by="x")
    told = [(each.facts["holder"], each.facts["field"]) for each in found.value.problems]
    assert told == [("IV-4", "bank_code"), ("IV-4", "account_number")]
    with office.house.database.read() as connection:
        assert Payments(connection).files("D-1") == []
    assert states(fixed)["IV-4"] == ("payable", None)
    with office.house.database.read() as connection:  # that accounts were opened stays on record
        asked = "SELECT count(*) FROM reading WHERE purpose = 'payment'"
        assert connection.scalar(text(asked)) == 1
    made = make_file(office, "D-1", FORM, by="x", put_aside=True)
    assert [hold for _, hold in made.put_aside] == [Hold.ACCOUNT]
    assert states(fixed)["IV-4"] == ("held", "account")
    file, *_ = read(made.content)
    assert len(file.transfers) == 3


def test_file__made__leaves_nothing_to_pay(fixed: Register) -> None:
    approved(fixed)
    make_file(fixed.office, "D-1", FORM, by="x", put_aside=True)
    found = refusal(lambda: make_file(fixed.office, "D-1", FORM, by="x"))
    assert found.reason is Reason.PAYMENT_NOTHING_DUE


def test_file__account_changed_since__is_not_made_again(fixed: Register) -> None:
    office = fixed.office
    approved(fixed)
    made = make_file(office, "D-1", FORM, by="x", put_aside=True)
    assert make_again(office, "D-1", 1, FORM, by="x").content == made.content
    with office.house.database.begin() as connection:
        connection.execute(
            text("UPDATE investor SET payee_account_number = NULL WHERE investor_id = 'IV-1'")
        )
    with pytest.raises(Fault) as found:
        make_again(office, "D-1", 1, FORM, by="x")
    assert found.value.reason is Reason.INVARIANT_BROKEN
    missing = refusal(lambda: make_again(office, "D-1", 2, FORM, by="x"))
    assert missing.reason is Reason.PAYMENT_LINE_UNKNOWN


@pytest.mark.parametrize("day", ["2022-02-26", "2022-01-31"])
def test_file__day_over_or_banks_closed__is_refused(fixed: Register, day: str) -> None:
    approved(fixed)
    on = date.fromisoformat(day)
    found = refusal(lambda: make_file(fixed.office, "D-1", FORM, by="x", transfer_day=on))
    assert found.reason is Reason.PAYMENT_DAY_CLOSED


def test_hold_and_release__line_of_an_order__waits_and_goes_out_later(fixed: Register) -> None:
    office = fixed.office
    approved(fixed)
    numbers = {each.line.holder: each.line.number for each in lines(fixed)}  # type: ignore[attr-defined]
    put_aside(office, "D-1", [numbers["IV-3"]], by="x")
    twice = refusal(lambda: put_aside(office, "D-1", [numbers["IV-3"]], by="x"))
    assert twice.reason is Reason.PAYMENT_LINE_STATE
    first = make_file(office, "D-1", FORM, by="x", put_aside=True)
    release(office, "D-1", [numbers["IV-3"]], by="x")
    second = make_file(office, "D-1", FORM, by="x")
    assert (first.file.records, second.file.records, second.file.number) == (2, 1, 2)


# The bank's answer -----------------------------------------------------------------------------------------


def test_results__some_do_not_fit__nothing_is_taken_over(fixed: Register) -> None:
    office = fixed.office
    approved(fixed)
    make_file(office, "D-1", FORM, by="x", put_aside=True)
    by_holder = {each.line.holder: each.line for each in lines(fixed)}  # type: ignore[attr-defined]
    one, two = by_holder["IV-1"], by_holder["IV-2"]

    def answer(line: int, number: int, amount: int) -> Result:
        return Result(line=line, number=number, amount=amount, outcome=Outcome.PAID, on=PAYABLE)

    results = [
        answer(2, one.number, one.due),
        answer(3, two.number, two.due + 1),
        answer(4, 99, 5),
        answer(5, one.number, one.due),
    ]
    with pytest.raises(Unwritable) as found:
        import_results(office, "D-1", 1, results, by="x")
    assert [each.facts["line"] for each in found.value.problems] == [3, 4, 5]
    assert states(fixed)["IV-1"] == ("sent", None)
    assert import_results(office, "D-1", 1, results[:1], by="x") == 1
    assert states(fixed)["IV-1"] == ("paid", None)
    assert states(fixed)["IV-2"] == ("sent", None)
    with office.house.database.read() as connection:
        unpaid = Payments(connection).unpaid()
    assert {each.line.holder for _, each in unpaid} == {
        "IV-2",
        "IV-3",
        "IV-4",
        fixed.firm.address(9),
    }
    assert all(each.state is not PaymentState.PAID for _, each in unpaid)
    assert fits(fixed)
