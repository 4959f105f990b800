"""Standstill (停止中): what a full stop has against an act, told before anything else (R-JSTOA-6.1.1.11)."""

from genbo.bootstrap.office import Office
from genbo.chain.contracts.platform import MarketStatus
from genbo.kernel import Reason, Refusal


def standstill(office: Office) -> Refusal | None:
    """`platform_stopped` while the platform is stopped."""
    stopped = office.platform.status().value is MarketStatus.STOPPED
    return Refusal(Reason.PLATFORM_STOPPED) if stopped else None
