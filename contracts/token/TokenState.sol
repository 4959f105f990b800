// SPDX-License-Identifier: UNLICENSED
pragma solidity ^0.8.24;

import {HoldState} from "../interfaces/IHolds.sol";
import {IERC7943Fungible} from "../interfaces/IERC7943.sol";
import {ITokenEvents} from "../interfaces/ITokenEvents.sol";
import {AccountWord, MAX_UNITS} from "./AccountWord.sol";
import {ControlWord, COUNT_HOLDERS} from "./ControlWord.sol";
import {Act, MovementKind} from "./MovementKind.sol";

/// @title TokenState: what one token remembers, and the only ways to change it
/// @dev `SecurityToken`, `TokenActs` and `TokenServices` begin with this layout and add nothing to it, so the first can
///      run the others' code on its own storage; a test compares the layouts. Balances change by `_write` and in
///      `_rekey`, nowhere else; each is followed by its `Transfer` log.
abstract contract TokenState is ITokenEvents {
    /// @dev One slot. `cap` and `total` fit 80 bits, so no balance can outgrow the account word.
    struct Supply {
        uint80 total;
        uint80 cap;
        uint32 redemptionDate;
        uint16 legalCategory;
        bool everIssued;
    }

    /// @dev One slot, with a place of its own: who has found an account writes it without looking it up again.
    struct Account {
        AccountWord word;
    }

    /// @dev Units as they were in a split epoch: multiplied when they are read in a later one.
    struct DatedUnits {
        uint80 units;
        uint16 epoch;
    }

    /// @dev What standing holds promise of an account, and how much of that its frozen units still cover. A seizure
    ///      takes cover before it takes what is frozen by order; so `frozen - cover` is what is frozen by order.
    struct HeldUnits {
        uint80 claims;
        uint80 cover;
        uint16 epoch;
    }

    struct HoldRecord {
        address holder;
        uint80 units;
        uint16 epoch;
        address to;
        uint32 expiry;
        HoldState state;
        address notary;
    }

    mapping(address account => Account) internal _accounts;
    ControlWord internal _control;
    Supply internal _supply;

    address internal _initialBeneficiary;
    bytes32 internal _termsHash;
    string internal _name;
    string internal _symbol;

    /// @dev Product of all split factors up to an epoch; epoch 0 is left unwritten and means 1.
    mapping(uint16 epoch => uint256) internal _cumulativeFactor;
    mapping(bytes32 ref => bool) internal _usedRefs;
    mapping(bytes32 originalRef => bool) internal _reversedRefs;
    /// @dev Units destroyed under a reference and not yet re-created by a redistribution.
    mapping(bytes32 ref => DatedUnits) internal _burned;
    mapping(address owner => mapping(address spender => uint256)) internal _allowances;

    /// @dev ERC-2612 counts, ERC-3009 only remembers.
    mapping(address owner => uint256) internal _permitNonces;
    mapping(address authorizer => mapping(bytes32 nonce => bool)) internal _usedAuthorizations;

    mapping(bytes32 holdId => HoldRecord) internal _holds;
    mapping(address account => HeldUnits) internal _held;
    /// @dev The address that replaced this one, so that a hold finds its holder after a re-keying.
    mapping(address account => address) internal _successor;
    uint256 internal _holderCount;

    // ------------------------------------------------------------------------------------------- accounts

    /// @notice The account as it stands now, splits it has not yet been touched by included.
    function _load(address account, ControlWord control) internal view returns (AccountWord) {
        return _now(_accounts[account], control);
    }

    function _now(Account storage account, ControlWord control) internal view returns (AccountWord word) {
        word = account.word;
        if (!control.isEpochOf(word)) {
            word = word.scaled(_factorSince(word.epoch(), control.epoch()), control.epoch());
        }
    }

    function _factorSince(uint16 written, uint16 current) internal view returns (uint256) {
        uint256 then = written == 0 ? 1 : _cumulativeFactor[written];
        return (current == 0 ? 1 : _cumulativeFactor[current]) / then;
    }

    /// @dev Dated units in today's; saturates like a freeze, because nothing larger can exist.
    function _unitsNow(DatedUnits memory dated, ControlWord control) internal view returns (uint256) {
        return _capped(uint256(dated.units) * _factorSince(dated.epoch, control.epoch()));
    }

    /// @dev Adds units to a loaded account. The total issued bounds every balance.
    function _give(ControlWord control, Account storage account, AccountWord word, uint256 units) internal {
        _write(control, account, word, word.plus(units));
    }

    /// @dev Takes units from a loaded account whatever is frozen, and says so when the freeze shrinks with it.
    function _take(ControlWord control, address from, AccountWord word, uint256 units) internal {
        AccountWord left = word.seized(units);
        _write(control, _accounts[from], word, left);
        if (left.frozen() == word.frozen()) return;
        (uint256 claims, uint256 cover) = _heldNow(from, control);
        uint256 taken = word.frozen() - left.frozen();
        _setHeld(from, claims, cover > taken ? cover - taken : 0, control);
        emit IERC7943Fungible.Frozen(from, left.frozen());
    }

    // ---------------------------------------------------------------------------------------------- holds

    function _heldNow(address account, ControlWord control) internal view returns (uint256 claims, uint256 cover) {
        HeldUnits memory held = _held[account];
        uint256 factor = _factorSince(held.epoch, control.epoch());
        return (_capped(held.claims * factor), _capped(held.cover * factor));
    }

    function _setHeld(address account, uint256 claims, uint256 cover, ControlWord control) internal {
        _held[account] = HeldUnits(uint80(_capped(claims)), uint80(_capped(cover)), control.epoch());
    }

    function _capped(uint256 units) internal pure returns (uint256) {
        return units > MAX_UNITS ? MAX_UNITS : units;
    }

    /// @dev Effect: an account's new word; and the number of holders, where it is counted.
    function _write(ControlWord control, Account storage account, AccountWord word, AccountWord next) internal {
        account.word = next;
        if (control.has(COUNT_HOLDERS)) _count(word, next);
    }

    function _count(AccountWord word, AccountWord next) private {
        bool before = word.balance() != 0;
        bool then = next.balance() != 0;
        if (before != then) _holderCount = then ? _holderCount + 1 : _holderCount - 1;
    }

    // ----------------------------------------------------------------------------------------- references

    /// @dev Effect: the reference is used up. Two acts with one reference are one act and one mistake.
    function _useRef(bytes32 ref) internal {
        if (ref == bytes32(0)) revert TokenReferenceMissing();
        if (_usedRefs[ref]) revert TokenReferenceUsed(ref);
        _usedRefs[ref] = true;
    }

    function _requireEvidence(bytes32 ref, bytes32 evidence) internal pure {
        if (evidence == bytes32(0)) revert TokenEvidenceMissing(ref);
    }

    function _announce(MovementKind kind, uint256 count, Act memory act) internal {
        emit Movement(act.ref, kind, count, act.deliveryDate, act.evidence);
    }

    function _requireUnits(uint256 units) internal pure {
        if (units == 0) revert TokenZeroUnits();
        if (units > MAX_UNITS) revert TokenUnitsTooLarge(units);
    }

    function _requireSameLength(uint256 accounts, uint256 units) internal pure {
        if (accounts != units) revert TokenLengthMismatch(accounts, units);
    }
}
