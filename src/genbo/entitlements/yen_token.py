"""Payment in a yen token (電子決済手段による支払): which token, who pays in it, and what becomes of its batches.

A product whose payment terms name a yen token pays its distributions to the addresses of its payees, in batches of one
transaction each, instead of by bank transfer. Each run keeps the terms it was declared under, and maker and approver
sign them with its sums. A line that cannot be paid so is put aside, and may be let go to the bank instead.

    sent ──► settled   its transaction is final; the ledger says of each line whether it was paid or refused
      └────► void      its command was refused or withdrawn: nothing was paid, and its lines can be paid again
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from genbo.entitlements.payments import Payment, PaymentState, PaymentWay
from genbo.kernel import Address, Reason, Refusal

MOST_DECIMALS = 18
"""Decimals that a yen token may have."""


@dataclass(frozen=True, slots=True, kw_only=True)
class YenToken:
    """The yen token of a product, and who pays in it. Made by `yen_token`."""

    chain_id: int
    cash: Address
    decimals: int
    payer: Address
    """支払人: the account that holds the yen and allows it to the payment contract, run by run."""

    def amount(self, yen: int) -> int:
        """Whole yen in the smallest unit of the token."""
        return yen * int(10**self.decimals)


def yen_token(*, chain_id: int, cash: Address, decimals: int, payer: Address) -> YenToken:
    """The terms.

    Raises:
        Refusal: `cash_unfit` for more than `MOST_DECIMALS`; `field_invalid` for a token that pays itself.
    """
    if not 0 <= decimals <= MOST_DECIMALS:
        raise Refusal(Reason.CASH_UNFIT, cash=cash, decimals=decimals)
    if payer == cash:
        raise Refusal(
            Reason.FIELD_INVALID, field="payer", value=payer, allowed="an account that holds yen"
        )
    return YenToken(chain_id=chain_id, cash=cash, decimals=decimals, payer=payer)


class BatchState(StrEnum):
    """What became of a batch."""

    SENT = "sent"
    """送付済: ordered; its end is not known yet."""
    SETTLED = "settled"
    """確定: what the ledger says of each of its lines is taken over."""
    VOID = "void"
    """無効: refused or withdrawn as a whole."""


class TokenOutcome(StrEnum):
    """What the ledger says of one line of a batch."""

    PAID = "paid"
    """支払済."""
    REFUSED = "refused"
    """受取拒否: the yen token refused the payee."""
    VOID = "void"
    """無効: of a batch that was refused as a whole."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenSums:
    """What the register and the ledger say of a run's payments in its yen token, side by side."""

    lines: int
    """Lines of the register that were paid in the token."""
    yen: int
    """The sum of what they were owed."""
    ledger_lines: int
    ledger_yen: int
    apart: tuple[int, ...]
    """Lines of which the two do not say the same."""

    @property
    def agree(self) -> bool:
        """Sum of the token's payments = sum of the lines that are marked as paid in it, line by line."""
        return not self.apart and (self.lines, self.yen) == (self.ledger_lines, self.ledger_yen)


def token_sums(payments: Iterable[Payment], ledger: Mapping[int, list[int]]) -> TokenSums:
    """Compares the lines of a run with what the ledger paid.

    Args:
        payments: every line of the run.
        ledger: number of a line to the yen of each payment that the ledger has of it; more than one is one too many.
    """
    paid = {
        each.line.number: each.line.due
        for each in payments
        if each.way is PaymentWay.TOKEN and each.state is PaymentState.PAID
    }
    apart = [
        number
        for number in sorted({*paid, *ledger})
        if ledger.get(number, []) != ([paid[number]] if number in paid else [])
    ]
    return TokenSums(
        lines=len(paid),
        yen=sum(paid.values()),
        ledger_lines=sum(map(len, ledger.values())),
        ledger_yen=sum(map(sum, ledger.values())),
        apart=tuple(apart),
    )
