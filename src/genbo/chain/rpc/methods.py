"""The methods of the door by name. What is not in the table does not exist."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from typing import Any

from genbo import __version__
from genbo.chain.embedded import EmbeddedNode
from genbo.chain.rpc.answers import Json
from genbo.chain.rpc.clock import Clock
from genbo.chain.rpc.errors import METHOD_NOT_FOUND, RpcError, invalid_params
from genbo.chain.rpc.fees import Fees
from genbo.chain.rpc.ledger import Ledger
from genbo.chain.rpc.state import State

CLIENT_VERSION = f"Genbo/v{__version__}/py-evm"


def _nobody() -> Json:
    return []


class Methods:
    """Everything that can be asked of one chain."""

    def __init__(self, node: EmbeddedNode) -> None:
        ledger, state, fees, clock = Ledger(node), State(node), Fees(node), Clock(node)
        self._table: dict[str, Callable[..., Json]] = {
            "web3_clientVersion": lambda: CLIENT_VERSION,
            "net_version": lambda: str(node.chain_id),
            "eth_chainId": lambda: hex(node.chain_id),
            "eth_syncing": lambda: False,
            "eth_accounts": _nobody,
            "eth_blockNumber": ledger.head_number,
            "eth_getBlockByNumber": ledger.block_by_number,
            "eth_getBlockByHash": ledger.block_by_hash,
            "eth_getTransactionByHash": ledger.transaction,
            "eth_getTransactionReceipt": ledger.receipt,
            "eth_getLogs": ledger.logs,
            "eth_call": state.call,
            "eth_estimateGas": state.estimate_gas,
            "eth_getTransactionCount": state.nonce,
            "eth_getBalance": state.balance,
            "eth_getCode": state.code,
            "eth_getStorageAt": state.storage,
            "eth_sendRawTransaction": state.send_raw,
            "eth_gasPrice": fees.price,
            "eth_maxPriorityFeePerGas": fees.price,
            "eth_feeHistory": fees.history,
            "evm_increaseTime": clock.increase,
            "evm_setNextBlockTimestamp": clock.set_next,
            "evm_mine": clock.mine,
        }
        self._signatures = {name: inspect.signature(each) for name, each in self._table.items()}

    def ask(self, name: str, params: Sequence[Any]) -> Json:
        """The result of one method.

        Raises:
            RpcError: no such method, or its parameters are wrong.
            Reverted, BlockUnknown, Refusal: as the chain raises them.
        """
        method = self._table.get(name)
        if method is None:
            # In these words, because clients look for them.
            raise RpcError(METHOD_NOT_FOUND, f"the method {name} does not exist/is not available")
        try:
            self._signatures[name].bind(*params)
        except TypeError as problem:
            raise invalid_params(f"{name}: {problem}") from None
        return method(*params)
