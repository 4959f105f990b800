// SPDX-License-Identifier: UNLICENSED
pragma solidity ^0.8.24;

/// @title ISafe: the two questions that the platform asks a Safe account
interface ISafe {
    function getThreshold() external view returns (uint256);
    function isOwner(address owner) external view returns (bool);
}
