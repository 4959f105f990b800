"""Allotting (配分・配布, 基本機能 2): the rows are judged as a whole, then distributed by one DISTRIBUTOR.

A verdict that is good when the rows are judged is judged again by the token at execution (D.1.3).
"""

from collections.abc import Sequence

from genbo.bootstrap.acts.desk import ActDesk
from genbo.bootstrap.acts.planned import Planned
from genbo.bootstrap.acts.table import ActName
from genbo.compliance.allotment import (
    Application,
    OfferingLimits,
    Standing,
    judge_allotment,
    offered_in_all,
)
from genbo.governance import Duty
from genbo.kernel import InvestorId, Reference, Refusal, Refusals, Units
from genbo.storage.products import Products
from genbo.storage.register import Register
from genbo.storage.verdicts import Verdicts

MOST_AT_ONCE = 100
"""Rows of an allotment that is one act, whole or not at all; more become a bulk act."""


def allot(
    desk: ActDesk, rows: Sequence[tuple[InvestorId, int]], *, ref: Reference | None
) -> Planned:
    """Units go from the initial beneficiary to the investors, whole or not at all (R-JSTOA-6.1.1.2).

    Raises:
        Refusal: `key_unknown`.
    """
    addresses = desk.addresses([investor for investor, _ in rows])
    call = desk.token.distribute(
        [addresses[investor] for investor, _ in rows], [units for _, units in rows], ref
    )
    return Planned(
        name=ActName.ALLOT,
        call=call,
        duty=Duty.DISTRIBUTOR,
        product=desk.product,
        ref=ref,
        judge=lambda: judged(desk, rows),
    )


def judged(desk: ActDesk, rows: Sequence[tuple[InvestorId, int]]) -> Refusal | None:
    """Everything that is wrong with the rows by the terms of the product and the verdicts on record; None when nothing.

    A row is named as `line`, from 1; a line 0 is about all of them.
    """
    office = desk.office
    at = office.house.now()
    applications = [
        Application(line=line, investor=investor, units=Units(units))
        for line, (investor, units) in enumerate(rows, 1)
    ]
    investors = {investor for investor, _ in rows}
    with office.house.database.read() as connection:
        terms = Products(connection).get(desk.product).terms
        totals = Register(connection, office.deployment.chain_id).totals(desk.product)
        verdicts = Verdicts(connection).latest(list(investors), at=at)
    standings = {  # whoever has an address in the product is registered
        investor: Standing(
            verified_until=verdicts[investor].until if investor in verdicts else None,
            blocked=investor in verdicts and verdicts[investor].blocked,
        )
        for investor in investors
    }
    limits = OfferingLimits(
        minimum=Units(terms.application_minimum),
        step=Units(terms.application_step),
        offering=offered_in_all(terms.set_quantity, totals),
    )
    findings = judge_allotment(applications, limits=limits, standings=standings, at=at)
    for each in findings:
        each.refusal.facts.setdefault("line", each.line)
    if len(findings) > 1:
        return Refusals([each.refusal for each in findings])
    return findings[0].refusal if findings else None
