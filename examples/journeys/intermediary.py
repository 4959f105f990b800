"""An intermediary (金融商品仲介業者): it forwards what its clients want to their broker, and orders nothing itself.

It sees the clients whom it introduced, by their ids; who they are it reads only with a purpose, where they consented.
"""

from collections import Counter

from common import address_of, fresh, sell, world

from genbo_sdk import NotFound, models
from genbo_sdk.sandbox import Sandbox


def main(sandbox: Sandbox) -> None:
    product = sandbox.product
    with sandbox.client("F1", language="ja") as f1, sandbox.client("B1") as b1:
        clients = {each.investor: each.broker for each in f1.investors.list()}
        print(f"clients, with the broker of each: {clients}")
        held = Counter({each.investor: each.units for each in f1.positions.list(product)})
        assert held.keys() == clients.keys()
        for someone_else in ("H2", "H3"):
            try:
                f1.positions.of_investor(someone_else)
            except NotFound as refused:
                print(f"{refused.reason}: {refused.sentence}")

        # A client wants to sell. An order of our own is not there for us; the broker is told, and orders.
        wish = {"trade": fresh("F1"), "giver": "H1", "units": 1}
        try:
            f1.transfers.order(
                product=product, trade=wish["trade"], from_="H1", to="H2", units=wish["units"]
            )
        except NotFound as refused:
            print(f"{refused.reason}: {refused.sentence}")
        taker = address_of(b1, "H2", product)
        done = sell(sandbox, b1, **wish, to="H2", recipient=taker)

        # What became of it: the line of our client, and nothing of the other side.
        f1.wait_read(product, done.block)
        line = next(each for each in f1.transfers.list(product=product) if each.trade == done.trade)
        assert (line.sender, line.recipient, line.state) == ("H1", None, "delivered")
        after = Counter({each.investor: each.units for each in f1.positions.list(product)})
        assert held - after == {"H1": 1}
        print(f"{line.trade}: {line.state}, H1 now has {after['H1']}")

        # The client's name, for a purpose that is recorded.
        (name,) = f1.investors.names(investors=["H1"], purpose=models.Purpose.NOTICE).items
        assert name.name
        print(f"the name of {name.investor} was read for a notice, and that is on record")

        back = address_of(b1, "H1", product)
        sell(sandbox, b1, giver="H2", to="H1", recipient=back, units=1, trade=fresh("BACK"))
        print("done")


if __name__ == "__main__":
    with world(__doc__ or "") as sandbox:
        main(sandbox)
