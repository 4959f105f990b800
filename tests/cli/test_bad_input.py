"""What nobody could mean, on the command line: one line and an exit code, never a traceback, and nothing is stored.

given a number that no table can hold, or a day or an instant that no clock here can show
└── it should be refused before anything is done
given a name for a file that holds personal data
└── it should be made anew, for its owner alone, whatever lies beside it
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from tests.support.command import EXAMPLE, inside

from genbo.cli.files.written import whole_file

HUGE = str(2**63)
BASIS = str(EXAMPLE / "firms.yaml")
TRADE = "--product P1 --trade T-1 --from IV-1 --to IV-2 --units 1"
CREDENTIAL = f"--institution B1 --scope reference --until 2027-04-01 --as A --evidence {BASIS}"


@pytest.mark.parametrize(
    "line",
    [
        f"screening show --most {HUGE}",
        f"kyc due --days {HUGE}",
        f"file list --last {HUGE}",
        f"audit list --last {HUGE}",
        f"order place {TRADE} --lag {HUGE}",
        f"order place {TRADE} --delivery-date 9999-12-31",
        f"file announce bank --size 1 --sha256 {'ab' * 32} --timestamp 9999-12-31T23:59:59-05:00",
        f"file announce bank --size 1 --sha256 {'ab' * 32} --timestamp 0001-01-01T00:00:00+14:00",
        f"credential propose {CREDENTIAL} --from 0001-01-01",
        "market override 9999-12-31 --why x",
        f"disclosure propose --product P --to A --purpose x --basis {BASIS} --until 9999-12-31T20:00:00Z",
        "vault hold IV-1 --reference R --until 9999-12-31",
        "vault end IV-1 --evidence-ref R --on 9999-12-31",
    ],
)  # fmt: skip
def test_command_line__beyond_every_clock_and_table__is_one_line(system: Path, line: str) -> None:
    refused = inside(*line.split(), data=system)
    assert refused.code in (1, 2)
    assert refused.line.split(":")[0] in ("command_invalid", "field_invalid", "time_malformed")


def test_whole_file__personal__takes_over_no_file_that_lies_there(tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    (tmp_path / f".out.csv.{os.getpid()}.new").touch(0o666)  # put there by somebody who reads along
    with whole_file(path, personal=True) as file:
        (open_now,) = {each for each in tmp_path.iterdir() if each.stat().st_size == 0} - {
            tmp_path / f".out.csv.{os.getpid()}.new"
        }
        assert open_now.stat().st_mode & 0o077 == 0
        file.write(b"x")
    assert path.stat().st_mode & 0o077 == 0
