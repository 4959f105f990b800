"""A product moves to a new token contract, and is the same there.

given 450 holders with everything that can happen to them, two splits pending at most
└── when the succession is interrupted at every few steps, before and after a transaction, and started again
    ├── it should end with both products equal at the closing block, holder by holder and day by day
    ├── the old token should move nothing any more and name the new one; the new one should live on
    ├── verify should find no difference
    └── one more run should send nothing
given a product with few holders
├── when a hold stands: it should be refused, and nothing be sent
├── when it was released, or has expired: the succession should go on, and the units be free
├── when signatures or keys lack: it should stop before the phase, and go on when they are there
├── when the old product changes on the way: the new one should follow, or be refused where it cannot
├── when the new token was given more than the old one: it should never be closed
├── when the product ended otherwise, or went on elsewhere: it should be refused
├── when its rule is none of ours: it should be refused
├── the rehearsal should come to the same state on a chain of its own, and touch nothing
└── a second succession should follow the first: P7, P7.2, P7.3
given a product without units, documents, rule or restrictions
└── it should move as well
given the key of a product
└── the next one should count on, and be refused where it does not fit
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from tests.support.chain import (
    CARRIER,
    CLASS,
    EVERYBODY,
    PRODUCT,
    VERIFIED_UNTIL,
    Stage,
    investor,
)
from tests.support.succession import (
    BLOCKED,
    BUYER,
    EMPTY_BLOCKED,
    EVIDENCE,
    EXPIRED,
    FROZEN,
    GROUP,
    HALF_FROZEN,
    HOLDERS,
    LOCKED,
    NEW,
    OLD,
    OTHER,
    OTHER_CLASS,
    OVER_FROZEN,
    OWN,
    REKEYED,
    REKEYED_ONCE,
    REKEYED_TWICE,
    SELLER,
    UNVERIFIED,
    Life,
    built_life,
    built_small_life,
    life,
    small_life,
)

from genbo.chain import artifacts
from genbo.chain.call import Call, creation
from genbo.chain.contracts.platform import Platform
from genbo.chain.contracts.security_token import SecurityToken
from genbo.chain.deploy import adopt_products
from genbo.chain.deployments import Deployment
from genbo.chain.development import person
from genbo.chain.documents import adopt_documents
from genbo.chain.keys import Signer
from genbo.chain.sender import Sender, Sent
from genbo.chain.steps import Step, collect_from
from genbo.chain.successor.rehearsal import rehearse
from genbo.chain.successor.state import differences, read_state
from genbo.chain.successor.succession import Next, Phase, Succession, successor_of
from genbo.chain.verify import verify
from genbo.governance import Duty
from genbo.kernel import Digest, Fault, ProductId, Reason, Reference, Refusal
from genbo.token import Act

__all__ = ["built_life", "built_small_life", "life", "small_life"]


class Stumbling(Sender):
    """Is cut off after so many transactions: before one, or after one whose receipt nobody saw."""

    def __init__(self, of: Sender, *, after: int, sent: bool) -> None:
        super().__init__(of.node)
        self._left = after
        self._sent = sent

    def send(self, call: Call, *, by: Signer, gas: int | None = None) -> Sent:
        if self._left == 0:
            if self._sent:
                super().send(call, by=by, gas=gas)
            raise Fault(Reason.NODE_UNREACHABLE)
        self._left -= 1
        return super().send(call, by=by, gas=gas)


def completed(life: Life, deployment: Deployment) -> Deployment:
    """The record as a script completes it when it starts."""
    node = life.stage.node
    return adopt_documents(node, adopt_products(node, deployment))


def carried(life: Life, **changed: object) -> Deployment:
    return life.succession.carry_through(life.stage.deployment, life.hands(**changed))


def stopped_before(life: Life, phase: Phase) -> Deployment:
    """Carries the succession as far as that phase."""

    class Reached(Exception):
        pass

    def announce(found: Next) -> None:
        if found.phase is phase:
            raise Reached

    with pytest.raises(Reached):
        life.succession.carry_through(
            completed(life, life.stage.deployment), life.hands(announce=announce)
        )
    return completed(life, life.stage.deployment)


def new_token(life: Life, deployment: Deployment) -> SecurityToken:
    return SecurityToken(life.stage.node, deployment.tokens[NEW].address)


# Everybody --------------------------------------------------------------------------------------------


def test_450_holders__interrupted_again_and_again__are_the_same_in_the_new_token(
    life: Life,
) -> None:
    stage, node = life.stage, life.stage.node
    before = read_state(node, stage.deployment.tokens[OLD], OLD)
    assert len({line.address for line in before.lines}) == HOLDERS
    group = stage.platform.group_of(life.token.address).value
    phases: list[Phase] = []
    sent: list[tuple[Step, Sent]] = []
    attempts = 0
    while True:
        sender = Stumbling(stage.sender, after=3 + attempts % 4, sent=bool(attempts % 2))
        hands = life.hands(
            sender,
            announce=lambda found: phases.append(found.phase),
            keep=lambda step, done: sent.append((step, done)),
        )
        record = completed(life, stage.deployment)
        try:
            deployment = life.succession.carry_through(record, hands)
            break
        except Fault as cut_off:
            if cut_off.reason is not Reason.NODE_UNREACHABLE:
                raise
            attempts += 1
    assert attempts >= 6
    assert list(dict.fromkeys(phases)) == list(Phase)

    closing = life.succession.closing(node, deployment)
    assert closing is not None
    proof = life.succession.prove(node, deployment, closing[0])
    assert (proof.holders, proof.units) == (HOLDERS, 3_000_000)
    assert proof.digest == before.digest()
    old = read_state(node, deployment.tokens[OLD], OLD, closing[0])
    new = read_state(node, deployment.tokens[NEW], NEW, closing[0])
    assert differences(old, new) == []
    assert old.lines == new.lines
    assert len({line.acquired for line in new.lines}) == 5
    token = new_token(life, deployment)
    words = (  # once more, as the tokens themselves answer
        SecurityToken(node, each).accounts(list(before.accounts), closing[0]).value
        for each in (old.token, new.token)
    )
    for had, has in zip(*words, strict=True):
        assert has.retired == had.retired
        if not had.retired:
            assert replace(has, epoch=0) == replace(had, epoch=0)
    _each_state_arrived(token)

    # The old one is the past, the new one lives on where the old one stood.
    assert stage.platform.group_of(token.address).value == group == GROUP
    assert life.token.succeeded_by(0).value is not None
    assert token.succeeded_by(0).value is None
    life.later(2)  # the product's lock-up ends
    stage.sender.send(token.transfer(BUYER.address, 1), by=SELLER)
    with pytest.raises(Refusal) as ended:
        stage.sender.send(life.token.transfer(BUYER.address, 1), by=SELLER)
    assert ended.value.reason is Reason.TRANSFER_DISABLED
    with pytest.raises(Refusal) as ended:
        stage.together(life.token.mint(SELLER.address, 1), Duty.ISSUER)
    assert ended.value.reason is Reason.PRODUCT_ENDED
    assert life.token.total_supply().value == 3_000_000  # history stays

    assert verify(node, deployment, stage.parameters).value == []
    at = node.stamp()
    again = life.succession.carry_through(deployment, life.hands())
    assert again == deployment
    assert node.stamp() == at


def _each_state_arrived(token: SecurityToken) -> None:
    """The scenario does contain what it says, so that equality is not that of nothing."""
    words = {
        address: token.account(address).value
        for address in (
            BLOCKED, UNVERIFIED, EXPIRED, FROZEN, HALF_FROZEN, OVER_FROZEN, LOCKED, OWN, OTHER,
            REKEYED, REKEYED_ONCE, REKEYED_TWICE, EMPTY_BLOCKED, SELLER.address,
        )
    }  # fmt: skip
    now = int(token.node.stamp().at.timestamp())
    assert words[BLOCKED].blocked_to_send
    assert words[BLOCKED].blocked_to_receive
    assert words[UNVERIFIED].verified_until == 0
    assert 0 < words[EXPIRED].verified_until < now
    assert words[FROZEN].address_frozen
    assert words[HALF_FROZEN].frozen == 35 * 3
    assert words[OVER_FROZEN].frozen == 3_000_000 > words[OVER_FROZEN].balance
    assert words[LOCKED].lock_up_until > now
    assert words[OWN].own_account
    assert words[OTHER].investor_class == OTHER_CLASS
    assert [words[each].retired for each in (REKEYED, REKEYED_ONCE, REKEYED_TWICE)] == [
        True,
        True,
        False,
    ]
    assert words[EMPTY_BLOCKED].blocked_to_receive
    assert words[EMPTY_BLOCKED].balance == 0
    units = [word.balance for address, word in words.items()]
    assert sum(each > 0 for each in units) == 11
    control = token.control().value
    assert control.permitted_classes == 1 << CLASS
    assert control.product_lock_up_until
    assert token.split_factor().value == 1


# Holds ------------------------------------------------------------------------------------------------


def test_hold_stands__is_refused_and_nothing_is_sent(small_life: Life) -> None:
    life = small_life
    life.later(2)
    life.hold("H-1", for_=timedelta(days=2))
    life.hold("H-2", for_=timedelta(days=1))
    at = life.stage.node.stamp()
    with pytest.raises(Refusal) as refused:
        carried(life)
    assert refused.value.reason is Reason.HOLDS_STANDING
    assert refused.value.facts == {
        "product": OLD,
        "count": 2,
        "ref": "H-2",
        "until": int((at.at + timedelta(days=1)).timestamp()) - 1,
    }
    assert life.stage.node.stamp() == at


@pytest.mark.parametrize("how", ["released", "expired"])
def test_hold_released_or_expired__goes_on_and_the_units_are_free(
    small_life: Life, how: str
) -> None:
    life = small_life
    life.later(2)
    life.hold("H-1", for_=timedelta(days=1))
    if how == "released":
        life.stage.sender.send(life.services.release_hold(Reference("H-1")), by=CARRIER)
    else:
        life.later(2)
    steps: list[str] = []
    deployment = carried(life, keep=lambda step, _: steps.append(step.call.what))
    assert ("release the hold H-1" in steps) is (how == "expired")
    for token in (life.token, new_token(life, deployment)):
        assert token.account(SELLER.address).value.frozen == 0


def test_hold_created_under_a_foreign_reference__is_seen_too(small_life: Life) -> None:
    life = small_life
    life.later(2)
    data = life.token.interface().encode(
        "createHold",
        b"\xff" * 32,
        BUYER.address,
        1,
        int(life.stage.node.stamp().at.timestamp()) + 100,
        CARRIER.address,
    )
    life.stage.sender.send(Call(life.token.address, data, "hold"), by=SELLER)
    with pytest.raises(Refusal) as refused:
        carried(life)
    assert refused.value.facts["ref"] == "0x" + "ff" * 32
    life.later(1)
    carried(life)


# People are missing -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("absent", "phase"),
    [
        (Duty.TRANSFER_CONTROLLER, Phase.STANDSTILL),
        (Duty.ADMIN, Phase.COPY),
        (Duty.ISSUER, Phase.COPY),
    ],
)
def test_signatures_lack__stops_before_the_phase_and_goes_on_with_them(
    small_life: Life, absent: Duty, phase: Phase
) -> None:
    life = small_life
    missing = set(life.stage.deployment.safe_of(absent).owners[1:])
    few = collect_from([owner for owner in EVERYBODY if owner.address not in missing])
    reached: list[Phase] = []
    with pytest.raises(Refusal) as refused:
        carried(life, collect=few, announce=lambda found: reached.append(found.phase))
    assert refused.value.reason is Reason.APPROVALS_TOO_FEW
    assert reached[-1] is phase
    at = life.stage.node.stamp()
    with pytest.raises(Refusal):
        carried(life, collect=few)
    assert life.stage.node.stamp() == at
    life.succession.carry_through(completed(life, life.stage.deployment), life.hands())


def test_officers_key_lacks__stops_before_the_phase(small_life: Life) -> None:
    with pytest.raises(Fault) as refused:
        carried(small_life, persons={})
    assert refused.value.reason is Reason.KEY_MISSING
    assert refused.value.facts["duty"] == "RESTRICTOR"


# The old product changes on the way -------------------------------------------------------------------


def _changes(life: Life) -> dict[str, Callable[[], object]]:
    stage, token = life.stage, life.token
    alone = {
        "a verdict is renewed": token.set_verdict(
            EXPIRED, until=VERIFIED_UNTIL, investor_class=CLASS
        ),
        "a holder is blocked": token.set_verdict(
            LOCKED, until=VERIFIED_UNTIL, investor_class=CLASS, blocked=True
        ),
        "more units are frozen": token.freeze(HALF_FROZEN, 1),
        "an own account is none": token.set_own_account(OWN, own_account=False),
        "classes are narrowed": token.set_permitted_classes(0),
    }
    lifted = {
        "a block is taken back": token.set_verdict(
            BLOCKED, until=VERIFIED_UNTIL, investor_class=CLASS
        ),
        "an address is released": token.set_address_frozen(FROZEN, frozen=False),
        "units are released": token.set_frozen_units(OVER_FROZEN, 3),
        "a lock-up is shortened": token.set_lock_up(LOCKED, until=None),
        "the product's lock-up ends": token.set_product_lock_up(until=None),
        "classes are widened": token.set_permitted_classes(1 << CLASS | 1 << OTHER_CLASS),
        "the rule is taken off": token.set_rule(None),
    }
    issuer = {
        "units are issued": token.mint(SELLER.address, 100),
        "the cap is raised": token.set_terms(
            legal_category=102,
            terms_digest=EVIDENCE,
            initial_beneficiary=investor(0).address,
            authorised_cap=200_000_000,
            redemption_date=VERIFIED_UNTIL,
        ),
    }
    act = Act(ref=Reference("K-9"), evidence=EVIDENCE)
    return {
        **{
            what: lambda call=call: stage.alone(call, "compliance-1")
            for what, call in alone.items()
        },
        **{
            what: lambda call=call: stage.together(call, Duty.RELEASER)
            for what, call in lifted.items()
        },
        **{
            what: lambda call=call: stage.together(call, Duty.ISSUER)
            for what, call in issuer.items()
        },
        "a key is renewed": lambda: stage.together(
            token.rekey(EMPTY_BLOCKED, investor(99).address, act), Duty.REPAIRER
        ),
    }


CHANGES = (
    "a verdict is renewed", "a holder is blocked", "more units are frozen",
    "an own account is none", "classes are narrowed", "a block is taken back",
    "an address is released", "units are released", "a lock-up is shortened",
    "the product's lock-up ends", "classes are widened", "the rule is taken off",
    "units are issued", "the cap is raised", "a key is renewed",
)  # fmt: skip


def test_old_product_changes_after_the_copy__the_new_one_follows(small_life: Life) -> None:
    """All of them, one after the other, each found in the middle of the way and followed."""
    life = small_life
    deployment = stopped_before(life, Phase.CLOSE)
    changes = _changes(life)
    assert set(CHANGES) == set(changes)
    for what in CHANGES:
        changes[what]()
        with pytest.raises(Refusal) as unlike:
            life.succession.prove(life.stage.node, deployment)
        assert unlike.value.reason is Reason.SUCCESSOR_DIFFERS, what
        deployment = stopped_before(life, Phase.CLOSE)
        life.succession.prove(life.stage.node, deployment)
    deployment = life.succession.carry_through(deployment, life.hands())
    assert verify(life.stage.node, deployment, life.stage.parameters).value == []


def test_units_leave_a_holder_of_the_old_product_after_the_copy__is_refused_until_they_do_so_in_the_new_one(
    small_life: Life,
) -> None:
    life = small_life
    deployment = stopped_before(life, Phase.CLOSE)
    act = Act(ref=Reference("F-1"), evidence=EVIDENCE)
    forced = life.token.forced_transfer(HALF_FROZEN, SELLER.address, 30, act)
    life.stage.together(forced, Duty.REPAIRER)
    at = life.stage.node.stamp()
    with pytest.raises(Refusal) as refused:
        life.succession.carry_through(deployment, life.hands())
    assert refused.value.reason is Reason.SUCCESSOR_DIFFERS
    assert HALF_FROZEN in str(refused.value.facts["first"])
    assert life.stage.node.stamp() == at

    twin = new_token(life, deployment)
    same = twin.forced_transfer(HALF_FROZEN, SELLER.address, 30, act)
    life.stage.together(same, Duty.REPAIRER)
    deployment = life.succession.carry_through(deployment, life.hands())
    assert life.token.control().value.has(8)


def test_new_token_was_given_more__is_never_closed(small_life: Life) -> None:
    life = small_life
    deployment = stopped_before(life, Phase.CLOSE)
    life.stage.together(new_token(life, deployment).mint(SELLER.address, 1), Duty.ISSUER)
    with pytest.raises(Refusal) as refused:
        life.succession.carry_through(deployment, life.hands())
    assert refused.value.reason is Reason.SUCCESSOR_DIFFERS
    # Nor by hand: the contract itself compares the totals.
    act = Act(ref=Reference("SUC-1/C"), evidence=EVIDENCE)
    with pytest.raises(Refusal) as refused:
        life.stage.together(life.token.close(NEW, act), Duty.ISSUER)
    assert refused.value.reason is Reason.SUCCESSOR_DIFFERS
    units = int(life.token.total_supply().value)
    assert refused.value.facts == {"successor": NEW, "units": units, "total": units + 1}


def test_two_runs_at_once__the_ledger_refuses_the_second(small_life: Life) -> None:
    """Both planned the same steps; who comes second meets a reference that is used."""
    life = small_life
    planned: list[Step] = []
    deployment = carried(life, announce=lambda found: planned.extend(found.steps))
    issues = [step for step in planned if step.call.what.startswith("issue")]
    assert len(issues) == 5
    token = new_token(life, deployment)
    total = token.total_supply().value
    for step in issues:
        with pytest.raises(Refusal) as refused:
            life.stage.together(step.call, Duty.ISSUER)
        assert refused.value.reason is Reason.REFERENCE_USED
    assert token.total_supply().value == total


# What cannot be moved ---------------------------------------------------------------------------------


def test_rule_of_somebody_else__is_refused(small_life: Life) -> None:
    life = small_life
    rule = life.stage.sender.send(creation(artifacts.load("PlainToken")), by=CARRIER).created
    assert rule is not None
    life.stage.together(life.token.set_rule(rule), Duty.RELEASER)
    with pytest.raises(Refusal) as refused:
        carried(life)
    assert refused.value.reason is Reason.RULE_UNKNOWN
    assert refused.value.facts == {"account": rule, "product": OLD}


def test_product_that_went_on_as_another__is_refused(small_life: Life) -> None:
    life = small_life
    deployment = carried(life)
    other = Succession(product=OLD, successor=ProductId("P7.9"), reference="SUC-2")
    with pytest.raises(Refusal) as refused:
        other.carry_through(deployment, life.hands())
    assert refused.value.reason is Reason.SUCCESSOR_INVALID

    # The new one moves on to the next in the same way.
    third = Succession(product=NEW, successor=successor_of(NEW), reference="SUC-2")
    deployment = third.carry_through(deployment, life.hands())
    third.prove(life.stage.node, deployment)
    assert list(deployment.tokens)[-2:] == [NEW, "P7.3"]
    assert verify(life.stage.node, deployment, life.stage.parameters).value == []


def test_product_that_was_redeemed__is_refused(small_life: Life) -> None:
    life = small_life
    life.later(2_000)
    state = read_state(life.stage.node, life.stage.deployment.tokens[OLD], OLD)
    everybody = sorted(state.accounts)
    act = Act(ref=Reference("R-1"))
    life.stage.together(life.token.redeem_all(everybody, act), Duty.ISSUER)
    with pytest.raises(Refusal) as refused:
        carried(life)
    assert refused.value.reason is Reason.PRODUCT_ENDED


def test_product_with_nothing__moves_as_well(stage: Stage) -> None:
    succession = Succession(product=PRODUCT, successor=successor_of(PRODUCT), reference="SUC-1")
    life = Life(stage)
    deployment = succession.carry_through(stage.deployment, life.hands())
    proof = succession.prove(stage.node, deployment)
    assert (proof.holders, proof.units, proof.days) == (0, 0, 0)
    assert stage.token.control().value.has(8)


@pytest.mark.parametrize(
    ("successor", "reference", "reason"),
    [
        (OLD, "SUC-1", Reason.SUCCESSOR_INVALID),
        ("P 7", "SUC-1", Reason.KEY_MALFORMED),
        (NEW, "", Reason.KEY_MALFORMED),
        (NEW, "S" * 25, Reason.FIELD_INVALID),
    ],
)
def test_succession__badly_named__is_refused(
    successor: str, reference: str, reason: Reason
) -> None:
    with pytest.raises(Refusal) as refused:
        Succession(product=OLD, successor=ProductId(successor), reference=reference)
    assert refused.value.reason is reason


@pytest.mark.parametrize(
    ("product", "next_one"),
    [("P1", "P1.2"), ("P1.2", "P1.3"), ("P1.9", "P1.10"), ("P1.10", "P1.11"), ("P1.1", "P1.1.2"),
     ("P.0", "P.0.2"), ("P1.02", "P1.02.2")],
)  # fmt: skip
def test_successor_of__counts_on(product: str, next_one: str) -> None:
    assert successor_of(ProductId(product)) == next_one


def test_successor_of__too_long__is_refused() -> None:
    with pytest.raises(Refusal) as refused:
        successor_of(ProductId("P" * 31))
    assert refused.value.reason is Reason.KEY_MALFORMED


# The rehearsal ----------------------------------------------------------------------------------------


def test_rehearsal__comes_to_the_same_and_touches_nothing(small_life: Life) -> None:
    life = small_life
    state = read_state(life.stage.node, life.stage.deployment.tokens[OLD], OLD)
    at = life.stage.node.stamp()
    rehearsed = rehearse(state, life.succession)
    assert life.stage.node.stamp() == at
    assert (rehearsed.block, rehearsed.digest) == (at.number, state.digest())
    assert (rehearsed.holders, rehearsed.units) == (20, int(state.supply.total))
    assert rehearsed.transactions > 20
    assert rehearsed.gas > rehearsed.most_gas > 1_000_000


def test_state__of_an_earlier_block__is_what_it_was(small_life: Life) -> None:
    life = small_life
    node, record = life.stage.node, life.stage.deployment.tokens[OLD]
    before = read_state(node, record, OLD)
    life.stage.alone(life.token.freeze(HALF_FROZEN, 1), "compliance-1")
    again = read_state(node, record, OLD, before.stamp)
    assert again == before
    [difference] = differences(before, read_state(node, record, OLD))
    assert difference.what == f"account {HALF_FROZEN}"


# The closing act ---------------------------------------------------------------------------------------


def test_close__is_two_persons_and_needs_evidence_and_a_successor(small_life: Life) -> None:
    life = small_life
    deployment = stopped_before(life, Phase.CLOSE)
    stage, token = life.stage, life.token
    act = Act(ref=Reference("C-1"), evidence=EVIDENCE)
    for name in ("issue-1", "compliance-1", "deployer"):
        with pytest.raises(Refusal) as alone:
            stage.alone(token.close(NEW, act), name)
        assert alone.value.reason is Reason.DUTY_MISSING
    cases = [
        (NEW, Act(ref=Reference("C-1")), Reason.EVIDENCE_MISSING),
        (NEW, Act(ref=None, evidence=EVIDENCE), Reason.REFERENCE_MISSING),
        (NEW, Act(ref=Reference("I-1"), evidence=EVIDENCE), Reason.REFERENCE_USED),
        (OLD, act, Reason.SUCCESSOR_INVALID),
        (ProductId("P404"), act, Reason.SUCCESSOR_INVALID),
        (PRODUCT, act, Reason.SUCCESSOR_DIFFERS),
    ]
    for successor, papers, reason in cases:
        with pytest.raises(Refusal) as refused:
            stage.together(token.close(successor, papers), Duty.ISSUER)
        assert refused.value.reason is reason
    stage.alone(stage.platform.stop(), "operator-1")
    with pytest.raises(Refusal) as stopped:
        stage.together(token.close(NEW, act), Duty.ISSUER)
    assert stopped.value.reason is Reason.PLATFORM_STOPPED
    stage.together(stage.platform.resume(), Duty.RESUMER)

    sent = stage.together(token.close(NEW, act), Duty.ISSUER)
    names = [SecurityToken.interface().events[log.topics[0]].name for log in sent.logs[:2]]
    assert names == ["ProductSucceeded", "ProductClosed"]
    found = token.succeeded_by(0).value
    assert found is not None
    assert (found.successor, found.block, found.tx) == (NEW, sent.stamp.number, sent.tx)
    again = Act(ref=Reference("C-2"), evidence=EVIDENCE)
    with pytest.raises(Refusal) as twice:
        stage.together(token.close(NEW, again), Duty.ISSUER)
    assert twice.value.reason is Reason.PRODUCT_ENDED
    # A product that has ended succeeds nobody: no chain of successors leads back.
    with pytest.raises(Refusal) as back:
        stage.together(new_token(life, deployment).close(OLD, again), Duty.ISSUER)
    assert back.value.reason is Reason.SUCCESSOR_INVALID
    assert Platform(stage.node, deployment.platform).token_of(OLD).value == token.address


def test_evidence__of_the_closing_act__is_the_digest_of_the_proof(small_life: Life) -> None:
    life = small_life
    deployment = carried(life)
    closing = life.succession.closing(life.stage.node, deployment)
    assert closing is not None
    receipt = life.stage.node.receipt(closing[1])
    assert receipt is not None
    entry = SecurityToken.interface().event("ProductSucceeded")
    log = next(each for each in receipt.logs if each.topics[0] == entry.topic)
    proof = life.succession.prove(life.stage.node, deployment, closing[0])
    assert Digest("0x" + log.data[32:64].hex()) == proof.digest
    assert int.from_bytes(log.data[:32], "big") == proof.units
    assert person("issue-1").address in life.stage.deployment.safe_of(Duty.ISSUER).owners
