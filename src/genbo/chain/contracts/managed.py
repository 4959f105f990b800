"""Managed: what every contract bound to duties answers."""

from typing import ClassVar

from genbo.chain.contracts.base import Contract, as_address
from genbo.chain.node import At, Pinned
from genbo.kernel import Address


class Managed(Contract):
    """A contract that asks the access manager."""

    __slots__ = ()
    ARTIFACT: ClassVar[str] = "RegisterAnchor"  # any contract of ours: they all answer `authority`

    def authority(self, at: At = None) -> Pinned[Address]:
        """The access manager it asks."""
        read = self._read("authority", at=at)
        return Pinned(as_address(read.value[0]), read.stamp)
