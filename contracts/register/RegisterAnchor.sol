// SPDX-License-Identifier: UNLICENSED
pragma solidity ^0.8.24;

import {Managed} from "../governance/Managed.sol";
import {AnchorKind, IRegisterAnchor} from "../interfaces/IRegisterAnchor.sol";
import {MerkleProof} from "@openzeppelin/contracts/utils/cryptography/MerkleProof.sol";

/// @title RegisterAnchor: roots of registers, payee lists and audit days
///
/// @notice Powers.
///
///     ANCHORER   anchor a root.  Cannot replace or remove one, touches no token.  Blocks: nobody; who anchors a wrong
///                root keeps the right one of that kind, subject and day out.
///
/// @dev Pairs are hashed in sorted order, leaves twice, the second time here: so a node can never pass for a leaf.
contract RegisterAnchor is IRegisterAnchor, Managed {
    struct Entry {
        bytes32 root;
        uint64 leaves;
        uint64 anchoredAt;
    }

    mapping(bytes32 key => Entry) private _entries;

    constructor(address manager) Managed(manager) {}

    /// @inheritdoc IRegisterAnchor
    function anchor(AnchorKind kind, bytes32 subject, uint32 day, bytes32 root, uint64 leaves) external {
        if (!_holdsDuty()) revert AnchorDutyMissing(msg.sender, msg.sig);
        if (subject == bytes32(0) || root == bytes32(0) || day == 0 || leaves == 0) revert AnchorMalformed();
        Entry storage entry = _entries[_key(kind, subject, day)];
        if (entry.root != bytes32(0)) revert AnchorExists(kind, subject, day, entry.root);
        entry.root = root;
        entry.leaves = leaves;
        entry.anchoredAt = uint64(block.timestamp);
        emit Anchored(kind, subject, day, root, leaves);
    }

    /// @inheritdoc IRegisterAnchor
    function rootOf(AnchorKind kind, bytes32 subject, uint32 day) external view returns (bytes32, uint64, uint64) {
        Entry memory entry = _entries[_key(kind, subject, day)];
        return (entry.root, entry.leaves, entry.anchoredAt);
    }

    /// @inheritdoc IRegisterAnchor
    function proves(AnchorKind kind, bytes32 subject, uint32 day, bytes32 record, bytes32[] calldata proof)
        external
        view
        returns (bool)
    {
        bytes32 root = _entries[_key(kind, subject, day)].root;
        return root != bytes32(0) && MerkleProof.verifyCalldata(proof, root, keccak256(abi.encode(record)));
    }

    function _key(AnchorKind kind, bytes32 subject, uint32 day) private pure returns (bytes32) {
        return keccak256(abi.encode(kind, subject, day));
    }
}
