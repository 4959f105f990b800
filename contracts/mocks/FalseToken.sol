// SPDX-License-Identifier: UNLICENSED
pragma solidity ^0.8.24;

/// @title FalseToken: a token that refuses to deliver by saying so, and not by reverting
/// @dev Never deployed by a production script. Whoever trades in it must not be paid for nothing.
contract FalseToken {
    function transferFromWithReference(address, address, uint256, bytes32) external pure returns (bool) {
        return false;
    }
}
