// SPDX-License-Identifier: UNLICENSED
pragma solidity ^0.8.24;

/// @title PaymentOrder: what all lines of a batch share
/// @param run   分配ID: the distribution that is paid
/// @param day   the record date under which its payee list is anchored, YYYYMMDD in JST
/// @param root  root of that payee list, as it is anchored
/// @param cash  the yen token (電子決済手段)
/// @param payer whose allowance is drawn on
struct PaymentOrder {
    bytes32 run;
    uint32 day;
    bytes32 root;
    address cash;
    address payer;
}

/// @title Payment: one line of the payee list
/// @param line  明細番号, from 1
/// @param payee the address that speaks for the payee
/// @param yen   whole yen, whatever the decimals of the yen token
struct Payment {
    uint32 line;
    address payee;
    uint64 yen;
}

/// @title IDisbursement: a distribution paid in a yen token (電子決済手段による分配)
/// @notice Pays the lines of a payee list, many in one transaction, from what a payer allowed this contract. A line is
///         paid once, however often it is sent. Line, payee and whole yen stand in the events; the root in the same
///         transaction is the anchored one, under which every payee can prove what the line was to be.
/// @dev Warning: the list carries no addresses, so the ledger cannot see that an address is the payee's. The two persons
///      who sign the batch see each one, and whoever allowed the yen is liable for no more than was allowed.
interface IDisbursement {
    event LinePaid(bytes32 indexed run, uint32 indexed line, address indexed payee, uint256 yen);
    /// @notice The yen token refused this payee (blocked there, for example); the line is owed as before.
    event LinePutAside(bytes32 indexed run, uint32 indexed line, address indexed payee, uint256 yen);
    /// @param lines how many were paid
    /// @param yen   their sum
    event BatchPaid(
        bytes32 indexed run, address indexed cash, address indexed payer, bytes32 root, uint256 lines, uint256 yen
    );

    error DisbursementDutyMissing(address caller, bytes4 selector);
    error DisbursementCashNotAllowed(address cash);
    error DisbursementCashUnfit(address cash, uint256 decimals);
    error DisbursementListNotAnchored(bytes32 run, uint32 day, bytes32 root);
    error DisbursementLineInvalid(uint256 line, address payee, uint256 yen);
    error DisbursementLineAlreadyPaid(bytes32 run, uint256 line);
    error DisbursementFundsTooLow(address payer, uint256 needed, uint256 allowed, uint256 balance);
    error DisbursementPaymentIncomplete(address account, uint256 expected, uint256 received);
    error DisbursementGasTooLow(uint256 line);

    /// @notice Pays the lines, ascending by number. The batch is refused as a whole unless every line is in order and the
    ///         payer can pay all of it; of a batch that is in order, a payee whom the yen token refuses is put aside.
    function pay(PaymentOrder calldata order, Payment[] calldata payments) external;
    function isPaid(bytes32 run, uint256 line) external view returns (bool);
    /// @notice Where the payee lists are anchored.
    function anchor() external view returns (address);
    /// @notice Whose list of yen tokens counts.
    function settlement() external view returns (address);
}
