"""Steps of the conformance kit: who asks, reading, and customers."""

from __future__ import annotations

import secrets
from typing import Any, Final

from genbo_sdk._credential import ClientSecret
from genbo_sdk._errors import Invalid, NotAllowed, NotFound, Refused
from genbo_sdk._kit_talk import Talk
from genbo_sdk._parties import Skipped, expect, refused
from genbo_sdk._reason import Reason
from genbo_sdk._sync import Client

GOOD_NUMBER: Final = "7000012050002"
WRONG_NUMBER: Final = "8000012050002"
"""The same corporate number with a check digit that is not its own."""
_CUSTOMER: Final[dict[str, Any]] = {
    "kind": "corporation", "name": "適合確認株式会社", "registered_address": "東京都架空区一丁目1番1号",
}  # fmt: skip


class Asking(Talk):
    """What moves nothing."""

    # Who asks -------------------------------------------------------------------------------------

    def sign_in(self) -> str:
        me = self.broker.institutions.me()
        stranger = ClientSecret(self.parties.secret(me.institution, "reference").client_id, "wrong")
        with Client(self.parties.base_url, reference=stranger) as client:
            refused(NotAllowed, Reason.CREDENTIAL_REFUSED, client.institutions.me)
        self._last_event = next((each.id for each in reversed(self.broker.events.list().all())), "")
        return me.institution

    def who(self) -> str:
        me = self.broker.institutions.me()
        expect(me.role == "direct_broker", f"it is a {me.role}")
        with Client(
            self.parties.base_url, update=self.parties.secret(me.institution, "update")
        ) as changes:
            other = changes.institutions.me()
        expect((me.scope, other.scope) == ("reference", "update"), f"{me.scope}, {other.scope}")
        expect(me.institution == other.institution, "two credentials of two institutions")
        return f"{me.institution}, {me.role}"

    def scopes(self) -> str:
        who = self.parties.of_role("direct_broker")
        with Client(self.parties.base_url, update=self.parties.secret(who, "reference")) as client:
            told = refused(
                NotAllowed,
                Reason.SCOPE_MISSING,
                lambda: client.transfers.withdraw(self.product, f"T-{self._mark}"),
            )
        return f"{told.reason}"

    # Reading --------------------------------------------------------------------------------------

    def read(self) -> str:
        product = self.broker.products.get(self.product)
        page = next(iter(self.broker.positions.list(self.product).pages()))
        known = self.parties.token, self.parties.chain_id
        seen = product.token, page.block.chain_id
        expect(
            all(wanted is None or wanted == got for wanted, got in zip(known, seen, strict=True)),
            "another token or chain than was agreed on",
        )
        totals = self.broker.positions.totals(self.product)
        self._issued = totals.total_issued
        self._held = {each.address: each.units for each in self.broker.positions.list(self.product)}
        return f"block {self._saw(page.block)}, {totals.total_issued:,} units issued"

    def as_of(self) -> str:
        totals = self.broker.positions.totals(self.product, as_of="2000-01-01")
        expect(totals.total_issued == 0, "units before there was a register")
        return "0 units"

    def allotment(self) -> str:
        mine = {each.investor for each in self.broker.investors.list()}
        rows = [
            each
            for each in self.broker.trades.list(self.product)
            if each.kind == "distribute" and each.recipient and each.recipient.investor in mine
        ]
        if not rows:
            raise Skipped("no customer of the broker was allotted anything")
        expect(all(each.units > 0 and each.tx for each in rows), "a row without units, or place")
        return f"{sum(each.units for each in rows)} units to {len(rows)} customers"

    def others(self) -> str:
        other = self._foreign()
        refused(NotFound, Reason.NOT_FOUND, lambda: self.broker.investors.get(other))
        refused(NotFound, Reason.NOT_FOUND, lambda: self.broker.positions.of_investor(other))
        return "not_found"

    # Customers ------------------------------------------------------------------------------------

    def register(self) -> str:
        made = {self._register(GOOD_NUMBER).investor for _ in range(2)}
        expect(len(made) == 1, "registered twice under one key")
        (self._customer,) = made
        listed = {each.investor for each in self.broker.investors.list()}
        expect(made <= listed, "it is not in the list of customers")
        return self._customer

    def reused(self) -> str:
        told = refused(Invalid, Reason.COMMAND_KEY_REUSED, lambda: self._register(None))
        return f"{told.reason}"

    def check_digit(self) -> str:
        known: dict[str, Any] = {**_CUSTOMER, "corporate_number": WRONG_NUMBER}
        told = refused(Invalid, None, lambda: self.broker.investors.register(**known))
        expect(WRONG_NUMBER not in str(told), "the refusal repeats what was given")
        return f"{told.reason}"

    def wallet(self) -> str:
        from genbo_sdk._signing import LocalSigner, sign_possession

        chain_id, _, platform = self.parties.where()
        customer = self._known_customer()
        signer = LocalSigner.from_key(f"0x{secrets.token_hex(32)}")
        asked = self.broker.investors.register_wallet(
            customer, product=self.product, address=signer.address
        )
        expect(asked.challenge is not None, "no proof was asked for")
        assert asked.challenge is not None
        proof = sign_possession(
            signer,
            asked.challenge.typed_data,
            chain_id=chain_id,
            platform=platform,
            product=self.product,
            investor=customer,
        )
        given: dict[str, Any] = {"challenge": asked.challenge.challenge, "form": "eip712"}
        refused(
            Refused,
            None,
            lambda: self.broker.investors.prove_wallet(
                customer, **given, signature="0x" + 65 * "01"
            ),
        )
        proved = self.broker.investors.prove_wallet(customer, **given, signature=proof)
        expect(proved.address.lower() == signer.address.lower(), "another address was proved")
        return f"{proved.state}"

    def verdict(self) -> str:
        found = self.broker.investors.get(self._known_customer()).verdict
        if found is None:
            raise Skipped("not verified yet: KYC is the registry's")
        expect(found.holds_until is not None, "a verdict without an end")
        return f"{found.holds_until:%Y-%m-%d}"

    def _register(self, number: str | None) -> Any:
        return self.broker.investors.register(
            **_CUSTOMER, corporate_number=number, idempotency_key=f"kit-{self._mark}"
        )
