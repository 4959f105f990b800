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

    def _take(self, name: str, step: Callable[[], str]) -> Outcome:
        began = time.monotonic()
        try:
            result, told = "passed", step()
        except Skipped as why:
            result, told = "skipped", str(why)
        except (Broken, GenboError) as problem:
            result, told = "failed", f"{type(problem).__name__}: {problem}"
        return Outcome(name, result, told, round(1000 * (time.monotonic() - began)))

    def client(self, role: str) -> Client:
        """Of the institution of that role."""
        if role not in self._clients:
            self._clients[role] = self.parties.client(self.parties.of_role(role))
        return self._clients[role]

    @property
    def broker(self) -> Client:
        return self.client("direct_broker")

    # The steps ------------------------------------------------------------------------------------

    def sign_in(self) -> str:
        me = self.broker.institutions.me()
        expect(me.role == "direct_broker", f"it is a {me.role}")
        stranger = ClientSecret(self.parties.secret(me.institution, "reference").client_id, "wrong")
        with Client(self.parties.base_url, reference=stranger) as client:
            refused(NotAllowed, Reason.CREDENTIAL_REFUSED, client.institutions.me)
        return me.institution

    def scopes(self) -> str:
        who = self.parties.of_role("direct_broker")
        reads = self.parties.secret(who, "reference")
        with Client(self.parties.base_url, update=reads) as client:
            refused(
                NotAllowed,
                Reason.SCOPE_MISSING,
                lambda: client.transfers.withdraw(self.parties.product, f"T-{self._mark}"),
            )
        return "scope_missing"

    def read(self) -> str:
        product = self.broker.products.get(self.parties.product)
        expect(product.token == self.parties.token, "another token than was agreed on")
        page = next(iter(self.broker.positions.list(self.parties.product).pages()))
        expect(page.block.chain_id == self.parties.chain_id, "another chain than was agreed on")
        return f"block {page.block.number}"

    def as_of(self) -> str:
        totals = self.broker.positions.totals(self.parties.product, as_of="2000-01-01")
        expect(totals.total_issued == 0, "units before there was a register")
        return "0 units"

    def others(self) -> str:
        theirs = [each.investor for each in self.client("delegating_broker").investors.list()]
        mine = {each.investor for each in self.broker.investors.list()}
        other = next((each for each in theirs if each not in mine), None)
        if other is None:
            raise Skipped("no other broker has a customer")
        refused(NotFound, Reason.NOT_FOUND, lambda: self.broker.investors.get(other))
        return "not_found"

    def register(self) -> str:
        broker, key = self.broker, f"kit-{self._mark}"
        known: dict[str, Any] = {
            "kind": "corporation",
            "name": "適合確認株式会社",
            "registered_address": "東京都架空区一丁目1番1号",
        }
        made = [
            broker.investors.register(**known, corporate_number=GOOD_NUMBER, idempotency_key=key)
            for _ in range(2)
        ]
        expect(made[0].investor == made[1].investor, "registered twice under one key")
        told = refused(
            Invalid, None, lambda: broker.investors.register(**known, corporate_number=WRONG_NUMBER)
        )
        expect(WRONG_NUMBER not in str(told), "the refusal repeats what was given")
        return f"{made[0].investor}; then {told.reason}"

    def allot(self) -> str:
        from genbo_sdk import _models as m
        from genbo_sdk._signing import LocalSigner, sign_command

        registrar, (_, taker) = self.client("registrar"), self._two()
        name = next((each for each in self.parties.duty_keys if "distribution" in each), None)
        if name is None:
            raise Skipped("no key of a distributor")
        signer = LocalSigner.from_key(self.parties.duty_keys[name])
        asked: dict[str, Any] = {
            "rows": [m.AllotmentRow(investor=taker.investor or "", units=2)],
            "ref": f"KIT-{self._mark}",
            "idempotency_key": f"kit-allot-{self._mark}",
        }
        product = self.parties.product
        judged = registrar.allotments.order_dry_run(product, **asked)
        if not judged.allowed and judged.refusal is not None:
            raise Skipped(str(judged.refusal.reason))
        maker = m.Signer(account=signer.address)
        prepared = registrar.allotments.order_prepare(product, **asked, maker=maker)
        if not isinstance(prepared, m.ToBeSigned):
            raise Broken("two units were prepared as a bulk act")
        signature = sign_command(
            signer,
            prepared.sign.typed_data,
            chain_id=self.parties.chain_id,
            platform=self.parties.platform,
            command_id=prepared.command,
            expected={"what": prepared.what, "to": self.parties.token, "product": product},
        )
        signed = m.Signer(account=signer.address, signature=signature)
        command = registrar.allotments.order(product, **asked, maker=signed)
        if not isinstance(command, m.Command):
            raise Broken("two units were ordered as a bulk act")
        final = registrar.wait_final(command)
        registrar.wait_read(product, final.block)
        return f"block {final.block}"

    def explain(self) -> str:
        giver, taker = self._two()
        told = self._explained(giver, taker, units=10**9)
        expect(not told.allowed and bool(told.reasons), "nothing stands against a billion units")
        return ", ".join(str(each.reason) for each in told.reasons)

    def unsigned(self) -> str:
        giver, taker = self._two()
        asked = self._asked(giver, taker, "U")
        told = refused(Refused, None, lambda: self.broker.transfers.order(**asked))
        return str(told.reason)

    def transfer(self) -> str:
        giver, taker = self._two()
        told = self._explained(giver, taker, units=1)
        if not told.allowed:
            raise Skipped("; ".join(str(each.reason) for each in told.reasons))
        asked = self._asked(giver, taker, "T")
        prepared = self.broker.transfers.order_prepare(**asked)
        signed = self._signed(giver, taker, asked["trade"], prepared)
        order = self.broker.transfers.order(**asked, authorisation=signed.given())
        again = self.broker.transfers.order(**asked, authorisation=signed.given())
        expect(again.trade == order.trade, "the same trade is another order")
        final = self.broker.wait_final(order)
        self.broker.wait_read(self.parties.product, final.block)
        now = self._positions()
        moved = giver.units - now[giver.address].units, now[taker.address].units - taker.units
        expect(moved == (1, 1), f"{moved} units moved instead of one")
        return f"{final.state} in block {final.block}"

    def cancel(self) -> str:
        client = self.client("delegating_broker")
        held = client.positions.list(self.parties.product).all()
        giver = next((each for each in held if each.free and each.investor), None)
        taker = next((each for each in held if giver and each.address != giver.address), None)
        if giver is None or taker is None:
            raise Skipped("no two customers whose keys a custodian keeps")
        trade = f"KIT-C-{self._mark}"
        try:
            client.transfers.order(
                product=self.parties.product,
                trade=trade,
                from_=giver.investor or "",
                to=taker.investor or "",
                units=1,
                lag=5,
            )
        except Refused as why:
            raise Skipped(str(why.reason)) from None
        withdrawn = client.transfers.withdraw(self.parties.product, trade)
        expect(withdrawn.state == "withdrawn", f"it is {withdrawn.state}")
        return "withdrawn"
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
