"""Entitlements (権利・分配): what holders of a record date are owed, what is withheld, and how it is paid.

The rules stand here by themselves: record dates and their deadlines, the snapshot of holders, amounts and taxes to the
yen, coupons, corrections, statements, and the payment file of the banks. Nothing here reads a register or a bank
account: holders, categories and accounts come in as arguments.
"""

from genbo.entitlements.corporate_action import (
    ActionKind,
    ActionState,
    ActionTerms,
    CorporateAction,
    IssueTerms,
    RedemptionTerms,
    RegisterMark,
    SplitTerms,
    terms_of,
)
from genbo.entitlements.coupon import (
    Bond,
    Coupon,
    bond_of,
    coupon_after,
    coupons,
)
from genbo.entitlements.days import Deadlines, deadlines, months_later, payment_day
from genbo.entitlements.distribution import (
    Hold,
    Payee,
    PayeeLine,
    PerUnit,
    Totals,
    corrected,
    distribute,
    lines_digest,
    per_unit,
    totals,
)
from genbo.entitlements.payments import (
    UNPAID,
    Outcome,
    Payment,
    PaymentState,
    PaymentWay,
    Result,
    hold_of,
)
from genbo.entitlements.record_dates import (
    RecordDate,
    RecordDateKind,
    payable_by_terms,
    record_date_on,
    yearly,
)
from genbo.entitlements.redemption import Holding, redeemed_in_part
from genbo.entitlements.run import Run, RunState
from genbo.entitlements.snapshot import Entitlement, Snapshot, snapshot_of
from genbo.entitlements.statement import (
    Amounts,
    Statement,
    StatementEntry,
    amounts_of,
    statements,
)
from genbo.entitlements.tax import RATES, TaxCategory, TaxRate, Withheld, rate_on, withheld
from genbo.entitlements.yen_token import (
    BatchState,
    TokenOutcome,
    TokenSums,
    YenToken,
    token_sums,
    yen_token,
)

__all__ = [
    "RATES",
    "UNPAID",
    "ActionKind",
    "ActionState",
    "ActionTerms",
    "Amounts",
    "BatchState",
    "Bond",
    "CorporateAction",
    "Coupon",
    "Deadlines",
    "Entitlement",
    "Hold",
    "Holding",
    "IssueTerms",
    "Outcome",
    "Payee",
    "PayeeLine",
    "Payment",
    "PaymentState",
    "PaymentWay",
    "PerUnit",
    "RecordDate",
    "RecordDateKind",
    "RedemptionTerms",
    "RegisterMark",
    "Result",
    "Run",
    "RunState",
    "Snapshot",
    "SplitTerms",
    "Statement",
    "StatementEntry",
    "TaxCategory",
    "TaxRate",
    "TokenOutcome",
    "TokenSums",
    "Totals",
    "Withheld",
    "YenToken",
    "amounts_of",
    "bond_of",
    "corrected",
    "coupon_after",
    "coupons",
    "deadlines",
    "distribute",
    "hold_of",
    "lines_digest",
    "months_later",
    "payable_by_terms",
    "payment_day",
    "per_unit",
    "rate_on",
    "record_date_on",
    "redeemed_in_part",
    "snapshot_of",
    "statements",
    "terms_of",
    "token_sums",
    "totals",
    "withheld",
    "yearly",
    "yen_token",
]
