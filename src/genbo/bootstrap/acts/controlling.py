"""Controlling (統制): stop and resume, opening and closing the market, transfer-enable groups; on all products at once
(基本機能 11, R-PROGMAT-T4, T16)."""

from collections.abc import Callable

from sqlalchemy import Connection

from genbo.bootstrap.acts.planned import Planned
from genbo.bootstrap.acts.standstill import standstill
from genbo.bootstrap.acts.table import ActName
from genbo.bootstrap.market import market_now, records
from genbo.bootstrap.office import Office
from genbo.governance import Duty
from genbo.governance.market import Decision, DecisionKind
from genbo.kernel import Reason, Refusal


def stop(office: Office) -> Planned:
    """停止: one STOPPER stops every product, alone (R-JSTOA-6.1.1.11)."""
    return Planned(name=ActName.STOP, call=office.platform.stop(), duty=Duty.STOPPER)


def resume(office: Office) -> Planned:
    """停止の解除, into market closed: two RESUMERs, neither of whom stopped."""
    return Planned(name=ActName.RESUME, call=office.platform.resume(), duty=Duty.RESUMER)


def open_market(office: Office, *, why: str) -> Planned:
    """開局: the market opens, and the schedule may open it from now on.

    Outside the hours it is refused (`market_closed`): the schedule opens it when they begin.
    """

    def judge() -> Refusal | None:
        view = market_now(office)
        market = view.market
        if not market.schedule.versions or market.closing_after(view.at) is not None:
            return None
        opens = market.next_opening(view.at)
        return Refusal(Reason.MARKET_CLOSED, opens=None if opens is None else opens.isoformat())

    return Planned(
        name=ActName.OPEN_MARKET,
        call=office.platform.open_market(),
        duty=Duty.MARKET_OPERATOR,
        judge=lambda: standstill(office) or judge(),
        noting=_deciding(office, DecisionKind.OPENED, why),
    )


def close_market(office: Office, *, why: str) -> Planned:
    """閉局: the market closes; the schedule does not open it again before an operator does."""
    return Planned(
        name=ActName.CLOSE_MARKET,
        call=office.platform.close_market(),
        duty=Duty.MARKET_OPERATOR,
        judge=lambda: standstill(office),
        noting=_deciding(office, DecisionKind.CLOSED, why),
    )


def switch_group(office: Office, group: str, *, enabled: bool) -> Planned:
    """移転実行可否の切替 (R-PROGMAT-T4.2): the table follows the ledger. Raises Refusal(key_malformed)."""
    return Planned(
        name=ActName.SWITCH_GROUP,
        call=office.platform.set_transfer_enabled(group, enabled=enabled),
        duty=Duty.TRANSFER_CONTROLLER,
    )


def _deciding(office: Office, kind: DecisionKind, why: str) -> Callable[[Connection, str], None]:
    """Records the operator's decision with its command."""

    def note(connection: Connection, maker: str) -> None:
        held = records(connection)
        held.lock()
        held.decide(Decision(kind=kind, by=maker, at=office.house.now(), why=why))

    return note
