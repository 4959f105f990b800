"""Typed data as a wallet signs it (EIP-712): through a library of others, not through the service's own code.

So a mistake shared by the contracts and the service cannot pass for a conformance.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from eth_account.messages import encode_typed_data
from eth_utils import keccak
from tests.contracts.actors import Person
from tests.contracts.handle import Handle
from tests.contracts.stage import Stage

CURVE_ORDER = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141

STRUCTS: Mapping[str, str] = {
    "EIP712Domain": "string name,string version,uint256 chainId,address verifyingContract",
    "Permit": "address owner,address spender,uint256 value,uint256 nonce,uint256 deadline",
    "TransferWithAuthorization": (
        "address from,address to,uint256 value,uint256 validAfter,uint256 validBefore,bytes32 nonce"
    ),
    "ReceiveWithAuthorization": (
        "address from,address to,uint256 value,uint256 validAfter,uint256 validBefore,bytes32 nonce"
    ),
    "CancelAuthorization": "address authorizer,bytes32 nonce",
    "Trade": (
        "bytes32 tradeId,address token,address seller,address buyer,uint256 units,address cash,"
        "uint256 amount,address agent,uint256 nonce,uint256 deadline"
    ),
    "NetBatch": (
        "bytes32 batchId,address token,address cash,address[] participants,int256[] units,"
        "int256[] amounts,uint256 nonce,uint256 deadline"
    ),
}
"""Every struct that somebody signs, as the standards and `ISettlement` have them."""


@dataclass(frozen=True)
class Domain:
    """The one contract on the one chain that a signature is for."""

    name: str
    version: str
    chain_id: int
    contract: str

    def but(self, **changed: Any) -> Domain:
        """Another domain, that differs in these."""
        return replace(self, **changed)


@dataclass(frozen=True)
class Words:
    """What is signed: a struct and its members, in order."""

    struct: str
    values: tuple[Any, ...]

    def with_(self, **changed: Any) -> Words:
        """The same with other members."""
        found = dict(zip(self.members, self.values, strict=True))
        assert changed.keys() <= found.keys(), changed
        return Words(self.struct, tuple((found | changed).values()))

    @property
    def members(self) -> list[str]:
        return [member["name"] for member in _members(self.struct)]


def token_domain(stage: Stage, token: Handle | None = None) -> Domain:
    """The domain of a product's token: its name, version 1, this chain."""
    token = token or stage.token
    return Domain(token.ask("name"), "1", stage.node.chain_id, token.address)


def digest(domain: Domain, words: Words) -> bytes:
    """The 32 bytes that are signed."""
    message = encode_typed_data(
        full_message={
            "types": {name: _members(name) for name in ("EIP712Domain", words.struct)},
            "primaryType": words.struct,
            "domain": {
                "name": domain.name,
                "version": domain.version,
                "chainId": domain.chain_id,
                "verifyingContract": domain.contract,
            },
            "message": dict(zip(words.members, words.values, strict=True)),
        }
    )
    return keccak(b"\x19" + message.version + message.header + message.body)


def sign(who: Person, domain: Domain, words: Words) -> bytes:
    """65 bytes r, s, v of that person's key."""
    return who.signer.sign_digest(digest(domain, words))


def split(signature: bytes) -> tuple[int, bytes, bytes]:
    """v, r, s: the order in which the standards' functions take them."""
    return signature[64], signature[:32], signature[32:64]


def with_high_s(signature: bytes) -> bytes:
    """The other signature of the same key over the same words, which everybody can compute."""
    v, r, s = split(signature)
    mirrored = CURVE_ORDER - int.from_bytes(s, "big")
    return r + mirrored.to_bytes(32, "big") + bytes([27 + 28 - v])


def _members(struct: str) -> list[dict[str, str]]:
    pairs = (member.split(" ") for member in STRUCTS[struct].split(","))
    return [{"type": kind, "name": name} for kind, name in pairs]
