"""The general bank transfer of Japan's banks (総合振込, 全銀フォーマット): its layout, writing and reading it."""

from genbo.entitlements.zengin.layout import MOST_AMOUNT, RECORD_BYTES, RECORDS
from genbo.entitlements.zengin.model import PaymentFile, Remitter, Transfer
from genbo.entitlements.zengin.reading import read
from genbo.entitlements.zengin.writing import (
    Day,
    Ending,
    Records,
    Unused,
    Unwritable,
    unwritable,
    write,
)

__all__ = [
    "MOST_AMOUNT",
    "RECORDS",
    "RECORD_BYTES",
    "Day",
    "Ending",
    "PaymentFile",
    "Records",
    "Remitter",
    "Transfer",
    "Unused",
    "Unwritable",
    "read",
    "unwritable",
    "write",
]
