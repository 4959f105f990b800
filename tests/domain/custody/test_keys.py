"""A key is created or proved, and waits for a verdict.

given an investor without a key
├── when one is created: it should wait at the next unused index
├── when it is asked for again: it should be the same one
├── when the index is left out by the standard, or its address was supplied before: it should be the next one
├── when too many wait already: it should be refused until one is registered
└── when keys are created and registered in any order: no index or address should come twice, no gap exceed its limit
given a challenge
├── when the key of the address signs it: its key should wait, without a tree
├── when it is too late, signed by another, met before, or its address used: it should be refused
└── when a signature failed: it should still be good for the right one
given bytes that could be a private key
└── they should be refused and not repeated
"""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.keys import (
    ANNE,
    BORIS,
    CUSTODIAN,
    NOW,
    OTHER,
    OTHER_PRODUCT,
    PRODUCT,
    SIGNER,
    TREE,
    ChallengesInMemory,
    asked,
    created,
    met,
    registered,
)

from genbo.custody import (
    Extent,
    Key,
    KeyState,
    PublicKey,
    active_key,
    create,
    waiting_key,
)
from genbo.custody.memory import KeysInMemory
from genbo.kernel import InvestorId, ProductId, Reason, Refusal


@pytest.fixture
def keys() -> KeysInMemory:
    return KeysInMemory()


# Created ----------------------------------------------------------------------------------------


def test_create__next_unused_index__waits_for_a_verdict(keys: KeysInMemory) -> None:
    first, second = created(keys), created(keys, BORIS)
    assert (first.index, second.index) == (0, 1)
    assert first.public == TREE.at(0)
    assert first.tree == TREE.fingerprint
    assert first.state is KeyState.WAITING
    assert not first.speaks_at(NOW)
    assert waiting_key(keys, PRODUCT, ANNE) == first
    assert active_key(keys, PRODUCT, ANNE) is None


def test_create__asked_again__is_the_same_one(keys: KeysInMemory) -> None:
    assert created(keys) == created(keys)
    assert keys.extent(TREE.fingerprint) == Extent(1, None)


def test_create__another_product__is_another_address(keys: KeysInMemory) -> None:
    assert created(keys).address != created(keys, product=OTHER_PRODUCT).address


def test_create__registered_one_exists__is_a_fresh_one_for_re_keying(keys: KeysInMemory) -> None:
    first = registered(keys, created(keys))
    assert created(keys).index == 1
    assert active_key(keys, PRODUCT, ANNE) == first


def test_create__supplied_one_waits__is_one_of_the_tree(keys: KeysInMemory) -> None:
    met(keys, ChallengesInMemory(), asked(keys))
    assert created(keys).tree == TREE.fingerprint


class Gapped:
    """The tree above, with an index that BIP-32 would leave out (no published key has one)."""

    fingerprint = TREE.fingerprint

    def at(self, index: int) -> PublicKey | None:
        return None if index == 0 else TREE.at(index)


def test_create__index_left_out__is_the_next_one(keys: KeysInMemory) -> None:
    key = create(
        investor=ANNE, product=PRODUCT, custodian=CUSTODIAN, tree=Gapped(), keys=keys, at=NOW
    )
    assert key.index == 1


def test_create__address_supplied_before__is_the_next_one(keys: KeysInMemory) -> None:
    public = TREE.at(0)
    assert public is not None
    keys.keep(Key(investor=BORIS, product=PRODUCT, custodian=CUSTODIAN, public=public, created=NOW))
    assert created(keys).index == 1


def test_create__too_many_wait__is_refused_until_one_is_registered(keys: KeysInMemory) -> None:
    waiting = [created(keys, InvestorId(f"INV-{n}"), gap_limit=3) for n in range(3)]
    with pytest.raises(Refusal) as refused:
        created(keys, gap_limit=3)
    assert refused.value.reason is Reason.KEY_GAP_TOO_WIDE
    assert refused.value.facts == {"tree": TREE.fingerprint, "most": 3}
    registered(keys, waiting[1])
    assert created(keys, gap_limit=3).index == 3
    registered(keys, waiting[0])
    assert keys.extent(TREE.fingerprint) == Extent(4, 1)


def attempt(
    keys: KeysInMemory, investor: InvestorId, product: ProductId, *, is_verdict: bool, limit: int
) -> Key | None:
    """Creates a key, or registers the waiting one; None where that is refused or there is none."""
    waiting = waiting_key(keys, product, investor)
    try:
        if not is_verdict:
            return created(keys, investor, product, gap_limit=limit)
        return None if waiting is None else registered(keys, waiting)
    except Refusal as refusal:
        if refusal.reason not in {Reason.KEY_GAP_TOO_WIDE, Reason.KEY_ACTIVE}:
            raise
        return None


@given(
    acts=st.lists(
        st.tuples(st.booleans(), st.integers(0, 5), st.sampled_from([PRODUCT, OTHER_PRODUCT])),
        max_size=40,
    )
)
def test_keys__created_and_registered_in_any_order__come_once_and_close_together(
    acts: list[tuple[bool, int, ProductId]],
) -> None:
    keys, all_of_them, limit = KeysInMemory(), {}, 3
    for is_verdict, number, product in acts:
        investor = InvestorId(f"INV-{number}")
        key = attempt(keys, investor, product, is_verdict=is_verdict, limit=limit)
        if key is None:
            continue
        assert all_of_them.setdefault(key.index, (key.address, investor, product)) == (
            key.address,
            investor,
            product,
        )
    assert len({address for address, _, _ in all_of_them.values()}) == len(all_of_them)
    assert sorted(all_of_them) == list(range(len(all_of_them)))
    extent = keys.extent(TREE.fingerprint)
    last = -1 if extent.last_registered is None else extent.last_registered
    assert extent.next_index - last - 1 <= limit


# Proved -----------------------------------------------------------------------------------------


def test_prove__own_key__waits_without_a_tree(keys: KeysInMemory) -> None:
    key = met(keys, ChallengesInMemory(), asked(keys))
    assert (key.address, key.tree, key.index) == (SIGNER.address, None, None)
    assert key.state is KeyState.WAITING
    assert keys.at_address(SIGNER.address) == key
    assert registered(keys, key).state is KeyState.ACTIVE


def test_prove__first_instant_too_late__is_refused(keys: KeysInMemory) -> None:
    question, challenges = asked(keys), ChallengesInMemory()
    with pytest.raises(Refusal) as refused:
        met(keys, challenges, question, at=question.expires)
    assert refused.value.reason is Reason.CHALLENGE_EXPIRED
    assert met(keys, challenges, question, at=question.expires - timedelta(seconds=1))


def test_prove__signed_by_another__is_refused_and_the_right_one_is_still_taken(
    keys: KeysInMemory,
) -> None:
    question, challenges = asked(keys), ChallengesInMemory()
    with pytest.raises(Refusal) as refused:
        met(keys, challenges, question, by=OTHER)
    assert refused.value.reason is Reason.SIGNATURE_INVALID
    assert keys.at_address(OTHER.address) is keys.at_address(SIGNER.address) is None
    assert met(keys, challenges, question).address == SIGNER.address


def test_prove__met_before__is_refused(keys: KeysInMemory) -> None:
    question, challenges = asked(keys), ChallengesInMemory()
    met(keys, challenges, question)
    with pytest.raises(Refusal) as refused:
        met(KeysInMemory(), challenges, question)
    assert refused.value.reason is Reason.CHALLENGE_USED


def test_prove__address_used_since_it_was_asked__is_refused(keys: KeysInMemory) -> None:
    challenges = ChallengesInMemory()
    first, second = asked(keys), asked(keys, nonce="6b")
    met(keys, challenges, first)
    with pytest.raises(Refusal) as refused:
        met(keys, challenges, second)
    assert refused.value.reason is Reason.ADDRESS_IN_USE
    assert challenges.spend(second, at=NOW)  # a refusal changes nothing


def test_challenge__address_used__is_refused(keys: KeysInMemory) -> None:
    with pytest.raises(Refusal) as refused:
        asked(keys, created(keys, BORIS, OTHER_PRODUCT).address)
    assert refused.value.reason is Reason.ADDRESS_IN_USE


# Public only ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"\x11" * 32, Reason.PRIVATE_KEY_REFUSED),
        (b"\x04" * 33, Reason.PUBLIC_KEY_INVALID),
        (b"\x02" * 65, Reason.PUBLIC_KEY_INVALID),
        (b"", Reason.PUBLIC_KEY_INVALID),
    ],
)
def test_public_key__anything_else__is_refused_and_not_repeated(raw: bytes, reason: Reason) -> None:
    with pytest.raises(Refusal) as refused:
        PublicKey(address=SIGNER.address, key=raw)
    assert refused.value.reason is reason
    assert set(refused.value.facts) <= {"account"}
