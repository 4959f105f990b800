"""A challenge is met by the key of its address and by nobody else.

given a challenge
├── when its address signs it in either form: the prover should be that address, with its public key
├── when another key signs it: the prover should be the other one
├── when any one of its facts differs: the signature should not be that address's
├── when it was signed in the other form: the signature should not be that address's
├── when v is written as 0 or 1: it should be read all the same
├── when the bytes are no signature, or its mirrored twin: there should be no prover
└── when the key is one that everybody owns: it should be refused where the chain is not for development
given another library
└── it should sign the same bytes, in both forms
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from coincurve import PublicKey as Point
from eth_account import Account
from eth_account.messages import encode_defunct, encode_typed_data

from genbo.chain.keys import KeySigner, development_key
from genbo.chain.networks import DEVELOPMENT_CHAIN_IDS
from genbo.chain.possession import (
    PossessionMessage,
    digest_of,
    domain_of,
    personal_message,
    prover_of,
)
from genbo.custody import Challenge, Deployment, Proof, ProofForm
from genbo.kernel import Address, Digest, Fault, InvestorId, ProductId, Reason

SECRET = b"\x07" * 32
SIGNER = KeySigner(SECRET)
OTHER = KeySigner(b"\x08" * 32)
PLATFORM = Address("0x000000000000000000000000000000000000dEaD")
ASKED = Challenge(
    nonce=Digest("0x" + "5a" * 32),
    deployment=Deployment(20_210_811, PLATFORM),
    product=ProductId("ST-0001"),
    investor=InvestorId("INV-7Q2M"),
    address=SIGNER.address,
    expires=datetime(2026, 11, 20, 6, tzinfo=UTC),
)
ORDER = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141

forms = pytest.mark.parametrize("form", ProofForm)


def signed(challenge: Challenge, form: ProofForm, by: KeySigner = SIGNER) -> Proof:
    return Proof(form=form, signature=by.sign_digest(digest_of(challenge, form)))


def prover(challenge: Challenge, proof: Proof) -> Address | None:
    found = prover_of(challenge, proof)
    return None if found is None else found.address


@forms
def test_prover__own_key__is_the_address_with_its_public_key(form: ProofForm) -> None:
    found = prover_of(ASKED, signed(ASKED, form))
    assert found is not None
    assert found.address == SIGNER.address
    assert found.key == Point.from_secret(SECRET).format()


@forms
def test_prover__another_key__is_the_other_one(form: ProofForm) -> None:
    assert prover(ASKED, signed(ASKED, form, OTHER)) == OTHER.address


@forms
@pytest.mark.parametrize(
    "change",
    [
        {"nonce": Digest("0x" + "5b" * 32)},
        {"deployment": Deployment(20_210_812, PLATFORM)},
        {"deployment": Deployment(20_210_811, OTHER.address)},
        {"product": ProductId("ST-0002")},
        {"investor": InvestorId("INV-7Q2N")},
        {"address": OTHER.address},
        {"expires": ASKED.expires + timedelta(seconds=1)},
    ],
    ids=lambda change: next(iter(change)),
)
def test_prover__one_fact_differs__is_not_the_address(
    form: ProofForm, change: dict[str, Any]
) -> None:
    assert prover(replace(ASKED, **change), signed(ASKED, form)) != SIGNER.address


@forms
def test_prover__signed_in_the_other_form__is_not_the_address(form: ProofForm) -> None:
    other = next(each for each in ProofForm if each is not form)
    proof = Proof(form=other, signature=signed(ASKED, form).signature)
    assert prover(ASKED, proof) != SIGNER.address


@forms
def test_prover__small_v__is_read_all_the_same(form: ProofForm) -> None:
    signature = signed(ASKED, form).signature
    small = signature[:64] + bytes([signature[64] - 27])
    assert prover(ASKED, Proof(form=form, signature=small)) == SIGNER.address


def _mirrored(signature: bytes) -> bytes:
    """The other signature over the same bytes, which the curve allows and the ledger does not."""
    s = ORDER - int.from_bytes(signature[32:64], "big")
    return signature[:32] + s.to_bytes(32, "big") + bytes([55 - signature[64]])


GOOD = signed(ASKED, ProofForm.TYPED_DATA).signature


@pytest.mark.parametrize(
    "signature",
    [
        b"",
        bytes(65),
        b"\xff" * 65,
        GOOD[:64],
        GOOD + b"\0",
        GOOD[:64] + b"\x05",
        GOOD[:64] + b"\x23",
        bytes(32) + GOOD[32:],
        _mirrored(GOOD),
    ],
)
def test_prover__no_signature__is_nobody(signature: bytes) -> None:
    assert prover(ASKED, Proof(form=ProofForm.TYPED_DATA, signature=signature)) is None


def test_mirrored__taken_by_a_library_that_does_not_mind__would_be_the_address() -> None:
    mirrored = _mirrored(GOOD)
    point = Point.from_signature_and_message(
        mirrored[:64] + bytes([mirrored[64] - 27]),
        digest_of(ASKED, ProofForm.TYPED_DATA),
        hasher=None,
    )
    assert point == Point.from_secret(SECRET)


def test_another_library__personal_message__signs_the_same_bytes() -> None:
    text = personal_message(ASKED)
    assert "2026-11-20T06:00:00Z" in text
    theirs = Account.sign_message(encode_defunct(text=text), SECRET)
    proof = Proof(form=ProofForm.PERSONAL_MESSAGE, signature=bytes(theirs.signature))
    assert prover(ASKED, proof) == SIGNER.address


def test_another_library__typed_data__signs_the_same_bytes() -> None:
    typed = PossessionMessage(ASKED).typed_data(domain_of(ASKED.deployment))
    theirs = Account.sign_message(encode_typed_data(full_message=typed), SECRET)
    proof = Proof(form=ProofForm.TYPED_DATA, signature=bytes(theirs.signature))
    assert prover(ASKED, proof) == SIGNER.address


def test_prover__key_that_everybody_owns__is_refused_outside_of_development() -> None:
    key = development_key(3)
    question = replace(ASKED, address=key.address)
    form = ProofForm.PERSONAL_MESSAGE
    with pytest.raises(Fault) as refused:
        prover_of(question, signed(question, form, key))
    assert refused.value.reason is Reason.DEVELOPMENT_KEY_REFUSED
    at_home = replace(question, deployment=Deployment(min(DEVELOPMENT_CHAIN_IDS), PLATFORM))
    assert prover(at_home, signed(at_home, form, key)) == key.address


def test_proof__shown__keeps_its_signature_to_itself() -> None:
    proof = signed(ASKED, ProofForm.TYPED_DATA)
    assert repr(proof.signature) not in repr(proof)
    assert proof.signature.hex() not in repr(proof)
