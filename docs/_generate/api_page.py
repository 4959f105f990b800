"""docs/api.md, from the table of access `api.v1.ACCESS` and the routes."""

import inspect
from collections.abc import Iterator

from fastapi.routing import APIRoute

from genbo.api.access import Access
from genbo.api.v1 import ACCESS, ROUTERS
from genbo.governance.institutions import InstitutionRole

HEAD = """\
# The interface: every route, and whom it is for

What the systems of firms ask and order over HTTP (API). This page is generated from the table that the service itself
asks, [`api/v1.py`](../src/genbo/api/v1.py): a route without an entry is not served. `GET /v1/openapi.json` describes
each field, in English and Japanese.

The same for every route:

- a token (`Authorization: Bearer ...`) of the scope that is asked for: `reference` (参照系) tells, `update` (更新系)
  changes, and neither does the other's work (R-PROGMAT-API-3). A route that is not for the role of the institution is
  not there for it (`route_unknown`), as anything is that is not its own (`not_found`);
- `Idempotency-Key` on whatever changes something; one key, one act;
- `mode` on whatever changes something: `submit` does it, `dry_run` says whether it would be refused and why, `prepare`
  gives what a key outside has to sign. Where no key signs, `dry_run` is the act itself, taken back whole, and `prepare`
  says that there is nothing to sign; neither uses up the key. Readings that are sent by POST have no mode;
- an answer that says no is a problem (RFC 9457) with a code of [reasons](reasons.md), its facts and both languages;
- lists come in pages: `limit` up to 1,000, and `cursor`, the `next` of the page before. All pages of a list of the
  register are of one state of it;
- `as_of` on what is read from the register: a day (its end in Japan), an instant, or `block:1200`. The answer says at
  which block it was read, and whether it is `final`;
- `ETag` on masters: `If-None-Match` saves reading them again, `If-Match` keeps one change from undoing another;
- a route that will end says so in every answer (`Deprecation`, `Sunset`, `Link`), a year ahead at least;
- `X-Request-ID` comes back as it was sent.

Names and addresses are read by `POST /v1/investors/names` with a purpose; nobody's id stands in an address for that,
and each reading is recorded. Who sees what of its own stands in
[governance](domain/governance.md).

What is here no route is done by people with a key or a second factor of their own, at the command line until there is a
console: users, their permissions and the credentials of systems (two administrators), a product's token (the Safes of
its duties), trees of keys (a ceremony), releases of a screening and erasures (two persons of compliance). A system's
credential is nobody's second factor.

"""

COLUMNS = {
    InstitutionRole.REGISTRAR: "Registrar",
    InstitutionRole.ISSUER: "Issuer",
    InstitutionRole.CUSTODIAN: "Custodian",
    InstitutionRole.DIRECT_BROKER: "Direct broker",
    InstitutionRole.DELEGATING_BROKER: "Delegating broker",
    InstitutionRole.INTERMEDIARY: "Intermediary",
    InstitutionRole.PLATFORM_MANAGER: "Platform manager",
}


def api_page() -> str:
    """The whole page."""
    parts = [HEAD]
    for tag, routes in _by_word():
        parts.append(f"## {tag.capitalize()}\n\n")
        parts.append(f"| Route | Scope | {' | '.join(COLUMNS.values())} | |\n")
        parts.append(f"|---|---|{'---|' * len(COLUMNS)}---|\n")
        parts += [_row(method, route) for method, route in routes]
        parts.append("\n")
    return "".join(parts).rstrip("\n") + "\n"


def _by_word() -> Iterator[tuple[str, list[tuple[str, APIRoute]]]]:
    words: dict[str, list[tuple[str, APIRoute]]] = {}
    for router in ROUTERS:
        for route in router.routes:
            assert isinstance(route, APIRoute)
            for method in sorted(route.methods or ()):
                words.setdefault(str(route.tags[0]), []).append((method, route))
    yield from words.items()


def _row(method: str, route: APIRoute) -> str:
    access = ACCESS[method, route.path]
    cells = ["yes" if access.scope is None or role in access.roles else "" for role in COLUMNS]
    return (
        f"| `{method} {route.path}` | {_scope(access)} | {' | '.join(cells)} | {_told(route)} |\n"
    )


def _scope(access: Access) -> str:
    if access.scope is None:
        return "none"
    return "either" if access.either else access.scope.value


def _told(route: APIRoute) -> str:
    """The first sentence of what the route says of itself."""
    words = " ".join((inspect.getdoc(route.endpoint) or "").split())
    first, stop, rest = words.partition(". ")
    japanese = rest.rsplit(". ", 1)[-1] if rest else ""
    told = f"{first}{stop.strip()} {japanese}".strip()
    return told.replace("|", "\\|")
