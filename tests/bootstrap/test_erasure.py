"""Erasure: two persons, nothing that keeps the data, and a register that stays the same but for the mark.

given an investor who sold everything and left
├── when the period is not over, a hold stands, or units are held
│   └── it should be refused with the ground, and nothing be stored
├── when somebody orders the erasure and somebody else approves it
│   ├── it should destroy the key, in one transaction with the command
│   ├── it should print the register as before, but for the mark, for every past instant
│   └── it should let `genbo check` find nothing
├── when the maker approves, or somebody who is not of the registrar
│   └── it should be refused
├── when a hold is placed between the order and the approval
│   └── it should be refused
└── when it is approved again, or another command is given
    └── it should change nothing
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import select
from tests.storage.builders import new_investor
from tests.support.chain import GENESIS
from tests.support.office import PRODUCT, Firm, found_firm

from genbo.bootstrap.auditing import verify_seen
from genbo.bootstrap.check import check_system
from genbo.bootstrap.erasure import Erasures
from genbo.bootstrap.office import Office
from genbo.bootstrap.people import open_accounts, register_investors
from genbo.bootstrap.printing import print_register
from genbo.chain.command_evidence import evidence_of, verify_evidence
from genbo.chain.embedded import EmbeddedNode
from genbo.compliance.privacy import RetentionRules
from genbo.governance import CommandId, CommandState
from genbo.kernel import Digest, Fault, InvestorId, Reason, Reference, Refusal
from genbo.reporting import RegisterDocument
from genbo.storage import tables
from genbo.storage.commands import Commands
from genbo.storage.engine import Database
from genbo.storage.investors import Investors
from genbo.storage.retention import Retention

ONE, TWO = InvestorId("IV-1"), InvestorId("IV-2")
EVIDENCE = Digest("0x" + 64 * "e")
LATER = datetime(2060, 4, 2, tzinfo=UTC)


@dataclass(frozen=True)
class Case:
    firm: Firm
    held: int
    """A block in which IV-1 held units."""

    @property
    def office(self) -> Office:
        return self.firm.office

    def erasures(self, at: datetime = LATER) -> Erasures:
        """As seen at another time."""
        office = Office(replace(self.office.house, clock=lambda: at), self.office.deployment)
        return Erasures(office, RetentionRules())

    def printed(self, block: int | None = None) -> RegisterDocument:
        return print_register(
            self.office, PRODUCT, as_of=block, actor="cli:registrar", names=True, now=LATER
        )

    def commands(self) -> int:
        with self.office.house.database.read() as connection:
            return len(Commands(connection, self.office.deployment.chain_id).all())


@pytest.fixture
def case(database: Database, tmp_path: Path) -> Iterator[Case]:
    """IV-1 bought seven units and sold them to IV-2, and the contract ended."""
    firm = found_firm(EmbeddedNode(genesis_at=GENESIS), database, tmp_path)
    office = firm.office
    new = [new_investor(f"IV-{number}") for number in (0, 1, 2)]
    register_investors(office, new, [], by="registrar-1")
    numbers = {each.investor.investor_id: number for number, each in enumerate(new)}
    accounts = {who: firm.address(number) for who, number in numbers.items()}
    open_accounts(office, PRODUCT, accounts, by="registrar-1")
    firm.verify([0, 1, 2])
    firm.issue(10)
    for _ in office.distribute(PRODUCT, firm.allotment([1], 7), ref=Reference("D-1")):
        pass
    held = office.now().number
    office.act_as_holder(
        office.token(PRODUCT).transfer(firm.address(2), 7),
        investor=ONE,
        signer=firm.key(1),
        product=PRODUCT,
    )
    with database.begin() as connection:
        Retention(connection).end_relation(
            ONE, ended_on=date(2022, 3, 31), evidence_ref="END-1", at=office.now().at, by="x"
        )
    yield Case(firm, held)
    office.close()


def propose(case: Case, *, at: datetime = LATER, maker: str = "repair-1") -> CommandId:
    stored = case.erasures(at).propose(ONE, ground="RET-1", evidence=EVIDENCE, maker=maker)
    assert stored.state is CommandState.CHECKED
    return stored.id


def test_erase__by_two__leaves_the_register_as_it_was_but_for_the_mark(case: Case) -> None:
    before = case.printed(case.held), case.printed()
    assert any(line.name == "氏名 IV-1" for line in before[0].lines)
    command = propose(case)
    stored = case.erasures().approve(command, name="repair-2")
    assert (stored.state, stored.approvers) == (CommandState.FINAL, ("repair-2",))
    mark = "（消去済 erased 2060-04-02）"
    for old, block in zip(before, (case.held, None), strict=True):
        new = case.printed(block)
        assert new == replace(
            old,
            lines=tuple(
                replace(line, name=mark, registered_address=mark) if line.holder == ONE else line
                for line in old.lines
            ),
        )
    assert case.printed(case.held).as_csv().decode().count(mark) == 2
    with case.office.house.database.read() as connection:
        assert Investors(connection, case.office.house.vault).get(ONE).status == "erased"
        index = tables.blind_index
        rows = connection.scalars(select(index.c.investor_id).distinct()).all()
        assert set(rows) == {"IV-0", TWO}
    checked = check_system(case.office.house, case.office.deployment)
    # The firms of the test database are older than its deployment: its audit chain is bound to none.
    wrong = [each for each in checked.findings if not each.holds and each.invariant != 6]
    assert wrong == []
    with case.office.house.database.begin() as connection:
        assert verify_seen(connection, None, origin=None).holds
    two = next(finding for finding in checked.findings if finding.invariant == 5)
    assert re.search(r"[1-9]\d* acts, each signed by its maker", two.sentence)


def test_erase__evidence__proves_who_approved_it(case: Case) -> None:
    stored = case.erasures().approve(propose(case), name="repair-3")
    document = evidence_of(stored, case.office.deployment.platform, raw=None)
    verified = verify_evidence(document)
    assert all(each.holds for each in verified)
    assert len(verified) == 5
    assert b"IV-1" in stored.command.data


def test_erase__too_early_or_held__is_refused_and_nothing_is_stored(case: Case) -> None:
    count = case.commands()
    early = datetime(2032, 3, 31, tzinfo=UTC)
    with pytest.raises(Refusal) as refused:
        propose(case, at=early)
    assert refused.value.reason is Reason.RETENTION_NOT_OVER
    assert refused.value.facts["ground"] == "books"
    with pytest.raises(Refusal) as refused:
        case.erasures().propose(TWO, ground="RET-1", evidence=EVIDENCE, maker="repair-1")
    assert refused.value.facts["ground"] == "relation"
    with case.office.house.database.begin() as connection:
        Retention(connection).end_relation(
            TWO, ended_on=date(2022, 3, 31), evidence_ref="END-2", at=LATER, by="x"
        )
    with pytest.raises(Refusal) as refused:
        case.erasures().propose(TWO, ground="RET-1", evidence=EVIDENCE, maker="repair-1")
    assert refused.value.facts["ground"] == "units_held"
    assert case.commands() == count


def test_erase__earliest_day__counts_from_the_last_transaction(case: Case) -> None:
    with case.office.house.database.begin() as connection:
        facts = Retention(connection).kept(ONE)
    assert facts.units_held == 0
    assert facts.last_transaction is not None
    assert facts.contract_end == date(2022, 3, 31)


def test_erase__approved_by_the_wrong_one__is_refused(case: Case) -> None:
    command = propose(case)
    with pytest.raises(Refusal) as refused:
        case.erasures().approve(command, name="repair-1")
    assert refused.value.reason is Reason.SAME_PERSON
    with pytest.raises(Fault) as missing:
        case.erasures().approve(command, name="issue-1")
    assert missing.value.reason is Reason.KEY_MISSING
    with pytest.raises(Refusal) as refused:  # nor is it sent to the ledger by the other way
        case.office.approvals.approve(command, name="repair-2")
    assert refused.value.reason is Reason.COMMAND_NOT_OPEN
    assert "氏名 IV-1" in case.printed(case.held).as_csv().decode()


def test_erase__hold_placed_after_the_order__is_refused(case: Case) -> None:
    command = propose(case)
    with case.office.house.database.begin() as connection:
        Retention(connection).place_hold(ONE, reference="SUIT-1", until=None, at=LATER, by="a")
    with pytest.raises(Refusal) as refused:
        case.erasures().approve(command, name="repair-2")
    assert refused.value.facts["reference"] == "SUIT-1"
    with case.office.house.database.begin() as connection:
        with pytest.raises(Refusal) as refused:
            Retention(connection).lift_hold(ONE, reference="SUIT-1", ground="G-1", at=LATER, by="a")
        assert refused.value.reason is Reason.SAME_PERSON
        Retention(connection).lift_hold(ONE, reference="SUIT-1", ground="G-1", at=LATER, by="b")
        with pytest.raises(Refusal) as refused:
            Retention(connection).lift_hold(ONE, reference="SUIT-1", ground="G-1", at=LATER, by="b")
        assert refused.value.reason is Reason.LEGAL_HOLD_UNKNOWN
    assert case.erasures().approve(command, name="repair-2").state is CommandState.FINAL


def test_erase__again__changes_nothing(case: Case) -> None:
    command = propose(case)
    assert propose(case) == command
    first = case.erasures().approve(command, name="repair-2")
    assert case.erasures().approve(command, name="repair-3") == first


def test_erase__command_of_another_kind__is_refused(case: Case) -> None:
    with case.office.house.database.read() as connection:
        commands = Commands(connection, case.office.deployment.chain_id).all()
    on_ledger = next(each for each in commands if each.command.on_ledger)
    registry = next(each for each in commands if not each.command.on_ledger)
    for other in (on_ledger, registry):
        with pytest.raises(Refusal) as refused:
            case.erasures().approve(other.id, name="repair-2")
        assert refused.value.reason is Reason.ERASURE_UNKNOWN
