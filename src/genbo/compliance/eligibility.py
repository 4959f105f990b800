"""Eligibility: whether an investor may hold a product now, from the verdict the registry keeps.

The same questions in the same order as the token asks at the act (`token.judgement`), so that what
is promised before and what happens then agree (invariant 7). Fails closed: an investor without a
verdict may not receive (R-JSTOA-FIG5.6).
"""

from dataclasses import dataclass
from datetime import datetime

from genbo.kernel import Address, Refusal
from genbo.token import AccountWord, ControlWord, InvestorClass
from genbo.token.judgement import recipient_refusal


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The last word of compliance on one investor for one product."""

    until: datetime | None
    """The first instant it no longer holds; None when none was given."""
    investor_class: int
    """投資家区分, 0 to 31."""
    blocked: bool = False
    """AML区分 "blocked": may neither send nor receive."""


def ineligible(
    verdict: Verdict | None,
    *,
    account: Address,
    permitted_classes: frozenset[InvestorClass],
    at: datetime,
) -> Refusal | None:
    """Why the investor at `account` may not receive at `at`; None when nothing stands against it.

    Judges the person only: a frozen or retired address is the token's knowledge.
    """
    word = AccountWord()
    if verdict is not None:
        word = AccountWord(
            verified_until=0 if verdict.until is None else int(verdict.until.timestamp()),
            investor_class=verdict.investor_class,
            blocked_to_receive=verdict.blocked,
            blocked_to_send=verdict.blocked,
        )
    control = ControlWord(permitted_classes=sum(1 << each for each in permitted_classes))
    return recipient_refusal(account, word, control, now=int(at.timestamp()))
