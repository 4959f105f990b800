// SPDX-License-Identifier: UNLICENSED
pragma solidity ^0.8.24;

import {AccessManager} from "@openzeppelin/contracts/access/manager/AccessManager.sol";

/// @title DutyManager: who holds which duty
///
/// @notice OpenZeppelin's AccessManager, unchanged; it has a name of ours so that its artifact ships with the others.
///         Powers.
///
///     ADMIN (Safe)   grant, revoke and wire duties.  Cannot act on a token, a platform or a factory by that alone.
///                    Blocks: everybody, by revoking duties; therefore a Safe (2 of n) holds it, and nobody else.
///     duty holder    give up a duty of its own.      Blocks: nobody.
///
/// @dev Its relay (`execute`) is open to duty holders and useless: our contracts do not count it (`Managed`).
contract DutyManager is AccessManager {
    constructor(address initialAdmin) AccessManager(initialAdmin) {}
}
