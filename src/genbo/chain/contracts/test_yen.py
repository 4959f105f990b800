"""TestYen: the yen stablecoin's twin of tests; one unit is one yen, and anybody makes as many as wanted.

No script and no part of the service creates one; a test walks the imports.
"""

from typing import ClassVar

from genbo.chain import artifacts
from genbo.chain.call import Call, creation
from genbo.chain.contracts.base import Contract
from genbo.chain.node import At, Pinned
from genbo.kernel import Address


class TestYen(Contract):
    """One such yen token."""

    __slots__ = ()
    __test__: ClassVar[bool] = False  # pytest: this is no test
    ARTIFACT: ClassVar[str] = "TestYen"

    @classmethod
    def create(cls) -> Call:
        return creation(artifacts.load(cls.ARTIFACT))

    def balance_of(self, account: Address, at: At = None) -> Pinned[int]:
        read = self._read("balanceOf", account, at=at)
        return Pinned(int(read.value[0]), read.stamp)

    def allowance(self, owner: Address, spender: Address, at: At = None) -> Pinned[int]:
        read = self._read("allowance", owner, spender, at=at)
        return Pinned(int(read.value[0]), read.stamp)

    def permit_nonce(self, owner: Address, at: At = None) -> Pinned[int]:
        """The number that the owner's next permit must carry (ERC-2612)."""
        read = self._read("nonces", owner, at=at)
        return Pinned(int(read.value[0]), read.stamp)

    def mint(self, target: Address, amount: int) -> Call:
        return self._write(f"make {amount:,} test yen", "mint", target, amount)

    def approve(self, spender: Address, amount: int) -> Call:
        return self._write(f"allow {amount:,} yen", "approve", spender, amount)

    def transfer(self, target: Address, amount: int) -> Call:
        return self._write(f"pay {amount:,} yen", "transfer", target, amount)

    def transfer_from(self, source: Address, target: Address, amount: int) -> Call:
        return self._write(
            f"pay {amount:,} yen by allowance", "transferFrom", source, target, amount
        )

    def permit(
        self, owner: Address, spender: Address, value: int, deadline: int, signature: bytes
    ) -> Call:
        """Sends the owner's signed allowance (ERC-2612); the signature is r, s, v."""
        r, s, v = signature[:32], signature[32:64], signature[64]
        return self._write(
            f"permit {value:,} yen", "permit", owner, spender, value, deadline, v, r, s
        )
