"""Safe: an account held by several persons (2 of n), the public contract of that name, version 1.4.1."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from eth_abi.abi import encode as abi_encode
from eth_utils.crypto import keccak

from genbo.chain import artifacts
from genbo.chain.call import Call
from genbo.chain.contracts.base import Contract, as_address
from genbo.chain.hexes import ZERO_ADDRESS, address_bytes, address_of, hex_of
from genbo.chain.node import At, Pinned
from genbo.kernel import Address

_DOMAIN = keccak(text="EIP712Domain(uint256 chainId,address verifyingContract)")
_SAFE_TX_FIELDS = (
    ("address", "to"),
    ("uint256", "value"),
    ("bytes", "data"),
    ("uint8", "operation"),
    ("uint256", "safeTxGas"),
    ("uint256", "baseGas"),
    ("uint256", "gasPrice"),
    ("address", "gasToken"),
    ("address", "refundReceiver"),
    ("uint256", "nonce"),
)
_SAFE_TX = keccak(
    text=f"SafeTx({','.join(f'{kind} {name}' for kind, name in _SAFE_TX_FIELDS)})"
)
_SAFE_TX_WORDS = [
    *("bytes32", "address", "uint256", "bytes32", "uint8"),
    *("uint256", "uint256", "uint256"),
    *("address", "address", "uint256"),
]
_FIRST_MODULE = "0x0000000000000000000000000000000000000001"
_GUARD_SLOT = int.from_bytes(keccak(text="guard_manager.guard.address"), "big")
_HANDLER_SLOT = int.from_bytes(keccak(text="fallback_manager.handler.address"), "big")


@dataclass(frozen=True, slots=True)
class Approval:
    """One owner's signature over one act."""

    owner: Address
    signature: bytes


class Safe(Contract):
    """One Safe account."""

    __slots__ = ()
    ARTIFACT: ClassVar[str] = "Safe"

    # Reads.

    def owners(self, at: At = None) -> Pinned[list[Address]]:
        read = self._read("getOwners", at=at)
        return Pinned([as_address(owner) for owner in read.value[0]], read.stamp)

    def threshold(self, at: At = None) -> Pinned[int]:
        read = self._read("getThreshold", at=at)
        return Pinned(int(read.value[0]), read.stamp)

    def nonce(self, at: At = None) -> Pinned[int]:
        read = self._read("nonce", at=at)
        return Pinned(int(read.value[0]), read.stamp)

    def modules(self, at: At = None) -> Pinned[list[Address]]:
        """Contracts that may act for the Safe without any signature; there must be none."""
        read = self._read("getModulesPaginated", _FIRST_MODULE, 100, at=at)
        return Pinned([as_address(module) for module in read.value[0]], read.stamp)

    def guard(self, at: At = None) -> Pinned[Address]:
        """A contract that may refuse the Safe's acts; the zero address for none."""
        word = self.node.storage(self.address, _GUARD_SLOT, at)
        return Pinned(_address_of_word(word.value), word.stamp)

    def singleton(self, at: At = None) -> Pinned[Address]:
        """The contract whose code the account runs."""
        word = self.node.storage(self.address, 0, at)
        return Pinned(_address_of_word(word.value), word.stamp)

    def fallback_handler(self, at: At = None) -> Pinned[Address]:
        word = self.node.storage(self.address, _HANDLER_SLOT, at)
        return Pinned(_address_of_word(word.value), word.stamp)

    # What owners sign, and what carries their signatures to the chain.

    def digest(self, call: Call, nonce: int) -> bytes:
        """The EIP-712 hash over exactly this act, this account, this chain and this number."""
        if call.to is None:
            raise ValueError("a Safe creates no contracts by itself")
        domain = keccak(
            abi_encode(
                ["bytes32", "uint256", "address"], [_DOMAIN, self.node.chain_id, self.address]
            )
        )
        nobody = ZERO_ADDRESS
        act = keccak(
            abi_encode(
                _SAFE_TX_WORDS,
                [_SAFE_TX, call.to, 0, keccak(call.data), 0, 0, 0, 0, nobody, nobody, nonce],
            )
        )
        return keccak(b"\x19\x01" + domain + act)

    def typed_data(self, call: Call, nonce: int) -> dict[str, Any]:
        """What `digest` is the hash of, as `eth_signTypedData_v4` takes it."""
        if call.to is None:
            raise ValueError("a Safe creates no contracts by itself")
        nothing = {"value": 0, "operation": 0, "safeTxGas": 0, "baseGas": 0, "gasPrice": 0}
        nobody = {"gasToken": ZERO_ADDRESS, "refundReceiver": ZERO_ADDRESS}
        return {
            "types": {
                "EIP712Domain": [
                    {"name": "chainId", "type": "uint256"},
                    {"name": "verifyingContract", "type": "address"},
                ],
                "SafeTx": [{"name": name, "type": kind} for kind, name in _SAFE_TX_FIELDS],
            },
            "primaryType": "SafeTx",
            "domain": {"chainId": self.node.chain_id, "verifyingContract": self.address},
            "message": {
                "to": call.to,
                "data": hex_of(call.data),
                "nonce": nonce,
                **nothing,
                **nobody,
            },
        }

    def execute(self, call: Call, approvals: Sequence[Approval]) -> Call:
        """The transaction anybody may send once the owners have signed."""
        ordered = sorted(approvals, key=lambda approval: address_bytes(approval.owner))
        return self._write(
            call.what,
            "execTransaction",
            call.to,
            0,
            call.data,
            0,
            0,
            0,
            0,
            ZERO_ADDRESS,
            ZERO_ADDRESS,
            b"".join(approval.signature for approval in ordered),
        )


class SafeProxyFactory(Contract):
    """Creates Safe accounts."""

    __slots__ = ()
    ARTIFACT: ClassVar[str] = "SafeProxyFactory"

    def create(self, singleton: Address, initializer: bytes, salt: int, what: str) -> Call:
        return self._write(what, "createProxyWithNonce", singleton, initializer, salt)

    def proxy_address(self, singleton: Address, initializer: bytes, salt: int) -> Address:
        """Where `create` puts the account (CREATE2): it depends on owners, threshold and salt."""
        code = artifacts.load("SafeProxy").creation_code + abi_encode(["address"], [singleton])
        mixed = keccak(keccak(initializer) + salt.to_bytes(32, "big"))
        return address_of(keccak(b"\xff" + address_bytes(self.address) + mixed + keccak(code))[12:])


def initializer(owners: Sequence[Address], threshold: int, fallback_handler: Address) -> bytes:
    """The set-up call that fixes who the owners are and how many must sign."""
    return Safe.interface().encode(
        "setup",
        list(owners),
        threshold,
        ZERO_ADDRESS,
        b"",
        fallback_handler,
        ZERO_ADDRESS,
        0,
        ZERO_ADDRESS,
    )


def _address_of_word(word: int) -> Address:
    return address_of((word & (1 << 160) - 1).to_bytes(20, "big"))
