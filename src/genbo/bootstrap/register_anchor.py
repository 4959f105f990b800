"""Anchoring a register (原簿のアンカリング): its content is committed to on the ledger, without a name.

The root is that of a tree with one record: the register without names, under a secret that only the vault can make. So
nobody who sees the ledger can try out what the register says, and the contract itself proves the record to whoever is
given the secret. The subject names the content, so one day of a product may have several, and a wrong one blocks none.
"""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from sqlalchemy import Connection

from genbo.bootstrap.office import Office
from genbo.chain.contracts.register_anchor import Anchor, AnchorKind, RegisterAnchor
from genbo.chain.merkle import MerkleTree, Record
from genbo.governance import AuditAction, AuditEntry, Duty
from genbo.kernel import BlockStamp, Digest, Reason, Refusal, business_date
from genbo.reporting import StatutoryRegister
from genbo.storage.audit import AuditLog

_SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterRoot:
    """What stands for a register on the ledger."""

    subject: str
    day: date
    """The business day that the register closes."""
    root: Digest
    record: Record = field(repr=False)
    """What the contract proves, to whoever is given it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AnchoredRegister:
    """A register that stands on the ledger."""

    root: RegisterRoot
    anchor: Anchor
    stamp: BlockStamp
    """The block it was found in."""
    already: bool
    """Whether it stood there before."""


def root_of(connection: Connection, office: Office, register: StatutoryRegister) -> RegisterRoot:
    """What stands, or would stand, for the register. The same content has the same root for the life of a database."""
    content = register.facts_json
    record = Record(content, office.house.vault.fingerprint(connection, content))
    root = MerkleTree.of([record]).root
    return RegisterRoot(
        subject=f"doc/{root[2:30]}",
        day=business_date(register.as_of - _SECOND),
        root=root,
        record=record,
    )


def find_anchor(office: Office, register: StatutoryRegister) -> AnchoredRegister | None:
    """The anchor of the register; None where it was never anchored.

    Raises:
        Fault: `node_unreachable`.
    """
    with office.house.database.read() as connection:
        root = root_of(connection, office, register)
    contract = RegisterAnchor(office.house.node, office.deployment.anchor)
    found = contract.anchored(AnchorKind.REGISTER, root.subject, root.day)
    if found.value is None or found.value.root != root.root:
        return None
    return AnchoredRegister(root=root, anchor=found.value, stamp=found.stamp, already=True)


def anchor_register(
    office: Office, register: StatutoryRegister, *, now: datetime, by: str
) -> AnchoredRegister:
    """Commits to the register, under the duty ANCHORER. Interrupted, it is simply done again.

    Raises:
        Refusal: the contract's own reason.
        Fault: `command_waiting`, `key_missing`, as `Office.act`.
    """
    standing = find_anchor(office, register)
    if standing is not None:
        return standing
    with office.house.database.read() as connection:
        root = root_of(connection, office, register)
    contract = RegisterAnchor(office.house.node, office.deployment.anchor)
    call = contract.anchor(AnchorKind.REGISTER, root.subject, root.day, root=root.root, leaves=1)
    try:
        office.act(call, Duty.ANCHORER)
    except Refusal as refusal:
        if refusal.reason is not Reason.ANCHOR_EXISTS:
            raise  # else an order that was interrupted was carried out meanwhile
    found = contract.anchored(AnchorKind.REGISTER, root.subject, root.day)
    assert found.value is not None
    with office.house.database.begin() as connection:
        AuditLog(connection).append(
            [
                AuditEntry(
                    at=now,
                    action=AuditAction.REGISTER_ANCHORED,
                    actor=by,
                    subject=root.subject,
                    product=register.product,
                    facts={
                        "root": root.root,
                        "facts_digest": register.facts_digest,
                        "as_of": register.as_of.isoformat(),
                        "block": register.stamp.number,
                        "contract": office.deployment.anchor,
                    },
                )
            ]
        )
    return AnchoredRegister(root=root, anchor=found.value, stamp=found.stamp, already=False)
