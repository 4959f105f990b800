"""Names are matched by kana and Latin letters, however they are written.

given two ways of writing one name
├── it should find the same sound: width, hiragana, long vowels, macron, romaji system, apostrophe
├── it should score 98 or more, whichever name stands first and whether spaces stand between
└── it should leave out corporate forms of organisations and particles of persons, and keep a name made of them
given kanji or another script
└── it should read nothing, not even the part it could
given any two names
└── it should score them the same both ways, 100 for a name and itself, and never outside 0 to 100
given any text
└── it should be read or not, never fail, and always to words of a-z and digits
given different names
└── it should score below a possible match
"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from genbo.compliance.screening import Basis, Kind, ReadName, likeness, read_name

PERSON, FIRM = Kind.PERSON, Kind.ORGANISATION


def read(text: str, kind: Kind = PERSON) -> ReadName:
    name = read_name(text, kind=kind)
    assert name is not None
    return name


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ヤマダ タロウ", "YAMADA, Taro"),
        ("ﾔﾏﾀﾞ ﾀﾛｳ", "やまだ　たろう"),
        ("ｵｵﾉ ｼﾞｭﾝｲﾁ", "Ohno Jun'ichi"),
        ("オオノ ジュンイチ", "Ōno Junʼichi"),
        ("サトウ ユウコ", "Satoh Yuko"),
        ("シュンペイ ツチヤ", "Syunpei Tutiya"),
        ("ホンマ シンジ", "Homma Sinzi"),
        ("ナンバ キョウコ", "Namba Kyoko"),
        ("イッチョウ ハジメ", "Itcho Hajime"),
        ("フジイ チヅル", "Huzii Tiduru"),
        ("ジョー フォックス", "Jo Fokkusu"),
        ("Weiß Jürgen", "WEISS JURGEN"),
    ],
)
def test_read_name__one_name_in_two_spellings__sounds_the_same(one: str, other: str) -> None:
    assert read(one).sounds == read(other).sounds
    assert likeness(read(one), read(other)).score >= 98


@pytest.mark.parametrize(
    ("kana", "romaji"),
    [
        ("キャ", "kya"), ("シャ", "sha"), ("チェ", "che"), ("ファ", "fa"), ("ティ", "ti"),
        ("トゥ", "tu"), ("ウォ", "wo"), ("ヴィ", "vi"), ("デュ", "dyu"), ("フュ", "fyu"),
        ("ジョ", "jo"), ("マッチャ", "matcha"), ("ローマ", "roma"), ("アッ", "a"), ("ンァ", "na"),
        ("ァ", "a"),
    ],
)  # fmt: skip
def test_read_name__small_kana__takes_the_place_of_the_vowel(kana: str, romaji: str) -> None:
    assert read(kana).words == (romaji,)


@pytest.mark.parametrize(
    ("one", "other", "basis"),
    [
        ("Yamada Taro", "Yamada Taro", Basis.SAME),
        ("Yamada Taro", "TARO YAMADA", Basis.OTHER_ORDER),
        ("ヤマダタロウ", "Taro Yamada", Basis.SAME_SOUND),
        ("Abdul-Rahman Karimo", "ABDULRAHMAN Karimo", Basis.SAME_SOUND),
        ("Karimo Abdu Rahim Zalto", "Karimo Zalto", Basis.PART),
        ("Satou Tarou", "Saito Taro", Basis.SIMILAR),
    ],
)
def test_likeness__each_kind_of_likeness__is_named(one: str, other: str, basis: Basis) -> None:
    found = likeness(read(one), read(other))
    assert found.basis is basis
    assert found.score >= 85


@pytest.mark.parametrize(
    ("one", "other"),
    [("Tanaka Taro", "Tanaka Jiro"), ("Aoki Mei", "Ueno Ren"), ("Suzuki Hanako", "Suzuki Ken")],
)
def test_likeness__other_names__is_below_a_possible_match(one: str, other: str) -> None:
    assert likeness(read(one), read(other)).score < 85


@pytest.mark.parametrize(
    "text",
    [
        "株式会社アオゾラ", "アオゾラ(株)", "㈱アオゾラ", "カ)アオゾラ", "アオゾラ(カ", "ｱｵｿﾞﾗ(ｶ)",
        "アオゾラ カブシキガイシャ", "Aozora Co., Ltd.", "AOZORA K.K.", "Aozora Kabushiki Kaisha",
        "合同会社あおぞら", "Aozora G.K.", "Aozora S.A.",
    ],
)  # fmt: skip
def test_read_name__corporate_form__is_left_out(text: str) -> None:
    assert read(text, FIRM).sounds == ("aozora",)


def test_read_name__words_of_a_form_in_a_persons_name__are_kept() -> None:
    assert read("Co Sa").words == ("co", "sa")
    assert read("Kaisha K.K.", FIRM).words == ("kaisha", "kk"), (
        "a name of nothing but forms is kept"
    )


def test_read_name__particles__are_left_out_of_a_persons_name_alone() -> None:
    assert read("Omu al-Karimo bin Zalto").words == ("omu", "karimo", "zalto")
    assert read("Al Karimo Trading", FIRM).words == ("al", "karimo", "trading")


@pytest.mark.parametrize(
    "text",
    ["山田 太郎", "山田 タロウ", "Yamada 太郎", "佐々木", "Иван", "علي", "김", "", " ・ ", "()"],
)
def test_read_name__a_sign_no_machine_reads__is_not_read_at_all(text: str) -> None:
    assert read_name(text, kind=PERSON) is None


def test_read_name__its_name__is_in_no_repr() -> None:
    assert "yamada" not in repr(read("Yamada Taro")).lower()


words = st.text(alphabet="abcdefghijklmnoprstuvwxyz", min_size=1, max_size=10)
names = st.lists(words, min_size=1, max_size=5).map(" ".join)


@given(names, names)
def test_likeness__any_two_names__is_the_same_both_ways(one: str, other: str) -> None:
    there, back = (
        likeness(read(one, FIRM), read(other, FIRM)),
        likeness(read(other, FIRM), read(one, FIRM)),
    )
    assert there == back
    assert 0 <= there.score <= 100


@given(names)
def test_likeness__a_name_and_itself__is_the_same(name: str) -> None:
    assert likeness(read(name), read(name)).score == 100
    turned = " ".join(reversed(name.split()))
    assert likeness(read(name), read(turned)).score == 100


@given(st.text(max_size=40), st.sampled_from(Kind))
def test_read_name__any_text__is_read_to_plain_words_or_not_at_all(text: str, kind: Kind) -> None:
    name = read_name(text, kind=kind)
    assert name is None or all(
        word and word.isascii() and word.isalnum() for word in (*name.words, *name.sounds)
    )
