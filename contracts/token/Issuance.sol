// SPDX-License-Identifier: UNLICENSED
pragma solidity ^0.8.24;

import {Reason} from "../compliance/Reason.sol";
import {TransferRules} from "../compliance/TransferRules.sol";
import {AccountWord, MAX_UNITS} from "./AccountWord.sol";
import {ControlWord, PRODUCT_ENDED} from "./ControlWord.sol";
import {Act, MovementKind} from "./MovementKind.sol";

/// @title Issuance: actions 1, 2, 4, 5 and 6 (発行, 配布, 償還, 追加発行, 分割)
/// @notice Total issued changes here, in a split and in a redistribution of burned units, and nowhere else.
abstract contract Issuance is TransferRules {
    uint256 private constant MAX_SPLIT_FACTOR = 1_000_000;

    // --------------------------------------------------------------------------- issuer: issue, additional issue

    function issue(address[] calldata to, uint256[] calldata units, Act calldata act) external dutyOnLiveProduct {
        _useRef(act.ref);
        _issue(to, units, act);
    }

    /// @notice ERC-3643 form of `issue`, without papers.
    function mint(address to, uint256 amount) external dutyOnLiveProduct {
        _issue(_one(to), _one(amount), Act(0, 0, 0));
    }

    /// @notice ERC-3643 form of `issue`, without papers.
    function batchMint(address[] calldata to, uint256[] calldata amounts) external dutyOnLiveProduct {
        _issue(to, amounts, Act(0, 0, 0));
    }

    function _issue(address[] memory to, uint256[] memory units, Act memory act) private {
        _requireSameLength(to.length, units.length);
        _requireComplete();
        Supply memory supply = _supply;
        _announce(supply.everIssued ? MovementKind.AdditionalIssue : MovementKind.Issue, to.length, act);

        ControlWord control = _control;
        uint256 total = supply.total;
        for (uint256 i = 0; i < to.length; ++i) {
            address account = to[i];
            uint256 amount = units[i];
            // Check:
            _requireUnits(amount);
            AccountWord word = _load(account, control);
            _requireRecipient(control, address(0), account, word, amount);
            // Effect:
            total += amount;
            if (total > supply.cap) revert TokenCapExceeded(supply.cap, total);
            _give(account, word, amount);
            emit Transfer(address(0), account, amount);
        }
        supply.total = uint80(total); // safe: not above the cap, which has 80 bits
        supply.everIssued = true;
        _supply = supply;
    }

    /// @dev R-JSTOA-6.1.1.1b: no unit exists while a term that the law asks for is missing.
    function _requireComplete() private view {
        if (_supply.legalCategory == 0) revert TokenProductIncomplete("legalCategory");
        if (termsHash == bytes32(0)) revert TokenProductIncomplete("termsHash");
        if (_supply.cap == 0) revert TokenProductIncomplete("authorisedCap");
        if (initialBeneficiary == address(0)) revert TokenProductIncomplete("initialBeneficiary");
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
        supply.legalCategory = legalCategory;
        supply.cap = authorisedCap;
        supply.redemptionDate = redemptionDate;
        _supply = supply;
        termsHash = termsHash_;
        initialBeneficiary = initialBeneficiary_;
        emit TermsSet(legalCategory, termsHash_, initialBeneficiary_, authorisedCap, redemptionDate);
    }

    // ------------------------------------------------------------------------------- distributor: distribute

    function distribute(address[] calldata to, uint256[] calldata units, bytes32 ref) external dutyOnLiveProduct {
        _requireSameLength(to.length, units.length);
        _useRef(ref);
        _announce(MovementKind.Distribute, to.length, Act(ref, 0, 0));

        // Check: the giver's standing, without lock-ups: an offering may be locked up from its first day.
        ControlWord control = _control;
        address from = initialBeneficiary;
        AccountWord giver = _load(from, control);
        Reason reason = _senderReason(giver, control);
        if (reason != Reason.None) _refuse(reason, from, giver, address(0), giver, 0);

        uint256 available = giver.unfrozen();
        uint256 given;
        for (uint256 i = 0; i < to.length; ++i) {
            address account = to[i];
            uint256 amount = units[i];
            // Check:
            _requireUnits(amount);
            if (account == from) revert TokenSameAddress(from);
            given += amount;
            if (given > available) _refuse(_amountReason(giver, given), from, giver, account, giver, given);
            AccountWord word = _load(account, control);
            _requireRecipient(control, from, account, word, amount);
            // Effect:
            _give(account, word, amount);
            emit Transfer(from, account, amount);
        }
        _accounts[from] = giver.withBalance(giver.balance() - given);
    }

    // ------------------------------------------------------------------------------------- issuer: redeem

    function redeem(address[] calldata from, uint256[] calldata units, Act calldata act) external dutyOnLiveProduct {
        _useRef(act.ref);
        _burned[act.ref] = _redeem(from, units, act);
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
        uint256 destroyed;
        for (uint256 i = 0; i < from.length; ++i) {
            AccountWord word = _load(from[i], control);
            destroyed += _extinguish(from[i], word, word.balance());
        }
        _burned[act.ref] = destroyed;
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
            destroyed += _extinguish(from[i], word, units[i]);
        }
        _supply.total -= uint80(destroyed); // safe: each row was covered by a balance
    }

    /// @dev A blocked or frozen holder is redeemed like any other; the cash is what is withheld (A.1.2, row 4).
    function _extinguish(address from, AccountWord word, uint256 units) private returns (uint256) {
        _take(from, word, units);
        emit Transfer(from, address(0), units);
        return units;
    }

    function _requireDue() private view {
        uint32 due = _supply.redemptionDate;
        if (due == 0 || block.timestamp < due) revert TokenRedemptionNotDue(due, block.timestamp);
    }

    // -------------------------------------------------------------------------------------- issuer: split

    /// @dev Constant cost: the factor is noted, and each account is multiplied when it is next read or touched.
    function split(uint256 factor, Act calldata act) external dutyOnLiveProduct {
        // Check:
        if (factor < 2 || factor > MAX_SPLIT_FACTOR) revert TokenSplitFactorInvalid(factor);
        _useRef(act.ref);
        Supply memory supply = _supply;
        uint256 before = supply.total;
        if (before == 0) revert TokenZeroUnits();
        ControlWord control = _control;
        uint16 epoch = control.epoch();
        uint256 cumulative = (epoch == 0 ? 1 : _cumulativeFactor[epoch]) * factor;
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
        _announce(MovementKind.Split, 0, act);
        emit Split(epoch + 1, factor, before, before * factor);
    }

    function sync(address[] calldata accounts) external {
        ControlWord control = _control;
        for (uint256 i = 0; i < accounts.length; ++i) {
            _accounts[accounts[i]] = _load(accounts[i], control);
        }
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
