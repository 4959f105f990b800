"""A direct broker (直接方式の証券会社): its customers' keys are its own, and it signs for them here.

It registers a customer, proves the customer's address, sells units to a customer of another broker, is refused what
cannot be, and compares its books with the register.
"""

import secrets

from common import address_of, fresh, lots_of, sell, units_of, world

from genbo_sdk import Conflict, LocalSigner, sign_possession
from genbo_sdk.sandbox import Sandbox


def main(sandbox: Sandbox) -> None:
    product = sandbox.product
    with sandbox.client("B1", language="ja") as b1, sandbox.client("B3") as b3:
        me = b1.institutions.me()
        print(f"{me.institution}, {me.role}; market: {b1.market.of_product(product).market_status}")

        # A new customer, and an address whose key it holds.
        customer = b1.investors.register(
            kind="individual", name="試験　花子", registered_address="東京都架空区見本町1丁目1番1号"
        )
        key = LocalSigner.from_key(f"0x{secrets.token_hex(32)}")  # in life: from its key store
        asked = b1.investors.register_wallet(
            customer.investor, product=product, address=key.address
        )
        proof = sign_possession(
            key,
            asked.challenge.typed_data,
            chain_id=sandbox.chain_id,
            platform=sandbox.platform,
            product=product,
            investor=customer.investor,
        )
        wallet = b1.investors.prove_wallet(
            customer.investor,
            challenge=asked.challenge.challenge,
            form="eip712",
            signature=proof,
        )
        print(
            f"{customer.investor}: its address is {wallet.state} for a verdict (適格性の確認待ち)"
        )

        # A sale to a customer of B3, who told us the address to deliver to.
        book = units_of(b1, product)
        to = address_of(b3, "H6", product)
        print(b1.explain_transfer(product=product, from_="H2", to=to, units=1))
        sold = sell(sandbox, b1, giver="H2", to=to, recipient=to, units=1, trade=fresh("SALE"))
        print(f"{sold.trade}: {sold.state} in block {sold.block}")

        # What cannot be: said beforehand with all its reasons, and refused when it is ordered.
        print(b1.explain_transfer(product=product, from_="H2", to="H10", units=10**6))
        try:
            sell(sandbox, b1, giver="H2", to=to, recipient=to, units=10**6, trade=fresh("SALE"))
        except Conflict as refused:
            print(f"{refused.reason}: {refused.sentence} {refused.remedy}")

        # Our books, the register and its lots say the same.
        book["H2"] -= 1
        assert units_of(b1, product) == book
        assert lots_of(b1, product) == {name: units for name, units in book.items() if units}
        (trade,) = b1.trades.list(product, ref=sold.trade)
        assert (trade.units, trade.block) == (1, sold.block)
        print(f"reconciled: H2 has {book['H2']}")

        # And back, so that the next run finds the world as this one did.
        back = address_of(b1, "H2", product)
        done = sell(sandbox, b3, giver="H6", to=back, recipient=back, units=1, trade=fresh("BACK"))
        b1.wait_read(product, done.block)
        book["H2"] += 1
        assert units_of(b1, product) == book
        print("done")


if __name__ == "__main__":
    with world(__doc__ or "") as sandbox:
        main(sandbox)
