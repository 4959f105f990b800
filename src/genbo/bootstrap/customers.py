"""Customers (顧客): a broker takes its own customers into the registry, and says what changed of them.

given a request of a broker
├── when it registers somebody: the customer is its own, kept as its contract says (at a custodian or by itself)
├── when it changes somebody: the version that it read must be the one that stands
│   ├── name and address become a further version, from a day on
│   └── everything else is entered anew, and what was there is compared and recorded as read
└── when it was carried out before: it is answered as it was
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from sqlalchemy import Connection

from genbo.bootstrap.files.investors import texts_of
from genbo.bootstrap.office import Office
from genbo.bootstrap.people import take_in
from genbo.governance.institutions import Institution
from genbo.kernel import InvestorId, Reason, Refusal, business_date
from genbo.masters import InvestorRecord, check_investor, version_on
from genbo.storage.banks import Banks
from genbo.storage.customer_numbers import numbers_taken
from genbo.storage.investor_corrections import InvestorCorrections
from genbo.storage.investor_pages import InvestorPages, JudgedInvestor
from genbo.storage.investors import PERSONAL_FIELDS, Investor, Investors, NewInvestor
from genbo.storage.retention import Retention
from genbo.storage.vault import Purpose, Reading

NAMES = ("investor_name", "registered_address", "name_kana", "name_romaji")
"""What has versions, each from a day on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewCustomer:
    """Somebody to register. Its representation shows no personal data."""

    investor: InvestorId
    kind: str
    investor_class: int
    broker_customer_id: str | None
    effective: date
    """The day from which name and address hold."""
    cells: Mapping[str, str] = field(repr=False)
    """Personal cells by column: `NAMES` and `PERSONAL_FIELDS`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerChange:
    """What changed of a customer; what is not named stays. Its representation shows no personal data."""

    effective: date | None
    """The day from which a new name or address holds; None: today in Japan."""
    cells: Mapping[str, str | None] = field(repr=False)
    """By column: `NAMES`, `PERSONAL_FIELDS` and `broker_customer_id`; None empties one."""


def register_customer(
    office: Office,
    connection: Connection,
    broker: Institution,
    new: NewCustomer,
    *,
    by: str,
    key: str,
) -> None:
    """Takes a customer of `broker` into the registry, in a transaction of the caller's. Nothing is written to the
    ledger: the investor is verified first.

    Args:
        key: idempotency key of the registry's command.

    Raises:
        Refusal: as `Investors.register`.
    """
    cells = dict(new.cells)
    delegated = broker.custodian is not None
    take_in(
        connection,
        office,
        [
            NewInvestor(
                investor=Investor(
                    investor_id=new.investor,
                    kind=new.kind,
                    safekeeping_kind="delegated" if delegated else "direct",
                    safekeeping_id=broker.id,
                    broker_customer_id=new.broker_customer_id,
                    custodian_id=broker.custodian,
                    investor_class=new.investor_class,
                ),
                name=cells.pop("investor_name"),
                registered_address=cells.pop("registered_address"),
                name_kana=cells.pop("name_kana", None),
                name_romaji=cells.pop("name_romaji", None),
                effective=new.effective,
                personal=cells,
            )
        ],
        [],
        by=by,
        key=key,
    )


def change_customer(
    office: Office,
    connection: Connection,
    investor: InvestorId,
    change: CustomerChange,
    *,
    require: Callable[[JudgedInvestor], None],
    by: str,
) -> JudgedInvestor:
    """Changes a customer, in a transaction of the caller's; the investor as it stands then.

    Args:
        require: refuses where the investor is not as it was read.

    Raises:
        Refusal: what `require` raises; `use_restricted`; `field_invalid`, `individual_number_refused`; as
            `InvestorCorrections.correct`.
    """
    investors = Investors(connection, office.house.vault)
    pages = InvestorPages(connection)
    known = investors.get(investor, to_change=True)
    before = pages.investor(investor)
    require(before)
    # No two versions of an investor carry one time, so each has an ETag of its own.
    at = max(office.house.now(), before.changed_at + timedelta(microseconds=1))
    reading = Reading(purpose=Purpose.VERIFICATION, actor=by, at=at)
    _refuse_restricted(connection, investor, reading)
    effective = change.effective or business_date(at)
    named = version_on(investors.names([investor], reading=reading)[investor], effective)
    personal = investors.personal([investor], fields=PERSONAL_FIELDS, reading=reading)[investor]
    there = texts_of(known, personal, named)
    wanted = there | dict(change.cells)
    record = _checked(connection, known, wanted)
    if any(wanted[name] != there[name] for name in NAMES):
        investors.rename(
            investor,
            name=record.investor_name,
            registered_address=record.registered_address,
            name_kana=wanted["name_kana"],
            name_romaji=wanted["name_romaji"],
            effective=effective,
            at=at,
            by=by,
        )
    canonical = record.personal() | {"broker_customer_id": record.broker_customer_id}
    differs = {
        column: canonical.get(column)
        for column in change.cells
        if column not in NAMES and canonical.get(column) != there[column]
    }
    if differs:
        _refuse_number(connection, known, differs.get("broker_customer_id"))
        InvestorCorrections(connection, office.house.vault).correct(
            investor, differs, found_by=record.personal(), at=at, by=by
        )
    return pages.investor(investor)


def _checked(
    connection: Connection, known: Investor, wanted: Mapping[str, str | None]
) -> InvestorRecord:
    columns = (
        "investor_name",
        "registered_address",
        "broker_customer_id",
        *PERSONAL_FIELDS,
    )
    bank = wanted["payee_bank_code"]
    read = check_investor(
        {
            "investor_id": known.investor_id,
            "investor_type": known.kind,
            "safekeeping_kind": known.safekeeping_kind,
            "safekeeping_id": known.safekeeping_id,
            "custodian_id": known.custodian_id,
            **{column: wanted[column] for column in columns},
        },
        banks=Banks(connection).master([bank] if bank else []),
    )
    return read.or_refuse()


def _refuse_number(connection: Connection, known: Investor, number: str | None) -> None:
    """A customer number is one customer's within its broker (R-PROGMAT-T7.7)."""
    if number is None or known.safekeeping_id is None:
        return
    if numbers_taken(connection, {(known.safekeeping_id, number)}):
        raise Refusal(
            Reason.FIELD_INVALID,
            field="broker_customer_id",
            value=None,
            allowed=f"a number that {known.safekeeping_id} has not used",
        )


def _refuse_restricted(connection: Connection, investor: InvestorId, reading: Reading) -> None:
    if investor in Retention(connection).restricted_among([investor]):
        since: datetime | None = Retention(connection).restricted_since(investor)
        raise Refusal(
            Reason.USE_RESTRICTED,
            investor=investor,
            purpose=reading.purpose.value,
            since=business_date(since).isoformat() if since else "",
        )
