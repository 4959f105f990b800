"""HolderLimitRule: at most so many holders of a product (少人数私募)."""

from typing import ClassVar

from genbo.chain import artifacts
from genbo.chain.call import Call, creation
from genbo.chain.contracts.base import Contract, as_address
from genbo.chain.node import At, Pinned
from genbo.kernel import Address


class HolderLimitRule(Contract):
    """The rule of one token, which must count its holders from the first unit on."""

    __slots__ = ()
    ARTIFACT: ClassVar[str] = "HolderLimitRule"

    @classmethod
    def create(cls, token: Address, *, most: int) -> Call:
        """Creates the rule; it binds nobody until it is plugged in (`SecurityToken.set_rule`)."""
        return creation(artifacts.load(cls.ARTIFACT), token, most)

    def token(self, at: At = None) -> Pinned[Address]:
        """The token it speaks of."""
        read = self._read("token", at=at)
        return Pinned(as_address(read.value[0]), read.stamp)

    def most(self, at: At = None) -> Pinned[int]:
        """How many holders there may be."""
        read = self._read("most", at=at)
        return Pinned(int(read.value[0]), read.stamp)

    def allows(
        self, source: Address, target: Address, units: int, at: At = None
    ) -> Pinned[bool]:
        read = self._read("allows", source, target, units, at=at)
        return Pinned(bool(read.value[0]), read.stamp)
