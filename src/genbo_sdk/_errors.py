"""What the library raises.

    GenboError                          every error of this library
    ├── Refused                         the registry said no: reason, facts, words in both languages, request id
    │   ├── Invalid                     the request itself is wrong: correct it (400, 405, 413, 422)
    │   ├── NotAllowed                  known or not, and not allowed: see to credential and scope (401, 403)
    │   ├── NotFound                    not there, or not yours to see (404)
    │   ├── Conflict                    possible in another state of things; nothing was changed (409)
    │   ├── VersionDiffers              somebody changed it meanwhile: read it again (412, 428)
    │   ├── RateExceeded                too often: wait `retry_after` seconds (429)
    │   └── Unavailable                 its surroundings are not as they must be: ask again later (5xx)
    ├── NotAnswered                     no answer came; what was ordered may have been done: ask with the same key
    │   └── Unreachable                 no connection was made: nothing was done
    ├── NotUnderstood                   an answer came that is not as described
    ├── TimedOut                        what was waited for has not happened yet
    ├── CredentialMissing               the client was given no credential for this scope
    ├── SigningRefused                  what is to be signed is not what was wanted: nothing was signed
    ├── CertificateRefused              the certificate is not signed by whom it should be, or was changed
    └── WebhookRefused                  the notice is not from the registry, is too old or was changed

A message never holds a secret, a token or what was sent: both may be personal.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from genbo_sdk._reason import Reason


class GenboError(Exception):
    """Base of everything that this library raises."""

    def __init__(
        self, message: str, *, request_id: str | None = None, idempotency_key: str | None = None
    ) -> None:
        super().__init__(message)
        self.request_id = request_id
        """The request, for whoever asks the registry about it."""
        self.idempotency_key = idempotency_key
        """The key that the request carried: with it the same act may be ordered again, and is done once."""

    def __str__(self) -> str:
        text = super().__str__()
        return f"{text} [request {self.request_id}]" if self.request_id else text


@dataclass(frozen=True, slots=True)
class Words:
    """What was refused and what to do, in one language."""

    sentence: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.sentence} {self.remedy}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A problem (RFC 9457) as the registry told it."""

    status: int
    reason: Reason | None = None
    """None where something before the registry answered, such as a proxy."""
    facts: Mapping[str, str | int | None] = field(default_factory=dict)
    words: Mapping[str, Words] = field(default_factory=dict)
    """Language (`ja`, `en`) to words."""
    problems: tuple[Told, ...] = ()
    """Each of several things that are wrong at once."""

    @classmethod
    def read(cls, status: int, document: object) -> Told:
        """What of `document` is a problem; the status alone of what is none."""
        if not isinstance(document, dict) or not isinstance(document.get("reason"), str):
            return cls(status=status)
        words = _mapping(document.get("words"))
        facts = _mapping(document.get("facts"))
        each = document.get("problems")
        return cls(
            status=status,
            reason=Reason(document["reason"]),
            facts={
                name: fact for name, fact in facts.items() if isinstance(fact, str | int | None)
            },
            words={
                language: Words(str(told.get("sentence", "")), str(told.get("remedy", "")))
                for language, told in words.items()
                if isinstance(told, dict)
            },
            problems=tuple(cls.read(status, one) for one in each) if isinstance(each, list) else (),
        )


def _mapping(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


class Refused(GenboError):
    """The registry said no. Nothing was changed by the request, or the reason says otherwise."""

    def __init__(
        self,
        told: Told,
        *,
        language: str,
        retry_after: float | None = None,
        request_id: str | None = None,
        idempotency_key: str | None = None,
    ) -> None:
        self.told = told
        """The problem as it was told."""
        self._language = language
        self.retry_after = retry_after
        """Seconds after which to ask again, where the registry said."""
        words = self.words
        summary = f"{told.reason or 'HTTP'} ({told.status})"
        super().__init__(
            f"{summary}: {words}" if words else summary,
            request_id=request_id,
            idempotency_key=idempotency_key,
        )

    @property
    def status(self) -> int:
        """HTTP status."""
        return self.told.status

    @property
    def reason(self) -> Reason | None:
        """The reason code; None where something before the registry answered."""
        return self.told.reason

    @property
    def facts(self) -> Mapping[str, str | int | None]:
        """What was judged."""
        return self.told.facts

    @property
    def words(self) -> Words | None:
        """What was refused and what to do, in the client's language."""
        return self.words_in(self._language)

    def words_in(self, language: str) -> Words | None:
        """What was refused and what to do, in `ja` or `en`."""
        return self.told.words.get(language)

    @property
    def sentence(self) -> str:
        """What was refused, on which facts."""
        return self.words.sentence if self.words else ""

    @property
    def remedy(self) -> str:
        """What to do about it."""
        return self.words.remedy if self.words else ""

    @property
    def problems(self) -> tuple[Told, ...]:
        """Each of several things that are wrong at once."""
        return self.told.problems


class Invalid(Refused):
    """The request itself is wrong. Correct it; the same request will be refused again."""


class NotAllowed(Refused):
    """The credential is not known, has expired, or is for another scope."""


class NotFound(Refused):
    """It is not there, or it is not yours to see: the registry does not say which."""


class Conflict(Refused):
    """A rule said no in the present state of things. Nothing was changed."""


class VersionDiffers(Refused):
    """Somebody else changed it since it was read. Read it again, then change it."""


class RateExceeded(Refused):
    """The credential asks too often."""


class Unavailable(Refused):
    """The registry cannot answer at present."""


class NotAnswered(GenboError):
    """A request went out and no answer came. What it ordered may have been done: ask with the same key."""


class Unreachable(NotAnswered):
    """No connection was made, so nothing was done."""


class NotUnderstood(GenboError):
    """An answer came that is not as the interface describes it. What was ordered may have been done."""


class TimedOut(GenboError):
    """What was waited for has not happened yet. It goes on without us."""

    def __init__(self, message: str, *, last: Any = None) -> None:
        super().__init__(message)
        self.last = last
        """How it stood when it was last seen."""


class CredentialMissing(GenboError):
    """The client was given no credential for what the call needs (`reference` or `update`)."""


class SigningRefused(GenboError):
    """What is to be signed is not what was wanted. Nothing was signed."""


class CertificateRefused(GenboError):
    """The balance certificate is not what a key of the custodian signed, or not one of this registry."""


class WebhookRefused(GenboError):
    """The notice is not from the registry, is too old, or was changed on its way."""


KINDS: Final[Mapping[int, type[Refused]]] = {
    401: NotAllowed,
    403: NotAllowed,
    404: NotFound,
    409: Conflict,
    410: NotFound,
    412: VersionDiffers,
    428: VersionDiffers,
    429: RateExceeded,
}
"""Status to the error; other 4xx are `Invalid`, 5xx `Unavailable`."""


def kind_of(status: int) -> type[Refused]:
    """The error that says an HTTP status of 400 or more."""
    return KINDS.get(status) or (Unavailable if status >= 500 else Invalid)
