"""Shibuya Jinnan's last part on a real register: a part redeemed early, and the rest to zero (R-JSTOA-6.1.1.4, B.4).

given the holders of the common fixture, 503 with 1,453 units
├── a redemption before its date should not even be drafted, unless as an early one
├── an early one of 453 units should end them in proportion, be paid in its two parts, and leave the date as it was
├── drafted, its maker alone should not be able to approve or carry it out
├── the full one should be refused while somebody holds what was not held at the record date
├── interrupted, it should go on where it stood
├── in full it should leave nothing, end the product, and be paid to the yen with its two parts
└── the registers before and after should be the same whenever they are issued, and stand on the ledger
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import pytest
from tests.domain.entitlements.test_distribution import HOLDERS
from tests.storage.conftest import TEMPLATE
from tests.support.office import PRODUCT
from tests.support.payees import CORPORATE_NUMBER, Register, a_register, payee

from genbo.bootstrap.additional_issues import decide_additional_issue
from genbo.bootstrap.auditing import verify_seen
from genbo.bootstrap.corporate_actions import (
    Decision,
    anchor_documents,
    approve,
    document,
    reject,
)
from genbo.bootstrap.distributions import Wanted, declare
from genbo.bootstrap.distributions import approve as approve_run
from genbo.bootstrap.record_dates import fix_record_date
from genbo.bootstrap.redemptions import carry_out_redemption, decide_redemption, rows_of
from genbo.bootstrap.register_anchor import AnchoredRegister
from genbo.entitlements import (
    ActionKind,
    ActionState,
    CorporateAction,
    IssueTerms,
    PayeeLine,
    RedemptionTerms,
    Run,
    per_unit,
)
from genbo.governance import Duty
from genbo.governance.job import Progress
from genbo.kernel import Digest, Reason, Reference, Refusal, Units, start_of_day
from genbo.storage.corporate_actions import CorporateActions
from genbo.storage.distributions import Distributions
from genbo.storage.engine import Database
from genbo.storage.products import Products
from genbo.storage.register import Register as RegisterRows
from genbo.storage.server import EmbeddedServer
from genbo.token import Act, ProductStatus

HELD = {int(row["holder"][1:]): int(row["units"]) for row in HOLDERS}
EVIDENCE = Digest("0x" + 64 * "e")
EARLY, FINAL = "RD-2024-02", "RD-2024-08"
EARLY_AMOUNTS = per_unit(capital=Decimal(1_000_000), income=Decimal("1234.5"))
FINAL_AMOUNTS = per_unit(capital=Decimal("999999.5"), income=Decimal("123456.78"))
BY = "cli:registrar"


def decision(id: str, day: date) -> Decision:
    return Decision(
        id=id, product=PRODUCT, day=day, resolution="resolution 2024", evidence=EVIDENCE
    )


@dataclass
class Story:
    """What was done, and what came of it."""

    register: Register
    refusals: dict[str, Refusal]
    early: CorporateAction
    early_run: Run
    due_after_part: int
    total_after_part: int
    told: list[Progress]
    final: CorporateAction
    final_run: Run
    anchored: tuple[AnchoredRegister, AnchoredRegister]

    def lines(self, run: str) -> dict[str, PayeeLine]:
        with self.register.office.house.database.read() as connection:
            return {each.holder: each for each in Distributions(connection).lines(run)}


@pytest.fixture(scope="module")
def database(server: EmbeddedServer) -> Iterator[Database]:
    server.create_database("redemption", template=TEMPLATE)
    database = Database(server.url("redemption"))
    yield database
    database.close()
    server.drop_database("redemption")


@pytest.fixture(scope="module")
def story(database: Database, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    people = [
        payee(3, corporate_number=CORPORATE_NUMBER, payee_account_holder_kana="カクウ株式会社")
    ]
    register = a_register(database, tmp_path_factory.mktemp("office"), HELD, people=people)
    office, clock = register.office, register.clock
    refusals: dict[str, Refusal] = {}

    def refused(state: str, act: object, *args: object, **more: object) -> None:
        with pytest.raises(Refusal) as caught:
            act(*args, **more)  # type: ignore[operator]
        refusals[state] = caught.value

    # A part, early
    clock.set("2024-02-01 09:00:00")
    fix_record_date(office, PRODUCT, date(2024, 1, 31), by=BY)
    part = RedemptionTerms(
        record_day=date(2024, 1, 31), units=Units(453), amounts=EARLY_AMOUNTS, early=True
    )
    on = decision(EARLY, date(2024, 2, 15))
    not_early = RedemptionTerms(record_day=part.record_day, units=part.units, amounts=part.amounts)
    refused("too early", decide_redemption, office, on, not_early)
    everything = RedemptionTerms(
        record_day=part.record_day, units=Units(1_453), amounts=part.amounts, early=True
    )
    refused("all as a part", decide_redemption, office, on, everything)
    draft = decide_redemption(office, on, part, maker="issue-1")
    assert decide_redemption(office, on, part, maker="issue-1") == draft
    refused("same id", decide_redemption, office, decision(EARLY, date(2024, 2, 16)), part)
    refused("own approval", approve, office, EARLY, name="issue-1")
    refused("carried out as a draft", carry_out_redemption, office, EARLY, by=BY)
    approve(office, EARLY, name="issue-2", kind=ActionKind.REDEMPTION)
    refused("before its day", carry_out_redemption, office, EARLY, by=BY)
    clock.set("2024-02-15 10:00:00")
    # A frozen address and frozen units take part like any other.
    office.act(
        office.token(PRODUCT).freeze(register.firm.address(3), 300),
        Duty.RESTRICTOR,
        product=PRODUCT,
    )
    early = carry_out_redemption(office, EARLY, by=BY)
    assert carry_out_redemption(office, EARLY, by=BY) == early
    early_run = approve_run(office, EARLY, name="issue-2")
    supply = office.token(PRODUCT).supply().value

    # The rest
    clock.set("2024-08-01 10:00:00")
    fix_record_date(office, PRODUCT, date(2024, 7, 31), by=BY)
    rest = RedemptionTerms(
        record_day=date(2024, 7, 31), amounts=FINAL_AMOUNTS, payment_day=date(2024, 9, 2)
    )
    taken_back = decision("RD-WRONG", date(2024, 8, 30))
    decide_redemption(office, taken_back, rest, maker="issue-1")
    reject(office, "RD-WRONG", name="issue-1")
    refused("after it was taken back", approve, office, "RD-WRONG", name="issue-2")
    decide_redemption(office, decision(FINAL, date(2024, 8, 30)), rest, maker="issue-2")
    approve(office, FINAL, name="issue-1")
    clock.set("2024-08-30 10:00:00")
    register.transfer(2, 3, 1, ref="LATE-1")
    refused("overtaken", carry_out_redemption, office, FINAL, by=BY)
    register.transfer(3, 2, 1, ref="LATE-2")
    told: list[Progress] = []

    def interrupted(now: Progress) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        carry_out_redemption(office, FINAL, by=BY, progress=interrupted)
    with database.read() as connection:
        assert Products(connection).get(PRODUCT).status is ProductStatus.REDEEMING
    final = carry_out_redemption(office, FINAL, by=BY, progress=told.append)
    final_run = approve_run(office, FINAL, name="issue-1")
    refused(
        "issue after the end",
        office.act,
        office.token(PRODUCT).issue(
            [register.firm.address(0)], [1], Act(ref=Reference("I-9"), evidence=EVIDENCE)
        ),
        Duty.ISSUER,
        product=PRODUCT,
    )
    refused(
        "decision after the end",
        decide_additional_issue,
        office,
        decision("AI-9", date(2024, 9, 1)),
        IssueTerms(units=Units(1)),
    )
    yield Story(
        register=register,
        refusals=refusals,
        early=early,
        early_run=early_run,
        due_after_part=supply.redemption_date,
        total_after_part=int(supply.total),
        told=told,
        final=final,
        final_run=final_run,
        anchored=anchor_documents(office, final, by=BY),
    )
    office.close()


def test_refusals__each_state__say_why(story: Story) -> None:
    assert {name: each.reason for name, each in story.refusals.items()} == {
        "too early": Reason.REDEMPTION_NOT_DUE,
        "all as a part": Reason.FIELD_INVALID,
        "same id": Reason.ACTION_EXISTS,
        "own approval": Reason.SAME_PERSON,
        "carried out as a draft": Reason.ACTION_NOT_OPEN,
        "before its day": Reason.ACTION_NOT_DUE,
        "after it was taken back": Reason.ACTION_NOT_OPEN,
        "overtaken": Reason.ACTION_OVERTAKEN,
        "issue after the end": Reason.PRODUCT_ENDED,
        "decision after the end": Reason.PRODUCT_ENDED,
    }
    assert story.refusals["overtaken"].facts["holders"] == 2


def test_part__carried_out__ends_453_units_in_proportion(story: Story) -> None:
    assert story.total_after_part == 1_000
    lines = story.lines(EARLY)
    assert (lines["IV-2"].units, lines["IV-3"].units) == (16, 125)
    assert sum(each.units for each in lines.values()) == 453
    assert len(lines) == 2 + 312
    with story.register.office.house.database.read() as connection:
        rows = RegisterRows(connection, story.register.office.deployment.chain_id)
        assert story.early.after is not None
        held = {
            each.address: each
            for each in rows.positions(PRODUCT, as_of=story.early.after.block)
            if each.units
        }
    firm = story.register.firm
    assert held[firm.address(2)].units == 35
    assert held[firm.address(3)].units == 275
    assert held[firm.address(3)].frozen == 275  # free units went first, and nothing was released


def test_part__paid__is_capital_untaxed_and_profit_taxed(story: Story) -> None:
    corporation = story.lines(EARLY)["IV-3"]
    assert (corporation.capital, corporation.income) == (125_000_000, 154_312)
    assert (corporation.income_tax, corporation.local_tax) == (23_632, 0)
    one = story.lines(EARLY)["IV-2"]
    assert (one.capital, one.income) == (16_000_000, 19_752)
    assert (one.income_tax, one.local_tax) == (3_025, 987)
    assert story.early_run.totals.units == 453


def test_part__early__leaves_the_date_of_the_rest_as_it_was(story: Story) -> None:
    assert story.due_after_part == start_of_day(date(2024, 8, 1)).timestamp()


def test_full__carried_out__leaves_nothing_and_ends_the_product(story: Story) -> None:
    office = story.register.office
    assert office.token(PRODUCT).total_supply().value == 0
    with office.house.database.read() as connection:
        assert Products(connection).get(PRODUCT).status is ProductStatus.REDEEMED
        rows = RegisterRows(connection, office.deployment.chain_id)
        assert rows.total(PRODUCT) == 0
        assert rows.lots(PRODUCT) == []
        assert not any(each.units for each in rows.positions(PRODUCT))
    assert story.final.state is ActionState.DONE
    assert (story.told[-1].done, story.told[-1].refused) == (story.told[-1].of, 0)


def test_full__paid__is_the_two_parts_to_the_yen(story: Story) -> None:
    lines = story.lines(FINAL)
    assert sum(each.units for each in lines.values()) == 1_000
    corporation, person = lines["IV-3"], lines["IV-2"]
    # 275 x 123,456.78 = 33,950,614.5; 275 x 999,999.5 = 274,999,862.5; 15.315 % of 33,950,614
    assert (corporation.income, corporation.capital) == (33_950_614, 274_999_862)
    assert (corporation.income_tax, corporation.local_tax) == (5_199_536, 0)
    # 35 x 123,456.78 = 4,320,987.3; 35 x 999,999.5 = 34,999,982.5
    assert (person.income, person.capital) == (4_320_987, 34_999_982)
    assert (person.income_tax, person.local_tax) == (661_759, 216_049)
    assert person.due == 4_320_987 + 34_999_982 - 661_759 - 216_049
    sums = story.final_run.totals
    assert (
        sums.remainder
        == Decimal(1_000) * (FINAL_AMOUNTS.income + FINAL_AMOUNTS.capital)
        - sums.income
        - sums.capital
    )
    assert story.final_run.payment_day == date(2024, 9, 2)


def test_part__corrected__pays_for_the_units_that_ended(story: Story) -> None:
    office = story.register.office
    wanted = Wanted(
        id="RD-2024-02-C",
        product=PRODUCT,
        record_day=date(2024, 1, 31),
        amounts=per_unit(capital=Decimal(1_000_000), income=Decimal(1_235)),
        why="the profit was higher",
        corrects=EARLY,
    )
    run = declare(office, wanted, maker="issue-1")
    assert run.totals.units == 453
    with office.house.database.read() as connection:
        line = next(
            each for each in Distributions(connection).lines(run.id) if each.holder == "IV-3"
        )
    assert line.due == (154_375 - 23_642) - (154_312 - 23_632)


def test_documents__issued_again__are_the_same_and_stand_on_the_ledger(story: Story) -> None:
    office = story.register.office
    for action in (story.early, story.final):
        assert action.before is not None
        assert action.after is not None
        before = document(office, action, after=False, by=BY)
        after = document(office, action, after=True, by=BY)
        assert (before.facts_digest, after.facts_digest) == (
            action.before.digest,
            action.after.digest,
        )
    assert (int(before.total_issued), int(after.total_issued)) == (1_000, 0)
    again = anchor_documents(office, story.final, by=BY)
    assert [each.root.root for each in again] == [each.root.root for each in story.anchored]
    assert all(each.already for each in again)


def test_rows__asked_after_the_end__are_overtaken(story: Story) -> None:
    with (
        story.register.office.house.database.read() as connection,
        pytest.raises(Refusal) as caught,
    ):
        rows_of(connection, story.register.office, story.final)
    assert caught.value.reason is Reason.ACTION_OVERTAKEN


def test_audit__whole_story__holds(story: Story) -> None:
    office = story.register.office
    with office.house.database.read() as connection:
        stored = CorporateActions(connection).all(kind=ActionKind.REDEMPTION, product=PRODUCT)
        verified = verify_seen(connection, None, origin=None)
    assert {each.id: each.state for each in stored} == {
        EARLY: ActionState.DONE,
        "RD-WRONG": ActionState.REJECTED,
        FINAL: ActionState.DONE,
    }
    assert verified.holds, verified.misfits
