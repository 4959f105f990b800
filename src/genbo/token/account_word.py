"""AccountWord: everything a transfer must know about one account, as the contract keeps it in one
word.

The layout is that of `contracts/token/AccountWord.sol`; a test packs and unpacks it bit by bit.
"""

from dataclasses import dataclass, replace

from genbo.kernel import MAX_UNITS

_TIME = 2**32 - 1
_FROZEN_SHIFT = 80
_VERIFIED_SHIFT = 160
_LOCK_UP_SHIFT = 192
_BLOCKED_TO_SEND = 1 << 224
_BLOCKED_TO_RECEIVE = 1 << 225
_ADDRESS_FROZEN = 1 << 226
_OWN_ACCOUNT = 1 << 227
_CLASS_SHIFT = 228
_RETIRED = 1 << 233
_EPOCH_SHIFT = 240

MAX_CLASS = 31
"""The highest investor class an account word can name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountWord:
    """One account of one product. A word of zeros is an account nobody has dealt with yet."""

    balance: int = 0
    """Whole units."""
    frozen: int = 0
    """Units under a partial freeze or a hold; may exceed the balance."""
    verified_until: int = 0
    """First UTC second at which the verdict no longer holds; 0 when none was given."""
    lock_up_until: int = 0
    """First UTC second at which the holder may send again."""
    blocked_to_send: bool = False
    blocked_to_receive: bool = False
    address_frozen: bool = False
    """The whole address is frozen by order. A renewed verdict never lifts it."""
    own_account: bool = False
    """自己口: a firm's own holding, never mixed with customers' (R-PROGMAT-T8.4)."""
    investor_class: int = 0
    retired: bool = False
    """Replaced by re-keying, for good."""
    epoch: int = 0
    """The number of splits that balance and frozen already include."""

    @property
    def unfrozen(self) -> int:
        """Units the holder may dispose of."""
        return self.balance - min(self.frozen, self.balance)

    def seized(self, units: int) -> "AccountWord":
        """The word after `units` were taken whatever is frozen.

        Free units go first; the freeze shrinks only by the frozen units that were taken, so a
        seizure releases nothing that stays. The caller has checked that the balance suffices.
        """
        taken = max(0, units - self.unfrozen)
        return replace(self, balance=self.balance - units, frozen=self.frozen - taken)

    def scaled(self, factor: int, *, epoch: int) -> "AccountWord":
        """The word after each unit became `factor` units; a freeze above the balance saturates."""
        return replace(
            self,
            balance=self.balance * factor,
            frozen=min(self.frozen * factor, MAX_UNITS),
            epoch=epoch,
        )

    def carried_to(self, target: "AccountWord") -> "AccountWord":
        """The word of the address `target` after re-keying (鍵の更新) brought this whole account to it.

        What the target was already forbidden stays forbidden, and the later of two lock-ups counts.
        """
        return replace(
            self,
            blocked_to_send=self.blocked_to_send or target.blocked_to_send,
            blocked_to_receive=self.blocked_to_receive or target.blocked_to_receive,
            address_frozen=self.address_frozen or target.address_frozen,
            lock_up_until=max(self.lock_up_until, target.lock_up_until),
        )

    def pack(self) -> int:
        """The 256 bits of the contract's storage slot."""
        return (
            self.balance
            | self.frozen << _FROZEN_SHIFT
            | self.verified_until << _VERIFIED_SHIFT
            | self.lock_up_until << _LOCK_UP_SHIFT
            | self.blocked_to_send * _BLOCKED_TO_SEND
            | self.blocked_to_receive * _BLOCKED_TO_RECEIVE
            | self.address_frozen * _ADDRESS_FROZEN
            | self.own_account * _OWN_ACCOUNT
            | self.investor_class << _CLASS_SHIFT
            | self.retired * _RETIRED
            | self.epoch << _EPOCH_SHIFT
        )

    @classmethod
    def unpack(cls, raw: int) -> "AccountWord":
        """The word that `raw`, as `accountWord(address)` answers it, stands for."""
        return cls(
            balance=raw & MAX_UNITS,
            frozen=raw >> _FROZEN_SHIFT & MAX_UNITS,
            verified_until=raw >> _VERIFIED_SHIFT & _TIME,
            lock_up_until=raw >> _LOCK_UP_SHIFT & _TIME,
            blocked_to_send=bool(raw & _BLOCKED_TO_SEND),
            blocked_to_receive=bool(raw & _BLOCKED_TO_RECEIVE),
            address_frozen=bool(raw & _ADDRESS_FROZEN),
            own_account=bool(raw & _OWN_ACCOUNT),
            investor_class=raw >> _CLASS_SHIFT & MAX_CLASS,
            retired=bool(raw & _RETIRED),
            epoch=raw >> _EPOCH_SHIFT & 0xFFFF,
        )
