"""Interrupts: what Ctrl-C, a termination and a closed terminal do to a command. They end its work and never its
cleaning up, so no server, no temporary folder and no half-written file stays behind.

A signal raises KeyboardInterrupt where the program stands, except inside `shielded()`: there it waits for the end of
the block. Starting and stopping a server stand in such blocks.
"""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

_depth = 0
_waiting = False
_raised = False


@contextmanager
def interruptible() -> Iterator[None]:
    """Turns the three signals into KeyboardInterrupt until the block ends. For the main thread."""
    global _waiting, _raised
    _waiting = _raised = False
    before = {number: signal.signal(number, _handle) for number in _SIGNALS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def shielded() -> Iterator[None]:
    """Nothing interrupts this block; a signal that came meanwhile interrupts at its end."""
    global _depth
    _depth += 1
    try:
        yield
    finally:
        _depth -= 1
        if _waiting and not _depth:
            _interrupt()


def heed() -> None:
    """Interrupts once more when an interruption was lost: Python drops those that meet a finaliser."""
    if _raised:
        _interrupt()


def _handle(number: int, frame: FrameType | None) -> None:
    global _waiting
    if _depth:
        _waiting = True
    else:
        _interrupt()


def _interrupt() -> None:
    global _waiting, _raised
    _waiting, _raised = False, True
    raise KeyboardInterrupt


def deafen() -> None:
    """No signal interrupts any more: what is left to do is a line and the exit code."""
    for number in _SIGNALS:
        signal.signal(number, signal.SIG_IGN)
