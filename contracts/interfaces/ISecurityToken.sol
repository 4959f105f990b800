// SPDX-License-Identifier: UNLICENSED
pragma solidity ^0.8.24;

import {IERC1404} from "./IERC1404.sol";
import {IERC3009} from "./IERC3009.sol";
import {IERC3643Surface} from "./IERC3643Surface.sol";
import {IERC7943Fungible} from "./IERC7943.sol";
import {IHolds} from "./IHolds.sol";
import {ITokenEvents} from "./ITokenEvents.sol";
import {Reason} from "../compliance/Reason.sol";
import {Act} from "../token/MovementKind.sol";
import {IERC20Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";
import {IERC20Metadata} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Metadata.sol";
import {IERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Permit.sol";

/// @title ISecurityToken: everything one product answers to
/// @notice The eleven basic actions (基本機能), and the standards that other systems know. Units are whole; amounts
///         are never fractions. Times are UTC seconds and open-ended on the right: a verdict holds while
///         `now < until`, a lock-up holds while `now < until`.
/// @dev `SecurityToken` answers what every transfer needs; what it does not know itself it runs as `TokenActs`.
interface ISecurityToken is
    ITokenEvents,
    IERC20Metadata,
    IERC20Errors,
    IERC20Permit,
    IERC3009,
    IERC7943Fungible,
    IERC1404,
    IERC3643Surface,
    IHolds
{
    // ------------------------------------------------------------------- anyone asks: state and questions

    function productId() external view returns (bytes32);
    function accountWord(address account) external view returns (uint256);
    function controlWord() external view returns (uint256);
    function supply()
        external
        view
        returns (uint256 total, uint256 cap, uint32 redemptionDate, uint16 legalCategory, bool everIssued);
    function initialBeneficiary() external view returns (address);
    function termsHash() external view returns (bytes32);
    function platform() external view returns (address);
    function authority() external view returns (address);
    /// @notice By how much all splits so far multiply a unit of the first issue.
    function splitFactor() external view returns (uint256);
    /// @notice Accounts with at least one unit; zero when they are not counted.
    function holderCount() external view returns (uint256);
    function isReferenceUsed(bytes32 ref) external view returns (bool);
    function isReversed(bytes32 originalRef) external view returns (bool);
    /// @notice Units destroyed under `ref` and not re-created since, splits included.
    function burnedUnder(bytes32 ref) external view returns (uint256);
    function reasonOf(address from, address to, uint256 units) external view returns (Reason);
    function detectTransferRestrictionFrom(address spender, address from, address to, uint256 value)
        external
        view
        returns (uint8);

    // ------------------------------------------------------------------------------------ the holder: transfer

    /// @notice Action 3 (移転機能) with the trade's own reference (取引ID) on the record.
    function transferWithReference(address to, uint256 units, bytes32 ref) external returns (bool);
    /// @notice As `transferWithReference`, by a spender.
    function transferFromWithReference(address from, address to, uint256 units, bytes32 ref) external returns (bool);
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
    /// @param epoch how many splits there were when this one was decided: the same decision cannot split twice
    function split(uint256 factor, uint16 epoch, Act calldata act) external;
    /// @notice Ends the product for good: it goes on as `successor`, a product of the same platform with the same total.
    ///         What stood here stays readable; nothing moves any more.
    /// @param act its evidence is the digest of what was proved equal, holder by holder
    function close(bytes32 successor, Act calldata act) external;
    /// @notice Completes or changes the terms; issue is refused until none is missing. The initial beneficiary
    ///         stays who it is from the first issue on; only its key can change.
    function setTerms(
        uint16 legalCategory,
        bytes32 termsHash_,
        address initialBeneficiary_,
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
    /// @notice Counts holders from the first unit on, for a rule that limits their number.
    function enableHolderCount() external;

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
