"""The order to carry an action out, as the role `jobs` goes on with it.

given an approved action whose day has come, and the order of somebody who may decide, signed outside
├── the same person's order once more should be the same, and somebody else's be refused while it is open
├── when the keys of those who decided are not here: refused as `key_missing`, and ordered again elsewhere
├── when it was carried out meanwhile, by the command line or a process that was killed: done, without a second act
├── when it was interrupted after its act: others who sign go on with what was signed
└── a redemption should be ordered as a bulk act that others work on
    ├── while that is under way nothing ends; when a row cannot succeed: refused with its reason, the others done
    ├── when it was cancelled: refused, and nothing is paid for units that did not end
    ├── ordered again: the row is tried once more, and its payment drafted with the last one
    ├── its date was set back before its units ended: ordered again, it should be set once more
    ├── its payment was turned down: declared anew under its id and a number, it should pay for the same units
    └── its id should stand for no other run, and no other run take its id
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from eth_account.messages import encode_typed_data
from tests.storage.conftest import TEMPLATE
from tests.support.office import PRODUCT
from tests.support.payees import Register, a_register

from genbo.bootstrap import additional_issues, executions
from genbo.bootstrap.additional_issues import carry_out_additional_issue, decide_additional_issue
from genbo.bootstrap.corporate_actions import Decision, approve, finish
from genbo.bootstrap.distributions import Wanted, declare, reject
from genbo.bootstrap.executions import CarryOut, execution_of
from genbo.bootstrap.office import Office
from genbo.bootstrap.record_dates import fix_record_date
from genbo.bootstrap.redemptions import decide_redemption
from genbo.bootstrap.routine import RunningJobs
from genbo.bootstrap.signed_outside import Handed
from genbo.chain.development import person
from genbo.entitlements import (
    ActionState,
    CorporateAction,
    IssueTerms,
    RedemptionTerms,
    RunState,
    per_unit,
)
from genbo.governance import CommandState, Duty, Stored
from genbo.kernel import Digest, Reason, Refusal, Units, start_of_day
from genbo.storage.corporate_actions import CorporateActions
from genbo.storage.distributions import Distributions
from genbo.storage.engine import Database
from genbo.storage.server import EmbeddedServer

HELD = {1: 20, 2: 50, 3: 30}
BY = "machine:K-1"


@dataclass(frozen=True)
class Story:
    register: Register

    @property
    def office(self) -> Office:
        return self.register.office

    def action(self, id: str) -> CorporateAction:
        with self.office.house.database.read() as connection:
            return CorporateActions(connection).get(id)

    def ordered(self, id: str, *, by: str = "issue-1") -> Stored:
        """The order, signed by a library of others."""
        office, action = self.office, self.action(id)
        key = person(by)
        prepared = executions.prepare(office, action, maker=key.address)
        signable = encode_typed_data(full_message=prepared.to_sign.typed_data)
        signature = bytes(key._account.sign_message(signable).signature)
        handed = Handed(account=key.address, signature=signature)
        with office.house.database.begin() as connection:
            return executions.order(connection, office, action, handed, by=BY)

    def order_now(self, id: str) -> Stored:
        with self.office.house.database.read() as connection:
            found = execution_of(connection, self.office, self.action(id))
        assert found is not None
        return found.order

    def decided(self, id: str, day: date) -> Decision:
        return Decision(
            id=id,
            product=PRODUCT,
            day=day,
            resolution="resolution",
            evidence=Digest("0x" + 64 * "e"),
        )

    def issue(self, id: str, units: int) -> None:
        """An additional issue whose day has come."""
        terms = IssueTerms(units=Units(units))
        decide_additional_issue(
            self.office, self.decided(id, date(2022, 4, 1)), terms, maker="issue-1"
        )
        approve(self.office, id, name="issue-2")


@pytest.fixture(scope="module")
def story(server: EmbeddedServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    server.create_database("execution", template=TEMPLATE)
    database = Database(server.url("execution"))
    register = a_register(database, tmp_path_factory.mktemp("office"), HELD)
    register.clock.set("2022-04-01 09:00:00")
    yield Story(register)
    register.office.close()
    database.close()
    server.drop_database("execution")


def test_order__given_twice__is_one_and_nobody_elses(story: Story) -> None:
    story.issue("AI-1", 5)
    first = story.ordered("AI-1")
    assert story.ordered("AI-1") == first
    assert (first.state, first.command.duty, first.approvals[0].name) == (
        CommandState.CHECKED,
        None,
        "issue-1",
    )
    with pytest.raises(Refusal) as other:
        story.ordered("AI-1", by="issue-2")
    assert other.value.reason is Reason.COMMAND_KEY_REUSED
    with pytest.raises(Refusal) as nobody:
        story.ordered("AI-1", by="anchor-1")
    assert nobody.value.reason is Reason.DUTY_MISSING
    total = story.office.token(PRODUCT).total_supply().value
    assert CarryOut(story.office).step()
    assert not CarryOut(story.office).step()
    assert story.order_now("AI-1").state is CommandState.FINAL
    assert story.action("AI-1").state is ActionState.DONE
    assert story.office.token(PRODUCT).total_supply().value == total + 5


def test_order__keys_are_elsewhere__says_so_and_is_given_again(story: Story) -> None:
    story.issue("AI-2", 1)
    story.ordered("AI-2")
    office = story.office
    without = Office(replace(office.house, keys={}), office.deployment)
    assert CarryOut(without).step()
    order = story.order_now("AI-2")
    assert (order.state, order.outcome.reason) == (CommandState.REFUSED, Reason.KEY_MISSING)
    assert story.action("AI-2").state is ActionState.APPROVED
    again = story.ordered("AI-2", by="issue-2")
    assert again.id != order.id
    assert CarryOut(office).step()
    assert story.order_now("AI-2").state is CommandState.FINAL
    without.close()


def test_order__carried_out_meanwhile__is_done_without_a_second_act(story: Story) -> None:
    story.issue("AI-3", 7)
    story.ordered("AI-3")
    total = story.office.token(PRODUCT).total_supply().value
    done = carry_out_additional_issue(story.office, "AI-3", by="cli:registrar")
    # A process that had been as far before comes second.
    assert finish(story.office, replace(done, state=ActionState.APPROVED), by=BY) == done
    assert CarryOut(story.office).step()
    assert story.order_now("AI-3").state is CommandState.FINAL
    assert story.office.token(PRODUCT).total_supply().value == total + 7
    with pytest.raises(Refusal) as ended:
        story.ordered("AI-3")
    assert ended.value.reason is Reason.ACTION_NOT_OPEN


def test_issue__interrupted_after_its_act__is_done_by_other_people(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    story.issue("AI-4", 3)
    total = story.office.token(PRODUCT).total_supply().value

    def killed(*_: object, **__: object) -> CorporateAction:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(additional_issues, "finish", killed)
        with pytest.raises(KeyboardInterrupt):
            carry_out_additional_issue(story.office, "AI-4", by=BY)
    people = ("issue-2", "issue-1")
    done = carry_out_additional_issue(story.office, "AI-4", by=BY, people=people)
    assert done.state is ActionState.DONE
    assert story.office.token(PRODUCT).total_supply().value == total + 3


def test_redemption__with_a_row_that_cannot_succeed__goes_on_when_ordered_again(
    story: Story,
) -> None:
    office, clock, day = story.office, story.register.clock, date(2022, 8, 1)
    clock.set("2022-08-02 09:00:00")
    fix_record_date(office, PRODUCT, day, by=BY)
    terms = RedemptionTerms(
        record_day=day, units=Units(13), amounts=per_unit(capital=Decimal(1_000_000)), early=True
    )
    decide_redemption(office, story.decided("RD-1", date(2022, 8, 15)), terms, maker="issue-1")
    approve(office, "RD-1", name="issue-2")
    clock.set("2022-08-15 09:00:00")
    story.ordered("RD-1")
    carry_out, jobs = CarryOut(office), RunningJobs(office)
    assert not carry_out.step()  # the bulk act is ordered, and others work on it
    assert not carry_out.step()
    assert story.order_now("RD-1").state is CommandState.CHECKED
    assert story.action("RD-1").before is not None
    # Before its batch goes out, a holder gives away what was to end.
    story.register.transfer(3, 2, 30, ref="AWAY")
    _until_idle(jobs)
    assert carry_out.step()
    order = story.order_now("RD-1")
    assert order.state is CommandState.REFUSED
    assert order.outcome.reason is Reason.INSUFFICIENT_BALANCE
    story.register.transfer(2, 3, 30, ref="BACK")
    clock.set("2022-08-15 10:00:00")
    story.ordered("RD-1")
    assert not carry_out.step()
    _until_idle(jobs)
    assert carry_out.step()
    assert story.order_now("RD-1").state is CommandState.FINAL
    assert story.action("RD-1").state is ActionState.DONE
    with office.house.database.read() as connection:
        found = execution_of(connection, office, story.action("RD-1"))
        run = Distributions(connection).get("RD-1")
    assert found is not None
    assert len(found.jobs) == 2
    assert (run.state, run.totals.units) == (RunState.DRAFT, 13)
    redemption = datetime.fromtimestamp(office.token(PRODUCT).supply().value.redemption_date, UTC)
    assert redemption.year == 2024, "what is left is not due yet"


def test_redemption__whose_bulk_act_was_cancelled__is_not_called_done(story: Story) -> None:
    office, day = story.office, date(2022, 8, 1)
    terms = RedemptionTerms(
        record_day=day, units=Units(7), amounts=per_unit(capital=Decimal(1)), early=True
    )
    decide_redemption(office, story.decided("RD-2", date(2022, 8, 16)), terms, maker="issue-1")
    approve(office, "RD-2", name="issue-2")
    story.register.clock.set("2022-08-16 09:00:00")
    story.ordered("RD-2")
    assert not CarryOut(office).step()
    with office.house.database.read() as connection:
        found = execution_of(connection, office, story.action("RD-2"))
    assert found is not None
    office.bulk.cancel(found.jobs[0])
    assert CarryOut(office).step()
    order = story.order_now("RD-2")
    assert (order.state, order.outcome.reason) == (
        CommandState.REFUSED,
        Reason.ACTION_INTERRUPTED,
    )
    assert story.action("RD-2").state is ActionState.APPROVED
    with office.house.database.read() as connection, pytest.raises(Refusal):
        Distributions(connection).get("RD-2")


def test_redemption__id_of_a_distribution__is_refused_both_ways(story: Story) -> None:
    office, day = story.office, date(2022, 8, 1)
    terms = RedemptionTerms(
        record_day=day, units=Units(7), amounts=per_unit(capital=Decimal(1)), early=True
    )

    def wanted(id: str, amount: int) -> Wanted:
        amounts = per_unit(capital=Decimal(amount))
        return Wanted(id=id, product=PRODUCT, record_day=day, amounts=amounts, why="a resolution")

    # A run from before would have been taken for the payment of the redemption.
    declare(office, wanted("D-9", 1), maker="issue-1")
    with pytest.raises(Refusal) as taken:
        decide_redemption(office, story.decided("D-9", date(2022, 8, 17)), terms, maker="issue-1")
    assert taken.value.reason is Reason.DISTRIBUTION_EXISTS
    # A redemption is paid as it was decided, and not before it began.
    decide_redemption(office, story.decided("RD-3", date(2022, 8, 17)), terms, maker="issue-1")
    for id, amount in (("RD-3", 1), ("RD-2", 2), ("RD-1", 2)):
        with pytest.raises(Refusal) as other:
            declare(office, wanted(id, amount), maker="issue-1")
        assert other.value.reason is Reason.ACTION_EXISTS


def test_redemption__date_set_back_before_its_units_ended__goes_on_when_ordered_again(
    story: Story,
) -> None:
    office, day = story.office, date(2022, 8, 1)
    terms = RedemptionTerms(
        record_day=day, units=Units(3), amounts=per_unit(capital=Decimal(1)), early=True
    )
    decide_redemption(office, story.decided("RD-4", date(2022, 8, 18)), terms, maker="issue-1")
    approve(office, "RD-4", name="issue-2")
    story.register.clock.set("2022-08-18 09:00:00")
    token = office.token(PRODUCT)
    supply = token.supply().value
    promised = token.set_terms(
        legal_category=supply.legal_category,
        terms_digest=token.terms_digest().value,
        initial_beneficiary=token.initial_beneficiary().value,
        authorised_cap=supply.cap,
        redemption_date=start_of_day(date(2024, 8, 1)),
    )
    office.act(promised, Duty.ISSUER, product=PRODUCT)
    story.ordered("RD-4")
    carry_out, jobs = CarryOut(office), RunningJobs(office)
    assert not carry_out.step()
    office.act(promised, Duty.ISSUER, product=PRODUCT)
    _until_idle(jobs)
    assert carry_out.step()
    assert story.order_now("RD-4").outcome.reason is Reason.REDEMPTION_NOT_DUE
    story.register.clock.set("2022-08-18 10:00:00")
    story.ordered("RD-4")
    assert not carry_out.step()
    _until_idle(jobs)
    assert carry_out.step()
    assert story.order_now("RD-4").state is CommandState.FINAL
    assert token.supply().value.redemption_date == start_of_day(date(2024, 8, 1)).timestamp()


def test_redemption__payment_turned_down__is_declared_anew_for_its_units(story: Story) -> None:
    office = story.office
    wanted = Wanted(
        id="RD-1.2",
        product=PRODUCT,
        record_day=date(2022, 8, 1),
        amounts=per_unit(capital=Decimal(1_000_000)),
        why="redemption RD-1",
    )
    with pytest.raises(Refusal) as not_yet:
        declare(office, wanted, maker="issue-1")
    assert not_yet.value.reason is Reason.DISTRIBUTION_EXISTS
    reject(office, "RD-1", name="issue-2")
    again = declare(office, wanted, maker="issue-1")
    assert (again.totals.units, again.totals.to_pay) == (13, 13_000_000)
    with pytest.raises(Refusal) as third:
        declare(office, replace(wanted, id="RD-1.3"), maker="issue-1")
    assert third.value.reason is Reason.DISTRIBUTION_EXISTS


def _until_idle(jobs: RunningJobs) -> None:
    while jobs.step():
        pass
