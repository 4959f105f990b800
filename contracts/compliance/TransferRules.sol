// SPDX-License-Identifier: UNLICENSED
pragma solidity ^0.8.24;

import {IERC7943Fungible} from "../interfaces/IERC7943.sol";
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
///         this file and no others, so they cannot disagree (invariant 7). `_allClear` only saves the usual case the
///         walk through the table; whatever it does not recognise as allowed, the table judges.
/// @dev Read as a table: one line per case, in the order in which the reasons are numbered.
abstract contract TransferRules is TokenState, IERC20Errors {
    uint256 private constant BARRED_FROM_SENDING = RETIRED | ADDRESS_FROZEN | BLOCKED_TO_SEND;
    uint256 private constant BARRED_FROM_RECEIVING = RETIRED | ADDRESS_FROZEN | BLOCKED_TO_RECEIVE;
    /// @dev Gas a rule may use. A rule that needs more refuses (fails closed).
    uint256 private constant RULE_GAS = 200_000;

    // ------------------------------------------------------------------------------------------- the table

    function _transferReason(
        ControlWord control,
        address from,
        AccountWord sender,
        address to,
        AccountWord recipient,
        uint256 units
    ) internal view returns (Reason reason) {
        if (_allClear(control, sender, recipient, units)) return Reason.None;
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

    /// @dev Everything the table asks, for a product without switches and rule, as one condition. The zero address
    ///      carries no verdict, ever, so it need not be asked about.
    function _allClear(ControlWord control, AccountWord sender, AccountWord recipient, uint256 units)
        internal
        view
        returns (bool)
    {
        if (!control.isPlain()) return false;
        if (block.timestamp < control.productLockUp()) return false;
        if (!_inGoodStanding(sender, control, BARRED_FROM_SENDING)) return false;
        if (block.timestamp < sender.lockUpUntil()) return false;
        if (units > sender.unfrozen()) return false;
        return _inGoodStanding(recipient, control, BARRED_FROM_RECEIVING);
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
        if (word.has(barred)) return false;
        if (block.timestamp >= word.verifiedUntil()) return false;
        return control.permits(word.class());
    }

    // ----------------------------------------------------------------------------------------- the refusal

    /// @dev Check for an account that receives outside an ordinary transfer; reverts with the typed error.
    function _requireRecipient(ControlWord control, address from, address to, AccountWord word, uint256 units)
        internal
        view
    {
        if (!control.hasRule()) {
            if (_inGoodStanding(word, control, BARRED_FROM_RECEIVING)) return;
        }
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
            revert IERC7943Fungible.ERC7943InsufficientUnfrozenBalance(from, units, sender.unfrozen());
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
}
