"""Access tokens: made, taken, refused, over a real database.

given a token of a credential that two persons issued
├── when it is shown in time: it should be its caller, and cost no question to the database for a second
├── when it has expired: it should be refused by that name, and noted
├── when its credential is revoked, or over: it should end within a second, and be noted
├── when it is signed otherwise (none, another key, another kind, another instance, tampered): refused alike, and noted
├── when it is bound to a certificate and comes with another, or with none: refused by that name, and noted
├── when its key is renewed once: it should stay good; twice: it should end
└── nothing of a token should stand in a record, an error or a representation
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import jwt
import pytest
from sqlalchemy import event, text
from tests.storage.conftest import TEMPLATE
from tests.storage.test_credentials import issued
from tests.storage.test_users import entries
from tests.support.access import MAKER, Installation, installed
from tests.support.people import AT, B1, B2

from genbo.bootstrap.tokens import KIND, TokenRules, Tokens
from genbo.bootstrap.turned_away import AT_ONCE
from genbo.governance.users import Caller, CredentialId, MachineCredential, Scope
from genbo.kernel import Reason, Refusal
from genbo.storage.credentials import Credentials
from genbo.storage.engine import Database
from genbo.storage.keyfile import development_kek
from genbo.storage.server import EmbeddedServer
from genbo.storage.token_keys import TokenKeys
from genbo.storage.vault import Vault

RULES = TokenRules(issuer="urn:genbo:31337:0x00000000000000000000000000000000000000A1")
OURS, THEIRS = "A" * 43, "B" * 43


@dataclass
class Clock:
    """Seconds that pass when told to."""

    now: float = 100.0

    def __call__(self) -> float:
        return self.now


@dataclass
class Desk:
    """An installation, its tokens, and the credential of B2."""

    here: Installation
    clock: Clock = field(default_factory=Clock)
    before: int = 0
    """Refusals of other tests."""

    def __post_init__(self) -> None:
        self.tokens = self.another()
        self.credential, _ = issued(self.here, key=f"k-{self.here.now.timestamp()}")
        self.before = len(self.noted())

    def renew_key(self, late: timedelta = timedelta()) -> None:
        """As `genbo vault renew-token-key`, by another process."""
        with self.here.database.begin() as connection:
            TokenKeys(connection, self.here.vault).renew(at=self.here.now + late, by="cli:ADMIN-1")

    def another(self, rules: TokenRules = RULES) -> Tokens:
        """The tokens as another process of the same database makes and takes them."""
        return Tokens(self.here.database, self.here.vault, rules, clock=self.clock)

    def known(self) -> MachineCredential:
        with self.here.database.read() as connection:
            found = Credentials(connection).find(self.credential)
        assert found is not None
        return found

    def make(self, tokens: Tokens | None = None, **more: Any) -> str:
        return (tokens or self.tokens).make(self.known(), at=self.here.now, **more).token

    def ask(self, token: str, tokens: Tokens | None = None, **more: Any) -> Caller:
        return (tokens or self.tokens).caller(token, at=self.here.now, **more)

    def refusal(self, token: str, tokens: Tokens | None = None, **more: Any) -> Refusal:
        with pytest.raises(Refusal) as caught:
            self.ask(token, tokens, **more)
        return caught.value

    def noted(self) -> list[Any]:
        found = [
            each for each in entries(self.here, "registry:credential:") if each[0] == "refused"
        ]
        return found[self.before :]

    def secret(self) -> tuple[str, bytes]:
        with self.here.database.begin() as connection:
            key = TokenKeys(connection, self.here.vault).signing(at=self.here.now)
        return key.id, key.secret

    def forged(self, **changes: Any) -> str:
        """A token of the right key whose claims or header are other ones."""
        kid, secret = self.secret()
        now = int(self.here.now.timestamp())
        header = {"kid": kid, "typ": KIND} | changes.pop("header", {})
        header = {name: value for name, value in header.items() if value is not None}
        claims = {
            "iss": RULES.issuer,
            "aud": RULES.audience,
            "sub": self.credential,
            "institution": B2.id,
            "scope": "reference",
            "iat": now,
            "nbf": now,
            "exp": now + 600,
            "jti": "1",
        } | changes
        claims = {name: value for name, value in claims.items() if value is not None}
        return jwt.encode(claims, secret, "HS256", headers=header)


@pytest.fixture(scope="module")
def here(
    server: EmbeddedServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Installation]:
    """One installation for all tests, each with a credential of its own."""
    server.create_database("tokens", template=TEMPLATE)
    base = Database(server.url("tokens"))
    yield installed(base, Vault(development_kek(tmp_path_factory.mktemp("vault"))))
    base.close()
    server.drop_database("tokens")


@pytest.fixture
def desk(here: Installation) -> Desk:
    return Desk(here)


def test_token__shown_in_time__is_its_caller_in_every_process(desk: Desk) -> None:
    token = desk.make()
    expected = Caller(desk.credential, B2, Scope.REFERENCE)
    assert desk.ask(token) == expected
    assert desk.ask(token, desk.another()) == expected
    assert desk.ask(desk.forged()) == expected  # what the other tests tamper with is good as it is
    assert desk.noted() == []


def test_token__shown_again_within_a_second__asks_the_database_nothing(desk: Desk) -> None:
    token, asked = desk.make(), []
    desk.ask(token)
    event.listen(
        desk.here.database.engine, "before_cursor_execute", lambda *told: asked.append(told[2])
    )
    for _ in range(50):
        desk.ask(token)
    assert asked == []
    desk.clock.now += 1
    desk.ask(token)
    assert asked


def test_token__remembered__is_known_without_a_thread_and_never_otherwise_than_asked(
    desk: Desk,
) -> None:
    token = desk.make(certificate=OURS)

    def remembered(certificate: str | None = OURS) -> Caller | None:
        return desk.tokens.remembered(token, at=desk.here.now, certificate=certificate)

    assert remembered() is None  # it was never seen
    asked = desk.ask(token, certificate=OURS)
    assert remembered() == asked
    assert remembered(THEIRS) is None
    desk.clock.now += 1
    assert remembered() is None  # its credential might be revoked by now
    desk.ask(token, certificate=OURS)
    for _ in range(2):  # keys that are renewed away count no more
        desk.renew_key()
    assert remembered() == asked
    desk.here.now += timedelta(minutes=10)
    assert remembered() is None
    desk.here.now -= timedelta(minutes=10)
    desk.clock.now += 1
    desk.ask(desk.make(), certificate=OURS)
    assert remembered() is None
    assert desk.noted() == []


def test_token__expired__is_refused_by_name_and_noted(desk: Desk) -> None:
    token = desk.make()
    desk.here.now += timedelta(seconds=599)
    desk.ask(token)
    desk.here.now += timedelta(seconds=1)
    assert desk.refusal(token).args == ("token_expired", {})
    action, actor, subject, facts = desk.noted()[-1]
    assert (action, actor, subject) == ("refused", "machine", desk.credential)
    assert facts == {"scope": "reference", "reason": "token_expired", "institution": "B2"}


def test_token__of_a_process_whose_clock_is_ahead__is_taken_within_a_minute(desk: Desk) -> None:
    at = int(desk.here.now.timestamp())
    assert desk.ask(desk.forged(nbf=at + 59)).credential == desk.credential
    assert desk.refusal(desk.forged(nbf=at + 62)).reason is Reason.CREDENTIAL_REFUSED


def test_token__credential_revoked_in_between__ends_within_a_second(desk: Desk) -> None:
    token = desk.make()
    desk.ask(token)
    desk.here.machines.revoke(desk.credential, by=MAKER, at=desk.here.now)
    assert desk.refusal(token, desk.another()).args == ("credential_refused", {})
    desk.clock.now += 1
    assert desk.refusal(token).args == ("credential_refused", {})
    assert [each[2] for each in desk.noted()] == [desk.credential] * 2


def test_token__credential_over__ends_with_it(desk: Desk) -> None:
    begun = desk.here.now
    desk.here.now = AT + timedelta(days=90) - timedelta(seconds=2)
    token = desk.make()
    desk.ask(token)
    desk.here.now += timedelta(seconds=2)
    assert desk.refusal(token).reason is Reason.CREDENTIAL_REFUSED
    desk.here.now = begun


def _unsigned(desk: Desk) -> str:
    _, body, _ = desk.forged().split(".")
    kid = jwt.get_unverified_header(desk.forged())["kid"]
    none = json.dumps({"alg": "none", "typ": KIND, "kid": kid}).encode()
    return f"{base64.urlsafe_b64encode(none).decode().rstrip('=')}.{body}."


def _other_body(desk: Desk) -> str:
    head, _, signature = desk.forged().split(".")
    body = desk.forged(scope="update").split(".")[1]
    return f"{head}.{body}.{signature}"


def _by_the_name_of_the_key(desk: Desk) -> str:
    """Signed with what everybody can read: the id of the key."""
    kid, _ = desk.secret()
    claims = jwt.decode(desk.forged(), options={"verify_signature": False})
    return jwt.encode(claims, kid * 4, "HS256", headers={"kid": kid, "typ": KIND})


WRONG: dict[str, Callable[[Desk], str]] = {
    "empty": lambda desk: "",
    "no token": lambda desk: "not.a.token",
    "not even text": lambda desk: "\ud800",
    "too long": lambda desk: desk.forged(more="x" * 5_000),
    "alg none": _unsigned,
    "alg HS512": lambda desk: jwt.encode(
        jwt.decode(desk.forged(), options={"verify_signature": False}),
        desk.secret()[1] * 2,
        "HS512",
        headers={"kid": desk.secret()[0], "typ": KIND},
    ),
    "body of another": _other_body,
    "key name as key": _by_the_name_of_the_key,
    "no kid": lambda desk: desk.forged(header={"kid": None}),
    "kid of nobody": lambda desk: desk.forged(header={"kid": "../../etc/passwd"}),
    "kid empty": lambda desk: desk.forged(header={"kid": ""}),
    "another kind": lambda desk: desk.forged(header={"typ": "JWT"}),
    "another audience": lambda desk: desk.forged(aud="urn:genbo:31337:other:v1"),
    "several audiences": lambda desk: desk.forged(aud=["urn:other"]),
    "another issuer": lambda desk: desk.forged(iss="urn:genbo:1:0xA1"),
    "no expiry": lambda desk: desk.forged(exp=None),
    "expiry as text": lambda desk: desk.forged(exp="soon"),
    "expiry without end": lambda desk: desk.forged(exp=10**20),
    "no subject": lambda desk: desk.forged(sub=None),
    "unknown scope": lambda desk: desk.forged(scope="everything"),
    "more scope than the credential": lambda desk: desk.forged(scope="update"),
    "another institution": lambda desk: desk.forged(institution="B1"),
    "credential of nobody": lambda desk: desk.forged(sub="CP-0"),
    "odd certificate": lambda desk: desk.forged(cnf="x"),
}


@pytest.mark.parametrize("wrong", WRONG)
def test_token__signed_otherwise_or_for_others__is_refused_alike_and_noted(
    desk: Desk, wrong: str
) -> None:
    token = WRONG[wrong](desk)
    assert desk.refusal(token).args == ("credential_refused", {})
    assert len(desk.noted()) == 1


def test_token__of_another_installation__is_refused(
    desk: Desk, server: Any, tmp_path_factory: Any
) -> None:
    server.create_database("elsewhere", template=TEMPLATE)
    elsewhere = Database(server.url("elsewhere"))
    try:
        vault = Vault(development_kek(tmp_path_factory.mktemp("other")))
        other = Tokens(elsewhere, vault, RULES)  # the same platform, another registrar's database
        token = other.make(desk.known(), at=desk.here.now).token
    finally:
        elsewhere.close()
        server.drop_database("elsewhere")
    assert desk.refusal(token).reason is Reason.CREDENTIAL_REFUSED
    rules = replace(RULES, issuer=RULES.issuer.replace("31337", "1"))
    assert desk.refusal(desk.make(desk.another(rules))).reason is Reason.CREDENTIAL_REFUSED


def test_token__stolen_and_shown_with_another_certificate__is_refused_by_name_and_noted(
    desk: Desk,
) -> None:
    token = desk.make(certificate=OURS)
    assert desk.ask(token, certificate=OURS).institution == B2
    for certificate in (THEIRS, None, ""):
        assert desk.refusal(token, certificate=certificate).args == ("certificate_differs", {})
    noted = desk.noted()
    assert [each[2] for each in noted] == [desk.credential] * 3
    assert noted[0][3]["certificate"] == THEIRS
    assert noted[0][3]["reason"] == "certificate_differs"


def test_token__bound_to_nothing__is_taken_with_any_certificate(desk: Desk) -> None:
    assert desk.ask(desk.make(), certificate=THEIRS).institution == B2


def test_key__renewed__keeps_the_tokens_of_the_one_before(desk: Desk) -> None:
    first, other = desk.make(), desk.another()
    desk.ask(first, other)
    desk.renew_key(timedelta(hours=-1))
    second = desk.make()
    assert jwt.get_unverified_header(first)["kid"] != jwt.get_unverified_header(second)["kid"]
    desk.clock.now += 1
    assert desk.ask(first, other) == desk.ask(second, other)
    desk.renew_key()
    desk.clock.now += 1
    assert desk.ask(second, other).credential == desk.credential
    assert desk.refusal(first, other).reason is Reason.CREDENTIAL_REFUSED
    assert desk.refusal(first).reason is Reason.CREDENTIAL_REFUSED


def test_refusals__faster_than_anybody_reads__are_counted_in_the_next_entry(desk: Desk) -> None:
    for _ in range(AT_ONCE + 30):
        assert desk.refusal("not.a.token").reason is Reason.CREDENTIAL_REFUSED
    assert len(desk.noted()) == AT_ONCE
    desk.clock.now += 5
    desk.refusal("not.a.token")
    assert desk.noted()[-1][3] == {"reason": "credential_refused", "unwritten": 30}


def test_refused__outside_of_scope__is_noted_with_the_route(desk: Desk) -> None:
    caller = desk.ask(desk.make())
    refusal = Refusal(Reason.SCOPE_MISSING, credential=caller.credential, scope="update")
    desk.tokens.refused(caller, refusal, "POST /v1/investors", at=desk.here.now)
    assert desk.noted()[-1][2:] == (
        desk.credential,
        {
            "scope": "reference",
            "reason": "scope_missing",
            "route": "POST /v1/investors",
            "institution": "B2",
        },
    )


def test_token__made_and_refused__stands_nowhere(desk: Desk) -> None:
    made = desk.tokens.make(desk.known(), at=desk.here.now)
    desk.here.now += timedelta(hours=1)
    refusal = desk.refusal(made.token)
    _, secret = desk.secret()
    shown = repr(made) + repr(refusal) + repr(desk.tokens) + repr(vars(desk.tokens)["_signed"])
    assert made.token not in shown
    with desk.here.database.read() as connection:
        shown += " ".join(connection.scalars(text("SELECT to_jsonb(t)::text FROM audit AS t")))
        keys = connection.scalars(text("SELECT encode(wrapped_key, 'hex') FROM vault_secret")).all()
    for part in made.token.split("."):
        assert part not in shown
    assert not any(secret.hex() in each for each in keys)
    assert B1.id != B2.id
    assert CredentialId(desk.credential) in shown
