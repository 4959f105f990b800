"""What a contract said when it refused, as the refusal people know.

The names and their reasons stand in `compliance.reasons`; here the bytes are read, and it is settled which side of
a movement an error speaks of.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from eth_abi.abi import decode as abi_decode
from eth_abi.exceptions import DecodingError

from genbo.chain import artifacts
from genbo.chain.call import Call
from genbo.chain.hexes import address_of
from genbo.chain.interface import Entry
from genbo.compliance.reasons import SAFE_CODES, refusal_from_error
from genbo.kernel import Address, Fault, Reason, Refusal

_ERROR_STRING = bytes.fromhex("08c379a0")
"""Selector of `Error(string)`, which Safe and old contracts use."""

_CONTRACTS = (
    "SecurityToken",
    "Platform",
    "TokenFactory",
    "DutyManager",
    "Settlement",
    "RegisterAnchor",
    "Disbursement",
    "DocumentRegistry",
    "HolderLimitRule",
    "HoldingLimitRule",
)

_GIVES = frozenset({"from", "lost", "lostWallet", "oldAddress", "holder"})
"""Names of arguments that hold the address the units leave, in any function of ours."""

_RECEIVES = frozenset({"to", "newAddress", "newWallet", "account", "accounts"})
"""Names of arguments that hold the address the units reach, or that is being judged."""

_SELLER = 2
"""Place of the seller in the struct `Trade` of `ISettlement.sol`."""

_BAD_SIGNATURES = frozenset({"GS021", "GS022", "GS023", "GS024", "GS025", "GS026"})
"""What a Safe says of a signature that is not an owner's over this very act: it does not count."""


@lru_cache(maxsize=1)
def _errors() -> dict[bytes, Entry]:
    found: dict[bytes, Entry] = {}
    for name in _CONTRACTS:
        found |= artifacts.load(name).interface.errors
    return found


@lru_cache(maxsize=1)
def _functions() -> dict[bytes, Entry]:
    found: dict[bytes, Entry] = {}
    for name in _CONTRACTS:
        found |= artifacts.load(name).interface.by_selector
    return found


def refusal_of(data: bytes, *, call: Call, sender: Address) -> Refusal:
    """The refusal that this revert data means for `call` made by `sender`.

    A `Fault(TRANSACTION_FAILED)` when the data means none: the contract is not ours, or it broke.
    """
    text = _error_string(data)
    if text is not None:
        name = next((code for code in SAFE_CODES if text == code), None)
        if text in _BAD_SIGNATURES:
            name = next(iter(SAFE_CODES))
        known = None if name is None else refusal_from_error(name)
        return known or Fault(Reason.TRANSACTION_FAILED, problem=text[:80], act=call.what)
    entry = _errors().get(data[:4])
    if entry is None:
        problem = "0x" + data[:4].hex() if data else "no reason given"
        return Fault(Reason.TRANSACTION_FAILED, problem=problem, act=call.what)
    try:
        arguments = [_plain(value) for value in entry.decode_inputs(data).values()]
    except DecodingError:
        return Fault(Reason.TRANSACTION_FAILED, problem=entry.name, act=call.what)
    giver = _giver(call, sender, arguments)
    refusal = refusal_from_error(entry.name, arguments, sender=giver)
    return refusal or Fault(Reason.TRANSACTION_FAILED, problem=entry.name, act=call.what)


def _giver(call: Call, sender: Address, arguments: list[Any]) -> Address | None:
    """The address the units would leave.

    Named by the call in most acts, the caller's own in a transfer. In a distribution it is the initial beneficiary,
    whom the call does not name: an address in the error that the call does not name as a recipient is the giver's.
    So it is in the delivery of a hold, which names nobody: there a recipient passes for the giver.
    """
    entry = _functions().get(call.data[:4])
    if entry is None:
        return None
    try:
        named = entry.decode_inputs(call.data)
    except DecodingError:
        return None
    if givers := [
        address for name in _GIVES if name in named for address in _addresses(named[name])
    ]:
        account = arguments[0] if arguments else None
        return account if account in givers else givers[0]
    if entry.name.startswith(("transfer", "batchTransfer", "createHold")):
        return sender
    if (trade := named.get("trade")) is not None:  # what seller and buyer signed
        return address_of(bytes.fromhex(trade[_SELLER][2:]))
    recipients = {
        address for name in _RECEIVES if name in named for address in _addresses(named[name])
    }
    account = arguments[0] if arguments else None
    return Address(account) if isinstance(account, str) and account not in recipients else None


def _addresses(value: Any) -> Iterator[Address]:
    for each in value if isinstance(value, list | tuple) else (value,):
        yield address_of(bytes.fromhex(each[2:]))


def _plain(value: Any) -> Any:
    """eth_abi gives addresses in lower case; ours carry their checksum."""
    if isinstance(value, str) and len(value) == 42 and value.startswith("0x"):
        return address_of(bytes.fromhex(value[2:]))
    return value


def _error_string(data: bytes) -> str | None:
    if data[:4] != _ERROR_STRING:
        return None
    try:
        return str(abi_decode(["string"], data[4:])[0])
    except (DecodingError, UnicodeDecodeError):
        return None
