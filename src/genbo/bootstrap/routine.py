"""Routines (定例処理): work that comes back by itself, done by the role `jobs` of a running system.

Each routine looks at what is stored, does the next step of whatever is due, and says whether there was anything. It
keeps nothing in memory that it could not find again, so it may be killed between any two statements, and several
processes may run it: what must happen once is made so by the database.
"""

from typing import Protocol

from genbo.bootstrap.books import EscalateCases
from genbo.bootstrap.deliveries import Deliveries
from genbo.bootstrap.executions import CarryOut
from genbo.bootstrap.market_hours import CloseBooks, OpenAndClose
from genbo.bootstrap.notices import TellNotices
from genbo.bootstrap.office import Office
from genbo.bootstrap.rekeyed import Rekeyings
from genbo.bootstrap.screening import Rescreening
from genbo.bootstrap.split_followed import Splits
from genbo.bootstrap.token_payments_settled import SettleTokenPayments
from genbo.bootstrap.uploads import CheckAndApply
from genbo.bootstrap.words import Keeping
from genbo.kernel import Fault, Reason


class Routine(Protocol):
    """One kind of work."""

    def step(self) -> bool:
        """Does what is due; whether there was anything to do."""


class RunningJobs:
    """Bulk acts: moves each that is running on by one step."""

    def __init__(self, office: Office) -> None:
        self._office = office

    def step(self) -> bool:
        """Whether any bulk act is running."""
        jobs = self._office.bulk.running()
        moved = False
        for job in jobs:
            try:
                self._office.bulk.step(job)
                moved = True
            except Fault as fault:
                if fault.reason is not Reason.KEY_MISSING:
                    raise  # a job whose key is elsewhere keeps nothing else from going on
        return moved


def routines_of(office: Office) -> tuple[Routine, ...]:
    """Every routine of a deployment, in the order in which they take turns."""
    return (
        RunningJobs(office),
        Rekeyings(office),
        Splits(office),
        Rescreening(office),
        Keeping(office),
        OpenAndClose(office),
        CloseBooks(office),
        Deliveries(office),
        CheckAndApply(office),
        EscalateCases(office),
        SettleTokenPayments(office),
        TellNotices(office),
        CarryOut(office),
    )
