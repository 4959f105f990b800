"""What holders sign: EIP-712 typed data, its digest and the signature, computed without asking a chain.

A message is bound to one contract on one chain by its domain. Whoever signs computes the digest from the words it
read, never from an answer of somebody else's node; a test compares it with what the contracts compute.

    ERC-2612   Permit                                        an allowance
    ERC-3009   TransferAuthorisation, CancelAuthorisation    a transfer that somebody else sends; the nonce is the
                                                             trade's reference (取引ID)
    ours       TradeMessage, BatchMessage                    delivery versus payment (`contracts.settlement`)
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, ClassVar

from eth_abi.abi import encode as abi_encode
from eth_keys.constants import SECPK1_N
from eth_keys.datatypes import Signature
from eth_keys.exceptions import BadSignature
from eth_utils.crypto import keccak
from eth_utils.exceptions import ValidationError

from genbo.chain.contracts.settlement import NetBatch, Trade
from genbo.chain.hexes import address_of, hex_of
from genbo.chain.keys import Signer, refuse_development_key
from genbo.kernel import Address, Reference, to_bytes32

_DOMAIN_FIELDS = (
    ("name", "string"),
    ("version", "string"),
    ("chainId", "uint256"),
    ("verifyingContract", "address"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Domain:
    """The one contract on the one chain that a signature is for."""

    name: str
    version: str
    chain_id: int
    contract: Address

    @classmethod
    def of_token(cls, name: str, token: Address, *, chain_id: int) -> Domain:
        """A product's token; `name` is the product's, as the token tells it."""
        return cls(name=name, version="1", chain_id=chain_id, contract=token)

    @classmethod
    def of_settlement(cls, settlement: Address, *, chain_id: int) -> Domain:
        return cls(name="Genbo Settlement", version="1", chain_id=chain_id, contract=settlement)

    def separator(self) -> bytes:
        """The 32 bytes that the contract answers as `DOMAIN_SEPARATOR`."""
        return _separator(self)

    def as_fields(self) -> dict[str, Any]:
        """The domain as a wallet wants it."""
        return {
            name: value for (name, _), value in zip(_DOMAIN_FIELDS, self._values(), strict=True)
        }

    def _values(self) -> tuple[Any, ...]:
        return (self.name, self.version, self.chain_id, self.contract)


@lru_cache(maxsize=256)
def _separator(domain: Domain) -> bytes:
    return _hash_struct("EIP712Domain", _DOMAIN_FIELDS, domain._values())


class Message:
    """One struct of EIP-712. Each kind names its type, its fields and their values."""

    __slots__ = ()
    FIELDS: ClassVar[tuple[tuple[str, str], ...]]

    @property
    def primary_type(self) -> str:
        raise NotImplementedError

    def values(self) -> tuple[Any, ...]:
        """In the order of `FIELDS`."""
        raise NotImplementedError

    def digest(self, domain: Domain) -> bytes:
        """The 32 bytes that are signed."""
        struct = _hash_struct(self.primary_type, self.FIELDS, self.values())
        return keccak(b"\x19\x01" + domain.separator() + struct)

    def typed_data(self, domain: Domain) -> dict[str, Any]:
        """The whole message as JSON, as `eth_signTypedData_v4` takes it: a wallet can show what it signs."""
        return {
            "types": {
                "EIP712Domain": _named(_DOMAIN_FIELDS),
                self.primary_type: _named(self.FIELDS),
            },
            "primaryType": self.primary_type,
            "domain": domain.as_fields(),
            "message": {
                name: hex_of(value) if isinstance(value, bytes) else value
                for (name, _), value in zip(self.FIELDS, self.values(), strict=True)
            },
        }


def sign(message: Message, domain: Domain, signer: Signer) -> bytes:
    """65 bytes r, s, v.

    Raises:
        Fault: `development_key_refused`.
    """
    refuse_development_key(signer.address, domain.chain_id)
    return signer.sign_digest(message.digest(domain))


def signer_of(digest: bytes, signature: bytes) -> Address | None:
    """Whose key made the signature over the 32 bytes; None when the bytes are no signature at all.

    Of the two that anybody can make of one, with `s` and with the order of the curve less `s`, the larger is none: the
    contracts take the smaller alone, and what is accepted here must hold there.
    """
    try:
        parts = Signature(signature[:64] + bytes([signature[64] - 27]))
        if parts.s > SECPK1_N // 2:
            return None
        key = parts.recover_public_key_from_msg_hash(digest)
    except (BadSignature, ValidationError, IndexError, ValueError):
        return None
    return address_of(key.to_canonical_address())


# ERC-2612 -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Permit(Message):
    """An allowance."""

    owner: Address
    spender: Address
    value: int
    """Units, or yen; 2**256-1 means without limit."""
    nonce: int
    """The owner's next number, as the contract tells it."""
    deadline: int
    """The last UTC second at which it may be sent."""

    FIELDS: ClassVar[tuple[tuple[str, str], ...]] = (
        ("owner", "address"),
        ("spender", "address"),
        ("value", "uint256"),
        ("nonce", "uint256"),
        ("deadline", "uint256"),
    )

    @property
    def primary_type(self) -> str:
        return "Permit"

    def values(self) -> tuple[Any, ...]:
        return (self.owner, self.spender, self.value, self.nonce, self.deadline)


# ERC-3009 -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferAuthorisation(Message):
    """A transfer that somebody else sends for the holder."""

    source: Address
    target: Address
    units: int
    after: int
    """It may be sent after this UTC second."""
    before: int
    """It may be sent before this UTC second."""
    ref: Reference
    """取引ID: the authorisation is used once, and the movement carries it."""
    by_recipient: bool = False
    """True: only the recipient may send it (`receiveWithAuthorization`)."""

    FIELDS: ClassVar[tuple[tuple[str, str], ...]] = (
        ("from", "address"),
        ("to", "address"),
        ("value", "uint256"),
        ("validAfter", "uint256"),
        ("validBefore", "uint256"),
        ("nonce", "bytes32"),
    )

    @property
    def primary_type(self) -> str:
        return "ReceiveWithAuthorization" if self.by_recipient else "TransferWithAuthorization"

    def values(self) -> tuple[Any, ...]:
        ends = (self.source, self.target, self.units)
        return (*ends, self.after, self.before, to_bytes32(self.ref))


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelAuthorisation(Message):
    """Makes an authorisation that was not used yet void."""

    holder: Address
    ref: Reference

    FIELDS: ClassVar[tuple[tuple[str, str], ...]] = (
        ("authorizer", "address"),
        ("nonce", "bytes32"),
    )

    @property
    def primary_type(self) -> str:
        return "CancelAuthorization"

    def values(self) -> tuple[Any, ...]:
        return (self.holder, to_bytes32(self.ref))


# Settlement -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class TradeMessage(Message):
    """A trade, as seller and buyer both sign it."""

    trade: Trade

    FIELDS: ClassVar[tuple[tuple[str, str], ...]] = (
        ("tradeId", "bytes32"),
        ("token", "address"),
        ("seller", "address"),
        ("buyer", "address"),
        ("units", "uint256"),
        ("cash", "address"),
        ("amount", "uint256"),
        ("agent", "address"),
        ("nonce", "uint256"),
        ("deadline", "uint256"),
    )

    @property
    def primary_type(self) -> str:
        return "Trade"

    def values(self) -> tuple[Any, ...]:
        return self.trade.words()


@dataclass(frozen=True, slots=True)
class BatchMessage(Message):
    """A netted batch, as every participant signs it."""

    batch: NetBatch

    FIELDS: ClassVar[tuple[tuple[str, str], ...]] = (
        ("batchId", "bytes32"),
        ("token", "address"),
        ("cash", "address"),
        ("participants", "address[]"),
        ("units", "int256[]"),
        ("amounts", "int256[]"),
        ("nonce", "uint256"),
        ("deadline", "uint256"),
    )

    @property
    def primary_type(self) -> str:
        return "NetBatch"

    def values(self) -> tuple[Any, ...]:
        return self.batch.words()


# EIP-712 --------------------------------------------------------------------------------------------


def _named(fields: Sequence[tuple[str, str]]) -> list[dict[str, str]]:
    return [{"name": name, "type": kind} for name, kind in fields]


def _hash_struct(name: str, fields: Sequence[tuple[str, str]], values: Sequence[Any]) -> bytes:
    members = ",".join(f"{kind} {field}" for field, kind in fields)
    words = [keccak(text=f"{name}({members})")]
    words += [_word(kind, value) for (_, kind), value in zip(fields, values, strict=True)]
    return keccak(b"".join(words))


def _word(kind: str, value: Any) -> bytes:
    """One member as 32 bytes: text and lists by their hash, everything else as the ABI writes it."""
    if kind == "string":
        return keccak(text=value)
    if kind == "bytes":
        return keccak(value)
    if kind.endswith("[]"):
        return keccak(b"".join(_word(kind[:-2], each) for each in value))
    return abi_encode([kind], [value])
