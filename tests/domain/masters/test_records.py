"""Whole records.

given the cells of a row
    when every cell is allowed
        it should make the record, canonical, and reading it again should change nothing
    when cells are missing, wrong or unknown
        it should name every one of them, and repeat none
given an investor
    when an individual has a corporate number, or twelve digits stand there
        it should refuse, the second with a reason of its own
    when custodian and delegation disagree
        it should refuse
    when the account's bank or branch does not exist
        it should refuse; when a name differs or the account has gaps, flag
given a party, a trust contract, a transfer group, a bank, a branch
    when its row is read
        it should obey the rules of its own table
given a hundred thousand rows of investors
    when they are read
        it should take well under ten seconds
"""

import time
from collections.abc import Mapping
from dataclasses import fields, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.storage.builders import TERMS

from genbo.compliance.reasons import Language, explain
from genbo.kernel import Reason, Refusal
from genbo.masters import (
    BANK_BRANCH,
    FIRM_TABLES,
    INVESTOR_FIELDS,
    TABLES,
    TERM_OF_COLUMN,
    BankAccount,
    BankBranch,
    FirmKind,
    FlagKind,
    InvestorRecord,
    MemoryBankMaster,
    canonical_firm,
    check_bank_branch,
    check_contract,
    check_firm,
    check_investor,
    check_row,
    contract_row,
    firm_row,
    product_row,
)
from genbo.token import ProductStatus, parse_terms

BRANCH = {
    "bank_code": "0001",
    "bank_name": "みずほ",
    "bank_name_kana": "ミズホ",
    "branch_code": "001",
    "branch_name": "東京営業部",
    "branch_name_kana": "トウキヨウ",
}
BANKS = MemoryBankMaster([check_bank_branch(BRANCH).or_refuse()])
PERSON: Mapping[str, str] = {
    "investor_id": "IV-1",
    "investor_type": "individual",
    "investor_class": "individual",
    "investor_name": "架空　花子",
    "registered_address": "東京都架空区見本町1-1",
    "safekeeping_kind": "direct",
    "safekeeping_id": "B1",
    "broker_customer_id": "C-1",
    "contact_addressee": "架空　花子",
    "contact_postal_code": "1500041",
    "contact_address": "東京都架空区見本町1-1",
    "contact_phone": "０３−１２３４−５６７８",
    "contact_email": "hanako@Example.jp",
    "payee_bank_code": "0001",
    "payee_bank_name_kana": "ミズホ",
    "payee_branch_code": "001",
    "payee_branch_name_kana": "トウキョウ",
    "payee_account_kind": "1",
    "payee_account_number": "12345",
    "payee_account_holder_kana": "カクウ　ハナコ",
}
COMPANY: Mapping[str, str] = {
    **PERSON,
    "investor_type": "corporation",
    "investor_class": "corporation",
    "corporate_number": "7000012050002",
    "payee_account_holder_kana": "株式会社ミドリ",
}


def told(problems: tuple[Refusal, ...]) -> list[tuple[Reason, object]]:
    return [(each.reason, each.facts["field"]) for each in problems]


def cells(record: InvestorRecord) -> dict[str, str]:
    """The record as texts again."""
    values = {each.name: getattr(record, each.name) for each in fields(record)}
    return {
        name: value.key if name == "investor_class" else str(value)
        for name, value in values.items()
        if value is not None
    }


def test_investor__every_cell_allowed__is_canonical() -> None:
    read = check_investor(PERSON, banks=BANKS)
    record = read.or_refuse()
    assert read.flags == ()
    assert record.contact_postal_code == "150-0041"
    assert record.contact_phone == "03-1234-5678"
    assert record.contact_email == "hanako@example.jp"
    assert record.payee_account_number == "0012345"
    assert record.payee_branch_name_kana == "ﾄｳｷﾖｳ"
    assert record.payee_account_holder_kana == "ｶｸｳ ﾊﾅｺ"
    assert record.investor_status is record.aml_class is record.corporate_number is None
    assert check_investor(cells(record), banks=BANKS).or_refuse() == record
    assert "架空" not in repr(read)
    assert check_investor(COMPANY, banks=BANKS).or_refuse().payee_account_holder_kana == "ｶ)ﾐﾄﾞﾘ"


def test_investor__personal__is_what_the_catalogue_says() -> None:
    assert {each.name for each in fields(InvestorRecord)} == {e.column for e in INVESTOR_FIELDS}
    hidden = {each.name for each in fields(InvestorRecord) if not each.repr}
    assert hidden == {each.column for each in TABLES[7].fields if each.is_personal}
    personal = check_investor(COMPANY).or_refuse().personal()
    assert set(personal) == (hidden & set(COMPANY)) - {"investor_name", "registered_address"}


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"investor_name": ""}, [(Reason.FIELD_MISSING, "investor_name")]),
        ({"investor_name": "　"}, [(Reason.FIELD_MISSING, "investor_name")]),
        ({"safekeeping_kind": "shelf"}, [(Reason.FIELD_INVALID, "safekeeping_kind")]),
        ({"investor_status": "gone"}, [(Reason.FIELD_INVALID, "investor_status")]),
        ({"my_number": "x"}, [(Reason.FIELD_UNKNOWN, "my_number")]),
        ({"created_at": "2022-01-01T00:00:00Z"}, [(Reason.FIELD_UNKNOWN, "created_at")]),
        (
            {"contact_postal_code": "1", "contact_email": "x", "payee_account_number": "12345678"},
            [
                (Reason.FIELD_INVALID, "contact_postal_code"),
                (Reason.FIELD_INVALID, "contact_email"),
                (Reason.FIELD_INVALID, "payee_account_number"),
            ],
        ),
        ({"payee_account_holder_kana": "架空 花子"}, [(Reason.FIELD_INVALID, "payee_account_holder_kana")]),
        ({"corporate_number": "7000012050002"}, [(Reason.FIELD_INVALID, "corporate_number")]),
        ({"corporate_number": "8000012050002"}, [(Reason.FIELD_INVALID, "corporate_number")]),
        ({"corporate_number": "123456789018"}, [(Reason.INDIVIDUAL_NUMBER_REFUSED, "corporate_number")]),
        ({"custodian_id": "C1"}, [(Reason.FIELD_INVALID, "custodian_id")]),
        ({"safekeeping_kind": "delegated"}, [(Reason.FIELD_INVALID, "custodian_id")]),
        ({"safekeeping_kind": "delegated", "custodian_id": "花"}, [(Reason.FIELD_INVALID, "custodian_id")]),
        ({"payee_bank_code": "0002"}, [(Reason.FIELD_INVALID, "payee_bank_code")]),
        ({"payee_branch_code": "999"}, [(Reason.FIELD_INVALID, "payee_branch_code")]),
    ],
)  # fmt: skip
def test_investor__cells_wrong__are_all_named_and_none_repeated(
    change: dict[str, str], expected: list[tuple[Reason, str]]
) -> None:
    read = check_investor({**PERSON, **change}, banks=BANKS)
    assert read.record is None
    assert told(read.problems) == expected
    with pytest.raises(Refusal) as caught:
        read.or_refuse()
    assert caught.value is read.problems[0]
    words = " ".join(
        str(explain(each, language)) + str(each.facts.get("value", ""))
        for each in read.problems
        for language in Language
    )
    for column, value in change.items():
        if len(value) > 3 and column in TABLES[7] and TABLES[7][column].is_personal:
            assert value not in words


@pytest.mark.parametrize(
    ("base", "change", "flags"),
    [
        (PERSON, {"payee_bank_name_kana": "ミズホギンコウ"}, [("payee_bank_name_kana", FlagKind.NAME_DIFFERS)]),
        (PERSON, {"payee_account_kind": ""}, [("payee_account_kind", FlagKind.ACCOUNT_INCOMPLETE)]),
        (COMPANY, {"corporate_number": ""}, [("corporate_number", FlagKind.CORPORATE_NUMBER_MISSING)]),
        (PERSON, {"payee_bank_name_kana": "", "payee_branch_name_kana": ""}, []),
        (PERSON, {column: "" for column in PERSON if column.startswith("payee_")}, []),
    ],
)  # fmt: skip
def test_investor__something_to_look_at__stands_flagged(
    base: dict[str, str], change: dict[str, str], flags: list[tuple[str, FlagKind]]
) -> None:
    read = check_investor({**base, **change}, banks=BANKS)
    assert read.record is not None
    assert [(each.field, each.kind) for each in read.flags] == flags


@given(
    st.dictionaries(
        st.sampled_from([each.column for each in INVESTOR_FIELDS] + ["x"]),
        st.one_of(st.none(), st.text(max_size=20), st.sampled_from(sorted(set(COMPANY.values())))),
    )
)
def test_investor__any_cells__are_a_record_or_named(row: dict[str, str | None]) -> None:
    read = check_investor({**COMPANY, **row}, banks=BANKS)
    assert (read.record is None) == bool(read.problems)
    for problem in read.problems:
        assert "value" not in problem.facts
    if read.record is not None:
        assert check_investor(cells(read.record), banks=BANKS).record == read.record


def test_investor__hundred_thousand_rows__take_well_under_ten_seconds() -> None:
    rows = [{**PERSON, "investor_id": f"IV-{number}"} for number in range(2_000)]
    started = time.process_time()
    for row in rows:
        assert check_investor(row, banks=BANKS).record
    assert (time.process_time() - started) * 50 < 9


# ------------------------------------------------------------------------------- the other tables

FIRM = {
    "registered_address": "東京都架空区見本町1-1",
    "contact_postal_code": "1500041",
    "settlement_bank_code": "0001",
    "settlement_bank_name_kana": "ミズホ",
    "settlement_branch_code": "001",
    "settlement_branch_name_kana": "トウキョウ",
    "settlement_account_kind": "2",
    "settlement_account_number": "7",
    "settlement_account_holder_kana": "ミドリショウケン(株)",
}


def firm(kind: FirmKind, **more: str) -> dict[str, str]:
    row = {**FIRM, f"{kind.prefix}_id": "F-1", f"{kind.prefix}_name": "架空証券株式会社"}
    return {column: value for column, value in row.items() if column in FIRM_TABLES[kind]} | more


@pytest.mark.parametrize("kind", FirmKind)
def test_firm__every_cell_allowed__is_canonical(kind: FirmKind) -> None:
    read = check_firm(kind, firm(kind), banks=BANKS)
    made = read.or_refuse()
    assert (made.kind, made.id, made.name) == (kind, "F-1", "架空証券株式会社")
    assert made.account == BankAccount(
        bank_code="0001",
        bank_name_kana="ﾐｽﾞﾎ",
        branch_code="001",
        branch_name_kana="ﾄｳｷﾖｳ",
        account_kind="2",
        account_number="0000007",
        account_holder_kana="ﾐﾄﾞﾘｼﾖｳｹﾝ(ｶ",
    )
    assert read.flags == ()
    if kind is FirmKind.TRUSTEE:
        assert made.contact is None
    else:
        assert made.contact is not None
        assert made.contact.postal_code == "150-0041"


@pytest.mark.parametrize("kind", FirmKind)
def test_firm__as_a_row__is_read_back_the_same(kind: FirmKind) -> None:
    made = check_firm(kind, firm(kind)).or_refuse()
    assert check_firm(kind, firm_row(made)).or_refuse() == canonical_firm(made) == made
    with_custodian = replace(made, custodian_id="C1")
    if kind is FirmKind.SAFEKEEPING_FIRM:
        assert canonical_firm(with_custodian) == with_custodian
        return
    with pytest.raises(Refusal) as caught:
        canonical_firm(with_custodian)
    assert (caught.value.reason, caught.value.facts["field"]) == (
        Reason.FIELD_UNKNOWN,
        "custodian_id",
    )


@pytest.mark.parametrize("kind", FirmKind)
def test_firm__cells_wrong__are_all_named(kind: FirmKind) -> None:
    row = firm(kind, **{f"{kind.prefix}_id": "", "settlement_bank_code": "0002", "x": "y"})
    assert told(check_firm(kind, row, banks=BANKS).problems) == [
        (Reason.FIELD_MISSING, f"{kind.prefix}_id"),
        (Reason.FIELD_UNKNOWN, "x"),
        (Reason.FIELD_INVALID, "settlement_bank_code"),
    ]


def test_firm__account_has_a_gap__is_refused_and_none_is_none() -> None:
    kind = FirmKind.SETTLOR
    gap = check_firm(kind, firm(kind, settlement_account_kind=""), banks=BANKS)
    assert told(gap.problems) == [(Reason.FIELD_MISSING, "settlement_account_kind")]
    without = {name: value for name, value in firm(kind).items() if "settlement" not in name}
    assert check_firm(kind, without, banks=BANKS).or_refuse().account is None


def test_broker__delegates_and_has_its_own_account__is_kept() -> None:
    kind = FirmKind.SAFEKEEPING_FIRM
    broker = check_firm(kind, firm(kind, custodian_id="C1", own_account_investor_id="IV-B1"))
    assert broker.or_refuse().custodian_id == "C1"
    assert broker.or_refuse().own_account_investor_id == "IV-B1"
    other = check_firm(FirmKind.CUSTODIAN, firm(FirmKind.CUSTODIAN, own_account_investor_id="x"))
    assert told(other.problems) == [(Reason.FIELD_UNKNOWN, "own_account_investor_id")]


def test_trustee__contact__has_no_place() -> None:
    read = check_firm(FirmKind.TRUSTEE, firm(FirmKind.TRUSTEE, contact_phone="03-1234-5678"))
    assert told(read.problems) == [(Reason.FIELD_UNKNOWN, "contact_phone")]


def test_trust_contract__row__is_read() -> None:
    row = {
        "trust_contract_id": "TC-1",
        "trust_contract_number": "第0001号",
        "trust_contract_name": "架空信託契約",
        "settlor_id": "ST-1",
        "trustee_id": "TR-1",
        "asset_manager_id": "AM-1",
    }
    contract = check_contract(row).or_refuse()
    assert (contract.id, contract.asset_manager, contract.fund_admin_number) == (
        "TC-1",
        "AM-1",
        None,
    )
    assert check_contract(contract_row(contract)).or_refuse() == contract
    assert contract_row(contract) == row
    assert check_contract({**row, "asset_manager_id": ""}).or_refuse().asset_manager is None
    missing = check_contract({**row, "trustee_id": "", "settlor_id": "花"})
    assert told(missing.problems) == [
        (Reason.FIELD_INVALID, "settlor_id"),
        (Reason.FIELD_MISSING, "trustee_id"),
    ]


def test_row__of_any_table__is_read_cell_by_cell() -> None:
    group = {"transfer_control_id": "TC-KDX", "transfer_enabled": "true"}
    assert check_row(4, group).or_refuse() == group
    wrong = check_row(4, {**group, "transfer_enabled": "perhaps"})
    assert told(wrong.problems) == [(Reason.FIELD_INVALID, "transfer_enabled")]


def test_bank_branch__row_of_a_master__is_read() -> None:
    row = {**BRANCH, "bank_name_kana": "ミツビシユ－エフジエイ"}
    assert check_bank_branch(row).or_refuse() == BankBranch(
        **{**BRANCH, "bank_name_kana": "ﾐﾂﾋﾞｼﾕ-ｴﾌｼﾞｴｲ", "branch_name_kana": "ﾄｳｷﾖｳ"}
    )
    wrong = check_bank_branch({**row, "bank_code": "5", "branch_name_kana": ""})
    assert told(wrong.problems) == [
        (Reason.FIELD_INVALID, "bank_code"),
        (Reason.FIELD_MISSING, "branch_name_kana"),
    ]
    assert {each.column for each in BANK_BRANCH.fields} == set(BRANCH)


def test_product__terms__are_the_row_of_its_table() -> None:
    row = product_row(parse_terms(TERMS), ProductStatus.ACTIVE)
    assert list(row) == [each.column for each in TABLES[3].fields if each.column in row]
    assert {each.column for each in TABLES[3].fields} - set(row) == {
        "created_at",
        "created_by",
        "updated_at",
        "updated_by",
    }
    assert TERM_OF_COLUMN["beneficial_right_id"] == "product_id"
    assert (row["beneficial_right_id"], row["record_date_1"]) == ("P1", "01-31")
    for column, text in row.items():
        rule = TABLES[3][column].rule
        assert rule is not None
        assert not text or rule(text, field=column) == text
