// SPDX-License-Identifier: UNLICENSED
pragma solidity ^0.8.24;

import {Managed} from "../governance/Managed.sol";
import {IDisbursement, Payment, PaymentOrder} from "../interfaces/IDisbursement.sol";
import {AnchorKind, IRegisterAnchor} from "../interfaces/IRegisterAnchor.sol";
import {ISettlement} from "../interfaces/ISettlement.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC20Metadata} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Metadata.sol";

/// @title Disbursement: distributions paid in a yen token
///
/// @notice Powers.
///
///     ISSUER (Safe)   pay the lines of an anchored payee list.  Cannot pay a line twice, draw more than a payer allowed
///                     this contract, pay in a token that is not on the list.  Blocks: nobody.
///     payer           allow and withdraw the yen.               Blocks: the payments, by allowing nothing.
///
/// @dev Order: duty, yen token, list, every line and the payer's funds are checked first; then line by line it is noted as
///      paid, paid, and counted what arrived. It never holds yen.
contract Disbursement is IDisbursement, Managed {
    uint256 private constant MOST_DECIMALS = 18;

    IRegisterAnchor private immutable _anchor;
    ISettlement private immutable _settlement;
    /// @dev 256 lines a word.
    mapping(bytes32 run => mapping(uint256 word => uint256 bits)) private _paid;

    constructor(address manager, address anchor_, address settlement_) Managed(manager) {
        _anchor = IRegisterAnchor(anchor_);
        _settlement = ISettlement(settlement_);
    }

    // ---------------------------------------------------------------------------------------------- ISSUER

    /// @inheritdoc IDisbursement
    function pay(PaymentOrder calldata order, Payment[] calldata payments) external {
        // Check:
        if (!_holdsDuty()) revert DisbursementDutyMissing(msg.sender, msg.sig);
        uint256 unit = _unitOf(order.cash);
        _requireLines(order, payments);
        uint256 before = _requireFunds(order, _sumOf(payments) * unit);

        // Effect and interaction, line by line:
        uint256 yen = 0;
        uint256 lines = 0;
        for (uint256 i = 0; i < payments.length; ++i) {
            if (_payLine(order, payments[i], unit)) {
                yen += payments[i].yen;
                ++lines;
            }
        }
        uint256 left = IERC20(order.cash).balanceOf(order.payer);
        if (left + yen * unit != before) {
            revert DisbursementPaymentIncomplete(order.payer, before - yen * unit, left);
        }
        emit BatchPaid(order.run, order.cash, order.payer, order.root, lines, yen);
    }

    // --------------------------------------------------------------------------------------- anyone asks

    /// @inheritdoc IDisbursement
    function isPaid(bytes32 run, uint256 line) public view returns (bool) {
        return _paid[run][line >> 8] & (1 << (line & 255)) != 0;
    }

    /// @inheritdoc IDisbursement
    function anchor() external view returns (address) {
        return address(_anchor);
    }

    /// @inheritdoc IDisbursement
    function settlement() external view returns (address) {
        return address(_settlement);
    }

    // ------------------------------------------------------------------------------------------- internal

    /// @dev What one yen is in the token's smallest unit.
    function _unitOf(address cash) private view returns (uint256) {
        if (!_settlement.isCashAllowed(cash) || cash.code.length == 0) revert DisbursementCashNotAllowed(cash);
        uint256 decimals = IERC20Metadata(cash).decimals();
        if (decimals > MOST_DECIMALS) revert DisbursementCashUnfit(cash, decimals);
        return 10 ** decimals;
    }

    /// @dev The list is anchored under this root, and every line is one of it, once. The first leaf of a list is no line.
    function _requireLines(PaymentOrder calldata order, Payment[] calldata payments) private view {
        (bytes32 root, uint64 leaves,) = _anchor.rootOf(AnchorKind.PayeeList, order.run, order.day);
        if (root == bytes32(0) || root != order.root) {
            revert DisbursementListNotAnchored(order.run, order.day, order.root);
        }
        if (payments.length == 0) revert DisbursementLineInvalid(0, address(0), 0);
        uint256 last = 0;
        for (uint256 i = 0; i < payments.length; ++i) {
            Payment calldata each = payments[i];
            if (
                each.line <= last || each.line >= leaves || each.yen == 0 || each.payee == address(0)
                    || each.payee == order.payer || each.payee == order.cash || each.payee == address(this)
            ) revert DisbursementLineInvalid(each.line, each.payee, each.yen);
            if (isPaid(order.run, each.line)) revert DisbursementLineAlreadyPaid(order.run, each.line);
            last = each.line;
        }
    }

    function _sumOf(Payment[] calldata payments) private pure returns (uint256 yen) {
        for (uint256 i = 0; i < payments.length; ++i) {
            yen += payments[i].yen;
        }
    }

    /// @dev Asked before the first payment, so that a payer without funds is not taken for payees who are refused.
    function _requireFunds(PaymentOrder calldata order, uint256 needed) private view returns (uint256 balance) {
        balance = IERC20(order.cash).balanceOf(order.payer);
        uint256 allowed = IERC20(order.cash).allowance(order.payer, address(this));
        if (balance < needed || allowed < needed) {
            revert DisbursementFundsTooLow(order.payer, needed, allowed, balance);
        }
    }

    /// @dev Whether the payee has the yen now; if not, nothing has moved. Anything between the two ends the batch.
    function _payLine(PaymentOrder calldata order, Payment calldata each, uint256 unit) private returns (bool paid) {
        IERC20 cash = IERC20(order.cash);
        uint256 amount = each.yen * unit;
        uint256 before = cash.balanceOf(each.payee);

        // Effect: a token that calls back finds the line paid.
        _mark(order.run, each.line);

        // Interaction:
        uint256 gas = gasleft();
        (bool answered, bytes memory answer) =
            order.cash.call(abi.encodeCall(IERC20.transferFrom, (order.payer, each.payee, amount)));
        // The call gets all gas but a 64th. What leaves no more than that behind ran out of it, and has refused nobody.
        if (!answered && gasleft() < gas / 63) revert DisbursementGasTooLow(each.line);
        paid = answered && (answer.length == 0 || (answer.length >= 32 && abi.decode(answer, (uint256)) == 1));
        uint256 received = cash.balanceOf(each.payee) - before;
        uint256 expected = paid ? amount : 0;
        if (received != expected) revert DisbursementPaymentIncomplete(each.payee, expected, received);

        if (paid) {
            emit LinePaid(order.run, each.line, each.payee, each.yen);
        } else {
            _unmark(order.run, each.line);
            emit LinePutAside(order.run, each.line, each.payee, each.yen);
        }
    }

    function _mark(bytes32 run, uint256 line) private {
        if (isPaid(run, line)) revert DisbursementLineAlreadyPaid(run, line); // paid by a token that called back
        _paid[run][line >> 8] |= 1 << (line & 255);
    }

    function _unmark(bytes32 run, uint256 line) private {
        _paid[run][line >> 8] &= ~(1 << (line & 255));
    }
}
