"""Service: the roles (役割) of a running system, each in a thread of its own, until it is told to stop.

    indexer   reads the ledger into the register
    sender    sends queued commands, and looks after what is under way
    jobs      goes on with bulk acts, and does what comes back by itself (`bootstrap.routine`); posts notices; makes
              documents that were asked for, in a thread of their own, so that a long one holds up nothing else
    api       answers the systems of institutions (`genbo.api`)

One process has all of them by default. Split over several, each signer still has one sender and the register one writer
at a time, by locks of the database; whoever holds none waits, and takes over when the other ends.
"""

import _thread
import threading
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager

from genbo.bootstrap.document_jobs import MakeDocuments
from genbo.bootstrap.interrupts import shielded
from genbo.bootstrap.office import Office
from genbo.bootstrap.role import Role
from genbo.bootstrap.routine import routines_of
from genbo.bootstrap.webhook_post import PostNotices
from genbo.kernel import Refusal
from genbo.storage.bell import Bell

_IDLE_SECONDS = 0.5
"""How often is looked for work that no bell announced, such as a receipt or a fallen sender."""
_BUSY_SECONDS = 0.05
_TROUBLE_SECONDS = 1.0


Tell = Callable[[Role, Refusal | None], None]
"""Told of a role's trouble once, and with None when it has passed."""


class Service:
    """The sender and the jobs of one office. The indexer is the office's own reading."""

    def __init__(self, office: Office, roles: Collection[Role], *, tell: Tell) -> None:
        """`tell`: hears of trouble; it may be called from any thread."""
        self._office = office
        self._roles = frozenset(roles)
        self._tell = tell
        self._routines = routines_of(office)
        self._documents = MakeDocuments(office)
        self._stop = threading.Event()
        self._failed: BaseException | None = None
        self._routines = routines_of(office)

    @contextmanager
    def running(self) -> Iterator[None]:
        """Works until the block ends; then each role ends what it is committing, and gives its locks back.

        A defect in a role interrupts the main thread, and is raised at the end of the block: no role ends unnoticed.
        """
        works = (
            (Role.SENDER, "sender", self._send),
            (Role.JOBS, "jobs", self._work_on_jobs),
            (Role.JOBS, "documents", self._make_documents),
            (Role.JOBS, "webhooks", self._post),
        )
        threads = [
            threading.Thread(target=self._keep, args=(role, work), name=f"genbo {name}")
            for role, name, work in works
            if role in self._roles
        ]
        begun: list[threading.Thread] = []
        try:
            with shielded():
                for thread in threads:
                    thread.start()
                    begun.append(thread)
            yield
        finally:
            with shielded():
                self._stop.set()
                for thread in begun:
                    thread.join()
                self._office.close()
            if self._failed is not None:
                raise self._failed

    # Inside --------------------------------------------------------------------------------------

    def _keep(self, role: Role, work: Callable[[], None]) -> None:
        """Does the work again and again. Trouble is told once; when its cause is gone the work goes on."""
        trouble: str | None = None
        while not self._stop.is_set():
            try:
                work()
            except Refusal as refusal:
                if trouble != refusal.reason:
                    trouble = refusal.reason
                    self._tell(role, refusal)
                self._stop.wait(_TROUBLE_SECONDS)
                continue
            except BaseException as defect:
                self._failed = defect
                _thread.interrupt_main()
                return
            if trouble is not None:
                trouble = None
                self._tell(role, None)

    def _send(self) -> None:
        """Sends until there is trouble or an end."""
        bell = Bell(self._office.house.database)
        try:
            while not self._stop.is_set():
                turns = self._office.courier.turn_all()
                if all(turn.idle for turn in turns):
                    under_way = any(turn.open or turn.waiting for turn in turns)
                    bell.wait(_BUSY_SECONDS if under_way else _IDLE_SECONDS)
                self._tell(Role.SENDER, None)
        finally:
            bell.close()

    def _post(self) -> None:
        """Posts notices until there is trouble or an end."""
        PostNotices(self._office).work(self._stop)

    def _make_documents(self) -> None:
        """The next document that was asked for."""
        if not self._documents.step():
            self._stop.wait(_IDLE_SECONDS)

    def _work_on_jobs(self) -> None:
        """A turn of every routine."""
        busy = False
        for routine in self._routines:
            if self._stop.is_set():
                return
            busy = routine.step() or busy
        self._stop.wait(0 if busy else _IDLE_SECONDS)
