"""Customers' addresses (顧客のアドレス): below the tree of whoever keeps their keys, or proved by their holder."""

from sqlalchemy import Connection

from genbo.bootstrap.office import Office
from genbo.bootstrap.wallets import create_keys, issue_challenge, prove_key
from genbo.custody import Challenge, Deployment, Key, ProofForm
from genbo.kernel import Address, Digest, InvestorId, ProductId, Reason, Refusal
from genbo.storage.address_trees import AddressTrees
from genbo.storage.challenges import StoredChallenges
from genbo.storage.investors import Investors


def keeper_of(office: Office, connection: Connection, investor: InvestorId) -> str:
    """保管者ID: who keeps the keys of an investor, the custodian or the broker itself. Raises `investor_unknown`."""
    found = Investors(connection, office.house.vault).get(investor)
    return found.custodian_id or found.safekeeping_id or ""


def derive(
    office: Office, connection: Connection, product: ProductId, investor: InvestorId, *, by: str
) -> Key:
    """The waiting key of a customer, a fresh one below the keeper's tree where none waits. In a transaction of the
    caller's, as everything here.

    Raises:
        Refusal: `tree_unknown` where the keeper has no approved tree; as `create_keys`.
    """
    keeper = keeper_of(office, connection, investor)
    trees = AddressTrees(connection, office.house.vault).all()
    ours = [each for each in trees if each.owner == keeper and each.is_approved]
    if not ours:
        raise Refusal(Reason.TREE_UNKNOWN, tree=keeper)
    tree = ours[-1].fingerprint
    (key,) = create_keys(office, product, [investor], tree=tree, by=by, connection=connection)
    return key


def challenge_for(
    office: Office,
    connection: Connection,
    product: ProductId,
    investor: InvestorId,
    address: Address,
    *,
    by: str,
) -> Challenge:
    """What the holder of an address signs. Raises as `issue_challenge`."""
    return issue_challenge(
        office,
        product,
        investor,
        address,
        custodian=keeper_of(office, connection, investor),
        by=by,
        connection=connection,
    )


def prove(
    office: Office,
    connection: Connection,
    investor: InvestorId,
    nonce: Digest,
    *,
    form: ProofForm,
    signature: bytes,
    by: str,
) -> Key:
    """The waiting key of an address whose holder met the challenge, which was issued for this investor.

    Raises:
        Refusal: `challenge_unknown`, also for another investor's; as `prove_key`.
    """
    deployment = Deployment(office.deployment.chain_id, office.deployment.platform)
    issued = StoredChallenges(connection, deployment, by=by).get(nonce)
    if issued.challenge.investor != investor:
        raise Refusal(Reason.CHALLENGE_UNKNOWN)
    return prove_key(office, nonce, form=form, signature=signature, by=by, connection=connection)
