"""Parties: whom the conformance kit speaks for, and what it says of a step."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from genbo_sdk._credential import ClientSecret
from genbo_sdk._errors import GenboError, Refused
from genbo_sdk._reason import Reason
from genbo_sdk._sync import Client


class Skipped(Exception):
    """The step cannot be taken here; why."""


class Broken(Exception):
    """The registry did something else than it should; what."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parties:
    """Whom the conversation is between. The file that `genbo sandbox --file` writes has this form.

    The least is an address, a product, and a direct broker with both credentials; what is not given is skipped.
    """

    base_url: str
    product: str
    institutions: Mapping[str, Mapping[str, Any]] = field(repr=False)
    """Institution to its `role`, and to `credential` and `secret` of `reference` and `update`."""
    chain_id: int | None = None
    """Chain, token and platform as the firm knows them; without them nothing is signed."""
    token: str | None = None
    platform: str | None = None
    holder_keys: Mapping[str, str] = field(default_factory=dict, repr=False)
    """Customer of the direct broker to the key of its address."""
    duty_keys: Mapping[str, str] = field(default_factory=dict, repr=False)
    """Person of the registrar to that person's key."""

    @classmethod
    def of(cls, document: Mapping[str, Any]) -> Parties:
        """From a document of that form; what else it holds does no harm.

        Raises:
            ValueError, TypeError: it is none.
        """
        names = {each.name for each in fields(cls)}
        return cls(**{name: value for name, value in document.items() if name in names})

    def of_role(self, role: str) -> str:
        """The first institution of the role. Raises Skipped where there is none."""
        for name, one in self.institutions.items():
            if one["role"] == role:
                return name
        raise Skipped(f"no credentials of a {role}")

    def secret(self, who: str, scope: str) -> ClientSecret:
        """What the institution's systems sign in with."""
        shown = self.institutions[who][scope]
        return ClientSecret(shown["credential"], shown["secret"])

    def client(self, who: str) -> Client:
        """Of both credentials."""
        return Client(
            self.base_url,
            reference=self.secret(who, "reference"),
            update=self.secret(who, "update"),
        )

    def where(self) -> tuple[int, str, str]:
        """Chain, token and platform. Raises Skipped where they are not known."""
        if self.chain_id is None or self.token is None or self.platform is None:
            raise Skipped("chain_id, token and platform are not given: nothing is signed")
        return self.chain_id, self.token, self.platform


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """Something that is tried, and what should come of it."""

    name: str
    expected: str
    take: Callable[[], str]
    """Tells what came of it; raises Skipped, Broken or what the library raises."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What came of a step."""

    step: str
    expected: str
    got: str
    milliseconds: int
    result: str
    """`passed`, `failed` or `skipped`."""


def taken(step: Step, *, in_time: bool) -> Outcome:
    """What comes of a step; nothing is tried any more when time is up."""
    began = time.monotonic()
    try:
        if not in_time:
            raise Skipped("the time of the kit is over")
        result, got = "passed", step.take()
    except Skipped as why:
        result, got = "skipped", str(why)
    except (Broken, GenboError) as problem:
        result, got = "failed", f"{type(problem).__name__}: {problem}"
    except Exception as problem:  # an answer of another shape ends the step, never the kit
        result, got = "failed", f"{type(problem).__name__}: {problem}"[:300]
    return Outcome(
        step=step.name,
        expected=step.expected,
        got=got,
        milliseconds=round(1000 * (time.monotonic() - began)),
        result=result,
    )


def expect(holds: bool, otherwise: str) -> None:
    """Raises Broken where it does not hold."""
    if not holds:
        raise Broken(otherwise)


def refused(kind: type[Refused], reason: Reason | None, act: Callable[[], object]) -> Refused:
    """The refusal that the act must meet, in both languages. Raises Broken for another one, or none."""
    try:
        act()
    except Refused as told:
        if not isinstance(told, kind) or (reason is not None and told.reason != reason):
            raise Broken(f"refused as {told.reason} ({told.status}), not as {reason}") from None
        for language in ("ja", "en"):
            words = told.words_in(language)
            expect(bool(words and words.sentence and words.remedy), f"no words in {language}")
        return told
    raise Broken(f"not refused as {reason or kind.__name__}")
