"""What is signed, in words: EIP-712 messages and calls of a token, made from what the signer wants.

Nothing here comes from an answer of the registry. What the registry prepared is compared with it, byte for byte.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

TypedData: TypeAlias = dict[str, Any]
"""As `eth_signTypedData_v4` takes it."""

TRANSFER: Final = bytes.fromhex("a9059cbb")
"""transfer(address,uint256)"""
TRANSFER_WITH_REFERENCE: Final = bytes.fromhex("e2233eb8")
"""transferWithReference(address,uint256,bytes32)"""

_REFERENCE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:/-]{0,31}")
_ADDRESS = re.compile(r"0x[0-9a-fA-F]{40}")
_MOST_UNITS = 2**80 - 1

_DOMAIN = (
    ("name", "string"),
    ("version", "string"),
    ("chainId", "uint256"),
    ("verifyingContract", "address"),
)
_AUTHORISATION = (
    ("from", "address"),
    ("to", "address"),
    ("value", "uint256"),
    ("validAfter", "uint256"),
    ("validBefore", "uint256"),
    ("nonce", "bytes32"),
)
_CANCEL = (("authorizer", "address"), ("nonce", "bytes32"))
_POSSESSION = (
    ("product", "string"),
    ("investor", "string"),
    ("account", "address"),
    ("challenge", "bytes32"),
    ("expires", "uint256"),
)
_CERTIFICATE = (
    ("custodian", "string"),
    ("broker", "string"),
    ("product", "string"),
    ("asOf", "string"),
    ("block", "uint256"),
    ("blockHash", "bytes32"),
    ("units", "uint256"),
    ("document", "bytes32"),
)
COMMAND: Final = (
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
"""Fields of a command as its maker and approvers sign it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferIntent:
    """What a holder wants to happen, from the broker's own records: never from what is to be checked."""

    chain_id: int
    token: str
    """Address of the product's token."""
    sender: str
    """The holder's address in this product."""
    recipient: str
    units: int
    ref: str | None = None
    """取引ID."""

    def __post_init__(self) -> None:
        for address in (self.token, self.sender, self.recipient):
            if not _ADDRESS.fullmatch(address):
                raise ValueError("an address is 0x and 40 hexadecimal digits")
        if not 0 < self.units <= _MOST_UNITS:
            raise ValueError("units are a whole number above 0")
        if self.ref is not None:
            word_of(self.ref)

    def call_data(self) -> bytes:
        """The call of the token that does exactly this."""
        words = _word(self.recipient) + self.units.to_bytes(32, "big")
        if self.ref is None:
            return TRANSFER + words
        return TRANSFER_WITH_REFERENCE + words + word_of(self.ref)


def word_of(ref: str) -> bytes:
    """A reference as the ledger has it: 32 bytes. Raises ValueError for what is none."""
    if not _REFERENCE.fullmatch(ref):
        raise ValueError("a reference is a letter or digit and up to 31 of A-Z a-z 0-9 . _ : / -")
    return ref.encode("ascii").ljust(32, b"\0")


def _word(address: str) -> bytes:
    return bytes.fromhex(address[2:]).rjust(32, b"\0")


def authorisation(
    intent: TransferIntent,
    *,
    token_name: str,
    valid_after: int,
    valid_before: int,
    by_recipient: bool = False,
) -> TypedData:
    """A transfer that somebody else sends (ERC-3009). Its nonce is the trade's reference.

    Args:
        token_name: the product's name as its token tells it.
        valid_after, valid_before: UTC seconds, both exclusive.
        by_recipient: only the recipient may send it.

    Raises:
        ValueError: without a reference, or never valid.
    """
    if intent.ref is None:
        raise ValueError("an authorisation needs the trade's reference")
    if valid_after >= valid_before:
        raise ValueError("it would never be valid")
    message = {
        "from": intent.sender,
        "to": intent.recipient,
        "value": intent.units,
        "validAfter": valid_after,
        "validBefore": valid_before,
        "nonce": "0x" + word_of(intent.ref).hex(),
    }
    kind = "ReceiveWithAuthorization" if by_recipient else "TransferWithAuthorization"
    domain = _domain(token_name, intent.chain_id, intent.token)
    return _typed_data(kind, _AUTHORISATION, domain, message)


def cancellation(*, chain_id: int, token: str, token_name: str, holder: str, ref: str) -> TypedData:
    """Makes an authorisation that was not used yet void (ERC-3009)."""
    message = {"authorizer": holder, "nonce": "0x" + word_of(ref).hex()}
    return _typed_data(
        "CancelAuthorization", _CANCEL, _domain(token_name, chain_id, token), message
    )


def possession(
    *,
    chain_id: int,
    platform: str,
    product: str,
    investor: str,
    address: str,
    challenge: str,
    expires: int,
) -> TypedData:
    """Shows that the key of an address is at hand (保有証明); `expires` in UTC seconds."""
    message = {
        "product": product,
        "investor": investor,
        "account": address,
        "challenge": challenge,
        "expires": expires,
    }
    domain = _domain("Genbo Possession", chain_id, platform)
    return _typed_data("Possession", _POSSESSION, domain, message)


def balance_certificate(
    document: Mapping[str, Any], digest: bytes, *, chain_id: int, platform: str
) -> TypedData:
    """A balance certificate as a key of its custodian signs it (残高証明書).

    Args:
        document: as it was read.
        digest: SHA-256 of its bytes.

    Raises:
        KeyError, TypeError, ValueError: it is no such document.
    """
    block = document["block"]
    message = {
        **{name: str(document[name]) for name in ("custodian", "broker", "product")},
        "asOf": str(document["as_of"]),
        "block": int(block["number"]),
        "blockHash": str(block["hash"]),
        "units": int(document["total"]),
        "document": "0x" + digest.hex(),
    }
    domain = _domain("Genbo Balance Certificate", chain_id, platform)
    return _typed_data("BalanceCertificate", _CERTIFICATE, domain, message)


def command(values: Mapping[str, str], *, chain_id: int, platform: str) -> TypedData:
    """A command as its maker and approvers sign it; `values` by the names of COMMAND."""
    domain = _domain("Genbo Command", chain_id, platform)
    message = {name: values[name] for name, _ in COMMAND}
    return _typed_data("Command", COMMAND, domain, message)


def _domain(name: str, chain_id: int, contract: str) -> dict[str, Any]:
    return {"name": name, "version": "1", "chainId": chain_id, "verifyingContract": contract}


def _typed_data(
    kind: str,
    fields: Sequence[tuple[str, str]],
    domain: Mapping[str, Any],
    message: Mapping[str, Any],
) -> TypedData:
    return {
        "types": {"EIP712Domain": _named(_DOMAIN), kind: _named(fields)},
        "primaryType": kind,
        "domain": dict(domain),
        "message": dict(message),
    }


def _named(fields: Sequence[tuple[str, str]]) -> list[dict[str, str]]:
    return [{"name": name, "type": kind} for name, kind in fields]


def differences(prepared: object, wanted: TypedData) -> list[str]:
    """Places where what was prepared is not what is wanted; values are not repeated."""
    return list(_differing("", _normal(prepared), _normal(wanted)))


def _differing(place: str, prepared: object, wanted: object) -> list[str]:
    if isinstance(prepared, dict) and isinstance(wanted, dict):
        found = []
        for name in sorted(prepared.keys() | wanted.keys()):
            found += _differing(f"{place}.{name}".lstrip("."), prepared.get(name), wanted.get(name))
        return found
    return [] if prepared == wanted else [place or "the whole"]


def _normal(value: object) -> object:
    """Whole numbers however they are written, and addresses in whatever case."""
    if isinstance(value, Mapping):
        return {str(name): _normal(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_normal(each) for each in value]
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if isinstance(value, str) and re.fullmatch(r"0x[0-9a-fA-F]*", value):
        return value.lower()
    return value
