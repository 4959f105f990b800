// SPDX-License-Identifier: UNLICENSED
pragma solidity ^0.8.24;

import {IERC1404} from "../interfaces/IERC1404.sol";
import {ITransferRule} from "../interfaces/ITransferRule.sol";
import {
    AccountWord,
    ADDRESS_FROZEN,
    BLOCKED_TO_RECEIVE,
    BLOCKED_TO_SEND,
    RETIRED
} from "../token/AccountWord.sol";
import {ControlWord, MARKET_CLOSED, PRODUCT_ENDED, STOPPED, TRANSFER_DISABLED} from "../token/ControlWord.sol";
import {TokenState} from "../token/TokenState.sol";
import {Reason} from "./Reason.sol";
import {IERC20Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";

/// @title TransferRules: who may give, who may receive, and why not
/// @notice The question (`canTransfer`, `reasonOf`, `detectTransferRestriction`) and the act use the functions of
///         this file and no others, so they cannot disagree (invariant 7).
/// @dev Read as a table: one line per case, in the order in which the reasons are numbered.
abstract contract TransferRules is TokenState, IERC1404, IERC20Errors {
    uint256 private constant BARRED_FROM_SENDING = RETIRED | ADDRESS_FROZEN | BLOCKED_TO_SEND;
    uint256 private constant BARRED_FROM_RECEIVING = RETIRED | ADDRESS_FROZEN | BLOCKED_TO_RECEIVE;
    /// @dev Gas a rule may use. A rule that needs more refuses (fails closed).
    uint256 private constant RULE_GAS = 200_000;

    // ------------------------------------------------------------------------------------------ questions

    /// @inheritdoc IERC1404
    function detectTransferRestriction(address from, address to, uint256 value) public view returns (uint8) {
        return uint8(reasonOf(from, to, value));
    }

    /// @notice As `detectTransferRestriction`, for a `transferFrom` by `spender`.
    function detectTransferRestrictionFrom(address spender, address from, address to, uint256 value)
        external
        view
        returns (uint8)
    {
        if (_allowances[from][spender] < value) return uint8(Reason.InsufficientAllowance);
        return uint8(reasonOf(from, to, value));
    }

    function canTransfer(address from, address to, uint256 amount) external view returns (bool) {
        return reasonOf(from, to, amount) == Reason.None;
    }

    function canSend(address account) external view returns (bool) {
        ControlWord control = _control;
        AccountWord word = _load(account, control);
        return _senderReason(word, control) == Reason.None && block.timestamp >= word.lockUpUntil();
    }

    function canReceive(address account) external view returns (bool) {
        ControlWord control = _control;
        return _recipientReason(account, _load(account, control), control) == Reason.None;
    }

    /// @notice Why a `transfer` would be refused at this block; `None` when it would succeed.
    function reasonOf(address from, address to, uint256 units) public view returns (Reason) {
        ControlWord control = _control;
        return _transferReason(control, from, _load(from, control), to, _load(to, control), units);
    }

    // ------------------------------------------------------------------------------------------- the table

    function _transferReason(
        ControlWord control,
        address from,
        AccountWord sender,
        address to,
        AccountWord recipient,
        uint256 units
    ) internal view returns (Reason reason) {
        reason = _marketReason(control);
        if (reason != Reason.None) return reason;
        reason = _senderReason(sender, control);
        if (reason != Reason.None) return reason;
        if (block.timestamp < sender.lockUpUntil()) return Reason.SenderLockedUp;
        reason = _amountReason(sender, units);
        if (reason != Reason.None) return reason;
        reason = _recipientReason(to, recipient, control);
        if (reason != Reason.None) return reason;
        return _ruleReason(control, from, to, units);
    }

    function _marketReason(ControlWord control) internal view returns (Reason) {
        uint16 bits = control.bits();
        if (bits != 0) {
            if (bits & STOPPED != 0) return Reason.PlatformStopped;
            if (bits & MARKET_CLOSED != 0) return Reason.MarketClosed;
            if (bits & TRANSFER_DISABLED != 0) return Reason.TransferDisabled;
            if (bits & PRODUCT_ENDED != 0) return Reason.ProductEnded;
        }
        if (block.timestamp < control.productLockUp()) return Reason.ProductLockedUp;
        return Reason.None;
    }

    /// @dev Whether the account may give at all. Lock-up and amount are asked apart: a distribution ignores lock-ups.
    function _senderReason(AccountWord word, ControlWord control) internal view returns (Reason) {
        if (_inGoodStanding(word, control, BARRED_FROM_SENDING)) return Reason.None;
        if (word.has(RETIRED)) return Reason.SenderRetired;
        if (word.has(ADDRESS_FROZEN)) return Reason.SenderFrozen;
        if (word.has(BLOCKED_TO_SEND)) return Reason.SenderBlocked;
        if (word.verifiedUntil() == 0) return Reason.SenderUnverified;
        if (block.timestamp >= word.verifiedUntil()) return Reason.SenderVerdictExpired;
        return Reason.SenderClassNotPermitted;
    }

    function _amountReason(AccountWord word, uint256 units) internal pure returns (Reason) {
        if (units <= word.unfrozen()) return Reason.None;
        return units > word.balance() ? Reason.InsufficientBalance : Reason.InsufficientUnfrozenBalance;
    }

    /// @dev Asked on every path by which an account receives, repair included (invariant 8).
    function _recipientReason(address to, AccountWord word, ControlWord control) internal view returns (Reason) {
        if (_inGoodStanding(word, control, BARRED_FROM_RECEIVING) && to != address(0)) return Reason.None;
        if (to == address(0)) return Reason.RecipientInvalid;
        if (word.has(RETIRED)) return Reason.RecipientRetired;
        if (word.has(ADDRESS_FROZEN)) return Reason.RecipientFrozen;
        if (word.has(BLOCKED_TO_RECEIVE)) return Reason.RecipientBlocked;
        if (word.verifiedUntil() == 0) return Reason.RecipientUnverified;
        if (block.timestamp >= word.verifiedUntil()) return Reason.RecipientVerdictExpired;
        return Reason.RecipientClassNotPermitted;
    }

    /// @dev The extra rule. No code, a revert, too little gas or a short answer all count as a failure.
    function _ruleReason(ControlWord control, address from, address to, uint256 units)
        internal
        view
        returns (Reason)
    {
        address rule = control.rule();
        if (rule == address(0)) return Reason.None;
        (bool answered, bytes memory answer) =
            rule.staticcall{gas: RULE_GAS}(abi.encodeCall(ITransferRule.allows, (from, to, units)));
        if (!answered || answer.length != 32) return Reason.RuleFailed;
        uint256 verdict = abi.decode(answer, (uint256));
        if (verdict > 1) return Reason.RuleFailed;
        return verdict == 1 ? Reason.None : Reason.RuleRefused;
    }

    /// @dev The whole standing in one test, so that the usual case does not walk the table.
    function _inGoodStanding(AccountWord word, ControlWord control, uint256 barred) private view returns (bool) {
        return !word.has(barred) && block.timestamp < word.verifiedUntil() && control.permits(word.class());
    }

    // ----------------------------------------------------------------------------------------- the refusal

    /// @dev Check for an account that receives outside an ordinary transfer; reverts with the typed error.
    function _requireRecipient(ControlWord control, address from, address to, AccountWord word, uint256 units)
        internal
        view
    {
        Reason reason = _recipientReason(to, word, control);
        if (reason == Reason.None) reason = _ruleReason(control, from, to, units);
        if (reason != Reason.None) _refuse(reason, from, word, to, word, units);
    }

    /// @dev The typed error of `reason`, with its facts. Runs only on the way out, so its cost does not matter.
    function _refuse(
        Reason reason,
        address from,
        AccountWord sender,
        address to,
        AccountWord recipient,
        uint256 units
    ) internal view {
        if (reason == Reason.PlatformStopped) revert TokenStopped();
        if (reason == Reason.MarketClosed) revert TokenMarketClosed();
        if (reason == Reason.TransferDisabled) revert TokenTransferDisabled();
        if (reason == Reason.ProductEnded) revert TokenProductEnded();
        if (reason == Reason.ProductLockedUp) revert TokenProductLockedUp(_control.productLockUp());
        if (reason == Reason.InsufficientBalance) revert ERC20InsufficientBalance(from, sender.balance(), units);
        if (reason == Reason.InsufficientUnfrozenBalance) {
            revert ERC7943InsufficientUnfrozenBalance(from, units, sender.unfrozen());
        }
        if (reason == Reason.RecipientInvalid) revert ERC20InvalidReceiver(to);
        if (reason == Reason.RuleRefused) revert TokenRuleRefused(_control.rule(), from, to, units);
        if (reason == Reason.RuleFailed) revert TokenRuleFailed(_control.rule());

        bool sending = reason <= Reason.SenderLockedUp;
        address account = sending ? from : to;
        AccountWord word = sending ? sender : recipient;
        if (reason == Reason.SenderRetired || reason == Reason.RecipientRetired) revert TokenRetired(account);
        if (reason == Reason.SenderFrozen || reason == Reason.RecipientFrozen) revert TokenAddressFrozen(account);
        if (reason == Reason.SenderBlocked || reason == Reason.RecipientBlocked) revert TokenBlocked(account);
        if (reason == Reason.SenderUnverified || reason == Reason.RecipientUnverified) {
            revert TokenUnverified(account);
        }
        if (reason == Reason.SenderVerdictExpired || reason == Reason.RecipientVerdictExpired) {
            revert TokenVerdictExpired(account, word.verifiedUntil());
        }
        if (reason == Reason.SenderLockedUp) revert TokenLockedUp(account, word.lockUpUntil());
        revert TokenClassNotPermitted(account, word.class());
    }

    /// @inheritdoc IERC1404
    function messageForTransferRestriction(uint8 restrictionCode) external pure returns (string memory) {
        string[25] memory names = [
            "allowed",
            "platform_stopped",
            "market_closed",
            "transfer_disabled",
            "product_ended",
            "product_locked_up",
            "sender_retired",
            "sender_frozen",
            "sender_blocked",
            "sender_unverified",
            "sender_verdict_expired",
            "sender_class_not_permitted",
            "sender_locked_up",
            "insufficient_balance",
            "insufficient_unfrozen_balance",
            "recipient_invalid",
            "recipient_retired",
            "recipient_frozen",
            "recipient_blocked",
            "recipient_unverified",
            "recipient_verdict_expired",
            "recipient_class_not_permitted",
            "rule_refused",
            "rule_failed",
            "insufficient_allowance"
        ];
        return restrictionCode < names.length ? names[restrictionCode] : "unknown";
    }
}
