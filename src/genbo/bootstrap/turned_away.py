"""Turned away (拒否の記録): machines that were refused, noted in the audit chain, and not so often as to fill it.

Whoever asks in vain is a finding, and so is how often. The first refusals of a credential each leave an entry; when
they come faster than anybody reads, the next entry says how many there were in between.
"""

import threading
import time
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final

from genbo.governance.audit import AuditFact
from genbo.governance.users import Caller, MachineCredential, Scope
from genbo.kernel import Refusal
from genbo.storage.credentials import Credentials
from genbo.storage.engine import Database

AT_ONCE: Final = 50
"""Entries about one credential, or about unknown ones, that may follow each other at once."""
A_SECOND: Final = 1.0
"""And how many a second after that."""


class TurnedAway:
    """What this process refused lately."""

    def __init__(self, database: Database, *, clock: Callable[[], float] = time.monotonic) -> None:
        """`clock`: seconds that never go back."""
        self._database = database
        self._clock = clock
        self._left: dict[str, tuple[float, float]] = {}
        """Credential ("" for unknown ones) to how many entries it may leave, and since when."""
        self._unwritten: dict[str, int] = {}
        self._lock = threading.Lock()

    def note(
        self,
        known: MachineCredential | Caller | None,
        refusal: Refusal,
        *,
        scope: Scope | None,
        at: datetime,
        more: Mapping[str, AuditFact],
    ) -> None:
        """Notes a refusal. Only credentials that there are have a name here, so there are as many as those."""
        name = "" if known is None else known.credential if isinstance(known, Caller) else known.id
        unwritten = self._take(name)
        if unwritten is None:
            return
        if unwritten:
            more = {**more, "unwritten": unwritten}
        with self._database.begin() as connection:
            Credentials(connection).refused(known, refusal, scope=scope, at=at, more=more)

    def _take(self, name: str) -> int | None:
        """How many were not written since the last entry; None when this one is not written either."""
        now = self._clock()
        with self._lock:
            left, since = self._left.get(name, (float(AT_ONCE), now))
            left = min(float(AT_ONCE), left + (now - since) * A_SECOND)
            if left < 1:
                self._left[name] = (left, now)
                self._unwritten[name] = self._unwritten.get(name, 0) + 1
                return None
            self._left[name] = (left - 1, now)
            return self._unwritten.pop(name, 0)
