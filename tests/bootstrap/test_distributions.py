"""A record date, its distribution and its payment file, on a real register (D.2.1 to D.2.4, D.2.7).

given the holders of the common fixture, and a transfer in the second after the record date
├── the snapshot should be 503 holders and 1,453 units, without that transfer, and be anchored
├── the run should be the published figures to the yen, and need somebody else
├── the payment file should be 506 records of 120 bytes, with large kana, and leave nobody's account behind
├── what came back should be owed, put aside, and paid by a further file
├── the year's statement should be what was withheld, payee by payee
└── a payee should be able to prove the line by the root on the ledger
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from sqlalchemy import text
from tests.domain.entitlements.test_distribution import HOLDERS
from tests.storage.conftest import TEMPLATE
from tests.support.office import PRODUCT
from tests.support.payees import (
    CORPORATE_NUMBER,
    FORM,
    Register,
    a_register,
    payee,
)

from genbo.bootstrap.auditing import verify_seen
from genbo.bootstrap.distributions import (
    Wanted,
    anchor_distribution,
    approve,
    declare,
    verify_distribution,
)
from genbo.bootstrap.payee_list import prove_payee
from genbo.bootstrap.payments import MadeFile, import_results, make_again, make_file, release
from genbo.bootstrap.record_dates import (
    anchor_record_date,
    expected,
    fix_record_date,
    verify_record_date,
)
from genbo.bootstrap.roots import Anchored
from genbo.bootstrap.statements import yearly_statements
from genbo.chain.contracts.register_anchor import AnchorKind, RegisterAnchor
from genbo.entitlements import Outcome, PaymentState, Result, Run, RunState, per_unit
from genbo.entitlements.zengin import read
from genbo.kernel import Reason, Refusal
from genbo.storage.distributions import Distributions
from genbo.storage.engine import Database
from genbo.storage.payments import Payments
from genbo.storage.record_dates import FixedRecordDate, RecordDates
from genbo.storage.server import EmbeddedServer

RECORD_DAY = date(2022, 1, 31)
PAYABLE = date(2022, 2, 28)
HELD = {int(row["holder"][1:]): int(row["units"]) for row in HOLDERS}
GEORGE = "ジョウジ・スズキ"


@dataclass
class Story:
    """What was done, and what came of it."""

    register: Register
    fixed: FixedRecordDate
    anchored: Anchored
    draft: Run
    approved: Run
    file: MadeFile
    second: MadeFile


@pytest.fixture(scope="module")
def database(server: EmbeddedServer) -> Iterator[Database]:
    server.create_database("distribution", template=TEMPLATE)
    database = Database(server.url("distribution"))
    yield database
    database.close()
    server.drop_database("distribution")


@pytest.fixture(scope="module")
def story(database: Database, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    people = [
        payee(3, corporate_number=CORPORATE_NUMBER, payee_account_holder_kana="カクウ株式会社"),
        payee(4, payee_account_holder_kana=GEORGE),
    ]
    register = a_register(
        database, tmp_path_factory.mktemp("office"), HELD, people=people, others=[504]
    )
    office, clock = register.office, register.clock
    clock.set("2022-02-01 00:00:01")
    register.transfer(2, 504, 3)  # executed at 2022-01-31T15:00:01Z
    fixed, new = fix_record_date(office, PRODUCT, RECORD_DAY, by="cli:registrar")
    assert new
    anchored = anchor_record_date(office, PRODUCT, RECORD_DAY)
    wanted = Wanted(
        id="D-2022-01",
        product=PRODUCT,
        record_day=RECORD_DAY,
        amounts=per_unit(income=Decimal(16_767)),
        why="resolution of 2022-02-10",
    )
    clock.set("2022-02-10 10:00:00")
    draft = declare(office, wanted, maker="issue-1")
    approved = approve(office, draft.id, name="issue-2")
    anchor_distribution(office, draft.id)
    clock.set("2022-02-21 10:00:00")
    file = make_file(office, draft.id, FORM, by="cli:registrar")
    clock.set("2022-03-02 10:00:00")
    returned = Result(
        line=2, number=1, amount=26_723, outcome=Outcome.IMPOSSIBLE, on=date(2022, 3, 1)
    )
    import_results(office, draft.id, 1, [returned], by="cli:registrar", others_paid_on=PAYABLE)
    release(office, draft.id, [1], by="cli:registrar")
    second = make_file(office, draft.id, FORM, by="cli:registrar", transfer_day=date(2022, 3, 4))
    yield Story(register, fixed, anchored, draft, approved, file, second)
    office.close()


# The record date (D.2.1) ---------------------------------------------------------------------------------


def test_snapshot__transfer_in_the_second_after__is_not_in_it(story: Story) -> None:
    assert (story.fixed.holders, story.fixed.units) == (503, 1_453)
    with story.register.office.house.database.read() as connection:
        rows = {
            each.holder: int(each.units)
            for each in RecordDates(connection).entitlements(PRODUCT, RECORD_DAY)
        }
    assert rows == {f"IV-{number}": units for number, units in HELD.items()}
    assert story.fixed.stamp.at <= datetime(2022, 1, 31, 15, tzinfo=UTC)


def test_snapshot__anchored__is_on_the_ledger_and_fits_its_rows(story: Story) -> None:
    office = story.register.office
    contract = RegisterAnchor(office.house.node, office.deployment.anchor)
    found = contract.anchored(AnchorKind.REGISTER, PRODUCT, RECORD_DAY).value
    assert found is not None
    assert (found.root, found.leaves) == (story.fixed.root, 503)
    assert verify_record_date(office, PRODUCT, RECORD_DAY) == story.fixed
    assert anchor_record_date(office, PRODUCT, RECORD_DAY).already


def test_fix__again__is_what_was_fixed(story: Story) -> None:
    again, new = fix_record_date(story.register.office, PRODUCT, RECORD_DAY, by="somebody-else")
    assert (again, new) == (story.fixed, False)


def test_expected__year_of_the_story__has_its_days(story: Story) -> None:
    first, second = expected(story.register.office, PRODUCT, 2022)
    assert (first.record.day, first.payable, first.fixed) == (RECORD_DAY, PAYABLE, story.fixed)
    assert (second.record.nominal, second.record.day) == (date(2022, 7, 31), date(2022, 8, 1))
    assert second.payable == date(2022, 8, 31)
    assert second.deadlines.exercise_by == date(2022, 11, 1)


# The run (D.2.2) ---------------------------------------------------------------------------------------


def test_run__sums__are_the_published_ones_to_the_yen(story: Story) -> None:
    sums = story.draft.totals
    assert (sums.gross, sums.income_tax, sums.local_tax, sums.net) == (
        24_362_451,
        3_730_742,
        882_431,
        19_749_278,
    )
    assert (sums.payees, sums.to_pay, sums.to_reclaim, sums.remainder) == (503, 19_749_278, 0, 0)
    assert story.draft.payment_day == PAYABLE


def test_run__each_payee__is_the_published_row(story: Story) -> None:
    with story.register.office.house.database.read() as connection:
        lines = {each.holder: each for each in Distributions(connection).lines("D-2022-01")}
    for row in HOLDERS:
        line = lines[f"IV-{row['holder'][1:]}"]
        assert (line.category, line.units) == (row["type"], int(row["units"]))
        assert (line.gross, line.income_tax, line.local_tax, line.net) == tuple(
            int(row[name]) for name in ("gross", "income_tax", "local_tax", "net")
        )


def test_run__approved__is_by_two_people_over_its_root(story: Story) -> None:
    assert (story.draft.state, story.draft.maker) == (RunState.DRAFT, "issue-1")
    assert (story.approved.state, story.approved.decided_by) == (RunState.APPROVED, "issue-2")
    office = story.register.office
    contract = RegisterAnchor(office.house.node, office.deployment.anchor)
    found = contract.anchored(AnchorKind.PAYEE_LIST, "D-2022-01", RECORD_DAY).value
    assert found is not None
    assert (found.root, found.leaves) == (story.approved.root, 504)
    assert verify_distribution(office, "D-2022-01").root == story.approved.root


def test_proof__of_a_payee__holds_on_the_ledger_and_for_nobody_else(story: Story) -> None:
    office = story.register.office
    contract = RegisterAnchor(office.house.node, office.deployment.anchor)
    shown = prove_payee(office, "D-2022-01", "IV-2")
    record, proof = shown.record, shown.proof
    assert (shown.root, shown.contract) == (story.approved.root, office.deployment.anchor)
    assert record.secret.hex() not in repr(shown)
    assert b'"due":681401' in record.content
    where = (AnchorKind.PAYEE_LIST, "D-2022-01", RECORD_DAY)
    assert contract.proves(*where, record=record, proof=proof).value
    forged = replace(record, content=record.content.replace(b"681401", b"681402"))
    assert not contract.proves(*where, record=forged, proof=proof).value
    with pytest.raises(Refusal) as refused:
        prove_payee(office, "D-2022-01", "IV-504")
    assert refused.value.reason is Reason.PAYMENT_LINE_UNKNOWN


# The file (D.2.3) -----------------------------------------------------------------------------------------


def test_file__503_payees__is_506_records_of_120_bytes(story: Story) -> None:
    content = story.file.content
    assert len(content) == 60_720
    records = [content[at : at + 120] for at in range(0, len(content), 120)]
    assert len(records) == 506
    assert records[0][:4] == b"1210"
    assert records[0][54:58] == b"0228"
    assert records[-2][:19] == b"8" + b"000503" + b"000019749278"
    assert (story.file.file.records, story.file.file.total) == (503, 19_749_278)


def test_file__names__are_large_kana_and_abbreviated(story: Story) -> None:
    file, *_ = read(story.file.content)
    names = {each.account_number: each.name for each in file.transfers}
    assert names["0000004"] == "ｼﾞﾖｳｼﾞ ｽｽﾞｷ"
    assert names["0000003"] == "ｶｸｳ(ｶ"
    assert {each.amount for each in file.transfers} == {26_723, 681_401, 5_679_654}


def test_file__digest__is_kept_and_the_same_bytes_come_again(story: Story) -> None:
    digest = "0x" + hashlib.sha256(story.file.content).hexdigest()
    assert story.file.file.digest == digest
    again = make_again(story.register.office, "D-2022-01", 1, FORM, by="cli:registrar")
    assert again.content == story.file.content


def test_file__whoever_asked__is_on_record_with_the_purpose(story: Story) -> None:
    with story.register.office.house.database.read() as connection:
        rows = connection.execute(
            text("SELECT actor, purpose, cardinality(investors) AS whose FROM reading")
        ).all()
    assert ("cli:registrar", "payment", 503) in [tuple(row) for row in rows]


def test_file__in_the_database__leaves_no_account_and_no_name(story: Story) -> None:
    told = ("0000002", "ｽｽﾞｷ", "ﾐﾎﾝ")
    with story.register.office.house.database.read() as connection:
        for table in ("distribution", "payee_line", "payment_file", "payment", "audit"):
            rows = connection.execute(text(f"SELECT row_to_json(x)::text FROM {table} AS x"))
            for (row,) in rows:
                assert not any(each in row for each in told), (table, row[:200])


def test_results__returned__is_owed_and_paid_by_a_further_file(story: Story) -> None:
    file, *_ = read(story.second.content)
    assert [(each.amount, each.customer_code_1) for each in file.transfers] == [
        (26_723, "0000000001")
    ]
    assert (file.month, file.day) == (3, 4)
    with story.register.office.house.database.read() as connection:
        payments = Payments(connection)
        states = [each.state for each in payments.payments("D-2022-01")]
        unpaid = payments.unpaid(PRODUCT)
    assert states.count(PaymentState.PAID) == 502
    assert [(run, each.line.number, each.state) for run, each in unpaid] == [
        ("D-2022-01", 1, PaymentState.SENT)
    ]


# The year (R-STSUM-6) ---------------------------------------------------------------------------------------


def test_statements__of_the_year__say_what_was_withheld(story: Story) -> None:
    office = story.register.office
    found = {
        each.statement.holder: each
        for each in yearly_statements(office, 2022, by="cli:registrar", names=True)
    }
    assert len(found) == 503
    total = found["IV-2"].statement.total
    assert (total.income, total.income_tax, total.local_tax, total.net) == (
        855_117,
        130_961,
        42_755,
        681_401,
    )
    identity = found["IV-2"].identity
    assert identity is not None
    assert str(identity.name) == "氏名 IV-2"
    assert yearly_statements(office, 2021, by="cli:registrar") == []


def test_audit__everything_that_was_done__fits(story: Story) -> None:
    with story.register.office.house.database.read() as connection:
        verified = verify_seen(connection, None, origin=None)
    assert verified.holds, verified.misfits
