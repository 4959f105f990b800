"""`genbo product`: products (銘柄)."""

from pathlib import Path
from typing import Annotated

import typer

from genbo.cli.options import AsJson, Lang, examples
from genbo.cli.output import Output
from genbo.compliance.reasons import Language

EXAMPLES = examples(
    "genbo product create examples/shibuya-jinnan/product.yaml",
    "genbo product create my-product.yaml --lang ja",
)
commands = typer.Typer(help="Products (銘柄).", epilog=EXAMPLES)


@commands.callback()
def product() -> None:
    """Products (銘柄): their terms, and the token of each."""


@commands.command("create", epilog=EXAMPLES)
def create(
    file: Annotated[
        Path,
        typer.Argument(help="The terms, such as examples/shibuya-jinnan/product.yaml."),
    ],
    as_json: AsJson = False,
    lang: Lang = Language.EN,
) -> None:
    """Create a product from its published terms: registered, its token deployed and wired to the duties.

    Every field that is missing, wrong, unknown or given twice is named with its line and what is allowed; nothing is
    done then. A creation that was interrupted is simply run again; a token that the deployment scripts created from
    the same terms is taken over.
    """
    from genbo.bootstrap.creation import create_product
    from genbo.chain.accounts import account_of
    from genbo.cli.files.terms import read_terms
    from genbo.cli.session import actor, office

    output = Output(as_json=as_json, language=lang)
    terms = read_terms(file)
    with office(read=False) as working:
        beneficiary = account_of(
            terms.initial_beneficiary_id,
            terms.product_id,
            chain_id=working.house.node.chain_id,
        )
        token = create_product(
            working, terms, initial_beneficiary=beneficiary.address, by=actor(), echo=output.say
        )
        stamp = working.now()
    output.say(f"{terms.product_id}  {terms.name}")
    output.say(f"token   {token.address}")
    output.say(f"terms   {terms.digest()}")
    output.say(f"next    genbo investor import FILE --product {terms.product_id}")
    output.answer(
        {
            "product": terms.product_id,
            "token": token.address,
            "terms_digest": terms.digest(),
            "block": stamp,
        }
    )
