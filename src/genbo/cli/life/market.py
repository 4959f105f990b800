"""Chapters 12 and 13: market closed with repair running, and the full stop."""

from collections.abc import Callable

from genbo.cli.life.stage import Stage, evidence, papers
from genbo.governance import Duty
from genbo.kernel import Reason, Reference


def closed(stage: Stage) -> None:
    """Market closed (T16): ordinary transfers wait, a court order does not (D.10.3)."""
    stage.chapter("12. Market closed (閉局), repair runs", "2022-07-29 18:00:00")
    token, platform = stage.token, stage.office.platform
    stage.act(platform.close_market(), Duty.MARKET_OPERATOR)
    stage.refused(
        "H4 sells while the market is closed",
        lambda: stage.transfer("H4", "H505", 1, ref="TRADE-2022-0008"),
        Reason.MARKET_CLOSED,
    )
    act = papers("COURT-2022-2", "令和4年(ル)第2号 債権差押命令")
    stage.act(
        token.forced_transfer(stage.account("H2"), stage.account("H600"), 5, act),
        Duty.REPAIRER,
        what="H2 to H600: forced, 5 (COURT-2022-2)",
        ref="COURT-2022-2",
    )
    stage.time("2022-08-01 09:00:00")
    stage.act(platform.open_market(), Duty.MARKET_OPERATOR)


def stopped(stage: Stage) -> None:
    """Action 11: one stops, nothing runs, two others resume into market closed (D.10.1, D.10.2)."""
    stage.chapter("13. Full stop (停止) and resume", "2022-08-02 10:00:00")
    office, token, platform = stage.office, stage.token, stage.office.platform
    stage.act(platform.stop(), Duty.STOPPER, by=("operator-1",))
    for what, attempt in _every_action(stage):
        stage.refused(f"{what} under full stop", attempt, Reason.PLATFORM_STOPPED)
    stage.say(f"reading goes on: total issued {token.total_supply().value:,}")
    stage.refused(
        "one supervisor resumes",
        lambda: office.act(platform.resume(), Duty.RESUMER, by=("supervisor-1",)),
        Reason.APPROVALS_TOO_FEW,
    )
    stage.act(platform.resume(), Duty.RESUMER, by=("supervisor-1", "supervisor-2"))
    stage.refused(
        "H4 sells after the resume: the market is still closed",
        lambda: stage.transfer("H4", "H505", 1, ref="TRADE-2022-0009"),
        Reason.MARKET_CLOSED,
    )
    stage.act(platform.open_market(), Duty.MARKET_OPERATOR)
    stage.transfer("H4", "H505", 1, ref="TRADE-2022-0010")


def _every_action(stage: Stage) -> list[tuple[str, Callable[[], object]]]:
    """The ten actions that a stop must refuse; the eleventh is the stop itself."""
    token = stage.token
    epoch = token.control().value.epoch
    ds1, h1, h4 = stage.account("DS1"), stage.account("H1"), stage.account("H4")

    def act(call: object, duty: Duty) -> Callable[[], object]:
        return lambda: stage.office.act(call, duty, product=stage.product)  # type: ignore[arg-type]

    return [
        ("issue, additional issue", act(token.issue([ds1], [1], papers("S-1", "-")), Duty.ISSUER)),
        ("distribute", act(token.distribute([h1], [1], Reference("S-2")), Duty.DISTRIBUTOR)),
        ("transfer", lambda: stage.transfer("H4", "H505", 1, ref="S-3")),
        ("redeem", act(token.redeem([h1], [1], papers("S-4", "-")), Duty.ISSUER)),
        ("split", act(token.split(2, papers("S-5", "-"), epoch=epoch), Duty.ISSUER)),
        ("restrict", act(token.freeze(h1, 1), Duty.RESTRICTOR)),
        (
            "forced transfer",
            act(token.forced_transfer(h1, h4, 1, papers("S-6", "-")), Duty.REPAIRER),
        ),
        (
            "redistribute",
            act(
                token.redistribute(h1, h4, 1, incident=Reference("S-7"), evidence=evidence("-")),
                Duty.REPAIRER,
            ),
        ),
        (
            "reverse",
            act(
                token.reverse_transfer(
                    Reference("TRADE-2022-0001"),
                    stage.account("H504"),
                    stage.account("H2"),
                    3,
                    papers("S-8", "-"),
                ),
                Duty.REPAIRER,
            ),
        ),
    ]
