"""Platform: the list of products, and the switches that reach all of them."""

from enum import IntEnum
from typing import ClassVar

from genbo.chain.call import Call
from genbo.chain.contracts.base import Contract, as_address, as_address_or_none
from genbo.chain.hexes import address_bytes
from genbo.chain.node import At, Pinned
from genbo.kernel import Address, ProductId, from_bytes32, to_bytes32


class MarketStatus(IntEnum):
    """開閉局ステータス (R-PROGMAT-T16.1), with the full stop of R-JSTOA-6.1.1.11."""

    OPEN = 0
    CLOSED = 1
    STOPPED = 2


class Platform(Contract):
    """The platform of one deployment."""

    __slots__ = ()
    ARTIFACT: ClassVar[str] = "Platform"

    # Reads.

    def status(self, at: At = None) -> Pinned[MarketStatus]:
        read = self._read("status", at=at)
        return Pinned(MarketStatus(read.value[0]), read.stamp)

    def stopped_by(self, at: At = None) -> Pinned[Address | None]:
        """The person who stopped; None when not stopped."""
        read = self._read("stoppedBy", at=at)
        return Pinned(as_address_or_none(read.value[0]), read.stamp)

    def token_of(self, product: ProductId, at: At = None) -> Pinned[Address | None]:
        """None when the product is not registered."""
        read = self._read("tokenOf", to_bytes32(product), at=at)
        return Pinned(as_address_or_none(read.value[0]), read.stamp)

    def group_of(self, token: Address, at: At = None) -> Pinned[str]:
        """移転実行可否制御ID of a token; empty when it is not registered."""
        read = self._read("groupOf", token, at=at)
        return Pinned(from_bytes32(read.value[0]), read.stamp)

    def assigned(
        self, token: Address, first: int, at: At = None
    ) -> Pinned[list[tuple[str, str]]]:
        """Every change of group of a token, the group left and the group entered, from the events since `first`."""
        stamp = self.node.stamp(at)
        topic = self.interface().event("GroupAssigned").topic
        about = address_bytes(token).rjust(32, b"\0")
        logs = self.node.logs(
            addresses=[self.address], topics=[[topic], [about]], first=first, last=stamp.number
        )
        found = [(from_bytes32(log.topics[2]), from_bytes32(log.topics[3])) for log in logs]
        return Pinned(found, stamp)

    def is_transfer_enabled(self, group: str, at: At = None) -> Pinned[bool]:
        """False also for a group that does not exist."""
        read = self._read("isTransferEnabled", to_bytes32(group), at=at)
        return Pinned(bool(read.value[0]), read.stamp)

    def token_count(self, at: At = None) -> Pinned[int]:
        read = self._read("tokenCount", at=at)
        return Pinned(int(read.value[0]), read.stamp)

    def tokens(self, first: int, count: int, at: At = None) -> Pinned[list[Address]]:
        """At most `count` registered tokens from number `first` on."""
        read = self._read("tokens", first, count, at=at)
        return Pinned([as_address(token) for token in read.value[0]], read.stamp)

    def control_bits(self, group: str, at: At = None) -> Pinned[int]:
        """The stop and market bits that a token of `group` must carry now."""
        read = self._read("controlBits", to_bytes32(group), at=at)
        return Pinned(int(read.value[0]), read.stamp)

    def authority(self, at: At = None) -> Pinned[Address]:
        read = self._read("authority", at=at)
        return Pinned(as_address(read.value[0]), read.stamp)

    # Writes.

    def stop(self) -> Call:
        """Action 11 (停止): one STOPPER."""
        return self._write("stop the platform", "stop")

    def resume(self) -> Call:
        """Ends the stop, into market closed: a RESUMER Safe without the person who stopped."""
        return self._write("resume the platform", "resume")

    def open_market(self) -> Call:
        return self._write("open the market", "openMarket")

    def close_market(self) -> Call:
        return self._write("close the market", "closeMarket")

    def create_group(self, group: str, *, enabled: bool) -> Call:
        return self._write(
            f"create transfer-enable group {group}", "createGroup", to_bytes32(group), enabled
        )

    def set_transfer_enabled(self, group: str, *, enabled: bool) -> Call:
        verb = "enable" if enabled else "disable"
        return self._write(
            f"{verb} transfers of group {group}", "setTransferEnabled", to_bytes32(group), enabled
        )

    def assign_group(self, token: Address, group: str) -> Call:
        return self._write(
            f"put {token} into group {group}", "assignGroup", token, to_bytes32(group)
        )
