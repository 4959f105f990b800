"""Fees: there are none. Asked for, they are zero, so that every client's transaction offers zero."""

from __future__ import annotations

from typing import Any

from genbo.chain.embedded import EmbeddedNode
from genbo.chain.rpc import inside, params
from genbo.chain.rpc.answers import Json
from genbo.chain.rpc.errors import invalid_params
from genbo.chain.rpc.params import Tag

MAX_HISTORY = 1024
"""Blocks of one answer, as other nodes limit it."""

MAX_PERCENTILES = 100


class Fees:
    """The methods that tell prices."""

    def __init__(self, node: EmbeddedNode) -> None:
        self._node = node

    def price(self) -> Json:
        """Wei per gas; the tip too."""
        return hex(0)

    def history(self, count: Any, newest: Any, percentiles: Any = None) -> Json:
        """How full the last blocks were; every price in it is zero."""
        most = min(params.quantity(count, "block count"), MAX_HISTORY)
        wanted = _percentiles(percentiles)
        chosen = params.block(newest)
        if isinstance(chosen, bytes):
            raise invalid_params("newest block: must be a number or a tag")
        last = self._node.header(None if isinstance(chosen, Tag) else chosen).stamp.number
        headers = [
            inside.header(self._node, number) for number in range(max(0, last + 1 - most), last + 1)
        ]
        answer: dict[str, Json] = {
            "oldestBlock": hex(last + 1 - len(headers)),
            "baseFeePerGas": [hex(0)] * (len(headers) + 1) if headers else [],
            "gasUsedRatio": [header.gas_used / header.gas_limit for header in headers],
        }
        if wanted:
            answer["reward"] = [[hex(0)] * len(wanted) for _ in headers]
        return answer


def _percentiles(value: Any) -> list[float]:
    if value is None:
        return []
    if not isinstance(value, list) or len(value) > MAX_PERCENTILES:
        raise invalid_params(f"percentiles: must be a list of at most {MAX_PERCENTILES}")
    if not all(type(each) in (int, float) and 0 <= each <= 100 for each in value):
        raise invalid_params("percentiles: must be numbers between 0 and 100")
    if value != sorted(value):
        raise invalid_params("percentiles: must rise")
    return value
