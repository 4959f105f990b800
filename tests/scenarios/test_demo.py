"""The life of one offering, by one command.

given a machine with nothing running
└── when the demo is run
    ├── it should end well within half a minute, with every invariant holding
    ├── it should print one JSON document, and say the rest on standard error
    ├── it should write the register of each record date, provenance and a summary
    ├── it should show the refusals and all eleven actions, each with who approved it
    ├── it should have the figures of the common fixture (D.1.4, D.2.1, D.2.4, D.2.6)
    └── it should keep personal data out of everything but the registers
"""

from __future__ import annotations

import csv
import hashlib
import json
import re
from pathlib import Path
from typing import Any

import pytest
from tests.scenarios.conftest import Told
from tests.support.command import EXAMPLE, inside, personal_data

from genbo.cli.files.firms import read_firms

RECORD_DATES = (
    "2022-01-31",
    "2022-08-01",  # 31 July was a Sunday: following
    "2023-01-31",
    "2023-07-31",
    "2024-01-31",
    "2024-07-31",
)
SECONDS = 60
JAPANESE = re.compile(
    rb"(?:[\xe3-\xe9\xef][\x80-\xbf]{2})(?:[\xe3-\xe9\xef][\x80-\xbf]{2}|[0-9A-Z])+"
)
"""Runs of Japanese characters, as UTF-8: what names and addresses are made of."""


def register(told: Told, day: str) -> Any:
    return json.loads((told.out / f"register-{day}.json").read_text())


def investor(name: str) -> str:
    """The id of somebody of the story."""
    for file in ("investors.csv", "other-investors.csv"):
        with (EXAMPLE / file).open(encoding="utf-8", newline="") as rows:
            for row in csv.DictReader(rows):
                if row["fixture"] == name:
                    return row["investor_id"]
    raise KeyError(name)


def held(document: Any, name: str) -> list[Any]:
    return [line for line in document["lines"] if line["investor_id"] == investor(name)]


@pytest.fixture(scope="module")
def summary(told: Told) -> Any:
    return told.ran.document


def test_demo__run__ends_well_in_time(told: Told, summary: Any) -> None:
    assert told.ran.code == 0, told.ran.err[-2_000:]
    assert summary["seconds"] <= SECONDS
    assert json.loads((told.out / "summary.json").read_text()) == summary


def test_demo__run__writes_its_files_and_no_others(told: Told) -> None:
    expected = {f"register-{day}.{kind}" for day in RECORD_DATES for kind in ("csv", "json")}
    expected |= {"register-2022-01-31.pdf"}
    expected |= {"provenance-2024-07-31.csv", "provenance-2024-07-31.json", "summary.json"}
    assert {path.name for path in told.out.iterdir()} == expected


def test_demo__json__leaves_the_story_on_standard_error(told: Told) -> None:
    for chapter in range(1, 18):
        assert f"\n{chapter}. " in told.ran.err
    for bar in ("verify accounts", "distribute", "registers", "redeem"):
        assert f"    {bar} " in told.ran.err


def test_invariants__on_the_way_and_at_the_end__all_hold(summary: Any) -> None:
    findings = summary["invariants"]["findings"]
    assert [finding["invariant"] for finding in findings] == [1, 2, 8, 9, 10, 3, 5, 6, 11] * 2
    assert all(finding["holds"] for finding in findings)
    assert summary["invariants"]["holds"] is True
    assert "totalSupply = 14,530 units" in findings[0]["sentence"]
    assert "507 holders" in findings[0]["sentence"]
    assert "totalSupply = 0 units" in findings[9]["sentence"]


def test_register__end_of_january__is_that_of_the_common_fixture(told: Told) -> None:
    january = register(told, "2022-01-31")
    assert (january["holders"], january["total_issued"]) == (503, 1_453)
    assert january["as_of"] == "2022-01-31T15:00:00+00:00"
    assert len(january["lines"]) == 503
    assert sum(line["units"] for line in january["lines"]) == 1_453
    assert {line["acquired"] for line in january["lines"]} == {"2021-08-11"}
    assert [held(january, name)[0]["units"] for name in ("H1", "H2", "H3", "H503")] == [
        2,
        51,
        400,
        2,
    ]


def test_register__sale_one_second_after_midnight__is_not_in_january(told: Told) -> None:
    """D.2.1: executed at 2022-01-31T15:00:01Z, delivery date 2022-02-01."""
    assert held(register(told, "2022-01-31"), "H504") == []
    (bought,) = held(register(told, "2022-08-01"), "H504")
    assert (bought["units"], bought["acquired"]) == (30, "2022-02-01")


def test_register__after_the_split__is_tenfold_with_its_days(told: Told) -> None:
    """D.1.4, and D.2.4: 31 July 2022 was a Sunday."""
    august = register(told, "2022-08-01")
    assert (august["holders"], august["total_issued"]) == (506, 14_530)
    (three,) = held(august, "H3")
    # 400, less 30 sold; what was reversed is back. 100 were frozen.
    assert (three["units"], three["acquired"]) == (3_700, "2021-08-11")
    assert three["restrictions"] == "1,000 units frozen 凍結"


def test_register__court_order__took_units_under_lock_up(told: Told) -> None:
    """D.2.6; and once more while the market was closed (D.10.3)."""
    august = register(told, "2022-08-01")
    assert [line["units"] for line in held(august, "H2")] == [(51 - 3 - 10) * 10 - 5]
    assert [(line["units"], line["acquired"]) for line in held(august, "H600")] == [
        (100, "2022-03-10"),
        (5, "2022-07-29"),
    ]


def test_register__lost_key__kept_holder_day_and_freeze(told: Told) -> None:
    (before,) = held(register(told, "2022-01-31"), "H6")
    (after,) = held(register(told, "2022-08-01"), "H6")
    assert before["account"] != after["account"]
    assert (after["units"], after["acquired"]) == (20, before["acquired"])
    assert after["restrictions"] == "10 units frozen 凍結"


def test_register__redistribution__brought_the_lost_lot_back_as_it_was(told: Told) -> None:
    """The lot has the day it was acquired on, not the day on which it went astray."""
    (restored,) = held(register(told, "2022-08-01"), "H10")
    assert (restored["units"], restored["acquired"]) == (20, "2021-08-11")


@pytest.mark.parametrize("day", RECORD_DATES)
def test_register__files__say_the_same_and_carry_their_digest(
    told: Told, summary: Any, day: str
) -> None:
    document = register(told, day)
    content = (told.out / f"register-{day}.csv").read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")  # spreadsheet programs in Japan need it
    rows = list(csv.DictReader(content.decode("utf-8-sig").splitlines()))
    assert [{**row, "units": int(row["units"])} for row in rows] == document["lines"]
    assert all(row["name"] and row["registered_address"] for row in rows)
    told_of = next(each for each in summary["registers"] if each["record_date"] == day)
    written = (told.out / f"register-{day}.json").read_bytes()
    assert told_of["digest"] == "0x" + hashlib.sha256(written).hexdigest()
    assert told_of["holders"] == document["holders"]


def test_provenance__every_lot__goes_back_to_the_issue(told: Told) -> None:
    document = json.loads((told.out / "provenance-2024-07-31.json").read_text())
    assert document["units"] == sum(lot["units"] for lot in document["lots"]) == 14_530
    assert {lot["steps"][0]["kind"] for lot in document["lots"]} == {"issue"}
    assert {lot["steps"][1]["kind"] for lot in document["lots"]} == {"distribute"}
    seized = next(
        lot
        for lot in document["lots"]
        if lot["steps"][-1]["to_investor_id"] == investor("H600") and lot["units"] == 100
    )
    assert [step["kind"] for step in seized["steps"]] == ["issue", "distribute", "forced", "split"]
    assert [step["to_investor_id"] for step in seized["steps"]] == [
        investor(name) for name in ("DS1", "H2", "H600", "H600")
    ]


def test_summary__acts__are_the_eleven_actions_with_who_approved(summary: Any) -> None:
    acts = [line for line in summary["acts"] if "act" in line]
    for words, approvals in {
        "issue 1,453": 2,
        "distribute": 1,
        "H2 to H504: transfer 3": 1,
        "redeem all": 2,
        "split 1:10": 2,
        "freeze 100 units of H3": 1,
        "unfreeze the address": 2,
        "H2 to H600: forced, 10": 2,
        "redistribute 2": 2,
        "reverse TRADE-2022-0006": 2,
        "re-key H6": 2,
        "stop the platform": 1,
        "resume the platform": 2,
    }.items():
        found = [act for act in acts if act["act"].startswith(words)]
        assert found, words
        assert {len(set(act["by"])) for act in found} == {approvals}, words
    assert all(act["gas"] > 21_000 and len(act["tx"]) == 66 and act["block"] for act in acts)
    stopped = next(act for act in acts if act["act"] == "stop the platform")
    resumed = next(act for act in acts if act["act"] == "resume the platform")
    assert not set(stopped["by"]) & set(resumed["by"])


def test_summary__refusals__have_the_reasons_they_are_shown_for(summary: Any) -> None:
    reasons = {line["refused"]: line["reason"] for line in summary["acts"] if "refused" in line}
    assert reasons["allotment-small.csv"] == "below_minimum_lot"
    assert reasons["allotment-over.csv"] == "over_offering_quantity"
    assert reasons["allotment-unverified.csv"] == "recipient_unverified"
    assert reasons["allotment-expired.csv, at execution"] == "recipient_verdict_expired"
    assert reasons["split 1:1"] == reasons["split 1:0"] == "split_factor_invalid"
    stopped = [reason for what, reason in reasons.items() if what.endswith("under full stop")]
    assert stopped == ["platform_stopped"] * 9
    tally = summary["tally"]
    assert tally["refusals"] == len(reasons)
    assert tally["acts"] == len(summary["acts"]) - len(reasons)
    assert tally["transactions"] > tally["acts"]  # the deployment is counted too
    acted = sum(line["gas"] for line in summary["acts"] if "act" in line)
    assert tally["gas"] > acted > 20_000_000


def test_summary__end__has_nothing_issued(summary: Any) -> None:
    assert summary["total_issued"] == 0
    assert summary["terms"]["set_quantity"] == 1_453


def test_personal_data__everything_but_the_registers__has_none(told: Told) -> None:
    """Not on the chain, in no log, in no summary; and in the database only sealed."""
    readable = [told.out / "summary.json", *told.out.glob("provenance-*")]
    stored = [path for path in told.at_rest.rglob("*") if path.is_file()]
    assert told.at_rest / "chain.bin" in stored
    assert len(stored) > 500  # the cluster's files are looked into as well
    content = (told.ran.out + told.ran.err).encode()
    content += b"\0".join(path.read_bytes() for path in (*readable, *stored))
    text = b"\0".join(JAPANESE.findall(content)).decode()
    assert "渋谷神南" in text
    firms = {
        each.name for each in read_firms(EXAMPLE / "firms.yaml").firms
    }  # a settlor invests too
    assert sorted(each for each in personal_data() - firms if each in text) == []
    january = (told.out / "register-2022-01-31.csv").read_text("utf-8-sig")
    assert sorted(text for text in personal_data("investors.csv") if text not in january) == []


def test_registers__on_a_shared_machine__are_for_their_owner_alone(told: Told) -> None:
    def mode(path: Path) -> int:
        return path.stat().st_mode & 0o077

    assert {mode(path) for path in told.out.glob("register-*")} == {0}


def test_demo__folder_cannot_be_written__is_one_line(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("")
    refused = inside("demo", "--out", tmp_path / "out")
    assert (refused.code, refused.out) == (2, "")
    assert refused.line.startswith(
        f"file_unwritable: The file {tmp_path / 'out'} cannot be written: "
    )
    as_json = inside("demo", "--out", tmp_path / "out", "--json", "--lang", "ja")
    assert as_json.error["sentence"].endswith("に書き込めません：file exists。")
