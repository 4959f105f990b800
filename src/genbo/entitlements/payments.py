"""Payments (支払): how a payee line goes on after its run was approved, and what is still owed (未払).

waiting ──► payable ──► sent ──► paid           in a payment file, or in a batch of a yen token
   │          │ ▲         └────► returned ──┐   組戻・振込不能・受取拒否
   │          ▼ │ release                   │
   ├───────► held ◄─────────────────────────┘   a returned payment is owed and put aside at once
   ├───────► reclaim   返還請求: a correction says it was too much
   ├───────► nothing   nothing is due
   └───────► void      the run was turned down
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from genbo.entitlements.distribution import Hold, PayeeLine
from genbo.kernel.record import record


class PaymentState(StrEnum):
    """明細の状態."""

    WAITING = "waiting"
    """承認待."""
    PAYABLE = "payable"
    """支払待."""
    HELD = "held"
    """留保: owed, put aside, with a reason."""
    SENT = "sent"
    """送付済: it stands in a payment file, or in a batch of a yen token."""
    PAID = "paid"
    """支払済."""
    RECLAIM = "reclaim"
    """返還請求."""
    NOTHING = "nothing"
    """支払なし."""
    VOID = "void"
    """無効: of a run that was turned down."""


UNPAID = frozenset({PaymentState.PAYABLE, PaymentState.HELD, PaymentState.SENT})
"""未払: what is owed and, as far as is known, not yet with the payee."""


class PaymentWay(StrEnum):
    """支払方法: how a line is paid."""

    BANK = "bank"
    """振込: by the bank's payment file."""
    TOKEN = "token"
    """電子決済手段: in a yen token, to the payee's address."""


@record(frozen=True, slots=True, kw_only=True)
class Payment:
    """A payee line, and how far its payment is."""

    line: PayeeLine
    state: PaymentState
    file: int | None = None
    """The last payment file that it stands in."""
    settled_on: date | None = None
    """The day it was paid, or came back."""
    way: PaymentWay = PaymentWay.BANK
    batch: int | None = None
    """The last batch of a yen token that it stands in."""


class Outcome(StrEnum):
    """What a bank says of a payment."""

    PAID = "paid"
    """入金済."""
    RECALLED = "recalled"
    """組戻: taken back on request."""
    IMPOSSIBLE = "impossible"
    """振込不能: no such account, or another name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """One answer of a bank about one payment."""

    line: int
    """The line of the file that says it."""
    number: int
    """明細番号: the first customer code of the payment file."""
    amount: int
    outcome: Outcome
    on: date


def hold_of(outcome: Outcome) -> Hold | None:
    """Why a payment waits after that answer; None when it is paid."""
    return None if outcome is Outcome.PAID else Hold.RETURNED
