"""Deploying: first everything is resolved, addresses included, and can be printed; then it is sent step by step.

The deployer's key holds power only while the steps run: it wires the duties, hands ADMIN to a Safe and renounces.
A product is created by the Safes alone; the deployer's key only carries their signatures.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from genbo.chain import artifacts
from genbo.chain.addresses import contract_address
from genbo.chain.call import Call, creation
from genbo.chain.contracts.duty_manager import DutyManager
from genbo.chain.contracts.platform import Platform
from genbo.chain.contracts.safe import SafeProxyFactory, initializer
from genbo.chain.contracts.token_factory import TokenFactory, salt_of
from genbo.chain.deployments import Deployment, SafeRecord, TokenRecord
from genbo.chain.hexes import address_of
from genbo.chain.keys import Signer, refuse_development_key
from genbo.chain.node import Node
from genbo.chain.parameters import PlatformParameters, SafeContracts
from genbo.chain.sender import Sender
from genbo.chain.steps import (
    Collect,
    Echo,
    Step,
    Steps,
    carry_out,
    collect_from,
    missing_approvals,
)
from genbo.governance import Contract, Duty, bound_functions
from genbo.kernel import (
    Address,
    BlockStamp,
    Digest,
    Fault,
    ProductId,
    Reason,
    Refusal,
    from_bytes32,
)
from genbo.token import LedgerTerms
from genbo.token.control_word import TRANSFER_DISABLED

__all__ = [
    "OURS",
    "Collect",
    "Echo",
    "PlatformPlan",
    "ProductPlan",
    "Step",
    "add_product",
    "adopt_products",
    "collect_from",
    "deploy_platform",
    "deploy_product",
    "groups",
    "holders",
    "missing_approvals",
    "plan_platform",
    "plan_product",
    "wiring",
]


@dataclass(frozen=True, slots=True)
class PlatformPlan:
    """All steps that make a platform, and what will stand afterwards."""

    deployer: Address
    nonce: int
    """The deployer's number of the first step: all addresses follow from it."""
    steps: tuple[Step, ...]
    parameters: PlatformParameters
    safe_contracts: SafeContracts
    safes: dict[str, Address]
    duty_manager: Address
    platform: Address
    factory: Address
    services: Address
    acts: Address
    settlement: Address
    anchor: Address
    disbursement: Address


# The platform -------------------------------------------------------------------------------------


def plan_platform(node: Node, parameters: PlatformParameters, *, deployer: Address) -> PlatformPlan:
    """Resolves everything and sends nothing.

    Raises:
        Refusal: `field_invalid` when the parameters break a rule.
        Fault: `development_key_refused` when a well-known key is to hold a duty on a chain that is no development
            chain.
    """
    parameters.check()
    for holder in sorted(_all_holders(parameters) | {deployer}):
        refuse_development_key(holder, node.chain_id)
    first = node.nonce(deployer)
    steps: list[Step] = []

    def create(name: str, *arguments: object) -> Address:
        address = contract_address(deployer, first + len(steps))
        steps.append(Step(creation(artifacts.load(name), *arguments), creates=address))
        return address

    public = parameters.safe_contracts or SafeContracts(
        singleton=create("Safe"),
        factory=create("SafeProxyFactory"),
        handler=create("CompatibilityFallbackHandler"),
    )
    safes: dict[str, Address] = {}
    for number, (name, safe) in enumerate(parameters.safes.items()):
        setup = initializer(safe.owners, safe.threshold, public.handler)
        salt = int.from_bytes(salt_of(f"{deployer}:{first}:{number}"), "big")
        proxies = SafeProxyFactory(node, public.factory)
        safes[name] = proxies.proxy_address(public.singleton, setup, salt)
        what = f"create Safe {name} ({safe.threshold} of {len(safe.owners)})"
        steps.append(Step(proxies.create(public.singleton, setup, salt, what), creates=safes[name]))
    manager = DutyManager(node, create("DutyManager", deployer))
    platform = create("Platform", manager.address)
    factory = create("TokenFactory", manager.address, platform)
    services = create("TokenServices")
    acts = create("TokenActs", manager.address, services)
    settlement = create("Settlement", manager.address)
    anchor = create("RegisterAnchor", manager.address)
    disbursement = create("Disbursement", manager.address, anchor, settlement)

    admin = next(safes[name] for name, s in parameters.safes.items() if Duty.ADMIN in s.duties)
    labels = [manager.label(duty) for duty in Duty if duty is not Duty.ADMIN]
    wires = [
        *wiring(manager, Contract.PLATFORM, platform),
        *wiring(manager, Contract.FACTORY, factory),
        *wiring(manager, Contract.SETTLEMENT, settlement),
        *wiring(manager, Contract.ANCHOR, anchor),
        *wiring(manager, Contract.DISBURSEMENT, disbursement),
    ]
    grants = [manager.grant(duty, holder) for duty, holder in holders(parameters, safes, factory)]
    steps += [
        Step(manager.together("label the duties", labels)),
        Step(manager.together("wire the contracts to the duties", wires)),
        Step(manager.together("grant the duties", grants)),
        Step(manager.grant(Duty.ADMIN, admin)),
        Step(manager.renounce(Duty.ADMIN, deployer)),
    ]
    return PlatformPlan(
        deployer=deployer,
        nonce=first,
        steps=tuple(steps),
        parameters=parameters,
        safe_contracts=public,
        safes=safes,
        duty_manager=manager.address,
        platform=platform,
        factory=factory,
        services=services,
        acts=acts,
        settlement=settlement,
        anchor=anchor,
        disbursement=disbursement,
    )


def deploy_platform(
    plan: PlatformPlan, sender: Sender, *, deployer: Signer, echo: Echo = lambda _: None
) -> Deployment:
    """Sends the steps of the plan; the deployment as it then stands, to be verified and saved.

    Raises:
        Fault: `transaction_failed` when the deployer's key was used in between (plan again), or an address does not
            come out as planned.
    """
    node = sender.node
    if deployer.address != plan.deployer or node.nonce(deployer.address) != plan.nonce:
        raise Fault(
            Reason.TRANSACTION_FAILED, problem="the deployer sent something else: plan again"
        )
    first, *_ = carry_out(plan.steps, sender, collect=collect_from(()), by=deployer, echo=echo)
    parameters = plan.parameters
    return Deployment(
        chain_id=node.chain_id,
        first_block=first.stamp.number,
        first_block_hash=first.stamp.hash,
        duty_manager=plan.duty_manager,
        platform=plan.platform,
        factory=plan.factory,
        acts=plan.acts,
        services=plan.services,
        settlement=plan.settlement,
        anchor=plan.anchor,
        disbursement=plan.disbursement,
        safe_singleton=plan.safe_contracts.singleton,
        safe_factory=plan.safe_contracts.factory,
        safe_handler=plan.safe_contracts.handler,
        safes={
            name: SafeRecord(
                address=plan.safes[name],
                owners=safe.owners,
                threshold=safe.threshold,
                duties=safe.duties,
            )
            for name, safe in parameters.safes.items()
        },
        operators=dict(parameters.operators),
        code_hashes={
            name: artifacts.load(name).running_hash for name in (*OURS, *artifacts.SAFE_CONTRACTS)
        },
    )


OURS = (
    "DutyManager",
    "Platform",
    "TokenFactory",
    "TokenServices",
    "TokenActs",
    "Settlement",
    "RegisterAnchor",
    "Disbursement",
    "SecurityToken",
    "DocumentRegistry",
)


def wiring(manager: DutyManager, contract: Contract, address: Address) -> Iterator[Call]:
    """The calls that bind each function of the contract to its duty, one per duty."""
    by_duty: dict[Duty, list[bytes]] = {}
    functions = artifacts.load(contract.value).interface
    for signature, duty in bound_functions(contract):
        by_duty.setdefault(duty, []).append(functions.function(signature).selector)
    for duty, selectors in by_duty.items():
        yield manager.wire(address, selectors, duty)


def holders(
    parameters: PlatformParameters, safes: dict[str, Address], factory: Address
) -> Iterator[tuple[Duty, Address]]:
    """Every duty but ADMIN with every account that shall hold it."""
    for name, safe in parameters.safes.items():
        for duty in safe.duties:
            if duty is not Duty.ADMIN:
                yield duty, safes[name]
    for duty, accounts in parameters.operators.items():
        for account in accounts:
            yield duty, account
    yield Duty.FACTORY, factory


# A product ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ProductPlan:
    """All steps that make a product."""

    deployment: Deployment
    terms: LedgerTerms
    token: Address
    steps: tuple[Step, ...]


def plan_product(
    node: Node, deployment: Deployment, terms: LedgerTerms, *, group_enabled: bool = True
) -> ProductPlan:
    """Resolves everything and sends nothing.

    The duties are wired to the address the token will have before it is created: there is no moment at which a
    token stands unwired. Group and code approval are skipped where they exist.

    Args:
        group_enabled: whether a transfer-enable group that does not exist yet begins enabled.

    Raises:
        Refusal: `product_exists`, or a term that the ledger cannot hold.
    """
    stamp = node.stamp()
    steps = Steps(node, deployment, stamp)
    token = add_product(steps, node, deployment, terms, stamp, group_enabled=group_enabled)
    return ProductPlan(deployment=deployment, terms=terms, token=token, steps=steps.all())


def add_product(
    steps: Steps,
    node: Node,
    deployment: Deployment,
    terms: LedgerTerms,
    stamp: BlockStamp,
    *,
    group_enabled: bool,
) -> Address:
    """Adds the steps that make the product; where its token will stand. Raises as `plan_product`."""
    platform = Platform(node, deployment.platform)
    if platform.token_of(terms.product_id, stamp).value is not None:
        raise Refusal(Reason.PRODUCT_EXISTS, product=terms.product_id)
    factory = TokenFactory(node, deployment.factory)
    manager = DutyManager(node, deployment.duty_manager)
    artifact = artifacts.load("SecurityToken")
    salt = salt_of(terms.product_id)
    group = terms.transfer_control_id
    exists = group in groups(platform, deployment.first_block, stamp.number)
    if not exists:
        steps.by_safe(Duty.TRANSFER_CONTROLLER, platform.create_group(group, enabled=group_enabled))
    bits = platform.control_bits(group, stamp).value
    if not exists and not group_enabled:
        bits |= TRANSFER_DISABLED
    code_hash = Digest(artifact.code_hash)
    if factory.acts_of(code_hash, stamp).value != deployment.acts:
        steps.by_safe(Duty.PRODUCT_CREATOR, factory.approve_code(code_hash, deployment.acts))
    token = factory.token_address(
        artifact,
        terms,
        salt,
        acts=deployment.acts,
        platform=platform.address,
        control_bits=bits,
    )
    wires = wiring(manager, Contract.TOKEN, token)
    steps.by_safe(Duty.ADMIN, manager.together(f"wire {terms.product_id} to the duties", wires))
    steps.by_safe(Duty.PRODUCT_CREATOR, factory.create(artifact, terms, salt), creates=token)
    return token


def deploy_product(
    plan: ProductPlan,
    sender: Sender,
    *,
    collect: Collect,
    by: Signer,
    echo: Echo = lambda _: None,
) -> Deployment:
    """Carries the Safes' signed acts to the chain; the deployment with the product added, to be saved.

    Args:
        by: the key that only carries; it needs no duty.

    Raises:
        Refusal: `approvals_too_few` before anything is sent, when a step lacks signatures.
        Fault: `transaction_failed` when the token did not come out at the planned address, which happens when
            somebody opens or closes the market in between.
    """
    *_, last = carry_out(plan.steps, sender, collect=collect, by=by, echo=echo)
    record = TokenRecord(
        address=plan.token,
        block=last.stamp.number,
        code_hash=artifacts.load("SecurityToken").running_hash,
    )
    return plan.deployment.with_token(plan.terms.product_id, record)


def adopt_products(node: Node, deployment: Deployment) -> Deployment:
    """The record with every product that the platform knows: one may lack when a script was ended before it saved."""
    platform = Platform(node, deployment.platform)
    topic = platform.interface().event("ProductRegistered").topic
    code_hash = artifacts.load("SecurityToken").running_hash
    for log in node.logs(
        addresses=[platform.address],
        topics=[[topic]],
        first=deployment.first_block,
        last=node.stamp().number,
    ):
        product = ProductId(from_bytes32(log.topics[1]))
        if product not in deployment.tokens:
            token = TokenRecord(
                address=address_of(log.topics[2][12:]), block=log.block, code_hash=code_hash
            )
            deployment = deployment.with_token(product, token)
    return deployment


# Inside -------------------------------------------------------------------------------------------


def groups(platform: Platform, first: int, last: int) -> set[str]:
    """The transfer-enable groups that exist, from events: the platform answers no such question."""
    topic = platform.interface().event("GroupCreated").topic
    logs = platform.node.logs(
        addresses=[platform.address], topics=[[topic]], first=first, last=last
    )
    return {from_bytes32(log.topics[1]) for log in logs}


def _all_holders(parameters: PlatformParameters) -> set[Address]:
    owners = {owner for safe in parameters.safes.values() for owner in safe.owners}
    return owners | {each for accounts in parameters.operators.values() for each in accounts}
