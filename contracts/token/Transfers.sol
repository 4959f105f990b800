// SPDX-License-Identifier: UNLICENSED
pragma solidity ^0.8.24;

import {Reason} from "../compliance/Reason.sol";
import {TransferRules} from "../compliance/TransferRules.sol";
import {AccountWord} from "./AccountWord.sol";
import {ControlWord} from "./ControlWord.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

/// @title Transfers: action 3 (移転機能), the one way by which a holder's units reach another holder
/// @dev Whoever speaks for the holder (a key, a spender, a signature) was asked before.
abstract contract Transfers is TransferRules {
    function _transfer(address from, address to, uint256 units) internal {
        // Check:
        ControlWord control = _control;
        Account storage source = _accounts[from];
        Account storage target = _accounts[to];
        AccountWord sender = _now(source, control);
        AccountWord recipient = _now(target, control);
        if (!_allClear(control, sender, recipient, units)) {
            Reason reason = _transferReason(control, from, sender, to, recipient, units);
            if (reason != Reason.None) _refuse(reason, from, sender, to, recipient, units);
        }

        // Effect: a transfer to oneself is judged like any other and moves nothing.
        if (from != to) {
            _write(control, source, sender, sender.less(units));
            _write(control, target, recipient, recipient.plus(units));
        }
        emit IERC20.Transfer(from, to, units);
    }

    /// @dev As `_transfer`, with the trade's reference on the record.
    function _transferWithReference(address from, address to, uint256 units, bytes32 ref) internal {
        if (ref == bytes32(0)) revert TokenReferenceMissing();
        emit TransferReference(ref);
        _transfer(from, to, units);
    }

    function _approve(address owner, address spender, uint256 value) internal {
        if (spender == address(0)) revert ERC20InvalidSpender(spender);
        _allowances[owner][spender] = value;
        emit IERC20.Approval(owner, spender, value);
    }

    /// @dev An allowance counts units as they were when it was given: a split does not enlarge it.
    function _spendAllowance(address owner, address spender, uint256 value) internal {
        uint256 allowed = _allowances[owner][spender];
        if (allowed == type(uint256).max) return;
        if (allowed < value) revert ERC20InsufficientAllowance(spender, allowed, value);
        _allowances[owner][spender] = allowed - value;
    }
}
