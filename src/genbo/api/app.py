"""The application: routes, and around them what is the same for all.

a request
├── is too large                                        413
├── names no route, or one that is not for its role     404
├── carries no token, or none that holds                401
├── asks too often                                      429
├── has the wrong scope                                 403
├── is not as the route describes it                    422
├── changes something without an Idempotency-Key        400
└── is carried out: the answer, or the problem that its operation raises
"""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Any

from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException

from genbo.api.access import AccessTable, listed, require_complete, routes_of
from genbo.api.around import Around
from genbo.api.caller import Authority
from genbo.api.language import language_of
from genbo.api.problem import MEDIA_TYPE, problem
from genbo.api.proxies import Proxies
from genbo.api.rate import SIGN_IN_LIMIT, RateLimit, Rates, SignInRates
from genbo.api.router import CHANGING
from genbo.api.version import Unchanged
from genbo.bootstrap.office import Office
from genbo.governance.users import Scope
from genbo.kernel import Fault, Reason, Refusal, Refusals


def make_app(
    routers: Sequence[APIRouter],
    access: AccessTable,
    authority: Authority,
    *,
    now: Callable[[], datetime],
    limit: RateLimit | None = None,
    sign_in_limit: RateLimit | None = None,
    proxies: Proxies | None = None,
    office: Office | None = None,
) -> FastAPI:
    """The interface with these routes.

    Args:
        now: the time of the world, UTC; not that of a chain, whose last block may be old.
        limit: how often a credential may ask.
        sign_in_limit: how often a client may ask for a token.
        proxies: who may say from where, and with which certificate, a request came; None: nobody.
        office: what the routes work with; None where they need none.

    Raises:
        LookupError: a route without an entry in `access`, or an entry without a route.
    """
    app = FastAPI(
        title="Genbo (原簿)",
        version="1",
        summary="The core system of security tokens. デジタル証券の基幹システム",
        openapi_url="/v1/openapi.json",
        docs_url=None,
        redoc_url=None,
        separate_input_output_schemas=False,
    )
    app.state.access, app.state.authority, app.state.now = access, authority, now
    app.state.office = office
    app.state.rates, app.state.proxies = Rates(limit or RateLimit()), proxies or Proxies()
    app.state.sign_in_rates = SignInRates(sign_in_limit or SIGN_IN_LIMIT)
    for router in routers:
        app.router.routes.extend(router.routes)
    require_complete(app, access)
    for key, route in routes_of(app).items():
        _describe(route, key, access)
    _describe_sign_in(app)
    app.exception_handler(Refusal)(_refused)
    app.exception_handler(Unchanged)(_unchanged)
    app.exception_handler(RequestValidationError)(_malformed)
    app.exception_handler(HTTPException)(_not_served)
    app.add_middleware(Around, failed=_failed)
    return app


# What says no --------------------------------------------------------------------------------------


def answer(
    request: Request,
    refusal: Refusal,
    each: tuple[Refusal, ...] = (),
    *,
    more: Mapping[str, str] = MappingProxyType({}),
    challenge: str | None = None,
) -> JSONResponse:
    """The no that says `refusal`.

    Args:
        each: where several things are wrong at once.
        more: further members of the problem (RFC 9457, 3.2).
        challenge: how whoever asks may prove itself (`WWW-Authenticate`); None: by a token.
    """
    told = problem(refusal, request=request.state.id, language=language_of(request), each=each)
    headers = {"Content-Language": language_of(request).value}
    if refusal.reason is Reason.RATE_EXCEEDED:
        headers["Retry-After"] = str(refusal.facts["seconds"])
    if told.status == 401:
        shown = "Authorization" in request.headers
        headers["WWW-Authenticate"] = challenge or (
            'Bearer error="invalid_token"' if shown else "Bearer"
        )
    return JSONResponse(
        told.model_dump(mode="json", exclude_none=True) | dict(more),
        status_code=told.status,
        media_type=MEDIA_TYPE,
        headers=headers,
    )


def _refused(request: Request, refusal: Exception) -> Response:
    assert isinstance(refusal, Refusal)
    return answer(request, refusal, refusal.each if isinstance(refusal, Refusals) else ())


def _unchanged(_: Request, unchanged: Exception) -> Response:
    assert isinstance(unchanged, Unchanged)
    return Response(status_code=304, headers={"ETag": unchanged.tag})


def _malformed(request: Request, error: Exception) -> Response:
    """What does not fit the description: named by its place and never repeated, for it may be personal."""
    assert isinstance(error, RequestValidationError)
    each = tuple(
        Refusal(
            Reason.REQUEST_MALFORMED,
            field=".".join(str(part) for part in one["loc"])[:200],
            problem=str(one["type"]),
        )
        for one in error.errors()
    )
    return answer(request, each[0], each if len(each) > 1 else ())


def _failed(request: Request) -> Response:
    """A defect of ours: the sender gets an id to name, and nothing else."""
    return answer(request, Fault(Reason.INTERNAL_ERROR, request=request.state.id))


def _not_served(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    if isinstance(error.__cause__, Refusal):  # while the body was read
        return answer(request, error.__cause__)
    if error.status_code == 405:
        allowed = (error.headers or {}).get("Allow", "")
        refusal = Refusal(
            Reason.METHOD_NOT_ALLOWED,
            path=request.url.path[:200],
            method=request.method,
            allowed=allowed,
        )
    elif error.status_code == 404:
        refusal = Refusal(Reason.ROUTE_UNKNOWN, path=request.url.path[:200])
    else:
        refusal = Refusal(Reason.REQUEST_MALFORMED)
    return answer(request, refusal)


# The description -------------------------------------------------------------------------------------


def _describe(route: APIRoute, key: tuple[str, str], access: AccessTable) -> None:
    """Says in the description of a route whom it is for."""
    entry = access[key]
    extra: dict[str, Any] = {
        "x-scope": entry.scope.value if entry.scope else None,
        "x-roles": listed(entry.roles),
    }
    if entry.deprecation is not None:
        route.deprecated = True
        extra["x-sunset"] = entry.deprecation.sunset.isoformat()
    if entry.scope is not None:
        extra["security"] = [{"oauth": [entry.scope.value]}]
    if key[0] in CHANGING and entry.scope is Scope.UPDATE:
        extra["parameters"] = [
            {
                "name": "Idempotency-Key",
                "in": "header",
                "required": True,
                "description": "One act, one key. 冪等キー",
                "schema": {"type": "string", "pattern": "^[A-Za-z0-9._:/-]{1,64}$"},
            }
        ]
    route.openapi_extra = {**(route.openapi_extra or {}), **extra}


def _describe_sign_in(app: FastAPI) -> None:
    """Says in the description how tokens are had."""
    described = app.openapi
    flow = {
        "tokenUrl": "/v1/oauth/token",
        "scopes": {
            Scope.REFERENCE.value: "Reads. 参照系",
            Scope.UPDATE.value: "Registers, instructs, writes. 更新系",
        },
    }
    scheme = {
        "type": "oauth2",
        "description": "A short-lived token of the institution's credential. アクセストークン",
        "flows": {"clientCredentials": flow},
    }

    def with_sign_in() -> dict[str, Any]:
        document = described()
        document.setdefault("components", {})["securitySchemes"] = {"oauth": scheme}
        return document

    app.openapi = with_sign_in  # type: ignore[method-assign]


def description(app: FastAPI) -> str:
    """The OpenAPI document, as text."""
    return json.dumps(app.openapi(), ensure_ascii=False, indent=1, sort_keys=True) + "\n"
