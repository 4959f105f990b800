"""A product's registry of documents: created beside its token, wired by ADMIN's Safe, kept by two persons.

given a product without one
├── the plan should send nothing, and name the address before it exists
├── when it is carried out: the keepers, and nobody alone, should set and remove documents
├── when a signature is missing: nothing at all should be sent
├── when the carrier sent something else meanwhile: it should be refused
├── when the product is unknown, or has one already: it should be refused
└── when the record lacks it: it should be completed, from what ADMIN wired
given documents
└── they should be found by name, with place, digest and time; the last version counts
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC

import pytest
from tests.support.chain import CARRIER, EVERYBODY, PRODUCT, Stage

from genbo.chain import artifacts
from genbo.chain.call import creation
from genbo.chain.contracts.document_registry import DocumentRegistry
from genbo.chain.deployments import Deployment
from genbo.chain.development import person
from genbo.chain.documents import adopt_documents, deploy_documents, plan_documents
from genbo.chain.steps import collect_from
from genbo.chain.verify import verify
from genbo.governance import Duty
from genbo.kernel import Digest, Fault, ProductId, Reason, Refusal

DIGEST = Digest("0x" + "d0" * 32)


def documented(stage: Stage) -> Deployment:
    plan = plan_documents(stage.node, stage.deployment, PRODUCT, carrier=CARRIER.address)
    return deploy_documents(plan, stage.sender, collect=collect_from(EVERYBODY), by=CARRIER)


def registry_of(stage: Stage, deployment: Deployment) -> DocumentRegistry:
    address = deployment.tokens[PRODUCT].documents
    assert address is not None
    return DocumentRegistry(stage.node, address)


def test_plan__sends_nothing_and_names_the_address(stage: Stage) -> None:
    before = stage.node.stamp()
    plan = plan_documents(stage.node, stage.deployment, PRODUCT, carrier=CARRIER.address)
    assert stage.node.stamp() == before
    assert stage.node.code(plan.registry).value == b""
    lines: list[str] = []
    deployment = deploy_documents(
        plan, stage.sender, collect=collect_from(EVERYBODY), by=CARRIER, echo=lines.append
    )
    assert [step.line() in line for step, line in zip(plan.steps, lines, strict=True)] == [
        True,
        False,  # its digest was for the signers
    ]
    registry = registry_of(stage, deployment)
    assert registry.address == plan.registry
    assert registry.token().value == stage.token.address
    assert registry.authority().value == stage.manager.address
    assert deployment.tokens[PRODUCT] == replace(
        stage.deployment.tokens[PRODUCT], documents=plan.registry
    )
    assert verify(stage.node, deployment, stage.parameters).value == []


def test_documents__set_by_two__are_found_by_name(stage: Stage) -> None:
    registry = registry_of(stage, documented(stage))
    assert registry.document("PROSPECTUS").value is None
    first = registry.set_document("PROSPECTUS", uri="urn:genbo:1", digest=DIGEST)
    stage.together(first, Duty.DOCUMENT_KEEPER)
    sent = stage.together(
        registry.set_document("PROSPECTUS", uri="urn:genbo:2", digest=DIGEST),
        Duty.DOCUMENT_KEEPER,
    )
    stage.together(
        registry.set_document("TRUST", uri="urn:genbo:3", digest=DIGEST), Duty.DOCUMENT_KEEPER
    )
    found = registry.document("PROSPECTUS").value
    assert found is not None
    assert (found.uri, found.digest) == ("urn:genbo:2", DIGEST)
    assert found.modified == sent.stamp.at.astimezone(UTC)
    assert registry.names().value == ["PROSPECTUS", "TRUST"]

    stage.together(registry.remove_document("PROSPECTUS"), Duty.DOCUMENT_KEEPER)
    assert registry.names().value == ["TRUST"]
    with pytest.raises(Refusal) as unknown:
        stage.together(registry.remove_document("PROSPECTUS"), Duty.DOCUMENT_KEEPER)
    assert unknown.value.reason is Reason.DOCUMENT_UNKNOWN


@pytest.mark.parametrize("name", ["deployer", "issue-1", "compliance-1"])
def test_documents__set_by_one_person__is_refused(stage: Stage, name: str) -> None:
    registry = registry_of(stage, documented(stage))
    with pytest.raises(Refusal) as refused:
        stage.alone(registry.set_document("X", uri="", digest=DIGEST), name)
    assert refused.value.reason is Reason.DUTY_MISSING
    assert registry.names().value == []


def test_deploy__a_signature_is_missing__sends_nothing(stage: Stage) -> None:
    plan = plan_documents(stage.node, stage.deployment, PRODUCT, carrier=CARRIER.address)
    before = stage.node.stamp()
    collect = collect_from([person("governance-1"), *map(person, ("issue-1", "issue-2"))])
    with pytest.raises(Refusal) as refused:
        deploy_documents(plan, stage.sender, collect=collect, by=CARRIER)
    assert refused.value.reason is Reason.APPROVALS_TOO_FEW
    assert (refused.value.facts["given"], refused.value.facts["needed"]) == (1, 2)
    assert stage.node.stamp() == before


def test_deploy__carrier_sent_something_else__is_refused(stage: Stage) -> None:
    plan = plan_documents(stage.node, stage.deployment, PRODUCT, carrier=CARRIER.address)
    stage.alone(creation(artifacts.load("PlainToken")), "deployer")
    with pytest.raises(Fault) as refused:
        deploy_documents(plan, stage.sender, collect=collect_from(EVERYBODY), by=CARRIER)
    assert refused.value.reason is Reason.TRANSACTION_FAILED


def test_plan__product_unknown_or_documented__is_refused(stage: Stage) -> None:
    with pytest.raises(Refusal) as unknown:
        plan_documents(stage.node, stage.deployment, ProductId("P9"), carrier=CARRIER.address)
    assert unknown.value.reason is Reason.PRODUCT_UNKNOWN
    deployment = documented(stage)
    with pytest.raises(Refusal) as exists:
        plan_documents(stage.node, deployment, PRODUCT, carrier=CARRIER.address)
    assert exists.value.reason is Reason.DOCUMENTS_EXIST


def test_record__lacks_the_registry__is_completed(stage: Stage) -> None:
    deployment = documented(stage)
    foreign = creation(artifacts.load("DocumentRegistry"), stage.manager.address, CARRIER.address)
    other = stage.sender.send(foreign, by=CARRIER).created
    nobodys = stage.sender.send(foreign, by=CARRIER).created
    assert other is not None
    assert nobodys is not None
    selector = DocumentRegistry.interface().function("setDocument").selector
    stage.together(stage.manager.wire(other, [selector], Duty.DOCUMENT_KEEPER), Duty.ADMIN)
    key = stage.manager.wire(person("issue-1").address, [selector], Duty.DOCUMENT_KEEPER)
    stage.together(key, Duty.ADMIN)
    assert adopt_documents(stage.node, stage.deployment) == deployment
    assert adopt_documents(stage.node, deployment) is deployment
