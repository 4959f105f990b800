"""Keys of two investors: created below a published tree, proved, registered."""

from __future__ import annotations

import csv
from datetime import UTC, datetime, timedelta
from pathlib import Path

from genbo.chain.extended_key import ExtendedKey
from genbo.chain.keys import KeySigner
from genbo.chain.possession import digest_of, prover_of
from genbo.compliance.eligibility import Verdict
from genbo.custody import (
    Challenge,
    Deployment,
    Key,
    Proof,
    ProofForm,
    challenge,
    create,
    prove,
    register,
)
from genbo.custody.memory import KeysInMemory
from genbo.kernel import Address, Digest, InvestorId, ProductId, Reference
from genbo.token import Act, InvestorClass

with (Path(__file__).parents[1] / "data" / "bip32_public_vectors.csv").open() as file:
    TREE = ExtendedKey.parse(next(csv.DictReader(file))["child"])
NOW = datetime(2026, 4, 1, 1, tzinfo=UTC)


class ChallengesInMemory:
    """The challenges that were met, by the same promise as those in a database."""

    def __init__(self) -> None:
        self._met: dict[Digest, datetime] = {}

    def spend(self, challenge: Challenge, *, at: datetime) -> bool:
        if challenge.nonce in self._met:
            return False
        self._met[challenge.nonce] = at
        return True


PRODUCT, OTHER_PRODUCT = ProductId("ST-0001"), ProductId("ST-0002")
ANNE, BORIS = InvestorId("INV-ANNE"), InvestorId("INV-BORIS")
CUSTODIAN = "CUST-01"
SIGNER, OTHER = KeySigner(b"\x07" * 32), KeySigner(b"\x08" * 32)
DEPLOYMENT = Deployment(20_210_811, Address("0x000000000000000000000000000000000000dEaD"))
GENERAL = next(each for each in InvestorClass if each is not InvestorClass.UNCLASSIFIED)
PERMITTED = frozenset({GENERAL})
POSITIVE = Verdict(until=NOW + timedelta(days=365), investor_class=GENERAL)
ACT = Act(ref=Reference("REKEY-1"), evidence=Digest("0x" + "ee" * 32))


def created(
    keys: KeysInMemory,
    investor: InvestorId = ANNE,
    product: ProductId = PRODUCT,
    gap_limit: int = 20,
) -> Key:
    return create(
        investor=investor,
        product=product,
        custodian=CUSTODIAN,
        tree=TREE,
        keys=keys,
        at=NOW,
        gap_limit=gap_limit,
    )


def registered(
    keys: KeysInMemory, key: Key, verdict: Verdict | None = POSITIVE, at: datetime = NOW
) -> Key:
    return register(
        address=key.address, verdict=verdict, permitted_classes=PERMITTED, keys=keys, at=at
    )


def asked(keys: KeysInMemory, address: Address = SIGNER.address, nonce: str = "5a") -> Challenge:
    return challenge(
        nonce=Digest("0x" + nonce * 32),
        deployment=DEPLOYMENT,
        product=PRODUCT,
        investor=ANNE,
        address=address,
        keys=keys,
        at=NOW,
        lasts=timedelta(minutes=10),
    )


def met(
    keys: KeysInMemory,
    challenges: ChallengesInMemory,
    question: Challenge,
    by: KeySigner = SIGNER,
    at: datetime = NOW,
) -> Key:
    form = ProofForm.PERSONAL_MESSAGE
    return prove(
        challenge=question,
        proof=Proof(form=form, signature=by.sign_digest(digest_of(question, form))),
        custodian=CUSTODIAN,
        check=prover_of,
        challenges=challenges,
        keys=keys,
        at=at,
    )
