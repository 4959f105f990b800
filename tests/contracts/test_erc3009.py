"""ERC-3009, clause by clause; the nonce is the trade's reference. Outcomes: erc3009.tree.

Every kind of bad signature: signatures.tree.
"""

from __future__ import annotations

from typing import Any

import pytest
from eth_utils import keccak
from tests.contracts.actors import Person
from tests.contracts.handle import error, event
from tests.contracts.stage import Stage, ref
from tests.contracts.typed import STRUCTS, Words, sign, split, token_domain

from genbo.chain.call import Call

LATER = 3_600
TRADE = ref("TRADE-1")
TRANSFER, RECEIVE = "TransferWithAuthorization", "ReceiveWithAuthorization"
WORDS = "address,address,uint256,uint256,uint256,bytes32"
BY_FORM = pytest.mark.parametrize("form", ["parts", "bytes"])
BY_KIND = pytest.mark.parametrize("kind", [TRANSFER, RECEIVE])


def sent(
    stage: Stage, words: Words, signer: Person, form: str = "bytes", signed: Words | None = None
) -> Call:
    """The authorisation or its cancellation, with that person's signature over it, or over other words."""
    name = words.struct[0].lower() + words.struct[1:]
    types = "address,bytes32" if words.struct == "CancelAuthorization" else WORDS
    signature = sign(signer, token_domain(stage), signed or words)
    if form == "bytes":
        return stage.token(f"{name}({types},bytes)", *words.values, signature)
    return stage.token(f"{name}({types},uint8,bytes32,bytes32)", *words.values, *split(signature))


def authorised(stage: Stage, kind: str = TRANSFER, **changed: Any) -> Words:
    """Bob gives corp seven units, within an hour."""
    values = (stage.bob.address, stage.corp.address, 7, 0, stage.now + LATER, TRADE)
    return Words(kind, values).with_(**changed)


def is_used(stage: Stage, holder: Person, nonce: bytes = TRADE) -> bool:
    return bool(stage.token.ask("authorizationState", holder.address, nonce))


# The interface --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("struct", "expected"),
    [
        (TRANSFER, "7c7c6cdb67a18743f49ec6fa9b35f50d52ed05cbed4cc592e13b44501c1a2267"),
        (RECEIVE, "d099cc98ef71107a616c4f0f941f04c322d8e254fe26b3c6668db87aae413de8"),
        (
            "CancelAuthorization",
            "158b0a9edf7a828aad02f63cd515c68ef2f50ba807396f6d12842833a1597429",
        ),
    ],
)
def test_structs__hash_as_the_standard_says(struct: str, expected: str) -> None:
    """So that what these tests sign, and the token accepts, is what every other wallet signs."""
    assert keccak(text=f"{struct}({STRUCTS[struct]})").hex() == expected


# Transfers ------------------------------------------------------------------------------------------


@BY_FORM
@BY_KIND
def test_authorisation__moves_fires_and_remembers(
    stage: Stage, bob: Person, corp: Person, kind: str, form: str
) -> None:
    """MUST fire AuthorizationUsed; the movement carries the nonce as its reference."""
    words = authorised(stage, kind)
    assert not is_used(stage, bob)
    assert corp.does(sent(stage, words, bob, form)) == [
        event("AuthorizationUsed", bob.address, TRADE),
        event("TransferReference", TRADE),
        event("Transfer", bob.address, corp.address, 7),
    ]
    assert (stage.balance(bob), stage.balance(corp)) == (44, 407)
    assert is_used(stage, bob)


@BY_FORM
def test_authorisation__is_sent_by_anybody(
    stage: Stage, bob: Person, stranger: Person, form: str
) -> None:
    stranger.does(sent(stage, authorised(stage), bob, form))
    assert stage.balance(bob) == 44


@BY_FORM
@pytest.mark.parametrize("by", ["bob", "stranger", "issuer", "repairer"])
def test_receive__not_by_the_recipient__is_refused(
    stage: Stage, bob: Person, corp: Person, by: str, form: str
) -> None:
    """MUST: nobody, not even who signed, can run ahead of the recipient."""
    who = getattr(stage, by)
    call = sent(stage, authorised(stage, RECEIVE), bob, form)
    assert who.refused(call) == error("AuthorizationCallerNotRecipient", who.address, corp.address)
    assert not is_used(stage, bob)


@BY_KIND
def test_authorisation__until_its_time__is_refused(
    stage: Stage, bob: Person, corp: Person, kind: str
) -> None:
    """Valid after that second, not in it."""
    after = stage.now + 100
    call = sent(stage, authorised(stage, kind, validAfter=after), bob)
    assert corp.refused(call) == error("AuthorizationNotYetValid", after)
    stage.advance_to(after - 1)  # the next act would happen at that second
    assert corp.refused(call) == error("AuthorizationNotYetValid", after)
    stage.next_block_at(after + 1)
    corp.does(call)
    assert stage.now == after + 1


@BY_KIND
def test_authorisation__from_its_end__is_refused(
    stage: Stage, bob: Person, corp: Person, kind: str
) -> None:
    """Valid before that second, not in it."""
    before = stage.now + 100
    call = sent(stage, authorised(stage, kind, validBefore=before), bob)
    last = sent(stage, authorised(stage, kind, validBefore=before, nonce=ref("T-2")), bob)
    stage.next_block_at(before - 1)
    corp.does(last)
    assert stage.now == before - 1
    assert corp.refused(call) == error("AuthorizationExpired", before)


@BY_KIND
def test_authorisation__a_second_time__is_refused(
    stage: Stage, bob: Person, corp: Person, kind: str
) -> None:
    """Whatever the form: the nonce is void for both, and for other words under it."""
    corp.does(sent(stage, authorised(stage, kind), bob))
    refused = error("AuthorizationUsedOrCanceled", bob.address, TRADE)
    for again in (TRANSFER, RECEIVE):
        for units in (7, 8):
            for form in ("parts", "bytes"):
                call = sent(stage, authorised(stage, again, value=units), bob, form)
                assert corp.refused(call) == refused
    assert stage.balance(bob) == 44


def test_authorisations__in_any_order__are_taken(stage: Stage, bob: Person, corp: Person) -> None:
    """Nonces are not a count: all of them can be signed at once and sent in any order, or never."""
    calls = [sent(stage, authorised(stage, nonce=ref(f"T-{n}")), bob) for n in range(5)]
    for at in (3, 0, 4, 1):
        corp.does(calls[at])
    assert [is_used(stage, bob, ref(f"T-{n}")) for n in range(5)] == [True, True, False, True, True]
    assert stage.balance(bob) == 51 - 4 * 7


def test_nonces__are_each_holders_own(stage: Stage, bob: Person, corp: Person) -> None:
    corp.does(sent(stage, authorised(stage), bob))
    words = authorised(stage).with_(**{"from": corp.address, "to": bob.address})
    bob.does(sent(stage, words, corp))
    assert (stage.balance(bob), is_used(stage, bob), is_used(stage, corp)) == (51, True, True)


def test_authorisation__with_the_nonce_zero__is_refused(
    stage: Stage, bob: Person, corp: Person
) -> None:
    """The nonce is the trade's reference, and a trade has one."""
    call = sent(stage, authorised(stage, nonce=bytes(32)), bob)
    assert corp.refused(call) == error("TokenReferenceMissing")


@pytest.mark.parametrize(("kind", "other"), [(TRANSFER, RECEIVE), (RECEIVE, TRANSFER)])
def test_authorisation__signed_for_the_other_form__is_refused(
    stage: Stage, bob: Person, corp: Person, kind: str, other: str
) -> None:
    """Else whoever sees a recipient's authorisation could send it as the open form."""
    call = sent(stage, authorised(stage, kind), bob, signed=authorised(stage, other))
    assert corp.refused(call) == error("SignatureInvalid", bob.address)


@pytest.mark.parametrize("member", ["from", "to", "value", "validAfter", "validBefore", "nonce"])
def test_authorisation__of_other_words_than_were_signed__is_refused(
    stage: Stage, bob: Person, ann: Person, corp: Person, member: str
) -> None:
    words = authorised(stage)
    changed = {
        "from": ann.address,
        "to": ann.address,
        "value": 8,
        "validAfter": 1,
        "validBefore": words.values[4] + 1,
        "nonce": ref("T-2"),
    }
    sent_words = words.with_(**{member: changed[member]})
    call = sent(stage, sent_words, bob, signed=words)
    assert corp.refused(call) == error("SignatureInvalid", sent_words.values[0])


def test_authorisation__of_a_transfer_that_is_refused__leaves_the_nonce(
    stage: Stage, bob: Person, corp: Person, restrictor: Person
) -> None:
    """Every question of a transfer is asked; when the reason is gone the same signature is worth what it was."""
    call = sent(stage, authorised(stage), bob)
    restrictor.does(stage.token("setFrozenTokens", bob.address, 45))
    assert corp.refused(call) == error("ERC7943InsufficientUnfrozenBalance", bob.address, 7, 6)
    stage.releaser.does(stage.token("setFrozenTokens", bob.address, 0))
    stage.market_operator.does(stage.platform("closeMarket"))
    assert corp.refused(call) == error("TokenMarketClosed")
    stage.market_operator.does(stage.platform("openMarket"))
    assert not is_used(stage, bob)
    corp.does(call)
    assert is_used(stage, bob)


def test_authorisation__to_somebody_unverified__is_refused(stage: Stage, bob: Person) -> None:
    for kind in (TRANSFER, RECEIVE):
        words = authorised(stage, kind).with_(to=stage.spare.address)
        assert stage.spare.refused(sent(stage, words, bob)) == error(
            "TokenUnverified", stage.spare.address
        )


# Cancelling -----------------------------------------------------------------------------------------


def cancelled(stage: Stage, nonce: bytes = TRADE) -> Words:
    return Words("CancelAuthorization", (stage.bob.address, nonce))


@BY_FORM
def test_cancel__voids_the_nonce(
    stage: Stage, bob: Person, corp: Person, stranger: Person, form: str
) -> None:
    """MUST fire AuthorizationCanceled. Sent by anybody, signed by the holder."""
    assert stranger.does(sent(stage, cancelled(stage), bob, form)) == [
        event("AuthorizationCanceled", bob.address, TRADE)
    ]
    assert is_used(stage, bob)
    for kind in (TRANSFER, RECEIVE):
        assert corp.refused(sent(stage, authorised(stage, kind), bob)) == error(
            "AuthorizationUsedOrCanceled", bob.address, TRADE
        )
    corp.does(sent(stage, authorised(stage, nonce=ref("T-2")), bob))


@BY_FORM
def test_cancel__what_was_used_or_cancelled__is_refused(
    stage: Stage, bob: Person, corp: Person, form: str
) -> None:
    corp.does(sent(stage, authorised(stage), bob))
    corp.does(sent(stage, cancelled(stage, ref("T-2")), bob))
    for nonce in (TRADE, ref("T-2")):
        assert corp.refused(sent(stage, cancelled(stage, nonce), bob, form)) == error(
            "AuthorizationUsedOrCanceled", bob.address, nonce
        )


@BY_FORM
def test_cancel__not_by_the_holders_signature__is_refused(
    stage: Stage, bob: Person, corp: Person, form: str
) -> None:
    """Neither the recipient's, nor the holder's under a transfer of the same nonce."""
    refused = error("SignatureInvalid", bob.address)
    assert corp.refused(sent(stage, cancelled(stage), corp, form)) == refused
    call = sent(stage, cancelled(stage), bob, form, signed=authorised(stage))
    assert corp.refused(call) == refused
    assert not is_used(stage, bob)


def test_transfer__by_the_signature_of_a_cancellation__is_refused(
    stage: Stage, bob: Person, corp: Person
) -> None:
    call = sent(stage, authorised(stage), bob, signed=cancelled(stage))
    assert corp.refused(call) == error("SignatureInvalid", bob.address)
