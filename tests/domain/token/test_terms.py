"""The terms of a product are read, checked and digested.

given the fields of a product file
    it should read them, and write them back the same
    it should name every field that is missing, wrong or unknown, and what is allowed
    it should notice fields that contradict each other
    of a bond, it should read its interest, and leave the digest of everything else as it was
given a record date on a holiday
    it should move it as each holiday adjustment code says (D.2.4)
given a status
    it should go only where the list says
"""

import re
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from genbo.kernel import Address, Reason, Refusal
from genbo.token import (
    FIELD_NAMES,
    DayCount,
    HolidayAdjustment,
    InvestorClass,
    MovementKind,
    ProductStatus,
    RecordDay,
    adjusted,
    move_on,
    parse_terms,
    problems_of_terms,
)
from genbo.token.isin import is_isin
from genbo.token.status import TRANSITIONS

BENEFICIARY = Address("0x00000000000000000000000000000000000000B0")

FIELDS: dict[str, Any] = {
    "product_id": "P1",
    "name": "ケネディクス・リアルティ・トークン（試験用）",
    "symbol": "KDX-LIKE",
    "legal_form": "beneficiary_certificate_trust",
    "legal_category": "tokenised_security",
    "perfection_method": "register_entry",
    "right_kind": "preferred",
    "isin": "JP4000020000",
    "trust_contract_id": "TC1",
    "initial_beneficiary_id": "INV-SETTLOR",
    "set_quantity": 1453,
    "unit_price_yen": 1_000_000,
    "application_minimum": 2,
    "application_step": 1,
    "authorised_cap": 1453,
    "set_date": date(2021, 8, 11),
    "redemption_date": "2024-08-01",
    "record_date_1": "01-31",
    "record_date_2": "07-31",
    "holiday_adjustment": "following",
    "register_note": "譲渡制限あり",
    "transfer_control_id": "TCG1",
    "permitted_classes": ["individual", "corporation", "initial_beneficiary"],
}


def test_parse__complete__reads_and_writes_back() -> None:
    terms = parse_terms(FIELDS)
    assert terms.set_date == date(2021, 8, 11)
    assert terms.redemption_date == date(2024, 8, 1)
    assert terms.record_date_2 == RecordDay(7, 31)
    assert terms.permitted_class_mask == 0b100110
    assert InvestorClass.CORPORATION in terms.permitted_classes
    assert (*terms.as_fields(), "bond") == FIELD_NAMES  # what is no bond says nothing of one
    assert parse_terms(terms.as_fields()) == terms


def test_on_ledger__carries_what_the_token_needs() -> None:
    terms = parse_terms(FIELDS)
    ledger = terms.on_ledger(initial_beneficiary=BENEFICIARY)
    assert ledger.legal_category == 101
    assert ledger.redemption_date == 1_722_438_000  # 2024-08-01 00:00 JST
    assert ledger.terms_digest == terms.digest()
    assert ledger.authorised_cap == 1453


def test_digest__any_field_changed__changes() -> None:
    digest = parse_terms(FIELDS).digest()
    assert re.fullmatch(r"0x[0-9a-f]{64}", digest)
    assert parse_terms(dict(FIELDS)).digest() == digest
    assert parse_terms({**FIELDS, "register_note": "譲渡制限なし"}).digest() != digest


def test_digest__what_is_no_bond__is_that_of_before_there_were_any() -> None:
    """Tokens carry it: a new kind of terms must not change the digest of the others."""
    told = "0xf02949c2ea17f569d5ef765d7d0ff60fda44d73e535bde946205d97c3a1025d1"
    assert parse_terms(FIELDS).digest() == told
    assert parse_terms({**FIELDS, "bond": None}).digest() == told


OPTIONAL = {"bond", "isin", "beneficiary_agent_id", "record_date_2", "register_note"}


@pytest.mark.parametrize("field", FIELD_NAMES)
def test_parse__field_missing__is_named_with_what_is_allowed(field: str) -> None:
    without = {name: value for name, value in FIELDS.items() if name != field}
    if field in OPTIONAL:
        assert parse_terms(without)
        return
    with pytest.raises(Refusal) as refusal:
        parse_terms(without)
    assert refusal.value.reason is Reason.FIELD_MISSING
    assert refusal.value.facts["field"] == field
    assert refusal.value.facts["allowed"]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("product_id", "has space"),
        ("product_id", "x" * 33),
        ("name", " "),
        ("name", "two\nlines"),
        ("symbol", "ABCDEFGHIJKL"),
        ("symbol", "漢字"),
        ("legal_form", "trust"),
        ("isin", "JP4000020001"),
        ("set_quantity", 0),
        ("set_quantity", True),
        ("set_quantity", "1453"),
        ("set_quantity", 1.5),
        ("authorised_cap", 2**80),
        ("authorised_cap", 1452),
        ("application_minimum", 1454),
        ("set_date", "2021-13-01"),
        ("set_date", 20210811),
        ("redemption_date", "2021-08-11"),
        ("redemption_date", "2107-01-01"),
        ("record_date_1", "02-30"),
        ("record_date_1", "1-31"),
        ("record_date_2", "01-31"),
        ("holiday_adjustment", "next"),
        ("permitted_classes", []),
        ("permitted_classes", ["unclassified"]),
        ("permitted_classes", "individual"),
    ],
)
def test_parse__field_invalid__is_named_with_its_value(field: str, value: object) -> None:
    problems = problems_of_terms({**FIELDS, field: value})
    assert [(each.reason, each.facts["field"]) for each in problems] == [
        (Reason.FIELD_INVALID, field)
    ]
    assert problems[0].facts["value"] == str(value)
    assert problems[0].facts["allowed"]


def test_problems__several__are_all_found() -> None:
    given = {**FIELDS, "name": "", "lot": 2}
    del given["symbol"]
    problems = problems_of_terms(given)
    assert [(each.reason, each.facts["field"]) for each in problems] == [
        (Reason.FIELD_INVALID, "name"),
        (Reason.FIELD_MISSING, "symbol"),
        (Reason.FIELD_UNKNOWN, "lot"),
    ]
    with pytest.raises(Refusal):
        parse_terms(given)


# --------------------------------------------------------------------------------------- bonds

BOND: dict[str, Any] = {
    "rate": "0.30",
    "points_rate": "0.7",
    "coupons_a_year": 1,
    "interest_from": "2022-10-14",
    "planned_quantity": 13_000,
}
BOND_FIELDS = {
    **FIELDS,
    "legal_form": "corporate_bond",
    "set_date": "2022-10-13",
    "redemption_date": date(2023, 10, 13),
    "bond": BOND,
}


def test_bond__complete__reads_and_writes_back() -> None:
    terms = parse_terms(BOND_FIELDS)
    bond = terms.bond
    assert bond is not None
    assert (bond.rate, bond.points_rate) == (Decimal("0.3"), Decimal("0.7"))
    assert (bond.coupons_a_year, bond.interest_from) == (1, date(2022, 10, 14))
    assert (bond.planned_quantity, bond.day_count) == (13_000, DayCount.PERIODS)
    assert tuple(terms.as_fields()) == FIELD_NAMES
    assert terms.as_fields()["bond"]["rate"] == "0.3"
    assert parse_terms(terms.as_fields()) == terms
    other = parse_terms({**BOND_FIELDS, "bond": {**BOND, "rate": "0.31"}})
    assert other.digest() != terms.digest()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("rate", 0.3),  # a floating-point number is none that anybody wrote
        ("rate", "-1"),
        ("rate", "100"),
        ("rate", "1E1"),
        ("points_rate", "0.1234567"),
        ("coupons_a_year", 3),
        ("coupons_a_year", True),
        ("interest_from", "2022-10-13"),
        ("interest_from", "2023-10-14"),
        ("interest_from", 20221014),
        ("first_coupon", "2022-10-13"),
        ("first_coupon", "2023-10-14"),
        ("end_of_month", "yes"),
        ("day_count", "30/360"),
        ("planned_quantity", 0),
    ],
)
def test_bond__field_invalid__is_named_with_its_part(field: str, value: object) -> None:
    problems = problems_of_terms({**BOND_FIELDS, "bond": {**BOND, field: value}})
    assert [(each.reason, each.facts["field"]) for each in problems] == [
        (Reason.FIELD_INVALID, f"bond.{field}")
    ]
    assert problems[0].facts["value"] == str(value)
    assert problems[0].facts["allowed"]


def test_bond__missing_and_unknown_fields__are_named_with_their_part() -> None:
    wrong = {"coupon": 1, **{name: BOND[name] for name in BOND if name != "rate"}}
    problems = problems_of_terms({**BOND_FIELDS, "bond": wrong})
    assert [(each.reason, each.facts["field"]) for each in problems] == [
        (Reason.FIELD_MISSING, "bond.rate"),
        (Reason.FIELD_UNKNOWN, "bond.coupon"),
    ]


@pytest.mark.parametrize("given", ["0.35", [BOND], {**BOND_FIELDS, "legal_form": "share"}])
def test_bond__that_is_none__is_refused(given: object) -> None:
    fields = given if isinstance(given, dict) else {**BOND_FIELDS, "bond": given}
    assert [each.facts["field"] for each in problems_of_terms(fields)] == ["bond"]


# ---------------------------------------------------------------------------------------- ISIN


@pytest.mark.parametrize(
    ("isin", "valid"),
    [
        ("JP3633400001", True),
        ("JP3762600009", True),
        ("JP3633400002", False),
        ("JP4000020000", True),
        ("jp3633400001", False),
        ("JP363340000", False),
    ],
)
def test_isin__check_digit__decides(isin: str, valid: bool) -> None:
    assert is_isin(isin) is valid


@given(st.integers(0, 9), st.integers(0, 9), st.integers(2, 10))
def test_isin__one_digit_changed__is_noticed(old: int, new: int, place: int) -> None:
    isin = "JP3633400001"
    changed = isin[:place] + str(new) + isin[place + 1 :]
    assert is_isin(changed) is (changed == isin)


# -------------------------------------------------------------------------------- record dates


def weekend(day: date) -> bool:
    return day.weekday() >= 5


@pytest.mark.parametrize(
    ("how", "expected"),
    [
        (HolidayAdjustment.FOLLOWING, date(2022, 8, 1)),
        (HolidayAdjustment.PRECEDING, date(2022, 7, 29)),
        (HolidayAdjustment.NONE, date(2022, 7, 31)),
        (HolidayAdjustment.MODIFIED_FOLLOWING, date(2022, 7, 29)),
    ],
)
def test_record_date__on_a_sunday__moves_as_the_code_says(
    how: HolidayAdjustment, expected: date
) -> None:
    """D.2.4, and the modified form, which must not leave July."""
    assert adjusted(date(2022, 7, 31), how, weekend) == expected


def test_record_dates__of_a_product__run_from_the_set_date_to_the_redemption() -> None:
    dates = parse_terms(FIELDS).record_dates(until=date(2030, 1, 1), is_holiday=weekend)
    assert dates == [
        date(2022, 1, 31),
        date(2022, 8, 1),
        date(2023, 1, 31),
        date(2023, 7, 31),
        date(2024, 1, 31),
        date(2024, 7, 31),
    ]


def test_record_date__set_on_it__does_not_count() -> None:
    terms = parse_terms({**FIELDS, "set_date": "2022-01-31"})
    first = terms.record_dates(until=date(2022, 12, 31), is_holiday=weekend)
    assert first == [date(2022, 8, 1)]


def test_record_day__leap_day__is_the_28th_in_other_years() -> None:
    leap = RecordDay.parse("02-29")
    assert (leap.in_year(2023), leap.in_year(2024)) == (date(2023, 2, 28), date(2024, 2, 29))


# -------------------------------------------------------------------------- statuses and kinds


@pytest.mark.parametrize("status", ProductStatus)
@pytest.mark.parametrize("wanted", ProductStatus)
def test_status__not_listed__is_refused(status: ProductStatus, wanted: ProductStatus) -> None:
    if wanted in TRANSITIONS[status]:
        assert move_on(status, wanted) is wanted
        return
    with pytest.raises(Refusal) as refusal:
        move_on(status, wanted)
    assert refusal.value.reason is Reason.STATUS_UNREACHABLE


def test_status__redeemed__is_final_and_every_status_can_be_reached() -> None:
    assert TRANSITIONS[ProductStatus.REDEEMED] == frozenset()
    reached = frozenset({ProductStatus.DRAFT}).union(*TRANSITIONS.values())
    assert reached == frozenset(ProductStatus)


def test_movement_kinds__compared_with_the_contract__are_the_same() -> None:
    path = Path(__file__).parents[3] / "contracts" / "token" / "MovementKind.sol"
    body = re.search(r"enum MovementKind \{([^}]*)\}", path.read_text())
    assert body is not None
    names = [name.strip() for name in re.sub(r"//.*", "", body[1]).split(",")]
    snake = [re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).upper() for name in names]
    assert snake == [kind.name for kind in MovementKind]
    assert [kind.value for kind in MovementKind] == list(range(len(names)))
