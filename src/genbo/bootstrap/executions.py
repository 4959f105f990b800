"""Executions (コーポレートアクションの実行): an action that two persons decided is carried out by the role `jobs`.

    an approved action whose day has come ──► ordered by the signature of somebody who owns the Safe of its duty
        ├── done ─────────────────────────────► the order is final
        └── refused: it was overtaken, a row cannot succeed, or the keys of those who decided are not here
                                                ► the order is refused with the reason, and may be given again

The acts on the ledger are signed by those who decided, with the keys that this process can reach: they have signed
everything that is carried out. The order is a command of the registry alone, so what it came to is read where commands
are read; killed between any two steps, it goes on.
"""

import json
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection

from genbo.bootstrap.additional_issues import carry_out_additional_issue
from genbo.bootstrap.corporate_actions import DUTY, people_of, to_carry_out
from genbo.bootstrap.office import Office
from genbo.bootstrap.redemptions import bulk_acts_of, carry_out_redemption, rows_of
from genbo.bootstrap.signed_outside import Handed, Prepared
from genbo.bootstrap.splits import carry_out_split
from genbo.bootstrap.two_signatures import TwoSignatures
from genbo.entitlements import ActionKind, ActionState, CorporateAction
from genbo.governance import Command, CommandId, CommandState, JobId, Outcome, Stored
from genbo.kernel import Address, Fault, Reason, Refusal, start_of_day
from genbo.storage.commands import Commands
from genbo.storage.corporate_actions import CorporateActions

_ACT = "execution"
_ENDING = frozenset({Reason.KEY_MISSING, Reason.INVARIANT_BROKEN})
"""Faults that another turn would meet again: somebody has to do something."""
_LOOK_BACK = timedelta(hours=1)
"""Actions that were done so long ago are looked at as well, and all of them once: whoever did them may have been killed
before the order was ended."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Execution:
    """The last order to carry an action out."""

    order: Stored
    jobs: tuple[JobId, ...]
    """Bulk acts of a redemption, the first one first."""


def require_ready(office: Office, action: CorporateAction) -> None:
    """Nothing for an action that could be carried out now.

    Raises:
        Refusal: `action_not_open`, `action_not_due`; `action_overtaken` for a redemption that did not begin.
    """
    found = to_carry_out(office, action.id, action.kind)
    if found.state is ActionState.DONE:
        raise Refusal(Reason.ACTION_NOT_OPEN, action=found.id, state=found.state.value)
    if found.kind is ActionKind.REDEMPTION and found.before is None:
        office.read()
        with office.house.database.read() as connection:
            rows_of(connection, office, found)


def prepare(office: Office, action: CorporateAction, *, maker: Address) -> Prepared:
    """What `maker` is to sign; nothing is stored.

    Raises:
        Refusal: `duty_missing`; as `require_ready`.
        Fault: `development_key_refused`.
    """
    signatures = TwoSignatures(office, DUTY)
    signatures.require_owner(maker)
    require_ready(office, action)
    with office.house.database.read() as connection:
        command = _command(connection, office, action, maker=maker)
    return replace(signatures.prepared(command), needed=1)


def order(
    connection: Connection, office: Office, action: CorporateAction, handed: Handed, *, by: str
) -> Stored:
    """Orders that an action is carried out. While an order is open the same person's once more is the same.

    Args:
        by: the credential that handed it in.

    Raises:
        Refusal: `signature_invalid`; `command_key_reused` while somebody else's is open; as `prepare`.
    """
    signatures = TwoSignatures(office, DUTY)
    signatures.require_owner(handed.account)
    require_ready(office, action)
    command = _command(connection, office, action, maker=handed.account)
    signed = office.signed_outside.signed(command, handed)
    return signatures.take(connection, command, signed, at=office.house.now(), by=by)


def execution_of(
    connection: Connection, office: Office, action: CorporateAction
) -> Execution | None:
    """The last order to carry it out; None where there was none, as of an action of the command line."""
    orders = _orders(connection, office, action)
    if not orders:
        return None
    return Execution(order=orders[-1], jobs=bulk_acts_of(connection, office, action))


class CarryOut:
    """Goes on with what was ordered. A `Routine`."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self._since = datetime.min.replace(tzinfo=UTC)

    def step(self) -> bool:
        """Whether any order came to its end."""
        office, now = self._office, self._office.house.now()
        with office.house.database.read() as connection:
            actions = CorporateActions(connection).under_way(done_since=self._since)
            waiting = [
                orders[-1]
                for each in actions
                if start_of_day(each.day) <= now and (orders := _orders(connection, office, each))
                if orders[-1].state is CommandState.CHECKED
            ]
        self._since = now - _LOOK_BACK
        ended = [self._go_on(each) for each in waiting]
        return any(ended)

    def _go_on(self, stored: Stored) -> bool:
        action = str(json.loads(stored.command.data)["action"])
        try:
            done = self._carry_out(action, since=stored.made_at, by=stored.command.maker)
        except Fault as fault:
            if fault.reason is Reason.COMMAND_WAITING:
                return False  # on its way: the next turn finds what became of it
            if fault.reason not in _ENDING:
                raise
            self._end(stored.id, fault)
            return True
        except Refusal as refusal:
            self._end(stored.id, refusal)
            return True
        if done.state is not ActionState.DONE:
            return False
        self._end(stored.id, None)
        return True

    def _carry_out(self, action: str, *, since: datetime, by: str) -> CorporateAction:
        office = self._office
        with office.house.database.read() as connection:
            found = CorporateActions(connection).get(action)
        if found.state is ActionState.DONE:
            return found
        office.has_token(found.product)  # one that another process has just created
        people = people_of(office, found)
        for name in people:
            office.require_person(name)
        match found.kind:
            case ActionKind.SPLIT:
                return carry_out_split(office, action, by=by, people=people)
            case ActionKind.ADDITIONAL_ISSUE:
                return carry_out_additional_issue(office, action, by=by, people=people)
            case ActionKind.REDEMPTION:
                return carry_out_redemption(office, action, by=by, people=people, since=since)

    def _end(self, command: CommandId, refusal: Refusal | None) -> None:
        at = self._office.house.now()
        with self._office.house.database.begin() as connection:
            commands = Commands(connection, self._office.deployment.chain_id)
            if commands.get(command, to_change=True).state is not CommandState.CHECKED:
                return  # another process was as far
            if refusal is not None:
                outcome = Outcome(reason=refusal.reason, facts=refusal.facts)
                commands.move(command, CommandState.REFUSED, at=at, outcome=outcome)
                return
            commands.move(command, CommandState.APPROVED, at=at)
            commands.move(command, CommandState.FINAL, at=at)


# Inside ----------------------------------------------------------------------------------------------


def _command(
    connection: Connection, office: Office, action: CorporateAction, *, maker: Address
) -> Command:
    """The order: the one that is open, or the next."""
    orders = _orders(connection, office, action)
    is_open = bool(orders) and orders[-1].state is CommandState.CHECKED
    number = len(orders) + (0 if is_open else 1)
    body = {"act": _ACT, "action": action.id, "product": action.product, "number": number}
    return Command(
        key=_key(action, number),
        chain_id=office.deployment.chain_id,
        what=f"carry out {action.kind.value} {action.id} of {action.product}",
        maker=office.signed_outside.name_of(maker),
        maker_account=maker,
        account=maker,
        duty=None,  # no act under the duty: those are made under commands of their own, by two persons
        to=None,
        data=json.dumps(body, sort_keys=True, separators=(",", ":")).encode(),
        product=action.product,
        evidence=action.evidence,
    )


def _orders(connection: Connection, office: Office, action: CorporateAction) -> list[Stored]:
    commands = Commands(connection, office.deployment.chain_id)
    found: list[Stored] = []
    while (known := commands.find(_key(action, len(found) + 1))) is not None:
        found.append(known)
    return found


def _key(action: CorporateAction, number: int) -> str:
    return f"action/{action.id}/{_ACT}/{number}"
