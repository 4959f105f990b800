"""Succession: a product moves to a new token contract; nobody loses or gains a unit, a day or a restriction.

    standstill   the old token goes into a transfer-enable group of its own that is off; no hold may stand
    copy         the new token is created and given everything (`copy`)
    close        equal holder by holder at one block, the old token is ended for good, naming the new one
    switch       the new token takes the old one's place in its group

What comes next is read off the ledger each time, so a run that was interrupted goes on where it was, and a run after
the last step does nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from genbo.chain.contracts.platform import Platform
from genbo.chain.contracts.security_token import SecurityToken
from genbo.chain.contracts.token_services import TokenServices
from genbo.chain.deploy import adopt_products, groups
from genbo.chain.deployments import Deployment
from genbo.chain.documents import adopt_documents
from genbo.chain.keys import Signer
from genbo.chain.node import At, Node
from genbo.chain.sender import Sender
from genbo.chain.steps import Collect, Echo, Keep, Step, Steps, carry_out
from genbo.chain.successor.copy import Copy
from genbo.chain.successor.state import ProductState, differences, read_state
from genbo.governance import Duty
from genbo.kernel import (
    Address,
    BlockStamp,
    Digest,
    Fault,
    ProductId,
    Reason,
    Reference,
    Refusal,
    to_bytes32,
)
from genbo.token import Act
from genbo.token.control_word import PRODUCT_ENDED

_ROUNDS = 32
"""So often the ledger is asked what comes next; a succession takes fewer than ten."""
_LONGEST_REFERENCE = 24
"""Leaves room for what each act adds to it."""


def successor_of(product: ProductId) -> ProductId:
    """The key of the next token of a product: P1, P1.2, P1.3. Raises Refusal(key_malformed) when it gets too long."""
    numbered = re.fullmatch(r"(.+)\.([2-9]|[1-9][0-9]+)", product)
    stem, number = (numbered[1], int(numbered[2])) if numbered else (product, 1)
    successor = ProductId(f"{stem}.{number + 1}")
    to_bytes32(successor)
    return successor


class Phase(StrEnum):
    """The four parts of a succession."""

    STANDSTILL = "standstill"
    COPY = "copy"
    CLOSE = "close"
    SWITCH = "switch"


@dataclass(frozen=True, slots=True, kw_only=True)
class Next:
    """What is to be done next."""

    phase: Phase
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """That both products said the same at one block."""

    stamp: BlockStamp
    digest: Digest
    """Of everything compared; the closing act carries it as its evidence."""
    holders: int
    accounts: int
    """Addresses compared, holders or not."""
    days: int
    """Holdings compared by day acquired."""
    units: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Hands:
    """Who makes the calls."""

    sender: Sender
    collect: Collect
    carrier: Signer
    """Sends what Safes signed, and creates contracts that need no duty."""
    persons: Mapping[Duty, Signer]
    echo: Echo = lambda _: None
    keep: Keep = lambda _, __: None
    announce: Callable[[Next], None] = lambda _: None
    """Told of the next steps before the first of them is sent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Succession:
    """One product, the product it goes on as, and the reference its acts carry."""

    product: ProductId
    successor: ProductId
    reference: str

    def __post_init__(self) -> None:
        """Raises Refusal: `key_malformed`, `successor_invalid`, `field_invalid`."""
        to_bytes32(self.reference)
        to_bytes32(self.successor)
        if self.successor == self.product:
            raise Refusal(Reason.SUCCESSOR_INVALID, successor=self.successor, product=self.product)
        if len(self.reference) > _LONGEST_REFERENCE:
            raise Refusal(
                Reason.FIELD_INVALID,
                field="reference",
                value=self.reference,
                allowed=f"at most {_LONGEST_REFERENCE} characters",
            )

    @property
    def group(self) -> str:
        """The transfer-enable group that is never on: the old token stays in it for good."""
        return f"{self.reference}/OFF"

    # What comes next ----------------------------------------------------------------------------------

    def next(self, node: Node, deployment: Deployment, *, carrier: Address) -> Next | None:
        """The next steps; None when the succession is complete. Sends nothing.

        Raises:
            Refusal: `product_unknown`; `product_ended` when the product ended otherwise, `successor_invalid` when it
                goes on as another; `holds_standing`; `successor_differs`; as `Copy.missing`.
        """
        old = deployment.token_of(self.product)
        platform = Platform(node, deployment.platform)
        stamp = node.stamp()
        if self._is_closed(node, deployment, stamp):
            return self._switch(node, deployment, platform, stamp)
        source = read_state(node, old, self.product, stamp)
        if (steps := self._standstill(node, deployment, platform, source)).all():
            return Next(phase=Phase.STANDSTILL, steps=steps.all())
        copy = Copy(
            source=source, product=self.successor, reference=self.reference, group=self.group
        )
        if missing := copy.missing(node, deployment, carrier=carrier):
            return Next(phase=Phase.COPY, steps=missing)
        proof = self.prove(node, deployment, stamp)
        act = Act(ref=Reference(f"{self.reference}/C"), evidence=proof.digest)
        steps = Steps(node, deployment, stamp)
        steps.by_safe(Duty.ISSUER, SecurityToken(node, old.address).close(self.successor, act))
        return Next(phase=Phase.CLOSE, steps=steps.all())

    def _is_closed(self, node: Node, deployment: Deployment, stamp: BlockStamp) -> bool:
        old = deployment.token_of(self.product)
        token = SecurityToken(node, old.address)
        if not token.control(stamp).value.has(PRODUCT_ENDED):
            return False
        succeeded = token.succeeded_by(old.block, stamp).value
        if succeeded is None:
            raise Refusal(Reason.PRODUCT_ENDED, product=self.product)
        if succeeded.successor != self.successor:
            raise Refusal(Reason.SUCCESSOR_INVALID, successor=self.successor, product=self.product)
        return True

    def _standstill(
        self, node: Node, deployment: Deployment, platform: Platform, source: ProductState
    ) -> Steps:
        """Holds first: a product that cannot be moved yet is not stopped for it either."""
        steps = Steps(node, deployment, source.stamp)
        services = TokenServices(node, source.token)
        binding = {
            ref: hold for ref, hold in source.standing.items() if source.stamp.at < hold.expiry
        }
        if binding:
            ref, hold = min(binding.items(), key=lambda item: item[1].expiry)
            raise Refusal(
                Reason.HOLDS_STANDING,
                product=self.product,
                count=len(binding),
                ref=ref,
                until=int(hold.expiry.timestamp()),
            )
        if platform.group_of(source.token, source.stamp).value != self.group:
            if self.group not in groups(platform, deployment.first_block, source.stamp.number):
                create = platform.create_group(self.group, enabled=False)
                steps.by_safe(Duty.TRANSFER_CONTROLLER, create)
            assign = platform.assign_group(source.token, self.group)
            steps.by_safe(Duty.TRANSFER_CONTROLLER, assign)
        elif platform.is_transfer_enabled(self.group, source.stamp).value:
            disable = platform.set_transfer_enabled(self.group, enabled=False)
            steps.by_safe(Duty.TRANSFER_CONTROLLER, disable)
        for (
            ref
        ) in source.standing:  # expired: anybody may release them, and their units are free again
            steps.by_carrier(services.release_hold(ref))
        return steps

    def _switch(
        self, node: Node, deployment: Deployment, platform: Platform, stamp: BlockStamp
    ) -> Next | None:
        old = deployment.token_of(self.product)
        new = deployment.token_of(self.successor)
        if platform.group_of(new.address, stamp).value != self.group:
            return None
        left = [
            previous
            for previous, entered in platform.assigned(old.address, old.block, stamp).value
            if entered == self.group
        ]
        steps = Steps(node, deployment, stamp)
        steps.by_safe(Duty.TRANSFER_CONTROLLER, platform.assign_group(new.address, left[-1]))
        return Next(phase=Phase.SWITCH, steps=steps.all())

    # Proof --------------------------------------------------------------------------------------------

    def prove(self, node: Node, deployment: Deployment, at: At = None) -> Proof:
        """That successor and product say the same at that block, holder by holder.

        Raises:
            Refusal: `product_unknown`, `successor_differs`.
        """
        stamp = node.stamp(at)
        source = read_state(node, deployment.token_of(self.product), self.product, stamp)
        copy = read_state(node, deployment.token_of(self.successor), self.successor, stamp)
        if unlike := differences(source, copy):
            raise Refusal(
                Reason.SUCCESSOR_DIFFERS,
                successor=self.successor,
                differences=len(unlike),
                first=str(unlike[0]),
            )
        return Proof(
            stamp=stamp,
            digest=source.digest(),
            holders=len({line.address for line in source.lines}),
            accounts=len(source.accounts),
            days=len(source.lines),
            units=int(source.supply.total),
        )

    def closing(self, node: Node, deployment: Deployment) -> tuple[int, str] | None:
        """Block and transaction that closed the product; None while it is open."""
        old = deployment.token_of(self.product)
        found = SecurityToken(node, old.address).succeeded_by(old.block).value
        return None if found is None else (found.block, found.tx)

    # Doing it -----------------------------------------------------------------------------------------

    def carry_through(self, deployment: Deployment, hands: Hands) -> Deployment:
        """Everything that is still to be done; the deployment with the successor in it, to be saved.

        Raises:
            Refusal: as `next`; `approvals_too_few` or `Fault(key_missing)` before the first step of a phase is sent.
                What was done stands, and the next run goes on from there.
        """
        node = hands.sender.node
        deployment = _completed(node, deployment)
        for _ in range(_ROUNDS):
            found = self.next(node, deployment, carrier=hands.carrier.address)
            if found is None:
                return deployment
            hands.announce(found)
            carry_out(
                found.steps,
                hands.sender,
                collect=hands.collect,
                by=hands.carrier,
                persons=hands.persons,
                echo=hands.echo,
                keep=hands.keep,
            )
            deployment = _completed(node, deployment)
        raise Fault(
            Reason.INVARIANT_BROKEN, product=self.product, problem="the succession does not end"
        )


def _completed(node: Node, deployment: Deployment) -> Deployment:
    """The record with what stands already: a run may have been cut off before it was saved."""
    return adopt_documents(node, adopt_products(node, deployment))
