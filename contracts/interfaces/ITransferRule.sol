// SPDX-License-Identifier: UNLICENSED
pragma solidity ^0.8.24;

/// @title ITransferRule: the one extra rule a product may plug in
/// @notice Asked on every path that gives units to somebody. It cannot move anything; it can refuse everything.
/// @dev Called with a static call and a gas limit. A rule that reverts, runs out of gas or answers with fewer
///      than 32 bytes refuses: a broken rule closes the product, it never opens it.
interface ITransferRule {
    /// @param from  the holder who gives; the zero address at issue
    /// @param to    the holder who would receive
    /// @param units whole units
    /// @return allowed true lets the movement go on
    function allows(address from, address to, uint256 units) external view returns (bool allowed);
}
