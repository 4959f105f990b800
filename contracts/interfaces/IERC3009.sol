// SPDX-License-Identifier: UNLICENSED
pragma solidity ^0.8.24;

/// @title ERC-3009: transfers that the holder signs and somebody else sends
/// @dev Nonces are 32 bytes and unordered. Here the nonce is the trade's reference (取引ID), so a repeat of the same
///      trade can never move units twice. Each function has a second form whose signature may be a contract's
///      (ERC-1271).
interface IERC3009 {
    event AuthorizationUsed(address indexed authorizer, bytes32 indexed nonce);
    event AuthorizationCanceled(address indexed authorizer, bytes32 indexed nonce);

    /// @notice Moves `value` units on the authorisation that `from` signed; valid after `validAfter` and before
    ///         `validBefore` (UTC seconds, both exclusive).
    function transferWithAuthorization(
        address from,
        address to,
        uint256 value,
        uint256 validAfter,
        uint256 validBefore,
        bytes32 nonce,
        uint8 v,
        bytes32 r,
        bytes32 s
    ) external;

    function transferWithAuthorization(
        address from,
        address to,
        uint256 value,
        uint256 validAfter,
        uint256 validBefore,
        bytes32 nonce,
        bytes calldata signature
    ) external;

    /// @notice As `transferWithAuthorization`, but only the recipient may send it: nobody can run ahead of it.
    function receiveWithAuthorization(
        address from,
        address to,
        uint256 value,
        uint256 validAfter,
        uint256 validBefore,
        bytes32 nonce,
        uint8 v,
        bytes32 r,
        bytes32 s
    ) external;

    function receiveWithAuthorization(
        address from,
        address to,
        uint256 value,
        uint256 validAfter,
        uint256 validBefore,
        bytes32 nonce,
        bytes calldata signature
    ) external;

    /// @notice Makes an authorisation that was not used yet void, by another signature of its maker.
    function cancelAuthorization(address authorizer, bytes32 nonce, uint8 v, bytes32 r, bytes32 s) external;

    function cancelAuthorization(address authorizer, bytes32 nonce, bytes calldata signature) external;

    /// @notice Whether the nonce was used or cancelled.
    function authorizationState(address authorizer, bytes32 nonce) external view returns (bool);
}
