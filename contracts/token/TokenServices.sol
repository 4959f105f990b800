// SPDX-License-Identifier: UNLICENSED
pragma solidity ^0.8.24;

import {Holds} from "../settlement/Holds.sol";
import {Authorisations} from "./Authorisations.sol";
import {TokenViews} from "./TokenViews.sol";

/// @title TokenServices: what holders sign and hold, and what anybody may ask
///
/// @notice Powers on each token that runs this code.
///
///     holder            hold units for a buyer; sign allowances and transfers.  Blocks: own units until the expiry.
///     notary of a hold  deliver or release it.                                  Cannot deliver to another.
///                       Blocks: the held units until the expiry.
///     anybody           send what a holder signed; release a hold that expired. Cannot change a word of it.
///                       Blocks: nobody.
///
/// @dev Deployed once and shared: tokens run it on their own storage. The last in the line: what it does not know
///      nobody knows, and the call is refused.
contract TokenServices is Holds, Authorisations, TokenViews {
    /// @notice Several transfers of the caller, whole or not at all (ERC-3643).
    function batchTransfer(address[] calldata to, uint256[] calldata units) external {
        _requireSameLength(to.length, units.length);
        for (uint256 i = 0; i < to.length; ++i) {
            _transfer(msg.sender, to[i], units[i]);
        }
    }
}
