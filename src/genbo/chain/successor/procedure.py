"""Procedure: the stages of a succession, each by its person: propose, test, approve, activate.

Nothing here decides; what a person decides is signed into the record before the next one begins.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from genbo.chain import artifacts
from genbo.chain.contracts.platform import Platform
from genbo.chain.contracts.security_token import SecurityToken
from genbo.chain.deployments import Deployment
from genbo.chain.keys import Signer
from genbo.chain.node import Node
from genbo.chain.sender import Sent
from genbo.chain.steps import Step
from genbo.chain.successor.record import (
    Completion,
    Proposal,
    Record,
    Stage,
    Transaction,
)
from genbo.chain.successor.rehearsal import rehearse
from genbo.chain.successor.state import read_state
from genbo.chain.successor.succession import Hands, Succession
from genbo.kernel import Digest, Reason, Refusal
from genbo.token.control_word import PRODUCT_ENDED


def propose(
    node: Node,
    deployment: Deployment,
    succession: Succession,
    *,
    reason: Digest,
    by: Signer,
    at: datetime,
) -> Record:
    """A new record, with the proposal signed. Nothing is sent.

    Args:
        reason: digest of the paper that says why.

    Raises:
        Refusal: `product_unknown`, `product_ended`; `product_exists` for a successor that is there already.
    """
    old = deployment.token_of(succession.product)
    if SecurityToken(node, old.address).control().value.has(PRODUCT_ENDED):
        raise Refusal(Reason.PRODUCT_ENDED, product=succession.product)
    if Platform(node, deployment.platform).token_of(succession.successor).value is not None:
        raise Refusal(Reason.PRODUCT_EXISTS, product=succession.successor)
    proposal = Proposal(
        chain_id=node.chain_id,
        product=succession.product,
        token=old.address,
        successor=succession.successor,
        reference=succession.reference,
        code_hash=artifacts.load("SecurityToken").code_hash,
        acts=deployment.acts,
        reason=reason,
    )
    return Record(proposal=proposal).signed(Stage.PROPOSAL, by=by, at=at)


def put_to_test(
    node: Node, deployment: Deployment, record: Record, *, by: Signer, at: datetime
) -> Record:
    """The record with the rehearsal of the product as it stands now, signed by the tester. Nothing is sent.

    Raises:
        Refusal: what the succession would be refused with; `statement_invalid`, `same_person`.
    """
    _require_unchanged(deployment, record)
    record.require(Stage.PROPOSAL)
    record.require_other_person(Stage.TEST, by.address)
    product = record.proposal.product
    state = read_state(node, deployment.token_of(product), product)
    rehearsed = rehearse(state, record.proposal.succession)
    return replace(record, rehearsal=rehearsed).signed(Stage.TEST, by=by, at=at)


def approve(deployment: Deployment, record: Record, *, by: Signer, at: datetime) -> Record:
    """The record with the approval of what was proposed and tested. Nothing is sent.

    Raises:
        Refusal: `statement_missing`, `statement_invalid`, `same_person`.
    """
    _require_unchanged(deployment, record)
    return record.signed(Stage.APPROVAL, by=by, at=at)


def begin(deployment: Deployment, record: Record, *, by: Signer, at: datetime) -> Record:
    """The record with the activator's signature; as it is when the activator signed before.

    Raises:
        Refusal: `statement_missing`, `statement_invalid`, `same_person`.
    """
    _require_unchanged(deployment, record)
    begun = record.statement(Stage.ACTIVATION)
    if begun is not None:
        record.require_other_person(Stage.COMPLETION, by.address)
        return record
    return record.signed(Stage.ACTIVATION, by=by, at=at)


def noted(record: Record, step: Step, sent: Sent) -> Record:
    """The record with one more transaction."""
    transaction = Transaction(
        what=step.call.what, tx=sent.tx, block=sent.stamp.number, gas=sent.gas_used
    )
    return replace(record, transactions=(*record.transactions, transaction))


def activate(deployment: Deployment, record: Record, hands: Hands) -> Deployment:
    """Carries the succession through; what was done before is not done again.

    Raises:
        Refusal: `statement_missing` before the activator signed; as `Succession.carry_through`.
    """
    record.require(Stage.ACTIVATION)
    _require_unchanged(deployment, record)
    return record.proposal.succession.carry_through(deployment, hands)


def complete(
    node: Node, deployment: Deployment, record: Record, *, by: Signer, at: datetime
) -> Record:
    """The record with the proof at the closing block, signed by the activator; as it is when that was done.

    Raises:
        Refusal: `statement_missing` while the old product is open, `successor_differs`, `same_person`.
    """
    if record.statement(Stage.COMPLETION) is not None:
        return record
    record.require(Stage.ACTIVATION)
    record.require_other_person(Stage.COMPLETION, by.address)
    succession = record.proposal.succession
    closing = succession.closing(node, deployment)
    if closing is None:
        raise Refusal(Reason.STATEMENT_MISSING, role="closing act", product=record.proposal.product)
    block, tx = closing
    proof = succession.prove(node, deployment, block)
    completion = Completion(
        block=block,
        block_hash=proof.stamp.hash,
        at=proof.stamp.at.isoformat(),
        tx=tx,
        token=deployment.token_of(succession.successor).address,
        digest=proof.digest,
        holders=proof.holders,
        accounts=proof.accounts,
        days=proof.days,
        units=proof.units,
    )
    return replace(record, completion=completion).signed(Stage.COMPLETION, by=by, at=at)


def _require_unchanged(deployment: Deployment, record: Record) -> None:
    """The record fits its signatures, and what would be deployed is what was proposed."""
    record.check()
    proposal = record.proposal
    if proposal.code_hash != artifacts.load("SecurityToken").code_hash:
        problem = "another token code is shipped than was proposed"
    elif proposal.acts != deployment.acts:
        problem = "other acts are deployed than were proposed"
    elif proposal.token != deployment.token_of(proposal.product).address:
        problem = "another token is recorded than was proposed"
    else:
        return
    raise Refusal(Reason.STATEMENT_INVALID, role=Stage.PROPOSAL.value, problem=problem)
