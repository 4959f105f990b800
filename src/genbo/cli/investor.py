"""`genbo investor`: investors (投資家)."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from genbo.cli.options import AsJson, Lang, examples
from genbo.cli.output import Output
from genbo.compliance.reasons import Language

if TYPE_CHECKING:
    from genbo.bootstrap.office import Office

EXAMPLES = examples(
    "genbo investor import examples/shibuya-jinnan/investors.csv --product SHIBUYA-JINNAN",
    "genbo investor import my-investors.csv --json",
)
commands = typer.Typer(help="Investors (投資家).", epilog=EXAMPLES)


@commands.callback()
def investor() -> None:
    """Investors (投資家): who they are, sealed in the vault."""


@commands.command("import", epilog=EXAMPLES)
def import_file(
    file: Annotated[
        Path,
        typer.Argument(
            metavar="FILE", help="A CSV file, such as examples/shibuya-jinnan/investors.csv."
        ),
    ],
    product: Annotated[
        str | None,
        typer.Option(
            help="Also open an account for each of them in this product and verify it on the chain."
        ),
    ] = None,
    as_json: AsJson = False,
    lang: Lang = Language.EN,
) -> None:
    """Import investors: sealed in the vault, all or none; nothing personal goes anywhere else.

    Everything that is wrong is named with its line, column and what is allowed, never with the cell itself; then
    nothing of the file is applied. An import that was interrupted is simply run again.

    Columns: investor_id, investor_type (individual, corporation), investor_class, investor_name,
    registered_address, safekeeping_kind (direct, delegated, self); optional: every other column of table T7, such as
    corporate_number, safekeeping_id, custodian_id, contact_postal_code, payee_account_number, and together
    verified_at, verified_until, kyc_evidence.
    """
    from genbo.bootstrap.people import admit_investors, register_investors
    from genbo.chain.accounts import account_of
    from genbo.cli.files.investors import read_investors, refuse_registered
    from genbo.cli.session import actor, office, wall_clock
    from genbo.kernel import ProductId, business_date
    from genbo.storage.commands import Commands
    from genbo.storage.investors import Investors

    output = Output(as_json=as_json, language=lang)
    rows = read_investors(file, today=business_date(wall_clock()))
    new = [row.new for row in rows]
    verdicts = [row.verdict for row in rows if row.verdict is not None]

    on_chain = 0
    with office() as working:
        house = working.house
        if product is not None:
            working.token(ProductId(product))  # an unknown product, before anything else
        # The same file for the same product is the same import: an interrupted one goes on.
        content = f"{product}\n".encode() + file.read_bytes()
        with house.database.read() as connection:
            import_key = f"import-{house.vault.fingerprint(connection, content).hex()}"
            known = Investors(connection, house.vault).known([row.investor_id for row in rows])
            begun = Commands(connection, house.node.chain_id).find(import_key)
        if begun is None or not _unfinished(working, import_key):
            refuse_registered(file, rows, known)
        if product is None:
            register_investors(working, new, verdicts, by=actor(), key=import_key)
        else:
            key = ProductId(product)
            accounts = {
                row.investor_id: account_of(
                    row.investor_id, key, chain_id=house.node.chain_id
                ).address
                for row in rows
            }
            with output.progress("verify on the chain", len(verdicts)) as bar:
                admit_investors(
                    working,
                    key,
                    new,
                    verdicts,
                    accounts,
                    by=actor(),
                    key=import_key,
                    progress=bar.done,
                )
            on_chain = len(verdicts)
        stamp = working.now()
    expired = sum(1 for verdict in verdicts if verdict.expires_at <= stamp.at)
    output.say(
        f"{len(rows):,} investors registered, {len(rows) - len(verdicts):,} of them unverified"
    )
    if product is not None:
        output.say(
            f"{len(rows):,} accounts in {product}, {on_chain:,} of them verified on the chain"
        )
    if expired:
        output.say(f"{expired:,} verdicts have run out already; those investors cannot receive")
    output.answer(
        {
            "investors": len(rows),
            "verdicts": len(verdicts),
            "verdicts_expired": expired,
            "verified_on_chain": on_chain,
            "product": product,
            "block": stamp,
        }
    )


def _unfinished(working: Office, import_key: str) -> bool:
    """Whether verdicts of that import are still on their way to the chain."""
    from genbo.storage.jobs import Jobs

    with working.house.database.read() as connection:
        running = Jobs(connection, working.deployment.chain_id).all(running=True)
    return any(each.job.key.startswith(f"{import_key}/") for each in running)
