"""The hand on the chain's clock, by the names development nodes gave it.

The clock only goes forward. What is set here is the time of the next block; the blocks after it follow from that
one as always, at least a second apart.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from genbo.chain.embedded import EmbeddedNode
from genbo.chain.rpc import inside, params
from genbo.chain.rpc.answers import Json
from genbo.chain.rpc.errors import invalid_params
from genbo.kernel import UTC

LAST_SECOND = 2**32 - 1
"""The contracts keep times in 32 bits (until 2106)."""

MAX_BLOCKS = 1000
"""Empty blocks made by one question."""


class Clock:
    """The methods that move time."""

    def __init__(self, node: EmbeddedNode) -> None:
        self._node = node

    def increase(self, seconds: Any) -> Json:
        """The next block is made so many seconds later than it would be; said twice, both count.

        Answers the seconds.
        """
        later = params.quantity(seconds, "seconds", most=LAST_SECOND)
        with inside.lock(self._node):
            self._set_next(inside.next_timestamp(self._node) + later)
        return later

    def set_next(self, timestamp: Any) -> Json:
        """The next block is made at that second since 1970."""
        self._set_next(params.quantity(timestamp, "timestamp"))
        return None

    def mine(self, options: Any = None) -> Json:
        """Makes an empty block now or at a timestamp; with `{"blocks": n, "timestamp": t}` several, the first at t."""
        fields = options if isinstance(options, dict) else {"timestamp": options}
        if unknown := fields.keys() - {"blocks", "timestamp"}:
            raise invalid_params(f"evm_mine: {min(unknown)} is not known")
        blocks = params.quantity(fields.get("blocks", 1), "blocks", most=MAX_BLOCKS)
        timestamp = fields.get("timestamp")
        with inside.lock(self._node):
            if timestamp is not None:
                self._set_next(params.quantity(timestamp, "timestamp"))
            for _ in range(blocks):
                self._node.mine([])
        return hex(0)

    def _set_next(self, timestamp: int) -> None:
        latest = int(self._node.header().stamp.at.timestamp())
        if not latest < timestamp <= LAST_SECOND:
            raise invalid_params(f"timestamp: must be after {latest} and at most {LAST_SECOND}")
        self._node.next_block_at(datetime.fromtimestamp(timestamp, UTC))
