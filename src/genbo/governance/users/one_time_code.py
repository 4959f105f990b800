"""One-time codes (確認コード): the second factor, RFC 6238 (TOTP, SHA-1, six digits, thirty seconds).

given a second factor and a code
├── when it is the code of a step within the drift, later than the last one used: it is accepted
├── when it is the code of a step within the drift, but of the last one used or an earlier one: it is used
└── otherwise: it is wrong
"""

import hmac
import unicodedata
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Final

import pyotp

STEP_SECONDS: Final = 30
DEFAULT_DRIFT: Final = 1
"""Steps that the clock of the device may be off, either way."""


class CodeVerdict(StrEnum):
    """What a code is."""

    ACCEPTED = "accepted"
    USED = "used"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True, kw_only=True)
class SecondFactor:
    """The secret that the user's device shares with us."""

    secret: str = field(repr=False)
    """Base32. Whoever stores it seals it: unlike a password it cannot be hashed."""
    last_step: int = -1
    """Step of the last accepted code, counted from 1970; no code of it or before is taken again."""


def new_secret() -> str:
    """A fresh random secret, 160 bits in base32."""
    return pyotp.random_base32()


def provisioning_uri(secret: str, *, user: str, issuer: str) -> str:
    """The `otpauth:` address that an authenticator app reads from a picture. It holds the secret."""
    return pyotp.TOTP(secret).provisioning_uri(name=user, issuer_name=issuer)


def check_code(
    factor: SecondFactor, code: str, at: datetime, *, drift: int = DEFAULT_DRIFT
) -> tuple[CodeVerdict, SecondFactor]:
    """What `code` is at the instant `at`, and the factor as it is to be stored.

    Full-width digits and spaces are what a keyboard makes of a code, and are read as such.
    """
    given = unicodedata.normalize("NFKC", code).replace(" ", "").encode("utf-8", "replace")
    otp = pyotp.TOTP(factor.secret, interval=STEP_SECONDS)
    now = int(at.timestamp()) // STEP_SECONDS
    fitting = [
        step
        for step in range(max(0, now - drift), now + drift + 1)
        if hmac.compare_digest(otp.generate_otp(step).encode(), given)
    ]
    later = [step for step in fitting if step > factor.last_step]
    if later:
        return CodeVerdict.ACCEPTED, replace(factor, last_step=later[0])
    return (CodeVerdict.USED if fitting else CodeVerdict.WRONG), factor
