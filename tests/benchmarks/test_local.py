"""The benchmarks of bulk work on a local node, small: they run to their end, and nothing is slower than a tenth of what
the targets ask.

given a local node
├── investors should be onboarded and issued to, with the shares of who was waited for
└── bulk transfers should become final, and reach the register
"""

from pathlib import Path

import pytest
from benchmarks import onboarding, transfers

pytestmark = [pytest.mark.anvil, pytest.mark.slow]


def test_onboarding__small__has_every_figure(tmp_path: Path) -> None:
    found = onboarding.measure(300, tmp_path)
    assert found["investors"] == 300
    assert set(found["stretches"]) == {"registered and verified", "issued to"}
    assert sum(found["shares"].values()) == pytest.approx(1, abs=0.03)
    assert found["investors_per_second"] >= 300 / 60


def test_transfers__small__are_final_and_in_the_register(tmp_path: Path) -> None:
    found = transfers.measure(1_000, tmp_path)
    assert [run["transfers"] for run in found["runs"]] == [10, 100, 1_000]
    assert found["runs"][-1]["transfers_per_second"] >= 100
    assert all(run["seconds_to_register"] >= run["seconds_to_final"] for run in found["runs"])
