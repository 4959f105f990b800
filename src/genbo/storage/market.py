"""The market (市場) as it was recorded: days, hours, book closings, decisions. Records are added and never edited, so
the market of any past instant can be told (`governance.market.market_known`)."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, time
from typing import Any

from sqlalchemy import Connection, Table, insert, select, update
from sqlalchemy.dialects.postgresql import insert as insert_or

from genbo.governance import AuditAction, AuditEntry
from genbo.governance.audit import AuditFact
from genbo.governance.market import (
    BankCalendar,
    BookClosingRule,
    ClosingCause,
    Decision,
    DecisionKind,
    Market,
    MarketHours,
    Override,
    Schedule,
    Session,
    TransferGroup,
    market_known,
)
from genbo.governance.market.calendar import IsHoliday
from genbo.kernel import ProductId, Reason, Refusal
from genbo.storage.audit import AuditLog
from genbo.storage.tables import (
    book_closing,
    calendar_override,
    market_decision,
    market_hours,
    market_status,
    product,
    transfer_control,
)
from genbo.storage.tables.columns import changed_now
from genbo.storage.witness import vouch

ON_LEDGER = "ledger: two persons"
"""Who approved what two owners of a Safe signed on the ledger, and no command of ours."""
_LOCK = 0x6D61726B
"""What whoever decides about the market holds, so that decisions and acts come one after the other."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Announced:
    """The business days as they were announced, without anybody's overrides."""

    is_holiday: IsHoliday
    version: str


class MarketRecords:
    """The records, in one transaction."""

    def __init__(self, connection: Connection, announced: Announced) -> None:
        self._connection = connection
        self._announced = announced

    def lock(self) -> None:
        """Keeps others from deciding about the market until the transaction ends."""
        self._connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")

    # Writing -------------------------------------------------------------------------------------

    def override(self, override: Override) -> BankCalendar:
        """Makes a day other than announced; the calendar as it is from then on.

        Raises:
            Refusal: as `BankCalendar.overridden`.
        """
        self.lock()
        changed = self.calendar().overridden(override)
        self._add(
            calendar_override,
            {
                "day": override.day,
                "is_business_day": override.is_business_day,
                "recorded_at": override.at,
                "recorded_by": override.by,
                "why": override.why,
            },
            AuditAction.DAY_OVERRIDDEN,
            subject=str(override.day),
            facts={"is_business_day": override.is_business_day},
            at=override.at,
            by=override.by,
        )
        return changed

    def set_hours(self, hours: MarketHours) -> None:
        """Records a further version of the hours."""
        sessions = [str(each) for each in hours.sessions]
        self._add(
            market_hours,
            {
                "effective": hours.effective,
                "sessions": sessions,
                "recorded_at": hours.at,
                "recorded_by": hours.by,
                "why": hours.why,
            },
            AuditAction.MARKET_HOURS_SET,
            subject=str(hours.effective),
            facts={"sessions": sessions},
            at=hours.at,
            by=hours.by,
        )

    def close_book(self, rule: BookClosingRule) -> None:
        """Records a further rule of a product's book."""
        first, last = rule.days or (None, None)
        self._add(
            book_closing,
            {
                "product_id": rule.product,
                "cause": rule.cause.value,
                "first_day": first,
                "last_day": last,
                "recorded_at": rule.at,
                "recorded_by": rule.by,
                "why": rule.why,
            },
            AuditAction.BOOK_CLOSING_SET,
            subject=rule.product,
            product=rule.product,
            facts={"cause": rule.cause.value, "first": first, "last": last},
            at=rule.at,
            by=rule.by,
        )

    def decide(self, decision: Decision) -> None:
        """Records a decision about the market or a group.

        Raises:
            Refusal: `same_person` for a group whose maker would approve; `group_unknown`.
        """
        rows = {} if decision.group is None else self._switch(decision)
        self._add(
            market_decision,
            {
                "kind": decision.kind.value,
                "group_id": decision.group,
                "decided_at": decision.at,
                "decided_by": decision.by,
                "approved_by": decision.approved_by,
                "why": decision.why,
            },
            AuditAction.MARKET_DECIDED,
            subject=decision.group,
            facts={"kind": decision.kind.value, "approved_by": decision.approved_by},
            at=decision.at,
            by=decision.by,
            rows=rows,
        )

    def note_status(self, chain_id: int, *, is_open: bool, at: datetime, by: str) -> bool:
        """Keeps what the market on the ledger is (R-PROGMAT-T16.1); whether that is news."""
        status = "open" if is_open else "closed"
        changed = self._connection.execute(
            insert_or(market_status)
            .values(
                chain_id=chain_id,
                open_status=status,
                created_at=at,
                created_by=by,
                updated_at=at,
                updated_by=by,
            )
            .on_conflict_do_update(
                index_elements=[market_status.c.chain_id],
                set_={"open_status": status, **changed_now(market_status, at=at, by=by)},
                where=market_status.c.open_status != status,
            )
            .returning(market_status.c.chain_id)
        ).one_or_none()
        if changed is None:
            return False
        row = vouch(self._connection, market_status, market_status.c.chain_id == chain_id)
        self._audit(
            AuditAction.MARKET_STATUS_NOTED,
            str(chain_id),
            {"status": status},
            row[(chain_id,)],
            at=at,
            by=by,
        )
        return True

    # Questions -----------------------------------------------------------------------------------

    def market(self, *, at: datetime) -> Market:
        """The market by everything that was recorded up to `at`. A group that nobody switched yet is as it was made."""
        known = market_known(
            calendar=self.calendar(), schedule=self.schedule(), decisions=self.decisions(), at=at
        )
        return replace(known, groups={**self._as_made(at), **known.groups})

    def calendar(self) -> BankCalendar:
        """The business days with every override."""
        rows = self._connection.execute(
            select(calendar_override).order_by(calendar_override.c.number)
        )
        return BankCalendar(
            base=self._announced.is_holiday,
            base_version=self._announced.version,
            overrides=tuple(
                Override(
                    day=row.day,
                    is_business_day=row.is_business_day,
                    by=row.recorded_by,
                    at=row.recorded_at,
                    why=row.why,
                )
                for row in rows
            ),
        )

    def schedule(self) -> Schedule:
        """Every version of the hours."""
        rows = self._connection.execute(select(market_hours).order_by(market_hours.c.number))
        return Schedule(
            tuple(
                MarketHours(
                    effective=row.effective,
                    sessions=tuple(map(session, row.sessions)),
                    by=row.recorded_by,
                    at=row.recorded_at,
                    why=row.why,
                )
                for row in rows
            )
        )

    def decisions(self) -> list[Decision]:
        """Every decision, in the order in which they were recorded."""
        rows = self._connection.execute(select(market_decision).order_by(market_decision.c.number))
        return [
            Decision(
                kind=DecisionKind(row.kind),
                by=row.decided_by,
                at=row.decided_at,
                why=row.why,
                group=row.group_id,
                approved_by=row.approved_by,
            )
            for row in rows
        ]

    def groups(self, chain_id: int) -> list[str]:
        """移転実行可否制御ID of every product that is on that chain."""
        rows = self._connection.scalars(
            select(product.c.transfer_control_id)
            .where(product.c.chain_id == chain_id)
            .distinct()
            .order_by(product.c.transfer_control_id)
        )
        return list(rows)

    def was_open(self, chain_id: int) -> bool | None:
        """Whether the market was open when it was last looked at; None when it never was."""
        status = self._connection.scalar(
            select(market_status.c.open_status).where(market_status.c.chain_id == chain_id)
        )
        return None if status is None else status == "open"

    def book_closings(self, of: ProductId, *, at: datetime) -> dict[ClosingCause, BookClosingRule]:
        """The rules of a product's book as they were known at `at`."""
        rows = self._connection.execute(
            select(book_closing)
            .where(book_closing.c.product_id == of, book_closing.c.recorded_at <= at)
            .order_by(book_closing.c.number)
        )
        # Later rows replace earlier ones.
        return {
            ClosingCause(row.cause): BookClosingRule(
                product=of,
                cause=ClosingCause(row.cause),
                days=None if row.first_day is None else (row.first_day, row.last_day),
                by=row.recorded_by,
                at=row.recorded_at,
                why=row.why,
            )
            for row in rows
        }

    def products_with_closings(self) -> list[ProductId]:
        """The products that have a rule about their book."""
        rows = self._connection.scalars(
            select(book_closing.c.product_id).distinct().order_by(book_closing.c.product_id)
        )
        return [ProductId(each) for each in rows]

    # Inside --------------------------------------------------------------------------------------

    def _as_made(self, at: datetime) -> dict[str, TransferGroup]:
        """Every group there was at `at`, on: so it is made with the first product that names it."""
        made = transfer_control.c
        rows = self._connection.execute(
            select(made.transfer_control_id, made.created_at, made.created_by).where(
                made.created_at <= at
            )
        )
        return {
            row.transfer_control_id: TransferGroup(
                group=row.transfer_control_id,
                is_enabled=True,
                by=row.created_by,
                approved_by=ON_LEDGER,
                at=row.created_at,
                why="made with its first product",
            )
            for row in rows
        }

    def _add(
        self,
        table: Table,
        values: Mapping[str, Any],
        action: AuditAction,
        *,
        subject: str | None,
        facts: Mapping[str, AuditFact],
        at: datetime,
        by: str,
        product: ProductId | None = None,
        rows: Mapping[str, str] | None = None,
    ) -> None:
        """Adds a row under an entry, which vouches for `rows` as well."""
        number = self._connection.scalar(insert(table).values(values).returning(table.c.number))
        added = vouch(self._connection, table, table.c.number == number)[(number,)]
        self._audit(
            action, subject, facts, {**added, **(rows or {})}, at=at, by=by, product=product
        )

    def _switch(self, decision: Decision) -> dict[str, str]:
        """Sets the flag of a group (T4.2); its row, for the audit chain."""
        group = decision.as_group()
        table = transfer_control
        self._connection.execute(
            update(table)
            .where(table.c.transfer_control_id == group.group)
            .values(
                transfer_enabled=group.is_enabled,
                **changed_now(table, at=group.at, by=group.by),
            )
        )
        rows = vouch(self._connection, table, table.c.transfer_control_id == group.group)
        if not rows:
            raise Refusal(Reason.GROUP_UNKNOWN, group=group.group)
        return rows[(group.group,)]

    def _audit(
        self,
        action: AuditAction,
        subject: str | None,
        facts: Mapping[str, AuditFact],
        rows: Mapping[str, str],
        *,
        at: datetime,
        by: str,
        product: ProductId | None = None,
    ) -> None:
        AuditLog(self._connection).append(
            [
                AuditEntry(
                    at=at,
                    action=action,
                    actor=by,
                    subject=subject,
                    product=product,
                    facts=facts,
                    rows=rows,
                )
            ]
        )


def session(text: str) -> Session:
    """The session that `HH:MM-HH:MM` names; 24:00 is the end of the day.

    Raises:
        ValueError: it names none.
        Refusal: `market_hours_invalid`, as `Session`.
    """
    opens, closes = (_time(each) for each in text.split("-"))
    return Session(opens, closes)


def _time(text: str) -> time:
    return time() if text == "24:00" else time.fromisoformat(text)
