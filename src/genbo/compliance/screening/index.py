"""The index of a list by sound: which entries a name could be, without comparing it with all of them.

A name is a candidate when enough of its letters are in words alike, or when it is alike as a whole and only its
spaces stand elsewhere (ヤマダタロウ, Taro Yamada).
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cached_property

from rapidfuzz import fuzz

from genbo.compliance.screening.listed import Listed
from genbo.compliance.screening.names import ReadName, read_name
from genbo.compliance.screening.vocabulary import Vocabulary

_ALIKE = 60
"""Score from which two words count as alike."""
_REMEMBERED = 10_000
"""Words that were asked for whose likes are kept."""
_SLACK = 35
"""By how much the share of letters in words alike may stay below the score asked for: what words that are not alike
have in common all the same.
"""


class NameIndex:
    """All names of a list, found by how they sound. Remembers words that were asked for, up to a number: names
    repeat, and however many are asked for, memory does not grow with them.
    """

    def __init__(self, entries: Iterable[Listed], *, at_least: int) -> None:
        """For matches with a score of `at_least` or more."""
        self.entries: tuple[Listed, ...] = tuple(entries)
        self.digests = tuple(each.digest for each in self.entries)
        self.at_least = at_least
        self._names: list[tuple[int, ReadName]] = []
        self._lengths: list[int] = []
        self._by_word: defaultdict[str, list[int]] = defaultdict(list)
        self._by_whole: defaultdict[str, list[int]] = defaultdict(list)
        singles = set()
        unreadable = []
        for number, entry in enumerate(self.entries):
            read = {read_name(name, kind=entry.kind) for name in entry.names}
            names = sorted((each for each in read if each is not None), key=lambda each: each.words)
            for name in names:
                self._add(number, name)
                if len(name.sounds) == 1:
                    singles.add(name.sounds[0])
            if not names:
                unreadable.append(entry.id)
        self.unreadable: tuple[str, ...] = tuple(unreadable)
        """Ids of entries that no name can match, in another script alone or nameless: a person must know of them."""
        self._words = Vocabulary(self._by_word)
        self._singles = Vocabulary(singles)
        self._near: dict[str, tuple[tuple[str, float], ...]] = {}

    def _add(self, number: int, name: ReadName) -> None:
        here = len(self._names)
        self._names.append((number, name))
        self._lengths.append(len(name.joined))
        for word in set(name.sounds):
            self._by_word[word].append(here)
        for whole in name.orders:
            self._by_whole[whole].append(here)

    def candidates(self, name: ReadName) -> Iterator[tuple[int, ReadName]]:
        """Numbers of entries in `entries`, each with the name of theirs that `name` could be."""
        for here in self._by_words(name) | self._by_spaces(name):
            yield self._names[here]

    @cached_property
    def _wholes(self) -> Vocabulary:
        return Vocabulary(self._by_whole)

    def _by_words(self, name: ReadName) -> set[int]:
        letters: defaultdict[int, float] = defaultdict(float)
        for word in set(name.sounds):
            for near, common in self._alike(word):
                for here in self._by_word[near]:
                    letters[here] += common
        share = max(self.at_least - _SLACK, 1) / 100
        length, lengths = len(name.joined), self._lengths
        return {
            here
            for here, common in letters.items()
            if common >= share * length or common >= share * lengths[here]
        }

    def _by_spaces(self, name: ReadName) -> set[int]:
        others = self._wholes if len(name.sounds) == 1 else self._singles
        found = {here for whole in name.orders for here in self._by_whole.get(whole, ())}
        for whole in name.orders:
            for near in others.near(whole):
                if fuzz.ratio(whole, near) >= self.at_least:
                    found.update(self._by_whole[near])
        return found

    def _alike(self, word: str) -> tuple[tuple[str, float], ...]:
        """The words of the list that sound like `word`, each with the letters they have in common."""
        known = self._near.get(word)
        if known is None:
            scored = ((near, fuzz.ratio(word, near)) for near in self._words.near(word))
            known = tuple(
                (near, len(word) * score / 100) for near, score in scored if score >= _ALIKE
            )
            if len(self._near) >= _REMEMBERED:
                self._near.clear()
            self._near[word] = known
        return known
