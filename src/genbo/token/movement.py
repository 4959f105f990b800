"""Movements of units and the closed list of their kinds (移転区分, R-PROGMAT-T2.10)."""

from enum import IntEnum


class MovementKind(IntEnum):
    """What a movement is, by law. The numbers are those of `contracts/token/MovementKind.sol`; a
    test compares.
    """

    NONE = 0
    ISSUE = 1
    """発行"""
    ADDITIONAL_ISSUE = 2
    """追加発行"""
    DISTRIBUTE = 3
    """配布"""
    TRANSFER = 4
    """移転: an ordinary transfer by the holder"""
    REDEEM = 5
    """償還"""
    SPLIT = 6
    """分割"""
    FORCED = 7
    """強制移転"""
    REDISTRIBUTE = 8
    """再配布"""
    REVERSE = 9
    """逆移転"""
    CANCEL = 10
    """取消"""
    REKEY = 11
    """鍵の更新: the holder stays, the address changes"""
