"""Retention (保存期間): until when somebody's personal data must be kept, and on which ground.

    ground                                      counted from                    years
    record of identification (犯収法6条)         the end of the contract          7
    record of transactions (犯収法7条)           the last transaction             7
    books (帳簿)                                the later of the two            10, as the firm sets it
    legal hold (法的保全)                        -                               until it ends or is lifted

A period counts from the day after (Civil Code 140) and ends with the same day of the calendar (143): seven years from
2022-03-31 end with 2029-03-31, and the first day to erase is 2029-04-01. Nothing may be erased while the relation
lasts, while units are held, or while a hold has no known end. Before that day use is restricted instead (decision
I-15).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from genbo.kernel import InvestorId, Reason, Refusal


class Ground(StrEnum):
    """Why personal data is kept."""

    RELATION = "relation"
    """取引関係の継続: the contract has not ended"""
    UNITS_HELD = "units_held"
    """保有: units stand in the investor's name"""
    IDENTIFICATION = "identification"
    """確認記録 (犯収法6条)"""
    TRANSACTION = "transaction"
    """取引記録 (犯収法7条)"""
    BOOKS = "books"
    """帳簿"""
    LEGAL_HOLD = "legal_hold"
    """法的保全: a dispute, an order, an investigation"""


@dataclass(frozen=True, slots=True, kw_only=True)
class RetentionRules:
    """The periods, in years."""

    contract_years: int = 7
    transaction_years: int = 7
    book_years: int = 10

    def __post_init__(self) -> None:
        if min(self.contract_years, self.transaction_years) < 7 or self.book_years < 0:
            raise ValueError("the law asks for seven years")


@dataclass(frozen=True, slots=True, kw_only=True)
class LegalHold:
    """A hold that stands."""

    reference: str
    until: date | None = None
    """Its last day; None while nobody knows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What is known of an investor, without any personal data."""

    contract_end: date | None
    """Last day of the contract; None while the relation lasts."""
    last_transaction: date | None
    """Day of the last movement of units to or from the investor, in Japan; None when there was none."""
    units_held: int
    holds: Sequence[LegalHold] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptFor:
    """One ground to keep the data."""

    ground: Ground
    until: date | None
    """The last day it is kept for; None while that is open."""
    reference: str | None = None
    """Of a hold."""


def kept_for(kept: Kept, rules: RetentionRules) -> tuple[KeptFor, ...]:
    """Every ground there is, those without an end first, then the latest first."""
    found: list[KeptFor] = []
    if kept.contract_end is None:
        found.append(KeptFor(ground=Ground.RELATION, until=None))
    if kept.units_held > 0:
        found.append(KeptFor(ground=Ground.UNITS_HELD, until=None))
    days = [day for day in (kept.contract_end, kept.last_transaction) if day is not None]
    if kept.contract_end is not None:
        until = _years_after(kept.contract_end, rules.contract_years)
        found.append(KeptFor(ground=Ground.IDENTIFICATION, until=until))
    if kept.last_transaction is not None:
        until = _years_after(kept.last_transaction, rules.transaction_years)
        found.append(KeptFor(ground=Ground.TRANSACTION, until=until))
    if days:
        found.append(KeptFor(ground=Ground.BOOKS, until=_years_after(max(days), rules.book_years)))
    found += [
        KeptFor(ground=Ground.LEGAL_HOLD, until=hold.until, reference=hold.reference)
        for hold in kept.holds
    ]
    return tuple(
        sorted(
            found,
            key=lambda each: (each.until is not None, -(each.until or date.min).toordinal()),
        )
    )


def earliest_erasure(kept: Kept, rules: RetentionRules) -> date | None:
    """The first day on which the data may be erased: the day after the last ground ends; None while one is open."""
    until = [each.until for each in kept_for(kept, rules)]
    last = max((day for day in until if day is not None), default=None)
    if None in until or last is None:
        return None
    return last + timedelta(days=1)


def require_erasable(
    investor: InvestorId, kept: Kept, rules: RetentionRules, *, today: date
) -> None:
    """Nothing, when the data may be erased today.

    Raises:
        Refusal: `retention_not_over` with the strongest ground, and the first day it may be, where that is known.
    """
    earliest = earliest_erasure(kept, rules)
    if earliest is not None and earliest <= today:
        return
    strongest = kept_for(kept, rules)[0]
    raise Refusal(
        Reason.RETENTION_NOT_OVER,
        investor=investor,
        ground=strongest.ground.value,
        reference=strongest.reference,
        earliest=None if earliest is None else earliest.isoformat(),
    )


def _years_after(day: date, years: int) -> date:
    """The same day of the calendar; the last of February where there is none (Civil Code 143)."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)
