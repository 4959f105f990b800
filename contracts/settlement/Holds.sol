// SPDX-License-Identifier: UNLICENSED
pragma solidity ^0.8.24;

import {Reason} from "../compliance/Reason.sol";
import {HoldState, IHolds} from "../interfaces/IHolds.sol";
import {IERC7943Fungible} from "../interfaces/IERC7943.sol";
import {AccountWord} from "../token/AccountWord.sol";
import {ControlWord, STOPPED} from "../token/ControlWord.sol";
import {Transfers} from "../token/Transfers.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

/// @title Holds: units promised to a buyer, kept in the seller's own account
/// @dev The tree of outcomes of a standing hold:
///
///     deliver   by the notary, before the expiry    every check of a transfer but "unfrozen"; units move
///               by anybody else, or too late        refused
///     release   by the notary, at any time          the units are free again
///               by anybody, from the expiry on      the units are free again; no verdict is asked
///               by anybody else before              refused
///
///      A seizure (forced transfer, redemption) may take held units: the hold then stands without cover and can only
///      be released. A split multiplies holds like everything else; a re-keying carries them along.
abstract contract Holds is Transfers {
    function createHold(bytes32 holdId, address to, uint256 units, uint32 expiry, address notary) external {
        _createHold(msg.sender, holdId, to, units, expiry, notary);
    }

    function createHoldFrom(address holder, bytes32 holdId, address to, uint256 units, uint32 expiry, address notary)
        external
    {
        _spendAllowance(holder, msg.sender, units);
        _createHold(holder, holdId, to, units, expiry, notary);
    }

    function _createHold(address holder, bytes32 holdId, address to, uint256 units, uint32 expiry, address notary)
        private
    {
        // Check:
        if (holdId == bytes32(0)) revert TokenReferenceMissing();
        if (_holds[holdId].state != HoldState.None) revert IHolds.HoldExists(holdId);
        if (expiry <= block.timestamp || notary == address(0)) revert IHolds.HoldExpiryInvalid(expiry);
        if (holder == to) revert TokenSameAddress(holder);
        _requireUnits(units);
        ControlWord control = _control;
        AccountWord word = _load(holder, control);
        AccountWord recipient = _load(to, control);
        Reason reason = _transferReason(control, holder, word, to, recipient, units);
        if (reason != Reason.None) _refuse(reason, holder, word, to, recipient, units);

        // Effect: the units were unfrozen, so the sum cannot exceed what a word can hold unless more than the balance
        // was frozen before; then it saturates, and still freezes everything.
        uint256 frozen = _capped(word.frozen() + units);
        _accounts[holder].word = word.withFrozen(frozen);
        (uint256 claims, uint256 cover) = _heldNow(holder, control);
        _setHeld(holder, claims + units, cover + units, control);
        _holds[holdId] = HoldRecord({
            holder: holder,
            units: uint80(units),
            epoch: control.epoch(),
            to: to,
            expiry: expiry,
            state: HoldState.Standing,
            notary: notary
        });
        emit IHolds.HoldCreated(holdId, holder, to, notary, units, expiry);
        emit IERC7943Fungible.Frozen(holder, frozen);
    }

    function executeHold(bytes32 holdId) external {
        // Check:
        HoldRecord memory record = _standing(holdId);
        if (msg.sender != record.notary) revert IHolds.HoldNotNotary(holdId, msg.sender);
        if (block.timestamp >= record.expiry) revert IHolds.HoldExpired(holdId, record.expiry);
        ControlWord control = _control;
        address holder = _presentHolder(record.holder);
        uint256 units = _recordUnits(record, control);
        AccountWord word = _load(holder, control);
        // The hold is lifted first, so that the units are judged like any others: also when more is frozen by order
        // than they were, and when a seizure has taken them.
        (AccountWord lifted, uint256 claims, uint256 cover) = _lift(holder, word, units, control);
        AccountWord recipient = _load(record.to, control);
        Reason reason = _transferReason(control, holder, lifted, record.to, recipient, units);
        if (reason != Reason.None) _refuse(reason, holder, lifted, record.to, recipient, units);

        // Effect:
        _holds[holdId].state = HoldState.Executed;
        _setHeld(holder, claims, cover, control);
        emit IHolds.HoldExecuted(holdId);
        emit TransferReference(holdId);
        emit IERC7943Fungible.Frozen(holder, lifted.frozen());
        if (holder != record.to) {
            _write(control, _accounts[holder], word, lifted.less(units));
            _write(control, _accounts[record.to], recipient, recipient.plus(units));
        } else {
            _write(control, _accounts[holder], word, lifted);
        }
        emit IERC20.Transfer(holder, record.to, units);
    }

    function releaseHold(bytes32 holdId) external {
        // Check:
        if (_control.has(STOPPED)) revert TokenStopped();
        HoldRecord memory record = _standing(holdId);
        if (msg.sender != record.notary && block.timestamp < record.expiry) {
            revert IHolds.HoldNotExpired(holdId, record.expiry);
        }

        // Effect:
        ControlWord control = _control;
        address holder = _presentHolder(record.holder);
        AccountWord word = _load(holder, control);
        (AccountWord lifted, uint256 claims, uint256 cover) =
            _lift(holder, word, _recordUnits(record, control), control);
        _holds[holdId].state = HoldState.Released;
        _setHeld(holder, claims, cover, control);
        _accounts[holder].word = lifted;
        emit IHolds.HoldReleased(holdId, msg.sender);
        emit IERC7943Fungible.Frozen(holder, lifted.frozen());
    }

    function holdOf(bytes32 holdId) external view returns (IHolds.Hold memory) {
        HoldRecord memory record = _holds[holdId];
        return IHolds.Hold({
            holder: _presentHolder(record.holder),
            to: record.to,
            notary: record.notary,
            units: _recordUnits(record, _control),
            expiry: record.expiry,
            state: record.state
        });
    }

    function heldUnits(address account) external view returns (uint256 cover) {
        (, cover) = _heldNow(account, _control);
    }

    // ------------------------------------------------------------------------------------------- internal

    function _standing(bytes32 holdId) private view returns (HoldRecord memory record) {
        record = _holds[holdId];
        if (record.state != HoldState.Standing) revert IHolds.HoldNotStanding(holdId, record.state);
    }

    /// @dev The account without this hold: what is frozen by order stays, what other holds promise stays covered as
    ///      far as a seizure left cover for it.
    function _lift(address holder, AccountWord word, uint256 units, ControlWord control)
        private
        view
        returns (AccountWord lifted, uint256 claims, uint256 cover)
    {
        uint256 covered;
        (claims, covered) = _heldNow(holder, control);
        claims = claims > units ? claims - units : 0;
        cover = covered < claims ? covered : claims;
        lifted = word.withFrozen(word.frozen() - (covered - cover));
    }

    function _recordUnits(HoldRecord memory record, ControlWord control) private view returns (uint256) {
        return _unitsNow(DatedUnits(record.units, record.epoch), control);
    }

    function _presentHolder(address holder) private view returns (address) {
        for (address next = _successor[holder]; next != address(0); next = _successor[holder]) {
            holder = next;
        }
        return holder;
    }
}
