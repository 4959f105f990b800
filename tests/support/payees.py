"""The holders of the common fixture on a real register: an office, 503 accounts, invented people with bank accounts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from types import MappingProxyType

from tests.storage.builders import new_investor
from tests.support.chain import GENESIS
from tests.support.firms import BRANCH
from tests.support.office import PRODUCT, Firm, found_firm

from genbo.bootstrap.office import Office
from genbo.bootstrap.payments import Form
from genbo.bootstrap.people import open_accounts, register_investors
from genbo.chain.embedded import EmbeddedNode
from genbo.cli.life.stage import StoryClock
from genbo.entitlements.zengin import Remitter
from genbo.kernel import InvestorId, Reference, Units
from genbo.storage.engine import Database
from genbo.storage.investors import NewInvestor

CORPORATE_NUMBER = "1020281079130"
"""A published number with a right check digit."""
ACCOUNT = {
    "payee_bank_code": BRANCH.bank_code,
    "payee_bank_name_kana": BRANCH.bank_name_kana,
    "payee_branch_code": BRANCH.branch_code,
    "payee_branch_name_kana": BRANCH.branch_name_kana,
    "payee_account_kind": "1",
    "payee_account_holder_kana": "ミホン タロウ",
}
FORM = Form(
    remitter=Remitter(
        code="1234567890",
        name="カクウシンタク",
        bank_code="9990",
        bank_name="カクウ",
        branch_code="001",
        branch_name="ホンテン",
        account_kind="1",
        account_number="7654321",
    )
)


def payee(number: int, **more: str) -> NewInvestor:
    """An invented person with an account."""
    return new_investor(
        f"IV-{number}", **{**ACCOUNT, "payee_account_number": f"{number:07d}", **more}
    )


class Clock(StoryClock):
    """A clock that a test may take back with the chain."""

    def back_to(self, at: datetime) -> None:
        self._at = at


@dataclass(frozen=True)
class Register:
    """A register with holders, and the clock of its story."""

    firm: Firm
    clock: Clock

    def over(self, database: Database) -> Register:
        """The same register with a copy of its database."""
        house = replace(self.office.house, database=database)
        return Register(Firm(Office(house, self.office.deployment)), self.clock)

    @property
    def office(self) -> Office:
        return self.firm.office

    def transfer(self, source: int, target: int, units: int, *, ref: str | None = None) -> None:
        """A holder's own transfer, in the block of the clock's second."""
        name = None if ref is None else Reference(ref)
        self.office.act_as_holder(
            self.office.token(PRODUCT).transfer(self.firm.address(target), units, name),
            investor=InvestorId(f"IV-{source}"),
            signer=self.firm.key(source),
            product=PRODUCT,
            ref=name,
        )


def a_register(
    database: Database,
    folder: Path,
    held: Mapping[int, int],
    *,
    people: Sequence[NewInvestor] = (),
    others: Sequence[int] = (),
    strangers: Mapping[int, int] = MappingProxyType({}),
    genesis: datetime = GENESIS,
    issued: str = "2021-08-11",
    **changed: object,
) -> Register:
    """A register on which the investors hold what `held` says, from the day of issue on.

    Args:
        people: who some of them are; the others are invented by `payee`.
        others: further investors who may hold later.
        strangers: what is held at addresses that the registry knows nobody behind.
        changed: terms that are other than those of the builders.
    """
    clock = Clock(genesis)
    firm = found_firm(EmbeddedNode(genesis_at=genesis, clock=clock), database, folder, **changed)  # type: ignore[arg-type]
    firm.office.close()
    house = replace(firm.office.house, clock=clock)
    firm = Firm(Office(house, firm.office.deployment))
    known: dict[str, NewInvestor] = {each.investor.investor_id: each for each in people}
    numbers = [0, *sorted({*held, *others})]
    new = [known.get(f"IV-{number}") or payee(number) for number in numbers]
    register_investors(firm.office, new, [], by="registrar-1")
    clock.set(f"{issued} 09:00:00")
    firm.verify([*numbers, *strangers])
    accounts = {InvestorId(f"IV-{number}"): firm.address(number) for number in numbers}
    open_accounts(firm.office, PRODUCT, accounts, by="registrar-1")
    everybody = {**held, **strangers}
    firm.issue(sum(everybody.values()))
    allotment = [(firm.address(number), Units(units)) for number, units in everybody.items()]
    for _ in firm.office.distribute(PRODUCT, allotment, ref=Reference("D-1")):
        pass
    return Register(firm, clock)
