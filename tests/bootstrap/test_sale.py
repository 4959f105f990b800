"""A sale against bank money on a real register (D.4.2).

given a seller with three units of 2021-08-11 and four of 2021-12-01, and a trade of five, due on 2022-03-23
├── until the payment is confirmed the register should show the seller, who can sell two more and not three
└── confirmed, the buyer should have one lot of five of that day, and the seller two of 2021-12-01
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import pytest
from tests.support.office import PRODUCT
from tests.support.payees import Register, a_register

from genbo.chain.contracts.settlement import Settlement, Trade
from genbo.chain.signing import Domain, TradeMessage, sign
from genbo.kernel import JST, InvestorId, Reason, Reference, Refusal
from genbo.register import lines
from genbo.storage.engine import Database
from genbo.storage.register import Register as RegisterRows

SELLER, BUYER, AGENT, ANOTHER = 2, 3, 4, 5
FIRST, SECOND, DELIVERY = date(2021, 8, 11), date(2021, 12, 1), date(2022, 3, 23)
TRADE = Reference("TRADE-2022-0318")


@pytest.fixture
def register(database: Database, tmp_path: Path) -> Iterator[Register]:
    made = a_register(database, tmp_path, {SELLER: 3, ANOTHER: 10}, others=[BUYER, AGENT])
    made.clock.set(f"{SECOND} 10:00:00")
    made.transfer(ANOTHER, SELLER, 4)
    yield made
    made.office.close()


def held(register: Register, number: int) -> list[tuple[int, date]]:
    """Units and days of acquisition, as the register shows them now: units that the buyer got by one trade on one day
    are one line, wherever the seller had them from."""
    office = register.office
    office.read()
    with office.house.database.read() as connection:
        lots = RegisterRows(connection, office.deployment.chain_id).lots(PRODUCT)
    account = register.firm.address(number)
    return [(int(it.units), it.acquired) for it in lines(lots) if it.address == account]


def test_sale__five_of_seven_against_bank_money__delivers_first_in_first_out(
    register: Register,
) -> None:
    office, firm = register.office, register.firm
    settlement = Settlement(office.house.node, office.deployment.settlement)
    trade = Trade(
        trade_id=TRADE,
        token=office.token(PRODUCT).address,
        seller=firm.address(SELLER),
        buyer=firm.address(BUYER),
        units=5,
        cash=None,
        amount=5_060_000,  # 5 at 1,012,000
        agent=firm.address(AGENT),
        nonce=1,
        deadline=datetime(2022, 3, 23, 15, tzinfo=JST),
    )
    domain = Domain.of_settlement(settlement.address, chain_id=office.house.node.chain_id)

    def by(number: int, call: object) -> None:
        office.act_as_holder(
            call,  # type: ignore[arg-type]
            investor=InvestorId(f"IV-{number}"),
            signer=firm.key(number),
            product=PRODUCT,
        )

    register.clock.set("2022-03-18 10:00:00")
    by(SELLER, office.token(PRODUCT).approve(settlement.address, 5))
    words = TradeMessage(trade)
    hers, his = (sign(words, domain, firm.key(number)) for number in (SELLER, BUYER))
    by(BUYER, settlement.instruct(trade, seller=hers, buyer=his))
    assert held(register, SELLER) == [(3, FIRST), (4, SECOND)]
    assert held(register, BUYER) == []
    with pytest.raises(Refusal) as refused:
        register.transfer(SELLER, ANOTHER, 3)
    assert refused.value.reason is Reason.INSUFFICIENT_UNFROZEN_BALANCE
    assert office.token(PRODUCT).can_transfer(firm.address(SELLER), firm.address(ANOTHER), 2).value

    register.clock.set("2022-03-23 14:30:00")
    by(AGENT, settlement.confirm_payment(trade.token, TRADE, Reference("PAYMENT-1")))
    assert held(register, BUYER) == [(5, DELIVERY)]
    assert held(register, SELLER) == [(2, SECOND)]
