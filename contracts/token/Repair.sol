// SPDX-License-Identifier: UNLICENSED
pragma solidity ^0.8.24;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {Reason} from "../compliance/Reason.sol";
import {IERC3643Surface} from "../interfaces/IERC3643Surface.sol";
import {IERC7943Fungible} from "../interfaces/IERC7943.sol";
import {TransferRules} from "../compliance/TransferRules.sol";
import {DutyBound} from "../governance/DutyBound.sol";
import {
    AccountWord,
    ADDRESS_FROZEN,
    BLOCKED_TO_RECEIVE,
    BLOCKED_TO_SEND,
    RETIRED
} from "./AccountWord.sol";
import {ControlWord} from "./ControlWord.sol";
import {Act, MovementKind} from "./MovementKind.sol";

/// @title Repair: actions 8, 9 and 10 (強制移転, 再配布, 逆移転) and re-keying
/// @notice Without the holder's consent, so always by two persons and on evidence. The giver's restrictions do
///         not stand in the way; the recipient's verdict always does (R-JSTOA-6.1.1.8c).
/// @dev Runs while the market is closed or transfers are disabled: that is what those states are for.
abstract contract Repair is TransferRules, DutyBound {
    // ------------------------------------------------------------------------------ repairer: forced transfer

    /// @notice ERC-7943 and ERC-3643 form, without papers.
    function forcedTransfer(address from, address to, uint256 amount) external dutyOnLiveProduct returns (bool) {
        _announce(MovementKind.Forced, 1, Act(0, 0, 0));
        _seize(from, to, amount);
        return true;
    }

    /// @notice Several forced transfers in ERC-3643 form, whole or not at all.
    function batchForcedTransfer(address[] calldata from, address[] calldata to, uint256[] calldata amounts)
        external
        dutyOnLiveProduct
    {
        _requireSameLength(from.length, to.length);
        _requireSameLength(from.length, amounts.length);
        _announce(MovementKind.Forced, from.length, Act(0, 0, 0));
        for (uint256 i = 0; i < from.length; ++i) {
            _seize(from[i], to[i], amounts[i]);
        }
    }

    function forcedTransfer(address from, address to, uint256 units, Act calldata act) external dutyOnLiveProduct {
        _useRef(act.ref);
        _requireEvidence(act.ref, act.evidence);
        _announce(MovementKind.Forced, 1, act);
        _seize(from, to, units);
    }

    // ------------------------------------------------------------------------------- repairer: redistribution

    function redistribute(address lost, address to, uint256 units, bytes32 incident, bytes32 evidence)
        external
        dutyOnLiveProduct
    {
        _useRef(incident);
        _requireEvidence(incident, evidence);
        _announce(MovementKind.Redistribute, 1, Act(incident, evidence, 0));
        _seize(lost, to, units);
    }

    function redistributeBurned(bytes32 burnRef, address to, uint256 units, bytes32 incident, bytes32 evidence)
        external
        dutyOnLiveProduct
    {
        // Check:
        _useRef(incident);
        _requireEvidence(incident, evidence);
        _requireUnits(units);
        ControlWord control = _control;
        uint256 burned = _unitsNow(_burned[burnRef], control);
        if (units > burned) revert TokenNotBurned(burnRef, burned, units);
        Supply memory supply = _supply;
        uint256 total = supply.total + units;
        if (total > supply.cap) revert TokenCapExceeded(supply.cap, total);
        AccountWord word = _load(to, control);
        _requireRecipient(control, address(0), to, word, units);

        // Effect:
        _burned[burnRef] = DatedUnits(uint80(burned - units), control.epoch());
        supply.total = uint80(total); // safe: not above the cap
        _supply = supply;
        _announce(MovementKind.Redistribute, 1, Act(incident, evidence, 0));
        emit Reversed(burnRef, incident);
        _give(control, _accounts[to], word, units);
        emit IERC20.Transfer(address(0), to, units);
    }

    // -------------------------------------------------------------------------------------- repairer: reverse

    /// @dev That `originalRef` was a trade of these parties and this quantity is judged by the register, which
    ///      knows all trades; the contract guarantees once, two persons and nothing in part.
    function reverseTransfer(bytes32 originalRef, address from, address to, uint256 units, Act calldata act)
        external
        dutyOnLiveProduct
    {
        if (originalRef == bytes32(0)) revert TokenReferenceMissing();
        if (_reversedRefs[originalRef]) revert TokenAlreadyReversed(originalRef);
        _reversedRefs[originalRef] = true;
        _useRef(act.ref);
        _requireEvidence(act.ref, act.evidence);
        _announce(MovementKind.Reverse, 1, act);
        emit Reversed(originalRef, act.ref);
        _seize(from, to, units);
    }

    // --------------------------------------------------------------------------------------- repairer: re-key

    /// @dev The holder does not change, so no verdict is asked: the verdict moves with everything else. What the
    ///      new address was already forbidden stays forbidden.
    function recoveryAddress(address oldAddress, address newAddress, Act calldata act) external dutyOnLiveProduct {
        _useRef(act.ref);
        _requireEvidence(act.ref, act.evidence);
        _rekey(oldAddress, newAddress, act);
    }

    /// @notice ERC-3643 form of re-keying, without papers.
    function recoveryAddress(address lostWallet, address newWallet, address investorOnchainID)
        external
        dutyOnLiveProduct
        returns (bool)
    {
        _rekey(lostWallet, newWallet, Act(0, 0, 0));
        emit IERC3643Surface.RecoverySuccess(lostWallet, newWallet, investorOnchainID);
        return true;
    }

    function _rekey(address oldAddress, address newAddress, Act memory act) private {
        // Check:
        ControlWord control = _control;
        AccountWord old = _load(oldAddress, control);
        AccountWord target = _load(newAddress, control);
        if (oldAddress == address(0) || old.has(RETIRED)) revert TokenRetired(oldAddress);
        bool empty = target.balance() == 0 && target.frozen() == 0 && !target.has(RETIRED)
            && _held[newAddress].claims == 0; // a hold without cover must not lean on what comes in
        if (newAddress == address(0) || newAddress == oldAddress || !empty) revert TokenTargetNotEmpty(newAddress);

        // Effect: the word, what the holds of the account amount to, and where to find their holder.
        uint256 barred = target.raw() & (BLOCKED_TO_SEND | BLOCKED_TO_RECEIVE | ADDRESS_FROZEN);
        AccountWord moved = AccountWord.wrap(old.raw() | barred);
        if (target.lockUpUntil() > moved.lockUpUntil()) moved = moved.withLockUp(target.lockUpUntil());
        _accounts[newAddress].word = moved;
        _accounts[oldAddress].word = old.withBalance(0).withFrozen(0).withFlag(RETIRED, true);
        _held[newAddress] = _held[oldAddress];
        delete _held[oldAddress];
        _successor[oldAddress] = newAddress;
        if (oldAddress == _initialBeneficiary) {
            _initialBeneficiary = newAddress;
            emit TermsSet(_supply.legalCategory, _termsHash, newAddress, _supply.cap, _supply.redemptionDate);
        }
        _announce(MovementKind.Rekey, 1, act);
        emit Rekeyed(oldAddress, newAddress, act.ref);
        if (old.frozen() != 0) {
            emit IERC7943Fungible.Frozen(oldAddress, 0);
            emit IERC7943Fungible.Frozen(newAddress, moved.frozen());
        }
        emit IERC20.Transfer(oldAddress, newAddress, old.balance());
    }

    // ------------------------------------------------------------------------------------------- internal

    function _seize(address from, address to, uint256 units) private {
        // Check:
        _requireUnits(units);
        if (from == to) revert TokenSameAddress(from);
        ControlWord control = _control;
        AccountWord giver = _load(from, control);
        if (units > giver.balance()) revert ERC20InsufficientBalance(from, giver.balance(), units);
        AccountWord recipient = _load(to, control);
        _requireRecipient(control, from, to, recipient, units);

        // Effect:
        _take(control, from, giver, units);
        _give(control, _accounts[to], recipient, units);
        emit IERC20.Transfer(from, to, units);
        emit IERC7943Fungible.ForcedTransfer(from, to, units);
    }
}
