"""`genbo distribution payment-terms`, `pay-token`, `reconcile-token`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from genbo.cli.distribution.declaring import RunId
from genbo.cli.distribution.saying import token_document
from genbo.cli.options import AsJson, Lang, ProductKey, examples_of
from genbo.cli.output import Output
from genbo.compliance.reasons import Language

if TYPE_CHECKING:
    from genbo.storage.token_payments import StoredBatch

LINES = (
    "genbo distribution payment-terms --product SHIBUYA-JINNAN",
    "genbo distribution payment-terms --product SHIBUYA-JINNAN --evidence-ref DEED-12 "
    "--token 0x1212121212121212121212121212121212121212 --payer 0x3434343434343434343434343434343434343434",
    "genbo distribution payment-terms --product SHIBUYA-JINNAN --evidence-ref DEED-13 --by-bank",
    "genbo distribution pay-token D-2022-01",
    "genbo distribution pay-token D-2022-01 --as issue-1",
    "genbo distribution reconcile-token D-2022-01",
)


def payment_terms(
    product: ProductKey,
    evidence_ref: Annotated[
        str | None,
        typer.Option("--evidence-ref", help="Reference of the decision: records other terms."),
    ] = None,
    token: Annotated[
        str | None, typer.Option("--token", help="Address of the yen token to pay in.")
    ] = None,
    payer: Annotated[
        str | None,
        typer.Option("--payer", help="Address that holds the yen and allows it, run by run."),
    ] = None,
    by_bank: Annotated[
        bool, typer.Option("--by-bank", help="Pay by bank transfer from now on.")
    ] = False,
    as_json: AsJson = False,
    lang: Lang = Language.EN,
) -> None:
    """Show or record how a product's distributions are paid (支払方法): by bank, or in a yen token (電子決済手段).

    New terms count for distributions that are declared from then on; maker and approver of each sign them.
    """
    from genbo.bootstrap.token_payments import record_terms
    from genbo.cli.session import actor, office
    from genbo.kernel import Fault, ProductId, Reason
    from genbo.storage.payment_terms import PaymentTerms
    from genbo.storage.products import Products

    output = Output(as_json=as_json, language=lang)
    changes = token is not None or payer is not None or by_bank
    if changes and evidence_ref is None:
        raise Fault(Reason.FIELD_MISSING, field="evidence_ref")
    if evidence_ref is not None and by_bank is (token is not None):
        allowed = "--token with --payer, or --by-bank"
        raise Fault(Reason.FIELD_INVALID, field="token", value=token, allowed=allowed)
    with office(read=False) as working:
        if evidence_ref is not None:
            found = record_terms(
                working,
                ProductId(product),
                cash=_address(token, "token"),
                payer=_address(payer, "payer"),
                evidence_ref=evidence_ref,
                by=actor(),
            )
        else:
            with working.house.database.read() as connection:
                Products(connection).get(ProductId(product))
                found = PaymentTerms(connection).of(ProductId(product))
        contract = working.paying().disbursement
    if found is None:
        output.say(f"{product} is paid by bank transfer")
    else:
        output.say(
            f"{product} is paid in {found.cash} ({found.decimals} decimals) by {found.payer}, who allows it to "
            f"{contract}"
        )
    output.answer(
        {"product": product, "yen_token": token_document(found), "payment_contract": contract}
    )


def pay_token(
    run: RunId,
    names: Annotated[
        list[str] | None,
        typer.Option(
            "--as", help="Name of a key that signs; several times for several. Default: all needed."
        ),
    ] = None,
    as_json: AsJson = False,
    lang: Lang = Language.EN,
) -> None:
    """Pay what is payable of a distribution in its yen token (電子決済手段), in batches that two people sign.

    With one `--as`, batches wait until somebody else pays the same distribution. Again, it goes on and pays nothing
    twice. Who cannot be paid so is owed and put aside.
    """
    from genbo.bootstrap.token_payments import pay_in_token
    from genbo.cli.session import actor, office

    output = Output(as_json=as_json, language=lang)
    with office() as working:
        paid = pay_in_token(
            working,
            run,
            by=actor(),
            people=names or (),
            say=lambda words: output.say(f"{words} ...", "dim"),
        )
    say_batches(output, paid.batches)
    for command in paid.waiting:
        output.say(f"{command} waits for `genbo distribution pay-token {run} --as <somebody else>`")
    output.answer(
        {
            "distribution": run,
            "batches": [batch_document(each) for each in paid.batches],
            "waiting": list(paid.waiting),
        }
    )


def reconcile_token(run: RunId, as_json: AsJson = False, lang: Lang = Language.EN) -> None:
    """Compare what register and ledger say of a distribution that is paid in a yen token, line by line (照合).

    Exit code 1: they do not say the same.
    """
    from genbo.bootstrap.token_payments_settled import reconcile_token as compare
    from genbo.cli.session import office

    output = Output(as_json=as_json, language=lang)
    with office(read=False) as working:
        sums = compare(working, run)
    output.table(
        ("", "lines", "yen"),
        [
            ("register", sums.lines, sums.yen),
            ("ledger", sums.ledger_lines, sums.ledger_yen),
        ],
    )
    if sums.agree:
        output.say("register and ledger agree, line by line", style="green")
    else:
        output.say(f"not the same: lines {', '.join(map(str, sums.apart))}", style="red")
    output.answer(
        {
            "distribution": run,
            "agree": sums.agree,
            "register": {"lines": sums.lines, "yen": sums.yen},
            "ledger": {"lines": sums.ledger_lines, "yen": sums.ledger_yen},
            "apart": list(sums.apart),
        }
    )
    if not sums.agree:
        raise typer.Exit(1)


def batch_document(each: StoredBatch) -> dict[str, Any]:
    """A batch for machines."""
    return {
        "number": each.number,
        "state": each.state.value,
        "records": each.records,
        "total": each.total,
        "command": each.command,
        "tx": each.tx,
        "block": each.block,
    }


def say_batches(output: Output, batches: tuple[StoredBatch, ...]) -> None:
    """Batches as a table."""
    output.table(
        ("batch", "state", "lines", "yen", "command", "transaction"),
        [
            (each.number, each.state.value, each.records, each.total, each.command, each.tx or "")
            for each in batches
        ],
    )


def add_to(commands: typer.Typer) -> None:
    """Adds these commands."""
    for function in (payment_terms, pay_token, reconcile_token):
        word = function.__name__.replace("_", "-")
        commands.command(word, epilog=examples_of(f"distribution {word}", LINES))(function)


# Inside ----------------------------------------------------------------------------------------------


def _address(text: str | None, field: str) -> Any:
    """The address that was typed. Raises Fault(field_invalid)."""
    import re

    from genbo.chain.contracts.base import as_address
    from genbo.kernel import Fault, Reason

    if text is None:
        return None
    if re.fullmatch(r"0x[0-9a-fA-F]{40}", text) is None:
        allowed = "0x and 40 hexadecimal digits"
        raise Fault(Reason.FIELD_INVALID, field=field, value=text[:42], allowed=allowed)
    return as_address(text.lower())
