"""Waiting until something is as it will stay.

given what was ordered
├── when it has ended well, or was taken back: how it ended
├── when it was refused: the refusal
└── when time is up: `TimedOut`; it goes on without us
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from genbo_sdk._errors import Refused, TimedOut, Told, kind_of
from genbo_sdk._exchange import Policy

if TYPE_CHECKING:
    from genbo_sdk._models import Problem

_FIRST: Final = 0.05
_LONGEST: Final = 2.0
_OPEN: Final = frozenset({"waiting", "ordered", "running"})
"""States of a transfer and of a job that are left again; those of a command say it themselves."""


class Waiting:
    """How one order stands, and when to look again."""

    def __init__(self, ordered: Any, timeout: float, policy: Policy) -> None:
        self._last = ordered
        self._policy = policy
        self._ends = policy.clock() + timeout
        self._next = _FIRST
        self._looked = False
        self._problem: Exception | None = None
        self.path: Mapping[str, str]
        """Where to look."""
        if hasattr(ordered, "trade"):
            self.name = "transfers.get"
            self.path = {"product": ordered.product, "trade": ordered.trade}
        elif hasattr(ordered, "job"):
            self.name = "jobs.get"
            self.path = {"job": ordered.job}
        else:
            self.name = "commands.get"
            self.path = {"command": ordered.command}

    def pause(self) -> float | None:
        """Seconds after which to look; None when there is nothing to wait for any more."""
        left = self._ends - self._policy.clock()
        if self._is_over() or (self._looked and left <= 0):
            return None
        seconds = min(self._next, max(left, 0.0))
        self._next = min(_LONGEST, self._next * 1.5)
        return seconds

    def saw(self, ordered: Any) -> None:
        """How it stands."""
        self._last, self._looked, self._problem = ordered, True, None

    def missed(self, problem: Exception) -> None:
        """It could not be seen this time."""
        self._looked, self._problem = True, problem

    def end(self) -> Any:
        """How it ended. Raises as the tree above."""
        if not self._is_over():
            state = f"still {self._last.state}"
            raise TimedOut(f"{self.name}: {state}", last=self._last) from self._problem
        told: Problem | None = getattr(self._last, "problem", getattr(self._last, "refusal", None))
        if self._last.state == "refused":
            raise refusal_told(told, self._policy.language)
        return self._last

    def _is_over(self) -> bool:
        if hasattr(self._last, "ended"):
            return bool(self._last.ended)
        return self._last.state not in _OPEN


def refusal_told(told: Problem | None, language: str) -> Refused:
    """The refusal that stands in an answer, as it is raised."""
    status = told.status if told else 409
    problem = Told(status=status) if told is None else _told(told)
    return kind_of(status)(problem, language=language)


def _told(problem: Problem) -> Told:
    return Told(
        status=problem.status,
        reason=problem.reason,
        facts=problem.facts,
        words=problem.words,
        problems=tuple(_told(each) for each in problem.problems or ()),
    )
