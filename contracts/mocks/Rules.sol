// SPDX-License-Identifier: UNLICENSED
pragma solidity ^0.8.24;

import {ITransferRule} from "../interfaces/ITransferRule.sol";

/// @title LimitRule: an extra rule that works; at most so many units per movement
/// @dev Never deployed by a production script.
contract LimitRule is ITransferRule {
    uint256 public immutable most;

    constructor(uint256 most_) {
        most = most_;
    }

    function allows(address, address, uint256 units) external view returns (bool) {
        return units <= most;
    }
}

/// @title Fault: the ways in which an extra rule can be broken
enum Fault {
    Reverts, // 0
    BurnsAllGas, // 1
    SaysYesTooLate, // 2  a yes that costs more gas than a rule may use
    AnswersNothing, // 3
    AnswersShort, // 4    31 bytes
    AnswersLong, // 5     two words, the first of them a yes
    AnswersTwo, // 6      a number that is neither yes nor no
    AnswersFlood, // 7    as many bytes as its gas pays for
    Writes // 8           tries to change something before it says yes
}

/// @title BrokenRule: an extra rule with one fault
/// @dev Never deployed by a production script. No fault of a rule may open the product, or cost it more than gas.
contract BrokenRule {
    Fault public immutable fault;
    uint256 public written;

    constructor(Fault fault_) {
        fault = fault_;
    }

    fallback() external {
        Fault kind = fault;
        if (kind == Fault.Reverts) revert("broken");
        if (kind == Fault.Writes) written = 1;
        if (kind == Fault.BurnsAllGas) {
            while (true) {}
        }
        if (kind == Fault.SaysYesTooLate) {
            uint256 before = gasleft();
            while (before - gasleft() < 250_000) {}
        }
        uint256 length = 32;
        if (kind == Fault.AnswersNothing) length = 0;
        if (kind == Fault.AnswersShort) length = 31;
        if (kind == Fault.AnswersLong) length = 64;
        if (kind == Fault.AnswersFlood) length = 200_000;
        uint256 answer = kind == Fault.AnswersTwo ? 2 : 1;
        assembly {
            mstore(0, answer)
            return(0, length)
        }
    }
}
