"""The published bonds, from issue to their last coupon, on a real register (offerings.csv).

given the SBI bond
└── its two coupons of 175 yen should be paid to the holders of the days before, with the taxes of each
given the second Marui bond
└── interest of 30 yen and 70 points should come from one coupon, the points listed apart
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from tests.support.office import PRODUCT
from tests.support.payees import CORPORATE_NUMBER, FORM, Register, a_register, payee

from genbo.bootstrap.distributions import Wanted, anchor_distribution, approve, declare
from genbo.bootstrap.payments import import_results, make_file
from genbo.bootstrap.record_dates import fix_record_date
from genbo.bootstrap.statements import points_list, yearly_statements
from genbo.entitlements import Bond, Coupon, Run, coupons, per_unit, points_beside
from genbo.entitlements.zengin import read
from genbo.providers.calendar import is_bank_holiday
from genbo.storage.engine import Database

OFFERINGS = {
    row["name"]: row
    for row in csv.DictReader(
        (Path(__file__).parents[1] / "data" / "offerings.csv").open(encoding="utf-8")
    )
}
BOND = {"legal_form": "corporate_bond", "right_kind": "general", "holiday_adjustment": "preceding"}


def offering(words: str) -> dict[str, str]:
    (found,) = (row for name, row in OFFERINGS.items() if words in name)
    return found


@contextmanager
def on_register(
    database: Database,
    folder: Path,
    row: dict[str, str],
    held: dict[int, int],
    issued: date,
    matures: date,
    *days: str,
) -> Iterator[Register]:
    """The bond on a register; its record dates are the days before its coupons."""
    first, *second = days
    register = a_register(
        database,
        folder,
        held,
        people=[payee(2, corporate_number=CORPORATE_NUMBER)],
        others=[9],
        genesis=datetime.combine(issued, datetime.min.time(), UTC) - timedelta(days=5),
        issued=issued.isoformat(),
        **BOND,
        set_quantity=int(row["units"]),
        application_minimum=1,
        unit_price_yen=int(row["unit_price_jpy"]),
        set_date=issued.isoformat(),
        redemption_date=matures.isoformat(),
        record_date_1=first,
        record_date_2=second[0] if second else None,
    )
    assert sum(held.values()) == int(row["units"])
    yield register
    register.office.close()


def pay(register: Register, coupon: Coupon, id: str, points: Decimal = Decimal(0)) -> Run:
    """Fixes the holders of the day before, and pays the coupon."""
    office, clock = register.office, register.clock
    day = coupon.payable - timedelta(days=1)
    clock.set(f"{coupon.payable} 08:00:00")
    fix_record_date(office, PRODUCT, day, by="cli:registrar")
    wanted = Wanted(
        id=id,
        product=PRODUCT,
        record_day=day,
        amounts=per_unit(income=coupon.per_unit, points=points),
        why="terms of the bond",
        payment_day=coupon.payable,
    )
    declare(office, wanted, maker="issue-1")
    run = approve(office, id, name="issue-2")
    anchor_distribution(office, id)
    return run


@pytest.fixture
def here(tmp_path: Path, database: Database) -> tuple[Database, Path]:
    return database, tmp_path


def test_sbi_bond__both_coupons__are_paid_to_the_holders_of_the_day_before(
    here: tuple[Database, Path],
) -> None:
    row = offering("SBI Securities 1st")
    issued, matures = date(2021, 4, 27), date(2022, 4, 27)
    bond = Bond(
        face=int(row["unit_price_jpy"]), rate=Decimal("0.35"), issued=issued, matures=matures
    )
    first, last = coupons(bond, is_holiday=is_bank_holiday)
    held = {1: 7, 2: 393, 3: 600}
    with on_register(*here, row, held, issued, matures, "04-26", "10-26") as register:
        run = pay(register, first, "SBI-1")
        sums = run.totals
        # 7 x 175 = 1,225: 187 and 61; 393 x 175 = 68,775 of a corporation: 10,532; 600 x 175: 16,080 and 5,250.
        assert (sums.gross, sums.income_tax, sums.local_tax) == (175_000, 26_799, 5_311)
        made = make_file(register.office, "SBI-1", FORM, by="cli:registrar")
        file, *_ = read(made.content)
        assert [each.amount for each in file.transfers] == [977, 58_243, 83_670]
        assert (file.month, file.day) == (10, 27)
        import_results(register.office, "SBI-1", 1, [], by="x", others_paid_on=first.payable)
        register.transfer(3, 9, 600)
        again = pay(register, last, "SBI-2")
        assert again.totals.gross == 175_000
        told = yearly_statements(register.office, 2022, by="x")
        assert {each.statement.holder for each in told} == {"IV-1", "IV-2", "IV-9"}


def test_marui_bond__interest_partly_in_points__is_told_apart(here: tuple[Database, Path]) -> None:
    row = offering("Marui Group 2nd")
    issued, matures = date(2022, 10, 13), date(2023, 10, 13)
    bond = Bond(
        face=int(row["unit_price_jpy"]),
        rate=Decimal("0.3"),
        issued=issued,
        matures=matures,
        periods=1,
    )
    (coupon,) = coupons(bond, is_holiday=is_bank_holiday)
    points = points_beside(bond, coupon, Decimal("0.7"))
    held = {1: 1, 2: 906, 3: 11_000}
    with on_register(*here, row, held, issued, matures, "10-12") as register:
        run = pay(register, coupon, "MARUI-1", points)
        assert (run.totals.gross, run.totals.points) == (11_907 * 30, 11_907 * 70)
        # 1 % a year in all, as published.
        assert run.totals.gross + run.totals.points == 119_070_000 // 100
        listed = points_list(register.office, "MARUI-1").decode().splitlines()
        assert listed[1:] == [
            "MARUI-1,IV-1,1,70",
            "MARUI-1,IV-2,906,63420",
            "MARUI-1,IV-3,11000,770000",
        ]
        made = make_file(register.office, "MARUI-1", FORM, by="cli:registrar")
        file, *_ = read(made.content)
        assert [each.amount for each in file.transfers] == [25, 23_018, 262_961]
