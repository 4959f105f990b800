// SPDX-License-Identifier: UNLICENSED
pragma solidity ^0.8.24;

import {IAccessManager} from "@openzeppelin/contracts/access/manager/IAccessManager.sol";

/// @title Managed: asks the access manager whether the caller holds the duty of the function called
/// @dev The manager is fixed for life. A token that could be pointed at another manager would let whoever can
///      point it hold every duty at once; a new manager means a new token (successor procedure).
abstract contract Managed {
    IAccessManager internal immutable _manager;

    constructor(address manager) {
        _manager = IAccessManager(manager);
    }

    /// @notice The OpenZeppelin AccessManager that knows who holds which duty.
    function authority() external view returns (address) {
        return address(_manager);
    }

    /// @dev Duties carry no execution delay (two persons replace waiting), so only an immediate yes counts.
    ///      The manager's own relay (`execute`) does not count: the caller would be the manager, so nobody could tell
    ///      who acted, and the person who stopped could count among those who resume.
    function _holdsDuty() internal view returns (bool allowed) {
        if (msg.sender == address(_manager)) return false;
        (allowed,) = _manager.canCall(msg.sender, address(this), msg.sig);
    }

    function _isMember(uint64 duty) internal view returns (bool member) {
        (member,) = _manager.hasRole(duty, msg.sender);
    }
}
