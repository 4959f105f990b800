"""Requests and responses of JSON-RPC 2.0, one or many at a time."""

from __future__ import annotations

import logging
from typing import Any

import orjson

from genbo.chain.node import BlockUnknown, Reverted
from genbo.chain.rpc.errors import (
    INTERNAL_ERROR,
    INVALID_REQUEST,
    PARSE_ERROR,
    RpcError,
    error_of,
    invalid_params,
)
from genbo.chain.rpc.methods import Methods
from genbo.kernel import Refusal

MAX_BATCH = 1000
"""Requests in one batch, as other nodes limit it."""

_log = logging.getLogger(__name__)


def answer(methods: Methods, body: bytes) -> bytes:
    """The response to `body`, whatever it is; empty when none is wanted (notifications)."""
    try:
        request = orjson.loads(body)
    except orjson.JSONDecodeError:
        return refusal(RpcError(PARSE_ERROR, "the request is not JSON"))
    if not isinstance(request, list):
        response = _respond(methods, request)
        return b"" if response is None else orjson.dumps(response)
    if not request:
        return refusal(RpcError(INVALID_REQUEST, "the batch is empty"))
    if len(request) > MAX_BATCH:
        return refusal(RpcError(INVALID_REQUEST, f"the batch has more than {MAX_BATCH} requests"))
    responses = [found for each in request if (found := _respond(methods, each)) is not None]
    return orjson.dumps(responses) if responses else b""


def refusal(error: RpcError, request_id: Any = None) -> bytes:
    """The response to something that could not be read as a request."""
    return orjson.dumps(_failed(error, request_id))


def _respond(methods: Methods, request: Any) -> dict[str, Any] | None:
    """None for a notification: a request without id wants no answer."""
    request_id = request.get("id") if isinstance(request, dict) else None
    if not _is_request(request):
        return _failed(
            RpcError(INVALID_REQUEST, "not a JSON-RPC 2.0 request"),
            request_id if _is_id(request_id) else None,
        )
    try:
        response = {"jsonrpc": "2.0", "id": request_id, "result": _result(methods, request)}
    except RpcError as error:
        response = _failed(error, request_id)
    return response if "id" in request else None


def _is_request(request: Any) -> bool:
    return (
        isinstance(request, dict)
        and request.get("jsonrpc") == "2.0"
        and isinstance(request.get("method"), str)
        and _is_id(request.get("id"))
    )


def _is_id(value: Any) -> bool:
    return value is None or type(value) in (str, int, float)


def _result(methods: Methods, request: dict[str, Any]) -> Any:
    name, params = request["method"], request.get("params")
    if params is None:
        params = []
    if not isinstance(params, list):
        raise invalid_params(f"{name}: the parameters must be a list")
    try:
        return methods.ask(name, params)
    except RpcError:
        raise
    except (Reverted, BlockUnknown, Refusal) as problem:
        raise error_of(problem) from None
    except Exception:
        # A bug. One request must not take the door away from the others; the log has the traceback.
        _log.exception("%s failed", name)
        raise RpcError(INTERNAL_ERROR, "internal error") from None


def _failed(error: RpcError, request_id: Any) -> dict[str, Any]:
    return {"jsonrpc": "2.0", "id": request_id, "error": error.as_json()}
