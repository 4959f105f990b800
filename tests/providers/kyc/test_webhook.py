"""A KYC provider that signs: what is believed of a callback, and what is not.

given a provider that listens on this machine
├── when a session is started: it should be asked with our reference, and the same once more be the same session
├── when it signs with its published key: it should be read, ES256 and RS256
├── when the callback is unsigned, signed by another key, altered, or of another algorithm: refused
├── when it is for somebody else, or from somebody else: refused
├── when it is older than five minutes, or from the future: refused
├── when it has not the shape of identity assurance: refused with the claim and without its value
├── when it names a key that is not published: refused, and the keys are fetched once and not at every callback
├── when the provider is away: a fault, and nothing is believed
└── when the parameters name an address without TLS elsewhere: refused
given any change of one letter of a callback
└── it should be refused
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from hypothesis import given, settings
from hypothesis import strategies as st

from genbo.compliance.kyc import AHEAD, STALE, Callback, KycOutcome, SessionId, agrees
from genbo.kernel import Fault, Reason, Refusal
from genbo.providers.kyc import KycParameters, WebhookKyc, read_parameters
from genbo.providers.kyc.twin import KycTwin, serving

NOW = datetime(2026, 4, 1, 9, tzinfo=UTC)
SESSION = SessionId("5e55")
CLAIMS = {"name": "緑 桜", "address": {"formatted": "東京都架空区１－２－３"}}


@pytest.fixture(scope="module")
def twin() -> Iterator[KycTwin]:
    with serving() as listening:
        yield listening


@pytest.fixture(scope="module")
def provider(twin: KycTwin) -> Iterator[WebhookKyc]:
    made = WebhookKyc(twin.parameters("http://127.0.0.1:9/kyc/callbacks"))
    yield made
    made.close()


def said(twin: KycTwin, **more: Any) -> dict[str, Any]:
    return twin.payload(SESSION, at=NOW, claims=CLAIMS, **more)


def refused(provider: WebhookKyc, token: str, at: datetime = NOW) -> Refusal:
    with pytest.raises(Refusal) as caught:
        provider.read(token, at=at)
    assert "緑" not in str(caught.value)
    return caught.value


def test_start__twice__is_the_same_session_at_the_provider(
    twin: KycTwin, provider: WebhookKyc
) -> None:
    first = provider.start(SESSION, method="ekyc-ho")
    assert provider.start(SESSION, method="ekyc-ho") == first
    assert twin.sessions[SESSION]["id"] == first.ref
    assert twin.sessions[SESSION]["method"] == "ekyc-ho"
    assert set(twin.sessions[SESSION]) == {"id", "reference", "callback_url", "method"}


def test_start__with_another_token__is_a_fault_without_it(twin: KycTwin) -> None:
    wrong = WebhookKyc(replace(twin.parameters("http://127.0.0.1:9/x"), token="not-the-token"))
    with pytest.raises(Fault) as caught:
        wrong.start(SESSION)
    assert caught.value.reason is Reason.KYC_PROVIDER_UNREACHABLE
    assert "not-the-token" not in repr(wrong) + str(caught.value)


def test_read__signed_by_its_key__is_the_callback(twin: KycTwin, provider: WebhookKyc) -> None:
    callback = provider.read(twin.sign(said(twin, jti="R-1")), at=NOW)
    assert (callback.id, callback.session, callback.outcome) == ("R-1", SESSION, KycOutcome.PASSED)
    assert (callback.method, callback.rule_version) == ("document:vcrypt", "jp_aml/ho")
    assert callback.checked_at == NOW - timedelta(seconds=1)
    assert callback.claims.name == "緑 桜"
    assert "緑" not in repr(callback)


@pytest.mark.parametrize(
    ("event", "outcome"),
    [
        ("failed", KycOutcome.FAILED),
        ("review", KycOutcome.REVIEW),
        ("revoked", KycOutcome.REVOKED),
    ],
)
def test_read__other_events__are_told_apart(
    twin: KycTwin, provider: WebhookKyc, event: str, outcome: KycOutcome
) -> None:
    assert provider.read(twin.sign(said(twin, event=event)), at=NOW).outcome is outcome


def test_read__rs256__is_read_and_pss_is_not(twin: KycTwin) -> None:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(key.public_key()))
    document = {"keys": [public | {"kid": "r1", "alg": "RS256"}]}
    transport = httpx.MockTransport(lambda _: httpx.Response(200, json=document))
    with_rsa = WebhookKyc(twin.parameters("http://127.0.0.1:9/x"), transport=transport)
    token = jwt.encode(said(twin), key, algorithm="RS256", headers={"kid": "r1"})
    assert with_rsa.read(token, at=NOW).outcome is KycOutcome.PASSED
    other = jwt.encode(said(twin), key, algorithm="PS256", headers={"kid": "r1"})
    assert refused(with_rsa, other).reason is Reason.KYC_CALLBACK_UNSIGNED


def test_read__not_signed_as_it_must_be__is_refused(twin: KycTwin, provider: WebhookKyc) -> None:
    payload = said(twin)
    unsigned = jwt.encode(payload, None, algorithm="none", headers={"kid": twin.key_id})
    by_public_key = jwt.encode(
        payload,
        "the public key as a secret, 32 letters or more",
        algorithm="HS256",
        headers={"kid": twin.key_id},
    )
    stranger = ec.generate_private_key(ec.SECP256R1())
    forged = jwt.encode(payload, stranger, algorithm="ES256", headers={"kid": twin.key_id})
    no_key = jwt.encode(payload, twin.key, algorithm="ES256")
    for token in (unsigned, by_public_key, forged, no_key, "", "a.b.c", "x" * 100_000):
        assert refused(provider, token).reason is Reason.KYC_CALLBACK_UNSIGNED


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_read__any_letter_changed__is_refused(data: st.DataObject) -> None:
    token = _SIGNED[0]
    at = data.draw(st.integers(0, len(token) - 1))
    letter = data.draw(st.sampled_from("ABCDEFabcdef0123456789-_."))
    changed = token[:at] + letter + token[at + 1 :]
    # Some bits of the last letter of a part say nothing.
    if _bytes_of(changed) == _bytes_of(token):
        return
    with pytest.raises(Refusal):
        _SIGNED[1].read(changed, at=NOW)


def _bytes_of(token: str) -> list[bytes]:
    try:
        return [base64.urlsafe_b64decode(part + "==") for part in token.split(".")]
    except ValueError:
        return []


def _signed() -> tuple[str, WebhookKyc]:
    twin = KycTwin(url="https://kyc.invalid")
    transport = httpx.MockTransport(lambda _: httpx.Response(200, json=twin.jwks()))
    provider = WebhookKyc(twin.parameters("https://us.invalid/kyc"), transport=transport)
    return twin.sign(twin.payload(SESSION, at=NOW, claims=CLAIMS)), provider


_SIGNED = _signed()


def test_read__from_or_for_somebody_else__is_refused(twin: KycTwin, provider: WebhookKyc) -> None:
    for more in (
        {"aud": "another"},
        {"aud": ["genbo", "another"]},
        {"iss": "https://evil.invalid"},
    ):
        token = twin.sign(said(twin, **more))
        assert refused(provider, token).reason is Reason.KYC_CALLBACK_AUDIENCE


def test_read__too_old_or_from_the_future__is_refused(twin: KycTwin, provider: WebhookKyc) -> None:
    token = twin.sign(said(twin))
    second = timedelta(seconds=1)
    for at in (NOW, NOW + STALE, NOW - AHEAD):
        assert isinstance(provider.read(token, at=at), Callback)
    for at in (NOW + STALE + second, NOW - AHEAD - second):
        assert refused(provider, token, at).reason is Reason.KYC_CALLBACK_STALE


def test_read__not_the_shape_of_identity_assurance__names_the_claim(
    twin: KycTwin, provider: WebhookKyc
) -> None:
    good = said(twin)
    verification = good["verified_claims"]["verification"]

    def changed(**more: object) -> dict[str, Any]:
        return {**good, "verified_claims": {"verification": {**verification, **more}}}

    wrong: list[tuple[str, dict[str, Any]]] = [
        ("event", good | {"event": "maybe"}),
        ("verified_claims", {k: v for k, v in good.items() if k != "verified_claims"}),
        ("jti", {k: v for k, v in good.items() if k != "jti"}),
        ("iat", {k: v for k, v in good.items() if k != "iat"}),
        ("iat", good | {"iat": "yesterday"}),
        ("trust_framework", changed(trust_framework="")),
        ("verification_process", changed(verification_process="x" * 500)),
        ("time", changed(time="2026-04-01T09:00:00")),
        ("time", changed(time="soon")),
        ("time", changed(time="0001-01-01T00:00:00+09:00")),
        ("valid_until", good | {"valid_until": "9999-12-31T23:59:59-09:00"}),
        ("evidence", changed(evidence=[])),
        ("type", changed(evidence=[{"type": 5}])),
        ("valid_until", good | {"valid_until": 7}),
        ("claims", {**good, "verified_claims": {**good["verified_claims"], "claims": ["緑"]}}),
    ]
    for claim, payload in wrong:
        refusal = refused(provider, twin.sign(payload))
        assert (refusal.reason, refusal.facts["claim"]) == (Reason.KYC_CALLBACK_MALFORMED, claim)


def test_read__unknown_keys__are_looked_for_once() -> None:
    twin, asked = KycTwin(url="https://kyc.invalid"), []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request.url)
        return httpx.Response(200, json=twin.jwks())

    provider = WebhookKyc(
        twin.parameters("https://us.invalid/kyc"), transport=httpx.MockTransport(answer)
    )
    for number in range(5):
        refusal = refused(provider, twin.sign(said(twin), kid=f"unknown-{number}"))
        assert refusal.reason is Reason.KYC_CALLBACK_KEY_UNKNOWN
    assert len(asked) == 1
    assert provider.read(twin.sign(said(twin)), at=NOW).session == SESSION


def test_read__provider_away__is_a_fault(twin: KycTwin) -> None:
    for answer in (
        httpx.Response(500),
        httpx.Response(200, text="no"),
        httpx.Response(200, json=[]),
    ):
        transport = httpx.MockTransport(lambda _, answer=answer: answer)  # type: ignore[misc]
        away = WebhookKyc(twin.parameters("http://127.0.0.1:9/x"), transport=transport)
        with pytest.raises(Fault) as caught:
            away.read(twin.sign(said(twin)), at=NOW)
        assert caught.value.reason is Reason.KYC_PROVIDER_UNREACHABLE


def test_parameters__wrong__are_refused_without_the_token(tmp_path: Path) -> None:
    file = tmp_path / "kyc.json"
    good = {
        "issuer": "https://kyc.invalid",
        "audience": "genbo",
        "sessions_url": "https://kyc.invalid/sessions",
        "jwks_url": "https://kyc.invalid/jwks.json",
        "callback_url": "https://us.invalid/kyc/callbacks",
        "token": "secret-of-ours",
    }
    file.write_text(json.dumps(good))
    assert read_parameters(file) == KycParameters(**good)
    assert "secret-of-ours" not in repr(read_parameters(file))
    for wrong in (
        good | {"jwks_url": "http://kyc.invalid/jwks.json"},
        good | {"jwks_url": "https://"},
        good | {"token": ""},
        good | {"more": "x"},
        good | {"token": 5},
        {},
        [],
    ):
        file.write_text(json.dumps(wrong))
        with pytest.raises(Fault) as caught:
            read_parameters(file)
        assert caught.value.reason is Reason.SETTING_INVALID
        assert "secret-of-ours" not in str(caught.value)


@pytest.mark.parametrize(
    ("claimed", "ours", "expected"),
    [
        ("緑 桜", "緑　桜", True),
        ("東京都架空区１－２－３", "東京都架空区1-2-3", True),
        ("緑 桜", "緑 楓", False),
        (None, "緑 桜", None),
    ],
)
def test_agrees__as_people_write__is_the_same(
    claimed: str | None, ours: str, expected: bool | None
) -> None:
    assert agrees(claimed, ours) is expected
