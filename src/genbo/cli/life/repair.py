"""Chapters 7 to 11: a court order, a mistake, a lost key, a loss, a split."""

from genbo.bootstrap.people import replace_account
from genbo.cli.life.stage import Stage, evidence, papers
from genbo.governance import Duty
from genbo.kernel import Reason, Reference
from genbo.storage.products import Products

COURT_ORDER = "令和4年(ル)第1号 債権差押命令"


def court_order(stage: Stage) -> None:
    """Action 8: without the holder, through the lock-up; never to somebody unverified (D.2.6)."""
    stage.chapter("7. A court order: forced transfer (強制移転)", "2022-03-10 11:00:00")
    token = stage.token
    act = papers("COURT-2022-1", COURT_ORDER)
    stage.refused(
        "to a creditor who was never verified",
        lambda: stage.office.act(
            token.forced_transfer(stage.account("H2"), stage.account("H901"), 10, act),
            Duty.REPAIRER,
            product=stage.product,
        ),
        Reason.RECIPIENT_UNVERIFIED,
    )
    call = token.forced_transfer(stage.account("H2"), stage.account("H600"), 10, act)
    stage.act(call, Duty.REPAIRER, what="H2 to H600: forced, 10 (COURT-2022-1)", ref="COURT-2022-1")
    stage.say(f"H2 holds {token.balance_of(stage.account('H2')).value}, still under lock-up")
    stage.refused(
        "the same order once more",
        lambda: stage.office.act(call, Duty.REPAIRER, product=stage.product),
        Reason.REFERENCE_USED,
    )


def mistake(stage: Stage) -> None:
    """Action 10: the trade named, both sides swapped, once."""
    stage.chapter("8. A mistaken transfer and its reversal (逆移転)", "2022-03-18 14:00:00")
    stage.transfer("H3", "H601", 20, ref="TRADE-2022-0006")
    stage.time("2022-03-22 10:00:00")

    def reverse(ref: str) -> object:
        return stage.act(
            stage.token.reverse_transfer(
                Reference("TRADE-2022-0006"),
                stage.account("H601"),
                stage.account("H3"),
                20,
                papers(ref, "誤移転報告書 2022-03-22"),
            ),
            Duty.REPAIRER,
            ref=ref,
        )

    reverse("REVERSE-2022-1")
    stage.refused("reversed twice", lambda: reverse("REVERSE-2022-2"), Reason.ALREADY_REVERSED)


def lost_key(stage: Stage) -> None:
    """Re-keying: the holder stays, the address changes, the freeze survives."""
    stage.chapter("9. A lost key: re-keying (鍵の更新)", "2022-04-05 10:00:00")
    token = stage.token
    old = stage.key("H6")
    stage.act(token.freeze(old.address, 1), Duty.RESTRICTOR, what="freeze 1 unit of H6")
    new = stage.next_key("H6").address
    done = stage.act(
        token.rekey(old.address, new, papers("REKEY-2022-1", "鍵紛失届 2022-04-04")),
        Duty.REPAIRER,
        what="re-key H6 (REKEY-2022-1)",
        ref="REKEY-2022-1",
    )
    replace_account(
        stage.office,
        stage.product,
        stage.people["H6"],
        new=new,
        at=done.sent.stamp.at,
        by=done.by[0],
    )
    stage.say(
        f"the new address holds {token.balance_of(new).value}, of which "
        f"{token.frozen_units(new).value} still frozen"
    )
    stage.refused(
        "the old key tries to sell",
        lambda: stage.office.act_as_holder(
            token.transfer(stage.account("H504"), 1),
            investor=stage.people["H6"],
            signer=old,
            product=stage.product,
        ),
        Reason.SENDER_RETIRED,
    )


def loss(stage: Stage) -> None:
    """Action 9: units that a system error put where nobody can reach them come back, total issued unchanged."""
    stage.chapter("10. A loss and its redistribution (再配布)", "2022-05-10 10:00:00")
    token = stage.token
    # The error: a broker's system opened an account from a key that was never kept, and moved H10's units there.
    lost = stage.next_key("H10").address
    stage.act(
        token.set_verdict(lost, until=stage.verified_until, investor_class=1),
        Duty.RESTRICTOR,
        what="verify an address whose key was never kept",
    )
    stage.forget_key("H10")
    moved = stage.office.act_as_holder(
        token.transfer(lost, 2, Reference("TRADE-2022-0007")),
        investor=stage.people["H10"],
        signer=stage.key("H10"),
        product=stage.product,
        ref=Reference("TRADE-2022-0007"),
    )
    stage.note(moved, f"H10 to that address: {moved.what}")
    before = token.total_supply().value
    act = token.redistribute(
        lost,
        stage.account("H10"),
        2,
        incident=Reference("INCIDENT-2022-1"),
        evidence=evidence("障害報告書 2022-05-10"),
    )
    stage.act(
        act, Duty.REPAIRER, what="redistribute 2 to H10 (INCIDENT-2022-1)", ref="INCIDENT-2022-1"
    )
    stage.say(f"total issued {before:,} before and {token.total_supply().value:,} after")
    stage.refused(
        "a second time for the same incident",
        lambda: stage.office.act(act, Duty.REPAIRER, product=stage.product),
        Reason.REFERENCE_USED,
    )


def split(stage: Stage) -> None:
    """Action 6: everybody at once, at constant cost; freezes scale, days of acquisition stay (D.1.4)."""
    stage.chapter("11. Split 1:10 (分割)", "2022-07-01 00:00:00")
    token = stage.token
    act = papers("SPLIT-2022-1", "受益権分割決議")
    epoch = token.control().value.epoch
    for factor in (1, 0):
        stage.refused(
            f"split 1:{factor}",
            lambda factor=factor: stage.office.act(  # type: ignore[misc]
                token.split(factor, act, epoch=epoch), Duty.ISSUER, product=stage.product
            ),
            Reason.SPLIT_FACTOR_INVALID,
        )
    stage.act(token.split(10, act, epoch=epoch), Duty.ISSUER, ref="SPLIT-2022-1")
    with stage.office.house.database.begin() as connection:
        terms = Products(connection).split(
            stage.product, factor=10, at=stage.office.now().at, by="issue-1"
        )
    stage.say(
        f"total issued {token.total_supply().value:,}, unit price {terms.unit_price_yen:,} yen; "
        f"H3 has {token.frozen_units(stage.account('H3')).value:,} frozen"
    )
