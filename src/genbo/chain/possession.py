"""Proof of possession (保有証明): an address signs a challenge, so its key is at hand.

Two forms over the same facts: a personal message (EIP-191), which every wallet shows as text, and typed data
(EIP-712). Both name chain and platform, product, pseudonym, address, challenge and expiry, so a proof is good for
nothing else. A contract account (ERC-1271) has no key to recover: only a node can ask it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from coincurve import PublicKey as Point
from eth_utils.crypto import keccak

from genbo.chain.extended_key import public_key_of
from genbo.chain.hexes import bytes_of
from genbo.chain.keys import refuse_development_key
from genbo.chain.signing import Domain, Message
from genbo.custody import Challenge, Deployment, Proof, ProofForm, PublicKey
from genbo.kernel import UTC

_LENGTH = 65
_HALF_ORDER = 0x7FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF5D576E7357A4501DDFE92F46681B20A0


@dataclass(frozen=True, slots=True)
class PossessionMessage(Message):
    """A challenge as typed data."""

    challenge: Challenge

    FIELDS: ClassVar[tuple[tuple[str, str], ...]] = (
        ("product", "string"),
        ("investor", "string"),
        ("account", "address"),
        ("challenge", "bytes32"),
        ("expires", "uint256"),
    )

    @property
    def primary_type(self) -> str:
        return "Possession"

    def values(self) -> tuple[Any, ...]:
        asked = self.challenge
        return (
            asked.product,
            asked.investor,
            asked.address,
            bytes_of(asked.nonce),
            int(asked.expires.timestamp()),
        )


def domain_of(deployment: Deployment) -> Domain:
    """The deployment whose addresses are proved."""
    return Domain(
        name="Genbo Possession",
        version="1",
        chain_id=deployment.chain_id,
        contract=deployment.platform,
    )


def personal_message(challenge: Challenge) -> str:
    """A challenge as the text that a wallet shows."""
    expires = challenge.expires.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return "\n".join(
        (
            "Genbo: I hold the key of this address. This signature moves nothing.",
            f"Chain: {challenge.deployment.chain_id}",
            f"Platform: {challenge.deployment.platform}",
            f"Product: {challenge.product}",
            f"Investor: {challenge.investor}",
            f"Address: {challenge.address}",
            f"Challenge: {challenge.nonce}",
            f"Expires: {expires}",
        )
    )


def digest_of(challenge: Challenge, form: ProofForm) -> bytes:
    """The 32 bytes that are signed."""
    if form is ProofForm.TYPED_DATA:
        return PossessionMessage(challenge).digest(domain_of(challenge.deployment))
    text = personal_message(challenge).encode()
    return keccak(b"\x19Ethereum Signed Message:\n" + str(len(text)).encode() + text)


def prover_of(challenge: Challenge, proof: Proof) -> PublicKey | None:
    """Whose key signed exactly this challenge; None when the bytes are no signature.

    Implements `custody.PossessionCheck`. Wallets write v as 27 and 28 or as 0 and 1; both are read. The upper half of
    s is refused as on the ledger, so a signature has one form.

    Raises:
        Fault: `development_key_refused` for a key that everybody owns, on a chain that is not for development.
    """
    signature = proof.signature
    if len(signature) != _LENGTH or int.from_bytes(signature[32:64], "big") > _HALF_ORDER:
        return None
    v = signature[64]
    v = v - 27 if v >= 27 else v
    if v not in (0, 1):
        return None
    digest = digest_of(challenge, proof.form)
    try:
        point = Point.from_signature_and_message(signature[:64] + bytes([v]), digest, hasher=None)
    except Exception:  # coincurve raises a bare Exception when nothing can be recovered
        return None
    public = public_key_of(point)
    refuse_development_key(public.address, challenge.deployment.chain_id)
    return public
