// SPDX-License-Identifier: UNLICENSED
pragma solidity ^0.8.24;

/// @title AccountWord: everything a transfer must know about one account, in one storage slot
///
///     bits   0..79   balance        whole units
///     bits  80..159  frozen         units under a partial freeze or a hold; may exceed the balance
///     bits 160..191  verifiedUntil  first UTC second the verdict no longer holds; 0 = no verdict
///     bits 192..223  lockUpUntil    first UTC second the holder may send again
///     bits 224..239  flags          see the constants below
///     bits 240..255  epoch          split epoch that balance and frozen are expressed in
///
/// @dev One slot means that checking both parties costs nothing beyond reading the balances that change anyway.
type AccountWord is uint256;

using AccountWords for AccountWord global;

uint256 constant MAX_UNITS = type(uint80).max;

/// @dev Flags, at their place in the word. "Blocked" is the AML verdict, "frozen" an order: two bits, so that
///      a renewed verdict can never lift a court's order.
uint256 constant BLOCKED_TO_SEND = 1 << 224;
uint256 constant BLOCKED_TO_RECEIVE = 1 << 225;
uint256 constant ADDRESS_FROZEN = 1 << 226;
uint256 constant OWN_ACCOUNT = 1 << 227;
uint256 constant CLASS_SHIFT = 228; // five bits: investor class 0..31
uint256 constant RETIRED = 1 << 233;

library AccountWords {
    uint256 private constant BALANCE_MASK = MAX_UNITS;
    uint256 private constant FROZEN_SHIFT = 80;
    uint256 private constant FROZEN_MASK = MAX_UNITS << FROZEN_SHIFT;
    uint256 private constant VERIFIED_SHIFT = 160;
    uint256 private constant LOCK_UP_SHIFT = 192;
    uint256 private constant TIME_MASK = type(uint32).max;
    uint256 private constant CLASS_MASK = 31;
    uint256 private constant EPOCH_SHIFT = 240;

    function raw(AccountWord word) internal pure returns (uint256) {
        return AccountWord.unwrap(word);
    }

    function balance(AccountWord word) internal pure returns (uint256) {
        return AccountWord.unwrap(word) & BALANCE_MASK;
    }

    function frozen(AccountWord word) internal pure returns (uint256) {
        return (AccountWord.unwrap(word) >> FROZEN_SHIFT) & MAX_UNITS;
    }

    /// @notice Units the holder may dispose of: the balance less what is frozen of it.
    function unfrozen(AccountWord word) internal pure returns (uint256) {
        uint256 held = balance(word);
        uint256 kept = frozen(word);
        if (kept >= held) return 0;
        unchecked {
            return held - kept;
        }
    }

    function verifiedUntil(AccountWord word) internal pure returns (uint32) {
        return uint32(AccountWord.unwrap(word) >> VERIFIED_SHIFT);
    }

    function lockUpUntil(AccountWord word) internal pure returns (uint32) {
        return uint32(AccountWord.unwrap(word) >> LOCK_UP_SHIFT);
    }

    function class(AccountWord word) internal pure returns (uint8) {
        return uint8((AccountWord.unwrap(word) >> CLASS_SHIFT) & CLASS_MASK);
    }

    function flags(AccountWord word) internal pure returns (uint16) {
        return uint16(AccountWord.unwrap(word) >> 224);
    }

    function epoch(AccountWord word) internal pure returns (uint16) {
        return uint16(AccountWord.unwrap(word) >> EPOCH_SHIFT);
    }

    function has(AccountWord word, uint256 flag) internal pure returns (bool) {
        return AccountWord.unwrap(word) & flag != 0;
    }

    /// @dev `units` fits 80 bits in every caller: no balance exceeds the total issued, which does.
    function withBalance(AccountWord word, uint256 units) internal pure returns (AccountWord) {
        return AccountWord.wrap((AccountWord.unwrap(word) & ~BALANCE_MASK) | units);
    }

    /// @dev Balance arithmetic without masks: the caller has checked that the balance covers `units`, and no balance
    ///      exceeds the total issued, so nothing is carried into the neighbouring field.
    function less(AccountWord word, uint256 units) internal pure returns (AccountWord) {
        unchecked {
            return AccountWord.wrap(AccountWord.unwrap(word) - units);
        }
    }

    function plus(AccountWord word, uint256 units) internal pure returns (AccountWord) {
        unchecked {
            return AccountWord.wrap(AccountWord.unwrap(word) + units);
        }
    }

    function withFrozen(AccountWord word, uint256 units) internal pure returns (AccountWord) {
        return AccountWord.wrap((AccountWord.unwrap(word) & ~FROZEN_MASK) | (units << FROZEN_SHIFT));
    }

    function withLockUp(AccountWord word, uint32 until) internal pure returns (AccountWord) {
        return AccountWord.wrap(
            (AccountWord.unwrap(word) & ~(TIME_MASK << LOCK_UP_SHIFT)) | (uint256(until) << LOCK_UP_SHIFT)
        );
    }

    function withVerdict(AccountWord word, uint32 until, uint8 class_, bool blocked)
        internal
        pure
        returns (AccountWord)
    {
        uint256 cleared = AccountWord.unwrap(word)
            & ~((TIME_MASK << VERIFIED_SHIFT) | (CLASS_MASK << CLASS_SHIFT) | BLOCKED_TO_SEND | BLOCKED_TO_RECEIVE);
        uint256 verdict = (uint256(until) << VERIFIED_SHIFT) | (uint256(class_) << CLASS_SHIFT)
            | (blocked ? BLOCKED_TO_SEND | BLOCKED_TO_RECEIVE : 0);
        return AccountWord.wrap(cleared | verdict);
    }

    function withFlag(AccountWord word, uint256 flag, bool set) internal pure returns (AccountWord) {
        uint256 raw_ = AccountWord.unwrap(word);
        return AccountWord.wrap(set ? raw_ | flag : raw_ & ~flag);
    }

    /// @notice The word expressed in `epoch_`, every unit of it having become `factor` units.
    /// @dev The balance cannot overflow (the total did not); a freeze above the balance can, and saturates: it
    ///      then still freezes everything.
    function scaled(AccountWord word, uint256 factor, uint16 epoch_) internal pure returns (AccountWord) {
        uint256 kept = frozen(word) * factor;
        if (kept > MAX_UNITS) kept = MAX_UNITS;
        uint256 rest = AccountWord.unwrap(word) & ((type(uint256).max >> 16) ^ (BALANCE_MASK | FROZEN_MASK));
        return AccountWord.wrap(
            rest | (balance(word) * factor) | (kept << FROZEN_SHIFT) | (uint256(epoch_) << EPOCH_SHIFT)
        );
    }

    /// @notice Takes `units` whatever is frozen: free units go first, and the freeze shrinks only by the frozen
    ///         units that were taken. So a seizure releases nothing that stays.
    /// @dev The caller has checked that the balance suffices.
    function seized(AccountWord word, uint256 units) internal pure returns (AccountWord) {
        uint256 free = unfrozen(word);
        AccountWord left = withBalance(word, balance(word) - units);
        return units > free ? withFrozen(left, frozen(word) - (units - free)) : left;
    }
}
