// SPDX-License-Identifier: UNLICENSED
pragma solidity ^0.8.24;

/// @title Trade: what seller and buyer both sign
/// @param tradeId  取引ID, on the record of the delivery
/// @param nonce    the seller's number for this trade: used once, in any order
/// @param units    whole units of `token`
/// @param amount   of `cash`, in its smallest unit; whole yen where cash is bank money
/// @param cash     the yen token; the zero address means bank money
/// @param agent    who confirms bank money; the zero address where cash is a token
/// @param deadline last UTC second at which the trade may settle or be instructed; a hold for it expires then
struct Trade {
    bytes32 tradeId;
    address token;
    address seller;
    address buyer;
    uint256 units;
    address cash;
    uint256 amount;
    address agent;
    uint256 nonce;
    uint256 deadline;
}

/// @title NetBatch: many trades of one token, netted to one position a party
/// @param participants every party once, ascending by address
/// @param units        what each receives (positive) or delivers (negative); the sum is zero
/// @param amounts      what each receives or pays in `cash`; the sum is zero
/// @param nonce        the first participant's number: used once
struct NetBatch {
    bytes32 batchId;
    address token;
    address cash;
    address[] participants;
    int256[] units;
    int256[] amounts;
    uint256 nonce;
    uint256 deadline;
}

/// @title ISettlement: delivery versus payment (資金証券同時決済)
/// @notice Both sides sign the same words (EIP-712; keys and ERC-1271 accounts alike), anybody may send them. The
///         parties allow this contract on the token and on the yen token; without their signature it moves nothing.
///         It never holds units, and yen for no longer than the transaction.
interface ISettlement {
    event CashAllowed(address indexed cash, bool allowed);
    event TradeSettled(bytes32 indexed tradeId, address indexed token, address indexed cash, uint256 units, uint256 amount);
    event TradeInstructed(bytes32 indexed tradeId, address indexed token, address indexed agent, uint256 amount);
    event PaymentConfirmed(bytes32 indexed tradeId, bytes32 paymentRef);
    event TradeAborted(bytes32 indexed tradeId, address indexed by);
    event TradeCancelled(bytes32 indexed digest, address indexed by);
    event NonceCancelled(address indexed owner, uint256 nonce);
    event BatchSettled(bytes32 indexed batchId, address indexed token, address indexed cash, uint256 participants);

    error SettlementDutyMissing(address caller, bytes4 selector);
    error SettlementCashNotAllowed(address cash);
    error SettlementDeadlinePassed(uint256 deadline);
    error SettlementSignatureInvalid(address signer);
    error SettlementNonceUsed(address owner, uint256 nonce);
    error SettlementTradeCancelled(bytes32 digest, address by);
    error SettlementPaymentIncomplete(address seller, uint256 expected, uint256 received);
    error SettlementNotAgent(address caller, address agent);
    error SettlementNotInstructed(bytes32 tradeId);
    error SettlementBatchUnbalanced(int256 units, int256 amounts);
    error SettlementBatchMalformed();
    error SettlementAgentInvalid(address agent);
    error SettlementDeliveryFailed(address token);

    /// @notice (a) Cash on the same chain: units and yen change hands in this transaction, or neither does.
    function settle(Trade calldata trade, bytes calldata sellerSignature, bytes calldata buyerSignature) external;

    /// @notice (a) Many trades netted: every participant signs the batch, and each moves its net only.
    function settleNet(NetBatch calldata batch, bytes[] calldata signatures) external;

    /// @notice (b) Bank money: holds the units in the seller's account until the agent confirms or the deadline passes.
    function instruct(Trade calldata trade, bytes calldata sellerSignature, bytes calldata buyerSignature) external;

    /// @notice (b) The agent named in the trade has the money: delivers.
    function confirmPayment(address token, bytes32 tradeId, bytes32 paymentRef) external;

    /// @notice (b) The agent gives up before the deadline: releases. Afterwards anybody may release at the token.
    function abort(address token, bytes32 tradeId) external;

    /// @notice Makes the caller's own nonce void: nothing signed with it settles any more.
    function cancelNonce(uint256 nonce) external;

    /// @notice A party withdraws from a trade or batch that was neither settled nor instructed, by its EIP-712 digest.
    /// @dev Anybody may say so of any digest: only what a party said counts, and it comes too late for what was done.
    function cancelTrade(bytes32 digest) external;

    function allowCash(address cash, bool allowed) external;
    function isCashAllowed(address cash) external view returns (bool);
    function isNonceUsed(address owner, uint256 nonce) external view returns (bool);
    /// @notice What seller and buyer sign.
    function tradeDigest(Trade calldata trade) external view returns (bytes32);
    /// @notice What every participant of a batch signs.
    function batchDigest(NetBatch calldata batch) external view returns (bytes32);
}
