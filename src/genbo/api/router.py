"""Routers: the routes of one domain word, each asked who asks before anything else."""

import time
from collections.abc import Awaitable, Callable
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Request, Response
from fastapi.routing import APIRoute
from starlette.concurrency import run_in_threadpool

from genbo.api.access import require_access
from genbo.api.body import Route
from genbo.api.caller import Authority, Caller
from genbo.api.idempotency import key_of
from genbo.api.mode import WITHOUT, answer_in_mode, takes_mode, with_modes
from genbo.api.problem import MEDIA_TYPE, Problem
from genbo.governance.users import Scope
from genbo.kernel import Reason, Refusal

CHANGING = frozenset({"POST", "PUT", "PATCH", "DELETE"})


async def caller(
    request: Request,
    authorization: Annotated[str | None, Header(include_in_schema=False)] = None,
) -> Caller | None:
    """Who asks, allowed to ask this; None for a route that is for everybody.

    Raises:
        Refusal: as the tree of `app`.
    """
    known: tuple[Caller | None] | None = getattr(request.state, "known", None)
    if known is not None:
        return known[0]
    state = request.app.state
    route: APIRoute = request.scope["route"]
    access = state.access[request.method, route.path]
    if access.scope is None:
        return None
    kind, _, token = (authorization or "").partition(" ")
    if kind.lower() != "bearer" or not token.strip():
        raise Refusal(Reason.CREDENTIAL_REFUSED)
    at = state.now()
    certificate = state.proxies.certificate(request)
    # Nearly always it is remembered; a thread for the rest, which asks the database.
    authority: Authority = state.authority
    found = authority.remembered(token.strip(), at=at, certificate=certificate)
    if found is None:
        found = await run_in_threadpool(
            authority.caller, token.strip(), at=at, certificate=certificate
        )
    state.rates.take(found.credential, at=time.monotonic())
    try:
        require_access(found, access, request.url.path)
    except Refusal as refusal:
        what = f"{request.method} {route.path}"
        await run_in_threadpool(authority.refused, found, refusal, what, at=at)
        raise
    if request.method in CHANGING and access.scope is Scope.UPDATE:
        key_of(request.headers.get("Idempotency-Key"))
    request.state.caller = found
    return found


class _Asked(Route):
    """A route that asks who asks before it reads what: a body of somebody unknown is not parsed. One that changes
    something and says nothing of modes has them all the same (`mode`)."""

    def __init__(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
        changes = CHANGING & set(options.get("methods") or ())
        named = {(method, path) for method in changes}
        self.rehearses = bool(named - WITHOUT.keys()) and not takes_mode(path, endpoint)
        if self.rehearses:
            options = with_modes(endpoint, options)
        super().__init__(path, endpoint, **options)

    def get_route_handler(self) -> Callable[[Request], Awaitable[Response]]:  # type: ignore[override]
        """As that of `Route`, once the caller is known."""
        handle = super().get_route_handler()

        async def asked(request: Request) -> Response:
            request.state.known = (await caller(request, request.headers.get("Authorization")),)
            if self.rehearses:
                return await answer_in_mode(request, handle)
            return await handle(request)

        return asked


_NO: dict[int | str, dict[str, Any]] = {
    "default": {
        "model": Problem,
        "description": "A problem (RFC 9457). 拒否または障害",
        "content": {MEDIA_TYPE: {}},
    }
}


def router(word: str) -> APIRouter:
    """The routes of `word`, such as `products`, under `/v1`."""
    return APIRouter(
        prefix="/v1", tags=[word], dependencies=[Depends(caller)], responses=_NO, route_class=_Asked
    )


def at_root(word: str) -> APIRouter:
    """Routes of `word` outside of `/v1`, for what others fixed the path of."""
    return APIRouter(tags=[word], dependencies=[Depends(caller)], responses=_NO, route_class=_Asked)
