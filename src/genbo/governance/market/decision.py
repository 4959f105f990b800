"""Decision (市場に関する決定): what somebody decided about the market, and the market that follows from it.

    closed, stopped ──► closed for the schedule too, until an operator opens
    opened          ──► the schedule rules again
    resumed         ──► the stop has ended, into closed

The switches on the ledger are in two other hands: whoever stops does so there, and it is noted here when it is seen.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from genbo.governance.market.calendar import BankCalendar
from genbo.governance.market.groups import TransferGroup
from genbo.governance.market.hours import Schedule
from genbo.governance.market.state import Market


class DecisionKind(StrEnum):
    """What was decided."""

    CLOSED = "closed"
    """閉局: one operator; the schedule does not open the market from then on."""
    OPENED = "opened"
    """開局: the schedule rules again."""
    STOPPED = "stopped"
    """停止: by one person, on the ledger."""
    RESUMED = "resumed"
    """停止の解除: by two others, on the ledger; the market stays closed."""
    GROUP_ON = "group_on"
    """移転実行可: a transfer-enable group was switched on."""
    GROUP_OFF = "group_off"
    """移転実行不可."""


_OF_GROUPS = frozenset({DecisionKind.GROUP_ON, DecisionKind.GROUP_OFF})


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """One decision. None is edited; a later one counts."""

    kind: DecisionKind
    by: str
    at: datetime
    why: str = field(repr=False)
    group: str | None = None
    """移転実行可否制御ID; of the switches of groups only."""
    approved_by: str | None = None
    """Who else decided it; of the switches of groups only, which take two persons (R-PROGMAT-T4.2)."""

    def __post_init__(self) -> None:
        if (self.kind in _OF_GROUPS) is (self.group is None or self.approved_by is None):
            raise ValueError(f"a decision {self.kind} with group {self.group}")

    def as_group(self) -> TransferGroup:
        """The switch as this decision set it. Raises Refusal(same_person)."""
        assert self.group is not None
        assert self.approved_by is not None
        return TransferGroup(
            group=self.group,
            is_enabled=self.kind is DecisionKind.GROUP_ON,
            by=self.by,
            approved_by=self.approved_by,
            at=self.at,
            why=self.why,
        )


def market_known(
    *,
    calendar: BankCalendar,
    schedule: Schedule,
    decisions: Iterable[Decision],
    at: datetime,
) -> Market:
    """The market by everything that was recorded up to the instant `at`.

    Args:
        decisions: in the order in which they were recorded.
    """
    is_stopped = is_closed = False
    groups: dict[str, TransferGroup] = {}
    for each in decisions:
        if each.at > at:
            continue
        match each.kind:
            case DecisionKind.CLOSED:
                is_closed = True
            case DecisionKind.OPENED:
                is_closed = False
            case DecisionKind.STOPPED:
                is_stopped = is_closed = True
            case DecisionKind.RESUMED:
                is_stopped = False
            case DecisionKind.GROUP_ON | DecisionKind.GROUP_OFF:
                group = each.as_group()
                groups[group.group] = group
    return Market(
        calendar=calendar.known_at(at),
        schedule=Schedule(tuple(each for each in schedule.versions if each.at <= at)),
        groups=groups,
        is_stopped=is_stopped,
        is_closed=is_closed,
    )
