"""Document jobs (帳票処理): documents that take longer than somebody waits for an answer, made one after the other.

    asked ──► running ──► done        its result is there until it expires
                 ├──────► refused     for a reason: nothing was made
                 └──────► cancelled   by whoever asked, before it was done

A job that was under way when its process died is begun anew; what comes of it happens once, together with its result.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from genbo.governance.institutions import InstitutionId
from genbo.governance.job import JobId
from genbo.kernel import Digest, Fact, ProductId, Reason, Refusal, Refusals

MOST_RUNNING = 20
"""Document jobs of an institution that run or wait at once."""
MOST_ATTEMPTS = 5
"""How often a job is begun. What ended the process so often would end it again."""


class DocumentKind(StrEnum):
    """What is made."""

    REGISTER = "register"
    """原簿"""
    CERTIFICATE = "certificate"
    """記載事項証明書"""
    PAYMENT_FILE = "payment_file"
    """総合振込ファイル"""
    DISTRIBUTION = "distribution"
    """分配の起案: what comes of it is the draft, which names nobody."""


class DocumentState(StrEnum):
    """What became of a document job."""

    RUNNING = "running"
    """処理中: it waits for its turn, or is being made."""
    DONE = "done"
    """終了"""
    REFUSED = "refused"
    """拒否"""
    CANCELLED = "cancelled"
    """中止"""


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentResult:
    """What was made (結果), without its bytes."""

    size: int
    """Bytes."""
    digest: Digest
    """SHA-256 of the bytes."""
    facts: Mapping[str, Fact]
    """What its headers say: no personal data."""
    expires_at: datetime
    """結果の保存期限: the first instant at which it is gone."""
    removed_at: datetime | None = None
    """When its bytes were deleted and their key destroyed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentJob:
    """A document that was asked for, and how far it is."""

    id: JobId
    institution: InstitutionId
    """Whose systems asked: nobody else hears of it."""
    kind: DocumentKind
    product: ProductId
    purpose: str | None
    """Why names are opened for it; None where none is in it."""
    asked_at: datetime
    asked_by: str
    """The credential."""
    state: DocumentState = DocumentState.RUNNING
    of: int
    """Rows in all, as far as it is known."""
    done: int = 0
    """Rows that are in it already."""
    attempts: int = 0
    """How often it was begun."""
    begun_at: datetime | None = None
    """The last time."""
    changed_at: datetime
    refusals: tuple[Refusal, ...] = ()
    """Why it was refused."""
    result: DocumentResult | None = None

    def refusal(self) -> Refusal | None:
        """Why it was refused: the first of the reasons stands for all."""
        if not self.refusals:
            return None
        return Refusals(self.refusals) if len(self.refusals) > 1 else self.refusals[0]

    def rate(self, *, at: datetime) -> int:
        """Rows a second since it was begun, rounded down."""
        if self.begun_at is None:
            return 0
        until = at if self.state is DocumentState.RUNNING else self.changed_at
        seconds = (until - self.begun_at).total_seconds()
        return int(self.done / seconds) if seconds > 0 else 0

    def expected_end(self, *, at: datetime) -> datetime | None:
        """When it will end if it goes on like this; None while nothing can be said."""
        if self.state is not DocumentState.RUNNING:
            return self.changed_at
        rate = self.rate(at=at)
        return at + timedelta(seconds=-(-(self.of - self.done) // rate)) if rate else None


def require_result(job: DocumentJob, *, at: datetime) -> DocumentResult:
    """The result, where there is one.

    Raises:
        Refusal: why it was refused; `job_not_done`; `result_gone`.
    """
    if (refusal := job.refusal()) is not None:
        raise refusal
    if job.result is None:
        raise Refusal(Reason.JOB_NOT_DONE, job=job.id, state=job.state.value)
    if job.result.removed_at is not None or at >= job.result.expires_at:
        raise Refusal(
            Reason.RESULT_GONE,
            job=job.id,
            until=job.result.expires_at.isoformat(timespec="seconds"),
        )
    return job.result
