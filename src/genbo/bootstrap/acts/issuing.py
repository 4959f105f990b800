"""Issuing (発行): issue and additional issue, redemption, split; by two ISSUERs (基本機能 1, 4, 5, 6)."""

from collections.abc import Sequence

from genbo.bootstrap.acts.desk import ActDesk, Party
from genbo.bootstrap.acts.planned import Planned
from genbo.bootstrap.acts.table import ActName
from genbo.governance import Duty
from genbo.kernel import ZERO_ADDRESS, Refusal
from genbo.storage.products import Products
from genbo.token import Act


def issue(desk: ActDesk, units: int, act: Act, *, to: Party | None = None) -> Planned:
    """Units come into being (R-JSTOA-6.1.1.1, .5).

    Args:
        to: by default the initial beneficiary (当初受益者) that the token names.

    Raises:
        Refusal: `key_unknown`.
    """
    token = desk.token
    target = desk.address(to) if to else token.initial_beneficiary().value or ZERO_ADDRESS
    call = token.issue([target], [units], act)
    return Planned(
        name=ActName.ISSUE, call=call, duty=Duty.ISSUER, product=desk.product, ref=act.ref
    )


def redeem(desk: ActDesk, rows: Sequence[tuple[Party, int]], act: Act) -> Planned:
    """Units end, on or after the redemption date (R-JSTOA-6.1.1.4). Raises as `issue`."""
    sources, units = [desk.address(party) for party, _ in rows], [each for _, each in rows]
    call = desk.token.redeem(sources, units, act)
    return Planned(
        name=ActName.REDEEM, call=call, duty=Duty.ISSUER, product=desk.product, ref=act.ref
    )


def redeem_all(desk: ActDesk, holders: Sequence[Party], act: Act) -> Planned:
    """Every unit of these holders ends. Raises as `issue`."""
    call = desk.token.redeem_all([desk.address(party) for party in holders], act)
    return Planned(
        name=ActName.REDEEM, call=call, duty=Duty.ISSUER, product=desk.product, ref=act.ref
    )


def split(desk: ActDesk, factor: int, act: Act, *, epoch: int) -> Planned:
    """Each unit becomes `factor` units (R-JSTOA-6.1.1.6).

    Args:
        epoch: how many splits there were when it was decided; the token refuses it when there were more meanwhile.

    The registry has a price against it that would not be whole yen (`field_invalid`).
    """

    def judge() -> Refusal | None:
        with desk.office.house.database.read() as connection:
            terms = Products(connection).get(desk.product).terms
        try:
            terms.after_split(factor)
        except Refusal as refusal:
            return refusal
        return None

    return Planned(
        name=ActName.SPLIT,
        call=desk.token.split(factor, act, epoch=epoch),
        duty=Duty.ISSUER,
        product=desk.product,
        ref=act.ref,
        judge=lambda: judge() if factor > 1 else None,  # what is no split, the token refuses
    )
