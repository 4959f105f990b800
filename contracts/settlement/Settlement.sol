// SPDX-License-Identifier: UNLICENSED
pragma solidity ^0.8.24;

import {Managed} from "../governance/Managed.sol";
import {IDeliverable} from "../interfaces/IDeliverable.sol";
import {IHolds} from "../interfaces/IHolds.sol";
import {ISettlement, NetBatch, Trade} from "../interfaces/ISettlement.sol";
import {IERC1271} from "@openzeppelin/contracts/interfaces/IERC1271.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";

/// @title Settlement: delivery versus payment
///
/// @notice Powers.
///
///     seller, buyer            settle what both signed; withdraw before it settles. Blocks: nobody but each other.
///     anybody                  send what both signed.                              Cannot change a word of it.
///                              Blocks: nobody.
///     agent of a trade         deliver a held trade, or release it.                Cannot choose the recipient.
///                              Blocks: the held units until the deadline.
///     CASH_ADMIN (Safe)        the list of yen tokens.                             Cannot move anything.
///                              Blocks: settlement in a yen token it takes off the list.
///
/// @dev Order of every path: check deadline, nonce and signatures; note the nonce; then talk to the tokens. A token
///      checks the recipient like any transfer, so a verdict that lapsed meanwhile stops both legs.
contract Settlement is ISettlement, Managed, EIP712 {
    using SafeERC20 for IERC20;

    bytes32 private constant TRADE_TYPEHASH = keccak256(
        "Trade(bytes32 tradeId,address token,address seller,address buyer,uint256 units,address cash,uint256 amount,address agent,uint256 nonce,uint256 deadline)"
    );
    bytes32 private constant BATCH_TYPEHASH = keccak256(
        "NetBatch(bytes32 batchId,address token,address cash,address[] participants,int256[] units,int256[] amounts,uint256 nonce,uint256 deadline)"
    );

    mapping(address cash => bool) public isCashAllowed;
    /// @dev 256 nonces a word: after the first of a word, a seller's next 255 trades write to a slot in use.
    mapping(address owner => mapping(uint256 word => uint256 bits)) private _usedNonces;
    mapping(bytes32 digest => mapping(address party => bool)) private _cancelled;
    /// @dev Whether anybody at all withdrew from a digest: one question in the usual case instead of one per party.
    mapping(bytes32 digest => bool) private _anyCancelled;
    mapping(address token => mapping(bytes32 tradeId => address agent)) private _agents;

    constructor(address manager) Managed(manager) EIP712("Genbo Settlement", "1") {}

    modifier duty() {
        if (!_holdsDuty()) revert SettlementDutyMissing(msg.sender, msg.sig);
        _;
    }

    // ----------------------------------------------------------------------------- seller and buyer together

    /// @inheritdoc ISettlement
    function settle(Trade calldata trade, bytes calldata sellerSignature, bytes calldata buyerSignature) external {
        // Check:
        IERC20 cash = IERC20(trade.cash);
        if (!isCashAllowed[address(cash)]) revert SettlementCashNotAllowed(address(cash));
        (address seller, address buyer) = _admit(trade, sellerSignature, buyerSignature);

        // Interaction: units first, then yen; whichever is refused takes the other back.
        address token = trade.token;
        uint256 amount = trade.amount;
        _deliver(token, seller, buyer, trade.units, trade.tradeId);
        uint256 before = cash.balanceOf(seller);
        cash.safeTransferFrom(buyer, seller, amount);
        uint256 received = cash.balanceOf(seller) - before;
        if (received != amount && buyer != seller) revert SettlementPaymentIncomplete(seller, amount, received);
        emit TradeSettled(trade.tradeId, token, address(cash), trade.units, amount);
    }

    /// @inheritdoc ISettlement
    function instruct(Trade calldata trade, bytes calldata sellerSignature, bytes calldata buyerSignature) external {
        // Check: bank money has no token, and somebody to confirm it.
        if (trade.cash != address(0)) revert SettlementCashNotAllowed(trade.cash);
        if (trade.agent == address(0)) revert SettlementAgentInvalid(trade.agent);
        _admit(trade, sellerSignature, buyerSignature);

        // Effect and interaction:
        _agents[trade.token][trade.tradeId] = trade.agent;
        emit TradeInstructed(trade.tradeId, trade.token, trade.agent, trade.amount);
        uint32 expiry = trade.deadline >= type(uint32).max ? type(uint32).max : uint32(trade.deadline + 1);
        IHolds(trade.token).createHoldFrom(
            trade.seller, trade.tradeId, trade.buyer, trade.units, expiry, address(this)
        );
    }

    // ------------------------------------------------------------------------------------- agent of the trade

    /// @inheritdoc ISettlement
    function confirmPayment(address token, bytes32 tradeId, bytes32 paymentRef) external {
        _takeInstruction(token, tradeId);
        emit PaymentConfirmed(tradeId, paymentRef);
        IHolds(token).executeHold(tradeId);
    }

    /// @inheritdoc ISettlement
    function abort(address token, bytes32 tradeId) external {
        _takeInstruction(token, tradeId);
        emit TradeAborted(tradeId, msg.sender);
        IHolds(token).releaseHold(tradeId);
    }

    function _takeInstruction(address token, bytes32 tradeId) private {
        address agent = _agents[token][tradeId];
        if (agent == address(0)) revert SettlementNotInstructed(tradeId);
        if (msg.sender != agent) revert SettlementNotAgent(msg.sender, agent);
        delete _agents[token][tradeId];
    }

    // --------------------------------------------------------------------------------- all participants together

    /// @inheritdoc ISettlement
    function settleNet(NetBatch calldata batch, bytes[] calldata signatures) external {
        // Check:
        if (!isCashAllowed[batch.cash]) revert SettlementCashNotAllowed(batch.cash);
        if (block.timestamp > batch.deadline) revert SettlementDeadlinePassed(batch.deadline);
        uint256 count = batch.participants.length;
        if (
            count < 2 || batch.units.length != count || batch.amounts.length != count || signatures.length != count
        ) revert SettlementBatchMalformed();
        _requireBalanced(batch);
        bytes32 digest = batchDigest(batch);
        bool anyCancelled = _anyCancelled[digest];
        for (uint256 i = 0; i < count; ++i) {
            address party = batch.participants[i];
            if (i > 0 && party <= batch.participants[i - 1]) revert SettlementBatchMalformed();
            _requireParty(party, digest, signatures[i], anyCancelled);
        }

        // Effect:
        _useNonce(batch.participants[0], batch.nonce);

        // Interaction: givers and receivers are matched in order, so units and yen go straight from one to the other.
        _deliverNet(batch);
        _payNet(batch);
        emit BatchSettled(batch.batchId, batch.token, batch.cash, count);
    }

    function _requireBalanced(NetBatch calldata batch) private pure {
        int256 units = 0;
        int256 amounts = 0;
        for (uint256 i = 0; i < batch.units.length; ++i) {
            units += batch.units[i];
            amounts += batch.amounts[i];
        }
        if (units != 0 || amounts != 0) revert SettlementBatchUnbalanced(units, amounts);
    }

    function _deliverNet(NetBatch calldata batch) private {
        int256[] memory open = batch.units;
        (uint256 giver, uint256 receiver) = (0, 0);
        while (true) {
            (giver, receiver) = _nextPair(open, giver, receiver);
            if (giver == open.length) return;
            int256 part = -open[giver] < open[receiver] ? -open[giver] : open[receiver];
            open[giver] += part;
            open[receiver] -= part;
            _deliver(
                batch.token, batch.participants[giver], batch.participants[receiver], uint256(part), batch.batchId
            );
        }
    }

    function _payNet(NetBatch calldata batch) private {
        int256[] memory open = batch.amounts;
        (uint256 giver, uint256 receiver) = (0, 0);
        while (true) {
            (giver, receiver) = _nextPair(open, giver, receiver);
            if (giver == open.length) return;
            int256 part = -open[giver] < open[receiver] ? -open[giver] : open[receiver];
            open[giver] += part;
            open[receiver] -= part;
            address payee = batch.participants[receiver];
            uint256 before = IERC20(batch.cash).balanceOf(payee);
            IERC20(batch.cash).safeTransferFrom(batch.participants[giver], payee, uint256(part));
            uint256 received = IERC20(batch.cash).balanceOf(payee) - before;
            if (received != uint256(part)) revert SettlementPaymentIncomplete(payee, uint256(part), received);
        }
    }

    /// @dev The next one who still gives and the next one who still receives; `open.length` when nothing is left.
    function _nextPair(int256[] memory open, uint256 giver, uint256 receiver)
        private
        pure
        returns (uint256, uint256)
    {
        while (giver < open.length && open[giver] >= 0) ++giver;
        while (receiver < open.length && open[receiver] <= 0) ++receiver;
        return (giver, receiver);
    }

    // -------------------------------------------------------------------------------------- either party alone

    /// @inheritdoc ISettlement
    function cancelNonce(uint256 nonce) external {
        _useNonce(msg.sender, nonce);
        emit NonceCancelled(msg.sender, nonce);
    }

    /// @inheritdoc ISettlement
    function cancelTrade(bytes32 digest) external {
        _cancelled[digest][msg.sender] = true;
        _anyCancelled[digest] = true;
        emit TradeCancelled(digest, msg.sender);
    }

    // --------------------------------------------------------------------------------------------- cash admin

    /// @inheritdoc ISettlement
    function allowCash(address cash, bool allowed) external duty {
        if (cash == address(0)) revert SettlementCashNotAllowed(cash);
        isCashAllowed[cash] = allowed;
        emit CashAllowed(cash, allowed);
    }

    // -------------------------------------------------------------------------------------------- anyone asks

    /// @inheritdoc ISettlement
    function isNonceUsed(address owner, uint256 nonce) external view returns (bool) {
        return _usedNonces[owner][nonce >> 8] & (1 << (nonce & 255)) != 0;
    }

    /// @inheritdoc ISettlement
    function tradeDigest(Trade calldata trade) public view returns (bytes32) {
        // Static members only, so the struct's encoding is its members' in a row, as they stand in the calldata.
        bytes32 typeHash = TRADE_TYPEHASH;
        bytes32 structHash;
        assembly ("memory-safe") {
            let words := mload(0x40)
            mstore(words, typeHash)
            calldatacopy(add(words, 32), trade, 320)
            structHash := keccak256(words, 352)
        }
        return _hashTypedDataV4(structHash);
    }

    /// @inheritdoc ISettlement
    function batchDigest(NetBatch calldata batch) public view returns (bytes32) {
        return _hashTypedDataV4(
            keccak256(
                abi.encode(
                    BATCH_TYPEHASH,
                    batch.batchId,
                    batch.token,
                    batch.cash,
                    keccak256(abi.encodePacked(batch.participants)),
                    keccak256(abi.encodePacked(batch.units)),
                    keccak256(abi.encodePacked(batch.amounts)),
                    batch.nonce,
                    batch.deadline
                )
            )
        );
    }

    // ------------------------------------------------------------------------------------------- internal

    /// @dev A token of ours moves the units or refuses; one that only says no must not be paid for either.
    function _deliver(address token, address from, address to, uint256 units, bytes32 ref) private {
        bool moved = IDeliverable(token).transferFromWithReference(from, to, units, ref);
        if (!moved) revert SettlementDeliveryFailed(token);
    }

    /// @dev Check that the trade may go on, by both parties' signatures; effect: its nonce is used.
    function _admit(Trade calldata trade, bytes calldata sellerSignature, bytes calldata buyerSignature)
        private
        returns (address seller, address buyer)
    {
        (seller, buyer) = (trade.seller, trade.buyer);
        if (block.timestamp > trade.deadline) revert SettlementDeadlinePassed(trade.deadline);
        bytes32 digest = tradeDigest(trade);
        bool anyCancelled = _anyCancelled[digest];
        _requireParty(seller, digest, sellerSignature, anyCancelled);
        _requireParty(buyer, digest, buyerSignature, anyCancelled);
        _useNonce(seller, trade.nonce);
    }

    function _requireParty(address party, bytes32 digest, bytes calldata signature, bool anyCancelled) private view {
        if (anyCancelled && _cancelled[digest][party]) revert SettlementTradeCancelled(digest, party);
        // A key's signature first, read where it stands; then a contract's (ERC-1271). A high `s` is no key's signature.
        if (signature.length == 65) {
            (bytes32 r, bytes32 s, uint8 v) =
                (bytes32(signature[0:32]), bytes32(signature[32:64]), uint8(signature[64]));
            (address recovered, ECDSA.RecoverError failed,) = ECDSA.tryRecover(digest, v, r, s);
            if (failed == ECDSA.RecoverError.NoError && recovered == party) return;
        }
        if (party.code.length == 0) revert SettlementSignatureInvalid(party);
        (bool answered, bytes memory answer) =
            party.staticcall(abi.encodeCall(IERC1271.isValidSignature, (digest, signature)));
        bool valid = answered && answer.length >= 32
            && abi.decode(answer, (bytes32)) == bytes32(IERC1271.isValidSignature.selector);
        if (!valid) revert SettlementSignatureInvalid(party);
    }

    function _useNonce(address owner, uint256 nonce) private {
        mapping(uint256 word => uint256 bits) storage words = _usedNonces[owner];
        uint256 bit = 1 << (nonce & 255);
        uint256 bits = words[nonce >> 8];
        if (bits & bit != 0) revert SettlementNonceUsed(owner, nonce);
        words[nonce >> 8] = bits | bit;
    }
}
