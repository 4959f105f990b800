"""Steps of the conformance kit: allotment, transfers, what is refused of them, and taking back."""

from __future__ import annotations

from typing import Any, Final

from genbo_sdk._errors import Conflict, NotFound, Refused
from genbo_sdk._kit_talk import Talk
from genbo_sdk._parties import Skipped, expect, refused
from genbo_sdk._reason import Reason

TOO_MANY: Final = 10**9


class Moving(Talk):
    """What moves units, or tries to."""

    # Movements ------------------------------------------------------------------------------------

    def allot(self) -> str:
        from genbo_sdk import _models as m
        from genbo_sdk._signing import LocalSigner, sign_command

        chain_id, token, platform = self.parties.where()
        registrar = self.client("registrar")
        name = next((each for each in self.parties.duty_keys if "distribution" in each), None)
        if name is None:
            raise Skipped("no key of a distributor")
        terms = registrar.products.get(self.product)
        _, taker = self._two(never=terms.initial_beneficiary)
        signer = LocalSigner.from_key(self.parties.duty_keys[name])
        asked: dict[str, Any] = {
            "rows": [m.AllotmentRow(investor=taker.investor or "", units=2)],
            "ref": f"KIT-{self._mark}",
            "idempotency_key": f"kit-allot-{self._mark}",
        }
        judged = registrar.allotments.order_dry_run(self.product, **asked)
        if not judged.allowed and judged.refusal is not None:
            raise Skipped(f"{judged.refusal.reason}")
        maker = m.Signer(account=signer.address)
        prepared = registrar.allotments.order_prepare(self.product, **asked, maker=maker)
        expect(isinstance(prepared, m.ToBeSigned), "two units were prepared as a bulk act")
        assert isinstance(prepared, m.ToBeSigned)
        signature = sign_command(
            signer,
            prepared.sign.typed_data,
            chain_id=chain_id,
            platform=platform,
            command_id=prepared.command,
            expected={"what": prepared.what, "to": token, "product": self.product},
        )
        signed = m.Signer(account=signer.address, signature=signature)
        command = registrar.allotments.order(self.product, **asked, maker=signed)
        expect(isinstance(command, m.Command), "two units were ordered as a bulk act")
        assert isinstance(command, m.Command)
        final = registrar.wait_final(command)
        now = self._until(final.block)
        expect(now[taker.address].units == taker.units + 2, "it was not allotted two units")
        giver = next(
            (each for each in now.values() if each.investor == terms.initial_beneficiary), None
        )
        if giver is not None and taker.investor in self.parties.holder_keys:
            self._move(taker, giver, 2, "A")
        return f"{final.state} in block {final.block}"

    def explain(self) -> str:
        giver, taker = self._two()
        told = self._explained(giver, taker, units=1)
        if not told.allowed:
            raise Skipped("; ".join(str(each.reason) for each in told.reasons))
        expect(told.needs_signature is True, "the giver's key would not have to sign")
        return "allowed"

    def unsigned(self) -> str:
        asked = self._asked(*self._two(), 1, "U")
        told = refused(Refused, None, lambda: self.broker.transfers.order(**asked))
        if told.reason != Reason.AUTHORISATION_MISSING:
            raise Skipped(f"{told.reason}")
        return f"{told.reason}"

    def transfer(self) -> str:
        giver, taker = self._two()
        told = self._explained(giver, taker, units=1)
        if not told.allowed:
            raise Skipped("; ".join(str(each.reason) for each in told.reasons))
        self._moved = self._move(giver, taker, 1, "T")
        self._moved_by = self._ordered
        return f"{self._moved.state} in block {self._moved.block}"

    def again(self) -> str:
        moved = self._done()
        before = self._positions()
        order = self.broker.transfers.order(**self._moved_by)
        expect(order.trade == moved.trade, f"it is {order.trade}")
        units = {address: each.units for address, each in self._positions().items()}
        expect(units == {each.address: each.units for each in before.values()}, "units moved")
        return "the same, nothing moved"

    def too_many(self) -> str:
        giver, taker = self._two()
        told = self._explained(giver, taker, units=TOO_MANY)
        reasons = [str(each.reason) for each in told.reasons]
        expect(not told.allowed and Reason.INSUFFICIENT_BALANCE in reasons, f"{reasons}")
        refused(Conflict, None, lambda: self._order(giver, taker, TOO_MANY, "M"))
        return ", ".join(reasons)

    def unverified(self) -> str:
        giver, _ = self._two()
        taker = next(
            (
                each
                for each in self._positions().values()
                if each.investor not in (None, self._customer) and not each.verified_until
            ),
            None,
        )
        if taker is None:
            raise Skipped("every customer with an address is verified")
        told = self._explained(giver, taker, units=1)
        reasons = [str(each.reason) for each in told.reasons]
        expect(Reason.RECIPIENT_UNVERIFIED in reasons, f"{reasons or 'allowed'}")
        refused(Conflict, None, lambda: self._order(giver, taker, 1, "V"))
        return ", ".join(reasons)

    def foreign(self) -> str:
        _, taker = self._two()
        asked = {**self._asked(taker, taker, 1, "F"), "from_": self._foreign()}
        told = refused(
            NotFound, Reason.NOT_FOUND, lambda: self.broker.transfers.order_prepare(**asked)
        )
        return f"{told.reason}"

    def cancel(self) -> str:
        client = self.client("delegating_broker")
        held = client.positions.list(self.product).all()
        giver = next((each for each in held if each.free and each.investor), None)
        taker = next(
            (
                each
                for each in held
                if giver and each.investor and each.address != giver.address and each.verified_until
            ),
            None,
        )
        if giver is None or taker is None:
            raise Skipped("no two customers whose keys a custodian keeps")
        asked = {**self._asked(giver, taker, 1, "C"), "lag": 5}
        try:
            client.transfers.order(**asked)
        except Refused as why:
            raise Skipped(f"{why.reason}") from None
        withdrawn = client.transfers.withdraw(self.product, asked["trade"])
        expect(withdrawn.state == "withdrawn", f"it is {withdrawn.state}")
        refused(Conflict, None, lambda: client.transfers.withdraw(self.product, asked["trade"]))
        return f"{client.transfers.get(self.product, asked['trade']).state}"

    def back(self) -> str:
        moved = self._done()
        giver, taker = (self._position_of(each) for each in (moved.to, moved.from_))
        if giver.investor not in self.parties.holder_keys:
            raise Skipped("the key of who has it now is not at hand")
        done = self._move(giver, taker, 1, "B")
        return f"{done.state} in block {done.block}"
