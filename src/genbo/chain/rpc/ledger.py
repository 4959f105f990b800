"""Questions about what stands in the blocks: headers, transactions, receipts, logs."""

from __future__ import annotations

from typing import Any

from genbo.chain.embedded import EmbeddedNode
from genbo.chain.node import BlockUnknown
from genbo.chain.rpc import answers, inside, params
from genbo.chain.rpc.answers import Json
from genbo.chain.rpc.params import BlockChoice, Tag


class Ledger:
    """The methods that read the ledger."""

    def __init__(self, node: EmbeddedNode) -> None:
        self._node = node

    def head_number(self) -> Json:
        return hex(self._node.header().stamp.number)

    def block_by_number(self, number: Any, full: Any = False) -> Json:
        """None when there is no such block."""
        with_bodies = params.flag(full, "full transactions")
        chosen = params.block(number)
        if chosen is Tag.PENDING:
            return answers.pending_block(inside.next_block(self._node))
        return self._block(chosen, full=with_bodies)

    def block_by_hash(self, block_hash: Any, full: Any = False) -> Json:
        """None when there is no such block."""
        return self._block(params.word(block_hash), full=params.flag(full, "full transactions"))

    def transaction(self, tx: Any) -> Json:
        """None when it is in no block."""
        placed = inside.transaction(self._node, params.word(tx))
        return None if placed is None else answers.transaction(placed)

    def receipt(self, tx: Any) -> Json:
        """None when it is in no block."""
        with inside.lock(self._node):
            placed = inside.transaction(self._node, params.word(tx))
            if placed is None:
                return None
            return answers.receipt(
                placed, inside.receipts(self._node, int(placed.header.block_number))
            )

    def logs(self, wanted: Any) -> Json:
        """In ledger order. A range that reaches beyond the latest block ends there."""
        log_filter = params.log_filter(wanted)
        if log_filter.block_hash is None:
            first, last = self._number(log_filter.first), self._number(log_filter.last)
        else:
            first = last = inside.number_of(self._node, log_filter.block_hash)
        return [
            answers.log(index, log)
            for index, log in inside.logs(self._node, log_filter, first, last)
        ]

    def _block(self, chosen: BlockChoice, *, full: bool) -> Json:
        try:
            return answers.block(inside.block(self._node, self._number(chosen)), full=full)
        except BlockUnknown:
            return None

    def _number(self, chosen: BlockChoice) -> int:
        if isinstance(chosen, bytes):
            return inside.number_of(self._node, chosen)
        return self._node.header().stamp.number if isinstance(chosen, Tag) else chosen
