"""Calling: an operation with its arguments, as an exchange whose answer is a typed result."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final

from genbo_sdk._exchange import Ask, Policy, Steps, exchange, fresh_id
from genbo_sdk._json import plain, read, text
from genbo_sdk._operation import Operation

Given = Mapping[str, object]
"""Arguments by their names in the interface; None: not given."""
_NOTHING: Final[Given] = {}


def operation_named(name: str) -> Operation:
    """Out of the table, which is loaded with the first call."""
    from genbo_sdk._operations import OPERATIONS

    return OPERATIONS[name]


def ask_of(
    operation: Operation,
    *,
    path: Given = _NOTHING,
    query: Given = _NOTHING,
    headers: Given = _NOTHING,
    body: object = None,
    content: bytes | None = None,
    media_type: str | None = None,
    key: str | None = None,
) -> Ask:
    """A call as it is sent, however often. A fresh idempotency key where one is needed and none is given.

    Args:
        body: what becomes JSON.
        content: what is sent as it is, of the kind `media_type`.
    """
    if body is not None:
        content = json.dumps(plain(body), ensure_ascii=False, separators=(",", ":")).encode()
        media_type = "application/json"
    return Ask(
        operation=operation,
        path={name: text(value) for name, value in path.items()},
        query=operation.fixed + pairs(query),
        headers={name: text(value) for name, value in headers.items() if value is not None},
        content=content,
        media_type=media_type,
        key=(key or fresh_id()) if operation.keyed else None,
    )


def call(ask: Ask, policy: Policy, *, progress: Callable[[Any], None] | None = None) -> Steps[Any]:
    """The typed answer; where a job makes it, once it is made.

    Args:
        progress: hears how far such a job is, each time it is looked at.

    Raises:
        as `exchange`; NotUnderstood; as `made`.
    """
    got = yield from exchange(ask, policy)
    if ask.operation.by_job and got.status == 202:
        from genbo_sdk._made import made

        got = yield from made(got, ask, policy, progress or _silent)
    kind = ask.operation.result
    if kind is None:
        return None
    if kind is bytes:
        return got.content
    answer = read(kind, got.content, request_id=got.headers.get("x-request-id"), key=ask.key)
    if hasattr(answer, "etag") and "etag" in got.headers:
        return replace(answer, etag=got.headers["etag"])
    return answer


def _silent(_: object) -> None:
    """Nobody hears of it."""


def pairs(query: Given) -> tuple[tuple[str, str], ...]:
    """The arguments of an address; a list as its name once for each."""
    return tuple(
        (name, text(each))
        for name, value in query.items()
        for each in (value if isinstance(value, list | tuple) else (value,))
        if each is not None
    )
