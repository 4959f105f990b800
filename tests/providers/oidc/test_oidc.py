"""OpenID Connect against a provider that speaks it: what is believed, and everything that is not.

given a flow that is as it must be
├── it should prove the subject, by RS256 and by ES256, with the secret in the header or in the body
└── when the provider changed its keys meanwhile: it should look for the new ones, and not without end
given a way back of the browser that is not ours
├── state, issuer (mix-up), time or error: it should be unproved, and the token endpoint not even asked
└── a code of another flow, or used before: it should be unproved
given an ID token that is not right
└── signature, algorithm, key, issuer, audience, nonce, times, acr, subject: it should be unproved
given a provider that is away, or not itself: it should be a fault, and say nothing that it said
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import jwt
import pytest
from tests.support.oidc import CLIENT, REDIRECT, SECRET, Key, Provider, browse
from tests.support.people import AT

from genbo.kernel import Fault, Reason, Refusal
from genbo.providers.oidc import IdentityProvider, OidcSettings

RSA, EC, STRANGER = Key.rsa(), Key.ec(), Key.rsa()
SOON = AT + timedelta(seconds=20)


@pytest.fixture
def provider() -> Iterator[Provider]:
    with Provider([RSA, EC]) as running:
        yield running


def client(provider: Provider, **settings: Any) -> IdentityProvider:
    given: dict[str, Any] = {
        "issuer": provider.issuer,
        "client_id": CLIENT,
        "client_secret": SECRET,
        "redirect_uri": REDIRECT,
        "seconds": 2.0,
    }
    return IdentityProvider(OidcSettings(**(given | settings)))


def proved(provider: Provider, **settings: Any) -> Any:
    """A whole sign-in."""
    ours = client(provider, **settings)
    try:
        url, pending = ours.begin(at=AT)
        return ours.finish(pending, browse(url), at=SOON)
    finally:
        ours.close()


def problem(provider: Provider, **settings: Any) -> str:
    """Why a whole sign-in proves nothing."""
    with pytest.raises(Refusal) as caught:
        proved(provider, **settings)
    assert caught.value.reason is Reason.IDENTITY_UNPROVED
    assert provider.subject not in str(caught.value)
    return str(caught.value.facts["problem"])


# ── As it must be


@pytest.mark.parametrize("key", [RSA, EC], ids=["RS256", "ES256"])
def test_flow__as_it_must_be__proves_the_subject(provider: Provider, key: Key) -> None:
    provider.keys = [key]
    identity = proved(provider, acr_values=("mfa", "phr"), most_age=timedelta(minutes=5))
    assert (identity.issuer, identity.subject) == (provider.issuer, "subject-1")
    assert (identity.authenticated_at, identity.acr) == (AT, "mfa")
    assert "subject-1" not in repr(identity)


def test_flow__secret_goes_into_the_body_where_the_header_is_not_taken(provider: Provider) -> None:
    provider.metadata = {"token_endpoint_auth_methods_supported": ["client_secret_post"]}
    assert proved(provider).subject == "subject-1"


def test_flow__provider_does_not_name_itself__is_enough_where_it_never_does(
    provider: Provider,
) -> None:
    provider.answers = {"iss": None}
    assert "iss" in problem(provider)
    provider.metadata = {"authorization_response_iss_parameter_supported": False}
    assert proved(provider).subject == "subject-1"


def test_keys__changed_meanwhile__are_looked_for_and_not_without_end(provider: Provider) -> None:
    ours = client(provider)
    now = [0.0]
    ours._metadata._clock = lambda: now[0]  # the library's own clock stands
    url, pending = ours.begin(at=AT)
    ours.finish(pending, browse(url), at=SOON)
    new = Key.rsa("rsa-2")
    provider.keys = [new]
    now[0] = 31.0
    url, pending = ours.begin(at=AT)
    assert ours.finish(pending, browse(url), at=SOON).subject == "subject-1"
    provider.sign = lambda claims: provider.signed(claims, Key(STRANGER.private, "x", "RS256"))
    provider.asked.clear()
    for _ in range(3):
        url, pending = ours.begin(at=AT)
        with pytest.raises(Refusal):
            ours.finish(pending, browse(url), at=SOON)
    assert provider.asked.count("/keys") == 0
    ours.close()


# ── The way back


def test_way_back__of_another_browser_or_provider__is_unproved_and_nothing_is_exchanged(
    provider: Provider,
) -> None:
    ours = client(provider)
    url, pending = ours.begin(at=AT)
    back = browse(url)
    wrong = [
        back | {"state": "another"},
        {"code": back["code"], "iss": back["iss"]},
        back | {"iss": "https://other.invalid"},
        back | {"error": "access_denied"},
        {name: value for name, value in back.items() if name != "code"},
    ]
    for answer in wrong:
        with pytest.raises(Refusal) as caught:
            ours.finish(pending, answer, at=SOON)
        assert caught.value.reason is Reason.IDENTITY_UNPROVED
    for moment in (AT - timedelta(seconds=1), AT + timedelta(minutes=10, seconds=1)):
        with pytest.raises(Refusal):
            ours.finish(pending, back, at=moment)
    with pytest.raises(Refusal):
        ours.finish(replace(pending, issuer="https://other.invalid"), back, at=SOON)
    assert "/token" not in provider.asked
    assert ours.finish(pending, back, at=SOON).subject == "subject-1"
    with pytest.raises(Refusal) as caught:
        ours.finish(pending, back, at=SOON)  # the code was used
    assert caught.value.facts["problem"] == "the provider says invalid_grant"
    ours.close()


def test_way_back__code_of_somebody_elses_flow__is_unproved(provider: Provider) -> None:
    """A stolen code, put into another browser's way back: PKCE keeps it from being of use."""
    ours = client(provider)
    mine, pending = ours.begin(at=AT)
    theirs, _ = ours.begin(at=AT)
    stolen = browse(theirs)["code"]
    with pytest.raises(Refusal) as caught:
        ours.finish(pending, browse(mine) | {"code": stolen}, at=SOON)
    assert caught.value.facts["problem"] == "the provider says invalid_grant"
    ours.close()


def test_way_back__error_with_a_text_in_it__is_not_repeated(provider: Provider) -> None:
    provider.answers = {"error": "<script>山田"}
    assert problem(provider) == "the provider says no"


# ── The token


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"iss": "https://other.invalid"}, "another issuer"),
        ({"iss": None}, "another issuer"),
        ({"aud": "another-client"}, "for another client"),
        ({"aud": None}, "for another client"),
        ({"aud": [CLIENT, "another"]}, "several audiences"),
        ({"aud": [CLIENT, "another"], "azp": "another"}, "another client asked"),
        ({"azp": "another"}, "another client asked"),
        ({"nonce": "another"}, "nonce"),
        ({"nonce": None}, "nonce"),
        ({"exp": int((AT - timedelta(minutes=5)).timestamp())}, "expired"),
        ({"exp": None}, "expired"),
        ({"exp": "soon"}, "exp is no time"),
        ({"exp": 1e30}, "exp is no time"),
        ({"exp": True}, "exp is no time"),
        ({"iat": int((AT + timedelta(minutes=5)).timestamp())}, "future"),
        ({"iat": None}, "future"),
        ({"nbf": int((AT + timedelta(minutes=5)).timestamp())}, "future"),
        ({"exp": int((AT + timedelta(days=9)).timestamp())}, "longer"),
        ({"auth_time": int((AT - timedelta(hours=2)).timestamp())}, "too long ago"),
        ({"auth_time": None}, "too long ago"),
        ({"acr": "password"}, "acr"),
        ({"acr": None}, "acr"),
        ({"acr": ["mfa"]}, "acr"),
        ({"sub": None}, "no subject"),
        ({"sub": ""}, "no subject"),
        ({"sub": 7}, "no subject"),
        ({"sub": "x" * 256}, "no subject"),
    ],
)
def test_token__claim_is_not_right__is_unproved(
    provider: Provider, changes: dict[str, Any], said: str
) -> None:
    provider.claims = lambda claims: {
        name: value for name, value in (claims | changes).items() if value is not None
    }
    assert said in problem(provider, acr_values=("mfa",), most_age=timedelta(hours=1))


def _segments(header: dict[str, Any], claims: dict[str, Any], signature: bytes = b"") -> str:
    parts = (json.dumps(header).encode(), json.dumps(claims).encode(), signature)
    return ".".join(base64.urlsafe_b64encode(part).rstrip(b"=").decode() for part in parts)


@pytest.mark.parametrize(
    ("sign", "said"),
    [
        (lambda c: Provider.signed(c, Key(STRANGER.private, "rsa-1", "RS256")), "signature"),
        (lambda c: Provider.signed(c, Key(STRANGER.private, "rsa-9", "RS256")), "not the provider"),
        (lambda c: _segments({"alg": "none"}, c), "algorithm"),
        (lambda c: _segments({"alg": "nOnE", "kid": "rsa-1"}, c), "algorithm"),
        (lambda c: jwt.encode(c, "a shared secret" * 4, algorithm="HS256"), "algorithm"),
        (
            lambda c: jwt.encode(c, RSA.private, algorithm="RS512", headers={"kid": "rsa-1"}),
            "algorithm",
        ),
        (lambda c: _segments({"alg": "ES256", "kid": "rsa-1"}, c, b"x" * 64), "not the provider"),
        (lambda c: _segments({"alg": "RS256", "kid": "rsa-1"}, c, b"x" * 256), "signature"),
        (lambda c: Provider.signed(c, RSA)[:-6], "signature"),
        (lambda c: "no token", "no ID token"),
        (lambda c: "", "no ID token"),
        (lambda c: None, "no ID token"),
    ],
    ids=[
        "another key under the name",
        "a key nobody knows",
        "none",
        "none in another case",
        "shared secret",
        "RS512",
        "kind of key confused",
        "no signature",
        "cut",
        "garbage",
        "empty",
        "missing",
    ],
)
def test_token__signature_is_not_the_providers__is_unproved(
    provider: Provider, sign: Any, said: str
) -> None:
    provider.sign = sign
    assert said in problem(provider)


def test_token__signed_with_the_public_key_as_a_secret__is_unproved(provider: Provider) -> None:
    """The classic confusion: HS256 with the bytes of the RSA key, which everybody has."""
    import hashlib
    import hmac

    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    pem = RSA.private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)

    def sign(claims: dict[str, Any]) -> str:
        unsigned = _segments({"alg": "HS256", "kid": "rsa-1"}, claims).rpartition(".")[0]
        mac = hmac.digest(pem, unsigned.encode(), hashlib.sha256)
        return unsigned + "." + base64.urlsafe_b64encode(mac).rstrip(b"=").decode()

    provider.sign = sign
    assert "algorithm" in problem(provider)


def test_token__key_is_for_encryption_or_another_algorithm__is_unproved(provider: Provider) -> None:
    for change in ({"use": "enc"}, {"alg": "PS256"}):
        public = RSA.public() | change
        key = Key(RSA.private, "rsa-1", "RS256")
        key.public = lambda public=public: public  # type: ignore[method-assign]
        provider.keys = [key]
        assert "key is" in problem(provider)


# ── The provider


@pytest.mark.parametrize(
    ("path", "answer"),
    [
        ("/.well-known/openid-configuration", (500, b"{}")),
        ("/.well-known/openid-configuration", (200, b"not json")),
        ("/.well-known/openid-configuration", (200, b"[]")),
        ("/.well-known/openid-configuration", (200, b'{"issuer": "https://other.invalid"}')),
        ("/.well-known/openid-configuration", (302, b"")),
        ("/keys", (200, b'{"keys": 7}')),
        ("/keys", (503, b"")),
        ("/token", (401, b'{"error": "invalid_client"}')),
        ("/token", (500, b"x")),
        ("/token", (200, b"x" * (1 << 21))),
    ],
)
def test_provider__not_as_it_must_be__is_a_fault(
    provider: Provider, path: str, answer: tuple[int, bytes]
) -> None:
    provider.broken = {path: answer}
    with pytest.raises(Fault) as caught:
        proved(provider)
    assert caught.value.reason is Reason.IDENTITY_PROVIDER_UNREACHABLE
    assert caught.value.facts["issuer"] == provider.issuer


def test_provider__endpoint_without_encryption__is_a_fault(provider: Provider) -> None:
    provider.metadata = {"token_endpoint": "http://id.invalid/token"}
    with pytest.raises(Fault) as caught:
        proved(provider)
    assert "token_endpoint" in str(caught.value.facts["problem"])


def test_provider__issuer_without_encryption__is_a_wrong_setting(provider: Provider) -> None:
    with pytest.raises(Fault) as caught:
        client(provider, issuer="http://id.invalid")
    assert caught.value.reason is Reason.SETTING_INVALID


def test_provider__nobody_there__is_a_fault() -> None:
    with Provider([RSA]) as gone:
        pass
    with pytest.raises(Fault) as caught:
        proved(gone)
    assert caught.value.reason is Reason.IDENTITY_PROVIDER_UNREACHABLE


def test_repr__of_whatever_has_a_secret__shows_none(provider: Provider) -> None:
    ours = client(provider)
    _, pending = ours.begin(at=AT)
    shown = repr((ours, ours.settings, pending))
    for secret in (SECRET, pending.state, pending.nonce, pending.verifier):
        assert secret not in shown
    ours.close()
