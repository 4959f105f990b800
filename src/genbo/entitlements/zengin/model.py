"""A payment file (総合振込データ) as values: who pays, when, and to whom how much."""

from dataclasses import dataclass, field
from datetime import date

from genbo.kernel.record import record


@dataclass(frozen=True, slots=True, kw_only=True)
class Remitter:
    """振込依頼人: the account that is debited."""

    code: str
    """振込依頼人コード: up to 10 digits, given by the bank."""
    name: str = field(repr=False)
    """Kana as a transfer writes them, up to 40 bytes."""
    bank_code: str
    bank_name: str
    branch_code: str
    branch_name: str
    account_kind: str
    """1 ordinary, 2 current, 9 other."""
    account_number: str = field(repr=False)


@record(frozen=True, slots=True, kw_only=True)
class Transfer:
    """振込明細: one payment. Personal data; shows none of it."""

    bank_code: str = field(repr=False)
    bank_name: str = field(repr=False)
    branch_code: str = field(repr=False)
    branch_name: str = field(repr=False)
    account_kind: str = field(repr=False)
    account_number: str = field(repr=False)
    name: str = field(repr=False)
    """受取人名."""
    amount: int
    """Yen."""
    customer_code_1: str = ""
    """顧客コード1: digits; or, with `edi`, empty."""
    customer_code_2: str = ""
    edi: str | None = field(default=None, repr=False)
    """EDI情報: 20 bytes in the place of both codes."""
    new_code: str = "0"
    """新規コード: 1 the first payment to this account, 2 changed, 0 other."""
    designation: str = "7"
    """振込指定区分: 7 telegraphic, 8 letter, or a space."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentFile:
    """One file: all of one remitter, of one day."""

    remitter: Remitter
    month: int
    """The day of the transfer, of which the file carries no year."""
    day: int
    transfers: tuple[Transfer, ...] = field(repr=False)

    @property
    def total(self) -> int:
        return sum(each.amount for each in self.transfers)

    @classmethod
    def on(cls, day: date, remitter: Remitter, transfers: tuple[Transfer, ...]) -> "PaymentFile":
        """The file of a day."""
        return cls(remitter=remitter, month=day.month, day=day.day, transfers=transfers)
