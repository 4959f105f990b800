"""ID tokens: what proves an identity, checked claim by claim (OpenID Connect Core 1.0, 3.1.3.7).

given a token
├── when it is not signed by RS256 or ES256 with a key of the provider of that kind: unproved
├── when issuer, audience or authorised party is another: unproved
├── when it has expired, is of the future, or is not the answer to our nonce: unproved
├── when authentication is too long ago, or was not of an agreed kind: unproved
└── otherwise: the subject is proved
"""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

import jwt

from genbo.kernel import UTC, Reason, Refusal
from genbo.providers.oidc.settings import OidcSettings
from genbo.providers.signed_tokens import signed_claims

KEY_OF_ALGORITHM: Final = {"RS256": "RSA", "ES256": "EC"}
"""The signatures that count, and the kind of key that each takes. `none` and shared secrets are none of them."""

LEEWAY: Final = timedelta(seconds=60)
"""How far the provider's clock may be off."""

LONGEST_LIFE: Final = timedelta(hours=24)
"""A token that says it holds for longer is not believed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Somebody whom the provider has proved."""

    issuer: str
    subject: str = field(repr=False)
    """`sub`: the same for the same person for good; it may be an address."""
    authenticated_at: datetime | None
    acr: str | None


def key_id(token: str) -> tuple[str, str | None]:
    """Algorithm and key id that the token names.

    Raises:
        Refusal: `identity_unproved` when it is no token, or of an algorithm that does not count.
    """
    try:
        header = jwt.get_unverified_header(token)
    except jwt.InvalidTokenError:
        raise unproved("no ID token") from None
    algorithm = header.get("alg")
    if algorithm not in KEY_OF_ALGORITHM:
        raise unproved("the algorithm of the ID token does not count")
    kid = header.get("kid")
    return algorithm, kid if isinstance(kid, str) else None


def identity_of(
    token: str,
    key: Mapping[str, Any],
    *,
    settings: OidcSettings,
    nonce: str,
    at: datetime,
) -> Identity:
    """Whom the token proves at the instant `at`. `key` is the provider's, as its key set has it.

    Raises:
        Refusal: `identity_unproved` with the first thing that does not hold, and never with a claim's value.
    """
    claims = _signed(token, key)
    _require(claims.get("iss") == settings.issuer, "another issuer")
    audience = claims.get("aud")
    audiences = audience if isinstance(audience, list) else [audience]
    _require(settings.client_id in audiences, "it is for another client")
    party = claims.get("azp")
    _require(party is not None or len(audiences) == 1, "several audiences, and no party")
    _require(party in (None, settings.client_id), "another client asked for it")
    issued, expires = _instant(claims, "iat"), _instant(claims, "exp")
    _require(expires is not None and at < expires + LEEWAY, "it has expired")
    _require(issued is not None and issued <= at + LEEWAY, "it is of the future")
    assert issued is not None
    assert expires is not None
    _require(expires - issued <= LONGEST_LIFE, "it holds for longer than is believed")
    begins = _instant(claims, "nbf")
    _require(begins is None or begins <= at + LEEWAY, "it is of the future")
    said = claims.get("nonce")
    _require(
        isinstance(said, str) and hmac.compare_digest(said.encode(), nonce.encode()),
        "it answers another question (nonce)",
    )
    authenticated = _instant(claims, "auth_time")
    if settings.most_age is not None:
        _require(
            authenticated is not None and at - authenticated <= settings.most_age + LEEWAY,
            "authentication is too long ago",
        )
    acr = claims.get("acr")
    if settings.acr_values:
        _require(acr in settings.acr_values, "not an agreed way to authenticate (acr)")
    subject = claims.get("sub")
    _require(
        isinstance(subject, str) and 0 < len(subject) <= 255 and subject.isascii(), "no subject"
    )
    return Identity(
        issuer=settings.issuer,
        subject=str(subject),
        authenticated_at=authenticated,
        acr=acr if isinstance(acr, str) else None,
    )


def unproved(problem: str) -> Refusal:
    """Nobody's identity is proved, for that problem."""
    return Refusal(Reason.IDENTITY_UNPROVED, problem=problem)


def _signed(token: str, key: Mapping[str, Any]) -> Mapping[str, Any]:
    """The claims, once the signature holds. Everything else is checked by `identity_of`, at its own instant."""
    algorithm, _ = key_id(token)
    _require(key.get("kty") == KEY_OF_ALGORITHM[algorithm], "the key is of another kind")
    _require(key.get("use", "sig") == "sig", "the key is not for signatures")
    _require(key.get("alg", algorithm) == algorithm, "the key is for another algorithm")
    try:
        claims = signed_claims(
            token, jwt.PyJWK(dict(key), algorithm=algorithm), algorithms=[algorithm]
        )
    except (jwt.PyJWTError, ValueError, TypeError):
        raise unproved("the signature does not hold") from None
    return dict(claims)


def _instant(claims: Mapping[str, Any], name: str) -> datetime | None:
    value = claims.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise unproved(f"{name} is no time")
    try:
        return datetime.fromtimestamp(value, UTC)
    except (OverflowError, ValueError, OSError):
        raise unproved(f"{name} is no time") from None


def _require(holds: bool, problem: str) -> None:
    if not holds:
        raise unproved(problem)
