"""Restricting (移転の制限, 基本機能 7): one RESTRICTOR raises, two persons lift.

The token knows which of the two an act is: what would lift is refused to somebody who may only raise.
"""

from collections.abc import Collection
from datetime import datetime

from genbo.bootstrap.acts.desk import ActDesk, Party
from genbo.bootstrap.acts.planned import Planned
from genbo.bootstrap.acts.table import ActName
from genbo.bootstrap.words import words_of
from genbo.chain.call import Call
from genbo.governance import Duty
from genbo.kernel import InvestorId


def freeze_units(desk: ActDesk, holder: Party, units: int, *, lift: bool) -> Planned:
    """So many units more are frozen, or fewer (口数の凍結). Raises Refusal(key_unknown)."""
    address, token = desk.address(holder), desk.token
    if lift:
        return _lifts(desk, ActName.UNFREEZE_UNITS, token.unfreeze(address, units))
    return _raises(desk, ActName.FREEZE_UNITS, token.freeze(address, units))


def freeze_address(desk: ActDesk, holder: Party, *, lift: bool) -> Planned:
    """The whole address is frozen, or no longer. Raises Refusal(key_unknown)."""
    call = desk.token.set_address_frozen(desk.address(holder), frozen=not lift)
    if lift:
        return _lifts(desk, ActName.UNFREEZE_ADDRESS, call)
    return _raises(desk, ActName.FREEZE_ADDRESS, call)


def lock_up(desk: ActDesk, holder: Party, *, until: datetime | None, lift: bool) -> Planned:
    """The holder may not give before `until` (譲渡制限期間); None: at once.

    Raises:
        Refusal: `key_unknown`, `time_malformed`.
    """
    call = desk.token.set_lock_up(desk.address(holder), until=until)
    if lift:
        return _lifts(desk, ActName.RELEASE_LOCK_UP, call)
    return _raises(desk, ActName.LOCK_UP, call)


def lock_up_product(desk: ActDesk, *, until: datetime | None, lift: bool) -> Planned:
    """Nobody may give before `until`; None: at once. Raises Refusal(time_malformed)."""
    call = desk.token.set_product_lock_up(until=until)
    if lift:
        return _lifts(desk, ActName.RELEASE_PRODUCT, call)
    return _raises(desk, ActName.LOCK_UP_PRODUCT, call)


def permit_classes(desk: ActDesk, classes: Collection[int], *, lift: bool) -> Planned:
    """These investor classes (投資家区分, 0 to 31) may hold, and no others."""
    call = desk.token.set_permitted_classes(sum(1 << each for each in set(classes)))
    if lift:
        return _lifts(desk, ActName.RELEASE_CLASSES, call)
    return _raises(desk, ActName.PERMIT_CLASSES, call)


def record_verdict(desk: ActDesk, investor: InvestorId) -> Planned:
    """The ledger is told of an investor what the registry knows: verified until then, or blocked. What it is told is
    judged from the verdicts and screenings on record and never given by hand; taking back "blocked" takes two persons.

    Raises:
        Refusal: `key_unknown`.
    """
    office, token = desk.office, desk.token
    address = desk.addresses([investor])[investor]
    if (told := _told_before(desk, token.set_verdict(address, until=None))) is not None:
        return told
    with office.house.database.read() as connection:
        known, words = words_of(connection, office, [investor], at=office.house.now())
    word = words[investor]
    call = token.set_verdict(
        address,
        until=word.until,
        investor_class=known[investor].investor_class,
        blocked=word.blocked,
    )
    lifts = token.account(address).value.blocked_to_send and not word.blocked
    return (_lifts if lifts else _raises)(desk, ActName.RECORD_VERDICT, call)


def _told_before(desk: ActDesk, like: Call) -> Planned | None:
    """The verdict that was ordered under this key, of the same address: the registry may say something else by now."""
    if desk.known is None:
        return None
    command = desk.known.command
    of_the_same = slice(0, 4 + 32)  # the function and the address
    if command.to != like.to or command.data[of_the_same] != like.data[of_the_same]:
        return None
    call = Call(command.to, command.data, command.what, command.evidence)
    return (_lifts if command.duty is Duty.RELEASER else _raises)(
        desk, ActName.RECORD_VERDICT, call
    )


def _raises(desk: ActDesk, name: ActName, call: Call) -> Planned:
    return Planned(name=name, call=call, duty=Duty.RESTRICTOR, product=desk.product)


def _lifts(desk: ActDesk, name: ActName, call: Call) -> Planned:
    return Planned(name=name, call=call, duty=Duty.RELEASER, product=desk.product)
