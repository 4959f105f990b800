"""Around (前後処理): what happens before and after every request, whatever it asks."""

import os
import re
import time
import traceback
import uuid
from collections.abc import Callable, Mapping
from pathlib import Path

import structlog
from fastapi import Request, Response
from fastapi.routing import APIRoute
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from genbo.kernel import Reason, Refusal

LARGEST = 1_000_000
"""Bytes of a request that is no file."""
LARGEST_DOCUMENT = 32_000_000
"""Bytes of a printed register that is sent to be proved."""
_DOCUMENTS = frozenset({"/v1/register-documents/verifications"})
REQUEST_ID = "X-Request-ID"
_ID = re.compile(r"[A-Za-z0-9-]{1,64}")

_log = structlog.get_logger("genbo.api")


class Around:
    """Names the request, ends the reading of one that is too large, answers where we fail, and writes one line."""

    def __init__(self, app: ASGIApp, *, failed: Callable[[Request], Response]) -> None:
        """`failed`: the answer to a request that met a defect."""
        self._app = app
        self._failed = failed

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = Request(scope)
        request.state.id = _request_id(request.headers.get(REQUEST_ID))
        began, read, status = time.monotonic(), 0, 0

        async def limited() -> Message:
            """Counts what comes, whatever its sender said of its length."""
            nonlocal read
            message = await receive()
            read += len(message.get("body", b""))
            most = _most(request)
            if read > most:
                raise Refusal(Reason.REQUEST_TOO_LARGE, most=most)
            return message

        async def marked(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                headers[REQUEST_ID] = request.state.id
                headers.setdefault("Cache-Control", "no-store")
                headers.update(_announced(request))
            await send(message)

        try:
            await self._app(scope, limited, marked)
        except Exception as defect:
            # Its text may hold what it was about: only its kind and its place are written down.
            _log.error(
                "defect",
                request=request.state.id,
                kind=type(defect).__name__,
                places=_places(defect),
            )
            if status:  # half an answer is out; the connection ends with it
                raise
            await self._failed(request)(scope, receive, marked)
        route = scope.get("route")
        caller = getattr(request.state, "caller", None)
        _log.info(
            "answered",
            request=request.state.id,
            method=request.method,
            route=route.path if isinstance(route, APIRoute) else None,  # a path may hold anything
            status=status,
            credential=getattr(caller, "credential", None),
            milliseconds=round(1000 * (time.monotonic() - began), 1),
        )


def _most(request: Request) -> int:
    """Bytes that the route takes; by then it is known, and who asks was let in."""
    route = request.scope.get("route")
    return LARGEST_DOCUMENT if getattr(route, "path", None) in _DOCUMENTS else LARGEST


def _announced(request: Request) -> Mapping[str, str]:
    """What an answer says of the end of its route, where that is announced."""
    route = request.scope.get("route")
    if not isinstance(route, APIRoute):
        return {}
    entry = request.app.state.access.get((request.method, route.path))
    return {} if entry is None or entry.deprecation is None else entry.deprecation.headers()


def _request_id(given: str | None) -> str:
    """The id that the sender gave, when it is one; a fresh one otherwise."""
    if given and _ID.fullmatch(given):
        return given
    return uuid.uuid4().hex


def _places(defect: BaseException) -> list[str]:
    """Where it happened, from the outermost of our frames on; no values."""
    frames = traceback.extract_tb(defect.__traceback__)
    ours = [each for each in frames if f"{os.sep}genbo{os.sep}" in each.filename]
    return [f"{Path(each.filename).name}:{each.lineno} {each.name}" for each in ours]
