"""Rehearsal: the succession of this very product on a chain that is thrown away.

The product as it stands is set up anew on an embedded chain, under the development cast, and then goes on as its
successor there, with every step of the real run. Whatever of the live data would be refused is refused here.
"""

from __future__ import annotations

from dataclasses import dataclass

from genbo.chain.deploy import adopt_products, deploy_platform, plan_platform
from genbo.chain.development import cast, development_parameters, person
from genbo.chain.documents import adopt_documents
from genbo.chain.embedded import EmbeddedNode
from genbo.chain.sender import Sender, Sent
from genbo.chain.steps import Step, carry_out, collect_from
from genbo.chain.successor.copy import Copy
from genbo.chain.successor.state import ProductState, differences, read_state
from genbo.chain.successor.succession import Hands, Proof, Succession
from genbo.governance import Duty
from genbo.kernel import Digest, Reason, Refusal

_ROUNDS = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Rehearsal:
    """What the rehearsal came to."""

    block: int
    """Of the live chain: the state that was rehearsed is that after it."""
    digest: Digest
    """Of that state, and of the successor's at the end of the rehearsal."""
    holders: int
    accounts: int
    units: int
    transactions: int
    gas: int
    most_gas: int
    """Of one transaction."""


def rehearse(state: ProductState, succession: Succession) -> Rehearsal:
    """Carries the product's state through the whole succession.

    Raises:
        Refusal: what the succession would be refused with.
    """
    node = EmbeddedNode(genesis_at=state.stamp.at)
    sender = Sender(node)
    deployer = person("deployer")
    plan = plan_platform(node, development_parameters(), deployer=deployer.address)
    deployment = deploy_platform(plan, sender, deployer=deployer)
    gas: list[int] = []

    def keep(step: Step, sent: Sent) -> None:
        gas.append(sent.gas_used)

    hands = Hands(
        sender=sender,
        collect=collect_from([key for _, key in cast().values()]),
        carrier=deployer,
        persons={Duty.RESTRICTOR: person("compliance-1")},
        keep=keep,
    )
    twin = Copy(source=state, product=state.product, reference="REHEARSAL", group="REHEARSAL/TWIN")
    for _ in range(_ROUNDS):
        steps = twin.missing(node, deployment, carrier=deployer.address)
        if not steps:
            break
        carry_out(steps, sender, collect=hands.collect, by=deployer, persons=hands.persons)
        deployment = adopt_documents(node, adopt_products(node, deployment))
    set_up = read_state(node, deployment.token_of(state.product), state.product)
    if unlike := differences(state, set_up):
        raise Refusal(
            Reason.SUCCESSOR_DIFFERS,
            successor=state.product,
            differences=len(unlike),
            first=str(unlike[0]),
        )
    deployment = succession.carry_through(deployment, hands)
    closing = succession.closing(node, deployment)
    assert closing is not None
    proof: Proof = succession.prove(node, deployment, closing[0])
    return Rehearsal(
        block=state.stamp.number,
        digest=proof.digest,
        holders=proof.holders,
        accounts=proof.accounts,
        units=proof.units,
        transactions=len(gas),
        gas=sum(gas),
        most_gas=max(gas),
    )
