"""A customer against a list: the decision, its grounds, and what is carried to the next version.

given a customer and a list
├── it should be a hit, possible or clear by the thresholds, which are data
├── when a year of birth or the kind speaks against a hit
│   └── it should be possible, never clear
├── when a name has no reading
│   └── it should be unmatchable, unless another name hits
└── it should keep no name
given a listed name that sounds otherwise in any one letter
└── it should still be found by the index as it is by comparing everything
given two versions of a list
├── it should find as much by the delta as by the whole new list
└── it should refuse versions that do not follow each other, and names or thresholds that changed
given entries no name can match
└── it should name them
given 10,000 entries
└── it should screen faster than the floor
"""

import random
import time
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rapidfuzz.distance import Levenshtein
from tests.support.screening import (
    NOW,
    THRESHOLDS,
    customer,
    listed,
    sanctions_list,
    screened,
)

from genbo.compliance.screening import (
    Agreement,
    Basis,
    Kind,
    NameIndex,
    Outcome,
    StatedName,
    Thresholds,
    Trigger,
    carry,
    delta,
    likeness,
    read_name,
    screen_all,
)
from genbo.kernel import Reason, Refusal

LIST = sanctions_list(
    [
        listed("e-1", "ZALTO, Omu Karimo", "Omu Zaltu", births=("1960-05-03",)),
        listed("e-2", "Aozora Trading Co., Ltd.", kind=Kind.ORGANISATION),
        listed("e-3", "Иван Залто"),
        listed("e-4", kind=Kind.OTHER),
    ]
)


@pytest.mark.parametrize(
    ("romaji", "outcome", "basis"),
    [
        ("Omu Karimo Zalto", Outcome.HIT, Basis.OTHER_ORDER),
        ("Zalta Omu Karino", Outcome.POSSIBLE, Basis.SIMILAR),
        ("Minato Harue", Outcome.CLEAR, None),
    ],
)
def test_screen__by_score__is_decided_by_the_thresholds(
    romaji: str, outcome: Outcome, basis: Basis | None
) -> None:
    screening = screened(customer(romaji), LIST)
    assert screening.outcome is outcome
    assert [match.basis for match in screening.matches] == ([basis] if basis else [])
    assert screening.list == LIST.version
    assert (screening.thresholds, screening.by, screening.at) == (THRESHOLDS, "user-screener", NOW)


def test_screen__same_score_other_thresholds__is_decided_otherwise() -> None:
    subject = customer("Zalta Omu Karino")
    score = screened(subject, LIST).score
    low = Thresholds(version="low", possible=50, hit=score)
    high = Thresholds(version="high", possible=score + 1, hit=100)
    assert screened(subject, LIST, thresholds=low).outcome is Outcome.HIT
    assert screened(subject, LIST, thresholds=high).outcome is Outcome.CLEAR


@pytest.mark.parametrize(
    ("possible", "hit", "years"),
    [(0, 90, 1), (101, 101, 1), (90, 80, 1), (80, 101, 1), (80, 90, -1)],
)
def test_thresholds__impossible__are_refused(possible: int, hit: int, years: int) -> None:
    with pytest.raises(Refusal) as refused:
        Thresholds(version="x", possible=possible, hit=hit, birth_years=years)
    assert refused.value.reason is Reason.FIELD_INVALID


@pytest.mark.parametrize(
    ("born", "outcome", "birth"),
    [
        (date(1960, 5, 3), Outcome.HIT, Agreement.AGREES),
        (date(1961, 1, 1), Outcome.HIT, Agreement.AGREES),
        (date(1999, 1, 1), Outcome.POSSIBLE, Agreement.DIFFERS),
        (None, Outcome.HIT, Agreement.UNKNOWN),
    ],
)
def test_screen__year_of_birth_differs__is_possible_and_never_clear(
    born: date | None, outcome: Outcome, birth: Agreement
) -> None:
    screening = screened(customer("Omu Karimo Zalto", born=born), LIST)
    assert screening.outcome is outcome
    assert screening.matches[0].birth is birth


def test_screen__a_person_with_the_name_of_a_listed_firm__is_possible() -> None:
    screening = screened(customer("Aozora Trading"), LIST)
    assert screening.outcome is Outcome.POSSIBLE
    assert screening.matches[0].kind is Agreement.DIFFERS
    firm = customer("AOZORA TRADING K.K.", written="青空貿易株式会社", kind=Kind.ORGANISATION)
    assert screened(firm, LIST).outcome is Outcome.HIT


def test_screen__kanji_alone__is_unmatchable_and_kana_makes_it_matchable() -> None:
    assert screened(customer(written="山田 太郎"), LIST).outcome is Outcome.UNMATCHABLE
    assert screened(customer(kana="ヤマダ タロウ"), LIST).outcome is Outcome.CLEAR
    assert screened(replace(customer("x"), names=()), LIST).outcome is Outcome.UNMATCHABLE


def test_screen__a_former_name_without_reading__is_unmatchable_unless_another_hits() -> None:
    former = StatedName(written="佐藤 花子")
    harmless, listed_one = customer("Minato Harue"), customer("Omu Karimo Zalto")
    assert (
        screened(replace(harmless, names=(*harmless.names, former)), LIST).outcome
        is Outcome.UNMATCHABLE
    )
    hit = screened(replace(listed_one, names=(*listed_one.names, former)), LIST)
    assert (hit.outcome, hit.unread) == (Outcome.HIT, True)


def test_screen__its_result_and_its_subject__say_no_name() -> None:
    subject = customer("Omu Karimo Zalto", kana="オム カリモ ザルト", born=date(1960, 5, 3))
    said = repr((subject, screened(subject, LIST), LIST, delta(LIST, LIST))).lower()
    for word in ("zalto", "ザルト", "山田", "1960", "aozora"):
        assert word not in said


def test_index__entries_no_name_can_match__are_named() -> None:
    assert NameIndex(LIST.entries, at_least=85).unreadable == ("e-3", "e-4")


TABLE = "ka ki ku ko sa shi su ta chi to na ni ha hi ma mi mo ya yu ra ri ro ga da do"
SYLLABLES = TABLE.split()
invented = st.lists(st.sampled_from(SYLLABLES), min_size=2, max_size=4).map("".join)
full_names = st.tuples(invented, invented).map(" ".join)


@settings(deadline=None)
@given(full_names, st.data())
def test_index__any_one_letter_wrong__is_found_as_by_comparing_everything(
    name: str, data: st.DataObject
) -> None:
    at = data.draw(st.integers(0, len(name) - 1).filter(lambda at: name[at] != " "))
    instead = data.draw(st.sampled_from(["", *"aiueokstnhmrgdb"]))
    wrong = name[:at] + instead + name[at + 1 :]
    one, other = read_name(wrong, kind=Kind.PERSON), read_name(name, kind=Kind.PERSON)
    assert one is not None
    assert other is not None
    index = NameIndex([listed("e", name), listed("f", "Omu Karimo Zalto")], at_least=85)
    wrong_letters = Levenshtein.distance(" ".join(one.sounds), " ".join(other.sounds))
    if wrong_letters <= 1 and likeness(one, other).score >= 85:
        assert other in [found for _, found in index.candidates(one)]


@settings(deadline=None, max_examples=60)
@given(
    st.lists(full_names, min_size=1, max_size=8),
    st.lists(full_names, min_size=1, max_size=8),
    full_names,
)
def test_carry__any_two_versions__finds_what_the_whole_new_list_gives(
    old: list[str], new: list[str], name: str
) -> None:
    before = sanctions_list((listed(f"e-{i}", each) for i, each in enumerate(old)), day=1)
    after = sanctions_list((listed(f"e-{i}", each) for i, each in enumerate([name, *new])), day=2)
    change = delta(before, after)
    for subject in (customer(name), customer(old[0]), customer(new[0]), customer()):
        fresh = screened(subject, after, entries=change.fresh)
        assert carry(screened(subject, before), fresh, change) == screened(subject, after)


def test_delta__entries_added_changed_removed__are_told_apart() -> None:
    before = sanctions_list([listed("a", "Omu"), listed("b", "Zalto"), listed("c", "Karimo")])
    after = sanctions_list([listed("a", "Omu"), listed("b", "Zaltu"), listed("d", "Minato")], day=2)
    change = delta(before, after)
    assert (change.added, change.changed, change.removed) == ({"d"}, {"b"}, {"c"})
    assert change.touched == {"b", "c"}
    assert [each.id for each in change.fresh] == ["b", "d"]
    with pytest.raises(Refusal) as refused:
        delta(before, sanctions_list([], name="another"))
    assert refused.value.reason is Reason.SCREENING_LIST_DIFFERS


def test_carry__not_the_version_before_or_changed_in_between__is_refused() -> None:
    after = sanctions_list([*LIST.entries, listed("e-5", "Minato Harue")], day=2)
    change = delta(LIST, after)
    subject = customer("Minato Harue")
    old, fresh = screened(subject, LIST), screened(subject, after, entries=change.fresh)
    assert carry(old, fresh, change).outcome is Outcome.HIT
    other = Thresholds(version="other")
    renamed = replace(subject, version=2)
    for previous, reason in [
        (screened(subject, after), Reason.SCREENING_LIST_DIFFERS),
        (screened(subject, LIST, thresholds=other), Reason.SCREENING_STALE),
        (screened(renamed, LIST), Reason.SCREENING_STALE),
    ]:
        with pytest.raises(Refusal) as refused:
            carry(previous, fresh, change)
        assert refused.value.reason is reason


FOREIGN = (
    "al an bar dim er fan gal hus ib jor kar lev mar nor pet qas ram sor tar ul vik wen yus zor"
)
FLOOR = 500
"""Customers a second against 10,000 entries with 30,000 names, index and all, on a busy machine."""


def test_screen_all__ten_thousand_entries__is_faster_than_the_floor() -> None:
    chance = random.Random(20260401)
    japanese = SYLLABLES
    foreign = FOREIGN.split()

    def name(parts: list[str]) -> str:
        return " ".join("".join(chance.choices(parts, k=chance.randint(2, 4))) for _ in range(2))

    entries = [
        listed(f"e-{i}", *(name(japanese if i % 10 == 0 else foreign) for _ in range(3)))
        for i in range(10_000)
    ]
    against = sanctions_list(entries)
    families = [name(japanese).split()[0] for _ in range(1_000)]
    given_names = [name(japanese).split()[0] for _ in range(1_000)]
    subjects = [
        customer(f"{chance.choice(families)} {chance.choice(given_names)}", id=f"inv-{i}")
        for i in range(5_000)
    ]
    subjects += [customer(each.names[1], id=f"hit-{each.id}") for each in entries[::500]]
    started = time.perf_counter()
    found = list(
        screen_all(
            subjects,
            entries=entries,
            version=against.version,
            thresholds=THRESHOLDS,
            trigger=Trigger.LIST_CHANGE,
            by="user-screener",
            at=NOW,
        )
    )
    rate = len(subjects) / (time.perf_counter() - started)
    assert all(each.outcome is Outcome.HIT for each in found[5_000:])
    assert rate >= FLOOR, f"{rate:.0f} customers a second"
