"""The grammar of the interface: what is the same for every route.

given a request
├── when it names no route, or one that is not for its role: 404, the same words
├── when it carries no token, or one that does not hold: 401
├── when its scope is another: 403, recorded
├── when it asks too often: 429, with when to ask again
├── when it does not fit the description: 422, with the place and never the value
├── when its route will end: the answer says since when, until when, and what takes its place
├── when it is too large: 413, whatever it says of its length
├── when it changes something without a key: 400
├── when its operation refuses: the reason's status, its facts and both languages
└── when its operation has a defect: 500, with an id and nothing of ours
given a list: pages that end, and cursors that belong to their question
given a master: versions that keep one change from undoing another
given a reason: exactly one status
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Annotated, Any

import pytest
from fastapi import Header, Query
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel
from tests.support.people import B1, R1

from genbo.api.access import Access
from genbo.api.app import make_app
from genbo.api.around import LARGEST
from genbo.api.caller import Caller
from genbo.api.deprecation import Deprecation
from genbo.api.page import MOST, Page, after, cursor, page
from genbo.api.rate import RateLimit, Rates
from genbo.api.router import router as a_router
from genbo.api.status import STATUSES
from genbo.api.version import etag, is_unchanged, require_version
from genbo.governance.institutions import InstitutionRole
from genbo.governance.users import CredentialId, Scope
from genbo.kernel import Reason, Refusal

NOW = datetime(2026, 4, 1, tzinfo=UTC)
NAME = "見本 花子"


class Thing(BaseModel):
    name: str
    units: int


router = a_router("things")


@router.get("/open")
def nothing_needed() -> dict[str, str]:
    return {"state": "fine"}


@router.get("/things")
def things(
    limit: Annotated[int, Query(ge=1, le=MOST)] = 3, cursor: str | None = None, kind: str = "a"
) -> Page[Thing]:
    question = {"kind": kind}
    begin = after(question, cursor)
    rows = [Thing(name=f"{number:02}", units=number) for number in range(10)]
    rest = [each for each in rows if begin is None or each.name > str(begin[0])]
    return page(question, rest[: limit + 1], limit=limit, key="name")


@router.get("/old-things")
def old_things() -> dict[str, str]:
    return {"state": "fine"}


@router.post("/things")
def make(thing: Thing, idempotency_key: Annotated[str, Header()]) -> Thing:
    if thing.units == 13:
        raise Refusal(Reason.INSUFFICIENT_BALANCE, units=13, available=12)
    if thing.units == 14:
        raise RuntimeError(f"a defect about {thing.name}")
    return thing


ACCESS = {
    ("GET", "/v1/open"): Access(None),
    ("GET", "/v1/things"): Access(
        Scope.REFERENCE, frozenset({InstitutionRole.REGISTRAR, InstitutionRole.DIRECT_BROKER})
    ),
    ("GET", "/v1/old-things"): Access(
        Scope.REFERENCE,
        frozenset({InstitutionRole.REGISTRAR}),
        Deprecation(
            since=datetime(2026, 1, 1, tzinfo=UTC),
            sunset=datetime(2027, 1, 1, tzinfo=UTC),
            successor="/v1/things",
        ),
    ),
    ("POST", "/v1/things"): Access(Scope.UPDATE, frozenset({InstitutionRole.REGISTRAR})),
}


class Tokens:
    """Tokens that are their own description, and what was recorded as refused."""

    def __init__(self) -> None:
        self.recorded: list[str] = []
        self.known = {
            "reads": Caller(CredentialId("K1"), R1, Scope.REFERENCE),
            "writes": Caller(CredentialId("K2"), R1, Scope.UPDATE),
            "broker": Caller(CredentialId("K3"), B1, Scope.UPDATE),
        }

    def caller(self, token: str, *, at: datetime, certificate: str | None = None) -> Caller:
        if token not in self.known:
            raise Refusal(Reason.CREDENTIAL_REFUSED)
        return self.known[token]

    def remembered(
        self, token: str, *, at: datetime, certificate: str | None = None
    ) -> Caller | None:
        return None

    def refused(self, caller: Caller, refusal: Refusal, route: str, *, at: datetime) -> None:
        self.recorded.append(f"{caller.credential} {refusal.reason} {route}")


@pytest.fixture
def tokens() -> Tokens:
    return Tokens()


@pytest.fixture
def client(tokens: Tokens) -> Iterator[TestClient]:
    app = make_app([router], ACCESS, tokens, now=lambda: NOW)
    with TestClient(app, raise_server_exceptions=False) as made:
        yield made


def bearer(token: str, **more: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}", **more}


def told(response: Any) -> tuple[int, str]:
    assert response.headers["Content-Type"] == "application/problem+json"
    problem = response.json()
    assert problem["status"] == response.status_code
    assert problem["type"] == f"urn:genbo:reason:{problem['reason']}"
    assert problem["instance"] == f"urn:genbo:request:{response.headers['X-Request-ID']}"
    assert set(problem["words"]) == {"ja", "en"}
    return response.status_code, problem["reason"]


KEYED = {"Idempotency-Key": "k-1"}


def test_open_route__nobody_in_particular__is_answered(client: TestClient) -> None:
    answer = client.get("/v1/open")
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store")
    assert len(answer.headers["X-Request-ID"]) == 32


@pytest.mark.parametrize(
    ("method", "path", "headers", "expected"),
    [
        ("GET", "/v1/other", bearer("reads"), (404, "route_unknown")),
        ("DELETE", "/v1/things", bearer("reads"), (405, "method_not_allowed")),
        ("GET", "/v1/things", {}, (401, "credential_refused")),
        ("GET", "/v1/things", {"Authorization": "Basic x"}, (401, "credential_refused")),
        ("GET", "/v1/things", bearer("stolen"), (401, "credential_refused")),
        ("POST", "/v1/things", bearer("reads", **KEYED), (403, "scope_missing")),
        ("POST", "/v1/things", bearer("broker", **KEYED), (404, "route_unknown")),
        ("POST", "/v1/things", bearer("writes"), (400, "idempotency_key_missing")),
        (
            "POST",
            "/v1/things",
            bearer("writes", **{"Idempotency-Key": "a b"}),
            (400, "idempotency_key_missing"),
        ),
    ],
)
def test_request__not_to_be_carried_out__is_a_problem(
    client: TestClient, method: str, path: str, headers: dict[str, str], expected: tuple[int, str]
) -> None:
    answer = client.request(method, path, headers=headers, json={"name": "x", "units": 1})
    assert told(answer) == expected


def test_request__outside_of_scope_or_role__is_recorded(client: TestClient, tokens: Tokens) -> None:
    client.post("/v1/things", headers=bearer("reads", **KEYED), json={})
    client.post("/v1/things", headers=bearer("broker", **KEYED), json={})
    assert tokens.recorded == [
        "K1 scope_missing POST /v1/things",
        "K3 route_unknown POST /v1/things",
    ]


def test_unknown_route__and_one_of_another_role__say_the_same(client: TestClient) -> None:
    other = client.post("/v1/things", headers=bearer("broker", **KEYED), json={}).json()
    unknown = client.post("/v1/thinks", headers=bearer("broker", **KEYED), json={}).json()
    assert other["words"]["en"]["sentence"] == unknown["words"]["en"]["sentence"].replace(
        "thinks", "things"
    )


def test_body__not_as_described__names_every_place_and_no_value(client: TestClient) -> None:
    answer = client.post(
        "/v1/things", headers=bearer("writes", **KEYED), json={"units": NAME, "other": NAME}
    )
    assert told(answer) == (422, "request_malformed")
    assert [each["facts"]["field"] for each in answer.json()["problems"]] == [
        "body.name",
        "body.units",
    ]
    assert NAME not in answer.text


@pytest.mark.parametrize("length", ["told", "not told"])
def test_body__too_large__is_not_read_to_its_end(client: TestClient, length: str) -> None:
    content = json.dumps({"name": "x" * LARGEST, "units": 1}).encode()
    body = content if length == "told" else iter([content[:1000], content[1000:]])
    answer = client.post(
        "/v1/things",
        headers=bearer("writes", **KEYED, **{"Content-Type": "application/json"}),
        content=body,
    )
    assert told(answer) == (413, "request_too_large")


def test_operation__refuses__tells_reason_facts_and_both_languages(client: TestClient) -> None:
    answer = client.post(
        "/v1/things",
        headers=bearer("writes", **KEYED, **{"Accept-Language": "ja"}),
        json={"name": "x", "units": 13},
    )
    assert told(answer) == (409, "insufficient_balance")
    problem = answer.json()
    assert problem["facts"] == {"units": 13, "available": 12}
    assert problem["detail"].startswith(problem["words"]["ja"]["sentence"])
    assert answer.headers["Content-Language"] == "ja"


def test_operation__has_a_defect__says_nothing_of_it(client: TestClient) -> None:
    answer = client.post(
        "/v1/things",
        headers=bearer("writes", **KEYED, **{"X-Request-ID": "firm-7"}),
        json={"name": NAME, "units": 14},
    )
    assert told(answer) == (500, "internal_error")
    assert answer.headers["X-Request-ID"] == "firm-7"
    assert NAME not in answer.text
    assert "RuntimeError" not in answer.text


def test_caller__too_often__is_told_when_to_come_back(tokens: Tokens) -> None:
    limit = RateLimit(burst=2, per_second=0.5)
    app = make_app([router], ACCESS, tokens, now=lambda: NOW, limit=limit)
    with TestClient(app) as client:
        answers = [client.get("/v1/things", headers=bearer("reads")) for _ in range(3)]
        other = client.get("/v1/open")
    assert [each.status_code for each in answers] == [200, 200, 429]
    assert told(answers[2]) == (429, "rate_exceeded")
    assert answers[2].headers["Retry-After"] in ("2", "3")
    assert other.status_code == 200


@given(times=st.lists(st.floats(0, 100), max_size=60))
def test_rate__any_instants__never_admits_more_than_burst_and_flow(times: list[float]) -> None:
    limit = RateLimit(burst=3, per_second=0.25)
    rates = Rates(limit)
    admitted = 0
    for at in sorted(times):
        try:
            rates.take("K1", at=at)
        except Refusal:
            continue
        admitted += 1
    assert (
        admitted
        <= limit.burst + limit.per_second * (max(times, default=0) - min(times, default=0)) + 1e-6
    )


def test_rates__many_credentials__stay_bounded() -> None:
    rates = Rates(RateLimit(burst=1, per_second=0.001), most=10)
    for number in range(100):
        rates.take(f"K{number}", at=float(number))
    assert len(rates._buckets) == 10


# Lists and masters -----------------------------------------------------------------------------------


def test_list__page_by_page__gives_every_row_once(client: TestClient) -> None:
    seen: list[str] = []
    given_cursor: str | None = None
    for _ in range(10):
        parameters = {"limit": 4} | ({"cursor": given_cursor} if given_cursor else {})
        answer = client.get("/v1/things", headers=bearer("reads"), params=parameters).json()
        seen += [each["name"] for each in answer["items"]]
        given_cursor = answer["next"]
        if given_cursor is None:
            break
    assert seen == [f"{number:02}" for number in range(10)]


@pytest.mark.parametrize(
    "wrong",
    ["", "x", "bnVsbA", "W10", "W1tb" * 12_000, cursor({"kind": "b"}, ["03"])],
    ids=["empty", "no base64", "null", "a list", "brackets without end", "of another question"],
)
def test_cursor__of_another_question__is_refused(client: TestClient, wrong: str) -> None:
    answer = client.get("/v1/things", headers=bearer("reads"), params={"cursor": wrong})
    assert told(answer) == (422, "cursor_invalid")


def test_list__more_than_a_page__is_refused(client: TestClient) -> None:
    answer = client.get("/v1/things", headers=bearer("reads"), params={"limit": MOST + 1})
    assert told(answer) == (422, "request_malformed")


@given(st.text(max_size=80))
def test_cursor__any_text__is_a_key_or_refused(text: str) -> None:
    with contextlib.suppress(Refusal):
        key = after({"kind": "a"}, text)
        assert cursor({"kind": "a"}, key or ()) == text.rstrip("=")


def test_version__changed_meanwhile__is_refused() -> None:
    read = Thing(name="x", units=1)
    require_version(read, etag(read))
    require_version(read, f'"other", {etag(read)}')
    require_version(read, "*")
    for if_match, reason in (
        (None, Reason.VERSION_MISSING),
        (etag(Thing(name="x", units=2)), Reason.VERSION_DIFFERS),
        ("not a tag", Reason.VERSION_DIFFERS),
    ):
        with pytest.raises(Refusal) as refused:
            require_version(read, if_match)
        assert refused.value.reason is reason
    assert is_unchanged(read, f"W/{etag(read)}")
    assert not is_unchanged(read, None)


# The tables ------------------------------------------------------------------------------------------


def test_statuses__every_reason__has_one_that_says_no() -> None:
    assert STATUSES.keys() == set(Reason)
    assert all(400 <= status < 600 for status in STATUSES.values())
    assert STATUSES[Reason.NODE_UNREACHABLE] == 503
    assert STATUSES[Reason.FIELD_INVALID] == 422
    assert STATUSES[Reason.MARKET_CLOSED] == 409


def test_app__route_without_access__is_not_served(tokens: Tokens) -> None:
    table = {key: entry for key, entry in ACCESS.items() if key[0] == "GET"}
    with pytest.raises(LookupError, match="POST"):
        make_app([router], table, tokens, now=lambda: NOW)
    with pytest.raises(LookupError, match="/v1/gone"):
        make_app([router], ACCESS | {("GET", "/v1/gone"): Access(None)}, tokens, now=lambda: NOW)


def test_description__each_route__says_whom_it_is_for(client: TestClient) -> None:
    described = client.get("/v1/openapi.json").json()
    assert described["openapi"].startswith("3.1")
    post = described["paths"]["/v1/things"]["post"]
    assert (post["x-scope"], post["x-roles"]) == ("update", ["registrar"])
    assert "Idempotency-Key" in {each["name"] for each in post["parameters"]}
    assert "application/problem+json" in post["responses"]["default"]["content"]


def test_route__that_will_end__says_so_in_every_answer(client: TestClient) -> None:
    for token, status in (("reads", 200), ("writes", 403)):
        answer = client.get("/v1/old-things", headers=bearer(token))
        assert answer.status_code == status
        assert answer.headers["Deprecation"] == "@1767225600"
        assert answer.headers["Sunset"] == "Fri, 01 Jan 2027 00:00:00 GMT"
        assert answer.headers["Link"] == '</v1/things>; rel="successor-version"'
    assert "Deprecation" not in client.get("/v1/things", headers=bearer("reads")).headers
    described = client.get("/v1/openapi.json").json()["paths"]["/v1/old-things"]["get"]
    assert described["deprecated"] is True
    assert described["x-sunset"] == "2027-01-01T00:00:00+00:00"
