"""Signing: with the broker's own keys, here, and never blindly.

something is to be signed
├── when its signer is not who wants it: refused
├── when the registry prepared something else than is wanted, in any place: refused
├── when it would cost more than allowed: refused
└── otherwise the signature, over what is wanted
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Protocol

from genbo_sdk._errors import SigningRefused
from genbo_sdk._typed_data import (
    COMMAND,
    TransferIntent,
    TypedData,
    authorisation,
    cancellation,
    command,
    differences,
    possession,
)

if TYPE_CHECKING:
    from eth_account.signers.local import LocalAccount

    from genbo_sdk._models import AuthorisationIn

_MOST_GAS: Final = 2_000_000
_FIELDS: Final = frozenset(
    {"chainId", "nonce", "gas", "value", "data", "to", "from", "type", "accessList"}
)
_FEES: Final = frozenset({"gasPrice", "maxFeePerGas", "maxPriorityFeePerGas"})


class Signer(Protocol):
    """Somebody's key: in a file, in a hardware module, at a key service. Where it is kept is its own business."""

    @property
    def address(self) -> str: ...

    def sign_transaction(self, fields: Mapping[str, Any]) -> str:
        """The raw signed transaction, 0x and hexadecimal; fields are named as in JSON-RPC, numbers are numbers."""

    def sign_typed_data(self, message: TypedData) -> str:
        """65 bytes r, s, v over an EIP-712 message, 0x and hexadecimal."""


class LocalSigner:
    """A key in this process. Needs `genbo[signing]`."""

    def __init__(self, account: LocalAccount) -> None:
        self._account = account

    @classmethod
    def from_key(cls, key: str | bytes) -> LocalSigner:
        """From a private key. Raises ValueError; the key is not repeated."""
        from eth_account import Account

        try:
            return cls(Account.from_key(key))
        except Exception:
            raise ValueError("that is no private key") from None

    @classmethod
    def from_keystore(cls, file: str | Path, passphrase: str) -> LocalSigner:
        """From an encrypted key file, as wallets and nodes write them. Opening it takes about a second, on purpose.

        Raises:
            ValueError: it is no key file, or the passphrase does not open it.
            OSError: it cannot be read.
        """
        from eth_account import Account

        content = Path(file).read_bytes()
        try:
            return cls.from_key(bytes(Account.decrypt(json.loads(content), passphrase)))
        except (ValueError, TypeError, KeyError, NotImplementedError):
            raise ValueError("that is no key file, or the passphrase does not open it") from None

    def __repr__(self) -> str:
        return f"LocalSigner({self.address})"

    @property
    def address(self) -> str:
        return str(self._account.address)

    def sign_transaction(self, fields: Mapping[str, Any]) -> str:
        """See `Signer`."""
        to = bytes.fromhex(str(fields["to"])[2:])
        return _hex(self._account.sign_transaction({**fields, "to": to}).raw_transaction)

    def sign_typed_data(self, message: TypedData) -> str:
        """See `Signer`."""
        return _hex(self._account.sign_typed_data(full_message=message).signature)


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedAuthorisation:
    """A transfer that its holder signed and somebody else sends (ERC-3009)."""

    message: Mapping[str, Any]
    """Its fields, named as on the ledger."""
    signature: str = field(repr=False)

    def given(self) -> AuthorisationIn:
        """As an order of the transfer takes it: `transfers.order(authorisation=...)`."""
        from genbo_sdk._models import AuthorisationIn

        return AuthorisationIn(
            valid_after=self.message["validAfter"],
            valid_before=self.message["validBefore"],
            nonce=self.message["nonce"],
            signature=self.signature,
        )


def sign_transfer(
    prepared: Mapping[str, Any],
    signer: Signer,
    intent: TransferIntent,
    *,
    nonce: int | None = None,
    highest_fee: int = 0,
) -> str:
    """The raw transaction that does exactly what `intent` says.

    Args:
        prepared: the transaction as the registry prepared it: fields of JSON-RPC, numbers as numbers or hexadecimal.
        nonce: the number that the holder's next transaction has, where the broker keeps count of its own.
        highest_fee: wei that it may cost; nothing on networks where gas is free.

    Raises:
        SigningRefused: it is not what is wanted.
    """
    if unknown := sorted(prepared.keys() - _FIELDS - _FEES):
        raise SigningRefused(f"the prepared transaction has more than a transfer has: {unknown}")
    if prepared.get("accessList"):
        raise SigningRefused("the prepared transaction has an access list")
    given = {
        name: _number(name, prepared.get(name, 0)) for name in ("chainId", "nonce", "gas", "value")
    }
    fees = {name: _number(name, prepared[name]) for name in sorted(_FEES & prepared.keys())}
    wrong = [
        name
        for name, differs in {
            "from": _differ(prepared.get("from", intent.sender), intent.sender),
            "signer": _differ(signer.address, intent.sender),
            "chainId": given["chainId"] != intent.chain_id,
            "to": _differ(prepared.get("to", ""), intent.token),
            "data": _bytes(prepared.get("data", "")) != intent.call_data(),
            "value": given["value"] != 0,
            "nonce": "nonce" not in prepared or (nonce is not None and given["nonce"] != nonce),
            "gas": not 21_000 <= given["gas"] <= _MOST_GAS,
            "fees": set(fees) not in ({"gasPrice"}, {"maxFeePerGas", "maxPriorityFeePerGas"}),
        }.items()
        if differs
    ]
    if wrong:
        raise SigningRefused(f"what was prepared is not what is wanted, in: {', '.join(wrong)}")
    cost = given["gas"] * max(fees.values())
    if cost > highest_fee:
        raise SigningRefused(f"it may cost {cost} wei; highest_fee allows {highest_fee}")
    return signer.sign_transaction(
        {**given, **fees, "to": intent.token, "data": intent.call_data()}
    )


def sign_authorisation(
    signer: Signer,
    intent: TransferIntent,
    *,
    token_name: str,
    valid_after: int,
    valid_before: int,
    by_recipient: bool = False,
    prepared: Mapping[str, Any] | None = None,
) -> SignedAuthorisation:
    """A transfer that somebody else will send for the holder (ERC-3009).

    Args:
        token_name: the product's name as its token tells it.
        valid_after, valid_before: UTC seconds, both exclusive.
        by_recipient: only the recipient may send it.
        prepared: the message as the registry prepared it, to be compared; what is signed is made here.

    Raises:
        SigningRefused: the signer is not the sender, or something else was prepared.
        ValueError: without a reference, or never valid.
    """
    wanted = authorisation(
        intent,
        token_name=token_name,
        valid_after=valid_after,
        valid_before=valid_before,
        by_recipient=by_recipient,
    )
    require(signer, intent.sender, prepared, wanted)
    return SignedAuthorisation(message=wanted["message"], signature=signer.sign_typed_data(wanted))


def sign_cancellation(
    signer: Signer, *, chain_id: int, token: str, token_name: str, ref: str
) -> SignedAuthorisation:
    """Makes an authorisation of the signer's that was not used yet void (ERC-3009)."""
    wanted = cancellation(
        chain_id=chain_id, token=token, token_name=token_name, holder=signer.address, ref=ref
    )
    return SignedAuthorisation(message=wanted["message"], signature=signer.sign_typed_data(wanted))


def sign_possession(
    signer: Signer,
    prepared: Mapping[str, Any],
    *,
    chain_id: int,
    platform: str,
    product: str,
    investor: str,
) -> str:
    """Shows that the key of the signer's address is at hand (保有証明).

    Args:
        prepared: the challenge as typed data; its random number and its end are taken from it, nothing else.

    Raises:
        SigningRefused: it asks for more than that.
    """
    asked = _part(prepared, "message")
    wanted = possession(
        chain_id=chain_id,
        platform=platform,
        product=product,
        investor=investor,
        address=signer.address,
        challenge=str(asked.get("challenge")),
        expires=_number("expires", asked.get("expires", 0)),
    )
    require(signer, signer.address, prepared, wanted)
    return signer.sign_typed_data(wanted)


def sign_command(
    signer: Signer,
    prepared: Mapping[str, Any],
    *,
    chain_id: int,
    platform: str,
    command_id: str,
    expected: Mapping[str, str],
) -> str:
    """The signature of a maker or an approver over the exact content of a command (EIP-712).

    Args:
        prepared: the message as the registry shows it.
        platform: address of the platform contract, from the signer's own records.
        expected: what the signer knows of it: any of `what`, `maker`, `account`, `duty`, `to`, `data`, `product`,
            `ref`, `evidence`; at least `what` or `data`, for the act itself.

    Raises:
        SigningRefused: it is another command, or says something else than is expected.
        ValueError: nothing of the act is expected, or a name that a command does not have.
    """
    names = [name for name, _ in COMMAND]
    if not {"what", "data"} & expected.keys() or expected.keys() - set(names):
        raise ValueError("expected holds fields of a command, `what` or `data` among them")
    shown = _part(prepared, "message")
    if shown.keys() != set(names) or not all(isinstance(each, str) for each in shown.values()):
        raise SigningRefused("what was prepared is no command")
    known = {**shown, **expected, "command": _bytes16(command_id)}
    wanted = command(known, chain_id=chain_id, platform=platform)
    require(signer, signer.address, prepared, wanted)
    return signer.sign_typed_data(wanted)


def require(
    signer: Signer, who: str, prepared: Mapping[str, Any] | None, wanted: TypedData
) -> None:
    """Nothing where the signer is `who`, and what was prepared is what is wanted. Raises SigningRefused."""
    if _differ(signer.address, who):
        raise SigningRefused("the signer is not the sender")
    if prepared is not None and (wrong := differences(prepared, wanted)):
        raise SigningRefused(f"what was prepared is not what is wanted, in: {', '.join(wrong)}")


def _part(prepared: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    part = prepared.get(name)
    if not isinstance(part, Mapping):
        raise SigningRefused(f"what was prepared has no {name}")
    return part


def _differ(one: object, other: str) -> bool:
    return not isinstance(one, str) or one.lower() != other.lower()


def _number(name: str, value: object) -> int:
    """A number of JSON-RPC, as it is or hexadecimal or decimal."""
    try:
        if isinstance(value, bool):
            raise ValueError
        number = value if isinstance(value, int) else int(str(value), 0)
    except ValueError:
        raise SigningRefused(f"{name} is no number") from None
    if number < 0:
        raise SigningRefused(f"{name} is no number")
    return number


def _bytes(value: object) -> bytes:
    if isinstance(value, bytes):
        return value
    try:
        return bytes.fromhex(str(value).removeprefix("0x"))
    except ValueError:
        raise SigningRefused("data is not hexadecimal") from None


def _bytes16(command_id: str) -> str:
    return command_id if command_id.startswith("0x") else f"0x{command_id}"


def _hex(content: Any) -> str:
    return "0x" + bytes(content).hex()
