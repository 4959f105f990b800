"""Sign-in of machines over HTTP, with a real database (R-PROGMAT-API-1 to 4).

given a request for a token
├── when it proves itself by a secret (header or form): it should get a token that opens routes of its scope
├── when it proves itself by a signature of its key: as well, once for each assertion, whoever else shows it at once
├── when it does not prove itself: 401, always the same, and recorded
├── when its signature holds and a claim does not: 401 that names the claim, and recorded
├── when it is no such request: 400, by RFC 6749's names, and nothing is recorded
├── when it asks for the scope of the other credential: 403, and recorded
└── when it asks too often: 429
given a token
├── when it is stolen and comes with another certificate, or with none: 401, recorded
├── when it is one to read with, on a route that changes: 403, recorded
├── when it has expired, or its credential was revoked: 401, recorded
└── when an address that is not trusted says which certificate it has: it has none
nothing secret should stand in an answer that says no, a log or a record
"""

from __future__ import annotations

import base64
import hmac
import json
import logging
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from ipaddress import ip_network
from typing import Annotated, Any
from urllib.parse import quote, quote_plus

import jwt
import pytest
import structlog
from cryptography import x509
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from fastapi import Depends, FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import text
from starlette.requests import Request
from tests.storage.conftest import TEMPLATE, server
from tests.storage.test_users import entries
from tests.support.access import MAKER, Installation, installed
from tests.support.machine_keys import (
    EC_KEY,
    ED_KEY,
    OTHER_KEY,
    OURS,
    RSA_KEY,
    THEIRS,
    pem_of,
    registered,
    thumbprint,
)
from tests.support.people import B1, B2, EVIDENCE

from genbo.api import token as token_routes
from genbo.api.access import Access
from genbo.api.app import make_app
from genbo.api.caller import Caller
from genbo.api.proxies import Proxies
from genbo.api.rate import RateLimit
from genbo.api.router import caller as who_calls
from genbo.api.router import router as a_router
from genbo.bootstrap.client_assertion import KIND
from genbo.bootstrap.sign_in import SignIn
from genbo.bootstrap.tokens import TokenRules, Tokens
from genbo.governance.institutions import Institution, InstitutionRole
from genbo.governance.users import (
    CredentialId,
    Scope,
)
from genbo.storage.engine import Database
from genbo.storage.keyfile import development_kek
from genbo.storage.server import EmbeddedServer
from genbo.storage.vault import Vault

__all__ = ["server"]

ISSUER = "urn:genbo:31337:0x00000000000000000000000000000000000000A1"
ADDRESS = "https://genbo.invalid"
PROXY, OUTSIDE = "10.0.0.5", "203.0.113.9"
HEADER = "Client-Cert"
EVERYBODY = frozenset(InstitutionRole)
LIFE = timedelta(days=90)


def as_rfc9440(one: x509.Certificate) -> str:
    return f":{base64.b64encode(one.public_bytes(Encoding.DER)).decode()}:"


def as_pem(one: x509.Certificate) -> str:
    return quote(one.public_bytes(Encoding.PEM).decode(), safe="")


router = a_router("things")


@router.get("/things")
def read(caller: Annotated[Caller, Depends(who_calls)]) -> dict[str, str]:
    return {"institution": caller.institution.id, "scope": caller.scope.value}


@router.post("/things")
def change(caller: Annotated[Caller, Depends(who_calls)]) -> dict[str, str]:
    return {"institution": caller.institution.id, "scope": caller.scope.value}


ROUTES = {
    ("GET", "/v1/things"): Access(Scope.REFERENCE, EVERYBODY),
    ("POST", "/v1/things"): Access(Scope.UPDATE, EVERYBODY),
}


@dataclass
class Served:
    """An installation, served."""

    here: Installation
    app: FastAPI = field(init=False)
    seconds: float = 100.0
    before: int = 0
    """Refusals of other tests."""

    def __post_init__(self) -> None:
        self.app = self.another()
        self.before = len(self.noted())

    def another(self, **more: Any) -> FastAPI:
        """One more process of the same database."""
        tokens = Tokens(
            self.here.database,
            self.here.vault,
            TokenRules(issuer=ISSUER),
            clock=lambda: self.seconds,
        )
        return make_app(
            [token_routes.router, router],
            {**token_routes.ACCESS, **ROUTES},
            SignIn(tokens, address=ADDRESS),
            now=lambda: self.here.now,
            proxies=Proxies((ip_network("10.0.0.0/24"),), HEADER),
            **more,
        )

    def client(self, host: str = OUTSIDE, app: FastAPI | None = None) -> TestClient:
        return TestClient(app or self.app, raise_server_exceptions=False, client=(host, 40_000))

    def credential(
        self, of: Institution = B2, scope: Scope = Scope.REFERENCE, **more: Any
    ) -> tuple[CredentialId, str | None]:
        proposal = self.here.second.propose_credential(
            institution=of.id,
            scope=scope,
            valid_from=self.here.now,
            valid_until=self.here.now + LIFE,
            by=MAKER,
            evidence=EVIDENCE,
            key=f"k-{self.here.now.timestamp()}",
            at=self.here.later(),
            **more,
        )
        approved = self.here.approve(proposal)
        assert approved.credential is not None
        return approved.credential, approved.secret

    def by_secret(self, **more: Any) -> dict[str, str]:
        """A form that gets a token."""
        credential, secret = self.credential(**more)
        assert secret is not None
        return {
            "grant_type": "client_credentials",
            "client_id": credential,
            "client_secret": secret,
        }

    def assertion(
        self, credential: str, key: Any = EC_KEY, algorithm: str = "ES256", **changes: Any
    ) -> str:
        now = int(self.here.now.timestamp())
        header = changes.pop("header", {})
        claims = {
            "iss": credential,
            "sub": credential,
            "aud": ISSUER,
            "jti": "number-1",
            "iat": now,
            "exp": now + 120,
        } | changes
        claims = {name: value for name, value in claims.items() if value is not None}
        return jwt.encode(claims, key, algorithm, headers=header)

    def noted(self) -> list[Any]:
        found = [
            each for each in entries(self.here, "registry:credential:") if each[0] == "refused"
        ]
        return found[self.before :]


@pytest.fixture(scope="module")
def here(
    server: EmbeddedServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Installation]:
    """One installation for all tests: its clock only goes forward, and each test has credentials of its own."""
    server.create_database("signing_in", template=TEMPLATE)
    base = Database(server.url("signing_in"))
    yield installed(base, Vault(development_kek(tmp_path_factory.mktemp("vault"))))
    base.close()
    server.drop_database("signing_in")


@pytest.fixture
def served(here: Installation) -> Served:
    return Served(here)


def signed(assertion: str, **more: str) -> dict[str, str]:
    return {
        "grant_type": "client_credentials",
        "client_assertion_type": KIND,
        "client_assertion": assertion,
        **more,
    }


def basic(credential: str, secret: str) -> dict[str, str]:
    both = f"{quote_plus(credential)}:{quote_plus(secret)}".encode()
    return {"Authorization": f"Basic {base64.b64encode(both).decode()}"}


def bearer(token: str, **more: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}", **more}


def fetch(client: TestClient, form: dict[str, str], **headers: str) -> str:
    answer = client.post("/v1/oauth/token", data=form, headers=headers)
    assert answer.status_code == 200, answer.text
    return str(answer.json()["access_token"])


def no(answer: Any) -> tuple[int, str, str]:
    """Status, reason and OAuth's name of a no."""
    assert answer.headers["Content-Type"] == "application/problem+json"
    told = answer.json()
    assert told["status"] == answer.status_code
    assert set(told["words"]) == {"ja", "en"}
    assert all(" " <= each <= "~" and each not in '"\\' for each in told["error_description"])
    return answer.status_code, told["reason"], told["error"]


REFUSED = (401, "credential_refused", "invalid_client")


# By secret -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("way", ["form", "header"])
def test_token__by_secret__opens_what_its_scope_opens(served: Served, way: str) -> None:
    form, headers = served.by_secret(), {}
    if way == "header":
        headers = basic(form.pop("client_id"), form.pop("client_secret"))
    with served.client() as client:
        answer = client.post("/v1/oauth/token", data=form, headers=headers)
        assert answer.status_code == 200
        assert answer.headers["Cache-Control"] == "no-store"
        told = answer.json()
        assert told.keys() == {"access_token", "token_type", "expires_in", "scope"}
        assert (told["token_type"], told["expires_in"], told["scope"]) == (
            "Bearer",
            600,
            "reference",
        )
        read = client.get("/v1/things", headers=bearer(told["access_token"]))
        assert read.json() == {"institution": "B2", "scope": "reference"}
    assert served.noted() == []


def test_token__says_what_it_must_and_no_more(served: Served) -> None:
    with served.client() as client:
        token = fetch(client, served.by_secret(of=B1, scope=Scope.UPDATE))
    claims = jwt.decode(token, options={"verify_signature": False})
    now = int(served.here.now.timestamp())
    assert claims.pop("jti")
    assert claims.pop("sub").startswith("CP-")
    assert claims == {
        "iss": ISSUER,
        "aud": f"{ISSUER}:v1",
        "institution": "B1",
        "scope": "update",
        "iat": now,
        "nbf": now,
        "exp": now + 600,
    }


def test_token__of_one_process__is_good_in_another(served: Served) -> None:
    with served.client() as one, served.client(app=served.another()) as other:
        token = fetch(one, served.by_secret())
        assert other.get("/v1/things", headers=bearer(token)).status_code == 200


def _no_secret(form: dict[str, str]) -> None:
    del form["client_secret"]


WRONG: dict[str, Callable[[dict[str, str]], object]] = {
    "wrong secret": lambda form: form.update(client_secret=form["client_secret"] + "x"),
    "no such credential": lambda form: form.update(client_id="CP-0"),
    "secret as id": lambda form: form.update(client_id=form["client_secret"] * 9),
    "id that no database takes": lambda form: form.update(client_id="CP-\x00"),
    "empty id": lambda form: form.update(client_id=""),
    "no proof": _no_secret,
    "no id": lambda form: form.pop("client_id"),
}


@pytest.mark.parametrize("wrong", WRONG)
def test_token__not_proved__is_refused_alike_and_recorded(served: Served, wrong: str) -> None:
    form = served.by_secret()
    secret = form["client_secret"]
    WRONG[wrong](form)
    with served.client() as client:
        answer = client.post("/v1/oauth/token", data=form)
    assert no(answer) == REFUSED
    assert answer.json()["facts"] == {}
    assert answer.headers["WWW-Authenticate"] == 'Basic realm="genbo"'
    assert secret not in answer.text
    noted = served.noted()
    assert len(noted) == (
        0 if wrong in ("no proof", "no id", "empty id") else 1
    )  # nobody tried anything
    assert secret not in str(noted)


def test_token__credential_revoked_or_over__is_refused_and_recorded(served: Served) -> None:
    first, second = served.by_secret(), served.by_secret()
    served.here.machines.revoke(CredentialId(first["client_id"]), by=MAKER, at=served.here.later())
    with served.client() as client:
        assert no(client.post("/v1/oauth/token", data=first)) == REFUSED
        served.here.now += LIFE
        assert no(client.post("/v1/oauth/token", data=second)) == REFUSED
    assert [each[2] for each in served.noted()] == [first["client_id"], second["client_id"]]


def test_token__scope_of_the_other_credential__is_refused_by_name_and_recorded(
    served: Served,
) -> None:
    form = served.by_secret()
    with served.client() as client:
        assert fetch(client, form | {"scope": "reference"})
        answer = client.post("/v1/oauth/token", data=form | {"scope": "update"})
    assert no(answer) == (403, "scope_missing", "invalid_scope")
    assert served.noted()[-1][3] == {
        "scope": "update",
        "reason": "scope_missing",
        "institution": "B2",
        "way": "secret",
    }


BAD: dict[str, tuple[dict[str, str | list[str] | None], str]] = {
    "no grant": ({"grant_type": None}, "invalid_request"),
    "empty grant": ({"grant_type": ""}, "invalid_request"),
    "other grant": ({"grant_type": "password"}, "unsupported_grant_type"),
    "grant twice": ({"grant_type": ["client_credentials", "password"]}, "invalid_request"),
    "two proofs": ({"client_assertion": "x"}, "invalid_request"),
    "unknown scope": ({"scope": "everything"}, "invalid_scope"),
    "both scopes": ({"scope": "reference update"}, "invalid_scope"),
}


@pytest.mark.parametrize("bad", BAD)
def test_request__not_as_it_must_be__is_named_as_oauth_names_it(served: Served, bad: str) -> None:
    changes, error = BAD[bad]
    form = {name: value for name, value in (served.by_secret() | changes).items() if value is not None}  # fmt: skip
    with served.client() as client:
        answer = client.post("/v1/oauth/token", data=form)
    assert no(answer) == (400, "token_request_invalid", error)
    assert served.noted() == []


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("application/json", b'{"grant_type": "client_credentials"}'),
        ("", b"grant_type=client_credentials"),
        ("application/x-www-form-urlencoded", b"\xff\xfe"),
        ("application/x-www-form-urlencoded", b"grant_type=%ff%fe"),
        ("application/x-www-form-urlencoded", b"&".join([b"a=1"] * 40)),
        ("application/x-www-form-urlencoded", b""),
    ],
)
def test_request__no_form__is_refused(served: Served, kind: str, content: bytes) -> None:
    with served.client() as client:
        answer = client.post("/v1/oauth/token", content=content, headers={"Content-Type": kind})
    assert no(answer)[:2] == (400, "token_request_invalid")


@pytest.mark.parametrize("header", ["Basic", "Basic x", "Basic eA==", "Bearer abc", "Basic /w=="])
def test_request__header_that_proves_nothing__is_refused(served: Served, header: str) -> None:
    with served.client() as client:
        answer = client.post(
            "/v1/oauth/token",
            data={"grant_type": "client_credentials"},
            headers={"Authorization": header},
        )
    assert no(answer) == REFUSED


def test_request__too_often__is_told_when_to_come_back(served: Served) -> None:
    form = served.by_secret()
    app = served.another(sign_in_limit=RateLimit(burst=2, per_second=0.1))
    with served.client(app=app) as client, served.client("198.51.100.7", app) as elsewhere:
        wrong = form | {"client_secret": "guess"}
        answers = [client.post("/v1/oauth/token", data=wrong) for _ in range(3)]
        assert [each.status_code for each in answers] == [401, 401, 429]
        assert no(answers[2]) == (429, "rate_exceeded", "temporarily_unavailable")
        assert int(answers[2].headers["Retry-After"]) >= 9
        # Whoever owns the credential is somewhere else, and is not kept out.
        assert fetch(elsewhere, form)
        # Under ever new names the address itself is counted.
        others = [
            client.post("/v1/oauth/token", data=wrong | {"client_id": f"CP-{number}"})
            for number in range(6)
        ]
        assert others[-1].status_code == 429


# By signature ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("key", "algorithm"),
    [(EC_KEY, "ES256"), (ED_KEY, "EdDSA"), (RSA_KEY, "RS256"), (RSA_KEY, "PS256")],
)
def test_token__by_signature__opens_what_its_scope_opens(
    served: Served, key: Any, algorithm: str
) -> None:
    credential, secret = served.credential(scope=Scope.UPDATE, public_key=registered(key))
    assert secret is None
    with served.client() as client:
        for number, audience in enumerate(
            (ISSUER, ADDRESS, f"{ADDRESS}/v1/oauth/token", ["urn:other", ISSUER])
        ):
            shown = served.assertion(credential, key, algorithm, aud=audience, jti=f"n-{number}")
            token = fetch(client, signed(shown))
        answer = client.post(
            "/v1/things", headers=bearer(token, **{"Idempotency-Key": "k-1"}), json={}
        )
    assert answer.json() == {"institution": "B2", "scope": "update"}


CLAIMS: dict[str, tuple[dict[str, Any], str]] = {
    "issuer is another": ({"iss": "CP-1"}, "iss"),
    "no issuer": ({"iss": None}, "iss"),
    "audience is another": ({"aud": "https://other.invalid/v1/oauth/token"}, "aud"),
    "audience is where it was sent": ({"aud": "http://testserver/v1/oauth/token"}, "aud"),
    "audiences are others": ({"aud": ["urn:other", 7]}, "aud"),
    "no audience": ({"aud": None}, "aud"),
    "no expiry": ({"exp": None}, "exp"),
    "expired": ({"exp": -31}, "exp"),
    "good for too long": ({"exp": 331}, "exp"),
    "expiry is text": ({"exp": "soon"}, "exp"),
    "expiry is endless": ({"exp": 10**30}, "exp"),
    "expiry is yes": ({"exp": True}, "exp"),
    "not yet": ({"nbf": 31}, "nbf"),
    "of the future": ({"iat": 31}, "iat"),
    "no number": ({"jti": None}, "jti"),
    "number is empty": ({"jti": ""}, "jti"),
    "number is a number": ({"jti": 7}, "jti"),
    "number is a book": ({"jti": "x" * 257}, "jti"),
}


def _instants(served: Served, changes: dict[str, Any]) -> dict[str, Any]:
    """Small numbers are seconds from now."""
    now = int(served.here.now.timestamp())
    return {
        name: now + value
        if name in ("exp", "nbf", "iat") and type(value) is int and abs(value) < 10_000
        else value
        for name, value in changes.items()
    }


@pytest.mark.parametrize("wrong", CLAIMS)
def test_assertion__claim_does_not_hold__is_named_and_recorded(served: Served, wrong: str) -> None:
    changes, claim = CLAIMS[wrong]
    credential, _ = served.credential(public_key=registered(RSA_KEY))
    # The library checks kinds of claims where it signs; this signs whatever it is given.
    now = int(served.here.now.timestamp())
    claims = {
        "iss": credential,
        "sub": credential,
        "aud": ISSUER,
        "jti": "n-1",
        "iat": now,
        "exp": now + 120,
    } | _instants(served, changes)
    claims = {name: value for name, value in claims.items() if value is not None}
    shown = jwt.api_jws.encode(json.dumps(claims).encode(), RSA_KEY, "PS256")
    with served.client() as client:
        answer = client.post("/v1/oauth/token", data=signed(shown))
    assert no(answer) == (401, "assertion_refused", "invalid_client")
    assert answer.json()["facts"] == {"claim": claim}
    action, _, subject, facts = served.noted()[-1]
    assert (action, subject, facts["claim"]) == ("refused", credential, claim)


@pytest.mark.parametrize(
    "changes", [{"exp": -29}, {"exp": 300}, {"exp": 329}, {"iat": 29}, {"nbf": 29}, {"iat": None}]
)
def test_assertion__clock_a_little_off__is_taken(served: Served, changes: dict[str, Any]) -> None:
    credential, _ = served.credential(public_key=registered(EC_KEY))
    with served.client() as client:
        assert fetch(client, signed(served.assertion(credential, **_instants(served, changes))))


def _shared_secret_of_public_key(served: Served, credential: str) -> str:
    """Algorithm confusion: the public key, which everybody may know, as the secret of HMAC."""
    now = int(served.here.now.timestamp())
    head = {"alg": "HS256", "typ": "JWT"}
    body = {"iss": credential, "sub": credential, "aud": ISSUER, "jti": "1", "exp": now + 60}
    parts = [
        base64.urlsafe_b64encode(json.dumps(each).encode()).rstrip(b"=") for each in (head, body)
    ]
    signature = hmac.digest(pem_of(EC_KEY), b".".join(parts), "sha256")
    return b".".join([*parts, base64.urlsafe_b64encode(signature).rstrip(b"=")]).decode()


def _unsigned(served: Served, credential: str) -> str:
    return served.assertion(credential, None, "none")


def _key_in_header(served: Served, credential: str) -> str:
    own = json.loads(registered(OTHER_KEY).jwk)
    header = {"jwk": own, "kid": registered(EC_KEY).thumbprint, "jku": "https://thief.invalid/keys"}
    return served.assertion(credential, OTHER_KEY, header=header)


FORGED: dict[str, Callable[[Served, str], str]] = {
    "another key": lambda served, one: served.assertion(one, OTHER_KEY),
    "key in the header": _key_in_header,
    "no signature": _unsigned,
    "public key as shared secret": _shared_secret_of_public_key,
    "another curve's way": lambda served, one: served.assertion(one, RSA_KEY, "PS256"),
    "critical extension": lambda served, one: served.assertion(
        one, header={"crit": ["exp"], "exp": 1}
    ),
    "no token": lambda served, one: "x.y.z",
    "too long": lambda served, one: served.assertion(one, more="x" * 9_000),
    "credential of nobody": lambda served, one: served.assertion("CP-0"),
    "subject that no database takes": lambda served, one: served.assertion("CP-\x00\ud800"),
    "subject is a number": lambda served, one: jwt.api_jws.encode(b'{"sub": 7}', EC_KEY, "ES256"),
    "no subject": lambda served, one: served.assertion(one, sub=None),
    "body of another": lambda served, one: ".".join(
        (
            served.assertion(one).split(".")[0],
            served.assertion(one, jti="other").split(".")[1],
            served.assertion(one).split(".")[2],
        )
    ),
}


@pytest.mark.parametrize("forged", FORGED)
def test_assertion__not_signed_by_its_key__is_refused_alike_and_recorded(
    served: Served, forged: str
) -> None:
    credential, _ = served.credential(public_key=registered(EC_KEY))
    shown = FORGED[forged](served, credential)
    with served.client() as client:
        answer = client.post("/v1/oauth/token", data=signed(shown))
        assert no(answer) == REFUSED
        assert answer.json()["facts"] == {}
        # What it is forged from is good.
        assert fetch(client, signed(served.assertion(credential)))
    assert len(served.noted()) == 1
    assert shown not in answer.text + str(served.noted())


def test_assertion__of_a_credential_with_a_secret__is_refused_and_the_other_way_round(
    served: Served,
) -> None:
    by_secret = served.by_secret()
    by_key, _ = served.credential(public_key=registered(EC_KEY))
    with served.client() as client:
        shown = served.assertion(by_secret["client_id"])
        assert no(client.post("/v1/oauth/token", data=signed(shown))) == REFUSED
        for guess in ("", "x" * 43, "\x00" * 32):
            form = by_secret | {"client_id": by_key, "client_secret": guess}
            assert no(client.post("/v1/oauth/token", data=form)) == REFUSED


def test_assertion__for_another_client_than_the_form_names__is_refused(served: Served) -> None:
    credential, _ = served.credential(public_key=registered(EC_KEY))
    with served.client() as client:
        shown = served.assertion(credential)
        answer = client.post("/v1/oauth/token", data=signed(shown, client_id="CP-1"))
        assert no(answer) == REFUSED
        assert fetch(client, signed(shown, client_id=credential))  # it was not used up


def test_assertion__shown_by_many_at_once__is_taken_once(served: Served) -> None:
    credential, _ = served.credential(public_key=registered(EC_KEY))
    shown = served.assertion(credential)
    statuses: list[int] = []
    ready = threading.Barrier(8)

    def show(app: FastAPI) -> None:
        with served.client(app=app) as client:
            ready.wait()
            statuses.append(client.post("/v1/oauth/token", data=signed(shown)).status_code)

    apps = [served.another() for _ in range(2)]
    threads = [threading.Thread(target=show, args=(apps[n % 2],)) for n in range(8)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert sorted(statuses) == [200] + 7 * [401]
    assert [each[3]["claim"] for each in served.noted()] == 7 * ["jti"]


def test_assertion__same_number_of_another_credential__is_its_own(served: Served) -> None:
    first, _ = served.credential(public_key=registered(EC_KEY))
    second, _ = served.credential(public_key=registered(EC_KEY))
    with served.client() as client:
        assert fetch(client, signed(served.assertion(first)))
        assert fetch(client, signed(served.assertion(second)))
        answer = client.post("/v1/oauth/token", data=signed(served.assertion(first)))
    assert no(answer) == (401, "assertion_refused", "invalid_client")


def test_assertions__old_ones__are_forgotten(served: Served) -> None:
    credential, _ = served.credential(public_key=registered(EC_KEY))
    with served.client() as client:
        for number in range(3):
            assert fetch(client, signed(served.assertion(credential, jti=f"n-{number}")))
            served.here.now += timedelta(minutes=20)
    with served.here.database.read() as connection:
        kept = "SELECT count(*) FROM client_assertion WHERE credential_id = :one"
        assert connection.scalar(text(kept), {"one": credential}) == 1


# Certificates ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("written", [as_rfc9440, as_pem])
def test_token__fetched_with_a_certificate__is_good_with_it_alone(
    served: Served, written: Callable[[x509.Certificate], str]
) -> None:
    ours, theirs = {HEADER: written(OURS)}, {HEADER: written(THEIRS)}
    with served.client(PROXY) as client:
        token = fetch(client, served.by_secret(), **ours)
        claims = jwt.decode(token, options={"verify_signature": False})
        assert claims["cnf"] == {"x5t#S256": thumbprint(OURS)}
        assert client.get("/v1/things", headers=bearer(token, **ours)).status_code == 200
        stolen = client.get("/v1/things", headers=bearer(token, **theirs))
        without = client.get("/v1/things", headers=bearer(token))
    for answer in (stolen, without):
        assert (answer.status_code, answer.json()["reason"]) == (401, "certificate_differs")
    noted = [each[3] for each in served.noted()]
    assert [each["reason"] for each in noted] == 2 * ["certificate_differs"]
    assert noted[0]["certificate"] == thumbprint(THEIRS)
    assert noted[0]["institution"] == "B2"


def test_token__stolen_and_its_certificate_claimed_from_outside__is_refused(
    served: Served,
) -> None:
    ours = {HEADER: as_rfc9440(OURS)}
    with served.client(PROXY) as inside, served.client(OUTSIDE) as outside:
        token = fetch(inside, served.by_secret(), **ours)
        for spoofed in (ours, ours | {"X-Forwarded-For": PROXY}):
            answer = outside.get("/v1/things", headers=bearer(token, **spoofed))
            assert (answer.status_code, answer.json()["reason"]) == (401, "certificate_differs")
        # And a token that is fetched from there is bound to nothing.
        other = fetch(outside, served.by_secret(), **ours)
    assert "cnf" not in jwt.decode(other, options={"verify_signature": False})


@pytest.mark.parametrize(
    "header",
    ["x", "::", ":eA==:", quote("-----BEGIN CERTIFICATE-----"), "%ff", ":MIIB:"],
)
def test_certificate__that_is_none__is_refused_even_from_the_proxy(
    served: Served, header: str
) -> None:
    with served.client(PROXY) as client:
        answer = client.post("/v1/oauth/token", data=served.by_secret(), headers={HEADER: header})
        assert no(answer) == (401, "certificate_differs", "invalid_client")


def test_certificate__passed_twice__is_refused(served: Served) -> None:
    with served.client(PROXY) as client:
        headers = [(HEADER, as_rfc9440(THEIRS)), (HEADER, as_rfc9440(OURS))]
        answer = client.post("/v1/oauth/token", data=served.by_secret(), headers=headers)
        assert no(answer) == (401, "certificate_differs", "invalid_client")


def test_credential__with_a_certificate__signs_in_over_its_connection_alone(
    served: Served,
) -> None:
    credential, _ = served.credential(public_key=registered(EC_KEY), certificate=thumbprint(OURS))
    with served.client(PROXY) as client, served.client(OUTSIDE) as outside:
        for number, (where, headers) in enumerate(
            (
                (client, {HEADER: as_pem(THEIRS)}),
                (client, {}),
                (outside, {HEADER: as_pem(OURS)}),
            )
        ):
            shown = signed(served.assertion(credential, jti=f"n-{number}"))
            answer = where.post("/v1/oauth/token", data=shown, headers=headers)
            assert no(answer) == (401, "certificate_differs", "invalid_client")
        token = fetch(client, signed(served.assertion(credential)), **{HEADER: as_pem(OURS)})
        answer = client.get("/v1/things", headers=bearer(token, **{HEADER: as_pem(OURS)}))
    assert answer.status_code == 200
    assert [each[2] for each in served.noted()] == 3 * [credential]


# What a token opens ----------------------------------------------------------------------------------


def test_reference_token__on_a_route_that_changes__is_refused_and_recorded(
    served: Served,
) -> None:
    with served.client() as client:
        token = fetch(client, served.by_secret())
        answer = client.post(
            "/v1/things", headers=bearer(token, **{"Idempotency-Key": "k-1"}), json={}
        )
    assert (answer.status_code, answer.json()["reason"]) == (403, "scope_missing")
    facts = served.noted()[-1][3]
    assert (facts["reason"], facts["route"]) == ("scope_missing", "POST /v1/things")


def test_update_token__on_a_route_that_reads__is_refused_too(served: Served) -> None:
    """R-PROGMAT-API-3: apart in both directions, so one that leaks never does both."""
    with served.client() as client:
        token = fetch(client, served.by_secret(scope=Scope.UPDATE))
        answer = client.get("/v1/things", headers=bearer(token))
    assert (answer.status_code, answer.json()["reason"]) == (403, "scope_missing")


def test_token__expired_or_revoked_in_between__is_refused_and_recorded(served: Served) -> None:
    form = served.by_secret()
    with served.client() as client:
        first, second = fetch(client, form), fetch(client, form)
        assert client.get("/v1/things", headers=bearer(first)).status_code == 200
        served.here.now += timedelta(minutes=10)
        expired = client.get("/v1/things", headers=bearer(first))
        assert (expired.status_code, expired.json()["reason"]) == (401, "token_expired")
        served.here.now -= timedelta(minutes=5)
        served.here.machines.revoke(CredentialId(form["client_id"]), by=MAKER, at=served.here.now)
        served.seconds += 1
        revoked = client.get("/v1/things", headers=bearer(second))
    assert (revoked.status_code, revoked.json()["reason"]) == (401, "credential_refused")
    assert revoked.headers["WWW-Authenticate"] == 'Bearer error="invalid_token"'
    assert [each[3]["reason"] for each in served.noted()] == ["token_expired", "credential_refused"]


def test_anything__secret__stands_in_no_log_record_or_refusal(
    served: Served, caplog: pytest.LogCaptureFixture
) -> None:
    form = served.by_secret()
    by_key, _ = served.credential(public_key=registered(EC_KEY))
    shown = served.assertion(by_key)
    caplog.set_level(logging.DEBUG)
    with structlog.testing.capture_logs() as logs, served.client() as client:
        token = fetch(client, form)
        fetch(client, signed(shown))
        told = client.post("/v1/oauth/token", data=signed(shown)).text
        wrong = {"Authorization": f"Basic {form['client_secret']}"}
        told += client.post("/v1/oauth/token", data=form, headers=wrong).text
        served.here.now += timedelta(hours=1)
        told += client.get("/v1/things", headers=bearer(token)).text
    written = told + caplog.text + json.dumps(logs, default=str)
    with served.here.database.read() as connection:
        for table in ("audit", "credential", "access_proposal", "client_assertion"):
            rows = connection.scalars(text(f"SELECT to_jsonb(t)::text FROM {table} AS t"))
            written += " ".join(rows)
    private = EC_KEY.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    for secret in (form["client_secret"], *token.split("."), *shown.split("."), private):
        assert secret not in written
    assert [each["credential"] for each in logs[:2]] == [form["client_id"], by_key]


# How it is found -------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", [token_routes.METADATA_PATH, token_routes.WELL_KNOWN_PATH])
def test_metadata__asked_by_anybody__says_where_and_how(served: Served, path: str) -> None:
    with served.client() as client:
        told = client.get(path).json()
    assert told["issuer"] == ADDRESS
    assert told["token_endpoint"] == f"{ADDRESS}/v1/oauth/token"
    assert told["scopes_supported"] == ["reference", "update"]
    assert told["token_endpoint_auth_signing_alg_values_supported"] == [
        "ES256",
        "EdDSA",
        "PS256",
        "RS256",
    ]
    assert told["tls_client_certificate_bound_access_tokens"] is True


def test_description__of_the_token_route__says_the_form(served: Served) -> None:
    with served.client() as client:
        described = client.get("/v1/openapi.json").json()["paths"]["/v1/oauth/token"]["post"]
    form = described["requestBody"]["content"]["application/x-www-form-urlencoded"]["schema"]
    assert form["required"] == ["grant_type"]
    assert "x-scope" not in described  # for everybody
    assert "security" not in described
    assert "Idempotency-Key" not in {each["name"] for each in described.get("parameters", [])}


def test_description__of_every_route__says_which_token_it_takes(served: Served) -> None:
    with served.client() as client:
        described = client.get("/v1/openapi.json").json()
    things = described["paths"]["/v1/things"]
    assert things["get"]["security"] == [{"oauth": ["reference"]}]
    assert things["post"]["security"] == [{"oauth": ["update"]}]
    flow = described["components"]["securitySchemes"]["oauth"]["flows"]["clientCredentials"]
    assert flow["tokenUrl"] in described["paths"]
    assert set(flow["scopes"]) == set(Scope)


def test_address__behind_proxies__is_the_last_one_that_is_not_trusted(served: Served) -> None:
    def ask(host: str | None, *forwarded: str) -> str:
        scope = {
            "type": "http",
            "client": None if host is None else (host, 1),
            "headers": [(b"x-forwarded-for", each.encode()) for each in forwarded],
        }
        return str(served.app.state.proxies.address(Request(scope)))

    assert ask(OUTSIDE, "192.0.2.1") == OUTSIDE
    assert ask(PROXY) == PROXY
    assert ask(PROXY, "192.0.2.1") == "192.0.2.1"
    assert ask(PROXY, "198.51.100.1, 192.0.2.1, 10.0.0.9") == "192.0.2.1"
    assert ask(PROXY, "198.51.100.1", "192.0.2.1") == "192.0.2.1"
    assert ask(None, "192.0.2.1") == ""
