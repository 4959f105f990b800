// SPDX-License-Identifier: UNLICENSED
pragma solidity ^0.8.24;

import {AccountWord} from "../token/AccountWord.sol";
import {ControlWord} from "../token/ControlWord.sol";
import {Reason} from "./Reason.sol";
import {TransferRules} from "./TransferRules.sol";

/// @title Questions: may this transfer be, and if not, why (ERC-1404, ERC-7943)
/// @notice Asked at a block, answered with the function that the act itself uses.
abstract contract Questions is TransferRules {
    /// @notice Zero when the transfer would succeed, else a number of `Reason` (ERC-1404).
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

    /// @notice The name of the reason, as the reason table prints it (ERC-1404).
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
