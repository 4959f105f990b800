"""Search forms: two spellings of one value have one form; two values have two.

given a value
├── when only width or outer blanks differ
│   └── it should have the same form
├── when it is a name that is searched folded
│   └── it should be the same in kana, case and with or without blanks
└── when it is an account
    └── it should need all four parts
"""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from genbo.compliance.privacy import SEARCHED, forms_of, searched_as


@pytest.mark.parametrize(
    ("field", "one", "other"),
    [
        ("name", "架空　花子", " 架空 花子 "),
        ("name", "ＡＢＣ商事", "ABC商事"),
        ("name_folded", "架空 花子", "架空花子"),
        ("name_folded", "かくう・はなこ", "カクウハナコ"),
        ("name_folded", "ｶｸｳ ﾊﾅｺ", "カクウ　ハナコ"),
        ("name_folded", "Hanako KAKU", "hanako kaku"),
        ("corporate_number", "７０００-0120-50002", "7000012050002"),
        ("payee_account", "0001-001-1-1234567", "0001/001/1/1234567"),
        ("payee_account", "０００１ 001 1 1234567", "0001/001/1/1234567"),
    ],
)
def test_form__another_spelling__is_the_same(field: str, one: str, other: str) -> None:
    assert searched_as(field, one) == searched_as(field, other) != ""


@pytest.mark.parametrize(
    ("field", "one", "other"),
    [
        ("name", "架空 花子", "架空花子"),
        ("name", "かくう", "カクウ"),
        ("name_folded", "架空花子", "架空華子"),
        ("payee_account", "0001-001-1-1234567", "0001-001-2-1234567"),
    ],
)
def test_form__another_value__differs(field: str, one: str, other: str) -> None:
    assert searched_as(field, one) != searched_as(field, other)


def test_forms_of__an_investor__has_what_is_there() -> None:
    account = {
        "payee_bank_code": "0001",
        "payee_branch_code": "001",
        "payee_account_kind": "1",
        "payee_account_number": "1234567",
    }
    found = dict(forms_of({"name": "架空 花子", "contact_phone": "03", **account}))
    assert found == {
        "name": "架空 花子",
        "name_folded": "架空花子",
        "payee_account": "0001/001/1/1234567",
    }
    del account["payee_branch_code"]
    assert dict(forms_of({"corporate_number": "7000012050002", **account})) == {
        "corporate_number": "7000012050002"
    }


@example(field="name_folded", value="t-\u0308")
@given(field=st.sampled_from(SEARCHED), value=st.text(max_size=30))
def test_form__of_a_form__is_itself(field: str, value: str) -> None:
    form = searched_as(field, value)
    assert searched_as(field, form) == form
