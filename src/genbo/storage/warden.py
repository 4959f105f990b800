"""The warden: runs the embedded PostgreSQL and stops it when the process that asked for it is gone.

It is started as a program of its own, `python warden.py UID GID LOCK COMMAND...`, with a pipe as its standard input.
The pipe closes when its other end stops the server or dies, by whatever signal; then the server is shut down. So no
server outlives its owner, and an interrupt typed at the terminal reaches the owner alone, because the warden leads a
session of its own. Standard library only: it starts in a few milliseconds.
"""

import contextlib
import ctypes
import os
import select
import signal
import subprocess
import sys

SECONDS_TO_STOP = 20.0
_PR_SET_PDEATHSIG = 1


def main(arguments: list[str]) -> int:
    """Runs the command until it ends or standard input closes; returns the command's exit code."""
    uid, gid, lock = (int(word) for word in arguments[:3])
    ours = uid == os.geteuid()
    woken, wake = os.pipe()
    os.set_blocking(wake, False)
    signal.set_wakeup_fd(wake)
    for number in (signal.SIGCHLD, signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, _note)
    server = subprocess.Popen(
        arguments[3:],
        stdin=subprocess.DEVNULL,
        pass_fds=(lock,),  # the folder stays locked for as long as the server lives
        preexec_fn=_die_with_parent,  # safe: this program has one thread
        user=None if ours else uid,
        group=None if ours else gid,
        extra_groups=None if ours else [],
    )
    while server.poll() is None:
        ready, _, _ = select.select([0, woken], [], [])
        if 0 in ready or any(number != signal.SIGCHLD for number in os.read(woken, 64)):
            _stop(server)
    return server.returncode


def _note(number: int, frame: object) -> None:
    """The number arrives through the wake-up pipe."""


def _die_with_parent() -> None:
    """Where the kernel can (Linux): a killed warden takes the server along."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGINT)


def _stop(server: "subprocess.Popen[bytes]") -> None:
    """A fast shutdown: open transactions are rolled back, what was committed is on disk."""
    for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
        server.send_signal(number)
        with contextlib.suppress(subprocess.TimeoutExpired):
            server.wait(SECONDS_TO_STOP)
            return


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
