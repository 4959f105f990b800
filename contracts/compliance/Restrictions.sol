// SPDX-License-Identifier: UNLICENSED
pragma solidity ^0.8.24;

import {
    AccountWord,
    ADDRESS_FROZEN,
    BLOCKED_TO_RECEIVE,
    BLOCKED_TO_SEND,
    MAX_UNITS,
    OWN_ACCOUNT,
    RETIRED
} from "../token/AccountWord.sol";
import {ControlWord, COUNT_HOLDERS} from "../token/ControlWord.sol";
import {IHolds} from "../interfaces/IHolds.sol";
import {IERC7943Fungible} from "../interfaces/IERC7943.sol";
import {DutyBound} from "../governance/DutyBound.sol";
import {TransferRules} from "./TransferRules.sol";

/// @title Restrictions: action 7 (移転の制限), by investor, by class, by time, by quantity
/// @notice One person raises a restriction; lifting one takes the RELEASER, which is held by two.
abstract contract Restrictions is TransferRules, DutyBound {
    uint8 private constant MAX_CLASS = 31;

    // ---------------------------------------------------------------------------------- restrictor: verdicts

    function setVerdict(address account, uint32 until, uint8 class, bool blocked) external duty {
        _requireClass(class);
        uint256[] memory entries = new uint256[](1);
        (entries[0],) = _setVerdict(_control, account, until, class, blocked, blocked);
        emit VerdictsSet(entries, until, class, blocked);
    }

    function batchSetVerdict(address[] calldata accounts, uint32 until, uint8 class, bool blocked) external duty {
        _requireClass(class);
        ControlWord control = _control;
        uint256[] memory entries = new uint256[](accounts.length);
        bool mayRelease = blocked;
        for (uint256 i = 0; i < accounts.length; ++i) {
            (entries[i], mayRelease) = _setVerdict(control, accounts[i], until, class, blocked, mayRelease);
        }
        emit VerdictsSet(entries, until, class, blocked);
    }

    /// @dev Renewing or shortening a verdict is routine; taking back "blocked" is a release, asked for once a batch.
    /// @return entry what `VerdictsSet` says of the account
    function _setVerdict(
        ControlWord control,
        address investor,
        uint32 until,
        uint8 class,
        bool blocked,
        bool mayRelease
    ) private returns (uint256 entry, bool) {
        if (investor == address(0)) revert ERC20InvalidReceiver(investor);
        Account storage account = _accounts[investor];
        AccountWord word = _now(account, control);
        if (word.has(RETIRED)) revert TokenRetired(investor);
        if (!mayRelease && word.has(BLOCKED_TO_SEND | BLOCKED_TO_RECEIVE)) {
            _requireRelease();
            mayRelease = true;
        }
        account.word = word.withVerdict(until, class, blocked);
        entry = uint256(uint160(investor)) | (uint256(word.verifiedUntil()) << 160) | (uint256(word.flags()) << 192);
        return (entry, mayRelease);
    }

    function _requireClass(uint8 class) private pure {
        if (class > MAX_CLASS) revert TokenClassUnknown(class);
    }

    // ------------------------------------------------------------------------------------ restrictor: freezes

    function setAddressFrozen(address account, bool frozen) external duty {
        _setAddressFrozen(account, frozen);
    }

    function batchSetAddressFrozen(address[] calldata accounts, bool[] calldata frozen) external duty {
        _requireSameLength(accounts.length, frozen.length);
        for (uint256 i = 0; i < accounts.length; ++i) {
            _setAddressFrozen(accounts[i], frozen[i]);
        }
    }

    function _setAddressFrozen(address account, bool frozen) private {
        AccountWord word = _loadActive(account, _control);
        if (!frozen && word.has(ADDRESS_FROZEN)) _requireRelease();
        _accounts[account].word = word.withFlag(ADDRESS_FROZEN, frozen);
        emit AddressFrozen(account, frozen, msg.sender);
    }

    /// @notice Sets the frozen units to exactly `amount` (ERC-7943); may exceed the balance.
    function setFrozenTokens(address account, uint256 amount) external duty returns (bool) {
        AccountWord word = _loadActive(account, _control);
        if (amount > MAX_UNITS) revert TokenUnitsTooLarge(amount);
        if (amount < word.frozen()) {
            _requireRelease();
            _requireHeldStay(account, amount);
        }
        _setFrozen(account, word, amount);
        return true;
    }

    /// @notice Freezes `amount` more units (ERC-3643); stops at the most a word can hold.
    function freezePartialTokens(address account, uint256 amount) external duty {
        _freeze(account, amount);
    }

    function batchFreezePartialTokens(address[] calldata accounts, uint256[] calldata amounts) external duty {
        _requireSameLength(accounts.length, amounts.length);
        for (uint256 i = 0; i < accounts.length; ++i) {
            _freeze(accounts[i], amounts[i]);
        }
    }

    function _freeze(address account, uint256 amount) private {
        AccountWord word = _loadActive(account, _control);
        _requireUnits(amount);
        uint256 sum = word.frozen() + amount;
        emit TokensFrozen(account, amount);
        _setFrozen(account, word, sum > MAX_UNITS ? MAX_UNITS : sum);
    }

    /// @notice Unfreezes `amount` units (ERC-3643).
    function unfreezePartialTokens(address account, uint256 amount) external duty {
        _unfreeze(account, amount);
    }

    function batchUnfreezePartialTokens(address[] calldata accounts, uint256[] calldata amounts) external duty {
        _requireSameLength(accounts.length, amounts.length);
        for (uint256 i = 0; i < accounts.length; ++i) {
            _unfreeze(accounts[i], amounts[i]);
        }
    }

    function _unfreeze(address account, uint256 amount) private {
        AccountWord word = _loadActive(account, _control);
        if (amount == 0) revert TokenZeroUnits();
        if (amount > word.frozen()) revert TokenUnitsTooLarge(amount);
        _requireRelease();
        _requireHeldStay(account, word.frozen() - amount);
        emit TokensUnfrozen(account, amount);
        _setFrozen(account, word, word.frozen() - amount);
    }

    /// @dev Units under a hold are promised to a buyer: a lower freeze must not set them free.
    function _requireHeldStay(address account, uint256 amount) private view {
        (, uint256 cover) = _heldNow(account, _control);
        if (amount < cover) revert IHolds.HoldUnitsHeld(account, cover);
    }

    function _setFrozen(address account, AccountWord word, uint256 amount) private {
        _accounts[account].word = word.withFrozen(amount);
        emit IERC7943Fungible.Frozen(account, amount);
    }

    // ----------------------------------------------------------------------------------- restrictor: lock-ups

    function setLockUp(address account, uint32 until) external duty {
        AccountWord word = _loadActive(account, _control);
        uint32 previous = word.lockUpUntil();
        _requireReleaseOfTime(previous, until);
        _accounts[account].word = word.withLockUp(until);
        emit LockUpSet(account, previous, until);
    }

    function setProductLockUp(uint32 until) external duty {
        ControlWord control = _control;
        uint32 previous = control.productLockUp();
        _requireReleaseOfTime(previous, until);
        _control = control.withProductLockUp(until);
        emit ProductLockUpSet(previous, until);
    }

    /// @dev Shortening a lock-up that still runs is a release; one that has run out restricts nobody.
    function _requireReleaseOfTime(uint32 previous, uint32 until) private view {
        if (until < previous && block.timestamp < previous) _requireRelease();
    }

    // ---------------------------------------------------------------- restrictor: classes, rule, own accounts

    function setPermittedClasses(uint32 permittedClasses) external duty {
        ControlWord control = _control;
        uint32 previous = control.permittedClasses();
        if (permittedClasses & ~previous != 0) _requireRelease();
        _control = control.withPermittedClasses(permittedClasses);
        emit PermittedClassesSet(previous, permittedClasses);
    }

    /// @notice Plugs in an extra rule. Replacing or removing one is a release.
    function setRule(address rule) external duty {
        ControlWord control = _control;
        address previous = control.rule();
        if (previous != address(0)) _requireRelease();
        _control = control.withRule(rule);
        emit RuleSet(previous, rule);
    }

    /// @notice Counts holders from the first unit on. Refused once units exist: a count that began late would be wrong.
    function enableHolderCount() external duty {
        if (_supply.everIssued) revert TokenCountingTooLate();
        _control = _control.withBits(COUNT_HOLDERS, COUNT_HOLDERS);
        emit HolderCountEnabled();
    }

    /// @notice Marks a firm's own account (自己口), which is never mixed with customers' (R-PROGMAT-T8.4).
    function setOwnAccount(address account, bool isOwnAccount) external duty {
        AccountWord word = _loadActive(account, _control);
        bool previous = word.has(OWN_ACCOUNT);
        _accounts[account].word = word.withFlag(OWN_ACCOUNT, isOwnAccount);
        emit OwnAccountSet(account, previous, isOwnAccount);
    }

    // ------------------------------------------------------------------------------------------- internal

    /// @dev A retired address stays as re-keying left it, for good.
    function _loadActive(address account, ControlWord control) private view returns (AccountWord word) {
        if (account == address(0)) revert ERC20InvalidReceiver(account);
        word = _load(account, control);
        if (word.has(RETIRED)) revert TokenRetired(account);
    }
}
