// SPDX-License-Identifier: UNLICENSED
pragma solidity ^0.8.24;

/// @title IControlled: what the platform writes into a token
interface IControlled {
    /// @notice Sets the stop and market bits named by `mask` to `bits`.
    function setControlBits(uint16 mask, uint16 bits) external;
}
