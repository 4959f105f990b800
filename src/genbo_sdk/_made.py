"""Documents that a job makes: waited for, and fetched when they are there.

a call was answered with a job
├── when it has ended well: its document
├── when it was refused: the refusal, as if the call itself had been
├── when somebody cancelled it: `Conflict` (`job_not_done`)
└── when the client's patience is at an end: `TimedOut`; it goes on, and `jobs.result` gives the document
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from genbo_sdk._calling import ask_of, operation_named
from genbo_sdk._errors import NotAnswered, RateExceeded, TimedOut, Unavailable
from genbo_sdk._exchange import Ask, Got, Policy, Steps, Wait, exchange
from genbo_sdk._final import refusal_told
from genbo_sdk._json import read

if TYPE_CHECKING:
    from genbo_sdk._models import Job

_FIRST: Final = 0.1
_LONGEST: Final = 2.0
_DOWNLOAD: Final = 300.0
"""Seconds for the bytes at least: they may be many."""


def made(got: Got, ask: Ask, policy: Policy, progress: Callable[[Any], None]) -> Steps[Got]:
    """The document. Raises as the tree above, and as `exchange`."""
    ends, wait = policy.clock() + policy.patience, _FIRST
    job = _job(got, ask)
    where = {"job": job.job}
    while job.state == "running":
        progress(job)
        if policy.clock() >= ends:
            name = f"{ask.operation.method} {ask.operation.path}"
            raise TimedOut(f"{name}: the job {job.job} still runs", last=job)
        yield Wait(wait)
        wait = min(_LONGEST, wait * 1.5)
        try:
            found = yield from exchange(ask_of(operation_named("jobs.get"), path=where), policy)
        except (NotAnswered, RateExceeded, Unavailable):
            continue  # it goes on, whether it is seen or not
        job = _job(found, ask)
    progress(job)
    if job.state == "refused":
        raise refusal_told(job.problem, policy.language)
    patient = replace(policy, timeout=max(policy.timeout, _DOWNLOAD), deadline=2 * _DOWNLOAD)
    return (yield from exchange(ask_of(operation_named("jobs.result"), path=where), patient))


def _job(got: Got, ask: Ask) -> Job:
    kind = operation_named("jobs.get").result
    found: Job = read(kind, got.content, request_id=got.headers.get("x-request-id"), key=ask.key)
    return found
