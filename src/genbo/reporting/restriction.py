"""Restrictions (処分の制限): what stood against the disposal of a holding, as a register carries it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from genbo.compliance.reasons import Language
from genbo.kernel import MAX_UNITS
from genbo.register import Position
from genbo.reporting.words import Both, instant_words


class RestrictionKind(StrEnum):
    """One kind of restriction."""

    ADDRESS_FROZEN = "address_frozen"
    """全部凍結"""
    UNITS_FROZEN = "units_frozen"
    """凍結又は留保: by order, or held for a delivery; the register knows their sum"""
    LOCKED_UNTIL = "locked_until"
    """譲渡制限期間"""
    BLOCKED = "blocked"
    """取引停止"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Restriction:
    """One restriction of the account that a lot is in."""

    kind: RestrictionKind
    units: int | None = None
    """Of `UNITS_FROZEN`; None for all there are."""
    until: datetime | None = None
    """Of `LOCKED_UNTIL`: the first instant it no longer stands."""

    def fields(self) -> dict[str, object]:
        """As JSON has it."""
        found: dict[str, object] = {"kind": self.kind.value}
        if self.units is not None:
            found["units"] = self.units
        if self.until is not None:
            found["until"] = self.until.isoformat()
        return found

    def words(self, language: Language) -> str:
        """For people."""
        until = instant_words(self.until) if self.until is not None else ""
        both = {
            RestrictionKind.ADDRESS_FROZEN: Both("口座凍結", "account frozen"),
            RestrictionKind.UNITS_FROZEN: Both("凍結・留保 全部", "all frozen or held")
            if self.units is None
            else Both(f"凍結・留保 {self.units:,}", f"{self.units:,} frozen or held"),
            RestrictionKind.LOCKED_UNTIL: Both(f"譲渡制限 {until}まで", f"locked up until {until}"),
            RestrictionKind.BLOCKED: Both("取引停止", "blocked"),
        }[self.kind]
        return both(language)


def restrictions_of(position: Position | None, *, at: datetime) -> Sequence[Restriction]:
    """What stood just before `at`, in a fixed order."""
    if position is None:
        return ()
    found = []
    if position.address_frozen:
        found.append(Restriction(kind=RestrictionKind.ADDRESS_FROZEN))
    if position.frozen:
        everything = position.frozen >= min(int(position.units), int(MAX_UNITS))
        units = None if everything else int(position.frozen)
        found.append(Restriction(kind=RestrictionKind.UNITS_FROZEN, units=units))
    if position.locked_until is not None and at <= position.locked_until:
        found.append(Restriction(kind=RestrictionKind.LOCKED_UNTIL, until=position.locked_until))
    if position.blocked:
        found.append(Restriction(kind=RestrictionKind.BLOCKED))
    return tuple(found)
