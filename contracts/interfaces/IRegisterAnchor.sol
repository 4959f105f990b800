// SPDX-License-Identifier: UNLICENSED
pragma solidity ^0.8.24;

/// @title AnchorKind: what a root commits to
enum AnchorKind {
    Register, // 0 the register of a product at a record date
    PayeeList, // 1 the payees of a distribution
    AuditDay // 2 the audit log of a day
}

/// @title IRegisterAnchor: commitments to records that stay off the chain
/// @notice A root is anchored once per kind, subject and day; it is never replaced. A leaf carries a secret of its own,
///         so nobody can guess a person from a root.
interface IRegisterAnchor {
    /// @param subject what it is about: a product id, a distribution, an audit chain
    /// @param day     YYYYMMDD in JST
    /// @param leaves  how many records the root covers
    event Anchored(AnchorKind indexed kind, bytes32 indexed subject, uint32 indexed day, bytes32 root, uint256 leaves);

    error AnchorDutyMissing(address caller, bytes4 selector);
    error AnchorExists(AnchorKind kind, bytes32 subject, uint32 day, bytes32 root);
    error AnchorMalformed();

    function anchor(AnchorKind kind, bytes32 subject, uint32 day, bytes32 root, uint64 leaves) external;
    /// @notice Root, number of leaves and UTC time of anchoring; zeros when there is none.
    function rootOf(AnchorKind kind, bytes32 subject, uint32 day)
        external
        view
        returns (bytes32 root, uint64 leaves, uint64 anchoredAt);
    /// @notice Whether a record belongs to the anchored root.
    /// @param record keccak256 of the record and its secret; hashed once more here, it is the leaf, and no node is one
    function proves(AnchorKind kind, bytes32 subject, uint32 day, bytes32 record, bytes32[] calldata proof)
        external
        view
        returns (bool);
}
