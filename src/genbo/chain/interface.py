"""Interface: a contract's functions, events and errors by name, and their encoding.

Built from the ABI in an artifact. Functions are called by name where the name is enough, and by signature where
several share it (`forcedTransfer` has two forms).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from eth_abi.abi import decode as abi_decode
from eth_abi.abi import encode as abi_encode
from eth_utils.abi import collapse_if_tuple
from eth_utils.crypto import keccak

Json = Mapping[str, Any]


@dataclass(frozen=True)
class Entry:
    """One function, event or error."""

    name: str
    inputs: tuple[str, ...]
    """Types, structs as tuples: `(bytes32,bytes32,uint32)`."""
    names: tuple[str, ...]
    indexed: tuple[bool, ...]
    outputs: tuple[str, ...]
    writes: bool
    """A function that changes state."""

    @cached_property
    def signature(self) -> str:
        return f"{self.name}({','.join(self.inputs)})"

    @cached_property
    def topic(self) -> bytes:
        """keccak of the signature: an event's first topic."""
        return keccak(text=self.signature)

    @cached_property
    def selector(self) -> bytes:
        """The first four bytes of a call or an error."""
        return self.topic[:4]

    def encode(self, *arguments: Any) -> bytes:
        return self.selector + abi_encode(self.inputs, arguments)

    def decode_inputs(self, data: bytes) -> dict[str, Any]:
        """The arguments of a call or an error by name; `data` begins with the selector."""
        return dict(zip(self.names, abi_decode(self.inputs, data[4:]), strict=True))

    def decode_outputs(self, data: bytes) -> tuple[Any, ...]:
        return tuple(abi_decode(self.outputs, data))


class Interface:
    """All entries of one ABI."""

    def __init__(self, abi: Sequence[Json]) -> None:
        entries = [(entry["type"], _entry(entry)) for entry in abi if "name" in entry]
        self.functions = [entry for kind, entry in entries if kind == "function"]
        self.events = {entry.topic: entry for kind, entry in entries if kind == "event"}
        self.errors = {entry.selector: entry for kind, entry in entries if kind == "error"}
        self.by_selector = {entry.selector: entry for entry in self.functions}
        self._by_signature = {entry.signature: entry for entry in self.functions}
        constructors = [entry for entry in abi if entry["type"] == "constructor"]
        self.constructor = tuple(
            collapse_if_tuple(value) for entry in constructors for value in entry["inputs"]
        )

    def function(self, name: str) -> Entry:
        """By signature, or by name where only one function has it. Raises KeyError."""
        if name in self._by_signature:
            return self._by_signature[name]
        found = [entry for entry in self.functions if entry.name == name]
        if len(found) != 1:
            raise KeyError(f"{name}: {', '.join(entry.signature for entry in found) or 'unknown'}")
        return found[0]

    def encode(self, name: str, *arguments: Any) -> bytes:
        """The call data of `name` with these arguments."""
        return self.function(name).encode(*arguments)

    def event(self, name: str) -> Entry:
        """By name. Raises KeyError."""
        for entry in self.events.values():
            if entry.name == name:
                return entry
        raise KeyError(name)

    def encode_constructor(self, *arguments: Any) -> bytes:
        return bytes(abi_encode(self.constructor, arguments))


def _entry(entry: Json) -> Entry:
    inputs = entry.get("inputs", [])
    return Entry(
        name=entry["name"],
        inputs=tuple(collapse_if_tuple(value) for value in inputs),
        names=tuple(value["name"] or f"arg{at}" for at, value in enumerate(inputs)),
        indexed=tuple(bool(value.get("indexed")) for value in inputs),
        outputs=tuple(collapse_if_tuple(value) for value in entry.get("outputs", [])),
        writes=entry.get("stateMutability") in ("nonpayable", "payable"),
    )
