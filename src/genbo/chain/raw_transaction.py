"""What a signed transaction carries, read back from its bytes."""

import rlp

from genbo.chain.call import Call
from genbo.chain.hexes import address_of

_LEGACY_TO, _LEGACY_DATA = 3, 5
_FEE_MARKET = 0x02  # EIP-1559
_FEE_MARKET_TO, _FEE_MARKET_DATA = 5, 7


def call_of(raw: bytes, what: str) -> Call:
    """The call of a transaction that we signed: legacy, or with a fee market (EIP-1559)."""
    if raw[0] == _FEE_MARKET:
        fields = rlp.decode(raw[1:])
        to, data = fields[_FEE_MARKET_TO], fields[_FEE_MARKET_DATA]
    else:
        fields = rlp.decode(raw)
        to, data = fields[_LEGACY_TO], fields[_LEGACY_DATA]
    return Call(address_of(bytes(to)) if to else None, bytes(data), what)
