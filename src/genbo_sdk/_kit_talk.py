"""What the steps of the conformance kit share: clients, customers with keys, and moving units until that is read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Final

from genbo_sdk._exchange import fresh_id
from genbo_sdk._parties import Parties, Skipped, expect
from genbo_sdk._sync import Client

if TYPE_CHECKING:
    from genbo_sdk._models import Position, Stamp, TransferOrder

SOON: Final = 30.0
"""How long something that was done may take to be read or told."""
PAUSE: Final = 0.1


class Talk:
    """A conversation with what is known so far."""

    def __init__(self, parties: Parties) -> None:
        self.parties = parties
        self.product = parties.product
        self._mark = fresh_id()[:8]
        self._clients: dict[str, Client] = {}
        self._blocks: list[int] = []
        self._customer: str | None = None
        self._ordered: dict[str, Any] = {}
        self._moved: TransferOrder | None = None
        self._moved_by: dict[str, Any] = {}
        self._held: dict[str, int] = {}
        self._issued: int | None = None
        self._last_event: str | None = None

    def client(self, role: str) -> Client:
        """Of the first institution of that role."""
        if role not in self._clients:
            self._clients[role] = self.parties.client(self.parties.of_role(role))
        return self._clients[role]

    @property
    def broker(self) -> Client:
        return self.client("direct_broker")

    @staticmethod
    def _units(rows: Iterable[tuple[str, int]]) -> dict[str, int]:
        """Address to units, where there are any."""
        found: dict[str, int] = defaultdict(int)
        for address, units in rows:
            found[address] += units
        return {address: units for address, units in found.items() if units}

    def _saw(self, block: Stamp) -> int:
        self._blocks.append(block.number)
        return block.number

    def _known_customer(self) -> str:
        if self._customer is None:
            raise Skipped("no customer was registered")
        return self._customer

    def _foreign(self) -> str:
        """A customer of somebody else."""
        theirs = [each.investor for each in self.client("delegating_broker").investors.list()]
        mine = {each.investor for each in self.broker.investors.list()}
        other = next((each for each in theirs if each not in mine), None)
        if other is None:
            raise Skipped("no other broker has a customer")
        return other

    def _positions(self) -> dict[str, Position]:
        found = {}
        for page in self.broker.positions.list(self.product).pages():
            self._saw(page.block)
            found.update({each.address: each for each in page.items})
        return found

    def _position_of(self, investor: str) -> Position:
        return next(each for each in self._positions().values() if each.investor == investor)

    def _done(self) -> TransferOrder:
        if self._moved is None:
            raise Skipped("nothing was transferred")
        return self._moved

    def _two(self, *, never: str | None = None) -> tuple[Position, Position]:
        """Two customers of the broker, verified, with their keys at hand as far as may be; the giver has units."""
        keys = self.parties.holder_keys
        held = [
            each
            for each in self._positions().values()
            if each.investor and each.verified_until and each.investor != never
        ]
        giver = next((each for each in held if each.free and each.investor in keys), None)
        takers = [each for each in held if giver and each.address != giver.address]
        taker = next((each for each in takers if each.investor in keys), None)
        if giver is None or taker is None:
            raise Skipped("no two customers of the broker whose keys are at hand, one with units")
        return giver, taker

    def _asked(self, giver: Position, taker: Position, units: int, name: str) -> dict[str, Any]:
        return {
            "product": self.product,
            "trade": f"KIT-{name}-{self._mark}",
            "from_": giver.investor,
            "to": taker.investor,
            "units": units,
        }

    def _explained(self, giver: Position, taker: Position, *, units: int) -> Any:
        return self.broker.explain_transfer(
            product=self.product,
            from_=giver.investor or "",
            to=taker.investor or "",
            units=units,
        )

    def _order(self, giver: Position, taker: Position, units: int, name: str) -> TransferOrder:
        """Ordered with the giver's signature."""
        from genbo_sdk._signing import LocalSigner, sign_authorisation
        from genbo_sdk._typed_data import TransferIntent

        chain_id, token, _ = self.parties.where()
        asked = self._asked(giver, taker, units, name)
        prepared = self.broker.transfers.order_prepare(**asked)
        message = prepared.typed_data["message"]
        signed = sign_authorisation(
            LocalSigner.from_key(self.parties.holder_keys[giver.investor or ""]),
            TransferIntent(
                chain_id=chain_id,
                token=token,
                sender=giver.address,
                recipient=taker.address,
                units=units,
                ref=asked["trade"],
            ),
            token_name=self.broker.products.get(self.product).name,
            valid_after=message["validAfter"],
            valid_before=message["validBefore"],
            prepared=prepared.typed_data,
        )
        self._ordered = {
            **asked,
            "authorisation": signed.given(),
            "idempotency_key": f"kit-{name}-{self._mark}",
        }
        return self.broker.transfers.order(**self._ordered)

    def _move(self, giver: Position, taker: Position, units: int, name: str) -> TransferOrder:
        """Ordered, final, read, and moved by exactly these units."""
        before = self._positions()
        done = self.broker.wait_final(self._order(giver, taker, units, name))
        now = self._until(done.block)
        moved = tuple(
            now[each.address].units - before[each.address].units for each in (giver, taker)
        )
        expect(moved == (-units, units), f"{moved} units moved instead of {units}")
        return done

    def _until(self, block: int | None) -> dict[str, Position]:
        """Positions of a register that has read the block: what is final on the ledger is read a moment later."""
        self.broker.wait_read(self.product, block, timeout=SOON)
        return self._positions()
