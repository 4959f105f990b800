// SPDX-License-Identifier: UNLICENSED
pragma solidity ^0.8.24;

import {Managed} from "../governance/Managed.sol";

/// @title IERC1643: documents that belong to a token, by name, address and digest
interface IERC1643 {
    event DocumentUpdated(bytes32 indexed name, string uri, bytes32 documentHash);
    event DocumentRemoved(bytes32 indexed name, string uri, bytes32 documentHash);

    function getDocument(bytes32 name) external view returns (string memory uri, bytes32 documentHash, uint256 lastModified);
    function setDocument(bytes32 name, string calldata uri, bytes32 documentHash) external;
    function removeDocument(bytes32 name) external;
    function getAllDocuments() external view returns (bytes32[] memory names);
}

/// @title DocumentRegistry: the documents of one product (目論見書, 信託契約 and so on), ERC-1643
///
/// @notice Powers.
///
///     DOCUMENT_KEEPER (Safe)   set and remove documents.  Cannot touch units; what was set stays in the events.
///                              Blocks: nobody.
contract DocumentRegistry is IERC1643, Managed {
    struct Document {
        string uri;
        bytes32 documentHash;
        uint64 lastModified;
        uint64 index; // place in `_names`, counted from 1; 0 = no such document
    }

    error DocumentDutyMissing(address caller, bytes4 selector);
    error DocumentUnknown(bytes32 name);
    error DocumentMalformed();

    /// @notice The token whose documents these are.
    address public immutable token;

    mapping(bytes32 name => Document) private _documents;
    bytes32[] private _names;

    constructor(address manager, address token_) Managed(manager) {
        token = token_;
    }

    modifier duty() {
        if (!_holdsDuty()) revert DocumentDutyMissing(msg.sender, msg.sig);
        _;
    }

    /// @inheritdoc IERC1643
    function getDocument(bytes32 name) external view returns (string memory, bytes32, uint256) {
        Document memory document = _documents[name];
        return (document.uri, document.documentHash, document.lastModified);
    }

    /// @inheritdoc IERC1643
    function setDocument(bytes32 name, string calldata uri, bytes32 documentHash) external duty {
        if (name == bytes32(0) || documentHash == bytes32(0)) revert DocumentMalformed();
        Document storage document = _documents[name];
        if (document.index == 0) {
            _names.push(name);
            document.index = uint64(_names.length);
        }
        document.uri = uri;
        document.documentHash = documentHash;
        document.lastModified = uint64(block.timestamp);
        emit DocumentUpdated(name, uri, documentHash);
    }

    /// @inheritdoc IERC1643
    function removeDocument(bytes32 name) external duty {
        Document memory document = _documents[name];
        if (document.index == 0) revert DocumentUnknown(name);
        // Order has no meaning: the last name takes the place of the one that leaves.
        bytes32 last = _names[_names.length - 1];
        _names[document.index - 1] = last;
        _documents[last].index = document.index;
        _names.pop();
        delete _documents[name];
        emit DocumentRemoved(name, document.uri, document.documentHash);
    }

    /// @inheritdoc IERC1643
    function getAllDocuments() external view returns (bytes32[] memory) {
        return _names;
    }
}
