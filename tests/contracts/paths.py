"""The ways in which units reach an account, as a table. Every one of them asks the same question of the recipient.

Each row is a call that succeeds in the state `ready` when `to` is verified, free and of a permitted class. Holds, which
ask it twice, have tests of their own.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from tests.contracts.actors import Actor, Machine
from tests.contracts.stage import EVIDENCE, VERIFIED_UNTIL, Stage, act, ref
from tests.contracts.typed import Words, sign, split, token_domain

from genbo.chain.call import Call
from genbo.kernel import ZERO_ADDRESS, Address


@dataclass(frozen=True)
class Path:
    signature: str
    by: str
    """The attribute of the stage that names who acts; "to" where it is the recipient."""
    gives: str | None
    """The attribute of the stage that names whom the units leave; None when they are created."""
    call: Callable[[Stage, str, int], Call]
    """The act, from the recipient and the units."""
    first_fails: bool = True
    """False where the row of the recipient follows one that would succeed."""

    @property
    def ordinary(self) -> bool:
        """Action 3: the holder gives, in person, by a spender or by signature."""
        return self.by in ("bob", "ann", "stranger", "to")

    def actor(self, stage: Stage, to: str) -> Actor:
        """Who acts; of a recipient without a key here (the zero address) one can only ask what it may."""
        if self.by != "to":
            actor: Actor = getattr(stage, self.by)
            return actor
        keys = (stage.person(10), stage.person(21), stage.corp)
        return next((who for who in keys if who.address == to), Machine(stage.ledger, Address(to)))

    def giver(self, stage: Stage) -> str:
        return ZERO_ADDRESS if self.gives is None else getattr(stage, self.gives).address


_ACT = "(bytes32,bytes32,uint32)"
_AUTHORISATION = "address,address,uint256,uint256,uint256,bytes32"
_PARTS = f"{_AUTHORISATION},uint8,bytes32,bytes32"


def _authorised(form: str, stage: Stage, to: str, units: int) -> Call:
    """bob signs a trade of its own for each quantity, in the form of that signature."""
    trade = ref(f"T-{units % 1_000}-{stage.now}")
    words = (stage.bob.address, to, units, 0, VERIFIED_UNTIL, trade)
    name = form.partition("(")[0]
    signed = sign(stage.bob, token_domain(stage), Words(name[0].upper() + name[1:], words))
    return stage.token(form, *words, *([signed] if form.endswith(",bytes)") else split(signed)))


def _by_signature(function: str, by: str) -> list[Path]:
    forms = [f"{function}({_AUTHORISATION},bytes)", f"{function}({_PARTS})"]
    return [Path(form, by, "bob", partial(_authorised, form)) for form in forms]


# fmt: off
PATHS = [
    Path("transfer(address,uint256)", "bob", "bob",
         lambda s, to, n: s.token("transfer", to, n)),
    Path("transferFrom(address,address,uint256)", "ann", "bob",
         lambda s, to, n: s.token("transferFrom", s.bob.address, to, n)),
    Path("transferWithReference(address,uint256,bytes32)", "bob", "bob",
         lambda s, to, n: s.token("transferWithReference", to, n, ref("T-1"))),
    Path("transferFromWithReference(address,address,uint256,bytes32)", "ann", "bob",
         lambda s, to, n: s.token("transferFromWithReference", s.bob.address, to, n, ref("T-1"))),
    *_by_signature("transferWithAuthorization", "stranger"),
    *_by_signature("receiveWithAuthorization", "to"),
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
    Path("batchForcedTransfer(address[],address[],uint256[])", "repairer", "bob",
         lambda s, to, n: s.token("batchForcedTransfer", [s.bob.address, s.bob.address], [s.ann.address, to], [1, n]),
         first_fails=False),
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
