// SPDX-License-Identifier: UNLICENSED
pragma solidity ^0.8.24;

import {IERC1271} from "@openzeppelin/contracts/interfaces/IERC1271.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";

/// @title ContractWallet: a holder whose signature is its owner's (ERC-1271)
/// @dev Never deployed by a production script.
contract ContractWallet is IERC1271 {
    address public owner;

    constructor(address owner_) {
        owner = owner_;
    }

    function isValidSignature(bytes32 hash, bytes memory signature) external view returns (bytes4) {
        (address recovered, ECDSA.RecoverError failed,) = ECDSA.tryRecover(hash, signature);
        bool valid = failed == ECDSA.RecoverError.NoError && recovered == owner;
        return valid ? IERC1271.isValidSignature.selector : bytes4(0xffffffff);
    }

    /// @notice The wallet acts, by its owner.
    function perform(address target, bytes calldata data) external {
        require(msg.sender == owner, "not the owner");
        (bool done, bytes memory answer) = target.call(data);
        if (!done) {
            assembly ("memory-safe") {
                revert(add(answer, 32), mload(answer))
            }
        }
    }

    /// @notice Another owner: what the old one signed is worth nothing from now on.
    function handOver(address owner_) external {
        require(msg.sender == owner, "not the owner");
        owner = owner_;
    }
}

/// @title WalletFault: the ways in which a contract can fail to sign
enum WalletFault {
    Reverts, // 0
    BurnsAllGas, // 1
    AnswersNothing, // 2
    AnswersShort, // 3        the right four bytes, and no more
    AnswersTrue, // 4         the number 1
    AnswersNo, // 5           0xffffffff
    AnswersGarbage, // 6      the right four bytes, and dirt behind them
    Writes // 7               tries to change something before it says yes
}

/// @title BrokenWallet: a contract that says of no signature that it is valid, in one of many ways
/// @dev Never deployed by a production script.
contract BrokenWallet {
    WalletFault public immutable fault;
    uint256 public written;

    constructor(WalletFault fault_) {
        fault = fault_;
    }

    function isValidSignature(bytes32, bytes calldata) external returns (bytes4) {
        WalletFault kind = fault;
        if (kind == WalletFault.Reverts) revert("broken");
        if (kind == WalletFault.Writes) written = 1;
        if (kind == WalletFault.BurnsAllGas) {
            assembly ("memory-safe") {
                invalid()
            }
        }
        bytes32 answer = bytes32(IERC1271.isValidSignature.selector);
        if (kind == WalletFault.AnswersTrue) answer = bytes32(uint256(1));
        if (kind == WalletFault.AnswersNo) answer = bytes32(bytes4(0xffffffff));
        if (kind == WalletFault.AnswersGarbage) answer |= bytes32(uint256(1));
        uint256 length = 32;
        if (kind == WalletFault.AnswersNothing) length = 0;
        if (kind == WalletFault.AnswersShort) length = 4;
        assembly ("memory-safe") {
            mstore(0, answer)
            return(0, length)
        }
    }

    /// @notice The wallet acts, for anybody: it is nobody's.
    function perform(address target, bytes calldata data) external {
        (bool done, bytes memory answer) = target.call(data);
        if (!done) {
            assembly ("memory-safe") {
                revert(add(answer, 32), mload(answer))
            }
        }
    }
}
