"""Conflicts (兼務禁止): permissions that one person must not hold together (R-JSTOA-6.2.3a, FIG3.2).

given what a person holds and one more permission
├── when it makes what the person approves, or approves what the person makes: they conflict
├── when one of the two is reconciliation and the other moves units or orders it: they conflict
├── when their duties on the ledger exclude each other (`duties.EXCLUDES`): they conflict
└── otherwise, and for reading always: they do not
"""

from collections.abc import Iterable
from typing import Final

from genbo.governance.duties import EXCLUDES
from genbo.governance.users.work import DUTIES_OF_WORK, Level, Permission, Work

EXCLUDED_WORKS: Final[frozenset[frozenset[Work]]] = frozenset(
    {
        frozenset({Work.PAYMENT, Work.RECONCILIATION}),
        frozenset({Work.TRANSFER, Work.RECONCILIATION}),
    }
)
"""受払と照合: who moves units, or orders it, does not check the books. `EXCLUDES` is of duties on the ledger only."""

_ACTS = frozenset({Level.MAKE, Level.APPROVE})


def exclude_each_other(one: Permission, other: Permission) -> bool:
    """Whether no person may hold both. The order does not matter."""
    levels = {one.level, other.level}
    if Level.READ in levels:
        return False
    if one.work is other.work:
        return levels == _ACTS
    if frozenset({one.work, other.work}) in EXCLUDED_WORKS:
        return True
    return levels <= _ACTS and any(
        frozenset({mine, theirs}) in EXCLUDES
        for mine in DUTIES_OF_WORK.get(one.work, ())
        for theirs in DUTIES_OF_WORK.get(other.work, ())
    )


def conflict(held: Iterable[Permission], asked: Permission) -> Permission | None:
    """The first of `held`, by name, that excludes `asked`; None when nothing does."""
    return next((each for each in sorted(held, key=str) if exclude_each_other(each, asked)), None)
