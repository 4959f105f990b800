// SPDX-License-Identifier: UNLICENSED
pragma solidity ^0.8.24;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";

/// @title CashFault: the ways in which a yen token can differ from what everybody expects
enum CashFault {
    AnswersNothing, // 0  pays and says nothing, like some well-known tokens: no fault, and accepted
    AnswersFalse, // 1    does not pay and says so
    PaysAndAnswersFalse, // 2
    AnswersTwo, // 3      a number that is neither yes nor no
    PaysNothing, // 4     says yes
    TakesAFee, // 5       one unit arrives less
    PaysTooMuch, // 6     one unit arrives more
    Reverts, // 7
    BurnsAllGas, // 8
    ReEnters // 9         makes the call it was aimed with, and then pays
}

/// @title HostileCash: a yen token with one fault in `transferFrom`; one unit is one yen
/// @dev Never deployed by a production script. No fault of a yen token may cost a party units or yen.
contract HostileCash is ERC20 {
    CashFault public immutable fault;

    address private _target;
    bytes private _data;
    /// @notice What the last call made from within a payment came to.
    bool public succeeded;
    bytes public answer;
    uint256 public reEntries;

    constructor(CashFault fault_) ERC20("Hostile Yen", "HOSTILE") {
        fault = fault_;
    }

    function decimals() public pure override returns (uint8) {
        return 0;
    }

    function mint(address to, uint256 amount) external {
        _mint(to, amount);
    }

    /// @notice Names the call to make from within the next payment.
    function aim(address target, bytes calldata data) external {
        _target = target;
        _data = data;
    }

    function transferFrom(address from, address to, uint256 value) public override returns (bool) {
        CashFault kind = fault;
        if (kind == CashFault.Reverts) revert("no payment today");
        if (kind == CashFault.BurnsAllGas) {
            assembly ("memory-safe") {
                invalid()
            }
        }
        if (kind == CashFault.AnswersFalse) return false;
        if (kind == CashFault.PaysNothing) return true;
        if (kind == CashFault.ReEnters) _reEnter();
        super.transferFrom(from, to, value);
        if (kind == CashFault.PaysAndAnswersFalse) return false;
        if (kind == CashFault.TakesAFee) _burn(to, 1);
        if (kind == CashFault.PaysTooMuch) _mint(to, 1);
        if (kind == CashFault.AnswersNothing || kind == CashFault.AnswersTwo) {
            uint256 length = kind == CashFault.AnswersTwo ? 32 : 0;
            assembly ("memory-safe") {
                mstore(0, 2)
                return(0, length)
            }
        }
        return true;
    }

    function _reEnter() private {
        address target = _target;
        if (target == address(0)) return;
        _target = address(0); // once, or it would never end
        ++reEntries;
        (succeeded, answer) = target.call(_data);
    }
}
