"""Authorisation: every route, for every role and every scope, as the table of access says (R-PROGMAT-API-1 to 4).

given a route of the table, and somebody who asks
├── without a token, or with one that does not hold: 401, unless the route is for everybody
├── of a role that it is not for: 404, as for a route that does not exist; recorded
├── of its role, with a credential of the other scope: 403; recorded
└── of its role and its scope: it is let in: what it is answered then is about what it asked
given the routes that are served
├── each has an entry, and each asks who asks
└── the page docs/api.md tells of each
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from fastapi.routing import APIRoute
from httpx import Response
from tests.api.conftest import World
from tests.support.people import A1, B1, B2, C1, F1, PLATFORM, R1

from contract_sources import ROOT
from genbo.api.access import Access, RouteKey, require_complete, routes_of
from genbo.api.router import CHANGING, caller
from genbo.api.v1 import ACCESS
from genbo.governance.institutions import Institution, InstitutionRole
from genbo.governance.users import Scope

ONE_OF_EACH = (PLATFORM, R1, C1, B1, B2, A1, F1)
NOT_LET_IN = {"credential_refused", "route_unknown", "scope_missing"}
VALUES = {
    "product": "P1",
    "investor": "IV-1",
    "institution": "B1",
    "address": "0x" + 40 * "1",
    "lot": "1.2.3",
    "day": "2022-01-31",
}
"""What stands in a path; another word stands for itself, and names nothing."""
READINGS = {
    ("POST", "/v1/investors/names"),
    ("POST", "/v1/products/{product}/register"),
    ("POST", "/v1/products/{product}/register-documents"),
    ("POST", "/v1/products/{product}/certificates"),
    ("POST", "/v1/products/{product}/corporate-actions/{action}/documents"),
    ("POST", "/v1/register-documents/verifications"),
    ("POST", "/v1/distributions/proofs/verifications"),
    ("POST", "/v1/products/{product}/distributions/{distribution}/payment-files/{file}/copies"),
}
"""Readings of personal data: what they ask stands in a body, and no key is needed."""
ENDLESS = re.compile(r"/stream$")
"""Routes whose answer goes on: that they let in is for their own tests."""


def path_of(key: RouteKey) -> str:
    return re.sub(r"\{(\w+)\}", lambda it: VALUES.get(it[1], "X-1"), key[1])


def ask(world: World, key: RouteKey, token: str | None) -> Response:
    """Asks with an empty body: nothing that changes something does it."""
    method, _ = key
    headers = {} if token is None else {"Authorization": f"Bearer {token}"}
    if method in CHANGING:
        headers["Idempotency-Key"] = "authorisation"
    body = {} if method in CHANGING else None
    return world.client.request(method, path_of(key), headers=headers, json=body)


def reason(response: Response) -> str | None:
    if response.headers.get("Content-Type") != "application/problem+json":
        return None
    return str(response.json()["reason"])


def expected(access: Access, who: Institution, scope: Scope) -> tuple[int, str] | None:
    """What the table says; None: let in."""
    if access.scope is None:
        return None
    if who.role not in access.roles:
        return 404, "route_unknown"
    if scope is not access.scope and not access.either:
        return 403, "scope_missing"
    return None


def everybody() -> Iterator[tuple[Institution, Scope]]:
    for who in ONE_OF_EACH:
        for scope in Scope:
            yield who, scope


@pytest.mark.parametrize("key", ACCESS, ids=lambda key: f"{key[0]} {key[1]}")
def test_route__for_each_role_and_scope__lets_in_whom_the_table_names(
    world: World, key: RouteKey
) -> None:
    access = ACCESS[key]
    assert {each.role for each in ONE_OF_EACH} == set(InstitutionRole)
    for who, scope in everybody():
        wanted = expected(access, who, scope)
        if wanted is None and ENDLESS.search(key[1]):
            continue
        world.tokens.recorded.clear()
        answer = ask(world, key, f"{who.id}:{scope}")
        told = f"{key} as {who.id} {scope}: {answer.status_code} {answer.text[:200]}"
        if wanted is None:
            assert reason(answer) not in NOT_LET_IN, told
            assert answer.status_code < 500, told
            assert world.tokens.recorded == [], told
        else:
            assert (answer.status_code, reason(answer)) == wanted, told
            assert len(world.tokens.recorded) == 1, told
            assert world.tokens.recorded[0].startswith(f"K-{who.id}-{scope} "), told


@pytest.mark.parametrize("key", ACCESS, ids=lambda key: f"{key[0]} {key[1]}")
@pytest.mark.parametrize("token", [None, "somebody's"])
def test_route__without_a_token_that_holds__lets_in_nobody(
    world: World, key: RouteKey, token: str | None
) -> None:
    if ENDLESS.search(key[1]) and ACCESS[key].scope is None:
        return
    answer = ask(world, key, token)
    if ACCESS[key].scope is None:
        assert reason(answer) not in NOT_LET_IN
    else:
        assert (answer.status_code, reason(answer)) == (401, "credential_refused")


def test_routes__that_are_served__have_an_entry_and_ask_who_asks(world: World) -> None:
    app = world.client.app
    require_complete(app, ACCESS)  # type: ignore[arg-type]
    for key, route in routes_of(app).items():  # type: ignore[arg-type]
        assert isinstance(route, APIRoute)
        asked = {each.call for each in route.dependant.dependencies}
        assert caller in asked, f"{key} does not ask who asks"
        if key[0] in CHANGING and ACCESS[key].scope is Scope.REFERENCE:
            assert key in READINGS, "a reading that is sent as a change"


def test_page__of_the_routes__tells_of_each() -> None:
    page = (ROOT / "docs" / "api.md").read_text("utf-8")
    for method, path in ACCESS:
        assert f"| `{method} {path}` |" in page
