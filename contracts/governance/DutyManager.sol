// SPDX-License-Identifier: UNLICENSED
pragma solidity ^0.8.24;

import {AccessManager} from "@openzeppelin/contracts/access/manager/AccessManager.sol";

/// @title DutyManager: who holds which duty
/// @notice OpenZeppelin's AccessManager, unchanged; it has a name of ours so that its artifact ships with the others.
/// @dev What ADMIN may do: grant, revoke and wire duties. What it may not do: any act on a token. Whom it can
///      block: everybody, by revoking duties; therefore it is held by a Safe (2 of n) and by nobody else.
contract DutyManager is AccessManager {
    constructor(address initialAdmin) AccessManager(initialAdmin) {}
}
