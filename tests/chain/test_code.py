"""Another version of the token's code: old tokens stay what they are, new ones and those that move run it.

given a platform with a product
├── the plan should send nothing, and name both addresses
├── when the platform has no payment contract: it should get one, wired to its duty
├── when it is carried out: the old product should be of the earlier version, and verify find no difference
├── when what was approved before is another code: it should be withdrawn
├── when the earlier token's record is changed: verify should name it
├── when a signature is missing, or the carrier sent something else: it should be refused
└── when the product moves: its successor should run the new version
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from tests.support.chain import CARRIER, EVERYBODY, PRODUCT, Stage, terms
from tests.support.succession import Life

from genbo.chain import artifacts
from genbo.chain.call import creation
from genbo.chain.code import deploy_code, plan_code
from genbo.chain.contracts.security_token import SecurityToken
from genbo.chain.deploy import deploy_product, plan_product
from genbo.chain.deployments import Deployment, load, save
from genbo.chain.development import person
from genbo.chain.steps import collect_from
from genbo.chain.successor.succession import Succession, successor_of
from genbo.chain.verify import verify
from genbo.governance import Duty
from genbo.kernel import Digest, Fault, ProductId, Reason, Refusal


def renewed(stage: Stage) -> Deployment:
    plan = plan_code(stage.node, stage.deployment, carrier=CARRIER.address)
    return deploy_code(plan, stage.sender, collect=collect_from(EVERYBODY), by=CARRIER)


def test_plan__sends_nothing_and_names_both_addresses(stage: Stage) -> None:
    before = stage.node.stamp()
    plan = plan_code(stage.node, stage.deployment, carrier=CARRIER.address)
    assert stage.node.stamp() == before
    deployment = deploy_code(plan, stage.sender, collect=collect_from(EVERYBODY), by=CARRIER)
    assert (deployment.acts, deployment.services) == (plan.acts, plan.services)
    assert deployment.acts != stage.deployment.acts
    assert SecurityToken(stage.node, plan.acts).services().value == plan.services


def test_payments__of_a_platform_without_them__come_with_the_code_and_are_wired(
    stage: Stage, tmp_path: Path
) -> None:
    save(replace(stage.deployment, disbursement=None), tmp_path)
    before = load(tmp_path, stage.node.chain_id)
    without = Stage(stage.node, stage.sender, stage.parameters, before)
    deployment = renewed(without)
    assert deployment.disbursement not in (None, stage.deployment.disbursement)
    assert verify(stage.node, deployment, stage.parameters).value == []
    assert renewed(stage).disbursement == stage.deployment.disbursement


def test_old_product__is_of_the_earlier_version_and_nothing_differs(
    stage: Stage, tmp_path: Path
) -> None:
    deployment = renewed(stage)
    assert verify(stage.node, deployment, stage.parameters).value == []
    record = deployment.tokens[PRODUCT]
    assert (record.acts, record.services) == (stage.deployment.acts, stage.deployment.services)
    # Once more: what it ran first stays on record.
    again = renewed(Stage(stage.node, stage.sender, stage.parameters, deployment))
    assert again.tokens[PRODUCT] == record
    assert verify(stage.node, again, stage.parameters).value == []

    second = terms(ProductId("P2"))
    plan = plan_product(stage.node, again, second)
    assert len(plan.steps) == 2  # the code is approved with its acts already
    both = deploy_product(plan, stage.sender, collect=collect_from(EVERYBODY), by=CARRIER)
    assert both.tokens[ProductId("P2")].acts is None
    assert SecurityToken(stage.node, plan.token).acts().value == again.acts
    assert verify(stage.node, both, stage.parameters).value == []


def test_record__is_kept(stage: Stage, tmp_path: Path) -> None:
    deployment = renewed(stage)
    save(deployment, tmp_path)
    assert load(tmp_path, stage.node.chain_id) == deployment


def test_other_code_approved_before__is_withdrawn(stage: Stage) -> None:
    foreign = Digest("0x" + "cc" * 32)
    approve = stage.factory.approve_code(foreign, stage.deployment.acts)
    stage.together(approve, Duty.PRODUCT_CREATOR)
    deployment = renewed(stage)
    assert stage.factory.acts_of(foreign).value is None
    ours = Digest(artifacts.load("SecurityToken").code_hash)
    assert stage.factory.acts_of(ours).value == deployment.acts
    assert verify(stage.node, deployment, stage.parameters).value == []


def test_earlier_token__recorded_otherwise__is_named(stage: Stage) -> None:
    deployment = renewed(stage)
    record = deployment.tokens[PRODUCT]
    other = creation(artifacts.load("TokenServices"))
    services = stage.sender.send(other, by=CARRIER).created
    cases = {
        "acts of the token of P1": replace(record, acts=deployment.acts),
        "services of the token of P1": replace(record, services=services),
        f"SecurityToken at {record.address}": replace(record, live_hash="0x" + "00" * 32),
    }
    for what, changed in cases.items():
        drifts = verify(stage.node, deployment.with_token(PRODUCT, changed)).value
        assert [drift.what for drift in drifts] == [what]

    # A function of the earlier token wired to another duty is still seen.
    selector = SecurityToken.interface().function("mint").selector
    wire = stage.manager.wire(record.address, [selector], Duty.STOPPER)
    stage.together(wire, Duty.ADMIN)
    [drift] = verify(stage.node, deployment).value
    assert drift.what == f"SecurityToken.mint(address,uint256) at {record.address}"


def test_signature_missing_or_carrier_busy__is_refused(stage: Stage) -> None:
    plan = plan_code(stage.node, stage.deployment, carrier=CARRIER.address)
    before = stage.node.stamp()
    with pytest.raises(Refusal) as few:
        deploy_code(plan, stage.sender, collect=collect_from([person("issue-1")]), by=CARRIER)
    assert few.value.reason is Reason.APPROVALS_TOO_FEW
    assert stage.node.stamp() == before
    stage.alone(creation(artifacts.load("PlainToken")), "deployer")
    with pytest.raises(Fault) as busy:
        deploy_code(plan, stage.sender, collect=collect_from(EVERYBODY), by=CARRIER)
    assert busy.value.reason is Reason.TRANSACTION_FAILED


def test_product_moves__its_successor_runs_the_new_version(stage: Stage) -> None:
    deployment = renewed(stage)
    moved = Life(Stage(stage.node, stage.sender, stage.parameters, deployment))
    succession = Succession(product=PRODUCT, successor=successor_of(PRODUCT), reference="SUC-1")
    done = succession.carry_through(deployment, moved.hands())
    new = SecurityToken(stage.node, done.tokens[succession.successor].address)
    assert new.acts().value == deployment.acts
    assert stage.token.acts().value == stage.deployment.acts
    assert verify(stage.node, done, stage.parameters).value == []
