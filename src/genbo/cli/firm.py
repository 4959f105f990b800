"""`genbo firm`: firms (関係者) and trust contracts."""

from pathlib import Path
from typing import Annotated

import typer

from genbo.cli.options import AsJson, Lang, examples
from genbo.cli.output import Output
from genbo.compliance.reasons import Language

EXAMPLES = examples(
    "genbo firm register examples/shibuya-jinnan/firms.yaml",
    "genbo firm list --json",
)
commands = typer.Typer(help="Firms (関係者) and trust contracts.", epilog=EXAMPLES)


@commands.callback()
def firm() -> None:
    """Firms (関係者): who takes part, under which role; and the trust contracts between them."""


@commands.command("register", epilog=EXAMPLES)
def register(
    file: Annotated[
        Path,
        typer.Argument(
            metavar="FILE", help="The firms, such as examples/shibuya-jinnan/firms.yaml."
        ),
    ],
    as_json: AsJson = False,
    lang: Lang = Language.EN,
) -> None:
    """Register firms, the roles under which they have access, bank branches and trust contracts: all or nothing.

    What is registered already and says the same is left alone, so a file may be registered again. Sections of the file:
    institutions, bank_branches, custodians, safekeeping_firms, beneficiary_agents, settlors, trustees, asset_managers,
    trust_contracts; the columns have the names of tables T5 and T8 to T13.
    """
    from genbo.bootstrap.firms import register_firms
    from genbo.cli.files.firms import read_firms
    from genbo.cli.session import actor, office, wall_clock

    output = Output(as_json=as_json, language=lang)
    these = read_firms(file)
    with office(read=False) as working:
        new = register_firms(working.house, these, at=wall_clock(), by=actor())
    output.say(
        f"registered  {new['institutions']:,} institutions, {new['firms']:,} firms, "
        f"{new['contracts']:,} trust contracts, {new['branches']:,} bank branches"
    )
    output.say("next        genbo product create FILE")
    output.answer({"registered": dict(new), "digest": these.digest})


@commands.command("list", epilog=EXAMPLES)
def list_firms(as_json: AsJson = False, lang: Lang = Language.EN) -> None:
    """List the firms with their roles, and the trust contracts. Contacts stay sealed."""
    from genbo.cli.session import office
    from genbo.masters import FirmKind
    from genbo.storage.firms import Firms
    from genbo.storage.parties import Parties
    from genbo.storage.trust_contracts import TrustContracts

    output = Output(as_json=as_json, language=lang)
    with office(read=False) as working, working.house.database.read() as connection:
        roles = {str(each.id): each.role.value for each in Parties(connection).institutions()}
        stored = Firms(connection, working.house.vault)
        firms = [each for kind in FirmKind for each in stored.all(kind)]
        contracts = TrustContracts(connection).all()
    for each in firms:
        output.say(f"{each.kind.value:17}  {each.id:16}  {roles.get(each.id, '-'):17}  {each.name}")
    for contract in contracts:
        output.say(
            f"{'trust_contract':17}  {contract.id:16}  {contract.trustee:17}  {contract.name}"
        )
    output.answer(
        {
            "institutions": [
                {"institution_id": id, "role": role} for id, role in sorted(roles.items())
            ],
            "firms": [
                {
                    "kind": each.kind.value,
                    "id": each.id,
                    "name": each.name,
                    "registered_address": each.registered_address,
                }
                for each in firms
            ],
            "trust_contracts": [
                {
                    "id": each.id,
                    "number": each.number,
                    "name": each.name,
                    "settlor": each.settlor,
                    "trustee": each.trustee,
                    "asset_manager": each.asset_manager,
                }
                for each in contracts
            ],
        }
    )
