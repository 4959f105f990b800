"""Distribution (分配): from an amount per unit and a snapshot to what each payee gets.

Income and return of capital are amounts of their own. Each is the amount per unit times the payee's units, cut to the
yen for the payee; what the cuts leave over is the remainder, which the paying agent keeps and the totals state. So

    per unit x units of everybody = sum of all payees + remainder,   0 <= remainder < number of payees.
"""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum

from genbo.entitlements.tax import RATES, TaxCategory, TaxRate, rate_on, withheld
from genbo.kernel import Digest, Reason, Refusal, Units
from genbo.kernel.record import record

MOST_DECIMALS = 10
"""Decimals that an amount per unit may have."""
_MOST_PER_UNIT = Decimal(10) ** 12


class Hold(StrEnum):
    """留保の理由: why a payment is put aside. It is owed, and waits."""

    BLOCKED = "blocked"
    """取引停止 (decision I-18)."""
    HOLDER_UNKNOWN = "holder_unknown"
    """保有者不明: an address that the registry knows nobody behind."""
    ERASED = "erased"
    """消去済: the account of the payee is gone with the rest of the personal data."""
    ACCOUNT = "account"
    """振込先不備: no account that a bank could be told."""
    WALLET = "wallet"
    """受取口座なし: no address that may receive a yen token."""
    RETURNED = "returned"
    """組戻・振込不能・受取拒否: a bank gave it back, or the yen token refused the payee."""
    ORDER = "order"
    """命令: seized, or somebody decided so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PerUnit:
    """What one unit brings. Made by `per_unit`."""

    income: Decimal = Decimal(0)
    """分配金・利子, yen before tax."""
    capital: Decimal = Decimal(0)
    """元本の払戻し, yen, untaxed."""
    points: Decimal = Decimal(0)
    """ポイント: beside cash, whatever their provider makes of them."""


def per_unit(
    *, income: Decimal = Decimal(0), capital: Decimal = Decimal(0), points: Decimal = Decimal(0)
) -> PerUnit:
    """Amounts of one unit.

    Raises:
        Refusal: `field_invalid` for an amount that is negative, endless or finer than `MOST_DECIMALS`; and when nothing
            is distributed at all.
    """
    amounts = {"income": income, "capital": capital, "points": points}
    for name, amount in amounts.items():
        if (
            not amount.is_finite()
            or not 0 <= amount <= _MOST_PER_UNIT
            or _decimals(amount) > MOST_DECIMALS
        ):
            raise _invalid(name, amount, f"0 to {_MOST_PER_UNIT}, at most {MOST_DECIMALS} decimals")
    if not any(amounts.values()):
        raise _invalid("income", income, "an amount of income, capital or points")
    return PerUnit(**amounts)


def _decimals(amount: Decimal) -> int:
    exponent = amount.as_tuple().exponent
    return -exponent if isinstance(exponent, int) and exponent < 0 else 0


def _invalid(field: str, value: Decimal, allowed: str) -> Refusal:
    return Refusal(Reason.FIELD_INVALID, field=field, value=str(value)[:40], allowed=allowed)


@record(frozen=True, slots=True, kw_only=True)
class Payee:
    """Somebody who is owed for units."""

    holder: str
    units: Units
    category: TaxCategory
    hold: Hold | None = None


@record(frozen=True, slots=True, kw_only=True)
class PayeeLine:
    """What one payee gets: whole yen."""

    number: int
    """明細番号: from 1 by holder; the payment file and its answer name it."""
    holder: str
    units: Units
    category: TaxCategory
    income: int
    capital: int
    income_tax: int
    local_tax: int
    points: int
    due: int
    """支払額: what is paid by this run; of a correction the difference, and negative what is to be reclaimed."""
    hold: Hold | None = None

    @property
    def gross(self) -> int:
        """総額: income and returned capital."""
        return self.income + self.capital

    @property
    def net(self) -> int:
        """手取額: gross less both taxes."""
        return self.income + self.capital - self.income_tax - self.local_tax

    def content(self, run: str) -> bytes:
        """The record that stands in the tree of the payee list. Why a payment waits is no part of it."""
        fields = {
            "run": run,
            "number": self.number,
            "holder": self.holder,
            "units": int(self.units),
            "category": self.category.value,
            "income": self.income,
            "capital": self.capital,
            "income_tax": self.income_tax,
            "local_tax": self.local_tax,
            "points": self.points,
            "due": self.due,
        }
        return json.dumps(fields, sort_keys=True, separators=(",", ":")).encode()


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """The sums of a run, of its lines and never computed apart from them."""

    payees: int
    units: Units
    income: int
    capital: int
    income_tax: int
    local_tax: int
    points: int
    to_pay: int
    """Sum of what is paid."""
    to_reclaim: int
    """Sum of what is to be reclaimed, by a correction."""
    remainder: Decimal
    """端数: amount per unit times all units, less the sum of all payees."""

    @property
    def gross(self) -> int:
        return self.income + self.capital

    @property
    def net(self) -> int:
        return self.gross - self.income_tax - self.local_tax


def lines_digest(run: str, lines: Iterable[PayeeLine]) -> Digest:
    """SHA-256 over every line of a run, so that one that was changed is seen."""
    hashed = hashlib.sha256()
    for each in lines:
        hashed.update(each.content(run) + b"\n")
    return Digest("0x" + hashed.hexdigest())


def distribute(
    amounts: PerUnit,
    payees: Iterable[Payee],
    *,
    on: date,
    rates: Sequence[TaxRate] = RATES,
) -> list[PayeeLine]:
    """The line of each payee, by holder.

    Args:
        on: the day of payment, which decides the rates.

    Raises:
        Refusal: `tax_rate_missing`.
        ValueError: a holder twice.
    """
    # Fractions of whole numbers: exact, and quick for a hundred thousand payees.
    income, capital, points = (
        each.as_integer_ratio() for each in (amounts.income, amounts.capital, amounts.points)
    )
    known: dict[TaxCategory, TaxRate] = {}
    lines = []
    last = None
    for number, each in enumerate(sorted(payees, key=lambda it: it.holder), start=1):
        if each.holder == last:
            raise ValueError("a holder twice")
        last, units, category = each.holder, int(each.units), each.category
        rate = known.get(category) or known.setdefault(category, rate_on(category, on, rates))
        earned, returned = income[0] * units // income[1], capital[0] * units // capital[1]
        income_tax, local_tax = withheld(earned, rate)
        lines.append(
            PayeeLine(
                number=number,
                holder=each.holder,
                units=each.units,
                category=category,
                income=earned,
                capital=returned,
                income_tax=income_tax,
                local_tax=local_tax,
                points=points[0] * units // points[1],
                due=earned + returned - income_tax - local_tax,
                hold=each.hold,
            )
        )
    return lines


def corrected(lines: Sequence[PayeeLine], former: Sequence[PayeeLine]) -> list[PayeeLine]:
    """Lines of a run that corrects another one: each states what is right in full and pays the difference to what the
    corrected run stated; who is no longer among the payees gives everything back. Numbers are given anew.
    """
    paid = {each.holder: each for each in former}
    right = {each.holder: each for each in lines}
    found = []
    for number, holder in enumerate(sorted({*paid, *right}), start=1):
        before, now = paid.get(holder), right.get(holder)
        if now is None:
            assert before is not None  # every holder is of one of the two
            now = replace(
                before, units=Units(0), income=0, capital=0, income_tax=0, local_tax=0, points=0
            )
        due = now.net - (0 if before is None else before.net)
        found.append(replace(now, number=number, due=due))
    return found


def totals(lines: Sequence[PayeeLine], amounts: PerUnit) -> Totals:
    """The sums of `lines`, and what the cuts to whole yen left over."""
    units = sum(each.units for each in lines)
    income, capital = sum(each.income for each in lines), sum(each.capital for each in lines)
    due = [each.due for each in lines]
    return Totals(
        payees=len(lines),
        units=Units(units),
        income=income,
        capital=capital,
        income_tax=sum(each.income_tax for each in lines),
        local_tax=sum(each.local_tax for each in lines),
        points=sum(each.points for each in lines),
        to_pay=sum(each for each in due if each > 0),
        to_reclaim=-sum(each for each in due if each < 0),
        remainder=(amounts.income + amounts.capital) * units - income - capital,
    )
