"""Balance certificates (残高証明書): what a custodian keeps for one broker's customers at an instant (R-JVCEA-19).

Its content is JSON in one form: members in the order of their names, no space, UTF-8, whole numbers of units as text.
The same holdings at the same instant are the same bytes, whoever makes them and whenever; a key of the custodian signs
their digest, so whoever has bytes and signature needs nobody else to check them (`genbo_sdk`).
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from genbo.governance.institutions import InstitutionId
from genbo.kernel import UTC, Address, BlockStamp, Digest, InvestorId, ProductId, Units

FORMAT = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class CertifiedLine:
    """What stands at one address of a customer."""

    investor: InvestorId
    address: Address
    units: Units


@dataclass(frozen=True, slots=True, kw_only=True)
class BalanceCertificate:
    """What is certified. Nobody has signed it yet."""

    custodian: InstitutionId
    broker: InstitutionId
    product: ProductId
    token: Address
    platform: Address
    as_of: str
    """Up to when everything counts: `2026-05-07T15:00:00Z`, the end of that day in Japan; or `block:1200`."""
    block: BlockStamp
    """The last block that counts."""
    lines: Sequence[CertifiedLine]
    """Whoever holds something, by investor and address."""

    @property
    def total(self) -> int:
        """Units of all lines."""
        return sum(each.units for each in self.lines)

    def content(self) -> bytes:
        """The document, in its one form."""
        document = {
            "as_of": self.as_of,
            "block": {
                "at": instant(self.block.at),
                "chain_id": self.block.chain_id,
                "hash": self.block.hash,
                "number": self.block.number,
            },
            "broker": self.broker,
            "custodian": self.custodian,
            "format": FORMAT,
            "kind": "balance_certificate",
            "lines": [
                {"address": each.address, "investor": each.investor, "units": str(each.units)}
                for each in sorted(self.lines, key=lambda it: (it.investor, it.address))
            ],
            "platform": self.platform,
            "product": self.product,
            "token": self.token,
            "total": str(self.total),
        }
        return json.dumps(
            document, sort_keys=True, separators=(",", ":"), ensure_ascii=False
        ).encode()


def digest_of(content: bytes) -> Digest:
    """SHA-256 of a document."""
    return Digest("0x" + hashlib.sha256(content).hexdigest())


def id_of(digest: Digest) -> str:
    """The id of the certificate whose document has that digest."""
    return f"BC-{digest[2:26]}"


def instant(at: datetime) -> str:
    """An instant as a certificate writes it: UTC, with fractions of a second where there are any."""
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")
