"""Names as they are matched: from kana and from Latin letters, never from kanji.

A kanji has several readings, and which one is a person's only that person can say. So a machine does not read them: a
name in kanji is matched by the kana or romaji that its holder supplied, and is unmatchable without.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

import jaconv

from genbo.compliance.screening.kana import KATAKANA, to_romaji
from genbo.compliance.screening.sound import sound


class Kind(StrEnum):
    """What a name belongs to; decides which words of it are no part of the name."""

    PERSON = "person"
    ORGANISATION = "organisation"
    OTHER = "other"
    """A ship, an aircraft, a wallet."""
    UNKNOWN = "unknown"
    """The list does not say."""


@dataclass(frozen=True, slots=True)
class ReadName:
    """A name that can be matched: its words in romaji, and how they sound, in the order written."""

    words: tuple[str, ...] = field(repr=False)
    sounds: tuple[str, ...] = field(init=False, repr=False, compare=False)
    joined: str = field(init=False, repr=False, compare=False)
    """The sounds without a gap, in the order written."""
    orders: tuple[str, ...] = field(init=False, repr=False, compare=False)
    """The same in each order a list may use: as written first, then each other word first, sorted at last."""

    def __post_init__(self) -> None:
        sounds = tuple(sound(word) for word in self.words)
        turns = range(1, len(sounds)) if len(sounds) <= _TURNED_AT_MOST else ()
        turned = (_join(sounds[i:] + sounds[:i]) for i in turns)
        joined = _join(sounds)
        orders = dict.fromkeys((joined, *turned, _join(sorted(sounds))))
        for name, value in (("sounds", sounds), ("joined", joined), ("orders", tuple(orders))):
            object.__setattr__(self, name, value)


def _join(sounds: Iterable[str]) -> str:
    """Without a gap: two letters that meet as one (Abdul Rahman, Abdulrahman) are one."""
    return _DOUBLED.sub(r"\1", "".join(sounds))


_DOUBLED = re.compile(r"(.)\1+")
_TURNED_AT_MOST = 4
"""Words of a name up to which each of them is tried as the first."""

_CORPORATE = re.compile(
    "株式会社|有限会社|合同会社|合資会社|合名会社|相互会社|投資法人|特定目的会社"
    "|(?:一般|公益)?(?:社団|財団)法人|特定非営利活動法人|(?:医療|学校|宗教|社会福祉|独立行政)法人"
    r"|\([株有同資名相社財医学宗福]\)"
)
"""法人格: forms in kanji, and their abbreviations in brackets."""

_CORPORATE_KANA = re.compile(
    "(?:カブシキ|ユウゲン|ゴウドウ|ゴウシ|ゴウメイ)[ガカ]イシャ"
    r"|\((?:カ|ユ|ド|シ|メ|ソ)\)|^(?:カ|ユ|ド|シ|メ|ソ)\)|\((?:カ|ユ|ド|シ|メ|ソ)$"
)
"""The same in kana, and as bank transfers abbreviate them: カ), (カ), (カ."""

_CORPORATE_LATIN = """
    ab ag as asa bhd bv co company corp corporation fz fze fzco gaisha gk gmbh godo goudou inc incorporated jsc
    kabushiki kabushikigaisha kabushikikaisha kaisha kk limited llc llp lp ltd nv ojsc ooo oy oyj pao pjsc plc pte
    pty pvt sa sae sal sarl sas sdn spa srl tbk yk yugen yugengaisha yuugen zao
"""
_CORPORATE_WORDS = frozenset(_CORPORATE_LATIN.split())

_PARTICLES_LATIN = """
    al el ul bin ben ibn bint binti de del della der den di do dos da das la le van von ter y e
"""
_PARTICLES = frozenset(_PARTICLES_LATIN.split())
"""Words between names that one list writes and another leaves out."""

_LETTERS = str.maketrans(
    {"ø": "o", "đ": "d", "ł": "l", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d", "ħ": "h"}
)
_APOSTROPHES = re.compile("['’‘ʻʼʿʾ`´]")
_ABBREVIATED = re.compile(r"\b[a-z](?:\.[a-z])+\b\.?")


def read_name(text: str, *, kind: Kind) -> ReadName | None:
    """`text` as it is matched; None when it has kanji or another script no machine reads here, or no letter at all.

    Folded: width, case, accents and macrons, small and long kana, apostrophes, hyphens; left out: corporate forms
    (法人格) unless it is a person's name, particles unless it is an organisation's.
    """
    plain = unicodedata.normalize("NFKC", text).strip()
    if kind is not Kind.PERSON:
        plain = _CORPORATE.sub(" ", plain)
    if not plain.isascii():
        plain = str(jaconv.hira2kata(plain.strip()))
        if kind is not Kind.PERSON:
            plain = _CORPORATE_KANA.sub(" ", plain)
        plain = to_romaji(plain)
    words = _words(plain)
    if words is None:
        return None
    kept = [word for word in words if not _left_out(word, kind)] or words
    if not kept:
        return None
    return ReadName(tuple(kept))


def _words(latin: str) -> list[str] | None:
    folded = _APOSTROPHES.sub("", latin.casefold()).translate(_LETTERS)
    bare = "".join(
        sign for sign in unicodedata.normalize("NFD", folded) if not unicodedata.combining(sign)
    )
    if any(sign.isalpha() and not sign.isascii() for sign in bare) or KATAKANA & set(bare):
        return None
    whole = _ABBREVIATED.sub(lambda match: match[0].replace(".", "") + " ", bare)
    return re.findall("[a-z0-9]+", whole)


def _left_out(word: str, kind: Kind) -> bool:
    if kind is not Kind.PERSON and word in _CORPORATE_WORDS:
        return True
    return kind is not Kind.ORGANISATION and word in _PARTICLES
