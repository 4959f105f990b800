"""Sound: one spelling for the spellings of a name that sound alike, so that a list and a customer meet.

Romaji has several systems (Hepburn, Kunrei, as typed, as in passports), and lists write other languages in Latin
letters as each clerk heard them. Both sides are folded by the same rules; folding only ever brings names together.
"""

import re

_FOLDS = tuple(
    (re.compile(pattern), sound)
    for pattern, sound in (
        # Letters of other languages by the sound that kana and romaji have for them.
        ("ph", "f"),
        ("(?<=[aiueo])h(?![aiueo])", ""),  # a long vowel as in passports: Ohno, Satoh
        ("tch|cch", "ch"),
        ("ck|q", "k"),
        ("x", "ks"),
        ("c(?!h)", "k"),
        ("l", "r"),
        ("v", "b"),
        ("([tdkg])h", r"\1"),
        # Kunrei and typed romaji to Hepburn.
        ("sy(?=[aiueo])", "sh"),
        ("ty(?=[aiueo])", "ch"),
        ("(?:zy|jy|dj)(?=[aiueo])", "j"),
        ("cy(?=[aiueo])", "ch"),
        ("si", "shi"),
        ("ti", "chi"),
        ("(?<!s)tu", "tsu"),
        ("(?<![a-z])hu|(?<=[aiueon])hu", "fu"),
        ("[zd]i", "ji"),
        ("dz?u", "zu"),
        ("wo", "o"),
        ("m(?=[bmp])", "n"),
        ("y(?![aiueo])", "i"),
        # Length: long vowels and doubled consonants.
        ("ou", "o"),
        (r"(.)\1+", r"\1"),
    )
)


def sound(word: str) -> str:
    """`word` (lower-case a-z and digits) as it is compared; never empty for a word that has a letter."""
    folded = word
    for pattern, replacement in _FOLDS:
        folded = pattern.sub(replacement, folded)
    return folded or word
