"""RpcError: what the door answers instead of a result, with the codes and words that clients of nodes know."""

from __future__ import annotations

import re
from contextlib import suppress

from eth_abi.abi import decode as abi_decode
from eth_abi.exceptions import DecodingError

from genbo.chain.hexes import hex_of
from genbo.chain.node import BlockUnknown, Reverted
from genbo.kernel import Refusal

PARSE_ERROR = -32700
INVALID_REQUEST = -32600
METHOD_NOT_FOUND = -32601
INVALID_PARAMS = -32602
INTERNAL_ERROR = -32603
NOT_POSSIBLE = -32000
"""The question is well formed and the chain says no: unknown block, transaction not taken."""
REVERTED = 3
"""The contract refused; the data says why."""

_ERROR_STRING = bytes.fromhex("08c379a0")
"""Selector of `Error(string)`."""

_LONGEST_QUOTED = 1024
"""Bytes of revert data that are repeated in the message."""

_NONCE = re.compile(r"Invalid transaction nonce: Expected (\d+), but got (\d+)")

_SAID_BY_NODES = (
    (
        re.compile("cannot afford|not have enough balance"),
        "insufficient funds for gas * price + value: no account has coins on this chain",
    ),
    (re.compile("^Insufficient gas"), "intrinsic gas too low"),
    (re.compile("^Transaction exceeds gas limit"), "exceeds block gas limit"),
)
"""The engine's sentence to the words other nodes use, which clients look for."""


class RpcError(Exception):
    """One JSON-RPC error object. The message is for people; programs go by code and data."""

    def __init__(self, code: int, message: str, data: str | None = None) -> None:
        super().__init__(code, message)
        self.code = code
        self.message = message
        self.data = data

    def as_json(self) -> dict[str, object]:
        told: dict[str, object] = {"code": self.code, "message": self.message}
        return told if self.data is None else told | {"data": self.data}


def invalid_params(problem: str) -> RpcError:
    return RpcError(INVALID_PARAMS, problem)


def no_coins() -> RpcError:
    """A call that would move coins: there are none."""
    return RpcError(
        NOT_POSSIBLE, "insufficient funds for transfer: no account has coins on this chain"
    )


def header_not_found() -> RpcError:
    return RpcError(NOT_POSSIBLE, "header not found")


def error_of(problem: Reverted | BlockUnknown | Refusal) -> RpcError:
    """What the chain raised, in the words of JSON-RPC."""
    if isinstance(problem, Reverted):
        return RpcError(REVERTED, _revert_message(problem.data), hex_of(problem.data))
    if isinstance(problem, BlockUnknown):
        return header_not_found()
    return RpcError(
        NOT_POSSIBLE, _in_words_of_nodes(str(problem.facts.get("problem", problem.reason.value)))
    )


def _revert_message(data: bytes) -> str:
    """`execution reverted: ...` with the reason where it is text, else with the bytes.

    Ape reads an `eth_call` that failed by its message alone; the bytes there let it name the typed error.
    """
    if not data or len(data) > _LONGEST_QUOTED:
        return "execution reverted"
    reason = hex_of(data)
    if data[:4] == _ERROR_STRING:
        with suppress(DecodingError, UnicodeDecodeError):
            reason = str(abi_decode(["string"], data[4:])[0])
    return f"execution reverted: {reason}"


def _in_words_of_nodes(problem: str) -> str:
    if nonces := _NONCE.search(problem):
        expected, given = int(nonces[1]), int(nonces[2])
        direction = "low" if given < expected else "high"
        return f"nonce too {direction}: next nonce {expected}, tx nonce {given}"
    return next((words for pattern, words in _SAID_BY_NODES if pattern.search(problem)), problem)
