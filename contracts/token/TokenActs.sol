// SPDX-License-Identifier: UNLICENSED
pragma solidity ^0.8.24;

import {Restrictions} from "../compliance/Restrictions.sol";
import {Managed} from "../governance/Managed.sol";
import {Delegating} from "./Delegating.sol";
import {Issuance} from "./Issuance.sol";
import {Repair} from "./Repair.sol";

/// @title TokenActs: the acts of a token that are bound to duties
///
/// @notice Powers, duty by duty, on each token that runs this code. "Blocks" says whom the duty can stop or trap.
///
///     ISSUER (Safe)       issue, redeem, split, terms, close.                    Cannot move a holder's units.
///                         Blocks: nobody while units stand; can end the product once redeemed to zero, or once a
///                         successor of the same platform carries the same total: then everybody, here.
///     DISTRIBUTOR         distribute from the initial beneficiary.               Cannot touch investors' units.
///                         Blocks: nobody.
///     RESTRICTOR          verdicts, freezes, lock-ups, classes, rule: upwards.   Cannot lift, cannot move.
///                         Blocks: any holder, or all of them by a rule or a class.
///     RELEASER (Safe)     lift what a RESTRICTOR raised (holding both duties).   Cannot move.
///                         Blocks: nobody.
///     REPAIRER (Safe)     forced transfer, redistribute, reverse, re-key.        Cannot give to the ineligible.
///                         Blocks: a holder, by taking units or retiring an address.
///     anybody             write pending splits (`sync`).                         Cannot change a figure.
///                         Blocks: nobody.
///
/// @dev Deployed once per access manager and shared: every `SecurityToken` runs it on its own storage. It has no
///      storage of its own to speak of and cannot be changed. What it does not know it hands on to `TokenServices`.
contract TokenActs is Issuance, Restrictions, Repair, Delegating {
    /// @notice The `TokenServices` that tokens with these acts run.
    address public immutable services;

    constructor(address manager, address services_) Managed(manager) {
        services = services_;
    }

    fallback() external {
        _runAs(services);
    }
}
