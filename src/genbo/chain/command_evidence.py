"""Evidence of a command (指図の証跡): a file that shows anybody who ordered and who approved what, without a database.

It holds the typed data that was signed, the signatures, and where the act stands on the chain. The hash is computed
anew from the data, the signers are recovered from their signatures, and the chain is asked whether the transaction
carries exactly those bytes.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from eth_account.messages import encode_typed_data
from eth_utils.crypto import keccak

from genbo.chain.command_message import CommandMessage, domain_of
from genbo.chain.contracts.safe import Safe
from genbo.chain.hexes import hex_of
from genbo.chain.node import Node
from genbo.chain.signing import signer_of
from genbo.governance import Duty, Stored, needs_two_persons
from genbo.kernel import Address, Fault, Reason

FORMAT = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """One thing that was looked at."""

    what: str
    holds: bool
    found: str


def evidence_of(stored: Stored, platform: Address, *, raw: bytes | None) -> dict[str, Any]:
    """The evidence of a command, as JSON has it.

    Args:
        raw: the signed transaction that carried it; None while there is none.
    """
    command = stored.command
    domain = domain_of(platform, chain_id=command.chain_id)
    return {
        "format": FORMAT,
        "command": stored.id,
        "state": stored.state.value,
        "typed_data": CommandMessage(command).typed_data(domain),
        "digest": stored.digest,
        "maker": command.maker,
        "signatures": [
            {
                "name": each.name,
                "account": each.account,
                "signature": hex_of(each.signature),
                "at": each.at.isoformat(),
            }
            for each in stored.approvals
        ],
        "reason": stored.outcome.reason,
        "tx": stored.outcome.tx,
        "block": stored.outcome.block,
        "raw": None if raw is None else hex_of(raw),
    }


def read_evidence(text: str, *, file: str) -> dict[str, Any]:
    """What `evidence_of` wrote. Raises Fault(file_unreadable)."""
    try:
        document = json.loads(text)
        if document["format"] != FORMAT:
            raise ValueError
        _ = document["typed_data"]["message"], document["signatures"], document["digest"]
    except (ValueError, KeyError, TypeError):
        problem = "it is not the evidence of a command"
        raise Fault(Reason.FILE_UNREADABLE, file=file, problem=problem) from None
    return dict(document)


def verify_evidence(document: Mapping[str, Any], *, node: Node | None = None) -> list[Checked]:
    """Everything that can be seen from the evidence, and with a node from the chain.

    Raises:
        Fault: `node_unreachable`.
    """
    typed, message = document["typed_data"], document["typed_data"]["message"]
    digest = _digest_of(typed)
    found = [
        Checked(
            what="the hash is that of the typed data",
            holds=hex_of(digest) == document["digest"],
            found=hex_of(digest),
        )
    ]
    signers: list[str] = []
    for each in document["signatures"]:
        by = signer_of(digest, bytes.fromhex(each["signature"][2:]))
        found.append(
            Checked(
                what=f"{each['name']} signed with {each['account']}",
                holds=by == each["account"],
                found=by or "no signature",
            )
        )
        if by is not None and by not in signers:
            signers.append(by)
    duty = Duty[message["duty"]] if message["duty"] else None
    maker = message["maker"]
    found.append(
        Checked(what="its maker signed", holds=maker in signers, found=", ".join(signers) or "none")
    )
    if needs_two_persons(duty):
        others = [signer for signer in signers if signer != maker]
        found.append(
            Checked(
                what="somebody other than the maker approved",
                holds=bool(others),
                found=", ".join(others) or "nobody",
            )
        )
    if node is not None:
        found += _on_chain(document, message, signers, node)
    return found


def _on_chain(
    document: Mapping[str, Any], message: Mapping[str, Any], signers: list[str], node: Node
) -> list[Checked]:
    found = []
    block = document["block"]
    if message["account"] != message["maker"]:
        owners = Safe(node, message["account"]).owners(block).value
        entitled = [signer for signer in signers if signer in owners]
        found.append(
            Checked(
                what=f"those who signed own the account {message['account']}",
                holds=entitled == signers,
                found=", ".join(entitled) or "none of them",
            )
        )
    if document["tx"] is not None:
        receipt = node.receipt(document["tx"])
        found.append(
            Checked(
                what=f"the transaction {document['tx']} stands in block {block}",
                holds=receipt is not None and receipt.block == block,
                found="no receipt" if receipt is None else f"block {receipt.block}",
            )
        )
    if document["raw"] is not None:
        carried = message["data"][2:] in document["raw"]
        found.append(
            Checked(
                what="the transaction carries exactly the approved bytes",
                holds=carried and _hash_of(document["raw"]) == document["tx"],
                found=_hash_of(document["raw"]),
            )
        )
    return found


def _digest_of(typed: Mapping[str, Any]) -> bytes:
    """Computed by a library of others from the typed data alone: our own encoder made the hash that was signed."""
    signable = encode_typed_data(full_message=dict(typed))
    return keccak(b"\x19" + signable.version + signable.header + signable.body)


def _hash_of(raw: str) -> str:
    return hex_of(keccak(bytes.fromhex(raw[2:])))
