"""Notices are believed when they are the registry's, fresh, and as they were sent.

given a notice
├── when it is signed with a known secret, among several signatures: it is given
├── when one byte, its id or its time differs: refused
├── when it is more than the tolerance old, or from the future: refused
├── when a header is missing or is none: refused, never an error of another kind
└── when secrets are being changed: the old and the new one both do
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from genbo_sdk import WebhookRefused, WebhookVerifier

AT = datetime(2026, 4, 1, tzinfo=UTC)
KEY = bytes(range(32))
SECRET = "whsec_" + base64.b64encode(KEY).decode()
OTHER = "whsec_" + base64.b64encode(bytes(32)).decode()
BODY = json.dumps({"kind": "transfer", "who": "見本"}).encode()


def signed(
    body: bytes = BODY, *, key: bytes = KEY, at: datetime = AT, name: str = "n-1"
) -> dict[str, str]:
    stamp = str(int(at.timestamp()))
    mac = hmac.new(key, f"{name}.{stamp}.".encode() + body, hashlib.sha256).digest()
    return {
        "Webhook-Id": name,
        "Webhook-Timestamp": stamp,
        "Webhook-Signature": f"v1,{base64.b64encode(mac).decode()}",
    }


def test_verify__vector_of_the_specification__holds() -> None:
    headers = {
        "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }
    verifier = WebhookVerifier("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    at = datetime.fromtimestamp(1614265330, UTC)
    found = verifier.verify(headers, b'{"test": 2432232314}', at=at)
    assert (found.id, found.sent_at, found.payload) == (
        "msg_p5jXN8AQM9LWM0D4loKWxJek", at, {"test": 2432232314},
    )  # fmt: skip


def test_verify__one_of_several_signatures__is_enough() -> None:
    headers = signed()
    headers["Webhook-Signature"] = f"v1a,x v1,{'A' * 44} {headers['Webhook-Signature']} v2,é"
    assert WebhookVerifier(SECRET).verify(headers, BODY, at=AT).payload["who"] == "見本"


def test_verify__while_secrets_change__either_does() -> None:
    verifier = WebhookVerifier(OTHER, SECRET)
    for key in (KEY, bytes(32)):
        verifier.verify(signed(key=key), BODY, at=AT)
    with pytest.raises(WebhookRefused):
        verifier.verify(signed(key=b"x" * 32), BODY, at=AT)


@pytest.mark.parametrize(
    ("seconds", "good"), [(300, True), (301, False), (-300, True), (-301, False)]
)
def test_verify__by_its_age__is_taken_within_five_minutes(seconds: int, good: bool) -> None:
    at = AT + timedelta(seconds=seconds)
    if good:
        WebhookVerifier(SECRET).verify(signed(), BODY, at=at)
    else:
        with pytest.raises(WebhookRefused, match="old"):
            WebhookVerifier(SECRET).verify(signed(), BODY, at=at)


@given(place=st.integers(0, len(BODY) - 1), flip=st.integers(1, 255))
def test_verify__any_byte_changed__is_refused(place: int, flip: int) -> None:
    changed = BODY[:place] + bytes([BODY[place] ^ flip]) + BODY[place + 1 :]
    with pytest.raises(WebhookRefused):
        WebhookVerifier(SECRET).verify(signed(), changed, at=AT)


@given(
    headers=st.fixed_dictionaries(
        {},
        optional={
            name: st.one_of(st.just(value), st.text(max_size=30), st.just("9" * 40))
            for name, value in signed().items()
        },
    )
)
def test_verify__any_other_headers__are_refused_and_nothing_else(headers: dict[str, str]) -> None:
    if headers == signed():
        return
    with pytest.raises(WebhookRefused):
        WebhookVerifier(SECRET).verify(headers, BODY, at=AT)


@pytest.mark.parametrize("body", [b"[]", b"x", b"\xff"])
def test_verify__signed_and_no_object__is_refused(body: bytes) -> None:
    with pytest.raises(WebhookRefused, match="JSON"):
        WebhookVerifier(SECRET).verify(signed(body), body, at=AT)


@pytest.mark.parametrize(
    "secret", ["", "whsec_", "whsec_!!", "whsec_QUJD", SECRET.removeprefix("whsec_")]
)
def test_verifier__of_what_is_no_secret__is_not_made(secret: str) -> None:
    with pytest.raises(ValueError, match="secret") as told:
        WebhookVerifier(secret)
    assert secret in ("", "whsec_") or secret not in str(told.value)


def test_verifier__shown__tells_no_secret() -> None:
    assert SECRET[6:] not in repr(WebhookVerifier(SECRET))
    with pytest.raises(ValueError, match="needs a secret"):
        WebhookVerifier()
