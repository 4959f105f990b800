"""Meter: how many transactions were sent, and what they cost."""

from dataclasses import dataclass

from genbo.chain.call import Call
from genbo.chain.node import Node
from genbo.chain.sender import Sender, Sent
from genbo.kernel import Address


@dataclass(slots=True)
class Meter:
    """Counts up; whoever wants the cost of a stretch takes the difference."""

    transactions: int = 0
    gas: int = 0


class MeteredSender(Sender):
    """A sender that counts every transaction that succeeded, those of a deployment too."""

    def __init__(self, node: Node, meter: Meter) -> None:
        super().__init__(node)
        self._meter = meter

    def settle(self, tx: str, *, call: Call, sender: Address) -> Sent:
        sent = super().settle(tx, call=call, sender=sender)
        self._meter.transactions += 1
        self._meter.gas += sent.gas_used
        return sent
