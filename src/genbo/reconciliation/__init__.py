"""Reconciliation: comparing accounts of the same truth. Nothing that produces an account may import it."""

from genbo.reconciliation.invariants import (
    Account,
    Finding,
    ProductAccounts,
    check_all,
)

__all__ = ["Account", "Finding", "ProductAccounts", "check_all"]
