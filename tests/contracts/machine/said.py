"""What a side said when it refused, in a form that compares."""

from __future__ import annotations

from typing import Any

from genbo.kernel import Refusal


def said(refusal: Refusal | None, either_side: bool = False) -> tuple[str, dict[str, Any]] | None:
    """Reason and facts; the case of an address is no fact. None where nothing was refused."""
    if refusal is None:
        return None
    facts = {n: v.lower() if isinstance(v, str) else v for n, v in refusal.facts.items()}
    reason = refusal.reason.value
    return (reason.replace("sender_", "recipient_") if either_side else reason), facts
