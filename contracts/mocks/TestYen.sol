// SPDX-License-Identifier: UNLICENSED
pragma solidity ^0.8.24;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Permit.sol";

/// @title TestYen: a yen stablecoin's twin for tests and the demo; one unit is one yen
/// @dev Anybody may make any amount of it. Never deployed by a production script.
contract TestYen is ERC20, ERC20Permit {
    constructor() ERC20("Test Yen", "TJPY") ERC20Permit("Test Yen") {}

    function decimals() public pure override returns (uint8) {
        return 0;
    }

    function mint(address to, uint256 amount) external {
        _mint(to, amount);
    }
}
