"""Real processes that do an act and are ended by the operating system in the middle of it.

They are forked off this one, so each begins with everything loaded and with no connection of its own: what it uses it
opens itself. A local node and the server of the database go on while they die.
"""

from __future__ import annotations

import itertools
import os
import signal
import sys
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.support.crash.acts import ACTS
from tests.support.crash.judge import Standing, judge, look
from tests.support.crash.killer import Life
from tests.support.crash.seeds import finish, order
from tests.support.crash.world import World

from genbo.bootstrap.office import Office
from genbo.chain.remote import connect
from genbo.kernel import Fault, Reason

EXITED_AT_ITS_PLACE = 9
LOST_ITS_DATABASE = 3
"""It ended with the clear word that the database is gone."""
_SECONDS = 20.0


@dataclass
class Child:
    """One process."""

    pid: int
    status: int | None = None

    def send(self, number: signal.Signals) -> None:
        os.kill(self.pid, number)

    def kill(self) -> None:
        """SIGKILL, and waits for the end. Nothing when it has ended."""
        if self.status is None:
            self.send(signal.SIGKILL)
            self.wait()

    def wait(self) -> int:
        """Its exit code; negative when a signal ended it. Fails when it does not end."""
        deadline = time.monotonic() + _SECONDS
        while self.status is None:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self.status = status
            else:
                assert time.monotonic() < deadline, f"process {self.pid} does not end"
                time.sleep(0.002)
        return os.waitstatus_to_exitcode(self.status)

    def await_stopped(self) -> bool:
        """Waits until it has stopped itself; False when it ended instead."""
        deadline = time.monotonic() + _SECONDS
        while time.monotonic() < deadline:
            pid, status = os.waitpid(self.pid, os.WNOHANG | os.WUNTRACED)
            if pid and os.WIFSTOPPED(status):
                return True
            if pid:
                self.status = status
                return False
            time.sleep(0.002)
        raise AssertionError(f"process {self.pid} does not stop")


@dataclass
class Processes:
    """Processes in one world on a local node."""

    world: World
    url: str
    numbers: itertools.count[int] = field(default_factory=lambda: itertools.count(1))
    _children: list[Child] = field(default_factory=list)

    def fork(self, work: Callable[[Office], object], life: Life | None = None) -> Child:
        """A process that does the work in its own office."""
        sys.stdout.flush()
        sys.stderr.flush()
        pid = os.fork()
        if pid:
            self._children.append(Child(pid))
            return self._children[-1]
        code = 1
        try:
            world = self.world.of_another_process(connect(self.url))
            world.live(life or Life(), lambda office: _ignore(work(office)))
            code = 0
        except Fault as fault:
            code = LOST_ITS_DATABASE if fault.reason is Reason.DATABASE_UNREACHABLE else 1
        except BaseException:
            traceback.print_exc()
        finally:
            sys.stderr.flush()
            os._exit(code)

    def end(self) -> None:
        """No process of ours is left, whatever became of a test."""
        for child in self._children:
            child.kill()

    def act(self, name: str, number: int, life: Life | None = None) -> Child:
        """A process that orders an act and waits for it."""
        return self.fork(lambda office: order(office, ACTS[name], number), life)

    def begin(self, name: str) -> tuple[int, Standing]:
        """A new number for an act, with what comes before it."""
        number, before = next(self.numbers), look(self.world)
        ACTS[name].prepare(self.world, number)
        return number, before

    def finish(self, name: str, number: int) -> None:
        """This process, started anew, brings the act to its end."""
        finish(self.world, ACTS[name], number)

    def wrong(self, name: str, number: int, before: Standing, *, thorough: bool) -> list[str]:
        """What the judge has to say."""
        after = look(self.world)
        return judge(self.world, before, after, ACTS[name], number, thorough=thorough)


def stop_itself(_: str) -> None:
    """What a process does that is to be overtaken: it stands still until it is told to go on."""
    os.kill(os.getpid(), signal.SIGSTOP)


def exit_at_once(_: str) -> None:
    """What a process does that ends itself: not one further line."""
    os._exit(EXITED_AT_ITS_PLACE)


def _ignore(_: Any) -> None:
    """The work's answer is of no matter here."""
