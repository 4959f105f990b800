// SPDX-License-Identifier: UNLICENSED
pragma solidity ^0.8.24;

import {Reason} from "../compliance/Reason.sol";
import {Act, MovementKind} from "../token/MovementKind.sol";

/// @title ProductTerms: what a token is created with (銘柄の発行条件)
/// @param productId          受益権ID, the key of the product on the ledger and in the registry
/// @param legalCategory      legal form and category code; zero means "not yet decided"
/// @param termsHash          digest of the published terms and the trust deed or bond terms
/// @param transferControlId  移転実行可否制御ID, the transfer-enable group
/// @param initialBeneficiary 当初受益者, who receives the issue and from whom it is distributed
/// @param authorisedCap      units that may be outstanding at most
/// @param redemptionDate     償還日 as UTC seconds; redemption on or after it only
/// @param permittedClasses   bit n set: investor class n may hold
struct ProductTerms {
    bytes32 productId;
    string name;
    string symbol;
    uint16 legalCategory;
    bytes32 termsHash;
    bytes32 transferControlId;
    address initialBeneficiary;
    uint80 authorisedCap;
    uint32 redemptionDate;
    uint32 permittedClasses;
}

/// @title ISecurityToken: the eleven basic actions (基本機能) of one product
/// @notice Units are whole; amounts are never fractions. Times are UTC seconds and open-ended on the right:
///         a verdict holds while `now < until`, a lock-up holds while `now < until`.
/// @dev A `Movement` announces the next `count` `Transfer` logs of this contract. A `Transfer` that was not
///      announced is an ordinary transfer by the holder, delivered on the JST day of its block. So the register
///      can be rebuilt from events alone, and an ordinary transfer pays for one event only.
interface ISecurityToken {
    // --------------------------------------------------------------------------------------------- events

    event Movement(
        bytes32 indexed ref, MovementKind indexed kind, uint256 count, uint32 deliveryDate, bytes32 evidence
    );
    /// @notice Every holding is multiplied by `factor` from this log on, untouched accounts included.
    event Split(uint16 indexed epoch, uint256 factor, uint256 totalBefore, uint256 totalAfter);
    /// @notice The movement `ref` undoes the trade `originalRef`.
    event Reversed(bytes32 indexed originalRef, bytes32 indexed ref);
    /// @notice The key changes, the holder does not: balance, frozen units, lock-up, verdict and flags go along.
    event Rekeyed(address indexed oldAddress, address indexed newAddress, bytes32 indexed ref);
    /// @notice The named accounts carry this verdict from now on; `previous` are their account words before.
    event VerdictsSet(address[] accounts, uint256[] previous, uint32 until, uint8 class, bool blocked);
    event AddressFrozen(address indexed account, bool indexed isFrozen, address indexed by);
    event TokensFrozen(address indexed account, uint256 amount);
    event TokensUnfrozen(address indexed account, uint256 amount);
    event LockUpSet(address indexed account, uint32 previous, uint32 until);
    event OwnAccountSet(address indexed account, bool previous, bool isOwnAccount);
    event ProductLockUpSet(uint32 previous, uint32 until);
    event PermittedClassesSet(uint32 previous, uint32 permittedClasses);
    event RuleSet(address previous, address rule);
    event TermsSet(
        uint16 legalCategory, bytes32 termsHash, address initialBeneficiary, uint256 authorisedCap, uint32 redemptionDate
    );
    event ProductClosed(bytes32 indexed ref);

    // --------------------------------------------------------------------------------------------- errors

    error TokenStopped();
    error TokenMarketClosed();
    error TokenTransferDisabled();
    error TokenProductEnded();
    error TokenProductLockedUp(uint32 until);
    error TokenRetired(address account);
    error TokenAddressFrozen(address account);
    error TokenBlocked(address account);
    error TokenUnverified(address account);
    error TokenVerdictExpired(address account, uint32 until);
    error TokenClassNotPermitted(address account, uint8 class);
    error TokenLockedUp(address account, uint32 until);
    error TokenRuleRefused(address rule, address from, address to, uint256 units);
    error TokenRuleFailed(address rule);

    error TokenNotPlatform(address caller);
    error TokenDutyMissing(address caller, bytes4 selector);
    error TokenReleaseNeedsTwoPersons(address caller);
    error TokenZeroUnits();
    error TokenSameAddress(address account);
    error TokenLengthMismatch(uint256 accounts, uint256 units);
    error TokenReferenceMissing();
    error TokenReferenceUsed(bytes32 ref);
    error TokenEvidenceMissing(bytes32 ref);
    error TokenAlreadyReversed(bytes32 originalRef);
    error TokenProductIncomplete(bytes32 missing);
    error TokenCapExceeded(uint256 cap, uint256 wouldBe);
    error TokenRedemptionNotDue(uint32 redemptionDate, uint256 nowAt);
    error TokenSplitFactorInvalid(uint256 factor);
    error TokenSplitOverflow(uint256 total, uint256 factor);
    error TokenUnitsTooLarge(uint256 units);
    error TokenTargetNotEmpty(address account);
    error TokenNotBurned(bytes32 burnRef, uint256 burned, uint256 asked);
    error TokenClassUnknown(uint8 class);

    // ------------------------------------------------------------------- anyone asks: state and questions

    function productId() external view returns (bytes32);
    function accountWord(address account) external view returns (uint256);
    function controlWord() external view returns (uint256);
    function reasonOf(address from, address to, uint256 units) external view returns (Reason);
    function detectTransferRestrictionFrom(address spender, address from, address to, uint256 value)
        external
        view
        returns (uint8);

    // ------------------------------------------------------------------------------------ the holder: transfer

    /// @notice Action 3 (移転機能) with the trade's own reference (取引ID) on the record.
    function transferWithReference(address to, uint256 units, bytes32 ref) external returns (bool);
    /// @notice Several transfers of the caller, whole or not at all.
    function batchTransfer(address[] calldata to, uint256[] calldata units) external;

    // ---------------------------------------------- issuance (registrar, two persons): issue, redeem, split

    /// @notice Actions 1 and 5 (発行, 追加発行): creates units within the authorised cap.
    function issue(address[] calldata to, uint256[] calldata units, Act calldata act) external;
    /// @notice Action 4 (償還): extinguishes units on or after the redemption date; a blocked holder's too.
    function redeem(address[] calldata from, uint256[] calldata units, Act calldata act) external;
    /// @notice Extinguishes all units of the named holders; when none is left anywhere the product ends.
    function redeemAll(address[] calldata from, Act calldata act) external;
    /// @notice Action 6 (分割): each unit becomes `factor` units for every holder at once.
    function split(uint256 factor, Act calldata act) external;
    /// @notice Completes or changes the terms; issue is refused until none is missing.
    function setTerms(
        uint16 legalCategory,
        bytes32 termsHash,
        address initialBeneficiary,
        uint80 authorisedCap,
        uint32 redemptionDate
    ) external;

    // --------------------------------------------------------------- distribution (registrar): distribute

    /// @notice Action 2 (配布): from the initial beneficiary to the allotted investors, whole or not at all.
    function distribute(address[] calldata to, uint256[] calldata units, bytes32 ref) external;

    // ------------------------------------------------------------ compliance, registrar: action 7 (移転の制限)

    function setVerdict(address account, uint32 until, uint8 class, bool blocked) external;
    function batchSetVerdict(address[] calldata accounts, uint32 until, uint8 class, bool blocked) external;
    function setAddressFrozen(address account, bool frozen) external;
    function freezePartialTokens(address account, uint256 amount) external;
    function unfreezePartialTokens(address account, uint256 amount) external;
    function setLockUp(address account, uint32 until) external;
    function setOwnAccount(address account, bool isOwnAccount) external;
    function setProductLockUp(uint32 until) external;
    function setPermittedClasses(uint32 permittedClasses) external;
    function setRule(address rule) external;

    // ---------------------------- repair (registrar, two persons): forced, redistribute, reverse, re-key

    /// @notice Action 8 (強制移転): without the holder's consent, on the evidence named.
    function forcedTransfer(address from, address to, uint256 units, Act calldata act) external;
    /// @notice Action 9 (再配布): retires units at `lost` and gives the same number to `to`; once per incident.
    function redistribute(address lost, address to, uint256 units, bytes32 incident, bytes32 evidence) external;
    /// @notice Action 9 where the units are already gone: re-creates what `burnRef` destroyed by mistake.
    function redistributeBurned(bytes32 burnRef, address to, uint256 units, bytes32 incident, bytes32 evidence)
        external;
    /// @notice Action 10 (逆移転): from the recipient of the trade `originalRef` back to its sender; once.
    function reverseTransfer(bytes32 originalRef, address from, address to, uint256 units, Act calldata act) external;
    /// @notice Re-keying: the whole account moves to `newAddress`; `oldAddress` is retired for good.
    function recoveryAddress(address oldAddress, address newAddress, Act calldata act) external;

    // ---------------------------------------------------------------------- the platform: action 11 (停止)

    /// @notice Sets the stop and market bits named by `mask` to `bits`.
    function setControlBits(uint16 mask, uint16 bits) external;

    /// @notice Writes the pending splits of the named accounts; changes no figure that anyone can read.
    function sync(address[] calldata accounts) external;
}
