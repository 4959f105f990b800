// SPDX-License-Identifier: UNLICENSED
pragma solidity ^0.8.24;

/// @title Delegating: runs other code of ours on the caller's own storage
/// @dev The code to run is fixed when the contract is created, shares the storage layout, and hands back its answer or
///      its refusal as it is. There is no way to name other code.
abstract contract Delegating {
    function _runAs(address code) internal {
        assembly ("memory-safe") {
            calldatacopy(0, 0, calldatasize())
            let done := delegatecall(gas(), code, 0, calldatasize(), 0, 0)
            returndatacopy(0, 0, returndatasize())
            if iszero(done) { revert(0, returndatasize()) }
            return(0, returndatasize())
        }
    }
}
