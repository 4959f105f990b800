"""`genbo order`: orders to transfer, taken at any hour and delivered while the market is open."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from genbo.cli.options import AsJson, Lang, ProductKey, examples, examples_of
from genbo.cli.output import Output
from genbo.compliance.reasons import Language, explain

if TYPE_CHECKING:
    from genbo.governance.market import StoredOrder

LINES = (
    "genbo order place --product SHIBUYA-JINNAN --trade T-1 --from IV-1 --to IV-2 --units 3",
    "genbo order list --product SHIBUYA-JINNAN --open",
    "genbo order withdraw T-1 --product SHIBUYA-JINNAN --cancel C-1",
)
EXAMPLES = examples(*LINES)
commands = typer.Typer(help="Orders to transfer (移転の注文).", epilog=EXAMPLES)


@commands.callback()
def order() -> None:
    """Orders to transfer (移転の注文): accepted at any hour, delivered in an open window of their delivery date."""


@commands.command("place", epilog=examples_of("order place", LINES))
def place(
    product: ProductKey,
    trade: Annotated[
        str, typer.Option(help="Trade id (取引ID): moves units once, however often it is given.")
    ],
    source: Annotated[str, typer.Option("--from", help="Id of the investor who gives (投資家ID).")],
    target: Annotated[str, typer.Option("--to", help="Id of the investor who takes (投資家ID).")],
    units: Annotated[int, typer.Option(min=1, help="Whole units.")],
    delivery_date: Annotated[
        str | None,
        typer.Option(help="Delivery date (受渡日), YYYY-MM-DD, where one was agreed on."),
    ] = None,
    lag: Annotated[
        int,
        typer.Option(min=0, max=366, help="Otherwise so many business days after the trade date."),
    ] = 0,
    as_json: AsJson = False,
    lang: Lang = Language.EN,
) -> None:
    """Place an order. `genbo up` delivers it by itself; what stands against it now is told at once."""
    from genbo.bootstrap.deliveries import place_order
    from genbo.cli.days import day_of
    from genbo.cli.session import actor, jst, office
    from genbo.kernel import Fault, InvestorId, ProductId, Reason, Reference, Units

    output = Output(as_json=as_json, language=lang)
    try:
        day = day_of(delivery_date) if delivery_date else None
    except ValueError:
        raise Fault(
            Reason.FIELD_INVALID,
            field="delivery_date",
            value=str(delivery_date)[:32],
            allowed="YYYY-MM-DD",
        ) from None
    with office() as working:
        placed = place_order(
            working,
            ProductId(product),
            Reference(trade),
            source=InvestorId(source),
            target=InvestorId(target),
            units=Units(units),
            by=actor(),
            delivery_date=day,
            lag=lag,
        )
    against = placed.answer.refusal
    output.say(f"order {trade}: {units:,} units of {product}, {placed.stored.state.value}")
    output.say(f"delivery  {placed.window.delivery_date}, from {jst(placed.window.opens)}")
    if against is not None:
        output.say(f"waits     {explain(against, lang).sentence}")
    output.answer(
        _document(placed.stored)
        | {
            "opens": placed.window.opens,
            "closes": placed.window.closes,
            "against": None if against is None else against.reason.value,
        }
    )


@commands.command("list", epilog=examples_of("order list", LINES))
def list_orders(
    product: Annotated[str | None, typer.Option(help="Only those of this product.")] = None,
    only_open: Annotated[
        bool, typer.Option("--open", help="Only those that are still looked after.")
    ] = False,
    as_json: AsJson = False,
    lang: Lang = Language.EN,
) -> None:
    """List orders in the order in which they came."""
    from genbo.cli.session import jst, office
    from genbo.governance.market.order import OPEN
    from genbo.kernel import ProductId
    from genbo.storage.transfer_orders import TransferOrders

    output = Output(as_json=as_json, language=lang)
    with office(read=False) as working, working.house.database.read() as connection:
        found = TransferOrders(connection).all(
            product=ProductId(product) if product else None, states=OPEN if only_open else ()
        )
    output.table(
        ("accepted", "product", "trade", "from", "to", "units", "delivery", "state", "reason"),
        [
            (
                jst(each.order.accepted_at),
                each.order.product,
                each.order.trade,
                each.order.source,
                each.order.target,
                f"{each.order.units:,}",
                str(each.order.delivery_date),
                each.state.value,
                each.reason.value if each.reason else "",
            )
            for each in found
        ],
    )
    output.say(f"{len(found):,} orders")
    output.answer({"orders": [_document(each) for each in found]})


@commands.command("withdraw", epilog=examples_of("order withdraw", LINES))
def withdraw(
    trade: Annotated[str, typer.Argument(metavar="TRADE", help="Trade id (取引ID) of the order.")],
    product: ProductKey,
    cancel: Annotated[
        str | None, typer.Option(help="Trade id of the trade that cancels it (取引ID).")
    ] = None,
    as_json: AsJson = False,
    lang: Lang = Language.EN,
) -> None:
    """Withdraw an order before it is delivered; nothing moves on the ledger."""
    from genbo.bootstrap.deliveries import withdraw_order
    from genbo.cli.session import actor, office
    from genbo.kernel import ProductId, Reference

    output = Output(as_json=as_json, language=lang)
    with office(read=False) as working:
        stored = withdraw_order(
            working,
            ProductId(product),
            Reference(trade),
            by=actor(),
            cancel=Reference(cancel) if cancel else None,
        )
    output.say(f"order {trade}: {stored.state.value}")
    output.answer(_document(stored))


def _document(stored: StoredOrder) -> dict[str, Any]:
    order = stored.order
    return {
        "product": order.product,
        "trade": order.trade,
        "from": order.source,
        "to": order.target,
        "units": int(order.units),
        "delivery_date": order.delivery_date,
        "accepted_at": order.accepted_at,
        "state": stored.state.value,
        "reason": None if stored.reason is None else stored.reason.value,
        "facts": dict(stored.facts),
        "command": stored.command,
        "cancelled_by": stored.cancelled_by,
    }
