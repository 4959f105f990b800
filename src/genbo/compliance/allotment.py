"""Allotment (配分): judging a file of who receives how many units of an offering, before anything is distributed.

The file is taken as a whole or not at all (R-JSTOA-6.1.1.2): every line that is wrong is listed, and one wrong line
refuses all. A verdict that was good when the file was made is judged again by the token at execution.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from genbo.kernel import InvestorId, Reason, Refusal, Units
from genbo.register import TotalIssued


@dataclass(frozen=True, slots=True, kw_only=True)
class Application:
    """One line: an investor and the units applied for."""

    line: int
    """Line of the file, counted from 1 with its heading."""
    investor: InvestorId
    units: Units


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferingLimits:
    """What the terms of the offering ask of an application."""

    minimum: Units
    """Fewest units an investor may apply for (最低申込口数)."""
    step: Units
    """Units above the minimum come in multiples of this (申込単位)."""
    offering: Units
    """Units offered in all (募集口数); of a product with additional issues see `offered_in_all`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What is known of an investor's verdict when the file is judged."""

    verified_until: datetime | None
    blocked: bool


@dataclass(frozen=True, slots=True)
class Finding:
    """A line that may not be distributed, and why."""

    line: int
    refusal: Refusal


def offered_in_all(set_quantity: int, totals: Iterable[TotalIssued]) -> Units:
    """Units that were ever offered (募集口数), in units of today: what was set at issue, and every additional issue on
    top of it (R-JSTOA-6.1.1.5). A redemption takes nothing back from it, and a split multiplies it.

    Args:
        totals: every change of total issued, first to last.
    """
    issued, held, factor = 0, 0, 1
    for each in totals:
        multiplied = each.factor // factor
        issued, held, factor = issued * multiplied, held * multiplied, each.factor
        issued += max(int(each.units) - held, 0)
        held = int(each.units)
    return Units(max(issued, set_quantity * factor))


def judge_allotment(
    applications: Sequence[Application],
    *,
    limits: OfferingLimits,
    standings: Mapping[InvestorId, Standing],
    at: datetime,
) -> list[Finding]:
    """Every reason to refuse the file, in the order of its lines; empty when it may be distributed.

    A line 0 finding is about the file as a whole. The tree, per line: unknown investor; same investor twice; below
    the minimum; not a multiple; blocked; never verified; verdict expired at `at`. Then the sum against the offering.
    """
    findings = [
        Finding(application.line, refusal)
        for application, refusal in _judge_lines(applications, limits, standings, at)
    ]
    total = sum(application.units for application in applications)
    if total > limits.offering:
        over = Refusal(Reason.OVER_OFFERING_QUANTITY, applied=total, offering=int(limits.offering))
        findings.append(Finding(0, over))
    return findings


def _judge_lines(
    applications: Sequence[Application],
    limits: OfferingLimits,
    standings: Mapping[InvestorId, Standing],
    at: datetime,
) -> list[tuple[Application, Refusal]]:
    seen: dict[InvestorId, int] = {}
    refused: list[tuple[Application, Refusal]] = []
    for application in applications:
        refusal = _judge(application, limits, standings.get(application.investor), at)
        if refusal is None and application.investor in seen:
            refusal = Refusal(
                Reason.INVESTOR_TWICE,
                investor=application.investor,
                line=application.line,
                first=seen[application.investor],
            )
        seen.setdefault(application.investor, application.line)
        if refusal is not None:
            refused.append((application, refusal))
    return refused


def _judge(
    application: Application, limits: OfferingLimits, standing: Standing | None, at: datetime
) -> Refusal | None:
    investor, units, line = str(application.investor), int(application.units), application.line
    minimum, step = int(limits.minimum), int(limits.step)
    if standing is None:
        return Refusal(Reason.INVESTOR_UNKNOWN, investor=investor, line=line)
    if units < minimum:
        return Refusal(
            Reason.BELOW_MINIMUM_LOT, investor=investor, line=line, applied=units, minimum=minimum
        )
    if (units - minimum) % step:
        return Refusal(
            Reason.NOT_A_LOT_MULTIPLE,
            investor=investor,
            line=line,
            applied=units,
            minimum=minimum,
            step=step,
        )
    if standing.blocked:
        return Refusal(Reason.RECIPIENT_BLOCKED, account=investor, line=line)
    if standing.verified_until is None:
        return Refusal(Reason.RECIPIENT_UNVERIFIED, account=investor, line=line)
    if at >= standing.verified_until:
        until = int(standing.verified_until.timestamp())
        return Refusal(Reason.RECIPIENT_VERDICT_EXPIRED, account=investor, line=line, until=until)
    return None
