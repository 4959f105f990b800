"""A whole office for tests: a platform of the development cast and one product, on the chain and in the database."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from tests.storage.builders import TERMS
from tests.support.firms import record_firms

from genbo.bootstrap.creation import create_product
from genbo.bootstrap.founding import found_office
from genbo.bootstrap.house import House
from genbo.bootstrap.office import Office
from genbo.chain.accounts import account_of
from genbo.chain.keys import KeySigner
from genbo.chain.node import Node
from genbo.governance import Duty, Job, JobKind, JobRow
from genbo.kernel import Address, Digest, InvestorId, ProductId, Reference, Units
from genbo.storage.engine import Database
from genbo.storage.keyfile import development_kek
from genbo.storage.parties import Parties
from genbo.storage.vault import Vault
from genbo.token import Act, parse_terms

PRODUCT = ProductId("P1")
VERIFIED_UNTIL = int(datetime(2040, 1, 1, tzinfo=UTC).timestamp())


@dataclass(frozen=True)
class Firm:
    """The office, and everybody's key."""

    office: Office

    def key(self, number: int) -> KeySigner:
        """The key that speaks for investor so and so; 0 is the initial beneficiary."""
        return account_of(
            InvestorId(f"IV-{number}"), PRODUCT, chain_id=self.office.house.node.chain_id
        )

    def address(self, number: int) -> Address:
        return self.key(number).address

    def verify(self, numbers: Sequence[int], *, key: str | None = None) -> None:
        """Gives these investors a verdict."""
        job = Job(
            key=key or f"verify-{min(numbers)}-{max(numbers)}",
            chain_id=self.office.deployment.chain_id,
            kind=JobKind.VERDICT,
            product=PRODUCT,
            ref=None,
            arguments={"until": VERIFIED_UNTIL, "investor_class": 1, "blocked": 0},
            maker="compliance-1",
        )
        rows = [JobRow(address=self.address(number)) for number in numbers]
        for _ in self.office.carry_out_job(job, rows):
            pass

    def issue(self, units: int, *, ref: str = "I-1") -> None:
        """Issues to the initial beneficiary."""
        act = Act(ref=Reference(ref), evidence=Digest("0x" + 64 * "a"))
        self.office.act(
            self.office.token(PRODUCT).issue([self.address(0)], [units], act),
            Duty.ISSUER,
            product=PRODUCT,
            ref=act.ref,
        )

    def allotment(self, numbers: Sequence[int], units: int = 1) -> list[tuple[Address, Units]]:
        return [(self.address(number), Units(units)) for number in numbers]

    def balances(self, numbers: Sequence[int]) -> list[int]:
        token = self.office.token(PRODUCT)
        return [int(each) for each in token.balances_of([self.address(n) for n in numbers]).value]


def found_firm(
    node: Node, database: Database, folder: Path, *, cap: int = 10_000_000, **changed: object
) -> Firm:
    """Deploys the platform, opens the market, and creates the product P1 with the investor 0 as its beneficiary.

    Args:
        changed: terms that are other than those of the builders.
    """
    house = House(
        node=node,
        database=database,
        vault=Vault(development_kek(folder)),
        deployments=folder / "deployments",
        folder=folder,
    )
    office = found_office(house, echo=lambda _: None)
    firm = Firm(office)
    with database.begin() as connection:
        if not Parties(connection).institutions():
            record_firms(connection)
    terms = parse_terms({**TERMS, "authorised_cap": cap, **changed})
    create_product(
        office, terms, initial_beneficiary=firm.address(0), by="issue-1", echo=lambda _: None
    )
    office.act(office.platform.open_market(), Duty.MARKET_OPERATOR)
    return firm
