"""ProductState: everything of a product that its successor must carry, read at one block.

Nobody hands in a list of holders. The addresses, the days on which units were acquired and the re-keyings are folded
from the token's own events, from its first block on; each address's word is then asked at the block of the snapshot,
pending splits applied, and must say what the fold says.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from genbo.chain import artifacts
from genbo.chain.contracts.document_registry import DocumentRegistry
from genbo.chain.contracts.holder_limit_rule import HolderLimitRule
from genbo.chain.contracts.holding_limit_rule import HoldingLimitRule
from genbo.chain.contracts.security_token import SecurityToken
from genbo.chain.contracts.token_services import Hold, HoldState, TokenServices
from genbo.chain.cursor import SPAN, logs_between
from genbo.chain.decode import Decoder
from genbo.chain.deployments import TokenRecord
from genbo.chain.hexes import address_bytes, address_of
from genbo.chain.node import At, Node, RawLog
from genbo.kernel import (
    MAX_UNITS,
    ZERO_ADDRESS,
    Address,
    BlockStamp,
    Digest,
    Fault,
    ProductId,
    Reason,
    Reference,
    from_bytes32,
)
from genbo.register import LedgerEvent, Line, RegisterFold, UnitsMoved, UnitsSplit, lines
from genbo.token import AccountWord, ControlWord, LedgerTerms, MovementKind, Supply
from genbo.token.control_word import COUNT_HOLDERS

_MANY = 500
"""Questions and headers asked for at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """The extra rule of a product, by what it says instead of where it stands."""

    kind: str
    """The contract's name; its address where it is none that this package ships."""
    most: int
    """The limit in today's units or holders; 0 where it is unknown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """A document of the product."""

    name: str
    uri: str
    digest: Digest


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductState:
    """One product at one block."""

    product: ProductId
    token: Address
    stamp: BlockStamp
    name: str
    symbol: str
    terms_digest: Digest
    initial_beneficiary: Address | None
    supply: Supply
    control: ControlWord
    rule: Rule | None
    holder_count: int
    """Zero where holders are not counted."""
    accounts: Mapping[Address, AccountWord]
    """Every address that ever had anything to do with the product; in today's units, epoch 0. Of a retired address
    only that it is retired: nothing else of it means anything any more."""
    lines: tuple[Line, ...]
    """Units by address and day acquired (取得日), as the register prints them."""
    rekeyed: tuple[tuple[Address, Address], ...]
    """Old and new address of every re-keying, in ledger order."""
    standing: Mapping[Reference, Hold]
    """The holds that were neither delivered nor released."""
    keeps_papers: bool
    """Whether it has a registry of documents, empty or not."""
    papers: tuple[Paper, ...]
    refs: frozenset[Reference]
    """References that its movements carry."""

    @property
    def counts_holders(self) -> bool:
        return self.control.has(COUNT_HOLDERS)

    def terms(self, product: ProductId, *, group: str, permitted_classes: int) -> LedgerTerms:
        """The terms with which a token of these terms is created anew."""
        return LedgerTerms(
            product_id=product,
            name=self.name,
            symbol=self.symbol,
            legal_category=self.supply.legal_category,
            terms_digest=self.terms_digest,
            transfer_control_id=group,
            initial_beneficiary=self.initial_beneficiary or ZERO_ADDRESS,
            authorised_cap=self.supply.cap,
            redemption_date=self.supply.redemption_date,
            permitted_classes=permitted_classes,
        )

    def facts(self) -> dict[str, Any]:
        """What a successor must have too, as plain values by name; the same for equal products."""
        return {
            "name": self.name,
            "symbol": self.symbol,
            "terms digest": self.terms_digest,
            "initial beneficiary": self.initial_beneficiary,
            "total issued": int(self.supply.total),
            "authorised cap": int(self.supply.cap),
            "redemption date": self.supply.redemption_date,
            "legal category": self.supply.legal_category,
            "product lock-up": self.control.product_lock_up_until,
            "permitted classes": self.control.permitted_classes,
            "holders counted": self.holder_count if self.counts_holders else None,
            "rule": None if self.rule is None else [self.rule.kind, self.rule.most],
            "registry of documents": self.keeps_papers,
            **{f"document {paper.name}": [paper.uri, paper.digest] for paper in self.papers},
            **{
                f"account {address}": f"0x{word.pack():064x}"
                for address, word in sorted(self.accounts.items())
                if word != AccountWord()
            },
            **{
                f"units of {line.address} acquired {line.acquired}": int(line.units)
                for line in self.lines
            },
        }

    def digest(self) -> Digest:
        """SHA-256 over the facts as JSON, keys sorted, no spaces, UTF-8: equal products, equal digests."""
        text = json.dumps(self.facts(), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return Digest("0x" + hashlib.sha256(text.encode()).hexdigest())


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One fact in which two products differ."""

    what: str
    expected: str
    actual: str

    def __str__(self) -> str:
        return f"{self.what}: expected {self.expected}, found {self.actual}"


def differences(expected: ProductState, actual: ProductState) -> list[Difference]:
    """Every fact, holder by holder and day by day, in which `actual` is not as `expected`."""
    wanted, found = expected.facts(), actual.facts()
    return [
        Difference(what=what, expected=str(wanted.get(what)), actual=str(found.get(what)))
        for what in sorted(wanted.keys() | found.keys())
        if wanted.get(what) != found.get(what)
    ]


def read_state(node: Node, record: TokenRecord, product: ProductId, at: At = None) -> ProductState:
    """The product after that block.

    Raises:
        Fault: `invariant_broken` when the words on the ledger are not what its events come to; `node_unreachable`.
    """
    stamp = node.stamp(at)
    token = SecurityToken(node, record.address)
    events, logs = _history(node, record, product, stamp)
    fold = RegisterFold()
    for event in events:
        fold.apply(event)
    accounts = _accounts(token, fold, product, logs, stamp)
    control = token.control(stamp).value
    factor = token.split_factor(stamp).value
    return ProductState(
        product=product,
        token=record.address,
        stamp=stamp,
        name=token.name(stamp).value,
        symbol=token.symbol(stamp).value,
        terms_digest=token.terms_digest(stamp).value,
        initial_beneficiary=token.initial_beneficiary(stamp).value,
        supply=token.supply(stamp).value,
        control=control,
        rule=_rule(node, control, factor, stamp),
        holder_count=token.holder_count(stamp).value,
        accounts=accounts,
        lines=tuple(lines(fold.lots(product))),
        rekeyed=tuple(_rekeyed(events)),
        standing=_standing(node, record.address, logs, stamp),
        keeps_papers=record.documents is not None,
        papers=tuple(_papers(node, record.documents, stamp)),
        refs=frozenset(
            event.ref
            for event in events
            if isinstance(event, UnitsMoved | UnitsSplit) and event.ref is not None
        ),
    )


# From the events ------------------------------------------------------------------------------------


def _history(
    node: Node, record: TokenRecord, product: ProductId, stamp: BlockStamp
) -> tuple[list[LedgerEvent], list[RawLog]]:
    logs: list[RawLog] = []
    for first in range(record.block, stamp.number + 1, SPAN):
        last = min(first + SPAN - 1, stamp.number)
        logs += logs_between(node, [record.address], first, last)
    stamps: dict[int, BlockStamp] = {}
    for some in _parts(sorted({log.block for log in logs} | {stamp.number})):
        stamps.update({header.stamp.number: header.stamp for header in node.headers(some)})
    moved = stamps[stamp.number] != stamp
    if moved or any(stamps[log.block].hash != log.block_hash for log in logs):
        raise Fault(Reason.NODE_UNREACHABLE, problem="the chain changed while it was read")
    return Decoder({record.address: product}).decode(logs, stamps), logs


def _rekeyed(events: Iterable[LedgerEvent]) -> Iterator[tuple[Address, Address]]:
    for event in events:
        if isinstance(event, UnitsMoved) and event.kind is MovementKind.REKEY:
            assert event.source is not None
            assert event.target is not None
            yield event.source, event.target


def _accounts(
    token: SecurityToken,
    fold: RegisterFold,
    product: ProductId,
    logs: Iterable[RawLog],
    stamp: BlockStamp,
) -> dict[Address, AccountWord]:
    """The words of all addresses that events name, compared with what the events come to."""
    own = token.interface().event("OwnAccountSet").topic
    named = {position.address for position in fold.positions(product)}
    named |= {address_of(log.topics[1][12:]) for log in logs if log.topics[:1] == (own,)}
    named.discard(ZERO_ADDRESS)
    found: dict[Address, AccountWord] = {}
    for some in _parts(sorted(named)):
        for address, word in zip(some, token.accounts(some, stamp).value, strict=True):
            position = fold.position(product, address)
            units, frozen = (0, 0) if position is None else (position.units, position.frozen)
            if (word.balance, word.frozen) != (units, frozen):
                raise Fault(
                    Reason.INVARIANT_BROKEN,
                    product=product,
                    problem=f"{address} holds {word.balance} ({word.frozen} frozen), its events say "
                    f"{units} ({frozen})",
                )
            found[address] = AccountWord(retired=True) if word.retired else replace(word, epoch=0)
    return found


def _standing(
    node: Node, token: Address, logs: Iterable[RawLog], stamp: BlockStamp
) -> dict[Reference, Hold]:
    services = TokenServices(node, token)
    created = services.interface().event("HoldCreated").topic
    refs = [Reference(from_bytes32(log.topics[1])) for log in logs if log.topics[:1] == (created,)]
    holds = {ref: services.hold(ref, stamp).value for ref in refs}
    return {ref: hold for ref, hold in holds.items() if hold.state is HoldState.STANDING}


# Beside the token -----------------------------------------------------------------------------------


def _rule(node: Node, control: ControlWord, factor: int, stamp: BlockStamp) -> Rule | None:
    if int(control.rule, 16) == 0:
        return None
    address = address_of(address_bytes(control.rule))
    code = node.code(address, stamp).value
    if _is(HolderLimitRule.ARTIFACT, code):
        most = HolderLimitRule(node, address).most(stamp).value
        return Rule(kind=HolderLimitRule.ARTIFACT, most=most)
    if _is(HoldingLimitRule.ARTIFACT, code):
        most = HoldingLimitRule(node, address).most(stamp).value * factor
        return Rule(kind=HoldingLimitRule.ARTIFACT, most=min(most, MAX_UNITS))
    return Rule(kind=address, most=0)


def _is(name: str, code: bytes) -> bool:
    artifact = artifacts.load(name)
    return artifact.masked(code) == artifact.masked(artifact.running_code)


def _papers(node: Node, registry: Address | None, stamp: BlockStamp) -> Iterator[Paper]:
    if registry is None:
        return
    documents = DocumentRegistry(node, registry)
    for name in sorted(documents.names(stamp).value):
        document = documents.document(name, stamp).value
        if document is not None:
            yield Paper(name=name, uri=document.uri, digest=document.digest)


def _parts(items: Sequence[Any]) -> Iterator[Sequence[Any]]:
    for first in range(0, len(items), _MANY):
        yield items[first : first + _MANY]
