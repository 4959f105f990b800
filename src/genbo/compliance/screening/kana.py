"""Kana to romaji: one mora, one spelling, from the signs alone.

A small kana takes the place of the vowel before it (キャ kya, ファ fa, ティ ti, ヴォ vo), so no table of combinations
is needed. Length is not written: 'sound' folds it away in every spelling of a name.
"""

_TABLE = """
ア a イ i ウ u エ e オ o カ ka キ ki ク ku ケ ke コ ko ガ ga ギ gi グ gu ゲ ge ゴ go
サ sa シ shi ス su セ se ソ so ザ za ジ ji ズ zu ゼ ze ゾ zo タ ta チ chi ツ tsu テ te ト to
ダ da ヂ ji ヅ zu デ de ド do ナ na ニ ni ヌ nu ネ ne ノ no ハ ha ヒ hi フ fu ヘ he ホ ho
バ ba ビ bi ブ bu ベ be ボ bo パ pa ピ pi プ pu ペ pe ポ po マ ma ミ mi ム mu メ me モ mo
ヤ ya ユ yu ヨ yo ラ ra リ ri ル ru レ re ロ ro ワ wa ヰ i ヱ e ヲ o ン n ヴ vu ヵ ka ヶ ke
"""
_ROWS = _TABLE.split()
_MORA = dict(zip(_ROWS[::2], _ROWS[1::2], strict=True))

_SMALL = dict(
    zip("ァィゥェォャュョヮ", ("a", "i", "u", "e", "o", "ya", "yu", "yo", "wa"), strict=True)
)
_SOKUON, _LONG = "ッ", "ー"
_PALATAL = ("sh", "ch", "j")
"""Consonants that have the y in them: シャ is sha."""

KATAKANA = frozenset({*_MORA, *_SMALL, _SOKUON, _LONG})
"""Every sign this module reads; hiragana is turned into katakana before."""


def to_romaji(katakana: str) -> str:
    """`katakana`, full width, as lower-case romaji; a sign that is not kana stays as it is."""
    spelled: list[str] = []
    double = False
    for sign in katakana:
        if sign == _LONG:
            continue
        if sign == _SOKUON:
            double = True
            continue
        if sign in _SMALL:
            _attach(spelled, _SMALL[sign])
            continue
        mora = _MORA.get(sign, sign)
        if double and mora[0] not in "aiueon" and sign in _MORA:
            mora = ("t" if mora.startswith("ch") else mora[0]) + mora
        double = False
        spelled.append(mora)
    return "".join(spelled)


def _attach(spelled: list[str], small: str) -> None:
    """The small kana's sound replaces the vowel of the mora before it."""
    before = spelled.pop() if spelled else ""
    stem = before.rstrip("aiueo")
    if before == "u" and small in {"i", "e", "o"}:
        stem = "w"
    if not stem or before == "n":
        spelled += [before, small]
    elif stem.endswith(_PALATAL):
        spelled.append(stem + small.removeprefix("y"))
    else:
        spelled.append(stem + small)
