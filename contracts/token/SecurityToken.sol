// SPDX-License-Identifier: UNLICENSED
pragma solidity ^0.8.24;

import {IControlled} from "../interfaces/IControlled.sol";
import {IDeliverable} from "../interfaces/IDeliverable.sol";
import {ProductTerms} from "../interfaces/ProductTerms.sol";
import {ControlWords, PLATFORM_BITS} from "./ControlWord.sol";
import {Delegating} from "./Delegating.sol";
import {Transfers} from "./Transfers.sol";

/// @title SecurityToken: one product (銘柄), whole units, immutable code
///
/// @notice What every transfer needs is answered here, without a call to anybody; everything else runs on this token's
///         storage as `TokenActs` (duties) or `TokenServices` (holders and questions); their headers list the powers.
///         The whole interface is `ISecurityToken`.
///
///     holder    transfer own unfrozen units to eligible holders; allow a spender.  Blocks: nobody.
///     spender   transfer what a holder allowed, under the same checks.             Blocks: nobody.
///     platform  stop, market and transfer-enable bits.                             Cannot move, cannot end the product.
///               Blocks: everybody while stopped; ordinary transfers while closed or disabled.
///
/// @dev Nobody can change this code, the acts it runs, or the platform it listens to: all three are fixed when the
///      token is created. There is no path by which a contract becomes holder of record for others.
contract SecurityToken is IControlled, IDeliverable, Transfers, Delegating {
    bytes32 public immutable productId;
    address public immutable platform;
    /// @notice The `TokenActs` this token runs.
    address public immutable acts;

    constructor(ProductTerms memory terms, address acts_, address platform_, uint16 controlBits) {
        productId = terms.productId;
        acts = acts_;
        platform = platform_;
        _name = terms.name;
        _symbol = terms.symbol;
        _termsHash = terms.termsHash;
        _initialBeneficiary = terms.initialBeneficiary;
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

    // ------------------------------------------------------------------------------------------- the holder

    function transfer(address to, uint256 value) external returns (bool) {
        _transfer(msg.sender, to, value);
        return true;
    }

    function transferWithReference(address to, uint256 units, bytes32 ref) external returns (bool) {
        _transferWithReference(msg.sender, to, units, ref);
        return true;
    }

    function transferFrom(address from, address to, uint256 value) external returns (bool) {
        _spendAllowance(from, msg.sender, value);
        _transfer(from, to, value);
        return true;
    }

    function transferFromWithReference(address from, address to, uint256 units, bytes32 ref) external returns (bool) {
        _spendAllowance(from, msg.sender, units);
        _transferWithReference(from, to, units, ref);
        return true;
    }

    function approve(address spender, uint256 value) external returns (bool) {
        _approve(msg.sender, spender, value);
        return true;
    }

    // -------------------------------------------------------------------------------------------- anyone asks

    function totalSupply() external view returns (uint256) {
        return _supply.total;
    }

    function balanceOf(address account) external view returns (uint256) {
        return _load(account, _control).balance();
    }

    function allowance(address owner, address spender) external view returns (uint256) {
        return _allowances[owner][spender];
    }

    // ------------------------------------------------------------------------------------------ the platform

    /// @inheritdoc IControlled
    function setControlBits(uint16 mask, uint16 bits) external {
        if (msg.sender != platform) revert TokenNotPlatform(msg.sender);
        _control = _control.withBits(mask & PLATFORM_BITS, bits);
    }

    // -------------------------------------------------------------------------------------- everything else

    fallback() external {
        _runAs(acts);
    }
}
