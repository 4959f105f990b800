"""The ledger as the contract tests see it: calls, answers, events and typed errors, straight from the ABI.

Nothing of the service's own wrappers and decoders is used here, so a mistake in them cannot hide one in a contract.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from eth_abi import decode as abi_decode
from eth_utils import keccak, to_checksum_address

from genbo.chain import artifacts
from genbo.chain.call import Call
from genbo.chain.deploy import OURS
from genbo.chain.interface import Entry, Interface
from genbo.chain.node import At, Node, RawLog
from genbo.kernel import Address

MOCKS = ("BrokenRule", "LimitRule")


@dataclass(frozen=True)
class Event:
    """One log of a contract, with all its arguments in the order of the declaration."""

    name: str
    arguments: tuple[Any, ...]

    def __repr__(self) -> str:
        return f"{self.name}{self.arguments}"


@dataclass(frozen=True)
class Error:
    """What a contract said when it refused, with all its arguments."""

    name: str
    arguments: tuple[Any, ...] = ()

    def __repr__(self) -> str:
        return f"{self.name}{self.arguments}"


def event(name: str, *arguments: Any) -> Event:
    return Event(name, tuple(arguments))


def error(name: str, *arguments: Any) -> Error:
    return Error(name, tuple(arguments))


@dataclass(frozen=True)
class Handle:
    """A contract at an address: call it to get what a transaction would carry, ask it for an answer."""

    node: Node
    name: str
    address: Address

    @property
    def interface(self) -> Interface:
        return artifacts.load(self.name).interface

    def __call__(self, function: str, *arguments: Any) -> Call:
        """`function` by name, or by signature where several share the name."""
        return Call(self.address, self.interface.encode(function, *arguments), function)

    def ask(self, function: str, *arguments: Any, at: At = None) -> Any:
        """The answer at the latest block; a tuple when there are several values."""
        entry = self.interface.function(function)
        output = self.node.call(to=self.address, data=entry.encode(*arguments), at=at).value
        answers = tuple(_plain(value) for value in entry.decode_outputs(output))
        return answers[0] if len(answers) == 1 else answers

    def selector(self, function: str) -> bytes:
        return self.interface.function(function).selector


def events_of(logs: Sequence[RawLog], names: dict[Address, str]) -> list[Event]:
    """The logs of the contracts in `names` (address to artifact), in ledger order."""
    found = []
    for log in logs:
        if log.address in names:
            entry = artifacts.load(names[log.address]).interface.events[log.topics[0]]
            found.append(Event(entry.name, _event_arguments(entry, log)))
    return found


def _event_arguments(entry: Entry, log: RawLog) -> tuple[Any, ...]:
    topics = iter(log.topics[1:])
    unindexed = [kind for kind, flag in zip(entry.inputs, entry.indexed, strict=True) if not flag]
    data = iter(abi_decode(unindexed, log.data))
    return tuple(
        _plain(abi_decode([kind], next(topics))[0] if flag else next(data))
        for kind, flag in zip(entry.inputs, entry.indexed, strict=True)
    )


def error_of(data: bytes) -> Error:
    """The typed error, or the text of a plain one, that this revert data is."""
    if not data:
        return Error(
            ""
        )  # the compiler's own check: an argument outside its type, or gas at its end
    if data[:4] == keccak(text="Error(string)")[:4]:
        return Error("Error", tuple(abi_decode(["string"], data[4:])))
    for name in (*OURS, "Safe"):
        entry = artifacts.load(name).interface.errors.get(data[:4])
        if entry is not None:
            return Error(
                entry.name, tuple(_plain(value) for value in entry.decode_inputs(data).values())
            )
    raise AssertionError(f"an error of no contract of ours: 0x{data.hex()}")


def _plain(value: Any) -> Any:
    """Addresses with their checksum, lists as tuples, so that values compare with what tests write."""
    if isinstance(value, str) and len(value) == 42 and value.startswith("0x"):
        return to_checksum_address(value)
    if isinstance(value, list | tuple):
        return tuple(_plain(each) for each in value)
    return value
