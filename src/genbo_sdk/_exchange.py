"""Exchanges: what is asked, how often, and what its answer means. No network in here.

An exchange is a generator that says what to do next and is told what came of it. The two clients carry it out, one
waiting and one not; what is decided is decided here, once.

    an exchange
    ├── needs a token, and none holds: `NeedToken`
    ├── when the answer is good: it returns it
    ├── when it says 401 for the first time: a fresh token, once more
    ├── when the registry says no for good: `Refused`
    └── when no answer came, or 429, 502, 503, 504
        ├── and time is left, and sending it twice does it once: it waits, and sends the same again
        └── otherwise
            ├── no request ever went out: `Unreachable`
            ├── one went out and its answer was lost: `NotAnswered`
            └── every request was answered: `Refused`
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final, TypeAlias, TypeVar
from urllib.parse import quote

from genbo_sdk._credential import Credential
from genbo_sdk._errors import (
    GenboError,
    NotAnswered,
    NotUnderstood,
    Refused,
    Told,
    Unreachable,
    kind_of,
)
from genbo_sdk._json import parsed
from genbo_sdk._operation import Operation

AGAIN: Final = frozenset({429, 502, 503, 504})
"""Statuses after which the same request may succeed."""
_FIRST_WAIT: Final = 0.2
_LONGEST_WAIT: Final = 5.0
_LONGEST_LIFE: Final = 86_400.0
"""Seconds: no registry gives a token for longer than a day."""
LARGEST: Final = 64 * 2**20
"""Bytes of an answer, unpacked: the largest page is a hundredth of it."""
TOKEN_PATH: Final = "/v1/oauth/token"
_SIGN_IN: Final = Operation(method="POST", path=TOKEN_PATH)


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """How patient a client is."""

    deadline: float = 30.0
    """Seconds for a call, with all its repetitions."""
    timeout: float = 10.0
    """Seconds for one answer."""
    language: str = "en"
    clock: Callable[[], float]
    """Seconds of a clock that never goes back."""


# What is asked and what came ----------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """One call with its arguments, before it is a request."""

    operation: Operation
    path: Mapping[str, str] = field(default_factory=dict, repr=False)
    query: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    """A name may stand there more than once."""
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    content: bytes | None = field(default=None, repr=False)
    media_type: str | None = None
    key: str | None = None
    """Idempotency key: the same for every repetition."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A request as it goes out."""

    method: str
    path: str = field(repr=False)
    query: tuple[tuple[str, str], ...] = field(repr=False)
    headers: Mapping[str, str] = field(repr=False)
    content: bytes | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class Got:
    """An answer, whatever it says."""

    status: int
    headers: Mapping[str, str] = field(repr=False)
    """Names in small letters."""
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Lost:
    """No answer."""

    sent: bool
    """Whether the request may have arrived."""
    kind: str
    """What happened, in a word."""


# What to do next ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Send:
    """Send this; answered with `Got` or `Lost`."""

    request: Request
    timeout: float


@dataclass(frozen=True, slots=True)
class Wait:
    """Wait so many seconds."""

    seconds: float


@dataclass(frozen=True, slots=True)
class NeedToken:
    """A token for this scope, other than the refused one; answered with its text."""

    scope: str
    refused: str | None = field(default=None, repr=False)
    either: bool = False
    """Whether one for another scope does as well."""


Step: TypeAlias = Send | Wait | NeedToken
Reply: TypeAlias = Got | Lost | str | None
T = TypeVar("T")
Steps: TypeAlias = Generator[Step, Reply, T]


# The exchange -------------------------------------------------------------------------------------


def exchange(ask: Ask, policy: Policy) -> Steps[Got]:
    """The good answer to `ask`.

    Raises:
        Refused, NotAnswered, NotUnderstood: as the tree above.
    """
    operation = ask.operation
    ends = policy.clock() + policy.deadline
    name = fresh_id()
    token: str | None = None
    refused: str | None = None
    lost = False
    attempt = 0
    while True:
        if operation.scope is not None and token is None:
            given = yield NeedToken(operation.scope, refused, operation.either)
            assert isinstance(given, str)
            token = given
        attempt += 1
        request_id = name if attempt == 1 else f"{name}-{attempt}"
        left = max(0.001, ends - policy.clock())
        reply = yield Send(
            request_of(ask, token, request_id, policy.language), min(policy.timeout, left)
        )
        assert isinstance(reply, Got | Lost)
        wait = pause(attempt)
        problem: GenboError
        if isinstance(reply, Lost):
            lost = lost or reply.sent
            problem = _not_answered(ask, reply, request_id, lost=lost)
        elif reply.status < 300:
            return reply
        elif reply.status == 401 and token is not None and refused is None:
            token, refused = None, token
            continue
        else:
            problem = refusal_of(reply, ask, request_id, policy.language)
            if reply.status not in AGAIN:
                raise problem
            wait = max(wait, getattr(problem, "retry_after", None) or 0.0)
            if lost:
                cause = problem
                problem = _not_answered(
                    ask, Lost(True, "an answer was lost"), request_id, lost=True
                )
                problem.__cause__ = cause
        if not operation.repeatable or policy.clock() + wait >= ends:
            raise problem
        yield Wait(wait)


def pause(attempt: int) -> float:
    """Longer each time, and never the same for two clients."""
    import random

    longest = min(_LONGEST_WAIT, _FIRST_WAIT * 2.0 ** min(attempt - 1, 10))
    return longest * random.uniform(0.5, 1.0)


def request_of(ask: Ask, token: str | None, request_id: str, language: str) -> Request:
    """`ask` as it goes out."""
    headers = {
        "Accept": "application/json",
        "Accept-Language": language,
        "X-Request-ID": request_id,
        **ask.headers,
    }
    if token is not None:
        headers["Authorization"] = f"Bearer {token}"
    if ask.key is not None:
        headers["Idempotency-Key"] = ask.key
    if ask.media_type is not None:
        headers["Content-Type"] = ask.media_type
    parts = {name: quote(value, safe="") for name, value in ask.path.items()}
    if dotted := next((name for name, part in parts.items() if part in ("", ".", "..")), None):
        raise ValueError(f"{dotted} cannot be part of an address")
    return Request(
        method=ask.operation.method,
        path=ask.operation.path.format_map(parts),
        query=ask.query,
        headers=headers,
        content=ask.content,
    )


def refusal_of(got: Got, ask: Ask, request_id: str, language: str) -> GenboError:
    """What an answer that is not good means."""
    known = got.headers.get("x-request-id", request_id)
    if got.status < 400:
        return NotUnderstood(
            f"an answer with status {got.status}", request_id=known, idempotency_key=ask.key
        )
    try:
        document = parsed(got.content)
    except ValueError:
        document = None
    told = Told.read(got.status, document)
    kind: type[Refused] = kind_of(got.status)
    return kind(
        told,
        language=language,
        retry_after=_seconds(got.headers.get("retry-after")),
        request_id=known,
        idempotency_key=ask.key,
    )


def fresh_id() -> str:
    """128 random bits, as a name that nobody else has."""
    return os.urandom(16).hex()


def _seconds(header: str | None) -> float | None:
    """Retry-After as seconds: a number, or a date."""
    if header is None:
        return None
    if re.fullmatch(r"[0-9]{1,9}", header.strip()):
        return float(header)
    from email.utils import parsedate_to_datetime

    try:
        return max(0.0, (parsedate_to_datetime(header) - datetime.now(UTC)).total_seconds())
    except (ValueError, TypeError, OverflowError):
        return None


def _not_answered(ask: Ask, reply: Lost, request_id: str, *, lost: bool) -> NotAnswered:
    place = f"{ask.operation.method} {ask.operation.path}"
    if not lost:
        return Unreachable(
            f"{place}: no connection ({reply.kind}); nothing was done",
            request_id=request_id,
            idempotency_key=ask.key,
        )
    more = "; it may have been done: order it again under the same key" if ask.key else ""
    return NotAnswered(
        f"{place}: no answer ({reply.kind}){more}", request_id=request_id, idempotency_key=ask.key
    )


# Sign-in ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Token:
    """An access token, and until when to use it."""

    text: str = field(repr=False)
    renew: float
    """On the clock of the policy: before it ends, so that none ends on its way."""


def sign_in(credential: Credential, scope: str, token_url: str, policy: Policy) -> Steps[Token]:
    """A fresh token. Each attempt shows the credential anew: an assertion is good for one request.

    Raises:
        Refused: `NotAllowed` for a credential that does not hold; and as `exchange`.
    """
    ends = policy.clock() + policy.deadline
    attempt = 0
    while True:
        attempt += 1
        asked = policy.clock()
        try:
            got = yield from exchange(_token_request(credential, scope, token_url), policy)
            return _token(got, asked)
        except (NotAnswered, Refused) as problem:
            passing = isinstance(problem, NotAnswered) or problem.status in AGAIN
            wait = max(pause(attempt), getattr(problem, "retry_after", None) or 0.0)
            if not passing or policy.clock() + wait >= ends:
                raise
        yield Wait(wait)


def _token_request(credential: Credential, scope: str, token_url: str) -> Ask:
    shown = credential.show(token_url)
    form = {"grant_type": "client_credentials", "scope": scope, **shown.form}
    return Ask(
        operation=_SIGN_IN,
        headers=shown.headers,
        content="&".join(
            f"{name}={quote(value, safe='')}" for name, value in form.items()
        ).encode(),
        media_type="application/x-www-form-urlencoded",
    )


def _token(got: Got, asked: float) -> Token:
    try:
        document = parsed(got.content)
        text, lives = str(document["access_token"]), float(document["expires_in"])
        if not (text.isascii() and text.isprintable() and 0 <= lives < _LONGEST_LIFE):
            raise ValueError
    except (ValueError, KeyError, TypeError):
        raise NotUnderstood(
            "the answer to the sign-in is no token", request_id=got.headers.get("x-request-id")
        ) from None
    return Token(text, asked + lives - min(30.0, lives / 5))


class Tokens:
    """The tokens of a client, by scope. Whoever asks holds the client's lock."""

    def __init__(self) -> None:
        self._held: dict[str, Token] = {}

    def __repr__(self) -> str:
        return f"Tokens({', '.join(self._held)})"

    def good(self, scope: str, refused: str | None, *, now: float) -> str | None:
        """The token that is held, unless it is to be renewed or is the one that was refused."""
        held = self._held.get(scope)
        if held is None or now >= held.renew or held.text == refused:
            return None
        return held.text

    def keep(self, scope: str, token: Token) -> str:
        """Its text, from now on the one that is held."""
        self._held[scope] = token
        return token.text
