"""Disbursement: distributions paid in a yen token (電子決済手段による支払), on a payee list that is anchored."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from genbo.chain.call import Call
from genbo.chain.contracts.base import Contract, as_address
from genbo.chain.contracts.encoding import yyyymmdd
from genbo.chain.contracts.managed import Managed
from genbo.chain.hexes import address_of, bytes_of
from genbo.chain.node import At, Pinned
from genbo.kernel import Address, Digest, to_bytes32


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentOrder:
    """What all lines of a batch share."""

    run: str
    record_day: date
    root: Digest
    """Root of the payee list, as it is anchored."""
    cash: Address
    payer: Address


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenPayment:
    """One line of the payee list."""

    line: int
    payee: Address
    yen: int
    """Whole yen, whatever the decimals of the yen token."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentEvent(TokenPayment):
    """What the ledger says of a line."""

    paid: bool
    """False: the yen token refused the payee, and the line is owed as before."""
    tx: Digest
    block: int


class Disbursement(Managed):
    """The payments of one deployment."""

    __slots__ = ()
    ARTIFACT: ClassVar[str] = "Disbursement"

    def anchor(self, at: At = None) -> Pinned[Address]:
        """Where the payee lists are anchored."""
        read = self._read("anchor", at=at)
        return Pinned(as_address(read.value[0]), read.stamp)

    def settlement(self, at: At = None) -> Pinned[Address]:
        """Whose list of yen tokens counts."""
        read = self._read("settlement", at=at)
        return Pinned(as_address(read.value[0]), read.stamp)

    def is_paid(self, run: str, line: int, at: At = None) -> Pinned[bool]:
        read = self._read("isPaid", to_bytes32(run), line, at=at)
        return Pinned(bool(read.value[0]), read.stamp)

    def pay(self, order: PaymentOrder, payments: Sequence[TokenPayment]) -> Call:
        """ISSUER: the lines, ascending, each once for ever."""
        yen = sum(each.yen for each in payments)
        words = (
            to_bytes32(order.run),
            yyyymmdd(order.record_day),
            bytes_of(order.root),
            order.cash,
            order.payer,
        )
        return self._write(
            f"pay {len(payments):,} lines of {order.run} in a yen token, {yen:,} yen",
            "pay",
            words,
            [(each.line, each.payee, each.yen) for each in payments],
        )

    def of_run(self, run: str, *, first: int, last: int) -> list[PaymentEvent]:
        """What the blocks `first` to `last` say of the lines of a run, in ledger order."""
        interface = self.interface()
        paid, aside = interface.event("LinePaid").topic, interface.event("LinePutAside").topic
        return [
            PaymentEvent(
                line=int.from_bytes(log.topics[2]),
                payee=address_of(log.topics[3][12:]),
                yen=int.from_bytes(log.data),
                paid=log.topics[0] == paid,
                tx=Digest(log.tx),
                block=log.block,
            )
            for log in self.node.logs(
                addresses=[self.address],
                topics=[[paid, aside], [to_bytes32(run)]],
                first=first,
                last=last,
            )
        ]


class YenToken(Contract):
    """Any yen token on the chain, as far as ERC-20 goes."""

    __slots__ = ()
    ARTIFACT: ClassVar[str] = "SecurityToken"  # which answers to ERC-20 as every yen token does

    def decimals(self, at: At = None) -> Pinned[int]:
        read = self._read("decimals", at=at)
        return Pinned(int(read.value[0]), read.stamp)

    def balance_of(self, account: Address, at: At = None) -> Pinned[int]:
        """In its smallest unit."""
        read = self._read("balanceOf", account, at=at)
        return Pinned(int(read.value[0]), read.stamp)

    def allowance(self, owner: Address, spender: Address, at: At = None) -> Pinned[int]:
        """In its smallest unit."""
        read = self._read("allowance", owner, spender, at=at)
        return Pinned(int(read.value[0]), read.stamp)
