"""Kana of bank transfers.

given a name in hiragana, full width, half width or Latin letters
    when every sign has a form that all banks take
        it should become half-width capital kana, a voiced mark being a byte of its own, and read as itself
    when it has kanji, a comma or another sign that some bank refuses
        it should refuse it
given the word for a company's legal form
    when it stands in front, behind or inside
        it should become the abbreviation with its brackets there
given a name that is too long
    when nobody asked to cut it
        it should refuse it
    when cutting is asked for
        it should say what was kept and what was cut off, and not part a sign from its voiced mark
given an account
    when bank and branch are those of the master, or a name differs, or one does not exist
        it should find nothing, flag the name, or refuse the code
"""

import csv
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from genbo.kernel import Reason, Refusal
from genbo.masters import (
    ACCOUNT_HOLDER_KANA,
    BANK_NAME_KANA,
    BankBranch,
    Flag,
    FlagKind,
    MemoryBankMaster,
    cut_transfer_kana,
    judge_account,
    transfer_kana,
)

DATA = Path(__file__).parents[2] / "data"
ALLOWED = re.compile(r"[ｱ-ﾝﾞﾟA-Z0-9 ().-]+")
"""The intersection of what banks take (requirements B.6), ヲ excepted."""


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("ヤマダ　タロウ", "ﾔﾏﾀﾞ ﾀﾛｳ"),
        ("やまだ  たろう", "ﾔﾏﾀﾞ ﾀﾛｳ"),
        ("ﾔﾏﾀﾞ ﾀﾛｳ", "ﾔﾏﾀﾞ ﾀﾛｳ"),
        ("ヤマタ゛", "ﾔﾏﾀﾞ"),
        ("ジョウ", "ｼﾞﾖｳ"),
        ("ｼﾞｮｳ", "ｼﾞﾖｳ"),
        ("ミツビシユ－エフジエイ", "ﾐﾂﾋﾞｼﾕ-ｴﾌｼﾞｴｲ"),
        ("ローソン", "ﾛ-ｿﾝ"),
        ("ﾛｰｿﾝ", "ﾛ-ｿﾝ"),
        ("ヴァン", "ｳﾞｱﾝ"),
        ("ヱビス ヲ", "ｴﾋﾞｽ ｵ"),
        ("パピプペポ", "ﾊﾟﾋﾟﾌﾟﾍﾟﾎﾟ"),
        ("ミツビシＵＦＪシンタク", "ﾐﾂﾋﾞｼUFJｼﾝﾀｸ"),
        ("Yamada taro", "YAMADA TARO"),
        ("ジョン・スミス", "ｼﾞﾖﾝ ｽﾐｽ"),
        ("ＡＢ．１２（３）", "AB.12(3)"),
    ],
)  # fmt: skip
def test_name__any_usual_writing__becomes_transfer_kana(text: str, kept: str) -> None:
    assert transfer_kana(text) == kept
    assert transfer_kana(kept) == kept


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("株式会社ミドリ", "ｶ)ﾐﾄﾞﾘ"),
        ("株式会社　ミドリ", "ｶ)ﾐﾄﾞﾘ"),
        ("㈱ミドリ", "ｶ)ﾐﾄﾞﾘ"),
        ("（株）ミドリ", "ｶ)ﾐﾄﾞﾘ"),
        ("かぶしきがいしゃみどり", "ｶ)ﾐﾄﾞﾘ"),
        ("ｶﾌﾞｼｷｶﾞｲｼﾔ ﾐﾄﾞﾘ", "ｶ)ﾐﾄﾞﾘ"),
        ("ミドリ株式会社", "ﾐﾄﾞﾘ(ｶ"),
        ("ミドリ株式会社シブヤシテン", "ﾐﾄﾞﾘ(ｶ)ｼﾌﾞﾔｼﾃﾝ"),
        ("ミドリ有限会社", "ﾐﾄﾞﾘ(ﾕ"),
        ("合同会社ミドリ", "ﾄﾞ)ﾐﾄﾞﾘ"),
        ("医療法人社団ミドリ", "ｲ)ﾐﾄﾞﾘ"),
        ("一般社団法人ミドリ", "ｼﾔ)ﾐﾄﾞﾘ"),
        ("ミドリ株式会社シブヤ営業所", "ﾐﾄﾞﾘ(ｶ)ｼﾌﾞﾔ(ｴｲ"),
        ("ミドリ営業所シブヤ", "ﾐﾄﾞﾘ(ｴｲ)ｼﾌﾞﾔ"),
        ("カ）ミドリ", "ｶ)ﾐﾄﾞﾘ"),
        ("カブシキガイシャ", "ｶﾌﾞｼｷｶﾞｲｼﾔ"),  # no name beside it: nothing to abbreviate
    ],
)  # fmt: skip
def test_company__word_for_its_form__becomes_the_abbreviation(text: str, kept: str) -> None:
    assert transfer_kana(text) == kept
    assert transfer_kana(kept) == kept


@pytest.mark.parametrize(
    ("words", "short"),
    [
        (("株式会社", "カブシキカイシャ", "かぶしきがいしゃ"), "ｶ"),
        (("有限会社", "（有）", "ユウゲンガイシャ"), "ﾕ"),
        (("合名会社", "ゴウメイガイシャ"), "ﾒ"),
        (("合資会社", "ゴウシガイシャ"), "ｼ"),
        (("合同会社", "ゴウドウガイシャ"), "ﾄﾞ"),
        (("相互会社", "ソウゴガイシャ"), "ｿ"),
        (("医療法人", "社会医療法人", "イリョウホウジン"), "ｲ"),
        (("公益財団法人", "ザイダンホウジン"), "ｻﾞｲ"),
        (("社団法人", "シャダンホウジン"), "ｼﾔ"),
        (("宗教法人", "シュウキョウホウジン"), "ｼﾕｳ"),
        (("学校法人", "ガッコウホウジン"), "ｶﾞｸ"),
        (("社会福祉法人", "シャカイフクシホウジン"), "ﾌｸ"),
        (("特定非営利活動法人", "トクテイヒエイリカツドウホウジン"), "ﾄｸﾋ"),
        (("地方独立行政法人", "チホウドクリツギョウセイホウジン"), "ﾁﾄﾞｸ"),
        (("独立行政法人", "ドクリツギョウセイホウジン"), "ﾄﾞｸ"),
        (("弁護士法人", "ベンゴシホウジン"), "ﾍﾞﾝ"),
        (("税理士法人", "ゼイリシホウジン"), "ｾﾞｲ"),
    ],
)  # fmt: skip
def test_company__each_form__has_its_abbreviation(words: tuple[str, ...], short: str) -> None:
    for word in words:
        assert transfer_kana(f"{word}ミドリ") == f"{short})ﾐﾄﾞﾘ"
        assert transfer_kana(f"ミドリ {word}") == f"ﾐﾄﾞﾘ({short}"


@pytest.mark.parametrize(
    "text",
    ["", " ", "山田", "ヤマダ,タロウ", "ヤマダ、タロウ", "「ヤマダ」", "A/B", "A&B", "O'NEIL", "É", "アﾞ", "ンﾟ", "ﾞ",
     "営業所ミドリ"],
)  # fmt: skip
def test_name__a_sign_some_bank_refuses__is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"^$"):
        transfer_kana(text)


def test_rule__longer_than_its_field__is_refused_not_cut() -> None:
    assert BANK_NAME_KANA("ガ" * 7 + "ア", field="x") == "ｶﾞ" * 7 + "ｱ"
    assert ACCOUNT_HOLDER_KANA("ガ" * 15, field="x") == "ｶﾞ" * 15
    for rule, text in ((BANK_NAME_KANA, "ガ" * 8), (ACCOUNT_HOLDER_KANA, "ガ" * 15 + "ア")):
        with pytest.raises(Refusal) as caught:
            rule(text, field="payee")
        assert caught.value.reason is Reason.FIELD_INVALID
        assert caught.value.facts == {"field": "payee", "allowed": rule.allowed}


def test_cut__asked_for__says_what_was_kept_and_what_not() -> None:
    cut = cut_transfer_kana("ワタナベ", most=4)
    assert (cut.kept, cut.cut_off) == ("ﾜﾀﾅ", "ﾍﾞ")
    assert "ﾜ" not in repr(cut)
    whole = cut_transfer_kana("ワタナベ", most=5)
    assert (whole.kept, whole.cut_off) == ("ﾜﾀﾅﾍﾞ", "")


_NAMES = st.text(
    st.sampled_from("あがぱっゃーアガパッヴヲｶｰﾞﾟ゛株式会社営業所(カ) ・-Aａ1１"), max_size=40
)


@given(_NAMES)
def test_any_name__is_in_the_set_of_all_banks_and_reads_as_itself(text: str) -> None:
    try:
        kana = transfer_kana(text)
    except ValueError:
        return
    assert ALLOWED.fullmatch(kana)
    assert len(kana.encode("shift_jis")) == len(kana)
    assert transfer_kana(kana) == kana


@given(_NAMES, st.integers(1, 20))
def test_cut__any_name__loses_nothing_and_fits(text: str, most: int) -> None:
    try:
        kana = transfer_kana(text)
    except ValueError:
        return
    cut = cut_transfer_kana(text, most=most)
    assert cut.kept + cut.cut_off == kana
    assert len(cut.kept) <= most
    assert not cut.cut_off.startswith(("ﾞ", "ﾟ"))


# --------------------------------------------------------------------------------- bank master


def _master() -> MemoryBankMaster:
    with (DATA / "zengin_code_banks_sample.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return MemoryBankMaster(
        BankBranch(
            bank_code=row["code"],
            bank_name=row["name"],
            bank_name_kana=transfer_kana(row["kana"]),
            branch_code=code,
            branch_name="架空",
            branch_name_kana=kana,
        )
        for row in rows
        for code, kana in (("001", "ﾄｳｷﾖｳ"), ("102", "ﾅｶﾞｲﾅﾏｴﾉｵｵﾃﾏﾁﾎﾝﾃﾝ"))
    )


def _account(**given: str | None) -> dict[str, str | None]:
    usual: dict[str, str | None] = {
        "bank_code": "0001",
        "bank_name_kana": "ﾐｽﾞﾎ",
        "branch_code": "001",
        "branch_name_kana": "ﾄｳｷﾖｳ",
    }
    return usual | given


@pytest.mark.parametrize(
    ("given_", "problem", "flagged"),
    [
        ({}, None, []),
        ({"bank_name_kana": None, "branch_name_kana": None}, None, []),
        ({"branch_code": None}, None, []),
        ({"bank_code": None}, None, []),
        ({"bank_code": "0002"}, "payee_bank_code", []),
        ({"branch_code": "999"}, "payee_branch_code", []),
        ({"bank_name_kana": "ﾐｽﾞﾎｷﾞﾝｺｳ"}, None, ["payee_bank_name_kana"]),
        ({"branch_code": "102"}, None, ["payee_branch_name_kana"]),
        ({"branch_code": "102", "branch_name_kana": "ﾅｶﾞｲﾅﾏｴﾉｵｵﾃﾏﾁﾎﾝ"}, None, []),  # 15 bytes of it
        ({"bank_name_kana": "X", "branch_code": "999"}, "payee_branch_code", ["payee_bank_name_kana"]),
    ],
)  # fmt: skip
def test_account__against_the_master__is_right_flagged_or_refused(
    given_: dict[str, str | None], problem: str | None, flagged: list[str]
) -> None:
    judged = judge_account(_master(), prefix="payee_", **_account(**given_))  # type: ignore[arg-type]
    assert [each.facts["field"] for each in judged.problems] == ([problem] if problem else [])
    assert list(judged.flags) == [Flag(field=f, kind=FlagKind.NAME_DIFFERS) for f in flagged]
