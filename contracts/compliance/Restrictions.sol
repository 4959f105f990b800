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
import {ControlWord} from "../token/ControlWord.sol";
import {TransferRules} from "./TransferRules.sol";

/// @title Restrictions: action 7 (移転の制限), by investor, by class, by time, by quantity
/// @notice One person raises a restriction; lifting one takes the RELEASER, which is held by two.
abstract contract Restrictions is TransferRules {
    uint8 private constant MAX_CLASS = 31;

    // ---------------------------------------------------------------------------------- restrictor: verdicts

    function setVerdict(address account, uint32 until, uint8 class, bool blocked) external duty {
        address[] memory accounts = new address[](1);
        accounts[0] = account;
        _setVerdicts(accounts, until, class, blocked);
    }

    function batchSetVerdict(address[] calldata accounts, uint32 until, uint8 class, bool blocked) external duty {
        _setVerdicts(accounts, until, class, blocked);
    }

    /// @dev Renewing or shortening a verdict is routine; taking back "blocked" is a release.
    function _setVerdicts(address[] memory accounts, uint32 until, uint8 class, bool blocked) private {
        if (class > MAX_CLASS) revert TokenClassUnknown(class);
        ControlWord control = _control;
        uint256[] memory previous = new uint256[](accounts.length);
        bool released = blocked; // nothing to release when the verdict itself blocks
        for (uint256 i = 0; i < accounts.length; ++i) {
            AccountWord word = _loadActive(accounts[i], control);
            if (!released && word.has(BLOCKED_TO_SEND | BLOCKED_TO_RECEIVE)) {
                _requireRelease();
                released = true;
            }
            previous[i] = word.raw();
            _accounts[accounts[i]] = word.withVerdict(until, class, blocked);
        }
        emit VerdictsSet(accounts, previous, until, class, blocked);
    }

    // ------------------------------------------------------------------------------------ restrictor: freezes

    function setAddressFrozen(address account, bool frozen) external duty {
        AccountWord word = _loadActive(account, _control);
        if (!frozen && word.has(ADDRESS_FROZEN)) _requireRelease();
        _accounts[account] = word.withFlag(ADDRESS_FROZEN, frozen);
        emit AddressFrozen(account, frozen, msg.sender);
    }

    /// @notice Sets the frozen units to exactly `amount` (ERC-7943); may exceed the balance.
    function setFrozenTokens(address account, uint256 amount) external duty returns (bool) {
        AccountWord word = _loadActive(account, _control);
        if (amount > MAX_UNITS) revert TokenUnitsTooLarge(amount);
        if (amount < word.frozen()) _requireRelease();
        _setFrozen(account, word, amount);
        return true;
    }

    /// @notice Freezes `amount` more units (ERC-3643); stops at the most a word can hold.
    function freezePartialTokens(address account, uint256 amount) external duty {
        AccountWord word = _loadActive(account, _control);
        _requireUnits(amount);
        uint256 sum = word.frozen() + amount;
        emit TokensFrozen(account, amount);
        _setFrozen(account, word, sum > MAX_UNITS ? MAX_UNITS : sum);
    }

    /// @notice Unfreezes `amount` units (ERC-3643).
    function unfreezePartialTokens(address account, uint256 amount) external duty {
        AccountWord word = _loadActive(account, _control);
        if (amount == 0) revert TokenZeroUnits();
        if (amount > word.frozen()) revert TokenUnitsTooLarge(amount);
        _requireRelease();
        emit TokensUnfrozen(account, amount);
        _setFrozen(account, word, word.frozen() - amount);
    }

    function _setFrozen(address account, AccountWord word, uint256 amount) private {
        _accounts[account] = word.withFrozen(amount);
        emit Frozen(account, amount);
    }

    // ----------------------------------------------------------------------------------- restrictor: lock-ups

    function setLockUp(address account, uint32 until) external duty {
        AccountWord word = _loadActive(account, _control);
        uint32 previous = word.lockUpUntil();
        _requireReleaseOfTime(previous, until);
        _accounts[account] = word.withLockUp(until);
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

    /// @notice Marks a firm's own account (自己口), which is never mixed with customers' (R-PROGMAT-T8.4).
    function setOwnAccount(address account, bool isOwnAccount) external duty {
        AccountWord word = _loadActive(account, _control);
        bool previous = word.has(OWN_ACCOUNT);
        _accounts[account] = word.withFlag(OWN_ACCOUNT, isOwnAccount);
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
