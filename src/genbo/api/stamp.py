"""Stamps (基準ブロック): at which block an answer about the ledger holds."""

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, Field

from genbo.kernel import BlockStamp


class Stamp(BaseModel):
    """The last block that belongs to the answer."""

    chain_id: Annotated[int, Field(description="EIP-155 chain id. チェーンID")]
    block: Annotated[int, Field(description="Block number. ブロック番号")]
    hash: Annotated[str, Field(description="Block hash. ブロックハッシュ")]
    at: Annotated[datetime, Field(description="Time of the block, UTC. ブロック時刻")]

    @classmethod
    def of(cls, stamp: BlockStamp) -> "Stamp":
        return cls(chain_id=stamp.chain_id, block=stamp.number, hash=stamp.hash, at=stamp.at)
