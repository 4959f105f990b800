"""What signs a balance certificate (残高証明書): EIP-712 typed data over the SHA-256 of its document.

The words beside the digest are those that a wallet shows to whoever signs; each of them stands in the document too.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from genbo.chain.hexes import bytes_of
from genbo.chain.signing import Domain, Message
from genbo.kernel import Address
from genbo.reporting.balance_certificate import BalanceCertificate, digest_of


@dataclass(frozen=True, slots=True)
class CertificateMessage(Message):
    """A certificate as typed data."""

    certificate: BalanceCertificate

    FIELDS: ClassVar[tuple[tuple[str, str], ...]] = (
        ("custodian", "string"),
        ("broker", "string"),
        ("product", "string"),
        ("asOf", "string"),
        ("block", "uint256"),
        ("blockHash", "bytes32"),
        ("units", "uint256"),
        ("document", "bytes32"),
    )

    @property
    def primary_type(self) -> str:
        return "BalanceCertificate"

    def values(self) -> tuple[Any, ...]:
        said = self.certificate
        return (
            said.custodian,
            said.broker,
            said.product,
            said.as_of,
            said.block.number,
            bytes.fromhex(said.block.hash[2:]),
            said.total,
            bytes_of(digest_of(said.content())),
        )


def domain_of(platform: Address, *, chain_id: int) -> Domain:
    """The deployment whose register is certified."""
    return Domain(
        name="Genbo Balance Certificate", version="1", chain_id=chain_id, contract=platform
    )
