"""The acts that are killed in the middle, each as whoever orders it writes it, with what must have come of it.

An act is ordered under its number: the same number is the same act, with the same key and the same reference, however
often it is ordered. `order` may be called by any life; `expected` tells what stands when all is done.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from tests.support.crash.world import (
    ANN,
    BENEFICIARY,
    BOB,
    CARL,
    CLASS,
    DORA,
    EVIDENCE,
    HOLDERS,
    P1,
    STRANGER,
    VERIFIED_UNTIL,
    World,
)

from genbo.bootstrap.office import Office
from genbo.bootstrap.people import admit_investors
from genbo.chain.call import Call
from genbo.chain.hexes import address_of
from genbo.governance import Duty, Job, JobKind, JobRow, Stored
from genbo.kernel import Address, InvestorId, Reference, Units
from genbo.storage.investors import Investor, NewInvestor
from genbo.storage.verdicts import Verdict
from genbo.token import Act


@dataclass(frozen=True, kw_only=True)
class Expected:
    """What must have come of an act, exactly once."""

    units: Mapping[Address, int] = field(default_factory=dict)
    """By how much each balance has changed; those that are not named have not."""
    final: int = 0
    """Commands that were done by a transaction."""
    refused: int = 0
    """Commands that were refused."""
    rows: tuple[int, int] | None = None
    """Of a bulk act: rows done and rows refused, by themselves."""
    admitted: int = 0
    """Investors taken in."""
    outside: int = 0
    """Transactions that nobody ordered from the service."""


@dataclass(frozen=True, kw_only=True)
class Ordered:
    """One kind of act."""

    name: str
    order: Callable[[Office, int], object]
    expected: Callable[[int], Expected]
    prepare: Callable[[World, int], None] = lambda world, number: None
    """What happens before, and is killed by nobody."""
    refuses: bool = False
    """Whether whoever orders it hears a refusal."""
    tampered: Callable[[Office, int], object] | None = None
    """Another act under the same key."""


def _ref(number: int, letter: str = "K") -> Reference:
    return Reference(f"{letter}-{number}")


def _act(number: int) -> Act:
    return Act(ref=_ref(number), evidence=EVIDENCE, delivery_date=date(2021, 8, 12))


# Two persons ---------------------------------------------------------------------------------------


def _issue_call(office: Office, number: int, units: int) -> Call:
    return office.token(P1).issue([BENEFICIARY.address], [units], _act(number))


def _issue(office: Office, number: int, units: int = 7) -> object:
    call = _issue_call(office, number, units)
    return office.act(
        call, Duty.ISSUER, product=P1, ref=_ref(number), by=("issue-1", "issue-2"), key=f"k{number}"
    )


def propose_issue(office: Office, number: int, units: int = 7) -> Stored:
    """One proposes; another has to approve."""
    return office.approvals.propose(
        _issue_call(office, number, units),
        Duty.ISSUER,
        maker="issue-2",
        key=f"k{number}",
        product=P1,
        ref=_ref(number),
    )


def _approved_issue(office: Office, number: int, units: int = 7) -> object:
    """One proposes, another approves, and it is sent."""
    stored = propose_issue(office, number, units)
    office.approvals.approve(stored.id, name="issue-3")
    office.courier.deliver(stored.id)
    return office.read()


def _force(office: Office, number: int, units: int = 3) -> object:
    call = office.token(P1).forced_transfer(ANN.address, BOB.address, units, _act(number))
    return office.act(
        call,
        Duty.REPAIRER,
        product=P1,
        ref=_ref(number),
        by=("repair-1", "repair-3"),
        key=f"k{number}",
    )


def _refused_issue(office: Office, number: int, units: int = 7) -> object:
    """To somebody who may not hold."""
    call = office.token(P1).issue([STRANGER.address], [units], _act(number))
    return office.act(call, Duty.ISSUER, product=P1, ref=_ref(number), key=f"k{number}")


# Holders -------------------------------------------------------------------------------------------


def _transfer(office: Office, number: int, units: int = 2) -> object:
    return office.act_as_holder(
        office.token(P1).transfer(BOB.address, units, _ref(number)),
        investor=InvestorId("IV-ANN"),
        signer=ANN,
        product=P1,
        ref=_ref(number),
        key=f"k{number}",
    )


def _refused_transfer(office: Office, number: int, units: int = 2) -> object:
    return office.act_as_holder(
        office.token(P1).transfer(STRANGER.address, units, _ref(number)),
        investor=InvestorId("IV-ANN"),
        signer=ANN,
        product=P1,
        ref=_ref(number),
        key=f"k{number}",
    )


# Bulk ----------------------------------------------------------------------------------------------

ROWS = 14
BAD_ROW = 5


def _allotment(number: int) -> list[tuple[Address, Units]]:
    """To holders, and one row to somebody who may not hold."""
    rows = [(HOLDERS[at % len(HOLDERS)].address, Units(1 + at % 3)) for at in range(ROWS)]
    rows[BAD_ROW] = (STRANGER.address, Units(1))
    return rows


def distribution(number: int, chain_id: int) -> tuple[Job, list[JobRow]]:
    """As `Office.distribute` orders it."""
    job = Job(
        key=f"k{number}",
        chain_id=chain_id,
        kind=JobKind.DISTRIBUTE,
        product=P1,
        ref=_ref(number),
        arguments={},
        maker="distribution-1",
    )
    return job, [JobRow(address=address, units=units) for address, units in _allotment(number)]


def _distribute(office: Office, number: int) -> object:
    return list(office.distribute(P1, _allotment(number), ref=_ref(number), key=f"k{number}"))


def _distributed(number: int) -> Expected:
    units: dict[Address, int] = {}
    for at, (address, count) in enumerate(_allotment(number)):
        if at != BAD_ROW:
            units[address] = units.get(address, 0) + count
            units[BENEFICIARY.address] = units.get(BENEFICIARY.address, 0) - count
    # The batch with the bad row, and each half that still has it, are refused; so is the row itself.
    return Expected(units=units, rows=(ROWS - 1, 1))


# People --------------------------------------------------------------------------------------------

ADMITTED = 9
CHECKED_AT = datetime(2021, 8, 1, tzinfo=UTC)


def admitted(number: int) -> list[InvestorId]:
    """The ids of the investors of this number."""
    return [InvestorId(f"IV-{number}-{at}") for at in range(ADMITTED)]


def address_of_investor(investor: InvestorId) -> Address:
    """An address that nobody has the key of."""
    return address_of(hashlib.sha256(investor.encode()).digest()[12:])


def _admit(office: Office, number: int) -> object:
    """Some of one class, some of another: two bulk acts."""
    ids = admitted(number)
    new = [
        NewInvestor(
            investor=Investor(
                investor_id=each,
                kind="individual",
                safekeeping_kind="direct",
                safekeeping_id="B1",
                investor_class=CLASS,
            ),
            name=f"架空 {each}",
            registered_address=f"東京都架空区 {each}",
            effective=date(2021, 7, 1),
        )
        for each in ids
    ]
    verdicts = [
        Verdict(
            investor_id=each,
            checked_at=CHECKED_AT,
            expires_at=VERIFIED_UNTIL,
            investor_class=CLASS if index < 6 else 5,
            aml_class="clear",
            evidence_ref=f"KYC-{each}",
        )
        for index, each in enumerate(ids)
    ]
    accounts = {each: address_of_investor(each) for each in ids}
    return admit_investors(office, P1, new, verdicts, accounts, by="registrar-1", key=f"k{number}")


# The reader ----------------------------------------------------------------------------------------


def _outside(world: World, number: int) -> None:
    """Others act while nobody reads."""
    for source, target in ((CARL, DORA), (DORA, CARL), (CARL, BOB)):
        world.sender.send(world.token.transfer(target.address, 1), by=source)


def _reorganise(world: World, number: int) -> None:
    """Others act, it is read, and then the chain says that something else happened."""
    before = world.chain.snapshot()
    _outside(world, number)
    office = Office(world.calm(), world.deployment)
    office.read()
    office.close()
    world.chain.revert(before)
    world.sender.forget()
    for source, target in ((DORA, CARL), (CARL, BOB), (CARL, DORA), (DORA, CARL)):
        world.sender.send(world.token.transfer(target.address, 1), by=source)


def _read(office: Office, number: int) -> object:
    return office.read(patience=0)


ACTS: Mapping[str, Ordered] = {
    each.name: each
    for each in (
        Ordered(
            name="issue",
            order=_issue,
            expected=lambda _: Expected(units={BENEFICIARY.address: 7}, final=1),
            tampered=lambda office, number: _issue(office, number, units=8),
        ),
        Ordered(
            name="approved issue",
            order=_approved_issue,
            expected=lambda _: Expected(units={BENEFICIARY.address: 7}, final=1),
            tampered=lambda office, number: _approved_issue(office, number, units=8),
        ),
        Ordered(
            name="forced transfer",
            order=_force,
            expected=lambda _: Expected(units={ANN.address: -3, BOB.address: 3}, final=1),
            tampered=lambda office, number: _force(office, number, units=4),
        ),
        Ordered(
            name="transfer",
            order=_transfer,
            expected=lambda _: Expected(units={ANN.address: -2, BOB.address: 2}, final=1),
            tampered=lambda office, number: _transfer(office, number, units=3),
        ),
        Ordered(
            name="refused issue",
            order=_refused_issue,
            expected=lambda _: Expected(refused=1),
            refuses=True,
            tampered=lambda office, number: _refused_issue(office, number, units=8),
        ),
        Ordered(
            name="refused transfer",
            order=_refused_transfer,
            expected=lambda _: Expected(refused=1),
            refuses=True,
            tampered=lambda office, number: _refused_transfer(office, number, units=3),
        ),
        Ordered(name="distribution", order=_distribute, expected=_distributed, refuses=True),
        Ordered(
            name="admission",
            order=_admit,
            expected=lambda _: Expected(rows=(ADMITTED, 0), admitted=ADMITTED),
        ),
        Ordered(
            name="reading",
            prepare=_outside,
            order=_read,
            expected=lambda _: Expected(units={CARL.address: -1, BOB.address: 1}, outside=3),
        ),
        Ordered(
            name="reorganisation",
            prepare=_reorganise,
            order=_read,
            expected=lambda _: Expected(units={DORA.address: -1, BOB.address: 1}, outside=4),
        ),
    )
}
"""By name."""
