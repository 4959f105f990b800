"""Wallets (鍵情報): where addresses come from, who may have one, and how one takes the place of another.

    take_tree, approve_tree ──► create_keys ──┐
    issue_challenge ──► prove_key ────────────┴──► waiting ──► register_keys ──► active ──► rekey ──► replaced

An address reaches the ledger with the verdict that lets it, in one transaction with the order to write it there. What
became of a re-keying the table learns from the ledger's event, so one that was interrupted ends right.
"""

import secrets
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta

from sqlalchemy import Connection

from genbo.bootstrap.office import Office
from genbo.bootstrap.rekeyed import follow_rekeyings
from genbo.chain.call import Call
from genbo.chain.desk import Done
from genbo.chain.extended_key import ExtendedKey, refuse_development_tree
from genbo.chain.possession import prover_of
from genbo.compliance.eligibility import Verdict
from genbo.custody import (
    GAP_LIMIT,
    Challenge,
    Deployment,
    Key,
    Proof,
    ProofForm,
    active_key,
    challenge,
    create,
    prove,
    register,
    replace,
    waiting_key,
)
from genbo.governance import Duty, Stored
from genbo.kernel import Address, Digest, InvestorId, ProductId, Reason, Refusal
from genbo.storage.address_trees import AddressTrees, RegisteredTree
from genbo.storage.challenges import StoredChallenges
from genbo.storage.investors import Investors
from genbo.storage.keys import KeysInBulk, StoredKeys
from genbo.storage.products import Products
from genbo.token import Act

CHALLENGE_LASTS = timedelta(minutes=30)
"""Long enough to take a hardware wallet out of a safe."""

# Trees -----------------------------------------------------------------------------------------------


def take_tree(
    office: Office,
    extended_key: str,
    *,
    fingerprint: str,
    owner: str,
    by: str,
    gap_limit: int = GAP_LIMIT,
) -> RegisteredTree:
    """Takes the extended public key of a custodian or broker, sealed; somebody else approves it.

    Args:
        fingerprint: as its owner told it by another way than the key.
        owner: the T9 id of a custodian, or the T8 id of a broker.
        gap_limit: so many indexes in a row may wait for their verdicts, as agreed on with the owner.

    Raises:
        Refusal: `private_key_refused`, `extended_key_invalid`, `fingerprint_mismatch`; `tree_exists`.
        Fault: `development_key_refused` for the tree that everybody has the private keys of.
    """
    tree = ExtendedKey.parse(extended_key, fingerprint=fingerprint)
    refuse_development_tree(tree, office.deployment.chain_id)
    with office.house.database.begin() as connection:
        trees = AddressTrees(connection, office.house.vault)
        trees.propose(
            tree.fingerprint,
            tree.serialised(),
            owner=owner,
            gap_limit=gap_limit,
            at=office.house.now(),
            by=by,
        )
        return trees.get(tree.fingerprint)


def approve_tree(office: Office, fingerprint: str, *, by: str) -> RegisteredTree:
    """Lets addresses come from a tree. Raises Refusal as `AddressTrees.approve`."""
    with office.house.database.begin() as connection:
        trees = AddressTrees(connection, office.house.vault)
        trees.approve(fingerprint, at=office.house.now(), by=by)
        return trees.get(fingerprint)


# Waiting keys ----------------------------------------------------------------------------------------


def create_keys(
    office: Office,
    product: ProductId,
    investors: Sequence[InvestorId],
    *,
    tree: str,
    by: str,
    connection: Connection | None = None,
) -> list[Key]:
    """The waiting key of each investor in the product, a fresh one where none waits; all of them, or none.

    The tree is ours until they are kept, so two processes never hand out one index.

    Args:
        tree: fingerprint of the tree.
        connection: the caller's transaction; None: one of its own. So below.

    Raises:
        Refusal: `product_unknown`, `investor_unknown`; `tree_unknown`, `tree_not_approved`; `key_gap_too_wide`.
    """
    at = office.house.now()
    with office.house.database.within(connection) as connection:
        Products(connection).get(product)
        _require_known(connection, office, investors)
        trees = AddressTrees(connection, office.house.vault)
        registered = trees.get(tree)
        opened = ExtendedKey.parse(trees.open(tree, at=at, by=by))
        keys = KeysInBulk(connection, product, set(investors), at=at, by=by, tree=tree)
        made = [
            create(
                investor=investor,
                product=product,
                custodian=registered.owner,
                tree=opened,
                keys=keys,
                at=at,
                gap_limit=registered.gap_limit,
            )
            for investor in investors
        ]
        keys.write()
    return made


def issue_challenge(
    office: Office,
    product: ProductId,
    investor: InvestorId,
    address: Address,
    *,
    custodian: str,
    by: str,
    lasts: timedelta = CHALLENGE_LASTS,
    connection: Connection | None = None,
) -> Challenge:
    """What the holder of an address has to sign, so that the address may speak for the investor.

    Raises:
        Refusal: `product_unknown`, `investor_unknown`, `address_in_use`.
    """
    at = office.house.now()
    with office.house.database.within(connection) as connection:
        Products(connection).get(product)
        _require_known(connection, office, [investor])
        asked = challenge(
            nonce=Digest("0x" + secrets.token_hex(32)),
            deployment=_deployment(office),
            product=product,
            investor=investor,
            address=address,
            keys=StoredKeys(connection, at=at, by=by),
            at=at,
            lasts=lasts,
        )
        _challenges(connection, office, by).issue(asked, custodian=custodian, at=at)
    return asked


def prove_key(
    office: Office,
    nonce: Digest,
    *,
    form: ProofForm,
    signature: bytes,
    by: str,
    connection: Connection | None = None,
) -> Key:
    """The waiting key of an address whose holder met the challenge.

    Raises:
        Refusal: `challenge_unknown`, `challenge_expired`, `challenge_used`, `signature_invalid`, `address_in_use`.
        Fault: `development_key_refused`.
    """
    at = office.house.now()
    with office.house.database.within(connection) as connection:
        challenges = _challenges(connection, office, by)
        issued = challenges.get(nonce)
        if issued.met_at is not None:
            raise Refusal(Reason.CHALLENGE_USED, account=issued.challenge.address)
        return prove(
            challenge=issued.challenge,
            proof=Proof(form=form, signature=signature),
            custodian=issued.custodian,
            check=prover_of,
            challenges=challenges,
            keys=StoredKeys(connection, at=at, by=by),
            at=at,
        )


# On the ledger ---------------------------------------------------------------------------------------


def register_keys(
    connection: Connection,
    product: ProductId,
    verdicts: Mapping[InvestorId, Verdict],
    *,
    at: datetime,
    by: str,
) -> list[Address]:
    """Lets the waiting keys speak whose verdict is positive; the others go on waiting, and so do those that are to
    replace an active one. To be called in the transaction that stores the order to write the verdicts.

    Returns:
        The addresses that have begun to speak.
    """
    permitted = Products(connection).get(product).terms.permitted_classes
    keys = KeysInBulk(connection, product, set(verdicts), at=at, by=by)
    begun = []
    for investor, verdict in verdicts.items():
        waiting = waiting_key(keys, product, investor)
        if waiting is None:
            continue
        with suppress(Refusal):
            register(
                address=waiting.address,
                verdict=verdict,
                permitted_classes=permitted,
                keys=keys,
                at=at,
            )
            begun.append(waiting.address)
    keys.write()
    return begun


def rekey(
    office: Office,
    product: ProductId,
    investor: InvestorId,
    act: Act,
    *,
    new: Address | None = None,
    by: Sequence[str] = (),
    key: str | None = None,
) -> Done:
    """Re-keying (鍵の更新, R-DAIWA-13): the investor's waiting key takes the place of the active one, with all its
    restrictions; two persons order it, on evidence.

    Args:
        new: the waiting key, where the investor has several.
        by: names of the people who order it; by default the first who can.
        key: idempotency key.

    Raises:
        Refusal: as `custody.replace`; the contract's own reason, or `approvals_too_few`.
        Fault: as `Office.act`.
    """
    call = rekeying(office, product, investor, act, new=new)
    done = office.act(call, Duty.REPAIRER, product=product, ref=act.ref, by=by, key=key)
    follow_rekeyings(office, done.sent.stamp.number)
    return done


def propose_rekey(
    office: Office,
    product: ProductId,
    investor: InvestorId,
    act: Act,
    *,
    maker: str,
    key: str,
    new: Address | None = None,
) -> Stored:
    """As `rekey`, for somebody whose approver is elsewhere. Raises as `rekey`."""
    call = rekeying(office, product, investor, act, new=new)
    return office.approvals.propose(
        call, Duty.REPAIRER, maker=maker, key=key, product=product, ref=act.ref
    )


def rekeying(
    office: Office,
    product: ProductId,
    investor: InvestorId,
    act: Act,
    *,
    new: Address | None = None,
) -> Call:
    """The call that re-keys, once custody's own rule has nothing against it; nothing is changed. Raises as `rekey`."""
    token = office.token(product)
    at = office.house.now()
    with office.house.database.read() as connection:
        keys = KeysInBulk(connection, product, [investor], at=at, by="")
        old = active_key(keys, product, investor)
        waiting = waiting_key(keys, product, investor)
        target = new or (waiting.address if waiting else None)
        if old is None or target is None:
            raise Refusal(Reason.KEY_UNKNOWN, investor=investor, product=product)
        replace(
            new=target,
            word=token.account(old.address).value,
            target=token.account(target).value,
            act=act,
            keys=keys,  # in memory; what the table says follows from the ledger
            at=at,
        )
    return token.rekey(old.address, target, act)


# Inside ----------------------------------------------------------------------------------------------


def _deployment(office: Office) -> Deployment:
    return Deployment(office.deployment.chain_id, office.deployment.platform)


def _challenges(connection: Connection, office: Office, by: str) -> StoredChallenges:
    return StoredChallenges(connection, _deployment(office), by=by)


def _require_known(
    connection: Connection, office: Office, investors: Collection[InvestorId]
) -> None:
    known = Investors(connection, office.house.vault).known(investors)
    for investor in investors:
        if investor not in known:
            raise Refusal(Reason.INVESTOR_UNKNOWN, investor=investor)
