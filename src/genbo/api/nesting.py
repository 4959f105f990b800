"""Nesting (入れ子): how deep a body may go. A parser that follows brackets without end ends the process with them.

The parser recurses as deep as the interpreter lets it, and some libraries of ours let it go deeper than the stack of a
thread: a body of brackets alone, from anybody at all, would take the service down. So brackets are counted before.
"""

import re
from collections.abc import Awaitable, Callable
from typing import Any

from fastapi import Request, Response
from fastapi.routing import APIRoute

from genbo.kernel import Reason, Refusal

DEEPEST = 32
"""Lists and objects within each other; ours go five deep."""

_TEXT = re.compile(rb'"(?:[^"\\]|\\.)*+"', re.DOTALL)
_BRACKET = re.compile(rb"[\[\]{}]")


def require_shallow(body: bytes) -> None:
    """Nothing where a JSON parser that reads `body` needs little of the stack.

    Raises:
        Refusal: `request_malformed`.
    """
    if body.count(b"[") + body.count(b"{") <= DEEPEST:
        return
    deep = 0
    for bracket in _BRACKET.findall(_TEXT.sub(b"", body)):
        deep += 1 if bracket in b"[{" else -1
        if deep > DEEPEST:
            raise Refusal(Reason.REQUEST_MALFORMED, field="body", problem="nested too deeply")


class _Request(Request):
    async def json(self) -> Any:
        require_shallow(await self.body())
        return await super().json()


class Route(APIRoute):
    """A route that reads no body which is nested too deeply."""

    def get_route_handler(self) -> Callable[[Request], Awaitable[Response]]:  # type: ignore[override]
        """As that of FastAPI, with a request that counts first."""
        handle = super().get_route_handler()

        async def counted(request: Request) -> Response:
            return await handle(_Request(request.scope, request.receive))

        return counted
