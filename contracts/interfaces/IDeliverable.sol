// SPDX-License-Identifier: UNLICENSED
pragma solidity ^0.8.24;

/// @title IDeliverable: the one function of a token that settlement moves units with
interface IDeliverable {
    function transferFromWithReference(address from, address to, uint256 units, bytes32 ref) external returns (bool);
}
