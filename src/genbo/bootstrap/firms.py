"""Firms (関係者): an installation learns who takes part in it, before its first product."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from genbo.bootstrap.house import House
from genbo.governance.institutions import Institution
from genbo.masters import BankBranch, Firm, TrustContract
from genbo.storage.banks import Banks
from genbo.storage.firms import Firms
from genbo.storage.parties import Parties
from genbo.storage.trust_contracts import TrustContracts
from genbo.storage.vault import Purpose, Reading, Vault


@dataclass(frozen=True, slots=True, kw_only=True)
class FirmsFile:
    """Firms and contracts, in an order in which each finds what it refers to."""

    digest: str
    """SHA-256 of the file."""
    institutions: Sequence[Institution]
    branches: Sequence[BankBranch]
    firms: Sequence[Firm]
    contracts: Sequence[TrustContract]


def register_firms(house: House, these: FirmsFile, *, at: datetime, by: str) -> Mapping[str, int]:
    """Registers what is not there yet, all or nothing; how many of each were new. What is there and says the same is
    left alone, so registering a file again changes nothing.

    Raises:
        Refusal: `institution_exists`, `firm_exists`, `contract_exists` for one that says something else; as
            `Parties.admit`, `Firms.register`, `TrustContracts.register`.
    """
    with house.database.begin() as connection:
        return write_firms(connection, house.vault, these, at=at, by=by)


def write_firms(
    connection: Connection, vault: Vault, these: FirmsFile, *, at: datetime, by: str
) -> Mapping[str, int]:
    """`register_firms`, in a transaction of the caller's."""
    return {
        "institutions": _admit(connection, these.institutions, at=at, by=by),
        "branches": _load(connection, these, at=at, by=by),
        "firms": _register(connection, vault, these.firms, at=at, by=by),
        "contracts": _conclude(connection, these.contracts, at=at, by=by),
    }


def _admit(
    connection: Connection, institutions: Sequence[Institution], *, at: datetime, by: str
) -> int:
    parties = Parties(connection)
    known = {each.id: each for each in parties.institutions()}
    new = [each for each in institutions if known.get(each.id) != each]
    for each in new:
        parties.admit(each, at=at, by=by)
    return len(new)


def _load(connection: Connection, these: FirmsFile, *, at: datetime, by: str) -> int:
    banks = Banks(connection)
    known = banks.find({(each.bank_code, each.branch_code) for each in these.branches})
    new = [each for each in these.branches if known.get((each.bank_code, each.branch_code)) != each]
    if new:
        banks.load(new, at=at, by=by, source=these.digest)
    return len(new)


def _register(
    connection: Connection, vault: Vault, given: Sequence[Firm], *, at: datetime, by: str
) -> int:
    firms = Firms(connection, vault)
    known = {
        (each.kind, each.id) for kind in {each.kind for each in given} for each in firms.all(kind)
    }
    reading = Reading(purpose=Purpose.VERIFICATION, actor=by, at=at)
    new = 0
    for firm in given:
        if (firm.kind, firm.id) in known:
            opened = (
                firms.get(firm.kind, firm.id)
                if firm.contact is None
                else firms.with_contact(firm.kind, firm.id, reading=reading)
            )
            if opened == firm:
                continue
        firms.register(firm, at=at, by=by)
        new += 1
    return new


def _conclude(
    connection: Connection, given: Sequence[TrustContract], *, at: datetime, by: str
) -> int:
    contracts = TrustContracts(connection)
    known = {each.id: each for each in contracts.all()}
    new = [each for each in given if known.get(each.id) != each]
    for each in new:
        contracts.register(each, at=at, by=by)
    return len(new)
