// SPDX-License-Identifier: UNLICENSED
pragma solidity ^0.8.24;

import {ISecurityToken} from "../interfaces/ISecurityToken.sol";
import {ITransferRule} from "../interfaces/ITransferRule.sol";

/// @title HoldingLimitRule: at most so many units per investor
/// @notice One investor has one address per product, so the address's balance is the investor's. The limit is counted
///         in units of the first issue and grows with every split. The initial beneficiary is not limited.
///
///         Powers: nobody has any; token and number are fixed. Blocks: who would hold more than the limit.
contract HoldingLimitRule is ITransferRule {
    ISecurityToken public immutable token;
    uint256 public immutable most;

    error HoldingLimitInvalid(uint256 most);

    constructor(address token_, uint256 most_) {
        if (most_ == 0 || most_ > type(uint80).max) revert HoldingLimitInvalid(most_);
        token = ISecurityToken(token_);
        most = most_;
    }

    /// @inheritdoc ITransferRule
    function allows(address from, address to, uint256 units) external view returns (bool) {
        if (units == 0 || from == to || to == token.initialBeneficiary()) return true;
        uint256 limit = most * token.splitFactor();
        uint256 held = token.balanceOf(to);
        return held <= limit && units <= limit - held;
    }
}
