"""Yearly statements (支払通知書・支払調書): what one payee was owed and had withheld in a calendar year.

A payment belongs to the year of its payment day. A run that corrects another one counts with what it changed. The
individual number (マイナンバー) that a report to the tax office needs is in no part of this system.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from genbo.entitlements.distribution import PayeeLine
from genbo.kernel import ProductId


@dataclass(frozen=True, slots=True, kw_only=True)
class Amounts:
    """Yen of a payment, or of a year."""

    income: int = 0
    """分配金・利子等の額."""
    capital: int = 0
    """元本の払戻しの額."""
    income_tax: int = 0
    """所得税・復興特別所得税."""
    local_tax: int = 0
    """地方税."""
    points: int = 0

    @property
    def net(self) -> int:
        return self.income + self.capital - self.income_tax - self.local_tax

    def __add__(self, other: "Amounts") -> "Amounts":
        return Amounts(
            income=self.income + other.income,
            capital=self.capital + other.capital,
            income_tax=self.income_tax + other.income_tax,
            local_tax=self.local_tax + other.local_tax,
            points=self.points + other.points,
        )

    def __sub__(self, other: "Amounts") -> "Amounts":
        return Amounts(
            income=self.income - other.income,
            capital=self.capital - other.capital,
            income_tax=self.income_tax - other.income_tax,
            local_tax=self.local_tax - other.local_tax,
            points=self.points - other.points,
        )


def amounts_of(line: PayeeLine | None) -> Amounts:
    """What a line states; nothing for none."""
    if line is None:
        return Amounts()
    return Amounts(
        income=line.income,
        capital=line.capital,
        income_tax=line.income_tax,
        local_tax=line.local_tax,
        points=line.points,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementEntry:
    """One run in a statement."""

    run: str
    product: ProductId
    record_day: date
    payment_day: date
    units: int
    amounts: Amounts
    corrects: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """A year of one payee."""

    holder: str
    year: int
    entries: tuple[StatementEntry, ...]
    """By payment day and run."""

    @property
    def total(self) -> Amounts:
        return sum((each.amounts for each in self.entries), Amounts())


def statements(year: int, entries: Iterable[tuple[str, StatementEntry]]) -> list[Statement]:
    """The statements of a year, by holder, from holder and entry; entries of other years are left out."""
    by_holder: dict[str, list[StatementEntry]] = {}
    for holder, entry in entries:
        if entry.payment_day.year == year:
            by_holder.setdefault(holder, []).append(entry)
    return [
        Statement(
            holder=holder,
            year=year,
            entries=tuple(sorted(found, key=lambda it: (it.payment_day, it.run))),
        )
        for holder, found in sorted(by_holder.items())
    ]
