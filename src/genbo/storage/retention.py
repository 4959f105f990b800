"""Retention in the database (保存と利用制限): when a relation ended, what stands against an erasure, whose use is
restricted.

The rule is in `compliance.privacy.retention`; here are its facts.
"""

from collections.abc import Collection, Mapping
from datetime import date, datetime

from sqlalchemy import Connection, Table, func, select, update
from sqlalchemy.dialects.postgresql import insert as insert_or

from genbo.compliance.privacy import Kept, LegalHold
from genbo.governance import AuditAction, AuditEntry
from genbo.governance.audit import AuditFact
from genbo.kernel import InvestorId, Reason, Refusal, business_date
from genbo.storage import bulk
from genbo.storage.audit import AuditLog
from genbo.storage.holdings import units_held
from genbo.storage.tables import (
    investor,
    legal_hold,
    lot,
    relation_end,
    use_restriction,
    wallet,
)
from genbo.storage.witness import vouch


class Retention:
    """How long investors are kept, in one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    # Writing -------------------------------------------------------------------------------------

    def end_relation(
        self, who: InvestorId, *, ended_on: date, evidence_ref: str, at: datetime, by: str
    ) -> None:
        """Records the last day of the contract, and restricts use from now on. The same again changes nothing. A
        relation that begins again is a new investor: ids are never used twice.

        Raises:
            Refusal: `investor_unknown`; `relation_end_differs` when another day is on record.
        """
        self._require(who)
        added = self._connection.execute(
            insert_or(relation_end)
            .values(
                investor_id=who,
                ended_on=ended_on,
                evidence_ref=evidence_ref,
                recorded_at=at,
                recorded_by=by,
            )
            .on_conflict_do_nothing()
            .returning(relation_end.c.investor_id)
        ).one_or_none()
        if added is None:
            recorded = self._connection.scalar(
                select(relation_end.c.ended_on).where(relation_end.c.investor_id == who)
            )
            if recorded != ended_on:
                raise Refusal(
                    Reason.RELATION_END_DIFFERS,
                    investor=who,
                    recorded=str(recorded),
                    given=ended_on.isoformat(),
                )
            return
        facts = {"ended_on": ended_on.isoformat(), "evidence_ref": evidence_ref}
        self._audit(AuditAction.RELATION_ENDED, relation_end, who, facts, at=at, by=by)
        self.restrict(who, ground=evidence_ref, at=at, by=by)

    def restrict(self, who: InvestorId, *, ground: str, at: datetime, by: str) -> None:
        """Restricts use: from now on only purposes open the data that the law demands. A second time changes nothing.

        Raises:
            Refusal: `investor_unknown`.
        """
        self._require(who)
        added = self._connection.execute(
            insert_or(use_restriction)
            .values(investor_id=who, restricted_at=at, ground=ground, restricted_by=by)
            .on_conflict_do_nothing()
            .returning(use_restriction.c.investor_id)
        ).one_or_none()
        if added is not None:
            self._audit(
                AuditAction.USE_RESTRICTED, use_restriction, who, {"ground": ground}, at=at, by=by
            )

    def place_hold(
        self,
        who: InvestorId,
        *,
        reference: str,
        until: date | None,
        at: datetime,
        by: str,
    ) -> None:
        """Places a legal hold. The same reference again changes nothing.

        Args:
            until: its last day, where that is known.

        Raises:
            Refusal: `investor_unknown`.
        """
        self._require(who)
        added = self._connection.execute(
            insert_or(legal_hold)
            .values(investor_id=who, reference=reference, until=until, placed_at=at, placed_by=by)
            .on_conflict_do_nothing()
            .returning(legal_hold.c.reference)
        ).one_or_none()
        if added is not None:
            facts = {"reference": reference, "until": None if until is None else until.isoformat()}
            self._audit(
                AuditAction.HOLD_PLACED, legal_hold, who, facts, at=at, by=by, reference=reference
            )

    def lift_hold(
        self, who: InvestorId, *, reference: str, ground: str, at: datetime, by: str
    ) -> None:
        """Lifts a legal hold; somebody else than who placed it.

        Raises:
            Refusal: `legal_hold_unknown` when none of that reference stands; `same_person`.
        """
        standing = self._connection.execute(
            select(legal_hold.c.placed_by)
            .where(
                legal_hold.c.investor_id == who,
                legal_hold.c.reference == reference,
                legal_hold.c.lifted_at.is_(None),
            )
            .with_for_update()
        ).one_or_none()
        if standing is None:
            raise Refusal(Reason.LEGAL_HOLD_UNKNOWN, investor=who, reference=reference)
        if standing.placed_by == by:
            raise Refusal(Reason.SAME_PERSON, account=by, role="approver", other="maker")
        self._connection.execute(
            update(legal_hold)
            .where(legal_hold.c.investor_id == who, legal_hold.c.reference == reference)
            .values(lifted_at=at, lifted_by=by, lifted_for=ground)
        )
        self._audit(
            AuditAction.HOLD_LIFTED,
            legal_hold,
            who,
            {"reference": reference, "ground": ground},
            at=at,
            by=by,
            reference=reference,
        )

    # Questions -----------------------------------------------------------------------------------

    def kept(self, who: InvestorId) -> Kept:
        """The facts about an investor that the rule asks for, from the registry and the register as it was last read.

        Raises:
            Refusal: `investor_unknown`.
        """
        self._require(who)
        ours = (
            wallet.c.investor_id == who,
            wallet.c.product_id == lot.c.product_id,
            wallet.c.address == lot.c.address,
        )
        acquired, came, went = self._connection.execute(
            select(
                func.max(lot.c.acquired), func.max(lot.c.from_at), func.max(lot.c.until_at)
            ).where(*ours)
        ).one()
        days = [business_date(each) for each in (came, went) if each is not None]
        days += [acquired] if acquired is not None else []
        holds = self._connection.execute(
            select(legal_hold.c.reference, legal_hold.c.until)
            .where(legal_hold.c.investor_id == who, legal_hold.c.lifted_at.is_(None))
            .order_by(legal_hold.c.reference)
        )
        return Kept(
            contract_end=self._connection.scalar(
                select(relation_end.c.ended_on).where(relation_end.c.investor_id == who)
            ),
            last_transaction=max(days, default=None),
            units_held=units_held(self._connection, who),
            holds=[LegalHold(reference=each.reference, until=each.until) for each in holds],
        )

    def restricted_since(self, who: InvestorId) -> datetime | None:
        """Since when use is restricted; None when it is not."""
        return self._connection.scalar(
            select(use_restriction.c.restricted_at).where(use_restriction.c.investor_id == who)
        )

    def restricted_among(self, investors: Collection[InvestorId]) -> set[InvestorId]:
        """Those of `investors` whose use is restricted, for whoever has a purpose that the law does not demand."""
        found = self._connection.scalars(
            select(use_restriction.c.investor_id).where(
                bulk.among(use_restriction.c.investor_id, investors)
            )
        )
        return {InvestorId(each) for each in found}

    # Inside --------------------------------------------------------------------------------------

    def _require(self, who: InvestorId) -> None:
        """Also keeps others from erasing or holding the same investor until the transaction ends."""
        found = self._connection.scalar(
            select(investor.c.investor_id)
            .where(investor.c.investor_id == who)
            .with_for_update(key_share=True)
        )
        if found is None:
            raise Refusal(Reason.INVESTOR_UNKNOWN, investor=who)

    def _audit(
        self,
        action: AuditAction,
        table: Table,
        who: InvestorId,
        facts: Mapping[str, AuditFact],
        *,
        at: datetime,
        by: str,
        **key: str,
    ) -> None:
        where = [table.c[name] == value for name, value in key.items()]
        (row,) = vouch(self._connection, table, table.c.investor_id == who, *where).values()
        entry = AuditEntry(at=at, action=action, actor=by, subject=who, facts=facts, rows=row)
        AuditLog(self._connection).append([entry])
