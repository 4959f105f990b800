"""Redemption in part (一部償還): which units of whom end, so that nobody can say that others were preferred.

Each holder gives its part of the units that end, in proportion to what it held at the record date. Units are whole, so
what the proportion gives is cut to whole units, and what the cuts leave over goes by one unit each to those whose cut
was largest (最大剰余方式). Among equal cuts the earlier acquisition comes first, then the lower address:

    part = units x held // total         rest = units x held mod total
    leftover units = units - sum of parts, one each by (rest, larger first; acquired, earlier first; address)

So the parts add up to the units, nobody gives more than it holds, a holder is at most one unit away from its exact
proportion, and the order in which holders are told changes nothing. A restriction gives no preference either way: a
blocked, frozen or locked holder takes part like any other, and its money is what is put aside (decision I-18).
"""

from collections.abc import Iterable
from datetime import date

from genbo.kernel import Address, Reason, Refusal, Units
from genbo.kernel.record import record


@record(frozen=True, slots=True, kw_only=True)
class Holding:
    """What one holder had at the record date."""

    holder: str
    """Investor id; the address itself where the registry knows nobody behind it."""
    units: Units
    acquired: date
    """取得日 of its oldest lot."""
    address: Address
    """The account; the lowest where there are several."""


def redeemed_in_part(holdings: Iterable[Holding], units: int) -> dict[str, Units]:
    """The units that each holder gives, by holder; who gives none is not named (R-JSTOA-6.1.1.4b).

    Args:
        units: how many end in all.

    Raises:
        Refusal: `field_invalid` unless it is at least one, and fewer than there are: all of them is no part.
        ValueError: a holder twice, or without units.
    """
    held = sorted(holdings, key=lambda each: each.holder)
    if len({each.holder for each in held}) < len(held) or any(each.units <= 0 for each in held):
        raise ValueError("a holder twice, or without units")
    total = sum(each.units for each in held)
    if not 1 <= units < total:
        raise Refusal(
            Reason.FIELD_INVALID, field="units", value=units, allowed=f"1 to {max(total - 1, 0)}"
        )
    parts = {each.holder: units * each.units // total for each in held}
    turn = sorted(
        held, key=lambda each: (-(units * each.units % total), each.acquired, each.address)
    )
    for each in turn[: units - sum(parts.values())]:
        parts[each.holder] += 1
    return {holder: Units(part) for holder, part in parts.items() if part}
