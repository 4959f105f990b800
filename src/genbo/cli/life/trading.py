"""Chapters 5 and 6: a sale between customers, and every way to restrict one."""

from datetime import datetime

from genbo.cli.life.stage import Stage
from genbo.governance import Duty
from genbo.kernel import JST, Reason


def sale(stage: Stage) -> None:
    """Action 3: one second after the record date ended, so the snapshot does not know it (D.2.1)."""
    stage.chapter("5. A sale between customers (移転)", "2022-01-31 23:59:58")
    stage.clock.set("2022-02-01 00:00:01")
    stage.transfer("H2", "H504", 3, ref="TRADE-2022-0001")
    stage.say(
        "executed 2022-01-31T15:00:01Z: delivery date 2022-02-01, not in the record date of January"
    )


def restrictions(stage: Stage) -> None:
    """Action 7: by time, by quantity, by address. One person restricts, two lift."""
    token = stage.token
    stage.chapter("6. Restrictions (移転の制限)", "2022-02-10 10:00:00")
    until = datetime(2022, 6, 30, tzinfo=JST)
    stage.act(
        token.set_lock_up(stage.account("H2"), until=until),
        Duty.RESTRICTOR,
        what="H2 locked up until 2022-06-30",
    )
    stage.refused(
        "H2 sells under lock-up",
        lambda: stage.transfer("H2", "H504", 1, ref="TRADE-2022-0002"),
        Reason.SENDER_LOCKED_UP,
    )
    stage.act(
        token.freeze(stage.account("H3"), 100), Duty.RESTRICTOR, what="freeze 100 units of H3"
    )
    stage.refused(
        "H3 sells 350 of 400, 100 frozen",
        lambda: stage.transfer("H3", "H601", 350, ref="TRADE-2022-0003"),
        Reason.INSUFFICIENT_UNFROZEN_BALANCE,
    )
    stage.transfer("H3", "H601", 30, ref="TRADE-2022-0004")
    stage.act(
        token.set_address_frozen(stage.account("H5"), frozen=True),
        Duty.RESTRICTOR,
        what="freeze the address of H5",
    )
    stage.refused(
        "H5 sells from a frozen address",
        lambda: stage.transfer("H5", "H505", 1, ref="TRADE-2022-0005"),
        Reason.SENDER_FROZEN,
    )
    lift = token.set_address_frozen(stage.account("H5"), frozen=False)
    stage.refused(
        "one person lifts the freeze",
        lambda: stage.office.act(lift, Duty.RESTRICTOR, product=stage.product),
        Reason.RELEASE_NEEDS_TWO_PERSONS,
    )
    stage.act(lift, Duty.RELEASER, what="unfreeze the address of H5")
