"""The competitor: whose transaction took a number of one of our signers.

That a number is used up is no evidence that ours failed: a node may have lost our receipt. So the transaction itself
is looked for, by asking how many numbers were used at which block.
"""

from dataclasses import dataclass

from genbo.chain.node import BlockUnknown, Node
from genbo.kernel import Address, Fault, Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Spender:
    """The transaction that used a number."""

    tx: str
    block: int


def used_up(node: Node, signer: Address, *, last: int) -> int:
    """How many numbers of the signer the blocks up to `last` have used; 0 where the node cannot tell.

    Raises:
        Fault: `node_unreachable` when the node does not answer at all.
    """
    try:
        return node.used(signer, last).value
    except BlockUnknown:
        return 0
    except Fault as fault:
        if fault.reason is not Reason.NODE_UNREACHABLE or "problem" not in fault.facts:
            raise  # an answer with a problem is a node that keeps no old states
        return 0


def spender_of(node: Node, signer: Address, nonce: int, *, last: int) -> Spender | None:
    """The transaction with that number in the blocks up to `last`, in which it is used up (`used_up`); None when the
    node cannot tell.

    Raises:
        Fault: `node_unreachable` when the node does not answer at all.
    """
    try:
        first = 0
        while first < last:  # the first block after which the number is used
            middle = (first + last) // 2
            if node.used(signer, middle).value > nonce:
                last = middle
            else:
                first = middle + 1
        for tx, sender, number in node.block_transactions(first):
            if sender == signer and number == nonce:
                return Spender(tx=tx, block=first)
    except BlockUnknown:
        return None
    except Fault as fault:
        if fault.reason is not Reason.NODE_UNREACHABLE or "problem" not in fault.facts:
            raise  # an answer with a problem is a node that keeps no old states
    return None
