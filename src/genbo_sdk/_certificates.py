"""Balance certificates (残高証明書): checked here, without asking anybody, and signed by a custodian's own key.

a certificate
├── when its document is no such document, or is not in its one form: refused
├── when it is of another ledger or registry than ours: refused
├── when nobody whom we know as a key of the custodian signed exactly it: refused
└── otherwise what it says holds as of its instant, whatever the registry says later
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from genbo_sdk._errors import CertificateRefused, SigningRefused
from genbo_sdk._signing import require
from genbo_sdk._typed_data import TypedData, balance_certificate

if TYPE_CHECKING:
    from genbo_sdk._models import BalanceCertificate, CertificateToSign
    from genbo_sdk._signing import Signer

_FORMAT = 1
_KIND = "balance_certificate"


@dataclass(frozen=True, slots=True, kw_only=True)
class CertifiedBalance:
    """What stands at one address of a customer."""

    investor: str
    address: str
    units: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CertifiedBalances:
    """What a custodian certifies."""

    custodian: str
    broker: str
    product: str
    token: str
    """Address of the product's token."""
    as_of: str
    """The instant up to which everything counts, such as `2026-05-07T15:00:00Z`, or `block:1200`."""
    block: int
    """The last block that counts."""
    block_hash: str
    block_at: datetime
    lines: tuple[CertifiedBalance, ...]
    signer: str | None
    """Whose signature it is; None before it is signed."""
    document: bytes = field(repr=False)
    """What was signed, to be kept with the signature."""

    @property
    def units(self) -> Mapping[str, int]:
        """Investor to units, over all addresses."""
        found: dict[str, int] = {}
        for each in self.lines:
            found[each.investor] = found.get(each.investor, 0) + each.units
        return found


def verify_balance_certificate(
    certificate: BalanceCertificate, *, signers: Collection[str], chain_id: int, platform: str
) -> CertifiedBalances:
    """What the certificate says, once it is shown that a key of the custodian signed exactly that. Nobody is asked.
    Needs `genbo[signing]`.

    Args:
        signers: addresses of the custodian's keys, as the custodian told them: not from the registry.
        chain_id, platform: which ledger and which registry, from one's own records.

    Raises:
        CertificateRefused: as the tree above.
    """
    content = certificate.document.encode()
    told, wanted = _read(content, chain_id=chain_id, platform=platform)
    signer = _signer_of(wanted, certificate.signature)
    if signer is None or signer.lower() not in {each.lower() for each in signers}:
        raise CertificateRefused("it is not signed by a key of the custodian")
    return _balances(told, content, signer)


def sign_balance_certificate(
    signer: Signer,
    prepared: CertificateToSign,
    *,
    chain_id: int,
    platform: str,
    custodian: str,
    broker: str,
    product: str,
    expected: Mapping[str, int],
) -> str:
    """The signature of a custodian's key over a balance certificate (EIP-712).

    Args:
        prepared: as the registry prepared it; what is signed is made here, from its document.
        expected: investor to units, from the custodian's own books: whoever has none is left out.

    Raises:
        SigningRefused: it says something else than the custodian's books, in any place.
    """
    content = prepared.document.encode()
    try:
        told, wanted = _read(content, chain_id=chain_id, platform=platform)
        said = _balances(told, content, None)
    except CertificateRefused as refused:
        raise SigningRefused(str(refused)) from None
    if (said.custodian, said.broker, said.product) != (custodian, broker, product):
        raise SigningRefused("it is about other firms, or another product")
    if dict(said.units) != {name: units for name, units in expected.items() if units}:
        raise SigningRefused("it has other balances than the custodian's books")
    require(signer, signer.address, prepared.sign.typed_data, wanted)
    return signer.sign_typed_data(wanted)


# Inside ----------------------------------------------------------------------------------------------


def _read(content: bytes, *, chain_id: int, platform: str) -> tuple[Mapping[str, Any], TypedData]:
    """The document, and what its signer signs."""
    try:
        told = json.loads(content)
        same = json.dumps(told, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        if same.encode() != content or (told["kind"], told["format"]) != (_KIND, _FORMAT):
            raise ValueError
        total = sum(int(each["units"]) for each in told["lines"])
        if total != int(told["total"]):
            raise ValueError
        digest = hashlib.sha256(content).digest()
        wanted = balance_certificate(told, digest, chain_id=chain_id, platform=platform)
        ledger = (int(told["block"]["chain_id"]), str(told["platform"]).lower())
    except (KeyError, TypeError, ValueError, RecursionError):
        raise CertificateRefused("it is no balance certificate in its one form") from None
    if ledger != (chain_id, platform.lower()):
        raise CertificateRefused("it is of another ledger, or of another registry")
    return told, wanted


def _balances(told: Mapping[str, Any], content: bytes, signer: str | None) -> CertifiedBalances:
    try:
        block = told["block"]
        return CertifiedBalances(
            custodian=told["custodian"],
            broker=told["broker"],
            product=told["product"],
            token=told["token"],
            as_of=told["as_of"],
            block=block["number"],
            block_hash=block["hash"],
            block_at=datetime.fromisoformat(block["at"]),
            lines=tuple(
                CertifiedBalance(
                    investor=each["investor"], address=each["address"], units=int(each["units"])
                )
                for each in told["lines"]
            ),
            signer=signer,
            document=content,
        )
    except (KeyError, TypeError, ValueError):
        raise CertificateRefused("it is no balance certificate in its one form") from None


def _signer_of(message: TypedData, signature: str) -> str | None:
    from eth_account import Account
    from eth_account.messages import encode_typed_data

    try:
        signed = encode_typed_data(full_message=message)
        return str(Account.recover_message(signed, signature=bytes.fromhex(signature[2:])))
    except Exception:  # whatever a library finds wrong with it: it is nobody's signature
        return None
