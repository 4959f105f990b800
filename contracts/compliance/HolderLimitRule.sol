// SPDX-License-Identifier: UNLICENSED
pragma solidity ^0.8.24;

import {ISecurityToken} from "../interfaces/ISecurityToken.sol";
import {ControlWord, COUNT_HOLDERS} from "../token/ControlWord.sol";
import {ITransferRule} from "../interfaces/ITransferRule.sol";

/// @title HolderLimitRule: at most so many holders (private placement, 少人数私募)
/// @notice For a product whose token counts its holders (`enableHolderCount` before the first issue). A transfer to
///         somebody who already holds is always fine; one that empties the giver makes room for the receiver.
///
///         Powers: nobody has any; token and number are fixed. Blocks: who would become one holder too many.
///
/// @dev Holds no figure of its own that could drift: it asks the token. The initial beneficiary counts while it holds.
contract HolderLimitRule is ITransferRule {
    ISecurityToken public immutable token;
    uint256 public immutable most;

    error HolderLimitInvalid(uint256 most);
    error HolderLimitNotCounted(address token);

    constructor(address token_, uint256 most_) {
        if (most_ == 0) revert HolderLimitInvalid(most_);
        // Counting is never switched off again. Without it the count would be zero, and the rule would open the product.
        if (!ControlWord.wrap(ISecurityToken(token_).controlWord()).has(COUNT_HOLDERS)) {
            revert HolderLimitNotCounted(token_);
        }
        token = ISecurityToken(token_);
        most = most_;
    }

    /// @inheritdoc ITransferRule
    function allows(address from, address to, uint256 units) external view returns (bool) {
        if (units == 0 || token.balanceOf(to) != 0) return true;
        uint256 holders = token.holderCount();
        if (from != address(0) && from != to && token.balanceOf(from) == units) --holders;
        return holders < most;
    }
}
