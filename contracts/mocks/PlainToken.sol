// SPDX-License-Identifier: UNLICENSED
pragma solidity ^0.8.24;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";

/// @title PlainToken: OpenZeppelin's ERC-20 with nothing added, the yardstick of `make bench`
/// @dev Never deployed by a production script.
contract PlainToken is ERC20, Ownable {
    constructor() ERC20("Plain", "PLAIN") Ownable(msg.sender) {}

    function mint(address to, uint256 value) external onlyOwner {
        _mint(to, value);
    }

    function burn(address from, uint256 value) external onlyOwner {
        _burn(from, value);
    }
}
