"""Rules of single cells.

given text in a cell
    when it means an allowed value in any usual writing
        it should become the one form that is kept, and that form should read as itself
    when it means none
        it should refuse with the field and what is allowed, and never repeat the text
given twelve digits where a corporate number belongs
    when they are grouped, full width or plain
        it should refuse them as a possible individual number, and never repeat them
"""

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from genbo.compliance.reasons import Language, explain
from genbo.kernel import Reason, Refusal
from genbo.masters import (
    ACCOUNT_KIND,
    ACCOUNT_NUMBER,
    BANK_CODE,
    BRANCH_CODE,
    CORPORATE_NUMBER,
    EMAIL,
    ID,
    ISIN,
    LEI,
    LINE,
    NOTE,
    PHONE,
    POSTAL_CODE,
    SECURITY_CODE,
    Rule,
    one_of,
)

DATA = Path(__file__).parents[2] / "data"
with (DATA / "identifier_vectors.csv").open(encoding="utf-8", newline="") as _file:
    VECTORS = [(row["kind"], row["value"], row["valid"]) for row in csv.DictReader(_file)]
BY_KIND = {"ISIN": ISIN, "HOUJIN_BANGOU": CORPORATE_NUMBER, "LEI": LEI}
EVERY = {
    "ACCOUNT_KIND": ACCOUNT_KIND,
    "ACCOUNT_NUMBER": ACCOUNT_NUMBER,
    "BANK_CODE": BANK_CODE,
    "BRANCH_CODE": BRANCH_CODE,
    "CORPORATE_NUMBER": CORPORATE_NUMBER,
    "EMAIL": EMAIL,
    "ID": ID,
    "ISIN": ISIN,
    "LEI": LEI,
    "LINE": LINE,
    "NOTE": NOTE,
    "PHONE": PHONE,
    "POSTAL_CODE": POSTAL_CODE,
    "SECURITY_CODE": SECURITY_CODE,
}


def refusal(rule: Rule, text: str) -> Refusal:
    with pytest.raises(Refusal) as caught:
        rule(text, field="the_field")
    return caught.value


@pytest.mark.parametrize(("kind", "value", "valid"), VECTORS)
def test_vector__published_or_derived__is_judged_right(kind: str, value: str, valid: str) -> None:
    if valid.startswith("yes"):
        assert BY_KIND[kind](value, field="x") == value
    else:
        assert refusal(BY_KIND[kind], value).facts["field"] == "the_field"


@pytest.mark.parametrize(
    ("file", "rule", "count"),
    [
        ("python_stdnum_jp_cn_numbers.txt", CORPORATE_NUMBER, 40),
        ("python_stdnum_lei_numbers.txt", LEI, 100),
    ],
)
def test_numbers__right_check_digits__are_accepted(file: str, rule: Rule, count: int) -> None:
    numbers = (DATA / file).read_text("utf-8").split()
    assert len(numbers) == count
    assert [rule(number, field="x") for number in numbers] == numbers


@pytest.mark.parametrize("digit", range(13))
def test_corporate_number__a_digit_differs__is_refused_but_for_0_and_9(digit: int) -> None:
    right = "7000012050002"
    for other in "0123456789":
        changed = right[:digit] + other + right[digit + 1 :]
        if {other, right[digit]} <= {"0", "9"} and digit:
            assert CORPORATE_NUMBER(changed, field="x") == changed  # what the rule cannot notice
        elif other != right[digit]:
            assert refusal(CORPORATE_NUMBER, changed).reason is Reason.FIELD_INVALID


@pytest.mark.parametrize(
    "text",
    [
        "123456789018",
        "1234-5678-9018",
        "１２３４５６７８９０１８",
        "1234 5678 9018",
        "000000000000",
    ],
)
def test_twelve_digits__in_any_writing__may_be_an_individual_number(text: str) -> None:
    found = refusal(CORPORATE_NUMBER, text)
    assert found.reason is Reason.INDIVIDUAL_NUMBER_REFUSED
    assert found.facts == {"field": "the_field"}
    for language in Language:
        assert "9018" not in str(explain(found, language)) + str(found)


@pytest.mark.parametrize(
    ("rule", "text", "kept"),
    [
        (CORPORATE_NUMBER, "7-0000-1205-0002", "7000012050002"),
        (CORPORATE_NUMBER, "７０００012050002 ", "7000012050002"),
        (ISIN, "jp3633400001", "JP3633400001"),
        (LEI, "353800v2v8puy9tk3e06", "353800V2V8PUY9TK3E06"),
        (SECURITY_CODE, "7203", "7203"),
        (SECURITY_CODE, "１３０ａ", "130A"),
        (POSTAL_CODE, "1500041", "150-0041"),
        (POSTAL_CODE, "〒１５０－００４１", "150-0041"),
        (PHONE, "03-1234-5678", "03-1234-5678"),
        (PHONE, "＋８１−90ー1234‐5678", "+81-90-1234-5678"),
        (EMAIL, " hanako@example.jp ", "hanako@example.jp"),
        (EMAIL, "Hanako.Y+st@Example.JP", "Hanako.Y+st@example.jp"),
        (EMAIL, "山@例え.jp", "山@例え.jp"),
        (EMAIL, "someone@example.invalid", "someone@example.invalid"),  # syntax only
        (BANK_CODE, "０００１", "0001"),
        (BRANCH_CODE, "001", "001"),
        (ACCOUNT_KIND, "１", "1"),
        (ACCOUNT_NUMBER, "1234567", "1234567"),
        (ACCOUNT_NUMBER, "123", "0000123"),
        (ACCOUNT_NUMBER, "０１２３", "0000123"),
        (LINE, "  山田　花子 ", "山田　花子"),
        (LINE, "\ufa19谷 﨑", "\ufa19谷 﨑"),  # a compatibility ideograph that NFC would replace
        (NOTE, "一行目\n二行目", "一行目\n二行目"),
        (NOTE, "", ""),
        (ID, "IV-1", "IV-1"),
    ],
)
def test_cell__usual_writing__becomes_the_form_that_is_kept(
    rule: Rule, text: str, kept: str
) -> None:
    assert rule(text, field="x") == kept
    assert rule(kept, field="x") == kept


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        (CORPORATE_NUMBER, ""),
        (CORPORATE_NUMBER, "8000012050002"),
        (CORPORATE_NUMBER, "T7000012050002"),
        (CORPORATE_NUMBER, "٧٠٠٠٠١٢٠٥٠٠٠٢"),
        (SECURITY_CODE, "130B"),
        (SECURITY_CODE, "0130"),
        (SECURITY_CODE, "72030"),
        (POSTAL_CODE, "15-00041"),
        (POSTAL_CODE, "150004"),
        (PHONE, "03(1234)5678"),
        (PHONE, "-03-1234-5678"),
        (PHONE, "03--1234-5678"),
        (PHONE, "110"),
        (PHONE, "1234567890123456"),
        (PHONE, "0312345678x"),
        (EMAIL, "hanako"),
        (EMAIL, "hanako@@example.jp"),
        (EMAIL, ".hanako@example.jp"),
        (EMAIL, "hanako@example"),
        (EMAIL, "花子 <hanako@example.jp>"),
        (EMAIL, "hanako@example.jp\nbcc: x@example.jp"),
        (BANK_CODE, "1"),
        (BANK_CODE, "00001"),
        (BANK_CODE, "000A"),
        (BRANCH_CODE, "01"),
        (ACCOUNT_KIND, "3"),
        (ACCOUNT_KIND, ""),
        (ACCOUNT_NUMBER, ""),
        (ACCOUNT_NUMBER, "12345678"),
        (ACCOUNT_NUMBER, "12-3456"),
        (LINE, ""),
        (LINE, "　"),
        (LINE, "一行目\n二行目"),
        (LINE, "a\u2028b"),
        (LINE, "a\x00b"),
        (LINE, "a\ud800b"),
        (LINE, "あ" * 201),
        (NOTE, "a\x00b"),
        (ID, "山田花子"),
        (ID, "X" * 33),
    ],
)
def test_cell__no_allowed_value__is_refused_and_not_repeated(rule: Rule, text: str) -> None:
    found = refusal(rule, text)
    assert found.reason is Reason.FIELD_INVALID
    assert found.facts == {"field": "the_field", "allowed": rule.allowed}
    assert str(explain(found)).startswith("The field 'the_field' is not valid. Correct it")


def test_one_of__other_word__is_refused() -> None:
    rule = one_of(["direct", "delegated"])
    assert rule("direct", field="x") == "direct"
    assert refusal(rule, "shelf").facts["allowed"] == "direct, delegated"


@pytest.mark.parametrize("name", EVERY)
@given(st.text(st.characters(exclude_categories=()), max_size=40))
def test_any_text__is_kept_in_one_form_or_refused(name: str, text: str) -> None:
    rule = EVERY[name]
    try:
        kept = rule(text, field="x")
    except Refusal as found:
        refused = found
    else:
        assert rule(kept, field="x") == kept
        return
    assert refused.reason in (Reason.FIELD_INVALID, Reason.INDIVIDUAL_NUMBER_REFUSED)
    assert set(refused.facts) <= {"field", "allowed"}


@given(st.from_regex(r"[a-z0-9_+.-]{1,12}@[a-z0-9.-]{1,12}\.(com|jp)", fullmatch=True))
def test_email__plain_address__is_judged_as_the_full_grammar_does(text: str) -> None:
    from email_validator import EmailNotValidError, validate_email

    try:
        expected = validate_email(
            text, check_deliverability=False, globally_deliverable=False
        ).normalized
    except EmailNotValidError:
        refusal(EMAIL, text)
    else:
        assert EMAIL(text, field="x") == expected
