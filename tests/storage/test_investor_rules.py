"""The rules of table T7 where they are kept: in the repository.

given investors to register
    when their cells are written in any usual way
        it should seal the canonical form
    when a cell is wrong
        it should refuse all of them, name the field and repeat no value
    when their bank or branch is not in the bank master
        it should refuse; when a name there differs, register and say so
given a corporate number (D.5.1)
    when the check digit is right, it should be accepted; when it is wrong, refused
    when twelve digits stand there, it should be refused as a possible individual number
given an investor who is registered
    when the status is to change
        it should go where the table of transitions says, and nowhere else
    when units are held
        it should neither be closed nor erased
    when it is erased
        it should be by the act of its own, once, and final
    when it is renamed
        it should keep the name in one form, and refuse what is none
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import Connection, func, select
from tests.storage.builders import CHAIN, P1, Ledger, account, deploy, new_investor

from genbo.kernel import InvestorId, Reason, Refusal
from genbo.masters import Flag, FlagKind, InvestorStatus
from genbo.storage import tables
from genbo.storage.investors import Investors, NewInvestor
from genbo.storage.register import Register
from genbo.storage.vault import Purpose, Reading, Vault
from genbo.storage.wallets import Wallet, Wallets

NOW = datetime(2021, 7, 20, tzinfo=UTC)
READING = Reading(purpose=Purpose.REGISTER, actor="registrar-1", at=NOW)
ONE = InvestorId("IV-1")
ACCOUNT: Mapping[str, str] = {
    "payee_bank_code": "９９９０",
    "payee_bank_name_kana": "カクウ",
    "payee_branch_code": "001",
    "payee_branch_name_kana": "ホンテン",
    "payee_account_kind": "1",
    "payee_account_number": "42",
    "payee_account_holder_kana": "カクウ　ハナコ",
}
"""At the branch that tests.support.firms puts into the bank master."""


@pytest.fixture
def investors(connection: Connection, vault: Vault) -> Investors:
    return Investors(connection, vault)


def register(investors: Investors, *new: NewInvestor) -> dict[InvestorId, tuple[Flag, ...]]:
    return investors.register(new, at=NOW, by="registration-1")


def refused(investors: Investors, connection: Connection, *new: NewInvestor) -> Refusal:
    """The refusal, after which nobody more is registered."""
    count = select(func.count()).select_from(tables.investor)
    before = connection.scalar(count)
    with pytest.raises(Refusal) as caught:
        register(investors, *new)
    assert connection.scalar(count) == before
    return caught.value


# ---------------------------------------------------------------------------------- registration


def test_register__usual_writings__are_sealed_in_one_form(investors: Investors) -> None:
    new = replace(
        new_investor(
            contact_postal_code="１５０００４１",
            contact_phone="０３−１２３４−５６７８",
            contact_email=" hanako@Example.JP ",
            **ACCOUNT,
        ),
        name="　架空　花子 ",
    )
    assert register(investors, new) == {}
    opened = investors.personal(
        [ONE], fields=("contact_postal_code", "contact_phone", *ACCOUNT), reading=READING
    )[ONE]
    assert opened == {
        "contact_postal_code": "150-0041",
        "contact_phone": "03-1234-5678",
        "payee_bank_code": "9990",
        "payee_bank_name_kana": "ｶｸｳ",
        "payee_branch_code": "001",
        "payee_branch_name_kana": "ﾎﾝﾃﾝ",
        "payee_account_kind": "1",
        "payee_account_number": "0000042",
        "payee_account_holder_kana": "ｶｸｳ ﾊﾅｺ",
    }
    identity = investors.identities([ONE], on=date(2022, 1, 1), reading=READING)[ONE]
    assert identity.name == "架空　花子"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("contact_postal_code", "15-00041"),
        ("contact_phone", "03-hush-5678"),
        ("contact_email", "hanako at example.jp"),
        ("contact_address", "東京都\n架空区"),
        ("payee_account_number", "12345678"),
        ("payee_account_kind", "3"),
        ("payee_account_holder_kana", "架空 花子"),
        ("payee_bank_code", "9991"),
        ("payee_branch_code", "002"),
    ],
)
def test_register__cell_wrong__all_are_refused_and_no_value_repeated(
    investors: Investors, connection: Connection, field: str, value: str
) -> None:
    wrong = new_investor("IV-2", **{**ACCOUNT, field: value})
    refusal = refused(investors, connection, new_investor(), wrong)
    assert refusal.reason is Reason.FIELD_INVALID
    assert set(refusal.facts) == {"field", "allowed"}
    assert refusal.facts["field"] == field


def test_register__name_empty__is_missing(investors: Investors, connection: Connection) -> None:
    refusal = refused(investors, connection, replace(new_investor(), name="　"))
    assert (refusal.reason, refusal.facts["field"]) == (Reason.FIELD_MISSING, "investor_name")


def test_register__name_of_the_bank_differs__is_flagged_and_kept(investors: Investors) -> None:
    new = new_investor(**{**ACCOUNT, "payee_bank_name_kana": "カクウギンコウ"})
    flag = Flag(field="payee_bank_name_kana", kind=FlagKind.NAME_DIFFERS)
    assert register(investors, new, new_investor("IV-2")) == {ONE: (flag,)}
    opened = investors.personal([ONE], fields=["payee_bank_name_kana"], reading=READING)
    assert opened[ONE]["payee_bank_name_kana"] == "ｶｸｳｷﾞﾝｺｳ"


@pytest.mark.parametrize("status", ["suspended", "closed", "erased"])
def test_register__status_nobody_begins_with__is_refused(
    investors: Investors, connection: Connection, status: str
) -> None:
    new = new_investor()
    wrong = replace(new, investor=replace(new.investor, status=status))
    refusal = refused(investors, connection, wrong)
    assert (refusal.reason, refusal.facts["field"]) == (Reason.FIELD_INVALID, "status")


def test_d_5_1__corporate_number_and_refusals(investors: Investors, connection: Connection) -> None:
    """B2 registers: 7000012050002 is accepted, a wrong check digit refused, twelve digits of anybody refused."""

    def of_b2(name: str, number: str, kind: str) -> NewInvestor:
        new = new_investor(name, corporate_number=number)
        return replace(new, investor=replace(new.investor, kind=kind, safekeeping_id="B2"))

    register(investors, of_b2("IV-1", "7000012050002", "corporation"))
    opened = investors.personal([ONE], fields=["corporate_number"], reading=READING)
    assert opened == {ONE: {"corporate_number": "7000012050002"}}

    check_digit = refused(investors, connection, of_b2("IV-2", "8000012050002", "corporation"))
    assert check_digit.reason is Reason.FIELD_INVALID
    assert set(check_digit.facts) == {"field", "allowed"}
    assert check_digit.facts["field"] == "corporate_number"

    for kind in ("individual", "corporation"):
        for number in (
            "123456789018",
            "000000000000",
            "1234-5678-9018",
            "１２３４５６７８９０１８",
        ):
            twelve = refused(investors, connection, of_b2("IV-3", number, kind))
            assert twelve.reason is Reason.INDIVIDUAL_NUMBER_REFUSED
            assert twelve.facts == {"field": "corporate_number"}
            assert number not in str(twelve)
    individual = refused(investors, connection, of_b2("IV-3", "7000012050002", "individual"))
    assert individual.facts == {"field": "corporate_number", "allowed": "nothing for an individual"}


# ---------------------------------------------------------------------------------------- status


def judge(investors: Investors, **to: str) -> None:
    investors.judge(ONE, at=NOW, by="compliance-1", **to)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        (["active", "suspended", "active", "closed"], None),
        (["applied"], Reason.INVESTOR_STATUS_UNREACHABLE),
        (["closed", "active"], Reason.INVESTOR_STATUS_UNREACHABLE),
        (["closed", "suspended"], Reason.INVESTOR_STATUS_UNREACHABLE),
        (["erased"], Reason.FIELD_INVALID),
        (["closed", "erased"], Reason.FIELD_INVALID),
        (["gone"], Reason.FIELD_INVALID),
    ],
)
def test_judge__status__goes_where_the_table_says(
    investors: Investors, path: list[str], reason: Reason | None
) -> None:
    register(investors, new_investor())
    *first, last = path
    for status in first:
        judge(investors, status=status)
    before = investors.get(ONE)
    if reason is None:
        judge(investors, status=last)
        assert investors.get(ONE).status == last
        return
    with pytest.raises(Refusal) as caught:
        judge(investors, status=last)
    assert caught.value.reason is reason
    assert investors.get(ONE) == before


def test_judge__code_unknown__is_refused(investors: Investors) -> None:
    register(investors, new_investor())
    with pytest.raises(Refusal) as caught:
        judge(investors, aml_class="perhaps")
    assert caught.value.facts["field"] == "aml_class"


def test_close_or_erase__units_held__is_refused_until_none_are(
    investors: Investors, connection: Connection
) -> None:
    deploy(connection)
    register(investors, new_investor())
    wallet = Wallet(product_id=P1, address=account(1), investor_id=ONE, valid_from=NOW)
    Wallets(connection).assign([wallet], at=NOW, by="registrar-1")
    ledger = Ledger()
    Register(connection, CHAIN).save([ledger.at(1).issue(100, to=1, ref="I-1")])
    for act in (
        lambda: judge(investors, status="closed"),
        lambda: investors.erase(ONE, at=NOW, by="registration-1", ground="RET-1"),
    ):
        with pytest.raises(Refusal) as caught:
            act()
        assert caught.value.reason is Reason.INVESTOR_HOLDS_UNITS
        assert caught.value.facts == {"investor": ONE, "units": 100}
        assert investors.get(ONE).status == "active"
    Register(connection, CHAIN).save([ledger.at(2).transfer(1, 2, 100)])
    judge(investors, status="closed")
    investors.erase(ONE, at=NOW, by="registration-1", ground="RET-1")
    assert investors.get(ONE).status == InvestorStatus.ERASED


def test_erase__erased__stays_erased(investors: Investors) -> None:
    register(investors, new_investor())
    mark = investors.erase(ONE, at=NOW, by="registration-1", ground="RET-1")
    assert investors.erase(ONE, at=NOW, by="another", ground="RET-2") == mark
    for status in ("applied", "active", "suspended", "closed"):
        with pytest.raises(Refusal) as caught:
            judge(investors, status=status)
        assert caught.value.reason is Reason.INVESTOR_STATUS_UNREACHABLE
        assert caught.value.facts["allowed"] == "-"


# ---------------------------------------------------------------------------------------- rename


def test_rename__any_writing__is_kept_in_one_form_or_refused(investors: Investors) -> None:
    register(investors, new_investor())

    def rename(name: str, address: str) -> None:
        investors.rename(
            ONE,
            name=name,
            registered_address=address,
            effective=date(2022, 3, 1),
            at=NOW,
            by="registration-1",
        )

    rename(" 架空　月子　", "大阪府架空市 ")
    identity = investors.identities([ONE], on=date(2022, 3, 1), reading=READING)[ONE]
    assert (identity.name, identity.registered_address) == ("架空　月子", "大阪府架空市")
    for name, address, field in (
        ("", "大阪府", "investor_name"),
        ("架空\n月子", "大阪府", "investor_name"),
        ("架空 月子", "あ" * 201, "registered_address"),
    ):
        with pytest.raises(Refusal) as caught:
            rename(name, address)
        assert (caught.value.reason, caught.value.facts["field"]) == (Reason.FIELD_INVALID, field)
        assert set(caught.value.facts) == {"field", "allowed"}
