"""Screening (照合): one customer against one list, and what it comes to.

A score judges names alone. What else is known (year of birth, person or firm) can turn a hit into a possible match,
which a person looks at; it never clears anybody (R-JSTOA-6.3.2).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum

from genbo.compliance.screening.index import NameIndex
from genbo.compliance.screening.likeness import Basis, Likeness, likeness
from genbo.compliance.screening.listed import Delta, Listed, ListVersion
from genbo.compliance.screening.names import Kind, ReadName, read_name
from genbo.kernel import Digest, InvestorId, Reason, Refusal


class Outcome(StrEnum):
    """What a screening comes to; all but `clear` block until two persons have released it."""

    CLEAR = "clear"
    POSSIBLE = "possible"
    HIT = "hit"
    UNMATCHABLE = "unmatchable"
    """A name has no kana and no romaji, so nothing was compared for it: a person must look."""


class Trigger(StrEnum):
    """Why a customer was screened."""

    ONBOARDING = "onboarding"
    NAME_CHANGE = "name_change"
    LIST_CHANGE = "list_change"
    TRANSFER = "transfer"
    POLICY_CHANGE = "policy_change"


class Agreement(StrEnum):
    """Whether a fact beside the name fits the entry."""

    AGREES = "agrees"
    DIFFERS = "differs"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Thresholds:
    """From which score a match is possible, and from which it is a hit; data of the operator, with a version.

    Raises:
        Refusal: `field_invalid`.
    """

    version: str
    possible: int = 85
    hit: int = 95
    birth_years: int = 1
    """Years by which two years of birth may differ and still agree."""

    def __post_init__(self) -> None:
        if not 1 <= self.possible <= 100:
            raise Refusal(
                Reason.FIELD_INVALID, field="possible", value=self.possible, allowed="1..100"
            )
        if not self.possible <= self.hit <= 100:
            allowed = f"{self.possible}..100"
            raise Refusal(Reason.FIELD_INVALID, field="hit", value=self.hit, allowed=allowed)
        if self.birth_years < 0:
            raise Refusal(
                Reason.FIELD_INVALID, field="birth_years", value=self.birth_years, allowed="0.."
            )

    def is_looser_than(self, other: "Thresholds") -> bool:
        """Whether something that `other` finds, or finds to be a hit, may pass under these."""
        return (
            self.possible > other.possible
            or self.hit > other.hit
            or self.birth_years < other.birth_years
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class StatedName:
    """One name of a customer as stated: how it is written, and how it is read."""

    written: str = field(repr=False)
    """漢字氏名 or any other; matched only when it is kana or Latin itself."""
    kana: str | None = field(default=None, repr=False)
    romaji: str | None = field(default=None, repr=False)

    def readings(self, kind: Kind) -> tuple[ReadName, ...]:
        """The forms that can be matched; empty when there is none."""
        stated = (text for text in (self.written, self.kana, self.romaji) if text)
        read = (read_name(text, kind=kind) for text in stated)
        return tuple(dict.fromkeys(each for each in read if each is not None))


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """Whom we screen. Lives in memory for the run; a `Screening` keeps the id and the version alone."""

    investor: InvestorId
    version: int
    """Version of the names: counts up with each change of name, so that an older screening no longer holds."""
    kind: Kind
    names: tuple[StatedName, ...] = field(repr=False)
    """Every name: the present one, former ones, aliases."""
    born: date | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """One entry whose name is like one of the customer's, and every ground for it."""

    entry: str
    entry_digest: Digest
    score: int
    basis: Basis
    birth: Agreement
    kind: Agreement

    @property
    def contradicted(self) -> bool:
        """Whether something beside the name speaks against it."""
        return Agreement.DIFFERS in (self.birth, self.kind)


@dataclass(frozen=True, slots=True, kw_only=True)
class Screening:
    """What is stored of one screening: no name, only who, against what, with which result, by whom, when."""

    investor: InvestorId
    subject_version: int
    list: ListVersion
    thresholds: Thresholds
    trigger: Trigger
    outcome: Outcome
    matches: tuple[Match, ...]
    """The best first; those below `possible` are not kept."""
    unread: bool
    """Whether a name was not compared, because nothing that was stated of it can be read."""
    by: str
    """User id (T14) of who ran or ordered it."""
    at: datetime

    @property
    def score(self) -> int:
        """The best score; 0 without a match."""
        return self.matches[0].score if self.matches else 0


def screen(
    subject: Subject,
    *,
    index: NameIndex,
    version: ListVersion,
    thresholds: Thresholds,
    trigger: Trigger,
    by: str,
    at: datetime,
) -> Screening:
    """`subject` against the list behind `index`, whose version is `version` (R-JSTOA-6.3.2)."""
    readings = [name.readings(subject.kind) for name in subject.names]
    unread = not readings or not all(readings)
    matches = tuple(_matches(subject, readings, index, thresholds))
    return Screening(
        investor=subject.investor,
        subject_version=subject.version,
        list=version,
        thresholds=thresholds,
        trigger=trigger,
        outcome=_outcome(matches, thresholds, unread=unread),
        matches=matches,
        unread=unread,
        by=by,
        at=at,
    )


def screen_all(
    subjects: Iterable[Subject],
    *,
    entries: Iterable[Listed],
    version: ListVersion,
    thresholds: Thresholds,
    trigger: Trigger,
    by: str,
    at: datetime,
) -> Iterator[Screening]:
    """Each of `subjects` against `entries`, with one index for the run."""
    index = NameIndex(entries, at_least=thresholds.possible)
    for subject in subjects:
        yield screen(
            subject,
            index=index,
            version=version,
            thresholds=thresholds,
            trigger=trigger,
            by=by,
            at=at,
        )


def carry(previous: Screening, against_fresh: Screening, change: Delta) -> Screening:
    """The screening on the new version of a list, from the one on the old and one against `change.fresh` alone.

    What it gives is what a screening against the whole new list would give: matches with entries that were changed or
    removed are void, those with fresh entries are added.

    Raises:
        Refusal: `screening_list_differs`: `previous` is not of the version before, or `against_fresh` not of the one
            after; `screening_stale`: the names or the thresholds are not the same in both.
    """
    for screening, version in ((previous, change.before), (against_fresh, change.after)):
        if screening.list != version:
            raise Refusal(
                Reason.SCREENING_LIST_DIFFERS, list=version.name, other=screening.list.name
            )
    if (
        previous.investor != against_fresh.investor
        or previous.subject_version != against_fresh.subject_version
        or previous.thresholds != against_fresh.thresholds
    ):
        raise Refusal(Reason.SCREENING_STALE, investor=previous.investor, list=change.before.name)
    kept = [match for match in previous.matches if match.entry not in change.touched]
    matches = tuple(_ranked([*kept, *against_fresh.matches]))
    outcome = _outcome(matches, against_fresh.thresholds, unread=against_fresh.unread)
    return replace(against_fresh, matches=matches, outcome=outcome)


def _matches(
    subject: Subject,
    readings: Iterable[tuple[ReadName, ...]],
    index: NameIndex,
    thresholds: Thresholds,
) -> list[Match]:
    best: dict[int, Likeness] = {}
    for reading in dict.fromkeys(each for name in readings for each in name):
        for number, listed in index.candidates(reading):
            found = likeness(reading, listed)
            if found.score >= thresholds.possible and _rank(found) > _rank(best.get(number)):
                best[number] = found
    return _ranked(
        Match(
            entry=index.entries[number].id,
            entry_digest=index.digests[number],
            score=found.score,
            basis=found.basis,
            birth=_birth(subject.born, index.entries[number].births, thresholds.birth_years),
            kind=_kind(subject.kind, index.entries[number].kind),
        )
        for number, found in best.items()
    )


def _rank(found: Likeness | None) -> tuple[int, str]:
    return (0, "") if found is None else (found.score, found.basis)


def _ranked(matches: Iterable[Match]) -> list[Match]:
    return sorted(matches, key=lambda match: (-match.score, match.entry))


def _outcome(matches: Iterable[Match], thresholds: Thresholds, *, unread: bool) -> Outcome:
    matches = list(matches)
    if any(match.score >= thresholds.hit and not match.contradicted for match in matches):
        return Outcome.HIT
    if unread:
        return Outcome.UNMATCHABLE
    return Outcome.POSSIBLE if matches else Outcome.CLEAR


def _birth(born: date | None, listed: tuple[str, ...], years: int) -> Agreement:
    if born is None or not listed:
        return Agreement.UNKNOWN
    agrees = any(abs(born.year - int(each[:4])) <= years for each in listed)
    return Agreement.AGREES if agrees else Agreement.DIFFERS


def _kind(ours: Kind, theirs: Kind) -> Agreement:
    if Kind.UNKNOWN in (ours, theirs):
        return Agreement.UNKNOWN
    return Agreement.AGREES if ours is theirs else Agreement.DIFFERS
