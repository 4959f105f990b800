"""TokenLedger: a ledger of one product for tests, made of the reference model and the events that
the contract would emit.

Every act goes through `TokenModel` first, so a test cannot write a history that the contract would
have refused. Events stand in the order of the contract's logs: a seizure's `Frozen` before its
`Transfer`, a re-keying's two `Frozen` before its `Transfer`.
"""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

from genbo.kernel import (
    Address,
    BlockStamp,
    Digest,
    ProductId,
    Reference,
    Units,
    business_date,
)
from genbo.register.model import (
    AddressFrozen,
    LedgerEvent,
    LockUpSet,
    LogPosition,
    UnitsFrozen,
    UnitsMoved,
    UnitsSplit,
    VerdictGiven,
)
from genbo.token.act import Act
from genbo.token.model import TokenModel
from genbo.token.movement import MovementKind

CHAIN_ID = 1337
CLASS = 1
EVIDENCE = Digest("0x" + "ee" * 32)
FOREVER = 2**32 - 1


def an_address(number: int) -> Address:
    """A test address; the same number is the same address."""
    return Address(f"0x{number:040x}")


def a_hash(*words: object) -> str:
    """A hash that is the same for the same words."""
    return "0x" + hashlib.sha256(repr(words).encode()).hexdigest()


class TokenLedger:
    """One product's ledger. Every act is a transaction in a block of its own."""

    def __init__(
        self,
        *,
        at: datetime,
        product: str = "P1",
        beneficiary: Address,
        cap: int = 10_000_000,
        redemption: datetime | None = None,
    ) -> None:
        self.product = ProductId(product)
        self.beneficiary = beneficiary
        self.now = at
        self.events: list[LedgerEvent] = []
        self.token = TokenModel(
            legal_category=101,
            terms_digest=EVIDENCE,
            initial_beneficiary=beneficiary,
            authorised_cap=cap,
            redemption_date=int((redemption or at).timestamp()),
            permitted_classes=1 << CLASS,
        )
        self._block = 0
        self._log_index = 0

    # ---------------------------------------------------------------------------------- the acts

    def verify(
        self, *accounts: Address, until: datetime | None = None, blocked: bool = False
    ) -> None:
        """A verdict; without `until` one that does not run out within any test."""
        seconds = FOREVER if until is None else int(until.timestamp())
        self.token.set_verdict(
            accounts=accounts, until=seconds, investor_class=CLASS, blocked=blocked
        )
        self._begin()
        self.events.append(
            VerdictGiven(
                product=self.product,
                position=self._position(),
                addresses=accounts,
                until=datetime.fromtimestamp(seconds, self.now.tzinfo),
                investor_class=CLASS,
                blocked=blocked,
            )
        )

    def issue(
        self, units: Mapping[Address, int] | int, *, ref: str, delivery: date | None = None
    ) -> None:
        """Issue or additional issue; a number goes to the initial beneficiary."""
        rows = {self.beneficiary: units} if isinstance(units, int) else units
        first = not self.token.supply.ever_issued
        self.token.issue(
            recipients=list(rows), units=list(rows.values()), act=self._act(ref), now=self._seconds
        )
        self._begin()
        kind = MovementKind.ISSUE if first else MovementKind.ADDITIONAL_ISSUE
        for recipient, amount in rows.items():
            self._moved(kind, None, recipient, amount, ref, delivery)

    def distribute(self, units: Mapping[Address, int], *, ref: str) -> None:
        """From the initial beneficiary to investors."""
        source = self.token.initial_beneficiary
        self.token.distribute(
            recipients=list(units),
            units=list(units.values()),
            ref=Reference(ref),
            now=self._seconds,
        )
        self._begin()
        for recipient, amount in units.items():
            self._moved(MovementKind.DISTRIBUTE, source, recipient, amount, ref)

    def transfer(
        self, sender: Address, recipient: Address, units: int, *, ref: str | None = None
    ) -> None:
        """An ordinary transfer, with or without a reference on the record."""
        self.token.transfer(sender=sender, recipient=recipient, units=units, now=self._seconds)
        self._begin()
        self._moved(MovementKind.TRANSFER, sender, recipient, units, ref)

    def redeem(self, units: Mapping[Address, int], *, ref: str) -> None:
        """Units are extinguished."""
        frozen = {holder: self.token.account(holder).frozen for holder in units}
        self.token.redeem(
            holders=list(units), units=list(units.values()), act=self._act(ref), now=self._seconds
        )
        self._begin()
        for holder, amount in units.items():
            self._seized(holder, frozen[holder])
            self._moved(MovementKind.REDEEM, holder, None, amount, ref)

    def redeem_all(self, holders: Sequence[Address], *, ref: str) -> None:
        """All units of the holders; an empty holder has a log of zero units."""
        before = {holder: self.token.account(holder) for holder in holders}
        self.token.redeem_all(holders=holders, act=self._act(ref), now=self._seconds)
        self._begin()
        for holder, word in before.items():
            self._seized(holder, word.frozen)
            self._moved(MovementKind.REDEEM, holder, None, word.balance, ref)

    def split(self, factor: int, *, ref: str) -> None:
        """Every unit becomes `factor` units."""
        before = self.token.supply.total
        self.token.split(factor=factor, epoch=self.token.control.epoch, act=self._act(ref))
        self._begin()
        self.events.append(
            UnitsSplit(
                product=self.product,
                position=self._position(),
                factor=factor,
                epoch=self.token.control.epoch,
                total_before=Units(before),
                total_after=Units(self.token.supply.total),
                delivery_date=business_date(self.now),
                ref=Reference(ref),
            )
        )

    def freeze(self, account: Address, units: int) -> None:
        """The frozen units are `units` from here on."""
        self.token.set_frozen_tokens(account=account, units=units)
        self._begin()
        self._frozen(account)

    def freeze_address(self, account: Address, frozen: bool = True) -> None:
        """The whole address."""
        self.token.set_address_frozen(account=account, frozen=frozen)
        self._begin()
        self.events.append(
            AddressFrozen(
                product=self.product, position=self._position(), address=account, frozen=frozen
            )
        )

    def lock_up(self, account: Address, until: datetime | None) -> None:
        """The holder may not send before `until`."""
        seconds = 0 if until is None else int(until.timestamp())
        self.token.set_lock_up(account=account, until=seconds)
        self._begin()
        self.events.append(
            LockUpSet(product=self.product, position=self._position(), address=account, until=until)
        )

    def force(self, sender: Address, recipient: Address, units: int, *, ref: str) -> None:
        """Forced transfer."""
        frozen = self.token.account(sender).frozen
        self.token.forced_transfer(
            sender=sender,
            recipient=recipient,
            units=units,
            act=self._act(ref),
            now=self._seconds,
        )
        self._begin()
        self._seized(sender, frozen)
        self._moved(MovementKind.FORCED, sender, recipient, units, ref)

    def reverse(
        self, original: str, sender: Address, recipient: Address, units: int, *, ref: str
    ) -> None:
        """Reverse transfer of the trade `original`."""
        frozen = self.token.account(sender).frozen
        self.token.reverse_transfer(
            original_ref=Reference(original),
            sender=sender,
            recipient=recipient,
            units=units,
            act=self._act(ref),
            now=self._seconds,
        )
        self._begin()
        self._seized(sender, frozen)
        self._moved(MovementKind.REVERSE, sender, recipient, units, ref, reverses=original)

    def redistribute(self, lost: Address, recipient: Address, units: int, *, incident: str) -> None:
        """Redistribution of units that still stand at `lost`."""
        frozen = self.token.account(lost).frozen
        self.token.redistribute(
            lost=lost,
            recipient=recipient,
            units=units,
            incident=Reference(incident),
            evidence=EVIDENCE,
            now=self._seconds,
        )
        self._begin()
        self._seized(lost, frozen)
        self._moved(MovementKind.REDISTRIBUTE, lost, recipient, units, incident)

    def redistribute_burned(
        self, burn: str, recipient: Address, units: int, *, incident: str
    ) -> None:
        """Redistribution of units that `burn` destroyed."""
        self.token.redistribute_burned(
            burn_ref=Reference(burn),
            recipient=recipient,
            units=units,
            incident=Reference(incident),
            evidence=EVIDENCE,
            now=self._seconds,
        )
        self._begin()
        self._moved(MovementKind.REDISTRIBUTE, None, recipient, units, incident, reverses=burn)

    def rekey(self, old: Address, new: Address, *, ref: str) -> None:
        """The holder's key changes."""
        word = self.token.account(old)
        self.token.recovery_address(old=old, new=new, act=self._act(ref))
        self._begin()
        if word.frozen:
            self._frozen(old)
            self._frozen(new)
        self._moved(MovementKind.REKEY, old, new, word.balance, ref)

    # ------------------------------------------------------------------------------------ inside

    @property
    def _seconds(self) -> int:
        return int(self.now.timestamp())

    def _act(self, ref: str) -> Act:
        return Act(ref=Reference(ref), evidence=EVIDENCE)

    def _begin(self) -> None:
        """A new block, whose first log is never number 0 in a real one either."""
        self._block += 1
        self._log_index = 0

    def _position(self) -> LogPosition:
        self._log_index += 1
        stamp = BlockStamp(
            chain_id=CHAIN_ID,
            number=self._block,
            hash=a_hash("block", self._block),
            at=self.now,
        )
        return LogPosition(stamp=stamp, log_index=self._log_index, tx=a_hash("tx", self._block))

    def _frozen(self, account: Address) -> None:
        self.events.append(
            UnitsFrozen(
                product=self.product,
                position=self._position(),
                address=account,
                units=Units(self.token.account(account).frozen),
            )
        )

    def _seized(self, account: Address, frozen_before: int) -> None:
        if self.token.account(account).frozen != frozen_before:
            self._frozen(account)

    def _moved(
        self,
        kind: MovementKind,
        source: Address | None,
        target: Address | None,
        units: int,
        ref: str | None,
        delivery: date | None = None,
        *,
        reverses: str | None = None,
    ) -> None:
        self.events.append(
            UnitsMoved(
                product=self.product,
                position=self._position(),
                kind=kind,
                source=source,
                target=target,
                units=Units(units),
                delivery_date=delivery or business_date(self.now),
                ref=None if ref is None else Reference(ref),
                evidence=None if ref is None else EVIDENCE,
                reverses=None if reverses is None else Reference(reverses),
            )
        )

    def tomorrow(self, days: int = 1) -> None:
        """Time passes."""
        self.now += timedelta(days=days)
