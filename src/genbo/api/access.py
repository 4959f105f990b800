"""Access (権限表): which route is for which scope and which roles. One table; a route without an entry is not served.

A role that a route is not for is told that the route is not there, as it is told of everything that is not its own.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from fastapi import FastAPI
from fastapi.routing import APIRoute

from genbo.api.caller import Caller
from genbo.api.deprecation import Deprecation
from genbo.governance.institutions import InstitutionRole
from genbo.governance.users import Scope
from genbo.kernel import Reason, Refusal

RouteKey: TypeAlias = tuple[str, str]
"""Method and path, as declared: `("GET", "/v1/products/{product}")`."""


@dataclass(frozen=True, slots=True)
class Access:
    """Who may use a route."""

    scope: Scope | None
    """None: whoever asks, without a token."""
    roles: frozenset[InstitutionRole] = frozenset()
    deprecation: Deprecation | None = None
    """Where the route will end: what its answers say of that."""
    either: bool = False
    """Whether a credential of the other scope may use it as well."""


AccessTable: TypeAlias = Mapping[RouteKey, Access]

ALL_ROLES = frozenset(InstitutionRole)


def reads(roles: Iterable[InstitutionRole]) -> Access:
    """A route that only tells (参照系)."""
    return Access(Scope.REFERENCE, frozenset(roles))


def updates(roles: Iterable[InstitutionRole]) -> Access:
    """A route that changes something (更新系)."""
    return Access(Scope.UPDATE, frozenset(roles))


def merged(tables: Iterable[AccessTable]) -> dict[RouteKey, Access]:
    """The tables of several words as one.

    Raises:
        LookupError: a route in two of them: a defect of ours.
    """
    whole: dict[RouteKey, Access] = {}
    for table in tables:
        if twice := whole.keys() & table.keys():
            raise LookupError(f"routes with two entries: {sorted(twice)}")
        whole |= table
    return whole


def routes_of(app: FastAPI) -> dict[RouteKey, APIRoute]:
    """Every route of the interface."""
    return {
        (method, route.path): route
        for route in app.routes
        if isinstance(route, APIRoute)
        for method in sorted(route.methods or ())
    }


def require_complete(app: FastAPI, table: AccessTable) -> None:
    """Nothing, when every route has an entry and every entry a route.

    Raises:
        LookupError: a defect of ours, found when the service starts.
    """
    routes = routes_of(app).keys()
    missing, idle = sorted(routes - table.keys()), sorted(table.keys() - routes)
    if missing or idle:
        raise LookupError(f"routes without access: {missing}; access without a route: {idle}")


def require_access(caller: Caller, access: Access, path: str) -> None:
    """Nothing, when the caller may use the route.

    Raises:
        Refusal: `route_unknown` for a role that it is not for; `scope_missing`.
    """
    if caller.institution.role not in access.roles:
        raise Refusal(Reason.ROUTE_UNKNOWN, path=path)
    if access.scope is not None and caller.scope is not access.scope and not access.either:
        raise Refusal(Reason.SCOPE_MISSING, credential=caller.credential, scope=access.scope.value)


def listed(roles: Iterable[InstitutionRole]) -> list[str]:
    """Roles as the description of a route names them."""
    return sorted(role.value for role in roles)
