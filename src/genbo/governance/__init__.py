"""Governance: who may authorise what.

Duties are data; the chain enforces them through the access manager and Safe accounts, and this package says which
duty every function needs, who holds it, and what it can never do. Whatever changes, and every reading of personal
data, is an entry of the audit chain (`audit`).
"""

from genbo.governance.audit import AuditEntry, ChainedEntry, Misfit
from genbo.governance.audit_action import AuditAction
from genbo.governance.command import (
    Command,
    CommandId,
    CommandState,
    Outcome,
    Signed,
    Stored,
    needs_two_persons,
)
from genbo.governance.dispatch import Attempt, Entry, EntryState, Seen
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
from genbo.governance.job import Batch, BatchState, Job, JobId, JobKind, JobRow, JobState, Progress
from genbo.governance.matrix import MATRIX, Cell, Column, Role
from genbo.governance.open_functions import OPEN_FUNCTIONS, Caller, OpenFunction

__all__ = [
    "EXCLUDES",
    "MATRIX",
    "OPEN_FUNCTIONS",
    "POWERS",
    "Attempt",
    "AuditAction",
    "AuditEntry",
    "Batch",
    "BatchState",
    "Caller",
    "Cell",
    "ChainedEntry",
    "Column",
    "Command",
    "CommandId",
    "CommandState",
    "Contract",
    "Duty",
    "Entry",
    "EntryState",
    "Holder",
    "Job",
    "JobId",
    "JobKind",
    "JobRow",
    "JobState",
    "Misfit",
    "OpenFunction",
    "Outcome",
    "Power",
    "Progress",
    "Role",
    "Seen",
    "Signed",
    "Stored",
    "bound_functions",
    "duty_of",
    "needs_two_persons",
    "power_of",
]
