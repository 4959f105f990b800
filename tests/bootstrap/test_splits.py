"""A split 1:10 and an additional issue on a real register (D.1.4, R-JSTOA-6.1.1.5, R-JSTOA-6.1.1.6).

given 1,453 units of H1, H2, H3 and others, 5 of H2's held for a trade against bank money, 3 of H3's frozen
├── 1:1, a factor below 1, and one that makes no whole price should be refused
├── before its day it should be refused; two persons should carry it out once
├── every position, lot, hold and freeze should be ten times as much, with the same acquisition dates
├── the terms should follow, and the register before should still be issued as it was
├── a split that another one overtook should be refused
└── an additional issue should be within the cap, have lots of its own date, and leave first in, first out as it is
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from tests.storage.conftest import TEMPLATE
from tests.support.office import PRODUCT
from tests.support.payees import Register, a_register

from genbo.bootstrap.acts.allotting import judged
from genbo.bootstrap.acts.desk import ActDesk
from genbo.bootstrap.additional_issues import (
    carry_out_additional_issue,
    decide_additional_issue,
)
from genbo.bootstrap.corporate_actions import Decision, approve, document
from genbo.bootstrap.splits import carry_out_split, decide_split
from genbo.chain.contracts.settlement import Settlement, Trade
from genbo.chain.contracts.token_services import TokenServices
from genbo.chain.signing import Domain, TradeMessage, sign
from genbo.entitlements import ActionState, CorporateAction, IssueTerms
from genbo.governance import Duty
from genbo.kernel import (
    Digest,
    InvestorId,
    Reason,
    Reference,
    Refusal,
    Refusals,
    Units,
    start_of_day,
)
from genbo.register import Lot
from genbo.storage.engine import Database
from genbo.storage.products import Products
from genbo.storage.register import Register as RegisterRows
from genbo.storage.server import EmbeddedServer

HELD = {1: 2, 2: 51, 3: 400, 4: 1_000}
EVIDENCE = Digest("0x" + 64 * "e")
FIRST, DAY, LATER = date(2021, 8, 11), date(2022, 4, 1), date(2022, 6, 1)
BY = "cli:registrar"


def decision(id: str, day: date) -> Decision:
    return Decision(
        id=id, product=PRODUCT, day=day, resolution="resolution 2022", evidence=EVIDENCE
    )


@dataclass
class Story:
    register: Register
    refusals: dict[str, Refusal]
    split: CorporateAction
    held: dict[int, int]
    lots: list[Lot]
    locked: int
    frozen: int
    price: int
    cap: int
    issue: CorporateAction

    def lots_of(self, number: int) -> list[tuple[int, date]]:
        office = self.register.office
        address = self.register.firm.address(number)
        with office.house.database.read() as connection:
            lots = RegisterRows(connection, office.deployment.chain_id).lots(PRODUCT)
        return sorted(
            ((int(each.units), each.acquired) for each in lots if each.address == address),
            key=lambda it: it[1],
        )


@pytest.fixture(scope="module")
def database(server: EmbeddedServer) -> Iterator[Database]:
    server.create_database("split", template=TEMPLATE)
    database = Database(server.url("split"))
    yield database
    database.close()
    server.drop_database("split")


@pytest.fixture(scope="module")
def story(database: Database, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    register = a_register(database, tmp_path_factory.mktemp("office"), HELD, others=[5], cap=2_000)
    office, clock, firm = register.office, register.clock, register.firm
    token = office.token(PRODUCT)
    refusals: dict[str, Refusal] = {}

    def refused(state: str, act: object, *args: object, **more: object) -> None:
        with pytest.raises(Refusal) as caught:
            act(*args, **more)  # type: ignore[operator]
        refusals[state] = caught.value

    clock.set("2022-03-10 10:00:00")
    _lock(register, 5)
    office.act(token.freeze(firm.address(3), 3), Duty.RESTRICTOR, product=PRODUCT)
    refused("1:1", decide_split, office, decision("SP-0", DAY), 1)
    refused("2:1", decide_split, office, decision("SP-0", DAY), 0)
    refused("1:3", decide_split, office, decision("SP-0", DAY), 3)
    decide_split(office, decision("SP-1", DAY), 10, maker="issue-1")
    decide_split(office, decision("SP-2", DAY), 2, maker="issue-1")
    refused("own approval", approve, office, "SP-1", name="issue-1")
    approve(office, "SP-1", name="issue-2")
    approve(office, "SP-2", name="issue-2")
    clock.set("2022-03-31 23:59:59")
    refused("before its day", carry_out_split, office, "SP-1", by=BY)
    clock.set("2022-04-01 00:00:00")
    split = carry_out_split(office, "SP-1", by=BY)
    assert carry_out_split(office, "SP-1", by=BY) == split
    refused("overtaken", carry_out_split, office, "SP-2", by=BY)
    refused("overtaken, again", carry_out_split, office, "SP-2", by=BY)
    with office.house.database.read() as connection:
        terms = Products(connection).get(PRODUCT).terms
        rows = RegisterRows(connection, office.deployment.chain_id)
        lots = rows.lots(PRODUCT)
        positions = {each.address: each for each in rows.positions(PRODUCT)}
    locked = TokenServices(office.house.node, token.address).held_units(firm.address(2)).value

    clock.set("2022-05-20 10:00:00")
    refused(
        "above the cap",
        decide_additional_issue,
        office,
        decision("AI-0", LATER),
        IssueTerms(units=Units(5_471)),
    )
    refused(
        "to nobody known",
        decide_additional_issue,
        office,
        decision("AI-0", LATER),
        IssueTerms(units=Units(10), to=InvestorId("IV-99")),
    )
    direct = IssueTerms(units=Units(70), to=InvestorId("IV-1"))
    decide_additional_issue(office, decision("AI-1", LATER), direct, maker="issue-1")
    approve(office, "AI-1", name="issue-2")
    refused("issue before its day", carry_out_additional_issue, office, "AI-1", by=BY)
    clock.set("2022-06-01 09:00:00")
    office.act(office.platform.stop(), Duty.STOPPER)
    refused("under a stop", carry_out_additional_issue, office, "AI-1", by=BY)
    office.act(office.platform.resume(), Duty.RESUMER)
    office.act(office.platform.open_market(), Duty.MARKET_OPERATOR)
    issue = carry_out_additional_issue(office, "AI-1", by=BY)
    assert carry_out_additional_issue(office, "AI-1", by=BY) == issue
    yield Story(
        register=register,
        refusals=refusals,
        split=split,
        held={number: int(positions[firm.address(number)].units) for number in HELD},
        lots=lots,
        locked=int(locked),
        frozen=int(positions[firm.address(3)].frozen),
        price=terms.unit_price_yen,
        cap=terms.authorised_cap,
        issue=issue,
    )
    office.close()


def _lock(register: Register, units: int) -> None:
    """Both sides of a trade against bank money sign it, and the seller's units wait for the payment."""
    office, firm = register.office, register.firm
    settlement = Settlement(office.house.node, office.deployment.settlement)
    seller, buyer = firm.key(2), firm.key(4)
    trade = Trade(
        trade_id=Reference("T-DVP"),
        token=office.token(PRODUCT).address,
        seller=seller.address,
        buyer=buyer.address,
        units=units,
        cash=None,
        amount=5_000_000,
        agent=firm.address(1),
        nonce=7,
        deadline=office.house.now() + timedelta(days=60),
    )
    domain = Domain.of_settlement(settlement.address, chain_id=office.house.node.chain_id)
    office.act_as_holder(
        office.token(PRODUCT).approve(settlement.address, units),
        investor=InvestorId("IV-2"),
        signer=seller,
        product=PRODUCT,
    )
    hers, his = (sign(TradeMessage(trade), domain, key) for key in (seller, buyer))
    office.act_as_holder(
        settlement.instruct(trade, seller=hers, buyer=his),
        investor=InvestorId("IV-4"),
        signer=buyer,
        product=PRODUCT,
    )


def test_refusals__each_state__say_why(story: Story) -> None:
    assert {state: each.reason for state, each in story.refusals.items()} == {
        "1:1": Reason.SPLIT_FACTOR_INVALID,
        "2:1": Reason.SPLIT_FACTOR_INVALID,
        "1:3": Reason.FIELD_INVALID,
        "own approval": Reason.SAME_PERSON,
        "before its day": Reason.ACTION_NOT_DUE,
        "overtaken": Reason.SPLIT_EPOCH_INVALID,
        "overtaken, again": Reason.SPLIT_EPOCH_INVALID,
        "above the cap": Reason.CAP_EXCEEDED,
        "to nobody known": Reason.KEY_UNKNOWN,
        "issue before its day": Reason.ACTION_NOT_DUE,
        "under a stop": Reason.PLATFORM_STOPPED,
    }


def test_split__carried_out__multiplies_everything_and_keeps_dates(story: Story) -> None:
    assert story.held == {1: 20, 2: 510, 3: 4_000, 4: 10_000}
    assert sum(int(each.units) for each in story.lots) == 14_530
    assert {each.acquired for each in story.lots} == {FIRST}
    assert (story.locked, story.frozen) == (50, 30)
    assert (story.price, story.cap) == (100_000, 20_000)
    assert story.split.state is ActionState.DONE


def test_documents__before_and_after__show_equal_shares(story: Story) -> None:
    office = story.register.office
    before, after = (document(office, story.split, after=side, by=BY) for side in (False, True))
    assert (int(before.total_issued), int(after.total_issued)) == (1_453, 14_530)
    assert before.facts.terms.unit_price_yen == 1_000_000
    assert after.facts.terms.unit_price_yen == 100_000
    shares = [
        {line.account: int(line.units) * 14_530 // int(each.total_issued) for line in each.lines}
        for each in (before, after)
    ]
    assert shares[0] == shares[1]
    assert after.stamp.at >= start_of_day(DAY)


def test_additional_issue__carried_out__has_lots_of_its_own_date(story: Story) -> None:
    office = story.register.office
    assert office.token(PRODUCT).total_supply().value == 14_600
    assert story.lots_of(1) == [(20, FIRST), (70, LATER)]
    story.register.transfer(1, 5, 30, ref="FIFO-1")
    assert story.lots_of(1) == [(60, LATER)]
    after = document(office, story.issue, after=True, by=BY)
    account = story.register.firm.address(1)
    assert [(int(it.units), it.acquired) for it in after.sorted_lines if it.account == account] == [
        (20, FIRST),
        (70, LATER),
    ]


def test_offering__after_both__is_all_that_was_offered(story: Story) -> None:
    """An allotment is judged against what was set, tenfold, and the 70 units on top of it."""
    desk = ActDesk(office=story.register.office, product=PRODUCT)

    def offering(units: int) -> list[object]:
        found = judged(desk, [(InvestorId("IV-1"), units)])
        every = found.each if isinstance(found, Refusals) else [found]
        return [
            each.facts["offering"]
            for each in every
            if each is not None and each.reason is Reason.OVER_OFFERING_QUANTITY
        ]

    assert offering(14_600) == []
    assert offering(14_601) == [14_600]
