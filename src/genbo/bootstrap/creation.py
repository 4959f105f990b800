"""Creation: a product comes into being, on the ledger and in the database."""

from datetime import datetime

from sqlalchemy import Connection

from genbo.bootstrap.office import Office
from genbo.chain.contracts.security_token import SecurityToken
from genbo.chain.deploy import Echo, adopt_products, collect_from, deploy_product, plan_product
from genbo.chain.deployments import save
from genbo.chain.development import person
from genbo.governance.institutions import InstitutionId
from genbo.kernel import Address, Fault, Reason, Refusal
from genbo.storage.products import Product, Products
from genbo.storage.trust_contracts import TrustContracts
from genbo.token import ProductStatus, ProductTerms


def create_product(
    office: Office, terms: ProductTerms, *, initial_beneficiary: Address, by: str, echo: Echo
) -> SecurityToken:
    """Registers a product and creates its token; the database has it as set when the token stands. A draft of it, with
    these or other terms, is taken up.

    A token of these very terms that stands already (a creation that was interrupted, or one by the deployment
    scripts) is taken over.

    Raises:
        Refusal: `product_exists`, and as `plan_product`; nothing was changed.
    """
    house, product = office.house, terms.product_id
    at = office.now().at
    standing = office.platform.token_of(product).value
    if standing is not None:
        digest = SecurityToken(house.node, standing).terms_digest().value
        if digest != terms.digest():
            raise Refusal(Reason.PRODUCT_EXISTS, product=product, token=standing)
    with house.database.begin() as connection:
        products = Products(connection)
        products.draft(terms, at=at, by=by)
        if standing is None:
            on_ledger = terms.on_ledger(initial_beneficiary=initial_beneficiary)
            deployment = deploy_product(
                plan_product(house.node, office.deployment, on_ledger),
                office.sender,
                collect=collect_from(office.signers),
                by=person("deployer"),
                echo=echo,
            )
        else:
            deployment = adopt_products(house.node, office.deployment)
        products.deployed(
            product,
            chain_id=deployment.chain_id,
            address=deployment.token_of(product).address,
            at=at,
            by=by,
        )
        products.move_on(product, ProductStatus.SET, at=at, by=by)
    save(deployment, house.deployments)
    office.take_over(deployment)
    try:
        office.read(patience=0)
    except Fault as fault:
        if fault.reason is not Reason.PRODUCT_UNRECORDED:  # as another product may be
            raise
    return office.token(product)


def draft_product(
    connection: Connection, terms: ProductTerms, *, registrar: InstitutionId, at: datetime, by: str
) -> Product:
    """Keeps the terms of a product that is to come, in a transaction of the caller's. Nothing of it is on the ledger:
    the token is created by people with the keys of its duties.

    Args:
        registrar: the trustee of its contract.

    Raises:
        Refusal: `contract_unknown`, also for a contract of another trustee; `product_exists`, also for another's
            draft; as `Products.draft`.
    """
    trustees = {each.id: each.trustee for each in TrustContracts(connection).all()}
    own = {contract for contract, trustee in trustees.items() if trustee == registrar}
    if terms.trust_contract_id not in own:
        raise Refusal(Reason.CONTRACT_UNKNOWN, contract=terms.trust_contract_id)
    # Asked of the row when it is held: another's draft may have come just now.
    return Products(connection).draft(terms, at=at, by=by, of=own)
