"""Repairing (修復): what moves units without their holder, on evidence; by two REPAIRERs (基本機能 8, 9, 10)."""

from dataclasses import replace

from genbo.bootstrap.acts.desk import ActDesk, Party
from genbo.bootstrap.acts.planned import Planned
from genbo.bootstrap.acts.standstill import standstill
from genbo.bootstrap.acts.table import ActName
from genbo.bootstrap.wallets import rekeying
from genbo.chain.call import Call
from genbo.governance import Duty
from genbo.kernel import Address, InvestorId, Reference, Refusal
from genbo.register.reversal import require_mirror
from genbo.storage.register import Register
from genbo.storage.trades import Trades
from genbo.token import Act


def force_transfer(desk: ActDesk, source: Party, target: Party, units: int, act: Act) -> Planned:
    """強制移転 (R-JSTOA-6.1.1.8). Raises Refusal(key_unknown)."""
    call = desk.token.forced_transfer(desk.address(source), desk.address(target), units, act)
    return _planned(desk, ActName.FORCE_TRANSFER, call, act.ref)


def reverse_transfer(
    desk: ActDesk, original: Reference, source: Party, target: Party, units: int, act: Act
) -> Planned:
    """逆移転 (R-JSTOA-6.1.1.10): from the recipient of the trade `original` back to its sender, once, and the whole.

    Raises:
        Refusal: `key_unknown`.
    """
    sender, recipient = desk.address(source), desk.address(target)
    call = desk.token.reverse_transfer(original, sender, recipient, units, act)
    planned = _planned(desk, ActName.REVERSE_TRANSFER, call, act.ref)
    return replace(
        planned,
        judge=lambda: (
            standstill(desk.office) or _no_mirror(desk, original, sender, recipient, units)
        ),
    )


def _no_mirror(
    desk: ActDesk, original: Reference, sender: Address, recipient: Address, units: int
) -> Refusal | None:
    """What the register has against it: the contract knows neither the trade nor its sides (R-JSTOA-6.1.1.10b)."""
    chain_id = desk.office.deployment.chain_id
    with desk.office.house.database.read() as connection:
        totals = Register(connection, chain_id).totals(desk.product)
        try:
            require_mirror(
                product=desk.product,
                original=original,
                sender=sender,
                recipient=recipient,
                units=units,
                factor=totals[-1].factor if totals else 1,
                history=Trades(connection, chain_id),
            )
        except Refusal as refusal:
            return refusal
    return None


def redistribute(desk: ActDesk, lost: Party, target: Party, units: int, act: Act) -> Planned:
    """再配布 (R-JSTOA-6.1.1.9), once per incident: the act's reference is the incident's. Raises as above."""
    call = desk.token.redistribute(
        desk.address(lost),
        desk.address(target),
        units,
        incident=act.ref,
        evidence=act.evidence,
    )
    return _planned(desk, ActName.REDISTRIBUTE, call, act.ref)


def recreate(desk: ActDesk, burned: Reference, target: Party, units: int, act: Act) -> Planned:
    """再配布 of units that a mistaken redemption under `burned` destroyed. Raises as above."""
    call = desk.token.redistribute_burned(
        burned, desk.address(target), units, incident=act.ref, evidence=act.evidence
    )
    return _planned(desk, ActName.RECREATE, call, act.ref)


def rekey(desk: ActDesk, investor: InvestorId, new: Address, act: Act) -> Planned:
    """鍵の更新 (R-DAIWA-13): the investor's waiting key `new` takes the place of the one that speaks.

    Raises:
        Refusal: `key_unknown`.
    """
    target = desk.address(Party(address=new))
    old = desk.addresses([investor])[investor]

    def judge() -> Refusal | None:
        try:
            rekeying(desk.office, desk.product, investor, act, new=target)
        except Refusal as refusal:
            return refusal
        return None

    call = desk.token.rekey(old, target, act)
    return Planned(
        name=ActName.REKEY,
        call=call,
        duty=Duty.REPAIRER,
        product=desk.product,
        ref=act.ref,
        judge=judge,
    )


def _planned(desk: ActDesk, name: ActName, call: Call, ref: Reference | None) -> Planned:
    return Planned(name=name, call=call, duty=Duty.REPAIRER, product=desk.product, ref=ref)
