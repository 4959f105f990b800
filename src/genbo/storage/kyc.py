"""KYC sessions and results (本人確認): which provider was asked about whom, and what it answered.

Claims of a person pass through memory and are not kept: a result has a reference, a keyed digest and whether name and
address agreed with the vault.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select, update

from genbo.compliance.kyc import KycOutcome, KycResult, KycSession, SessionId
from genbo.governance import AuditAction, AuditEntry
from genbo.governance.audit import AuditFact
from genbo.kernel import InvestorId, Reason, Refusal
from genbo.storage.audit import AuditLog
from genbo.storage.tables import kyc_result as result_table
from genbo.storage.tables import kyc_session as table
from genbo.storage.witness import vouch


class KycSessions:
    """Sessions and their results, in one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def start(self, session: KycSession) -> None:
        """Keeps a session that begins; asked before the provider is, so that no answer comes to nothing."""
        self._connection.execute(
            insert(table).values(
                session_id=session.id,
                investor_id=session.investor,
                provider=session.provider,
                provider_ref=session.provider_ref,
                started_at=session.started_at,
                started_by=session.started_by,
            )
        )
        self._audit_session(session.id, session.investor, session.started_at, session.started_by)

    def taken(self, session: SessionId, *, ref: str, at: datetime, by: str) -> None:
        """Keeps under which name the provider has taken the session. Raises Refusal(kyc_session_unknown)."""
        investor = self._connection.scalar(
            update(table)
            .where(table.c.session_id == session)
            .values(provider_ref=ref)
            .returning(table.c.investor_id)
        )
        if investor is None:
            raise Refusal(Reason.KYC_SESSION_UNKNOWN, session=session, provider=None)
        self._audit_session(session, InvestorId(investor), at, by)

    def get(self, session: SessionId, *, provider: str, to_change: bool = False) -> KycSession:
        """A session of that provider; with `to_change` its callbacks are taken one after the other.

        Raises:
            Refusal: `kyc_session_unknown`, also for a session of another provider.
        """
        query = select(table).where(table.c.session_id == session, table.c.provider == provider)
        row = self._connection.execute(
            query.with_for_update() if to_change else query
        ).one_or_none()
        if row is None:
            raise Refusal(Reason.KYC_SESSION_UNKNOWN, session=session, provider=provider)
        return KycSession(
            id=SessionId(row.session_id),
            investor=InvestorId(row.investor_id),
            provider=row.provider,
            provider_ref=row.provider_ref,
            started_at=row.started_at,
            started_by=row.started_by,
        )

    def keep(self, result: KycResult, *, at: datetime, by: str) -> bool:
        """Keeps a result; whether it is new. The same once more changes nothing.

        Raises:
            Refusal: `kyc_callback_replayed` when another content came under the same id.
        """
        known = self.result(result.provider, result.id)
        if known is not None:
            if (known.digest, known.session) != (result.digest, result.session):
                raise Refusal(
                    Reason.KYC_CALLBACK_REPLAYED, result=result.id, provider=result.provider
                )
            return False
        self._connection.execute(
            insert(result_table).values(
                provider=result.provider,
                result_id=result.id,
                session_id=result.session,
                investor_id=result.investor,
                outcome=result.outcome.value,
                method=result.method,
                rule_version=result.rule_version,
                evidence_ref=result.evidence_ref,
                digest=result.digest,
                name_matches=result.name_matches,
                address_matches=result.address_matches,
                checked_at=result.checked_at,
                expires_at=result.expires_at,
                issued_at=result.issued_at,
                received_at=at,
                received_by=by,
            )
        )
        key = (result.provider, result.id)
        rows = vouch(
            self._connection,
            result_table,
            result_table.c.provider == result.provider,
            result_table.c.result_id == result.id,
        )
        facts: dict[str, AuditFact] = {"outcome": result.outcome.value, "session": result.session}
        self._append(
            AuditAction.KYC_RESULT_RECEIVED, result.investor, rows[key], at=at, by=by, facts=facts
        )
        return True

    def result(self, provider: str, id: str) -> KycResult | None:
        """The result that the provider calls so; None when there is none."""
        row = self._connection.execute(
            select(result_table).where(
                result_table.c.provider == provider, result_table.c.result_id == id
            )
        ).one_or_none()
        return None if row is None else _result(row)

    def last_issued_at(self, session: SessionId) -> datetime | None:
        """When the latest callback of the session was issued; None before the first."""
        last: datetime | None = self._connection.scalar(
            select(func.max(result_table.c.issued_at)).where(result_table.c.session_id == session)
        )
        return last

    def results(self, investor: InvestorId) -> list[KycResult]:
        """Every result about the investor, in the order they were issued."""
        rows = self._connection.execute(
            select(result_table)
            .where(result_table.c.investor_id == investor)
            .order_by(result_table.c.issued_at)
        )
        return [_result(row) for row in rows]

    def _audit_session(
        self, session: SessionId, investor: InvestorId, at: datetime, by: str
    ) -> None:
        rows = vouch(self._connection, table, table.c.session_id == session)[(session,)]
        self._append(AuditAction.KYC_SESSION_STARTED, investor, rows, at=at, by=by)

    def _append(
        self,
        action: AuditAction,
        investor: InvestorId,
        rows: dict[str, str],
        *,
        at: datetime,
        by: str,
        facts: dict[str, AuditFact] | None = None,
    ) -> None:
        AuditLog(self._connection).append(
            [
                AuditEntry(
                    at=at, action=action, actor=by, subject=investor, facts=facts or {}, rows=rows
                )
            ]
        )


def _result(row: Row[Any]) -> KycResult:
    return KycResult(
        id=row.result_id,
        provider=row.provider,
        session=SessionId(row.session_id),
        investor=InvestorId(row.investor_id),
        outcome=KycOutcome(row.outcome),
        method=row.method,
        rule_version=row.rule_version,
        evidence_ref=row.evidence_ref,
        digest=row.digest,
        name_matches=row.name_matches,
        address_matches=row.address_matches,
        checked_at=row.checked_at,
        expires_at=row.expires_at,
        issued_at=row.issued_at,
    )
