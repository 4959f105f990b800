// SPDX-License-Identifier: UNLICENSED
pragma solidity ^0.8.24;

import {Restrictions} from "../compliance/Restrictions.sol";
import {IERC1404} from "../interfaces/IERC1404.sol";
import {IERC7943Fungible} from "../interfaces/IERC7943.sol";
import {ISecurityToken, ProductTerms} from "../interfaces/ISecurityToken.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC20Metadata} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Metadata.sol";
import {IERC165} from "@openzeppelin/contracts/utils/introspection/IERC165.sol";
import {Managed} from "../governance/Managed.sol";
import {ControlWord, ControlWords, PLATFORM_BITS} from "./ControlWord.sol";
import {Issuance} from "./Issuance.sol";
import {Repair} from "./Repair.sol";
import {Transfers} from "./Transfers.sol";

/// @title SecurityToken: one product (銘柄), whole units, immutable code
///
/// @notice Powers, duty by duty. "Blocks" says whom the duty can stop or trap.
///
///     holder              transfer own unfrozen units to eligible holders.      Blocks: nobody.
///     ISSUER (Safe)       issue, redeem, split, terms.                          Cannot move a holder's units.
///                         Blocks: nobody; can end the product once redeemed to zero.
///     DISTRIBUTOR         distribute from the initial beneficiary.              Cannot touch investors' units.
///                         Blocks: nobody.
///     RESTRICTOR          verdicts, freezes, lock-ups, classes, rule: upwards.  Cannot lift, cannot move.
///                         Blocks: any holder, or all of them by a rule or a class.
///     RELEASER (Safe)     lift what a RESTRICTOR raised (holding both duties).  Cannot move.
///                         Blocks: nobody.
///     REPAIRER (Safe)     forced transfer, redistribute, reverse, re-key.       Cannot give to the ineligible.
///                         Blocks: a holder, by taking units or retiring an address.
///     platform            stop, market and transfer-enable bits.                Cannot move, cannot end.
///                         Blocks: everybody while stopped; ordinary transfers while closed or disabled.
///
/// @dev Nobody can change the code, the access manager or the platform of a token. There is no path by which a
///      contract becomes a holder of record for others.
contract SecurityToken is Transfers, Issuance, Restrictions, Repair, IERC20Metadata, IERC165 {
    bytes32 public immutable productId;
    address public immutable platform;

    string public name;
    string public symbol;

    constructor(ProductTerms memory terms, address manager, address platform_, uint16 controlBits) Managed(manager) {
        productId = terms.productId;
        platform = platform_;
        name = terms.name;
        symbol = terms.symbol;
        termsHash = terms.termsHash;
        initialBeneficiary = terms.initialBeneficiary;
        _supply.cap = terms.authorisedCap;
        _supply.redemptionDate = terms.redemptionDate;
        _supply.legalCategory = terms.legalCategory;
        _control = ControlWords.pack(controlBits & PLATFORM_BITS, terms.permittedClasses);
        emit TermsSet(
            terms.legalCategory,
            terms.termsHash,
            terms.initialBeneficiary,
            terms.authorisedCap,
            terms.redemptionDate
        );
        emit PermittedClassesSet(0, terms.permittedClasses);
    }

    // ------------------------------------------------------------------------------------------- anyone asks

    /// @notice Zero: units are whole (decision I-17); smaller pieces come by split.
    function decimals() external pure returns (uint8) {
        return 0;
    }

    function totalSupply() external view returns (uint256) {
        return _supply.total;
    }

    function balanceOf(address account) external view returns (uint256) {
        return _load(account, _control).balance();
    }

    function allowance(address owner, address spender) external view returns (uint256) {
        return _allowances[owner][spender];
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

    function isReferenceUsed(bytes32 ref) external view returns (bool) {
        return _usedRefs[ref];
    }

    function isReversed(bytes32 originalRef) external view returns (bool) {
        return _reversedRefs[originalRef];
    }

    /// @notice Units destroyed under `ref` and not re-created since.
    function burnedUnder(bytes32 ref) external view returns (uint256) {
        return _burned[ref];
    }

    function supportsInterface(bytes4 interfaceId) external pure returns (bool) {
        return interfaceId == type(IERC165).interfaceId || interfaceId == type(IERC20).interfaceId
            || interfaceId == type(IERC20Metadata).interfaceId || interfaceId == type(IERC7943Fungible).interfaceId
            || interfaceId == type(IERC1404).interfaceId || interfaceId == type(ISecurityToken).interfaceId;
    }

    // ------------------------------------------------------------------------------------------ the platform

    /// @inheritdoc ISecurityToken
    function setControlBits(uint16 mask, uint16 bits) external {
        if (msg.sender != platform) revert TokenNotPlatform(msg.sender);
        _control = _control.withBits(mask & PLATFORM_BITS, bits);
    }
}
