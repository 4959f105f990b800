"""Move a product to a new token contract: propose, test, approve, activate, each by another person (R-PROGMAT-WG2-3).

ape run succeed_product --step propose --network http://127.0.0.1:8545
ape run succeed_product --network ethereum:local:test       all of it on a chain that ends with the script

Whoever carries out a step is named in `successor.yaml` and signs the record. docs/runbooks/successor.md says what to
look at before and after each.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import click
from ape.cli import ConnectedProviderCommand
from scripts._common import (
    Chain,
    announce,
    collector,
    deployments_option,
    one_line_errors,
    params_option,
    successions_option,
)
from scripts._platform import deploy

from genbo.chain import deployments, verify
from genbo.chain.deploy import deploy_product, plan_product
from genbo.chain.deployments import Deployment
from genbo.chain.documents import deploy_documents, plan_documents
from genbo.chain.keys import Signer
from genbo.chain.parameter_files import load_product
from genbo.chain.sender import Sent
from genbo.chain.steps import Step, collect_from
from genbo.chain.successor import procedure
from genbo.chain.successor.parameter_file import SuccessionFile, load_succession
from genbo.chain.successor.record import Record, Role, Stage, load, save
from genbo.chain.successor.succession import Hands, Next
from genbo.kernel import Reason, Refusal

STEPS = ("propose", "test", "approve", "activate", "status")


@click.command(cls=ConnectedProviderCommand)
@click.option(
    "--step",
    type=click.Choice(STEPS),
    help="Whose turn it is; `status` only shows the record. By default all four, on ape's own chain only.",
)
@params_option
@deployments_option
@successions_option
def cli(step: str | None, params: Path | None, folder: Path, successions: Path) -> None:
    with one_line_errors():
        chain = Chain()
        if step is None and not chain.is_inside:
            raise click.UsageError("name the step: each of them is another person's")
        chosen = chain.params(params)
        file = load_succession(chosen / "successor.yaml", chain.resolve)
        deployment = new_product(chain, chosen) if chain.is_inside else chain.load(folder)
        run = Run(chain, file, deployment, folder=folder, successions=successions)
        if chain.is_inside:
            for each in STEPS:
                run.step(each)
        else:
            assert step is not None
            run.step(step)


class Run:
    """One call of the script."""

    def __init__(
        self,
        chain: Chain,
        file: SuccessionFile,
        deployment: Deployment,
        *,
        folder: Path,
        successions: Path,
    ) -> None:
        self.chain = chain
        self.file = file
        self.deployment = deployment
        self.folder = folder
        self.successions = successions
        self.record: Record | None = None
        if not chain.is_inside:
            product = file.succession.product
            self.record = load(successions, chain.node.chain_id, product)

    def step(self, name: str) -> None:
        steps: dict[str, Callable[[], None]] = {
            "propose": self.propose,
            "test": self.put_to_test,
            "approve": self.approve,
            "activate": self.activate,
            "status": self.status,
        }
        steps[name]()

    def propose(self) -> None:
        if self.record is not None and self.record.transactions:
            # A proposal that is being carried out is finished, not proposed anew.
            raise Refusal(
                Reason.STATEMENT_INVALID, role="proposal", problem="the activation has begun"
            )
        self.keep(
            procedure.propose(
                self.chain.node,
                self.deployment,
                self.file.succession,
                reason=self.file.reason,
                by=self.person(Role.PROPOSER),
                at=datetime.now(UTC),
            )
        )

    def put_to_test(self) -> None:
        verify.require(self.chain.node, self.deployment)
        record = procedure.put_to_test(
            self.chain.node,
            self.deployment,
            self.proposed(),
            by=self.person(Role.TESTER),
            at=datetime.now(UTC),
        )
        rehearsal = record.rehearsal
        assert rehearsal is not None
        click.echo(
            f"rehearsed the state of block {rehearsal.block}: {rehearsal.holders:,} holders, "
            f"{rehearsal.units:,} units, {rehearsal.transactions} transactions, gas {rehearsal.gas:,} "
            f"(at most {rehearsal.most_gas:,} in one); equal, digest {rehearsal.digest}"
        )
        self.keep(record)

    def approve(self) -> None:
        by = self.person(Role.APPROVER)
        self.keep(procedure.approve(self.deployment, self.proposed(), by=by, at=datetime.now(UTC)))

    def activate(self) -> None:
        by = self.person(Role.ACTIVATOR)
        record = self.proposed()
        if record.statement(Stage.COMPLETION) is None:
            self.keep(procedure.begin(self.deployment, record, by=by, at=datetime.now(UTC)))
            self.deployment = procedure.activate(self.deployment, self.proposed(), self.hands())
            if not self.chain.is_inside:
                click.echo(f"record: {deployments.save(self.deployment, self.folder)}")
            self.keep(
                procedure.complete(
                    self.chain.node, self.deployment, self.proposed(), by=by, at=datetime.now(UTC)
                )
            )
        stamp = verify.require(self.chain.node, self.deployment)
        click.echo(f"verified at block {stamp.number}: nothing differs")

    def status(self) -> None:
        record = self.proposed()
        for stage in Stage:
            found = record.statement(stage)
            who = "not yet" if found is None else f"{found.person} at {found.at}"
            click.echo(f"{stage.value}: {who}")
        if (done := record.completion) is not None:
            click.echo(
                f"{record.proposal.product} goes on as {record.proposal.successor} at {done.token}: "
                f"{done.holders:,} holders, {done.units:,} units, equal at block {done.block}, "
                f"digest {done.digest}"
            )

    # Inside -------------------------------------------------------------------------------------------

    def proposed(self) -> Record:
        if self.record is None:
            raise Refusal(
                Reason.STATEMENT_MISSING, role="proposal", product=self.file.succession.product
            )
        return self.record

    def person(self, role: Role) -> Signer:
        return self.chain.signer(self.file.people[role])

    def keep(self, record: Record) -> None:
        self.record = record
        if not self.chain.is_inside:
            path = save(record, self.successions)
            click.echo(f"{record.statements[-1].stage.value} on record: {path}")

    def hands(self) -> Hands:
        file, chain = self.file, self.chain
        collect = collector([chain.signer(name) for name in file.signers], file.approvals)

        def shown(found: Next) -> None:
            click.echo(f"{found.phase.value}, to be signed:")
            announce(found.steps, collect)

        def noted(step: Step, sent: Sent) -> None:
            self.record = procedure.noted(self.proposed(), step, sent)
            if not chain.is_inside:
                save(self.record, self.successions)

        return Hands(
            sender=chain.sender,
            collect=collect,
            carrier=chain.signer(file.carrier),
            persons={duty: chain.signer(name) for duty, name in file.persons.items()},
            echo=click.echo,
            keep=noted,
            announce=shown,
        )


def new_product(chain: Chain, params: Path) -> Deployment:
    """On ape's own chain there is no product yet: a platform and the product of `product.yaml`, with its documents."""
    deployment = deploy(chain, params)
    file = load_product(params / "product.yaml", chain.resolve)
    signers = collect_from([chain.signer(name) for name in file.signers])
    carrier = chain.signer(file.carrier)
    plan = plan_product(chain.node, deployment, file.terms, group_enabled=file.group_enabled)
    deployment = deploy_product(plan, chain.sender, collect=signers, by=carrier)
    papers = plan_documents(chain.node, deployment, file.terms.product_id, carrier=carrier.address)
    return deploy_documents(papers, chain.sender, collect=signers, by=carrier)
