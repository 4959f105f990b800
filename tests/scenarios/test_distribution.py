"""The officer's way through a distribution, by command, on the system that the demo left behind.

given the register of the demo, and accounts of its holders
├── a record date should be listed, fixed, shown and verified
├── a distribution should be declared, refused to its maker, and approved by somebody else
├── without accounts: every line should be named, exit code 2, and no file be there
├── in a yen token: two people should pay it in batches, and register and ledger agree
├── with accounts: the file should be 60,720 bytes that only its owner reads, and settle by the bank's answer
├── a payee's line should be proved against the ledger, and a changed one not
└── statements and coupons should be told, as tables for people and as one document for machines
"""

from __future__ import annotations

import csv
import json
import stat
import subprocess
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.scenarios.conftest import Told
from tests.support.command import Ran, inside
from tests.support.firms import BRANCH

from genbo.bootstrap.house import open_house
from genbo.bootstrap.office import Office
from genbo.chain.contracts.settlement import Settlement
from genbo.chain.contracts.test_yen import TestYen
from genbo.chain.keys import development_key
from genbo.cli.session import wall_clock
from genbo.config import Settings
from genbo.governance import Duty
from genbo.kernel import Address, InvestorId, business_date
from genbo.providers.calendar import is_bank_holiday
from genbo.storage.banks import Banks
from genbo.storage.investor_corrections import InvestorCorrections

PRODUCT = "SHIBUYA-JINNAN"
RUN = "D-2022-01"
PAYER = development_key(990)
REMITTER = """\
remitter:
  - code: 1234567890
    name: カクウシンタク
    bank_code: 9990
    bank_name: カクウ
    branch_code: 001
    branch_name: ホンテン
    account_kind: 1
    account_number: 7654321
"""


@pytest.fixture(scope="module")
def data(told: Told, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of what the demo left, which these tests go on with, in their order."""
    folder = tmp_path_factory.mktemp("distribution")
    subprocess.run(["cp", "-a", told.at_rest, folder / "data"], check=True)
    (folder / "remitter.yaml").write_text(REMITTER, "utf-8")
    return folder


@pytest.fixture
def genbo(data: Path) -> Any:
    def ask(*arguments: object) -> Ran:
        return inside(*arguments, data=data / "data")

    return ask


def test_1_record_date__listed_and_fixed__is_503_holders(genbo: Any, data: Path) -> None:
    listed = genbo("record-date", "list", "--product", PRODUCT, "--year", 2022, "--json").document
    assert [each["record_day"] for each in listed["record_dates"]] == ["2022-01-31", "2022-08-01"]
    assert listed["record_dates"][0]["payable"] == "2022-02-28"
    early = genbo("record-date", "fix", "2022-01-30", "--product", PRODUCT)
    assert (early.code, early.line.split(":")[0]) == (1, "record_date_unknown")
    fixed = genbo("record-date", "fix", "2022-01-31", "--product", PRODUCT, "--json").document
    assert (fixed["holders"], fixed["units"]) == (503, 1_453)
    again = genbo("record-date", "fix", "2022-01-31", "--product", PRODUCT, "--json").document
    assert again["digest"] == fixed["digest"]
    shown = genbo(
        *("record-date", "show", "2022-01-31", "--product", PRODUCT),
        *("--verify", "--csv", data / "holders.csv"),
    )
    assert shown.code == 0
    assert "the rows are those that were fixed" in shown.out
    with (data / "holders.csv").open(encoding="utf-8", newline="") as file:
        assert sum(int(row["units"]) for row in csv.DictReader(file)) == 1_453


def test_2_distribution__declared__is_approved_by_somebody_else(genbo: Any) -> None:
    what = ("--product", PRODUCT, "--record-date", "2022-01-31", "--income", "16767")
    drafted = genbo(
        "distribution", "declare", RUN, *what, "--why", "a resolution", "--as", "issue-1", "--json"
    ).document
    sums = [drafted[name] for name in ("gross", "income_tax", "local_tax", "net")]
    assert sums == [24_362_451, 3_730_742, 882_431, 19_749_278]
    alone = genbo("distribution", "approve", RUN, "--as", "issue-1")
    assert (alone.code, alone.line.split(":")[0]) == (1, "same_person")
    assert genbo("distribution", "approve", RUN, "--as", "issue-2").code == 0
    shown = genbo("distribution", "show", RUN, "--verify", "--lines", "--json").document
    assert (shown["state"], shown["states"]) == ("approved", {"payable": 503})
    assert len(shown["lines"]) == 503
    listed = genbo("distribution", "show").out
    assert RUN in listed


def test_3_file__no_accounts__names_every_line_and_writes_nothing(genbo: Any, data: Path) -> None:
    target = data / "transfer.txt"
    refused = genbo(
        *("distribution", "file", RUN, target, "--remitter", data / "remitter.yaml"),
        *("--on", business_day().isoformat(), "--json"),
    )
    assert refused.code == 2
    problems = refused.document["error"]["problems"]
    assert {each["reason"] for each in problems} == {"payment_line_unwritable"}
    assert {each["facts"]["line"] for each in problems} == set(range(1, 504))
    assert not target.exists()
    (data / "wrong.yaml").write_text(REMITTER.replace("9990", "99"), "utf-8")
    wrong = genbo("distribution", "file", RUN, target, "--remitter", data / "wrong.yaml")
    assert (wrong.code, "bank_code" in wrong.err) == (2, True)


def test_4_file__with_accounts__is_60720_bytes_for_its_owner_alone(genbo: Any, data: Path) -> None:
    give_accounts(data / "data", holders(genbo))
    target = data / "transfer.txt"
    how = ("--remitter", data / "remitter.yaml", "--on", business_day().isoformat())
    made = genbo("distribution", "file", RUN, target, *how, "--json").document
    assert (made["records"], made["total"], made["bytes"]) == (503, 19_749_278, 60_720)
    content = target.read_bytes()
    assert len(content) == 60_720
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    again = genbo(
        *("distribution", "file", RUN, data / "again.txt", "--again", 1),
        *("--remitter", data / "remitter.yaml"),
    )
    assert again.code == 0
    assert (data / "again.txt").read_bytes() == content
    told = genbo("distribution", "read", target, "--of", RUN, "--json").document
    assert (told["records"], told["total"], told["number"]) == (503, 19_749_278, 1)
    (data / "other.txt").write_bytes(content.replace(b"0000001", b"0000002", 1))
    other = genbo("distribution", "read", data / "other.txt", "--of", RUN)
    assert (other.code, f"no file of {RUN}" in other.out) == (1, True)
    (data / "short.txt").write_bytes(content[:-1])
    short = genbo("distribution", "read", data / "short.txt")
    assert (short.code, short.line.split(":")[0]) == (1, "payment_file_malformed")
    nothing = genbo("distribution", "file", RUN, target, *how)
    assert (nothing.code, nothing.line.split(":")[0]) == (1, "payment_nothing_due")


def test_5_results__of_the_bank__settle_what_it_names(genbo: Any, data: Path) -> None:
    answer = data / "results.csv"
    day = business_day().isoformat()
    heading = "customer_code,amount,outcome,on\n"
    answer.write_text(heading + f"0000000007,99,impossible,{day}\n0000000999,5,paid,{day}\n")
    wrong = genbo("distribution", "results", RUN, answer, "--file", 1, "--json")
    assert wrong.code == 2
    assert [each["facts"]["line"] for each in wrong.document["error"]["problems"]] == [2, 3]
    (line,) = [each for each in lines(genbo) if each["line"] == 7]
    answer.write_text(heading + f"0000000007,{line['due']},impossible,{day}\n")
    settled = genbo(
        *("distribution", "results", RUN, answer, "--file", 1, "--others-paid", day, "--json")
    ).document
    assert settled["settled"] == 503
    unpaid = genbo("distribution", "unpaid", "--json").document["unpaid"]
    assert [
        (each["line"], each["state"], each["hold"])
        for each in unpaid
        if each["distribution"] == RUN
    ] == [(7, "held", "returned")]
    # The demo approved its redemption and paid nobody: its holders have no accounts.
    rest = [each["state"] for each in unpaid if each["distribution"] != RUN]
    assert rest == ["payable"] * 507
    assert genbo("distribution", "release", RUN, 7).code == 0
    assert genbo("distribution", "hold", RUN, 7).code == 0


def test_6_statements__of_the_year__are_told_with_and_without_names(genbo: Any, data: Path) -> None:
    target = data / "statements.csv"
    told = genbo("distribution", "statements", 2022, "--names", "--csv", target, "--json").document
    assert len(told["statements"]) == 503
    assert sum(each["total"]["income_tax"] for each in told["statements"]) == 3_730_742
    assert all(each["name"] for each in told["statements"])
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    plain = genbo("distribution", "statements", 2022, "--json").document
    assert not any("name" in each for each in plain["statements"])


def test_7_correction__of_the_run__is_a_run_of_its_own(genbo: Any) -> None:
    what = ("--of", RUN, "--income", "16768", "--why", "a wrong amount", "--as", "issue-1")
    drafted = genbo("distribution", "correct", f"{RUN}-K1", *what, "--json").document
    assert (drafted["corrects"], drafted["state"]) == (RUN, "draft")
    assert 0 < drafted["to_pay"] < 1_453
    assert genbo("distribution", "reject", f"{RUN}-K1", "--as", "issue-2").code == 0


def test_8_coupons_and_tax__asked__are_told(genbo: Any) -> None:
    bond = (
        "--face",
        100_000,
        "--rate",
        "0.35",
        "--issued",
        "2021-04-27",
        "--matures",
        "2022-04-27",
    )
    told = genbo("distribution", "coupons", *bond, "--json").document["coupons"]
    assert [(each["due"], each["per_unit"]) for each in told] == [
        ("2021-10-27", "175"),
        ("2022-04-27", "175"),
    ]
    (holder, *_) = holders(genbo)
    given = ("--from", "2022-01-01", "--evidence-ref", "TAX-1")
    assert genbo("distribution", "tax", holder, "exempt", *given).code == 0
    wrong = genbo("distribution", "tax", holder, "nobody", *given)
    assert (wrong.code, wrong.line.split(":")[0]) == (2, "field_invalid")


def test_8_lists__of_points_and_late_reversals__are_told(genbo: Any, data: Path) -> None:
    points = genbo("distribution", "points", RUN, data / "points.csv", "--json").document
    assert points["payees"] == 0
    assert (data / "points.csv").read_bytes() == b"distribution_id,investor_id,units,points\r\n"
    told = genbo("record-date", "late", "2022-01-31", "--product", PRODUCT, "--json").document
    assert told["late"] == []  # the story undid a trade of March
    unknown = genbo("record-date", "late", "2022-08-01", "--product", PRODUCT)
    assert (unknown.code, unknown.line.split(":")[0]) == (1, "record_date_unknown")


def test_8_proof__of_a_payee__is_shown_to_anybody(genbo: Any, data: Path) -> None:
    (holder, *_) = holders(genbo)
    assert genbo("distribution", "anchor", RUN, "--json").document["already"] is True
    file = data / "proof.json"
    made = genbo("distribution", "prove", RUN, holder, file, "--json").document
    assert (made["payee"], "secret" in made) == (holder, False)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    shown = genbo("distribution", "verify", file, "--json")
    assert (shown.code, shown.document["proven"], shown.document["root"]) == (0, True, made["root"])
    assert shown.document["line"]["holder"] == holder
    forged = data / "forged.json"
    told = json.loads(file.read_text("utf-8"))
    told["content"] = told["content"].replace(holder, "IV-9999")
    forged.write_text(json.dumps(told), "utf-8")
    refused = genbo("distribution", "verify", forged, "--json")
    assert (refused.code, refused.document["proven"], refused.document["line"]) == (1, False, None)
    for wrong in ("{}", "no json", json.dumps({**told, "secret": "0x00"})):
        forged.write_text(wrong, "utf-8")
        unread = genbo("distribution", "verify", forged)
        assert (unread.code, unread.line.split(":")[0]) == (2, "file_unreadable")
    nobody = genbo("distribution", "prove", RUN, "IV-9999", file)
    assert (nobody.code, nobody.line.split(":")[0]) == (1, "payment_line_unknown")


def test_8_token__of_another_run__is_paid_by_two_and_agrees(genbo: Any, data: Path) -> None:
    """All but three lines wait, so that it is quick; batches of 200 are measured in the gas snapshot."""
    cash = give_yen(data / "data")
    terms = ("payment-terms", "--product", PRODUCT)
    wrong = genbo("distribution", *terms, "--token", cash, "--payer", PAYER.address)
    assert (wrong.code, wrong.line.split(":")[0]) == (2, "field_missing")
    recorded = genbo(
        *("distribution", *terms, "--token", cash, "--payer", PAYER.address),
        *("--evidence-ref", "DEED-12", "--json"),
    ).document
    assert recorded["yen_token"]["decimals"] == 0
    assert genbo("distribution", *terms, "--json").document == recorded
    what = ("--product", PRODUCT, "--record-date", "2022-01-31", "--income", "100")
    drafted = genbo(
        "distribution", "declare", "D-T", *what, "--why", "x", "--as", "issue-1", "--json"
    ).document
    assert drafted["yen_token"] == recorded["yen_token"]
    assert genbo("distribution", "approve", "D-T", "--as", "issue-2").code == 0
    assert genbo("distribution", "hold", "D-T", *range(4, 504)).code == 0
    alone = genbo("distribution", "pay-token", "D-T", "--as", "issue-1", "--json").document
    assert (len(alone["waiting"]), [each["records"] for each in alone["batches"]]) == (1, [3])
    both = genbo("distribution", "pay-token", "D-T", "--as", "issue-2", "--json").document
    assert [each["state"] for each in both["batches"]] == ["settled"]
    again = genbo("distribution", "pay-token", "D-T")
    assert (again.code, again.line.split(":")[0]) == (1, "payment_nothing_due")
    told = genbo("distribution", "reconcile-token", "D-T", "--json").document
    assert told["agree"]
    assert told["register"] == told["ledger"] == {"lines": 3, "yen": both["batches"][0]["total"]}
    assert genbo("distribution", "release", "D-T", 4, "--by-bank").code == 0
    unpaid = genbo("distribution", "unpaid", "--json").document["unpaid"]
    (line,) = [each for each in unpaid if (each["distribution"], each["line"]) == ("D-T", 4)]
    assert (line["state"], line["way"]) == ("payable", "bank")
    by_bank = genbo("distribution", *terms, "--by-bank", "--evidence-ref", "DEED-13", "--json")
    assert by_bank.document["yen_token"] is None


def test_9_everything__that_was_done__fits_the_audit_chain_and_the_invariants(genbo: Any) -> None:
    assert genbo("audit", "verify").code == 0
    assert genbo("check").code == 0


# Inside --------------------------------------------------------------------------------------------------


def business_day() -> date:
    """A bank business day that is not over: money cannot be ordered for the past."""
    day = business_date(datetime.now(UTC)) + timedelta(days=1)
    while is_bank_holiday(day):
        day += timedelta(days=1)
    return day


def lines(genbo: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = genbo("distribution", "show", RUN, "--lines", "--json").document[
        "lines"
    ]
    return found


def holders(genbo: Any) -> list[str]:
    return [each["holder"] for each in lines(genbo)]


def give_yen(data: Path) -> Address:
    """A yen token on the list, of which the payer has some and has allowed it to the payment contract."""
    settings = Settings(data=data, database_url=None, node_url=None, chain_id=None, kek_file=None)
    with open_house(settings, genesis_at=wall_clock(), clock=wall_clock) as house:
        office = Office(house, house.deployment())
        cash = office.sender.send(TestYen.create(), by=PAYER).created
        assert cash is not None
        contract = office.deployment.disbursement
        assert contract is not None
        yen = TestYen(house.node, cash)
        office.sender.send(yen.mint(PAYER.address, 10**9), by=PAYER)
        office.sender.send(yen.approve(contract, 10**9), by=PAYER)
        settlement = Settlement(house.node, office.deployment.settlement)
        office.act(settlement.allow_cash(cash, allowed=True), Duty.CASH_ADMIN)
        office.close()
    return cash


def give_accounts(data: Path, investors: list[str]) -> None:
    """Enters an invented account for each investor, as a correction."""
    settings = Settings(data=data, database_url=None, node_url=None, chain_id=None, kek_file=None)
    with (
        open_house(settings, genesis_at=wall_clock(), clock=wall_clock) as house,
        house.database.begin() as connection,
    ):
        at = house.now()
        Banks(connection).load([BRANCH], at=at, by="x", source="0x00")
        corrections = InvestorCorrections(connection, house.vault)
        for number, investor in enumerate(investors, start=1):
            corrections.correct(
                InvestorId(investor),
                {
                    "payee_bank_code": BRANCH.bank_code,
                    "payee_bank_name_kana": BRANCH.bank_name_kana,
                    "payee_branch_code": BRANCH.branch_code,
                    "payee_branch_name_kana": BRANCH.branch_name_kana,
                    "payee_account_kind": "1",
                    "payee_account_number": f"{number:07d}",
                    "payee_account_holder_kana": "ﾐﾎﾝ ﾀﾛｳ",
                },
                found_by={},
                at=at,
                by="x",
            )
