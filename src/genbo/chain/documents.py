"""The documents of a product: one `DocumentRegistry` (ERC-1643) beside its token, kept by two persons.

Anybody may create the contract; it counts once ADMIN's Safe has wired it to its keepers and the record names it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from genbo.chain import artifacts
from genbo.chain.addresses import contract_address
from genbo.chain.call import creation
from genbo.chain.contracts.document_registry import DocumentRegistry
from genbo.chain.contracts.duty_manager import DutyManager
from genbo.chain.deploy import wiring
from genbo.chain.deployments import Deployment
from genbo.chain.keys import Signer
from genbo.chain.node import Node
from genbo.chain.sender import Sender
from genbo.chain.steps import Collect, Echo, Step, Steps, carry_out
from genbo.governance import Contract, Duty
from genbo.kernel import Address, Fault, ProductId, Reason, Refusal


@dataclass(frozen=True, slots=True)
class DocumentsPlan:
    """The two steps that give a product its registry of documents."""

    deployment: Deployment
    product: ProductId
    carrier: Address
    nonce: int
    """The carrier's number of the first step: the registry's address follows from it."""
    registry: Address
    steps: tuple[Step, ...]


def plan_documents(
    node: Node, deployment: Deployment, product: ProductId, *, carrier: Address
) -> DocumentsPlan:
    """Resolves everything and sends nothing.

    Args:
        carrier: whose key creates the contract; it holds nothing afterwards.

    Raises:
        Refusal: `product_unknown`, `documents_exist`.
    """
    record = deployment.token_of(product)
    if record.documents is not None:
        raise Refusal(Reason.DOCUMENTS_EXIST, product=product, account=record.documents)
    nonce = node.nonce(carrier)
    registry = contract_address(carrier, nonce)
    manager = DutyManager(node, deployment.duty_manager)
    create = creation(artifacts.load("DocumentRegistry"), manager.address, record.address)
    steps = Steps(node, deployment, node.stamp())
    steps.by_carrier(create, creates=registry)
    wires = wiring(manager, Contract.DOCUMENTS, registry)
    wire = manager.together(f"wire the documents of {product} to the duties", wires)
    steps.by_safe(Duty.ADMIN, wire)
    return DocumentsPlan(
        deployment=deployment,
        product=product,
        carrier=carrier,
        nonce=nonce,
        registry=registry,
        steps=steps.all(),
    )


def deploy_documents(
    plan: DocumentsPlan,
    sender: Sender,
    *,
    collect: Collect,
    by: Signer,
    echo: Echo = lambda _: None,
) -> Deployment:
    """Creates the registry and has ADMIN's Safe wire it; the deployment with it recorded, to be saved.

    Raises:
        Refusal: `approvals_too_few` before anything is sent.
        Fault: `transaction_failed` when the carrier's key was used in between (plan again).
    """
    if by.address != plan.carrier or sender.node.nonce(by.address) != plan.nonce:
        raise Fault(
            Reason.TRANSACTION_FAILED, problem="the carrier sent something else: plan again"
        )
    carry_out(plan.steps, sender, collect=collect, by=by, echo=echo)
    record = replace(plan.deployment.token_of(plan.product), documents=plan.registry)
    return plan.deployment.with_token(plan.product, record)


def adopt_documents(node: Node, deployment: Deployment) -> Deployment:
    """The record with every registry that ADMIN has wired: one may lack when a script was ended before it saved."""
    manager = DutyManager(node, deployment.duty_manager)
    stamp = node.stamp()
    artifact = artifacts.load("DocumentRegistry")
    selector = artifact.interface.function("setDocument").selector
    products = {record.address: product for product, record in deployment.tokens.items()}
    for (target, wired), role in manager.wired(deployment.first_block, stamp).value.items():
        if wired != selector or role != Duty.DOCUMENT_KEEPER:
            continue
        code = node.code(target, stamp).value
        if artifact.masked(code) != artifact.masked(artifact.running_code):
            continue
        product = products.get(DocumentRegistry(node, target).token(stamp).value)
        if product is not None and deployment.tokens[product].documents is None:
            record = replace(deployment.tokens[product], documents=target)
            deployment = deployment.with_token(product, record)
    return deployment
