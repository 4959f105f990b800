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
    fixed: tuple[tuple[str, str], ...] = ()
    """What always stands in its query, such as the mode of a mutation: no call by this name can be without it."""
    scope: str | None = None
    """`reference` or `update`; None: no token is shown."""
    either: bool = False
    """Whether any credential may make it; `scope` is asked first."""
    keyed: bool = False
    """Whether it carries an Idempotency-Key."""
    by_job: bool = False
    """Whether a job may make what it answers: the call waits for it then."""
    result: Any = None
    """The type of its answer; `bytes` for a file, None for no content."""
    stream: bool = False
    """Whether its answer has no end; `result` is the type of each event."""

    @property
    def repeatable(self) -> bool:
        """Whether sending it twice does what sending it once does."""
        return self.keyed or self.method == "GET" or self.scope == "reference"
