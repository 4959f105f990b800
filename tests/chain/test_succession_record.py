"""Who proposed, tested, approved and activated is on record, signed, and not the same person (R-PROGMAT-WG2-3).

given a product
├── when each stage is signed by its person: the record should hold all, and load the same
├── when the activation was cut off: the next one should go on, and only the proof be signed at the end
├── when it is run once more: nothing should be sent, and the file stay as it is
├── when a stage is missing: the next should be refused
├── when one person takes two roles that must differ: it should be refused, before anything is sent
├── when a stage is signed anew: those after it should be void
├── when the successor exists, or the product ended: it should not be proposed
└── when other code or other acts would be deployed than were proposed: it should be refused
given a record that was edited by hand
└── it should be refused, whatever was edited
given no record, or a file that is none
└── it should be None, or a fault
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.support.chain import CARRIER
from tests.support.succession import (
    NEW,
    OLD,
    SELLER,
    Life,
    built_small_life,
    small_life,
)

from genbo.chain.deployments import Deployment
from genbo.chain.development import person
from genbo.chain.sender import Sent
from genbo.chain.steps import Step
from genbo.chain.successor import procedure
from genbo.chain.successor.record import MUST_DIFFER, Record, Role, Stage, load, path_of, save
from genbo.chain.successor.state import read_state
from genbo.chain.successor.succession import Hands, Phase
from genbo.chain.verify import verify
from genbo.kernel import Digest, Fault, ProductId, Reason, Refusal

__all__ = ["built_small_life", "small_life"]

WHY = Digest("0x" + "5e" * 32)
AT = datetime(2021, 11, 1, 9, tzinfo=UTC)
PROPOSER, TESTER, APPROVER, ACTIVATOR = map(
    person, ("issue-1", "compliance-2", "governance-1", "issue-2")
)


def proposed(life: Life) -> Record:
    return procedure.propose(
        life.stage.node, life.stage.deployment, life.succession, reason=WHY, by=PROPOSER, at=AT
    )


def rehearsed(life: Life, record: Record) -> Record:
    return procedure.put_to_test(
        life.stage.node, life.stage.deployment, record, by=TESTER, at=AT + timedelta(hours=1)
    )


@pytest.fixture(scope="session")
def tested_record(built_small_life: Life) -> Record:
    """Proposed and tested: the rehearsal takes seconds, and is the same for the same product."""
    return rehearsed(built_small_life, proposed(built_small_life))


@pytest.fixture
def tested(tested_record: Record, small_life: Life) -> Record:
    return tested_record


@pytest.fixture
def approved(tested: Record, small_life: Life) -> Record:
    at = AT + timedelta(hours=2)
    return procedure.approve(small_life.stage.deployment, tested, by=APPROVER, at=at)


def activated(
    life: Life, record: Record, folder: Path, **changed: Any
) -> tuple[Deployment, Record]:
    """As the script does it: everything that happens is written down at once."""
    node = life.stage.node
    begun = procedure.begin(life.stage.deployment, record, by=ACTIVATOR, at=AT + timedelta(hours=3))
    kept = [begun]
    save(begun, folder)

    def keep(step: Step, sent: Sent) -> None:
        kept[0] = procedure.noted(kept[0], step, sent)
        save(kept[0], folder)

    hands: Hands = life.hands(keep=keep, **changed)
    deployment = procedure.activate(life.stage.deployment, kept[0], hands)
    done = procedure.complete(node, deployment, kept[0], by=ACTIVATOR, at=AT + timedelta(hours=4))
    save(done, folder)
    return deployment, done


def test_each_stage_by_its_person__is_on_record(small_life: Life, tmp_path: Path) -> None:
    life, node = small_life, small_life.stage.node
    before = read_state(node, life.stage.deployment.tokens[OLD], OLD)
    at = node.stamp()
    record = rehearsed(life, proposed(life))
    record = procedure.approve(life.stage.deployment, record, by=APPROVER, at=AT)
    assert node.stamp() == at  # nothing was sent so far
    deployment, done = activated(life, record, tmp_path)

    assert [(each.stage, each.person) for each in done.statements] == [
        (Stage.PROPOSAL, PROPOSER.address),
        (Stage.TEST, TESTER.address),
        (Stage.APPROVAL, APPROVER.address),
        (Stage.ACTIVATION, ACTIVATOR.address),
        (Stage.COMPLETION, ACTIVATOR.address),
    ]
    assert done.completion is not None
    assert done.rehearsal is not None
    assert done.completion.digest == done.rehearsal.digest == before.digest()
    assert done.completion.token == deployment.tokens[NEW].address
    assert (done.completion.holders, done.completion.units) == (20, int(before.supply.total))
    assert done.rehearsal.transactions == len(done.transactions)
    for each in done.transactions:
        receipt = node.receipt(each.tx)
        assert receipt is not None
        assert (receipt.block, receipt.gas_used) == (each.block, each.gas)
    assert done.completion.tx == done.transactions[-2].tx
    assert done.transactions[-2].what.startswith("close the product")

    path = path_of(tmp_path, node.chain_id, OLD)
    assert load(tmp_path, node.chain_id, OLD) == done
    raw = json.loads(path.read_text("utf-8"))
    assert [each["role"] for each in raw["statements"]] == [
        *("proposer", "tester", "approver", "activator", "activator"),
    ]
    assert raw["statements"][0]["at"] == "2021-11-01T09:00:00+00:00"
    assert verify(node, deployment, life.stage.parameters).value == []

    # Once more: nothing is sent, and nothing is written differently.
    written, stamp = path.read_bytes(), node.stamp()
    life_now = Life(replace(life.stage, deployment=deployment))
    again = activated(life_now, done, tmp_path)
    assert again == (deployment, done)
    assert path.read_bytes() == written
    assert node.stamp() == stamp


def test_activation_cut_off__goes_on_and_keeps_its_record(
    small_life: Life, tmp_path: Path, approved: Record
) -> None:
    life, node = small_life, small_life.stage.node

    def cut_off(found: Any) -> None:
        if found.phase is Phase.CLOSE:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        activated(life, approved, tmp_path, announce=cut_off)
    halfway = load(tmp_path, node.chain_id, OLD)
    assert halfway is not None
    assert halfway.statement(Stage.ACTIVATION) is not None
    count = len(halfway.transactions)
    assert count > 10
    with pytest.raises(Refusal) as early:
        procedure.complete(node, life.stage.deployment, halfway, by=ACTIVATOR, at=AT)
    assert early.value.reason is Reason.STATEMENT_MISSING
    _, done = activated(life, halfway, tmp_path)
    assert done.transactions[:count] == halfway.transactions
    assert len(done.transactions) == count + 2
    assert done.completion is not None


def test_stage_missing__the_next_is_refused(small_life: Life, tested: Record) -> None:
    life = small_life
    record = proposed(life)
    with pytest.raises(Refusal) as without_test:
        procedure.approve(life.stage.deployment, record, by=APPROVER, at=AT)
    assert without_test.value.reason is Reason.STATEMENT_MISSING
    assert without_test.value.facts == {"role": "test", "product": OLD}
    for act in (
        lambda: procedure.begin(life.stage.deployment, tested, by=ACTIVATOR, at=AT),
        lambda: procedure.activate(life.stage.deployment, tested, life.hands()),
    ):
        at = life.stage.node.stamp()
        with pytest.raises(Refusal) as unapproved:
            act()
        assert unapproved.value.reason is Reason.STATEMENT_MISSING
        assert life.stage.node.stamp() == at


def test_roles_that_must_differ__same_person__is_refused(small_life: Life, tested: Record) -> None:
    life, deployment = small_life, small_life.stage.deployment
    record = proposed(life)
    with pytest.raises(Refusal) as refused:
        procedure.put_to_test(life.stage.node, deployment, record, by=PROPOSER, at=AT)
    assert refused.value.reason is Reason.SAME_PERSON
    assert refused.value.facts == {
        "account": PROPOSER.address,
        "role": "tester",
        "other": "proposer",
    }
    for who in (PROPOSER, TESTER):
        with pytest.raises(Refusal) as refused:
            procedure.approve(deployment, tested, by=who, at=AT)
        assert refused.value.reason is Reason.SAME_PERSON
    record = procedure.approve(deployment, tested, by=APPROVER, at=AT)
    with pytest.raises(Refusal) as refused:
        procedure.begin(deployment, record, by=APPROVER, at=AT)
    assert refused.value.reason is Reason.SAME_PERSON
    # Whoever proposed or tested may activate; whoever goes on with it must not be the approver either.
    for who in (PROPOSER, TESTER):
        begun = procedure.begin(deployment, record, by=who, at=AT)
        with pytest.raises(Refusal) as refused:
            procedure.begin(deployment, begun, by=APPROVER, at=AT)
        assert refused.value.reason is Reason.SAME_PERSON
        assert procedure.begin(deployment, begun, by=ACTIVATOR, at=AT) == begun
    assert len(MUST_DIFFER) == 4
    assert all(len(pair) == 2 and pair <= set(Role) for pair in MUST_DIFFER)


def test_stage_signed_anew__those_after_it_are_void(small_life: Life, approved: Record) -> None:
    life = small_life
    life.stage.alone(life.token.freeze(SELLER.address, 1), "compliance-1")
    again = rehearsed(life, approved)
    assert again.rehearsal != approved.rehearsal
    assert [each.stage for each in again.statements] == [Stage.PROPOSAL, Stage.TEST]
    with pytest.raises(Refusal):
        procedure.begin(life.stage.deployment, again, by=ACTIVATOR, at=AT)


def test_propose__successor_exists_or_product_ended__is_refused(
    small_life: Life, tmp_path: Path, approved: Record
) -> None:
    life = small_life
    with pytest.raises(Refusal) as exists:
        procedure.propose(
            life.stage.node,
            life.stage.deployment,
            replace(life.succession, successor=ProductId("P1")),
            reason=WHY,
            by=PROPOSER,
            at=AT,
        )
    assert exists.value.reason is Reason.PRODUCT_EXISTS
    activated(life, approved, tmp_path)
    with pytest.raises(Refusal) as ended:
        proposed(life)
    assert ended.value.reason is Reason.PRODUCT_ENDED


@pytest.mark.parametrize("what", ["code_hash", "acts", "token"])
def test_other_code_than_proposed__is_refused(small_life: Life, what: str) -> None:
    """The record itself is right, signed as it stands; but the package or the deployment is another by now."""
    life = small_life
    proposal = replace(proposed(life).proposal, **{what: CARRIER.address})
    record = Record(proposal=proposal).signed(Stage.PROPOSAL, by=PROPOSER, at=AT)
    with pytest.raises(Refusal) as refused:
        rehearsed(life, record)
    assert refused.value.reason is Reason.STATEMENT_INVALID
    assert "than" in str(refused.value.facts["problem"])


# Edited by hand ---------------------------------------------------------------------------------------


def _edit(path: Path, change: Callable[[dict[str, Any]], object]) -> None:
    raw = json.loads(path.read_text("utf-8"))
    change(raw)
    path.write_text(json.dumps(raw), "utf-8")


EDITS: dict[str, Callable[[dict[str, Any]], object]] = {
    "another reason": lambda raw: raw["proposal"].update(reason="0x" + "00" * 32),
    "another successor": lambda raw: raw["proposal"].update(successor="P9.2"),
    "another code": lambda raw: raw["proposal"].update(code_hash="0x00"),
    "a better rehearsal": lambda raw: raw["rehearsal"].update(units=1),
    "no rehearsal": lambda raw: raw.update(rehearsal=None),
    "another person": lambda raw: raw["statements"][2].update(person=ACTIVATOR.address),
    "another time": lambda raw: raw["statements"][2].update(at="2021-11-02T09:00:00+00:00"),
    "a signature for another stage": lambda raw: raw["statements"][2].update(
        signature=raw["statements"][1]["signature"]
    ),
    "no signature": lambda raw: raw["statements"][2].update(signature="0x"),
    "a broken signature": lambda raw: raw["statements"][2].update(signature="0x" + "ff" * 65),
    "the test taken out": lambda raw: raw["statements"].pop(1),
    "the approval moved up": lambda raw: raw["statements"].insert(1, raw["statements"].pop(2)),
}


@pytest.mark.parametrize("what", EDITS)
def test_record_edited_by_hand__is_refused(
    small_life: Life, tmp_path: Path, what: str, approved: Record
) -> None:
    life = small_life
    chain_id = life.stage.node.chain_id
    path = save(approved, tmp_path)
    assert load(tmp_path, chain_id, OLD) is not None
    _edit(path, EDITS[what])
    with pytest.raises(Refusal) as refused:
        load(tmp_path, chain_id, OLD)
    assert refused.value.reason in {Reason.STATEMENT_INVALID, Reason.STATEMENT_MISSING}


def test_transactions_of_a_completed_record_edited__is_refused(
    small_life: Life, tmp_path: Path, approved: Record
) -> None:
    life = small_life
    activated(life, approved, tmp_path)
    chain_id = life.stage.node.chain_id
    _edit(path_of(tmp_path, chain_id, OLD), lambda raw: raw["transactions"].pop())
    with pytest.raises(Refusal) as refused:
        load(tmp_path, chain_id, OLD)
    assert refused.value.facts["role"] == "completion"


def test_load__nothing_or_no_record__is_none_or_a_fault(tmp_path: Path) -> None:
    product = ProductId("A/B:1")
    assert load(tmp_path, 1337, product) is None
    path = path_of(tmp_path, 1337, product)
    assert path.parent == tmp_path / "1337"
    path.parent.mkdir()
    for text in ("", "[]", "{}", '{"format": 2}', '{"format": 1, "proposal": {}}'):
        path.write_text(text, "utf-8")
        with pytest.raises(Fault) as unreadable:
            load(tmp_path, 1337, product)
        assert unreadable.value.reason is Reason.FILE_UNREADABLE
