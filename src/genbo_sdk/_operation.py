"""Operations: what a call is to the interface, whoever makes it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One route. The table of all is generated (`_operations`)."""

    method: str
    path: str
    """With its parameters in braces: `/v1/products/{product}`."""
    scope: str | None = None
    """`reference` or `update`; None: no token is shown."""
    keyed: bool = False
    """Whether it carries an Idempotency-Key."""
    result: Any = None
    """The type of its answer; `bytes` for a file, None for no content."""
    versioned: bool = False
    """Whether its answer has an ETag."""

    @property
    def repeatable(self) -> bool:
        """Whether sending it twice does what sending it once does."""
        return self.keyed or self.method == "GET"
