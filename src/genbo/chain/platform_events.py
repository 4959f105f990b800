"""What the platform contract says of the market: opened, closed, stopped, resumed, a group switched."""

from dataclasses import dataclass
from typing import Final, Literal

from eth_utils.crypto import keccak

from genbo.kernel import from_bytes32

Said = Literal["opened", "closed", "stopped", "resumed", "group"]

_SAID: Final[dict[bytes, Said]] = {
    keccak(text="MarketOpened(address)"): "opened",
    keccak(text="MarketClosed(address)"): "closed",
    keccak(text="Stopped(address)"): "stopped",
    keccak(text="Resumed(address)"): "resumed",
    keccak(text="TransferEnabledSet(bytes32,bool)"): "group",
}


@dataclass(frozen=True, slots=True)
class PlatformSaid:
    """One thing that the platform said. Who did it is not repeated: it is an account of an operator."""

    what: Said
    group: str | None = None
    """移転実行可否制御ID, of a group that was switched."""
    enabled: bool | None = None


def said(topics: tuple[bytes, ...], data: bytes) -> PlatformSaid | None:
    """What a log of the platform says of the market; None for one about something else."""
    what = _SAID.get(topics[0]) if topics else None
    if what is None:
        return None
    if what == "group":
        return PlatformSaid(what, group=from_bytes32(topics[1]), enabled=data[31] == 1)
    return PlatformSaid(what)
