// SPDX-License-Identifier: UNLICENSED
pragma solidity ^0.8.24;

import {MovementKind} from "../token/MovementKind.sol";

/// @title ITokenEvents: what a token says, and why it refuses
/// @dev A `Movement` announces the next `count` `Transfer` logs of this contract; a `TransferReference` announces the
///      next one, an ordinary transfer by the holder, delivered on the JST day of its block. A `Transfer` that was not
///      announced is an ordinary transfer without a reference. So the register can be rebuilt from events alone, and
///      an ordinary transfer pays for little.
interface ITokenEvents {
    // --------------------------------------------------------------------------------------------- events

    event Movement(
        bytes32 indexed ref, MovementKind indexed kind, uint256 count, uint32 deliveryDate, bytes32 evidence
    );
    /// @notice The next transfer belongs to the trade `ref` (取引ID).
    event TransferReference(bytes32 indexed ref);
    /// @notice Every holding is multiplied by `factor` from this log on, untouched accounts included; `epoch` counts
    ///         the splits, this one included.
    event Split(
        bytes32 indexed ref,
        uint16 epoch,
        uint256 factor,
        uint256 totalBefore,
        uint256 totalAfter,
        uint32 deliveryDate,
        bytes32 evidence
    );
    /// @notice The movement `ref` undoes the trade `originalRef`.
    event Reversed(bytes32 indexed originalRef, bytes32 indexed ref);
    /// @notice The key changes, the holder does not: balance, frozen units, lock-up, verdict and flags go along.
    event Rekeyed(address indexed oldAddress, address indexed newAddress, bytes32 indexed ref);
    /// @notice The named accounts carry this verdict from now on. Each entry of `accounts` is the address (bits
    ///         0..159), the end of its previous verdict (bits 160..191) and its previous flags (bits 192..207).
    event VerdictsSet(uint256[] accounts, uint32 until, uint8 class, bool blocked);
    event AddressFrozen(address indexed account, bool indexed isFrozen, address indexed by);
    event TokensFrozen(address indexed account, uint256 amount);
    event TokensUnfrozen(address indexed account, uint256 amount);
    event LockUpSet(address indexed account, uint32 previous, uint32 until);
    event OwnAccountSet(address indexed account, bool previous, bool isOwnAccount);
    event ProductLockUpSet(uint32 previous, uint32 until);
    event PermittedClassesSet(uint32 previous, uint32 permittedClasses);
    event RuleSet(address previous, address rule);
    event TermsSet(
        uint16 legalCategory, bytes32 termsHash, address initialBeneficiary, uint256 authorisedCap, uint32 redemptionDate
    );
    event HolderCountEnabled();
    event ProductClosed(bytes32 indexed ref);
    /// @notice The product goes on as `successor`, whose token is `token`: all `units` were issued anew there, and those
    ///         here count no longer. Followed by `ProductClosed`.
    event ProductSucceeded(
        bytes32 indexed successor, address indexed token, bytes32 indexed ref, uint256 units, bytes32 evidence
    );

    // --------------------------------------------------------------------------------------------- errors

    error TokenStopped();
    error TokenMarketClosed();
    error TokenTransferDisabled();
    error TokenProductEnded();
    error TokenProductLockedUp(uint32 until);
    error TokenRetired(address account);
    error TokenAddressFrozen(address account);
    error TokenBlocked(address account);
    error TokenUnverified(address account);
    error TokenVerdictExpired(address account, uint32 until);
    error TokenClassNotPermitted(address account, uint8 class);
    error TokenLockedUp(address account, uint32 until);
    error TokenRuleRefused(address rule, address from, address to, uint256 units);
    error TokenRuleFailed(address rule);

    error TokenNotPlatform(address caller);
    error TokenDutyMissing(address caller, bytes4 selector);
    error TokenReleaseNeedsTwoPersons(address caller);
    error TokenZeroUnits();
    error TokenSameAddress(address account);
    error TokenLengthMismatch(uint256 accounts, uint256 units);
    error TokenReferenceMissing();
    error TokenReferenceUsed(bytes32 ref);
    error TokenEvidenceMissing(bytes32 ref);
    error TokenAlreadyReversed(bytes32 originalRef);
    error TokenProductIncomplete(bytes32 missing);
    error TokenCapExceeded(uint256 cap, uint256 wouldBe);
    error TokenRedemptionNotDue(uint32 redemptionDate, uint256 nowAt);
    error TokenSplitFactorInvalid(uint256 factor);
    error TokenSplitEpochInvalid(uint16 epoch, uint16 expected);
    error TokenSplitOverflow(uint256 total, uint256 factor);
    error TokenUnitsTooLarge(uint256 units);
    error TokenTargetNotEmpty(address account);
    error TokenNotBurned(bytes32 burnRef, uint256 burned, uint256 asked);
    error TokenClassUnknown(uint8 class);
    error TokenCountingTooLate();
    error TokenBeneficiaryFixed(address beneficiary);
    error TokenSuccessorInvalid(bytes32 successor);
    error TokenSuccessorDiffers(bytes32 successor, uint256 total, uint256 successorTotal);
    error AuthorizationUsedOrCanceled(address authorizer, bytes32 nonce);
    error AuthorizationNotYetValid(uint256 validAfter);
    error AuthorizationExpired(uint256 validBefore);
    error AuthorizationCallerNotRecipient(address caller, address to);
    error SignatureInvalid(address signer);
}
