// SPDX-License-Identifier: UNLICENSED
pragma solidity ^0.8.24;

import {Questions} from "../compliance/Questions.sol";
import {IERC1404} from "../interfaces/IERC1404.sol";
import {IERC3009} from "../interfaces/IERC3009.sol";
import {IERC3643Surface} from "../interfaces/IERC3643Surface.sol";
import {IERC7943Fungible} from "../interfaces/IERC7943.sol";
import {IHolds} from "../interfaces/IHolds.sol";
import {ISecurityToken} from "../interfaces/ISecurityToken.sol";
import {
    AccountWord,
    ADDRESS_FROZEN,
    BLOCKED_TO_RECEIVE,
    BLOCKED_TO_SEND,
    RETIRED
} from "./AccountWord.sol";
import {ControlWord, MARKET_CLOSED, PRODUCT_ENDED, STOPPED, TRANSFER_DISABLED} from "./ControlWord.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC20Metadata} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Metadata.sol";
import {IERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Permit.sol";
import {IERC165} from "@openzeppelin/contracts/utils/introspection/IERC165.sol";

/// @title TokenViews: what anybody may ask of a token
abstract contract TokenViews is Questions {
    function name() external view returns (string memory) {
        return _name;
    }

    function symbol() external view returns (string memory) {
        return _symbol;
    }

    /// @notice Zero: units are whole (decision I-17); smaller pieces come by split.
    function decimals() external pure returns (uint8) {
        return 0;
    }

    function initialBeneficiary() external view returns (address) {
        return _initialBeneficiary;
    }

    function termsHash() external view returns (bytes32) {
        return _termsHash;
    }

    function getFrozenTokens(address account) external view returns (uint256) {
        return _load(account, _control).frozen();
    }

    /// @notice The account as one word (see `AccountWord`), pending splits applied.
    function accountWord(address account) external view returns (uint256) {
        return _load(account, _control).raw();
    }

    /// @notice The product's switches as one word (see `ControlWord`).
    function controlWord() external view returns (uint256) {
        return ControlWord.unwrap(_control);
    }

    /// @notice Total issued, authorised cap, redemption date (UTC seconds), legal category, whether ever issued.
    function supply()
        external
        view
        returns (uint256 total, uint256 cap, uint32 redemptionDate, uint16 legalCategory, bool everIssued)
    {
        Supply memory s = _supply;
        return (s.total, s.cap, s.redemptionDate, s.legalCategory, s.everIssued);
    }

    function splitFactor() external view returns (uint256) {
        return _factorSince(0, _control.epoch());
    }

    function holderCount() external view returns (uint256) {
        return _holderCount;
    }

    function isReferenceUsed(bytes32 ref) external view returns (bool) {
        return _usedRefs[ref];
    }

    function isReversed(bytes32 originalRef) external view returns (bool) {
        return _reversedRefs[originalRef];
    }

    function burnedUnder(bytes32 ref) external view returns (uint256) {
        return _unitsNow(_burned[ref], _control);
    }

    // --------------------------------------------------------------------------- the surface of ERC-3643

    /// @notice No on-chain identity: who an investor is stands in the registry, off the chain.
    function onchainID() external pure returns (address) {
        return address(0);
    }

    function version() external pure returns (string memory) {
        return "1";
    }

    function identityRegistry() external view returns (address) {
        return address(this);
    }

    function compliance() external view returns (address) {
        return address(this);
    }

    function paused() external view returns (bool) {
        return _control.bits() & (STOPPED | MARKET_CLOSED | TRANSFER_DISABLED | PRODUCT_ENDED) != 0;
    }

    function isFrozen(address account) external view returns (bool) {
        return _load(account, _control).has(ADDRESS_FROZEN);
    }

    function isVerified(address account) external view returns (bool) {
        AccountWord word = _load(account, _control);
        return block.timestamp < word.verifiedUntil() && !word.has(BLOCKED_TO_SEND | BLOCKED_TO_RECEIVE | RETIRED);
    }

    function supportsInterface(bytes4 interfaceId) external pure returns (bool) {
        return interfaceId == type(IERC165).interfaceId || interfaceId == type(IERC20).interfaceId
            || interfaceId == type(IERC20Metadata).interfaceId || interfaceId == type(IERC20Permit).interfaceId
            || interfaceId == type(IERC3009).interfaceId || interfaceId == type(IERC7943Fungible).interfaceId
            || interfaceId == type(IERC1404).interfaceId || interfaceId == type(IERC3643Surface).interfaceId
            || interfaceId == type(IHolds).interfaceId || interfaceId == type(ISecurityToken).interfaceId;
    }
}
