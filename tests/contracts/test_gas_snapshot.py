"""What acts cost is under version control. Outcomes: gas_snapshot.tree."""

from __future__ import annotations

import json
from functools import cache

import pytest
from benchmarks import many_products
from benchmarks.gas import ROOT, SNAPSHOT, TARGETS, figures

ACCEPT = "If that is meant: `make gas-snapshot`, and say why in the change."
RISE = 0.01


def recorded() -> dict[str, float]:
    loaded: dict[str, dict[str, float]] = json.loads(SNAPSHOT.read_text("utf-8"))
    return flat(loaded)


@cache
def measured() -> dict[str, float]:
    return flat(figures())


def flat(found: dict[str, dict[str, float]]) -> dict[str, float]:
    """Ours by name, the yardstick's by name with a mark."""
    marked = {f"plain: {name}": used for name, used in found["openzeppelin_erc20"].items()}
    return found["genbo"] | marked


def rises(before: dict[str, float], now: dict[str, float]) -> list[str]:
    """One line for each figure that rose by more than the limit."""
    return [
        f"{name}: {before[name]:,} -> {now[name]:,} ({now[name] / before[name] - 1:+.1%})"
        for name in before.keys() & now.keys()
        if now[name] > before[name] * (1 + RISE)
    ]


def test_figures__measured_again__have_the_same_names() -> None:
    assert list(measured()) == list(recorded()), ACCEPT


def test_figures__measured_again__did_not_rise() -> None:
    assert rises(recorded(), measured()) == [], ACCEPT


@pytest.mark.parametrize(("factor", "found"), [(0.5, 0), (1.0, 0), (1.009, 0), (1.011, 1)])
def test_comparison__a_figure_changed__notices_a_rise_above_one_per_cent(
    factor: float, found: int
) -> None:
    before = recorded()
    name = next(iter(before))
    assert len(rises(before, before | {name: before[name] * factor})) == found


def test_targets__each__is_measured() -> None:
    assert set(TARGETS) <= set(recorded())


def test_targets__each_that_is_missed__is_named_in_the_readme() -> None:
    page = (ROOT / "contracts" / "README.md").read_text("utf-8")
    for name, target in TARGETS.items():
        used = recorded()[name]
        [row] = [line for line in page.splitlines() if line.startswith(f"| {name} |")]
        assert f"| {round(used):,} | {target:,} |" in row
        assert ("**missed" in row) == (used > target)
        if used > target:
            prose = page.partition("### What is missed, and what it buys")[2].partition("\n## ")[0]
            assert f"{round(used):,} gas where {target:,} were wanted" in prose


def test_switches__more_products__cost_a_line() -> None:
    _, second, third = many_products.report([1, 4, 12])["rows"]
    for switch in ("close_market", "stop"):
        each = f"{switch}_each_product_more"
        assert second[each] == pytest.approx(third[each], rel=0.001)
        line = recorded()[f"{switch.replace('_m', ' the m')}, each product more"]
        assert third[each] == pytest.approx(line, rel=RISE)
