"""A split between a record date and what its holders get.

given a split in one block with transfers
└── it should be done: who held what is compared just before and just after it
given 53 units of a bond, a fixed record date, and a redemption of 10 units that was decided on it
└── when each unit was split into ten before the coupon is declared and the redemption carried out
    ├── the coupon should bring a unit of the record date what it brought before the split
    └── the redemption should be overtaken: a tenth of the units would end, and be paid as whole ones
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from decimal import Decimal

import pytest
from tests.storage.conftest import TEMPLATE
from tests.support.office import PRODUCT
from tests.support.payees import Register, a_register

from genbo.bootstrap.corporate_actions import Decision, approve
from genbo.bootstrap.coupons import wanted_coupon
from genbo.bootstrap.record_dates import fix_record_date
from genbo.bootstrap.redemptions import carry_out_redemption, decide_redemption
from genbo.bootstrap.splits import carry_out_split, decide_split
from genbo.chain.embedded import EmbeddedNode
from genbo.chain.sender import Sender
from genbo.entitlements import ActionState, PerUnit, RedemptionTerms, per_unit
from genbo.kernel import Digest, Reason, Refusal, Units
from genbo.storage.corporate_actions import CorporateActions
from genbo.storage.engine import Database
from genbo.storage.register import Register as RegisterRows
from genbo.storage.server import EmbeddedServer

RECORD_DAY, DAY, LATER = date(2022, 1, 31), date(2022, 4, 1), date(2022, 4, 2)
BOND = {"rate": "1", "points_rate": "0.5", "coupons_a_year": 2, "interest_from": "2021-08-12"}
BY = "cli:registrar"


def decision(id: str, day: date) -> Decision:
    return Decision(
        id=id, product=PRODUCT, day=day, resolution="resolution", evidence=Digest("0x" + 64 * "e")
    )


@contextmanager
def transfers_around_it(register: Register) -> Iterator[None]:
    """The next transaction stands in one block with two transfers of a holder: one unit before it, five after it."""
    office, key = register.office, register.firm.key(2)
    node, token = office.house.node, office.token(PRODUCT)
    assert isinstance(node, EmbeddedNode)
    nonce, mine = node.nonce(key.address), node.mine
    before, after = (
        key.sign_transaction(
            Sender(node)._fields(
                token.transfer(register.firm.address(1), units), nonce=nonce + number, gas=500_000
            )
        )
        for number, units in enumerate((1, 5))
    )

    def together(raws: Sequence[bytes]) -> list[str]:
        patched.setattr(node, "mine", mine)
        return mine([before, *raws, after])[1:-1]

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(node, "mine", together)
        yield


@pytest.fixture(scope="module")
def split(
    server: EmbeddedServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Register, PerUnit]]:
    """The register after the split, and what a unit was to bring before it."""
    server.create_database("split_between", template=TEMPLATE)
    database = Database(server.url("split_between"))
    folder = tmp_path_factory.mktemp("office")
    terms = {"legal_form": "corporate_bond", "bond": BOND}
    register = a_register(database, folder, {1: 2, 2: 51}, **terms)  # type: ignore[arg-type]
    office, clock = register.office, register.clock
    clock.set("2022-02-01 09:00:00")
    fix_record_date(office, PRODUCT, RECORD_DAY, by=BY)
    before = wanted_coupon(office, PRODUCT, RECORD_DAY, id="C-1", why="terms").amounts
    part = RedemptionTerms(
        record_day=RECORD_DAY,
        units=Units(10),
        amounts=per_unit(capital=Decimal(1_000_000)),
        early=True,
    )
    decide_redemption(office, decision("RD-1", LATER), part, maker="issue-1")
    approve(office, "RD-1", name="issue-2")
    decide_split(office, decision("SP-1", DAY), 10, maker="issue-1")
    approve(office, "SP-1", name="issue-2")
    clock.set("2022-04-01 09:00:00")
    with transfers_around_it(register):
        carry_out_split(office, "SP-1", by=BY)
    yield register, before
    office.close()
    database.close()
    server.drop_database("split_between")


def test_split__transfers_in_its_block__is_done(split: tuple[Register, PerUnit]) -> None:
    register, _ = split
    office, firm = register.office, register.firm
    with office.house.database.read() as connection:
        assert CorporateActions(connection).get("SP-1").state is ActionState.DONE
        rows = RegisterRows(connection, office.deployment.chain_id)
        held = {each.address: each.units for each in rows.positions(PRODUCT)}
    assert (held[firm.address(1)], held[firm.address(2)]) == (35, 495)


def test_coupon__split_since_the_record_date__brings_what_it_did(
    split: tuple[Register, PerUnit],
) -> None:
    register, before = split
    after = wanted_coupon(register.office, PRODUCT, RECORD_DAY, id="C-1", why="terms").amounts
    assert before.income > 4_000
    assert after == before


def test_redemption__split_since_the_record_date__is_overtaken(
    split: tuple[Register, PerUnit],
) -> None:
    register, _ = split
    register.clock.set("2022-04-02 09:00:00")
    with pytest.raises(Refusal) as refused:
        carry_out_redemption(register.office, "RD-1", by=BY)
    assert refused.value.reason is Reason.ACTION_OVERTAKEN
    assert register.office.token(PRODUCT).total_supply().value == 530
