"""Signers: keys that sign transactions and approvals.

The development keys come from the mnemonic that every development tool uses; whoever reads this page owns them.
They sign on development chains and nowhere else.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Protocol

from eth_account import Account
from eth_account.hdaccount import key_from_seed, seed_from_mnemonic
from eth_account.signers.local import LocalAccount
from eth_typing import Hash32

from genbo.chain.networks import is_development
from genbo.kernel import Address, Fault, Reason

DEVELOPMENT_MNEMONIC = "test test test test test test test test test test test junk"
DEVELOPMENT_PATH = "m/44'/60'/0'/0"
DEVELOPMENT_KEYS = 1024
"""So many keys of the mnemonic are handed out, and refused elsewhere."""


class Signer(Protocol):
    """Somebody's key. Where it is kept is its own business."""

    @property
    def address(self) -> Address: ...

    def sign_transaction(self, fields: dict[str, Any]) -> bytes:
        """The raw signed transaction of these fields (names as in JSON-RPC, integers as integers)."""

    def sign_digest(self, digest: bytes) -> bytes:
        """65 bytes r, s, v over the 32 bytes themselves (an EIP-712 hash)."""


class KeySigner:
    """A key held in memory."""

    def __init__(self, key: bytes) -> None:
        self._account: LocalAccount = Account.from_key(key)
        self._address = Address(self._account.address)

    def __repr__(self) -> str:
        return f"KeySigner({self._address})"

    @property
    def address(self) -> Address:
        return self._address

    def sign_transaction(self, fields: dict[str, Any]) -> bytes:
        return bytes(self._account.sign_transaction(fields).raw_transaction)

    def sign_digest(self, digest: bytes) -> bytes:
        return bytes(self._account.unsafe_sign_hash(Hash32(digest)).signature)


@lru_cache(maxsize=1)
def _seed() -> bytes:
    return seed_from_mnemonic(DEVELOPMENT_MNEMONIC, "")


@lru_cache(maxsize=DEVELOPMENT_KEYS)
def development_key(number: int) -> KeySigner:
    """Key `number` of the well-known mnemonic, the same as anvil's and hardhat's account of that number."""
    return KeySigner(development_secret(number))


def development_secret(number: int) -> bytes:
    """That key itself; everybody has it."""
    if not 0 <= number < DEVELOPMENT_KEYS:
        raise ValueError(f"development keys are numbered 0 to {DEVELOPMENT_KEYS - 1}")
    return bytes(key_from_seed(_seed(), f"{DEVELOPMENT_PATH}/{number}"))


@lru_cache(maxsize=1)
def _development_addresses() -> frozenset[Address]:
    return frozenset(development_key(number).address for number in range(DEVELOPMENT_KEYS))


def refuse_development_key(address: Address, chain_id: int) -> None:
    """Nothing where the key may sign.

    Raises:
        Fault: `development_key_refused` for a well-known key on a chain that is not for development.
    """
    if not is_development(chain_id) and address in _development_addresses():
        raise Fault(Reason.DEVELOPMENT_KEY_REFUSED, chain_id=chain_id, address=address)
