"""The ways in which units reach an account, as a table. Every one of them asks the same question of the recipient.

Each row is a call that succeeds in the state `ready` when `to` is verified, free and of a permitted class.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tests.contracts.stage import EVIDENCE, Stage, act, ref

from genbo.chain.call import Call
from genbo.kernel import ZERO_ADDRESS


@dataclass(frozen=True)
class Path:
    signature: str
    by: str
    """The attribute of the stage that names who acts."""
    gives: str | None
    """The attribute of the stage that names whom the units leave; None when they are created."""
    call: Callable[[Stage, str, int], Call]
    """The act, from the recipient and the units."""
    first_fails: bool = True
    """False where the row of the recipient follows one that would succeed."""

    def giver(self, stage: Stage) -> str:
        return ZERO_ADDRESS if self.gives is None else getattr(stage, self.gives).address


_ACT = "(bytes32,bytes32,uint32)"

# fmt: off
PATHS = [
    Path("transfer(address,uint256)", "bob", "bob",
         lambda s, to, n: s.token("transfer", to, n)),
    Path("transferFrom(address,address,uint256)", "ann", "bob",
         lambda s, to, n: s.token("transferFrom", s.bob.address, to, n)),
    Path("transferWithReference(address,uint256,bytes32)", "bob", "bob",
         lambda s, to, n: s.token("transferWithReference", to, n, ref("T-1"))),
    Path("batchTransfer(address[],uint256[])", "bob", "bob",
         lambda s, to, n: s.token("batchTransfer", [s.ann.address, to], [1, n]), first_fails=False),
    Path(f"issue(address[],uint256[],{_ACT})", "issuer", None,
         lambda s, to, n: s.token("issue", [s.ann.address, to], [1, n], act("ISSUE-2")), first_fails=False),
    Path("mint(address,uint256)", "issuer", None,
         lambda s, to, n: s.token("mint", to, n)),
    Path("batchMint(address[],uint256[])", "issuer", None,
         lambda s, to, n: s.token("batchMint", [s.ann.address, to], [1, n]), first_fails=False),
    Path("distribute(address[],uint256[],bytes32)", "distributor", "beneficiary",
         lambda s, to, n: s.token("distribute", [s.ann.address, to], [1, n], ref("DIST-2")), first_fails=False),
    Path("forcedTransfer(address,address,uint256)", "repairer", "bob",
         lambda s, to, n: s.token("forcedTransfer(address,address,uint256)", s.bob.address, to, n)),
    Path(f"forcedTransfer(address,address,uint256,{_ACT})", "repairer", "bob",
         lambda s, to, n: s.token(f"forcedTransfer(address,address,uint256,{_ACT})",
                                  s.bob.address, to, n, act("ORDER-1"))),
    Path("redistribute(address,address,uint256,bytes32,bytes32)", "repairer", "bob",
         lambda s, to, n: s.token("redistribute", s.bob.address, to, n, ref("INC-1"), EVIDENCE)),
    Path("redistributeBurned(bytes32,address,uint256,bytes32,bytes32)", "repairer", None,
         lambda s, to, n: s.token("redistributeBurned", ref("BURN-1"), to, n, ref("INC-1"), EVIDENCE)),
    Path(f"reverseTransfer(bytes32,address,address,uint256,{_ACT})", "repairer", "bob",
         lambda s, to, n: s.token("reverseTransfer", ref("T-0"), s.bob.address, to, n, act("REV-1"))),
]
# fmt: on
