"""Whatever a holder signs: each way to get it wrong is refused with its reason. Outcomes: signatures.tree."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from eth_utils import keccak
from tests.contracts.actors import Person
from tests.contracts.handle import Error, Handle, error
from tests.contracts.market import INSTRUCT, LATER, PRICE, SETTLE, UNLIMITED, Market
from tests.contracts.stage import RETAIL, VERIFIED_UNTIL, Stage, ref
from tests.contracts.typed import Domain, Words, digest, sign, split, token_domain, with_high_s

from contract_sources import CONTRACTS
from genbo.chain.call import Call
from genbo.kernel import ZERO_ADDRESS

TRADE = ref("TRADE-1")
_AUTHORISATION = "address,address,uint256,uint256,uint256,bytes32"
_PARTS = "uint8,bytes32,bytes32"


@dataclass(frozen=True)
class Form:
    """One thing that can be signed. `holder` is the address that is said to have signed it."""

    id: str
    words: Callable[[Market, str], Words]
    call: Callable[[Market, Words, bytes], Call]
    signer: Callable[[Market], Person] = lambda market: market.seller
    by: Callable[[Market], Person] = lambda market: market.anybody
    any_length: bool = True
    """Takes the signature as bytes; else as v, r, s."""
    of_settlement: bool = False
    expired: Callable[[Words], Error] | None = None
    """What it is refused with after its time; None where it has none."""
    used: Callable[[Words], Error] | None = None
    """What it is refused with the second time."""

    def domain(self, market: Market) -> Domain:
        return market.domain if self.of_settlement else token_domain(market.stage)

    def refused(self, holder: str) -> Error:
        name = "SettlementSignatureInvalid" if self.of_settlement else "SignatureInvalid"
        return error(name, holder)


def member(words: Words, name: str) -> Any:
    return words.values[words.members.index(name)]


# The forms ------------------------------------------------------------------------------------------


def _permit(market: Market, holder: str) -> Words:
    return Words("Permit", (holder, market.third.address, 7, 0, market.stage.now + LATER))


def _sent_permit(market: Market, words: Words, signature: bytes) -> Call:
    owner, spender, value, _, deadline = words.values
    return market.token("permit", owner, spender, value, deadline, *split(signature))


def _authorisation(struct: str) -> Callable[[Market, str], Words]:
    def words(market: Market, holder: str) -> Words:
        until = market.stage.now + LATER
        return Words(struct, (holder, market.buyer.address, 7, 0, until, TRADE))

    return words


def _sent(name: str, types: str, parts: bool) -> Callable[[Market, Words, bytes], Call]:
    def call(market: Market, words: Words, signature: bytes) -> Call:
        if parts:
            return market.token(f"{name}({types},{_PARTS})", *words.values, *split(signature))
        return market.token(f"{name}({types},bytes)", *words.values, signature)

    return call


def _used_nonce(words: Words) -> Error:
    return error("AuthorizationUsedOrCanceled", words.values[0], TRADE)


def _authorisations() -> list[Form]:
    return [
        Form(
            f"{name} by {'parts' if parts else 'bytes'}",
            _authorisation(name[0].upper() + name[1:]),
            _sent(name, _AUTHORISATION, parts),
            by=by,
            any_length=not parts,
            expired=lambda words: error("AuthorizationExpired", member(words, "validBefore")),
            used=_used_nonce,
        )
        for name, by in {
            "transferWithAuthorization": lambda market: market.anybody,
            "receiveWithAuthorization": lambda market: market.buyer,
        }.items()
        for parts in (True, False)
    ]


def _cancellations() -> list[Form]:
    return [
        Form(
            f"cancelAuthorization by {'parts' if parts else 'bytes'}",
            lambda market, holder: Words("CancelAuthorization", (holder, TRADE)),
            _sent("cancelAuthorization", "address,bytes32", parts),
            any_length=not parts,
            used=_used_nonce,
        )
        for parts in (True, False)
    ]


def _trades() -> list[Form]:
    """Each side of a trade, the other side signing as it should."""

    def words(function: str, side: str) -> Callable[[Market, str], Words]:
        def of(market: Market, holder: str) -> Words:
            trade = market.trade() if function == SETTLE else market.bank_trade()
            return trade.with_(**{side: holder})

        return of

    def call(function: str, side: str) -> Callable[[Market, Words, bytes], Call]:
        def of(market: Market, trade: Words, signature: bytes) -> Call:
            other = market.buyer if side == "seller" else market.seller
            right = sign(other, market.domain, trade)
            pair = (signature, right) if side == "seller" else (right, signature)
            return market.settlement(function, trade.values, *pair)

        return of

    return [
        Form(
            f"{function}, the {side}",
            words(function, side),
            call(function, side),
            signer=(lambda m: m.seller) if side == "seller" else (lambda m: m.buyer),
            of_settlement=True,
            expired=lambda words: error("SettlementDeadlinePassed", member(words, "deadline")),
            used=lambda words: error(
                "SettlementNonceUsed", member(words, "seller"), member(words, "nonce")
            ),
        )
        for function in (SETTLE, INSTRUCT)
        for side in ("seller", "buyer")
    ]


def _batch() -> Form:
    """One participant of three; the other two sign as they should."""

    def words(market: Market, holder: str) -> Words:
        positions = {
            holder: (-5, 5 * PRICE),
            market.buyer.address: (3, -3 * PRICE),
            market.third.address: (2, -2 * PRICE),
        }
        return market.batch(positions)

    def call(market: Market, batch: Words, signature: bytes) -> Call:
        keys = {party.address: party for party in (market.buyer, market.third)}
        signatures = [
            sign(keys[address], market.domain, batch) if address in keys else signature
            for address in member(batch, "participants")
        ]
        return market.settlement("settleNet", batch.values, signatures)

    return Form(
        "settleNet, a participant",
        words,
        call,
        of_settlement=True,
        expired=lambda words: error("SettlementDeadlinePassed", member(words, "deadline")),
        used=lambda words: error(
            "SettlementNonceUsed", member(words, "participants")[0], member(words, "nonce")
        ),
    )


FORMS = [
    Form(
        "permit",
        _permit,
        _sent_permit,
        any_length=False,
        expired=lambda words: error("ERC2612ExpiredSignature", member(words, "deadline")),
        used=lambda words: error("SignatureInvalid", words.values[0]),
    ),
    *_authorisations(),
    *_cancellations(),
    *_trades(),
    _batch(),
]
BY_FORM = pytest.mark.parametrize("form", FORMS, ids=lambda form: form.id)


@pytest.fixture
def market(stage: Stage) -> Market:
    return Market.on(stage)


def everything(market: Market) -> tuple[Any, ...]:
    """Units, yen, allowances and nonces: all that a signature could change."""
    token, settlement = market.token, market.settlement
    parties = (market.seller, market.buyer, market.third)
    return (
        market.everything(),
        [token.ask("allowance", who.address, market.third.address) for who in parties],
        [token.ask("nonces", who.address) for who in parties],
        [token.ask("authorizationState", who.address, TRADE) for who in parties],
        [settlement.ask("isNonceUsed", who.address, n) for who in parties for n in (7, 8)],
        token.ask("holdOf", TRADE),
    )


# The right one --------------------------------------------------------------------------------------


@BY_FORM
def test_signature__the_right_one__is_taken_once(market: Market, form: Form) -> None:
    signer, by = form.signer(market), form.by(market)
    words = form.words(market, signer.address)
    call = form.call(market, words, sign(signer, form.domain(market), words))
    before = everything(market)
    by.does(call)
    assert everything(market) != before
    assert form.used is not None
    assert by.refused(call) == form.used(words)


@pytest.mark.parametrize("form", [form for form in FORMS if form.expired], ids=lambda form: form.id)
def test_signature__after_its_time__is_refused(market: Market, form: Form) -> None:
    signer = form.signer(market)
    words = form.words(market, signer.address)
    call = form.call(market, words, sign(signer, form.domain(market), words))
    market.stage.advance_to(market.stage.now + LATER)
    assert form.expired is not None
    assert form.by(market).refused(call) == form.expired(words)


# For something else ---------------------------------------------------------------------------------

OTHER_DOMAINS: dict[str, Callable[[Market, Domain], Domain]] = {
    "another chain": lambda market, domain: domain.but(chain_id=domain.chain_id + 1),
    "no chain": lambda market, domain: domain.but(chain_id=0),
    "another contract": lambda market, domain: domain.but(contract=market.yen.address),
    "another name": lambda market, domain: domain.but(name="Another"),
    "another version": lambda market, domain: domain.but(version="2"),
}


@pytest.mark.parametrize("other", OTHER_DOMAINS)
@BY_FORM
def test_signature__for_another_domain__is_refused(market: Market, form: Form, other: str) -> None:
    signer = form.signer(market)
    words = form.words(market, signer.address)
    domain = OTHER_DOMAINS[other](market, form.domain(market))
    call = form.call(market, words, sign(signer, domain, words))
    before = everything(market)
    assert form.by(market).refused(call) == form.refused(signer.address)
    assert everything(market) == before


@BY_FORM
def test_signature__as_a_message_to_a_wallets_user__is_refused(market: Market, form: Form) -> None:
    """`personal_sign` of the same 32 bytes is another signature: nobody trades by greeting a web page."""
    signer = form.signer(market)
    words = form.words(market, signer.address)
    greeting = keccak(b"\x19Ethereum Signed Message:\n32" + digest(form.domain(market), words))
    call = form.call(market, words, signer.signer.sign_digest(greeting))
    assert form.by(market).refused(call) == form.refused(signer.address)


# Not the signer's -----------------------------------------------------------------------------------


@BY_FORM
def test_signature__of_another_key__is_refused(market: Market, form: Form) -> None:
    signer = form.signer(market)
    words = form.words(market, signer.address)
    for other in (market.third, market.anybody, market.stage.spare):
        call = form.call(market, words, sign(other, form.domain(market), words))
        assert form.by(market).refused(call) == form.refused(signer.address)


@BY_FORM
def test_signature__of_the_zero_address__is_refused(market: Market, form: Form) -> None:
    """What recovers to nobody must not count as nobody's consent."""
    words = form.words(market, ZERO_ADDRESS)
    right = sign(form.signer(market), form.domain(market), words)
    before = everything(market)
    for signature in (right, bytes(65), bytes(64) + b"\x1b", b"\xff" * 64 + b"\x1b"):
        call = form.call(market, words, signature)
        assert form.by(market).refused(call) == form.refused(ZERO_ADDRESS)
    assert everything(market) == before


# Bent -----------------------------------------------------------------------------------------------


@BY_FORM
def test_signature__with_a_high_s__is_refused(market: Market, form: Form) -> None:
    """The same key's, by the arithmetic of the curve; but each signature shall have one form only."""
    signer = form.signer(market)
    words = form.words(market, signer.address)
    right = sign(signer, form.domain(market), words)
    call = form.call(market, words, with_high_s(right))
    assert form.by(market).refused(call) == form.refused(signer.address)
    assert with_high_s(with_high_s(right)) == right
    form.by(market).does(form.call(market, words, right))


@BY_FORM
def test_signature__with_another_v_or_zeros__is_refused(market: Market, form: Form) -> None:
    signer = form.signer(market)
    words = form.words(market, signer.address)
    right = sign(signer, form.domain(market), words)
    v, r, s = split(right)
    bent = [r + s + bytes([other]) for other in (0, 1, 26, 27 + 28 - v, 29, 255)]
    bent += [bytes(32) + s + bytes([v]), r + bytes(32) + bytes([v]), bytes(65)]
    for signature in bent:
        call = form.call(market, words, signature)
        assert form.by(market).refused(call) == form.refused(signer.address)


@pytest.mark.parametrize(
    "form", [form for form in FORMS if form.any_length], ids=lambda form: form.id
)
def test_signature__too_short_or_too_long__is_refused(market: Market, form: Form) -> None:
    """The short form of ERC-2098 is one of them: 64 bytes would be a second form of the same signature."""
    signer = form.signer(market)
    words = form.words(market, signer.address)
    right = sign(signer, form.domain(market), words)
    v, r, s = split(right)
    compact = r + (int.from_bytes(s, "big") | (v - 27) << 255).to_bytes(32, "big")
    for signature in (b"", b"\x00", right[:64], compact, right + b"\x00", right + right):
        call = form.call(market, words, signature)
        assert form.by(market).refused(call) == form.refused(signer.address)


# Contracts that do not sign ------------------------------------------------------------------------

SOURCE = (CONTRACTS / "mocks" / "Wallets.sol").read_text("utf-8")
FAULTS = re.findall(r"^    (\w+),? // (\d+)", SOURCE, re.MULTILINE)


def test_faults__in_the_source__are_numbered_from_zero() -> None:
    assert [int(number) for _, number in FAULTS] == list(range(8))


def broken_wallet(market: Market, number: int) -> Handle:
    """A verified holder of 20 units and of yen that allows everything and never signs."""
    stage = market.stage
    wallet = stage.at("BrokenWallet", stage.create("BrokenWallet", number))
    stage.restrictor.does(market.token("setVerdict", wallet.address, VERIFIED_UNTIL, RETAIL, False))
    market.buyer.does(market.token("transfer", wallet.address, 20))
    market.anybody.does(market.yen("mint", wallet.address, 10 * PRICE))
    for asset in (market.token, market.yen):
        allowed = asset("approve", market.settlement.address, UNLIMITED)
        market.anybody.does(wallet("perform", asset.address, allowed.data))
    return wallet


@pytest.mark.parametrize("number", [pytest.param(int(number), id=name) for name, number in FAULTS])
def test_signature__of_a_contract_that_does_not_sign__is_refused(
    market: Market, number: int
) -> None:
    wallet = broken_wallet(market, number)
    before = everything(market)
    for form in FORMS:
        words = form.words(market, wallet.address)
        for signer in (market.seller, market.anybody):
            signature = sign(signer, form.domain(market), words)
            call = form.call(market, words, signature)
            assert form.by(market).refused(call) == form.refused(wallet.address), form.id
    assert everything(market) == before
    assert wallet.ask("written") == 0
    assert market.stage.balance(wallet.address) == 20
