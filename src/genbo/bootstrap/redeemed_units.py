"""Redeemed units (償還口数): which units of whom a redemption ends, by the holders of its record date."""

from sqlalchemy import Connection

from genbo.bootstrap.office import Office
from genbo.entitlements import CorporateAction, Holding, RedemptionTerms, redeemed_in_part
from genbo.kernel import Units, end_of_day
from genbo.storage.corporate_actions import CorporateActions
from genbo.storage.distributions import Distributions
from genbo.storage.record_dates import RecordDates
from genbo.storage.register import Register
from genbo.storage.wallets import Wallets


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


def redemption_paid_by(
    connection: Connection, run: str, *, corrects: str | None
) -> CorporateAction | None:
    """The redemption whose units a run pays for: it has the id of the run, or of the first one that was corrected.

    Raises:
        Refusal: `distribution_unknown` when there is none that it corrects.
    """
    held = Distributions(connection)
    first = run
    while corrects is not None:
        first, corrects = corrects, held.get(corrects).corrects
    found = CorporateActions(connection).find(first)
    return found if found is not None and isinstance(found.terms, RedemptionTerms) else None
