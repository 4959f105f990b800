"""Modes (実行区分) of a mutation: asked about, prepared for signing, or done.

given a route that changes something
├── when a key outside signs what it does: its own module answers each mode
├── when none does: the three are answered here, for all of them
│   ├── `submit`: it is done
│   ├── `dry_run`: it is done as ever, in a rehearsal that is taken back whole (`storage.rehearsal`): allowed, or the
│   │   problem for which `submit` would be refused now. What is not there, or not as described, is told as ever
│   └── `prepare`: as `dry_run`, refused where `submit` would be; otherwise that there is nothing to sign
└── when it is one of WITHOUT: it has no modes
"""

from collections.abc import Awaitable, Callable, Mapping
from enum import StrEnum
from http import HTTPStatus
from types import MappingProxyType
from typing import Annotated, Any, TypeAlias

from anyio import CancelScope, CapacityLimiter
from anyio.lowlevel import RunVar
from fastapi import Depends, Query, Request, Response
from fastapi.datastructures import DefaultPlaceholder
from fastapi.dependencies.utils import get_dependant, get_typed_return_annotation
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.types import Message

from genbo.api.judged import Judged, NothingToSign
from genbo.api.status import status_of
from genbo.kernel import Fault, Reason, Refusal
from genbo.storage.engine import Database
from genbo.storage.rehearsal import Rehearsal


class Mode(StrEnum):
    """How far a mutation goes."""

    DRY_RUN = "dry_run"
    """判定のみ: whether it would be refused, and why. Nothing is stored."""
    PREPARE = "prepare"
    """署名準備: what keys outside have to sign. Nothing is stored."""
    SUBMIT = "submit"
    """実行: it is ordered."""


InMode: TypeAlias = Annotated[
    Mode,
    Query(
        description="`dry_run` judges, `prepare` returns what is to be signed, `submit` orders. 実行区分"
    ),
]

_A_READING = "it tells and changes nothing; that it was read is recorded each time"
WITHOUT: Mapping[tuple[str, str], str] = MappingProxyType(
    {
        ("POST", "/v1/oauth/token"): "signing in: there is nobody yet who could be asked",
        ("POST", "/v1/investors/names"): _A_READING,
        ("POST", "/v1/products/{product}/register"): _A_READING,
        ("POST", "/v1/products/{product}/register-documents"): _A_READING,
        ("POST", "/v1/products/{product}/certificates"): _A_READING,
        ("POST", "/v1/products/{product}/corporate-actions/{action}/documents"): _A_READING,
        ("POST", "/v1/register-documents/verifications"): _A_READING,
        ("POST", "/v1/distributions/proofs/verifications"): _A_READING,
        (
            "POST",
            "/v1/products/{product}/distributions/{distribution}/payment-files/{file}/copies",
        ): _A_READING,
    }
)
"""Routes whose method is that of a mutation and that have no modes, and why."""


def takes_mode(path: str, endpoint: Callable[..., Any]) -> bool:
    """Whether the route answers each mode itself."""
    waiting = [get_dependant(path=path, call=endpoint)]
    while waiting:
        one = waiting.pop()
        if any(each.name == "mode" for each in one.query_params):
            return True
        waiting += one.dependencies
    return False


async def in_mode(mode: InMode = Mode.SUBMIT) -> Mode:
    """The mode of a route that answers none itself."""
    return mode


def with_modes(endpoint: Callable[..., Any], options: dict[str, Any]) -> dict[str, Any]:
    """The options of a route, with the modes in its description: what they are answered, with 200."""
    responses = dict(options.get("responses") or {})
    described = {
        "description": "`dry_run`: the judgement; `prepare`: that no key signs it. 判定・署名不要"
    }
    model = options.get("response_model")
    if isinstance(model, DefaultPlaceholder):
        model = get_typed_return_annotation(endpoint)
        if isinstance(model, type) and issubclass(model, Response):
            model = None
    if (options.get("status_code") or HTTPStatus.OK) != HTTPStatus.OK:
        responses[200] = {"model": Judged | NothingToSign, **described}
    elif model is None:
        responses[200] = {**responses.get(200, {}), "model": Judged | NothingToSign}
    else:
        options = {**options, "response_model": model | Judged | NothingToSign}
    dependencies = [*(options.get("dependencies") or ()), Depends(in_mode)]
    return {**options, "responses": responses, "dependencies": dependencies}


async def answer_in_mode(
    request: Request, handle: Callable[[Request], Awaitable[Response]]
) -> Response:
    """The answer of a route of which `handle` answers `submit`.

    Raises:
        Refusal: as `handle`, but for a judgement.
    """
    asked = request.query_params.get("mode")
    if asked not in (Mode.DRY_RUN, Mode.PREPARE):
        return await handle(request)
    database: Database = request.app.state.office.house.database
    whole = await _read_whole(request)
    try:
        async with _turns():
            await _rehearse(database.rehearsal(), whole, handle)
    except Fault:
        raise
    except Refusal as refusal:
        if asked == Mode.PREPARE or _is_about_the_request(refusal):
            raise
        return _plain(Judged.of(refusal, request))
    if asked == Mode.DRY_RUN:
        return _plain(Judged.of(None, request))
    return _plain(NothingToSign(needed=0, sign=None))


async def _read_whole(request: Request) -> Request:
    """The request with its body: nobody who sends slowly keeps the turn of others."""
    try:
        body = await request.body()
    except ClientDisconnect as gone:
        raise HTTPException(HTTPStatus.BAD_REQUEST) from gone
    waiting: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive() -> Message:
        return waiting.pop() if waiting else await request.receive()

    return Request(request.scope, receive)


async def _rehearse(
    rehearsal: Rehearsal, request: Request, handle: Callable[[Request], Awaitable[Response]]
) -> None:
    try:
        with rehearsal.running():
            await handle(request)
    finally:
        with CancelScope(shield=True):
            await run_in_threadpool(rehearsal.end)


AT_ONCE = 5
"""Rehearsals at once, so few that connections are left: one holds its own from one thread to the next, and all threads
may meanwhile wait for a connection."""
_limiter: RunVar[CapacityLimiter] = RunVar("rehearsals")


def _turns() -> CapacityLimiter:
    try:
        return _limiter.get()
    except LookupError:
        _limiter.set(CapacityLimiter(AT_ONCE))
        return _limiter.get()


def _is_about_the_request(refusal: Refusal) -> bool:
    return status_of(refusal) is HTTPStatus.NOT_FOUND or refusal.reason is Reason.REQUEST_MALFORMED


def _plain(answer: BaseModel) -> JSONResponse:
    return JSONResponse(answer.model_dump(mode="json"), status_code=200)
