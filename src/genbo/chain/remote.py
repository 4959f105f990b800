"""The chain behind a URL (or behind a web3 connection that somebody else made, as ape does in its scripts).

Plain JSON-RPC questions through web3.py's transport, without its formatting of answers: the register reads logs
by the hundred thousand, and formatting each costs more than reading it.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Sequence
from datetime import datetime
from json import JSONDecodeError
from typing import Any, TypeVar, cast
from urllib.parse import urlsplit

import orjson
import requests
from eth_utils.crypto import keccak
from requests.adapters import HTTPAdapter
from web3 import EthereumTesterProvider, HTTPProvider, Web3
from web3.exceptions import Web3Exception, Web3RPCError
from web3.types import RPCEndpoint, RPCResponse

from genbo.chain.hexes import address_of, hex_of
from genbo.chain.networks import finality_on
from genbo.chain.node import (
    At,
    BlockUnknown,
    Header,
    Inclusion,
    Pinned,
    RawLog,
    Receipt,
    Reverted,
    Topics,
)
from genbo.chain.raw_logs import in_order, log_of
from genbo.kernel import UTC, Address, BlockStamp, Fault, Finality, Reason

T = TypeVar("T")

CONNECT_SECONDS = 3
ANSWER_SECONDS = 30
"""For whoever opens a node without saying how long to wait."""
_CONNECTIONS = 64
"""To a node on this machine, kept open."""
BATCH = 500
"""Questions per request; nodes commonly refuse more than 1,000."""

_BLOCK_UNKNOWN = re.compile(r"not found|unknown block|beyond current head|BlockOutOfRange", re.I)
_REVERTED = re.compile(r"revert|invalid opcode", re.I)
_KNOWN = re.compile(r"already.?(known|imported|exists)|known transaction|already in", re.I)
"""What nodes say to the very same transaction once more."""
_NONCE_LOW = re.compile(r"nonce", re.I)


class Refused:
    """The node's no to one question of many."""

    def __init__(self, problem: dict[str, Any]) -> None:
        self.problem = problem

    @property
    def message(self) -> str:
        return str(self.problem.get("message", ""))


class RemoteNode:
    """A `Node` by JSON-RPC."""

    def __init__(
        self,
        web3: Web3,
        *,
        name: str,
        expected_chain_id: int | None = None,
        finality: Finality | None = None,
    ) -> None:
        """Takes a connection and asks who is there. `connect` makes one from a URL.

        Raises:
            Fault: `node_unreachable`, or `chain_mismatch` when it is not the chain that is expected.
        """
        self._web3 = web3
        self._name = name
        answer = self._ask("eth_chainId", [])
        self._chain_id = self._understood(lambda: _int(answer))
        if expected_chain_id is not None and expected_chain_id != self._chain_id:
            raise Fault(
                Reason.CHAIN_MISMATCH, url=name, expected=expected_chain_id, actual=self._chain_id
            )
        self._finality = finality or finality_on(self._chain_id)

    @property
    def chain_id(self) -> int:
        return self._chain_id

    @property
    def finality(self) -> Finality:
        return self._finality

    def header(self, number: int | None = None) -> Header:
        block = self._ask("eth_getBlockByNumber", [self._block(number), False])
        return self._understood(lambda: self._as_header(block, number))

    def headers(self, numbers: Sequence[int]) -> list[Header]:
        answers = self._ask_many(
            [("eth_getBlockByNumber", [self._block(n), False]) for n in numbers]
        )
        return self._understood(
            lambda: [self._as_header(block, n) for block, n in zip(answers, numbers, strict=True)]
        )

    def stamp(self, at: At = None) -> BlockStamp:
        return at if isinstance(at, BlockStamp) else self.header(at).stamp

    def call(
        self, *, to: Address, data: bytes, at: At = None, sender: Address | None = None
    ) -> Pinned[bytes]:
        stamp = self.stamp(at)
        request = {"to": to, "data": hex_of(data)} | ({} if sender is None else {"from": sender})
        return Pinned(_bytes(self._ask("eth_call", [request, self._block(stamp.number)])), stamp)

    def calls(
        self, questions: Sequence[tuple[Address, bytes]], at: At = None
    ) -> Pinned[list[bytes]]:
        stamp = self.stamp(at)
        block = self._block(stamp.number)
        answers = self._ask_many(
            [("eth_call", [{"to": to, "data": hex_of(data)}, block]) for to, data in questions]
        )
        return Pinned([_bytes(answer) for answer in answers], stamp)

    def rehearse(self, *, sender: Address, to: Address | None, data: bytes) -> int:
        request = {"from": sender, "data": hex_of(data)} | ({} if to is None else {"to": to})
        needed = _int(self._ask("eth_estimateGas", [request]))
        return needed + needed // 5  # the state may have moved on by the time the block is made

    def send_raw(self, raw: bytes) -> str:
        try:
            return _hex(self._ask("eth_sendRawTransaction", [hex_of(raw)]))
        except Fault as fault:
            if _KNOWN.search(str(fault.facts.get("problem", ""))):
                return hex_of(keccak(raw))
            raise

    def hand_in(self, raws: Sequence[bytes]) -> list[str | None]:
        # One by one: nodes that work on the questions of a request side by side, as anvil does, lose transactions
        # that arrive before the one with the number below.
        return [self._hand_in(raw) for raw in raws]

    def _hand_in(self, raw: bytes) -> str | None:
        (answer,) = self._ask_many_each([("eth_sendRawTransaction", [hex_of(raw)])])
        if not isinstance(answer, Refused) or _KNOWN.search(answer.message):
            return None
        # Some nodes call a transaction that stands already "nonce too low".
        stands = _NONCE_LOW.search(answer.message) and self.inclusions([hex_of(keccak(raw))])[0]
        return None if stands else answer.message[:160]

    def inclusions(self, txs: Sequence[str]) -> list[Inclusion | None]:
        method = "eth_getTransactionReceipt"
        answers = self._ask_many_each([(method, [tx]) for tx in txs])
        return [
            self._refused(method, answer.problem, _BLOCK_UNKNOWN)
            if isinstance(answer, Refused)
            else _as_inclusion(answer)
            for answer in answers
        ]

    def block_transactions(self, number: int) -> list[tuple[str, Address, int]]:
        block = self._ask("eth_getBlockByNumber", [self._block(number), True])
        if block is None:
            raise BlockUnknown(number)
        return [
            (_hex(each["hash"]), address_of(_bytes(each["from"])), _int(each["nonce"]))
            for each in block["transactions"]
        ]

    def receipt(self, tx: str) -> Receipt | None:
        answer = self._ask("eth_getTransactionReceipt", [tx], null_when=_BLOCK_UNKNOWN)
        if answer is None or answer["blockNumber"] is None:
            return None
        created = answer.get("contractAddress")
        return Receipt(
            tx=_hex(answer["transactionHash"]),
            block=_int(answer["blockNumber"]),
            block_hash=_hex(answer["blockHash"]),
            succeeded=_int(answer["status"]) == 1,
            gas_used=_int(answer["gasUsed"]),
            created=None if created is None else address_of(_bytes(created)),
            logs=tuple(log_of(log) for log in answer["logs"]),
        )

    def logs(
        self, *, addresses: Sequence[Address], topics: Topics = (), first: int, last: int
    ) -> list[RawLog]:
        if first > last or not addresses:
            return []
        words = [None if words is None else [hex_of(word) for word in words] for words in topics]
        found = self._ask(
            "eth_getLogs",
            [
                {
                    "address": list(addresses),
                    "topics": words,
                    "fromBlock": self._block(first),
                    "toBlock": self._block(last),
                }
            ],
        )
        return self._understood(lambda: in_order([log_of(log) for log in found]))

    def nonce(self, address: Address) -> int:
        return _int(self._ask("eth_getTransactionCount", [address, "pending"]))

    def used(self, address: Address, at: At = None) -> Pinned[int]:
        stamp = self.stamp(at)
        count = self._ask("eth_getTransactionCount", [address, self._block(stamp.number)])
        return Pinned(_int(count), stamp)

    def balance(self, address: Address, at: At = None) -> Pinned[int]:
        stamp = self.stamp(at)
        return Pinned(
            _int(self._ask("eth_getBalance", [address, self._block(stamp.number)])), stamp
        )

    def code(self, address: Address, at: At = None) -> Pinned[bytes]:
        stamp = self.stamp(at)
        return Pinned(_bytes(self._ask("eth_getCode", [address, self._block(stamp.number)])), stamp)

    def storage(self, address: Address, slot: int, at: At = None) -> Pinned[int]:
        stamp = self.stamp(at)
        word = self._ask("eth_getStorageAt", [address, hex(slot), self._block(stamp.number)])
        return Pinned(int.from_bytes(_bytes(word), "big"), stamp)

    # Inside --------------------------------------------------------------------------------------

    def _ask(self, method: str, params: list[Any], null_when: re.Pattern[str] | None = None) -> Any:
        try:
            return self._web3.manager.request_blocking(RPCEndpoint(method), params)
        except Web3RPCError as error:
            response = error.rpc_response or {}
            return self._refused(method, dict(response.get("error") or {}), null_when)
        except (requests.RequestException, OSError, JSONDecodeError):
            raise self._unreachable() from None
        except Web3Exception as error:
            return self._refused(method, {"message": str(error)}, null_when)
        except Exception as error:
            # eth-tester, behind ape's in-process network, throws exceptions of its own instead of
            # answering.
            if type(error).__module__.partition(".")[0] not in (
                "eth",
                "eth_tester",
                "eth_utils",
                "rlp",
            ):
                raise
            return self._refused(method, {"message": str(error)}, null_when)

    def _ask_many(self, questions: Sequence[tuple[str, list[Any]]]) -> list[Any]:
        """The answers, in order; the first refusal is raised."""
        answers = self._ask_many_each(questions)
        for (method, _), answer in zip(questions, answers, strict=True):
            if isinstance(answer, Refused):
                self._refused(method, answer.problem, None)
        return answers

    def _ask_many_each(self, questions: Sequence[tuple[str, list[Any]]]) -> list[Any]:
        """The answers, in order, a `Refused` among them where the node said no to one."""
        provider = self._web3.provider
        if not isinstance(provider, HTTPProvider):
            return [self._ask_or_refused(method, params) for method, params in questions]
        answers: list[Any] = []
        for at in range(0, len(questions), BATCH):
            part = [(RPCEndpoint(method), params) for method, params in questions[at : at + BATCH]]
            try:
                responses = provider.make_batch_request(part)
            except (requests.RequestException, OSError, JSONDecodeError):
                raise self._unreachable() from None
            if not isinstance(responses, list) or len(responses) != len(part):
                raise self._unreachable()
            for response in responses:
                if problem := response.get("error"):
                    answers.append(Refused(dict(problem)))
                else:
                    answers.append(response.get("result"))
        return answers

    def _ask_or_refused(self, method: str, params: list[Any]) -> Any:
        try:
            return self._ask(method, params, null_when=_BLOCK_UNKNOWN)
        except Fault as fault:
            if "problem" not in fault.facts:
                raise  # no answer at all
            return Refused({"message": fault.facts["problem"]})
        except Reverted as reverted:
            return Refused({"code": 3, "data": hex_of(reverted.data)})

    def _refused(
        self, method: str, problem: dict[str, Any], null_when: re.Pattern[str] | None
    ) -> Any:
        """The node answered, and the answer is no."""
        message = str(problem.get("message", ""))
        if null_when is not None and null_when.search(message):
            return None
        if method in ("eth_call", "eth_estimateGas") and (
            problem.get("code") == 3 or _REVERTED.search(message)
        ):
            raise Reverted(_revert_data(problem.get("data"), message)) from None
        if method != "eth_sendRawTransaction" and _BLOCK_UNKNOWN.search(message):
            raise BlockUnknown(message[:160]) from None
        if method in ("eth_sendRawTransaction", "eth_call", "eth_estimateGas"):
            raise Fault(Reason.TRANSACTION_FAILED, problem=message[:160]) from None
        raise Fault(Reason.NODE_UNREACHABLE, url=self._name, problem=message[:160]) from None

    def _understood(self, read: Callable[[], T]) -> T:
        """What the answer says. Raises Fault(node_unreachable) when it says nothing that a node would say."""
        try:
            return read()
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            problem = f"an answer that cannot be understood ({type(error).__name__})"
            raise Fault(Reason.NODE_UNREACHABLE, url=self._name, problem=problem) from None

    def _block(self, number: int | None) -> str | int:
        """A block number as the connection wants it: eth-tester knows integers only."""
        if number is None:
            return "latest"
        return number if isinstance(self._web3.provider, EthereumTesterProvider) else hex(number)

    def _unreachable(self) -> Fault:
        return Fault(Reason.NODE_UNREACHABLE, url=self._name)

    def _as_header(self, block: Any, asked: int | None) -> Header:
        if block is None:
            raise BlockUnknown(asked)
        base_fee = block.get("baseFeePerGas")
        return Header(
            stamp=BlockStamp(
                chain_id=self._chain_id,
                number=_int(block["number"]),
                hash=_hex(block["hash"]),
                at=datetime.fromtimestamp(_int(block["timestamp"]), UTC),
            ),
            parent_hash=_hex(block["parentHash"]),
            gas_limit=_int(block["gasLimit"]),
            base_fee=None if base_fee is None else _int(base_fee),
        )


def connect(
    url: str,
    *,
    expected_chain_id: int | None = None,
    seconds: float = ANSWER_SECONDS,
    finality: Finality | None = None,
) -> RemoteNode:
    """The node at `url`, asked once who it is.

    Args:
        seconds: how long it may take for an answer before it counts as away.

    Raises:
        Fault: as `RemoteNode`; within seconds, and without trying again.
    """
    if not url.startswith(("http://", "https://")):
        raise Fault(Reason.SETTING_INVALID, setting="node", allowed="http://... or https://...")
    provider = _Provider(
        url,
        session=_session(url),
        request_kwargs={"timeout": (min(CONNECT_SECONDS, seconds), seconds)},
        exception_retry_configuration=None,
    )
    return RemoteNode(
        Web3(provider, middleware=[]),
        name=without_secrets(url),
        expected_chain_id=expected_chain_id,
        finality=finality,
    )


def _session(url: str) -> requests.Session | None:
    """For a node on this machine: one session for all threads, which does not look for proxies with every question."""
    if urlsplit(url).hostname not in ("127.0.0.1", "::1", "localhost"):
        return None  # web3.py's own, one for each thread
    session = requests.Session()
    session.trust_env = False
    session.mount("http://", HTTPAdapter(pool_maxsize=_CONNECTIONS))
    return session


class _Provider(HTTPProvider):
    """web3.py's own, with the faster parser: an answer may hold a hundred thousand logs."""

    @staticmethod
    def decode_rpc_response(raw_response: bytes) -> RPCResponse:
        return cast(RPCResponse, orjson.loads(raw_response))


def without_secrets(url: str) -> str:
    """The address without user, password, path and query: they carry access keys at hosted nodes."""
    scheme, _, rest = url.partition("://")
    return f"{scheme}://{re.split('[/?#]', rest)[0].rpartition('@')[2]}"


def _as_inclusion(answer: Any) -> Inclusion | None:
    if answer is None or answer["blockNumber"] is None:
        return None
    return Inclusion(
        tx=_hex(answer["transactionHash"]),
        block=_int(answer["blockNumber"]),
        succeeded=_int(answer["status"]) == 1,
        gas_used=_int(answer["gasUsed"]),
    )


def _revert_data(data: Any, message: str) -> bytes:
    """The bytes of the typed error; nodes put them in different places, eth-tester into its sentence."""
    if isinstance(data, dict):
        data = data.get("data", data.get("result"))
    if isinstance(data, str) and re.fullmatch(r"0x([0-9a-fA-F]{2})*", data):
        return bytes.fromhex(data[2:])
    if quoted := re.search(r"b(['\"]).*\1", message):
        return bytes(ast.literal_eval(quoted[0]))
    return b""


def _int(value: Any) -> int:
    return int(value, 16) if isinstance(value, str) else int(value)


def _bytes(value: Any) -> bytes:
    return bytes.fromhex(value[2:]) if isinstance(value, str) else bytes(value)


def _hex(value: Any) -> str:
    return value.lower() if isinstance(value, str) else hex_of(bytes(value))
