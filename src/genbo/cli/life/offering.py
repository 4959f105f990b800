"""Chapters 1 to 4: the platform, the product, its investors, issue and distribution."""

from collections.abc import Callable
from pathlib import Path

from genbo.bootstrap.creation import create_product
from genbo.bootstrap.firms import register_firms
from genbo.bootstrap.people import open_accounts, register_investors, verify_accounts
from genbo.chain.verify import require
from genbo.cli.files.allotment import read_allotment
from genbo.cli.files.firms import read_firms
from genbo.cli.files.investors import fixture_names, read_investors
from genbo.cli.files.terms import read_terms
from genbo.cli.life.stage import Stage, papers
from genbo.cli.session import block_line
from genbo.compliance.allotment import Application, OfferingLimits, Standing, judge_allotment
from genbo.governance import Duty
from genbo.kernel import InvestorId, Reason, Reference, Units
from genbo.storage.products import Products
from genbo.storage.verdicts import Verdicts
from genbo.token import ProductStatus, ProductTerms


def create(stage: Stage, folder: Path) -> ProductTerms:
    """The product from its published terms, verified against them."""
    stage.chapter("2. The product, from its published terms", "2021-07-09 10:00:00")
    firms = read_firms(folder / "firms.yaml")
    new = register_firms(stage.office.house, firms, at=stage.office.now().at, by="registrar-1")
    stage.say(
        f"{new['firms']} firms, {new['institutions']} of them with access under a role; the trust contract"
    )
    terms = read_terms(folder / "product.yaml")
    stage.people = {
        **fixture_names(folder / "investors.csv"),
        **fixture_names(folder / "other-investors.csv"),
    }
    create_product(
        stage.office, terms, initial_beneficiary=stage.account("DS1"), by="issue-1", echo=stage.say
    )
    stage.say(f"{terms.name}: {terms.set_quantity:,} units of {terms.unit_price_yen:,} yen")
    stage.say(f"token {stage.token.address}, terms {terms.digest()[:18]}")
    stamp = require(stage.office.house.node, stage.office.deployment)
    stage.say(f"code, duties, wiring and Safes verified at {block_line(stamp)}")
    stage.act(stage.office.platform.open_market(), Duty.MARKET_OPERATOR)
    return terms


def admit(stage: Stage, folder: Path) -> None:
    """503 holders and those the story needs besides: sealed records, one account each, verdicts on the chain."""
    stage.chapter("3. Investors: registered, verified", "2021-08-10 10:00:00")
    rows = [
        *read_investors(folder / "investors.csv"),
        *read_investors(folder / "other-investors.csv"),
    ]
    verdicts = [row.verdict for row in rows if row.verdict is not None]
    register_investors(stage.office, [row.new for row in rows], verdicts, by="registration-1")
    stage.say(
        f"{len(rows)} investors in the vault, {len(verdicts)} of them verified; names and addresses are sealed, "
        "none of it is on the chain"
    )
    open_accounts(
        stage.office,
        stage.product,
        {stage.people[name]: stage.account(name) for name in stage.people},
        by="registration-1",
    )
    stage.bulk(
        "verify accounts",
        len(verdicts),
        verify_accounts(stage.office, stage.product, [verdict.investor_id for verdict in verdicts]),
        line=lambda count, _: f"verify {count:,} account{'s' if count > 1 else ''}",
    )


def issue(stage: Stage, terms: ProductTerms) -> None:
    """Action 1: the whole set quantity at the initial beneficiary, by two persons."""
    stage.chapter("4. Issue (発行) and distribution (配布)", "2021-08-11 09:00:00")
    act = papers("ISSUE-1", "発行決議 2021-08-02")
    call = stage.token.issue([stage.account("DS1")], [terms.set_quantity], act)
    stage.refused(
        "issue by one person",
        lambda: stage.office.act(call, Duty.ISSUER, product=stage.product, by=("issue-1",)),
        Reason.APPROVALS_TOO_FEW,
    )
    stage.act(
        call, Duty.ISSUER, what=f"issue {terms.set_quantity:,} to DS1 (ISSUE-1)", ref="ISSUE-1"
    )
    stage.refused(
        "one unit more, above the cap",
        lambda: stage.office.act(
            stage.token.issue([stage.account("DS1")], [1], papers("ISSUE-2", "none")),
            Duty.ISSUER,
            product=stage.product,
        ),
        Reason.CAP_EXCEEDED,
    )


def distribute(stage: Stage, terms: ProductTerms, folder: Path) -> None:
    """Action 2: files that must be refused, then the one that is right."""
    limits = OfferingLimits(
        minimum=Units(terms.application_minimum),
        step=Units(terms.application_step),
        offering=Units(terms.set_quantity),
    )
    for file, reason in (
        ("allotment-small.csv", Reason.BELOW_MINIMUM_LOT),
        ("allotment-over.csv", Reason.OVER_OFFERING_QUANTITY),
        ("allotment-unverified.csv", Reason.RECIPIENT_UNVERIFIED),
    ):
        stage.refused(file, _judging(stage, read_allotment(folder / file), limits), reason)
    _refused_at_execution(stage, "allotment-unverified.csv", folder, Reason.RECIPIENT_UNVERIFIED)
    _refused_at_execution(stage, "allotment-expired.csv", folder, Reason.RECIPIENT_VERDICT_EXPIRED)

    applications = read_allotment(folder / "allotment.csv")
    _judging(stage, applications, limits)()
    _move_on(stage, ProductStatus.OFFERING)
    accounts = {investor: stage.account(name) for name, investor in stage.people.items()}
    stage.bulk(
        "distribute",
        len(applications),
        stage.office.distribute(
            stage.product,
            [(accounts[each.investor], each.units) for each in applications],
            ref=Reference("ALLOT-1"),
        ),
    )
    _move_on(stage, ProductStatus.ACTIVE)
    total = sum(each.units for each in applications)
    stage.say(f"{len(applications)} holders, {total:,} units distributed")


def _judging(
    stage: Stage, applications: list[Application], limits: OfferingLimits
) -> Callable[[], None]:
    """Judges a file as it stands now; raises its first refusal."""

    def judge() -> None:
        at = stage.office.now().at
        for finding in judge_allotment(
            applications, limits=limits, standings=_standings(stage, applications), at=at
        ):
            raise finding.refusal

    return judge


def _standings(stage: Stage, applications: list[Application]) -> dict[InvestorId, Standing]:
    investors = [each.investor for each in applications]
    with stage.office.house.database.read() as connection:
        verdicts = Verdicts(connection).latest(investors, at=stage.office.now().at)
    known = set(stage.people.values())
    return {
        investor: Standing(
            verified_until=verdicts[investor].until if investor in verdicts else None,
            blocked=verdicts[investor].blocked if investor in verdicts else False,
        )
        for investor in investors
        if investor in known
    }


def _refused_at_execution(stage: Stage, file: str, folder: Path, reason: Reason) -> None:
    """A file that nobody judged, or that was good when it was made: the token refuses at execution."""
    applications = read_allotment(folder / file)
    names = {investor: name for name, investor in stage.people.items()}

    def attempt() -> None:
        for _ in stage.office.distribute(
            stage.product,
            [(stage.account(names[each.investor]), each.units) for each in applications],
            ref=Reference("ALLOT-X"),
        ):
            pass

    stage.refused(f"{file}, at execution", attempt, reason)


def _move_on(stage: Stage, status: ProductStatus) -> None:
    with stage.office.house.database.begin() as connection:
        Products(connection).move_on(stage.product, status, at=stage.office.now().at, by="issue-1")
