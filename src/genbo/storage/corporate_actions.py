"""Corporate actions (コーポレートアクション): decided, approved by somebody else, carried out once."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, and_, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from genbo.entitlements import (
    ActionKind,
    ActionState,
    CorporateAction,
    RegisterMark,
    terms_of,
)
from genbo.governance import AuditAction, AuditEntry
from genbo.kernel import Digest, ProductId, Reason, Refusal
from genbo.storage.audit import AuditLog
from genbo.storage.tables import corporate_action as table
from genbo.storage.witness import vouch


class CorporateActions:
    """The actions, in one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    # Writing -------------------------------------------------------------------------------------

    def decide(self, action: CorporateAction) -> CorporateAction:
        """Keeps a draft; the same once more changes nothing, and gives what is stored.

        Raises:
            Refusal: `action_exists` when its id stands for something else.
        """
        added = self._connection.execute(
            insert(table)
            .values(
                action_id=action.id,
                kind=action.kind.value,
                product_id=action.product,
                day=action.day,
                terms=action.terms.fields(),
                resolution=action.resolution,
                evidence=action.evidence,
                state=ActionState.DRAFT.value,
                command_id=action.command,
                made_at=action.made_at,
                maker=action.maker,
            )
            .on_conflict_do_nothing(index_elements=[table.c.action_id])
            .returning(table.c.action_id)
        ).one_or_none()
        if added is None:
            stored = self.get(action.id)
            if stored.body() != action.body():
                raise Refusal(Reason.ACTION_EXISTS, action=action.id)
            return stored
        self._audit(action, AuditAction.ACTION_DECIDED, at=action.made_at, by=action.maker)
        return self.get(action.id)

    def approve(self, action: str, *, at: datetime, by: str) -> CorporateAction:
        """Lets a draft be carried out.

        Raises:
            Refusal: `action_unknown`, `action_not_open`; `same_person` for its maker.
        """
        draft = self.require(action, ActionState.DRAFT)
        if draft.maker == by:
            raise Refusal(Reason.SAME_PERSON, account=by, role="approver", other="maker")
        return self._decide(draft, ActionState.APPROVED, AuditAction.ACTION_APPROVED, at=at, by=by)

    def reject(self, action: str, *, at: datetime, by: str) -> CorporateAction:
        """Turns a draft down, or takes it back. Raises Refusal(action_unknown, action_not_open)."""
        draft = self.require(action, ActionState.DRAFT)
        return self._decide(draft, ActionState.REJECTED, AuditAction.ACTION_REJECTED, at=at, by=by)

    def begin(self, action: str, before: RegisterMark, *, at: datetime, by: str) -> CorporateAction:
        """Keeps the register that stands when it begins to be carried out; the first one counts.

        Raises:
            Refusal: `action_unknown`, `action_not_open`.
        """
        found = self.require(action, ActionState.APPROVED)
        if found.before is not None:
            return found
        values = {"before_block": before.block, "before_digest": before.digest}
        return self._change(found, values, AuditAction.ACTION_BEGUN, at=at, by=by)

    def finish(self, action: str, after: RegisterMark, *, at: datetime, by: str) -> CorporateAction:
        """Ends it, with the register that stands now. Raises as `begin`."""
        values = {
            "state": ActionState.DONE.value,
            "after_block": after.block,
            "after_digest": after.digest,
            "done_at": at,
        }
        found = self.require(action, ActionState.APPROVED)
        return self._change(found, values, AuditAction.ACTION_DONE, at=at, by=by)

    # Questions -----------------------------------------------------------------------------------

    def get(
        self, action: str, *, kind: ActionKind | None = None, to_change: bool = False
    ) -> CorporateAction:
        """The action with that id; with `to_change` nobody else changes it until the transaction ends.

        Raises:
            Refusal: `action_unknown`, also for one of another kind.
        """
        query = select(table).where(table.c.action_id == action)
        if kind is not None:
            query = query.where(table.c.kind == kind.value)
        row = self._connection.execute(query.with_for_update() if to_change else query)
        if (found := row.one_or_none()) is None:
            raise Refusal(
                Reason.ACTION_UNKNOWN,
                kind="decision" if kind is None else kind.value,
                action=action,
            )
        return _action(found)

    def find(self, action: str) -> CorporateAction | None:
        """The action with that id, if there is one."""
        query = select(table).where(table.c.action_id == action)
        row = self._connection.execute(query).one_or_none()
        return None if row is None else _action(row)

    def require(self, action: str, state: ActionState) -> CorporateAction:
        """The action, which nobody else changes until the transaction ends, when it is in that state.

        Raises:
            Refusal: `action_unknown`, `action_not_open`.
        """
        found = self.get(action, to_change=True)
        if found.state is not state:
            raise Refusal(Reason.ACTION_NOT_OPEN, action=action, state=found.state.value)
        return found

    def all(
        self, *, kind: ActionKind | None = None, product: ProductId | None = None
    ) -> list[CorporateAction]:
        """Every action, in the order in which they were made."""
        query = select(table).order_by(table.c.made_at, table.c.action_id)
        if kind is not None:
            query = query.where(table.c.kind == kind.value)
        if product is not None:
            query = query.where(table.c.product_id == product)
        return [_action(row) for row in self._connection.execute(query)]

    def under_way(self, *, done_since: datetime) -> list[CorporateAction]:
        """Those that are approved, and those that were done from an instant on, as they were made."""
        done = and_(table.c.state == ActionState.DONE.value, table.c.done_at >= done_since)
        query = (
            select(table)
            .where(or_(table.c.state == ActionState.APPROVED.value, done))
            .order_by(table.c.made_at, table.c.action_id)
        )
        return [_action(row) for row in self._connection.execute(query)]

    # Inside --------------------------------------------------------------------------------------

    def _decide(
        self,
        draft: CorporateAction,
        state: ActionState,
        entry: AuditAction,
        *,
        at: datetime,
        by: str,
    ) -> CorporateAction:
        values = {"state": state.value, "decided_at": at, "decided_by": by}
        return self._change(draft, values, entry, at=at, by=by)

    def _change(
        self,
        action: CorporateAction,
        values: dict[str, Any],
        entry: AuditAction,
        *,
        at: datetime,
        by: str,
    ) -> CorporateAction:
        self._connection.execute(
            update(table).where(table.c.action_id == action.id).values(**values)
        )
        changed = self.get(action.id)
        self._audit(changed, entry, at=at, by=by)
        return changed

    def _audit(self, action: CorporateAction, entry: AuditAction, *, at: datetime, by: str) -> None:
        marks = {"before": action.before, "after": action.after}
        facts = {name: mark.digest for name, mark in marks.items() if mark is not None}
        AuditLog(self._connection).append(
            [
                AuditEntry(
                    at=at,
                    action=entry,
                    actor=by,
                    subject=action.id,
                    product=action.product,
                    command=action.command,
                    facts={"kind": action.kind.value, "day": action.day.isoformat(), **facts},
                    rows=vouch(self._connection, table, table.c.action_id == action.id)[
                        (action.id,)
                    ],
                )
            ]
        )


def _action(row: Row[Any]) -> CorporateAction:
    return CorporateAction(
        id=row.action_id,
        product=ProductId(row.product_id),
        day=row.day,
        terms=terms_of(ActionKind(row.kind), row.terms),
        resolution=row.resolution,
        evidence=Digest(row.evidence),
        maker=row.maker,
        made_at=row.made_at,
        command=row.command_id,
        state=ActionState(row.state),
        decided_by=row.decided_by,
        decided_at=row.decided_at,
        before=_mark(row.before_block, row.before_digest),
        after=_mark(row.after_block, row.after_digest),
        done_at=row.done_at,
    )


def _mark(block: int | None, digest: str | None) -> RegisterMark | None:
    return None if block is None or digest is None else RegisterMark(block, Digest(digest))
