"""Settlement: delivery versus payment (資金証券同時決済), on what both sides signed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from genbo.chain.call import Call
from genbo.chain.contracts.encoding import seconds
from genbo.chain.contracts.managed import Managed
from genbo.chain.hexes import ZERO_ADDRESS
from genbo.chain.node import At, Pinned
from genbo.kernel import Address, Reference, to_bytes32


@dataclass(frozen=True, slots=True, kw_only=True)
class Trade:
    """What seller and buyer both sign."""

    trade_id: Reference
    """取引ID, on the record of the delivery."""
    token: Address
    seller: Address
    buyer: Address
    units: int
    cash: Address | None
    """The yen token; None means bank money."""
    amount: int
    """In the smallest unit of `cash`; whole yen where it is bank money."""
    agent: Address | None
    """Who confirms bank money; None where cash is a token."""
    nonce: int
    """The seller's number for this trade: used once, in any order."""
    deadline: datetime
    """The last second at which it may settle or be instructed; a hold for it expires then."""

    def words(self) -> tuple[object, ...]:
        """The struct `Trade` of `ISettlement.sol`."""
        return (
            to_bytes32(self.trade_id),
            self.token,
            self.seller,
            self.buyer,
            self.units,
            self.cash or ZERO_ADDRESS,
            self.amount,
            self.agent or ZERO_ADDRESS,
            self.nonce,
            seconds(self.deadline),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Net:
    """One party's position in a batch."""

    units: int
    """Received where positive, delivered where negative."""
    amount: int
    """Received where positive, paid where negative."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NetBatch:
    """Many trades of one token, netted to one position a party. Every party signs it."""

    batch_id: Reference
    token: Address
    cash: Address
    parties: Mapping[Address, Net]
    """Units sum to zero, and so do amounts; the contract refuses anything else."""
    nonce: int
    """A number of the party whose address is lowest: used once."""
    deadline: datetime

    @property
    def participants(self) -> list[Address]:
        """Every party once, ascending by address, as the contract wants them."""
        return sorted(self.parties, key=lambda address: int(address, 16))

    def words(self) -> tuple[object, ...]:
        """The struct `NetBatch` of `ISettlement.sol`."""
        order = self.participants
        return (
            to_bytes32(self.batch_id),
            self.token,
            self.cash,
            order,
            [self.parties[party].units for party in order],
            [self.parties[party].amount for party in order],
            self.nonce,
            seconds(self.deadline),
        )


class Settlement(Managed):
    """The settlement contract of one deployment."""

    __slots__ = ()
    ARTIFACT: ClassVar[str] = "Settlement"

    # Reads.

    def is_cash_allowed(self, cash: Address, at: At = None) -> Pinned[bool]:
        read = self._read("isCashAllowed", cash, at=at)
        return Pinned(bool(read.value[0]), read.stamp)

    def is_nonce_used(self, owner: Address, nonce: int, at: At = None) -> Pinned[bool]:
        """Whether a trade of that number settled, or was made void."""
        read = self._read("isNonceUsed", owner, nonce, at=at)
        return Pinned(bool(read.value[0]), read.stamp)

    def trade_digest(self, trade: Trade, at: At = None) -> Pinned[bytes]:
        """What seller and buyer sign, as the contract computes it; `signing` computes it without asking."""
        read = self._read("tradeDigest", trade.words(), at=at)
        return Pinned(bytes(read.value[0]), read.stamp)

    def batch_digest(self, batch: NetBatch, at: At = None) -> Pinned[bytes]:
        read = self._read("batchDigest", batch.words(), at=at)
        return Pinned(bytes(read.value[0]), read.stamp)

    # Anybody, with what the parties signed.

    def settle(self, trade: Trade, *, seller: bytes, buyer: bytes) -> Call:
        """Units and yen change hands in one transaction, or neither does. `seller`, `buyer`: their signatures."""
        what = f"settle {trade.units:,} for {trade.amount:,} ({trade.trade_id})"
        return self._write(what, "settle", trade.words(), seller, buyer)

    def settle_net(self, batch: NetBatch, signatures: Mapping[Address, bytes]) -> Call:
        """Each party moves its net only. `signatures`: every party's."""
        ordered: Sequence[bytes] = [signatures[party] for party in batch.participants]
        what = f"settle {len(ordered)} net positions ({batch.batch_id})"
        return self._write(what, "settleNet", batch.words(), ordered)

    def instruct(self, trade: Trade, *, seller: bytes, buyer: bytes) -> Call:
        """Bank money: holds the units in the seller's account until the agent confirms or the deadline passes."""
        what = f"instruct {trade.units:,} for {trade.amount:,} of bank money ({trade.trade_id})"
        return self._write(what, "instruct", trade.words(), seller, buyer)

    # The agent of a trade.

    def confirm_payment(self, token: Address, trade_id: Reference, payment: Reference) -> Call:
        """The money is there (`payment` names it): delivers."""
        what = f"confirm the payment of {trade_id}"
        return self._write(
            what, "confirmPayment", token, to_bytes32(trade_id), to_bytes32(payment)
        )

    def abort(self, token: Address, trade_id: Reference) -> Call:
        """The money will not come: releases the units before the deadline."""
        return self._write(f"abort {trade_id}", "abort", token, to_bytes32(trade_id))

    # Either party alone.

    def cancel_nonce(self, nonce: int) -> Call:
        """Makes the caller's own number void: nothing signed with it settles any more."""
        return self._write(f"cancel the nonce {nonce}", "cancelNonce", nonce)

    def cancel_trade(self, digest: bytes) -> Call:
        """Withdraws the caller from a trade or batch that has not settled, by what was signed."""
        return self._write(f"withdraw from 0x{digest.hex()[:16]}", "cancelTrade", digest)

    # CASH_ADMIN.

    def allow_cash(self, cash: Address, *, allowed: bool) -> Call:
        verb = "allow" if allowed else "disallow"
        return self._write(f"{verb} the yen token {cash}", "allowCash", cash, allowed)
