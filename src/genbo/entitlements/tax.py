"""Withholding (源泉徴収): what is kept back of income, by category of payee and by the day of payment.

    category        from 2013-01-01              from 2016-01-01              until
    individual      15.315 % and 5 % local       the same                     2037-12-31
    corporation     15.315 % and 5 % local       15.315 %                     2037-12-31
    exempt          nothing                      nothing                      2037-12-31

15.315 % is income tax of 15 % with the surtax for reconstruction (復興特別所得税) of 2.1 % of it. Rates are data with
the days they hold: a law that changes adds a row, and a day without a row is refused. Each tax is cut to the yen for
each payee and each payment, and never on a sum. A return of capital (元本の払戻し) is no income and is not taxed here.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from genbo.kernel import Reason, Refusal

_PARTS = 100_000
"""Rates are parts of so many: 15.315 % is 15,315."""


class TaxCategory(StrEnum):
    """税区分 of a payee."""

    INDIVIDUAL = "individual"
    """個人."""
    CORPORATION = "corporation"
    """法人: no local tax on interest and dividends since 2016."""
    EXEMPT = "exempt"
    """非課税: a public corporation and others of the law's list; somebody has seen the proof."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TaxRate:
    """What is withheld of one category from `first` to `last`, both days included."""

    category: TaxCategory
    first: date
    last: date
    income: int
    """Income tax with its surtax, parts of 100,000."""
    local: int
    """Local tax, parts of 100,000."""


_FIRST, _LAST = date(2013, 1, 1), date(2037, 12, 31)
_BEFORE, _SINCE = date(2015, 12, 31), date(2016, 1, 1)

RATES: tuple[TaxRate, ...] = (
    TaxRate(category=TaxCategory.INDIVIDUAL, first=_FIRST, last=_LAST, income=15_315, local=5_000),
    TaxRate(
        category=TaxCategory.CORPORATION, first=_FIRST, last=_BEFORE, income=15_315, local=5_000
    ),
    TaxRate(category=TaxCategory.CORPORATION, first=_SINCE, last=_LAST, income=15_315, local=0),
    TaxRate(category=TaxCategory.EXEMPT, first=_FIRST, last=_LAST, income=0, local=0),
)
"""The rates of interest and of distributions of profit (requirements B.4)."""


class Withheld(NamedTuple):
    """Yen kept back of one payment."""

    income_tax: int
    """所得税・復興特別所得税."""
    local_tax: int
    """地方税 (住民税)."""


def rate_on(category: TaxCategory, day: date, rates: Sequence[TaxRate] = RATES) -> TaxRate:
    """The rate that holds for a payment on that day.

    Raises:
        Refusal: `tax_rate_missing`.
    """
    for each in rates:
        if each.category is category and each.first <= day <= each.last:
            return each
    raise Refusal(Reason.TAX_RATE_MISSING, category=category.value, day=day.isoformat())


def withheld(income: int, rate: TaxRate) -> Withheld:
    """What is kept back of `income` yen of one payee: each tax cut to the yen by itself."""
    return Withheld(income * rate.income // _PARTS, income * rate.local // _PARTS)
