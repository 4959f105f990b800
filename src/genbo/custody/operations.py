"""What can be done with keys: create or prove one, register it, replace it.

create, prove  ->  waiting  ->  register  ->  active  ->  replace  ->  replaced
                           \\________________________ replace puts it in the place of the old one
"""

import dataclasses
from datetime import datetime, timedelta

from genbo.compliance.eligibility import Verdict, ineligible
from genbo.custody.model import (
    Challenge,
    Deployment,
    Key,
    KeyState,
    Proof,
    PublicKey,
    Rekeying,
)
from genbo.custody.ports import AddressTree, Challenges, Keys, PossessionCheck
from genbo.custody.queries import active_key, waiting_key
from genbo.kernel import Address, Digest, InvestorId, ProductId, Reason, Refusal
from genbo.token import AccountWord, Act, InvestorClass

GAP_LIMIT = 1_000
"""At most so many indexes in a row are handed out without one of them being registered.

Whoever restores a custodian's wallet from its seed looks for addresses that were used, and stops after a gap; the
custodian sets the same number there. Wide enough for a file of applicants whose verdicts are still out.
"""


def create(
    *,
    investor: InvestorId,
    product: ProductId,
    custodian: str,
    tree: AddressTree,
    keys: Keys,
    at: datetime,
    gap_limit: int = GAP_LIMIT,
) -> Key:
    """The key that waits for the investor in the product; a fresh one at the next unused index when none waits.

    Asking twice gives the same key, so a repeated request leaves no gap.

    Raises:
        Refusal: `key_gap_too_wide` when too many of the tree's keys wait for their verdicts.
    """
    waiting = waiting_key(keys, product, investor)
    if waiting is not None and waiting.tree == tree.fingerprint:
        return waiting
    extent = keys.extent(tree.fingerprint)
    registered = -1 if extent.last_registered is None else extent.last_registered
    index = extent.next_index
    while index - registered <= gap_limit:
        public = tree.at(index)
        if public is not None and keys.at_address(public.address) is None:
            key = Key(
                investor=investor,
                product=product,
                custodian=custodian,
                public=public,
                tree=tree.fingerprint,
                index=index,
                created=at,
            )
            keys.keep(key)
            return key
        index += 1
    raise Refusal(Reason.KEY_GAP_TOO_WIDE, tree=tree.fingerprint, most=gap_limit)


def challenge(
    *,
    nonce: Digest,
    deployment: Deployment,
    product: ProductId,
    investor: InvestorId,
    address: Address,
    keys: Keys,
    at: datetime,
    lasts: timedelta,
) -> Challenge:
    """What the holder of `address` has to sign.

    Args:
        nonce: 32 fresh random bytes.
        lasts: how long there is for it; counted in whole seconds.

    Raises:
        Refusal: `address_in_use`.
    """
    _refuse_used(keys, address)
    return Challenge(
        nonce=nonce,
        deployment=deployment,
        product=product,
        investor=investor,
        address=address,
        expires=(at + lasts).replace(microsecond=0),
    )


def prove(
    *,
    challenge: Challenge,
    proof: Proof,
    custodian: str,
    check: PossessionCheck,
    challenges: Challenges,
    keys: Keys,
    at: datetime,
) -> Key:
    """The waiting key of an address whose holder met the challenge. A signature that fails does not use it up.

    Raises:
        Refusal: `challenge_expired`, `signature_invalid`, `address_in_use`, `challenge_used`.
    """
    if at >= challenge.expires:
        raise Refusal(Reason.CHALLENGE_EXPIRED, until=int(challenge.expires.timestamp()))
    public: PublicKey | None = check(challenge, proof)
    if public is None or public.address != challenge.address:
        raise Refusal(Reason.SIGNATURE_INVALID, account=challenge.address)
    _refuse_used(keys, challenge.address)
    if not challenges.spend(challenge, at=at):
        raise Refusal(Reason.CHALLENGE_USED, account=challenge.address)
    key = Key(
        investor=challenge.investor,
        product=challenge.product,
        custodian=custodian,
        public=public,
        created=at,
    )
    keys.keep(key)
    return key


def register(
    *,
    address: Address,
    verdict: Verdict | None,
    permitted_classes: frozenset[InvestorClass],
    keys: Keys,
    at: datetime,
) -> Key:
    """Lets a waiting key speak for its investor from `at` on, after a positive verdict and never before.

    Raises:
        Refusal: the verdict's own reason (`recipient_unverified` and its like); `key_active` when the investor has
            another active key in the product, which only re-keying replaces; `key_not_waiting`; `key_unknown`.
    """
    key = _waiting(keys, address)
    refusal = ineligible(verdict, account=address, permitted_classes=permitted_classes, at=at)
    if refusal is not None:
        raise refusal
    active = active_key(keys, key.product, key.investor)
    if active is not None:
        raise Refusal(Reason.KEY_ACTIVE, account=active.address, investor=key.investor)
    registered = dataclasses.replace(key, valid_from=at)
    keys.keep(registered)
    return registered


def replace(
    *,
    new: Address,
    word: AccountWord,
    target: AccountWord,
    act: Act,
    keys: Keys,
    at: datetime,
) -> Rekeying:
    """Re-keying (鍵の更新): a waiting key takes the place of its investor's active one, with all its restrictions.

    No verdict is asked: the old address's own comes along, and so do its freezes and blocks, so nothing is released
    (invariant 9). That two persons order it is enforced where it is ordered.

    Args:
        word: the old address's account word, as read from the ledger.
        target: the new address's.
        act: its reference, and the digest of the order or application it rests on.

    Raises:
        Refusal: `key_unknown`, `key_not_waiting`; `reference_missing`, `evidence_missing`;
            `target_not_empty`; `sender_retired`.
    """
    key = _waiting(keys, new)
    if not act.ref:
        raise Refusal(Reason.REFERENCE_MISSING)
    if not act.evidence:
        raise Refusal(Reason.EVIDENCE_MISSING, ref=act.ref)
    old = active_key(keys, key.product, key.investor)
    if old is None:
        raise Refusal(Reason.KEY_UNKNOWN, investor=key.investor, product=key.product)
    if word.retired:
        raise Refusal(Reason.SENDER_RETIRED, account=old.address)
    if target.balance or target.frozen or target.retired:
        raise Refusal(Reason.TARGET_NOT_EMPTY, account=new)
    replaced = dataclasses.replace(old, valid_until=at, replaced_by=new, evidence=act.evidence)
    registered = dataclasses.replace(key, valid_from=at)
    keys.keep(replaced)
    keys.keep(registered)
    return Rekeying(old=replaced, new=registered, word=word.carried_to(target))


def _waiting(keys: Keys, address: Address) -> Key:
    key = keys.at_address(address)
    if key is None:
        raise Refusal(Reason.KEY_UNKNOWN, account=address)
    if key.state is not KeyState.WAITING:
        raise Refusal(Reason.KEY_NOT_WAITING, account=address, state=key.state.value)
    return key


def _refuse_used(keys: Keys, address: Address) -> None:
    if keys.at_address(address) is not None:
        raise Refusal(Reason.ADDRESS_IN_USE, account=address)
