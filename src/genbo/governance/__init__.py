"""Governance: who may authorise what.

Duties are data; the chain enforces them through the access manager and Safe accounts, and this package says which
duty every function needs, who holds it, and what it can never do.
"""

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

__all__ = [
    "EXCLUDES",
    "POWERS",
    "Contract",
    "Duty",
    "Holder",
    "Power",
    "bound_functions",
    "duty_of",
    "power_of",
]
