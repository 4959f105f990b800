"""The world of the sandbox: firms, one product, its investors, an issue and its distribution."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from pathlib import Path

from genbo.bootstrap.balance_certificates import approve_certifier, take_certifier
from genbo.bootstrap.creation import create_product
from genbo.bootstrap.firms import register_firms
from genbo.bootstrap.founding import found_office
from genbo.bootstrap.house import House
from genbo.bootstrap.market import override_day, records, set_hours
from genbo.bootstrap.office import Office
from genbo.bootstrap.people import open_accounts, register_investors, verify_accounts
from genbo.bootstrap.sandbox_credentials import SandboxCredential, issue_credentials
from genbo.chain.accounts import account_of, secret_of
from genbo.chain.development import CERTIFIER, CERTIFIER_KEY, PEOPLE
from genbo.chain.keys import development_key, development_secret
from genbo.cli.files.allotment import read_allotment
from genbo.cli.files.firms import read_firms
from genbo.cli.files.investors import InvestorRow, read_investors
from genbo.cli.files.terms import read_terms
from genbo.cli.output import Output
from genbo.governance import Duty
from genbo.governance.institutions import Institution, InstitutionId, InstitutionRole
from genbo.governance.market import MarketHours, Override, Session
from genbo.kernel import Digest, InvestorId, ProductId, Reference, business_date
from genbo.storage.parties import Parties
from genbo.storage.products import Products
from genbo.token import Act, ProductStatus, ProductTerms

_REGISTRAR, _PEOPLE, _OPERATOR = "registrar-1", "registration-1", "market-1"
_DAYS_OPEN = 92
"""Days on which the market is open all day, bank holidays too: whoever tries a system does it at any hour."""
_INTRODUCED = {InvestorId("H1"): InstitutionId("F1")}
"""Clients whom the intermediary introduced, with their consent."""
_HANDLING = (
    InstitutionRole.CUSTODIAN,
    InstitutionRole.DIRECT_BROKER,
    InstitutionRole.DELEGATING_BROKER,
    InstitutionRole.INTERMEDIARY,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SandboxWorld:
    """What somebody needs who talks to it. The keys are development keys, which everybody may know."""

    office: Office
    product: ProductId
    institutions: Mapping[InstitutionId, InstitutionRole]
    credentials: tuple[SandboxCredential, ...]
    holder_keys: Mapping[InvestorId, str] = field(repr=False)
    """Investor to the private key of its address, where the broker keeps the keys itself."""
    duty_keys: Mapping[str, str] = field(repr=False)
    """Person of the development cast, or who certifies balances for the custodian, to that person's private key."""


def seed(house: House, output: Output, folder: Path) -> SandboxWorld:
    """Builds the world from the files of `folder`, in a house that is empty.

    Raises:
        Fault: as `found_office`; FileProblems for a file that is wrong.
    """
    office = found_office(house, echo=lambda _: None)
    output.say("platform  deployed, duties with the development cast")
    at = house.now()
    firms = read_firms(folder / "firms.yaml")
    register_firms(house, firms, at=at, by=_REGISTRAR)
    terms = read_terms(folder / "product.yaml")
    rows = read_investors(folder / "investors.csv")
    product = terms.product_id
    beneficiary = account_of(
        terms.initial_beneficiary_id, product, chain_id=house.node.chain_id
    ).address
    create_product(
        office, terms, initial_beneficiary=beneficiary, by="issue-1", echo=lambda _: None
    )
    output.say(f"product   {product}, {terms.set_quantity:,} units")
    _admit(office, terms, rows, at)
    output.say(f"investors {len(rows)}, each with an address of its own")
    _issue(office, terms, folder)
    _let_certify(office, firms.institutions)
    _open_always(office, at)
    output.say(f"market    open day and night for {_DAYS_OPEN} days")
    credentials = tuple(
        issue_credentials(
            office,
            [each.id for each in firms.institutions],
            founders=_manager(firms.institutions),
            at=at,
        )
    )
    output.say(f"access    {len(credentials)} credentials, two for each institution")
    kept = {row.investor_id for row in rows if row.new.investor.custodian_id is None}
    return SandboxWorld(
        office=office,
        product=product,
        institutions={each.id: each.role for each in firms.institutions},
        credentials=credentials,
        holder_keys={
            investor: "0x" + secret_of(investor, product, chain_id=house.node.chain_id).hex()
            for investor in sorted(kept)
        },
        duty_keys={
            name: "0x" + development_secret(number).hex()
            for name, number in {**PEOPLE, CERTIFIER: CERTIFIER_KEY}.items()
        },
    )


def _manager(institutions: Sequence[Institution]) -> InstitutionId:
    return next(each.id for each in institutions if each.role is InstitutionRole.PLATFORM_MANAGER)


def _admit(
    office: Office,
    terms: ProductTerms,
    rows: Sequence[InvestorRow],
    at: datetime,
) -> None:
    """Registers the investors, lets the firms handle the product, and writes the verdicts to the ledger."""
    product, chain_id = terms.product_id, office.house.node.chain_id
    verdicts = [row.verdict for row in rows if row.verdict is not None]
    register_investors(office, [row.new for row in rows], verdicts, by=_PEOPLE)
    with office.house.database.begin() as connection:
        parties = Parties(connection)
        for each in parties.institutions():
            if each.role in _HANDLING:
                parties.handle(product, each.id, at=at, by=_REGISTRAR)
        for investor, intermediary in _INTRODUCED.items():
            parties.introduce(investor, intermediary, consents_to_sight=True, at=at, by=_REGISTRAR)
    open_accounts(
        office,
        product,
        {
            row.investor_id: account_of(row.investor_id, product, chain_id=chain_id).address
            for row in rows
        },
        by=_PEOPLE,
    )
    for _ in verify_accounts(office, product, [each.investor_id for each in verdicts]):
        pass


def _issue(office: Office, terms: ProductTerms, folder: Path) -> None:
    """Issues the whole quantity to the initial beneficiary, distributes the allotment, opens the market."""
    product, chain_id = terms.product_id, office.house.node.chain_id
    office.act(office.platform.open_market(), Duty.MARKET_OPERATOR)
    act = Act(ref=Reference("ISSUE-1"), evidence=Digest("0x" + 64 * "1"))
    beneficiary = account_of(terms.initial_beneficiary_id, product, chain_id=chain_id).address
    call = office.token(product).issue([beneficiary], [terms.set_quantity], act)
    office.act(call, Duty.ISSUER, product=product, ref=act.ref)
    allotted = [
        (account_of(each.investor, product, chain_id=chain_id).address, each.units)
        for each in read_allotment(folder / "allotment.csv")
    ]
    _move_on(office, product, ProductStatus.OFFERING)
    for _ in office.distribute(product, allotted, ref=Reference("ALLOT-1")):
        pass
    _move_on(office, product, ProductStatus.ACTIVE)


def _open_always(office: Office, at: datetime) -> None:
    """Hours around the clock, and no bank holiday for a while."""
    today = business_date(at)
    whole_day = (Session(time(), time()),)
    why = "a sandbox is tried at any hour"
    set_hours(
        office, MarketHours(effective=today, sessions=whole_day, by=_OPERATOR, at=at, why=why)
    )
    with office.house.database.read() as connection:
        calendar = records(connection).calendar()
    for day in (today + timedelta(days=number) for number in range(_DAYS_OPEN)):
        if calendar.is_holiday(day):
            override_day(
                office, Override(day=day, is_business_day=True, by=_OPERATOR, at=at, why=why)
            )


def _let_certify(office: Office, institutions: Sequence[Institution]) -> None:
    """Each custodian's balance certificates are signed by the one key outside of the cast."""
    account = development_key(CERTIFIER_KEY).address
    for each in institutions:
        if each.role is InstitutionRole.CUSTODIAN:
            take_certifier(
                office, each.id, account, evidence=Digest("0x" + 64 * "6"), by=_REGISTRAR
            )
            approve_certifier(office, each.id, account, by=_PEOPLE)


def _move_on(office: Office, product: ProductId, status: ProductStatus) -> None:
    with office.house.database.begin() as connection:
        Products(connection).move_on(product, status, at=office.now().at, by="issue-1")
