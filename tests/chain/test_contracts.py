"""The wrappers speak for every function of our contracts, typed.

given every function of our contracts that changes something
└── some wrapper should make exactly that call (or it should be listed here with the reason why none does)
given the mock yen
└── no module of the package should create or use one
given a live chain
├── the settlement's and the anchors' wrappers should carry whole trades and roots
├── the rules should be created for a token, and be asked by it
├── reads should answer with typed values and the block they were read at
└── many accounts read at once should be what they are one by one
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from tests.support.chain import (
    ANN,
    BENEFICIARY,
    BOB,
    CLASS,
    PRODUCT,
    ROOT,
    STRANGER,
    VERIFIED_UNTIL,
    Stage,
    investor,
    terms,
)

from genbo.chain import artifacts
from genbo.chain.contracts.disbursement import Disbursement, PaymentOrder, TokenPayment
from genbo.chain.contracts.document_registry import DocumentRegistry
from genbo.chain.contracts.duty_manager import DutyManager
from genbo.chain.contracts.encoding import act_struct, seconds
from genbo.chain.contracts.holder_limit_rule import HolderLimitRule
from genbo.chain.contracts.holding_limit_rule import HoldingLimitRule
from genbo.chain.contracts.platform import MarketStatus, Platform
from genbo.chain.contracts.register_anchor import AnchorKind, RegisterAnchor
from genbo.chain.contracts.security_token import SecurityToken
from genbo.chain.contracts.settlement import Net, NetBatch, Settlement, Trade
from genbo.chain.contracts.test_yen import TestYen
from genbo.chain.contracts.token_factory import TokenFactory, salt_of
from genbo.chain.contracts.token_services import TokenServices
from genbo.chain.deploy import OURS
from genbo.chain.keys import KeySigner
from genbo.chain.signing import BatchMessage, Domain, TradeMessage, sign
from genbo.governance import Duty
from genbo.kernel import Address, Digest, ProductId, Reason, Reference, Refusal, Units
from genbo.token import Act

A = Address("0x00000000000000000000000000000000000000AA")
B = Address("0x00000000000000000000000000000000000000bb")
ACT = Act(ref=Reference("R-1"))
REF = Reference("R-2")
SIGNATURE = bytes(range(65))

SERVICES = TokenServices(None, A)  # type: ignore[arg-type]
TOKEN = SecurityToken(None, A)  # type: ignore[arg-type]
PLATFORM = Platform(None, A)  # type: ignore[arg-type]
FACTORY = TokenFactory(None, A)  # type: ignore[arg-type]
MANAGER = DutyManager(None, A)  # type: ignore[arg-type]
SETTLEMENT = Settlement(None, A)  # type: ignore[arg-type]
ANCHOR = RegisterAnchor(None, A)  # type: ignore[arg-type]
DISBURSEMENT = Disbursement(None, A)  # type: ignore[arg-type]
DOCUMENTS = DocumentRegistry(None, A)  # type: ignore[arg-type]
YEN = TestYen(None, A)  # type: ignore[arg-type]
WHEN = datetime(2022, 1, 1, tzinfo=UTC)
DIGEST = Digest("0x" + "11" * 32)
TRADE = Trade(
    trade_id=REF,
    token=A,
    seller=A,
    buyer=B,
    units=1,
    cash=None,
    amount=2,
    agent=B,
    nonce=3,
    deadline=WHEN,
)
BATCH = NetBatch(
    batch_id=REF,
    token=A,
    cash=B,
    parties={B: Net(units=-1, amount=2), A: Net(units=1, amount=-2)},
    nonce=3,
    deadline=WHEN,
)

CALLS = {
    "SecurityToken": [
        TOKEN.transfer(B, 1),
        TOKEN.transfer(B, 1, REF),
        TOKEN.transfer_from(A, B, 1),
        TOKEN.batch_transfer([B], [1]),
        TOKEN.approve(B, 1),
        TOKEN.issue([B], [1], ACT),
        TOKEN.redeem([B], [1], ACT),
        TOKEN.redeem_all([B], ACT),
        TOKEN.split(2, ACT, epoch=0),
        TOKEN.close(ProductId("P2"), ACT),
        TOKEN.set_terms(
            legal_category=1,
            terms_digest=None,
            initial_beneficiary=None,
            authorised_cap=1,
            redemption_date=WHEN,
        ),
        TOKEN.mint(B, 1),
        TOKEN.batch_mint([B], [1]),
        TOKEN.burn(B, 1),
        TOKEN.batch_burn([B], [1]),
        TOKEN.distribute([B], [1], REF),
        TOKEN.set_verdict(B, until=WHEN),
        TOKEN.batch_set_verdict([B], until=None, blocked=True),
        TOKEN.set_address_frozen(B, frozen=True),
        TOKEN.set_frozen_units(B, 1),
        TOKEN.freeze(B, 1),
        TOKEN.unfreeze(B, 1),
        TOKEN.set_lock_up(B, until=WHEN),
        TOKEN.set_own_account(B, own_account=True),
        TOKEN.set_product_lock_up(until=None),
        TOKEN.set_permitted_classes(3),
        TOKEN.set_rule(None),
        TOKEN.forced_transfer(A, B, 1),
        TOKEN.forced_transfer(A, B, 1, ACT),
        TOKEN.redistribute(A, B, 1, incident=REF, evidence=None),
        TOKEN.redistribute_burned(REF, B, 1, incident=REF, evidence=None),
        TOKEN.reverse_transfer(REF, A, B, 1, ACT),
        TOKEN.rekey(A, B, ACT),
        TOKEN.sync([A]),
        TOKEN.transfer_from_with_reference(A, B, 1, REF),
        TOKEN.batch_set_address_frozen([B], [True]),
        TOKEN.batch_freeze([B], [1]),
        TOKEN.batch_unfreeze([B], [1]),
        TOKEN.enable_holder_count(),
        TOKEN.batch_forced_transfer([A], [B], [1]),
        TOKEN.recover(A, B),
        SERVICES.create_hold(REF, B, 1, expiry=WHEN, notary=B),
        SERVICES.create_hold_from(A, REF, B, 1, expiry=WHEN, notary=B),
        SERVICES.execute_hold(REF),
        SERVICES.release_hold(REF),
        SERVICES.permit(A, B, 1, 1, SIGNATURE),
        SERVICES.transfer_authorised(A, B, 1, after=0, before=1, ref=REF, signature=SIGNATURE),
        SERVICES.receive_authorised(A, B, 1, after=0, before=1, ref=REF, signature=SIGNATURE),
        SERVICES.cancel_authorisation(A, REF, SIGNATURE),
    ],
    "Platform": [
        PLATFORM.stop(),
        PLATFORM.resume(),
        PLATFORM.open_market(),
        PLATFORM.close_market(),
        PLATFORM.create_group("G", enabled=True),
        PLATFORM.set_transfer_enabled("G", enabled=False),
        PLATFORM.assign_group(B, "G"),
    ],
    "Settlement": [
        SETTLEMENT.settle(TRADE, seller=SIGNATURE, buyer=SIGNATURE),
        SETTLEMENT.instruct(TRADE, seller=SIGNATURE, buyer=SIGNATURE),
        SETTLEMENT.settle_net(BATCH, {A: SIGNATURE, B: SIGNATURE}),
        SETTLEMENT.confirm_payment(A, REF, REF),
        SETTLEMENT.abort(A, REF),
        SETTLEMENT.cancel_nonce(7),
        SETTLEMENT.cancel_trade(bytes(32)),
        SETTLEMENT.allow_cash(B, allowed=True),
    ],
    "RegisterAnchor": [
        ANCHOR.anchor(AnchorKind.REGISTER, "P1", WHEN.date(), root=DIGEST, leaves=3),
    ],
    "Disbursement": [
        DISBURSEMENT.pay(
            PaymentOrder(run="D-1", record_day=WHEN.date(), root=DIGEST, cash=A, payer=B),
            [TokenPayment(line=1, payee=B, yen=7)],
        ),
    ],
    "DocumentRegistry": [
        DOCUMENTS.set_document("TRUST", uri="urn:genbo:1", digest=DIGEST),
        DOCUMENTS.remove_document("TRUST"),
    ],
    "TestYen": [
        YEN.mint(B, 1),
        YEN.approve(B, 1),
        YEN.transfer(B, 1),
        YEN.transfer_from(A, B, 1),
        YEN.permit(A, B, 1, 1, SIGNATURE),
    ],
    "HolderLimitRule": [],
    "HoldingLimitRule": [],
    "TokenFactory": [
        FACTORY.approve_code(Digest("0x" + "11" * 32), B),
        FACTORY.create(artifacts.load("SecurityToken"), terms(), salt_of(PRODUCT)),
    ],
}

NOT_WRAPPED = {
    "setControlBits(uint16,uint16)": "the platform contract alone may call it",
    "register(bytes32,address,bytes32)": "the factory contract alone may call it",
    **dict.fromkeys(
        (
            "transferWithAuthorization(address,address,uint256,uint256,uint256,bytes32,uint8,bytes32,bytes32)",
            "receiveWithAuthorization(address,address,uint256,uint256,uint256,bytes32,uint8,bytes32,bytes32)",
            "cancelAuthorization(address,bytes32,uint8,bytes32,bytes32)",
        ),
        "the form with the whole signature does the same",
    ),
}


def test_every_contract_that_people_call__is_looked_at() -> None:
    """All that a deployment creates, and the rules and the yen that stand beside it."""
    others = {
        "DutyManager": "OpenZeppelin's: what we use of it is wrapped, and the deployment tests it",
        "TokenActs": "called through tokens only",
        "TokenServices": "called through tokens only",
    }
    assert CALLS.keys() - others.keys() >= set(OURS) - others.keys()
    assert CALLS.keys() - set(OURS) == {"HolderLimitRule", "HoldingLimitRule", "TestYen"}


@pytest.mark.parametrize("name", sorted(CALLS))
def test_every_function_that_writes__has_a_wrapper(name: str) -> None:
    interface = artifacts.load(name).interface
    writes = {entry.signature for entry in interface.functions if entry.writes}
    made = {interface.by_selector[call.data[:4]].signature for call in CALLS[name]}
    assert made == writes - NOT_WRAPPED.keys()
    assert name.endswith("Rule") or made
    for call in CALLS[name]:
        entry = interface.by_selector[call.data[:4]]
        values = entry.decode_inputs(call.data).values()
        assert entry.encode(*values) == call.data
        assert call.to == A
        assert call.what


def test_what_is_missing__goes_to_the_ledger_as_zero() -> None:
    assert act_struct(Act(ref=None)) == (bytes(32), bytes(32), 0)
    assert seconds(None) == 0


@pytest.mark.parametrize(
    "at",
    [datetime(1970, 1, 1, tzinfo=UTC), datetime(2106, 2, 8, tzinfo=UTC), datetime(2022, 1, 1)],  # noqa: DTZ001
)
def test_time__that_the_ledger_cannot_hold__is_refused(at: datetime) -> None:
    with pytest.raises(Refusal) as refused:
        TOKEN.set_lock_up(B, until=at)
    assert refused.value.reason is Reason.TIME_MALFORMED


# On a live chain ------------------------------------------------------------------------------------


def test_reads__are_typed_and_carry_their_block(stage: Stage) -> None:
    token = stage.token
    beneficiary, ann, bob = (investor(n).address for n in (BENEFICIARY, ANN, BOB))
    before = stage.node.stamp()
    stage.verified(BENEFICIARY, ANN)
    stage.alone(stage.platform.open_market(), "market-1")
    stage.together(token.issue([beneficiary], [1_000], Act(ref=Reference("I-1"))), Duty.ISSUER)
    stage.alone(token.distribute([ann], [300], Reference("D-1")), "distribution-1")
    stage.alone(token.freeze(ann, 400), "compliance-1")
    until = stage.node.stamp().at + timedelta(days=1)
    stage.alone(token.set_lock_up(ann, until=until), "compliance-1")
    stage.alone(token.set_own_account(ann, own_account=True), "compliance-1")
    stage.hold(token.approve(bob, 2**256 - 1), ANN)

    word = token.account(ann)
    assert word.stamp == stage.node.stamp()
    assert (word.value.balance, word.value.frozen, word.value.unfrozen) == (300, 400, 0)
    assert word.value.verified_until == int(VERIFIED_UNTIL.timestamp())
    assert word.value.lock_up_until == int(until.timestamp())
    assert (word.value.investor_class, word.value.own_account) == (CLASS, True)
    assert token.frozen_units(ann).value == 400
    assert token.allowance(ann, bob).value == 2**256 - 1
    assert token.total_supply().value == token.supply().value.total == 1_000
    assert token.supply().value.ever_issued
    assert token.is_reference_used(Reference("I-1")).value
    assert not token.is_reference_used(Reference("I-2")).value
    assert not token.is_reversed(Reference("T-1")).value
    assert token.burned_under(Reference("B-1")).value == 0
    assert token.reason_of(ann, bob, 1).value is Reason.SENDER_LOCKED_UP
    assert token.reason_of(beneficiary, ann, 1).value is None
    assert token.can_transfer(beneficiary, ann, 1).value
    assert not token.can_transfer(beneficiary, investor(STRANGER).address, 1).value
    assert stage.platform.status().value is MarketStatus.OPEN
    assert stage.platform.stopped_by().value is None
    assert stage.platform.tokens(0, 10).value == [token.address]
    assert stage.platform.tokens(1, 10).value == []

    # The same questions at the block before all this.
    assert token.account(ann, before).value.balance == 0
    assert token.account(ann, before).stamp == before
    assert token.total_supply(before.number).value == 0
    assert stage.platform.status(before).value is MarketStatus.CLOSED

    stage.alone(stage.platform.stop(), "operator-1")
    stopped = stage.platform.stopped_by()
    assert stopped.value == stage.parameters.operators[Duty.STOPPER][0]
    assert stage.platform.status().value is MarketStatus.STOPPED


def test_many_accounts__are_what_they_are_one_by_one(stage: Stage) -> None:
    stage.verified(ANN, BOB)
    accounts = [investor(number).address for number in range(5)]
    words = stage.token.accounts(accounts)
    assert words.value == [stage.token.account(each, words.stamp).value for each in accounts]
    balances = stage.token.balances_of(accounts, words.stamp)
    assert balances.value == [Units(0)] * 5
    assert balances.stamp == words.stamp
    assert stage.token.accounts([]).value == []


def test_mock_yen__is_used_by_no_module_of_the_package_and_no_script() -> None:
    for folder in (ROOT / "src", ROOT / "scripts"):
        for path in folder.rglob("*.py"):
            if path.name != "test_yen.py":
                assert "test_yen" not in path.read_text("utf-8"), path


def _market(stage: Stage) -> tuple[KeySigner, KeySigner, TestYen, Settlement]:
    """Ann holds 300 units and Bob 9,000 yen; both allow the settlement contract, which takes that yen."""
    ann, bob = investor(ANN), investor(BOB)
    stage.verified(BENEFICIARY, ANN, BOB)
    stage.alone(stage.platform.open_market(), "market-1")
    token, beneficiary = stage.token, investor(BENEFICIARY).address
    stage.together(token.issue([beneficiary], [1_000], Act(ref=Reference("I-1"))), Duty.ISSUER)
    stage.alone(token.distribute([ann.address], [300], Reference("D-1")), "distribution-1")
    created = stage.sender.send(TestYen.create(), by=bob).created
    assert created is not None
    yen = TestYen(stage.node, created)
    settlement = Settlement(stage.node, stage.deployment.settlement)
    stage.hold(yen.mint(bob.address, 9_000), BOB)
    stage.hold(yen.approve(settlement.address, 9_000), BOB)
    stage.hold(token.approve(settlement.address, 300), ANN)
    stage.together(settlement.allow_cash(yen.address, allowed=True), Duty.CASH_ADMIN)
    assert settlement.is_cash_allowed(yen.address).value
    return ann, bob, yen, settlement


def _trade(stage: Stage, ref: str, *, cash: Address | None, agent: Address | None) -> Trade:
    return Trade(
        trade_id=Reference(ref),
        token=stage.token.address,
        seller=investor(ANN).address,
        buyer=investor(BOB).address,
        units=100,
        cash=cash,
        amount=5_000,
        agent=agent,
        nonce=7,
        deadline=stage.node.stamp().at + timedelta(hours=1),
    )


def test_settlement__both_signed__units_and_yen_change_hands(stage: Stage) -> None:
    ann, bob, yen, settlement = _market(stage)
    domain = Domain.of_settlement(settlement.address, chain_id=stage.node.chain_id)
    trade = _trade(stage, "T-1", cash=yen.address, agent=None)
    hers, his = (sign(TradeMessage(trade), domain, key) for key in (ann, bob))
    stage.hold(settlement.settle(trade, seller=hers, buyer=his), STRANGER)
    assert stage.token.balances_of([ann.address, bob.address]).value == [200, 100]
    assert (yen.balance_of(ann.address).value, yen.balance_of(bob.address).value) == (5_000, 4_000)
    assert yen.allowance(bob.address, settlement.address).value == 4_000
    assert settlement.is_nonce_used(ann.address, 7).value
    with pytest.raises(Refusal) as again:
        stage.hold(settlement.settle(trade, seller=hers, buyer=his), STRANGER)
    assert again.value.reason is Reason.NONCE_USED


def test_settlement__a_party_is_not_eligible__the_reason_names_the_right_side(
    stage: Stage,
) -> None:
    ann, bob, yen, settlement = _market(stage)
    domain = Domain.of_settlement(settlement.address, chain_id=stage.node.chain_id)
    trade = _trade(stage, "T-1", cash=yen.address, agent=None)
    call = settlement.settle(
        trade,
        **{s: sign(TradeMessage(trade), domain, k) for s, k in (("seller", ann), ("buyer", bob))},
    )
    for account, expected in (
        (bob.address, Reason.RECIPIENT_FROZEN),
        (ann.address, Reason.SENDER_FROZEN),
    ):
        stage.alone(stage.token.set_address_frozen(account, frozen=True), "compliance-1")
        with pytest.raises(Refusal) as refused:
            stage.hold(call, STRANGER)
        assert refused.value.reason is expected
        assert refused.value.facts == {"account": account}


def test_settlement__bank_money__is_held_until_the_agent_confirms_or_aborts(stage: Stage) -> None:
    ann, bob, _, settlement = _market(stage)
    agent = investor(STRANGER)
    domain = Domain.of_settlement(settlement.address, chain_id=stage.node.chain_id)
    services = TokenServices(stage.node, stage.token.address)
    trade = _trade(stage, "T-1", cash=None, agent=agent.address)
    hers, his = (sign(TradeMessage(trade), domain, key) for key in (ann, bob))
    stage.hold(settlement.instruct(trade, seller=hers, buyer=his), BOB)
    assert services.held_units(ann.address).value == 100
    stage.hold(
        settlement.confirm_payment(stage.token.address, trade.trade_id, Reference("PAY-1")),
        STRANGER,
    )
    assert stage.token.balance_of(bob.address).value == 100

    other = replace(trade, trade_id=Reference("T-2"), nonce=8)
    hers, his = (sign(TradeMessage(other), domain, key) for key in (ann, bob))
    stage.hold(settlement.instruct(other, seller=hers, buyer=his), BOB)
    stage.hold(settlement.abort(stage.token.address, other.trade_id), STRANGER)
    assert services.held_units(ann.address).value == 0

    void = replace(trade, trade_id=Reference("T-3"), nonce=9)
    hers, his = (sign(TradeMessage(void), domain, key) for key in (ann, bob))
    stage.hold(settlement.cancel_trade(TradeMessage(void).digest(domain)), BOB)
    with pytest.raises(Refusal) as withdrawn:
        stage.hold(settlement.instruct(void, seller=hers, buyer=his), BOB)
    assert withdrawn.value.reason is Reason.TRADE_CANCELLED
    stage.hold(settlement.cancel_nonce(9), ANN)
    assert settlement.is_nonce_used(ann.address, 9).value


def test_settlement__a_netted_batch__moves_each_partys_net(stage: Stage) -> None:
    ann, bob, yen, settlement = _market(stage)
    domain = Domain.of_settlement(settlement.address, chain_id=stage.node.chain_id)
    batch = NetBatch(
        batch_id=Reference("B-1"),
        token=stage.token.address,
        cash=yen.address,
        parties={
            ann.address: Net(units=-40, amount=2_000),
            bob.address: Net(units=40, amount=-2_000),
        },
        nonce=1,
        deadline=stage.node.stamp().at + timedelta(hours=1),
    )
    signatures = {key.address: sign(BatchMessage(batch), domain, key) for key in (ann, bob)}
    stage.hold(settlement.settle_net(batch, signatures), STRANGER)
    assert stage.token.balances_of([ann.address, bob.address]).value == [260, 40]
    assert yen.balance_of(ann.address).value == 2_000


def test_anchor__is_found_by_kind_subject_and_day(stage: Stage) -> None:
    anchors = RegisterAnchor(stage.node, stage.deployment.anchor)
    day = date(2021, 8, 31)
    assert anchors.anchored(AnchorKind.REGISTER, PRODUCT, day).value is None
    call = anchors.anchor(AnchorKind.REGISTER, PRODUCT, day, root=DIGEST, leaves=503)
    sent = stage.alone(call, "anchor-1")
    found = anchors.anchored(AnchorKind.REGISTER, PRODUCT, day).value
    assert found is not None
    assert (found.root, found.leaves, found.anchored) == (DIGEST, 503, sent.stamp.at)
    assert anchors.anchored(AnchorKind.PAYEE_LIST, PRODUCT, day).value is None
    with pytest.raises(Refusal) as twice:
        stage.alone(call, "anchor-1")
    assert twice.value.reason is Reason.ANCHOR_EXISTS


def test_rules__created_for_a_token__are_asked_by_it(stage: Stage) -> None:
    token = stage.token
    stage.verified(BENEFICIARY, ANN, BOB)
    stage.alone(token.enable_holder_count(), "compliance-1")
    beneficiary, ann = investor(BENEFICIARY).address, investor(ANN).address
    stage.together(token.issue([beneficiary], [1_000], Act(ref=Reference("I-1"))), Duty.ISSUER)

    created = stage.sender.send(HoldingLimitRule.create(token.address, most=10), by=investor(ANN))
    assert created.created is not None
    holding = HoldingLimitRule(stage.node, created.created)
    assert (holding.token().value, holding.most().value) == (token.address, 10)
    assert holding.allows(beneficiary, ann, 10).value
    assert not holding.allows(beneficiary, ann, 11).value
    stage.alone(token.set_rule(holding.address), "compliance-1")
    with pytest.raises(Refusal) as refused:
        stage.alone(token.distribute([ann], [11], Reference("D-1")), "distribution-1")
    assert refused.value.reason is Reason.RULE_REFUSED

    created = stage.sender.send(HolderLimitRule.create(token.address, most=1), by=investor(ANN))
    assert created.created is not None
    holders = HolderLimitRule(stage.node, created.created)
    assert (holders.token().value, holders.most().value) == (token.address, 1)
    assert not holders.allows(beneficiary, ann, 10).value
    assert holders.allows(beneficiary, ann, 1_000).value
    with pytest.raises(Refusal) as invalid:
        stage.sender.send(HolderLimitRule.create(token.address, most=0), by=investor(ANN))
    assert invalid.value.reason is Reason.LIMIT_INVALID
