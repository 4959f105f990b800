"""Sender: signs, sends and waits; says what became of each transaction and nothing more.

A rehearsal comes first, so a refusal costs nothing and leaves no trace on the chain. A transaction that was sent is
never called failed without its receipt: when none comes in time its outcome is unknown, and that is what is raised.
This one keeps nothing: it serves procedures that find out by themselves what stands already, such as a deployment.
What a running service orders goes through the outbox (`dispatcher`).
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from genbo.chain.call import Call
from genbo.chain.failure import why_failed
from genbo.chain.fees import fee_of, transaction_fields
from genbo.chain.keys import Signer, refuse_development_key
from genbo.chain.node import Node, RawLog, Reverted
from genbo.chain.refusals import refusal_of
from genbo.kernel import Address, BlockStamp, Fault, Reason


@dataclass(frozen=True, slots=True)
class Sent:
    """A transaction that succeeded."""

    tx: str
    stamp: BlockStamp
    gas_used: int
    created: Address | None
    logs: tuple[RawLog, ...]


class Sender:
    """Sends for any number of signers. Safe to use from several threads; a signer's transactions take turns."""

    def __init__(
        self,
        node: Node,
        *,
        wait_seconds: float = 120,
        poll_seconds: float = 0.05,
        gas_price: int = 0,
        sleep: Callable[[float], None] = time.sleep,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """`gas_price` (wei) is offered where blocks carry no base fee: networks from before London."""
        self.node = node
        self._gas_price = gas_price
        self._wait_seconds = wait_seconds
        self._poll_seconds = poll_seconds
        self._sleep = sleep
        self._monotonic = monotonic
        self._guard = threading.Lock()
        self._turns: dict[Address, threading.Lock] = {}
        self._nonces: dict[Address, int] = {}

    def send(self, call: Call, *, by: Signer, gas: int | None = None) -> Sent:
        """Has `by` make the call, and waits until it stands in a block.

        Args:
            gas: the gas to allow, which saves the rehearsal; a refusal then costs a failed transaction.

        Raises:
            Refusal: the contract refused; nothing was changed.
            Fault: `transaction_failed` when it failed for no reason of ours or was not taken by the node,
                `transaction_unknown` when no receipt came in time, `development_key_refused`, `node_unreachable`.
        """
        return self.settle(self.submit(call, by=by, gas=gas), call=call, sender=by.address)

    def submit(self, call: Call, *, by: Signer, gas: int | None = None) -> str:
        """As `send`, without waiting: the transaction's hash. `settle` waits for it."""
        refuse_development_key(by.address, self.node.chain_id)
        if gas is None:
            gas = self.rehearse(call, sender=by.address)
        with self._turn_of(by.address):
            nonce = self._nonces.get(by.address)
            if nonce is None:
                nonce = self.node.nonce(by.address)
            raw = by.sign_transaction(self._fields(call, nonce=nonce, gas=gas))
            try:
                tx = self.node.send_raw(raw)
            except Fault:
                self._nonces.pop(
                    by.address, None
                )  # somebody else may have used the key: ask again next time
                raise
            self._nonces[by.address] = nonce + 1
            return tx

    def settle(self, tx: str, *, call: Call, sender: Address) -> Sent:
        """Waits for the receipt of a submitted transaction. Raises as `send`."""
        deadline = self._monotonic() + self._wait_seconds
        while (receipt := self.node.receipt(tx)) is None:
            if self._monotonic() >= deadline:
                raise Fault(Reason.TRANSACTION_UNKNOWN, tx=tx, seconds=int(self._wait_seconds))
            self._sleep(self._poll_seconds)
        if not receipt.succeeded:
            raise why_failed(self.node, call, sender=sender, tx=tx, block=receipt.block)
        return Sent(
            tx=tx,
            stamp=self.node.stamp(receipt.block),
            gas_used=receipt.gas_used,
            created=receipt.created,
            logs=receipt.logs,
        )

    def rehearse(self, call: Call, *, sender: Address) -> int:
        """The gas to allow for the call. Raises Refusal when the contract would refuse it."""
        try:
            return self.node.rehearse(sender=sender, to=call.to, data=call.data)
        except Reverted as refused:
            raise refusal_of(refused.data, call=call, sender=sender) from None

    def forget(self) -> None:
        """Forgets the nonces, after a chain was taken back to a snapshot."""
        with self._guard:
            self._nonces.clear()

    def _turn_of(self, address: Address) -> threading.Lock:
        """One at a time per signer; different signers do not wait for each other."""
        with self._guard:
            return self._turns.setdefault(address, threading.Lock())

    def _fields(self, call: Call, *, nonce: int, gas: int) -> dict[str, Any]:
        header = self.node.header()
        fee = fee_of(header, gas_price=self._gas_price)
        return transaction_fields(
            call, chain_id=self.node.chain_id, nonce=nonce, gas=gas, fee=fee, header=header
        )
