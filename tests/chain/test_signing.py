"""What holders sign is computed here, and is what wallets and contracts compute.

given any message and any domain
└── the digest should be that of eth_account's encoder for the typed data a wallet is shown
given a live chain
├── the domains should be those of token, settlement and yen token
├── the digests of trades and batches should be the contract's
├── what was signed should be taken: permit, transfer, receipt by the recipient, cancellation
└── what was signed for another chain, contract or text should be refused
given a well-known key and a chain that is not for development
└── signing should be refused
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from eth_account import Account
from eth_account.messages import _hash_eip191_message, encode_typed_data
from hypothesis import given
from hypothesis import strategies as st
from tests.support.chain import ANN, BENEFICIARY, BOB, STRANGER, Stage, investor

from genbo.chain.call import Call
from genbo.chain.contracts.settlement import Net, NetBatch, Settlement, Trade
from genbo.chain.contracts.test_yen import TestYen
from genbo.chain.contracts.token_services import TokenServices
from genbo.chain.hexes import address_of, hex_of
from genbo.chain.keys import development_key
from genbo.chain.signing import (
    BatchMessage,
    CancelAuthorisation,
    Domain,
    Message,
    Permit,
    TradeMessage,
    TransferAuthorisation,
    sign,
)
from genbo.governance import Duty
from genbo.kernel import Fault, Reason, Reference, Refusal
from genbo.token import Act

_ADDRESSES = st.binary(min_size=20, max_size=20).map(address_of)
_NUMBERS = st.integers(0, 2**256 - 1)
_SIGNED = st.integers(-(2**255), 2**255 - 1)
_TIMES = st.datetimes(datetime(1971, 1, 1), datetime(2105, 1, 1)).map(  # noqa: DTZ001
    lambda at: at.replace(microsecond=0, tzinfo=UTC)
)
_REFS = st.from_regex(r"\A[A-Za-z0-9][A-Za-z0-9._:/-]{0,31}\Z").map(Reference)
_DOMAINS = st.builds(
    Domain, name=st.text(max_size=40), version=st.text(max_size=3), chain_id=_NUMBERS,
    contract=_ADDRESSES,
)  # fmt: skip
_TRADES = st.builds(
    Trade, trade_id=_REFS, token=_ADDRESSES, seller=_ADDRESSES, buyer=_ADDRESSES, units=_NUMBERS,
    cash=st.none() | _ADDRESSES, amount=_NUMBERS, agent=st.none() | _ADDRESSES, nonce=_NUMBERS,
    deadline=_TIMES,
)  # fmt: skip
_BATCHES = st.builds(
    NetBatch, batch_id=_REFS, token=_ADDRESSES, cash=_ADDRESSES,
    parties=st.dictionaries(_ADDRESSES, st.builds(Net, units=_SIGNED, amount=_SIGNED), max_size=5),
    nonce=_NUMBERS, deadline=_TIMES,
)  # fmt: skip
_MESSAGES: st.SearchStrategy[Message] = st.one_of(
    st.builds(
        Permit, owner=_ADDRESSES, spender=_ADDRESSES, value=_NUMBERS, nonce=_NUMBERS,
        deadline=_NUMBERS,
    ),
    st.builds(
        TransferAuthorisation, source=_ADDRESSES, target=_ADDRESSES, units=_NUMBERS, after=_NUMBERS,
        before=_NUMBERS, ref=_REFS, by_recipient=st.booleans(),
    ),
    st.builds(CancelAuthorisation, holder=_ADDRESSES, ref=_REFS),
    st.builds(TradeMessage, _TRADES),
    st.builds(BatchMessage, _BATCHES),
)  # fmt: skip


@given(_MESSAGES, _DOMAINS)
def test_any_message__is_what_a_wallet_signs(message: Message, domain: Domain) -> None:
    shown = encode_typed_data(full_message=message.typed_data(domain))
    assert message.digest(domain) == _hash_eip191_message(shown)
    assert domain.separator() == shown.header


def test_signature__is_the_signers_over_the_typed_data() -> None:
    key = investor(ANN)
    domain = Domain(name="N", version="1", chain_id=1337, contract=key.address)
    message = CancelAuthorisation(holder=key.address, ref=Reference("T-1"))
    signature = sign(message, domain, key)
    shown = encode_typed_data(full_message=message.typed_data(domain))
    assert len(signature) == 65
    assert Account.recover_message(shown, signature=signature) == key.address


def test_sign__well_known_key_on_another_chain__is_refused() -> None:
    key = development_key(3)
    domain = Domain(name="N", version="1", chain_id=20_210_811, contract=key.address)
    with pytest.raises(Fault) as refused:
        sign(CancelAuthorisation(holder=key.address, ref=Reference("T-1")), domain, key)
    assert refused.value.reason is Reason.DEVELOPMENT_KEY_REFUSED


# On a live chain --------------------------------------------------------------------------------------


def _token_domain(stage: Stage) -> Domain:
    name = stage.token.name().value
    return Domain.of_token(name, stage.token.address, chain_id=stage.node.chain_id)


def _trade(stage: Stage) -> Trade:
    return Trade(
        trade_id=Reference("T-1"),
        token=stage.token.address,
        seller=investor(ANN).address,
        buyer=investor(BOB).address,
        units=5,
        cash=None,
        amount=700,
        agent=investor(STRANGER).address,
        nonce=2**255 + 1,
        deadline=stage.node.stamp().at + timedelta(hours=1),
    )


def test_domains__are_those_of_the_contracts(stage: Stage) -> None:
    def separator(address: str, artifact: type[TokenServices] | type[TestYen]) -> bytes:
        data = artifact.interface().encode("DOMAIN_SEPARATOR")
        return stage.node.call(to=address, data=data).value  # type: ignore[arg-type]

    assert _token_domain(stage).separator() == separator(stage.token.address, TokenServices)
    created = stage.sender.send(TestYen.create(), by=investor(ANN)).created
    assert created is not None
    yen = Domain(name="Test Yen", version="1", chain_id=stage.node.chain_id, contract=created)
    assert yen.separator() == separator(created, TestYen)

    settlement = Settlement(stage.node, stage.deployment.settlement)
    domain = Domain.of_settlement(settlement.address, chain_id=stage.node.chain_id)
    trade = _trade(stage)
    assert TradeMessage(trade).digest(domain) == settlement.trade_digest(trade).value
    other = Domain.of_settlement(settlement.address, chain_id=stage.node.chain_id + 1)
    assert TradeMessage(trade).digest(other) != settlement.trade_digest(trade).value


@pytest.mark.parametrize("parties", [0, 1, 3])
def test_batch__is_what_the_contract_computes(stage: Stage, parties: int) -> None:
    settlement = Settlement(stage.node, stage.deployment.settlement)
    domain = Domain.of_settlement(settlement.address, chain_id=stage.node.chain_id)
    trade = _trade(stage)
    batch = NetBatch(
        batch_id=Reference("B-1"),
        token=trade.token,
        cash=trade.buyer,
        parties={
            investor(number).address: Net(units=number - 7, amount=-(2**200) * number)
            for number in range(parties)
        },
        nonce=3,
        deadline=trade.deadline,
    )
    assert BatchMessage(batch).digest(domain) == settlement.batch_digest(batch).value


def _with_units(stage: Stage) -> TokenServices:
    """Ann holds 100 units and the market is open."""
    stage.verified(BENEFICIARY, ANN, BOB)
    stage.alone(stage.platform.open_market(), "market-1")
    beneficiary = investor(BENEFICIARY).address
    act = Act(ref=Reference("I-1"))
    stage.together(stage.token.issue([beneficiary], [1_000], act), Duty.ISSUER)
    call = stage.token.distribute([investor(ANN).address], [100], Reference("D-1"))
    stage.alone(call, "distribution-1")
    return TokenServices(stage.node, stage.token.address)


def test_permit__signed__is_taken_once(stage: Stage) -> None:
    services = _with_units(stage)
    ann, bob = investor(ANN), investor(BOB)
    permit = Permit(
        owner=ann.address,
        spender=bob.address,
        value=60,
        nonce=services.permit_nonce(ann.address).value,
        deadline=int(stage.node.stamp().at.timestamp()) + 3_600,
    )
    signature = sign(permit, _token_domain(stage), ann)
    call = services.permit(ann.address, bob.address, 60, permit.deadline, signature)
    stage.hold(call, STRANGER)
    assert stage.token.allowance(ann.address, bob.address).value == 60
    assert services.permit_nonce(ann.address).value == 1
    with pytest.raises(Refusal) as again:
        stage.hold(call, STRANGER)
    assert again.value.reason is Reason.SIGNATURE_INVALID


@pytest.mark.parametrize("by_recipient", [False, True])
def test_authorisation__signed__moves_units_once(stage: Stage, by_recipient: bool) -> None:
    services = _with_units(stage)
    ann, bob = investor(ANN), investor(BOB)
    message = TransferAuthorisation(
        source=ann.address,
        target=bob.address,
        units=30,
        after=0,
        before=int(stage.node.stamp().at.timestamp()) + 3_600,
        ref=Reference("T-9"),
        by_recipient=by_recipient,
    )
    domain = _token_domain(stage)
    send = services.receive_authorised if by_recipient else services.transfer_authorised

    def call(signature: bytes) -> Call:
        return send(
            message.source,
            message.target,
            30,
            after=0,
            before=message.before,
            ref=message.ref,
            signature=signature,
        )

    wrong = [
        sign(message, replace(domain, chain_id=1337), ann),
        sign(message, replace(domain, contract=bob.address), ann),
        sign(message, replace(domain, name="Other"), ann),
        sign(replace(message, units=31), domain, ann),
        sign(replace(message, by_recipient=not by_recipient), domain, ann),
        sign(message, domain, bob),
        sign(message, domain, ann)[:64],
    ]
    for signature in wrong:
        with pytest.raises(Refusal) as refused:
            stage.hold(call(signature), BOB)
        assert refused.value.reason is Reason.SIGNATURE_INVALID
    assert not services.is_authorisation_used(ann.address, message.ref).value
    stage.hold(call(sign(message, domain, ann)), BOB)
    assert stage.token.balance_of(bob.address).value == 30
    assert services.is_authorisation_used(ann.address, message.ref).value


def test_cancellation__signed__makes_an_authorisation_void(stage: Stage) -> None:
    services = _with_units(stage)
    ann = investor(ANN)
    message = CancelAuthorisation(holder=ann.address, ref=Reference("T-9"))
    signature = sign(message, _token_domain(stage), ann)
    stage.hold(services.cancel_authorisation(ann.address, message.ref, signature), STRANGER)
    assert services.is_authorisation_used(ann.address, message.ref).value


def test_typed_data__shows_bytes_as_hexadecimal() -> None:
    key = investor(ANN)
    domain = Domain(name="N", version="1", chain_id=1337, contract=key.address)
    shown = CancelAuthorisation(holder=key.address, ref=Reference("T-1")).typed_data(domain)
    assert shown["message"]["nonce"] == hex_of(b"T-1".ljust(32, b"\0"))
