"""A key is created or proved, waits for a verdict, speaks for its investor, and is replaced.

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
given a waiting key
├── when the verdict is positive: it should speak for its investor from that instant on
├── when it is missing, expired, blocked or of a class not permitted: it should keep waiting
├── when another is active, or it is not waiting: it should be refused
└── when it replaces the active one
    ├── it should carry every restriction, and the old one should stay listed with its instants
    └── it should be refused without reference or evidence, onto a used address, or with nothing to replace
given bytes that could be a private key
└── they should be refused and not repeated
"""

from __future__ import annotations

import csv
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from genbo.chain.extended_key import ExtendedKey
from genbo.chain.keys import KeySigner
from genbo.chain.possession import digest_of, prover_of
from genbo.compliance.eligibility import Verdict
from genbo.custody import (
    Challenge,
    Deployment,
    Extent,
    Key,
    KeyState,
    Proof,
    ProofForm,
    PublicKey,
    active_key,
    challenge,
    create,
    key_of,
    prove,
    register,
    replace,
    waiting_key,
)
from genbo.custody.memory import ChallengesInMemory, KeysInMemory
from genbo.kernel import Address, Digest, InvestorId, ProductId, Reason, Reference, Refusal
from genbo.token import AccountWord, Act, InvestorClass

with (Path(__file__).parents[2] / "data" / "bip32_public_vectors.csv").open() as file:
    TREE = ExtendedKey.parse(next(csv.DictReader(file))["child"])
NOW = datetime(2026, 4, 1, 1, tzinfo=UTC)
PRODUCT, OTHER_PRODUCT = ProductId("ST-0001"), ProductId("ST-0002")
ANNE, BORIS = InvestorId("INV-ANNE"), InvestorId("INV-BORIS")
CUSTODIAN = "CUST-01"
SIGNER, OTHER = KeySigner(b"\x07" * 32), KeySigner(b"\x08" * 32)
DEPLOYMENT = Deployment(20_210_811, Address("0x000000000000000000000000000000000000dEaD"))
GENERAL = next(each for each in InvestorClass if each is not InvestorClass.UNCLASSIFIED)
PERMITTED = frozenset({GENERAL})
POSITIVE = Verdict(until=NOW + timedelta(days=365), investor_class=GENERAL)
ACT = Act(ref=Reference("REKEY-1"), evidence=Digest("0x" + "ee" * 32))


@pytest.fixture
def keys() -> KeysInMemory:
    return KeysInMemory()


def created(
    keys: KeysInMemory,
    investor: InvestorId = ANNE,
    product: ProductId = PRODUCT,
    gap_limit: int = 20,
) -> Key:
    return create(
        investor=investor,
        product=product,
        custodian=CUSTODIAN,
        tree=TREE,
        keys=keys,
        at=NOW,
        gap_limit=gap_limit,
    )


def registered(
    keys: KeysInMemory, key: Key, verdict: Verdict | None = POSITIVE, at: datetime = NOW
) -> Key:
    return register(
        address=key.address, verdict=verdict, permitted_classes=PERMITTED, keys=keys, at=at
    )


def asked(keys: KeysInMemory, address: Address = SIGNER.address, nonce: str = "5a") -> Challenge:
    return challenge(
        nonce=Digest("0x" + nonce * 32),
        deployment=DEPLOYMENT,
        product=PRODUCT,
        investor=ANNE,
        address=address,
        keys=keys,
        at=NOW,
        lasts=timedelta(minutes=10),
    )


def met(
    keys: KeysInMemory,
    challenges: ChallengesInMemory,
    question: Challenge,
    by: KeySigner = SIGNER,
    at: datetime = NOW,
) -> Key:
    form = ProofForm.PERSONAL_MESSAGE
    return prove(
        challenge=question,
        proof=Proof(form=form, signature=by.sign_digest(digest_of(question, form))),
        custodian=CUSTODIAN,
        check=prover_of,
        challenges=challenges,
        keys=keys,
        at=at,
    )


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
