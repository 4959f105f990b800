"""Questions about the state after a block, rehearsals of the next one, and the one way to change anything."""

from __future__ import annotations

from typing import Any

from genbo.chain.embedded import EmbeddedNode
from genbo.chain.hexes import hex_of
from genbo.chain.rpc import answers, inside, params
from genbo.chain.rpc.answers import Json
from genbo.chain.rpc.errors import (
    NOT_POSSIBLE,
    RpcError,
    invalid_params,
    no_coins,
)
from genbo.chain.rpc.params import CallFields, Tag
from genbo.kernel import BlockStamp

LATEST = "latest"


class State:
    """The methods that read and change the state."""

    def __init__(self, node: EmbeddedNode) -> None:
        self._node = node

    def call(self, fields: Any, block: Any = LATEST) -> Json:
        """Without `to`: the code that the creation would leave."""
        asked = _without_value(params.call(fields))
        stamp = self._stamp(block)
        if asked.to is None:
            return hex_of(inside.create(self._node, asked.data, asked.sender, stamp))
        answer = self._node.call(to=asked.to, data=asked.data, at=stamp, sender=asked.sender)
        return hex_of(answer.value)

    def estimate_gas(self, fields: Any, block: Any = LATEST) -> Json:
        """The gas to allow, some to spare. Only the next block can be rehearsed, so `block` must be the latest."""
        asked = _without_value(params.call(fields))
        sender = answers.NOBODY if asked.sender is None else asked.sender
        with inside.lock(self._node):
            if self._stamp(block) != self._node.stamp():
                raise RpcError(NOT_POSSIBLE, "gas can be estimated for the next block only")
            return hex(self._node.rehearse(sender=sender, to=asked.to, data=asked.data))

    def nonce(self, address: Any, block: Any = LATEST) -> Json:
        return hex(inside.nonce(self._node, params.address(address), self._stamp(block)))

    def balance(self, address: Any, block: Any = LATEST) -> Json:
        return hex(self._node.balance(params.address(address), self._stamp(block)).value)

    def code(self, address: Any, block: Any = LATEST) -> Json:
        return hex_of(self._node.code(params.address(address), self._stamp(block)).value)

    def storage(self, address: Any, slot: Any, block: Any = LATEST) -> Json:
        place = params.quantity(slot, "slot")
        found = self._node.storage(params.address(address), place, self._stamp(block))
        return answers.word(found.value)

    def send_raw(self, raw: Any) -> Json:
        """The transaction's hash; it stands in a block already, whether it succeeded or failed."""
        signed = params.data(raw, "transaction")
        try:
            chain_id = inside.decode(self._node, signed).chain_id
        except Exception:  # the engine has no common type for what it cannot read
            raise invalid_params(
                "transaction: not a signed transaction of type 0, 1 or 2"
            ) from None
        # The engine itself would take a transaction signed for another chain.
        if chain_id is not None and chain_id != self._node.chain_id:
            raise RpcError(
                NOT_POSSIBLE,
                f"invalid chain id for signer: have {chain_id} want {self._node.chain_id}",
            )
        return self._node.send_raw(signed)

    def _stamp(self, block: Any) -> BlockStamp:
        """The block to read at; "pending" is the latest, because nothing waits here."""
        chosen = params.block(LATEST if block is None else block)
        if isinstance(chosen, bytes):
            chosen = inside.number_of(self._node, chosen)
        return self._node.stamp(None if isinstance(chosen, Tag) else chosen)


def _without_value(fields: CallFields) -> CallFields:
    if fields.value:
        raise no_coins()
    return fields
