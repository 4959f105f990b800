// SPDX-License-Identifier: UNLICENSED
pragma solidity ^0.8.24;

/// @title ERC-7943 (uRWA) for fungible tokens: the surface by which other systems ask and act on restrictions
/// @dev Interface id 0x3edbb4c4. Signatures are the standard's; the words are ours.
interface IERC7943Fungible {
    /// @notice `amount` units were taken from `from` and given to `to` without the holder's consent.
    event ForcedTransfer(address indexed from, address indexed to, uint256 amount);

    /// @notice `amount` units of `account` are frozen from now on (the new absolute figure).
    event Frozen(address indexed account, uint256 amount);

    error ERC7943CannotSend(address account);
    error ERC7943CannotReceive(address account);
    error ERC7943CannotTransfer(address from, address to, uint256 amount);
    error ERC7943InsufficientUnfrozenBalance(address account, uint256 amount, uint256 unfrozen);

    /// @notice Moves `amount` units from `from` to `to` by order of an authority.
    function forcedTransfer(address from, address to, uint256 amount) external returns (bool result);

    /// @notice Sets the frozen units of `account` to exactly `amount`, which may exceed the balance.
    function setFrozenTokens(address account, uint256 amount) external returns (bool result);

    /// @notice Whether `account` may send at all, whatever the amount.
    function canSend(address account) external view returns (bool allowed);

    /// @notice Whether `account` may receive at all, whatever the amount.
    function canReceive(address account) external view returns (bool allowed);

    /// @notice Frozen units of `account`; may exceed its balance.
    function getFrozenTokens(address account) external view returns (uint256 amount);

    /// @notice Whether `transfer` of `amount` from `from` to `to` would succeed at this block.
    function canTransfer(address from, address to, uint256 amount) external view returns (bool allowed);
}
