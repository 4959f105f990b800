"""Idempotency keys (冪等キー): one act, one key, however often it is sent."""

import re

from genbo.kernel import Reason, Refusal

_KEY = re.compile(r"[A-Za-z0-9._:/-]{1,64}")


def key_of(header: str | None) -> str:
    """The key that a changing request carries.

    Raises:
        Refusal: `idempotency_key_missing`, also for one that is none.
    """
    if header is None or not _KEY.fullmatch(header):
        raise Refusal(Reason.IDEMPOTENCY_KEY_MISSING)
    return header
