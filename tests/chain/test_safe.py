"""Two persons: a Safe acts on the signatures of two of its owners over exactly one act.

given a Safe of two out of three
├── when two owners sign: it should act
├── when one signs, or one signs twice: it should be refused, with how many signed and how many it takes
├── when an owner and somebody else sign: it should be refused
├── when the signatures are over another act, another number, another Safe or another chain: it should be refused
├── when the same signatures come again: they should be refused
└── when the act itself is refused: the act's own reason should be told, and nothing change
given an act
├── its digest should be the one the Safe itself computes
└── the account's address should be known before it exists
given several acts
└── they should go one after the other, and stop at the first refusal
"""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.support.chain import CARRIER, GENESIS, Stage

from genbo.chain.call import Call
from genbo.chain.contracts.safe import Approval, Safe
from genbo.chain.development import person
from genbo.chain.embedded import EmbeddedNode
from genbo.chain.keys import Signer
from genbo.chain.safe import approve, execute, propose, send_batch_by_safe, send_by_safe
from genbo.governance import Duty
from genbo.kernel import Fault, Reason, Refusal


def _act(stage: Stage, group: str = "G2") -> Call:
    return stage.platform.create_group(group, enabled=True)


def _send(stage: Stage, owners: list[Signer], call: Call | None = None) -> None:
    safe = stage.deployment.safe_of(Duty.TRANSFER_CONTROLLER).address
    send_by_safe(stage.sender, safe, call or _act(stage), owners=owners, by=CARRIER)


def test_two_owners__act(stage: Stage) -> None:
    first, second, third = stage.owners(Duty.TRANSFER_CONTROLLER)
    _send(stage, [second, first])
    _send(stage, [third, first], _act(stage, "G3"))
    for group in ("G2", "G3"):
        assert stage.platform.is_transfer_enabled(group).value


@pytest.mark.parametrize("signing", [[0], [0, 0], []])
def test_one_owner__is_refused(stage: Stage, signing: list[int]) -> None:
    owners = stage.owners(Duty.TRANSFER_CONTROLLER)
    before = stage.node.stamp()
    with pytest.raises(Refusal) as refused:
        _send(stage, [owners[number] for number in signing])
    assert refused.value.reason is Reason.APPROVALS_TOO_FEW
    assert refused.value.facts == {"given": len(set(signing)), "needed": 2}
    assert not stage.platform.is_transfer_enabled("G2").value
    assert stage.node.stamp() == before


@pytest.mark.parametrize("stranger", ["operator-1", "issue-1", "deployer"])
def test_an_owner_and_somebody_else__are_refused(stage: Stage, stranger: str) -> None:
    owner = stage.owners(Duty.TRANSFER_CONTROLLER)[0]
    with pytest.raises(Refusal) as refused:
        _send(stage, [owner, person(stranger)])
    assert refused.value.reason is Reason.APPROVALS_TOO_FEW
    assert refused.value.facts == {"given": 1, "needed": 2}


@pytest.mark.parametrize("difference", ["act", "number", "safe", "chain", "forged"])
def test_signatures_over_something_else__are_refused(stage: Stage, difference: str) -> None:
    owners = stage.owners(Duty.TRANSFER_CONTROLLER)[:2]
    proposal = propose(
        stage.node, stage.deployment.safe_of(Duty.TRANSFER_CONTROLLER).address, _act(stage)
    )
    match difference:
        case "act":
            other = replace(proposal, call=_act(stage, "G9"))
        case "number":
            other = replace(proposal, nonce=proposal.nonce + 1)
        case "safe":
            elsewhere = stage.deployment.safe_of(Duty.ISSUER).address
            other = replace(proposal, safe=Safe(stage.node, elsewhere))
        case "chain":
            node = EmbeddedNode(genesis_at=GENESIS, chain_id=1337)
            other = replace(proposal, safe=Safe(node, proposal.safe.address))
        case _:
            other = proposal
    approvals = [approve(other, owner) for owner in owners]
    if difference == "forged":
        approvals[1] = Approval(approvals[1].owner, bytes(64) + b"\x1b")
    with pytest.raises(Refusal) as refused:
        execute(stage.sender, proposal, approvals, by=CARRIER)
    assert refused.value.reason is Reason.APPROVALS_TOO_FEW


def test_same_signatures_again__are_refused(stage: Stage) -> None:
    owners = stage.owners(Duty.TRANSFER_CONTROLLER)[:2]
    safe = stage.deployment.safe_of(Duty.TRANSFER_CONTROLLER).address
    call = stage.platform.set_transfer_enabled("G1", enabled=False)
    proposal = propose(stage.node, safe, call)
    approvals = [approve(proposal, owner) for owner in owners]
    execute(stage.sender, proposal, approvals, by=CARRIER)
    with pytest.raises(Refusal) as refused:
        execute(stage.sender, proposal, approvals, by=CARRIER)
    assert refused.value.reason is Reason.APPROVALS_TOO_FEW
    assert Safe(stage.node, safe).nonce().value == proposal.nonce + 1


def test_act_refused__tells_the_acts_own_reason(stage: Stage) -> None:
    owners = stage.owners(Duty.TRANSFER_CONTROLLER)[:2]
    before = stage.node.stamp()
    with pytest.raises(Refusal) as unknown:
        _send(stage, owners, stage.platform.set_transfer_enabled("G9", enabled=False))
    assert (unknown.value.reason, unknown.value.facts) == (Reason.GROUP_UNKNOWN, {"group": "G9"})
    with pytest.raises(Refusal) as duty:
        _send(stage, owners, stage.platform.resume())
    assert duty.value.reason is Reason.DUTY_MISSING
    safe = stage.deployment.safe_of(Duty.TRANSFER_CONTROLLER).address
    assert duty.value.facts["caller"] == safe
    assert stage.node.stamp() == before


def test_act_breaks_without_a_reason__is_a_fault(stage: Stage) -> None:
    owners = stage.owners(Duty.TRANSFER_CONTROLLER)[:2]
    with pytest.raises(Fault) as broken:
        _send(stage, owners, Call(stage.platform.address, b"\xff" * 4, "no such function"))
    assert broken.value.reason is Reason.TRANSACTION_FAILED


def test_digest__is_the_safes_own(stage: Stage) -> None:
    safe = Safe(stage.node, stage.deployment.safe_of(Duty.ISSUER).address)
    call = _act(stage)
    nobody = "0x" + 40 * "0"
    asked = safe.interface().encode(
        "getTransactionHash", call.to, 0, call.data, 0, 0, 0, 0, nobody, nobody, 41
    )
    assert safe.digest(call, 41) == stage.node.call(to=safe.address, data=asked).value
    with pytest.raises(ValueError, match="creates no contracts"):
        safe.digest(Call(None, b"", "create"), 0)


def test_batch__goes_one_after_the_other_and_stops_at_a_refusal(stage: Stage) -> None:
    owners = stage.owners(Duty.TRANSFER_CONTROLLER)[:2]
    safe = stage.deployment.safe_of(Duty.TRANSFER_CONTROLLER).address
    calls = [_act(stage, "A"), _act(stage, "B"), _act(stage, "A"), _act(stage, "C")]
    with pytest.raises(Refusal) as refused:
        send_batch_by_safe(stage.sender, safe, calls, owners=owners, by=CARRIER)
    assert refused.value.reason is Reason.GROUP_EXISTS
    enabled = [stage.platform.is_transfer_enabled(group).value for group in "ABC"]
    assert enabled == [True, True, False]


def test_safes__answer_what_they_were_set_up_with(stage: Stage) -> None:
    for record in stage.deployment.safes.values():
        safe = Safe(stage.node, record.address)
        assert tuple(safe.owners().value) == record.owners
        assert safe.threshold().value == record.threshold == 2
        assert safe.modules().value == []
        assert safe.singleton().value == stage.deployment.safe_singleton
        assert safe.fallback_handler().value == stage.deployment.safe_handler
