"""Static analysis (slither) without unexplained findings. Outcomes: slither.tree."""

from __future__ import annotations

from functools import cache

import pytest

import analyse_contracts
from analyse_contracts import Finding, differences, explained, findings
from contract_sources import source_hashes

pytest.importorskip("slither", reason="`make setup` brings it")


@cache
def found() -> list[tuple[Finding, str]]:
    """Slither's answer, asked once: it takes a quarter of a minute."""
    return findings()


@pytest.fixture
def asked_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(analyse_contracts, "findings", found)


def test_slither__every_file__is_in_the_trees() -> None:
    trees = analyse_contracts.syntax_trees()["sources"]
    assert set(source_hashes()) <= set(trees)


@pytest.mark.slow
@pytest.mark.usefixtures("asked_once")
def test_slither__findings__are_those_that_are_explained() -> None:
    assert differences() == [], "mend it, or say in contracts/slither.yaml why it is no defect"


@pytest.mark.slow
@pytest.mark.usefixtures("asked_once")
def test_slither__an_explanation_taken_away__is_a_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    known = explained()
    gone = known.pop(Finding("timestamp", "TransferRules._inGoodStanding"))
    assert gone
    monkeypatch.setattr(analyse_contracts, "explained", lambda: known)
    [line] = differences()
    assert line.startswith("not explained: timestamp: TransferRules._inGoodStanding")


@pytest.mark.slow
@pytest.mark.usefixtures("asked_once")
def test_slither__an_explanation_of_nothing__is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    known = explained() | {Finding("tx-origin", "SecurityToken.transfer"): "left over"}
    monkeypatch.setattr(analyse_contracts, "explained", lambda: known)
    assert differences() == ["explained, not found any more: tx-origin: SecurityToken.transfer"]
