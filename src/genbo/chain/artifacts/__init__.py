"""The compiled contracts that ship with the package, as `make contracts` wrote them.

Running Genbo needs no compiler: ABI, creation code, running code and its immutable places are read from here.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property, lru_cache
from importlib.resources import files
from typing import Any

from eth_utils.crypto import keccak

from genbo.chain.interface import Interface

SAFE_CONTRACTS = ("Safe", "SafeProxy", "SafeProxyFactory", "CompatibilityFallbackHandler")


@dataclass(frozen=True)
class Artifact:
    """One compiled contract."""

    name: str
    interface: Interface
    creation_code: bytes
    """What a creating transaction carries, before the constructor's arguments; empty for an interface."""
    running_code: bytes
    """What stands at the address afterwards, immutables still zero."""
    immutables: dict[str, tuple[tuple[int, int], ...]]
    """Immutable (`SecurityToken.platform`) to the places (start, length) where the running code carries it."""

    @cached_property
    def code_hash(self) -> str:
        """keccak256 of the creation code: what the factory approves."""
        return "0x" + keccak(self.creation_code).hex()

    @cached_property
    def running_hash(self) -> str:
        """keccak256 of the running code with its immutables zero: the name of this version."""
        return "0x" + keccak(self.masked(self.running_code)).hex()

    def masked(self, code: bytes) -> bytes:
        """`code` with the places of the immutables zeroed, to compare code from the chain with this one."""
        masked = bytearray(code)
        for places in self.immutables.values():
            for start, length in places:
                masked[start : start + length] = bytes(len(masked[start : start + length]))
        return bytes(masked)


@lru_cache(maxsize=64)
def load(name: str) -> Artifact:
    """The artifact of that contract, ours or Safe's.

    Raises KeyError when the package ships none: a bug, or a checkout where `make contracts` never ran.
    """
    path = f"safe/{name}.json" if name in SAFE_CONTRACTS else f"{name}.json"
    try:
        text = files(__name__).joinpath(path).read_text("utf-8")
    except FileNotFoundError:
        raise KeyError(f"no artifact {path}: run `make contracts`") from None
    raw: dict[str, Any] = json.loads(text)
    return Artifact(
        name=raw["contractName"],
        interface=Interface(raw["abi"]),
        creation_code=bytes.fromhex(raw["bytecode"][2:]),
        running_code=bytes.fromhex(raw["deployedBytecode"][2:]),
        immutables={
            name: tuple((place["start"], place["length"]) for place in places)
            for name, places in raw.get("immutableReferences", {}).items()
        },
    )
