"""The two ways of saying no.

`Refusal`: a rule said no. Expected in normal operation; nothing was changed.
`Fault`: the surroundings are not as they must be (node away, wrong database, bad file). Nothing was changed either.
Anything else that is raised is a bug, and is allowed to stop the request.
"""

from collections.abc import Sequence
from typing import TypeAlias

from genbo.kernel.reason import Reason

Fact: TypeAlias = str | int | None


class Refusal(Exception):
    """A rule said no, with its reason code and the facts it judged.

    The sentence people read is made from `compliance.reasons`; this object carries no prose, and never personal data.
    """

    def __init__(self, reason: Reason, **facts: Fact) -> None:
        super().__init__(reason.value, facts)
        self.reason = reason
        self.facts: dict[str, Fact] = facts

    def __str__(self) -> str:
        facts = ", ".join(f"{name}={value}" for name, value in self.facts.items())
        return f"{self.reason.value}({facts})"


class Fault(Refusal):
    """The surroundings are not as they must be; the command ends with exit code 2 and nothing half done."""


class Refusals(Refusal):
    """Several things are wrong at once: each with its own reason and facts, told by the first."""

    def __init__(self, each: Sequence[Refusal]) -> None:
        super().__init__(each[0].reason, **each[0].facts)
        self.each = tuple(each)
