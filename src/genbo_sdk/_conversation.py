"""The standard conversation with a registry: sign in, register, allot, transfer, refuse, cancel, reconcile.

Each step says what it expects. A step that needs what was not given, or what the registry does not allow at this hour,
is skipped and says so; it is never counted as passed. What is moved is moved back.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from genbo_sdk._kit_asking import Asking
from genbo_sdk._kit_moving import Moving
from genbo_sdk._kit_talk import PAUSE, SOON
from genbo_sdk._parties import Outcome, Parties, Step, expect, taken

if TYPE_CHECKING:
    from genbo_sdk._models import TransferOrder

SECONDS: Final = 240.0
"""How long a conversation may take; a step that was begun is ended."""


class Conversation(Asking, Moving):
    """One conversation."""

    def __init__(self, parties: Parties, *, seconds: float = SECONDS) -> None:
        super().__init__(parties)
        self._seconds = seconds

    def run(self, tell: Callable[[Outcome], None]) -> list[Outcome]:
        """Every step, in order."""
        ends = time.monotonic() + self._seconds
        outcomes = []
        try:
            for step in self.steps():
                outcomes.append(taken(step, in_time=time.monotonic() < ends))
                tell(outcomes[-1])
        finally:
            for client in self._clients.values():
                client.close()
        return outcomes

    def steps(self) -> tuple[Step, ...]:
        """What is tried, in order."""
        rows: tuple[tuple[str, str, Callable[[], str]], ...] = (
            ("sign in", "a token; a wrong secret credential_refused", self.sign_in),
            ("who am I", "role, both scopes", self.who),
            ("scopes are apart", "scope_missing", self.scopes),
            ("read, at a block", "the token and chain agreed on", self.read),
            ("as of before anything", "0 units", self.as_of),
            ("allotment is read", "distributions with their lots", self.allotment),
            ("others' customers", "not_found", self.others),
            ("register a customer", "once under one key", self.register),
            ("another body, same key", "command_key_reused", self.reused),
            ("wrong check digit", "refused, not repeated", self.check_digit),
            ("wallet with proof", "waiting for a verdict", self.wallet),
            ("verdict", "verified until", self.verdict),
            ("allot, signed by a duty", "2 units, and back", self.allot),
            ("explain a transfer", "allowed", self.explain),
            ("refuse without a signature", "authorisation_missing", self.unsigned),
            ("transfer, signed", "delivered, 1 unit", self.transfer),
            ("the same order again", "the same order, nothing moved", self.again),
            ("refuse too many units", "insufficient_balance", self.too_many),
            ("refuse who is not verified", "recipient_unverified", self.unverified),
            ("refuse a foreign giver", "not_found", self.foreign),
            ("cancel before delivery", "withdrawn", self.cancel),
            ("transfer back", "delivered, 1 unit", self.back),
            ("reconcile", "positions = lots; nothing changed", self.reconcile),
            ("block stamps", "never go back", self.stamps),
            ("events", "in order, without a gap", self.events),
        )
        return tuple(Step(name=name, expected=wanted, take=take) for name, wanted, take in rows)

    # The end --------------------------------------------------------------------------------------

    def reconcile(self) -> str:
        block = self._saw(self.broker.positions.totals(self.product).block)
        held = self._units(
            (each.address, each.units)
            for each in self.broker.positions.list(self.product, as_of=block)
        )
        lots = self._units(
            (each.address, each.units) for each in self.broker.lots.list(self.product, as_of=block)
        )
        register = self._units(
            (each.lot.address, each.lot.units)
            for each in self.broker.register.list(self.product, as_of=block)
        )
        expect(held == lots == register, "positions, lots and register differ")
        before = self._units(self._held.items())
        delta = {
            address: held.get(address, 0) - before.get(address, 0)
            for address in held.keys() | before.keys()
            if held.get(address, 0) != before.get(address, 0)
        }
        expect(not delta, f"{len(delta)} holdings are not as they were before")
        issued = self.broker.positions.totals(self.product).total_issued
        expect(issued == self._issued, f"{issued} units issued, {self._issued} before")
        return f"{sum(held.values())} of {issued} units, block {block}"

    def stamps(self) -> str:
        expect(len(self._blocks) > 1, "nothing was read")
        expect(self._blocks == sorted(self._blocks), "an answer was of an earlier block")
        return f"{self._blocks[0]} to {self._blocks[-1]}"

    def events(self) -> str:
        numbers: dict[str | None, list[int]] = defaultdict(list)
        for event in self.broker.events.list():
            numbers[event.product].append(event.number)
        for product, found in numbers.items():
            expect(
                found == list(range(found[0], found[0] + len(found))),
                f"events of {product or 'no product'} have a gap",
            )
        moved = self._moved
        if moved is not None:
            self._told_of(moved)
        return f"{sum(map(len, numbers.values()))} events"

    def _told_of(self, moved: TransferOrder) -> None:
        """The order waited before it was delivered, and its transfer was told once."""
        ends = time.monotonic() + SOON
        while True:
            new = self.broker.events.list(after=self._last_event or None).all()
            orders = [each.type for each in new if each.data.get("order") == moved.trade]
            entries = [each for each in new if each.data.get("ref") == moved.trade]
            if ("order.delivered" in orders and entries) or time.monotonic() > ends:
                break
            time.sleep(PAUSE)
        expect(
            orders[:1] == ["order.waiting"] and orders[-1:] == ["order.delivered"],
            f"of the order was told: {orders}",
        )
        expect(len(entries) == 1, f"the transfer was told {len(entries)} times")
