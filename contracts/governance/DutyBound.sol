// SPDX-License-Identifier: UNLICENSED
pragma solidity ^0.8.24;

import {ControlWord, PRODUCT_ENDED, STOPPED} from "../token/ControlWord.sol";
import {TokenState} from "../token/TokenState.sol";
import {DUTY_RELEASER} from "./Duties.sol";
import {Managed} from "./Managed.sol";

/// @title DutyBound: what every administrative function of a token asks first
abstract contract DutyBound is TokenState, Managed {
    /// @dev Nothing runs under full stop, and only the duty's holder may call.
    modifier duty() {
        _requireDuty(_control);
        _;
    }

    /// @dev As `duty`, for acts that need a product that has not ended.
    modifier dutyOnLiveProduct() {
        ControlWord control = _control;
        _requireDuty(control);
        if (control.has(PRODUCT_ENDED)) revert TokenProductEnded();
        _;
    }

    function _requireDuty(ControlWord control) private view {
        if (control.has(STOPPED)) revert TokenStopped();
        if (!_holdsDuty()) revert TokenDutyMissing(msg.sender, msg.sig);
    }

    /// @dev Raising a restriction takes one person, lifting one takes two (the RELEASER is a Safe).
    function _requireRelease() internal view {
        if (!_isMember(DUTY_RELEASER)) revert TokenReleaseNeedsTwoPersons(msg.sender);
    }
}
