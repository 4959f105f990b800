"""ControlWord: everything a transfer must know about the product, as the contract keeps it in one
word.

The layout is that of `contracts/token/ControlWord.sol`; a test packs and unpacks it bit by bit.
"""

from dataclasses import dataclass, replace

from genbo.kernel import ZERO_ADDRESS, Address

_RULE_MASK = 2**160 - 1
_BITS_SHIFT = 160
_EPOCH_SHIFT = 176
_LOCK_UP_SHIFT = 192
_CLASSES_SHIFT = 224

STOPPED = 1
"""全面停止: nothing runs."""
MARKET_CLOSED = 2
"""閉局: ordinary transfers wait."""
TRANSFER_DISABLED = 4
"""移転実行可否フラグ off (R-PROGMAT-T4.2)."""
PRODUCT_ENDED = 8
"""Redeemed in full."""
COUNT_HOLDERS = 16
"""Holders are counted from the first unit on; restricts nobody by itself."""
PLATFORM_BITS = STOPPED | MARKET_CLOSED | TRANSFER_DISABLED
"""The bits the platform writes; the end of a product is the registrar's act."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ControlWord:
    """The switches of one product."""

    rule: Address = ZERO_ADDRESS
    """The extra rule contract, in lower case when it was unpacked; the zero address means none."""
    bits: int = 0
    """`STOPPED`, `MARKET_CLOSED`, `TRANSFER_DISABLED`, `PRODUCT_ENDED`, `COUNT_HOLDERS`, added up."""
    epoch: int = 0
    """Number of splits so far."""
    product_lock_up_until: int = 0
    """First UTC second at which the product may be transferred."""
    permitted_classes: int = 0
    """Bit n set: investor class n may hold."""

    def has(self, bit: int) -> bool:
        """Whether `bit` is set."""
        return bool(self.bits & bit)

    def permits(self, investor_class: int) -> bool:
        """Whether investors of this class may hold the product."""
        return bool(self.permitted_classes >> investor_class & 1)

    def with_bits(self, mask: int, bits: int) -> "ControlWord":
        """The word with the bits of `mask` as they are in `bits`."""
        return replace(self, bits=self.bits & ~mask | bits & mask)

    def pack(self) -> int:
        """The 256 bits of the contract's storage slot."""
        return (
            int(self.rule, 16)
            | self.bits << _BITS_SHIFT
            | self.epoch << _EPOCH_SHIFT
            | self.product_lock_up_until << _LOCK_UP_SHIFT
            | self.permitted_classes << _CLASSES_SHIFT
        )

    @classmethod
    def unpack(cls, raw: int) -> "ControlWord":
        """The word that `raw`, as `controlWord()` answers it, stands for."""
        return cls(
            rule=Address(f"0x{raw & _RULE_MASK:040x}"),
            bits=raw >> _BITS_SHIFT & 0xFFFF,
            epoch=raw >> _EPOCH_SHIFT & 0xFFFF,
            product_lock_up_until=raw >> _LOCK_UP_SHIFT & 0xFFFFFFFF,
            permitted_classes=raw >> _CLASSES_SHIFT & 0xFFFFFFFF,
        )
