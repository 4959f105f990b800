"""What the maker of a bulk act signs: EIP-712 typed data over the act with all of its rows.

One signature stands for the batches that the rows go out in, each of which is a command of its own. The rows are in
it by the SHA-256 of the body (`governance.job.Job.body_digest`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from genbo.chain.command_message import domain_of
from genbo.chain.hexes import bytes_of, hex_of
from genbo.chain.signing import Message
from genbo.governance import Job
from genbo.kernel import Address, Digest


@dataclass(frozen=True, slots=True, kw_only=True)
class JobMessage(Message):
    """A bulk act (一括処理), as its maker signs it."""

    job: Job
    maker: Address
    rows: int
    units: int
    body: Digest
    """Of the act with its rows."""

    FIELDS: ClassVar[tuple[tuple[str, str], ...]] = (
        ("job", "bytes16"),
        ("kind", "string"),
        ("maker", "address"),
        ("product", "string"),
        ("ref", "string"),
        ("rows", "uint256"),
        ("units", "uint256"),
        ("body", "bytes32"),
    )

    @property
    def primary_type(self) -> str:
        return "Job"

    def values(self) -> tuple[Any, ...]:
        job = self.job
        return (
            bytes.fromhex(job.id),
            job.kind.value,
            self.maker,
            job.product,
            job.ref or "",
            self.rows,
            self.units,
            bytes_of(self.body),
        )


def job_digest_of(message: JobMessage, platform: Address) -> Digest:
    """The EIP-712 hash that stands for the bulk act."""
    domain = domain_of(platform, chain_id=message.job.chain_id)
    return Digest(hex_of(message.digest(domain)))
