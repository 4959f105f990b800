"""Register output (原簿の出力): the statutory register of a product as of an instant, as far as the asker may see it.

    somebody asks for the register of a product
    ├── the registrar's office itself: in full, or reduced; another extent is `extent_not_open`
    ├── as an institution that sees nothing of the product: `not_found`, as for a product that does not exist
    ├── as its registrar: as the office
    ├── as its issuer: reduced; in full under a disclosure, otherwise `purpose_missing`; else `extent_not_open`
    └── as a broker, custodian or intermediary: its own customers; else `extent_not_open`

What is issued leaves an inspection (閲覧記録) with requester and reason; where names are in it, the vault notes the
reading with its purpose as well. `make_register` only makes it; `issue_register` makes, records and renders it. A
certificate of entries (記載事項証明書) is the register of one holder: nobody else's name is opened for it.
"""

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import Connection

from genbo.bootstrap.office import Office
from genbo.bootstrap.printing import Asked, ask, pinned
from genbo.bootstrap.register_head import agents_of, head_of
from genbo.bootstrap.sight import InstitutionDesk
from genbo.compliance.privacy import Purpose
from genbo.compliance.reasons import Language
from genbo.governance.inspection import Inspection, InspectionRequest
from genbo.governance.institutions import InstitutionId, InstitutionRole
from genbo.kernel import (
    Address,
    Digest,
    InvestorId,
    ProductId,
    Reason,
    Refusal,
    Units,
    business_date,
)
from genbo.register import Lot, Position
from genbo.reporting import Extent, Form, LotLine, Note, StatutoryRegister
from genbo.reporting.register_forms import rendered
from genbo.reporting.restriction import restrictions_of
from genbo.reporting.ticking import Tick, silent
from genbo.storage.inspections import Inspections
from genbo.storage.investors import Identity, Investors
from genbo.storage.parties import Parties
from genbo.storage.register import AsOf, Register
from genbo.storage.vault import Erased, Reading

_SECOND = timedelta(seconds=1)

_OPEN_EXTENTS: Mapping[InstitutionRole, frozenset[Extent]] = {
    InstitutionRole.REGISTRAR: frozenset({Extent.FULL, Extent.REDUCED}),
    InstitutionRole.ISSUER: frozenset({Extent.FULL, Extent.REDUCED}),
    InstitutionRole.CUSTODIAN: frozenset({Extent.OWN_CUSTOMERS}),
    InstitutionRole.DIRECT_BROKER: frozenset({Extent.OWN_CUSTOMERS}),
    InstitutionRole.DELEGATING_BROKER: frozenset({Extent.OWN_CUSTOMERS}),
    InstitutionRole.INTERMEDIARY: frozenset({Extent.OWN_CUSTOMERS}),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Asker:
    """Who asks, as what, and why sealed names are opened."""

    by: str
    """The user or credential, as the records name it."""
    at: datetime
    institution: InstitutionId | None = None
    """As which institution; None: the registrar's office itself."""
    purpose: Purpose = Purpose.REGISTER

    @property
    def reading(self) -> Reading:
        """What the vault notes."""
        return Reading(purpose=self.purpose, actor=self.by, at=self.at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Issued:
    """A register that was issued."""

    register: StatutoryRegister
    content: bytes = field(repr=False)
    inspection: Inspection


Also = Callable[[Connection, Issued], None]
"""What else happens in the transaction that records what was issued: both are kept, or neither."""


def _nothing(_: Connection, __: Issued) -> None:
    """Nothing else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Holdings:
    """Lots, accounts and owners of a register as far as they are seen."""

    total: Units
    lots: Sequence[Lot]
    positions: Mapping[Address, Position]
    owners: Mapping[Address, InvestorId]


def make_register(
    office: Office,
    product: ProductId,
    *,
    as_of: AsOf | None,
    extent: Extent,
    asker: Asker,
    holder: InvestorId | None = None,
) -> StatutoryRegister:
    """The register of a product. Asked again for the instant that it carries, it is the same.

    Args:
        as_of: everything before this instant is in; as of a block, everything up to and including it; None means up
            to the latest block read.
        holder: only the entries of this one, for a certificate.

    Raises:
        Refusal: as at the head of this module; `product_unknown`; `holding_unknown` when nothing was read before the
            instant, or the holder held nothing; `block_unknown`.
    """
    asked, held = holdings(office, product, as_of=as_of, extent=extent, asker=asker)
    lots = held.lots
    if holder is not None:
        lots = [lot for lot in lots if held.owners.get(lot.address) == holder]
        if not lots:
            raise Refusal(Reason.HOLDING_UNKNOWN, investor=holder, product=product)
    holders = {held.owners[lot.address] for lot in lots if lot.address in held.owners}
    names: Mapping[InvestorId, Identity] = {}
    if extent.named:
        names = names_of(office, holders, asked.instant, asker)
    with office.house.database.read() as connection:
        facts = head_of(connection, office.deployment.chain_id, asked)
        agents = agents_of(connection, sorted(holders), at=asked.instant) if extent.named else {}
    beneficiary = facts.terms.initial_beneficiary_id
    lines = []
    for lot in lots:
        owner = held.owners.get(lot.address)
        identity = names.get(owner) if owner else None
        broker, keeper = agents.get(owner, (None, None)) if owner else (None, None)
        lines.append(
            LotLine(
                lot=lot.id,
                holder=owner,
                name=str(identity.name) if identity else None,
                registered_address=str(identity.registered_address) if identity else None,
                account=lot.address,
                units=lot.units,
                acquired=lot.acquired,
                ref=lot.ref,
                restrictions=restrictions_of(held.positions.get(lot.address), at=asked.instant),
                notes=_notes(owner, identity, beneficiary),
                agent=broker,
                account_keeper=keeper,
            )
        )
    return StatutoryRegister(
        product=product,
        facts=facts,
        extent=extent,
        institution=asker.institution if extent is Extent.OWN_CUSTOMERS else None,
        holder=holder,
        as_of=asked.instant,
        stamp=asked.stamp,
        total_issued=held.total,
        lines=lines,
    )


def issue_register(
    office: Office,
    product: ProductId,
    *,
    as_of: AsOf | None,
    extent: Extent,
    form: Form,
    language: Language,
    request: InspectionRequest,
    asker: Asker,
    holder: InvestorId | None = None,
    tick: Tick = silent,
    also: Also = _nothing,
) -> Issued:
    """The register as a file, and the record of its inspection; of one holder, a certificate of entries.

    Args:
        tick: hears how many lines are written; what it raises ends the document, and nothing is recorded.
        also: done in the transaction that records it.

    Raises:
        Refusal: as `make_register`.
        Fault: as `rendered`.
    """
    register = make_register(
        office, product, as_of=as_of, extent=extent, asker=asker, holder=holder
    )
    content = rendered(register, form, language, tick=tick)
    made = _inspection(register, form=form, language=language, request=request, asker=asker)
    issued = Issued(register=register, content=content, inspection=made)
    with office.house.database.begin() as connection:
        Inspections(connection).add(made)
        also(connection, issued)
    return issued


def sized(
    office: Office, product: ProductId, *, as_of: AsOf | None, extent: Extent, asker: Asker
) -> tuple[AsOf, int]:
    """What is asked, said so that it is the same whenever it is asked again, and how many lots the register of the
    product has then, whoever sees them.

    Raises:
        Refusal: as `make_register`, before anything of the register is read.
    """
    role = InstitutionRole.REGISTRAR
    if asker.institution is not None:
        desk_of(office, asker).product(product)  # what it does not see, does not exist
        with office.house.database.read() as connection:
            role = Parties(connection).institution(asker.institution).role
    _require_open(role, extent)
    with office.house.database.read() as connection:
        stamp = pinned(connection, office, product, as_of)
        found = as_of if isinstance(as_of, datetime) else stamp.number
        register = Register(connection, office.deployment.chain_id)
        return found, register.lot_count(product, as_of=found)


def _inspection(
    register: StatutoryRegister,
    *,
    form: Form,
    language: Language,
    request: InspectionRequest,
    asker: Asker,
) -> Inspection:
    return Inspection(
        id=f"INS-{uuid.uuid4().hex[:16]}",
        kind="register" if register.holder is None else "certificate",
        product=register.product,
        investor=register.holder,
        extent=register.extent.value,
        institution=asker.institution,
        as_of=register.as_of,
        block=register.stamp.number,
        facts_digest=Digest(register.facts_digest),
        lots=len(register.lines),
        form=form.value,
        language=language.value,
        request=request,
        purpose=asker.purpose.value,
        at=asker.at,
        by=asker.by,
    )


# What is seen --------------------------------------------------------------------------------------


def holdings(
    office: Office, product: ProductId, *, as_of: AsOf | None, extent: Extent, asker: Asker
) -> tuple[Asked, Holdings]:
    """The lots of a product that the asker may see, without names. Raises as `make_register`."""
    if asker.institution is None:
        _require_open(InstitutionRole.REGISTRAR, extent)
        with office.house.database.read() as connection:
            asked = ask(connection, office, product, as_of)
            register = Register(connection, office.deployment.chain_id)
            positions = register.positions(product, as_of=asked.as_of)
            return asked, Holdings(
                total=register.total(product, as_of=asked.as_of),
                lots=register.lots(product, as_of=asked.as_of),
                positions={each.address: each for each in positions},
                owners=asked.owners,
            )
    desk = desk_of(office, asker)
    desk.product(product)  # what it does not see, does not exist
    with office.house.database.read() as connection:
        role = Parties(connection).institution(asker.institution).role
        asked = ask(connection, office, product, as_of)
    _require_open(role, extent)
    seen = desk.register(product, as_of=asked.as_of)
    return asked, Holdings(
        total=seen.total,
        lots=seen.lots,
        positions={each.address: each for each in seen.positions},
        owners=seen.owners,
    )


def names_of(
    office: Office, investors: set[InvestorId], instant: datetime, asker: Asker
) -> Mapping[InvestorId, Identity]:
    """Names and addresses as they were on the day before that instant; midnight belongs to the day before."""
    if not investors:
        return {}
    on = business_date(instant - _SECOND)
    if asker.institution is not None:
        return desk_of(office, asker).names(sorted(investors), on=on, purpose=asker.purpose)
    with office.house.database.begin() as connection:  # the reading record and the audit chain
        return Investors(connection, office.house.vault).identities(
            sorted(investors), on=on, reading=asker.reading
        )


def desk_of(office: Office, asker: Asker) -> InstitutionDesk:
    """The window at which the asker's institution asks."""
    assert asker.institution is not None
    return InstitutionDesk(
        office.house.database,
        office.house.vault,
        chain_id=office.deployment.chain_id,
        institution=asker.institution,
        by=asker.by,
        at=asker.at,
    )


def _require_open(role: InstitutionRole, extent: Extent) -> None:
    allowed = _OPEN_EXTENTS.get(role, frozenset())
    if extent not in allowed:
        raise Refusal(
            Reason.EXTENT_NOT_OPEN,
            extent=extent.value,
            role=role.value,
            allowed=", ".join(sorted(each.value for each in allowed)),
        )


def _notes(
    holder: InvestorId | None, identity: Identity | None, beneficiary: InvestorId
) -> Sequence[Note]:
    if holder is None:
        return (Note.HOLDER_UNKNOWN,)
    notes = []
    if holder == beneficiary:
        notes.append(Note.INITIAL_BENEFICIARY)
    if identity is not None and isinstance(identity.name, Erased):
        notes.append(Note.ERASED)
    return tuple(notes)
