// SPDX-License-Identifier: UNLICENSED
pragma solidity ^0.8.24;

import {IPlatform, MarketStatus} from "../interfaces/IPlatform.sol";
import {ISafe} from "../interfaces/ISafe.sol";
import {IControlled} from "../interfaces/IControlled.sol";
import {MARKET_CLOSED, STOPPED, TRANSFER_DISABLED} from "../token/ControlWord.sol";
import {Managed} from "./Managed.sol";

/// @title Platform: the list of products, and the switches that reach all of them
///
/// @notice Powers, duty by duty. "Blocks" says whom the duty can stop from acting.
///
///     STOPPER                     stop everything, alone.       Cannot resume, cannot move.  Blocks: everybody.
///     RESUMER (Safe)              end a stop that others made.  Cannot open the market.      Blocks: nobody.
///     MARKET_OPERATOR             open and close the market.    Cannot lift a stop.          Blocks: holders.
///     TRANSFER_CONTROLLER (Safe)  add, switch, assign groups.   Cannot move units.           Blocks: holders.
///     FACTORY (contract)          add a product it created.     Cannot remove one.           Blocks: nobody.
///
/// @dev The switches are written into each token's control word, so a transfer never calls the platform. One
///      write per product: about 2,400 products fit a block of 30 million gas.
contract Platform is IPlatform, Managed {
    uint16 private constant MARKET_MASK = STOPPED | MARKET_CLOSED;

    MarketStatus public override status;
    address public override stoppedBy;

    address[] private _tokens;
    mapping(bytes32 productId => address) public override tokenOf;
    mapping(address token => bytes32) public override groupOf;
    mapping(bytes32 group => GroupState) private _groups;
    mapping(bytes32 group => address[]) private _members;

    enum GroupState {
        Unknown,
        Enabled,
        Disabled
    }

    /// @dev A new platform is closed: the first opening is a decision of its own.
    constructor(address manager) Managed(manager) {
        status = MarketStatus.Closed;
    }

    modifier duty() {
        if (!_holdsDuty()) revert PlatformDutyMissing(msg.sender, msg.sig);
        _;
    }

    modifier running() {
        if (status == MarketStatus.Stopped) revert PlatformAlreadyStopped(stoppedBy);
        _;
    }

    // ------------------------------------------------------------------------------------- stop and market

    /// @inheritdoc IPlatform
    function stop() external duty running {
        status = MarketStatus.Stopped;
        stoppedBy = msg.sender;
        emit Stopped(msg.sender);
        _write(_tokens, MARKET_MASK, STOPPED | MARKET_CLOSED);
    }

    /// @inheritdoc IPlatform
    function resume() external duty {
        if (status != MarketStatus.Stopped) revert PlatformNotStopped();
        // Check: an account with fewer than two signers, or one that counts the stopper, is not "two others".
        // A caller that is no Safe has no code to answer, and the call itself reverts.
        address stopper = stoppedBy;
        if (msg.sender.code.length == 0 || ISafe(msg.sender).getThreshold() < 2 || ISafe(msg.sender).isOwner(stopper)) {
            revert PlatformResumeNeedsOthers(stopper);
        }
        status = MarketStatus.Closed;
        stoppedBy = address(0);
        emit Resumed(msg.sender);
        _write(_tokens, MARKET_MASK, MARKET_CLOSED);
    }

    /// @inheritdoc IPlatform
    function openMarket() external duty running {
        status = MarketStatus.Open;
        emit MarketOpened(msg.sender);
        _write(_tokens, MARKET_MASK, 0);
    }

    /// @inheritdoc IPlatform
    function closeMarket() external duty running {
        status = MarketStatus.Closed;
        emit MarketClosed(msg.sender);
        _write(_tokens, MARKET_MASK, MARKET_CLOSED);
    }

    // ------------------------------------------------------------------------------ transfer-enable groups

    /// @inheritdoc IPlatform
    function createGroup(bytes32 group, bool enabled) external duty {
        if (group == bytes32(0)) revert PlatformGroupUnknown(group); // zero says "not registered" (`groupOf`)
        if (_groups[group] != GroupState.Unknown) revert PlatformGroupExists(group);
        _groups[group] = enabled ? GroupState.Enabled : GroupState.Disabled;
        emit GroupCreated(group, enabled);
    }

    /// @inheritdoc IPlatform
    function setTransferEnabled(bytes32 group, bool enabled) external duty running {
        _requireGroup(group);
        _groups[group] = enabled ? GroupState.Enabled : GroupState.Disabled;
        emit TransferEnabledSet(group, enabled);
        _write(_members[group], TRANSFER_DISABLED, enabled ? 0 : TRANSFER_DISABLED);
    }

    /// @inheritdoc IPlatform
    function assignGroup(address token, bytes32 group) external duty running {
        bytes32 previous = groupOf[token];
        if (previous == bytes32(0)) revert PlatformProductUnknown(token);
        _requireGroup(group);
        _leave(token, previous);
        groupOf[token] = group;
        _members[group].push(token);
        emit GroupAssigned(token, previous, group);
        IControlled(token).setControlBits(TRANSFER_DISABLED, controlBits(group));
    }

    // ------------------------------------------------------------------------------------------- products

    /// @inheritdoc IPlatform
    function register(bytes32 productId, address token, bytes32 group) external duty running {
        if (tokenOf[productId] != address(0)) revert PlatformProductExists(productId);
        _requireGroup(group);
        tokenOf[productId] = token;
        groupOf[token] = group;
        _tokens.push(token);
        _members[group].push(token);
        emit ProductRegistered(productId, token, group);
    }

    /// @inheritdoc IPlatform
    function isTransferEnabled(bytes32 group) external view returns (bool) {
        return _groups[group] == GroupState.Enabled;
    }

    /// @inheritdoc IPlatform
    function tokenCount() external view returns (uint256) {
        return _tokens.length;
    }

    /// @inheritdoc IPlatform
    function tokens(uint256 first, uint256 count) external view returns (address[] memory page) {
        uint256 length = _tokens.length;
        if (first >= length) return page;
        if (count > length - first) count = length - first;
        page = new address[](count);
        for (uint256 i = 0; i < count; ++i) {
            page[i] = _tokens[first + i];
        }
    }

    /// @inheritdoc IPlatform
    function controlBits(bytes32 group) public view returns (uint16 bits) {
        if (status == MarketStatus.Stopped) bits = STOPPED | MARKET_CLOSED;
        else if (status == MarketStatus.Closed) bits = MARKET_CLOSED;
        if (_groups[group] == GroupState.Disabled) bits |= TRANSFER_DISABLED;
    }

    // ------------------------------------------------------------------------------------------- internal

    /// @dev Tokens are our own code, created by the factory: they cannot call back or refuse.
    function _write(address[] storage list, uint16 mask, uint16 bits) private {
        uint256 length = list.length;
        for (uint256 i = 0; i < length; ++i) {
            IControlled(list[i]).setControlBits(mask, bits);
        }
    }

    function _requireGroup(bytes32 group) private view {
        if (_groups[group] == GroupState.Unknown) revert PlatformGroupUnknown(group);
    }

    /// @dev Order within a group has no meaning, so the last member takes the place of the one that leaves.
    function _leave(address token, bytes32 group) private {
        address[] storage members = _members[group];
        uint256 last = members.length - 1;
        for (uint256 i = 0; i <= last; ++i) {
            if (members[i] == token) {
                members[i] = members[last];
                members.pop();
                return;
            }
        }
    }
}
