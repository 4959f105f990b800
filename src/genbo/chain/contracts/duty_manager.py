"""DutyManager: the access manager, who holds which duty and which function needs it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from genbo.chain.call import Call
from genbo.chain.contracts.base import Contract
from genbo.chain.hexes import address_of
from genbo.chain.node import At, Pinned
from genbo.governance import Duty
from genbo.kernel import Address


@dataclass(frozen=True, slots=True)
class Membership:
    """Whether an account holds a duty, and after how many seconds its acts run (0: at once)."""

    holds: bool
    delay: int


class DutyManager(Contract):
    """The access manager of one deployment."""

    __slots__ = ()
    ARTIFACT: ClassVar[str] = "DutyManager"

    # Reads.

    def membership(self, duty: Duty, account: Address, at: At = None) -> Pinned[Membership]:
        read = self._read("hasRole", int(duty), account, at=at)
        return Pinned(Membership(bool(read.value[0]), int(read.value[1])), read.stamp)

    def target_duties(
        self, target: Address, selectors: Sequence[bytes], at: At = None
    ) -> Pinned[list[int]]:
        """The role number that each function of `target` needs."""
        read = self._read_many(
            "getTargetFunctionRole", [(target, selector) for selector in selectors], at=at
        )
        return Pinned([int(row[0]) for row in read.value], read.stamp)

    def is_target_closed(self, target: Address, at: At = None) -> Pinned[bool]:
        read = self._read("isTargetClosed", target, at=at)
        return Pinned(bool(read.value[0]), read.stamp)

    def target_admin_delay(self, target: Address, at: At = None) -> Pinned[int]:
        read = self._read("getTargetAdminDelay", target, at=at)
        return Pinned(int(read.value[0]), read.stamp)

    def role_keepers(self, role: int, at: At = None) -> Pinned[tuple[int, int]]:
        """The roles that may grant and that may cancel for `role` (admin, guardian)."""
        admin = self._read("getRoleAdmin", role, at=at)
        guardian = self._read("getRoleGuardian", role, at=admin.stamp)
        return Pinned((int(admin.value[0]), int(guardian.value[0])), admin.stamp)

    def members(self, first: int, at: At = None) -> Pinned[dict[int, dict[Address, int]]]:
        """Every role with the accounts that hold it and their delay, from the events since block `first`.

        The contract keeps no list; a test compares this one with `hasRole`.
        """
        stamp = self.node.stamp(at)
        granted = self.interface().event("RoleGranted").topic
        revoked = self.interface().event("RoleRevoked").topic
        found: dict[int, dict[Address, int]] = {}
        for log in self.node.logs(
            addresses=[self.address], topics=[[granted, revoked]], first=first, last=stamp.number
        ):
            role = int.from_bytes(log.topics[1], "big")
            account = address_of(log.topics[2][12:])
            if log.topics[0] == granted:
                found.setdefault(role, {})[account] = int.from_bytes(log.data[:32], "big")
            else:
                found.get(role, {}).pop(account, None)
        return Pinned(found, stamp)

    def wired(self, first: int, at: At = None) -> Pinned[dict[tuple[Address, bytes], int]]:
        """Every (target, selector) that was ever bound to a role, with its role now; from events."""
        stamp = self.node.stamp(at)
        topic = self.interface().event("TargetFunctionRoleUpdated").topic
        found: dict[tuple[Address, bytes], int] = {}
        for log in self.node.logs(
            addresses=[self.address], topics=[[topic]], first=first, last=stamp.number
        ):
            target = address_of(log.topics[1][12:])
            found[target, log.data[:4]] = int.from_bytes(log.topics[2], "big")
        return Pinned(found, stamp)

    # Writes: all of them ADMIN's.

    def grant(self, duty: Duty, account: Address) -> Call:
        return self._write(f"grant {duty.name} to {account}", "grantRole", int(duty), account, 0)

    def revoke(self, duty: Duty, account: Address) -> Call:
        return self._write(f"revoke {duty.name} from {account}", "revokeRole", int(duty), account)

    def renounce(self, duty: Duty, account: Address) -> Call:
        """Given up by the holder itself."""
        return self._write(f"{account} renounces {duty.name}", "renounceRole", int(duty), account)

    def label(self, duty: Duty) -> Call:
        """Writes the duty's name on the ledger, for whoever reads it with other tools."""
        return self._write(f"label role {int(duty)} {duty.name}", "labelRole", int(duty), duty.name)

    def wire(self, target: Address, selectors: Sequence[bytes], duty: Duty) -> Call:
        what = f"wire {len(selectors)} functions of {target} to {duty.name}"
        return self._write(what, "setTargetFunctionRole", target, selectors, int(duty))

    def together(self, what: str, calls: Iterable[Call]) -> Call:
        """Several calls to this contract in one transaction, whole or not at all."""
        return self._write(what, "multicall", [call.data for call in calls])
