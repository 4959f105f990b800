"""Deploying: everything is resolved first, then sent step by step.

given the parameters of a platform
├── the plan should send nothing, and name every address before it exists
├── when it is carried out: what stands should be what was planned, and the deployer hold nothing
├── when the deployer sent something else meanwhile: it should be refused before anything is sent
├── when the network has Safe contracts already: they should be used
└── when a development key is to hold a duty on another chain: it should be refused
given a platform
├── a product should be created by the Safes alone, wired before it exists
├── when a signature is missing: nothing at all should be sent
├── when signatures were made elsewhere: they should serve
├── when group and code are there already: only the two steps of the product should remain
├── when the group begins disabled: the token should know
├── when the product exists: it should be refused
├── when somebody opens the market between plan and act: it should be noticed, and no wrong record be made
└── when the record lacks a product that the platform has: it should be completed
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.support.chain import CARRIER, EVERYBODY, GENESIS, PRODUCT, Stage, build, terms

from genbo.chain.contracts.safe import Approval, Safe
from genbo.chain.contracts.security_token import SecurityToken
from genbo.chain.deploy import (
    adopt_products,
    collect_from,
    deploy_platform,
    deploy_product,
    missing_approvals,
    plan_platform,
    plan_product,
)
from genbo.chain.development import development_parameters, person
from genbo.chain.embedded import EmbeddedNode
from genbo.chain.keys import KeySigner
from genbo.chain.parameters import SafeContracts
from genbo.chain.safe import Proposal, approve
from genbo.chain.sender import Sender
from genbo.chain.verify import verify
from genbo.governance import Duty
from genbo.kernel import Fault, ProductId, Reason, Refusal
from genbo.token.control_word import MARKET_CLOSED, TRANSFER_DISABLED

SECOND = ProductId("P2")


def _new() -> Sender:
    return Sender(EmbeddedNode(genesis_at=GENESIS))


# The platform ---------------------------------------------------------------------------------------


def test_plan__sends_nothing_and_names_every_address() -> None:
    sender = _new()
    plan = plan_platform(sender.node, development_parameters(), deployer=CARRIER.address)
    assert sender.node.header().stamp.number == 0
    planned = {step.creates for step in plan.steps if step.creates}
    assert {plan.platform, plan.factory, plan.duty_manager, *plan.safes.values()} < planned
    deployment = deploy_platform(plan, sender, deployer=CARRIER)
    assert deployment.platform == plan.platform
    assert {name: safe.address for name, safe in deployment.safes.items()} == plan.safes
    assert all(sender.node.code(address).value for address in planned)
    assert (deployment.first_block, deployment.first_block_hash) == (
        1,
        sender.node.header(1).stamp.hash,
    )
    assert verify(sender.node, deployment, development_parameters()).value == []


def test_plan__prints_each_step_and_each_step_is_reported() -> None:
    sender = _new()
    plan = plan_platform(sender.node, development_parameters(), deployer=CARRIER.address)
    lines: list[str] = []
    deploy_platform(plan, sender, deployer=CARRIER, echo=lines.append)
    assert len(lines) == len(plan.steps) == sender.node.header().stamp.number
    for step, line in zip(plan.steps, lines, strict=True):
        assert step.line() in line
        assert "gas" in line


def test_deployer__holds_nothing_afterwards(stage: Stage) -> None:
    for duty in Duty:
        assert not stage.manager.membership(duty, CARRIER.address).value.holds
    with pytest.raises(Refusal) as refused:
        stage.sender.send(stage.manager.grant(Duty.ISSUER, CARRIER.address), by=CARRIER)
    assert refused.value.reason is Reason.DUTY_MISSING


def test_deploy__deployer_sent_something_else__refuses_before_anything_is_sent() -> None:
    sender = _new()
    plan = plan_platform(sender.node, development_parameters(), deployer=CARRIER.address)
    sender.send(plan.steps[0].call, by=CARRIER)
    before = sender.node.header().stamp
    with pytest.raises(Fault) as refused:
        deploy_platform(plan, sender, deployer=CARRIER)
    assert refused.value.reason is Reason.TRANSACTION_FAILED
    assert sender.node.header().stamp == before
    with pytest.raises(Fault):
        deploy_platform(plan, sender, deployer=person("issue-1"))


def test_deploy__twice__gives_two_platforms(stage: Stage) -> None:
    plan = plan_platform(stage.node, stage.parameters, deployer=CARRIER.address)
    second = deploy_platform(plan, stage.sender, deployer=CARRIER)
    assert second.platform != stage.deployment.platform
    assert not set(plan.safes.values()) & {s.address for s in stage.deployment.safes.values()}
    assert verify(stage.node, second, stage.parameters).value == []


def test_deploy__network_has_safe_contracts__uses_them(stage: Stage) -> None:
    public = SafeContracts(
        singleton=stage.deployment.safe_singleton,
        factory=stage.deployment.safe_factory,
        handler=stage.deployment.safe_handler,
    )
    parameters = replace(stage.parameters, safe_contracts=public)
    plan = plan_platform(stage.node, parameters, deployer=CARRIER.address)
    assert not any("create SafeProxyFactory" in step.call.what for step in plan.steps)
    deployment = deploy_platform(plan, stage.sender, deployer=CARRIER)
    assert deployment.safe_singleton == public.singleton
    assert verify(stage.node, deployment, parameters).value == []


def test_plan__development_keys_on_another_chain__refuses() -> None:
    node = EmbeddedNode(genesis_at=GENESIS, chain_id=20_210_811)
    deployer = KeySigner(b"\x07" * 32)
    with pytest.raises(Fault) as refused:
        plan_platform(node, development_parameters(), deployer=deployer.address)
    assert refused.value.reason is Reason.DEVELOPMENT_KEY_REFUSED


def test_plan__parameters_that_break_a_rule__refuses() -> None:
    node = EmbeddedNode(genesis_at=GENESIS)
    with pytest.raises(Refusal) as refused:
        plan_platform(node, replace(development_parameters(), safes={}), deployer=CARRIER.address)
    assert refused.value.reason is Reason.FIELD_INVALID


# A product ------------------------------------------------------------------------------------------


def test_product__stands_where_it_was_planned_and_is_registered(stage: Stage) -> None:
    plan = plan_product(stage.node, stage.deployment, terms(SECOND))
    assert stage.node.code(plan.token).value == b""
    deployment = deploy_product(plan, stage.sender, collect=collect_from(EVERYBODY), by=CARRIER)
    assert deployment.tokens.keys() == {PRODUCT, SECOND}
    assert stage.platform.token_of(SECOND).value == plan.token == deployment.tokens[SECOND].address
    assert deployment.tokens[SECOND].block == stage.node.stamp().number
    assert verify(stage.node, deployment, stage.parameters).value == []
    token = SecurityToken(stage.node, plan.token)
    assert token.product().value == SECOND
    assert token.control().value.bits == MARKET_CLOSED  # a new platform is closed


def test_product__what_the_terms_say_is_what_the_token_says(stage: Stage) -> None:
    given = terms()
    token = stage.token
    supply = token.supply().value
    assert (token.name().value, token.symbol().value) == (given.name, given.symbol)
    assert token.terms_digest().value == given.terms_digest
    assert token.initial_beneficiary().value == given.initial_beneficiary
    assert (supply.cap, supply.redemption_date) == (given.authorised_cap, given.redemption_date)
    assert (supply.legal_category, supply.total, supply.ever_issued) == (101, 0, False)
    assert token.control().value.permitted_classes == given.permitted_classes
    assert stage.platform.group_of(token.address).value == given.transfer_control_id


def test_product__group_and_code_are_there__two_steps_remain(stage: Stage) -> None:
    plan = plan_product(stage.node, stage.deployment, terms(SECOND))
    assert [step.call.what for step in plan.steps] == [
        "wire P2 to the duties",
        "create the token of P2",
    ]
    other = plan_product(stage.node, stage.deployment, terms(SECOND, transfer_control_id="G2"))
    assert other.steps[0].call.what == "create transfer-enable group G2"


@pytest.mark.parametrize("missing", ["governance", "issue"])
def test_product__a_signature_is_missing__sends_nothing(stage: Stage, missing: str) -> None:
    plan = plan_product(stage.node, stage.deployment, terms(SECOND, transfer_control_id="G2"))
    able = [
        owner
        for owner in EVERYBODY
        if owner.address not in stage.parameters.safes[missing].owners[1:]
    ]
    before = stage.node.stamp()
    with pytest.raises(Refusal) as refused:
        deploy_product(plan, stage.sender, collect=collect_from(able), by=CARRIER)
    assert refused.value.reason is Reason.APPROVALS_TOO_FEW
    assert (refused.value.facts["given"], refused.value.facts["needed"]) == (1, 2)
    assert stage.node.stamp() == before
    lacking = missing_approvals(plan.steps, collect_from(able))
    assert all((given, needed) == (1, 2) for _, given, needed in lacking)
    assert lacking


def test_product__signatures_made_elsewhere__serve(stage: Stage) -> None:
    """Every digest is known from the plan, also of a Safe's second act: owners sign ahead, each at home."""
    plan = plan_product(stage.node, stage.deployment, terms(SECOND, transfer_control_id="G2"))
    signed: dict[bytes, list[Approval]] = {}
    for step in plan.steps:
        assert step.proposal is not None
        assert f"0x{step.proposal.digest.hex()}" in step.line()
        owners = [o for o in EVERYBODY if o.address in step.proposal.safe.owners().value]
        signed[step.proposal.digest] = [approve(step.proposal, owner) for owner in owners[:2]]

    def collect(proposal: Proposal) -> Sequence[Approval]:
        return signed.get(proposal.digest, [])

    deployment = deploy_product(plan, stage.sender, collect=collect, by=CARRIER)
    assert verify(stage.node, deployment, stage.parameters).value == []


def test_product__group_begins_disabled__the_token_knows(stage: Stage) -> None:
    plan = plan_product(
        stage.node,
        stage.deployment,
        terms(SECOND, transfer_control_id="G2"),
        group_enabled=False,
    )
    deploy_product(plan, stage.sender, collect=collect_from(EVERYBODY), by=CARRIER)
    control = SecurityToken(stage.node, plan.token).control().value
    assert control.bits == MARKET_CLOSED | TRANSFER_DISABLED


def test_product__exists__is_refused(stage: Stage) -> None:
    with pytest.raises(Refusal) as refused:
        plan_product(stage.node, stage.deployment, terms())
    assert (refused.value.reason, refused.value.facts) == (
        Reason.PRODUCT_EXISTS,
        {"product": PRODUCT},
    )


def test_product__market_opens_between_plan_and_act__is_noticed(stage: Stage) -> None:
    plan = plan_product(stage.node, stage.deployment, terms(SECOND))
    stage.alone(stage.platform.open_market(), "market-1")
    with pytest.raises(Fault) as noticed:
        deploy_product(plan, stage.sender, collect=collect_from(EVERYBODY), by=CARRIER)
    assert noticed.value.reason is Reason.TRANSACTION_FAILED
    assert plan.token in str(noticed.value.facts["problem"])


def test_record__lacks_a_product__is_completed(stage: Stage) -> None:
    deployment = stage.create_product(SECOND)
    assert adopt_products(stage.node, stage.deployment) == deployment
    assert adopt_products(stage.node, deployment) is deployment


def test_safe_numbers__go_on_within_a_plan(stage: Stage) -> None:
    plan = plan_product(stage.node, stage.deployment, terms(SECOND))
    for step in plan.steps:
        assert step.proposal is not None
        assert step.proposal.nonce == Safe(stage.node, step.proposal.safe.address).nonce().value


def test_chain_kept_in_a_file__stands_again_after_a_restart(tmp_path: Path) -> None:
    path = tmp_path / "chain.bin"
    first = build(path=path)
    stamp = first.node.stamp()
    first.node.close()
    node = EmbeddedNode(genesis_at=datetime(2030, 1, 1, tzinfo=UTC), path=path)
    assert verify(node, first.deployment, first.parameters).value == []
    assert node.stamp() == stamp
    node.close()
