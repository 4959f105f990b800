"""Document jobs (帳票処理): registers, payment files and declarations that are made after they were asked for.

    asked for ──► made by `MakeDocuments` (role `jobs`), one after the other ──► fetched by the same institution
        └───────► cancelled: it ends at the next rows, and nothing was made

What is recorded is what the direct route records, and when it is made: names that are opened, the inspection, lines
that count as sent. Inspection or lines are kept in the transaction that keeps the result: a process killed in the
middle leaves neither, and the job is begun anew.
"""

import json
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import structlog
from sqlalchemy import Connection, text

from genbo.bootstrap.distributions import Wanted, body_of
from genbo.bootstrap.distributions_outside import declare
from genbo.bootstrap.office import Office
from genbo.bootstrap.payments import Form as BankForm
from genbo.bootstrap.payments import MadeFile, Unwritable, make_file
from genbo.bootstrap.register_output import Asker, Issued, issue_register
from genbo.bootstrap.signed_outside import Handed
from genbo.compliance.privacy import Purpose
from genbo.compliance.reasons import Language
from genbo.entitlements import Run, per_unit
from genbo.entitlements.zengin import Ending, Remitter, Unused
from genbo.governance import JobId
from genbo.governance.document_job import MOST_ATTEMPTS, DocumentJob, DocumentKind
from genbo.governance.inspection import InspectionRequest, inspection_request
from genbo.governance.institutions import Institution, InstitutionId, InstitutionRole
from genbo.kernel import (
    Address,
    Digest,
    Fact,
    Fault,
    InvestorId,
    ProductId,
    Reason,
    Refusal,
    Refusals,
)
from genbo.reporting import Extent, Form
from genbo.reporting.ticking import Tick
from genbo.storage.disclosures import Disclosures
from genbo.storage.document_jobs import DocumentJobs
from genbo.storage.register import AsOf

_NOTED_EVERY = 0.5
"""Seconds between two notes of how far a document is; a cancellation is heard as soon."""
_CLEARED_EVERY = 10.0
"""Seconds between two looks for results that have expired."""

_PASSING = frozenset(
    {
        Reason.DATABASE_UNREACHABLE,
        Reason.DATABASE_FULL,
        Reason.NODE_UNREACHABLE,
        Reason.NODE_BEHIND,
        Reason.REGISTER_BEHIND,
        Reason.DEPLOYMENT_MISSING,
        Reason.KEY_SERVICE_UNAVAILABLE,
    }
)
"""What is wrong with the surroundings and passes: the job waits for it."""

_log = structlog.get_logger("genbo.jobs")


# Asking ----------------------------------------------------------------------------------------------


def ask_for_register(
    office: Office,
    product: ProductId,
    *,
    as_of: AsOf,
    extent: Extent,
    form: Form,
    language: Language,
    request: InspectionRequest,
    purpose: Purpose,
    holder: InvestorId | None,
    lots: int,
    institution: InstitutionId,
    by: str,
    at: datetime,
) -> DocumentJob:
    """Keeps that a register or a certificate shall be made.

    Args:
        as_of: as `register_output.sized` says it, so that it is the same whenever it is made.
        lots: how many it will have, about.
        by: the credential that asks.

    Raises:
        Refusal: `jobs_exceeded`.
        Fault: as `Vault.fingerprint`.
    """
    asked: dict[str, Fact] = {
        "as_of": as_of if isinstance(as_of, int) else as_of.isoformat(),
        "extent": extent.value,
        "form": form.value,
        "language": language.value,
        "requester": request.requester,
        "reason": request.reason,
        "purpose": purpose.value,
        "holder": holder,
    }
    job = _job(
        DocumentKind.REGISTER if holder is None else DocumentKind.CERTIFICATE,
        product,
        purpose=purpose.value if extent.named else None,
        rows=lots,
        institution=institution,
        by=by,
        at=at,
    )
    with office.house.database.begin() as connection:
        return DocumentJobs(connection, office.house.vault).ask(job, asked)


def ask_for_payment_file(
    connection: Connection,
    office: Office,
    run: Run,
    form: BankForm,
    *,
    transfer_day: date | None,
    put_aside: bool,
    institution: InstitutionId,
    by: str,
    at: datetime,
) -> DocumentJob:
    """Keeps that a payment file shall be made, in a transaction of the caller's. Raises as `ask_for_register`."""
    asked: dict[str, Fact] = {
        "run": run.id,
        "transfer_day": None if transfer_day is None else transfer_day.isoformat(),
        "put_aside": int(put_aside),
        "ending": form.ending.name,
        "clearing": form.clearing.name,
        **asdict(form.remitter),
    }
    job = _job(
        DocumentKind.PAYMENT_FILE,
        run.product,
        purpose=Purpose.PAYMENT.value,
        rows=run.totals.payees,
        institution=institution,
        by=by,
        at=at,
    )
    return DocumentJobs(connection, office.house.vault).ask(job, asked)


def ask_for_distribution(
    connection: Connection,
    office: Office,
    wanted: Wanted,
    handed: Handed,
    *,
    evidence: Digest | None,
    payees: int,
    institution: InstitutionId,
    by: str,
    at: datetime,
) -> DocumentJob:
    """Keeps that a distribution shall be declared, signed by its maker, in a transaction of the caller's. Raises as
    `ask_for_register`."""
    amounts, safe = wanted.amounts, handed.safe_signature
    asked: dict[str, Fact] = {
        "run": wanted.id,
        "record_day": wanted.record_day.isoformat(),
        "income": f"{amounts.income:f}",
        "capital": f"{amounts.capital:f}",
        "points": f"{amounts.points:f}",
        "why": wanted.why,
        "payment_day": None if wanted.payment_day is None else wanted.payment_day.isoformat(),
        "corrects": wanted.corrects,
        "evidence": evidence,
        "account": handed.account,
        "signature": handed.signature.hex(),
        "safe_signature": None if safe is None else safe.hex(),
        "safe_nonce": handed.safe_nonce,
    }
    job = _job(
        DocumentKind.DISTRIBUTION,
        wanted.product,
        purpose=None,
        rows=payees,
        institution=institution,
        by=by,
        at=at,
    )
    return DocumentJobs(connection, office.house.vault).ask(job, asked)


def _job(
    kind: DocumentKind,
    product: ProductId,
    *,
    purpose: str | None,
    rows: int,
    institution: InstitutionId,
    by: str,
    at: datetime,
) -> DocumentJob:
    return DocumentJob(
        id=JobId(uuid.uuid4().hex),
        institution=institution,
        kind=kind,
        product=product,
        purpose=purpose,
        of=rows,
        asked_at=at,
        asked_by=by,
        changed_at=at,
    )


# Fetching --------------------------------------------------------------------------------------------


def fetch(
    office: Office, institution: Institution, job: JobId, *, by: str, at: datetime
) -> tuple[DocumentJob, Iterator[bytes]] | None:
    """A job of the institution and its result, part by part as it is read; None where it has no such job. That it is
    fetched is recorded before the first byte.

    Raises:
        Refusal: as `DocumentJobs.fetch`; `result_gone` also for names that were disclosed to an issuer, when no
            disclosure holds any more.
    """
    house = office.house
    with house.database.begin() as connection:
        jobs = DocumentJobs(connection, house.vault)
        asked = jobs.find(institution.id, job)
        if asked is None:
            return None
        if asked.purpose is not None and institution.role is InstitutionRole.ISSUER:
            holding = Disclosures(connection).holding(institution.id, at=at)
            if asked.product not in {each.product for each in holding}:
                raise Refusal(Reason.RESULT_GONE, job=job, until=at.isoformat(timespec="seconds"))
        found, part = jobs.fetch(job, at=at, by=by)

    def read() -> Iterator[bytes]:
        number = 1
        while True:
            with house.database.read() as connection:
                content = part(connection, number)
            if content is None:
                return  # behind the last one; or it was removed meanwhile, and the answer breaks off
            yield content
            number += 1

    return found, read()


# Making ----------------------------------------------------------------------------------------------


class _Cancelled(Exception):
    """Whoever asked does not want it any more."""


Keep = Callable[[Connection, bytes, int, Mapping[str, Fact]], None]
"""Keeps bytes, rows and facts of the result, in the transaction of what it stands for."""


class MakeDocuments:
    """Makes the documents that were asked for, first come first, and clears away what has expired. A `Routine`."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self._next_clearing = 0.0

    def step(self) -> bool:
        """Whether there was a document to make."""
        house = self._office.house
        if time.monotonic() >= self._next_clearing:
            self._clear()
            self._next_clearing = time.monotonic() + _CLEARED_EVERY
        with house.database.read() as connection:
            running = DocumentJobs(connection, house.vault).running()
        return any(self._work_on(job) for job in running)

    def _work_on(self, job: JobId) -> bool:
        """Whether it was ours to make."""
        house = self._office.house
        with house.database.begin() as lock:
            ours = lock.scalar(
                text("SELECT pg_try_advisory_xact_lock(hashtextextended(:name, 0))"),
                {"name": f"genbo document job {job}"},
            )
            if not ours:
                return False  # another process makes it
            with house.database.begin() as connection:
                begun = DocumentJobs(connection, house.vault).begin(job, at=house.now())
            if begun is not None:
                self._make(*begun)
        return True

    def _make(self, job: DocumentJob, asked: dict[str, Any]) -> None:
        try:
            if job.attempts > MOST_ATTEMPTS:
                raise Fault(Reason.INTERNAL_ERROR, request=job.id)
            at = max(job.asked_at, self._office.house.now())
            _MAKERS[job.kind](self._office, job, asked, at, self._tick(job), self._keep(job, at))
        except _Cancelled:
            return
        except Unwritable as wrong:
            self._refuse(job, wrong.problems)
        except Fault as fault:
            if fault.reason in _PASSING:
                with self._office.house.database.begin() as connection:
                    DocumentJobs(connection, self._office.house.vault).put_back(job.id)
                raise
            self._refuse(job, [fault])
        except Refusal as refusal:
            self._refuse(job, refusal.each if isinstance(refusal, Refusals) else [refusal])
        except Exception as defect:  # one document must not keep a whole system from going on
            # Its text may hold what it was about: only its kind is written down.
            _log.error("defect", job=job.id, kind=type(defect).__name__)
            self._refuse(job, [Fault(Reason.INTERNAL_ERROR, request=job.id)])

    def _refuse(self, job: DocumentJob, refusals: "list[Refusal] | tuple[Refusal, ...]") -> None:
        house = self._office.house
        with house.database.begin() as connection:
            DocumentJobs(connection, house.vault).refuse(job.id, refusals, at=house.now())

    def _tick(self, job: DocumentJob) -> Tick:
        house = self._office.house
        last = 0.0

        def tick(done: int) -> None:
            nonlocal last
            if time.monotonic() - last < _NOTED_EVERY:
                return
            last = time.monotonic()
            with house.database.begin() as connection:
                if not DocumentJobs(connection, house.vault).note(job.id, done=done):
                    raise _Cancelled

        return tick

    def _keep(self, job: DocumentJob, at: datetime) -> Keep:
        house = self._office.house

        def keep(
            connection: Connection, content: bytes, rows: int, facts: Mapping[str, Fact]
        ) -> None:
            kept = DocumentJobs(connection, house.vault).finish(
                job.id,
                content,
                rows=rows,
                facts=facts,
                at=at,
                expires_at=at + timedelta(hours=house.result_hours),
            )
            if not kept:
                raise _Cancelled

        return keep

    def _clear(self) -> None:
        house = self._office.house
        at = house.now()
        with house.database.read() as connection:
            expired = DocumentJobs(connection, house.vault).expired(at=at)
        for job in expired:
            with house.database.begin() as connection:
                DocumentJobs(connection, house.vault).remove(job, at=at)


def _register(
    office: Office, job: DocumentJob, asked: dict[str, Any], at: datetime, tick: Tick, keep: Keep
) -> None:
    as_of = asked["as_of"]

    def also(connection: Connection, issued: Issued) -> None:
        register = issued.register
        facts: dict[str, Fact] = {
            "name": job.kind.value,
            "form": asked["form"],
            "facts": register.facts_digest,
            "as_of": register.as_of.isoformat(),
            "asked_as_of": as_of,
            "chain": register.stamp.chain_id,
            "block": register.stamp.number,
            "block_hash": register.stamp.hash,
            "block_at": register.stamp.at.isoformat(),
            "inspection": issued.inspection.id,
        }
        keep(connection, issued.content, len(register.lines), facts)

    issue_register(
        office,
        job.product,
        as_of=as_of if isinstance(as_of, int) else datetime.fromisoformat(as_of),
        extent=Extent(asked["extent"]),
        form=Form(asked["form"]),
        language=Language(asked["language"]),
        request=inspection_request(requester=asked["requester"], reason=asked["reason"]),
        asker=Asker(
            by=job.asked_by,
            at=at,
            institution=job.institution,
            purpose=Purpose(asked["purpose"]),
        ),
        holder=None if asked["holder"] is None else InvestorId(asked["holder"]),
        tick=tick,
        also=also,
    )


def _payment_file(
    office: Office, job: DocumentJob, asked: dict[str, Any], at: datetime, tick: Tick, keep: Keep
) -> None:
    def also(connection: Connection, made: MadeFile) -> None:
        facts: dict[str, Fact] = {"name": "transfer", "number": made.file.number}
        keep(connection, made.content, made.file.records, facts)

    day = asked["transfer_day"]
    make_file(
        office,
        asked["run"],
        BankForm(
            remitter=Remitter(**{name: asked[name] for name in Remitter.__dataclass_fields__}),
            ending=Ending[asked["ending"]],
            clearing=Unused[asked["clearing"]],
        ),
        by=job.asked_by,
        transfer_day=None if day is None else date.fromisoformat(day),
        put_aside=bool(asked["put_aside"]),
        tick=tick,
        also=also,
    )


def _distribution(
    office: Office, job: DocumentJob, asked: dict[str, Any], at: datetime, tick: Tick, keep: Keep
) -> None:
    day, safe, evidence = asked["payment_day"], asked["safe_signature"], asked["evidence"]
    wanted = Wanted(
        id=asked["run"],
        product=job.product,
        record_day=date.fromisoformat(asked["record_day"]),
        amounts=per_unit(
            **{name: Decimal(asked[name]) for name in ("income", "capital", "points")}
        ),
        why=asked["why"],
        payment_day=None if day is None else date.fromisoformat(day),
        corrects=asked["corrects"],
    )
    handed = Handed(
        account=Address(asked["account"]),
        signature=bytes.fromhex(asked["signature"]),
        safe_signature=None if safe is None else bytes.fromhex(safe),
        safe_nonce=asked["safe_nonce"],
    )
    with office.house.database.begin() as connection:
        run = declare(
            connection,
            office,
            wanted,
            handed,
            evidence=None if evidence is None else Digest(evidence),
            by=job.asked_by,
            say=lambda _: tick(0),
        )
        facts: dict[str, Fact] = {"name": "distribution", "run": run.id}
        content = json.dumps(body_of(run), sort_keys=True).encode()
        keep(connection, content, run.totals.payees, facts)


_MAKERS: Mapping[
    DocumentKind, Callable[[Office, DocumentJob, dict[str, Any], datetime, Tick, Keep], None]
] = {
    DocumentKind.REGISTER: _register,
    DocumentKind.CERTIFICATE: _register,
    DocumentKind.PAYMENT_FILE: _payment_file,
    DocumentKind.DISTRIBUTION: _distribution,
}
