"""Patience: a product is created on the chain first and recorded a moment later; who reads between the two waits."""

import time
from collections.abc import Callable
from typing import TypeVar

from genbo.kernel import Fault, Reason

T = TypeVar("T")

SECONDS = 2.0


def patiently(work: Callable[[], T], seconds: float = SECONDS) -> T:
    """Does the work, again and again for so long, while it ends with `product_unrecorded`."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            return work()
        except Fault as fault:
            if fault.reason is not Reason.PRODUCT_UNRECORDED or time.monotonic() >= deadline:
                raise
        time.sleep(0.05)
