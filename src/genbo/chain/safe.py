"""Two persons: collecting the owners' signatures over one act, and carrying them out through a Safe.

A Safe that meets a refusal says only "GS013", so the act itself is asked first, in the Safe's name: that answer has
the reason.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from genbo.chain.call import Call
from genbo.chain.contracts.safe import Approval, Safe
from genbo.chain.keys import Signer, refuse_development_key
from genbo.chain.node import Node, Reverted
from genbo.chain.refusals import refusal_of
from genbo.chain.sender import Sender, Sent
from genbo.kernel import Address, Fault, Reason, Refusal


@dataclass(frozen=True, slots=True)
class Proposal:
    """One act of one Safe, as its owners are asked to sign it."""

    safe: Safe
    call: Call
    nonce: int

    @property
    def digest(self) -> bytes:
        return self.safe.digest(self.call, self.nonce)


def propose(node: Node, safe: Address, call: Call) -> Proposal:
    """The act with the Safe's next number."""
    account = Safe(node, safe)
    return Proposal(account, call, account.nonce().value)


def approve(proposal: Proposal, owner: Signer) -> Approval:
    """The owner's signature over exactly this act.

    Raises:
        Fault: `development_key_refused`.
    """
    refuse_development_key(owner.address, proposal.safe.node.chain_id)
    return Approval(owner.address, owner.sign_digest(proposal.digest))


def rehearse(proposal: Proposal) -> None:
    """Asks the act itself, as if the Safe made it now. Raises Refusal with the contract's own reason."""
    call, safe = proposal.call, proposal.safe
    try:
        safe.node.rehearse(sender=safe.address, to=call.to, data=call.data)
    except Reverted as refused:
        raise refusal_of(refused.data, call=call, sender=safe.address) from None
    except Fault as fault:
        # ape's in-process network lets nobody ask in the name of an account without coins: the reason then stays
        # unknown here, and the Safe itself still refuses.
        if fault.reason is not Reason.TRANSACTION_FAILED:
            raise


def execute(
    sender: Sender, proposal: Proposal, approvals: Sequence[Approval], *, by: Signer
) -> Sent:
    """Carries the signed act to the chain; `by` only pays for the way.

    Raises:
        Refusal: `approvals_too_few` when fewer owners signed than the Safe wants, or the reason for which the
            contract refuses the act itself; nothing was changed.
    """
    needed = proposal.safe.threshold().value
    owners = set(proposal.safe.owners().value)
    given = len({approval.owner for approval in approvals} & owners)
    if given >= needed:
        rehearse(proposal)
    # With too few, or with somebody else's signature, it is the Safe that refuses: what counts is the chain's no.
    call = proposal.safe.execute(proposal.call, approvals)
    try:
        return sender.send(call, by=by)
    except Refusal as refusal:
        if refusal.reason is Reason.APPROVALS_TOO_FEW:
            refusal.facts |= {"given": given, "needed": needed}
        raise


def send_by_safe(
    sender: Sender, safe: Address, call: Call, *, owners: Sequence[Signer], by: Signer
) -> Sent:
    """`call` made by the Safe on the signatures of `owners`. Raises as `execute`."""
    proposal = propose(sender.node, safe, call)
    return execute(sender, proposal, [approve(proposal, owner) for owner in owners], by=by)


def send_batch_by_safe(
    sender: Sender, safe: Address, calls: Sequence[Call], *, owners: Sequence[Signer], by: Signer
) -> list[Sent]:
    """Several acts one after the other, each signed for itself; stops at the first refusal."""
    return [send_by_safe(sender, safe, call, owners=owners, by=by) for call in calls]
