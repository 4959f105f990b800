"""Whom the exact bytes of a call would let give or receive, and whose verdict they would open.

given a call of the token
├── when a holder gives: both sides
├── when the registrar gives or takes: the recipients
├── when a verdict is given: whose, and until when; not when it blocks
└── when it moves nothing: nobody
given a call of the settlement contract
└── seller and buyer, or every party of a batch
given every function that changes the token
└── it should be one that is read here, or one that lets nobody receive
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from genbo.chain.call import Call
from genbo.chain.contracts.security_token import SecurityToken
from genbo.chain.contracts.settlement import Net, NetBatch, Settlement, Trade
from genbo.chain.development import person
from genbo.chain.parties import Parties, parties_of
from genbo.kernel import Address, Digest, Reference
from genbo.token import Act

NODE: Any = None
HERE, A, B, C = (
    person(name).address for name in ("issue-1", "repair-1", "repair-2", "compliance-1")
)
TOKEN, SETTLEMENT = person("deployer").address, person("market-1").address
REF = Reference("T-1")
ACT = Act(ref=REF, evidence=Digest("0x" + 64 * "a"))
UNTIL = datetime(2030, 1, 1, tzinfo=UTC)
token = SecurityToken(NODE, TOKEN)
settlement = Settlement(NODE, SETTLEMENT)


def parties(call: Call) -> Parties | None:
    assert call.to is not None
    return parties_of(call.to, call.data, by=HERE, settlement=SETTLEMENT)


@pytest.mark.parametrize(
    ("call", "movers"),
    [
        (token.transfer(A, 1), (HERE, A)),
        (token.transfer(A, 1, REF), (HERE, A)),
        (token.transfer_from(A, B, 1), (A, B)),
        (token.transfer_from_with_reference(A, B, 1, REF), (A, B)),
        (token.batch_transfer([A, B, A], [1, 1, 1]), (HERE, A, B)),
        (token.issue([A], [1], ACT), (A,)),
        (token.mint(A, 1), (A,)),
        (token.batch_mint([A, B], [1, 1]), (A, B)),
        (token.distribute([A, B], [1, 1], REF), (A, B)),
        (token.forced_transfer(A, B, 1, ACT), (B,)),
        (token.forced_transfer(A, B, 1), (B,)),
        (token.batch_forced_transfer([A], [B], [1]), (B,)),
        (token.redistribute(A, B, 1, incident=REF, evidence=ACT.evidence), (B,)),
        (token.redistribute_burned(REF, B, 1, incident=REF, evidence=ACT.evidence), (B,)),
        (token.reverse_transfer(REF, A, B, 1, ACT), (B,)),
    ],
    ids=lambda value: value.what if isinstance(value, Call) else "",
)
def test_parties__units_would_move__are_those_who_are_judged(
    call: Call, movers: tuple[Address, ...]
) -> None:
    found = parties(call)
    assert found == Parties(token=TOKEN, movers=movers)


def test_parties__verdict__is_read_unless_it_blocks() -> None:
    seconds = int(UNTIL.timestamp())
    one = token.set_verdict(A, until=UNTIL, investor_class=1)
    assert parties(one) == Parties(token=TOKEN, opened=(A,), until=seconds)
    many = token.batch_set_verdict([A, B], until=UNTIL, investor_class=1)
    assert parties(many) == Parties(token=TOKEN, opened=(A, B), until=seconds)
    assert parties(token.set_verdict(A, until=None, blocked=True)) is None


def test_parties__trade__are_seller_and_buyer() -> None:
    trade = Trade(
        trade_id=REF,
        token=TOKEN,
        seller=A,
        buyer=B,
        units=1,
        cash=C,
        amount=1,
        agent=None,
        nonce=1,
        deadline=UNTIL,
    )
    for make in (settlement.settle, settlement.instruct):
        assert parties(make(trade, seller=b"", buyer=b"")) == Parties(token=TOKEN, movers=(A, B))
    batch = NetBatch(
        batch_id=REF,
        token=TOKEN,
        cash=C,
        parties={A: Net(units=1, amount=-1), B: Net(units=-1, amount=1)},
        nonce=1,
        deadline=UNTIL + timedelta(days=1),
    )
    found = parties(settlement.settle_net(batch, {A: b"", B: b""}))
    assert found is not None
    assert set(found.movers) == {A, B}


@pytest.mark.parametrize(
    "call",
    [
        token.redeem([A], [1], ACT),
        token.rekey(A, B, ACT),
        token.freeze(A, 1),
        token.sync([A]),
        settlement.abort(TOKEN, REF),
        Call(TOKEN, b"", "nothing"),
        Call(TOKEN, b"\x01\x02\x03\x04", "unknown"),
        Call(TOKEN, token.transfer(A, 1).data[:40], "cut off"),
    ],
    ids=lambda call: call.what,
)
def test_parties__nobody_would_receive__is_none(call: Call) -> None:
    assert parties(call) is None


RECEIVES_NOTHING = {
    "approve", "batchBurn", "batchFreezePartialTokens", "batchSetAddressFrozen", "batchSetVerdict",
    "batchUnfreezePartialTokens", "burn", "cancelAuthorization", "close", "enableHolderCount", "freezePartialTokens",
    "permit", "recoveryAddress", "redeem", "redeemAll", "releaseHold", "setAddressFrozen", "setControlBits",
    "setFrozenTokens", "setLockUp", "setOwnAccount", "setPermittedClasses", "setProductLockUp", "setRule", "setTerms",
    "setVerdict", "split", "sync", "unfreezePartialTokens",
}  # fmt: skip
BY_NUMBER = {"executeHold"}
"""Judged when it was made; the token judges again."""


def test_functions__each_that_writes__is_read_or_lets_nobody_receive() -> None:
    from genbo.chain.parties import _BY_DUTY, _FREELY

    written = {each.name for each in SecurityToken.interface().functions if each.writes}
    assert written == _FREELY | _BY_DUTY | RECEIVES_NOTHING | BY_NUMBER
    for name in _FREELY | _BY_DUTY:
        entries = [each for each in SecurityToken.interface().functions if each.name == name]
        assert all("to" in each.names for each in entries)
