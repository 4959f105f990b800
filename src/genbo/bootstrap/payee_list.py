"""Payee list (支払先一覧): the lines of a run under one root, and a proof for each payee.

The first leaf says what was paid per unit, and to the holders of which record date and block; the others are the lines.
So whoever has the root of the ledger and a proof knows what the payee was owed and by what (R-STSUM-4).
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import Connection

from genbo.bootstrap.office import Office
from genbo.bootstrap.roots import records_of, root_of
from genbo.chain.contracts.register_anchor import Anchor, AnchorKind, RegisterAnchor
from genbo.chain.merkle import MerkleTree, Record
from genbo.entitlements import PayeeLine, Run, lines_digest
from genbo.kernel import Address, BlockStamp, Digest, Fault, ProductId, Reason, Refusal
from genbo.storage.distributions import Distributions
from genbo.storage.payments import require_approved
from genbo.storage.record_dates import FixedRecordDate, RecordDates

NO_ROOT = Digest("0x" + 64 * "0")
"""The root of a run whose list is not made yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PayeeProof:
    """A payee's line with what proves it."""

    run: str
    product: ProductId
    record_day: date
    record: Record = field(repr=False)
    """The line, and the secret that keeps anybody from guessing it."""
    proof: tuple[bytes, ...]
    root: Digest
    contract: Address
    """Where the root is anchored."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundProof:
    """What the ledger says of a proof."""

    proven: bool
    anchor: Anchor | None
    """None where no payee list of that run and day was anchored."""
    stamp: BlockStamp
    """The block that was asked."""


def payee_root(
    office: Office,
    connection: Connection,
    run: Run,
    fixed: FixedRecordDate,
    lines: Sequence[PayeeLine],
) -> Digest:
    """The root of the run's payee list. Raises Fault as `Vault.fingerprint`."""
    return root_of(office, connection, _name(run), _contents(run, fixed, lines))


def require_lines(run: Run, lines: Sequence[PayeeLine]) -> None:
    """Nothing when the lines are those that were declared. Raises Fault(invariant_broken)."""
    if lines_digest(run.id, lines) != run.digest:
        raise _changed(run)


def require_root(
    office: Office, connection: Connection, run: Run, lines: Sequence[PayeeLine]
) -> None:
    """Nothing when the lines have the root that was declared. Raises Fault(invariant_broken)."""
    fixed = RecordDates(connection).get(run.product, run.record_day)
    if payee_root(office, connection, run, fixed, lines) != run.root:
        raise _changed(run)


def prove_payee(office: Office, run: str, holder: str) -> PayeeProof:
    """The line of a payee of an approved run, with what proves it: for the payee.

    Raises:
        Refusal: `distribution_unknown`, `distribution_not_open`; `payment_line_unknown` for somebody who is no payee of
            the run.
        Fault: `invariant_broken` when the lines are not those that were declared; as `Vault.fingerprint`.
    """
    with office.house.database.read() as connection:
        held = Distributions(connection)
        found = held.get(run)
        require_approved(found)
        lines = held.lines(run)
        place = next((at for at, each in enumerate(lines, start=1) if each.holder == holder), None)
        if place is None:
            raise Refusal(
                Reason.PAYMENT_LINE_UNKNOWN, line=None, distribution=run, problem="no such payee"
            )
        fixed = RecordDates(connection).get(found.product, found.record_day)
        contents = _contents(found, fixed, lines)
        records = records_of(office, connection, _name(found), contents)
    tree = MerkleTree.of(records)
    if tree.root != found.root:
        raise _changed(found)
    return PayeeProof(
        run=found.id,
        product=found.product,
        record_day=found.record_day,
        record=records[place],
        proof=tuple(tree.proof(records[place].leaf())),
        root=found.root,
        contract=office.deployment.anchor,
    )


def verify_payee(
    office: Office, run: str, day: date, record: Record, proof: Sequence[bytes]
) -> FoundProof:
    """What the ledger says of a proof, whoever shows it: nothing that is stored here is asked."""
    contract = RegisterAnchor(office.house.node, office.deployment.anchor)
    anchored = contract.anchored(AnchorKind.PAYEE_LIST, run, day)
    said = contract.proves(AnchorKind.PAYEE_LIST, run, day, record=record, proof=proof)
    return FoundProof(proven=said.value, anchor=anchored.value, stamp=said.stamp)


def token_words(run: Run) -> dict[str, object]:
    """The yen token that the run is paid in, as it stands under signatures and in the list; nothing for the bank's."""
    if run.token is None:
        return {}
    token = run.token
    return {
        "yen_token": {
            "chain_id": token.chain_id,
            "cash": token.cash,
            "decimals": token.decimals,
            "payer": token.payer,
        }
    }


def _name(run: Run) -> str:
    return f"payees/{run.id}"


def _contents(run: Run, fixed: FixedRecordDate, lines: Sequence[PayeeLine]) -> Iterable[bytes]:
    amounts = {
        name: f"{getattr(run.amounts, name):.10f}" for name in ("income", "capital", "points")
    }
    head = {
        "run": run.id,
        "product": run.product,
        "record_day": run.record_day.isoformat(),
        "payment_day": run.payment_day.isoformat(),
        "corrects": run.corrects,
        **amounts,
        "register_root": fixed.root,
        "block": fixed.stamp.number,
        "block_hash": fixed.stamp.hash,
        **token_words(run),
    }
    yield json.dumps(head, sort_keys=True, separators=(",", ":")).encode()
    yield from (each.content(run.id) for each in lines)


def _changed(run: Run) -> Fault:
    return Fault(
        Reason.INVARIANT_BROKEN,
        number=6,
        problem=f"the lines of {run.id} are not those that were declared",
    )
