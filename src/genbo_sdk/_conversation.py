"""The standard conversation with a registry: register, allot, transfer, refuse, cancel, reconcile.

Each step says what it expects. A step that needs what was not given, or what the registry does not allow at this hour,
is skipped and says so; it is never counted as passed.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from genbo_sdk._credential import ClientSecret
from genbo_sdk._errors import GenboError, Invalid, NotAllowed, NotFound, Refused
from genbo_sdk._exchange import fresh_id
from genbo_sdk._reason import Reason
from genbo_sdk._sync import Client

if TYPE_CHECKING:
    from genbo_sdk._models import Position, ToSign
    from genbo_sdk._signing import SignedAuthorisation

GOOD_NUMBER: Final = "7000012050002"
WRONG_NUMBER: Final = "8000012050002"
"""The same corporate number with a check digit that is not its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parties:
    """Whom the conversation is between. The file that `genbo sandbox --file` writes has this form."""

    base_url: str
    product: str
    chain_id: int
    token: str
    platform: str
    institutions: Mapping[str, Mapping[str, Any]] = field(repr=False)
    holder_keys: Mapping[str, str] = field(default_factory=dict, repr=False)
    duty_keys: Mapping[str, str] = field(default_factory=dict, repr=False)

    def of_role(self, role: str) -> str:
        """The first institution of the role. Raises Skipped where there is none."""
        for name, one in self.institutions.items():
            if one["role"] == role:
                return name
        raise Skipped(f"no credentials of a {role}")

    def secret(self, who: str, scope: str) -> ClientSecret:
        """What the institution's systems sign in with."""
        shown = self.institutions[who][scope]
        return ClientSecret(shown["credential"], shown["secret"])

    def client(self, who: str) -> Client:
        """Of both credentials."""
        return Client(
            self.base_url,
            reference=self.secret(who, "reference"),
            update=self.secret(who, "update"),
        )


class Skipped(Exception):
    """The step cannot be taken here; why."""


class Broken(Exception):
    """The registry did something else than it should; what."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a step."""

    step: str
    result: str
    """`passed`, `failed` or `skipped`."""
    told: str
    milliseconds: int


def expect(holds: bool, otherwise: str) -> None:
    """Raises Broken where it does not hold."""
    if not holds:
        raise Broken(otherwise)


def refused(kind: type[Refused], reason: Reason | None, act: Callable[[], object]) -> Refused:
    """The refusal that the act must meet. Raises Broken for another one, or none."""
    try:
        act()
    except kind as told:
        if reason is not None and told.reason != reason:
            raise Broken(f"refused as {told.reason}, not as {reason}") from None
        for language in ("ja", "en"):
            words = told.words_in(language)
            expect(bool(words and words.sentence and words.remedy), f"no words in {language}")
        return told
    raise Broken(f"not refused as {reason}")


class Conversation:
    """One conversation, with what is known so far."""

    def __init__(self, parties: Parties) -> None:
        self.parties = parties
        self._mark = fresh_id()[:8]
        self._clients: dict[str, Client] = {}

    def run(self, tell: Callable[[Outcome], None]) -> list[Outcome]:
        """Every step, in order."""
        outcomes = []
        try:
            for name, step in self.steps():
                outcomes.append(self._take(name, step))
                tell(outcomes[-1])
        finally:
            for client in self._clients.values():
                client.close()
        return outcomes

    def steps(self) -> tuple[tuple[str, Callable[[], str]], ...]:
        """Name and step."""
        return (
            ("sign in", self.sign_in),
            ("scopes are apart", self.scopes),
            ("read, at a block", self.read),
            ("as of an instant before anything", self.as_of),
            ("others' customers are not there", self.others),
            ("register a customer, once", self.register),
            ("allot, signed by a duty", self.allot),
            ("explain a refusal", self.explain),
            ("refuse without a signature", self.unsigned),
            ("transfer, signed by its holder", self.transfer),
            ("cancel before delivery", self.cancel),
            ("reconcile positions and register", self.reconcile),
            ("events without a gap", self.events),
        )

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

    def reconcile(self) -> str:
        product = self.parties.product
        lots: dict[str, int] = defaultdict(int)
        for entry in self.broker.register.list(product):
            lots[entry.lot.address] += entry.lot.units
        held = {address: each.units for address, each in self._positions().items() if each.units}
        expect(dict(lots) == held, "lots and positions differ")
        registrar = self.client("registrar")
        units = sum(each.units for each in registrar.positions.list(product))
        totals = registrar.positions.totals(product)
        expect(units == totals.total_issued, f"{units} units held, {totals.total_issued} issued")
        return f"{sum(held.values())} of {units} units"

    def events(self) -> str:
        numbers: dict[str | None, list[int]] = defaultdict(list)
        for event in self.broker.events.list():
            numbers[event.product].append(event.number)
        for product, found in numbers.items():
            expect(
                found == list(range(found[0], found[0] + len(found))),
                f"events of {product or 'no product'} have a gap",
            )
        return f"{sum(map(len, numbers.values()))} events"

    # What the steps share ---------------------------------------------------------------------------

    def _positions(self) -> dict[str, Position]:
        return {each.address: each for each in self.broker.positions.list(self.parties.product)}

    def _two(self) -> tuple[Position, Position]:
        """A customer of the broker whose key is at hand and who has units, and another who may take them."""
        held = [each for each in self._positions().values() if each.investor]
        keys = self.parties.holder_keys
        giver = next((each for each in held if each.free and each.investor in keys), None)
        taker = next(
            (each for each in held if giver and each != giver and each.verified_until), None
        )
        if giver is None or taker is None:
            raise Skipped("no two customers of the broker, one with units and its key")
        return giver, taker

    def _asked(self, giver: Position, taker: Position, name: str) -> dict[str, Any]:
        return {
            "product": self.parties.product,
            "trade": f"KIT-{name}-{self._mark}",
            "from_": giver.investor,
            "to": taker.investor,
            "units": 1,
        }

    def _explained(self, giver: Position, taker: Position, *, units: int) -> Any:
        return self.broker.explain_transfer(
            product=self.parties.product,
            from_=giver.investor or "",
            to=taker.investor or "",
            units=units,
        )

    def _signed(
        self, giver: Position, taker: Position, trade: str, prepared: ToSign
    ) -> SignedAuthorisation:
        from genbo_sdk._signing import LocalSigner, sign_authorisation
        from genbo_sdk._typed_data import TransferIntent

        message = prepared.typed_data["message"]
        return sign_authorisation(
            LocalSigner.from_key(self.parties.holder_keys[giver.investor or ""]),
            TransferIntent(
                chain_id=self.parties.chain_id,
                token=self.parties.token,
                sender=giver.address,
                recipient=taker.address,
                units=1,
                ref=trade,
            ),
            token_name=self.broker.products.get(self.parties.product).name,
            valid_after=message["validAfter"],
            valid_before=message["validBefore"],
            prepared=prepared.typed_data,
        )
