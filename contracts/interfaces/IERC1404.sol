// SPDX-License-Identifier: UNLICENSED
pragma solidity ^0.8.24;

/// @title ERC-1404: the reason a transfer would be refused, as a code and as text
interface IERC1404 {
    /// @notice Zero when the transfer would succeed, else a number of `Reason`.
    function detectTransferRestriction(address from, address to, uint256 value) external view returns (uint8);

    /// @notice The name of the reason, as the reason table prints it.
    function messageForTransferRestriction(uint8 restrictionCode) external view returns (string memory);
}
