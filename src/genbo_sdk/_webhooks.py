"""Webhooks: whether a notice is the registry's, fresh and as it was sent (Standard Webhooks).

a notice
├── when it has no id, no time or no signature: refused
├── when its time is more than the tolerance away: refused
├── when no signature is of a secret that we know: refused
└── otherwise it is the registry's. It may come more than once: its id tells.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from genbo_sdk._errors import WebhookRefused
from genbo_sdk._json import parsed, read

if TYPE_CHECKING:
    from genbo_sdk._models import Event

TOLERANCE: Final = timedelta(minutes=5)
_PREFIX: Final = "whsec_"
_SHORTEST: Final = 24
"""Bytes of a secret, at least."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookMessage:
    """A notice that is the registry's."""

    id: str
    """The same when it is sent again: what was seen under it needs no second look."""
    sent_at: datetime
    payload: Mapping[str, Any] = field(repr=False)
    body: bytes = field(repr=False)
    """As it came."""

    @property
    def event(self) -> Event:
        """What happened, as `events.list` tells it.

        Raises:
            NotUnderstood: it is no event.
        """
        from genbo_sdk._models import Event

        told: Event = read(Event, self.body, request_id=None, key=None)
        return told


class WebhookVerifier:
    """Knows the secret of an endpoint; during a change of secrets, the old one and the new one."""

    def __init__(self, *secrets: str, tolerance: timedelta = TOLERANCE) -> None:
        """
        Args:
            secrets: as the registry showed them, `whsec_...`.

        Raises:
            ValueError: none given, or one that is no secret.
        """
        if not secrets:
            raise ValueError("a verifier needs a secret")
        self._keys = tuple(_key(each) for each in secrets)
        self._tolerance = tolerance.total_seconds()

    def __repr__(self) -> str:
        return f"WebhookVerifier({len(self._keys)} secrets)"

    def verify(
        self, headers: Mapping[str, str], body: bytes, *, at: datetime | None = None
    ) -> WebhookMessage:
        """The notice.

        Args:
            body: exactly as it came: reading it as JSON and writing it again changes it.
            at: when it came; by default now.

        Raises:
            WebhookRefused: as the tree above.
        """
        given = {name.lower(): value for name, value in headers.items()}
        name, stamp = given.get("webhook-id", ""), given.get("webhook-timestamp", "")
        signatures = given.get("webhook-signature", "").split()
        if not name or not stamp.isascii() or not stamp.isdigit() or not signatures:
            raise WebhookRefused("it has no id, no time or no signature")
        now = time.time() if at is None else at.timestamp()
        if len(stamp) > 12 or abs(now - int(stamp)) > self._tolerance:
            raise WebhookRefused("it is too old, or the clocks differ")
        self._require_signed(f"{name}.{stamp}.".encode() + body, signatures)
        try:
            payload = parsed(body)
        except ValueError:
            payload = None
        if not isinstance(payload, dict):
            raise WebhookRefused("it is signed, and no JSON object")
        return WebhookMessage(
            id=name, sent_at=datetime.fromtimestamp(int(stamp), UTC), payload=payload, body=body
        )

    def _require_signed(self, content: bytes, signatures: Sequence[str]) -> None:
        given = [each.removeprefix("v1,") for each in signatures if each.startswith("v1,")]
        known = [
            base64.b64encode(hmac.new(key, content, hashlib.sha256).digest()) for key in self._keys
        ]
        found = [hmac.compare_digest(one.encode(), each) for one in given for each in known]
        if not any(found):
            raise WebhookRefused("no signature is of a secret that we know")


def _key(secret: str) -> bytes:
    try:
        key = base64.b64decode(secret.removeprefix(_PREFIX), validate=True)
    except (binascii.Error, ValueError):
        raise ValueError("a secret is whsec_ and base64") from None
    if not secret.startswith(_PREFIX) or len(key) < _SHORTEST:
        raise ValueError("a secret is whsec_ and base64 of 24 bytes or more")
    return key
