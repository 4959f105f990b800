"""A published offering from its files to its holders, by the operations that the commands use: one office, one chain in
this process, and the days of the offering on its clock."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path

from tests.support.payees import FORM

from contract_sources import ROOT
from genbo.bootstrap.corporate_actions import Decision
from genbo.bootstrap.corporate_actions import approve as approve_action
from genbo.bootstrap.coupons import wanted_coupon
from genbo.bootstrap.creation import create_product
from genbo.bootstrap.distributions import Wanted, anchor_distribution, approve, declare
from genbo.bootstrap.firms import register_firms
from genbo.bootstrap.founding import found_office
from genbo.bootstrap.house import House
from genbo.bootstrap.office import Office
from genbo.bootstrap.payments import MadeFile, import_results, make_file
from genbo.bootstrap.people import open_accounts, register_investors, verify_accounts
from genbo.bootstrap.record_dates import fix_record_date
from genbo.bootstrap.redemptions import carry_out_redemption, decide_redemption
from genbo.bootstrap.register_output import Asker, make_register
from genbo.chain.accounts import account_of
from genbo.chain.embedded import EmbeddedNode
from genbo.chain.keys import KeySigner
from genbo.cli.files.allotment import read_allotment
from genbo.cli.files.firms import read_firms
from genbo.cli.files.investors import fixture_names, read_investors
from genbo.cli.files.terms import read_terms
from genbo.cli.life.stage import StoryClock
from genbo.compliance.allotment import Application, OfferingLimits, Standing, judge_allotment
from genbo.entitlements import CorporateAction, PayeeLine, RedemptionTerms, Run
from genbo.governance import Duty
from genbo.kernel import (
    JST,
    UTC,
    Address,
    Digest,
    InvestorId,
    ProductId,
    Reference,
    Units,
    end_of_day,
)
from genbo.reporting import Extent, StatutoryRegister
from genbo.storage.distributions import Distributions
from genbo.storage.engine import Database
from genbo.storage.investors import NewInvestor
from genbo.storage.keyfile import development_kek
from genbo.storage.products import Products
from genbo.storage.record_dates import FixedRecordDate
from genbo.storage.vault import Vault
from genbo.storage.verdicts import Verdicts
from genbo.token import Act, ProductStatus, ProductTerms

BY = "cli:registrar"
EVIDENCE = Digest("0x" + 64 * "e")


@dataclass
class Offering:
    """A product with its holders, and the clock of its story."""

    office: Office
    clock: StoryClock
    terms: ProductTerms
    people: dict[str, InvestorId]
    """By the names of the example: H1, H2 ..."""
    applications: Sequence[Application]

    @property
    def product(self) -> ProductId:
        return self.terms.product_id

    @property
    def status(self) -> ProductStatus:
        with self.office.house.database.read() as connection:
            return Products(connection).get(self.product).status

    @property
    def names(self) -> dict[InvestorId, str]:
        return {investor: name for name, investor in self.people.items()}

    def key(self, name: str) -> KeySigner:
        chain_id = self.office.house.node.chain_id
        return account_of(self.people[name], self.product, chain_id=chain_id)

    def address(self, name: str) -> Address:
        return self.key(name).address

    def at(self, moment: str) -> None:
        """From here on it is that time in Japan, on the chain too."""
        node = self.office.house.node
        assert isinstance(node, EmbeddedNode)
        node.advance_to(self.clock.set(moment))
        self.office.read()

    def transfer(self, source: str, target: str, units: int) -> None:
        """A holder's own transfer, in the block of the clock's second."""
        self.office.act_as_holder(
            self.office.token(self.product).transfer(self.address(target), units),
            investor=self.people[source],
            signer=self.key(source),
            product=self.product,
        )

    # Money ---------------------------------------------------------------------------------------

    def fix(self, day: date) -> FixedRecordDate:
        return fix_record_date(self.office, self.product, day, by=BY)[0]

    def coupon(self, id: str, record_day: date) -> Run:
        """The coupon that the terms promise the holders of that day, declared by one and approved by another."""
        return self.declared(
            wanted_coupon(self.office, self.product, record_day, id=id, why="terms of the bond")
        )

    def declared(self, wanted: Wanted) -> Run:
        declare(self.office, wanted, maker="issue-1")
        return self.approved(wanted.id)

    def approved(self, run: str) -> Run:
        found = approve(self.office, run, name="issue-2")
        anchor_distribution(self.office, run)
        return found

    def paid(self, run: Run) -> MadeFile:
        """The payment file of a run, and the bank's answer that all of it was paid."""
        made = make_file(self.office, run.id, FORM, by=BY)
        import_results(self.office, run.id, 1, [], by=BY, others_paid_on=run.payment_day)
        return made

    def lines(self, run: str) -> dict[str, PayeeLine]:
        """By the name of the holder."""
        with self.office.house.database.read() as connection:
            lines = Distributions(connection).lines(run)
        return {self.names[InvestorId(each.holder)]: each for each in lines}

    # The end -------------------------------------------------------------------------------------

    def decision(self, id: str, day: date) -> Decision:
        return Decision(
            id=id, product=self.product, day=day, resolution="terms of issue", evidence=EVIDENCE
        )

    def redeemed(self, id: str, day: date, terms: RedemptionTerms) -> CorporateAction:
        """Decided by one, approved by another, carried out by both; its payment is approved by the other."""
        decide_redemption(self.office, self.decision(id, day), terms, maker="issue-1")
        approve_action(self.office, id, name="issue-2")
        return carry_out_redemption(self.office, id, by=BY)

    def register(self, day: date) -> StatutoryRegister:
        """The statutory register at 24:00 JST of a day, with names."""
        asker = Asker(by=BY, at=self.office.house.now())
        return make_register(
            self.office, self.product, as_of=end_of_day(day), extent=Extent.FULL, asker=asker
        )

    def held(self, day: date) -> dict[str, int]:
        """Units by name in the statutory register of a day."""
        found: dict[str, int] = {}
        for line in self.register(day).lines:
            assert line.holder is not None
            assert line.name
            name = self.names[line.holder]
            found[name] = found.get(name, 0) + int(line.units)
        return found


def allotted(
    database: Database,
    folder: Path,
    example: str,
    *,
    begin: str,
    issue_at: str,
    known: Callable[[NewInvestor], NewInvestor] = lambda new: new,
    before: Callable[[Database], None] = lambda _: None,
) -> Offering:
    """The offering of an example, registered, issued and allotted.

    Args:
        begin: when the platform is deployed, a time in Japan.
        issue_at: when it is paid in and distributed.
        known: what the registry knows of each investor beyond the files.
        before: what the database has before the firms.
    """
    files = ROOT / "examples" / example
    start = datetime.fromisoformat(begin).replace(tzinfo=JST).astimezone(UTC)
    clock = StoryClock(start)
    house = House(
        node=EmbeddedNode(genesis_at=start, clock=clock),
        database=database,
        vault=Vault(development_kek(folder)),
        deployments=folder / "deployments",
        folder=folder,
        clock=clock,
    )
    office = found_office(house, echo=lambda _: None)
    before(database)
    register_firms(house, read_firms(files / "firms.yaml"), at=start, by="registrar-1")
    terms = read_terms(files / "product.yaml")
    rows, people = [], {}
    for file in sorted(files.glob("*investors.csv")):
        rows += read_investors(file)
        people |= fixture_names(file)
    applications = read_allotment(files / "allotment.csv")
    offering = Offering(office, clock, terms, people, applications)
    beneficiary = account_of(
        terms.initial_beneficiary_id, terms.product_id, chain_id=house.node.chain_id
    )
    create_product(
        office, terms, initial_beneficiary=beneficiary.address, by="issue-1", echo=lambda _: None
    )
    office.act(office.platform.open_market(), Duty.MARKET_OPERATOR)
    verdicts = [row.verdict for row in rows if row.verdict is not None]
    register_investors(office, [known(row.new) for row in rows], verdicts, by="registration-1")
    accounts = {investor: offering.address(name) for name, investor in people.items()}
    open_accounts(office, terms.product_id, accounts, by="registration-1")
    offering.at(issue_at)
    for _ in verify_accounts(office, terms.product_id, [each.investor_id for each in verdicts]):
        pass
    _issue(offering, beneficiary.address)
    return offering


def _issue(offering: Offering, beneficiary: Address) -> None:
    """The whole set quantity at the initial beneficiary by two persons; then the applications, judged as a whole."""
    office, terms = offering.office, offering.terms
    act = Act(ref=Reference("ISSUE-1"), evidence=EVIDENCE, delivery_date=terms.set_date)
    call = office.token(offering.product).issue([beneficiary], [terms.set_quantity], act)
    office.act(call, Duty.ISSUER, product=offering.product, ref=act.ref)
    _move_on(offering, ProductStatus.OFFERING)
    limits = OfferingLimits(
        minimum=Units(terms.application_minimum),
        step=Units(terms.application_step),
        offering=Units(terms.set_quantity),
    )
    at = office.now().at
    investors = [each.investor for each in offering.applications]
    with office.house.database.read() as connection:
        verdicts = Verdicts(connection).latest(investors, at=at)
    standings = {
        investor: Standing(verified_until=each.until, blocked=each.blocked)
        for investor, each in verdicts.items()
    }
    assert not judge_allotment(offering.applications, limits=limits, standings=standings, at=at)
    allotment = [
        (offering.address(offering.names[each.investor]), each.units)
        for each in offering.applications
    ]
    for _ in office.distribute(offering.product, allotment, ref=Reference("ALLOT-1")):
        pass
    _move_on(offering, ProductStatus.ACTIVE)


def _move_on(offering: Offering, status: ProductStatus) -> None:
    with offering.office.house.database.begin() as connection:
        Products(connection).move_on(
            offering.product, status, at=offering.office.now().at, by="issue-1"
        )


def with_account(new: NewInvestor, number: int, **more: str) -> NewInvestor:
    """The investor with an account at the invented bank of the tests."""
    from tests.support.payees import ACCOUNT

    account = {**ACCOUNT, "payee_account_number": f"{number:07d}", **more}
    return replace(new, personal={**new.personal, **account})
