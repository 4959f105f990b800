"""Kana of bank transfers (全銀カナ): half width, capital, no long vowels, a byte for each voiced mark.

Banks differ in what they take. What this module gives, every bank takes: kana without ヲ and without small kana,
A to Z, digits, space and `( ) - .` (requirements B.6). Hiragana, full width and lower case are converted; words for the
legal form of a company become the abbreviations of the Zengin rules (法人略語). Latin letters stay letters, since banks
hold names such as UFJ in them. Kanji are refused: nobody can know how a name is read.
"""

import re
import unicodedata
from dataclasses import dataclass, field

__all__ = ["CutKana", "cut_transfer_kana", "transfer_kana"]

_VOICED, _SEMI_VOICED = "\u3099", "\u309a"

# Before NFKC, which would make a space of a standing voiced mark.
_BEFORE = str.maketrans(
    {"゛": _VOICED, "゜": _SEMI_VOICED} | dict.fromkeys("‐‑‒–—―−", "-") | {"・": " ", "･": " "}
)
_HIRAGANA = {code: code + 0x60 for code in range(0x3041, 0x3097)}
_LARGE = str.maketrans("ァィゥェォッャュョヮヵヶヲヰヱー", "アイウエオツヤユヨワカケオイエ-")
_LOWER = str.maketrans("abcdefghijklmnopqrstuvwxyz", "ABCDEFGHIJKLMNOPQRSTUVWXYZ")
_CAPITAL_KANA = {
    code: chr(large).translate(_LARGE) for code, large in _HIRAGANA.items()
} | _LARGE | _LOWER  # fmt: skip


def _half_widths() -> dict[int, str]:
    """Each full-width katakana as its half-width form; a voiced one as two signs."""
    halves = {
        ord(unicodedata.normalize("NFKC", chr(code))): chr(code) for code in range(0xFF71, 0xFF9E)
    }
    marks = {_VOICED: "ﾞ", _SEMI_VOICED: "ﾟ"}
    voiced = {
        ord(composed): half + mark
        for full, half in halves.items()
        for combining, mark in marks.items()
        if len(composed := unicodedata.normalize("NFC", chr(full) + combining)) == 1
    }
    return halves | voiced | {ord(combining): mark for combining, mark in marks.items()}


_HALF = _half_widths()
_ALLOWED = re.compile("(?:[ｳｶ-ﾄﾊ-ﾎ]ﾞ|[ﾊ-ﾎ]ﾟ|[ｱ-ﾝA-Z0-9 ().-])+")
_SPACES = re.compile(r"\s+")

_COMPANY = "ガイシヤ", "カイシヤ"
_LEGAL_FORMS: dict[str, tuple[str, ...]] = {
    "カ": ("株式会社", "(株)", *(f"カブシキ{each}" for each in _COMPANY)),
    "ユ": ("有限会社", "(有)", *(f"ユウゲン{each}" for each in _COMPANY)),
    "メ": ("合名会社", "(名)", *(f"ゴウメイ{each}" for each in _COMPANY)),
    "シ": ("合資会社", "(資)", *(f"ゴウシ{each}" for each in _COMPANY)),
    "ド": ("合同会社", *(f"ゴウドウ{each}" for each in _COMPANY)),
    "ソ": ("相互会社", *(f"ソウゴ{each}" for each in _COMPANY)),
    "イ": ("医療法人社団", "医療法人財団", "社会医療法人", "医療法人", "イリヨウホウジン"),
    "ザイ": ("一般財団法人", "公益財団法人", "財団法人", "(財)", "ザイダンホウジン"),
    "シヤ": ("一般社団法人", "公益社団法人", "社団法人", "(社)", "シヤダンホウジン"),
    "シユウ": ("宗教法人", "シユウキヨウホウジン"),
    "ガク": ("学校法人", "(学)", "ガツコウホウジン"),
    "フク": ("社会福祉法人", "シヤカイフクシホウジン"),
    "トクヒ": ("特定非営利活動法人", "トクテイヒエイリカツドウホウジン"),
    "チドク": ("地方独立行政法人", "チホウドクリツギヨウセイホウジン"),
    "ドク": ("独立行政法人", "ドクリツギヨウセイホウジン"),
    "ベン": ("弁護士法人", "ベンゴシホウジン"),
    "ゼイ": ("税理士法人", "ゼイリシホウジン"),
}
_OFFICES: dict[str, tuple[str, ...]] = {
    "エイ": ("営業所", "エイギヨウシヨ"),
    "シユツ": ("出張所", "シユツチヨウジヨ"),
}
_SHORT = {
    word: short
    for forms in (_LEGAL_FORMS, _OFFICES)
    for short, words in forms.items()
    for word in words
}
_WORD = re.compile(
    r" ?(" + "|".join(map(re.escape, sorted(_SHORT, key=len, reverse=True))) + r") ?"
)


@dataclass(frozen=True, slots=True)
class CutKana:
    """Kana that was cut to fit, and what was cut off; personal data."""

    kept: str = field(repr=False)
    cut_off: str = field(repr=False)
    """Empty when everything fits."""


def transfer_kana(text: str, *, most: int | None = None) -> str:
    """`text` as a bank transfer writes it, of at most `most` bytes.

    Raises:
        ValueError: it is empty, too long, or has a sign that some bank refuses.
    """
    kana = _convert(text)
    if not _ALLOWED.fullmatch(kana) or (most is not None and len(kana) > most):
        raise ValueError
    return kana


def cut_transfer_kana(text: str, *, most: int) -> CutKana:
    """As `transfer_kana`, but what is too long is cut, for a caller that says so. A sign is never parted from its
    voiced mark: ガ would become カ.

    Raises:
        ValueError: it is empty or has a sign that some bank refuses.
    """
    kana = transfer_kana(text)
    end = most - 1 if kana[most : most + 1] in ("ﾞ", "ﾟ") else most
    kept = kana[:end]
    return CutKana(kept, kana[end:])


def _convert(text: str) -> str:
    if text.isascii():
        full = text.translate(_LOWER)
    else:
        full = unicodedata.normalize("NFKC", text.translate(_BEFORE)).translate(_CAPITAL_KANA)
        full = unicodedata.normalize("NFC", full)
    full = _SPACES.sub(" ", full).strip()
    return _WORD.sub(_abbreviate, full).translate(_HALF)


def _abbreviate(found: re.Match[str]) -> str:
    """The abbreviation, with its bracket on the side where the name stands."""
    short = _SHORT[found[1]]
    front, behind = found.start() == 0, found.end() == len(found.string)
    if (front and behind) or (front and short in _OFFICES):
        return found[0]
    if front:
        return f"{short})"
    return f"({short}" if behind else f"({short})"
