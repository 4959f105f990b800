"""Why a transaction failed: the receipt says only that it did, so the call is made once more, as a question."""

from genbo.chain.call import Call
from genbo.chain.node import BlockUnknown, Node, Reverted
from genbo.chain.refusals import refusal_of
from genbo.kernel import Address, Fault, Reason, Refusal


def why_failed(node: Node, call: Call, *, sender: Address, tx: str, block: int) -> Refusal:
    """The refusal behind a failed receipt, with the transaction among its facts.

    First on the block itself, whose time counted, then on the state before it. `transaction_failed` when neither
    refuses, or the node no longer has those states.
    """
    reason: Refusal = Fault(Reason.TRANSACTION_FAILED, tx=tx)
    if call.to is not None:
        for at in (block, block - 1):
            try:
                node.call(to=call.to, data=call.data, at=at, sender=sender)
            except Reverted as refused:
                reason = refusal_of(refused.data, call=call, sender=sender)
                break
            except BlockUnknown:
                break
            except Fault as fault:
                if fault.reason is not Reason.TRANSACTION_FAILED:
                    raise
                break  # it has the block, and its state no more
    reason.facts["tx"] = tx
    return reason
