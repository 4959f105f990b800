// SPDX-License-Identifier: UNLICENSED
pragma solidity ^0.8.24;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {Reason} from "../compliance/Reason.sol";
import {TransferRules} from "../compliance/TransferRules.sol";
import {DutyBound} from "../governance/DutyBound.sol";
import {IPlatform} from "../interfaces/IPlatform.sol";
import {ISecurityToken} from "../interfaces/ISecurityToken.sol";
import {AccountWord, MAX_UNITS} from "./AccountWord.sol";
import {ControlWord, PRODUCT_ENDED} from "./ControlWord.sol";
import {Act, MovementKind} from "./MovementKind.sol";

/// @title Issuance: actions 1, 2, 4, 5 and 6 (発行, 配布, 償還, 追加発行, 分割), and the end of a product
/// @notice Total issued changes here, in a split and in a redistribution of burned units, and nowhere else.
abstract contract Issuance is TransferRules, DutyBound {
    uint256 private constant MAX_SPLIT_FACTOR = 1_000_000;
    /// @dev The most by which all splits together may multiply a holding. Keeps `scaled` free of overflow.
    uint256 private constant MAX_CUMULATIVE_FACTOR = type(uint160).max;

    // --------------------------------------------------------------------------- issuer: issue, additional issue

    function issue(address[] calldata to, uint256[] calldata units, Act calldata act) external dutyOnLiveProduct {
        _requireSameLength(to.length, units.length);
        _useRef(act.ref);
        Supply memory supply = _beginIssue(to.length, act);
        ControlWord control = _control;
        for (uint256 i = 0; i < to.length; ++i) {
            _create(control, supply, to[i], units[i]);
        }
        _supply = supply;
    }

    /// @notice ERC-3643 form of `issue`, without papers.
    function mint(address to, uint256 amount) external dutyOnLiveProduct {
        Supply memory supply = _beginIssue(1, Act(0, 0, 0));
        _create(_control, supply, to, amount);
        _supply = supply;
    }

    /// @notice ERC-3643 form of `issue`, without papers.
    function batchMint(address[] calldata to, uint256[] calldata amounts) external dutyOnLiveProduct {
        _requireSameLength(to.length, amounts.length);
        Supply memory supply = _beginIssue(to.length, Act(0, 0, 0));
        ControlWord control = _control;
        for (uint256 i = 0; i < to.length; ++i) {
            _create(control, supply, to[i], amounts[i]);
        }
        _supply = supply;
    }

    function _beginIssue(uint256 count, Act memory act) private returns (Supply memory supply) {
        _requireComplete();
        supply = _supply;
        _announce(supply.everIssued ? MovementKind.AdditionalIssue : MovementKind.Issue, count, act);
        if (count != 0) supply.everIssued = true; // an empty batch is no issue; the first real one is
    }

    /// @dev One row of an issue. The caller writes `supply` back when all rows are done.
    function _create(ControlWord control, Supply memory supply, address to, uint256 units) private {
        // Check:
        _requireUnits(units);
        Account storage account = _accounts[to];
        AccountWord word = _now(account, control);
        _requireRecipient(control, address(0), to, word, units);
        uint256 total = supply.total + units;
        if (total > supply.cap) revert TokenCapExceeded(supply.cap, total);
        // Effect:
        supply.total = uint80(total); // safe: not above the cap, which has 80 bits
        _give(control, account, word, units);
        emit IERC20.Transfer(address(0), to, units);
    }

    /// @dev R-JSTOA-6.1.1.1b: no unit exists while a term that the law asks for is missing.
    function _requireComplete() private view {
        if (_supply.legalCategory == 0) revert TokenProductIncomplete("legalCategory");
        if (_termsHash == bytes32(0)) revert TokenProductIncomplete("termsHash");
        if (_supply.cap == 0) revert TokenProductIncomplete("authorisedCap");
        if (_initialBeneficiary == address(0)) revert TokenProductIncomplete("initialBeneficiary");
    }

    function setTerms(
        uint16 legalCategory,
        bytes32 termsHash_,
        address initialBeneficiary_,
        uint80 authorisedCap,
        uint32 redemptionDate
    ) external dutyOnLiveProduct {
        Supply memory supply = _supply;
        if (authorisedCap < supply.total) revert TokenCapExceeded(authorisedCap, supply.total);
        // Check: a distribution takes from the initial beneficiary, so no investor may be named one after the issue.
        if (supply.everIssued && initialBeneficiary_ != _initialBeneficiary) {
            revert TokenBeneficiaryFixed(_initialBeneficiary);
        }
        supply.legalCategory = legalCategory;
        supply.cap = authorisedCap;
        supply.redemptionDate = redemptionDate;
        _supply = supply;
        _termsHash = termsHash_;
        _initialBeneficiary = initialBeneficiary_;
        emit TermsSet(legalCategory, termsHash_, initialBeneficiary_, authorisedCap, redemptionDate);
    }

    // ------------------------------------------------------------------------------- distributor: distribute

    function distribute(address[] calldata to, uint256[] calldata units, bytes32 ref) external dutyOnLiveProduct {
        _requireSameLength(to.length, units.length);
        _useRef(ref);
        _announce(MovementKind.Distribute, to.length, Act(ref, 0, 0));

        // Check: the giver's standing, without lock-ups: an offering may be locked up from its first day.
        ControlWord control = _control;
        address from = _initialBeneficiary;
        AccountWord giver = _load(from, control);
        Reason reason = _senderReason(giver, control);
        if (reason != Reason.None) _refuse(reason, from, giver, address(0), giver, 0);

        uint256 left = giver.unfrozen();
        for (uint256 i = 0; i < to.length; ++i) {
            address investor = to[i];
            uint256 amount = units[i];
            // Check:
            if (amount == 0) revert TokenZeroUnits();
            if (investor == from) revert TokenSameAddress(from);
            if (amount > left) _refuseAmount(from, giver, left, amount);
            Account storage account = _accounts[investor];
            AccountWord word = _now(account, control);
            _requireRecipient(control, from, investor, word, amount);
            // Effect:
            unchecked {
                left -= amount;
            }
            _give(control, account, word, amount);
            emit IERC20.Transfer(from, investor, amount);
        }
        _write(control, _accounts[from], giver, giver.less(giver.unfrozen() - left));
    }

    function _refuseAmount(address from, AccountWord giver, uint256 left, uint256 amount) private view {
        if (amount > MAX_UNITS) revert TokenUnitsTooLarge(amount);
        uint256 needed = giver.unfrozen() - left + amount;
        _refuse(_amountReason(giver, needed), from, giver, from, giver, needed);
    }

    // ------------------------------------------------------------------------------------- issuer: redeem

    function redeem(address[] calldata from, uint256[] calldata units, Act calldata act) external dutyOnLiveProduct {
        _useRef(act.ref);
        _noteBurned(act.ref, _redeem(from, units, act));
    }

    /// @notice ERC-3643 form of `redeem`, without papers.
    function burn(address from, uint256 amount) external dutyOnLiveProduct {
        _redeem(_one(from), _one(amount), Act(0, 0, 0));
    }

    /// @notice ERC-3643 form of `redeem`, without papers.
    function batchBurn(address[] calldata from, uint256[] calldata amounts) external dutyOnLiveProduct {
        _redeem(from, amounts, Act(0, 0, 0));
    }

    function redeemAll(address[] calldata from, Act calldata act) external dutyOnLiveProduct {
        _useRef(act.ref);
        _requireDue();
        _announce(MovementKind.Redeem, from.length, act);
        ControlWord control = _control;
        uint256 destroyed = 0;
        for (uint256 i = 0; i < from.length; ++i) {
            AccountWord word = _load(from[i], control);
            destroyed += _extinguish(control, from[i], word, word.balance());
        }
        _noteBurned(act.ref, destroyed);
        _supply.total -= uint80(destroyed); // safe: the sum of balances is the total
        if (_supply.total == 0) {
            _control = control.withBits(PRODUCT_ENDED, PRODUCT_ENDED);
            emit ProductClosed(act.ref);
        }
    }

    function _redeem(address[] memory from, uint256[] memory units, Act memory act) private returns (uint256 destroyed) {
        _requireSameLength(from.length, units.length);
        _requireDue();
        _announce(MovementKind.Redeem, from.length, act);
        ControlWord control = _control;
        for (uint256 i = 0; i < from.length; ++i) {
            _requireUnits(units[i]);
            AccountWord word = _load(from[i], control);
            if (units[i] > word.balance()) revert ERC20InsufficientBalance(from[i], word.balance(), units[i]);
            destroyed += _extinguish(control, from[i], word, units[i]);
        }
        _supply.total -= uint80(destroyed); // safe: each row was covered by a balance
    }

    /// @dev A blocked or frozen holder is redeemed like any other; the cash is what is withheld (A.1.2, row 4).
    function _extinguish(ControlWord control, address from, AccountWord word, uint256 units)
        private
        returns (uint256)
    {
        _take(control, from, word, units);
        emit IERC20.Transfer(from, address(0), units);
        return units;
    }

    /// @dev Kept with the split epoch: a redistribution after a split re-creates the units as they would be then.
    function _noteBurned(bytes32 ref, uint256 units) private {
        _burned[ref] = DatedUnits(uint80(units), _control.epoch()); // safe: not above the total issued
    }

    function _requireDue() private view {
        uint32 due = _supply.redemptionDate;
        if (due == 0 || block.timestamp < due) revert TokenRedemptionNotDue(due, block.timestamp);
    }

    // -------------------------------------------------------------------------------------- issuer: split

    /// @dev Constant cost: the factor is noted, and each account is multiplied when it is next read or touched.
    ///      The epoch that the decision names stands in for a used-up reference: it counts up with every split.
    function split(uint256 factor, uint16 epoch, Act calldata act) external dutyOnLiveProduct {
        // Check:
        if (factor < 2 || factor > MAX_SPLIT_FACTOR) revert TokenSplitFactorInvalid(factor);
        if (act.ref == bytes32(0)) revert TokenReferenceMissing();
        ControlWord control = _control;
        if (epoch != control.epoch()) revert TokenSplitEpochInvalid(epoch, control.epoch());
        Supply memory supply = _supply;
        uint256 before = supply.total;
        if (before == 0) revert TokenZeroUnits();
        uint256 cumulative = _factorSince(0, epoch) * factor;
        if (before * factor > MAX_UNITS || cumulative > MAX_CUMULATIVE_FACTOR || epoch == type(uint16).max) {
            revert TokenSplitOverflow(before, factor);
        }

        // Effect:
        _cumulativeFactor[epoch + 1] = cumulative;
        _control = control.withEpoch(epoch + 1);
        supply.total = uint80(before * factor);
        uint256 cap = uint256(supply.cap) * factor;
        supply.cap = cap > MAX_UNITS ? uint80(MAX_UNITS) : uint80(cap);
        _supply = supply;
        emit Split(act.ref, epoch + 1, factor, before, before * factor, act.deliveryDate, act.evidence);
    }

    function sync(address[] calldata accounts) external {
        ControlWord control = _control;
        for (uint256 i = 0; i < accounts.length; ++i) {
            Account storage account = _accounts[accounts[i]];
            account.word = _now(account, control);
        }
    }

    // -------------------------------------------------------------------------------------- issuer: close

    /// @dev The platform and the total are checked here, so that a slip of the pen cannot end a product that goes on
    ///      nowhere; that each holder has the same there is proved off the chain, block for block.
    function close(bytes32 successor, Act calldata act) external dutyOnLiveProduct {
        // Check:
        _useRef(act.ref);
        _requireEvidence(act.ref, act.evidence);
        ISecurityToken next = ISecurityToken(IPlatform(ISecurityToken(address(this)).platform()).tokenOf(successor));
        if (
            address(next) == address(0) || address(next) == address(this)
                || ControlWord.wrap(next.controlWord()).has(PRODUCT_ENDED)
        ) revert TokenSuccessorInvalid(successor);
        uint256 total = _supply.total;
        uint256 there = next.totalSupply();
        if (there != total) revert TokenSuccessorDiffers(successor, total, there);

        // Effect:
        _control = _control.withBits(PRODUCT_ENDED, PRODUCT_ENDED);
        emit ProductSucceeded(successor, address(next), act.ref, total, act.evidence);
        emit ProductClosed(act.ref);
    }

    // ------------------------------------------------------------------------------------------- internal

    function _one(address account) private pure returns (address[] memory list) {
        list = new address[](1);
        list[0] = account;
    }

    function _one(uint256 units) private pure returns (uint256[] memory list) {
        list = new uint256[](1);
        list[0] = units;
    }
}
