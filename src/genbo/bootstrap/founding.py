"""Founding: how an office comes to its deployment, and a database to the deployment it belongs to."""

import json

from genbo.bootstrap.house import House
from genbo.bootstrap.meter import Meter, MeteredSender
from genbo.bootstrap.office import Office
from genbo.bootstrap.patience import patiently
from genbo.chain.deploy import Echo, adopt_products, deploy_platform, plan_platform
from genbo.chain.deployments import Deployment, path_of, save
from genbo.chain.development import development_parameters, person
from genbo.chain.verify import require
from genbo.kernel import Fault, ProductId, Reason
from genbo.storage.deployments import Deployment as DeploymentRow
from genbo.storage.deployments import Deployments
from genbo.storage.products import Products


def open_office(house: House) -> Office:
    """The office of the deployment that stands on this chain. It is verified before a new database is bound to it.

    Raises:
        Fault: as `House.deployment`; `chain_mismatch` or `wiring_mismatch` when the database belongs to another
            deployment; for a new database as `verify.require`.
    """
    deployment = house.deployment()
    if _bound(house) is None:
        require(house.node, deployment)
    _bind(house, deployment)
    if _recorded(house) - deployment.tokens.keys():
        # Who created the last product was killed between the database and the file.
        deployment = adopt_products(house.node, deployment)
        save(deployment, house.deployments)
    return Office(house, deployment)


def found_office(house: House, *, echo: Echo) -> Office:
    """Deploys a platform of the development cast.

    Raises:
        Fault: `development_key_refused` on a chain that is not for development; `wiring_mismatch` when the
            database belongs to a deployment on this chain whose file is gone.
    """
    if bound := _bound(house):
        raise Fault(
            Reason.WIRING_MISMATCH,
            what=f"deployment file {path_of(house.deployments, bound.chain_id)}",
            actual="missing",
            expected=f"that of the platform {bound.platform}, to which the database belongs",
        )
    meter = Meter()
    deployer = person("deployer")
    plan = plan_platform(house.node, development_parameters(), deployer=deployer.address)
    sender = MeteredSender(house.node, meter)
    deployment = deploy_platform(plan, sender, deployer=deployer, echo=echo)
    save(deployment, house.deployments)
    _bind(house, deployment)
    return Office(house, deployment, meter)


def require_recorded(office: Office) -> None:
    """Nothing, when the database has the terms of every product on the platform.

    Raises:
        Fault: `product_unrecorded`.
    """

    def look() -> None:
        standing = adopt_products(office.house.node, office.deployment).tokens
        for product in sorted(standing.keys() - _recorded(office.house)):
            token = standing[product].address
            raise Fault(Reason.PRODUCT_UNRECORDED, product=product, token=token)

    patiently(look)


def _bound(house: House) -> DeploymentRow | None:
    """The deployment on this chain to which the database belongs."""
    with house.database.read() as connection:
        rows = Deployments(connection).all()
    return next((row for row in rows if row.chain_id == house.node.chain_id), None)


def _bind(house: House, deployment: Deployment) -> None:
    file = path_of(house.deployments, deployment.chain_id)
    with house.database.begin() as connection:
        Deployments(connection).record(
            DeploymentRow(
                chain_id=deployment.chain_id,
                first_block=deployment.first_block,
                first_block_hash=deployment.first_block_hash,
                duty_manager=deployment.duty_manager,
                platform=deployment.platform,
                factory=deployment.factory,
                safes={name: safe.address for name, safe in deployment.safes.items()},
                record=json.loads(file.read_text()),
            ),
            at=house.node.stamp().at,
            by="genbo",
        )
        house.vault.prepare(connection, at=house.node.stamp().at, by="genbo")


def _recorded(house: House) -> set[ProductId]:
    """The products on this chain whose terms the database has."""
    with house.database.read() as connection:
        return set(Products(connection).tokens(house.node.chain_id).values())
