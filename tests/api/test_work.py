"""Bulk acts, orders, files, the record of what was done, and trading, through the interface.

given distributions by the registrar R1 to customers of B1 and B2
├── when the registrar asks for bulk acts: those on its registers, and which rows cannot succeed
└── when somebody else asks: none, and 404 for one
given an order from a customer of B2 to one of B1
├── when B2 or C1 asks: the order with its giver, and not its taker; when B1 asks: the other way round
├── when the registrar asks: both
└── when somebody else asks: nothing of it
given files that R1's and B1's people announced
└── when one of the two asks: its own, and what is wrong with its rows; 404 for the other's
given what everybody did
├── when an institution asks: what its people and systems did; the registrar: and what is about its products
└── when a day is asked for: its root as it stands on the ledger, for everybody
given a product: whether it may be transferred now, and why not
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from tests.api.conftest import World, refused
from tests.api.test_positions import items, pages
from tests.support.office import PRODUCT
from tests.support.people import B1, R1, user

from genbo.governance import AuditAction, AuditEntry, Job, JobKind, JobRow
from genbo.governance.market import TransferOrder
from genbo.governance.users import UserId
from genbo.kernel import Digest, InvestorId, Reason, Reference, Refusal, Units
from genbo.masters.import_file import (
    Announcement,
    ImportFileId,
    ImportResult,
    ImportStatus,
    ImportTarget,
    ProcessingKind,
    Rejection,
)
from genbo.storage.audit import AuditLog
from genbo.storage.import_files import ImportFiles
from genbo.storage.transfer_orders import TransferOrders
from genbo.storage.users import Users

PEOPLE = {"R1": "U-WORK-R", "B1": "U-WORK-B"}


@pytest.fixture(scope="module", autouse=True)
def people(world: World) -> None:
    house = world.firm.office.house
    with house.database.begin() as connection:
        for of in (R1, B1):
            one = user(PEOPLE[of.id], of=of)
            Users(connection, house.vault).add(one, actor=UserId("x"), at=house.now())


# Jobs ------------------------------------------------------------------------------------------------


def test_jobs__for_the_registrar__are_those_on_its_registers(world: World) -> None:
    found = items(world.ask("R1", "/jobs"))
    assert {each["kind"] for each in found} == {"verdict", "distribute"}
    assert [each["made_at"] for each in found] == sorted(
        (each["made_at"] for each in found), reverse=True
    )
    assert pages(world, "R1", "/jobs") == found
    first = found[0]
    assert (first["state"], first["done"], first["rows"]) == ("done", 1, 1)
    assert world.ask("R1", f"/jobs/{first['job']}").json() == first
    for who in ("R2", "B1", "C1", "PF"):
        assert items(world.ask(who, "/jobs")) == []
        assert refused(world.ask(who, f"/jobs/{first['job']}")) == "not_found"
        assert refused(world.ask(who, f"/jobs/{first['job']}/refused-rows")) == "not_found"


def test_jobs__with_rows_that_cannot_succeed__say_which_and_why(world: World) -> None:
    job = Job(
        key="api/B1/somebody's key",
        chain_id=world.firm.office.deployment.chain_id,
        kind=JobKind.DISTRIBUTE,
        product=PRODUCT,
        ref=Reference("A-bad"),
        arguments={},
        maker="distribute-1",
    )
    rows = [JobRow(address=world.firm.address(n), units=Units(1)) for n in (71, 4, 72)]
    with pytest.raises(Refusal):
        for _ in world.firm.office.carry_out_job(job, rows):
            pass
    for who in ("R1", "B1"):  # the registrar, and whose system ordered it
        assert world.ask(who, f"/jobs/{job.id}").json()["refused"] == 2
        bad = items(world.ask(who, f"/jobs/{job.id}/refused-rows"))
        assert [each["row"] for each in bad] == [1, 3]
        assert bad[0]["address"] == world.firm.address(71)
        assert bad[0]["words"]["ja"]["sentence"]
        assert pages(world, who, f"/jobs/{job.id}/refused-rows") == bad
    assert [each["job"] for each in items(world.ask("B1", "/jobs"))] == [job.id]
    assert refused(world.ask("B2", f"/jobs/{job.id}")) == "not_found"


# Orders ----------------------------------------------------------------------------------------------


def test_orders__between_two_firms__show_each_its_own_side(world: World) -> None:
    house = world.firm.office.house
    with house.database.begin() as connection:
        for trade in ("T-1", "T-2"):
            TransferOrders(connection).accept(
                TransferOrder(
                    trade=Reference(trade),
                    product=PRODUCT,
                    source=InvestorId("IV-3"),
                    target=InvestorId("IV-1"),
                    units=Units(5),
                    delivery_date=date(2026, 4, 3),
                    accepted_at=house.now(),
                    accepted_by="x",
                )
            )
    sides = {
        "R1": ("IV-3", "IV-1"),
        "B2": ("IV-3", None),
        "C1": ("IV-3", None),
        "B1": (None, "IV-1"),
    }
    for who, (sender, recipient) in sides.items():
        found = items(world.ask(who, "/transfers"))
        assert [each["trade"] for each in found] == ["T-2", "T-1"]
        assert {(each["sender"], each["recipient"]) for each in found} == {(sender, recipient)}
        assert found[0]["state"] == "waiting"
        assert pages(world, who, "/transfers") == found
        assert items(world.ask(who, "/transfers?product=P2")) == []
    for who in ("R2", "B3", "C2", "F1"):
        assert items(world.ask(who, "/transfers")) == []
    for who in ("A1", "PF"):
        assert refused(world.ask(who, "/transfers")) == "route_unknown"


# Files -----------------------------------------------------------------------------------------------


def announce(world: World, who: str, number: int) -> ImportFileId:
    house = world.firm.office.house
    said = Announcement(
        target=ImportTarget.INVESTOR,
        kind=ProcessingKind.NEW,
        size=100 + number,
        timestamp=datetime(2026, 4, 1, tzinfo=UTC),
        sha256=Digest("0x" + 64 * "a"),
    )
    with house.database.begin() as connection:
        files = ImportFiles(connection)
        file = files.announce(said, at=house.now(), by=PEOPLE[who])
        files.receive(
            file.file_id, size=said.size, sha256=said.sha256, at=house.now(), by=PEOPLE[who]
        )
        files.move(file.file_id, ImportStatus.CHECKING, at=house.now(), by=PEOPLE[who])
        result = ImportResult(
            read=3,
            rejected=2,
            problems=2,
            rejections=tuple(
                Rejection(line=line, column="investor_id", reason=Reason.FIELD_MISSING)
                for line in (2, 3)
            ),
        )
        files.move(file.file_id, ImportStatus.FAILED, at=house.now(), by=PEOPLE[who], result=result)
    return file.file_id


def test_files__of_an_institution__are_told_with_what_is_wrong(world: World) -> None:
    mine, also, theirs = (
        announce(world, "R1", 1),
        announce(world, "R1", 2),
        announce(world, "B1", 3),
    )
    found = items(world.ask("R1", "/files"))
    assert {each["file"] for each in found} == {mine, also}
    assert pages(world, "R1", "/files") == found
    assert [each["file"] for each in items(world.ask("B1", "/files"))] == [theirs]
    one = world.ask("R1", f"/files/{mine}").json()
    assert (one["status"], one["read"], one["rejected"]) == ("failed", 3, 2)
    problems = items(world.ask("R1", f"/files/{mine}/problems"))
    assert [each["line"] for each in problems] == [2, 3]
    assert problems[0]["reason"] == "field_missing"
    assert pages(world, "R1", f"/files/{mine}/problems") == problems
    for path in (f"/files/{theirs}", f"/files/{theirs}/problems", "/files/F" + 16 * "0"):
        assert refused(world.ask("R1", path)) == "not_found"
    assert refused(world.ask("R1", "/files/x")) == "request_malformed"


# Audit -----------------------------------------------------------------------------------------------


def test_entries__of_the_audit_chain__are_those_of_ones_own(world: World) -> None:
    announce(world, "B1", 4)
    mine = items(world.ask("B1", "/audit/entries?limit=1000"))
    assert {each["actor"] for each in mine} == {PEOPLE["B1"]}
    assert any(each["action"] == AuditAction.IMPORT_FILE_ANNOUNCED for each in mine)
    assert [each["number"] for each in mine] == sorted(each["number"] for each in mine)
    assert pages(world, "B1", "/audit/entries") == mine
    assert items(world.ask("B2", "/audit/entries")) == []
    registrars = items(world.ask("R1", "/audit/entries?limit=1000"))
    assert {each["product"] for each in registrars} == {None, "P1"}
    assert {each["actor"] for each in registrars if each["product"] is None} == {PEOPLE["R1"]}
    asked = items(world.ask("R1", "/audit/entries?limit=1000&subject=IV-3"))
    assert asked == [each for each in registrars if each["subject"] == "IV-3"] != []


def test_day__that_is_anchored__is_told_to_everybody(world: World) -> None:
    house = world.firm.office.house
    facts: dict[str, Any] = {
        "day": "2026-03-31",
        "root": "0x" + 64 * "1",
        "leaves": 7,
        "last": 7,
        "head": 64 * "2",
        "contract": world.firm.office.deployment.anchor,
    }
    with house.database.begin() as connection:
        AuditLog(connection).append(
            [
                AuditEntry(
                    at=house.now(),
                    action=AuditAction.AUDIT_DAY_ANCHORED,
                    actor="x",
                    subject="2026-03-31",
                    facts=facts,
                )
            ]
        )
    for who in ("R1", "B1", "PF"):
        assert world.ask(who, "/audit/days/2026-03-31").json() == facts
        assert refused(world.ask(who, "/audit/days/2026-03-30")) == "not_found"


# Trading ---------------------------------------------------------------------------------------------


def test_trading__of_a_product__says_whether_it_may_be_transferred(world: World) -> None:
    told = world.ask("B1", "/products/P1/market").json()
    assert (told["market_status"], told["group_enabled"], told["ended"]) == ("open", True, False)
    assert told["transferable"] is (told["refusal"] is None)
    if told["refusal"] is not None:
        assert told["refusal"]["words"]["ja"]["sentence"]
    assert refused(world.ask("B3", "/products/P1/market")) == "not_found"
    assert refused(world.ask("PF", "/products/P1/market")) == "route_unknown"


def test_calendar__of_some_days__says_which_are_bank_days(world: World) -> None:
    days = world.ask("B1", "/calendar?first=2026-05-01&last=2026-05-07").json()["days"]
    open_days = [date.fromisoformat(each["day"]).day for each in days if each["business_day"]]
    assert open_days == [1, 7]
    for last in ("2026-04-30", "2028-05-01"):
        answer = world.ask("B1", f"/calendar?first=2026-05-01&last={last}")
        assert refused(answer) == "request_malformed"
    for first in ("0001-01-01", "9999-12-31"):
        answer = world.ask("B1", f"/calendar?first={first}&last={first}")
        assert answer.status_code < 500, answer.text
