"""`genbo firm`: firms (関係者) and trust contracts."""

from pathlib import Path
from typing import Annotated

import typer

from genbo.cli.options import AsJson, Lang, examples
from genbo.cli.output import Output
from genbo.compliance.reasons import Language

REGISTER = ("genbo firm register examples/shibuya-jinnan/firms.yaml",)
LIST = ("genbo firm list", "genbo firm list --json")
HANDLE = ("genbo firm handle SHIBUYA-JINNAN B1",)
INTRODUCE = (
    "genbo firm introduce IV-DG46EV4BDIBY F1 --consent",
    "genbo firm introduce IV-DG46EV4BDIBY F1 --no-consent --json",
)
EXAMPLES = examples(*REGISTER, *LIST, *HANDLE, *INTRODUCE)
commands = typer.Typer(help="Firms (関係者) and trust contracts.", epilog=EXAMPLES)


@commands.callback()
def firm() -> None:
    """Firms (関係者): who takes part, under which role; and the trust contracts between them."""


@commands.command("register", epilog=examples(*REGISTER))
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


@commands.command("list", epilog=examples(*LIST))
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


@commands.command("handle", epilog=examples(*HANDLE))
def handle(
    product: Annotated[
        str, typer.Argument(metavar="PRODUCT", help="Id of the product (受益権ID).")
    ],
    institution: Annotated[
        str, typer.Argument(metavar="FIRM", help="Id of a broker, custodian or intermediary.")
    ],
    as_json: AsJson = False,
    lang: Lang = Language.EN,
) -> None:
    """Let a broker, custodian or intermediary handle a product (取扱): from then on it sees its terms and totals."""
    from genbo.cli.session import actor, office, wall_clock
    from genbo.governance.institutions import InstitutionId
    from genbo.kernel import ProductId
    from genbo.storage.parties import Parties

    output = Output(as_json=as_json, language=lang)
    with office(read=False) as working, working.house.database.begin() as connection:
        new = Parties(connection).handle(
            ProductId(product), InstitutionId(institution), at=wall_clock(), by=actor()
        )
    output.say(
        f"{institution} {'handles' if new else 'handled'} {product}{'' if new else ' already'}"
    )
    output.answer({"product": product, "institution": institution, "new": new})


@commands.command("introduce", epilog=examples(*INTRODUCE))
def introduce(
    investor: Annotated[
        str, typer.Argument(metavar="INVESTOR", help="Id of the investor (投資家ID).")
    ],
    institution: Annotated[str, typer.Argument(metavar="FIRM", help="Id of the intermediary.")],
    consent: Annotated[
        bool,
        typer.Option(
            "--consent/--no-consent", help="Whether it may see what its client holds (同意)."
        ),
    ] = False,
    as_json: AsJson = False,
    lang: Lang = Language.EN,
) -> None:
    """Record which intermediary introduced an investor (媒介), and whether it may see what its client holds."""
    from genbo.cli.session import actor, office, wall_clock
    from genbo.governance.institutions import InstitutionId
    from genbo.kernel import InvestorId
    from genbo.storage.parties import Parties

    output = Output(as_json=as_json, language=lang)
    with office(read=False) as working, working.house.database.begin() as connection:
        Parties(connection).introduce(
            InvestorId(investor),
            InstitutionId(institution),
            consents_to_sight=consent,
            at=wall_clock(),
            by=actor(),
        )
    output.say(f"{institution} introduced {investor}, {'with' if consent else 'without'} consent")
    output.answer({"investor": investor, "institution": institution, "consent": consent})
