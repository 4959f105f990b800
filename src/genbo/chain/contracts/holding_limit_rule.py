"""HoldingLimitRule: at most so many units per investor."""

from typing import ClassVar

from genbo.chain import artifacts
from genbo.chain.call import Call, creation
from genbo.chain.contracts.base import Contract, as_address
from genbo.chain.node import At, Pinned
from genbo.kernel import Address


class HoldingLimitRule(Contract):
    """The rule of one token."""

    __slots__ = ()
    ARTIFACT: ClassVar[str] = "HoldingLimitRule"

    @classmethod
    def create(cls, token: Address, *, most: int) -> Call:
        """Creates the rule; it binds nobody until it is plugged in (`SecurityToken.set_rule`).

        Args:
            most: units of the token's first issue; the limit grows with its splits.
        """
        return creation(artifacts.load(cls.ARTIFACT), token, most)

    def token(self, at: At = None) -> Pinned[Address]:
        """The token it speaks of."""
        read = self._read("token", at=at)
        return Pinned(as_address(read.value[0]), read.stamp)

    def most(self, at: At = None) -> Pinned[int]:
        """How many units one investor may hold, in units of the first issue."""
        read = self._read("most", at=at)
        return Pinned(int(read.value[0]), read.stamp)

    def allows(
        self, source: Address, target: Address, units: int, at: At = None
    ) -> Pinned[bool]:
        read = self._read("allows", source, target, units, at=at)
        return Pinned(bool(read.value[0]), read.stamp)
