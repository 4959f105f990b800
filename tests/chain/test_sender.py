"""The sender says what became of each transaction, and nothing more.

given a call that the contract refuses
├── when it is sent: it should be refused with its reason, and leave no trace on the chain
└── when the gas was given, so that nothing was rehearsed: it should fail in a block, and the reason be found there
given a call that breaks for no reason of ours: it should be a fault
given several transactions of one signer
├── they should go out one after the other without waiting
├── from many threads: each should have its own number
└── when the node takes one not: the next should go out with the right number
given a node that gives no receipt in time: the outcome should be unknown, never failed
given a chain where gas has a price: the offer should cover it
given a chain from before London: the offer should be a plain price
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest
from tests.support.chain import ANN, BENEFICIARY, STRANGER, Stage, anvil, investor

from genbo.chain.call import Call
from genbo.chain.keys import KeySigner
from genbo.chain.node import Header, Receipt
from genbo.chain.sender import Sender
from genbo.kernel import Address, Fault, Reason, Refusal

SOMEBODY = Address("0x000000000000000000000000000000000000dEaD")
NOTHING = Call(SOMEBODY, b"", "nothing")


def test_send__refused__leaves_no_trace(stage: Stage) -> None:
    before = stage.node.stamp()
    call = stage.token.distribute([investor(ANN).address], [5], None)
    with pytest.raises(Refusal) as refused:
        stage.alone(call, "distribution-1")
    assert refused.value.reason is Reason.REFERENCE_MISSING
    assert not isinstance(refused.value, Fault)
    assert stage.node.stamp() == before
    assert stage.alone(stage.platform.open_market(), "market-1").stamp.number == before.number + 1


def test_send__gas_given__fails_in_a_block_and_the_reason_is_found(stage: Stage) -> None:
    before = stage.node.stamp().number
    stage.alone(stage.platform.open_market(), "market-1")
    call = stage.token.transfer(investor(ANN).address, 5)
    with pytest.raises(Refusal) as refused:
        stage.sender.send(call, by=investor(STRANGER), gas=200_000)
    assert refused.value.reason is Reason.SENDER_UNVERIFIED
    assert refused.value.facts["account"] == investor(STRANGER).address
    receipt = stage.node.receipt(str(refused.value.facts["tx"]))
    assert receipt is not None
    assert not receipt.succeeded
    assert receipt.block == before + 2


def test_send__failed_because_of_the_blocks_time__finds_that_reason(stage: Stage) -> None:
    """The verdict holds in the block before; what counts is the time of the block that failed."""
    soon = stage.node.stamp().at + timedelta(seconds=100)
    accounts = [investor(number).address for number in (BENEFICIARY, ANN)]
    stage.alone(
        stage.token.batch_set_verdict(accounts, until=soon, investor_class=1), "compliance-1"
    )
    stage.alone(stage.platform.open_market(), "market-1")
    stage.node.next_block_at(soon)
    with pytest.raises(Refusal) as refused:
        stage.sender.send(
            stage.token.transfer(accounts[1], 0), by=investor(BENEFICIARY), gas=200_000
        )
    assert refused.value.reason is Reason.SENDER_VERDICT_EXPIRED


def test_send__contract_breaks__is_a_fault(stage: Stage) -> None:
    with pytest.raises(Fault) as broken:
        stage.sender.send(
            Call(stage.platform.address, b"\xff\xff\xff\xff", "no such function"), by=investor(9)
        )
    assert broken.value.reason is Reason.TRANSACTION_FAILED
    with pytest.raises(Fault) as failed:
        stage.sender.send(
            Call(stage.platform.address, b"", "no such function"), by=investor(9), gas=100_000
        )
    assert failed.value.reason is Reason.TRANSACTION_FAILED


def test_submit__many_without_waiting__one_after_the_other(stage: Stage) -> None:
    signer = investor(9)
    hashes = [stage.sender.submit(NOTHING, by=signer, gas=30_000) for _ in range(5)]
    sent = [stage.sender.settle(tx, call=NOTHING, sender=signer.address) for tx in hashes]
    assert len({each.tx for each in sent}) == 5
    assert stage.node.nonce(signer.address) == 5


def test_send__from_many_threads__each_has_its_number(stage: Stage) -> None:
    signer = investor(9)
    with ThreadPoolExecutor(8) as pool:
        sent = list(pool.map(lambda _: stage.sender.send(NOTHING, by=signer), range(24)))
    assert len({each.tx for each in sent}) == 24
    assert stage.node.nonce(signer.address) == 24


def test_send__number_used_by_somebody_else__next_one_is_right(stage: Stage) -> None:
    signer = investor(9)
    stage.sender.send(NOTHING, by=signer)
    Sender(stage.node).send(NOTHING, by=signer)  # another process with the same key
    with pytest.raises(Fault) as refused:
        stage.sender.send(NOTHING, by=signer)
    assert refused.value.reason is Reason.TRANSACTION_FAILED
    assert stage.sender.send(NOTHING, by=signer).stamp == stage.node.stamp()


@dataclass
class _Elsewhere:
    """A node whose answers are changed in one place."""

    inner: Any
    header_of: Any = None
    forgetful: bool = False
    sent: bytes = b""

    def __getattr__(self, name: str) -> Any:
        return getattr(self.inner, name)

    def receipt(self, tx: str) -> Receipt | None:
        return None if self.forgetful else self.inner.receipt(tx)

    def header(self, number: int | None = None) -> Header:
        header: Header = self.inner.header(number)
        return self.header_of(header) if self.header_of else header

    def send_raw(self, raw: bytes) -> str:
        self.sent = raw
        return str(self.inner.send_raw(raw))


def test_send__no_receipt_in_time__is_unknown(stage: Stage) -> None:
    now = [0.0]

    def sleep(seconds: float) -> None:
        now[0] += seconds

    node = _Elsewhere(stage.node, forgetful=True)
    sender = Sender(node, wait_seconds=7, sleep=sleep, monotonic=lambda: now[0])
    with pytest.raises(Fault) as unknown:
        sender.send(NOTHING, by=investor(9))
    assert unknown.value.reason is Reason.TRANSACTION_UNKNOWN
    assert unknown.value.facts["seconds"] == 7
    assert 7 <= now[0] < 8
    assert stage.node.receipt(str(unknown.value.facts["tx"])) is not None  # it did happen


def test_send__before_london__offers_a_plain_price(stage: Stage) -> None:
    node = _Elsewhere(stage.node, header_of=lambda header: replace(header, base_fee=None))
    Sender(node).send(NOTHING, by=investor(9))
    assert node.sent[0] >= 0xC0  # a list: a transaction without a type


@pytest.mark.anvil
def test_send__gas_has_a_price__the_offer_covers_it() -> None:
    with anvil("--base-fee", "2000000000") as (_, node):
        from genbo.chain.keys import development_key

        sender = Sender(node)
        rich = development_key(0)
        before = node.balance(rich.address).value
        assert sender.send(NOTHING, by=rich).gas_used == 21_000
        assert node.balance(rich.address).value < before
        with pytest.raises(Fault) as refused:
            sender.send(NOTHING, by=KeySigner(b"\x07" * 32))
        assert refused.value.reason is Reason.TRANSACTION_FAILED
