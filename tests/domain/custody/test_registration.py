"""A waiting key speaks for its investor after a verdict, and is replaced with all its restrictions.

given a waiting key
├── when the verdict is positive: it should speak for its investor from that instant on
├── when it is missing, expired, blocked or of a class not permitted: it should keep waiting
├── when another is active, or it is not waiting: it should be refused
└── when it replaces the active one
    ├── it should carry every restriction, and the old one should stay listed with its instants
    └── it should be refused without reference or evidence, onto a used address, or with nothing to replace
"""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.support.keys import (
    ACT,
    ANNE,
    GENERAL,
    NOW,
    OTHER,
    PERMITTED,
    POSITIVE,
    PRODUCT,
    TREE,
    asked,
    created,
    registered,
)

from genbo.compliance.eligibility import Verdict
from genbo.custody import (
    KeyState,
    active_key,
    key_of,
    register,
    replace,
    waiting_key,
)
from genbo.custody.memory import KeysInMemory
from genbo.kernel import Reason, Refusal
from genbo.token import AccountWord, Act, InvestorClass


@pytest.fixture
def keys() -> KeysInMemory:
    return KeysInMemory()


# Registered -------------------------------------------------------------------------------------


def test_register__positive_verdict__speaks_from_that_instant_on(keys: KeysInMemory) -> None:
    key = registered(keys, created(keys))
    assert key.state is KeyState.ACTIVE
    assert key.speaks_at(NOW)
    assert not key.speaks_at(NOW - timedelta(seconds=1))
    assert active_key(keys, PRODUCT, ANNE) == key
    assert waiting_key(keys, PRODUCT, ANNE) is None


@pytest.mark.parametrize(
    ("verdict", "reason"),
    [
        (None, Reason.RECIPIENT_UNVERIFIED),
        (Verdict(until=None, investor_class=GENERAL), Reason.RECIPIENT_UNVERIFIED),
        (Verdict(until=NOW, investor_class=GENERAL), Reason.RECIPIENT_VERDICT_EXPIRED),
        (
            Verdict(until=POSITIVE.until, investor_class=GENERAL, blocked=True),
            Reason.RECIPIENT_BLOCKED,
        ),
        (
            Verdict(until=POSITIVE.until, investor_class=InvestorClass.UNCLASSIFIED),
            Reason.RECIPIENT_CLASS_NOT_PERMITTED,
        ),
    ],
    ids=["none", "never verified", "expired", "blocked", "class"],
)
def test_register__verdict_not_positive__keeps_waiting(
    keys: KeysInMemory, verdict: Verdict | None, reason: Reason
) -> None:
    key = created(keys)
    with pytest.raises(Refusal) as refused:
        registered(keys, key, verdict)
    assert refused.value.reason is reason
    assert keys.at_address(key.address) == key
    assert keys.extent(TREE.fingerprint).last_registered is None


def test_register__another_is_active__is_refused(keys: KeysInMemory) -> None:
    active = registered(keys, created(keys))
    with pytest.raises(Refusal) as refused:
        registered(keys, created(keys))
    assert refused.value.reason is Reason.KEY_ACTIVE
    assert refused.value.facts["account"] == active.address


def test_register__not_waiting_or_unknown__is_refused(keys: KeysInMemory) -> None:
    key = registered(keys, created(keys))
    with pytest.raises(Refusal) as refused:
        registered(keys, key)
    assert refused.value.reason is Reason.KEY_NOT_WAITING
    with pytest.raises(Refusal) as unknown:
        register(
            address=OTHER.address,
            verdict=POSITIVE,
            permitted_classes=PERMITTED,
            keys=keys,
            at=NOW,
        )
    assert unknown.value.reason is Reason.KEY_UNKNOWN


# Replaced ---------------------------------------------------------------------------------------

WORD = AccountWord(
    balance=40,
    frozen=15,
    verified_until=1_900_000_000,
    lock_up_until=5,
    blocked_to_send=True,
    address_frozen=True,
    investor_class=GENERAL,
)
LATER = NOW + timedelta(days=30)


def test_replace__active_one__carries_restrictions_and_stays_listed(keys: KeysInMemory) -> None:
    old = registered(keys, created(keys))
    new = created(keys)
    target = AccountWord(blocked_to_receive=True, lock_up_until=9)
    done = replace(new=new.address, word=WORD, target=target, act=ACT, keys=keys, at=LATER)
    word = done.word
    assert (word.balance, word.frozen, word.investor_class) == (40, 15, GENERAL)
    assert word.address_frozen
    assert word.blocked_to_send
    assert word.blocked_to_receive
    assert (word.verified_until, word.lock_up_until) == (1_900_000_000, 9)
    assert done.old.state is KeyState.REPLACED
    assert (done.old.replaced_by, done.old.evidence) == (new.address, ACT.evidence)
    assert done.old.public == old.public
    assert active_key(keys, PRODUCT, ANNE) == done.new
    before = LATER - timedelta(seconds=1)
    assert key_of(keys, PRODUCT, ANNE, at=before) == done.old
    assert key_of(keys, PRODUCT, ANNE, at=LATER) == done.new
    assert key_of(keys, PRODUCT, ANNE, at=NOW - timedelta(seconds=1)) is None


def test_replace__twice__never_brings_an_address_back(keys: KeysInMemory) -> None:
    first = registered(keys, created(keys))
    for days in (1, 2):
        at = NOW + timedelta(days=days)
        replace(
            new=created(keys).address,
            word=WORD,
            target=AccountWord(),
            act=ACT,
            keys=keys,
            at=at,
        )
    assert [key.index for key in keys.of_investor(PRODUCT, ANNE)] == [0, 1, 2]
    with pytest.raises(Refusal) as refused:
        replace(new=first.address, word=WORD, target=AccountWord(), act=ACT, keys=keys, at=LATER)
    assert refused.value.reason is Reason.KEY_NOT_WAITING
    with pytest.raises(Refusal) as supplied:
        asked(keys, first.address)
    assert supplied.value.reason is Reason.ADDRESS_IN_USE


@pytest.mark.parametrize(
    ("word", "target", "act", "reason"),
    [
        (WORD, AccountWord(), Act(ref=None, evidence=ACT.evidence), Reason.REFERENCE_MISSING),
        (WORD, AccountWord(), Act(ref=ACT.ref), Reason.EVIDENCE_MISSING),
        (WORD, AccountWord(balance=1), ACT, Reason.TARGET_NOT_EMPTY),
        (WORD, AccountWord(frozen=1), ACT, Reason.TARGET_NOT_EMPTY),
        (WORD, AccountWord(retired=True), ACT, Reason.TARGET_NOT_EMPTY),
        (AccountWord(retired=True), AccountWord(), ACT, Reason.SENDER_RETIRED),
    ],
)
def test_replace__not_as_it_must_be__is_refused_and_nothing_changes(
    keys: KeysInMemory, word: AccountWord, target: AccountWord, act: Act, reason: Reason
) -> None:
    old = registered(keys, created(keys))
    new = created(keys)
    with pytest.raises(Refusal) as refused:
        replace(new=new.address, word=word, target=target, act=act, keys=keys, at=LATER)
    assert refused.value.reason is reason
    assert active_key(keys, PRODUCT, ANNE) == old
    assert waiting_key(keys, PRODUCT, ANNE) == new


def test_replace__nothing_to_replace__is_refused(keys: KeysInMemory) -> None:
    with pytest.raises(Refusal) as refused:
        replace(
            new=created(keys).address,
            word=WORD,
            target=AccountWord(),
            act=ACT,
            keys=keys,
            at=LATER,
        )
    assert refused.value.reason is Reason.KEY_UNKNOWN
