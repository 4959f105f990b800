"""The register as people ask for it, from the system that the demo left behind.

given a system that runs, with the whole life of a product in it
├── when the register is asked for as of an instant
│   ├── it should be that instant's, in every form an instant can be written
│   └── it should be the same bytes each time, and those that the demo wrote
├── when the instant lies before the chain, ahead, or is none
│   └── it should say so
├── when names are opened
│   └── it should leave a trace of who, when, why and whose; and otherwise none
└── when a file is asked for
    └── it should be written whole, or the reason given
"""

from __future__ import annotations

import csv
import subprocess
from pathlib import Path
from typing import Any

import pytest
from tests.scenarios.conftest import Told
from tests.support.command import GENBO, Ran, genbo, inside, personal_data, settings
from tests.support.database import database_of

PRODUCT = "SHIBUYA-JINNAN"


@pytest.fixture
def show(kept: Path) -> Any:
    def ask(*arguments: object) -> Ran:
        return inside("register", "show", "--product", PRODUCT, *arguments, data=kept)

    return ask


def readings(data: Path) -> list[dict[str, Any]]:
    with database_of(data) as connection:
        return connection.execute("SELECT * FROM reading ORDER BY reading_id").fetchall()


@pytest.mark.parametrize(
    "as_of",
    [
        "2022-01-31",
        "2022-01-31 24:00",
        "2022-02-01 00:00",
        "2022-02-01T00:00:00+09:00",
        "2022-01-31T15:00:00Z",
        "2022-01-31T10:00:00-05:00",
    ],
)
def test_show__one_instant_in_many_forms__is_one_answer(show: Any, as_of: str) -> None:
    document = show("--as-of", as_of, "--json").document
    assert document["as_of"] == "2022-01-31T15:00:00+00:00"
    assert (document["holders"], document["total_issued"], document["final"]) == (503, 1_453, True)


@pytest.mark.parametrize(
    ("as_of", "total", "holders"),
    [
        ("2021-08-11T09:00:01+09:00", 0, 0),  # the issue stands in the block of that second
        ("2021-08-11T09:00:02+09:00", 1_453, 1),
        ("2022-01-31T15:00:01Z", 1_453, 503),
        ("2022-01-31T15:00:02Z", 1_453, 504),  # now the sale of that second is in
        ("2022-06-30", 1_453, 506),
        ("2022-07-01T00:00:02+09:00", 14_530, 506),
        ("2024-08-29", 14_530, 507),
        ("2024-08-30", 0, 0),
    ],
)
def test_show__around_an_act__knows_it_from_the_next_second_on(
    show: Any, as_of: str, total: int, holders: int
) -> None:
    document = show("--as-of", as_of, "--json").document
    assert (document["total_issued"], document["holders"]) == (total, holders)


def test_show__no_instant__is_the_latest_block_and_can_be_asked_for_again(show: Any) -> None:
    latest = show("--json").document
    assert latest["total_issued"] == 0
    again = show("--as-of", latest["as_of"], "--json").document
    assert again == latest


def test_show__asked_twice__is_the_same_bytes(show: Any, kept: Path) -> None:
    first = show("--as-of", "2022-08-01", "--json")
    second = genbo(
        "register", "show", "--product", PRODUCT, "--as-of", "2022-08-01", "--json", data=kept
    )
    assert (first.code, second.code) == (0, 0)
    assert first.out == second.out


def test_show__names__gives_the_bytes_that_the_demo_wrote(
    show: Any, told: Told, tmp_path: Path
) -> None:
    shown = show(
        "--as-of", "2022-01-31", "--names", "--json", "--csv", tmp_path / "register.csv"
    ).document
    written = told.out / "register-2022-01-31.csv"
    assert (tmp_path / "register.csv").read_bytes() == written.read_bytes()
    assert (tmp_path / "register.csv").stat().st_mode & 0o077 == 0
    summary = told.ran.document
    assert shown["digest"] == summary["registers"][0]["digest"]


def test_show__names__leaves_a_trace(show: Any, kept: Path) -> None:
    before = readings(kept)
    assert show("--as-of", "2022-01-31").code == 0
    assert readings(kept) == before
    assert show("--as-of", "2022-01-31", "--names").code == 0
    (trace,) = readings(kept)[len(before) :]
    assert (trace["purpose"], len(trace["investors"])) == ("register", 503)
    assert trace["actor"].startswith("cli:")
    assert trace["fields"] == ["identity.name", "identity.registered_address"]


def test_show__without_names__shows_none(show: Any, tmp_path: Path) -> None:
    path = tmp_path / "register.csv"
    for ran in (
        show("--as-of", "2022-01-31", "--csv", path),
        show("--as-of", "2022-01-31", "--json"),
    ):
        assert ran.code == 0
        content = ran.out + ran.err + path.read_text("utf-8-sig")
        assert {text for text in personal_data() if text in content} == set()
    rows = list(csv.DictReader(path.read_text("utf-8-sig").splitlines()))
    assert len(rows) == 503
    assert {row["name"] for row in rows} == {""}


def test_show__for_people__is_a_table_with_figures_and_digest(show: Any) -> None:
    shown = show("--as-of", "2022-08-01", "--names").out
    assert "as of 2022-08-02 00:00:00 JST; block" in shown
    assert "506 holders, total issued 14,530 units" in shown
    assert "1,000 units frozen 凍結" in shown
    assert "not final" not in shown
    lines = [line for line in shown.splitlines() if "IV-" in line]
    assert len(lines) == 507  # H600 has units of two days
    assert all("0x" in line for line in lines)


def test_show__lock_up__stands_until_its_last_moment(show: Any) -> None:
    """Half-open as the instant is: locked up until 2022-06-30 00:00 JST."""

    def restrictions(as_of: str) -> set[str]:
        lines = show("--as-of", as_of, "--json").document["lines"]
        return {line["restrictions"] for line in lines if "lock-up" in line["restrictions"]}

    words = {"lock-up until 2022-06-30 00:00 JST"}
    assert restrictions("2022-02-10T10:00:01+09:00") == set()
    assert restrictions("2022-02-10T10:00:02+09:00") == words
    assert restrictions("2022-06-30T00:00:00+09:00") == words
    assert restrictions("2022-06-30T00:00:01+09:00") == set()


def test_show__instant_ahead__is_not_final(show: Any) -> None:
    assert show("--as-of", "2100-01-01", "--json").document["final"] is False
    assert "not final" in show("--as-of", "2100-01-01").out


def test_show__before_the_first_block__says_when_the_register_begins(show: Any) -> None:
    refused = show("--as-of", "2021-06-30")
    assert refused.code == 1
    assert refused.line.startswith("holding_unknown: ")
    assert "begins=2021-07-01 09:00:01 JST" in refused.line


@pytest.mark.parametrize(
    "as_of",
    ["yesterday", "2022-13-01", "2022-02-30", "2022-01-31 25:00", "9999-12-31", "0001-01-01T00:00"],
)
def test_show__no_instant_at_all__says_how_one_is_written(show: Any, as_of: str) -> None:
    refused = show("--as-of", as_of)
    assert (refused.code, refused.out) == (1, "")
    assert refused.line.startswith(
        f"time_malformed: '{as_of}' is not a day or an instant. Write 2022"
    )


def test_show__unknown_product__is_refused_in_both_forms(kept: Path) -> None:
    refused = inside("register", "show", "--product", "NOPE", data=kept)
    assert (refused.code, refused.line) == (
        1,
        "product_unknown: There is no such product: NOPE. Check the id against the list of products.",
    )
    again = inside("register", "show", "--product", "NOPE", "--json", "--lang", "ja", data=kept)
    assert again.code == 1
    assert again.error["reason"] == "product_unknown"
    assert again.error["sentence"] == "該当する銘柄がありません：NOPE。"


@pytest.mark.parametrize("place", ["missing/register.csv", "."])
def test_show__file_that_cannot_be_written__is_one_line(
    show: Any, tmp_path: Path, place: str
) -> None:
    refused = show("--as-of", "2022-01-31", "--csv", tmp_path / place)
    assert refused.code == 2
    assert refused.line.startswith(
        f"file_unwritable: The file {tmp_path / place} cannot be written"
    )
    assert list(tmp_path.iterdir()) == []


def test_show__reader_goes_away__ends_quietly(kept: Path) -> None:
    """As `genbo register show ... | head` does."""
    command = [GENBO, "register", "show", "--product", PRODUCT, "--as-of", "2022-08-01", "--names"]
    with subprocess.Popen(
        command, env=settings(data=kept), stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait(60) == 141
