"""The invariants that a live system can be asked about: 1, 2, 6 and 8 to 11 of `docs/invariants.md`.

Each check compares two accounts of one truth that were made in different ways: what the token contract answers at
a block, what the register has stored, and what a fresh fold of the ledger's events gives. A check returns its
finding either way, so that a report shows what was looked at, and not only what was wrong.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from genbo.kernel import Address, BlockStamp, ProductId, Units


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """One address as the token contract or the register sees it."""

    units: Units
    frozen: Units
    address_frozen: bool
    locked_until: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """Units arriving at an address, with the verdict that stood there at that moment."""

    address: Address
    at: datetime
    verified_until: datetime | None
    blocked: bool
    where: str
    """Block and log index, for the report."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SplitSums:
    """A split with the sum of all holdings just before and just after it."""

    factor: int
    before: int
    after: int
    announced_before: int
    announced_after: int
    where: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductAccounts:
    """Everything the checks compare, for one product at one block."""

    product: ProductId
    stamp: BlockStamp
    total_supply: int
    """What the token contract answers."""
    issued_less_redeemed: int
    """Sum over the ledger's issues, additional issues and re-creations less redemptions, splits applied."""
    chain: Mapping[Address, Account]
    """The token contract's answer for every address that ever appeared."""
    register: Mapping[Address, Account]
    """The stored positions."""
    lots: Mapping[Address, int]
    """Units in the stored open lots."""
    stored_digest: str
    """Digest of the stored derived rows."""
    replayed_digest: str
    """Digest of the rows that a fresh fold of the stored events gives."""
    rows_apart: tuple[str, ...] = ()
    """Where the two digests differ: some of the rows, with what is stored and what the events say."""
    receipts: tuple[Receipt, ...] = ()
    splits: tuple[SplitSums, ...] = ()
    rekeyed: tuple[tuple[Address, Account, Account], ...] = field(default=())
    """Per re-keying: the new address, the old account before it, the new account after it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What one check found for one product."""

    invariant: int
    sentence: str
    """The invariant in English, with its figures."""
    holds: bool
    product: ProductId | None
    """None: it is about the system as a whole."""
    evidence: tuple[str, ...] = ()
    """What broke it: addresses, blocks and figures; empty when it holds."""


_SHOWN = 5
"""A broken invariant names so many cases; the count says how many there are."""


def check_all(products: Iterable[ProductAccounts]) -> list[Finding]:
    """Invariants 1, 2, 8, 9 and 10 for each product, in that order."""
    return [
        check(accounts)
        for accounts in products
        for check in (conservation, replay, eligibility, restrictions, splits)
    ]


def conservation(accounts: ProductAccounts) -> Finding:
    """1. Sum of positions = sum of lots = issued - redeemed = totalSupply, and each position = its balance."""
    positions = sum(account.units for account in accounts.register.values())
    lots = sum(accounts.lots.values())
    wrong = [
        f"{name} {figure:,} is not totalSupply {accounts.total_supply:,}"
        for name, figure in (
            ("sum of positions", positions),
            ("sum of lots", lots),
            ("issued less redeemed", accounts.issued_less_redeemed),
            ("sum of balances", sum(account.units for account in accounts.chain.values())),
        )
        if figure != accounts.total_supply
    ]
    for address in sorted(accounts.chain.keys() | accounts.register.keys() | accounts.lots.keys()):
        held = _units(accounts.chain.get(address))
        kept = _units(accounts.register.get(address))
        in_lots = accounts.lots.get(address, 0)
        if not held == kept == in_lots:
            wrong.append(f"{address}: chain {held:,}, register {kept:,}, lots {in_lots:,}")
    holders = sum(1 for account in accounts.chain.values() if account.units)
    return _finding(
        accounts,
        1,
        f"Conservation: {holders:,} holders, positions = lots = issued - redeemed = totalSupply = "
        f"{accounts.total_supply:,} units",
        wrong,
    )


def replay(accounts: ProductAccounts) -> Finding:
    """2. The derived rows rebuilt from the first event are identical to those stored."""
    same = accounts.stored_digest == accounts.replayed_digest
    return _finding(
        accounts,
        2,
        f"Replay equality: derived rows rebuilt from events have the digest {accounts.replayed_digest[:16]}",
        []
        if same
        else [
            *accounts.rows_apart,
            f"stored {accounts.stored_digest}, rebuilt {accounts.replayed_digest}",
        ],
    )


def eligibility(accounts: ProductAccounts) -> Finding:
    """8. Every receipt went to an address whose verdict stood at that moment and was not "blocked"."""
    wrong = [
        f"{receipt.address} received at {receipt.where} with verdict until "
        f"{receipt.verified_until}{', blocked' if receipt.blocked else ''}"
        for receipt in accounts.receipts
        if receipt.blocked or receipt.verified_until is None or receipt.at >= receipt.verified_until
    ]
    return _finding(
        accounts,
        8,
        f"Only eligible holders: {len(accounts.receipts):,} receipts, each under a standing verdict",
        wrong,
    )


def restrictions(accounts: ProductAccounts) -> Finding:
    """9. Freezes and lock-ups are the same on the chain and in the register, and re-keying shed none."""
    wrong = []
    for address in sorted(accounts.chain.keys() | accounts.register.keys()):
        there, here = accounts.chain.get(address), accounts.register.get(address)
        if there is not None and here is not None and _restricted(there) != _restricted(here):
            wrong.append(f"{address}: chain {_restricted(there)}, register {_restricted(here)}")
        elif here is None and there is not None and (there.frozen or there.address_frozen):
            wrong.append(f"{address}: frozen on the chain, unknown to the register")
    for address, before, after in accounts.rekeyed:
        shed = (
            after.frozen < before.frozen
            or (before.address_frozen and not after.address_frozen)
            or _instant(after.locked_until) < _instant(before.locked_until)
        )
        if shed or after.units != before.units:
            wrong.append(
                f"re-keying to {address}: {_restricted(before)} became {_restricted(after)}"
            )
    frozen = sum(
        1 for account in accounts.chain.values() if account.frozen or account.address_frozen
    )
    return _finding(
        accounts,
        9,
        f"Restrictions survive movement: {frozen:,} frozen addresses and {len(accounts.rekeyed):,} "
        "re-keyings agree with the chain",
        wrong,
    )


def splits(accounts: ProductAccounts) -> Finding:
    """10. Each split multiplied the sum of all holdings by exactly its factor."""
    wrong = [
        f"split at {split.where}: {split.before:,} became {split.after:,}, announced "
        f"{split.announced_before:,} to {split.announced_after:,}, factor {split.factor}"
        for split in accounts.splits
        if not (
            split.before == split.announced_before
            and split.after == split.announced_after == split.before * split.factor
        )
    ]
    return _finding(
        accounts, 10, f"Splits conserve: {len(accounts.splits):,} splits, exact to the unit", wrong
    )


def audit_chain(*, entries: int, anchored_through: int, wrong: Sequence[str]) -> Finding:
    """6. Every entry of the audit chain holds the hash of the one before it, and the rows are those it vouches for.

    Args:
        entries: how many fit.
        anchored_through: the last entry that an anchored day covers.
        wrong: what does not fit, the first one first.
    """
    return judged(
        None,
        6,
        f"Audit chain: {entries:,} entries recomputed and compared with their rows, anchored up to "
        f"entry {anchored_through:,}",
        wrong,
    )


def visibility(*, tables: int, policies: int, wrong: Sequence[str]) -> Finding:
    """11. The database itself lets an institution see its products and its customers, and nothing else.

    Args:
        tables: how many there are; all are under row-level security.
        policies: how many of them show an institution something.
        wrong: what is other than was decided.
    """
    return judged(
        None,
        11,
        f"Visibility: {tables:,} tables under row-level security, {policies:,} of them with a policy "
        "that shows an institution its own rows",
        wrong,
    )


def _finding(accounts: ProductAccounts, number: int, sentence: str, wrong: list[str]) -> Finding:
    return judged(accounts.product, number, sentence, wrong)


def judged(product: ProductId | None, number: int, sentence: str, wrong: Sequence[str]) -> Finding:
    """A finding with the first of what is wrong, and how much there is.

    Args:
        product: None when it is about the system as a whole.
    """
    shown = list(wrong[:_SHOWN])
    if len(wrong) > _SHOWN:
        shown.append(f"and {len(wrong) - _SHOWN:,} more")
    return Finding(
        invariant=number,
        sentence=sentence,
        holds=not wrong,
        product=product,
        evidence=tuple(shown),
    )


def _units(account: Account | None) -> int:
    return 0 if account is None else int(account.units)


def _restricted(account: Account) -> tuple[int, bool, str]:
    until = "-" if account.locked_until is None else account.locked_until.isoformat()
    return int(account.frozen), account.address_frozen, until


def _instant(at: datetime | None) -> float:
    return 0.0 if at is None else at.timestamp()
