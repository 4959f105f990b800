"""What a signal does to a command, and what it does not.

given a command that works
├── when it gets a signal
│   └── it should be interrupted where it stands, or at the end of a shielded block
├── when Python loses the interruption in a finaliser
│   └── it should be interrupted at the next place that asks
└── when it has ended
    └── it should give the signals back
given a data folder that another short command holds
└── it should wait for it, and not trust the door of one that was killed
"""

from __future__ import annotations

import json
import os
import signal
import threading
import time
from pathlib import Path

import pytest
from tests.support.command import inside

from genbo.bootstrap.interrupts import deafen, heed, interruptible, shielded
from genbo.storage.folder import lock_folder

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def send(number: signal.Signals) -> None:
    os.kill(os.getpid(), number)


@pytest.mark.parametrize("number", SIGNALS)
def test_signal__outside_a_shield__interrupts_at_once(number: signal.Signals) -> None:
    before = [signal.getsignal(each) for each in SIGNALS]
    with interruptible():
        with pytest.raises(KeyboardInterrupt):
            send(number)
        with pytest.raises(KeyboardInterrupt):  # and again: the first may have been lost
            send(number)
    assert [signal.getsignal(each) for each in SIGNALS] == before


@pytest.mark.parametrize("number", SIGNALS)
def test_signal__inside_a_shield__waits_for_its_end(number: signal.Signals) -> None:
    done: list[str] = []

    def work() -> None:
        with shielded():
            with shielded():
                send(number)
                done.append("inner")
            done.append("outer")
        done.append("never")

    with interruptible():
        with pytest.raises(KeyboardInterrupt):
            work()
        with shielded():
            done.append("it was one signal")
    assert done == ["inner", "outer", "it was one signal"]


def test_signal__in_a_shield_that_fails__interrupts_all_the_same() -> None:
    def work() -> None:
        with shielded():
            send(signal.SIGINT)
            raise ValueError

    with interruptible(), pytest.raises(KeyboardInterrupt):
        work()


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_signal__lost_in_a_finaliser__is_raised_again() -> None:
    class Finaliser:
        def __del__(self) -> None:
            send(signal.SIGINT)  # Python drops what is raised here

    with interruptible():
        heed()  # nothing happened yet
        Finaliser()
        with pytest.raises(KeyboardInterrupt):
            heed()


def test_signal__to_one_who_is_deaf__does_nothing() -> None:
    with interruptible():
        deafen()
        for number in SIGNALS:
            send(number)


def test_folder__held_for_a_moment__is_waited_for(founded: Path) -> None:
    (founded / "door.json").write_text(json.dumps({"pid": 1, "node_url": "http://127.0.0.1:1"}))
    held, ending = threading.Event(), threading.Event()

    def hold() -> None:
        with lock_folder(founded):
            held.set()
            ending.wait(30)

    holder = threading.Thread(target=hold)
    holder.start()
    held.wait(30)
    threading.Timer(1.0, ending.set).start()
    before = time.monotonic()
    checked = inside("check", data=founded)
    assert (checked.code, checked.err) == (0, "")
    assert time.monotonic() - before > 0.9
    holder.join()
