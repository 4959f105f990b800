"""Printing the register: the ledger's lots joined with the registry's names, as of an instant."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection

from genbo.bootstrap.office import Office
from genbo.kernel import (
    JST,
    MAX_UNITS,
    Address,
    BlockStamp,
    Fault,
    InvestorId,
    ProductId,
    Reason,
    Refusal,
    business_date,
)
from genbo.register import Lot, LotId, Position, lines, provenance
from genbo.reporting import RegisterDocument, RegisterLine
from genbo.reporting.provenance_document import Provenance, ProvenanceDocument
from genbo.storage.cursor import Cursors
from genbo.storage.investors import Identity, Investors
from genbo.storage.products import Product, Products
from genbo.storage.register import AsOf, Register
from genbo.storage.vault import Purpose, Reading
from genbo.storage.wallets import Wallets

_SECOND = timedelta(seconds=1)
"""Block times are whole seconds: an instant one second later has the block before it, and none between."""


def print_register(
    office: Office,
    product: ProductId,
    *,
    as_of: AsOf | None,
    actor: str,
    names: bool,
    now: datetime,
) -> RegisterDocument:
    """The register of a product. Asked again for the instant that it carries, it is the same.

    Args:
        as_of: everything before this instant is in; as of a block, everything up to and including it; None means up
            to the latest block read.
        actor: who asks; recorded when names are opened.
        names: whether names and addresses are opened, as they were on that day.
        now: when the reading happens, for the record.

    Raises:
        Refusal: `product_unknown`; `holding_unknown` when nothing was read before the instant; `block_unknown`.
    """
    with office.house.database.read() as connection:
        asked = ask(connection, office, product, as_of)
        register = Register(connection, office.deployment.chain_id)
        lots = lines(register.lots(product, as_of=asked.as_of))
        positions = {each.address: each for each in register.positions(product, as_of=asked.as_of)}
        total = register.total(product, as_of=asked.as_of)
    identities: Mapping[InvestorId, Identity] = {}
    if names:
        holders = {asked.owners[line.address] for line in lots if line.address in asked.owners}
        reading = Reading(purpose=Purpose.REGISTER, actor=actor, at=now)
        # A transaction of its own: this one writes, to the reading record and the audit chain.
        with office.house.database.begin() as connection:
            identities = Investors(connection, office.house.vault).identities(
                sorted(holders),
                on=business_date(asked.instant - _SECOND),  # midnight belongs to the day before
                reading=reading,
            )
    printed = []
    for line in lots:
        holder = asked.owners.get(line.address)
        identity = identities.get(holder) if holder else None
        printed.append(
            RegisterLine(
                holder=holder,
                name=str(identity.name) if identity else None,
                registered_address=str(identity.registered_address) if identity else None,
                account=line.address,
                units=line.units,
                acquired=line.acquired,
                restrictions=_restrictions(positions.get(line.address), asked.instant),
            )
        )
    return RegisterDocument(
        product=product,
        product_name=asked.name,
        as_of=asked.instant,
        stamp=asked.stamp,
        total=total,
        lines=tuple(printed),
        register_note=asked.product.terms.register_note,
    )


def print_provenance(
    office: Office,
    product: ProductId,
    *,
    as_of: AsOf | None,
    lot: LotId | None = None,
    holder: InvestorId | None = None,
) -> ProvenanceDocument:
    """How every unit came to where it is at the instant, from the issue on (R-JSTOA-6.2.1.1).

    Args:
        lot: only this lot, whether it stands at the instant or not.
        holder: only the lots of this investor.

    Raises:
        Refusal: as `print_register`; `lot_unknown`; `holding_unknown` for an investor without lots.
    """
    with office.house.database.read() as connection:
        asked = ask(connection, office, product, as_of)
        register = Register(connection, office.deployment.chain_id)
        ancestors: dict[LotId, Lot] = {}
        if lot is not None:
            chain = register.provenance(product, lot)
            if not chain or chain[0].opened.stamp.number > asked.stamp.number:
                raise Refusal(Reason.LOT_UNKNOWN, lot=str(lot), product=product)
            lots = chain[:1]
        else:
            lots = register.lots(product, as_of=asked.as_of)
        if holder is not None:
            lots = [each for each in lots if asked.owners.get(each.address) == holder]
            if not lots:
                raise Refusal(Reason.HOLDING_UNKNOWN, investor=holder, product=product)
        for standing in lots:
            for each in register.provenance(product, standing.id):
                ancestors[each.id] = each
    return ProvenanceDocument(
        product=product,
        as_of=asked.instant,
        stamp=asked.stamp,
        lots=[
            Provenance(lot=each, steps=tuple(provenance(each, ancestors.__getitem__)))
            for each in lots
        ],
        investors=asked.owners,
    )


@dataclass(frozen=True, slots=True)
class Asked:
    """What a question about a product is about."""

    product: Product
    name: str
    """The name that held that day (R-PROGMAT-T3.2)."""
    as_of: AsOf
    """What the register is asked for."""
    instant: datetime
    """The first instant that no longer belongs to the answer."""
    stamp: BlockStamp
    """The last block that belongs to it."""
    owners: Mapping[Address, InvestorId]


def ask(connection: Connection, office: Office, product: ProductId, as_of: AsOf | None) -> Asked:
    """Pins the question to an instant or a block."""
    stamp = pinned(connection, office, product, as_of)
    found = Products(connection).get(product)
    owners = Wallets(connection).owners(product)
    if isinstance(as_of, datetime):
        return Asked(found, _name(connection, product, as_of), as_of, as_of, stamp, owners)
    instant = stamp.at + _SECOND
    name = _name(connection, product, instant)
    return Asked(found, name, stamp.number, instant, stamp, owners)


def pinned(
    connection: Connection, office: Office, product: ProductId, as_of: AsOf | None
) -> BlockStamp:
    """The last block that belongs to the answer."""
    cursors = Cursors(connection, office.deployment.chain_id)
    cursor = cursors.get()
    if cursor is None or cursor.last is None:
        raise Fault(Reason.DEPLOYMENT_MISSING, chain_id=office.deployment.chain_id)
    if not isinstance(as_of, datetime):
        return cursor.last if as_of is None else _stamp_of(office, cursors, cursor.last, as_of)
    stamp = cursors.last_before(as_of)
    if stamp is None:
        first = office.house.node.stamp(office.deployment.first_block).at.astimezone(JST)
        raise Refusal(
            Reason.HOLDING_UNKNOWN, product=product, begins=f"{first:%Y-%m-%d %H:%M:%S} JST"
        )
    return stamp


def _name(connection: Connection, product: ProductId, instant: datetime) -> str:
    """The product's name on the day before that instant; midnight belongs to the day before."""
    return Products(connection).name_on(product, business_date(instant - _SECOND))


def _stamp_of(office: Office, cursors: Cursors, last: BlockStamp, block: int) -> BlockStamp:
    """The stamp of a block that was read; only blocks in which something happened have theirs stored."""
    first = office.deployment.first_block
    if not first <= block <= last.number:
        raise Refusal(Reason.BLOCK_UNKNOWN, block=block, first=first, last=last.number)
    return cursors.header(block) or office.house.node.stamp(block)


def _restrictions(position: Position | None, as_of: datetime) -> str:
    """What stood against disposal just before the instant, in words a register carries."""
    if position is None:
        return ""
    words = []
    if position.address_frozen:
        words.append("address frozen 全部凍結")
    if position.frozen:
        everything = position.frozen >= min(int(position.units), int(MAX_UNITS))
        words.append(
            "all units frozen 凍結" if everything else f"{position.frozen:,} units frozen 凍結"
        )
    if position.locked_until is not None and as_of <= position.locked_until:
        words.append(f"lock-up until {position.locked_until.astimezone(JST):%Y-%m-%d %H:%M} JST")
    if position.blocked:
        words.append("blocked 取引停止")
    return "; ".join(words)
