"""Bodies (本文): what a parser, or the database behind it, cannot bear is refused before it gets there.

given a body of JSON
├── when it is not UTF-8: refused, for the parser would read UTF-16 in which nothing else is looked for
├── when it is nested deeper than anything of ours: refused. The parser recurses as deep as the interpreter lets it, and
│   some libraries of ours let it go deeper than the stack of a thread: brackets alone would end the process
├── when a text of it holds the character of number zero, or half of a pair that stands for one character (a lone
│   surrogate): refused, for no text of the database can, and none of an answer the second
└── otherwise: read as it is
"""

import re
from collections.abc import Awaitable, Callable
from typing import Any

from fastapi import Request, Response
from fastapi.routing import APIRoute

from genbo.kernel import Reason, Refusal

DEEPEST = 32
"""Lists and objects within each other; ours go five deep."""

_HALF = re.compile("[\ud800-\udfff]")
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


def require_utf_8(body: bytes) -> None:
    """Nothing for UTF-8, as JSON is sent (RFC 8259, 8.1).

    Raises:
        Refusal: `request_malformed`, also for UTF-16: of its signs nothing that is looked for here is found.
    """
    try:
        body.decode()
    except UnicodeDecodeError:
        raise Refusal(Reason.REQUEST_MALFORMED, field="body", problem="not UTF-8") from None
    if b"\0" in body:
        raise Refusal(Reason.REQUEST_MALFORMED, field="body", problem="a zero")


def require_text(value: object) -> None:
    """Nothing where no text within `value` holds a zero, or half a character.

    Raises:
        Refusal: `request_malformed`.
    """
    match value:
        case str():
            if "\0" in value:
                raise Refusal(Reason.REQUEST_MALFORMED, field="body", problem="a zero in a text")
            if not value.isascii() and _HALF.search(value):
                raise Refusal(
                    Reason.REQUEST_MALFORMED, field="body", problem="half a character in a text"
                )
        case list():
            for each in value:
                require_text(each)
        case dict():
            for name, each in value.items():
                require_text(name)
                require_text(each)


class _Request(Request):
    async def json(self) -> Any:
        body = await self.body()
        require_utf_8(body)
        require_shallow(body)
        value = await super().json()
        if rb"\u" in body:  # as they are, neither is JSON
            require_text(value)
        return value


class Route(APIRoute):
    """A route that reads no such body."""

    def get_route_handler(self) -> Callable[[Request], Awaitable[Response]]:  # type: ignore[override]
        """As that of FastAPI, with a request that looks first."""
        handle = super().get_route_handler()

        async def looked(request: Request) -> Response:
            return await handle(_Request(request.scope, request.receive))

        return looked
