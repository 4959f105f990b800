"""Redeemed units (償還口数): which units of whom a redemption ends, by the holders of its record date."""

import re
from datetime import date

from sqlalchemy import Connection

from genbo.bootstrap.office import Office
from genbo.entitlements import (
    ActionKind,
    CorporateAction,
    Holding,
    PerUnit,
    RedemptionTerms,
    RunState,
    redeemed_in_part,
)
from genbo.kernel import ProductId, Reason, Refusal, Units, end_of_day
from genbo.storage.corporate_actions import CorporateActions
from genbo.storage.distributions import Distributions
from genbo.storage.record_dates import RecordDates
from genbo.storage.register import Register
from genbo.storage.wallets import Wallets

_AGAIN = re.compile(r"(.+)\.([2-9]|[1-9][0-9]+)")
"""The id of a redemption, and which payment of it is declared: those before it were turned down."""


def redeemed_units(
    connection: Connection, office: Office, action: CorporateAction
) -> dict[str, Units]:
    """By holder of the record date the units that end; the same whenever it is asked.

    Raises:
        Refusal: `record_date_unknown` when the record date is not fixed; as `redeemed_in_part`.
    """
    terms = action.terms
    assert isinstance(terms, RedemptionTerms)
    dates = RecordDates(connection)
    dates.get(action.product, terms.record_day)
    held = {
        each.holder: each.units for each in dates.entitlements(action.product, terms.record_day)
    }
    if terms.units is None:
        return held
    register = Register(connection, office.deployment.chain_id)
    owners = Wallets(connection).owners(action.product)
    holdings: dict[str, Holding] = {}
    for lot in register.lots(action.product, as_of=end_of_day(terms.record_day)):
        owner = owners.get(lot.address)
        holder = str(owner) if owner in held else str(lot.address)
        if holder not in held:
            continue  # nobody of the record date
        known = holdings.get(holder)
        holdings[holder] = Holding(
            holder=holder,
            units=held[holder],
            acquired=lot.acquired if known is None else min(known.acquired, lot.acquired),
            address=lot.address if known is None else min(known.address, lot.address),
        )
    return redeemed_in_part(holdings.values(), terms.units)


def require_payment_of(
    redemption: CorporateAction, product: ProductId, record_day: date, amounts: PerUnit
) -> None:
    """Nothing when a run of these amounts is what a redemption decided to pay, and that has begun.

    Raises:
        Refusal: `action_exists`: its id stands for its payment alone.
    """
    terms = redemption.terms
    assert isinstance(terms, RedemptionTerms)
    decided = (redemption.product, terms.record_day, terms.amounts)
    if decided != (product, record_day, amounts) or redemption.before is None:
        raise Refusal(Reason.ACTION_EXISTS, action=redemption.id)


def redemption_paid_by(
    connection: Connection, run: str, *, corrects: str | None
) -> CorporateAction | None:
    """The redemption whose units a run pays for: it has the id of the run, or of the first one that was corrected. A
    payment that was turned down is declared anew under that id and a number, from 2 on: `RD-1.2`.

    Raises:
        Refusal: `distribution_unknown` when there is none that it corrects, or that was turned down before it;
            `distribution_exists` when the one before it was not turned down.
    """
    held = Distributions(connection)
    first = run
    while corrects is not None:
        first, corrects = corrects, held.get(corrects).corrects
    found = CorporateActions(connection).find(first)
    if found is None and (again := _AGAIN.fullmatch(first)) is not None:
        found = CorporateActions(connection).find(again[1])
        if found is not None and found.kind is ActionKind.REDEMPTION:
            number = int(again[2])
            former = again[1] if number == 2 else f"{again[1]}.{number - 1}"
            if held.get(former).state is not RunState.REJECTED:
                raise Refusal(Reason.DISTRIBUTION_EXISTS, distribution=former)
    return found if found is not None and isinstance(found.terms, RedemptionTerms) else None
