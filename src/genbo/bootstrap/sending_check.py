"""Gathers what `reconciliation.sending` compares: the commands and the outbox here, the transactions on the ledger."""

from collections.abc import Sequence

from genbo.bootstrap.token_payments_settled import paid_lines
from genbo.chain.command_message import digest_of
from genbo.chain.deployments import Deployment
from genbo.chain.hexes import bytes_of
from genbo.chain.node import Node
from genbo.chain.signing import signer_of
from genbo.governance import CommandState, Stored, needs_two_persons
from genbo.kernel import BlockStamp
from genbo.reconciliation.invariants import Finding
from genbo.reconciliation.sending import (
    SentAct,
    SignerNumbers,
    TwoPersonAct,
    exactly_once,
    two_persons,
)
from genbo.storage.commands import Commands
from genbo.storage.engine import Database
from genbo.storage.outbox import GivenNumber, StoredOutbox

_TOGETHER = 500
"""Transactions that a node is asked about at once."""


def sending_findings(
    node: Node, database: Database, deployment: Deployment, *, at: BlockStamp
) -> list[Finding]:
    """Invariants 3 and 5, as of a block that was read. Changes nothing.

    Raises:
        Fault: `node_unreachable`, `database_unreachable`.
    """
    with database.read() as connection:
        final = Commands(connection, deployment.chain_id).all(states=[CommandState.FINAL])
        given = StoredOutbox(connection, deployment.chain_id).given_numbers()
    # Acts before there were commands have no bytes, and changes of the registry have no transaction.
    acts = [each for each in final if each.command.on_ledger]
    return [
        exactly_once(
            _sent(node, acts, given),
            _numbers(node, given, at),
            paid_lines(node, database, deployment),
        ),
        two_persons([_two(each, deployment) for each in final if _of_two(each)]),
    ]


def _sent(node: Node, acts: Sequence[Stored], given: Sequence[GivenNumber]) -> list[SentAct]:
    carried: dict[str, list[GivenNumber]] = {}
    for number in given:
        if number.command is not None and number.done:
            carried.setdefault(number.command, []).append(number)
    txs = [each.outcome.tx for each in acts if each.outcome.tx is not None]
    on_ledger: dict[str, int] = {}
    for first in range(0, len(txs), _TOGETHER):
        for found in node.inclusions(txs[first : first + _TOGETHER]):
            if found is not None and found.succeeded:
                on_ledger[found.tx] = found.block
    return [
        SentAct(
            command=each.id,
            carried_by=[number.tx for number in carried.get(each.id, []) if number.tx is not None],
            tx=each.outcome.tx,
            block=each.outcome.block,
            on_ledger=None if each.outcome.tx is None else on_ledger.get(each.outcome.tx),
        )
        for each in acts
    ]


def _numbers(node: Node, given: Sequence[GivenNumber], at: BlockStamp) -> list[SignerNumbers]:
    by_signer: dict[str, list[GivenNumber]] = {}
    for number in given:
        by_signer.setdefault(number.signer, []).append(number)
    found = []
    for numbers in by_signer.values():
        signer = numbers[0].signer
        used = node.used(signer, at).value
        ours = {each.nonce for each in numbers}
        found.append(
            SignerNumbers(
                signer=signer,
                used=used,
                unknown_to_us=[number for number in range(used) if number not in ours],
                standing=[
                    each.nonce
                    for each in numbers
                    if each.done
                    and each.block is not None
                    and each.block <= at.number
                    and each.nonce >= used
                ],
            )
        )
    return found


def _of_two(stored: Stored) -> bool:
    return needs_two_persons(stored.command.duty)


def _two(stored: Stored, deployment: Deployment) -> TwoPersonAct:
    command = stored.command
    digest = digest_of(command, deployment.platform)
    signers = {
        each.account
        for each in stored.approvals
        if signer_of(bytes_of(digest), each.signature) == each.account
    }
    owners = next(
        (each.owners for each in deployment.safes.values() if each.address == command.account), ()
    )
    return TwoPersonAct(
        command=stored.id,
        digest_is_its_own=digest == stored.digest,
        maker=command.maker_account,
        signers=signers,
        owners=owners,
    )
