"""Passwords (パスワード): kept as Argon2id, never as text (R-PROGMAT-T14.8 to T14.10).

A password is normalised (NFKC) before it is hashed, so that full-width and half-width input are the same password.
The salt is the one thing here that does not follow from the arguments.
"""

import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import argon2
from argon2.exceptions import VerifyMismatchError

from genbo.kernel import Reason, Refusal

LONGEST: Final = 1024
"""Characters; a longer attempt is wrong, whatever it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HashParameters:
    """Cost of a hash. Raise it as machines get faster: each hash is renewed at the next good sign-in."""

    time_cost: int = 3
    """Passes over the memory."""
    memory_kib: int = 65_536
    parallelism: int = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class PasswordRules:
    """What a new password must be."""

    shortest: int = 12
    """Characters, after normalisation."""
    longest: int = 128
    kinds: int = 3
    """How many of capital letters, small letters, digits and other signs it must have."""


def hash_password(password: str, parameters: HashParameters) -> str:
    """The PHC string of `password` under a fresh salt."""
    return _hasher(parameters).hash(_bytes(password))


def is_password(password_hash: str, password: str) -> bool:
    """Whether `password` is the one behind the hash. Takes as long for a wrong one as for the right one."""
    too_long = len(password) > LONGEST
    try:
        matches = argon2.PasswordHasher().verify(
            password_hash, b"" if too_long else _bytes(password)
        )
    except VerifyMismatchError:
        return False
    return matches and not too_long


def is_outdated(password_hash: str, parameters: HashParameters) -> bool:
    """Whether the hash was made with other parameters than these."""
    return _hasher(parameters).check_needs_rehash(password_hash)


@lru_cache(maxsize=8)
def decoy_hash(parameters: HashParameters) -> str:
    """A hash of nothing in particular, so that a user who does not exist takes as long to refuse as one who does."""
    return hash_password("nobody has this password", parameters)


def require_good(password: str, rules: PasswordRules, *, own_words: tuple[str, ...]) -> None:
    """Nothing where `password` may be chosen. `own_words` are the user's id, name and employee code.

    Raises:
        Refusal: `password_weak` with the rule that it breaks, and never with the password.
    """
    text = unicodedata.normalize("NFKC", password)
    kinds = {_kind(sign) for sign in text}
    lowered = text.casefold()
    words = (unicodedata.normalize("NFKC", word).casefold() for word in own_words)
    broken = {
        f"at least {rules.shortest} characters": len(text) < rules.shortest,
        f"at most {rules.longest} characters": len(text) > rules.longest,
        f"{rules.kinds} of A-Z, a-z, 0-9, other": len(kinds) < rules.kinds,
        "without your id, name or employee code": any(
            len(word) >= 2 and word in lowered for word in words
        ),
    }
    for rule, is_broken in broken.items():
        if is_broken:
            raise Refusal(Reason.PASSWORD_WEAK, rule=rule)


def require_unused(password: str, hashes: tuple[str | None, ...]) -> None:
    """Nothing where `password` is behind none of the hashes.

    Raises:
        Refusal: `password_reused`.
    """
    if any(each is not None and is_password(each, password) for each in hashes):
        raise Refusal(Reason.PASSWORD_REUSED)


def _hasher(parameters: HashParameters) -> argon2.PasswordHasher:
    return argon2.PasswordHasher(
        time_cost=parameters.time_cost,
        memory_cost=parameters.memory_kib,
        parallelism=parameters.parallelism,
        type=argon2.Type.ID,
    )


def _bytes(password: str) -> bytes:
    return unicodedata.normalize("NFKC", password).encode("utf-8", "surrogatepass")


def _kind(sign: str) -> str:
    if sign.isupper():
        return "capital"
    if sign.islower():
        return "small"
    return "digit" if sign.isdigit() else "other"
