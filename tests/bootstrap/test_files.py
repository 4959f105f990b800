"""Files for masters from their announcement to their end; whatever happens, a file is applied as a whole or not at all.

The tree of outcomes stands in `bootstrap/files/desk.py`.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from tests.support.master_files import APPROVER, MAKER, NOW, Room, as_csv, people

from genbo.bootstrap.files.giving import export_master
from genbo.kernel import InvestorId, Reason, Refusal
from genbo.masters.import_file import ImportStatus, ImportTarget, ProcessingKind
from genbo.providers.files.delimited import FileChanged
from genbo.providers.files.writer import write_csv, write_workbook
from genbo.storage.blind_index import BlindIndex
from genbo.storage.engine import Database
from genbo.storage.investors import Investors
from genbo.storage.retention import Retention
from genbo.storage.vault import Purpose, Reading, Vault
from genbo.storage.verdicts import Verdicts

CORRECTION, CANCEL = ProcessingKind.CORRECTION, ProcessingKind.CANCEL


@pytest.fixture
def room(database: Database, vault: Vault, tmp_path: Path) -> Room:
    return Room(database, vault, tmp_path)


def refused(act: Callable[[], object]) -> Refusal:
    with pytest.raises(Refusal) as caught:
        act()
    return caught.value


def exported(room: Room, target: ImportTarget, purpose: Purpose = Purpose.REGISTER) -> bytes:
    file = io.BytesIO()
    export_master(
        room.database,
        room.vault,
        lambda rows: write_csv(file, rows),
        target=target,
        purpose=purpose,
        at=room.at,
        by=APPROVER,
    )
    return file.getvalue()


# D.10.6 ----------------------------------------------------------------------------------------------


def test_d_10_6__announced_size_same_file_one_bad_row(room: Room) -> None:
    rows = people(40)
    content = as_csv(rows)
    content += b"\n" * (10_240 - len(content))  # blank lines are passed over
    file_id = room.announced(content).file_id
    short = room.file(content[:-1], "short.csv")
    differs = refused(lambda: room.desk.receive(file_id, short, by=MAKER))
    assert differs.reason is Reason.IMPORT_FILE_SIZE_DIFFERS
    assert (differs.facts["announced"], differs.facts["received"]) == (10_240, 10_239)
    room.desk.receive(file_id, room.file(content), by=MAKER)

    room.number -= 1  # the same time once more
    twice = refused(lambda: room.announced(content))
    assert twice.reason is Reason.IMPORT_FILE_TWICE
    assert twice.facts["file_id"] == file_id

    thousand = people(1_000, first=1_000)
    thousand[499]["corporate_number"] = ""
    for row in thousand:
        row["corporate_number"] = ""
    thousand[499] |= {"investor_type": "corporation", "corporate_number": "8000012050002"}
    before = room.rows()
    failed = room.checked(as_csv(thousand))
    assert failed.status is ImportStatus.FAILED
    assert failed.result is not None
    assert (failed.result.read, failed.result.applied, failed.result.rejected) == (1_000, 0, 1)
    (rejection,) = failed.result.rejections
    assert (rejection.line, rejection.column) == (501, "corporate_number")
    assert rejection.reason is Reason.ROW_INVALID
    assert "13 digits" in str(rejection.facts["allowed"])
    assert "8000012050002" not in str(failed.result)
    assert room.rows() == before
    for act in (
        lambda: room.desk.approve(failed.file_id, by=APPROVER),
        lambda: room.desk.apply(failed.file_id, room.folder / "file.csv", by=APPROVER),
    ):
        assert refused(act).reason is Reason.IMPORT_FILE_NOT_READY


# The way of a file -----------------------------------------------------------------------------------


def test_apply__checked_and_approved_by_another__registers_every_row_once(room: Room) -> None:
    content = as_csv(people(5))
    file = room.checked(content)
    assert file.status is ImportStatus.CHECKED
    assert file.result is not None
    assert (file.result.read, file.result.applied) == (5, 0)
    with room.database.read() as connection:
        assert Investors(connection, room.vault).all() == []
    assert refused(lambda: room.desk.approve(file.file_id, by=MAKER)).reason is Reason.SAME_PERSON
    path = room.folder / "file.csv"
    early = refused(lambda: room.desk.apply(file.file_id, path, by=APPROVER))
    assert early.reason is Reason.IMPORT_FILE_NOT_READY
    room.desk.approve(file.file_id, by=APPROVER)
    done = room.desk.apply(file.file_id, path, by=APPROVER)
    assert done.status is ImportStatus.DONE
    assert done.result is not None
    assert (done.result.read, done.result.applied, done.result.rejected) == (5, 5, 0)
    again = refused(lambda: room.desk.apply(file.file_id, path, by=APPROVER))
    assert again.reason is Reason.IMPORT_FILE_NOT_READY
    reading = Reading(purpose=Purpose.REGISTER, actor="x", at=NOW)
    with room.database.begin() as connection:
        investors = Investors(connection, room.vault)
        assert len(investors.all()) == 5
        ids = [InvestorId("IV-000003")]
        named = investors.identities(ids, on=NOW.date(), reading=reading)[ids[0]]
        assert named.name == "見本 太郎3"
        phone = investors.personal(ids, fields=["contact_phone"], reading=reading)
        assert phone == {ids[0]: {"contact_phone": "+81-3-1234-5678"}}
        assert Verdicts(connection).latest(ids, at=NOW)[ids[0]].evidence_ref == "KYC-000003"


@pytest.mark.parametrize("step", ["check", "apply"])
def test_check_and_apply__other_bytes_are_given__are_refused(room: Room, step: str) -> None:
    content = as_csv(people(3))
    path = room.file(content)
    file_id = room.announced(content).file_id
    room.desk.receive(file_id, path, by=MAKER)
    if step == "apply":
        room.desk.check(file_id, path, by=MAKER)
        room.desk.approve(file_id, by=APPROVER)
    before = room.rows()
    other = room.file(content.replace("太郎3".encode(), "次郎3".encode()), "other.csv")
    act = room.desk.apply if step == "apply" else room.desk.check
    assert refused(lambda: act(file_id, other, by=APPROVER)).reason is (
        Reason.IMPORT_FILE_HASH_DIFFERS
    )
    assert room.rows() == before
    assert act(file_id, path, by=APPROVER).status in (ImportStatus.DONE, ImportStatus.CHECKED)


def test_apply__ends_in_the_middle__applies_nothing_and_may_be_applied_again(room: Room) -> None:
    content = as_csv(people(2_100))
    file = room.checked(content)
    room.desk.approve(file.file_id, by=APPROVER)
    before = room.rows()

    def end(done: int) -> None:
        raise KeyboardInterrupt

    path = room.folder / "file.csv"
    with pytest.raises(KeyboardInterrupt):
        room.desk.apply(file.file_id, path, by=APPROVER, progress=end)
    assert room.rows() == before
    told: list[int] = []
    done = room.desk.apply(file.file_id, path, by=APPROVER, progress=told.append)
    assert done.status is ImportStatus.DONE
    assert sum(told) == 2_100
    assert len(told) > 1


def test_apply__file_changes_while_it_is_read__applies_nothing(room: Room) -> None:
    content = as_csv(people(4_100))
    file = room.checked(content)
    room.desk.approve(file.file_id, by=APPROVER)
    before, path = room.rows(), room.folder / "file.csv"

    def change(done: int) -> None:
        with path.open("r+b") as other:
            other.seek(len(content) - 3)
            other.write(b"9")

    with pytest.raises(FileChanged):
        room.desk.apply(file.file_id, path, by=APPROVER, progress=change)
    assert room.rows() == before
    path.write_bytes(content)
    assert room.desk.apply(file.file_id, path, by=APPROVER).status is ImportStatus.DONE


def test_apply__row_was_registered_meanwhile__fails_and_applies_nothing(room: Room) -> None:
    content = as_csv(people(3))
    file = room.checked(content)
    room.desk.approve(file.file_id, by=APPROVER)
    room.applied(as_csv(people(1, first=2)))
    before = room.rows()
    path = room.file(content)
    failed = room.desk.apply(file.file_id, path, by=APPROVER)
    assert failed.status is ImportStatus.FAILED
    assert failed.result is not None
    assert [(each.line, each.reason) for each in failed.result.rejections] == [
        (3, Reason.INVESTOR_EXISTS)
    ]
    assert room.rows() == before


def test_check__cannot_be_read__has_failed_with_the_line(room: Room) -> None:
    failed = room.checked(as_csv(people(2)) + b"\x81\x00\n")
    assert failed.status is ImportStatus.FAILED
    assert failed.result is not None
    (rejection,) = failed.result.rejections
    assert (rejection.line, rejection.reason) == (4, Reason.FILE_UNREADABLE)


@pytest.mark.parametrize("form", ["cp932", "utf-8-sig", "xlsx"])
def test_apply__any_form__registers_the_same(room: Room, form: str) -> None:
    rows = people(3)
    if form == "xlsx":
        file = io.BytesIO()
        table = [list(rows[0]), *(list(row.values()) for row in rows)]
        write_workbook(file, table, title="investor")
        content = file.getvalue()
    else:
        content = as_csv(rows, form)
    assert room.applied(content).status is ImportStatus.DONE
    assert exported(room, ImportTarget.INVESTOR).count("見本 太郎".encode()) == 3


# Rejections ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "column", "reason"),
    [
        ({"investor_id": "IV-000001"}, "investor_id", Reason.ROW_INVALID),
        ({"safekeeping_id": "NOBODY"}, "safekeeping_id", Reason.FIRM_UNKNOWN),
        ({"broker_customer_id": "C000001"}, "broker_customer_id", Reason.ROW_INVALID),
        ({"payee_branch_code": "999"}, "payee_branch_code", Reason.ROW_INVALID),
        ({"verified_at": "2026-06-02"}, "verified_at", Reason.ROW_INVALID),
        ({"kyc_evidence": ""}, "kyc_evidence", Reason.ROW_INVALID),
        ({"investor_class": ""}, "investor_class", Reason.ROW_INVALID),
        ({"investor_status": "closed"}, "investor_status", Reason.ROW_INVALID),
        ({"corporate_number": "123456789012"}, "corporate_number", Reason.INDIVIDUAL_NUMBER_REFUSED),
    ],
)  # fmt: skip
def test_check__row_cannot_be_applied__is_named_by_line_and_column(
    room: Room, change: dict[str, str], column: str, reason: Reason
) -> None:
    rows = [{"investor_status": "", "corporate_number": ""} | row for row in people(3)]
    rows[2] |= change
    before = room.rows()
    failed = room.checked(as_csv(rows))
    assert failed.status is ImportStatus.FAILED
    assert failed.result is not None
    (rejection,) = failed.result.rejections
    assert (rejection.line, rejection.column, rejection.reason) == (4, column, reason)
    assert room.rows() == before


def test_check__everything_is_wrong__is_counted_and_the_first_are_listed(room: Room) -> None:
    rows = people(3_000)
    for row in rows:
        row |= {"investor_type": "person", "contact_phone": "phone"}
    failed = room.checked(as_csv(rows))
    assert failed.result is not None
    assert (failed.result.rejected, failed.result.problems) == (3_000, 6_000)
    assert len(failed.result.rejections) == 1_000


@pytest.mark.parametrize(
    ("heading", "reasons"),
    [
        ("a,b,c", {Reason.ROW_INVALID}),
        ("investor_id,investor_id,investor_name", {Reason.FIELD_TWICE, Reason.FIELD_MISSING}),
        ("investor_id,shoe_size", {Reason.FIELD_UNKNOWN, Reason.FIELD_MISSING}),
    ],
)
def test_check__heading_is_wrong__nothing_is_read(
    room: Room, heading: str, reasons: set[Reason]
) -> None:
    failed = room.checked(f"{heading}\n1,2,見本\n".encode())
    assert failed.result is not None
    assert failed.result.read == 0
    assert {each.reason for each in failed.result.rejections} == reasons
    assert "見本" not in str(failed.result)


def test_check__japanese_heading_of_any_width__is_understood(room: Room) -> None:
    rows = people(1)
    names = {"investor_id": "投資家ＩＤ", "registered_address": "住所(登記住所)"}
    renamed = [{names.get(name, name): value for name, value in row.items()} for row in rows]
    assert room.checked(as_csv(renamed)).status is ImportStatus.CHECKED


# Corrections and cancellations -----------------------------------------------------------------------


def test_correction__of_what_was_exported__changes_nothing(room: Room) -> None:
    rows = people(30)
    rows[3] |= {"contact_phone": "", "broker_customer_id": ""}
    room.applied(as_csv(rows))
    content = exported(room, ImportTarget.INVESTOR)
    before = room.rows()
    done = room.applied(content, kind=CORRECTION)
    assert done.result is not None
    assert (done.result.applied, done.result.unchanged) == (30, 30)
    assert room.rows() == before
    assert exported(room, ImportTarget.INVESTOR) == content


def test_correction__some_columns_differ__changes_them_and_nothing_else(room: Room) -> None:
    rows = people(3)
    room.applied(as_csv(rows))
    room.at += timedelta(days=1)
    rows[0]["investor_name"] = "見本 新太郎"
    rows[1] |= {"contact_phone": "", "contact_postal_code": "100-0001"}
    rows[2] |= {"investor_class": "professional", "safekeeping_kind": "self"}
    for row in rows:
        row["effective"] = "2026-06-02"
    done = room.applied(as_csv(rows), kind=CORRECTION)
    assert done.result is not None
    assert done.result.unchanged == 0
    found = {
        line.split(",")[2]: line for line in exported(room, ImportTarget.INVESTOR).decode().split()
    }
    assert "見本" in str(found)
    with room.database.begin() as connection:
        investors = Investors(connection, room.vault)
        reading = Reading(purpose=Purpose.REGISTER, actor="x", at=room.at)
        ids = [InvestorId(row["investor_id"]) for row in rows]
        for day, name in ((room.at.date(), "見本 新太郎"), (NOW.date(), "見本 太郎1")):
            named = investors.identities(ids, on=day, reading=reading)
            assert [each.name for each in named.values()] == [name, "見本 太郎2", "見本 太郎3"]
        fields = ["contact_phone", "contact_postal_code", "payee_account_number"]
        assert investors.personal(ids, fields=fields, reading=reading)[ids[1]] == {
            "contact_phone": None,
            "contact_postal_code": "100-0001",
            "payee_account_number": "0000002",
        }
        third = investors.get(ids[2])
        assert (third.investor_class, third.safekeeping_kind) == (3, "self")
        actions = connection.scalars(
            text("SELECT action FROM audit WHERE actor = :by ORDER BY number"), {"by": APPROVER}
        ).all()
    assert {
        "registry:investor:renamed",
        "registry:investor:corrected",
        "registry:investor:judged",
    } <= set(actions)


def test_correction__of_an_account__is_found_by_the_new_one_alone(room: Room) -> None:
    rows = people(1)
    room.applied(as_csv(rows))
    rows[0]["payee_account_number"] = "7654321"
    room.applied(as_csv(rows), kind=CORRECTION)
    reading = Reading(purpose=Purpose.PAYMENT, actor="x", at=NOW)
    with room.database.begin() as connection:
        index = BlindIndex(connection, room.vault)
        found = {
            number: index.find("payee_account", f"9990-001-1-{number}", reading=reading)
            for number in ("0000001", "7654321")
        }
    assert found == {"0000001": [], "7654321": ["IV-000001"]}


def test_correction_and_cancel__of_nobody__are_rejected(room: Room) -> None:
    for kind in (CORRECTION, CANCEL):
        failed = room.checked(as_csv(people(1)), kind=kind)
        assert failed.result is not None
        assert [each.reason for each in failed.result.rejections] == [Reason.IMPORT_ROW_UNKNOWN]


def test_cancel__of_investors__closes_them(room: Room) -> None:
    room.applied(as_csv(people(3)))
    room.applied(b"investor_id\nIV-000001\nIV-000003\n", kind=CANCEL)
    with room.database.read() as connection:
        found = {each.investor_id: each.status for each in Investors(connection, room.vault).all()}
    assert found == {"IV-000001": "closed", "IV-000002": "active", "IV-000003": "closed"}


def test_investors__use_of_one_is_restricted__only_the_law_opens_it(room: Room) -> None:
    rows = people(2)
    room.applied(as_csv(rows))
    with room.database.begin() as connection:
        Retention(connection).restrict(
            InvestorId("IV-000001"), ground="ENDED-1", at=room.at, by=APPROVER
        )
    failed = room.checked(as_csv(rows), kind=CORRECTION)
    assert failed.result is not None
    assert [(each.line, each.reason) for each in failed.result.rejections] == [
        (2, Reason.USE_RESTRICTED)
    ]
    assert exported(room, ImportTarget.INVESTOR, Purpose.NOTICE).count(b"IV-00000") == 1
    assert exported(room, ImportTarget.INVESTOR, Purpose.ORDER).count(b"IV-00000") == 2


# Firms, contracts, banks -----------------------------------------------------------------------------

FIRM = {
    "registered_address": "東京都架空区1番",
    "contact_addressee": "見本 担当",
    "contact_phone": "03-1234-5678",
    "settlement_bank_code": "9990",
    "settlement_bank_name_kana": "ｶｸｳ",
    "settlement_branch_code": "001",
    "settlement_branch_name_kana": "ﾎﾝﾃﾝ",
    "settlement_account_kind": "1",
    "settlement_account_number": "1234567",
    "settlement_account_holder_kana": "ｶ)ﾐﾎﾝ",
}


def test_firms__new_corrected_exported__round_trip(room: Room) -> None:
    new = [FIRM | {"settlor_id": f"S{n}", "settlor_name": f"見本{n}株式会社"} for n in (7, 8)]
    target = ImportTarget.SETTLOR
    assert room.applied(as_csv(new), target=target).status is ImportStatus.DONE
    content, before = exported(room, target), room.rows()
    assert "見本 担当".encode() in content
    done = room.applied(content, target=target, kind=CORRECTION)
    assert done.result is not None
    assert done.result.unchanged == done.result.applied >= 3
    assert room.rows() == before
    fewer = [{"settlor_id": "S7", "settlor_name": "改名株式会社", "registered_address": "大阪府"}]
    room.applied(as_csv(fewer), target=target, kind=CORRECTION)
    after = exported(room, target).decode()
    (line,) = [each for each in after.splitlines() if each.startswith("S7,")]
    assert "改名株式会社,大阪府" in line
    assert "見本 担当" in line  # what the file had no column for
    assert "1234567" in line


@pytest.mark.parametrize(
    "target",
    [
        ImportTarget.SAFEKEEPING_FIRM,
        ImportTarget.CUSTODIAN,
        ImportTarget.BENEFICIARY_AGENT,
        ImportTarget.TRUSTEE,
        ImportTarget.ASSET_MANAGER,
        ImportTarget.TRUST_CONTRACT,
        ImportTarget.BANK,
    ],
)
def test_masters__exported_and_corrected__change_nothing(room: Room, target: ImportTarget) -> None:
    content, before = exported(room, target), room.rows()
    done = room.applied(content, target=target, kind=CORRECTION)
    assert done.result is not None
    assert done.result.unchanged == done.result.applied > 0
    assert room.rows() == before
    failed = room.checked(content, target=target)
    assert failed.result is not None
    if target is ImportTarget.BANK:
        assert failed.status is ImportStatus.CHECKED  # rows that say what is there
    else:
        assert {each.reason for each in failed.result.rejections} == {Reason.IMPORT_ROW_EXISTS}


def test_contracts__party_is_unknown__is_rejected_and_the_others_are_judged(room: Room) -> None:
    row = {
        "trust_contract_number": "N-1",
        "trust_contract_name": "見本信託",
        "settlor_id": "S1",
        "trustee_id": "R1",
    }
    rows = [
        row | {"trust_contract_id": "TC-8", "settlor_id": "NOBODY"},
        row | {"trust_contract_id": "TC-9"},
        row | {"trust_contract_id": "TC-10"},
    ]
    failed = room.checked(as_csv(rows), target=ImportTarget.TRUST_CONTRACT)
    assert failed.result is not None
    assert [(each.line, each.reason) for each in failed.result.rejections] == [
        (2, Reason.FIRM_UNKNOWN),
        (4, Reason.CONTRACT_EXISTS),  # the number of the row above
    ]


def test_banks__two_names_for_one_bank__are_rejected(room: Room) -> None:
    row = {
        "bank_code": "9991",
        "bank_name": "見本銀行",
        "bank_name_kana": "ﾐﾎﾝ",
        "branch_name": "支店",
        "branch_name_kana": "ｼﾃﾝ",
    }
    rows = [
        row | {"branch_code": "001"},
        row | {"branch_code": "002", "bank_name": "別銀行"},
    ]
    failed = room.checked(as_csv(rows), target=ImportTarget.BANK)
    assert failed.result is not None
    assert [each.column for each in failed.result.rejections] == ["bank_name"]


def test_announce__kind_makes_no_sense__is_refused(room: Room) -> None:
    refusal = refused(lambda: room.announced(b"x", target=ImportTarget.TRUSTEE, kind=CANCEL))
    assert refusal.reason is Reason.IMPORT_KIND_NOT_POSSIBLE
    assert refusal.facts["allowed"] == "new, correction"


def test_export__of_investors__leaves_readings_and_an_entry(room: Room) -> None:
    room.applied(as_csv(people(2)))
    exported(room, ImportTarget.INVESTOR)
    with room.database.read() as connection:
        entry = connection.execute(
            text("SELECT actor, facts FROM audit WHERE action = 'registry:master:exported'")
        ).one()
        readings = connection.execute(
            text("SELECT purpose, investors FROM reading WHERE actor = :by"), {"by": APPROVER}
        ).all()
    assert entry.facts == {"target": "investor", "purpose": "register", "rows": 2}
    assert {(each.purpose, *each.investors) for each in readings} == {
        ("register", "IV-000001", "IV-000002")
    }
