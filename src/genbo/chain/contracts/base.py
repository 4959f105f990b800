"""What all wrappers share: a node, an address, and encoding by the shipped ABI."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from genbo.chain import artifacts
from genbo.chain.call import Call
from genbo.chain.hexes import ZERO_ADDRESS, address_of
from genbo.chain.interface import Interface
from genbo.chain.node import At, Node, Pinned
from genbo.kernel import Address, Digest


@dataclass(frozen=True, slots=True)
class Contract:
    """One contract on one chain."""

    ARTIFACT: ClassVar[str]

    node: Node
    address: Address

    @classmethod
    def interface(cls) -> Interface:
        return artifacts.load(cls.ARTIFACT).interface

    def _read(self, name: str, *arguments: Any, at: At = None) -> Pinned[tuple[Any, ...]]:
        entry = self.interface().function(name)
        answer = self.node.call(to=self.address, data=entry.encode(*arguments), at=at)
        return Pinned(entry.decode_outputs(answer.value), answer.stamp)

    def _read_many(
        self, name: str, rows: Sequence[tuple[Any, ...]], *, at: At = None
    ) -> Pinned[list[tuple[Any, ...]]]:
        """The same question with many arguments, at one block."""
        entry = self.interface().function(name)
        answer = self.node.calls([(self.address, entry.encode(*row)) for row in rows], at)
        return Pinned([entry.decode_outputs(output) for output in answer.value], answer.stamp)

    def _write(
        self, what: str, name: str, *arguments: Any, evidence: Digest | None = None
    ) -> Call:
        return Call(self.address, self.interface().encode(name, *arguments), what, evidence)


def as_address(value: str) -> Address:
    """eth_abi gives addresses in lower case; ours carry their checksum."""
    return address_of(bytes.fromhex(value[2:]))


def as_address_or_none(value: str) -> Address | None:
    """None for the zero address."""
    address = as_address(value)
    return None if address == ZERO_ADDRESS else address
