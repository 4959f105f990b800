"""A file of firms is read by the rules of their tables.

given the example's file
    when it is read
        it should be the firms of the example, as the catalogue keeps them
given a file with rows that are wrong
    when it is read
        it should name every problem with its line, and repeat no value of a table
"""

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.support.command import EXAMPLE

from genbo.bootstrap.firms import FirmsFile
from genbo.cli.files.firms import read_firms
from genbo.cli.files.problems import FileProblems
from genbo.kernel import Reason
from genbo.masters import FirmKind

GOOD = """\
institutions:
  - {institution_id: B9, role: direct_broker}
bank_branches:
  - {bank_code: "9990", bank_name: 架空銀行, bank_name_kana: カクウ,
     branch_code: "001", branch_name: 本店, branch_name_kana: ホンテン}
safekeeping_firms:
  - safekeeping_id: B9
    safekeeping_name: 架空証券株式会社
    registered_address: 東京都架空区1-1
    contact_postal_code: １５０００４１
    settlement_bank_code: "9990"
    settlement_bank_name_kana: カクウ
    settlement_branch_code: "001"
    settlement_branch_name_kana: ホンテン
    settlement_account_kind: "2"
    settlement_account_number: "7"
    settlement_account_holder_kana: カクウショウケン株式会社
"""


@pytest.fixture
def read(tmp_path: Path) -> Callable[[str], FirmsFile]:
    def run(text: str) -> FirmsFile:
        path = tmp_path / "firms.yaml"
        path.write_text(text, encoding="utf-8")
        return read_firms(path)

    return run


def test_read__the_example__is_its_firms() -> None:
    these = read_firms(EXAMPLE / "firms.yaml")
    assert [each.id for each in these.firms if each.kind is FirmKind.SAFEKEEPING_FIRM] == [
        "B1",
        "B2",
        "B3",
    ]
    assert [each.id for each in these.contracts] == ["TC-SHIBUYA-JINNAN"]


def test_read__any_usual_writing__is_canonical(read: Callable[[str], FirmsFile]) -> None:
    these = read(GOOD)
    (broker,) = these.firms
    assert broker.contact is not None
    assert broker.contact.postal_code == "150-0041"
    assert broker.account is not None
    assert broker.account.account_number == "0000007"
    assert broker.account.account_holder_kana == "ｶｸｳｼﾖｳｹﾝ(ｶ"
    assert [each.branch_name_kana for each in these.branches] == ["ﾎﾝﾃﾝ"]


@pytest.mark.parametrize(
    ("good", "bad", "reason", "field", "line"),
    [
        ("role: direct_broker", "role: emperor", Reason.FIELD_INVALID, "role", 2),
        ("institution_id: B9, ", "", Reason.FIELD_MISSING, "institution_id", 2),
        ("bank_name_kana: カクウ,", "bank_name_kana: 架空,", Reason.FIELD_INVALID, "bank_name_kana", 4),
        ("safekeeping_name: 架空証券株式会社", "safekeeping_name:", Reason.FIELD_MISSING, "safekeeping_name", 7),
        ("safekeeping_id: B9", "safekeeping_id: 花子", Reason.FIELD_INVALID, "safekeeping_id", 7),
        ("１５０００４１", "15", Reason.FIELD_INVALID, "contact_postal_code", 7),
        ('settlement_account_kind: "2"', "", Reason.FIELD_MISSING, "settlement_account_kind", 7),
        ("safekeeping_firms:", "shops:", Reason.FIELD_UNKNOWN, "shops", 7),
        ("registered_address:", "my_number:", Reason.FIELD_UNKNOWN, "my_number", 7),
    ],
)  # fmt: skip
def test_read__row_wrong__is_named_with_its_line(
    read: Callable[[str], FirmsFile], good: str, bad: str, reason: Reason, field: str, line: int
) -> None:
    with pytest.raises(FileProblems) as caught:
        read(GOOD.replace(good, bad, 1))
    found = [
        (each.reason, each.facts["field"], each.facts["line"]) for each in caught.value.problems
    ]
    assert (reason, field, line) in found
    assert "花子" not in str([each.facts for each in caught.value.problems])


def test_read__several_wrong__are_all_named(read: Callable[[str], FirmsFile]) -> None:
    text = GOOD.replace("direct_broker", "emperor").replace('"7"', '"12345678"')
    with pytest.raises(FileProblems) as caught:
        read(text)
    assert [each.facts["field"] for each in caught.value.problems] == [
        "role",
        "settlement_account_number",
    ]
