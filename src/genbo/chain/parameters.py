"""Parameters of a platform: who will hold which duty, checked before anything is signed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from genbo.chain.hexes import ZERO_ADDRESS
from genbo.governance import EXCLUDES, POWERS, Duty, Holder, power_of
from genbo.kernel import Address, Reason, Refusal


@dataclass(frozen=True, slots=True, kw_only=True)
class SafeParameters:
    """One Safe account to be made."""

    owners: tuple[Address, ...]
    threshold: int
    duties: tuple[Duty, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SafeContracts:
    """The public Safe contracts where a network already has them."""

    singleton: Address
    factory: Address
    handler: Address


@dataclass(frozen=True, slots=True, kw_only=True)
class PlatformParameters:
    """Who holds what. Duties of two persons go to Safes, duties of one person to operators' own accounts."""

    safes: Mapping[str, SafeParameters]
    operators: Mapping[Duty, tuple[Address, ...]]
    safe_contracts: SafeContracts | None = None
    """None deploys them."""

    def persons(self, duty: Duty) -> frozenset[Address]:
        """Everybody who has a hand in the duty: its operators, and the owners of the Safes that hold it."""
        owners = {
            owner for safe in self.safes.values() if duty in safe.duties for owner in safe.owners
        }
        return frozenset(owners | set(self.operators.get(duty, ())))

    def check(self) -> None:
        """Nothing when the parameters keep the rules.

        Raises:
            Refusal: `field_invalid` with the first rule broken.
        """
        for field, value, allowed in self._problems():
            raise Refusal(Reason.FIELD_INVALID, field=field, value=value, allowed=allowed)

    def _problems(self) -> Iterator[tuple[str, str, str]]:
        yield from self._safe_problems()
        yield from self._operator_problems()
        for power in POWERS:
            held = any(power.duty in safe.duties for safe in self.safes.values())
            if power.held_by is Holder.TWO_PERSONS and not held:
                yield (
                    "safes",
                    f"no holder of {power.duty.name}",
                    "one Safe at least per duty of two persons",
                )
        for pair in sorted(EXCLUDES, key=sorted):
            first, second = sorted(pair)
            if both := self.persons(first) & self.persons(second):
                yield (
                    f"{first.name}, {second.name}",
                    min(both),
                    "nobody has a hand in both duties",
                )

    def _safe_problems(self) -> Iterator[tuple[str, str, str]]:
        for name, safe in self.safes.items():
            where = f"safes.{name}"
            if not 2 <= safe.threshold <= len(safe.owners):
                yield f"{where}.threshold", str(safe.threshold), "from 2 to the number of owners"
            if len(set(safe.owners)) < len(safe.owners) or ZERO_ADDRESS in safe.owners:
                yield f"{where}.owners", ", ".join(safe.owners), "different accounts"
            if Duty.RELEASER in safe.duties and Duty.RESTRICTOR not in safe.duties:
                # The functions that lift are bound to RESTRICTOR; the token then asks for RELEASER as well.
                yield f"{where}.duties", "RELEASER", "RELEASER together with RESTRICTOR"
            for duty in safe.duties:
                if power_of(duty).held_by is Holder.CONTRACT:
                    yield f"{where}.duties", duty.name, "a duty that people hold"

    def _operator_problems(self) -> Iterator[tuple[str, str, str]]:
        for duty, accounts in self.operators.items():
            where = f"operators.{duty.name}"
            if power_of(duty).held_by is not Holder.PERSON:
                yield where, duty.name, "a duty that one person holds"
            if len(set(accounts)) < len(accounts) or ZERO_ADDRESS in accounts:
                yield where, ", ".join(accounts), "different accounts"
        for power in POWERS:
            if power.held_by is Holder.PERSON and not self.operators.get(power.duty):
                yield f"operators.{power.duty.name}", "nobody", "one account at least"
