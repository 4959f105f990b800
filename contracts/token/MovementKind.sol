// SPDX-License-Identifier: UNLICENSED
pragma solidity ^0.8.24;

/// @title MovementKind (移転区分): what a movement of units is, by law
/// @notice Closed list of R-PROGMAT-T2.10. A `Transfer` log that no `Movement` announces is of kind `Transfer`.
enum MovementKind {
    None,            // 0
    Issue,           // 1  発行
    AdditionalIssue, // 2  追加発行
    Distribute,      // 3  配布
    Transfer,        // 4  移転
    Redeem,          // 5  償還
    Split,           // 6  分割
    Forced,          // 7  強制移転
    Redistribute,    // 8  再配布
    Reverse,         // 9  逆移転
    Cancel,          // 10 取消
    Rekey            // 11 鍵の更新: the holder stays, the address changes
}

/// @title Act: the papers that go with an administrative movement
/// @param ref          business reference; each may be used once per product. MUST NOT be zero.
/// @param evidence     digest of the order, decision or application it rests on
/// @param deliveryDate 受渡日 as YYYYMMDD in JST; zero means the JST day of the block
struct Act {
    bytes32 ref;
    bytes32 evidence;
    uint32 deliveryDate;
}
