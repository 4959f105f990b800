// SPDX-License-Identifier: UNLICENSED
pragma solidity ^0.8.24;

import {IPlatform} from "../interfaces/IPlatform.sol";
import {ProductTerms} from "../interfaces/ProductTerms.sol";
import {Managed} from "../governance/Managed.sol";

/// @title TokenFactory: creates one immutable token per product and registers it in the same transaction
///
/// @notice Powers, duty by duty.
///
///     PRODUCT_CREATOR (Safe)  approve token code, create products.  Cannot issue, move or restrict.
///                             Blocks: nobody; a withdrawn approval only prevents new products.
///
/// @dev The token's creation code is handed in and checked by hash instead of being embedded: an embedded copy
///      would not leave room under the 24,576-byte limit, and a new version of the token is then a decision
///      (an approved hash) rather than a new factory.
contract TokenFactory is Managed {
    event CodeApproved(bytes32 indexed codeHash, address indexed acts);
    event Created(bytes32 indexed productId, address indexed token, bytes32 indexed codeHash);

    error FactoryDutyMissing(address caller, bytes4 selector);
    error FactoryCodeNotApproved(bytes32 codeHash);
    error FactoryActsForeign(address acts);
    error FactoryCreationFailed(bytes32 productId);

    IPlatform public immutable platform;

    /// @notice The `TokenActs` that tokens of this creation code (keccak256) run; zero when it is not approved.
    mapping(bytes32 codeHash => address) public actsOf;

    constructor(address manager, address platform_) Managed(manager) {
        platform = IPlatform(platform_);
    }

    modifier duty() {
        if (!_holdsDuty()) revert FactoryDutyMissing(msg.sender, msg.sig);
        _;
    }

    /// @notice Approves creation code together with the acts it is to run; the zero address withdraws.
    function approveCode(bytes32 codeHash, address acts) external duty {
        // Check: acts bound to another access manager would let its duty holders act on our tokens.
        if (acts != address(0) && Managed(acts).authority() != address(_manager)) revert FactoryActsForeign(acts);
        actsOf[codeHash] = acts;
        emit CodeApproved(codeHash, acts);
    }

    /// @notice Creates the token of `terms.productId` from approved `creationCode`.
    /// @param salt chosen by the caller; with the code and the terms it fixes the address (CREATE2)
    /// @return token the new token, registered with the platform and carrying its present market bits
    function create(bytes calldata creationCode, ProductTerms calldata terms, bytes32 salt)
        external
        duty
        returns (address token)
    {
        bytes32 codeHash = keccak256(creationCode);
        address acts = actsOf[codeHash];
        if (acts == address(0)) revert FactoryCodeNotApproved(codeHash);

        bytes memory initCode = bytes.concat(
            creationCode,
            abi.encode(terms, acts, address(platform), platform.controlBits(terms.transferControlId))
        );
        assembly ("memory-safe") {
            token := create2(0, add(initCode, 32), mload(initCode), salt)
        }
        if (token == address(0)) revert FactoryCreationFailed(terms.productId);

        emit Created(terms.productId, token, codeHash);
        platform.register(terms.productId, token, terms.transferControlId);
    }
}
