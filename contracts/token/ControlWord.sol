// SPDX-License-Identifier: UNLICENSED
pragma solidity ^0.8.24;

import {AccountWord} from "./AccountWord.sol";

/// @title ControlWord: everything a transfer must know about the product, in one storage slot
///
///     bits   0..159  rule              optional extra rule contract; zero = none
///     bits 160..175  stop and market   see the constants below
///     bits 176..191  epoch             number of splits so far
///     bits 192..223  productLockUp     first UTC second the product may be transferred
///     bits 224..255  permittedClasses  bit n: investor class n may hold
type ControlWord is uint256;

using ControlWords for ControlWord global;

/// @dev Bits as the platform knows them (`setControlBits`).
uint16 constant STOPPED = 1;
uint16 constant MARKET_CLOSED = 2;
uint16 constant TRANSFER_DISABLED = 4;
uint16 constant PRODUCT_ENDED = 8;
/// @dev Holders are counted from the first unit on; restricts nobody by itself.
uint16 constant COUNT_HOLDERS = 16;
/// @dev The platform may write these and no others: the end of a product is the registrar's act.
uint16 constant PLATFORM_BITS = STOPPED | MARKET_CLOSED | TRANSFER_DISABLED;

library ControlWords {
    uint256 private constant BITS_SHIFT = 160;
    uint256 private constant EPOCH_SHIFT = 176;
    uint256 private constant LOCK_UP_SHIFT = 192;
    uint256 private constant CLASSES_SHIFT = 224;

    function pack(uint16 bits_, uint32 permittedClasses_) internal pure returns (ControlWord) {
        return ControlWord.wrap((uint256(bits_) << BITS_SHIFT) | (uint256(permittedClasses_) << CLASSES_SHIFT));
    }

    /// @dev No bit set and no rule: the usual case, told in one comparison.
    function isPlain(ControlWord word) internal pure returns (bool) {
        return ControlWord.unwrap(word) << 80 == 0;
    }

    function rule(ControlWord word) internal pure returns (address) {
        return address(uint160(ControlWord.unwrap(word)));
    }

    function hasRule(ControlWord word) internal pure returns (bool) {
        return ControlWord.unwrap(word) << 96 != 0;
    }

    function bits(ControlWord word) internal pure returns (uint16) {
        return uint16(ControlWord.unwrap(word) >> BITS_SHIFT);
    }

    function has(ControlWord word, uint16 bit) internal pure returns (bool) {
        return ControlWord.unwrap(word) & (uint256(bit) << BITS_SHIFT) != 0;
    }

    function epoch(ControlWord word) internal pure returns (uint16) {
        return uint16(ControlWord.unwrap(word) >> EPOCH_SHIFT);
    }

    /// @dev Whether the account is expressed in today's units.
    function isEpochOf(ControlWord word, AccountWord account) internal pure returns (bool) {
        return ((ControlWord.unwrap(word) << 64) ^ AccountWord.unwrap(account)) >> 240 == 0;
    }

    function productLockUp(ControlWord word) internal pure returns (uint32) {
        return uint32(ControlWord.unwrap(word) >> LOCK_UP_SHIFT);
    }

    function permittedClasses(ControlWord word) internal pure returns (uint32) {
        return uint32(ControlWord.unwrap(word) >> CLASSES_SHIFT);
    }

    function permits(ControlWord word, uint8 class) internal pure returns (bool) {
        return (ControlWord.unwrap(word) >> CLASSES_SHIFT >> class) & 1 != 0;
    }

    function withBits(ControlWord word, uint16 mask, uint16 bits_) internal pure returns (ControlWord) {
        uint256 cleared = ControlWord.unwrap(word) & ~(uint256(mask) << BITS_SHIFT);
        return ControlWord.wrap(cleared | (uint256(mask & bits_) << BITS_SHIFT));
    }

    function withEpoch(ControlWord word, uint16 epoch_) internal pure returns (ControlWord) {
        uint256 cleared = ControlWord.unwrap(word) & ~(uint256(type(uint16).max) << EPOCH_SHIFT);
        return ControlWord.wrap(cleared | (uint256(epoch_) << EPOCH_SHIFT));
    }

    function withProductLockUp(ControlWord word, uint32 until) internal pure returns (ControlWord) {
        uint256 cleared = ControlWord.unwrap(word) & ~(uint256(type(uint32).max) << LOCK_UP_SHIFT);
        return ControlWord.wrap(cleared | (uint256(until) << LOCK_UP_SHIFT));
    }

    function withPermittedClasses(ControlWord word, uint32 classes) internal pure returns (ControlWord) {
        uint256 cleared = ControlWord.unwrap(word) & ~(uint256(type(uint32).max) << CLASSES_SHIFT);
        return ControlWord.wrap(cleared | (uint256(classes) << CLASSES_SHIFT));
    }

    function withRule(ControlWord word, address rule_) internal pure returns (ControlWord) {
        uint256 cleared = ControlWord.unwrap(word) & ~uint256(type(uint160).max);
        return ControlWord.wrap(cleared | uint160(rule_));
    }
}
