"""An issuer (アセットマネージャー): it reads the register of its product, and changes nothing.

It sees how many hold how much, by their ids. A name is not disclosed to it without a purpose on record
(R-PROGMAT-VIS-4), and a product of another manager is not there.
"""

from common import units_of, world

from genbo_sdk import NotAllowed, NotFound, models
from genbo_sdk.sandbox import Sandbox


def main(sandbox: Sandbox) -> None:
    product = sandbox.product
    with sandbox.client("A1", language="ja") as a1, sandbox.client("A2", language="ja") as a2:
        totals = a1.positions.totals(product)
        print(
            f"{totals.holders} holders, {totals.total_issued:,} units, block {totals.block.number}"
        )

        # The register (原簿), lot by lot: all of one state, which every page names.
        register = list(a1.register.list(product, as_of=totals.block.number))
        assert sum(each.lot.units for each in register) == totals.total_issued
        assert len({each.lot.investor for each in register}) == totals.holders
        assert all(each.holder is None for each in register)  # ids, no names
        for each in register:
            print(f"{each.lot.investor:>4}  {each.lot.units:>5}  {each.lot.acquired}")
        held = units_of(a1, product)
        print(f"H1 has {held['H1']} of {totals.total_issued}")

        # Who H1 is: not without a purpose that the registrar recorded.
        try:
            a1.investors.names(investors=["H1"], purpose=models.Purpose.NOTICE)
        except NotAllowed as refused:
            print(f"{refused.reason}: {refused.sentence} {refused.remedy}")

        # For the manager of something else, the product is not there.
        try:
            a2.positions.totals(product)
        except NotFound as refused:
            print(f"{refused.reason}: {refused.sentence}")
        assert a2.products.list().all() == []
        print("done")


if __name__ == "__main__":
    with world(__doc__ or "") as sandbox:
        main(sandbox)
