"""The payment file: byte for byte, and nothing else comes in or goes out (B.6, D.2.3).

given the published layout and the published sample
├── the fields should be those of the layout
└── writing the sample's values should give the sample's bytes, and reading them its values
given 503 payees
└── it should be 506 records of 120 bytes, 60,720 in all, with count and sum in the trailer
given any transfers
├── what is written should come back, and be the same bytes when it is written again
└── names should be large kana, a byte for each voiced mark, abbreviated by the rules
given a transfer that cannot be written
└── every one should be named by its number and field, without its value, and no byte be made
given bytes that are no such file
└── they should be refused by record and field
"""

from __future__ import annotations

import csv
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from genbo.entitlements.zengin import (
    RECORDS,
    Ending,
    PaymentFile,
    Remitter,
    Transfer,
    Unused,
    read,
    unwritable,
    write,
)
from genbo.kernel import Reason, Refusal

DATA = Path(__file__).parents[2] / "data"
SAMPLE = (DATA / "zengin_rs_general_transfer_sample.txt").read_bytes()

REMITTER = Remitter(
    code="1234567890",
    name="ACME REMITTER",
    bank_code="0001",
    bank_name="BANK ALPHA",
    branch_code="123",
    branch_name="MAIN",
    account_kind="1",
    account_number="7654321",
)
TARO = Transfer(
    bank_code="0005",
    bank_name="BANK BETA",
    branch_code="001",
    branch_name="WEST",
    account_kind="1",
    account_number="1234567",
    name="TARO YAMADA",
    amount=1_200,
    customer_code_1="0000000001",
    customer_code_2="0000000002",
)
HANAKO = Transfer(
    bank_code="0006",
    bank_name="BANK GAMMA",
    branch_code="002",
    branch_name="EAST",
    account_kind="2",
    account_number="7654321",
    name="HANAKO SUZUKI",
    amount=3_400,
    new_code="1",
    edi="EDI12345678901234567",
    designation="8",
)


def a_file(*transfers: Transfer) -> PaymentFile:
    return PaymentFile.on(date(2022, 2, 28), REMITTER, transfers or (TARO,))


def test_layout__each_field__is_that_of_the_published_sheet() -> None:
    published: dict[str, list[tuple[str, int, str, int]]] = {}
    for row in csv.DictReader((DATA / "zengin_transfer_layout.csv").open(encoding="utf-8")):
        fields = published.setdefault(row["record"][0], [])
        fields.append((row["name_en"], int(row["len"]), row["type"], int(row["pos_from_1"])))
    ours: dict[str, list[tuple[str, int, str, int]]] = {}
    for kind, fields in RECORDS.items():
        at = 1
        for each in fields:
            ours.setdefault(kind, []).append((each.name, each.length, each.kind, at))
            at += each.length
        assert at == 121
    assert ours == published


def test_write__published_sample__is_the_same_bytes() -> None:
    (header,) = SAMPLE.split(b"\r\n")[:1]
    month, day = int(header[54:56]), int(header[56:58])
    remitter = replace(REMITTER, bank_code=header[58:62].decode())
    file = PaymentFile(remitter=remitter, month=month, day=day, transfers=(TARO, HANAKO))
    assert write(file, ending=Ending.CRLF) == SAMPLE


def test_read__published_sample__is_its_values_and_the_same_bytes_again() -> None:
    file, ending, unused = read(SAMPLE)
    assert (ending, unused) == (Ending.CRLF, Unused.SPACES)
    assert file.transfers == (TARO, HANAKO)
    assert file.total == 4_600
    assert write(file, ending=ending, clearing=unused) == SAMPLE


def test_write__503_payees__are_506_records_of_120_bytes() -> None:
    amounts = [26_723, 681_401, 5_679_654, *[26_723] * 500]
    content = write(a_file(*(replace(TARO, amount=each) for each in amounts)))
    assert len(content) == 60_720
    records = [content[at : at + 120] for at in range(0, len(content), 120)]
    assert len(records) == 506
    assert records[0][:3] == b"121"
    assert records[0][54:58] == b"0228"
    assert {each[:1] for each in records[1:-2]} == {b"2"}
    assert records[-2][:19] == b"8000503000019749278"
    assert records[-1] == b"9" + b" " * 119
    assert len(write(a_file(TARO), ending=Ending.CRLF)) == 4 * 122


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("ジョウジ・スズキ", "ｼﾞﾖｳｼﾞ ｽｽﾞｷ"),
        ("株式会社カクウ", "ｶ)ｶｸｳ"),
        ("カクウ株式会社", "ｶｸｳ(ｶ"),
        ("カクウ有限会社", "ｶｸｳ(ﾕ"),
        ("合同会社カクウ", "ﾄﾞ)ｶｸｳ"),
        ("カクウ（カ）エイギョウショ", "ｶｸｳ(ｶ)(ｴｲ"),
        ("ﾃｽﾄ ﾀﾛｰ", "ﾃｽﾄ ﾀﾛ-"),
    ],
)
def test_write__names__are_as_the_rules_of_banks_want_them(name: str, expected: str) -> None:
    record = write(a_file(replace(TARO, name=name)))[120:240]
    assert record[50:80] == expected.encode("shift_jis").ljust(30)


def test_write__thirty_signs_with_voiced_marks__are_counted_as_bytes() -> None:
    fits, longer = "ガ" * 15, "ガ" * 15 + "ア"
    assert unwritable([replace(TARO, name=fits)]) == []
    assert [each.field for each in unwritable([replace(TARO, name=longer)])] == ["name"]


def test_write__several_that_cannot_be__are_all_named_and_nothing_is_made() -> None:
    transfers = (
        TARO,
        replace(TARO, name="山田太郎"),
        replace(TARO, account_number="123", amount=0),
        replace(TARO, name=""),
    )
    found = unwritable(transfers)
    assert [(each.number, each.field) for each in found] == [
        (2, "name"),
        (3, "account_number"),
        (3, "amount"),
        (4, "name"),
    ]
    with pytest.raises(Refusal) as refused:
        write(a_file(*transfers))
    assert refused.value.reason is Reason.PAYMENT_LINE_UNWRITABLE
    assert refused.value.facts["line"] == 2
    assert "山田" not in str(refused.value)


@pytest.mark.parametrize(
    "wrong",
    [
        {"code": ""},
        {"code": "12345678901"},
        {"bank_code": "1"},
        {"account_kind": "4"},
        {"name": "見本信託"},
    ],
)
def test_write__remitter_that_cannot_be__is_refused(wrong: dict[str, str]) -> None:
    with pytest.raises(Refusal) as refused:
        write(replace(a_file(), remitter=replace(REMITTER, **wrong)))
    assert refused.value.reason is Reason.FIELD_INVALID


def test_transfer__shown__tells_nobody_who_is_paid() -> None:
    shown = repr(a_file(TARO, HANAKO))
    for told in ("YAMADA", "1234567", "0005"):
        assert told not in shown.replace(REMITTER.code, "")


# Reading what is none -----------------------------------------------------------------------------------


def spoiled(at: int, new: bytes) -> bytes:
    content = write(a_file(TARO, HANAKO))
    return content[:at] + new + content[at + len(new) :]


@pytest.mark.parametrize(
    ("content", "record", "field"),
    [
        (b"", 0, None),
        (b"x" * 120, 1, None),
        (spoiled(0, b"2"), 1, "record type"),
        (spoiled(1, b"11"), 1, "kind"),
        (spoiled(54, b"1399"), 1, "transfer date"),
        (spoiled(120 + 80, b"12345x7890"), 2, "amount"),
        (spoiled(120 + 112, b"Z"), 2, "identification"),
        (spoiled(120 + 92, b"A"), 2, "customer code 1"),
        (spoiled(120 + 115, b"x"), 2, "filler"),
        (spoiled(360 + 6, b"9"), 4, "count of data records"),
        (spoiled(360 + 18, b"9"), 4, "sum of amounts"),
        (spoiled(480, b"8"), 5, "record type"),
        (SAMPLE[:-1], 5, None),
        (SAMPLE.replace(b"TARO YAMADA", "あ山田  ".encode("shift_jis")[:11]), 1, None),
    ],
)
def test_read__no_such_file__is_refused_by_record_and_field(
    content: bytes, record: int, field: str | None
) -> None:
    with pytest.raises(Refusal) as refused:
        read(content)
    assert refused.value.reason is Reason.PAYMENT_FILE_MALFORMED
    assert refused.value.facts.get("field") == field
    assert refused.value.facts["record"] == record


# Round trips ----------------------------------------------------------------------------------------------

KANA = st.text(
    "アイウエオカキクケコサタナハマヤラワンガザダバパABCXYZ019 ().-", min_size=1, max_size=12
).map(lambda text: f"ア{text.strip()}")
DIGITS = "0123456789"
TRANSFERS = st.builds(
    Transfer,
    bank_code=st.text(DIGITS, min_size=4, max_size=4),
    bank_name=st.just("カクウ"),
    branch_code=st.text(DIGITS, min_size=3, max_size=3),
    branch_name=st.just("ホンテン"),
    account_kind=st.sampled_from("1249"),
    account_number=st.text(DIGITS, min_size=7, max_size=7),
    name=KANA,
    amount=st.integers(1, 10**10 - 1),
    customer_code_1=st.text(DIGITS, min_size=10, max_size=10),
    customer_code_2=st.text(DIGITS, min_size=10, max_size=10),
    new_code=st.sampled_from("012"),
    designation=st.sampled_from("78 "),
)


@given(
    st.lists(TRANSFERS, min_size=1, max_size=5), st.sampled_from(Ending), st.sampled_from(Unused)
)
def test_read__what_was_written__is_the_same_file_and_the_same_bytes(
    transfers: list[Transfer], ending: Ending, unused: Unused
) -> None:
    content = write(a_file(*transfers), ending=ending, clearing=unused)
    file, seen, clearing = read(content)
    assert (seen, clearing) == (ending, unused)
    assert [each.amount for each in file.transfers] == [each.amount for each in transfers]
    assert [each.account_number for each in file.transfers] == [
        each.account_number for each in transfers
    ]
    assert write(file, ending=ending, clearing=unused) == content
    assert len(content) == (len(transfers) + 3) * (120 + len(ending.value))


@given(st.binary(max_size=600))
def test_read__any_bytes__are_a_file_or_are_refused(content: bytes) -> None:
    with pytest.raises(Refusal) as refused:
        read(content)
    assert refused.value.reason is Reason.PAYMENT_FILE_MALFORMED
