"""Requests (依頼): what makes one the same as another, and how their answers are kept."""

import hashlib
import json
from collections.abc import Callable
from typing import Any

from fastapi.responses import JSONResponse
from pydantic import BaseModel
from sqlalchemy import Connection

from genbo.api.asking import Asking
from genbo.api.idempotency import key_of
from genbo.bootstrap.once import once
from genbo.kernel import Digest
from genbo.storage.requests import Answered, RequestKey


def request_key(ask: Asking, route: str, body: BaseModel | None, **named: str) -> RequestKey:
    """The name of a request, with a digest of all that it asks.

    Args:
        route: method and path as described.
        named: what stands in the path and the query.

    Raises:
        Refusal: `idempotency_key_missing`.
    """
    asked: dict[str, Any] = dict(named)
    if body is not None:
        asked["body"] = body.model_dump(mode="json", by_alias=True)
    text = json.dumps(asked, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return RequestKey(
        institution=ask.institution.id,
        key=key_of(ask.header),
        route=route,
        body=Digest("0x" + hashlib.sha256(text.encode()).hexdigest()),
    )


def done_once(
    ask: Asking,
    route: str,
    body: BaseModel | None,
    act: Callable[[Connection], Answered],
    **named: str,
) -> JSONResponse:
    """Carries a request out, once however often it is sent. As `request_key` and `once`."""
    return as_response(once(ask.office.house, request_key(ask, route, body, **named), act))


def answered(status: int, answer: BaseModel) -> Answered:
    """An answer as it is kept. It holds ids and figures, and no personal data."""
    return Answered(status=status, answer=answer.model_dump(mode="json", by_alias=True))


def as_response(kept: Answered) -> JSONResponse:
    """The same answer again."""
    return JSONResponse(dict(kept.answer), status_code=kept.status)
