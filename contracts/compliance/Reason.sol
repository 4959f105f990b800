// SPDX-License-Identifier: UNLICENSED
pragma solidity ^0.8.24;

/// @title Reason: why a movement is refused
/// @notice One closed list. Its numbers are the ERC-1404 codes, its names are the reason codes of the
///         Python table `compliance/reasons.py`; a test walks both. Numbers are never reused.
enum Reason {
    None,                       // 0  the movement is allowed
    PlatformStopped,            // 1  full stop (停止): nothing moves by any path
    MarketClosed,               // 2  market closed (閉局): only repair runs
    TransferDisabled,           // 3  the product's transfer-enable group is off (移転実行可否)
    ProductEnded,               // 4  redeemed in full
    ProductLockedUp,            // 5  the whole product is under lock-up
    SenderRetired,              // 6  the address was replaced by re-keying
    SenderFrozen,               // 7  the address is frozen by order
    SenderBlocked,              // 8  the AML verdict is "blocked"
    SenderUnverified,           // 9  no verdict was ever given
    SenderVerdictExpired,       // 10 the verdict ran out
    SenderClassNotPermitted,    // 11 the investor class may not hold this product
    SenderLockedUp,             // 12 this holder is under lock-up
    InsufficientBalance,        // 13 fewer units than asked
    InsufficientUnfrozenBalance,// 14 enough units, but too many are frozen or held
    RecipientInvalid,           // 15 the zero address cannot hold
    RecipientRetired,           // 16
    RecipientFrozen,            // 17
    RecipientBlocked,           // 18
    RecipientUnverified,        // 19
    RecipientVerdictExpired,    // 20
    RecipientClassNotPermitted, // 21
    RuleRefused,                // 22 the product's extra rule says no
    RuleFailed,                 // 23 the extra rule did not answer: closed, not open
    InsufficientAllowance       // 24 the spender was not allowed that much
}
