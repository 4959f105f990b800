"""KYC (本人確認): a provider checks a person; what it says is a result, and a result that holds becomes a verdict.

A provider is asked by a session and answers by a callback that it has signed. What it says of the person stays with it:
we keep which method under which rules, when, until when, and a reference to its evidence.
"""

import unicodedata
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NewType, Protocol

from genbo.kernel import InvestorId, Reason, Refusal

SessionId = NewType("SessionId", str)
"""本人確認セッションID: ours, random, 32 hexadecimal digits."""

STALE = timedelta(minutes=5)
"""How long a callback may have been on its way."""

AHEAD = timedelta(minutes=1)
"""By how much the provider's clock may be ahead of ours."""

VALID_AT_MOST = timedelta(days=366 * 3)
"""A result holds no longer than this, whatever the provider says: people are checked again."""


class KycOutcome(StrEnum):
    """What a check came to."""

    PASSED = "passed"
    """確認済"""
    REVIEW = "review"
    """要確認: the provider is not sure, or what it saw differs from what we have."""
    FAILED = "failed"
    """不可"""
    REVOKED = "revoked"
    """取消: what was said before no longer holds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KycSession:
    """One question to a provider."""

    id: SessionId
    investor: InvestorId
    provider: str
    """The issuer of its callbacks."""
    provider_ref: str | None
    """The provider's name for it; None until it has taken it."""
    started_at: datetime
    started_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Claims:
    """What a provider saw of a person. In memory for the comparison, and nowhere else."""

    name: str | None = field(default=None, repr=False)
    address: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Callback:
    """What a provider has signed, once its signature, its age and its address were found right."""

    id: str
    """jti: the provider's, never used again."""
    provider: str
    session: SessionId
    outcome: KycOutcome
    method: str
    rule_version: str
    """Trust framework and assurance level."""
    evidence_ref: str
    checked_at: datetime
    expires_at: datetime | None
    issued_at: datetime
    claims: Claims = field(repr=False)
    content: bytes = field(repr=False)
    """What was signed, for the keyed digest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KycResult:
    """What is kept of a callback."""

    id: str
    provider: str
    session: SessionId
    investor: InvestorId
    outcome: KycOutcome
    method: str
    rule_version: str
    evidence_ref: str
    digest: str
    """Keyed digest of what was signed."""
    name_matches: bool | None
    """None when the provider said nothing of it."""
    address_matches: bool | None
    checked_at: datetime
    expires_at: datetime | None
    """The first instant it no longer holds; for a passed one."""
    issued_at: datetime


class KycProvider(Protocol):
    """Who checks people."""

    @property
    def name(self) -> str:
        """The issuer of its callbacks."""

    def start(self, session: SessionId, *, method: str | None) -> "Started":
        """Asks for a check of the person of `session`. Nothing of the person is sent: the person goes there.

        Raises:
            Fault: `kyc_provider_unreachable`.
        """

    def read(self, token: str, *, at: datetime) -> Callback:
        """What a callback says.

        Raises:
            Refusal: `kyc_callback_unsigned`, `kyc_callback_key_unknown`, `kyc_callback_audience`,
                `kyc_callback_stale`, `kyc_callback_malformed`.
            Fault: `kyc_provider_unreachable` when its keys cannot be had.
        """


@dataclass(frozen=True, slots=True, kw_only=True)
class Started:
    """A session that the provider has taken."""

    ref: str
    url: str
    """Where the person goes."""


def judge_callback(
    callback: Callback, *, last_issued_at: datetime | None, names_agree: tuple[bool | None, ...]
) -> KycOutcome:
    """What a callback comes to for us.

    Args:
        last_issued_at: when the callback before it in its session was issued.
        names_agree: the name first, for each thing compared with the vault whether it agrees; None where nothing was
            said. A check that passed and names nobody opens nothing.

    Raises:
        Refusal: `kyc_callback_out_of_order` when a later one was here before; `kyc_callback_malformed` when it says
            that somebody passed and not until when, or when the check lies after its own issue.
    """
    if last_issued_at is not None and callback.issued_at <= last_issued_at:
        raise Refusal(Reason.KYC_CALLBACK_OUT_OF_ORDER, session=callback.session)
    if callback.checked_at > callback.issued_at + AHEAD:
        raise _malformed(callback, "verification.time", "it lies after the callback itself")
    if callback.outcome is not KycOutcome.PASSED:
        return callback.outcome
    if callback.expires_at is None or callback.expires_at <= callback.checked_at:
        raise _malformed(callback, "expires_at", "a check that passed holds until some day")
    name, *_ = names_agree
    # Who passed without being named could be anybody: a person looks.
    return KycOutcome.REVIEW if name is None or False in names_agree else KycOutcome.PASSED


def holds_until(callback: Callback) -> datetime | None:
    """The first instant it no longer holds, cut at `VALID_AT_MOST`."""
    if callback.expires_at is None:
        return None
    return min(callback.expires_at, callback.checked_at + VALID_AT_MOST)


def _malformed(callback: Callback, claim: str, problem: str) -> Refusal:
    return Refusal(
        Reason.KYC_CALLBACK_MALFORMED, session=callback.session, claim=claim, problem=problem
    )


def agrees(claimed: str | None, ours: str | None) -> bool | None:
    """Whether a provider saw what we have, spaces, widths and dashes aside; None when one of them is not given.

    What differs is for a person to look at: an address is written in many ways, and no rule here knows them all.
    """
    if claimed is None or ours is None:
        return None
    return _folded(claimed) == _folded(ours)


_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−ーｰ－", "-"))


def _folded(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text).translate(_DASHES).casefold()
    return "".join(plain.split())
