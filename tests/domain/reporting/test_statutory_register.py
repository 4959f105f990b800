"""The statutory register as a document (B.1, R-JSTOA-6.2.1).

given a product of each legal form
└── it should have the title, the article and the items that the law asks for
given a register
├── when it is made twice, or from lines in another order
│   └── every form should be the same bytes, and the sum of its lots total issued
├── when anything of it is another
│   └── its digest should be another
├── when it is reduced
│   ├── no name, no address and no broker should be in any form
│   └── the hash of its facts should be that of the full one, and stay when a name is corrected or erased
├── when it is CSV
│   └── it should be a table that a spreadsheet reads, in which no name becomes a formula
├── when it is Excel
│   └── figures should be figures and days days
└── when it is PDF
    └── it should carry the JSON inside
"""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from datetime import date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook
from tests.support.documents import AS_OF, LONG_NAME, a_line, a_register, odd_lines

from genbo.compliance.reasons import Language
from genbo.kernel import InvestorId, Units
from genbo.reporting import Extent, Form, LotLine, StatutoryRegister
from genbo.reporting.excel_form import FACTS, TABLE
from genbo.reporting.paper import attached
from genbo.reporting.register_forms import rendered
from genbo.token import LegalForm

TABLES = (Form.JSON, Form.CSV, Form.XLSX)
BOND = {
    "rate": "0.3",
    "points_rate": "0.7",
    "coupons_a_year": 2,
    "planned_quantity": 2_000,
    "interest_from": "2021-08-12",
    "first_coupon": "2022-02-01",
}


def table(content: bytes) -> list[dict[str, str]]:
    lines = [line for line in content.decode("utf-8-sig").split("\r\n") if line[:1] != "#"]
    return list(csv.DictReader(io.StringIO("\r\n".join(lines))))


# What the law asks for -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("form", "title", "law", "items"),
    [
        (
            LegalForm.BENEFICIARY_CERTIFICATE_TRUST,
            "受益権原簿",
            "信託法第186条",
            {"right", "set_date", "transfer", "certificates", "trust_contract", "register_note"},
        ),
        (
            LegalForm.CORPORATE_BOND,
            "社債原簿",
            "会社法第681条",
            {"right", "total", "unit_price", "paid_in", "set_date", "certificates"},
        ),
        (
            LegalForm.SHARE,
            "株主名簿",
            "会社法第121条",
            {"right", "set_quantity", "unit_price", "certificates"},
        ),
        (LegalForm.PLAIN_TRUST, "権利者名簿", "契約に基づく記録", {"right", "trust_contract"}),
        (LegalForm.SILENT_PARTNERSHIP, "権利者名簿", "契約に基づく記録", {"right"}),
    ],
)
def test_register__each_legal_form__is_titled_and_itemised_by_its_law(
    form: LegalForm, title: str, law: str, items: set[str]
) -> None:
    register = a_register(legal_form=form.value)
    document = json.loads(register.as_json)
    assert (document["title"]["ja"], document["law"]["ja"]) == (title, law)
    assert {each["key"] for each in document["items"]} >= items
    assert all(each["ja"] and each["en"] for each in document["items"])
    for line in document["lines"]:
        assert {"name", "registered_address", "units", "acquired"} <= line.keys()


def test_register__bond__says_total_and_amount_of_each() -> None:
    document = json.loads(a_register(legal_form="corporate_bond").as_json)
    told = {each["key"]: each["en"] for each in document["items"]}
    assert told["total"] == told["paid_in"] == "JPY 1,453,000,000"
    assert told["unit_price"] == "JPY 1,000,000"


def test_register__bond_after_a_split__says_the_same_total() -> None:
    register = a_register(legal_form="corporate_bond", unit_price_yen=100_000, bond=BOND)
    split = replace(register, facts=replace(register.facts, factor=10))
    told = {each.key: each.text.en for each in split.items}
    assert told["total"] == "JPY 1,453,000,000"
    assert told["unit_price"] == "JPY 100,000"
    assert told["planned"].startswith("JPY 2,000,000,000")


def test_register__bond__says_its_interest_in_both_languages() -> None:
    told = {
        each.key: each.text for each in a_register(legal_form="corporate_bond", bond=BOND).items
    }
    assert told["rate"].en == "0.3% a year before tax in cash, 0.7% a year in points"
    assert told["interest"].ja == (
        "2021-08-12から償還日まで付し、年2回、初回2022-02-01、償還日を最終として後払い。"
        "銀行休業日に当たるときは翌営業日に支払う。"
    )
    assert told["interest"].en.startswith("From 2021-08-12 to redemption, twice a year in arrears")
    assert told["planned"].ja == "2,000,000,000円（打切発行）"


@pytest.mark.parametrize(
    ("form", "title", "law"),
    [
        (LegalForm.BENEFICIARY_CERTIFICATE_TRUST, "受益権原簿記載事項証明書", "信託法第187条"),
        (LegalForm.CORPORATE_BOND, "社債原簿記載事項証明書", "会社法第682条"),
        (LegalForm.SHARE, "株主名簿記載事項証明書", "会社法第122条"),
    ],
)
def test_certificate__of_one_holder__is_titled_by_its_law(
    form: LegalForm, title: str, law: str
) -> None:
    holder = InvestorId("IV-0003")
    register = a_register([a_line(3)], holder=holder, legal_form=form.value)
    document = json.loads(register.as_json)
    assert (document["title"]["ja"], document["law"]["ja"]) == (title, law)
    assert document["holder"] == holder
    content = rendered(register, Form.PDF, Language.JA)
    assert attached(content) == register.as_json


# The same bytes --------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("form", Form)
def test_register__made_twice__is_the_same_bytes(form: Form, language: Language) -> None:
    assert rendered(a_register(), form, language) == rendered(a_register(), form, language)


lots = st.lists(
    st.builds(
        a_line,
        st.integers(0, 9_999),
        units=st.integers(1, 2**80 - 1),
        acquired=st.dates(date(2021, 1, 1), date(2022, 1, 31)),
    ),
    max_size=30,
    unique_by=lambda line: line.lot,
)


@given(lots=lots, order=st.randoms(use_true_random=False))
@settings(max_examples=60, deadline=None)
def test_register__lines_in_another_order__is_the_same_bytes_and_sums_up(
    lots: list[LotLine], order: object
) -> None:
    turned = list(lots)
    order.shuffle(turned)  # type: ignore[attr-defined]
    first, second = a_register(lots), a_register(turned)
    for form in TABLES:
        assert rendered(first, form, Language.JA) == rendered(second, form, Language.JA)
    assert first.digest == second.digest
    assert sum(int(line.units) for line in lots) == first.units == int(first.total_issued)
    assert [line["no"] for line in json.loads(first.as_json)["lines"]] == [*range(1, len(lots) + 1)]


@pytest.mark.parametrize(
    "changed",
    [
        {"units": Units(3)},
        {"acquired": date(2021, 8, 12)},
        {"name": "別の氏名"},
        {"registered_address": "別の住所"},
        {"agent": "別の証券会社"},
        {"holder": InvestorId("IV-9999")},
        {"notes": ()},
        {"restrictions": ()},
    ],
    ids=lambda it: next(iter(it)),
)
def test_register__anything_else_in_a_line__is_another_digest(changed: dict[str, object]) -> None:
    lines = odd_lines()
    place = {"notes": 0, "restrictions": 3}.get(next(iter(changed)), 1)
    lines[place] = replace(lines[place], **changed)  # type: ignore[arg-type]
    assert a_register(lines).digest != a_register().digest


# Without names ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("form", TABLES)
def test_reduced__any_form__has_no_name(form: Form, language: Language) -> None:
    register = a_register()
    content = rendered(register.reduced(), form, language)
    personal = {
        text
        for line in register.lines
        for text in (line.name, line.registered_address, line.agent, line.account_keeper)
        if text
    }
    seen = _texts(content, form)
    assert not [text for text in personal if any(text in each for each in seen)]
    assert any("IV-0003" in each for each in seen)


def test_reduced__pdf__has_no_name_in_its_pages_and_none_inside() -> None:
    register = a_register().reduced()
    content = rendered(register, Form.PDF, Language.JA)
    assert attached(content) == register.as_json
    assert LONG_NAME not in register.as_json.decode()


def _texts(content: bytes, form: Form) -> list[str]:
    if form is not Form.XLSX:
        return [content.decode("utf-8-sig")]
    book = load_workbook(io.BytesIO(content), read_only=True)
    return [
        str(cell)
        for sheet in book.worksheets
        for row in sheet.iter_rows(values_only=True)
        for cell in row
        if cell is not None
    ]


def test_facts_digest__name_corrected_or_erased__stays() -> None:
    register = a_register()
    lines = odd_lines()
    lines[0] = replace(lines[0], name="訂正後", registered_address="訂正後")
    lines[2] = replace(lines[2], name="消去前", notes=())
    changed = a_register(lines)
    assert changed.digest != register.digest
    assert changed.facts_digest == register.facts_digest == register.reduced().digest
    lines[1] = replace(lines[1], units=Units(99))
    assert a_register(lines).facts_digest != register.facts_digest


# The forms -------------------------------------------------------------------------------------------


def test_csv__opened_as_a_table__has_every_lot_and_says_of_what_it_is() -> None:
    register = a_register()
    content = rendered(register, Form.CSV, Language.EN)
    rows = table(content)
    assert len(rows) == len(register.lines)
    assert sum(int(row["Units"]) for row in rows) == register.units
    facts = dict(
        csv.reader(
            line[1:] for line in content.decode("utf-8-sig").split("\r\n") if line[:1] == "#"
        )
    )
    assert facts["as_of"] == AS_OF.isoformat()
    assert facts["digest"] == register.digest
    assert facts["block"] == "38"
    formula = next(row for row in rows if row["Investor"] == "IV-0005")
    assert formula["Name"] == '\'=HYPERLINK("x")'


def test_xlsx__opened__has_figures_and_days() -> None:
    register = a_register()
    book = load_workbook(io.BytesIO(rendered(register, Form.XLSX, Language.EN)))
    rows = list(book[TABLE].iter_rows(values_only=True))
    assert len(rows) == len(register.lines) + 1
    column = {name: place for place, name in enumerate(rows[0])}
    assert sum(row[column["Units"]] for row in rows[1:]) == register.units
    assert rows[2][column["Acquired"]] == datetime(2021, 8, 11)  # noqa: DTZ001
    names = {row[column["Investor"]]: row[column["Name"]] for row in rows[1:]}
    assert names["IV-0005"] == '=HYPERLINK("x")'
    row = next(row for row in book[TABLE].iter_rows() if row[1].value == "IV-0005")
    assert row[column["Name"]].data_type == "s"
    facts = {row[0]: row[2] for row in book[FACTS].iter_rows(values_only=True)}
    assert facts["register_note"] == "譲渡制限付\n注記の二行目"


def test_xlsx__more_units_than_a_spreadsheet_counts__are_kept_as_text() -> None:
    register = a_register([a_line(1, units=2**70)])
    book = load_workbook(io.BytesIO(rendered(register, Form.XLSX, Language.EN)))
    assert str(2**70) in {str(cell.value) for cell in book[TABLE][2]}


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("extent", Extent)
def test_pdf__any_extent__carries_the_json_inside(extent: Extent, language: Language) -> None:
    register = replace(a_register(), extent=extent)
    content = rendered(register, Form.PDF, language)
    assert content.startswith(b"%PDF-1.7")
    assert attached(content) == register.as_json


def test_register__representation__shows_no_name() -> None:
    register: StatutoryRegister = a_register()
    assert "花子" not in repr(register) + repr(register.lines[0])
