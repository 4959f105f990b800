"""Roots (ルート): one digest on the ledger for a whole list, and a proof that a row is on it.

Each row's secret comes from a key that only the vault opens, so the same list has the same root whenever it is made
anew, nothing secret is stored beside it, and nobody who sees the root or a proof can find another row by trying.
"""

import hmac
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from genbo.bootstrap.office import Office
from genbo.chain.contracts.register_anchor import AnchorKind, RegisterAnchor
from genbo.chain.merkle import MerkleTree, Record
from genbo.governance import Duty
from genbo.kernel import BlockStamp, Digest, Fault, ProductId, Reason, Refusal


@dataclass(frozen=True, slots=True, kw_only=True)
class Anchored:
    """A root that stands on the ledger."""

    root: Digest
    leaves: int
    stamp: BlockStamp
    """The block it was found in."""
    already: bool
    """Whether it stood there before."""


def records_of(
    office: Office, connection: Connection, name: str, contents: Iterable[bytes]
) -> list[Record]:
    """The rows of the list `name` with their secrets.

    Raises:
        Fault: as `Vault.fingerprint`.
    """
    secret = office.house.vault.fingerprint(connection, f"genbo root\n{name}".encode())
    return [Record(content=each, secret=hmac.digest(secret, each, "sha256")) for each in contents]


def root_of(office: Office, connection: Connection, name: str, contents: Iterable[bytes]) -> Digest:
    """The root of the list. Raises Fault as `records_of`."""
    return MerkleTree.of(records_of(office, connection, name, contents)).root


def anchor_root(
    office: Office,
    kind: AnchorKind,
    subject: str,
    day: date,
    *,
    root: Digest,
    leaves: int,
    product: ProductId,
) -> Anchored:
    """Anchors a root under the duty ANCHORER, once; interrupted, it is simply done again.

    Raises:
        Refusal: the contract's own reason.
        Fault: `invariant_broken` when the ledger has another root; as `Office.act`.
    """
    contract = RegisterAnchor(office.house.node, office.deployment.anchor)
    standing = contract.anchored(kind, subject, day)
    already = standing.value is not None
    if not already:
        call = contract.anchor(kind, subject, day, root=root, leaves=leaves)
        try:
            office.act(call, Duty.ANCHORER, product=product)
        except Refusal as refusal:
            if refusal.reason is not Reason.ANCHOR_EXISTS:
                raise
            already = True  # an order that was interrupted was carried out meanwhile
        standing = contract.anchored(kind, subject, day)
    if standing.value is None or (standing.value.root, standing.value.leaves) != (root, leaves):
        raise Fault(
            Reason.INVARIANT_BROKEN,
            problem=f"the ledger has the root {standing.value and standing.value.root} for {subject} "
            f"of {day}, the registry {root}",
        )
    return Anchored(root=root, leaves=leaves, stamp=standing.stamp, already=already)
