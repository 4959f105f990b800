"""Deployments: what stands where, one file per chain.

Written once by the deployment, read by everything else; a product is added when it is created. The file is replaced
as a whole, so a reader never sees half of it. It holds addresses and hashes only.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from genbo.chain.node import BlockUnknown, Node
from genbo.chain.whole_file import write_whole
from genbo.governance import Duty
from genbo.kernel import Address, Fault, ProductId, Reason, Refusal

FORMAT = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class SafeRecord:
    """One Safe account and what it was set up with."""

    address: Address
    owners: tuple[Address, ...]
    threshold: int
    duties: tuple[Duty, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenRecord:
    """The token of one product."""

    address: Address
    block: int
    """The block that created it: nothing of it is older."""
    code_hash: str
    """keccak256 of the running code with its immutables zero: which version it is."""
    documents: Address | None = None
    """The product's `DocumentRegistry`; None where it has none yet."""
    live_hash: str | None = None
    """Set when it was created by an earlier version of this package: keccak256 of its code as it stands."""
    acts: Address | None = None
    """What a token of an earlier version runs; None: what the deployment names."""
    services: Address | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Deployment:
    """Everything of ours on one chain."""

    chain_id: int
    first_block: int
    """Nothing of ours is older than this block; the cursor starts here."""
    first_block_hash: str
    """Tells two chains of the same id apart: a development chain that was started anew has another one."""
    duty_manager: Address
    platform: Address
    factory: Address
    acts: Address
    """The `TokenActs` that tokens run."""
    services: Address
    """The `TokenServices` that tokens run."""
    settlement: Address
    anchor: Address
    safe_singleton: Address
    safe_factory: Address
    safe_handler: Address
    safes: Mapping[str, SafeRecord]
    """By the name that the parameters give them."""
    operators: Mapping[Duty, tuple[Address, ...]]
    """Persons' own accounts, by the duty that one person holds."""
    code_hashes: Mapping[str, str]
    """Contract name to the hash of its running code, immutables zero."""
    tokens: Mapping[ProductId, TokenRecord] = field(default_factory=dict)
    disbursement: Address | None = None
    """Pays distributions in a yen token; None where it was deployed before there was one."""

    def safe_of(self, duty: Duty) -> SafeRecord:
        """The Safe that holds the duty; the first one where several do. Raises KeyError when none does."""
        for record in self.safes.values():
            if duty in record.duties:
                return record
        raise KeyError(duty.name)

    def token_of(self, product: ProductId) -> TokenRecord:
        """Raises Refusal(product_unknown)."""
        try:
            return self.tokens[product]
        except KeyError:
            raise Refusal(Reason.PRODUCT_UNKNOWN, product=product) from None

    def with_token(self, product: ProductId, token: TokenRecord) -> Deployment:
        return replace(self, tokens={**self.tokens, product: token})


def path_of(folder: Path, chain_id: int) -> Path:
    """The file of that chain in a deployments folder."""
    return folder / f"{chain_id}.json"


def save(deployment: Deployment, folder: Path) -> Path:
    """Writes the file of its chain, in one step; where it is."""
    path = path_of(folder, deployment.chain_id)
    write_whole(path, json.dumps(_to_json(deployment), indent=2, ensure_ascii=False) + "\n")
    return path


def load(folder: Path, chain_id: int) -> Deployment:
    """The deployment on that chain.

    Raises:
        Fault: `deployment_missing`, or `file_unreadable` when the file is not one that `save` wrote.
    """
    path = path_of(folder, chain_id)
    try:
        text = path.read_text("utf-8")
    except FileNotFoundError:
        raise Fault(Reason.DEPLOYMENT_MISSING, chain_id=chain_id, file=str(path)) from None
    except (OSError, UnicodeDecodeError) as error:
        problem = type(error).__name__
        raise Fault(Reason.FILE_UNREADABLE, file=str(path), problem=problem) from None
    try:
        deployment = _from_json(json.loads(text))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        problem = f"not a deployment ({type(error).__name__}: {error})"[:120]
        raise Fault(Reason.FILE_UNREADABLE, file=str(path), problem=problem) from None
    if deployment.chain_id != chain_id:
        raise Fault(Reason.CHAIN_MISMATCH, actual=chain_id, expected=deployment.chain_id)
    return deployment


def require_same_chain(deployment: Deployment, node: Node) -> None:
    """Nothing when the node serves the chain of the deployment.

    Raises:
        Fault: `chain_mismatch` when the chain id differs, or the block the deployment began in is not there.
    """
    if node.chain_id != deployment.chain_id:
        raise Fault(Reason.CHAIN_MISMATCH, actual=node.chain_id, expected=deployment.chain_id)
    try:
        found = node.stamp(deployment.first_block).hash
    except BlockUnknown:
        found = "no such block"
    if found != deployment.first_block_hash:
        raise Fault(
            Reason.CHAIN_MISMATCH,
            actual=f"{node.chain_id} (block {deployment.first_block}: {found[:18]})",
            expected=f"{deployment.chain_id} ({deployment.first_block_hash[:18]})",
        )


def _to_json(deployment: Deployment) -> dict[str, Any]:
    raw = asdict(deployment)
    raw["safes"] = {
        name: {
            "address": safe.address,
            "owners": list(safe.owners),
            "threshold": safe.threshold,
            "duties": [duty.name for duty in safe.duties],
        }
        for name, safe in deployment.safes.items()
    }
    raw["operators"] = {
        duty.name: list(accounts) for duty, accounts in deployment.operators.items()
    }
    raw["tokens"] = {product: asdict(token) for product, token in deployment.tokens.items()}
    return {"format": FORMAT, **raw}


def _from_json(raw: dict[str, Any]) -> Deployment:
    if raw.pop("format") != FORMAT:
        raise ValueError("another format")
    return Deployment(
        **{
            **raw,
            "safes": {
                name: SafeRecord(
                    address=safe["address"],
                    owners=tuple(safe["owners"]),
                    threshold=safe["threshold"],
                    duties=tuple(Duty[duty] for duty in safe["duties"]),
                )
                for name, safe in raw["safes"].items()
            },
            "operators": {
                Duty[duty]: tuple(accounts) for duty, accounts in raw["operators"].items()
            },
            "tokens": {product: TokenRecord(**token) for product, token in raw["tokens"].items()},
        }
    )
