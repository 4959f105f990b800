"""Governance: who may authorise what.

Duties are data; the chain enforces them through the access manager and Safe accounts, and this package says which
duty every function needs, who holds it, and what it can never do. Whatever changes, and every reading of personal
data, is an entry of the audit chain (`audit`).
"""

from genbo.governance.audit import AuditEntry, ChainedEntry, Misfit
from genbo.governance.audit_action import AuditAction
from genbo.governance.duties import (
    EXCLUDES,
    POWERS,
    Contract,
    Duty,
    Holder,
    Power,
    bound_functions,
    duty_of,
    power_of,
)
from genbo.governance.matrix import MATRIX, Cell, Column, Role
from genbo.governance.open_functions import OPEN_FUNCTIONS, Caller, OpenFunction

__all__ = [
    "EXCLUDES",
    "MATRIX",
    "OPEN_FUNCTIONS",
    "POWERS",
    "AuditAction",
    "AuditEntry",
    "Caller",
    "Cell",
    "ChainedEntry",
    "Column",
    "Contract",
    "Duty",
    "Holder",
    "Misfit",
    "OpenFunction",
    "Power",
    "Role",
    "bound_functions",
    "duty_of",
    "power_of",
]
