// SPDX-License-Identifier: UNLICENSED
pragma solidity ^0.8.24;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";

/// @title PickyYen: a yen token with decimals, a list of blocked addresses, and a charge on whoever pays
/// @dev Anybody may make any amount of it and block anybody. Never deployed by a production script.
contract PickyYen is ERC20 {
    uint8 private immutable _decimals;
    mapping(address account => bool) public isBlocked;
    mapping(address account => bool) private _quietly;
    uint256 private _charge;

    error PickyBlocked(address account);

    constructor(uint8 decimals_) ERC20("Picky Yen", "PICKY") {
        _decimals = decimals_;
    }

    function decimals() public view override returns (uint8) {
        return _decimals;
    }

    function mint(address to, uint256 amount) external {
        _mint(to, amount);
    }

    /// @notice Blocks an account; a payment to it is refused by an error, or quietly by a no.
    function bar(address account, bool blocked, bool quietly) external {
        isBlocked[account] = blocked;
        _quietly[account] = quietly;
    }

    /// @notice So much more is taken from whoever pays.
    function charge(uint256 amount) external {
        _charge = amount;
    }

    function transferFrom(address from, address to, uint256 value) public override returns (bool) {
        if (isBlocked[to]) {
            if (_quietly[to]) return false;
            revert PickyBlocked(to);
        }
        if (_charge > 0) _burn(from, _charge);
        return super.transferFrom(from, to, value);
    }
}
