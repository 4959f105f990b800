"""Words found again although a letter of them is wrong.

Words that sound alike share a key: what remains of a word when one of its letters is left out. Of a long word only the
consonants count, since vowels are what spellings differ in most.
"""

from collections import defaultdict
from collections.abc import Iterable

_SHORT_AT_MOST, _LONG_AT_LEAST = 6, 5
_VOWEL = str.maketrans("aiueoy", "******")
_NO_VOWELS = str.maketrans("", "", "aiueoyhw")


class Vocabulary:
    """A set of words (as they sound) that is asked for those near a word."""

    def __init__(self, words: Iterable[str]) -> None:
        self._by_key: defaultdict[str, list[str]] = defaultdict(list)
        for word in dict.fromkeys(words):
            for key in keys(word):
                self._by_key[key].append(word)

    def near(self, word: str) -> set[str]:
        """Every word that has one letter other than `word`, and some that have more."""
        return {near for key in keys(word) for near in self._by_key.get(key, ())}


def keys(word: str) -> set[str]:
    """What `word` is found by."""
    found = set()
    if len(word) <= _SHORT_AT_MOST:
        found |= {"." + each for each in _one_left_out(word)}
    if len(word) >= _LONG_AT_LEAST:
        found |= _one_left_out(word[0].translate(_VOWEL) + word[1:].translate(_NO_VOWELS))
    return found


def _one_left_out(text: str) -> set[str]:
    return {text, *(text[:i] + text[i + 1 :] for i in range(len(text)))}
