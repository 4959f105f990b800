// SPDX-License-Identifier: UNLICENSED
pragma solidity ^0.8.24;

/// @title ERC-3643: the token surface that existing tools call, as far as it means something here
/// @dev The token is its own identity registry (`isVerified`) and its own compliance (`canTransfer` of ERC-7943): the
///      verdict stands in the account word. Left out on purpose, and therefore refused: `pause`, `unpause` (the
///      platform stops all products at once), `setName`, `setSymbol`, `setOnchainID`, `setIdentityRegistry`,
///      `setCompliance` (a token does not change what it is), and the agent and owner roles (`isAgent`, `owner` and their
///      setters): who may act stands in the access manager, duty by duty (`authority`).
interface IERC3643Surface {
    event RecoverySuccess(
        address indexed _lostWallet, address indexed _newWallet, address indexed _investorOnchainID
    );

    function onchainID() external view returns (address);
    function version() external view returns (string memory);
    function identityRegistry() external view returns (address);
    function compliance() external view returns (address);
    /// @notice Whether ordinary transfers are off: stopped, market closed, group disabled or ended.
    function paused() external view returns (bool);
    function isFrozen(address account) external view returns (bool);
    /// @notice Whether the account carries a verdict that holds now and is not blocked.
    function isVerified(address account) external view returns (bool);

    function mint(address to, uint256 amount) external;
    function burn(address from, uint256 amount) external;
    function batchMint(address[] calldata to, uint256[] calldata amounts) external;
    function batchBurn(address[] calldata from, uint256[] calldata amounts) external;
    function batchForcedTransfer(address[] calldata from, address[] calldata to, uint256[] calldata amounts) external;
    function batchSetAddressFrozen(address[] calldata accounts, bool[] calldata frozen) external;
    function batchFreezePartialTokens(address[] calldata accounts, uint256[] calldata amounts) external;
    function batchUnfreezePartialTokens(address[] calldata accounts, uint256[] calldata amounts) external;
    function recoveryAddress(address lostWallet, address newWallet, address investorOnchainID) external returns (bool);
}
