// SPDX-License-Identifier: UNLICENSED
pragma solidity ^0.8.24;

import {Managed} from "../governance/Managed.sol";
import {DUTY_RELEASER} from "../governance/Duties.sol";
import {IERC7943Fungible} from "../interfaces/IERC7943.sol";
import {ISecurityToken} from "../interfaces/ISecurityToken.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {AccountWord, ADDRESS_FROZEN, MAX_UNITS} from "./AccountWord.sol";
import {ControlWord, PRODUCT_ENDED, STOPPED} from "./ControlWord.sol";
import {Act, MovementKind} from "./MovementKind.sol";

/// @title TokenState: what one token remembers, and the only ways to change it
/// @dev Balances change in `_give`, `_take` and `_transfer` and nowhere else; each is followed by its `Transfer` log.
abstract contract TokenState is Managed, ISecurityToken, IERC7943Fungible, IERC20 {
    /// @dev One slot. `cap` and `total` fit 80 bits, so no balance can outgrow the account word.
    struct Supply {
        uint80 total;
        uint80 cap;
        uint32 redemptionDate;
        uint16 legalCategory;
        bool everIssued;
    }

    /// @dev The most by which all splits together may multiply a holding. Keeps `scaled` free of overflow.
    uint256 internal constant MAX_CUMULATIVE_FACTOR = type(uint160).max;

    mapping(address account => AccountWord) internal _accounts;
    ControlWord internal _control;
    Supply internal _supply;

    address public initialBeneficiary;
    bytes32 public termsHash;

    /// @dev Product of all split factors up to an epoch; epoch 0 is left unwritten and means 1.
    mapping(uint16 epoch => uint256) internal _cumulativeFactor;
    mapping(bytes32 ref => bool) internal _usedRefs;
    mapping(bytes32 originalRef => bool) internal _reversedRefs;
    /// @dev Units destroyed under a reference and not yet re-created by a redistribution.
    mapping(bytes32 ref => uint256) internal _burned;
    mapping(address owner => mapping(address spender => uint256)) internal _allowances;

    // ------------------------------------------------------------------------------------------ modifiers

    /// @dev Every administrative function: nothing runs under full stop, and only the duty's holder may call.
    modifier duty() {
        _requireDuty();
        _;
    }

    /// @dev As `duty`, for acts that need a product that has not ended.
    modifier dutyOnLiveProduct() {
        _requireDuty();
        if (_control.has(PRODUCT_ENDED)) revert TokenProductEnded();
        _;
    }

    function _requireDuty() private view {
        if (_control.has(STOPPED)) revert TokenStopped();
        if (!_holdsDuty()) revert TokenDutyMissing(msg.sender, msg.sig);
    }

    /// @dev Raising a restriction takes one person, lifting one takes two (the RELEASER is a Safe).
    function _requireRelease() internal view {
        if (!_isMember(DUTY_RELEASER)) revert TokenReleaseNeedsTwoPersons(msg.sender);
    }

    // ------------------------------------------------------------------------------------------- accounts

    /// @notice The account as it stands now, splits it has not yet been touched by included.
    function _load(address account, ControlWord control) internal view returns (AccountWord word) {
        word = _accounts[account];
        uint16 current = control.epoch();
        uint16 written = word.epoch();
        if (written != current) word = word.scaled(_factorBetween(written, current), current);
    }

    function _factorBetween(uint16 written, uint16 current) private view returns (uint256) {
        uint256 then = written == 0 ? 1 : _cumulativeFactor[written];
        return _cumulativeFactor[current] / then;
    }

    /// @dev Adds units to a loaded account and writes it. The total issued bounds every balance.
    function _give(address to, AccountWord word, uint256 units) internal {
        _accounts[to] = word.withBalance(word.balance() + units);
    }

    /// @dev Takes units from a loaded account whatever is frozen, and says so when the freeze shrinks with it.
    function _take(address from, AccountWord word, uint256 units) internal {
        AccountWord left = word.seized(units);
        _accounts[from] = left;
        if (left.frozen() != word.frozen()) emit Frozen(from, left.frozen());
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
