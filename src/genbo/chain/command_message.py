"""What the maker and the approvers of a command sign: EIP-712 typed data over its exact content.

The message holds the bytes of the call themselves, so a wallet shows what is approved, and an auditor who has the
message and a signature needs no database of ours to see who approved what. It is bound to one deployment by its
platform's address.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from genbo.chain.hexes import ZERO_ADDRESS, bytes_of, hex_of
from genbo.chain.keys import Signer
from genbo.chain.signing import Domain, Message, sign
from genbo.governance import Command, Signed
from genbo.kernel import Address, Digest

_NOTHING = bytes(32)


@dataclass(frozen=True, slots=True)
class CommandMessage(Message):
    """A command (指図), as its maker and its approvers sign it."""

    command: Command

    FIELDS: ClassVar[tuple[tuple[str, str], ...]] = (
        ("command", "bytes16"),
        ("what", "string"),
        ("maker", "address"),
        ("account", "address"),
        ("duty", "string"),
        ("to", "address"),
        ("data", "bytes"),
        ("product", "string"),
        ("ref", "string"),
        ("evidence", "bytes32"),
    )

    @property
    def primary_type(self) -> str:
        return "Command"

    def values(self) -> tuple[Any, ...]:
        command = self.command
        return (
            bytes.fromhex(command.id),
            command.what,
            command.maker_account,
            command.account,
            "" if command.duty is None else command.duty.name,
            command.to or ZERO_ADDRESS,
            command.data,
            command.product or "",
            command.ref or "",
            _NOTHING if command.evidence is None else bytes_of(command.evidence),
        )


def domain_of(platform: Address, *, chain_id: int) -> Domain:
    """The deployment whose commands are signed."""
    return Domain(name="Genbo Command", version="1", chain_id=chain_id, contract=platform)


def digest_of(command: Command, platform: Address) -> Digest:
    """The EIP-712 hash that stands for the command."""
    domain = domain_of(platform, chain_id=command.chain_id)
    return Digest(hex_of(CommandMessage(command).digest(domain)))


def sign_command(
    command: Command, platform: Address, *, name: str, signer: Signer, at: datetime
) -> Signed:
    """`name`'s signature over exactly this command.

    Raises:
        Fault: `development_key_refused`.
    """
    domain = domain_of(platform, chain_id=command.chain_id)
    signature = sign(CommandMessage(command), domain, signer)
    return Signed(name=name, account=signer.address, signature=signature, at=at)
