"""A delegating broker (委託方式の証券会社): a custodian keeps its customers' keys, so it orders and signs nothing.

It registers a corporation by its number, orders a delivery, takes an order back, and hands in its book, the second time
with a slip: a case that ends with its cause.
"""

import hashlib
from datetime import timedelta

from common import fresh, lots_of, units_of, world

from genbo_sdk import Client, ClientSecret, Invalid, NotAllowed, NotFound, models
from genbo_sdk.sandbox import Sandbox


def main(sandbox: Sandbox) -> None:
    product = sandbox.product
    with sandbox.client("B2", language="ja") as b2:
        # A new customer: its corporate number (法人番号) carries a check digit.
        known = {
            "kind": "corporation",
            "name": "試験商事株式会社",
            "registered_address": "東京都架空区見本町1丁目1番1号",
        }
        customer = b2.investors.register(**known, corporate_number="7000012050002")
        print(f"registered as {customer.investor}, keys with {customer.custodian}")
        try:
            b2.investors.register(**known, corporate_number="8000012050002")
        except Invalid as refused:
            print(f"{refused.reason}: {refused.sentence}")

        # A delivery of today, without a signature of ours.
        book = units_of(b2, product)
        order = b2.transfers.order(
            product=product, trade=fresh("DELIVERY"), from_="H3", to="H8", units=50
        )
        done = b2.wait_final(order)
        b2.wait_read(product, done.block)
        book["H3"] -= 50
        book["H8"] += 50
        print(f"{done.trade}: {done.state}, signed by us: {done.is_signed}")

        # One of five business days from now, taken back before it is delivered.
        later = b2.transfers.order(
            product=product, trade=fresh("LATER"), from_="H3", to="H8", units=10, lag=5
        )
        assert later.delivery_date > later.accepted_at.date() + timedelta(days=3)
        print(f"{later.trade}: {b2.transfers.withdraw(product, later.trade).state}")

        # What it may not do: change something by the credential that reads; see another broker's customer.
        reading = ClientSecret(*sandbox.credential("B2", "reference"))
        with Client(sandbox.base_url, update=reading) as wrong:
            try:
                wrong.transfers.withdraw(product, later.trade)
            except NotAllowed as refused:
                print(f"{refused.reason}: {refused.sentence}")
        try:
            b2.investors.get("H1")
        except NotFound as refused:
            print(f"{refused.reason}: {refused.sentence}")

        # Its books, the register and its lots say the same.
        assert units_of(b2, product) == book
        assert lots_of(b2, product) == {name: units for name, units in book.items() if units}
        print(f"reconciled: H3 has {book['H3']}")

        # Handed in every day (照合); what differs is a case until its cause is known.
        def handed_in(said: dict[str, int]) -> models.BookCheck:
            lines = [models.BookLineIn(investor=name, units=units) for name, units in said.items()]
            return b2.reconciliation.check_book(product, lines=lines, as_of=done.block)

        print(f"agrees: {handed_in(book).agrees}")
        (slip,) = handed_in(book | {"H3": 349}).differences
        print(f"{slip.holder}: register {slip.register_units}, book {slip.book_units}")
        evidence = "0x" + hashlib.sha256(b"the slip that was found").hexdigest()
        case = b2.reconciliation.close_case(slip.case, cause="book_entry_wrong", evidence=evidence)
        print(f"{case.case}: {case.state}, {case.cause}")

        back = b2.transfers.order(
            product=product, trade=fresh("BACK"), from_="H8", to="H3", units=50
        )
        b2.wait_read(product, b2.wait_final(back).block)
        print("done")


if __name__ == "__main__":
    with world(__doc__ or "") as sandbox:
        main(sandbox)
