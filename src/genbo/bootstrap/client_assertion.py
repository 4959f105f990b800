"""Client assertions (クライアントアサーション): a system proves itself by a signature (RFC 7523).

given an assertion
├── when it is none, its credential has no key, or its signature is not of that key by one of the key's ways:
│   `credential_refused`, and nothing else is said
└── when the signature holds: `assertion_refused`, naming the first claim that does not
    ├── iss, sub: is not the credential
    ├── aud: is not this installation
    ├── exp: is missing, over, or more than five minutes ahead
    ├── nbf, iat: is of the future
    └── jti: is missing, or was taken before
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

import jwt

from genbo.governance.users import CredentialId, MachineCredential
from genbo.kernel import UTC, Reason, Refusal
from genbo.providers.signed_tokens import signed_claims

KIND: Final = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
"""`client_assertion_type` (RFC 7523, 2.2)."""
LONGEST_LIFE: Final = timedelta(minutes=5)
LEEWAY: Final = timedelta(seconds=30)
"""How far the clock of an institution may be off."""
_LONGEST = 8_192
"""Characters of an assertion, at most."""
_LONGEST_NUMBER = 256


@dataclass(frozen=True, slots=True, kw_only=True)
class Proved:
    """An assertion that holds, and was not compared with those that were taken before."""

    number: str = field(repr=False)
    """`jti`."""
    forget_at: datetime
    """From when on its age alone refuses it."""


def claimed_by(assertion: str) -> CredentialId | None:
    """Whose it says it is, unproved."""
    if len(assertion) > _LONGEST:
        return None
    try:
        claims = jwt.decode(assertion, options={"verify_signature": False})
    except (jwt.InvalidTokenError, ValueError):
        return None
    subject = claims.get("sub")
    return CredentialId(subject) if isinstance(subject, str) else None


def prove(
    assertion: str, known: MachineCredential | None, *, audiences: Collection[str], at: datetime
) -> Proved:
    """What the assertion proves of the credential at that instant.

    Raises:
        Refusal: as the tree above.
    """
    claims = _signed(assertion, known)
    assert known is not None
    _require(claims.get("iss") == known.id, "iss")
    _require(claims.get("sub") == known.id, "sub")
    audience = claims.get("aud")
    named = audience if isinstance(audience, list) else [audience]
    _require(any(isinstance(each, str) and each in audiences for each in named), "aud")
    expires = _instant(claims, "exp")
    if expires is None or not at < expires + LEEWAY or expires > at + LONGEST_LIFE + LEEWAY:
        raise _refused("exp")
    for name in ("nbf", "iat"):
        begins = _instant(claims, name)
        _require(begins is None or begins <= at + LEEWAY, name)
    number = claims.get("jti")
    if not isinstance(number, str) or not 0 < len(number) <= _LONGEST_NUMBER:
        raise _refused("jti")
    # Another process, whose clock is behind, might still take it for a while.
    return Proved(number=number, forget_at=expires + LONGEST_LIFE)


def taken_before() -> Refusal:
    """Of an assertion that is shown once more."""
    return _refused("jti")


def _signed(assertion: str, known: MachineCredential | None) -> Mapping[str, Any]:
    """The claims, once the signature is one of the credential's key. Whatever key the header names is not asked."""
    key = None if known is None else known.public_key
    if key is None or len(assertion) > _LONGEST:
        raise Refusal(Reason.CREDENTIAL_REFUSED)
    try:
        if "crit" in jwt.get_unverified_header(assertion):  # demands what we do not know
            raise Refusal(Reason.CREDENTIAL_REFUSED)
        return signed_claims(assertion, key.numbers(), algorithms=key.algorithms)
    except (jwt.InvalidTokenError, ValueError):
        raise Refusal(Reason.CREDENTIAL_REFUSED) from None


def _require(holds: bool, claim: str) -> None:
    if not holds:
        raise _refused(claim)


def _refused(claim: str) -> Refusal:
    return Refusal(Reason.ASSERTION_REFUSED, claim=claim)


def _instant(claims: Mapping[str, Any], name: str) -> datetime | None:
    """The instant of a claim; None where it has none.

    Raises:
        Refusal: `assertion_refused` when it is no instant.
    """
    value = claims.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise _refused(name)
    try:
        return datetime.fromtimestamp(value, UTC)
    except (ValueError, OverflowError, OSError):
        raise _refused(name) from None
