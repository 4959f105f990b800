// SPDX-License-Identifier: UNLICENSED
pragma solidity ^0.8.24;

/// @title HoldState: what became of a hold
enum HoldState {
    None, // 0
    Standing, // 1
    Executed, // 2
    Released // 3
}

/// @title IHolds: holds in place (留保)
/// @notice Units promised to a buyer stay in the seller's own account: the seller remains holder of record and the
///         register can always say who owns. They count as frozen until the notary delivers or releases them, or
///         until the hold expires; then anybody may release them, also when a verdict has lapsed meanwhile.
interface IHolds {
    /// @param holder the account the units are in (its present one, when it was re-keyed)
    /// @param to     who receives at delivery; checked like the recipient of a transfer, at creation and at delivery
    /// @param notary who may deliver or release before the expiry, and deliver not after it
    /// @param units  whole units, splits since creation included
    /// @param expiry first UTC second at which the hold no longer binds
    struct Hold {
        address holder;
        address to;
        address notary;
        uint256 units;
        uint32 expiry;
        HoldState state;
    }

    event HoldCreated(
        bytes32 indexed holdId, address indexed holder, address indexed to, address notary, uint256 units, uint32 expiry
    );
    event HoldExecuted(bytes32 indexed holdId);
    event HoldReleased(bytes32 indexed holdId, address indexed by);

    error HoldExists(bytes32 holdId);
    error HoldNotStanding(bytes32 holdId, HoldState state);
    error HoldExpired(bytes32 holdId, uint32 expiry);
    error HoldNotExpired(bytes32 holdId, uint32 expiry);
    error HoldNotNotary(bytes32 holdId, address caller);
    error HoldExpiryInvalid(uint32 expiry);
    error HoldUnitsHeld(address account, uint256 held);

    /// @notice Holds `units` of the caller for `to`. `holdId` is the trade's reference; it is used once.
    function createHold(bytes32 holdId, address to, uint256 units, uint32 expiry, address notary) external;
    /// @notice As `createHold`, by a spender whom `holder` allowed at least `units`.
    function createHoldFrom(address holder, bytes32 holdId, address to, uint256 units, uint32 expiry, address notary)
        external;
    /// @notice Delivers: the notary only, before the expiry, under every check of a transfer.
    function executeHold(bytes32 holdId) external;
    /// @notice Gives the units back to the holder's disposal: the notary at any time, anybody from the expiry on.
    function releaseHold(bytes32 holdId) external;

    function holdOf(bytes32 holdId) external view returns (Hold memory);
    /// @notice Units of the account under standing holds; part of its frozen units.
    function heldUnits(address account) external view returns (uint256);
}
