// SPDX-License-Identifier: UNLICENSED
pragma solidity ^0.8.24;

/// @title MarketStatus (開閉局ステータス, R-PROGMAT-T16.1, with the full stop of R-JSTOA-6.1.1.11)
enum MarketStatus {
    Open, // 0
    Closed, // 1 ordinary transfers wait, repair runs
    Stopped // 2 nothing runs
}

/// @title IPlatform: the list of products, and the switches that reach all of them
interface IPlatform {
    event Stopped(address indexed by);
    event Resumed(address indexed by);
    event MarketOpened(address indexed by);
    event MarketClosed(address indexed by);
    event GroupCreated(bytes32 indexed group, bool enabled);
    event TransferEnabledSet(bytes32 indexed group, bool enabled);
    event GroupAssigned(address indexed token, bytes32 indexed previous, bytes32 indexed group);
    event ProductRegistered(bytes32 indexed productId, address indexed token, bytes32 indexed group);

    error PlatformDutyMissing(address caller, bytes4 selector);
    error PlatformNotStopped();
    error PlatformAlreadyStopped(address by);
    error PlatformResumeNeedsOthers(address stopper);
    error PlatformProductExists(bytes32 productId);
    error PlatformProductUnknown(address token);
    error PlatformGroupUnknown(bytes32 group);
    error PlatformGroupExists(bytes32 group);

    /// @notice Action 11 (停止): halts every basic action of every product. One person suffices.
    function stop() external;
    /// @notice Ends the stop; the market is closed afterwards, so that repair runs first (R-JSTOA-6.1.1.11c).
    /// @dev The caller must be a Safe of threshold two or more that does not count the person who stopped.
    function resume() external;
    function openMarket() external;
    function closeMarket() external;

    /// @notice Adds a transfer-enable group (移転実行可否制御, R-PROGMAT-T4).
    function createGroup(bytes32 group, bool enabled) external;
    function setTransferEnabled(bytes32 group, bool enabled) external;
    function assignGroup(address token, bytes32 group) external;
    /// @notice Adds a product; called by the factory in the transaction that creates the token.
    function register(bytes32 productId, address token, bytes32 group) external;

    function status() external view returns (MarketStatus);
    /// @notice The person who stopped; zero when not stopped.
    function stoppedBy() external view returns (address);
    function groupOf(address token) external view returns (bytes32);
    function isTransferEnabled(bytes32 group) external view returns (bool);
    function tokenOf(bytes32 productId) external view returns (address);
    function tokenCount() external view returns (uint256);
    /// @notice At most `count` registered tokens from number `first` on.
    function tokens(uint256 first, uint256 count) external view returns (address[] memory);
    /// @notice The stop and market bits that a token of `group` must carry now.
    function controlBits(bytes32 group) external view returns (uint16);
}
