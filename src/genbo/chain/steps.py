"""Steps: the transactions of a procedure, resolved before the first is sent, and who makes each.

A step of a Safe carries the number the Safe will have by then, so its digest can be printed, and signed elsewhere,
ahead of everything. A step of one person is sent by a key of that duty; all others by whoever carries the procedure.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from genbo.chain.call import Call
from genbo.chain.contracts.safe import Approval, Safe
from genbo.chain.deployments import Deployment
from genbo.chain.keys import Signer
from genbo.chain.node import Node
from genbo.chain.safe import Proposal, approve, execute
from genbo.chain.sender import Sender, Sent
from genbo.governance import Duty
from genbo.kernel import Address, BlockStamp, Fault, Reason, Refusal

Echo = Callable[[str], None]
"""Where progress lines go."""

Keep = Callable[["Step", Sent], None]
"""Told of a step that is done."""

Collect = Callable[[Proposal], Sequence[Approval]]
"""Asks for the owners' signatures over one act."""


@dataclass(frozen=True, slots=True)
class Step:
    """One transaction of a procedure."""

    call: Call
    creates: Address | None = None
    """The address that must have code afterwards."""
    proposal: Proposal | None = None
    """Set when a Safe makes the call."""
    duty: Duty | None = None
    """Set when one person makes the call, by this duty. Without either, whoever carries the procedure does."""

    def line(self) -> str:
        """What will be signed, in one line."""
        at = f" at {self.creates}" if self.creates else ""
        if self.proposal is not None:
            safe = self.proposal.safe.address
            digest = self.proposal.digest.hex()
            return f"{self.call.what}{at} | Safe {safe} no. {self.proposal.nonce} 0x{digest}"
        by = f" | {self.duty.name}" if self.duty is not None else ""
        return f"{self.call.what}{at}{by}"


class Steps:
    """Collects the steps of a plan; each Safe's acts are numbered on from the block the plan is made at."""

    def __init__(self, node: Node, deployment: Deployment, stamp: BlockStamp) -> None:
        self._node = node
        self._deployment = deployment
        self._stamp = stamp
        self._numbers: Counter[Address] = Counter()
        self._steps: list[Step] = []

    def by_safe(self, duty: Duty, call: Call, *, creates: Address | None = None) -> None:
        """Adds an act of the Safe that holds the duty."""
        safe = Safe(self._node, self._deployment.safe_of(duty).address)
        number = safe.nonce(self._stamp).value + self._numbers[safe.address]
        self._numbers[safe.address] += 1
        self._steps.append(Step(call, creates=creates, proposal=Proposal(safe, call, number)))

    def by_person(self, duty: Duty, call: Call) -> None:
        """Adds an act of one person."""
        self._steps.append(Step(call, duty=duty))

    def by_carrier(self, call: Call, *, creates: Address | None = None) -> None:
        """Adds an act that anybody may make."""
        self._steps.append(Step(call, creates=creates))

    def extend(self, steps: Iterable[Step]) -> None:
        """Adds steps of another plan, made at the same block while this one had none of a Safe."""
        self._steps.extend(steps)

    def all(self) -> tuple[Step, ...]:
        return tuple(self._steps)


# Signatures -----------------------------------------------------------------------------------------


def collect_from(owners: Sequence[Signer]) -> Collect:
    """Has those of `owners` sign who are owners of the Safe, as many as it wants."""

    def collect(proposal: Proposal) -> list[Approval]:
        entitled = set(proposal.safe.owners().value)
        able = [owner for owner in owners if owner.address in entitled]
        return [approve(proposal, owner) for owner in able[: proposal.safe.threshold().value]]

    return collect


def missing_approvals(steps: Sequence[Step], collect: Collect) -> list[tuple[Step, int, int]]:
    """Steps for which too few signatures can be had: the step, how many there are, how many it takes."""
    found = []
    for step in steps:
        if step.proposal is not None:
            given = len(collect(step.proposal))
            needed = step.proposal.safe.threshold().value
            if given < needed:
                found.append((step, given, needed))
    return found


def require_approvals(steps: Sequence[Step], collect: Collect) -> None:
    """Nothing when every step has its signatures. Raises Refusal(approvals_too_few)."""
    for step, given, needed in missing_approvals(steps, collect):
        raise Refusal(Reason.APPROVALS_TOO_FEW, given=given, needed=needed, act=step.call.what)


# Carrying out ---------------------------------------------------------------------------------------


def carry_out(
    steps: Sequence[Step],
    sender: Sender,
    *,
    collect: Collect,
    by: Signer,
    persons: Mapping[Duty, Signer] | None = None,
    echo: Echo = lambda _: None,
    keep: Keep = lambda _, __: None,
) -> list[Sent]:
    """Sends the steps one after the other, once all signatures are there.

    Args:
        by: the key that carries what Safes signed, and makes the calls that need no duty.
        persons: whose key makes the calls of one person's duty.
        keep: told of each step as soon as it stands in a block.

    Raises:
        Refusal: `approvals_too_few` before anything is sent; a contract's reason at the step it refuses.
        Fault: `key_missing` before anything is sent; `transaction_failed` when a step did not create what it was to.
    """
    persons = persons or {}
    require_approvals(steps, collect)
    for step in steps:
        if step.duty is not None and step.duty not in persons:
            raise Fault(Reason.KEY_MISSING, needed=1, reachable=0, duty=step.duty.name)
    done: list[Sent] = []
    for number, step in enumerate(steps, 1):
        if step.proposal is not None:
            sent = execute(sender, step.proposal, collect(step.proposal), by=by)
        else:
            signer = by if step.duty is None else persons[step.duty]
            sent = sender.send(step.call, by=signer)
        keep(step, sent)
        _require_code(sender.node, step, sent)
        echo(_progress(number, len(steps), step, sent))
        done.append(sent)
    return done


def _require_code(node: Node, step: Step, sent: Sent) -> None:
    if step.creates is not None and not node.code(step.creates, sent.stamp).value:
        raise Fault(
            Reason.TRANSACTION_FAILED, tx=sent.tx, problem=f"nothing was created at {step.creates}"
        )


def _progress(number: int, of: int, step: Step, sent: Sent) -> str:
    at = f" at {step.creates}" if step.creates else ""
    return (
        f"{number:>2}/{of} {step.call.what}{at} | block {sent.stamp.number} | "
        f"gas {sent.gas_used:,} | {sent.tx}"
    )
