"""The table of acts (処理一覧): their names, in which duties they are made, and whose machines may order them."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from genbo.governance import Duty
from genbo.governance.institutions import InstitutionRole


class ActName(StrEnum):
    """Acts under a duty, by the names that the interface and the SDK use."""

    ISSUE = "issue"
    """発行・追加発行"""
    ALLOT = "allot"
    """配分・配布"""
    REDEEM = "redeem"
    """償還"""
    SPLIT = "split"
    """分割"""
    PAY_IN_TOKEN = "pay_in_token"
    """円建トークンによる支払"""
    FREEZE_UNITS = "freeze_units"
    """口数の凍結"""
    FREEZE_ADDRESS = "freeze_address"
    """アドレスの凍結"""
    LOCK_UP = "lock_up"
    """保有者の譲渡制限期間"""
    LOCK_UP_PRODUCT = "lock_up_product"
    """銘柄の譲渡制限期間"""
    PERMIT_CLASSES = "permit_classes"
    """保有できる投資家区分"""
    RECORD_VERDICT = "record_verdict"
    """適格性の記帳"""
    UNFREEZE_UNITS = "unfreeze_units"
    """口数の凍結解除"""
    UNFREEZE_ADDRESS = "unfreeze_address"
    """アドレスの凍結解除"""
    RELEASE_LOCK_UP = "release_lock_up"
    """保有者の譲渡制限期間の短縮・解除"""
    RELEASE_PRODUCT = "release_product"
    """銘柄の譲渡制限期間の短縮・解除"""
    RELEASE_CLASSES = "release_classes"
    """保有できる投資家区分の追加"""
    FORCE_TRANSFER = "force_transfer"
    """強制移転"""
    REVERSE_TRANSFER = "reverse_transfer"
    """逆移転"""
    REDISTRIBUTE = "redistribute"
    """再配布"""
    RECREATE = "recreate"
    """誤って消却した口数の再配布"""
    REKEY = "rekey"
    """鍵の更新"""
    STOP = "stop"
    """停止"""
    RESUME = "resume"
    """停止の解除"""
    OPEN_MARKET = "open_market"
    """開局"""
    CLOSE_MARKET = "close_market"
    """閉局"""
    SWITCH_GROUP = "switch_group"
    """移転実行可否の切替"""
    ANCHOR = "anchor"
    """アンカリング"""


@dataclass(frozen=True, slots=True)
class Ordering:
    """How an act is ordered."""

    duties: frozenset[Duty]
    """One of them, by what the act does: taking back "blocked" is a release."""
    role: InstitutionRole
    """Whose machines order it."""


def _by(role: InstitutionRole, *duties: Duty) -> Ordering:
    return Ordering(frozenset(duties), role)


_REGISTRAR, _PLATFORM = InstitutionRole.REGISTRAR, InstitutionRole.PLATFORM_MANAGER

ACTS: Mapping[ActName, Ordering] = MappingProxyType(
    {
        ActName.ISSUE: _by(_REGISTRAR, Duty.ISSUER),
        ActName.ALLOT: _by(_REGISTRAR, Duty.DISTRIBUTOR),
        ActName.REDEEM: _by(_REGISTRAR, Duty.ISSUER),
        ActName.SPLIT: _by(_REGISTRAR, Duty.ISSUER),
        ActName.PAY_IN_TOKEN: _by(_REGISTRAR, Duty.ISSUER),
        ActName.FREEZE_UNITS: _by(_REGISTRAR, Duty.RESTRICTOR),
        ActName.FREEZE_ADDRESS: _by(_REGISTRAR, Duty.RESTRICTOR),
        ActName.LOCK_UP: _by(_REGISTRAR, Duty.RESTRICTOR),
        ActName.LOCK_UP_PRODUCT: _by(_REGISTRAR, Duty.RESTRICTOR),
        ActName.PERMIT_CLASSES: _by(_REGISTRAR, Duty.RESTRICTOR),
        ActName.RECORD_VERDICT: _by(_REGISTRAR, Duty.RESTRICTOR, Duty.RELEASER),
        ActName.UNFREEZE_UNITS: _by(_REGISTRAR, Duty.RELEASER),
        ActName.UNFREEZE_ADDRESS: _by(_REGISTRAR, Duty.RELEASER),
        ActName.RELEASE_LOCK_UP: _by(_REGISTRAR, Duty.RELEASER),
        ActName.RELEASE_PRODUCT: _by(_REGISTRAR, Duty.RELEASER),
        ActName.RELEASE_CLASSES: _by(_REGISTRAR, Duty.RELEASER),
        ActName.FORCE_TRANSFER: _by(_REGISTRAR, Duty.REPAIRER),
        ActName.REVERSE_TRANSFER: _by(_REGISTRAR, Duty.REPAIRER),
        ActName.REDISTRIBUTE: _by(_REGISTRAR, Duty.REPAIRER),
        ActName.RECREATE: _by(_REGISTRAR, Duty.REPAIRER),
        ActName.REKEY: _by(_REGISTRAR, Duty.REPAIRER),
        ActName.STOP: _by(_PLATFORM, Duty.STOPPER),
        ActName.RESUME: _by(_PLATFORM, Duty.RESUMER),
        ActName.OPEN_MARKET: _by(_PLATFORM, Duty.MARKET_OPERATOR),
        ActName.CLOSE_MARKET: _by(_PLATFORM, Duty.MARKET_OPERATOR),
        ActName.SWITCH_GROUP: _by(_REGISTRAR, Duty.TRANSFER_CONTROLLER),
        ActName.ANCHOR: _by(_REGISTRAR, Duty.ANCHORER),
    }
)
"""Name to how it is ordered; every one."""
