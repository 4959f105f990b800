"""The benchmark of the audit chain runs, and the chain is not slower by far than it was measured.

given the benchmark in its quick form
└── it should give every figure, and be linear in bulk
"""

from __future__ import annotations

from benchmarks import audit

BULK_FLOOR = 2_000
"""Entries a second of one transaction; measured 43,000 and more. Tests share their machine with others."""
VERIFY_FLOOR = 1_000


def test_report__quick__has_every_figure_above_its_floor() -> None:
    figures = audit.report(40, (200, 2_000))
    assert set(figures) == {
        "one_row",
        "alone",
        "alone_by_4_writers",
        "bulk",
        "verified",
        "root_of_a_day",
        "bytes_an_entry",
    }
    small, large = figures["bulk"]
    assert (small["count"], large["count"]) == (200, 2_000)
    assert large["a_second"] > BULK_FLOOR
    assert figures["verified"]["a_second"] > VERIFY_FLOOR
    assert figures["alone"]["a_second"] > 20
    assert 100 < figures["bytes_an_entry"] < 2_000
