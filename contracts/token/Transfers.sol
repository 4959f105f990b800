// SPDX-License-Identifier: UNLICENSED
pragma solidity ^0.8.24;

import {Reason} from "../compliance/Reason.sol";
import {TransferRules} from "../compliance/TransferRules.sol";
import {AccountWord} from "./AccountWord.sol";
import {ControlWord} from "./ControlWord.sol";
import {Act, MovementKind} from "./MovementKind.sol";

/// @title Transfers: action 3 (移転機能), by the key that speaks for the holder
abstract contract Transfers is TransferRules {
    function transfer(address to, uint256 value) external returns (bool) {
        _transfer(msg.sender, to, value);
        return true;
    }

    function transferFrom(address from, address to, uint256 value) external returns (bool) {
        _spendAllowance(from, msg.sender, value);
        _transfer(from, to, value);
        return true;
    }

    function transferWithReference(address to, uint256 units, bytes32 ref) external returns (bool) {
        if (ref == bytes32(0)) revert TokenReferenceMissing();
        emit Movement(ref, MovementKind.Transfer, 1, 0, 0);
        _transfer(msg.sender, to, units);
        return true;
    }

    function batchTransfer(address[] calldata to, uint256[] calldata units) external {
        _requireSameLength(to.length, units.length);
        for (uint256 i = 0; i < to.length; ++i) {
            _transfer(msg.sender, to[i], units[i]);
        }
    }

    function approve(address spender, uint256 value) external returns (bool) {
        _approve(msg.sender, spender, value);
        return true;
    }

    function _transfer(address from, address to, uint256 units) internal {
        // Check:
        ControlWord control = _control;
        AccountWord sender = _load(from, control);
        AccountWord recipient = _load(to, control);
        Reason reason = _transferReason(control, from, sender, to, recipient, units);
        if (reason != Reason.None) _refuse(reason, from, sender, to, recipient, units);

        // Effect: a transfer to oneself is judged like any other and moves nothing.
        if (from != to) {
            _accounts[from] = sender.withBalance(sender.balance() - units);
            _accounts[to] = recipient.withBalance(recipient.balance() + units);
        }
        emit Transfer(from, to, units);
    }

    function _approve(address owner, address spender, uint256 value) internal {
        if (spender == address(0)) revert ERC20InvalidSpender(spender);
        _allowances[owner][spender] = value;
        emit Approval(owner, spender, value);
    }

    /// @dev An allowance counts units as they were when it was given: a split does not enlarge it.
    function _spendAllowance(address owner, address spender, uint256 value) internal {
        uint256 allowed = _allowances[owner][spender];
        if (allowed == type(uint256).max) return;
        if (allowed < value) revert ERC20InsufficientAllowance(spender, allowed, value);
        _allowances[owner][spender] = allowed - value;
    }
}
