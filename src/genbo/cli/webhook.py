"""`genbo webhook`: where notices of all institutions are posted to, for whoever is on call."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from genbo.cli.options import AsJson, Lang, examples, examples_of
from genbo.cli.output import Output
from genbo.compliance.reasons import Language

if TYPE_CHECKING:
    from genbo.bootstrap.office import Office
    from genbo.bootstrap.webhooks import WebhookDesk
    from genbo.governance.notices import Delivery

LINES = (
    "genbo webhook list",
    "genbo webhook dead wh_6f1c0e5f2a3b4c5d6e7f8091",
    "genbo webhook replay wh_6f1c0e5f2a3b4c5d6e7f8091 --event R1:42",
    "genbo webhook replay wh_6f1c0e5f2a3b4c5d6e7f8091 --product SHIBUYA-JINNAN --from 17",
)
EXAMPLES = examples(*LINES)
commands = typer.Typer(help="Where notices are posted to (通知の送信先).", epilog=EXAMPLES)

WebhookKey = Annotated[str, typer.Argument(metavar="ID", help="Id of the webhook (Webhook ID).")]


@commands.callback()
def webhook() -> None:
    """Webhooks (通知の送信先): addresses of institutions that notices are posted to, and what was not delivered."""


@commands.command("list", epilog=examples_of("webhook list", LINES))
def list_webhooks(as_json: AsJson = False, lang: Lang = Language.EN) -> None:
    """List the webhooks of every institution, with their dead letters."""
    from genbo.cli.session import jst, office

    output = Output(as_json=as_json, language=lang)
    with office(read=False) as working:
        desk = _desk(working)
        found, dead = desk.all(), desk.dead()
    output.table(
        ("registered", "webhook", "institution", "state", "dead", "address"),
        [
            (
                jst(each.created_at),
                each.id,
                each.institution,
                each.state.value,
                dead.get(each.id, 0),
                each.url,
            )
            for each in found
        ],
    )
    output.say(f"{len(found):,} webhooks")
    output.answer(
        {
            "webhooks": [
                {
                    "webhook": each.id,
                    "institution": each.institution,
                    "url": each.url,
                    "types": list(each.types),
                    "products": list(each.products),
                    "state": each.state.value,
                    "dead": dead.get(each.id, 0),
                }
                for each in found
            ]
        }
    )


@commands.command("dead", epilog=examples_of("webhook dead", LINES))
def dead_letters(webhook_id: WebhookKey, as_json: AsJson = False, lang: Lang = Language.EN) -> None:
    """List the dead letters (配信不能) of a webhook: what was tried to the end in vain, and why."""
    from genbo.cli.session import jst, office
    from genbo.governance.notices import DeliveryState, WebhookId

    output = Output(as_json=as_json, language=lang)
    with office(read=False) as working:
        desk = _desk(working)
        whose = desk.get(WebhookId(webhook_id)).institution
        found = desk.deliveries(WebhookId(webhook_id), state=DeliveryState.DEAD, most=1_000)
    output.table(
        ("last try", "event", "product", "number", "type", "problem"),
        [
            (
                jst(each.last_at),
                f"{whose}:{each.position}",
                each.product or "-",
                each.number,
                each.type,
                each.problem or "-",
            )
            for each in found
        ],
    )
    output.say(f"{len(found):,} dead letters")
    output.answer({"dead": [_document(each, whose) for each in found]})


@commands.command("replay", epilog=examples_of("webhook replay", LINES))
def replay(
    webhook_id: WebhookKey,
    event: Annotated[
        str | None, typer.Option(help="Id of one notice (通知ID): posted by itself.")
    ] = None,
    product: Annotated[
        str | None,
        typer.Option(
            help="Id of the product (受益権ID); left out with --from: what is about none."
        ),
    ] = None,
    from_number: Annotated[
        int | None,
        typer.Option("--from", min=1, help="Number of the first notice of the product."),
    ] = None,
    as_json: AsJson = False,
    lang: Lang = Language.EN,
) -> None:
    """Post one notice once more, or all of a product from a number on. A running system does it."""
    from genbo.cli.session import office
    from genbo.governance.notices import WebhookId
    from genbo.kernel import Fault, ProductId, Reason

    output = Output(as_json=as_json, language=lang)
    if (event is None) is (from_number is None):
        raise Fault(
            Reason.COMMAND_INVALID,
            problem="give --event, or --from with --product",
            help="genbo webhook replay --help",
        )
    with office(read=False) as working:
        desk = _desk(working)
        if event is not None:
            desk.replay_one(WebhookId(webhook_id), event)
        elif from_number is not None:
            of = None if product is None else ProductId(product)
            desk.replay_from(WebhookId(webhook_id), of, from_number)
    output.say(
        f"{event} is posted once more"
        if event
        else f"{product or 'what is about no product'} is posted once more from {from_number} on"
    )
    output.answer({"webhook": webhook_id, "event": event, "product": product, "from": from_number})


def _desk(working: Office) -> WebhookDesk:
    from genbo.bootstrap.webhooks import WebhookDesk
    from genbo.cli.session import actor

    return WebhookDesk(working, None, by=actor(), at=working.house.now())


def _document(each: Delivery, institution: str) -> dict[str, Any]:
    return {
        "event": f"{institution}:{each.position}",
        "product": each.product,
        "number": each.number,
        "type": each.type,
        "tries": each.tries,
        "status": each.status,
        "problem": each.problem,
        "last_at": each.last_at,
    }
